#pragma once

// The agency's own login (OpenID Connect): what we ask its server, and what we keep of the answers.

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "channels/http/http_fetch.h"
#include "channels/http/json_web_token.h"

namespace jaring {

/// What the operator sets; without issuer there is no such login.
struct OidcSettings {
  std::string issuer;  // https://…; http only for a loopback address, in tests.
  std::string client_id;
  std::string client_secret;  // Empty: a public client, PKCE alone.
  std::string redirect_uri;   // https://OUR.HOST/oidc/callback
  // What of amr or acr we take as a second factor; none: our own code is asked for.
  std::vector<std::string> trusted_methods;
  std::vector<std::string> trusted_contexts;

  bool is_on() const { return !issuer.empty(); }
};

struct OidcTokens {
  std::string id_token;
  std::string access_token;
};

/// Thread: any number of callers; one asks the provider at a time.
class OidcProvider {
 public:
  static constexpr std::int64_t kKeepMicros = 3'600'000'000;   // Discovery and keys.
  static constexpr std::int64_t kAskAgainMicros = 60'000'000;  // For a key id we do not know.

  OidcProvider(OidcSettings settings, Fetch fetch);

  const OidcSettings& settings() const { return settings_; }

  /// Where to send the browser.
  ///
  /// Errors: oidc.provider_unavailable, oidc.provider_refused, oidc.provider_malformed.
  Result<std::string> AuthorizationUrl(std::string_view state, std::string_view nonce,
                                       std::string_view challenge, Instant now);

  /// Trades the code; `verifier` is PKCE's.
  ///
  /// Errors: as above.
  Result<OidcTokens> Exchange(std::string_view code, std::string_view verifier, Instant now);

  /// Errors: as above, and those of VerifyIdToken.
  Result<IdToken> Verify(const OidcTokens& tokens, std::string_view nonce, Instant now);

  /// What was shown is a second factor to us.
  bool IsSecondFactor(const IdToken& token) const;

 private:
  struct Places {
    std::string authorization;
    std::string token;
    std::string keys;
  };
  Result<Places> Discover(Instant now);
  Result<std::string> Ask(const FetchRequest& request) const;
  Result<std::vector<JsonWebKey>> Keys(const std::optional<std::string>& key_id, Instant now);

  const OidcSettings settings_;
  const Fetch fetch_;
  std::mutex mutex_;
  std::optional<Places> places_;
  std::int64_t places_until_ = 0;
  std::optional<std::vector<JsonWebKey>> keys_;
  std::int64_t keys_until_ = 0;
  std::int64_t ask_again_at_ = 0;
};

}  // namespace jaring
