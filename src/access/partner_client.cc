#include "access/partner_client.h"

#include <openssl/crypto.h>

#include "access/machine_sql.h"
#include "access/signing_key.h"
#include "base/text.h"
#include "ledger/sequence.h"
#include "registry/group.h"
#include "registry/seal.h"

namespace jaring {
namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kPublicIdBytes = 6;
constexpr std::size_t kMaxLabelBytes = 80;

PartnerClient ReadClient(const Row& row) {
  PartnerClient client;
  client.client_id = row.Int(0);
  client.public_id = row.Text(1);
  client.partner_id = row.Int(2);
  client.partner_code = row.Text(3);
  client.label = row.Text(4);
  // Stored only after it was parsed once.
  client.addresses = AddressList::Parse(row.Text(5)).value();
  client.requires_signature = row.Int(6) == 1;
  client.created_at = Instant::FromMicros(row.Int(7));
  if (!row.IsNull(8)) {
    client.revoked_at = Instant::FromMicros(row.Int(8));
  }
  return client;
}

Result<PartnerClient> FindOne(Tx& tx, std::string_view sql, const Value& key) {
  std::optional<PartnerClient> found;
  JARING_RETURN_IF_ERROR(tx.Query(sql, {key}, [&](const Row& row) { found = ReadClient(row); }));
  return found ? Result<PartnerClient>(std::move(*found)) : NotFound("client.unknown");
}

Result<std::string> NewSecret(Tx& tx, std::int64_t client_id, Instant now) {
  std::string secret = ToHex(RandomBytes(kSecretBytes));
  const std::string hash = Sha256(secret);
  JARING_RETURN_IF_ERROR(tx.Run(sql::kInsertSecret, {client_id, Bytes{hash}, now.micros()}));
  return secret;
}

}  // namespace

Result<PartnerClientSecret> AddPartnerClient(Tx& tx, const PartnerClientOrder& order, Instant now) {
  if (order.label.size() > kMaxLabelBytes || !IsUtf8(order.label)) {
    return Invalid("client.label_too_long");
  }
  JARING_ASSIGN_OR_RETURN(const auto partner, FindPartner(tx, order.partner_code));
  if (!partner) {
    return Invalid("partner.unknown");
  }
  PartnerClientSecret made;
  JARING_ASSIGN_OR_RETURN(made.client.client_id, TakeNumbers(tx, "partner_client", 1));
  made.client.public_id = partner->code + "-" + ToHex(RandomBytes(kPublicIdBytes));
  made.client.partner_id = partner->partner_id;
  made.client.partner_code = partner->code;
  made.client.label = order.label;
  made.client.addresses = order.addresses;
  made.client.requires_signature = order.requires_signature;
  made.client.created_at = now;
  JARING_RETURN_IF_ERROR(
      tx.Run(sql::kInsertClient,
             {made.client.client_id, made.client.public_id, partner->partner_id, order.label,
              order.addresses.text(), order.requires_signature ? 1 : 0, now.micros()}));
  JARING_ASSIGN_OR_RETURN(made.secret, NewSecret(tx, made.client.client_id, now));
  return made;
}

Result<std::vector<PartnerClient>> ListPartnerClients(Tx& tx, std::int64_t partner_id) {
  std::vector<PartnerClient> clients;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListClients, {partner_id},
                                  [&](const Row& row) { clients.push_back(ReadClient(row)); }));
  return clients;
}

Result<PartnerClient> FindPartnerClient(Tx& tx, std::string_view public_id) {
  return FindOne(tx, sql::kFindClient, public_id);
}

Result<PartnerClient> FindPartnerClient(Tx& tx, std::int64_t client_id) {
  return FindOne(tx, sql::kFindClientByNumber, client_id);
}

Result<PartnerClientSecret> RotatePartnerSecret(Tx& tx, std::string_view public_id,
                                                Instant old_until, Instant now) {
  JARING_ASSIGN_OR_RETURN(PartnerClient client, FindPartnerClient(tx, public_id));
  if (client.revoked_at) {
    return Conflict("client.revoked");
  }
  if (old_until.micros() - now.micros() > kLongestOverlapMicros) {
    return Invalid("client.overlap_too_long");
  }
  JARING_RETURN_IF_ERROR(tx.Run(sql::kDropReplacedSecrets, {client.client_id}));
  JARING_RETURN_IF_ERROR(tx.Run(sql::kReplaceSecret, {client.client_id, old_until.micros()}));
  if (old_until <= now) {
    JARING_RETURN_IF_ERROR(EndSessions(tx, ActorKind::kPartnerClient, client.client_id, 0, now));
  }
  JARING_ASSIGN_OR_RETURN(std::string secret, NewSecret(tx, client.client_id, now));
  return PartnerClientSecret{std::move(client), std::move(secret)};
}

Result<PartnerClient> RevokePartnerClient(Tx& tx, std::string_view public_id, Instant now) {
  JARING_ASSIGN_OR_RETURN(PartnerClient client, FindPartnerClient(tx, public_id));
  JARING_RETURN_IF_ERROR(tx.Run(sql::kRevokeClient, {client.client_id, now.micros()}));
  JARING_RETURN_IF_ERROR(tx.Run(sql::kDropSecrets, {client.client_id}));
  JARING_RETURN_IF_ERROR(EndSigningKeys(tx, ActorKind::kPartnerClient, client.client_id, now));
  JARING_RETURN_IF_ERROR(EndSessions(tx, ActorKind::kPartnerClient, client.client_id, 0, now));
  return client;
}

Result<PartnerClient> CheckPartnerSecret(Tx& tx, std::string_view public_id,
                                         std::string_view secret, Instant now) {
  std::optional<PartnerClient> client;
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kFindClient, {public_id}, [&](const Row& row) { client = ReadClient(row); }));
  const std::string hash = Sha256(secret);
  bool right = false;
  JARING_RETURN_IF_ERROR(tx.Query(
      sql::kListSecrets, {client ? client->client_id : 0, now.micros()}, [&](const Row& row) {
        const std::string_view stored = row.Blob(0);
        right |= stored.size() == hash.size() &&
                 CRYPTO_memcmp(stored.data(), hash.data(), hash.size()) == 0;
      }));
  if (!client || client->revoked_at || !right) {
    return Invalid("client.credentials_wrong");
  }
  return std::move(*client);
}

Result<OpenedSession> OpenPartnerSession(Tx& tx, const PartnerClient& client, Instant now) {
  JARING_RETURN_IF_ERROR(tx.Run(
      sql::kDropOldSessions,
      {static_cast<std::int64_t>(ActorKind::kPartnerClient), client.client_id, now.micros()}));
  return OpenSession(tx, PrincipalOf(client), client.public_id, now, kPartnerTokenMicros);
}

Principal PrincipalOf(const PartnerClient& client) {
  return {.kind = ActorKind::kPartnerClient,
          .id = client.client_id,
          .role = Role::kPartner,
          .scope = {ScopeKind::kPartner, client.partner_id}};
}

}  // namespace jaring
