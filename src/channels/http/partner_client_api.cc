#include "channels/http/partner_client_api.h"

#include "access/partner_client.h"
#include "access/signing_key.h"
#include "base/base64.h"
#include "base/text.h"
#include "channels/http/form.h"
#include "channels/text/json_writer.h"
#include "registry/group.h"

namespace jaring {
namespace {

constexpr std::int64_t kUsualOverlapMicros = 7LL * 86'400'000'000;

void WriteClient(JsonWriter& json, const PartnerClient& client, std::string_view secret) {
  json.BeginObject();
  json.Key("client_id").Text(client.public_id);
  json.Key("partner").Text(client.partner_code);
  json.Key("label").Text(client.label);
  json.Key("addresses").BeginList();
  for (const std::string_view network : Split(client.addresses.text(), ' ')) {
    if (!network.empty()) {
      json.Text(network);
    }
  }
  json.EndList();
  json.Key("requires_signature").Bool(client.requires_signature);
  json.Key("created_at").Text(client.created_at.ToString());
  json.Key("revoked_at");
  client.revoked_at ? json.Text(client.revoked_at->ToString()) : json.Null();
  if (!secret.empty()) {
    json.Key("client_secret").Text(secret);
  }
  json.EndObject();
}

HttpResponse OneClient(int status, const PartnerClient& client, std::string_view secret = "") {
  JsonWriter json;
  WriteClient(json, client, secret);
  HttpResponse response{status, kJsonType, json.Take(), ""};
  response.AddHeader("Cache-Control", "no-store");
  return response;
}

Result<Partner> PartnerOfPath(Tx& tx, const Call& call) {
  JARING_ASSIGN_OR_RETURN(const auto partner, FindPartner(tx, call.request().Parameter("code")));
  if (!partner) {
    return NotFound("partner.unknown");
  }
  JARING_RETURN_IF_ERROR(call.Reach({.partner_id = partner->partner_id}, "partner.unknown"));
  return *partner;
}

/// The client of the path, if it is this partner's.
Result<PartnerClient> ClientOfPath(Tx& tx, const Call& call) {
  JARING_ASSIGN_OR_RETURN(const Partner partner, PartnerOfPath(tx, call));
  JARING_ASSIGN_OR_RETURN(PartnerClient client,
                          FindPartnerClient(tx, call.request().Parameter("client_id")));
  return client.partner_id == partner.partner_id ? Result<PartnerClient>(std::move(client))
                                                 : NotFound("client.unknown");
}

Result<HttpResponse> List(Tx& tx, const Call& call) {
  JARING_ASSIGN_OR_RETURN(const Partner partner, PartnerOfPath(tx, call));
  JARING_ASSIGN_OR_RETURN(const auto clients, ListPartnerClients(tx, partner.partner_id));
  JsonWriter json;
  json.BeginObject().Key("clients").BeginList();
  for (const PartnerClient& client : clients) {
    WriteClient(json, client, "");
  }
  json.EndList().EndObject();
  return HttpResponse{200, kJsonType, json.Take(), ""};
}

AddressList ReadAddresses(FieldReader& reader) {
  std::string text;
  if (const JsonValue* list = reader.List("addresses", Need::kOptional)) {
    for (const JsonValue& item : list->items) {
      text.append(item.text.empty() ? "?" : item.text).append(" ");
    }
  }
  auto parsed = AddressList::Parse(text);
  if (!parsed) {
    reader.Refuse("addresses", parsed.error().rule);
    return {};
  }
  return std::move(parsed).value();
}

Result<HttpResponse> Add(Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const Partner partner, PartnerOfPath(tx, call));
  JARING_ASSIGN_OR_RETURN(const JsonValue body, ReadJsonBody(call.request()));
  FieldReader reader(body, "", call.problems);
  PartnerClientOrder order;
  order.partner_code = partner.code;
  order.label = reader.Text("label", Need::kOptional).value_or("");
  order.requires_signature = reader.Bool("requires_signature", Need::kOptional).value_or(false);
  order.addresses = ReadAddresses(reader);
  reader.Finish();
  if (!call.problems.empty()) {
    return Invalid("request.fields_wrong");
  }
  JARING_ASSIGN_OR_RETURN(const auto made, AddPartnerClient(tx, order, call.now()));
  call.Note({.subject = "client " + made.client.public_id, .change = R"({"state":["","added"]})"});
  return OneClient(201, made.client, made.secret);
}

Result<HttpResponse> Rotate(Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const PartnerClient client, ClientOfPath(tx, call));
  JARING_ASSIGN_OR_RETURN(const JsonValue body, ReadJsonBody(call.request()));
  FieldReader reader(body, "", call.problems);
  Instant old_until = Instant::FromMicros(call.now().micros() + kUsualOverlapMicros);
  if (const auto text = reader.Text("old_until", Need::kOptional)) {
    const auto parsed = Instant::Parse(*text);
    if (parsed) {
      old_until = *parsed;
    } else {
      reader.Refuse("old_until", parsed.error().rule);
    }
  }
  reader.Finish();
  if (!call.problems.empty()) {
    return Invalid("request.fields_wrong");
  }
  JARING_ASSIGN_OR_RETURN(const auto made,
                          RotatePartnerSecret(tx, client.public_id, old_until, call.now()));
  call.EndsSessions();
  call.Note({.subject = "client " + client.public_id,
             .change = R"({"secret":["old until )" + old_until.ToString() + R"(","new"]})"});
  return OneClient(201, made.client, made.secret);
}

