#pragma once

// Who sends a request: a session's cookie, a bearer token, or a signature.

#include <array>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>

#include "access/session.h"
#include "channels/http/http_types.h"
#include "channels/http/machine_check.h"
#include "channels/http/seen_queue.h"
#include "db/database.h"

namespace jaring {

/// Cookie of people's sessions. The prefix makes browsers keep it to this host, over TLS, for "/".
inline constexpr std::string_view kSessionCookie = "__Host-jaring";

/// The Set-Cookie value that begins a session in a browser, and the one that ends it.
std::string SessionCookie(std::string_view token, std::int64_t lifetime_micros);
std::string EndedSessionCookie();

/// Browsers tell where a request comes from. One that changes something must come from our own
/// pages, and must say so.
bool IsFromOurPages(const HttpRequest& request);

/// Finds out who sends a request. Sessions are remembered for a moment, so that most requests cost
/// a hash and a look into memory; one ended at another server of the same database may be accepted
/// for kRememberMicros more.
///
/// Thread: any number of callers.
class Authenticator {
 public:
  static constexpr std::int64_t kRememberMicros = 2'000'000;
  static constexpr std::size_t kMostRemembered = 100'000;

  /// Verifies a signed request (RFC 9421); nothing when it carries no signature.
  using SignatureCheck =
      std::function<Result<std::optional<Principal>>(const HttpRequest& request)>;

  Authenticator(Database& database, std::function<Instant()> now);

  void set_signature_check(SignatureCheck check) { signature_check_ = std::move(check); }
  /// Called by ForgetAll.
  void set_on_forget(std::function<void()> on_forget) { on_forget_ = std::move(on_forget); }
  /// What machines must show besides; nullptr: nothing.
  void set_machine_check(MachineCheck* check) { machine_check_ = check; }

  /// Somebody, or the anonymous principal for a request without credentials.
  ///
  /// Errors: login.token_unknown (also expired or ended), login.credentials_malformed,
  /// request.cross_site (a cookie on a changing request from another site's page), those of the
  /// signature check, of MachineCheck and of Tx.
  Result<Principal> Identify(const HttpRequest& request);

  /// Sessions have ended here, after the commit: none is remembered any more, clients neither.
  void ForgetAll();

 private:
  struct Remembered {
    Principal principal;
    std::int64_t until_micros = 0;
  };

  Result<Principal> IdentifyByToken(const HttpRequest& request);
  Result<Principal> FindByToken(std::string_view token);

  Database& database_;
  const std::function<Instant()> now_;
  SignatureCheck signature_check_;
  MachineCheck* machine_check_ = nullptr;
  SeenQueue seen_;
  std::function<void()> on_forget_;
  std::mutex mutex_;
  std::uint64_t generation_ = 0;  // Grows with ForgetAll: what was read before is not kept.
  std::unordered_map<std::string, Remembered> by_hash_;
};

}  // namespace jaring
