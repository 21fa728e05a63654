#include "channels/http/approval_payload.h"

#include "channels/text/json_writer.h"

namespace jaring {
namespace {

Error Unreadable() {
  return Internal("approval.payload_unreadable");
}

}  // namespace

Result<ApprovalPayload> ApprovalPayload::Parse(const Approval& approval) {
  auto json = ParseJson(approval.ask.payload);
  if (!json) {
    return Unreadable();
  }
  return ApprovalPayload(std::move(json).value());
}

std::string ApprovalPayload::Text(std::string_view name) const {
  const JsonValue* value = Find(name);
  return value == nullptr ? "" : value->text;
}

std::int64_t ApprovalPayload::Integer(std::string_view name) const {
  const JsonValue* value = Find(name);
  return value == nullptr ? 0 : value->integer;
}

const JsonValue* ApprovalPayload::Find(std::string_view name) const {
  for (const JsonMember& member : json_.members) {
    if (member.name == name) {
      return &member.value;
    }
  }
  return nullptr;
}

std::string PackChanges(const PersonChanges& changes, std::string_view evidence) {
  JsonWriter json;
  json.BeginObject();
  if (changes.nik) {
    json.Key("nik").Text(changes.nik->Reveal());
  }
  if (changes.name) {
    json.Key("name").Text(*changes.name);
  }
  if (changes.birth_date) {
    json.Key("birth_date").Text(changes.birth_date->ToString());
  }
  if (changes.sex) {
    json.Key("sex").Text(*changes.sex == Sex::kMale ? "male" : "female");
  }
  if (changes.phone) {
    json.Key("phone").Text(*changes.phone);
  }
  json.Key("evidence").Text(evidence).EndObject();
  return json.Take();
}

Result<PersonChanges> UnpackChanges(const ApprovalPayload& payload) {
  PersonChanges changes;
  if (payload.Has("nik")) {
    const auto nik = Nik::Parse(payload.Text("nik"), /*allow_fake=*/true);
    if (!nik) {
      return Unreadable();
    }
    changes.nik = *nik;
  }
  if (payload.Has("name")) {
    changes.name = payload.Text("name");
  }
  if (payload.Has("birth_date")) {
    const auto date = Date::Parse(payload.Text("birth_date"));
    if (!date) {
      return Unreadable();
    }
    changes.birth_date = *date;
  }
  if (payload.Has("sex")) {
    changes.sex = payload.Text("sex") == "male" ? Sex::kMale : Sex::kFemale;
  }
  if (payload.Has("phone")) {
    changes.phone = payload.Text("phone");
  }
  return changes;
}

}  // namespace jaring
