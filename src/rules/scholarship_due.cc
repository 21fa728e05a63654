#include "rules/scholarship_due.h"

#include <algorithm>

#include "rules/benefit_quote.h"

namespace jaring {

const ScholarshipTable* ScholarshipFor(const Scheme& scheme, const ScholarshipRight& right) {
  const ScholarshipTable* table = FindScholarship(scheme, right.event);
  const bool has_right =
      table != nullptr &&
      (right.by_work || right.contribution_months >= table->jkm_needs_contribution_months);
  return has_right ? table : nullptr;
}

Result<Worked> ScholarshipYear(const ScholarshipTable& table, const Pupil& pupil, Date on) {
  const auto level = std::find_if(table.levels.begin(), table.levels.end(),
                                  [&](const auto& each) { return each.code == pupil.level; });
  if (level == table.levels.end()) {
    return Invalid("scholarship.level_unknown");
  }
  if (pupil.place < 1 || pupil.place > table.max_children) {
    return Invalid("scholarship.too_many_children");
  }
  if (AgeOn(pupil.birth, on) >= table.child_below_age) {
    return Invalid("scholarship.too_old");
  }
  if (pupil.is_married) {
    return Invalid("scholarship.married");
  }
  if (pupil.works) {
    return Invalid("scholarship.works");
  }
  if (pupil.years_paid < 0 || pupil.years_paid >= level->max_years) {
    return Invalid("scholarship.level_used_up");
  }
  return Worked{level->per_year, {{Term::kAtMost, level->sum.rupiah(), &level->mark}}};
}

}  // namespace jaring
