#pragma once

// A membership is closed by an event: the member stopped working, became a wage earner, died…

#include "registry/agency.h"
#include "registry/membership.h"

namespace jaring {

struct MembershipEnd {
  MemberNumber member;  // Any membership the person has; the newest is closed.
  Date ended_on = Date::FromYearMonthDay(1900, 1, 1);  // The first day without cover.
  EndReason reason = EndReason::kStoppedWorking;
};

/// Closes the membership; later money goes into suspense until the person is enrolled again. Months
/// paid beyond the end stay bought: whether they are given back is for the claim to say.
///
/// Errors: member.unknown, membership.already_ended, membership.end_in_future,
/// membership.end_before_joining, membership.paid_after_end (a payment of that day or later must be
/// taken back first, or be weighed by a refund: refund.h), and those of Tx.
Result<Done> EndMembership(Tx& tx, const Agency& agency, const MembershipEnd& end, Instant now);

}  // namespace jaring
