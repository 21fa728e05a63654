#include "channels/files/field_parse.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace jaring {
namespace {

/// "3.37201E+15": what a spreadsheet leaves of a long number.
bool IsScientific(std::string_view text) {
  const std::size_t e = text.find_first_of("eE");
  return e != std::string_view::npos && e > 0 && IsDigit(text[0]) && e + 1 < text.size() &&
         (IsDigit(text[e + 1]) || text[e + 1] == '+');
}

/// Without `dropped` characters and a leading apostrophe.
std::string Without(std::string_view text, std::string_view dropped) {
  if (text.starts_with('\'')) {
    text.remove_prefix(1);
  }
  std::string kept;
  for (const char c : text) {
    if (dropped.find(c) == std::string_view::npos) {
      kept += c;
    }
  }
  return kept;
}

bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

struct Word {
  std::string_view text;
  std::string_view meaning;
};

template <std::size_t Count>
std::optional<std::string_view> Meaning(const std::array<Word, Count>& words,
                                        std::string_view text) {
  const auto found =
      std::find_if(words.begin(), words.end(), [&](const Word& word) { return word.text == text; });
  return found == words.end() ? std::nullopt : std::optional(found->meaning);
}

}  // namespace

Result<Nik> ParseNikField(std::string_view text, bool allow_fake) {
  text = Trim(text);
  if (text.empty()) {
    return Invalid("nik.missing");
  }
  if (text.size() == 16 && IsAllDigits(text)) {
    return Nik::Parse(text, allow_fake);
  }
  if (IsScientific(text)) {
    return Invalid("nik.lost_digits");
  }
  return Nik::Parse(Without(text, " .-"), allow_fake);
}

Result<std::string> ParseNameField(std::string_view text) {
  constexpr std::size_t kMaxBytes = 100;
  std::string name;
  bool has_letter = false;
  for (const char c : Trim(text)) {
    const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (space && name.ends_with(' ')) {
      continue;
    }
    if (IsDigit(c) || (!space && (static_cast<unsigned char>(c) < ' ' || c == 0x7F))) {
      return Invalid("name.not_a_name");
    }
    has_letter = has_letter || IsLetter(c);
    name += space ? ' ' : c;
  }
  if (name.empty()) {
    return Invalid("name.missing");
  }
  if (name.size() > kMaxBytes) {
    return Invalid("name.too_long");
  }
  if (!has_letter) {
    return Invalid("name.not_a_name");
  }
  return name;
}

Result<Sex> ParseSexField(std::string_view text) {
  constexpr std::array<Word, 18> kWords = {{
      {"l", "m"},
      {"lk", "m"},
      {"lakilaki", "m"},
      {"laki", "m"},
      {"laki2", "m"},
      {"pria", "m"},
      {"m", "m"},
      {"male", "m"},
      {"man", "m"},
      {"p", "f"},
      {"pr", "f"},
      {"perempuan", "f"},
      {"wanita", "f"},
      {"w", "f"},
      {"f", "f"},
      {"female", "f"},
      {"woman", "f"},
      {"pere", "f"},
  }};
  text = Trim(text);
  if (text.empty()) {
    return Invalid("sex.missing");
  }
  const auto meaning = Meaning(kWords, ToLower(Without(text, " -.")));
  if (!meaning) {
    return Invalid("sex.unknown");
  }
  return *meaning == "m" ? Sex::kMale : Sex::kFemale;
}

Result<std::optional<std::string>> ParsePhoneField(std::string_view text) {
  text = Trim(text);
  if (text.empty() || text == "-") {
    return std::optional<std::string>();
  }
  if (IsScientific(text)) {
    return Invalid("phone.lost_digits");
  }
  JARING_ASSIGN_OR_RETURN(std::string phone, ParsePhone(Without(text, "()")));
  return std::optional(std::move(phone));
}

Result<std::int64_t> ParseVillageField(std::string_view text) {
  constexpr std::size_t kDigits = 10;
  text = Trim(text);
  if (text.empty()) {
    return Invalid("village_code.missing");
  }
  const bool dotted =
      text.size() == kDigits + 3 && text[2] == '.' && text[5] == '.' && text[8] == '.';
  const std::string digits = dotted ? Without(text, ".") : Without(text, "");
  if (digits.size() != kDigits || !IsAllDigits(digits) || digits[0] == '0') {
    return Invalid("village_code.malformed");
  }
  return *ParseInteger(digits);
}

Result<std::string> ParseLanguageField(std::string_view text) {
  constexpr std::array<Word, 18> kWords = {{
      {"id", "id"},
      {"ind", "id"},
      {"indonesia", "id"},
      {"indonesian", "id"},
      {"en", "en"},
      {"eng", "en"},
      {"inggris", "en"},
      {"english", "en"},
      {"jv", "jv"},
      {"jw", "jv"},
      {"jawa", "jv"},
      {"javanese", "jv"},
      {"su", "su"},
      {"sunda", "su"},
      {"sundanese", "su"},
      {"mad", "mad"},
      {"madura", "mad"},
      {"madurese", "mad"},
  }};
  std::string word = ToLower(Trim(text));
  if (word.empty()) {
    return std::string("id");
  }
  if (word.starts_with("bahasa ")) {
    word.erase(0, 7);
  }
  const auto meaning = Meaning(kWords, Trim(word));
  if (!meaning) {
    return Invalid("language.unknown");
  }
  return std::string(*meaning);
}

Result<std::string_view> ParseReferenceField(std::string_view text) {
  constexpr std::size_t kMaxBytes = 64;
  text = Trim(text);
  if (text.empty()) {
    return Invalid("reference.missing");
  }
  if (text.size() > kMaxBytes) {
    return Invalid("reference.too_long");
  }
  const auto printable = [](char c) { return c > ' ' && c < 0x7F; };
  if (!std::all_of(text.begin(), text.end(), printable)) {
    return Invalid("reference.malformed");
  }
  return text;
}

}  // namespace jaring
