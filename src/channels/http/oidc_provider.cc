#include "channels/http/oidc_provider.h"

#include <algorithm>

#include "base/text.h"
#include "channels/http/form.h"
#include "channels/http/json_body.h"

namespace jaring {
namespace {

std::string Pair(std::string_view name, std::string_view value) {
  return std::string(name) + "=" + EncodeForm(value);
}

}  // namespace

OidcProvider::OidcProvider(OidcSettings settings, Fetch fetch)
    : settings_(std::move(settings)), fetch_(std::move(fetch)) {}

Result<std::string> OidcProvider::Ask(const FetchRequest& request) const {
  auto text = fetch_(request);
  if (text) {
    return text;
  }
  const ErrorCode code = text.error().code;
  return Error{
      code, code == ErrorCode::kUnavailable ? "oidc.provider_unavailable" : "oidc.provider_refused",
      ""};
}

Result<OidcProvider::Places> OidcProvider::Discover(Instant now) {
  if (places_ && now.micros() < places_until_) {
    return *places_;
  }
  std::string base = settings_.issuer;
  while (base.ends_with('/')) {
    base.pop_back();
  }
  if (!IsSafeUrl(base)) {
    return Invalid("oidc.provider_malformed");
  }
  JARING_ASSIGN_OR_RETURN(const std::string text,
                          Ask({.url = base + "/.well-known/openid-configuration"}));
  const auto found = ParseJson(text);
  if (!found || found->kind != JsonValue::Kind::kObject) {
    return Invalid("oidc.provider_malformed");
  }
  Places places{TextIn(*found, "authorization_endpoint"), TextIn(*found, "token_endpoint"),
                TextIn(*found, "jwks_uri")};
  const bool is_https = base.starts_with("https://");
  for (const std::string& url : {places.authorization, places.token, places.keys}) {
    if (!IsSafeUrl(url) || (is_https && !url.starts_with("https://"))) {
      return Invalid("oidc.provider_malformed");
    }
  }
  if (TextIn(*found, "issuer") != settings_.issuer) {
    return Invalid("oidc.provider_malformed");  // Somebody else's document.
  }
  places_ = std::move(places);
  places_until_ = now.micros() + kKeepMicros;
  return *places_;
}

Result<std::vector<JsonWebKey>> OidcProvider::Keys(const std::optional<std::string>& key_id,
                                                   Instant now) {
  const bool known =
      keys_ && (!key_id || std::any_of(keys_->begin(), keys_->end(), [&](const JsonWebKey& key) {
        return key.key_id == *key_id;
      }));
  const bool fresh = keys_ && now.micros() < keys_until_;
  // A stranger's key id must not make us ask again and again.
  if (fresh && (known || now.micros() < ask_again_at_)) {
    return *keys_;
  }
  JARING_ASSIGN_OR_RETURN(const Places places, Discover(now));
  ask_again_at_ = now.micros() + kAskAgainMicros;
  JARING_ASSIGN_OR_RETURN(const std::string text, Ask({.url = places.keys}));
  JARING_ASSIGN_OR_RETURN(keys_, ParseJsonWebKeys(text));
  keys_until_ = now.micros() + kKeepMicros;
  return *keys_;
}

Result<std::string> OidcProvider::AuthorizationUrl(std::string_view state, std::string_view nonce,
                                                   std::string_view challenge, Instant now) {
  const std::lock_guard lock(mutex_);
  JARING_ASSIGN_OR_RETURN(const Places places, Discover(now));
  const bool has_query = places.authorization.find('?') != std::string::npos;
  return places.authorization + (has_query ? "&" : "?") + "response_type=code&" +
         Pair("client_id", settings_.client_id) + "&" +
         Pair("redirect_uri", settings_.redirect_uri) + "&scope=openid%20email&" +
         Pair("state", state) + "&" + Pair("nonce", nonce) + "&" +
         Pair("code_challenge", challenge) + "&code_challenge_method=S256";
}

Result<OidcTokens> OidcProvider::Exchange(std::string_view code, std::string_view verifier,
                                          Instant now) {
  std::string place;
  {
    const std::lock_guard lock(mutex_);
    JARING_ASSIGN_OR_RETURN(const Places places, Discover(now));
    place = places.token;
  }
  FetchRequest request{.url = place};
  request.form = "grant_type=authorization_code&" + Pair("code", code) + "&" +
                 Pair("redirect_uri", settings_.redirect_uri) + "&" +
                 Pair("code_verifier", verifier);
  if (settings_.client_secret.empty()) {
    request.form += "&" + Pair("client_id", settings_.client_id);
  } else {
    request.user = EncodeForm(settings_.client_id);
    request.password = EncodeForm(settings_.client_secret);
  }
  JARING_ASSIGN_OR_RETURN(const std::string text, Ask(request));
  const auto answer = ParseJson(text);
  if (!answer || answer->kind != JsonValue::Kind::kObject) {
    return Invalid("oidc.provider_malformed");
  }
  OidcTokens tokens{TextIn(*answer, "id_token"), TextIn(*answer, "access_token")};
  return tokens.id_token.empty() ? Invalid("oidc.provider_malformed")
                                 : Result<OidcTokens>(std::move(tokens));
}

Result<IdToken> OidcProvider::Verify(const OidcTokens& tokens, std::string_view nonce,
                                     Instant now) {
  JARING_ASSIGN_OR_RETURN(const auto key_id, KeyIdOfToken(tokens.id_token));
  std::vector<JsonWebKey> keys;
  {
    const std::lock_guard lock(mutex_);
    JARING_ASSIGN_OR_RETURN(keys, Keys(key_id, now));
  }
  return VerifyIdToken(tokens.id_token, keys,
                       {.issuer = settings_.issuer,
                        .client_id = settings_.client_id,
                        .nonce = std::string(nonce),
                        .access_token = tokens.access_token,
                        .now = now});
}

bool OidcProvider::IsSecondFactor(const IdToken& token) const {
  const auto& contexts = settings_.trusted_contexts;
  if (std::find(contexts.begin(), contexts.end(), token.context) != contexts.end()) {
    return true;
  }
  const auto& methods = settings_.trusted_methods;
  return std::any_of(token.methods.begin(), token.methods.end(), [&](const std::string& method) {
    return std::find(methods.begin(), methods.end(), method) != methods.end();
  });
}

}  // namespace jaring
