#pragma once

// How a staff user gets in: e-mail, password, second factor.

#include <cstdint>
#include <optional>
#include <string>

#include "access/attempt_book.h"
#include "access/password.h"
#include "access/session.h"
#include "access/staff_user.h"
#include "db/database.h"

namespace jaring {

/// How long sessions last. Dated nowhere: it is the agency's own choice, not the law's.
struct SessionTerms {
  std::int64_t staff_micros = 12LL * 3'600'000'000;
  std::int64_t staff_idle_micros = 30LL * 60'000'000;
  std::int64_t bare_micros = 3'600'000'000;  // Of staff without second factor.
  std::int64_t worker_micros = 30LL * 86'400'000'000;
  std::int64_t worker_idle_micros = 7LL * 86'400'000'000;
};

/// Where a request to log in comes from.
struct LoginPlace {
  std::string browser;  // The value of its own cookie; empty: none.
  std::string caller;   // What further tries are counted against, whoever they are about.
  std::string label;    // What the owner reads in the list of sessions.
};

struct LoginRequest {
  std::string email;
  std::string password;
  std::string code;           // Of the app; empty: none.
  std::string recovery_code;  // Instead of it; empty: none.
  std::optional<Role> role;   // Absent: the first one granted.
  std::optional<Scope> scope;
  LoginPlace place;
};

/// In, or why not.
struct LoginOutcome {
  std::string rule;                // Why not; empty: in.
  std::optional<Instant> open_at;  // When to try again: login.too_many_attempts.
  OpenedSession opened;
  StaffUser user;
};

/// Thread: any number of callers. What it is given outlives it.
class StaffLogin {
 public:
  StaffLogin(Database& database, const Sealer& sealer, PasswordHasher& hasher, SessionTerms terms);

  /// Refusals, first match wins: login.too_many_attempts, login.wrong (unknown e-mail, wrong
  /// password, disabled user: the same words after the same time), login.code_needed,
  /// login.code_wrong, login.no_role (or not the one asked for).
  /// Errors: login.busy, and those of Tx.
  Result<LoginOutcome> LogIn(const LoginRequest& request, Instant now);

 private:
  struct Try;
  Result<Done> Count(Try& attempt, Instant now);
  Result<Done> LetIn(Tx& tx, Try& attempt, Instant now);
  Result<std::string> CheckSecondFactor(Tx& tx, const Try& attempt, Instant now);
  Result<Done> NoteRefused(Tx& tx, const Try& attempt, Instant now);

  Database& database_;
  const Sealer& sealer_;
  PasswordHasher& hasher_;
  const SessionTerms terms_;
  const AttemptKeys keys_;
};

/// The grant asked for; the first when nothing is.
std::optional<RoleGrant> ChooseGrant(const StaffUser& user, std::optional<Role> role,
                                     std::optional<Scope> scope);

/// Begins a staff session under a grant.
Result<OpenedSession> OpenStaffSession(Tx& tx, const SessionTerms& terms, const Principal& who,
                                       std::string_view label, Instant now);

/// The session ends and another with other rights takes its place: a token seen before the rise is
/// worth nothing after it.
Result<OpenedSession> RotateSession(Tx& tx, const SessionTerms& terms, const Principal& old,
                                    const Principal& fresh, std::string_view label, Instant now);

}  // namespace jaring
