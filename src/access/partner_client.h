#pragma once

// A partner's programs: they show a secret (OAuth 2.0 client credentials) and get a token for an
// hour. A secret is 256 random bits, shown once; the database holds its SHA-256.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/address_list.h"
#include "access/session.h"

namespace jaring {

inline constexpr std::int64_t kPartnerTokenMicros = 3'600'000'000;
/// The longest time two secrets of one client may both be valid.
inline constexpr std::int64_t kLongestOverlapMicros = 90LL * 86'400'000'000;

struct PartnerClient {
  std::int64_t client_id = 0;
  std::string public_id;  // What the client calls itself.
  std::int64_t partner_id = 0;
  std::string partner_code;
  std::string label;
  AddressList addresses;
  bool requires_signature = false;
  Instant created_at = Instant::FromMicros(0);
  std::optional<Instant> revoked_at;
};

/// What is wanted of a new client.
struct PartnerClientOrder {
  std::string partner_code;
  std::string label;
  AddressList addresses;
  bool requires_signature = false;
};

struct PartnerClientSecret {
  PartnerClient client;
  std::string secret;  // Shown once.
};

/// Errors: partner.unknown, client.label_too_long.
Result<PartnerClientSecret> AddPartnerClient(Tx& tx, const PartnerClientOrder& order, Instant now);

/// Those of one partner, or of all (0); revoked ones too.
Result<std::vector<PartnerClient>> ListPartnerClients(Tx& tx, std::int64_t partner_id);

/// Errors: client.unknown.
Result<PartnerClient> FindPartnerClient(Tx& tx, std::string_view public_id);
Result<PartnerClient> FindPartnerClient(Tx& tx, std::int64_t client_id);

/// A new secret; the one before stays valid until `old_until`, one before that ends now. When
/// `old_until` has passed, the tokens end too: whoever leaves no overlap fears a leak.
///
/// Errors: client.unknown, client.revoked, client.overlap_too_long.
Result<PartnerClientSecret> RotatePartnerSecret(Tx& tx, std::string_view public_id,
                                                Instant old_until, Instant now);

/// Ends the client, its secrets, keys and tokens.
///
/// Errors: client.unknown.
Result<PartnerClient> RevokePartnerClient(Tx& tx, std::string_view public_id, Instant now);

/// The client, when the secret is one of its valid ones. Takes as long for an unknown client.
///
/// Errors: client.credentials_wrong.
Result<PartnerClient> CheckPartnerSecret(Tx& tx, std::string_view public_id,
                                         std::string_view secret, Instant now);

/// A token for kPartnerTokenMicros; forgets those of the client that have expired.
Result<OpenedSession> OpenPartnerSession(Tx& tx, const PartnerClient& client, Instant now);

/// Whom a client acts as.
Principal PrincipalOf(const PartnerClient& client);

}  // namespace jaring
