#include "access/consent.h"

#include <array>

#include "access/care_sql.h"
#include "access/person_place.h"
#include "base/text.h"
#include "ledger/sequence.h"

namespace jaring {
namespace {

constexpr std::array<std::string_view, 5> kCodes = {"", "helper", "messages", "sharing",
                                                    "research"};

Consent ReadConsent(const Row& row) {
  return {.consent_id = row.Int(1),
          .person_id = row.Int(0),
          .kind = static_cast<ConsentKind>(row.Int(2)),
          .helper_id = row.Int(3),
          .decision = static_cast<ConsentDecision>(row.Int(4)),
          .at = Instant::FromMicros(row.Int(5)),
          .door = static_cast<Door>(row.Int(6)),
          .actor_kind = static_cast<ActorKind>(row.Int(7)),
          .actor_id = row.Int(8),
          .text_version = std::string(row.Text(9))};
}

Result<Done> CheckHelper(Tx& tx, const Consent& consent) {
  bool known = consent.kind != ConsentKind::kHelper && consent.helper_id == 0;
  if (consent.kind == ConsentKind::kHelper && consent.helper_id != 0) {
    JARING_RETURN_IF_ERROR(
        tx.Query(sql::kFindStaffName, {consent.helper_id}, [&](const Row&) { known = true; }));
  }
  return known ? Result<Done>(Done{}) : Invalid("consent.helper_missing");
}

}  // namespace

std::string_view ConsentKindCode(ConsentKind kind) {
  return kCodes.at(static_cast<std::size_t>(kind));
}

std::optional<ConsentKind> FindConsentKind(std::string_view code) {
  for (std::size_t i = 1; i < kCodes.size(); ++i) {
    if (kCodes[i] == code) {
      return static_cast<ConsentKind>(i);
    }
  }
  return std::nullopt;
}

Result<Done> RecordConsent(Tx& tx, const Consent& consent) {
  JARING_RETURN_IF_ERROR(CheckHelper(tx, consent));
  if (Trim(consent.text_version).empty()) {
    return Invalid("consent.text_version_missing");
  }
  const bool given = consent.decision == ConsentDecision::kGiven;
  JARING_ASSIGN_OR_RETURN(const bool before,
                          HasConsent(tx, consent.person_id, consent.kind, consent.helper_id));
  // An agent reaches whom she enrolled before anybody was asked: that too can be withdrawn.
  const bool reached = consent.kind == ConsentKind::kHelper && !given;
  if (before == given && !reached) {
    return Conflict("consent.no_change");
  }
  JARING_ASSIGN_OR_RETURN(const std::int64_t id, TakeNumbers(tx, "consent", 1));
  JARING_RETURN_IF_ERROR(tx.Run(
      sql::kInsertConsent,
      {consent.person_id, id, static_cast<std::int64_t>(consent.kind), consent.helper_id,
       static_cast<std::int64_t>(consent.decision), consent.at.micros(),
       static_cast<std::int64_t>(consent.door), static_cast<std::int64_t>(consent.actor_kind),
       consent.actor_id, consent.text_version}));
  if (given && consent.kind == ConsentKind::kHelper) {
    return NotePersonOfAgent(tx, consent.person_id, consent.helper_id, consent.at);
  }
  return Done{};
}

Result<Done> NeedHelperConsent(Tx& tx, const Principal& who, std::int64_t person_id,
                               std::string_view text_version, Instant now) {
  if (who.role != Role::kAgent && who.role != Role::kBranchStaff) {
    return Done{};
  }
  // An agent is one user, whatever phone she signs with.
  const std::int64_t helper_id = who.scope.kind == ScopeKind::kAgent ? who.scope.id : who.id;
  JARING_ASSIGN_OR_RETURN(const bool given,
                          HasConsent(tx, person_id, ConsentKind::kHelper, helper_id));
  if (given) {
    return Done{};
  }
  if (Trim(text_version).empty()) {
    return Invalid("consent.helper_needed");
  }
  return RecordConsent(tx, {.person_id = person_id,
                            .kind = ConsentKind::kHelper,
                            .helper_id = helper_id,
                            .decision = ConsentDecision::kGiven,
                            .at = now,
                            .door = who.role == Role::kAgent ? Door::kAgent : Door::kCounter,
                            .actor_kind = who.kind,
                            .actor_id = who.id,
                            .text_version = std::string(text_version)});
}

Result<std::vector<Consent>> ListConsents(Tx& tx, std::int64_t person_id) {
  std::vector<Consent> consents;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListConsents, {person_id},
                                  [&](const Row& row) { consents.push_back(ReadConsent(row)); }));
  return consents;
}

Result<bool> HasConsent(Tx& tx, std::int64_t person_id, ConsentKind kind, std::int64_t helper_id) {
  bool given = false;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindNewestConsent,
                                  {person_id, static_cast<std::int64_t>(kind), helper_id},
                                  [&](const Row& row) { given = row.Int(0) == 1; }));
  return given;
}

}  // namespace jaring
