#pragma once

// How workers get in: a code to their phone, or a PIN.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access/staff_login.h"
#include "registry/agency.h"
#include "registry/person_phone.h"

namespace jaring {

inline constexpr std::int64_t kWorkerCodeMicros = 10LL * 60'000'000;
inline constexpr int kWorkerCodeTries = 5;
inline constexpr int kWorkerCodesPerDay = 10;
inline constexpr std::int64_t kWorkerCodeGapMicros = 60'000'000;
inline constexpr std::int64_t kTicketMicros = 5LL * 60'000'000;
/// A PIN may be set so long after a login by code; later the old PIN is needed.
inline constexpr std::int64_t kFreshMicros = 15LL * 60'000'000;

/// Who wants in: a phone, or somebody by her numbers.
struct WorkerName {
  std::string phone;  // From ParsePhone; empty: by the others.
  std::optional<Nik> nik;
  std::optional<Date> birth_date;      // With the NIK, for a code.
  std::optional<MemberNumber> member;  // Instead of the NIK, for a PIN.
};

/// Somebody who shares the phone.
struct WorkerChoice {
  std::string name;  // In full: whoever shows it masks it.
};

struct WorkerOutcome {
  std::string rule;                   // Why not; empty: in, or a choice is to be made.
  std::optional<Instant> open_at;     // login.too_many_attempts
  OpenedSession opened;               // Of no token while there are choices.
  std::string ticket;                 // Good for one choice, kTicketMicros long.
  std::vector<WorkerChoice> choices;  // In the order of the ticket.
};

/// Thread: any number of callers. What it is given outlives it.
class WorkerLogin {
 public:
  WorkerLogin(Database& database, const Agency& agency, PasswordHasher& hasher, SessionTerms terms);

  /// Counts that somebody asks for a code from this place; when to try again if it comes too soon.
  Result<std::optional<Instant>> CountAsk(const LoginPlace& place, Instant now);

  /// Makes a code and a message with it, when there is somebody to send it to. Whoever asks is told
  /// nothing of what it did, and not even waits for it.
  ///
  /// Limit: one a minute and kWorkerCodesPerDay a day for a phone; more is silently not done.
  Result<Done> MakeCode(const WorkerName& who, Instant now);

  /// Refusals: login.too_many_attempts, worker_code.wrong (also expired, or nobody's phone).
  Result<WorkerOutcome> EnterByCode(const WorkerName& who, const std::string& code,
                                    const LoginPlace& place, Instant now);

  /// Refusals: worker_ticket.unknown.
  Result<WorkerOutcome> Choose(const std::string& ticket, std::size_t choice,
                               const LoginPlace& place, Instant now);

  /// Refusals: login.too_many_attempts, worker_pin.wrong (also nobody, or no PIN set).
  Result<WorkerOutcome> EnterByPin(const WorkerName& who, const std::string& pin,
                                   const LoginPlace& place, Instant now);

  /// Errors: pin.not_six_digits, pin.too_easy, pin.old_needed (the login is not fresh), pin.wrong,
  /// login.too_many_attempts.
  Result<Done> SetPin(const Principal& who, const std::string& pin, const std::string& old_pin,
                      Instant now);

 private:
  struct PinTry;
  std::string PhoneHash(std::string_view phone) const;
  Result<Done> SendCode(Tx& tx, const PersonContact& person, Instant now);
  Result<std::vector<PersonContact>> FindPeople(Tx& tx, const WorkerName& who);
  Result<Done> LetIn(Tx& tx, std::int64_t person_id, const LoginPlace& place, const char* how,
                     WorkerOutcome& outcome, Instant now);
  Result<Done> OfferChoice(Tx& tx, const std::vector<PersonContact>& people, WorkerOutcome& outcome,
                           Instant now);
  Result<Done> NoteRefused(Tx& tx, std::int64_t person_id, const std::string& rule, Instant now);
  Result<Done> CountPinTry(PinTry& attempt, const WorkerName& who, Instant now);

  Database& database_;
  const Agency& agency_;
  PasswordHasher& hasher_;
  const SessionTerms terms_;
  const AttemptKeys keys_;
  const std::string code_key_;
};

/// No PIN any more, and no session: after a new phone.
Result<Done> ForgetWorkerLogin(Tx& tx, std::int64_t person_id, Instant now);

}  // namespace jaring
