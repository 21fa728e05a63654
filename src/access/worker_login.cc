#include "access/worker_login.h"

#include <openssl/crypto.h>
#include <sodium.h>

#include "access/audit.h"
#include "access/login_sql.h"
#include "access/outbox.h"
#include "access/recovery.h"
#include "access/sms_text.h"
#include "base/text.h"

namespace jaring {
namespace {

constexpr AttemptLimits kCodeLimits{.free_attempts = 10};
constexpr AttemptLimits kPinLimits;
constexpr AttemptLimits kAskLimits{.free_attempts = 30,
                                   .first_wait_micros = 5'000'000,
                                   .longest_wait_micros = 60'000'000,
                                   .forget_after_micros = 3'600'000'000};

std::string NewCode() {
  return std::to_string(1'000'000 + randombytes_uniform(1'000'000)).substr(1);
}

std::vector<std::int64_t> ReadPeople(std::string_view text) {
  std::vector<std::int64_t> people;
  for (const std::string_view part : Split(text, ' ')) {
    people.push_back(ParseInteger(part).value_or(0));
  }
  return people;
}

}  // namespace

struct WorkerLogin::PinTry {
  std::int64_t person_id = 0;
  std::string hash;
  std::string key;
  std::string caller_key;
  std::optional<Instant> open_at;
  std::string browser;
  std::string caller;
};

WorkerLogin::WorkerLogin(Database& database, const Agency& agency, PasswordHasher& hasher,
                         SessionTerms terms)
    : database_(database),
      agency_(agency),
      hasher_(hasher),
      terms_(terms),
      keys_(agency.sealer),
      code_key_(agency.sealer.DeriveKey("login/sms-code")) {}

std::string WorkerLogin::PhoneHash(std::string_view phone) const {
  return KeyedHash(code_key_, "phone\n" + std::string(phone));
}

Result<std::optional<Instant>> WorkerLogin::CountAsk(const LoginPlace& place, Instant now) {
  std::optional<Instant> wait;
  const std::string key = keys_.Of("ask", place.caller);
  JARING_RETURN_IF_ERROR(database_.Write([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(wait, CountAttempt(tx, key, kAskLimits, now));
    return Done{};
  }));
  return wait;
}

/// Who is meant: everybody with the phone, or the one with NIK and birth date.
Result<std::vector<PersonContact>> WorkerLogin::FindPeople(Tx& tx, const WorkerName& who) {
  if (!who.phone.empty()) {
    return FindPeopleByPhone(tx, agency_.sealer, who.phone);
  }
  std::vector<PersonContact> people;
  if (who.nik && who.birth_date) {
    JARING_ASSIGN_OR_RETURN(const auto person_id, FindPersonByNik(tx, agency_, *who.nik));
    JARING_ASSIGN_OR_RETURN(const auto person,
                            FindPersonContact(tx, agency_.sealer, person_id.value_or(0)));
    if (person && person->birth_date == *who.birth_date && !person->phone.empty()) {
      people.push_back(*person);
    }
  }
  return people;
}

Result<Done> WorkerLogin::MakeCode(const WorkerName& who, Instant now) {
  return database_.Write([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(tx.Run(sql::kForgetWorkerCodes, {now.micros()}));
    JARING_RETURN_IF_ERROR(tx.Run(sql::kForgetTickets, {now.micros()}));
    JARING_RETURN_IF_ERROR(tx.Run(sql::kForgetCodeDays, {now.JakartaDate().number()}));
    JARING_RETURN_IF_ERROR(FinishRecoveries(tx, agency_, now));
    JARING_ASSIGN_OR_RETURN(const auto people, FindPeople(tx, who));
    return people.empty() ? Result<Done>(Done{}) : SendCode(tx, people.front(), now);
  });
}

Result<Done> WorkerLogin::SendCode(Tx& tx, const PersonContact& person, Instant now) {
  const std::string phone = PhoneHash(person.phone);
  const std::int64_t day = now.JakartaDate().number();
  std::int64_t sent = 0;
  std::int64_t made_at = 0;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindCodesOfDay, {Bytes{phone}, day},
                                  [&](const Row& row) { sent = row.Int(0); }));
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindWorkerCode, {Bytes{phone}},
                                  [&](const Row& row) { made_at = row.Int(1); }));
  if (sent >= kWorkerCodesPerDay || now.micros() - made_at < kWorkerCodeGapMicros) {
    return Done{};
  }
  const std::string code = NewCode();
  const std::string hash = KeyedHash(code_key_, person.phone + "\n" + code);
  JARING_RETURN_IF_ERROR(tx.Run(sql::kSetCodesOfDay, {Bytes{phone}, day, sent + 1}));
  JARING_RETURN_IF_ERROR(tx.Run(sql::kSetWorkerCode, {Bytes{phone}, Bytes{hash}, now.micros(),
                                                      now.micros() + kWorkerCodeMicros}));
  return PostMessage(tx, agency_.sealer, "login-code", person.phone,
                     LoginCodeText(person.language, code), now);
}

