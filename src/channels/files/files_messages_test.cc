#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "channels/text/messages.h"

namespace jaring {
namespace {

std::string ReadText(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

/// The rule ids that the sources of this room name.
std::set<std::string> RulesNamed() {
  // Amounts make theirs from a noun and what is wrong with it.
  std::set<std::string> rules = {"income.not_positive"};
  for (const char* noun : {"amount", "income"}) {
    for (const char* wrong : {"missing", "malformed", "ambiguous", "fraction", "too_large"}) {
      rules.insert(std::string(noun) + "." + wrong);
    }
  }
  const std::regex rule(
      "\"((file|csv|xlsx|nik|name|date|sex|phone|village_code|language|paid_at|"
      "reference|rejections|receipt)\\.[a-z_0-9]+)\"");
  const std::string folder = std::string(JARING_SOURCE_DIR) + "/src/channels/files";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    if (!name.ends_with(".cc") || name.ends_with("_test.cc") || name.ends_with("_fuzz.cc")) {
      continue;
    }
    const std::string text = ReadText(entry.path());
    for (auto at = std::sregex_iterator(text.begin(), text.end(), rule);
         at != std::sregex_iterator(); ++at) {
      rules.insert((*at)[1]);
    }
  }
  rules.insert("file.last_line_cut");
  return rules;
}

TEST(FilesMessages, EveryRuleOfTheRoomHasItsSentence) {
  const auto messages = Messages::Load(std::string(JARING_SOURCE_DIR) + "/data/messages.toml");
  ASSERT_TRUE(messages) << messages.error().detail;
  const std::set<std::string> rules = RulesNamed();
  EXPECT_GT(rules.size(), 50U);
  for (const std::string& rule : rules) {
    EXPECT_TRUE(messages->Has(rule)) << rule;
  }
}

}  // namespace
}  // namespace jaring
