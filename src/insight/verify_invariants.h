#pragma once

// The names of everything `jaring verify` checks, in its order.

#include <array>

namespace jaring {

inline constexpr std::array kInvariants = {"person.money_explained",
                                           "person.credit_kept",
                                           "person.spells_kept",
                                           "person.cover_from_kept",
                                           "person.end_explained",
                                           "person.spells_in_order",
                                           "person.months_without_hole",
                                           "contribution.tariff",
                                           "contribution.reversal",
                                           "payment.reversal",
                                           "suspense.explained",
                                           "journal.balanced",
                                           "journal.equals_payments",
                                           "journal.equals_contributions",
                                           "journal.equals_credit",
                                           "journal.equals_suspense",
                                           "journal.equals_claims",
                                           "claim.newest_step",
                                           "claim.amounts",
                                           "claim.withdrawn",
                                           "claim.refunded",
                                           "claim.payouts",
                                           "schedule.next_day",
                                           "schedule.instalments",
                                           "schedule.sums",
                                           "late.explained",
                                           "close.balances_kept",
                                           "month.finished",
                                           "return.reckoned",
                                           "return.run_kept",
                                           "return.finished",
                                           "counter.recount",
                                           "counter.sums",
                                           "reference.one_payment",
                                           "identity.unique",
                                           "membership.has_person",
                                           "membership.in_its_cohort",
                                           "merge.money_moved",
                                           "merge.months_once",
                                           "merge.in_step"};

}  // namespace jaring
