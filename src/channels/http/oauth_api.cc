#include "channels/http/oauth_api.h"

#include <algorithm>

#include "access/audit.h"
#include "access/partner_client.h"
#include "base/base64.h"
#include "base/text.h"
#include "channels/http/form.h"
#include "channels/text/json_writer.h"
#include "registry/seal.h"

namespace jaring {
namespace {

constexpr std::string_view kFormType = "application/x-www-form-urlencoded";
constexpr std::string_view kBasic = "basic ";
constexpr std::string_view kScope = "partner";
constexpr std::size_t kMaxCredential = 200;

HttpResponse Answered(int status, std::string body) {
  HttpResponse response{status, kJsonType, std::move(body), ""};
  response.AddHeader("Cache-Control", "no-store");
  response.AddHeader("Pragma", "no-cache");
  return response;
}

/// The errors of RFC 6749, section 5.2. `what` is for the developer: ASCII without quotes.
HttpResponse Refused(int status, std::string_view error, std::string_view what) {
  JsonWriter json;
  json.BeginObject().Key("error").Text(error).Key("error_description").Text(what).EndObject();
  HttpResponse response = Answered(status, json.Take());
  if (status == 401) {
    response.AddHeader("WWW-Authenticate", "Basic realm=\"jaring\"");
  }
  return response;
}

/// One form-encoded text.
std::optional<std::string> DecodeOne(std::string_view text) {
  const auto fields = ParseForm("v=" + std::string(text));
  if (!fields || fields->size() != 1 || text.find('&') != std::string_view::npos) {
    return std::nullopt;
  }
  return (*fields)[0].value;
}

std::string TokenJson(const OpenedSession& opened) {
  JsonWriter json;
  json.BeginObject();
  json.Key("access_token").Text(opened.token);
  json.Key("token_type").Text("Bearer");
  json.Key("expires_in").Integer(kPartnerTokenMicros / 1'000'000);
  json.Key("scope").Text(kScope);
  json.EndObject();
  return json.Take();
}

bool IsForm(const HttpRequest& request) {
  const std::string type = ToLower(request.Header("Content-Type"));
  return Trim(std::string_view(type).substr(0, type.find(';'))) == kFormType;
}

/// Who calls, by the one of two ways that was used.
Result<ClientCredentials> CredentialsOf(const HttpRequest& request,
                                        const std::vector<FormField>& fields) {
  const std::string_view header = request.Header("Authorization");
  const auto id = FindField(fields, "client_id");
  const auto secret = FindField(fields, "client_secret");
  if (!header.empty()) {
    if (secret) {
      return Invalid("request.malformed");  // RFC 6749, section 2.3: one way only.
    }
    JARING_ASSIGN_OR_RETURN(ClientCredentials basic, ParseBasic(header));
    if (id && *id != basic.client_id) {
      return Invalid("request.malformed");
    }
    return basic;
  }
  if (!id || !secret) {
    return Invalid("login.credentials_malformed");
  }
  return ClientCredentials{std::string(*id), std::string(*secret)};
}

}  // namespace

Result<ClientCredentials> ParseBasic(std::string_view header) {
  if (ToLower(header.substr(0, kBasic.size())) == kBasic) {
    const auto decoded = FromBase64(Trim(header.substr(kBasic.size())));
    const std::size_t colon = decoded ? decoded->find(':') : std::string::npos;
    if (colon != std::string::npos) {
      auto id = DecodeOne(std::string_view(*decoded).substr(0, colon));
      auto secret = DecodeOne(std::string_view(*decoded).substr(colon + 1));
      if (id && secret) {
        return ClientCredentials{std::move(*id), std::move(*secret)};
      }
    }
  }
  return Invalid("login.credentials_malformed");
}

TokenEndpoint::TokenEndpoint(const SiteParts& parts)
    : parts_(parts), limiter_({.first_wait_micros = 1'000'000}, parts.secret) {}

HttpResponse TokenEndpoint::Answer(const HttpRequest& request) {
  if (!IsForm(request) || !request.query.empty()) {
    return Refused(400, "invalid_request", "Send a form: application/x-www-form-urlencoded.");
  }
  const auto fields = ParseForm(request.body);
  if (!fields) {
    return Refused(400, "invalid_request", "The form is malformed or names a field twice.");
  }
  const auto credentials = CredentialsOf(request, *fields);
  if (!credentials && credentials.error().rule == "request.malformed") {
    return Refused(400, "invalid_request", "Authenticate in one way only.");
  }
  if (!credentials || credentials->client_id.size() > kMaxCredential ||
      credentials->client_secret.size() > kMaxCredential) {
    return Refused(401, "invalid_client", "Send client_id and client_secret.");
  }
  const auto grant = FindField(*fields, "grant_type");
  if (!grant) {
    return Refused(400, "invalid_request", "grant_type is missing.");
  }
  if (*grant != "client_credentials") {
    return Refused(400, "unsupported_grant_type", "Only client_credentials is known here.");
  }
  if (const auto scope = FindField(*fields, "scope");
      scope && !scope->empty() && *scope != kScope) {
    return Refused(400, "invalid_scope", "The only scope is partner.");
  }
  return Open(request, *credentials);
}

HttpResponse TokenEndpoint::Open(const HttpRequest& request, const ClientCredentials& credentials) {
  const Instant now = parts_.now();
  // Looked at on a snapshot first: guesses must not keep the one writer from its work.
  const auto check = [&](Tx& tx) -> Result<PartnerClient> {
    JARING_ASSIGN_OR_RETURN(
        PartnerClient client,
        CheckPartnerSecret(tx, credentials.client_id, credentials.client_secret, now));
    return client.addresses.Allows(request.peer) ? Result<PartnerClient>(std::move(client))
                                                 : Invalid("client.address_not_allowed");
  };
  auto outcome = parts_.database.Read([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(check(tx));
    return Done{};
  });
  OpenedSession opened;
  if (outcome) {
    outcome = parts_.database.Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const PartnerClient client, check(tx));
      JARING_ASSIGN_OR_RETURN(opened, OpenPartnerSession(tx, client, now));
      const AuditEntry entry{.at = now,
                             .who = opened.session.principal,
                             .note = {.action = "session:begin", .subject = client.public_id},
                             .request_id = std::string(request.request_id)};
      return RecordAudit(tx, parts_.agency.sealer.audit_key(), {&entry, 1});
    });
  }
  if (!outcome) {
    return Refuse(outcome.error().rule, credentials.client_id, now);
  }
  limiter_.Succeed(credentials.client_id);
  return Answered(200, TokenJson(opened));
}

