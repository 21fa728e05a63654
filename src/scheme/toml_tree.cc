#include "scheme/toml_tree.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <fstream>
#include <sstream>

namespace jaring {
namespace {

constexpr std::uintmax_t kMaxBytes = std::uintmax_t{1} << 20;

TomlNode Converted(const toml::node& node, const std::string& file);

void ConvertTable(const toml::table& table, const std::string& file, TomlNode& to) {
  to.kind = TomlKind::kTable;
  for (const auto& [key, value] : table) {
    to.fields.push_back(Converted(value, file));
    to.fields.back().key = std::string(key.str());
  }
}

void ConvertArray(const toml::array& array, const std::string& file, TomlNode& to) {
  to.kind = TomlKind::kArray;
  for (const toml::node& item : array) {
    to.items.push_back(Converted(item, file));
  }
}

// The recursion ends where the parser's own limit on nesting does.
TomlNode Converted(const toml::node& node, const std::string& file) {
  TomlNode to;
  to.place = {file, static_cast<int>(node.source().begin.line)};
  if (const toml::table* table = node.as_table()) {
    ConvertTable(*table, file, to);
  } else if (const toml::array* array = node.as_array()) {
    ConvertArray(*array, file, to);
  } else if (const auto* text = node.as_string()) {
    to.kind = TomlKind::kText;
    to.text = text->get();
  } else if (const auto* number = node.as_integer()) {
    to.kind = TomlKind::kNumber;
    to.number = number->get();
  } else if (const auto* flag = node.as_boolean()) {
    to.kind = TomlKind::kFlag;
    to.number = flag->get() ? 1 : 0;
  } else if (const auto* date = node.as_date()) {
    to.kind = TomlKind::kDate;
    to.text =
        fmt::format("{:04}-{:02}-{:02}", date->get().year, date->get().month, date->get().day);
  }
  return to;
}

}  // namespace

const TomlNode* TomlNode::Find(std::string_view name) const {
  for (const TomlNode& field : fields) {
    if (field.key == name) {
      return &field;
    }
  }
  return nullptr;
}

std::optional<TomlNode> ReadTomlFile(const std::filesystem::path& path, SchemeProblems& problems) {
  const std::string file = path.filename().string();
  std::error_code failure;
  const std::uintmax_t size = std::filesystem::file_size(path, failure);
  if (failure) {
    problems.Add({file, 0}, "the file cannot be read: " + failure.message());
    return std::nullopt;
  }
  if (size > kMaxBytes) {
    problems.Add({file, 0}, "the file is longer than 1 MiB");
    return std::nullopt;
  }
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  // Streaming an empty file sets failbit on `text`; that is no error here.
  text << stream.rdbuf();
  if (!stream.is_open() || stream.bad()) {
    problems.Add({file, 0}, "the file cannot be read");
    return std::nullopt;
  }
  try {
    return Converted(toml::parse(text.str(), file), file);
  } catch (const toml::parse_error& error) {
    problems.Add({file, static_cast<int>(error.source().begin.line)},
                 fmt::format("this is not TOML: {}", error.description()));
    return std::nullopt;
  }
}

}  // namespace jaring
