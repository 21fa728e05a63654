#include "claims/claim_book.h"

#include <set>

#include "claims/claims_sql.h"
#include "ledger/sequence.h"
#include "registry/live_keys.h"

namespace jaring {
namespace {

constexpr std::int64_t kMostOfTrait = 100;

std::optional<Date> DateOrNothing(const Row& row, int column) {
  if (row.IsNull(column)) {
    return std::nullopt;
  }
  const auto date = Date::ParseNumber(row.Int(column));
  JARING_CHECK(date.has_value());
  return *date;
}

Value NumberOrNull(const std::optional<Date>& date) {
  return date ? Value(date->number()) : Value();
}

std::string TraitOf(const Agency& agency, std::string_view kind, std::string_view value) {
  return agency.sealer.Fingerprint("claim-trait " + std::string(kind) + " " + std::string(value));
}

}  // namespace

Claim ReadClaimRow(const Row& row) {
  return {.number = {row.Int(0), static_cast<int>(row.Int(1))},
          .kind = static_cast<ClaimKind>(row.Int(2)),
          .event_on = *DateOrNothing(row, 3),
          .branch_id = row.Int(4),
          .begun_at = Instant::FromMicros(row.Int(5)),
          .state = static_cast<ClaimState>(row.Int(6)),
          .step_no = static_cast<int>(row.Int(7)),
          .complete_on = DateOrNothing(row, 8),
          .due_on = DateOrNothing(row, 9),
          .gross = Money::FromRupiah(row.Int(10)),
          .tax = Money::FromRupiah(row.Int(11))};
}

std::string ClaimRecordContext(const ClaimNumber& number, std::int64_t record_id) {
  return "claim_record/told_sealed " + number.ToString() + " " + std::to_string(record_id);
}

Result<Claim> FindClaim(Tx& tx, const ClaimNumber& number) {
  std::optional<Claim> claim;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindClaim, {number.person_id, number.claim_seq},
                                  [&](const Row& row) { claim = ReadClaimRow(row); }));
  return claim ? Result<Claim>(*claim) : NotFound("claim.unknown");
}

Result<std::vector<Claim>> ListClaimsOfPerson(Tx& tx, std::int64_t person_id) {
  std::vector<Claim> claims;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListClaimsOfPerson, {person_id},
                                  [&](const Row& row) { claims.push_back(ReadClaimRow(row)); }));
  return claims;
}

Result<ClaimNumber> NextClaimNumber(Tx& tx, std::int64_t person_id) {
  JARING_ASSIGN_OR_RETURN(const auto claims, ListClaimsOfPerson(tx, person_id));
  const int next = claims.empty() ? 1 : claims.back().number.claim_seq + 1;
  return next <= ClaimNumber::kMost ? Result<ClaimNumber>(ClaimNumber{person_id, next})
                                    : Conflict("claim.too_many");
}

Result<ClaimRecords> ReadRecords(Tx& tx, const Agency& agency, const ClaimNumber& number) {
  std::string facts;
  std::string payees;
  ClaimRecords records;
  Result<Done> unsealed = Done{};
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kListClaimRecords, {number.person_id, number.claim_seq}, [&](const Row& row) {
        auto text = agency.sealer.UnsealText(row.Blob(2), ClaimRecordContext(number, row.Int(0)));
        if (!text) {
          unsealed = text.error();
          return;
        }
        switch (static_cast<ClaimRecordKind>(row.Int(1))) {
          case ClaimRecordKind::kFacts:
            facts = *std::move(text);
            break;
          case ClaimRecordKind::kPayees:
            payees = *std::move(text);
            break;
          case ClaimRecordKind::kNote:
            records.notes.emplace_back(row.Int(0), *std::move(text));
            break;
        }
      }));
  if (!unsealed) {
    return unsealed.error();
  }
  JARING_ASSIGN_OR_RETURN(records.facts, ReadFacts(facts));
  JARING_ASSIGN_OR_RETURN(records.payees, ReadPayees(payees));
  return records;
}

Result<std::int64_t> AddRecord(Tx& tx, const Agency& agency, const ClaimNumber& number,
                               ClaimRecordKind kind, std::string_view text, const ClaimAct& act) {
  JARING_RETURN_IF_ERROR(FindLiveKeys(tx, agency.sealer));
  JARING_ASSIGN_OR_RETURN(const std::int64_t id, TakeNumbers(tx, "claim_record", 1));
  JARING_ASSIGN_OR_RETURN(const std::string sealed,
                          agency.sealer.SealText(text, ClaimRecordContext(number, id)));
  JARING_RETURN_IF_ERROR(tx.Run(
      sql::kInsertClaimRecord,
      {number.person_id, number.claim_seq, id, static_cast<std::int64_t>(kind), act.now.micros(),
       static_cast<std::int64_t>(act.who.kind), act.who.id, Bytes{sealed}}));
  return id;
}

