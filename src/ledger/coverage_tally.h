#pragma once

// Changes to the coverage counters, gathered over one transaction and then written once each.

#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "base/calendar.h"
#include "db/database.h"

namespace jaring {

/// One row of coverage_counter, or a change to it. What each field counts: migrations 0006, 0007.
struct CoverageCount {
  std::int64_t registered = 0;
  std::int64_t begun = 0;
  std::int64_t paid_through = 0;
  std::int64_t restarted = 0;
  std::int64_t months_bought = 0;
  std::int64_t received_rupiah = 0;

  CoverageCount& operator+=(const CoverageCount& other);
  CoverageCount& operator-=(const CoverageCount& other);
  friend bool operator==(const CoverageCount&, const CoverageCount&) = default;
};

/// One row of coverage_sum or village_counter, or a change to it.
struct SumCount {
  CoverageCount count;
  std::int64_t ended = 0;   // Closed in the month, less those that joined again.
  std::int64_t closed = 0;  // Of them, spells with months.

  SumCount& operator+=(const SumCount& other);
  SumCount& operator-=(const SumCount& other);
  friend bool operator==(const SumCount&, const SumCount&) = default;
};

/// In place of a month's number: all months together. Of them money is not counted.
inline constexpr std::int64_t kAllMonths = 0;

/// Spells of a unit that are ended from a month on, by the last month they had bought: by it they
/// leave the states of unclosed spells. Without that month only `ended` is counted: a closed spell
/// that another follows is ended no more.
struct ClosingKey {
  std::int64_t unit = 0;
  Month month = Month::FromYearMonth(1900, 1);
  std::optional<Month> paid_through;

  friend auto operator<=>(const ClosingKey&, const ClosingKey&) = default;
};

/// Counters of units of one sort: of cohorts, or of villages.
struct CounterSet {
  using Counts = std::map<std::pair<std::int64_t, Month>, SumCount>;
  using Closings = std::map<ClosingKey, std::int64_t>;
  using Numbered = std::map<std::pair<std::int64_t, std::int64_t>, SumCount>;

  Counts counts;
  Closings closings;

  /// What all months of a unit together make.
  std::map<std::int64_t, SumCount> AllMonths() const;

  /// What is not nothing, by unit and number of the month, and of all months.
  Numbered WithAllMonths() const;
};

/// Where somebody is counted.
struct CountedIn {
  std::int64_t cohort_id = 0;
  std::int64_t village_code = 0;
};

/// One run of paid months, as it is counted.
struct CountedSpell {
  CountedIn in;
  std::int64_t payer = 0;
  Month first_month;
  Month paid_through;
};

/// Everything is counted in its cohort and in its village, and what takes people out of cover by
/// its cause too. `sign`: +1 counts, -1 uncounts.
class CoverageTally {
 public:
  void Add(const CountedIn& in, Month month, const CoverageCount& change);
  void AddRegistered(const CountedIn& in, Month month, int sign);

  /// Months bought by a payment made in `month`.
  void AddMoney(const CountedIn& in, Month month, int months, std::int64_t rupiah);

  void AddSpell(const CountedSpell& spell, int sign);

  /// A spell is followed by one that begins in `month`.
  void AddRestarted(const CountedIn& in, Month month, int sign);

  /// The spell is closed by an event from `month` on.
  void AddClosing(const CountedSpell& spell, Month month, int sign);

  /// Who was ended is so no more from `month` on, having paid again.
  void AddRejoined(const CountedIn& in, Month month, int sign);

  /// An event that closes memberships, told once, whatever comes after.
  void AddEnd(const CountedIn& in, Month month, std::int64_t reason, int sign);

  const CounterSet& cohorts() const { return cohorts_; }
  const CounterSet& villages() const { return villages_; }
  const CounterSet& leavings() const { return leavings_; }  // By LeavingUnit.

  /// Takes what was gathered out of the tally.
  CounterSet TakeCohorts() { return std::exchange(cohorts_, {}); }
  CounterSet TakeVillages() { return std::exchange(villages_, {}); }
  CounterSet TakeLeavings() { return std::exchange(leavings_, {}); }

  /// Adds everything gathered to the stored counters and their sums; empties the tally.
  ///
  /// Errors: counter.cohort_unknown, those of Tx.
  Result<Done> Post(Tx& tx);

 private:
  void AddEnded(const CountedIn& in, Month month, int ended, int closed);

  CounterSet cohorts_;
  CounterSet villages_;
  CounterSet leavings_;
};

}  // namespace jaring
