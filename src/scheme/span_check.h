#pragma once

// Dated rows must follow each other without gaps or overlaps.

#include <fmt/format.h>

#include <string_view>
#include <utility>
#include <vector>

#include "rules/scheme_mark.h"
#include "scheme/scheme_problem.h"

namespace jaring {

inline Month NextOf(Month month) {
  return month + 1;
}
inline Date NextOf(Date date) {
  return date.AddDays(1);
}

/// `spans` in the order of the folder. `Span` is MonthSpan or DateSpan.
template <typename Span>
void CheckSpansMeet(const std::vector<std::pair<Span, SchemePlace>>& spans, std::string_view what,
                    SchemeProblems& problems) {
  for (std::size_t i = 1; i < spans.size(); ++i) {
    const Span& above = spans[i - 1].first;
    const Span& row = spans[i].first;
    if (!above.last || row.first <= *above.last) {
      problems.Add(spans[i].second, fmt::format("{}: this row overlaps the one above it", what));
    } else if (row.first != NextOf(*above.last)) {
      problems.Add(spans[i].second,
                   fmt::format("{}: a gap from {} up to this row, which begins {}", what,
                               NextOf(*above.last).ToString(), row.first.ToString()));
    }
  }
}

/// Like CheckSpansMeet; the rows must also reach from `begins` to the open end.
template <typename Span, typename Point>
void CheckSpansWhole(const std::vector<std::pair<Span, SchemePlace>>& spans, Point begins,
                     std::string_view what, SchemeProblems& problems) {
  if (spans.empty()) {
    return;
  }
  CheckSpansMeet(spans, what, problems);
  if (spans.front().first.first > begins) {
    problems.Add(spans.front().second,
                 fmt::format("{}: a gap from the scheme's beginning {} up to this row", what,
                             begins.ToString()));
  }
  if (spans.back().first.last) {
    problems.Add(spans.back().second, fmt::format("{}: the last row must have no \"to\"", what));
  }
}

}  // namespace jaring
