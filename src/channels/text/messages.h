#pragma once

// Every sentence a user can read, by rule id, in the languages we speak. The sentences are data
// (data/messages.toml), so that somebody who writes well and no C++ can better them.

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace jaring {

enum class Language : std::uint8_t { kIndonesian, kEnglish, kJavanese, kSundanese, kMadurese };
inline constexpr std::size_t kLanguageCount = 5;

/// Every sentence is there in these; in the others where somebody has written it.
constexpr bool IsAlwaysSpoken(Language language) {
  return language == Language::kIndonesian || language == Language::kEnglish;
}

/// "id", "en", "jv", "su", "mad": also the code for the lang attribute of a page.
std::string_view LanguageCode(Language language);

/// By code, any case, with or without a region ("en-GB"); nothing for a language we do not speak.
std::optional<Language> FindLanguage(std::string_view code);

/// The language an Accept-Language header asks for; Indonesian when it names none of ours.
Language PreferredLanguage(std::string_view accept_language);

/// A catalogue of sentences. Reads tables such as
///
///     [nik.not_sixteen_digits]
///     id = "Isi lengkap 16 angka NIK."
///     en = "Enter all 16 digits of the NIK."
///
/// Thread: any number of readers.
class Messages {
 public:
  /// Errors: messages.unreadable, messages.malformed.
  static Result<Messages> Load(const std::string& path);

  /// Every sentence must be there in Indonesian and English, and may be in the other languages;
  /// there is nothing else, and none is empty.
  ///
  /// Errors: messages.malformed.
  static Result<Messages> Parse(std::string_view toml);

  /// The sentence for `rule`, in Indonesian where there is none in `language`; for an unknown rule
  /// a general one that names it, so that a user is never left without words.
  std::string Text(std::string_view rule, Language language) const;

  /// The language that Text speaks.
  Language Spoken(std::string_view rule, Language language) const;

  /// How many sentences are not there in `language`.
  std::size_t missing(Language language) const;

  bool Has(std::string_view rule) const { return sentences_.find(rule) != sentences_.end(); }
  std::size_t size() const { return sentences_.size(); }

 private:
  using Sentence = std::array<std::string, kLanguageCount>;  // Empty: nobody has written it.

  std::map<std::string, Sentence, std::less<>> sentences_;
};

}  // namespace jaring