Result<WorkerOutcome> WorkerLogin::EnterByCode(const WorkerName& who, const std::string& code,
                                               const LoginPlace& place, Instant now) {
  WorkerOutcome outcome;
  const auto written = database_.Write([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const auto people, FindPeople(tx, who));
    // A phone nobody has is counted and looked up like any other.
    const std::string phone = !people.empty()      ? people.front().phone
                              : !who.phone.empty() ? who.phone
                                                   : (who.nik ? who.nik->Reveal() : "");
    const std::string key = keys_.Of("worker-code", phone);
    JARING_ASSIGN_OR_RETURN(outcome.open_at, CountAttempt(tx, key, kCodeLimits, now));
    if (outcome.open_at) {
      outcome.rule = "login.too_many_attempts";
      return Done{};
    }
    outcome.rule = "worker_code.wrong";
    const std::string phone_hash = PhoneHash(phone);
    JARING_ASSIGN_OR_RETURN(
        const std::int64_t counted,
        tx.Run(sql::kTryWorkerCode, {Bytes{phone_hash}, now.micros(), kWorkerCodeTries}));
    std::string expected;
    JARING_RETURN_IF_ERROR(tx.Query(sql::kFindWorkerCode, {Bytes{phone_hash}},
                                    [&](const Row& row) { expected = row.Blob(0); }));
    const std::string hash = KeyedHash(code_key_, phone + "\n" + code);
    if (counted != 1 || expected.size() != hash.size() || people.empty() ||
        CRYPTO_memcmp(expected.data(), hash.data(), hash.size()) != 0) {
      return people.empty() ? Result<Done>(Done{})
                            : NoteRefused(tx, people.front().person_id, outcome.rule, now);
    }
    outcome.rule.clear();
    JARING_RETURN_IF_ERROR(tx.Run(sql::kUseWorkerCode, {Bytes{phone_hash}}));
    JARING_RETURN_IF_ERROR(ForgetAttempts(tx, key));
    return people.size() == 1
               ? LetIn(tx, people.front().person_id, place, "session:begin-by-code", outcome, now)
               : OfferChoice(tx, people, outcome, now);
  });
  return written ? Result<WorkerOutcome>(std::move(outcome)) : written.error();
}

/// Somebody tried to get into an account there is. How often is bounded by the growing delays.
Result<Done> WorkerLogin::NoteRefused(Tx& tx, std::int64_t person_id, const std::string& rule,
                                      Instant now) {
  const AuditEntry entry{
      .at = now,
      .who = {},
      .note = {.action = "session:refused", .person_id = person_id, .reason = rule}};
  return RecordAudit(tx, agency_.sealer.audit_key(), {&entry, 1});
}

