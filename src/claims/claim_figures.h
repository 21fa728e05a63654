#pragma once

// How the claims of a time were handled: how many were decided by whom, refused for what, paid how
// soon, and how much by programme.

#include <cstdint>
#include <map>
#include <string>

#include "claims/claim.h"
#include "db/database.h"

namespace jaring {

struct ClaimFigures {
  std::map<ClaimState, std::int64_t> now;        // Claims in each state, whenever begun.
  std::map<std::string, std::int64_t> approved;  // By "one_person", "second_person", "by_rule".
  std::map<std::string, std::int64_t> refused;   // By reason, objected to since or not.
  std::map<Programme, Money> given;              // By the decisions, before tax.
  Money given_back;  // Members' own money, with them: months beyond the event, credit.
  Money tax;
  std::int64_t paid = 0;       // Claims of which the last payee was paid,
  std::int64_t paid_late = 0;  // and those of them after the last day by law.
  std::int64_t days = 0;       // From complete to paid, of all of them together; of the calendar.
  std::int64_t most_days = 0;
  Money penalties;                 // Paid for being late.
  std::int64_t begun = 0;          // Claims begun in the time, drafts too,
  std::int64_t without_visit = 0;  // and those of them that no counter wrote down.
};

/// What happened from one day to another, both included.
Result<ClaimFigures> ReportClaimFigures(Tx& tx, Date from, Date to);

}  // namespace jaring
