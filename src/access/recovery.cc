#include "access/recovery.h"

#include "access/access_sql.h"
#include "access/attempt_book.h"
#include "access/login_sql.h"
#include "access/outbox.h"
#include "access/sms_text.h"
#include "access/totp.h"
#include "access/worker_login.h"
#include "base/text.h"
#include "ledger/sequence.h"
#include "registry/live_keys.h"
#include "registry/person_phone.h"

namespace jaring {
namespace {

constexpr std::size_t kCodeBytes = 5;  // 40 bits: 8 letters that can be read out.
constexpr std::int64_t kMostAtOnce = 100;

/// Stored, so the numbers never change.
enum class RecoveryWay : std::int64_t { kCounter = 1, kWitnesses = 2 };

std::string HashOf(const Sealer& sealer, std::string_view kind, std::string_view code) {
  std::string letters;
  for (const char c : ToUpper(code)) {
    letters += c == '-' || c == ' ' ? "" : std::string(1, c);
  }
  return KeyedHash(sealer.DeriveKey("login/recovery"), std::string(kind) + "\n" + letters);
}

std::string PhonePlace(std::int64_t recovery_id) {
  return "access_recovery/new_phone/" + std::to_string(recovery_id);
}

std::string MaskPhone(std::string_view phone) {
  return phone.size() < 4 ? "" : "…" + std::string(phone.substr(phone.size() - 3));
}

/// Tells the old phone, with the code that stops it.
Result<Done> TellOldPhone(Tx& tx, const Agency& agency, const PersonContact& person,
                          std::string_view stop_code, Instant effective_at, Instant now) {
  if (person.phone.empty()) {
    return Done{};
  }
  return PostMessage(tx, agency.sealer, "recovery-begun", person.phone,
                     NewPhoneText(person.language, effective_at.JakartaDate(), stop_code), now);
}

struct NewRecovery {
  std::int64_t person_id = 0;
  std::string new_phone;
  RecoveryWay way = RecoveryWay::kCounter;
  std::string code;
  std::string stop_code;
  std::int64_t expires_at = 0;
  std::optional<Instant> effective_at;
};

/// One at a time for a person: an earlier one is off.
Result<std::int64_t> Insert(Tx& tx, const Sealer& sealer, const NewRecovery& recovery,
                            Instant now) {
  JARING_RETURN_IF_ERROR(tx.Run(sql::kStopRecoveriesOf, {recovery.person_id, now.micros()}));
  JARING_RETURN_IF_ERROR(FindLiveKeys(tx, sealer));
  JARING_ASSIGN_OR_RETURN(const std::int64_t id, TakeNumbers(tx, "access_recovery", 1));
  const std::string code = HashOf(sealer, "witness", recovery.code);
  const std::string stop = HashOf(sealer, "stop", recovery.stop_code);
  JARING_ASSIGN_OR_RETURN(const std::string phone,
                          sealer.SealText(recovery.new_phone, PhonePlace(id)));
  const Value effective = recovery.effective_at ? Value(recovery.effective_at->micros()) : Value();
  JARING_RETURN_IF_ERROR(tx.Run(
      sql::kInsertRecovery,
      {id, Bytes{code}, Bytes{stop}, recovery.person_id, Bytes{phone},
       static_cast<std::int64_t>(recovery.way), now.micros(), recovery.expires_at, effective}));
  return id;
}

Result<std::int64_t> GroupOf(Tx& tx, std::int64_t person_id) {
  std::optional<std::int64_t> group;  // Of the newest membership, which comes first.
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindPersonPlace, {person_id}, [&](const Row& row) {
    group = group ? group : std::optional(row.Int(2));
  }));
  return group.value_or(0);
}

Result<Done> Note(Tx& tx, const Agency& agency, const Principal& who, const char* action,
                  std::int64_t person_id, std::int64_t recovery_id, Instant now) {
  const AuditEntry entry{.at = now,
                         .who = who,
                         .note = {.action = action,
                                  .person_id = person_id,
                                  .subject = "recovery " + std::to_string(recovery_id)}};
  return RecordAudit(tx, agency.sealer.audit_key(), {&entry, 1});
}

/// The value of "new_phone" in a payload we wrote ourselves: digits only.
std::string PhoneIn(std::string_view payload) {
  std::string digits;
  for (const char c : payload) {
    digits += IsDigit(c) ? std::string(1, c) : "";
  }
  return digits;
}

}  // namespace

