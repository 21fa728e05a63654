#include "channels/files/row_problem.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/calendar.h"
#include "base/text.h"

namespace jaring {
namespace {

/// Stars for letters and digits except the first `head` and the last `tail`.
std::string StarredBetween(std::string_view value, std::size_t head, std::size_t tail) {
  std::string masked(value);
  // A short value would be shown whole: then nothing of it is.
  const bool short_value = value.size() < head + tail + 4;
  const std::size_t from = short_value ? 0 : head;
  const std::size_t to = short_value ? value.size() : value.size() - tail;
  std::fill(masked.begin() + static_cast<std::ptrdiff_t>(from),
            masked.begin() + static_cast<std::ptrdiff_t>(to), '*');
  return masked;
}

/// One line that any terminal can show.
std::string Printable(std::string_view value) {
  constexpr std::size_t kMaxShown = 60;
  std::size_t cut = std::min(value.size(), kMaxShown);
  while (cut < value.size() && cut > 0 &&
         (static_cast<unsigned char>(value[cut]) & 0xC0U) == 0x80) {
    --cut;
  }
  std::string shown(value.substr(0, cut));
  const bool utf8 = IsUtf8(shown);
  for (char& c : shown) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < ' ' || byte == 0x7F || (byte >= 0x80 && !utf8)) {
      c = '?';
    }
  }
  return cut < value.size() ? shown + "…" : shown;
}

}  // namespace

std::string MaskedField(std::string_view column, std::string_view value) {
  if (column == "nik") {
    return Printable(StarredBetween(value, 6, 4));
  }
  if (column == "phone") {
    return Printable(StarredBetween(value, 4, 2));
  }
  if (column == "name") {
    return Printable(MaskedName(value));
  }
  if (column == "birth_date" && Date::Parse(value)) {
    return std::string(value.substr(0, 4)) + "-**-**";
  }
  return Printable(value);
}

void ProblemList::Add(RowProblem problem) {
  ++count_;
  if (kept_.size() < kKept) {
    kept_.push_back(std::move(problem));
  }
}

std::string ProblemList::Text(const Messages& messages) const {
  std::string text;
  auto out = std::back_inserter(text);
  for (const RowProblem& problem : kept_) {
    fmt::format_to(out, "baris/row {}", problem.row);
    if (!problem.column.empty()) {
      fmt::format_to(out, ", kolom/column {}", problem.column);
    }
    if (!problem.value.empty()) {
      fmt::format_to(out, ": \"{}\"", problem.value);
    }
    fmt::format_to(out, " [{}]\n  {}\n  {}\n", problem.rule,
                   messages.Text(problem.rule, Language::kIndonesian),
                   messages.Text(problem.rule, Language::kEnglish));
  }
  const std::int64_t more = count_ - static_cast<std::int64_t>(kept_.size());
  if (more > 0) {
    fmt::format_to(out, "dan {} lagi / and {} more\n", more, more);
  }
  return text;
}

}  // namespace jaring
