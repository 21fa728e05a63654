#pragma once

// What the registers know that a claim is judged by. Read once; the judging itself is pure.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "claims/claim_schedule.h"
#include "collection/refund.h"
#include "registry/agency.h"
#include "registry/membership.h"
#include "rules/claim_cover.h"
#include "rules/tariff.h"

namespace jaring {

/// What an instalment is judged by.
struct InstalmentGround {
  ClaimSchedule schedule;
  int instalment_no = 0;
  Date due_on = Date::FromYearMonthDay(1900, 1, 1);
  Claim right;                                // The claim it comes from.
  std::map<std::string, int> years_by_level;  // Of this child, owed or paid by other instalments.
};

struct ClaimGround {
  std::string name;
  Date birth = Date::FromYearMonthDay(1900, 1, 1);
  std::int64_t branch_id = 0;
  std::optional<Date> begun_on;  // When the claim was first told; of one not stored yet nothing.
  Terms terms;                   // Of the membership that the day of the event falls into.
  std::vector<CoveredSpell> spells;  // Begun by then; what the event itself ended is still open.
  std::vector<PaidMonths> payments;
  int contribution_months = 0;  // Through the month of the event.
  int savings_months = 0;       // Of them, those that saved.
  Money savings;                // Without that of the months that are given back.
  Refund refund;                // Where the event ends the membership.
  bool savings_gone = false;    // Paid out, also of months that else were given back.
  bool part_taken = false;      // Of the savings, by an earlier claim.
  Money paid_before;            // Of the event: months that other claims gave.
  std::optional<InstalmentGround> instalment;    // Of an instalment.
  std::optional<ClaimNumber> death_by_accident;  // Of a death: an accident that told the same.
  std::vector<Claim> others;           // Other claims of the person, those withdrawn left out.
  std::vector<std::string> papers;     // Codes of those that were brought.
  std::vector<ClaimPayee> payees;      // As told last.
  std::int64_t people_of_account = 1;  // The most people whose claims name one of her accounts.
  std::int64_t people_of_paper = 1;    // The same for one of her papers,
  std::int64_t people_of_doctor = 1;   // and for the doctor.
};

/// Why the event ends a membership; nothing: it does not.
std::optional<EndReason> EndingOf(const ClaimFacts& facts);

/// Reads it for a claim; `number.claim_seq` 0: one that is not stored yet.
///
/// Errors: member.unknown, those of Tx.
Result<ClaimGround> LoadClaimGround(Tx& tx, const Agency& agency, const ClaimNumber& number,
                                    const ClaimFacts& facts);

}  // namespace jaring
