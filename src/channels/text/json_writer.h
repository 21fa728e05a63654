#pragma once

// Writes JSON straight into one string: answers are small, and there is nothing to build first.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace jaring {

/// Calls nest as the JSON does; commas come by themselves. Text is taken as UTF-8.
class JsonWriter {
 public:
  /// `bytes`: about how long the JSON gets, so that it need not grow.
  explicit JsonWriter(std::size_t bytes = 512) { text_.reserve(bytes); }

  JsonWriter& BeginObject() { return Open('{'); }
  JsonWriter& EndObject() { return Shut('}'); }
  JsonWriter& BeginList() { return Open('['); }
  JsonWriter& EndList() { return Shut(']'); }

  /// The name of the next value; inside an object each value has one.
  JsonWriter& Key(std::string_view name);
  JsonWriter& Text(std::string_view text);
  JsonWriter& Integer(std::int64_t number);
  JsonWriter& Bool(bool truth);
  JsonWriter& Null();

  /// The JSON so far; leaves the writer empty.
  std::string Take() { return std::move(text_); }

 private:
  JsonWriter& Open(char bracket);
  JsonWriter& Shut(char bracket);
  void Separate();
  void AppendQuoted(std::string_view text);

  std::string text_;
  bool needs_comma_ = false;
};

}  // namespace jaring
