#include "insight/coverage_report.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "insight/insight_sql.h"
#include "insight/states_at.h"
#include "registry/enrolment.h"
#include "registry/group.h"
#include "registry/region_code.h"

namespace jaring {
namespace {

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

/// Of a regency: those whose village in it nobody knows.
Label VillageUnknown(std::int64_t code) {
  return {std::to_string(code), "Tidak diketahui"};
}

/// Names of the regions with codes from `first` to `last`.
Result<Labels> RegionLabels(Tx& tx, std::int64_t first, std::int64_t last) {
  Labels labels;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListRegionNames, {first, last}, [&](const Row& row) {
    labels[row.Int(0)] = {std::to_string(row.Int(0)), std::string(row.Text(1))};
  }));
  return labels;
}

Result<Labels> LabelsFor(Tx& tx, const Scheme& scheme, ReportBy by) {
  if (by == ReportBy::kRegion) {
    return RegionLabels(tx, 1, kLastRegency);
  }
  Labels labels;
  if (by == ReportBy::kBranch) {
    JARING_ASSIGN_OR_RETURN(const auto branches, ListBranches(tx));
    for (const Branch& branch : branches) {
      labels[branch.branch_id] = {branch.code, branch.name};
    }
  } else if (by == ReportBy::kSector) {
    for (std::size_t i = 0; i < scheme.sectors.size(); ++i) {
      labels[static_cast<std::int64_t>(i)] = {scheme.sectors[i].code, scheme.sectors[i].name_id};
    }
  } else if (by == ReportBy::kGroup) {
    labels[0] = {"", "Tanpa wadah"};
    JARING_RETURN_IF_ERROR(tx.Query(sql::kListGroupNames, {}, [&](const Row& row) {
      labels.try_emplace(labels.end(), row.Int(0),
                         Label{std::string(row.Text(1)), std::string(row.Text(2))});
    }));
  } else if (by == ReportBy::kDoor) {
    for (std::int64_t door = 1; door <= static_cast<std::int64_t>(Door::kSms); ++door) {
      const std::string code(DoorCode(static_cast<Door>(door)));
      labels[door] = {code, code};
    }
  }
  return labels;
}

/// Figures by what is reported by, in its order. Keys mostly come rising, again and again, so the
/// place of the last one is remembered.
class Figures {
 public:
  CoverageFigures& operator[](std::int64_t key) {
    if (at_ + 1 < rows_.size() && rows_[at_].first < key) {
      ++at_;
    }
    if (at_ >= rows_.size() || rows_[at_].first != key) {
      const auto place =
          std::lower_bound(rows_.begin(), rows_.end(), key,
                           [](const auto& row, std::int64_t wanted) { return row.first < wanted; });
      at_ = static_cast<std::size_t>(place - rows_.begin());
      if (place == rows_.end() || place->first != key) {
        rows_.insert(place, {key, CoverageFigures{}});
      }
    }
    return rows_[at_].second;
  }
  std::size_t size() const { return rows_.size(); }
  auto begin() const { return rows_.begin(); }
  auto end() const { return rows_.end(); }

 private:
  std::vector<std::pair<std::int64_t, CoverageFigures>> rows_;
  std::size_t at_ = 0;
};

/// The sums that answer a question of one sector or door.
std::optional<SumRange> SumsOfKind(ReportBy by, const CoverageFilter& filter) {
  const bool of_nation = filter.region_code == 0;
  if (filter.branch_id != 0 || filter.region_code > kLastProvince || by == ReportBy::kBranch ||
      by == ReportBy::kGroup) {
    return std::nullopt;
  }
  if (by == ReportBy::kRegion) {
    return of_nation ? std::optional(SumRange{SumDimension::kProvinceKind}) : std::nullopt;
  }
  return of_nation ? SumRange{SumDimension::kKind}
                   : SumRange{SumDimension::kProvinceKind, filter.region_code, filter.region_code};
}

