#include "base/text.h"
#include "wasm/question.h"

namespace jaring {

Givens Givens::FromLines(std::string_view text) {
  Givens givens;
  for (const std::string_view raw : Split(text, '\n')) {
    const std::string_view line = Trim(raw);
    if (!line.empty()) {
      const std::string_view key = line.substr(0, line.find(' '));
      givens.Add(key, Trim(line.substr(key.size())));
    }
  }
  return givens;
}

std::optional<std::string_view> Givens::Find(std::string_view key) const {
  for (const auto& [name, value] : rows_) {
    if (name == key) {
      return value;
    }
  }
  return std::nullopt;
}

Result<std::string_view> Givens::Get(std::string_view key) const {
  const auto value = Find(key);
  if (!value) {
    return Invalid("question.given_missing", std::string(key));
  }
  return *value;
}

std::vector<std::string_view> Givens::All(std::string_view key) const {
  std::vector<std::string_view> values;
  for (const auto& [name, value] : rows_) {
    if (name == key) {
      values.push_back(value);
    }
  }
  return values;
}

}  // namespace jaring