Result<std::int64_t> AskRecovery(Tx& tx, const Agency& agency, std::int64_t person_id,
                                 const std::string& new_phone, std::string_view reason,
                                 const Principal& who, Instant now) {
  JARING_ASSIGN_OR_RETURN(const auto person, FindPersonContact(tx, agency.sealer, person_id));
  if (!person) {
    return NotFound("member.unknown");
  }
  if (person->phone == new_phone) {
    return Invalid("phone.same");
  }
  std::int64_t branch_id = 0;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindPersonPlace, {person_id}, [&](const Row& row) {
    branch_id = branch_id == 0 ? row.Int(1) : branch_id;
  }));
  return AskApproval(tx, agency.sealer,
                     {.kind = ApprovalKind::kRecovery,
                      .person_id = person_id,
                      .branch_id = branch_id,
                      .subject = "person " + std::to_string(person_id),
                      .payload = R"({"new_phone":")" + new_phone + R"("})",
                      .reason = std::string(reason)},
                     who, now);
}

Result<AuditNote> StartApprovedRecovery(Tx& tx, const Agency& agency, const Approval& approval,
                                        Instant now, const RecoveryTerms& terms) {
  const std::int64_t person_id = approval.ask.person_id;
  JARING_ASSIGN_OR_RETURN(const auto person, FindPersonContact(tx, agency.sealer, person_id));
  if (!person) {
    return NotFound("member.unknown");
  }
  const Instant effective = Instant::FromMicros(now.micros() + terms.delay_micros);
  const NewRecovery recovery{.person_id = person_id,
                             .new_phone = PhoneIn(approval.ask.payload),
                             .way = RecoveryWay::kCounter,
                             .code = Base32(RandomBytes(kCodeBytes)),
                             .stop_code = Base32(RandomBytes(kCodeBytes)),
                             .expires_at = effective.micros() + terms.open_micros,
                             .effective_at = effective};
  JARING_ASSIGN_OR_RETURN(const std::int64_t id, Insert(tx, agency.sealer, recovery, now));
  JARING_RETURN_IF_ERROR(TellOldPhone(tx, agency, *person, recovery.stop_code, effective, now));
  return AuditNote{.action = "access:recover",
                   .person_id = person_id,
                   .subject = "recovery " + std::to_string(id),
                   .change = R"({"phone":[")" + MaskPhone(person->phone) + R"(",")" +
                             MaskPhone(recovery.new_phone) + R"("]})"};
}

Result<std::string> BeginWitnessedRecovery(Tx& tx, const Agency& agency, const Nik& nik,
                                           Date birth_date, const std::string& new_phone,
                                           Instant now, const RecoveryTerms& terms) {
  const NewRecovery recovery{.new_phone = new_phone,
                             .way = RecoveryWay::kWitnesses,
                             .code = Base32(RandomBytes(kCodeBytes)),
                             .stop_code = Base32(RandomBytes(kCodeBytes)),
                             .expires_at = now.micros() + terms.open_micros};
  JARING_ASSIGN_OR_RETURN(const auto person_id, FindPersonByNik(tx, agency, nik));
  JARING_ASSIGN_OR_RETURN(const auto person,
                          FindPersonContact(tx, agency.sealer, person_id.value_or(0)));
  if (!person || person->birth_date != birth_date) {
    return recovery.code;
  }
  // One under way already is not replaced: who knows a NIK could stop a real one again and again.
  JARING_ASSIGN_OR_RETURN(const auto open, ListOpenRecoveries(tx, person->person_id, now));
  for (const OpenRecovery& earlier : open) {
    if (earlier.effective_at) {
      return recovery.code;
    }
  }
  NewRecovery theirs = recovery;
  theirs.person_id = person->person_id;
  JARING_ASSIGN_OR_RETURN(const std::int64_t id, Insert(tx, agency.sealer, theirs, now));
  JARING_RETURN_IF_ERROR(Note(tx, agency, {}, "recovery:begin", person->person_id, id, now));
  return recovery.code;
}