/// The sums that answer a question; nothing when only the cohorts of a part of the nation do.
std::optional<SumRange> SumsOf(ReportBy by, const CoverageFilter& filter) {
  if (filter.has_kind()) {
    return filter.group_id == 0 ? SumsOfKind(by, filter) : std::nullopt;
  }
  const bool of_nation = filter == CoverageFilter{};
  const bool of_province = filter.region_code != 0 && filter.region_code <= kLastProvince &&
                           filter.branch_id == 0 && filter.group_id == 0;
  const auto [first, last] = filter.regencies();
  const SumRange places{SumDimension::kPlace, first, last};
  switch (by) {
    case ReportBy::kRegion:
    case ReportBy::kBranch:
      return filter.group_id == 0 ? std::optional(places) : std::nullopt;
    case ReportBy::kGroup:
      return of_nation ? std::optional(SumRange{SumDimension::kGroup}) : std::nullopt;
    case ReportBy::kNothing:
      if (!of_nation && filter.group_id == 0) {
        return places;
      }
      break;
    case ReportBy::kSector:
    case ReportBy::kDoor:
      if (of_province) {
        return SumRange{SumDimension::kProvinceKind, filter.region_code, filter.region_code};
      }
      break;
  }
  return of_nation ? std::optional(SumRange{SumDimension::kKind}) : std::nullopt;
}

KindOfWork KindOf(const SumKey& key) {
  return key.dimension == SumDimension::kKind ? KindOfWork{key.first, key.second}
                                              : KindOfWork::OfNumber(key.second);
}

/// What a sum is counted under; nothing when the filter leaves it out.
std::optional<std::int64_t> KeyOf(const SumKey& key, ReportBy by, const CoverageFilter& filter) {
  if (key.dimension == SumDimension::kPlace) {
    if (filter.branch_id != 0 && key.second != filter.branch_id) {
      return std::nullopt;
    }
    return by == ReportBy::kBranch ? key.second : key.first;
  }
  if (key.dimension == SumDimension::kGroup) {
    return key.first;
  }
  const KindOfWork kind = KindOf(key);
  if (kind.sector != filter.sector.value_or(kind.sector) ||
      (filter.door != 0 && kind.door != filter.door)) {
    return std::nullopt;
  }
  if (by == ReportBy::kRegion) {
    return key.first;
  }
  return by == ReportBy::kDoor ? kind.door : kind.sector;
}