Result<Done> WorkerLogin::OfferChoice(Tx& tx, const std::vector<PersonContact>& people,
                                      WorkerOutcome& outcome, Instant now) {
  std::string ids;
  for (const PersonContact& person : people) {
    ids += (ids.empty() ? "" : " ") + std::to_string(person.person_id);
    outcome.choices.push_back({person.name});
  }
  outcome.ticket = NewToken();
  const std::string hash = TokenHash(outcome.ticket);
  JARING_RETURN_IF_ERROR(
      tx.Run(sql::kInsertTicket, {Bytes{hash}, ids, now.micros() + kTicketMicros}));
  return Done{};
}

Result<WorkerOutcome> WorkerLogin::Choose(const std::string& ticket, std::size_t choice,
                                          const LoginPlace& place, Instant now) {
  WorkerOutcome outcome;
  const std::string hash = TokenHash(ticket);
  const auto written = database_.Write([&](Tx& tx) -> Result<Done> {
    std::vector<std::int64_t> people;
    JARING_RETURN_IF_ERROR(tx.Query(sql::kFindTicket, {Bytes{hash}, now.micros()},
                                    [&](const Row& row) { people = ReadPeople(row.Text(0)); }));
    if (choice >= people.size()) {
      outcome.rule = "worker_ticket.unknown";
      return Done{};
    }
    JARING_RETURN_IF_ERROR(tx.Run(sql::kUseTicket, {Bytes{hash}}));
    return LetIn(tx, people[choice], place, "session:begin-by-code", outcome, now);
  });
  return written ? Result<WorkerOutcome>(std::move(outcome)) : written.error();
}

Result<Done> WorkerLogin::LetIn(Tx& tx, std::int64_t person_id, const LoginPlace& place,
                                const char* how, WorkerOutcome& outcome, Instant now) {
  const Principal who{.kind = ActorKind::kWorker,
                      .id = person_id,
                      .role = Role::kWorker,
                      .scope = {ScopeKind::kSelf, person_id}};
  JARING_ASSIGN_OR_RETURN(outcome.opened,
                          OpenSession(tx, who, place.label, now, terms_.worker_micros));
  Session& session = outcome.opened.session;
  JARING_RETURN_IF_ERROR(LimitIdleSession(tx, session.session_id, terms_.worker_idle_micros, now));
  session.idle_micros = terms_.worker_idle_micros;
  session.seen_at = now;
  JARING_RETURN_IF_ERROR(NoteKnownBrowser(tx, place.browser, ActorKind::kWorker, person_id, now));
  const AuditEntry entry{.at = now,
                         .who = session.principal,
                         .note = {.action = how,
                                  .person_id = person_id,
                                  .subject = "session " + std::to_string(session.session_id)}};
  return RecordAudit(tx, agency_.sealer.audit_key(), {&entry, 1});
}

/// Whose PIN it would be, counted before it is looked at.
Result<Done> WorkerLogin::CountPinTry(PinTry& attempt, const WorkerName& who, Instant now) {
  return database_.Write([&](Tx& tx) -> Result<Done> {
    if (who.nik) {
      JARING_ASSIGN_OR_RETURN(const auto found, FindPersonByNik(tx, agency_, *who.nik));
      attempt.person_id = found.value_or(0);
    } else if (who.member) {
      attempt.person_id = who.member->person_id;
    }
    JARING_RETURN_IF_ERROR(tx.Query(sql::kFindPin, {attempt.person_id},
                                    [&](const Row& row) { attempt.hash = row.Text(0); }));
    JARING_ASSIGN_OR_RETURN(
        const bool known,
        IsKnownBrowser(tx, attempt.browser, ActorKind::kWorker, attempt.person_id));
    const std::string name = attempt.person_id != 0 ? std::to_string(attempt.person_id)
                             : who.nik              ? who.nik->Reveal()
                                                    : "";
    attempt.key = keys_.Of("pin", name, known ? attempt.browser : "");
    attempt.caller_key = keys_.Of("caller", attempt.caller);
    JARING_ASSIGN_OR_RETURN(attempt.open_at, CountAttempt(tx, attempt.caller_key, kAskLimits, now));
    if (!attempt.open_at) {
      JARING_ASSIGN_OR_RETURN(attempt.open_at, CountAttempt(tx, attempt.key, kPinLimits, now));
    }
    return Done{};
  });
}