HttpResponse TokenEndpoint::Refuse(std::string_view rule, const std::string& client_id,
                                   Instant now) {
  if (rule == "client.address_not_allowed") {
    return Refused(403, "unauthorized_client", "This client may not call from this address.");
  }
  if (rule != "client.credentials_wrong") {
    HttpResponse response = Refused(503, "temporarily_unavailable", "Try again in a moment.");
    response.AddHeader("Retry-After", "1");
    return response;
  }
  if (const auto open_at = limiter_.Attempt(client_id, now, parts_.servers_now())) {
    HttpResponse response = Refused(429, "slow_down", "Too many wrong secrets for this client.");
    const std::int64_t wait = (open_at->micros() - now.micros() + 999'999) / 1'000'000;
    response.AddHeader("Retry-After", std::to_string(std::max<std::int64_t>(wait, 1)));
    return response;
  }
  return Refused(401, "invalid_client", "Unknown client, or a wrong or replaced secret.");
}

void AddTokenRoutes(Router& router, const SiteParts& parts) {
  auto endpoint = std::make_shared<TokenEndpoint>(parts);
  router.Add(HttpMethod::kPost, "/oauth/token",
             jaring::Open(AtOnce([endpoint = std::move(endpoint)](const HttpRequest& request) {
               return endpoint->Answer(request);
             })),
             {.run_on = RunOn::kWorker, .body_limit = 8'192});
}

}  // namespace jaring
