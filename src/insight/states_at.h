#pragma once

// How many stand how at the end of a month, from counters.

#include <algorithm>
#include <limits>

#include "insight/coverage_report.h"
#include "ledger/coverage_sums.h"
#include "rules/purchase.h"

namespace jaring {

/// States at the end of a month, from what is counted of all months together and of those that are
/// not over, or not long, when the month ends.
///
/// A spell is one run of months, so it is active from the month it begins to the month it is paid
/// through, in grace for the months the scheme gives, and lapsed after, until it is followed by
/// another. All spells are taken for lapsed, then those that are not are taken off.
class StatesAt {
 public:
  StatesAt(const Scheme& scheme, Month month) : scheme_(scheme), month_(month) {
    int longest = 0;
    int shortest = std::numeric_limits<int>::max();
    for (const DatedNumber& grace : scheme.parameters.grace_months) {
      longest = std::max(longest, static_cast<int>(grace.value));
      shortest = std::min(shortest, static_cast<int>(grace.value));
    }
    from_ = month - longest - 1;
    lost_until_ = month - std::min(longest, shortest) - 1;
  }

  /// Spells that were paid through a month before have lapsed, and not just now.
  Month from() const { return from_; }
  Month month() const { return month_; }

  /// Who lapses in the month was paid through a month from from() to this one.
  Month lost_until() const { return lost_until_; }

  /// Adds what is counted of a month from from() on, or of all (kAllMonths).
  void Add(std::int64_t month_number, const SumCount& sum, CoverageFigures& figures) const {
    if (month_number == kAllMonths) {
      figures.registered += sum.count.registered;
      figures.paid += FirstPaid(sum);
      figures.lapsed += sum.count.paid_through - sum.count.restarted - sum.closed;
      figures.ended += sum.ended;
      return;
    }
    const auto at = Month::ParseNumber(month_number);
    JARING_CHECK(at.has_value());
    if (*at > month_) {
      figures.registered -= sum.count.registered;
      figures.paid -= FirstPaid(sum);
      figures.active -= sum.count.begun;
      figures.lapsed += sum.count.restarted + sum.closed;
      figures.ended -= sum.ended;
    } else if (*at == month_) {
      figures.joined += sum.count.registered;
      figures.returned += sum.count.restarted;
      figures.left += sum.ended;
      figures.months += sum.count.months_bought;
      figures.received += Money::FromRupiah(sum.count.received_rupiah);
    }
    if (*at >= from_) {
      AddStanding(*at, sum.count.paid_through, figures);
    }
  }

  /// Adds spells of a counting unit that were closed.
  void AddClosing(const ClosingKey& closing, std::int64_t spells, CoverageFigures& figures) const {
    const SumCount closed{.ended = spells, .closed = closing.paid_through ? spells : 0};
    Add(kAllMonths, closed, figures);
    Add(closing.month.number(), closed, figures);
    if (closing.paid_through) {
      AddClosed(*closing.paid_through, closing.month, spells, figures);
    }
  }

  /// Adds spells closed in `closed_in`, which are in the ended and closed ones of that month too:
  /// they are ended, and no more what their months alone would make of them.
  void AddClosed(Month paid_through, Month closed_in, std::int64_t spells,
                 CoverageFigures& figures) const {
    if (closed_in <= month_ && paid_through >= from_) {
      AddStanding(paid_through, -spells, figures);
    }
  }

 private:
  /// Spells that follow no other: all that begin, but those that follow one that lapsed or, with
  /// months, was closed.
  static std::int64_t FirstPaid(const SumCount& sum) {
    return sum.count.begun - sum.count.restarted + sum.ended - sum.closed;
  }

  /// Spells that are not lapsed, of those counted as lapsed with all months.
  void AddStanding(Month paid_through, std::int64_t spells, CoverageFigures& figures) const {
    const int beyond =
        paid_through >= month_ ? 0 : month_ - paid_through - GraceMonths(scheme_, paid_through);
    if (beyond <= 0) {
      (paid_through >= month_ ? figures.active : figures.grace) += spells;
      figures.lapsed -= spells;
    } else if (beyond == 1) {
      figures.lost += spells;
    }
  }

  const Scheme& scheme_;
  const Month month_;
  Month from_ = Month::FromYearMonth(1900, 1);
  Month lost_until_ = from_;
};

}  // namespace jaring