Result<int> WitnessRecovery(Tx& tx, const Agency& agency, const Principal& worker,
                            std::string_view code, Instant now, const RecoveryTerms& terms) {
  const std::string hash = HashOf(agency.sealer, "witness", code);
  std::int64_t id = 0;
  std::int64_t person_id = 0;
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kFindRecoveryToWitness, {Bytes{hash}, now.micros()}, [&](const Row& row) {
        id = row.Int(0);
        person_id = row.Int(1);
      }));
  JARING_ASSIGN_OR_RETURN(const std::int64_t group, GroupOf(tx, person_id));
  JARING_ASSIGN_OR_RETURN(const std::int64_t own_group, GroupOf(tx, worker.id));
  if (id == 0 || person_id == worker.id || group == 0 || group != own_group) {
    return NotFound("recovery.unknown");
  }
  JARING_ASSIGN_OR_RETURN(const std::int64_t added,
                          tx.Run(sql::kInsertWitness, {id, worker.id, now.micros()}));
  if (added != 1) {
    return Conflict("recovery.witnessed_already");
  }
  JARING_RETURN_IF_ERROR(Note(tx, agency, worker, "recovery:witness", person_id, id, now));
  int count = 0;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kCountWitnesses, {id},
                                  [&](const Row& row) { count = static_cast<int>(row.Int(0)); }));
  if (count < terms.witnesses) {
    return terms.witnesses - count;
  }
  const Instant effective = Instant::FromMicros(now.micros() + terms.delay_micros);
  const std::string stop_code = Base32(RandomBytes(kCodeBytes));
  const std::string stop = HashOf(agency.sealer, "stop", stop_code);
  JARING_RETURN_IF_ERROR(tx.Run(sql::kAgreeRecovery, {id, effective.micros(), Bytes{stop}}));
  JARING_ASSIGN_OR_RETURN(const auto person, FindPersonContact(tx, agency.sealer, person_id));
  if (person) {
    JARING_RETURN_IF_ERROR(TellOldPhone(tx, agency, *person, stop_code, effective, now));
  }
  return 0;
}

Result<Done> StopRecovery(Tx& tx, const Agency& agency, std::string_view stop_code, Instant now) {
  const std::string hash = HashOf(agency.sealer, "stop", stop_code);
  std::int64_t id = 0;
  std::int64_t person_id = 0;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindRecoveryToStop, {Bytes{hash}}, [&](const Row& row) {
    id = row.Int(0);
    person_id = row.Int(1);
  }));
  if (id == 0) {
    return NotFound("recovery.unknown");
  }
  JARING_RETURN_IF_ERROR(tx.Run(sql::kStopRecovery, {id, person_id, now.micros()}));
  return Note(tx, agency, {}, "recovery:stop", person_id, id, now);
}

Result<Done> StopRecoveryOf(Tx& tx, const Agency& agency, const Principal& who,
                            std::int64_t person_id, std::int64_t recovery_id, Instant now) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t stopped,
                          tx.Run(sql::kStopRecovery, {recovery_id, person_id, now.micros()}));
  return stopped == 1 ? Note(tx, agency, who, "recovery:stop", person_id, recovery_id, now)
                      : Result<Done>(NotFound("recovery.unknown"));
}

Result<std::optional<Instant>> FindRecoveryAsked(Tx& tx, std::int64_t person_id) {
  std::optional<Instant> asked_at;
  JARING_RETURN_IF_ERROR(tx.Query(
      sql::kFindRecoveryAsked, {static_cast<std::int64_t>(ApprovalKind::kRecovery), person_id},
      [&](const Row& row) { asked_at = Instant::FromMicros(row.Int(0)); }));
  return asked_at;
}

Result<std::vector<OpenRecovery>> ListOpenRecoveries(Tx& tx, std::int64_t person_id, Instant now) {
  std::vector<OpenRecovery> open;
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kListOpenRecoveries, {person_id, now.micros()}, [&](const Row& row) {
        open.push_back({.recovery_id = row.Int(0),
                        .asked_at = Instant::FromMicros(row.Int(1)),
                        .expires_at = Instant::FromMicros(row.Int(3)),
                        .witnesses = static_cast<int>(row.Int(4))});
        if (!row.IsNull(2)) {
          open.back().effective_at = Instant::FromMicros(row.Int(2));
        }
      }));
  return open;
}

Result<int> FinishRecoveries(Tx& tx, const Agency& agency, Instant now) {
  struct Due {
    std::int64_t id;
    std::int64_t person_id;
    std::string phone;
  };
  std::vector<Due> due;
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kListDueRecoveries, {now.micros(), kMostAtOnce}, [&](const Row& row) {
        due.push_back({row.Int(0), row.Int(1), std::string(row.Blob(2))});
      }));
  for (const Due& recovery : due) {
    JARING_ASSIGN_OR_RETURN(const std::string phone,
                            agency.sealer.UnsealText(recovery.phone, PhonePlace(recovery.id)));
    JARING_RETURN_IF_ERROR(ChangePhone(tx, agency.sealer, recovery.person_id, phone));
    JARING_RETURN_IF_ERROR(ForgetWorkerLogin(tx, recovery.person_id, now));
    JARING_RETURN_IF_ERROR(tx.Run(sql::kFinishRecovery, {recovery.id, now.micros()}));
    JARING_RETURN_IF_ERROR(Note(tx, agency, {.kind = ActorKind::kSystem}, "recovery:done",
                                recovery.person_id, recovery.id, now));
  }
  return static_cast<int>(due.size());
}

}  // namespace jaring
