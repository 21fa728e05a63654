#include "channels/text/date_words.h"

namespace jaring {

std::string_view MonthName(int month, Language language) {
  constexpr std::array<std::string_view, 12> kIndonesian = {
      "Januari", "Februari", "Maret",     "April",   "Mei",      "Juni",
      "Juli",    "Agustus",  "September", "Oktober", "November", "Desember"};
  constexpr std::array<std::string_view, 12> kEnglish = {
      "January", "February", "March",     "April",   "May",      "June",
      "July",    "August",   "September", "October", "November", "December"};
  const auto& names = language == Language::kEnglish ? kEnglish : kIndonesian;
  return names.at(static_cast<std::size_t>(month - 1));
}

std::string DateWords(Date date, Language language) {
  return std::to_string(date.day()) + " " + std::string(MonthName(date.month_of_year(), language)) +
         " " + std::to_string(date.year());
}

}  // namespace jaring
