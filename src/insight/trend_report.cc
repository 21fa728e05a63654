#include "insight/trend_report.h"

#include "insight/insight_sql.h"
#include "registry/group.h"
#include "registry/region_code.h"

namespace jaring {
namespace {

/// 33, 3372, 337201 and 3372011001, as far as the region goes.
std::vector<std::int64_t> RegionsDownTo(std::int64_t region_code) {
  std::vector<std::int64_t> codes;
  if (region_code != 0) {
    const std::int64_t regency = RegencyOf(region_code);
    if (regency > kLastProvince) {
      codes.push_back(regency / 100);
    }
    codes.push_back(regency);
    if (region_code > kLastDistrict) {
      codes.push_back(region_code / kVillagesPerDistrict);
    }
    if (region_code != regency) {
      codes.push_back(region_code);
    }
  }
  return codes;
}

Result<Done> NameThePart(Tx& tx, const CoverageFilter& filter, TrendReport& report) {
  for (const std::int64_t code : RegionsDownTo(filter.region_code)) {
    JARING_RETURN_IF_ERROR(tx.Query(sql::kListRegionNames, {code, code}, [&](const Row& row) {
      report.regions.push_back({std::to_string(row.Int(0)), std::string(row.Text(1))});
    }));
  }
  if (filter.branch_id != 0) {
    JARING_ASSIGN_OR_RETURN(const auto branches, ListBranches(tx));
    for (const Branch& branch : branches) {
      if (branch.branch_id == filter.branch_id) {
        report.branch = PartName{branch.code, branch.name};
      }
    }
  }
  if (filter.group_id != 0) {
    JARING_ASSIGN_OR_RETURN(const auto groups,
                            ListGroupsOf(tx, {.group_id = filter.group_id}, 0, 1));
    for (const Group& group : groups) {
      report.group = PartName{group.code, group.name};
    }
  }
  return Done{};
}

}  // namespace

Result<TrendReport> ReportTrend(Tx& tx, const Scheme& scheme, Month month, int count, ReportBy by,
                                const CoverageFilter& filter) {
  if (count < 1 || count > kTrendMonths) {
    return Invalid("report.months_out_of_range");
  }
  TrendReport report;
  JARING_RETURN_IF_ERROR(NameThePart(tx, filter, report));
  for (Month at = month - (count - 1); at <= month; at = at + 1) {
    JARING_ASSIGN_OR_RETURN(
        CoverageReport figures,
        ReportCoverage(tx, scheme, at, at < month ? ReportBy::kNothing : by, filter));
    report.months.push_back(std::move(figures));
  }
  JARING_ASSIGN_OR_RETURN(report.causes, FindCauses(tx, scheme, month, filter));
  return report;
}

}  // namespace jaring
