#include "insight/coverage_report.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>

#include "insight/insight_sql.h"
#include "insight/states_at.h"
#include "registry/enrolment.h"
#include "registry/group.h"

namespace jaring {
namespace {

constexpr Month kLastMonth = Month::FromYearMonth(2999, 12);
constexpr std::array<std::string_view, 6> kReportWords = {"",       "region", "branch",
                                                          "sector", "group",  "door"};

std::int64_t KeyOf(const CohortPlace& place, ReportBy by) {
  switch (by) {
    case ReportBy::kNothing:
      return 0;
    case ReportBy::kRegion:
      return place.regency_code;
    case ReportBy::kBranch:
      return place.branch_id;
    case ReportBy::kSector:
      return place.sector;
    case ReportBy::kGroup:
      return place.group_id;
    case ReportBy::kDoor:
      return place.door;
  }
  return 0;
}

struct Label {
  std::string code;
  std::string name;
};

using Labels = std::map<std::int64_t, Label>;

Result<Labels> LabelsFor(Tx& tx, const Scheme& scheme, ReportBy by) {
  Labels labels;
  if (by == ReportBy::kRegion) {
    JARING_RETURN_IF_ERROR(tx.Query(sql::kListRegionNames, {}, [&](const Row& row) {
      labels[row.Int(0)] = {std::to_string(row.Int(0)), std::string(row.Text(1))};
    }));
  } else if (by == ReportBy::kBranch) {
    JARING_ASSIGN_OR_RETURN(const auto branches, ListBranches(tx));
    for (const Branch& branch : branches) {
      labels[branch.branch_id] = {branch.code, branch.name};
    }
  } else if (by == ReportBy::kSector) {
    for (std::size_t i = 0; i < scheme.sectors.size(); ++i) {
      labels[static_cast<std::int64_t>(i)] = {scheme.sectors[i].code, scheme.sectors[i].name_id};
    }
  } else if (by == ReportBy::kGroup) {
    JARING_ASSIGN_OR_RETURN(const auto groups, ListGroups(tx));
    labels[0] = {"", "Tanpa wadah"};
    for (const Group& group : groups) {
      labels[group.group_id] = {group.code, group.name};
    }
  } else if (by == ReportBy::kDoor) {
    for (std::int64_t door = 1; door <= static_cast<std::int64_t>(Door::kSms); ++door) {
      const std::string code(DoorCode(static_cast<Door>(door)));
      labels[door] = {code, code};
    }
  }
  return labels;
}

/// Cohorts of a filter, as ranges of regencies, branches and groups.
std::vector<Value> CohortRange(const CoverageFilter& filter) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  constexpr std::int64_t kLastProvince = 99;
  const auto last = [](std::int64_t number) { return number == 0 ? kMost : number; };
  const bool is_province = filter.region_code != 0 && filter.region_code <= kLastProvince;
  return {is_province ? filter.region_code * 100 : filter.region_code,
          is_province ? filter.region_code * 100 + 99 : last(filter.region_code),
          filter.branch_id,
          last(filter.branch_id),
          filter.group_id,
          last(filter.group_id)};
}

using Figures = std::map<std::int64_t, CoverageFigures>;  // By what is reported by.

/// The sums that answer a question; nothing when only the cohorts of a part of the nation do.
std::optional<SumDimension> DimensionOf(ReportBy by, const CoverageFilter& filter) {
  const bool of_nation = filter == CoverageFilter{};
  switch (by) {
    case ReportBy::kRegion:
    case ReportBy::kBranch:
      return filter.group_id == 0 ? std::optional(SumDimension::kPlace) : std::nullopt;
    case ReportBy::kGroup:
      return of_nation ? std::optional(SumDimension::kGroup) : std::nullopt;
    case ReportBy::kNothing:
      if (!of_nation && filter.group_id == 0) {
        return SumDimension::kPlace;
      }
      break;
    case ReportBy::kSector:
    case ReportBy::kDoor:
      break;
  }
  return of_nation ? std::optional(SumDimension::kKind) : std::nullopt;
}

/// What a sum is counted under; nothing when the filter leaves it out.
std::optional<std::int64_t> KeyOf(const SumKey& key, ReportBy by, const CoverageFilter& filter) {
  if (key.dimension == SumDimension::kPlace) {
    const bool in_region = filter.region_code == 0 || key.first == filter.region_code ||
                           key.first / 100 == filter.region_code;
    if (!in_region || (filter.branch_id != 0 && key.second != filter.branch_id)) {
      return std::nullopt;
    }
  }
  return by == ReportBy::kBranch || by == ReportBy::kDoor ? key.second : key.first;
}

Result<Figures> ReadSums(Tx& tx, const StatesAt& states, SumDimension dimension, ReportBy by,
                         const CoverageFilter& filter) {
  Figures figures;
  JARING_RETURN_IF_ERROR(EachSum(tx, dimension, states.from(),
                                 [&](const SumKey& key, std::int64_t month, const SumCount& sum) {
                                   if (const auto counted = KeyOf(key, by, filter)) {
                                     states.Add(month, sum, figures[*counted]);
                                   }
                                 }));
  JARING_RETURN_IF_ERROR(EachClosingSum(
      tx, dimension, states.from(), [&](const ClosingSumKey& closing, std::int64_t spells) {
        if (const auto counted = KeyOf(closing.key, by, filter)) {
          states.AddClosed(closing.paid_through, closing.month, spells, figures[*counted]);
        }
      }));
  return figures;
}

CoverageFigures Total(const Figures& figures) {
  CoverageFigures total;
  for (const auto& [key, part] : figures) {
    total += part;
  }
  return total;
}

Result<CoverageReport> MakeReport(Tx& tx, const Scheme& scheme, Month month, ReportBy by,
                                  const Figures& figures) {
  CoverageReport report{.month = month, .total = Total(figures)};
  if (by == ReportBy::kNothing) {
    return report;
  }
  JARING_ASSIGN_OR_RETURN(const Labels labels, LabelsFor(tx, scheme, by));
  for (const auto& [key, sums] : figures) {
    const auto label = labels.find(key);
    JARING_CHECK(label != labels.end());
    report.rows.push_back({label->second.code, label->second.name, sums});
  }
  std::sort(report.rows.begin(), report.rows.end(),
            [](const CoverageReportRow& a, const CoverageReportRow& b) { return a.code < b.code; });
  return report;
}

}  // namespace

