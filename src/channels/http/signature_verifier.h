#pragma once

// Who signed a request: the key, its owner, and that the signature is used once.

#include <array>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <unordered_map>

#include "access/signing_key.h"
#include "channels/http/http_types.h"
#include "channels/http/message_signature.h"
#include "db/database.h"

namespace jaring {

/// Remembers in memory which signatures were used, until they have expired: that costs no disk, and
/// a look-up repeated at another server shows only what it showed before. What changes something is
/// noted in the database besides, in the transaction of the change (UseNonce in Gate; single
/// payments have their Idempotency-Key there): no other server, and no restart, does it twice.
///
/// Thread: any number of callers.
class SignatureVerifier {
 public:
  /// A key revoked at another server may be accepted for so long.
  static constexpr std::int64_t kRememberMicros = 2'000'000;
  static constexpr std::size_t kMostKeys = 100'000;
  static constexpr std::size_t kMostNonces = 1'000'000;

  /// `servers`: how many share what a device may ask for; empty: one.
  SignatureVerifier(Database& database, std::function<Instant()> now,
                    std::function<std::int64_t()> servers = {});

  /// Nothing for a request without signature.
  ///
  /// Errors: those of ReadMessageSignature and CheckMessageSignature, signature.key_unknown (also
  /// ended, or its owner is not allowed any more), signature.component_missing, signature.wrong,
  /// signature.replayed, signature.too_many, device.too_many_requests.
  Result<std::optional<Principal>> Check(const HttpRequest& request);

  /// Keys or devices have changed here.
  void ForgetKeys();

 private:
  struct Signer {
    std::string public_key;
    Principal principal;
    std::int64_t requests_per_minute = 0;  // 0: no limit.
    std::int64_t until_micros = 0;
  };
  struct Minute {
    std::int64_t number = 0;
    std::int64_t requests = 0;
  };
  using Fingerprint = std::array<char, 16>;

  Result<Signer> Find(const std::string& key_id, Instant now);
  Result<Done> UseOnce(const MessageSignature& signature, Instant now);
  Result<Done> CountRequest(const Signer& signer, Instant now);

  Database& database_;
  const std::function<Instant()> now_;
  const std::function<std::int64_t()> servers_;
  std::mutex mutex_;
  std::uint64_t generation_ = 0;
  std::unordered_map<std::string, Signer> by_key_;
  std::map<std::int64_t, std::set<Fingerprint>> used_;  // By the minute they may be forgotten.
  std::size_t used_count_ = 0;
  std::unordered_map<std::int64_t, Minute> by_device_;
};

}  // namespace jaring