Result<Done> InsertClaim(Tx& tx, const Claim& claim) {
  JARING_RETURN_IF_ERROR(tx.Run(
      sql::kInsertClaim,
      {claim.number.person_id, claim.number.claim_seq, static_cast<std::int64_t>(claim.kind),
       claim.event_on.number(), claim.branch_id, claim.begun_at.micros(),
       static_cast<std::int64_t>(claim.state), claim.step_no, NumberOrNull(claim.complete_on),
       NumberOrNull(claim.due_on), claim.gross.rupiah(), claim.tax.rupiah()}));
  return Done{};
}

Result<Done> TakeStep(Tx& tx, const Agency& agency, Claim& claim, ClaimState state,
                      std::string_view reason, const ClaimAct& act) {
  if (act.note.size() > ClaimAct::kMostNote) {
    return Invalid("claim.note_too_long");
  }
  Value record;
  if (!act.note.empty()) {
    JARING_ASSIGN_OR_RETURN(
        const std::int64_t id,
        AddRecord(tx, agency, claim.number, ClaimRecordKind::kNote, act.note, act));
    record = Value(id);
  }
  claim.state = state;
  ++claim.step_no;
  JARING_RETURN_IF_ERROR(
      tx.Run(sql::kInsertClaimStep,
             {claim.number.person_id, claim.number.claim_seq, claim.step_no,
              static_cast<std::int64_t>(state), act.now.micros(),
              static_cast<std::int64_t>(act.who.kind), act.who.id, reason, record}));
  JARING_RETURN_IF_ERROR(tx.Run(
      sql::kUpdateClaim,
      {claim.number.person_id, claim.number.claim_seq, claim.event_on.number(),
       static_cast<std::int64_t>(claim.state), claim.step_no, NumberOrNull(claim.complete_on),
       NumberOrNull(claim.due_on), claim.gross.rupiah(), claim.tax.rupiah()}));
  return Done{};
}

Result<std::vector<ClaimStep>> ListSteps(Tx& tx, const Agency& agency, const ClaimNumber& number) {
  JARING_ASSIGN_OR_RETURN(const ClaimRecords records, ReadRecords(tx, agency, number));
  std::vector<ClaimStep> steps;
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kListClaimSteps, {number.person_id, number.claim_seq}, [&](const Row& row) {
        steps.push_back({.step_no = static_cast<int>(row.Int(0)),
                         .state = static_cast<ClaimState>(row.Int(1)),
                         .at = Instant::FromMicros(row.Int(2)),
                         .actor_kind = static_cast<ActorKind>(row.Int(3)),
                         .actor_id = row.Int(4),
                         .reason = std::string(row.Text(5))});
        for (const auto& [record_id, note] : records.notes) {
          if (!row.IsNull(6) && row.Int(6) == record_id) {
            steps.back().note = note;
          }
        }
      }));
  return steps;
}

Result<Done> InsertLines(Tx& tx, const ClaimNumber& number, const std::vector<ClaimLine>& lines) {
  ValueRows rows(9);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const ClaimLine& line = lines[i];
    rows.Add({number.person_id, number.claim_seq, line.step_no, static_cast<std::int64_t>(i) + 1,
              static_cast<std::int64_t>(line.programme), line.benefit, line.detail,
              line.amount.rupiah(), line.working});
  }
  JARING_RETURN_IF_ERROR(tx.RunEach(sql::kInsertClaimLine, rows));
  return Done{};
}

Result<std::vector<ClaimLine>> ListLines(Tx& tx, const ClaimNumber& number) {
  std::vector<ClaimLine> lines;
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kListClaimLines, {number.person_id, number.claim_seq}, [&](const Row& row) {
        lines.push_back({.step_no = static_cast<int>(row.Int(0)),
                         .programme = static_cast<Programme>(row.Int(1)),
                         .benefit = std::string(row.Text(2)),
                         .detail = std::string(row.Text(3)),
                         .amount = Money::FromRupiah(row.Int(4)),
                         .working = std::string(row.Text(5))});
      }));
  return lines;
}

Result<Done> NoteTrait(Tx& tx, const Agency& agency, std::string_view kind, std::string_view value,
                       const ClaimNumber& number) {
  const std::string trait = TraitOf(agency, kind, value);
  JARING_RETURN_IF_ERROR(
      tx.Run(sql::kInsertClaimTrait, {Bytes{trait}, number.person_id, number.claim_seq}));
  return Done{};
}

Result<std::int64_t> CountPeopleOfTrait(Tx& tx, const Agency& agency, std::string_view kind,
                                        std::string_view value) {
  const std::string trait = TraitOf(agency, kind, value);
  std::set<std::int64_t> people;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListClaimsOfTrait, {Bytes{trait}, kMostOfTrait},
                                  [&](const Row& row) { people.insert(row.Int(0)); }));
  return static_cast<std::int64_t>(people.size());
}

}  // namespace jaring
