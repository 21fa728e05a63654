#include "channels/cli/config_command.h"

#include <fmt/core.h>

#include "channels/text/json_writer.h"

namespace jaring {

int ConfigShow(const CliContext& context) {
  const SettingsBook& book = context.settings_book();
  JsonWriter json;
  json.BeginList();
  std::size_t place = 0;
  for (const SettingKey& key : SettingKeys()) {
    const std::string value = SettingText(book.values(), key);
    const std::string& origin = book.origin(place++);
    if (context.options().json) {
      json.BeginObject();
      json.Key("key").Text(key.full_name());
      json.Key("value").Text(value);
      json.Key("from").Text(origin);
      json.EndObject();
    } else {
      fmt::print("{:<28} {:<36} # {}\n", key.full_name(), value, origin);
    }
  }
  json.EndList();
  if (context.options().json) {
    fmt::print("{}\n", json.Take());
  }
  return kExitFine;
}

int ConfigExample(const CliContext& /*context*/) {
  fmt::print("{}", ExampleSettings());
  return kExitFine;
}

}  // namespace jaring
