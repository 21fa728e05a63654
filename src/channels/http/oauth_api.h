#pragma once

// POST /oauth/token: OAuth 2.0 client credentials (RFC 6749, section 4.4), for partners' programs.

#include "channels/http/attempt_limiter.h"
#include "channels/http/http_site.h"

namespace jaring {

/// Who a client says it is, and its secret.
struct ClientCredentials {
  std::string client_id;
  std::string client_secret;
};

/// What "Authorization: Basic …" says (RFC 6749, section 2.3.1: both parts form-encoded).
///
/// Errors: login.credentials_malformed.
Result<ClientCredentials> ParseBasic(std::string_view header);

/// Answers in the form of the RFC, errors too. Wrong secrets of one client wait longer each time;
/// the right one never does: whoever knows a client's name cannot keep it out.
///
/// Thread: any number of requests. `parts` outlives it.
class TokenEndpoint {
 public:
  explicit TokenEndpoint(const SiteParts& parts);

  HttpResponse Answer(const HttpRequest& request);

 private:
  HttpResponse Open(const HttpRequest& request, const ClientCredentials& credentials);
  HttpResponse Refuse(std::string_view rule, const std::string& client_id, Instant now);

  const SiteParts& parts_;
  AttemptLimiter limiter_;
};

/// POST /oauth/token. `parts` outlives the router's use.
void AddTokenRoutes(Router& router, const SiteParts& parts);

}  // namespace jaring
