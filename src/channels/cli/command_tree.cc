#include "channels/cli/command_tree.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

namespace jaring {

CommandTree::CommandTree(const Environment& environment)
    : environment_(environment),
      app_(std::make_unique<CLI::App>("Jaring: brings informal workers in and keeps them covered",
                                      "jaring")) {
  app_->require_subcommand(1);
  app_->fallthrough();
  app_->set_version_flag("--version", "jaring " JARING_VERSION);
  app_->set_help_all_flag("--help-all", "Help for every command");
  top().Option("--config", config_,
               "File with the settings; without it and --db " + environment.system_config.string() +
                   " when that is there");
  AddSetting(top(), "--db", "", "db");
  AddSetting(top(), "--key-file", "", "key_file");
  AddSetting(top(), "--data-root", "", "data_root");
  AddSetting(top(), "--scheme", "", "scheme");
  top().Option("--today", common_.today, "Take this as today, YYYY-MM-DD");
  top().Flag("--json", common_.json, "Answer in JSON");
}

CommandTree::~CommandTree() = default;

Command CommandTree::Add(const Command& under, const char* name, const char* what, Action action) {
  CLI::App* sub = under.app().add_subcommand(name, what);
  sub->fallthrough();
  sub->callback([this, action = std::move(action)] { exit_code_ = Start(action); });
  return Command(*sub);
}

int CommandTree::Run(int argc, const char* const* argv) {
  try {
    app_->parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app_->exit(error) == 0 ? kExitFine : kExitUsage;
  }
  return exit_code_;
}

void CommandTree::AddSetting(const Command& to, const char* option, const char* section,
                             const char* name) {
  const auto keys = SettingKeys();
  const auto key = std::find_if(keys.begin(), keys.end(), [&](const SettingKey& k) {
    return k.section == section && k.name == name;
  });
  JARING_CHECK(key != keys.end());
  auto& text = Keep<std::string>();
  settings_.push_back({to.Option(option, text, std::string(key->help)), section, name, text});
}

std::vector<Error> CommandTree::ReadSettings(SettingsBook& book) const {
  const auto is_db = [](const SettingOption& s) { return s.name == "db" && s.option.is_given(); };
  std::error_code ignored;
  std::vector<Error> problems;
  if (!config_.empty()) {
    problems = book.ReadFile(config_);
  } else if (std::none_of(settings_.begin(), settings_.end(), is_db) &&
             std::filesystem::exists(environment_.system_config, ignored)) {
    problems = book.ReadFile(environment_.system_config);
  }
  for (const SettingOption& setting : settings_) {
    if (setting.option.is_given()) {
      const auto set =
          book.Override(setting.section, setting.name, setting.text, setting.option.name());
      if (!set) {
        problems.push_back(set.error());
      }
    }
  }
  const std::vector<Error> crossed = book.Check();
  problems.insert(problems.end(), crossed.begin(), crossed.end());
  return problems;
}

/// Runs a command; what nobody foresaw becomes a sentence too.
int CommandTree::Start(const Action& action) {
  SettingsBook book;
  const std::vector<Error> problems = ReadSettings(book);
  auto context = CliContext::Make(environment_, common_, std::move(book));
  if (!context) {
    std::cerr << "jaring: berkas data Jaring tidak ditemukan atau rusak; beri --data-root\n"
                 "        the data files of Jaring are missing or broken; give --data-root\n"
                 "        ("
              << context.error().rule << ": " << context.error().detail << ")\n";
    return kExitNothingDone;
  }
  for (const Error& problem : problems) {
    context->PrintError(problem);
  }
  if (!problems.empty()) {
    return kExitUsage;
  }
  if (const auto read = context->ReadToday(); !read) {
    context->PrintError(read.error());
    return kExitUsage;
  }
  try {
    return action(*context);
  } catch (const std::bad_alloc&) {
    context->PrintError({ErrorCode::kUnavailable, "program.out_of_memory", ""});
  } catch (const std::exception& error) {
    context->PrintError(Internal("program.failed", error.what()));
  }
  return kExitNothingDone;
}

}  // namespace jaring
