#pragma once

// What a staff user does with her own account. Each proves first that it is she, not somebody at an
// unlocked screen.

#include <string>
#include <string_view>
#include <vector>

#include "access/staff_login.h"

namespace jaring {

/// Recovery codes, shown once, and the session that takes the place of the one it was asked in.
struct SecondFactorReady {
  std::vector<std::string> recovery_codes;
  OpenedSession opened;
};

/// Thread: any number of callers. What it is given outlives it.
class StaffAccount {
 public:
  StaffAccount(Database& database, const Sealer& sealer, PasswordHasher& hasher,
               SessionTerms terms);

  /// The owner's password; too many wrong ones make her wait.
  ///
  /// Errors: password.wrong, login.too_many_attempts, login.busy.
  Result<Done> ProvePassword(std::int64_t user_id, std::string_view password, Instant now);

  /// `fresh` is checked already. Her other sessions end, and every browser is a stranger again.
  ///
  /// Errors: those of ProvePassword.
  Result<Done> ChangePassword(const Principal& who, std::string_view old, std::string_view fresh,
                              Instant now);

  /// A secret for the app, to be confirmed.
  ///
  /// Errors: second_factor.set_up_already.
  Result<std::string> BeginSecondFactor(const Principal& who, Instant now);

  /// Her sessions without it end; this one goes on as another, with all her rights.
  ///
  /// Errors: second_factor.not_begun, second_factor.code_wrong, login.too_many_attempts.
  Result<SecondFactorReady> ConfirmSecondFactor(const Principal& who, std::string_view code,
                                                std::string_view label, Instant now);

  /// Needs password and code. All her sessions end but a new one without the second factor.
  ///
  /// Errors: those of ProvePassword, second_factor.not_begun, second_factor.code_wrong.
  Result<OpenedSession> RemoveSecondFactor(const Principal& who, std::string_view password,
                                           std::string_view code, std::string_view label,
                                           Instant now);

  /// Ten new codes; the old ones are void. Needs the password.
  ///
  /// Errors: those of ProvePassword, second_factor.not_begun.
  Result<std::vector<std::string>> RenewRecoveryCodes(const Principal& who,
                                                      std::string_view password, Instant now);

  /// The session goes on under another grant of hers.
  ///
  /// Errors: login.no_role.
  Result<OpenedSession> SwitchRole(const Principal& who, Role role, Scope scope,
                                   std::string_view label, Instant now);

  /// Sets the password of an invitation; `fresh` is checked already.
  ///
  /// Errors: invite.unknown, login.busy.
  Result<Done> RedeemInvite(std::string_view token, std::string_view fresh, Instant now);

 private:
  /// Counts tries of somebody who is logged in already.
  Result<Done> Count(std::int64_t user_id, Instant now);
  Result<Done> Note(Tx& tx, const Principal& who, const char* action, Instant now);

  Database& database_;
  const Sealer& sealer_;
  PasswordHasher& hasher_;
  const SessionTerms terms_;
  const AttemptKeys keys_;
};

}  // namespace jaring
