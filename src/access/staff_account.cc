#include "access/staff_account.h"

#include "access/audit.h"
#include "access/second_factor.h"

namespace jaring {
namespace {

constexpr AttemptLimits kOwnLimits;

Principal With(const Principal& who, bool second_factor) {
  Principal other = who;
  other.session_id = 0;
  other.second_factor = second_factor;
  return other;
}

}  // namespace

StaffAccount::StaffAccount(Database& database, const Sealer& sealer, PasswordHasher& hasher,
                           SessionTerms terms)
    : database_(database), sealer_(sealer), hasher_(hasher), terms_(terms), keys_(sealer) {}

Result<Done> StaffAccount::Note(Tx& tx, const Principal& who, const char* action, Instant now) {
  const AuditEntry entry{.at = now,
                         .who = who,
                         .note = {.action = action, .subject = "user " + std::to_string(who.id)}};
  return RecordAudit(tx, sealer_.audit_key(), {&entry, 1});
}

Result<Done> StaffAccount::Count(std::int64_t user_id, Instant now) {
  std::optional<Instant> wait;
  const std::string key = keys_.Of("own", std::to_string(user_id));
  JARING_RETURN_IF_ERROR(database_.Write([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(wait, CountAttempt(tx, key, kOwnLimits, now));
    return Done{};
  }));
  return wait ? Result<Done>(Invalid("login.too_many_attempts")) : Done{};
}

Result<Done> StaffAccount::ProvePassword(std::int64_t user_id, std::string_view password,
                                         Instant now) {
  JARING_RETURN_IF_ERROR(Count(user_id, now));
  std::optional<StaffUser> user;
  JARING_RETURN_IF_ERROR(database_.Read([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(user, FindStaffUser(tx, user_id));
    return Done{};
  }));
  JARING_ASSIGN_OR_RETURN(const bool right,
                          hasher_.Matches(user ? user->password_hash : "", password));
  if (!right) {
    return Invalid("password.wrong");
  }
  return database_.Write(
      [&](Tx& tx) { return UncountAttempt(tx, keys_.Of("own", std::to_string(user_id))); });
}

Result<Done> StaffAccount::ChangePassword(const Principal& who, std::string_view old,
                                          std::string_view fresh, Instant now) {
  JARING_RETURN_IF_ERROR(ProvePassword(who.id, old, now));
  JARING_ASSIGN_OR_RETURN(const std::string hash, hasher_.Hash(fresh));
  return database_.Write([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(SetPasswordHash(tx, who.id, hash, who.session_id, now));
    JARING_RETURN_IF_ERROR(ForgetKnownBrowsers(tx, who.kind, who.id));
    return Note(tx, who, "password:change", now);
  });
}

Result<std::string> StaffAccount::BeginSecondFactor(const Principal& who, Instant now) {
  std::string secret;
  JARING_RETURN_IF_ERROR(database_.Write([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(secret, jaring::BeginSecondFactor(tx, sealer_, who.id, now));
    return Done{};
  }));
  return secret;
}

Result<SecondFactorReady> StaffAccount::ConfirmSecondFactor(const Principal& who,
                                                            std::string_view code,
                                                            std::string_view label, Instant now) {
  JARING_RETURN_IF_ERROR(Count(who.id, now));
  SecondFactorReady ready;
  const auto written = database_.Write([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(ready.recovery_codes,
                            jaring::ConfirmSecondFactor(tx, sealer_, who.id, code, now));
    JARING_RETURN_IF_ERROR(EndSessions(tx, who.kind, who.id, 0, now));
    JARING_ASSIGN_OR_RETURN(ready.opened,
                            OpenStaffSession(tx, terms_, With(who, true), label, now));
    JARING_RETURN_IF_ERROR(UncountAttempt(tx, keys_.Of("own", std::to_string(who.id))));
    return Note(tx, ready.opened.session.principal, "second-factor:set-up", now);
  });
  return written ? Result<SecondFactorReady>(std::move(ready)) : written.error();
}

Result<OpenedSession> StaffAccount::RemoveSecondFactor(const Principal& who,
                                                       std::string_view password,
                                                       std::string_view code,
                                                       std::string_view label, Instant now) {
  JARING_RETURN_IF_ERROR(ProvePassword(who.id, password, now));
  JARING_RETURN_IF_ERROR(Count(who.id, now));
  OpenedSession opened;
  const auto written = database_.Write([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const bool right, UseSecondFactorCode(tx, sealer_, who.id, code, now));
    if (!right) {
      return Invalid("second_factor.code_wrong");
    }
    JARING_RETURN_IF_ERROR(jaring::RemoveSecondFactor(tx, who.id));
    JARING_RETURN_IF_ERROR(EndSessions(tx, who.kind, who.id, 0, now));
    JARING_ASSIGN_OR_RETURN(opened, OpenStaffSession(tx, terms_, With(who, false), label, now));
    JARING_RETURN_IF_ERROR(UncountAttempt(tx, keys_.Of("own", std::to_string(who.id))));
    return Note(tx, opened.session.principal, "second-factor:remove", now);
  });
  return written ? Result<OpenedSession>(std::move(opened)) : written.error();
}

Result<std::vector<std::string>> StaffAccount::RenewRecoveryCodes(const Principal& who,
                                                                  std::string_view password,
                                                                  Instant now) {
  JARING_RETURN_IF_ERROR(ProvePassword(who.id, password, now));
  std::vector<std::string> codes;
  const auto written = database_.Write([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const auto user, FindStaffUser(tx, who.id));
    if (!user || !user->has_second_factor) {
      return Conflict("second_factor.not_begun");
    }
    JARING_ASSIGN_OR_RETURN(codes, MakeRecoveryCodes(tx, sealer_, who.id));
    return Note(tx, who, "recovery-codes:renew", now);
  });
  return written ? Result<std::vector<std::string>>(std::move(codes)) : written.error();
}

Result<OpenedSession> StaffAccount::SwitchRole(const Principal& who, Role role, Scope scope,
                                               std::string_view label, Instant now) {
  OpenedSession opened;
  const auto written = database_.Write([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const auto user, FindStaffUser(tx, who.id));
    if (!user || !ChooseGrant(*user, role, scope)) {
      return Invalid("login.no_role");
    }
    Principal fresh = With(who, who.second_factor);
    fresh.role = role;
    fresh.scope = scope;
    JARING_ASSIGN_OR_RETURN(opened, RotateSession(tx, terms_, who, fresh, label, now));
    return Note(tx, opened.session.principal, "session:switch-role", now);
  });
  return written ? Result<OpenedSession>(std::move(opened)) : written.error();
}

Result<Done> StaffAccount::RedeemInvite(std::string_view token, std::string_view fresh,
                                        Instant now) {
  JARING_ASSIGN_OR_RETURN(const std::string hash, hasher_.Hash(fresh));
  return database_.Write([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const std::int64_t user_id, FindInvite(tx, token, now));
    JARING_RETURN_IF_ERROR(SetPasswordHash(tx, user_id, hash, 0, now));
    return Note(tx, {.kind = ActorKind::kStaffUser, .id = user_id}, "password:set-by-invite", now);
  });
}

}  // namespace jaring
