#pragma once

// A staff user's second factor: codes from an app, and recovery codes for when the phone is gone.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.h"
#include "db/database.h"
#include "registry/seal.h"

namespace jaring {

inline constexpr int kRecoveryCodes = 10;

/// A new secret, to be confirmed with a code; takes the place of one not confirmed.
///
/// Errors: second_factor.set_up_already.
Result<std::string> BeginSecondFactor(Tx& tx, const Sealer& sealer, std::int64_t user_id,
                                      Instant now);

/// The secret that waits to be confirmed, to be shown again.
///
/// Errors: second_factor.not_begun.
Result<std::string> FindBegunSecret(Tx& tx, const Sealer& sealer, std::int64_t user_id);

/// From now on a code is needed to log in. Returns the recovery codes, which are shown once.
///
/// Errors: second_factor.not_begun, second_factor.code_wrong.
Result<std::vector<std::string>> ConfirmSecondFactor(Tx& tx, const Sealer& sealer,
                                                     std::int64_t user_id, std::string_view code,
                                                     Instant now);

/// True once for each code.
///
/// Errors: second_factor.not_begun.
Result<bool> UseSecondFactorCode(Tx& tx, const Sealer& sealer, std::int64_t user_id,
                                 std::string_view code, Instant now);

/// True once for each recovery code; small letters, spaces and '-' are fine.
Result<bool> UseRecoveryCode(Tx& tx, const Sealer& sealer, std::int64_t user_id,
                             std::string_view code, Instant now);

/// Ten new ones; the old ones are void.
Result<std::vector<std::string>> MakeRecoveryCodes(Tx& tx, const Sealer& sealer,
                                                   std::int64_t user_id);
Result<std::int64_t> CountRecoveryCodes(Tx& tx, std::int64_t user_id);

/// Without it and its recovery codes.
Result<Done> RemoveSecondFactor(Tx& tx, std::int64_t user_id);

}  // namespace jaring
