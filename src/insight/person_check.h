#pragma once

// The invariants of one person's rows, recomputed from payments and contributions alone.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collection/posting.h"
#include "collection/savings_run.h"
#include "ledger/coverage_tally.h"
#include "registry/membership.h"

namespace jaring {

struct PaymentRow {
  std::int64_t payment_id = 0;
  std::int64_t partner_id = 0;
  PaymentKind kind = PaymentKind::kPayment;
  Money amount;
  Instant paid_at = Instant::FromMicros(0);
  Instant posted_at = Instant::FromMicros(0);
  std::optional<std::int64_t> of_payment_id;
  std::optional<Date> booked_on;  // Its own day was closed.

  Date booking_day() const { return booked_on.value_or(paid_at.JakartaDate()); }
};

struct ContributionRow {
  std::int64_t contribution_id = 0;
  int membership_seq = 0;
  std::int64_t payment_id = 0;
  Month first_month = Month::FromYearMonth(1900, 1);
  int months = 0;  // Negative in a reversing row.
  ByProgramme parts;
  std::optional<std::int64_t> reverses_id;
  Instant posted_at = Instant::FromMicros(0);
};

/// An event that closed memberships, as it was told.
struct ToldEnd {
  int membership_seq = 0;  // The newest then.
  Date ended_on = Date::FromYearMonthDay(1900, 1, 1);
  std::int64_t reason = 0;
};

struct PersonRows {
  std::int64_t person_id = 0;
  std::vector<Membership> memberships;
  std::vector<ToldEnd> ends;
  std::vector<PaymentRow> payments;
  std::vector<ContributionRow> contributions;
  std::vector<SavingsAccount::Credited> returns;  // By year.
  std::vector<SavingsAccount::Change> withdrawals;
};

/// Rows of kScanPayments and kScanContributions.
PaymentRow ReadPaymentRow(const Row& row);
ContributionRow ReadContributionRow(const Row& row);

struct PersonFindings {
  std::vector<std::string> broken;  // Names of invariants.
  ByProgramme parts;                // Of all contributions, reversing rows taken off.
  Money credit;
};

/// A row of kScanCreditMoves, as a payment.
PaymentRow ReadMoveRow(const Row& row);

/// What the person's savings were credited, year by year, as it should stand there: by the runs in
/// the order of years, of which one may not have come to her yet.
std::vector<SavingsAccount::Credited> RecomputeReturns(const PersonRows& person,
                                                       const std::vector<ReturnRun>& runs);

/// What of a person is counted here: of one found to be the same as another, only the money.
enum class Counting : std::uint8_t { kAll, kMoneyOnly };

/// Counts the person in `counters`, as it should stand there.
PersonFindings CheckPersonRows(const Scheme& scheme, const PersonRows& person, Counting counting,
                               CoverageTally& counters);

}  // namespace jaring
