#include "channels/text/messages.h"

#include <fstream>
#include <sstream>

#include <toml++/toml.h>

#include "base/text.h"

namespace jaring {
namespace {

constexpr std::array<std::string_view, kLanguageCount> kLanguageCodes = {"id", "en", "jv", "su",
                                                                         "mad"};

struct OtherCode {
  std::string_view code;
  Language language;
};

// Old software still says "in", Indonesian's code until 1989; ISO 639-2 has three letters.
constexpr std::array<OtherCode, 5> kOtherCodes = {{{"in", Language::kIndonesian},
                                                   {"ind", Language::kIndonesian},
                                                   {"eng", Language::kEnglish},
                                                   {"jav", Language::kJavanese},
                                                   {"sun", Language::kSundanese}}};

Error Malformed(std::string detail) {
  return Internal("messages.malformed", std::move(detail));
}

/// True for a table that holds the sentences of one rule and not further rules.
bool IsSentence(const toml::table& table) {
  for (const auto& [key, node] : table) {
    if (!node.is_table()) {
      return true;
    }
  }
  return false;
}

/// The weight of "en;q=0.7" in thousandths; 1000 without one, 0 for one that makes no sense.
int Weight(std::string_view parameters) {
  const std::size_t at = parameters.find("q=");
  if (at == std::string_view::npos) {
    return 1000;
  }
  const std::string_view digits = Trim(parameters.substr(at + 2));
  if (digits.empty() || digits[0] != '0') {
    return !digits.empty() && digits[0] == '1' ? 1000 : 0;
  }
  int weight = 0;
  int unit = 100;
  for (std::size_t i = 2; i < digits.size() && i < 5 && IsDigit(digits[i]); ++i, unit /= 10) {
    weight += (digits[i] - '0') * unit;
  }
  return weight;
}

}  // namespace

std::string_view LanguageCode(Language language) {
  return kLanguageCodes.at(static_cast<std::size_t>(language));
}

std::optional<Language> FindLanguage(std::string_view code) {
  const std::string primary = ToLower(Trim(code.substr(0, code.find('-'))));
  for (const OtherCode& other : kOtherCodes) {
    if (primary == other.code) {
      return other.language;
    }
  }
  for (std::size_t i = 0; i < kLanguageCodes.size(); ++i) {
    if (primary == kLanguageCodes.at(i)) {
      return static_cast<Language>(i);
    }
  }
  return std::nullopt;
}

Language PreferredLanguage(std::string_view accept_language) {
  Language best = Language::kIndonesian;
  int best_weight = 0;
  for (const std::string_view part : Split(accept_language, ',')) {
    const std::size_t semicolon = part.find(';');
    const auto language = FindLanguage(part.substr(0, semicolon));
    const int weight =
        semicolon == std::string_view::npos ? 1000 : Weight(part.substr(semicolon + 1));
    if (language && weight > best_weight) {
      best = *language;
      best_weight = weight;
    }
  }
  return best;
}

Result<Messages> Messages::Load(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return Internal("messages.unreadable", path);
  }
  std::ostringstream text;
  text << file.rdbuf();
  return Parse(text.str());
}

Result<Messages> Messages::Parse(std::string_view toml) {
  toml::table root;
  try {
    root = toml::parse(toml);
  } catch (const toml::parse_error& error) {
    return Malformed(std::string(error.description()) + " in line " +
                     std::to_string(error.source().begin.line));
  }
  Messages messages;
  // Depth first without recursion: a rule id is the path of tables that leads to its sentence.
  std::vector<std::pair<std::string, const toml::table*>> open{{"", &root}};
  while (!open.empty()) {
    const auto [path, table] = open.back();
    open.pop_back();
    if (!IsSentence(*table)) {
      for (const auto& [key, node] : *table) {
        const std::string name(key.str());
        open.emplace_back(path.empty() ? name : path + "." + name, node.as_table());
      }
      continue;
    }
    Sentence sentence;
    std::size_t known = 0;
    for (std::size_t i = 0; i < kLanguageCount; ++i) {
      if (const auto text = (*table)[kLanguageCodes.at(i)].value<std::string>()) {
        sentence.at(i) = *text;
        known += Trim(*text).empty() ? 0U : 1U;
      }
    }
    if (table->size() != known || sentence[0].empty() || sentence[1].empty()) {
      return Malformed("[" + path + "] needs id and en, may have jv, su and mad, all with words");
    }
    messages.sentences_.emplace(path, std::move(sentence));
  }
  return messages;
}

Language Messages::Spoken(std::string_view rule, Language language) const {
  const auto found = sentences_.find(rule);
  const bool is_there = found == sentences_.end()
                            ? IsAlwaysSpoken(language)
                            : !found->second[static_cast<std::size_t>(language)].empty();
  return is_there ? language : Language::kIndonesian;
}

std::string Messages::Text(std::string_view rule, Language language) const {
  const Language spoken = Spoken(rule, language);
  const auto found = sentences_.find(rule);
  if (found != sentences_.end()) {
    return found->second[static_cast<std::size_t>(spoken)];
  }
  return (spoken == Language::kEnglish ? "Refused by the rule "
                                       : "Permintaan ditolak oleh aturan ") +
         std::string(rule) + ".";
}

std::size_t Messages::missing(Language language) const {
  std::size_t count = 0;
  for (const auto& [rule, sentence] : sentences_) {
    count += sentence[static_cast<std::size_t>(language)].empty() ? 1U : 0U;
  }
  return count;
}

}  // namespace jaring
