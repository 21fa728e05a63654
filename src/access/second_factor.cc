#include "access/second_factor.h"

#include "access/attempt_book.h"
#include "access/login_sql.h"
#include "access/totp.h"
#include "base/text.h"
#include "registry/live_keys.h"

namespace jaring {
namespace {

constexpr std::size_t kRecoveryBytes = 10;  // 80 bits: 16 letters.

std::string SecretPlace(std::int64_t user_id) {
  return "second_factor/secret/" + std::to_string(user_id);
}

struct SecondFactor {
  std::string secret;
  bool confirmed = false;
  std::int64_t last_step = 0;
};

Result<std::optional<SecondFactor>> Find(Tx& tx, const Sealer& sealer, std::int64_t user_id) {
  std::optional<SecondFactor> found;
  std::string sealed;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindSecondFactor, {user_id}, [&](const Row& row) {
    sealed = row.Blob(0);
    found = SecondFactor{.confirmed = !row.IsNull(2), .last_step = row.Int(3)};
  }));
  if (found) {
    JARING_ASSIGN_OR_RETURN(found->secret, sealer.UnsealText(sealed, SecretPlace(user_id)));
  }
  return found;
}

/// "JBSW-Y3DP-EHPK-3PXP" for its letters.
std::string Grouped(std::string_view letters) {
  std::string text;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    text += i > 0 && i % 4 == 0 ? "-" : "";
    text += letters[i];
  }
  return text;
}

std::string RecoveryHash(const Sealer& sealer, std::int64_t user_id, std::string_view code) {
  std::string letters;
  for (const char c : ToUpper(code)) {
    if (c != '-' && c != ' ') {
      letters += c;
    }
  }
  return KeyedHash(sealer.DeriveKey("login/recovery-code"),
                   std::to_string(user_id) + "\n" + letters);
}

/// A code without the spaces people type into it.
std::string Digits(std::string_view code) {
  std::string digits;
  for (const char c : code) {
    if (c != ' ') {
      digits += c;
    }
  }
  return digits;
}

}  // namespace

Result<std::string> BeginSecondFactor(Tx& tx, const Sealer& sealer, std::int64_t user_id,
                                      Instant now) {
  JARING_RETURN_IF_ERROR(FindLiveKeys(tx, sealer));
  std::string secret = RandomBytes(kTotpSecretBytes);
  JARING_ASSIGN_OR_RETURN(const std::string sealed, sealer.SealText(secret, SecretPlace(user_id)));
  JARING_ASSIGN_OR_RETURN(const std::int64_t begun,
                          tx.Run(sql::kBeginSecondFactor, {user_id, Bytes{sealed}, now.micros()}));
  return begun == 1 ? Result<std::string>(std::move(secret))
                    : Conflict("second_factor.set_up_already");
}

Result<std::string> FindBegunSecret(Tx& tx, const Sealer& sealer, std::int64_t user_id) {
  JARING_ASSIGN_OR_RETURN(auto found, Find(tx, sealer, user_id));
  return found && !found->confirmed ? Result<std::string>(std::move(found->secret))
                                    : Conflict("second_factor.not_begun");
}

Result<std::vector<std::string>> ConfirmSecondFactor(Tx& tx, const Sealer& sealer,
                                                     std::int64_t user_id, std::string_view code,
                                                     Instant now) {
  JARING_RETURN_IF_ERROR(FindBegunSecret(tx, sealer, user_id));
  JARING_ASSIGN_OR_RETURN(const bool right, UseSecondFactorCode(tx, sealer, user_id, code, now));
  if (!right) {
    return Invalid("second_factor.code_wrong");
  }
  JARING_RETURN_IF_ERROR(tx.Run(sql::kConfirmSecondFactor, {user_id, now.micros()}));
  return MakeRecoveryCodes(tx, sealer, user_id);
}

Result<bool> UseSecondFactorCode(Tx& tx, const Sealer& sealer, std::int64_t user_id,
                                 std::string_view code, Instant now) {
  JARING_ASSIGN_OR_RETURN(const auto found, Find(tx, sealer, user_id));
  if (!found) {
    return Conflict("second_factor.not_begun");
  }
  const auto step = MatchTotp(found->secret, Digits(code), found->last_step, now);
  if (!step) {
    return false;
  }
  JARING_ASSIGN_OR_RETURN(const std::int64_t used, tx.Run(sql::kUseStep, {user_id, *step}));
  return used == 1;
}

Result<bool> UseRecoveryCode(Tx& tx, const Sealer& sealer, std::int64_t user_id,
                             std::string_view code, Instant now) {
  const std::string hash = RecoveryHash(sealer, user_id, code);
  JARING_ASSIGN_OR_RETURN(const std::int64_t used,
                          tx.Run(sql::kUseRecoveryCode, {user_id, Bytes{hash}, now.micros()}));
  return used == 1;
}

Result<std::vector<std::string>> MakeRecoveryCodes(Tx& tx, const Sealer& sealer,
                                                   std::int64_t user_id) {
  JARING_RETURN_IF_ERROR(tx.Run(sql::kRemoveRecoveryCodes, {user_id}));
  std::vector<std::string> codes;
  for (int i = 0; i < kRecoveryCodes; ++i) {
    codes.push_back(Grouped(Base32(RandomBytes(kRecoveryBytes))));
    const std::string hash = RecoveryHash(sealer, user_id, codes.back());
    JARING_RETURN_IF_ERROR(tx.Run(sql::kInsertRecoveryCode, {user_id, Bytes{hash}}));
  }
  return codes;
}

Result<std::int64_t> CountRecoveryCodes(Tx& tx, std::int64_t user_id) {
  std::int64_t count = 0;
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kCountRecoveryCodes, {user_id}, [&](const Row& row) { count = row.Int(0); }));
  return count;
}

Result<Done> RemoveSecondFactor(Tx& tx, std::int64_t user_id) {
  JARING_RETURN_IF_ERROR(tx.Run(sql::kRemoveSecondFactor, {user_id}));
  JARING_RETURN_IF_ERROR(tx.Run(sql::kRemoveRecoveryCodes, {user_id}));
  return Done{};
}

}  // namespace jaring
