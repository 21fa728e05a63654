#pragma once

// What a child's scholarship pays in a school year.

#include <string_view>
#include <vector>

#include "rules/benefit_working.h"

namespace jaring {

/// What gave a right to scholarships, and who is left.
struct ScholarshipRight {
  Date event = Date::FromYearMonthDay(1900, 1, 1);  // The accident or the death.
  bool by_work = false;                             // JKK: no months needed.
  int contribution_months = 0;
};

/// The table whose levels hold for the event, or nullptr: no right, or another law's single sum.
///
/// Source: [pp82-2019] from 2 December 2019; JKM after three years.
const ScholarshipTable* ScholarshipFor(const Scheme& scheme, const ScholarshipRight& right);

/// A child as the family reports it for a school year.
struct Pupil {
  Date birth = Date::FromYearMonthDay(1900, 1, 1);
  int place = 1;  // Among the children who have a scholarship, by the family's choice; from 1.
  bool is_married = false;
  bool works = false;
  std::string_view level;  // "senior-secondary".
  int years_paid = 0;      // Of that level, before.
};

/// One school year, paid at once.
///
/// Errors: scholarship.level_unknown, scholarship.level_used_up, scholarship.too_many_children,
/// scholarship.too_old, scholarship.married, scholarship.works.
/// Source: [pp82-2019] amounts and years; [permenaker5-2021] below 23, not married, not working.
Result<Worked> ScholarshipYear(const ScholarshipTable& table, const Pupil& pupil, Date on);

}  // namespace jaring
