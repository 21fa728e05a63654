#pragma once

// Money given back with a claim that ends a membership: months paid beyond the month of the event,
// and credit that will buy nothing any more.

#include <cstdint>
#include <optional>

#include "base/calendar.h"
#include "registry/agency.h"
#include "rules/programme.h"

namespace jaring {

/// What a member paid herself and gets back. Months that somebody else paid for stay bought:
/// whether they are given back is agreed with who paid.
///
/// The savings parts leave the savings together with their months, so a claim for the savings has
/// to be reckoned on what remains (see ClaimGround::savings): they are given once, here, and never
/// taxed.
struct Refund {
  ByProgramme parts;  // Of the months, as they were split when they were paid.
  int months = 0;
  std::optional<Month> first_month;
  std::optional<Month> last_month;
  Money credit;                 // Not spent on any month.
  int months_by_agreement = 0;  // Paid by somebody else, so not given back here.
  bool paid_since_event = false;

  Money total() const { return parts.total() + credit; }
};

/// What would be given back to a person, and those merged into her, for months after `event`.
///
/// Errors: member.unknown, tariff.none_for_month, those of Tx.
Result<Refund> PlanRefund(Tx& tx, const Agency& agency, std::int64_t person_id, Date event);

/// The claim that money is given back with.
struct RefundedWith {
  std::int64_t person_id = 0;
  int claim_seq = 0;
};

/// Gives it back: the months are bought no more, the credit is empty, and no payment from before
/// can be taken back (reversal.refunded). The debit of member credit for the total is the caller's:
/// it stands in the journal of the claim.
///
/// Errors: as PlanRefund.
Result<Refund> GiveRefund(Tx& tx, const Agency& agency, const RefundedWith& claim, Date event,
                          Instant now);

}  // namespace jaring
