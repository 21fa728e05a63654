#pragma once

// Ed25519 keys that sign requests, of devices and of partners' clients, and the nonces they used.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/principal.h"
#include "base/calendar.h"
#include "db/database.h"

namespace jaring {

struct SigningKey {
  std::string key_id;  // keyid of RFC 9421: made of the key itself, so it can be told in advance.
  ActorKind owner_kind = ActorKind::kAnonymous;
  std::int64_t owner_id = 0;
  std::string public_key;  // 32 bytes.
  Instant created_at = Instant::FromMicros(0);
  std::optional<Instant> valid_until;
};

/// 32 bytes: from Base64 of them, or a public key in PEM or Base64 DER (RFC 8410).
///
/// Errors: key.malformed (also a point of small order, to which anything seems signed).
Result<std::string> ParsePublicKey(std::string_view text);

/// "k-" and 32 hexadecimal digits.
std::string KeyIdOf(std::string_view public_key);

/// Keys overlap: an owner may have several.
///
/// Limit:  4 valid ones an owner.
/// Errors: key.in_use (also by another, also an ended one), key.too_many.
Result<SigningKey> AddSigningKey(Tx& tx, ActorKind owner_kind, std::int64_t owner_id,
                                 std::string_view public_key, Instant now);

/// Also those that have ended.
Result<std::vector<SigningKey>> ListSigningKeys(Tx& tx, ActorKind owner_kind,
                                                std::int64_t owner_id);

/// Errors: key.unknown.
Result<Done> EndSigningKey(Tx& tx, ActorKind owner_kind, std::int64_t owner_id,
                           std::string_view key_id, Instant until);
Result<Done> EndSigningKeys(Tx& tx, ActorKind owner_kind, std::int64_t owner_id, Instant now);

/// A key that is valid now.
Result<std::optional<SigningKey>> FindSigningKey(Tx& tx, std::string_view key_id, Instant now);

/// Notes that a signature was used, in the transaction of what it asks for; forgets old ones.
///
/// Errors: signature.replayed.
Result<Done> UseNonce(Tx& tx, std::string_view key_id, std::string_view nonce, Instant forget_at,
                      Instant now);

}  // namespace jaring
