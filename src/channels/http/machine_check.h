#pragma once

// What a machine's credentials must be joined by: the address it calls from, its signature.

#include <functional>
#include <mutex>
#include <unordered_map>

#include "access/partner_client.h"
#include "channels/http/http_types.h"
#include "db/database.h"

namespace jaring {

/// How somebody showed who it is.
enum class ShownBy : std::uint8_t { kToken, kSignature };

/// Thread: any number of callers.
class MachineCheck {
 public:
  /// What a client is allowed is looked up this often; see Authenticator::kRememberMicros.
  static constexpr std::int64_t kRememberMicros = 2'000'000;
  static constexpr std::size_t kMostRemembered = 10'000;

  MachineCheck(Database& database, std::function<Instant()> now);

  /// Errors: client.address_not_allowed, client.signature_needed, login.token_unknown (revoked),
  /// and those of Tx.
  Result<Done> Check(const HttpRequest& request, const Principal& who, ShownBy shown_by);

  /// Something was changed here: nothing is remembered any more.
  void ForgetAll();

 private:
  struct Remembered {
    PartnerClient client;
    std::int64_t until_micros = 0;
  };

  Result<PartnerClient> Find(std::int64_t client_id);

  Database& database_;
  const std::function<Instant()> now_;
  std::mutex mutex_;
  std::uint64_t generation_ = 0;
  std::unordered_map<std::int64_t, Remembered> by_id_;
};

}  // namespace jaring