Result<HttpResponse> Revoke(Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(PartnerClient client, ClientOfPath(tx, call));
  JARING_RETURN_IF_ERROR(RevokePartnerClient(tx, client.public_id, call.now()));
  JARING_ASSIGN_OR_RETURN(client, FindPartnerClient(tx, client.client_id));
  call.EndsSessions();
  call.Note(
      {.subject = "client " + client.public_id, .change = R"({"state":["active","revoked"]})"});
  return OneClient(200, client);
}

void WriteKey(JsonWriter& json, const SigningKey& key) {
  json.BeginObject().Key("key_id").Text(key.key_id);
  json.Key("public_key").Text(ToBase64(key.public_key));
  json.Key("created_at").Text(key.created_at.ToString()).Key("valid_until");
  key.valid_until ? json.Text(key.valid_until->ToString()) : json.Null();
  json.EndObject();
}

Result<HttpResponse> ListKeys(Tx& tx, const Call& call) {
  JARING_ASSIGN_OR_RETURN(const PartnerClient client, ClientOfPath(tx, call));
  JARING_ASSIGN_OR_RETURN(const auto keys,
                          ListSigningKeys(tx, ActorKind::kPartnerClient, client.client_id));
  JsonWriter json;
  json.BeginObject().Key("keys").BeginList();
  for (const SigningKey& key : keys) {
    WriteKey(json, key);
  }
  json.EndList().EndObject();
  return HttpResponse{200, kJsonType, json.Take(), ""};
}

Result<HttpResponse> AddClientKey(Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const PartnerClient client, ClientOfPath(tx, call));
  if (client.revoked_at) {
    return Conflict("client.revoked");
  }
  JARING_ASSIGN_OR_RETURN(const JsonValue body, ReadJsonBody(call.request()));
  FieldReader reader(body, "", call.problems);
  Result<std::string> bytes =
      ParsePublicKey(reader.Text("public_key", Need::kRequired).value_or(""));
  if (!bytes) {
    reader.Refuse("public_key", bytes.error().rule);
  }
  reader.Finish();
  if (!call.problems.empty()) {
    return Invalid("request.fields_wrong");
  }
  JARING_ASSIGN_OR_RETURN(
      const SigningKey key,
      AddSigningKey(tx, ActorKind::kPartnerClient, client.client_id, *bytes, call.now()));
  call.EndsSessions();
  call.Note({.subject = "client " + client.public_id,
             .change = R"({"key":["",")" + key.key_id + R"("]})"});
  JsonWriter json;
  WriteKey(json, key);
  return HttpResponse{201, kJsonType, json.Take(), ""};
}

/// At once, or at ?until=: the overlap of a rotation.
Result<HttpResponse> EndClientKey(Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const PartnerClient client, ClientOfPath(tx, call));
  JARING_ASSIGN_OR_RETURN(const auto query, ParseForm(call.request().query));
  Instant until = call.now();
  if (const auto text = FindField(query, "until")) {
    JARING_ASSIGN_OR_RETURN(until, Instant::Parse(*text));
  }
  const std::string key_id(call.request().Parameter("key_id"));
  JARING_RETURN_IF_ERROR(
      EndSigningKey(tx, ActorKind::kPartnerClient, client.client_id, key_id, until));
  call.EndsSessions();
  call.Note({.subject = "client " + client.public_id,
             .change = R"({"key":[")" + key_id + R"(","until )" + until.ToString() + R"("]})"});
  return ListKeys(tx, call);
}

}  // namespace

void AddPartnerClientRoutes(Router& router, Gate& gate) {
  constexpr RouteOptions kOnWorker{.run_on = RunOn::kWorker};
  constexpr Action kAction = Action::kManagePartners;
  const std::string clients = "/v1/partners/{code}/clients";
  const std::string one = clients + "/{client_id}";
  router.Add(HttpMethod::kGet, clients, gate.Read(kAction, List));
  router.Add(HttpMethod::kPost, clients, gate.Write(kAction, Add), kOnWorker);
  router.Add(HttpMethod::kPost, one + "/secrets", gate.Write(kAction, Rotate), kOnWorker);
  router.Add(HttpMethod::kGet, one + "/keys", gate.Read(kAction, ListKeys));
  router.Add(HttpMethod::kPost, one + "/keys", gate.Write(kAction, AddClientKey), kOnWorker);
  router.Add(HttpMethod::kDelete, one + "/keys/{key_id}", gate.Write(kAction, EndClientKey),
             kOnWorker);
  router.Add(HttpMethod::kDelete, one, gate.Write(kAction, Revoke), kOnWorker);
}

}  // namespace jaring
