#include "channels/http/json_body.h"

#include <simdjson.h>

#include "base/text.h"

namespace jaring {
namespace {

constexpr std::size_t kMaxDepth = 32;

// The depth is bounded by the parser, so the recursion is; the kind is known, so nothing throws.
JsonValue ValueOf(const simdjson::dom::element& element) {
  using Type = simdjson::dom::element_type;
  JsonValue value;
  switch (element.type()) {
    case Type::NULL_VALUE:
      break;
    case Type::BOOL:
      value.kind = JsonValue::Kind::kBool;
      value.integer = bool(element) ? 1 : 0;
      break;
    case Type::INT64:
      value.kind = JsonValue::Kind::kInteger;
      value.integer = std::int64_t(element);
      break;
    case Type::UINT64:  // Past 2^63: nothing of ours is that large.
    case Type::DOUBLE:
      value.kind = JsonValue::Kind::kOtherNumber;
      break;
    case Type::STRING:
      value.kind = JsonValue::Kind::kText;
      value.text = std::string(std::string_view(element));
      break;
    case Type::ARRAY: {
      value.kind = JsonValue::Kind::kList;
      const simdjson::dom::array items(element);
      for (const simdjson::dom::element item : items) {
        value.items.push_back(ValueOf(item));
      }
      break;
    }
    case Type::OBJECT: {
      value.kind = JsonValue::Kind::kObject;
      const simdjson::dom::object members(element);
      for (const simdjson::dom::key_value_pair member : members) {
        value.members.push_back({std::string(member.key), ValueOf(member.value)});
      }
      break;
    }
  }
  return value;
}

}  // namespace

Result<JsonValue> ParseJson(std::string_view text) {
  simdjson::dom::parser parser;
  simdjson::dom::element element;
  if (parser.allocate(text.size(), kMaxDepth) != simdjson::SUCCESS ||
      parser.parse(text.data(), text.size()).get(element) != simdjson::SUCCESS) {
    return Invalid("request.json_malformed");
  }
  return ValueOf(element);
}

const JsonValue* OnlyMember(const JsonValue& object, std::string_view name, JsonValue::Kind kind) {
  const JsonValue* found = nullptr;
  for (const JsonMember& member : object.members) {
    if (member.name == name) {
      if (found != nullptr || member.value.kind != kind) {
        return nullptr;
      }
      found = &member.value;
    }
  }
  return found;
}

std::string TextIn(const JsonValue& object, std::string_view name) {
  const JsonValue* text = OnlyMember(object, name, JsonValue::Kind::kText);
  return text == nullptr ? "" : text->text;
}

Result<JsonValue> ReadJsonBody(const HttpRequest& request) {
  const std::string_view type = request.Header("Content-Type");
  if (ToLower(Trim(type.substr(0, type.find(';')))) != kJsonType) {
    return Invalid("request.media_type");
  }
  return ParseJson(request.body);
}

FieldReader::FieldReader(const JsonValue& value, std::string pointer,
                         std::vector<FieldProblem>& problems)
    : value_(value),
      pointer_(std::move(pointer)),
      problems_(problems),
      taken_(value.members.size()) {
  if (value.kind != JsonValue::Kind::kObject) {
    problems_.push_back({pointer_, "request.field_type"});
  }
}

const JsonValue* FieldReader::Take(std::string_view name, JsonValue::Kind kind, Need need) {
  const JsonValue* found = nullptr;
  for (std::size_t i = 0; i < value_.members.size(); ++i) {
    if (value_.members[i].name != name) {
      continue;
    }
    taken_[i] = true;
    if (found != nullptr) {
      Refuse(name, "request.field_repeated");
      return nullptr;
    }
    found = &value_.members[i].value;
  }
  const bool null = found != nullptr && found->kind == JsonValue::Kind::kNull;
  if (found == nullptr || null) {
    if (need == Need::kRequired && value_.kind == JsonValue::Kind::kObject) {
      Refuse(name, null ? "request.field_type" : "request.field_missing");
    }
    return nullptr;
  }
  if (found->kind != kind) {
    Refuse(name, "request.field_type");
    return nullptr;
  }
  return found;
}

std::optional<std::string_view> FieldReader::Text(std::string_view name, Need need) {
  const JsonValue* found = Take(name, JsonValue::Kind::kText, need);
  if (found != nullptr && found->text.find('\0') != std::string::npos) {
    Refuse(name, "request.field_type");  // No text: PostgreSQL could not even keep it.
    return std::nullopt;
  }
  return found == nullptr ? std::nullopt : std::optional<std::string_view>(found->text);
}

std::optional<std::int64_t> FieldReader::Integer(std::string_view name, Need need) {
  const JsonValue* found = Take(name, JsonValue::Kind::kInteger, need);
  return found == nullptr ? std::nullopt : std::optional<std::int64_t>(found->integer);
}

std::optional<bool> FieldReader::Bool(std::string_view name, Need need) {
  const JsonValue* found = Take(name, JsonValue::Kind::kBool, need);
  return found == nullptr ? std::nullopt : std::optional<bool>(found->integer == 1);
}

const JsonValue* FieldReader::List(std::string_view name, Need need) {
  return Take(name, JsonValue::Kind::kList, need);
}

const JsonValue* FieldReader::Object(std::string_view name, Need need) {
  return Take(name, JsonValue::Kind::kObject, need);
}

void FieldReader::Refuse(std::string_view name, std::string_view rule) {
  problems_.push_back({PointerTo(name), std::string(rule)});
}

std::string FieldReader::PointerTo(std::string_view name) const {
  std::string pointer = pointer_ + "/";
  for (const char c : name) {  // RFC 6901
    if (c == '~' || c == '/') {
      pointer += c == '~' ? "~0" : "~1";
    } else {
      pointer += c;
    }
  }
  return pointer;
}

void FieldReader::Finish() {
  constexpr std::size_t kMostNamed = 20;
  for (std::size_t i = 0; i < taken_.size() && problems_.size() < kMostNamed; ++i) {
    if (!taken_[i]) {
      Refuse(value_.members[i].name, "request.field_unknown");
    }
  }
}

}  // namespace jaring
