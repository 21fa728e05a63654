#include "channels/http/device_api.h"

#include "access/device.h"
#include "base/text.h"
#include "channels/http/form.h"
#include "channels/http/message_signature.h"
#include "channels/http/qr_svg.h"
#include "channels/text/json_writer.h"
#include "registry/group.h"

namespace jaring {
namespace {

constexpr std::int64_t kPage = 100;
constexpr std::string_view kInvitationPrefix = "jaring-device:";

std::string_view StateOf(const Device& device, Instant now) {
  if (device.revoked_at) {
    return "revoked";
  }
  if (device.enrolled_at) {
    return "active";
  }
  return device.token_expires_at > now ? "invited" : "expired";
}

void WriteDevice(JsonWriter& json, const Device& device, Instant now) {
  json.Key("device_id").Integer(device.device_id);
  json.Key("kind").Text(DeviceKindCode(device.kind));
  json.Key("branch_id").Integer(device.branch_id);
  json.Key("user_id");
  device.user_id != 0 ? json.Integer(device.user_id) : json.Null();
  json.Key("label").Text(device.label);
  json.Key("state").Text(StateOf(device, now));
  json.Key("limits").BeginObject();
  json.Key("requests_per_minute").Integer(device.limits.requests_per_minute);
  json.Key("daily_rupiah").Integer(device.limits.daily_rupiah);
  json.Key("daily_enrolments").Integer(device.limits.daily_enrolments);
  json.EndObject();
  json.Key("invited_at").Text(device.invited_at.ToString());
  json.Key("enrolled_at");
  device.enrolled_at ? json.Text(device.enrolled_at->ToString()) : json.Null();
  json.Key("revoked_at");
  device.revoked_at ? json.Text(device.revoked_at->ToString()) : json.Null();
}

HttpResponse SecretAnswer(int status, std::string body) {
  HttpResponse response{status, kJsonType, std::move(body), ""};
  response.AddHeader("Cache-Control", "no-store");
  return response;
}

void ReadLimits(const JsonValue* value, DeviceLimits& limits, std::vector<FieldProblem>& problems) {
  if (value == nullptr) {
    return;
  }
  FieldReader reader(*value, "/limits", problems);
  const auto read = [&](std::string_view name, std::int64_t& limit) {
    limit = reader.Integer(name, Need::kOptional).value_or(limit);
  };
  read("requests_per_minute", limits.requests_per_minute);
  read("daily_rupiah", limits.daily_rupiah);
  read("daily_enrolments", limits.daily_enrolments);
  reader.Finish();
}

/// The branch that was named, or the caller's own.
Result<std::int64_t> BranchOf(Tx& tx, const Call& call, std::optional<std::string_view> code) {
  const Scope& scope = call.who().scope;
  if (!code && scope.kind == ScopeKind::kBranch) {
    return scope.id;
  }
  JARING_ASSIGN_OR_RETURN(const auto branch, FindBranch(tx, code.value_or("")));
  if (!branch) {
    return Invalid("branch.unknown");
  }
  const auto reached = call.Reach({.branch_id = branch->branch_id}, "branch.unknown");
  return reached ? Result<std::int64_t>(branch->branch_id) : Invalid("branch.unknown");
}

Result<DeviceOrder> ReadOrder(Tx& tx, Call& call, const JsonValue& body) {
  FieldReader reader(body, "", call.problems);
  DeviceOrder order;
  if (const auto code = reader.Text("kind", Need::kRequired)) {
    const auto kind = FindDeviceKind(*code);
    kind ? void(order.kind = *kind) : reader.Refuse("kind", "device.kind_unknown");
  }
  const auto branch = reader.Text("branch", Need::kOptional);
  const bool is_phone = order.kind == DeviceKind::kAgentPhone;
  order.user_id =
      reader.Integer("user_id", is_phone ? Need::kRequired : Need::kOptional).value_or(0);
  order.label = reader.Text("label", Need::kOptional).value_or("");
  ReadLimits(reader.Object("limits", Need::kOptional), order.limits, call.problems);
  reader.Finish();
  if (!call.problems.empty()) {
    return Invalid("request.fields_wrong");
  }
  JARING_ASSIGN_OR_RETURN(order.branch_id, BranchOf(tx, call, branch));
  return order;
}

Result<HttpResponse> Invite(Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const JsonValue body, ReadJsonBody(call.request()));
  JARING_ASSIGN_OR_RETURN(const DeviceOrder order, ReadOrder(tx, call, body));
  JARING_ASSIGN_OR_RETURN(const DeviceInvitation made, InviteDevice(tx, order, call.now()));
  call.Note({.subject = "device " + std::to_string(made.device.device_id),
             .change = R"({"state":["","invited"]})"});
  const std::string code = std::string(kInvitationPrefix) +
                           std::string(call.request().Header("Host")) + "/" + made.token;
  JsonWriter json;
  json.BeginObject();
  WriteDevice(json, made.device, call.now());
  json.Key("token").Text(made.token);
  json.Key("token_expires_at").Text(made.device.token_expires_at.ToString());
  json.Key("qr_text").Text(code);
  json.Key("qr_svg").Text(QrSvg(code));
  json.EndObject();
  return SecretAnswer(201, json.Take());
}

Result<HttpResponse> List(Tx& tx, const Call& call) {
  JARING_ASSIGN_OR_RETURN(const auto query, ParseForm(call.request().query));
  const auto after = ParseInteger(FindField(query, "after").value_or("0"));
  if (!after) {
    return Invalid("request.query_malformed");
  }
  const Scope& scope = call.who().scope;
  if (scope.kind != ScopeKind::kNation && scope.kind != ScopeKind::kBranch) {
    return HttpResponse{200, kJsonType, R"({"devices":[],"next":null})", ""};
  }
  const std::int64_t branch_id = scope.kind == ScopeKind::kBranch ? scope.id : 0;
  JARING_ASSIGN_OR_RETURN(const auto devices, ListDevices(tx, branch_id, *after, kPage));
  JsonWriter json;
  json.BeginObject().Key("devices").BeginList();
  for (const Device& device : devices) {
    json.BeginObject();
    WriteDevice(json, device, call.now());
    json.EndObject();
  }
  json.EndList().Key("next");
  static_cast<std::int64_t>(devices.size()) == kPage ? json.Integer(devices.back().device_id)
                                                     : json.Null();
  json.EndObject();
  return HttpResponse{200, kJsonType, json.Take(), ""};
}

Result<HttpResponse> Revoke(Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t id, call.Number("device_id", "device.unknown"));
  JARING_ASSIGN_OR_RETURN(Device device, FindDevice(tx, id));
  JARING_RETURN_IF_ERROR(call.Reach({.branch_id = device.branch_id}, "device.unknown"));
  JARING_RETURN_IF_ERROR(RevokeDevice(tx, id, call.now()));
  JARING_ASSIGN_OR_RETURN(device, FindDevice(tx, id));
  call.EndsSessions();
  call.Note(
      {.subject = "device " + std::to_string(id), .change = R"({"state":["active","revoked"]})"});
  JsonWriter json;
  json.BeginObject();
  WriteDevice(json, device, call.now());
  json.EndObject();
  return HttpResponse{200, kJsonType, json.Take(), ""};
}

