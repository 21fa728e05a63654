// Reads settings from TOML and from the command line into the table of keys.

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>
#include <sstream>

#include <toml++/toml.h>

#include "base/text.h"
#include "channels/cli/settings.h"

namespace jaring {
namespace {

using SettingValue = std::variant<std::string, std::int64_t, bool>;

/// Puts a value where its key says. `where` is "FILE:LINE: key" or the option.
Result<Done> SetPlace(Settings& settings, const SettingKey& key, const SettingValue& value,
                      const std::string& where) {
  if (key.place.index() != value.index()) {
    constexpr std::array<std::string_view, 3> kTypes = {"text", "a whole number", "true or false"};
    return Invalid("config.wrong_type",
                   fmt::format("{}: must be {}", where, kTypes.at(key.place.index())));
  }
  if (const auto* text = std::get_if<std::string>(&value)) {
    const auto words = Split(key.choices, ' ');
    if (!key.choices.empty() && std::find(words.begin(), words.end(), *text) == words.end()) {
      return Invalid("config.choice_unknown", fmt::format("{}: one of {}", where, key.choices));
    }
    if (text->find('\0') != std::string::npos) {
      return Invalid("config.wrong_type", where);
    }
    settings.*std::get<std::string Settings::*>(key.place) = *text;
  } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
    if (*number < key.least || *number > key.most) {
      return Invalid("config.out_of_range",
                     fmt::format("{}: {} to {}", where, key.least, key.most));
    }
    settings.*std::get<std::int64_t Settings::*>(key.place) = *number;
  } else {
    settings.*std::get<bool Settings::*>(key.place) = std::get<bool>(value);
  }
  return Done{};
}

std::optional<SettingValue> ValueOf(const toml::node& node) {
  if (const auto* text = node.as_string()) {
    return text->get();
  }
  if (const auto* number = node.as_integer()) {
    return number->get();
  }
  if (const auto* truth = node.as_boolean()) {
    return truth->get();
  }
  return std::nullopt;
}

bool IsSection(std::string_view name) {
  const auto keys = SettingKeys();
  return std::any_of(keys.begin(), keys.end(), [name](const SettingKey& key) {
    return !key.section.empty() && key.section == name;
  });
}

}  // namespace

/// One file on its way into the book.
class SettingsFile {
 public:
  SettingsFile(SettingsBook& book, std::string name) : book_(book), name_(std::move(name)) {}

  void Read(const toml::table& root) {
    for (const auto& [key, node] : root) {
      const std::string name(key.str());
      // Of an unknown section each key is told, so that the nearest known one can be named.
      const auto* section = node.as_table();
      if (section != nullptr && (IsSection(name) || !section->empty())) {
        for (const auto& [inner, value] : *section) {
          Set(name, std::string(inner.str()), value, Line(inner));
        }
      } else {
        Set("", name, node, Line(key));
      }
    }
  }

  std::vector<Error> TakeProblems() { return std::move(problems_); }

 private:
  static toml::source_index Line(const toml::key& key) { return key.source().begin.line; }

  void Set(const std::string& section, const std::string& name, const toml::node& node,
           toml::source_index line) {
    const std::string full_name = section.empty() ? name : section + "." + name;
    const std::string place = fmt::format("{}:{}", name_, line);
    const std::string where = fmt::format("{}: {}", place, full_name);
    const auto keys = SettingKeys();
    const auto key = std::find_if(keys.begin(), keys.end(), [&](const SettingKey& k) {
      return k.section == section && k.name == name;
    });
    if (key == keys.end()) {
      problems_.push_back(Invalid(
          "config.key_unknown", fmt::format("{}; nearest: {}", where, NearestSetting(full_name))));
      return;
    }
    const auto value = ValueOf(node);
    // A list or a date has no place in any key: as wrong as text for a number.
    const SettingValue other = key->place.index() == 2 ? SettingValue("") : SettingValue(false);
    const auto placed = SetPlace(book_.values_, *key, value.value_or(other), where);
    if (!placed) {
      problems_.push_back(placed.error());
    }
    book_.origins_.at(static_cast<std::size_t>(key - keys.begin())) = place;
  }

  SettingsBook& book_;
  const std::string name_;
  std::vector<Error> problems_;
};

std::vector<Error> SettingsBook::ReadFile(const std::filesystem::path& path) {
  constexpr std::uintmax_t kMaxBytes = 1'048'576;
  file_ = path;
  std::error_code failed;
  const std::uintmax_t size = std::filesystem::file_size(path, failed);
  std::ifstream file(path, std::ios::binary);
  if (failed || !file || size > kMaxBytes) {
    return {Invalid("config.unreadable", path.string())};
  }
  std::ostringstream text;
  text << file.rdbuf();
  try {
    SettingsFile reading(*this, path.string());
    reading.Read(toml::parse(text.str()));
    return reading.TakeProblems();
  } catch (const toml::parse_error& error) {
    return {Invalid(
        "config.malformed",
        fmt::format("{}:{}: {}", path.string(), error.source().begin.line, error.description()))};
  }
}

Result<Done> SettingsBook::Override(std::string_view section, std::string_view name,
                                    std::string_view text, std::string_view option) {
  const auto keys = SettingKeys();
  const auto key = std::find_if(keys.begin(), keys.end(), [&](const SettingKey& k) {
    return k.section == section && k.name == name;
  });
  JARING_CHECK(key != keys.end());
  SettingValue value = std::string(text);
  if (const auto number = ParseInteger(text); number && key->place.index() == 1) {
    value = *number;
  } else if (key->place.index() == 2 && (text == "true" || text == "false")) {
    value = text == "true";
  }
  JARING_RETURN_IF_ERROR(SetPlace(values_, *key, value, std::string(option)));
  origins_.at(static_cast<std::size_t>(key - keys.begin())) = option;
  return Done{};
}

}  // namespace jaring