CoverageFigures& CoverageFigures::operator+=(const CoverageFigures& other) {
  registered += other.registered;
  active += other.active;
  grace += other.grace;
  lapsed += other.lapsed;
  ended += other.ended;
  joined += other.joined;
  returned += other.returned;
  lost += other.lost;
  received += other.received;
  return *this;
}

CoverageFigures& CoverageFigures::operator-=(const CoverageFigures& other) {
  registered -= other.registered;
  active -= other.active;
  grace -= other.grace;
  lapsed -= other.lapsed;
  ended -= other.ended;
  joined -= other.joined;
  returned -= other.returned;
  lost -= other.lost;
  received -= other.received;
  return *this;
}

ReportBy FindReportBy(std::string_view word) {
  for (std::size_t i = 1; i < kReportWords.size(); ++i) {
    if (kReportWords[i] == word) {
      return static_cast<ReportBy>(i);
    }
  }
  return ReportBy::kNothing;
}

Result<Done> EachCounter(Tx& tx, const std::function<void(const CounterRow&)>& on_row,
                         const CoverageFilter& filter, Month from) {
  const std::pair<std::int64_t, std::int64_t> spans[] = {{kAllMonths, kAllMonths},
                                                         {from.number(), kLastMonth.number()}};
  std::vector<Value> values = CohortRange(filter);
  values.resize(values.size() + 2);
  for (const auto& [first, last] : spans) {
    values[values.size() - 2] = first;
    values[values.size() - 1] = last;
    JARING_RETURN_IF_ERROR(tx.Query(sql::kListCoverageCounters, values, [&](const Row& row) {
      on_row({.cohort_id = row.Int(0),
              .month = row.Int(1),
              .count = {.registered = row.Int(2),
                        .begun = row.Int(3),
                        .paid_through = row.Int(4),
                        .restarted = row.Int(5),
                        .months_bought = row.Int(6),
                        .received_rupiah = row.Int(7)},
              .place = ReadPlace(row, 8)});
    }));
  }
  return Done{};
}

Result<Done> EachClosing(Tx& tx, const std::function<void(const ClosingRow&)>& on_row,
                         const CoverageFilter& filter) {
  return tx.Query(sql::kListClosingCounters, CohortRange(filter), [&](const Row& row) {
    const auto month = Month::ParseNumber(row.Int(1));
    JARING_CHECK(month.has_value());
    std::optional<Month> paid_through;
    if (const auto through = Month::ParseNumber(row.Int(2))) {
      paid_through = *through;
    }
    on_row({.key = {.cohort_id = row.Int(0), .month = *month, .paid_through = paid_through},
            .spells = row.Int(3),
            .place = ReadPlace(row, 4)});
  });
}

Result<CoverageReport> ReportCoverage(Tx& tx, const Scheme& scheme, Month month, ReportBy by,
                                      const CoverageFilter& filter) {
  const auto dimension = DimensionOf(by, filter);
  if (!dimension) {
    return AddUpCohorts(tx, scheme, month, by, filter);
  }
  const StatesAt states(scheme, month);
  JARING_ASSIGN_OR_RETURN(Figures figures, ReadSums(tx, states, *dimension, by, filter));
  if (by == ReportBy::kGroup) {  // Who is in no group is in no sum of groups.
    JARING_ASSIGN_OR_RETURN(const Figures everybody,
                            ReadSums(tx, states, SumDimension::kKind, ReportBy::kNothing, filter));
    CoverageFigures without = Total(everybody);
    without -= Total(figures);
    if (!(without == CoverageFigures{})) {
      figures[0] = without;
    }
  }
  return MakeReport(tx, scheme, month, by, figures);
}

Result<CoverageReport> AddUpCohorts(Tx& tx, const Scheme& scheme, Month month, ReportBy by,
                                    const CoverageFilter& filter) {
  const StatesAt states(scheme, month);
  Figures figures;
  JARING_RETURN_IF_ERROR(EachCounter(
      tx,
      [&](const CounterRow& row) {
        states.Add(row.month, {.count = row.count}, figures[KeyOf(row.place, by)]);
      },
      filter, states.from()));
  JARING_RETURN_IF_ERROR(EachClosing(
      tx,
      [&](const ClosingRow& row) {
        CoverageFigures& sums = figures[KeyOf(row.place, by)];
        const SumCount closed{.ended = row.spells, .closed = row.key.paid_through ? row.spells : 0};
        states.Add(kAllMonths, closed, sums);
        states.Add(row.key.month.number(), closed, sums);
        if (row.key.paid_through) {
          states.AddClosed(*row.key.paid_through, row.key.month, row.spells, sums);
        }
      },
      filter));
  return MakeReport(tx, scheme, month, by, figures);
}

}  // namespace jaring
