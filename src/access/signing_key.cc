#include "access/signing_key.h"

#include <sodium.h>

#include "access/machine_sql.h"
#include "base/base64.h"
#include "base/text.h"
#include "registry/seal.h"

namespace jaring {
namespace {

constexpr int kMaxKeys = 4;
constexpr std::size_t kMaxText = 400;
constexpr std::size_t kKeyIdBytes = 16;
// SubjectPublicKeyInfo of Ed25519 before the 32 bytes: RFC 8410.
constexpr std::string_view kDerHead = {"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12};
constexpr std::string_view kPemBegin = "-----BEGIN PUBLIC KEY-----";
constexpr std::string_view kPemEnd = "-----END PUBLIC KEY-----";

SigningKey ReadKey(const Row& row) {
  SigningKey key;
  key.key_id = row.Text(0);
  key.owner_kind = static_cast<ActorKind>(row.Int(1));
  key.owner_id = row.Int(2);
  key.public_key = row.Blob(3);
  key.created_at = Instant::FromMicros(row.Int(4));
  if (!row.IsNull(5)) {
    key.valid_until = Instant::FromMicros(row.Int(5));
  }
  return key;
}

}  // namespace

Result<std::string> ParsePublicKey(std::string_view text) {
  text = Trim(text);
  if (text.size() > kMaxText) {
    return Invalid("key.malformed");
  }
  if (text.starts_with(kPemBegin) && text.ends_with(kPemEnd) &&
      text.size() > kPemBegin.size() + kPemEnd.size()) {
    text.remove_prefix(kPemBegin.size());
    text.remove_suffix(kPemEnd.size());
    text = Trim(text);
  }
  auto bytes = FromBase64(text);
  if (bytes && bytes->size() == kDerHead.size() + crypto_sign_PUBLICKEYBYTES &&
      bytes->starts_with(kDerHead)) {
    bytes = bytes->substr(kDerHead.size());
  }
  if (!bytes || bytes->size() != crypto_sign_PUBLICKEYBYTES ||
      crypto_core_ed25519_is_valid_point(reinterpret_cast<const unsigned char*>(bytes->data())) !=
          1) {
    return Invalid("key.malformed");
  }
  return std::move(*bytes);
}

std::string KeyIdOf(std::string_view public_key) {
  return "k-" + ToHex(Sha256(public_key).substr(0, kKeyIdBytes));
}

Result<SigningKey> AddSigningKey(Tx& tx, ActorKind owner_kind, std::int64_t owner_id,
                                 std::string_view public_key, Instant now) {
  bool in_use = false;
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kFindKeyByBytes, {Bytes{public_key}}, [&](const Row&) { in_use = true; }));
  if (in_use) {
    return Conflict("key.in_use");
  }
  JARING_ASSIGN_OR_RETURN(const auto keys, ListSigningKeys(tx, owner_kind, owner_id));
  int valid = 0;
  for (const SigningKey& key : keys) {
    valid += !key.valid_until || *key.valid_until > now ? 1 : 0;
  }
  if (valid >= kMaxKeys) {
    return Conflict("key.too_many");
  }
  SigningKey key{KeyIdOf(public_key), owner_kind, owner_id, std::string(public_key), now, {}};
  JARING_RETURN_IF_ERROR(
      tx.Run(sql::kInsertSigningKey, {key.key_id, static_cast<std::int64_t>(owner_kind), owner_id,
                                      Bytes{public_key}, now.micros()}));
  return key;
}

Result<std::vector<SigningKey>> ListSigningKeys(Tx& tx, ActorKind owner_kind,
                                                std::int64_t owner_id) {
  std::vector<SigningKey> keys;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListSigningKeys,
                                  {static_cast<std::int64_t>(owner_kind), owner_id},
                                  [&](const Row& row) { keys.push_back(ReadKey(row)); }));
  return keys;
}

Result<Done> EndSigningKey(Tx& tx, ActorKind owner_kind, std::int64_t owner_id,
                           std::string_view key_id, Instant until) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t ended,
                          tx.Run(sql::kEndSigningKey, {static_cast<std::int64_t>(owner_kind),
                                                       owner_id, key_id, until.micros()}));
  return ended == 1 ? Result<Done>(Done{}) : NotFound("key.unknown");
}

Result<Done> EndSigningKeys(Tx& tx, ActorKind owner_kind, std::int64_t owner_id, Instant now) {
  JARING_RETURN_IF_ERROR(tx.Run(sql::kEndSigningKeys,
                                {static_cast<std::int64_t>(owner_kind), owner_id, now.micros()}));
  return Done{};
}

Result<std::optional<SigningKey>> FindSigningKey(Tx& tx, std::string_view key_id, Instant now) {
  std::optional<SigningKey> found;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindSigningKey, {key_id, now.micros()},
                                  [&](const Row& row) { found = ReadKey(row); }));
  return found;
}

Result<Done> UseNonce(Tx& tx, std::string_view key_id, std::string_view nonce, Instant forget_at,
                      Instant now) {
  JARING_RETURN_IF_ERROR(tx.Run(sql::kDropOldNonces, {now.micros()}));
  JARING_ASSIGN_OR_RETURN(const std::int64_t added,
                          tx.Run(sql::kInsertNonce, {key_id, nonce, forget_at.micros()}));
  return added == 1 ? Result<Done>(Done{}) : Invalid("signature.replayed");
}

}  // namespace jaring
