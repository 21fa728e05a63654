#pragma once

// One command of the tree and its options. The library that reads them stands behind command.cc,
// because it takes the compiler longer than all the commands.

#include <string>

namespace CLI {  // NOLINT(readability-identifier-naming): the library names it so.
class App;
class Option;
}  // namespace CLI

namespace jaring {

/// One option; copied freely, it lives as long as its tree.
class CommandOption {
 public:
  explicit CommandOption(CLI::Option& option) : option_(&option) {}

  CommandOption Required();
  /// The help tells what holds when it is not given.
  CommandOption ShowDefault();
  /// Refuses numbers outside `least`…`most`.
  CommandOption Between(int least, int most);
  CommandOption Excludes(const CommandOption& other);

  /// Whether the command line has it.
  bool is_given() const;
  std::string name() const;

 private:
  CLI::Option* option_;
};

/// One command, or a family of them; copied freely, it lives as long as its tree.
class Command {
 public:
  explicit Command(CLI::App& app) : app_(&app) {}

  /// "--name" or, without the lines, a position. Its text is read into `value`, which outlives the
  /// tree's run; command.cc names the types.
  template <typename Value>
  CommandOption Option(const std::string& name, Value& value, const std::string& help) const;
  CommandOption Flag(const std::string& name, bool& value, const std::string& help) const;

  /// A family below this one, made when it is not there yet.
  Command Family(const std::string& name, const std::string& help) const;
  /// The library's own, for the tree.
  CLI::App& app() const { return *app_; }

 private:
  CLI::App* app_;
};

}  // namespace jaring
