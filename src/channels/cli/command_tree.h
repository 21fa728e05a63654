#pragma once

// The tree of commands, to which each family of commands adds its own.

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "channels/cli/cli_context.h"
#include "channels/cli/command.h"

namespace jaring {

/// The commands; each sets the exit code when it is the one that was asked for.
class CommandTree {
 public:
  using Action = std::function<int(const CliContext&)>;

  explicit CommandTree(const Environment& environment);
  ~CommandTree();
  CommandTree(const CommandTree&) = delete;
  CommandTree& operator=(const CommandTree&) = delete;

  /// Where commands without a family stand.
  Command top() const { return Command(*app_); }

  /// A family, such as `group`, made when it is not there yet.
  Command AddFamily(const char* name, const char* what) { return top().Family(name, what); }

  /// One command. Its options are added to what this returns.
  Command Add(const Command& under, const char* name, const char* what, Action action);

  /// An option that wins over the settings' file.
  void AddSetting(const Command& to, const char* option, const char* section, const char* name);

  /// A request for options to write into; it lives as long as the tree.
  template <typename Request>
  Request& Keep() {
    auto request = std::make_shared<Request>();
    requests_.push_back(request);
    return *request;
  }

  /// Reads the command line, runs what it asks for, returns the exit code.
  int Run(int argc, const char* const* argv);

 private:
  struct SettingOption {
    CommandOption option;
    std::string_view section;
    std::string_view name;
    const std::string& text;
  };

  int Start(const Action& action);
  std::vector<Error> ReadSettings(SettingsBook& book) const;

  const Environment& environment_;
  std::unique_ptr<CLI::App> app_;
  CommonOptions common_;
  std::string config_;
  std::vector<SettingOption> settings_;
  // Shared only so that requests of any type can stand in one list.
  std::vector<std::shared_ptr<void>> requests_;
  int exit_code_ = kExitFine;
};

}  // namespace jaring