Result<WorkerOutcome> WorkerLogin::EnterByPin(const WorkerName& who, const std::string& pin,
                                              const LoginPlace& place, Instant now) {
  WorkerOutcome outcome;
  PinTry attempt;
  attempt.browser = place.browser;
  attempt.caller = place.caller;
  JARING_RETURN_IF_ERROR(CountPinTry(attempt, who, now));
  if (attempt.open_at) {
    outcome.rule = "login.too_many_attempts";
    outcome.open_at = attempt.open_at;
    return outcome;
  }
  JARING_ASSIGN_OR_RETURN(const bool right, hasher_.Matches(attempt.hash, pin));
  if (!right) {
    outcome.rule = "worker_pin.wrong";
    if (!attempt.hash.empty()) {
      JARING_RETURN_IF_ERROR(database_.Write(
          [&](Tx& tx) { return NoteRefused(tx, attempt.person_id, outcome.rule, now); }));
    }
    return outcome;
  }
  const auto written = database_.Write([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(ForgetAttempts(tx, attempt.key));
    JARING_RETURN_IF_ERROR(UncountAttempt(tx, attempt.caller_key));
    return LetIn(tx, attempt.person_id, place, "session:begin-by-pin", outcome, now);
  });
  return written ? Result<WorkerOutcome>(std::move(outcome)) : written.error();
}

Result<Done> WorkerLogin::SetPin(const Principal& who, const std::string& pin,
                                 const std::string& old_pin, Instant now) {
  bool fresh = false;
  std::string old_hash;
  std::int64_t birth = 0;
  std::optional<Instant> wait;
  const std::string key = keys_.Of("pin", std::to_string(who.id), "own");
  const auto counted = database_.Write([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(wait, CountAttempt(tx, key, kCodeLimits, now));
    JARING_ASSIGN_OR_RETURN(const auto person, FindPersonContact(tx, agency_.sealer, who.id));
    birth = person ? person->birth_date.number() : 0;
    JARING_RETURN_IF_ERROR(
        tx.Query(sql::kFindPin, {who.id}, [&](const Row& row) { old_hash = row.Text(0); }));
    JARING_ASSIGN_OR_RETURN(const auto sessions, ListSessions(tx, who.kind, who.id, now));
    for (const Session& session : sessions) {
      fresh = fresh || (session.session_id == who.session_id &&
                        now.micros() - session.created_at.micros() < kFreshMicros);
    }
    return Done{};
  });
  if (!counted) {
    return counted.error();
  }
  if (wait) {
    return Invalid("login.too_many_attempts");
  }
  JARING_RETURN_IF_ERROR(CheckPin(pin, birth));
  if (!fresh) {
    if (old_pin.empty() || old_hash.empty()) {
      return Invalid("pin.old_needed");
    }
    JARING_ASSIGN_OR_RETURN(const bool right, hasher_.Matches(old_hash, old_pin));
    if (!right) {
      return Invalid("pin.wrong");
    }
  }
  JARING_ASSIGN_OR_RETURN(const std::string hash, hasher_.Hash(pin));
  return database_.Write([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(tx.Run(sql::kSetPin, {who.id, hash, now.micros()}));
    JARING_RETURN_IF_ERROR(UncountAttempt(tx, key));
    const AuditEntry entry{
        .at = now, .who = who, .note = {.action = "pin:set", .person_id = who.id}};
    return RecordAudit(tx, agency_.sealer.audit_key(), {&entry, 1});
  });
}

Result<Done> ForgetWorkerLogin(Tx& tx, std::int64_t person_id, Instant now) {
  JARING_RETURN_IF_ERROR(tx.Run(sql::kRemovePin, {person_id}));
  JARING_RETURN_IF_ERROR(ForgetKnownBrowsers(tx, ActorKind::kWorker, person_id));
  return EndSessions(tx, ActorKind::kWorker, person_id, 0, now);
}

}  // namespace jaring
