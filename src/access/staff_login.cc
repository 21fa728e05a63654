#include "access/staff_login.h"

#include "access/audit.h"
#include "access/second_factor.h"

namespace jaring {
namespace {

constexpr AttemptLimits kAccountLimits;
// A counter where many log in has one browser; it is slowed later.
constexpr AttemptLimits kCallerLimits{.free_attempts = 30};

}  // namespace

/// One try, step by step.
struct StaffLogin::Try {
  const LoginRequest& request;
  std::string account_key;
  std::string caller_key;
  std::optional<StaffUser> user;
  std::string new_hash;  // The same password at today's cost; empty: not needed.
  LoginOutcome outcome;
};

StaffLogin::StaffLogin(Database& database, const Sealer& sealer, PasswordHasher& hasher,
                       SessionTerms terms)
    : database_(database), sealer_(sealer), hasher_(hasher), terms_(terms), keys_(sealer) {}

Result<LoginOutcome> StaffLogin::LogIn(const LoginRequest& request, Instant now) {
  Try attempt{.request = request};
  JARING_RETURN_IF_ERROR(Count(attempt, now));
  if (!attempt.outcome.rule.empty()) {
    return attempt.outcome;
  }
  const bool may = attempt.user && !attempt.user->disabled_at;
  const std::string hash = may ? attempt.user->password_hash : "";
  JARING_ASSIGN_OR_RETURN(const bool right, hasher_.Matches(hash, request.password));
  if (!right) {
    attempt.outcome.rule = "login.wrong";
    JARING_RETURN_IF_ERROR(database_.Write([&](Tx& tx) { return NoteRefused(tx, attempt, now); }));
    return attempt.outcome;
  }
  if (hasher_.IsOutdated(hash)) {
    JARING_ASSIGN_OR_RETURN(attempt.new_hash, hasher_.Hash(request.password));
  }
  JARING_RETURN_IF_ERROR(database_.Write([&](Tx& tx) { return LetIn(tx, attempt, now); }));
  return attempt.outcome;
}

/// Before the password is looked at, so that tries made at the same time count too.
Result<Done> StaffLogin::Count(Try& attempt, Instant now) {
  const LoginRequest& request = attempt.request;
  const auto email = ParseEmail(request.email);
  const std::string address = email ? *email : request.email;
  return database_.Write([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(attempt.user, FindStaffUserByEmail(tx, address));
    const std::int64_t user_id = attempt.user ? attempt.user->user_id : 0;
    JARING_ASSIGN_OR_RETURN(const bool known, IsKnownBrowser(tx, request.place.browser,
                                                             ActorKind::kStaffUser, user_id));
    attempt.account_key = keys_.Of("staff", address, known ? request.place.browser : "");
    attempt.caller_key = keys_.Of("caller", request.place.caller);
    JARING_ASSIGN_OR_RETURN(attempt.outcome.open_at,
                            CountAttempt(tx, attempt.caller_key, kCallerLimits, now));
    if (!attempt.outcome.open_at) {
      JARING_ASSIGN_OR_RETURN(attempt.outcome.open_at,
                              CountAttempt(tx, attempt.account_key, kAccountLimits, now));
    }
    attempt.outcome.rule = attempt.outcome.open_at ? "login.too_many_attempts" : "";
    return Done{};
  });
}

/// Somebody tried to get into an account there is. How often is bounded by the growing delays.
Result<Done> StaffLogin::NoteRefused(Tx& tx, const Try& attempt, Instant now) {
  if (!attempt.user) {
    return Done{};
  }
  const AuditEntry entry{.at = now,
                         .who = {},
                         .note = {.action = "session:refused",
                                  .subject = "user " + std::to_string(attempt.user->user_id),
                                  .reason = attempt.outcome.rule}};
  return RecordAudit(tx, sealer_.audit_key(), {&entry, 1});
}

/// The rule that refuses; empty when the second factor is right or none is set up.
Result<std::string> StaffLogin::CheckSecondFactor(Tx& tx, const Try& attempt, Instant now) {
  const StaffUser& user = *attempt.user;
  if (!user.has_second_factor) {
    return std::string();
  }
  bool right = false;
  if (!attempt.request.recovery_code.empty()) {
    JARING_ASSIGN_OR_RETURN(
        right, UseRecoveryCode(tx, sealer_, user.user_id, attempt.request.recovery_code, now));
  } else if (attempt.request.code.empty()) {
    return std::string("login.code_needed");
  } else {
    JARING_ASSIGN_OR_RETURN(
        right, UseSecondFactorCode(tx, sealer_, user.user_id, attempt.request.code, now));
  }
  return right ? std::string() : std::string("login.code_wrong");
}

Result<Done> StaffLogin::LetIn(Tx& tx, Try& attempt, Instant now) {
  LoginOutcome& outcome = attempt.outcome;
  // As it is now: she may have been disabled, or set up a second factor, since it was counted.
  JARING_ASSIGN_OR_RETURN(const auto fresh, FindStaffUser(tx, attempt.user->user_id));
  if (!fresh || fresh->disabled_at || fresh->password_hash != attempt.user->password_hash) {
    outcome.rule = "login.wrong";
    return Done{};
  }
  attempt.user = *fresh;
  const StaffUser& user = *attempt.user;
  JARING_ASSIGN_OR_RETURN(outcome.rule, CheckSecondFactor(tx, attempt, now));
  if (outcome.rule == "login.code_needed") {
    JARING_RETURN_IF_ERROR(UncountAttempt(tx, attempt.account_key));
    return UncountAttempt(tx, attempt.caller_key);
  }
  const auto grant = ChooseGrant(user, attempt.request.role, attempt.request.scope);
  if (outcome.rule.empty() && !grant) {
    outcome.rule = "login.no_role";
  }
  if (!outcome.rule.empty()) {
    return NoteRefused(tx, attempt, now);
  }
  const Principal who{.kind = ActorKind::kStaffUser,
                      .id = user.user_id,
                      .role = grant->role,
                      .scope = grant->scope,
                      .second_factor = user.has_second_factor};
  const LoginPlace& place = attempt.request.place;
  JARING_ASSIGN_OR_RETURN(outcome.opened, OpenStaffSession(tx, terms_, who, place.label, now));
  JARING_RETURN_IF_ERROR(ForgetAttempts(tx, attempt.account_key));
  JARING_RETURN_IF_ERROR(UncountAttempt(tx, attempt.caller_key));
  JARING_RETURN_IF_ERROR(
      NoteKnownBrowser(tx, place.browser, ActorKind::kStaffUser, user.user_id, now));
  if (!attempt.new_hash.empty()) {
    JARING_RETURN_IF_ERROR(RenewPasswordHash(tx, user.user_id, attempt.new_hash));
  }
  const AuditEntry entry{
      .at = now,
      .who = outcome.opened.session.principal,
      .note = {.action = attempt.request.recovery_code.empty() ? "session:begin"
                                                               : "session:begin-by-recovery-code",
               .subject = "session " + std::to_string(outcome.opened.session.session_id)}};
  outcome.user = user;
  return RecordAudit(tx, sealer_.audit_key(), {&entry, 1});
}

std::optional<RoleGrant> ChooseGrant(const StaffUser& user, std::optional<Role> role,
                                     std::optional<Scope> scope) {
  for (const RoleGrant& grant : user.grants) {
    if ((!role || grant.role == *role) && (!scope || grant.scope == *scope)) {
      return grant;
    }
  }
  return std::nullopt;
}

Result<OpenedSession> OpenStaffSession(Tx& tx, const SessionTerms& terms, const Principal& who,
                                       std::string_view label, Instant now) {
  const std::int64_t lifetime = who.second_factor ? terms.staff_micros : terms.bare_micros;
  JARING_ASSIGN_OR_RETURN(OpenedSession opened, OpenSession(tx, who, label, now, lifetime));
  JARING_RETURN_IF_ERROR(
      LimitIdleSession(tx, opened.session.session_id, terms.staff_idle_micros, now));
  opened.session.idle_micros = terms.staff_idle_micros;
  opened.session.seen_at = now;
  return opened;
}

Result<OpenedSession> RotateSession(Tx& tx, const SessionTerms& terms, const Principal& old,
                                    const Principal& fresh, std::string_view label, Instant now) {
  JARING_RETURN_IF_ERROR(EndSession(tx, old.kind, old.id, old.session_id, now));
  return OpenStaffSession(tx, terms, fresh, label, now);
}

}  // namespace jaring