Result<Figures> ReadSums(Tx& tx, const StatesAt& states, const SumRange& range, ReportBy by,
                         const CoverageFilter& filter) {
  Figures figures;
  const SumReader add = [&](const SumKey& key, std::int64_t month, const SumCount& sum) {
    if (const auto counted = KeyOf(key, by, filter)) {
      states.Add(month, sum, figures[*counted]);
    }
  };
  JARING_RETURN_IF_ERROR(EachSumOfAll(tx, range, add));
  // Of months before the one asked about only those that are paid through count.
  JARING_RETURN_IF_ERROR(EachPaidThrough(tx, range, states.from(), states.month() - 1, add));
  JARING_RETURN_IF_ERROR(EachSum(tx, range, states.month(), kLastMonth, add));
  JARING_RETURN_IF_ERROR(EachClosingSum(
      tx, range, states.from(), kLastMonth, [&](const ClosingSumKey& closing, std::int64_t spells) {
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

CoverageReport MakeReport(Month month, const Figures& figures, Labels labels) {
  CoverageReport report{.month = month, .total = Total(figures), .rows = {}};
  report.rows.reserve(figures.size());
  for (const auto& [key, sums] : figures) {
    const auto label = labels.find(key);
    JARING_CHECK(label != labels.end());  // Each is used once.
    report.rows.push_back({std::move(label->second.code), std::move(label->second.name), sums});
  }
  std::sort(report.rows.begin(), report.rows.end(),
            [](const CoverageReportRow& a, const CoverageReportRow& b) { return a.code < b.code; });
  return report;
}

Result<CoverageReport> MakeReport(Tx& tx, const Scheme& scheme, Month month, ReportBy by,
                                  const Figures& figures) {
  if (by == ReportBy::kNothing) {
    return CoverageReport{.month = month, .total = Total(figures), .rows = {}};
  }
  JARING_ASSIGN_OR_RETURN(Labels labels, LabelsFor(tx, scheme, by));
  return MakeReport(month, figures, std::move(labels));
}

/// True where the counters of villages tell: a regency's part in a branch, a group, a sector or a
/// door is told whole.
bool IsOfVillages(ReportBy by, const CoverageFilter& filter) {
  return IsBelowRegency(filter.is_of_everybody() ? by : ReportBy::kNothing, filter.region_code);
}

/// The figures of some villages, by `key_of` their codes.
Result<Figures> ReadVillages(Tx& tx, const StatesAt& states, const Labels& villages,
                             const std::function<std::int64_t(std::int64_t)>& key_of) {
  std::vector<std::int64_t> codes;
  codes.reserve(villages.size());
  for (const auto& [code, label] : villages) {
    codes.push_back(code);
  }
  Figures figures;
  JARING_RETURN_IF_ERROR(
      EachVillageCounter(tx, codes, states.from(), [&](const VillageCounterRow& row) {
        states.Add(row.month, row.sum, figures[key_of(row.village_code)]);
      }));
  JARING_RETURN_IF_ERROR(
      EachVillageClosing(tx, codes, states.from(), [&](const ClosingKey& c, std::int64_t spells) {
        states.AddClosed(*c.paid_through, c.month, spells, figures[key_of(c.unit)]);
      }));
  return figures;
}

/// A regency by districts, a district by villages, or either as a whole.
Result<CoverageReport> ReportVillages(Tx& tx, const Scheme& scheme, Month month, ReportBy by,
                                      const CoverageFilter& filter) {
  const bool is_split = by == ReportBy::kRegion;
  if ((by != ReportBy::kNothing && !is_split) || !filter.is_of_everybody()) {
    return Invalid("report.region_too_small");
  }
  const auto [first, last] = VillagesOf(filter.region_code);
  JARING_ASSIGN_OR_RETURN(Labels labels, RegionLabels(tx, first, last));
  if (filter.region_code <= kLastRegency) {
    labels[first] = VillageUnknown(first);
  }
  const bool by_district = is_split && filter.region_code <= kLastRegency;
  const StatesAt states(scheme, month);
  JARING_ASSIGN_OR_RETURN(const Figures figures,
                          ReadVillages(tx, states, labels, [&](std::int64_t village) {
                            return by_district ? village / kVillagesPerDistrict : village;
                          }));
  if (!is_split) {
    return CoverageReport{.month = month, .total = Total(figures), .rows = {}};
  }
  if (by_district) {
    JARING_ASSIGN_OR_RETURN(
        labels, RegionLabels(tx, first / kVillagesPerDistrict, last / kVillagesPerDistrict));
    labels[first / kVillagesPerDistrict] = VillageUnknown(first / kVillagesPerDistrict);
  }
  return MakeReport(month, figures, std::move(labels));
}

}  // namespace

CoverageFigures& CoverageFigures::operator+=(const CoverageFigures& other) {
  registered += other.registered;
  active += other.active;
  grace += other.grace;
  lapsed += other.lapsed;
  ended += other.ended;
  joined += other.joined;
  paid += other.paid;
  returned += other.returned;
  left += other.left;
  lost += other.lost;
  months += other.months;
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
  paid -= other.paid;
  returned -= other.returned;
  left -= other.left;
  lost -= other.lost;
  months -= other.months;
  received -= other.received;
  return *this;
}

bool IsBelowRegency(ReportBy by, std::int64_t region_code) {
  return region_code > kLastRegency || (by == ReportBy::kRegion && region_code >= kFirstRegency);
}

ReportBy FindReportBy(std::string_view word) {
  for (std::size_t i = 1; i < kReportWords.size(); ++i) {
    if (kReportWords[i] == word) {
      return static_cast<ReportBy>(i);
    }
  }
  return ReportBy::kNothing;
}

Result<CoverageReport> ReportCoverage(Tx& tx, const Scheme& scheme, Month month, ReportBy by,
                                      const CoverageFilter& filter) {
  if (IsOfVillages(by, filter)) {
    return ReportVillages(tx, scheme, month, by, filter);
  }
  const auto sums = SumsOf(by, filter);
  if (!sums) {
    return AddUpCohorts(tx, scheme, month, by, filter);
  }
  const StatesAt states(scheme, month);
  JARING_ASSIGN_OR_RETURN(Figures figures, ReadSums(tx, states, *sums, by, filter));
  if (by == ReportBy::kGroup) {  // Who is in no group is in no sum of groups.
    JARING_ASSIGN_OR_RETURN(const Figures everybody, ReadSums(tx, states, {SumDimension::kKind},
                                                              ReportBy::kNothing, filter));
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
        states.AddClosing(row.key, row.spells, figures[KeyOf(row.place, by)]);
      },
      filter));
  return MakeReport(tx, scheme, month, by, figures);
}

}  // namespace jaring