struct EnrolmentOfDevice {
  std::string token;
  std::string public_key;
  std::string label;
};

Result<EnrolmentOfDevice> ReadEnrolment(const HttpRequest& request,
                                        std::vector<FieldProblem>& problems) {
  JARING_ASSIGN_OR_RETURN(const JsonValue body, ReadJsonBody(request));
  FieldReader reader(body, "", problems);
  EnrolmentOfDevice enrolment;
  enrolment.token = reader.Text("token", Need::kRequired).value_or("");
  enrolment.label = reader.Text("label", Need::kOptional).value_or("");
  if (const auto text = reader.Text("public_key", Need::kRequired)) {
    auto key = ParsePublicKey(*text);
    if (key) {
      enrolment.public_key = std::move(key).value();
    } else {
      reader.Refuse("public_key", key.error().rule);
    }
  }
  reader.Finish();
  if (!problems.empty()) {
    return Invalid("request.fields_wrong");
  }
  return enrolment;
}

/// The sender holds the private half of the key it brings.
Result<Done> CheckPossession(const HttpRequest& request, std::string_view public_key, Instant now) {
  JARING_ASSIGN_OR_RETURN(const auto signature, ReadMessageSignature(request));
  if (!signature) {
    return Invalid("signature.missing");
  }
  JARING_RETURN_IF_ERROR(CheckMessageSignature(request, *signature, now));
  if (signature->key_id != KeyIdOf(public_key)) {
    return Invalid("signature.key_unknown");
  }
  JARING_ASSIGN_OR_RETURN(const std::string base, SignatureBase(request, *signature));
  return VerifyEd25519(public_key, base, signature->signature);
}

Result<HttpResponse> EnrolOne(const SiteParts& parts, const HttpRequest& request,
                              std::vector<FieldProblem>& problems) {
  const Instant now = parts.now();
  JARING_ASSIGN_OR_RETURN(const EnrolmentOfDevice enrolment, ReadEnrolment(request, problems));
  JARING_RETURN_IF_ERROR(CheckPossession(request, enrolment.public_key, now));
  Device device;
  JARING_RETURN_IF_ERROR(parts.database.Write([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(
        device, EnrolDevice(tx, enrolment.token, enrolment.public_key, enrolment.label, now));
    const AuditEntry entry{.at = now,
                           .who = {.kind = ActorKind::kDevice,
                                   .id = device.device_id,
                                   .role = Role::kNobody,
                                   .device_id = device.device_id},
                           .note = {.action = std::string(ActionName(Action::kManageDevices)),
                                    .subject = "device " + std::to_string(device.device_id),
                                    .change = R"({"state":["invited","active"]})"},
                           .request_id = std::string(request.request_id)};
    return RecordAudit(tx, parts.agency.sealer.audit_key(), {&entry, 1});
  }));
  JsonWriter json;
  json.BeginObject();
  WriteDevice(json, device, now);
  json.Key("key_id").Text(KeyIdOf(enrolment.public_key)).EndObject();
  return SecretAnswer(201, json.Take());
}

}  // namespace

void AddDeviceRoutes(Router& router, Gate& gate, const SiteParts& parts) {
  constexpr RouteOptions kOnWorker{.run_on = RunOn::kWorker};
  constexpr Action kAction = Action::kManageDevices;
  router.Add(HttpMethod::kPost, "/v1/devices", gate.Write(kAction, Invite), kOnWorker);
  router.Add(HttpMethod::kGet, "/v1/devices", gate.Read(kAction, List));
  router.Add(HttpMethod::kDelete, "/v1/devices/{device_id}", gate.Write(kAction, Revoke),
             kOnWorker);
  router.Add(
      HttpMethod::kPost, "/v1/device-enrolments", Open(AtOnce([&parts](const HttpRequest& request) {
        std::vector<FieldProblem> problems;
        auto answer = EnrolOne(parts, request, problems);
        return answer
                   ? std::move(answer).value()
                   : ProblemResponse(answer.error(), parts.messages, LanguageOf(request), problems);
      })),
      {.run_on = RunOn::kWorker, .body_limit = 8'192});
}

}  // namespace jaring
