#pragma once

// What all pages share: the frame, the style, the words and safe HTML.

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/calendar.h"
#include "channels/http/http_types.h"
#include "channels/text/messages.h"

namespace jaring {

/// `text` with &, <, >, " and ' made harmless, for content and attributes alike.
std::string EscapeHtml(std::string_view text);

/// The words of one page in one language.
class PageWords {
 public:
  /// What nobody has written in `language` yet is said in Indonesian.
  PageWords(const Messages& texts, Language language) : texts_(texts), language_(language) {}

  Language language() const { return language_; }

  /// The words of "cover/title", that is [cover.title], as HTML, with {0}, {1}… filled in and
  /// everything escaped.
  std::string operator()(std::string_view key,
                         std::initializer_list<std::string_view> arguments = {}) const;

  /// True when there are words for "did/person_read".
  bool Has(std::string_view key) const;

  /// "31 Maret 2026", "31 March 2026".
  std::string Day(Date date) const;
  /// "Maret 2026", "March 2026".
  std::string MonthName(Month month) const;
  /// "1.234" in Indonesian, "1,234" in English.
  std::string Number(std::int64_t number) const;

 private:
  std::string TextOf(std::string_view key) const;

  const Messages& texts_;
  Language language_;
};

/// What the frame needs to know of a page.
struct PageFrame {
  std::string title;         // HTML.
  std::string_view path;     // For the links to the other languages: "/cover".
  std::string_view current;  // "overview", "cover" or "".
  std::string body;          // HTML, inside <main>.
  bool is_demo = false;
};

/// The whole page with its headers: CSP, language.
HttpResponse PageResponse(int status, const PageWords& words, const PageFrame& frame);

}  // namespace jaring
