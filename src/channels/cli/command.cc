#include "channels/cli/command.h"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>

namespace jaring {

CommandOption CommandOption::Required() {
  option_->required();
  return *this;
}

CommandOption CommandOption::ShowDefault() {
  option_->capture_default_str();
  return *this;
}

CommandOption CommandOption::Between(int least, int most) {
  option_->check(CLI::Range(least, most));
  return *this;
}

CommandOption CommandOption::Excludes(const CommandOption& other) {
  option_->excludes(other.option_);
  return *this;
}

bool CommandOption::is_given() const {
  return option_->count() > 0;
}

std::string CommandOption::name() const {
  return option_->get_name();
}

template <typename Value>
CommandOption Command::Option(const std::string& name, Value& value,
                              const std::string& help) const {
  return CommandOption(*app_->add_option(name, value, help));
}

template CommandOption Command::Option(const std::string&, std::string&, const std::string&) const;
template CommandOption Command::Option(const std::string&, std::vector<std::string>&,
                                       const std::string&) const;
template CommandOption Command::Option(const std::string&, std::optional<std::string>&,
                                       const std::string&) const;
template CommandOption Command::Option(const std::string&, int&, const std::string&) const;
template CommandOption Command::Option(const std::string&, std::optional<int>&,
                                       const std::string&) const;
template CommandOption Command::Option(const std::string&, std::int64_t&, const std::string&) const;
template CommandOption Command::Option(const std::string&, std::uint64_t&,
                                       const std::string&) const;
template CommandOption Command::Option(const std::string&, std::optional<double>&,
                                       const std::string&) const;

CommandOption Command::Flag(const std::string& name, bool& value, const std::string& help) const {
  return CommandOption(*app_->add_flag(name, value, help));
}

Command Command::Family(const std::string& name, const std::string& help) const {
  const auto same = [&](const CLI::App* app) { return app->get_name() == name; };
  if (const auto found = app_->get_subcommands(same); !found.empty()) {
    return Command(*found.front());
  }
  CLI::App* family = app_->add_subcommand(name, help);
  family->require_subcommand(1);
  family->fallthrough();
  return Command(*family);
}

}  // namespace jaring
