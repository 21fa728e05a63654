#pragma once

// Reads JSON that strangers send. simdjson does the work and stays inside the .cc.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "channels/http/problem.h"

namespace jaring {

struct JsonMember;

/// A JSON value as read. Whole numbers only past this point: a fraction or a number past 64 bits
/// keeps its kind and has no value.
struct JsonValue {
  enum class Kind : std::uint8_t { kNull, kBool, kInteger, kOtherNumber, kText, kList, kObject };

  Kind kind = Kind::kNull;
  std::int64_t integer = 0;  // Also 0 or 1 for kBool.
  std::string text;
  std::vector<JsonValue> items;
  std::vector<JsonMember> members;  // As sent, repeated names too.
};

struct JsonMember {
  std::string name;
  JsonValue value;
};

/// Limit: 32 deep.
/// Errors: request.json_malformed.
Result<JsonValue> ParseJson(std::string_view text);

/// A member of an object that comes once and is of that kind; else nothing, or an empty text.
const JsonValue* OnlyMember(const JsonValue& object, std::string_view name, JsonValue::Kind kind);
std::string TextIn(const JsonValue& object, std::string_view name);

/// The body of a request as JSON. The media type must say so: a form of a stranger's page cannot.
///
/// Errors: request.media_type, request.json_malformed.
Result<JsonValue> ReadJsonBody(const HttpRequest& request);

enum class Need : std::uint8_t { kRequired, kOptional };

/// Takes the fields of one object by name and notes what is wrong with them; what is left over at
/// the end is unknown. Optional fields may also be null.
///
/// Problems: request.field_missing, request.field_type, request.field_repeated,
/// request.field_unknown.
class FieldReader {
 public:
  /// `pointer` is the JSON pointer of `value`. Both outlive this.
  FieldReader(const JsonValue& value, std::string pointer, std::vector<FieldProblem>& problems);

  /// Views into the value; empty when absent or wrong.
  std::optional<std::string_view> Text(std::string_view name, Need need);
  std::optional<std::int64_t> Integer(std::string_view name, Need need);
  std::optional<bool> Bool(std::string_view name, Need need);
  const JsonValue* List(std::string_view name, Need need);
  const JsonValue* Object(std::string_view name, Need need);

  /// Notes a problem of one field.
  void Refuse(std::string_view name, std::string_view rule);
  std::string PointerTo(std::string_view name) const;

  /// Notes the fields nobody asked for.
  void Finish();

 private:
  const JsonValue* Take(std::string_view name, JsonValue::Kind kind, Need need);

  const JsonValue& value_;
  std::string pointer_;
  std::vector<FieldProblem>& problems_;
  std::vector<bool> taken_;
};

}  // namespace jaring
