#include "insight/coverage_report.h"

#include <algorithm>
#include <array>
#include <map>

#include "insight/insight_sql.h"
#include "registry/enrolment.h"
#include "registry/group.h"
#include "rules/purchase.h"

namespace jaring {
namespace {

constexpr std::array<std::string_view, 6> kReportWords = {"",       "region", "branch",
                                                          "sector", "group",  "door"};

/// Spells whose last paid month is over, by how many months their grace is.
void AddUnpaid(int beyond_grace, std::int64_t spells, CoverageFigures& sum) {
  (beyond_grace <= 0 ? sum.grace : sum.lapsed) += spells;
  sum.lost += beyond_grace == 1 ? spells : 0;
}

/// Adds what one counter says of the state at the end of `month`.
///
/// A spell is one run of months, so it is active from the month it begins to the month it is paid
/// through, in grace for the months the scheme gives, and lapsed after, until it is followed by
/// another.
void AddCounter(const Scheme& scheme, const CounterRow& row, Month month, CoverageFigures& sum) {
  if (row.month == month) {
    sum.joined += row.count.registered;
    sum.returned += row.count.restarted;
    sum.received += Money::FromRupiah(row.count.received_rupiah);
  }
  if (row.month <= month) {
    sum.registered += row.count.registered;
    sum.active += row.count.begun;
    sum.lapsed -= row.count.restarted;
  }
  if (row.month < month) {
    sum.active -= row.count.paid_through;
    AddUnpaid(month - row.month - GraceMonths(scheme, row.month), row.count.paid_through, sum);
  }
}

/// Closed spells are ended, and no more what their months alone would make of them.
void AddClosing(const Scheme& scheme, const ClosingRow& row, Month month, CoverageFigures& sum) {
  if (row.key.month > month) {
    return;
  }
  sum.ended += row.spells;
  if (const auto through = row.key.paid_through) {
    if (*through >= month) {
      sum.active -= row.spells;
    } else {
      AddUnpaid(month - *through - GraceMonths(scheme, *through), -row.spells, sum);
    }
  }
}

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

CohortPlace ReadPlace(const Row& row, int column) {
  return {.branch_id = row.Int(column),
          .regency_code = row.Int(column + 1),
          .sector = row.Int(column + 2),
          .group_id = row.Int(column + 3),
          .door = row.Int(column + 4)};
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

ReportBy FindReportBy(std::string_view word) {
  for (std::size_t i = 1; i < kReportWords.size(); ++i) {
    if (kReportWords[i] == word) {
      return static_cast<ReportBy>(i);
    }
  }
  return ReportBy::kNothing;
}

Result<Done> EachCounter(Tx& tx, const std::function<void(const CounterRow&)>& on_row) {
  return tx.Query(sql::kListCoverageCounters, {}, [&](const Row& row) {
    const auto month = Month::ParseNumber(row.Int(1));
    JARING_CHECK(month.has_value());
    on_row({.cohort_id = row.Int(0),
            .month = *month,
            .count = {.registered = row.Int(2),
                      .begun = row.Int(3),
                      .paid_through = row.Int(4),
                      .restarted = row.Int(5),
                      .months_bought = row.Int(6),
                      .received_rupiah = row.Int(7)},
            .place = ReadPlace(row, 8)});
  });
}

Result<Done> EachClosing(Tx& tx, const std::function<void(const ClosingRow&)>& on_row) {
  return tx.Query(sql::kListClosingCounters, {}, [&](const Row& row) {
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

bool CoverageFilter::Holds(const CohortPlace& place) const {
  const bool in_region = region_code == 0 || place.regency_code == region_code ||
                         place.regency_code / 100 == region_code;
  return in_region && (branch_id == 0 || place.branch_id == branch_id) &&
         (group_id == 0 || place.group_id == group_id);
}

Result<CoverageReport> ReportCoverage(Tx& tx, const Scheme& scheme, Month month, ReportBy by,
                                      const CoverageFilter& filter) {
  CoverageReport report{.month = month};
  std::map<std::int64_t, CoverageFigures> figures;
  JARING_RETURN_IF_ERROR(EachCounter(tx, [&](const CounterRow& row) {
    if (!filter.Holds(row.place)) {
      return;
    }
    AddCounter(scheme, row, month, report.total);
    if (by != ReportBy::kNothing) {
      AddCounter(scheme, row, month, figures[KeyOf(row.place, by)]);
    }
  }));
  JARING_RETURN_IF_ERROR(EachClosing(tx, [&](const ClosingRow& row) {
    if (!filter.Holds(row.place)) {
      return;
    }
    AddClosing(scheme, row, month, report.total);
    if (by != ReportBy::kNothing) {
      AddClosing(scheme, row, month, figures[KeyOf(row.place, by)]);
    }
  }));
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

}  // namespace jaring
