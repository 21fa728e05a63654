#include "channels/cli/doctor_command.h"

#include <fmt/core.h>

#include <algorithm>

#include "channels/text/json_writer.h"

namespace jaring {
namespace {

std::string_view StateName(FindingState state) {
  switch (state) {
    case FindingState::kOk:
      return "ok";
    case FindingState::kWarning:
      return "warning";
    case FindingState::kWrong:
      return "wrong";
  }
  JARING_CHECK(false);
}

void Print(const CliContext& context, const Finding& finding) {
  fmt::print("{:<8} {:<14} {}\n", StateName(finding.state), finding.name, finding.fact);
  if (!finding.rule.empty()) {
    fmt::print("{:24}{}\n{:24}{}\n", "",
               context.messages().Text(finding.rule, Language::kIndonesian), "",
               context.messages().Text(finding.rule, Language::kEnglish));
  }
}

void PrintJson(const CliContext& context, const Findings& findings) {
  JsonWriter json;
  json.BeginList();
  for (const Finding& finding : findings) {
    json.BeginObject();
    json.Key("name").Text(finding.name);
    json.Key("state").Text(StateName(finding.state));
    json.Key("fact").Text(finding.fact);
    if (!finding.rule.empty()) {
      json.Key("rule").Text(finding.rule);
      json.Key("id").Text(context.messages().Text(finding.rule, Language::kIndonesian));
      json.Key("en").Text(context.messages().Text(finding.rule, Language::kEnglish));
    }
    json.EndObject();
  }
  json.EndList();
  fmt::print("{}\n", json.Take());
}

}  // namespace

int Doctor(const CliContext& context) {
  Findings findings;
  // What is wrong with the settings themselves was said before any command begins.
  const std::filesystem::path& file = context.settings_book().file();
  findings.push_back({"settings", FindingState::kOk,
                      file.empty() ? "no file: defaults and options" : file.string(), ""});
  LookAtFiles(context, findings);
  LookAtClock(context, findings);
  LookAtDisk(context, findings);
  LookAtDatabase(context, findings);
  LookAtServer(context, findings);
  LookAtBackups(context, findings);
  if (context.options().json) {
    PrintJson(context, findings);
  } else {
    for (const Finding& finding : findings) {
      Print(context, finding);
    }
  }
  const auto worst =
      std::max_element(findings.begin(), findings.end(),
                       [](const Finding& a, const Finding& b) { return a.state < b.state; });
  switch (worst->state) {
    case FindingState::kOk:
      return kExitFine;
    case FindingState::kWarning:
      return kExitSomeRefused;
    case FindingState::kWrong:
      return kExitNothingDone;
  }
  JARING_CHECK(false);
}

}  // namespace jaring
