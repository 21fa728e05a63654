#include <fmt/format.h>

#include <algorithm>

#include "scheme/section_readers.h"
#include "scheme/span_check.h"

namespace jaring {
namespace {

/// Only the fields of the row's own kind are taken, so a field of another kind is refused.
BenefitRow ReadBenefitRow(SchemeTable& row) {
  BenefitRow read;
  read.days = row.Days();
  read.kind =
      row.Choice<BenefitKind>("kind", {{"service", BenefitKind::kService},
                                       {"fixed", BenefitKind::kFixed},
                                       {"receipts", BenefitKind::kReceipts},
                                       {"base_monthly", BenefitKind::kBaseMonthly},
                                       {"base_multiple", BenefitKind::kBaseMultiple},
                                       {"table_multiple", BenefitKind::kTableMultiple},
                                       {"loss_table_multiple", BenefitKind::kLossTableMultiple},
                                       {"price_plus", BenefitKind::kPricePlus},
                                       {"account_share", BenefitKind::kAccountShare}});
  switch (read.kind) {
    case BenefitKind::kService:
      break;
    case BenefitKind::kFixed:
      read.amount = row.Rupiah("amount");
      break;
    case BenefitKind::kReceipts:
      read.cap = row.Rupiah("cap");
      break;
    case BenefitKind::kBaseMonthly:
      read.share = row.Ppm("share_ppm");
      read.month_from = row.Count("month_from", 1, 600);
      read.month_to = row.OptionalCount("month_to", read.month_from, 600);
      break;
    case BenefitKind::kBaseMultiple:
      read.share = row.Ppm("share_ppm");
      read.multiple = row.Count("multiple", 1, 1000);
      break;
    case BenefitKind::kTableMultiple:
    case BenefitKind::kLossTableMultiple:
      read.multiple = row.Count("multiple", 1, 1000);
      break;
    case BenefitKind::kPricePlus:
      read.share = row.Ppm("share_ppm");
      read.cap = row.OptionalRupiah("cap");
      break;
    case BenefitKind::kAccountShare:
      read.share = Rate::FromPpm(row.Number("share_ppm", 0, 1'000'000));
      break;
  }
  read.needs_contribution_months =
      row.OptionalCount("needs_contribution_months", 1, 600).value_or(0);
  read.needs_child = row.Has("needs_child") && row.Flag("needs_child");
  read.at_least = row.OptionalText("at_least");
  read.mark = row.ReadMark();
  return read;
}

const Benefit* FindBenefit(const Scheme& scheme, std::string_view id) {
  for (const Benefit& benefit : scheme.benefits) {
    if (benefit.id == id) {
      return &benefit;
    }
  }
  return nullptr;
}

/// Every day on which some part of the total changes, the first day of the total included.
std::vector<Date> DaysOfChange(const Scheme& scheme, const BenefitTotal& total) {
  std::vector<Date> days = {total.days.first};
  for (const std::string& part : total.parts) {
    const Benefit* benefit = FindBenefit(scheme, part);
    for (const BenefitRow& row : benefit != nullptr ? benefit->rows : std::vector<BenefitRow>()) {
      if (total.days.Has(row.days.first)) {
        days.push_back(row.days.first);
      }
    }
  }
  std::sort(days.begin(), days.end());
  days.erase(std::unique(days.begin(), days.end()), days.end());
  return days;
}

void CheckTotal(SchemeLoading& loading, const BenefitTotal& total, const SchemePlace& place) {
  for (const Date day : DaysOfChange(loading.scheme, total)) {
    std::int64_t sum = 0;
    for (const std::string& part : total.parts) {
      const Benefit* benefit = FindBenefit(loading.scheme, part);
      const BenefitRow* row = benefit != nullptr ? FindRow(benefit->rows, day) : nullptr;
      if (row == nullptr || row->kind != BenefitKind::kFixed) {
        loading.problems.Add(place, fmt::format("{}: \"{}\" is no fixed benefit on {}", total.id,
                                                part, day.ToString()));
        return;
      }
      sum += row->amount.rupiah();
    }
    if (sum != total.amount.rupiah()) {
      loading.problems.Add(place, fmt::format("{}: the parts make {} on {}, not {}", total.id, sum,
                                              day.ToString(), total.amount.rupiah()));
    }
  }
}

}  // namespace

void ReadBenefit(SchemeLoading& loading, const TomlNode& table) {
  SchemeTable reader(loading, table);
  Benefit benefit;
  benefit.id = reader.Slug("id");
  benefit.programme = reader.OneProgramme("programme");
  benefit.events = ReadEvents(reader);
  benefit.name_id = reader.Text("name_id");
  benefit.name_en = reader.Text("name_en");
  loading.Once("benefit", benefit.id, reader.place());
  std::vector<std::pair<DateSpan, SchemePlace>> spans;
  for (const TomlNode* node : reader.Tables("rows")) {
    SchemeTable row(loading, *node);
    benefit.rows.push_back(ReadBenefitRow(row));
    spans.emplace_back(benefit.rows.back().days, row.place());
    if (!benefit.rows.back().at_least.empty()) {
      loading.benefit_references.emplace_back(benefit.rows.back().at_least, row.place());
    }
  }
  CheckSpansMeet(spans, benefit.id, loading.problems);
  loading.scheme.benefits.push_back(std::move(benefit));
}

void ReadBenefitTotal(SchemeLoading& loading, const TomlNode& table) {
  SchemeTable reader(loading, table);
  BenefitTotal total;
  total.id = reader.Slug("id");
  total.parts = reader.Texts("parts");
  total.days = reader.Days();
  total.amount = reader.Rupiah("amount");
  total.mark = reader.ReadMark();
  loading.Once("total", total.id, reader.place());
  loading.total_places.push_back(reader.place());
  loading.scheme.benefit_totals.push_back(std::move(total));
}

namespace {

ScholarshipLevel ReadLevel(SchemeLoading& loading, const TomlNode& node) {
  SchemeTable row(loading, node);
  ScholarshipLevel level;
  level.code = row.Slug("code");
  level.name_id = row.Text("name_id");
  level.name_en = row.Text("name_en");
  level.per_year = row.Rupiah("per_year");
  level.max_years = row.Count("max_years", 1, 100);
  level.sum = row.Rupiah("sum");
  level.mark = row.ReadMark();
  if (level.per_year.rupiah() * level.max_years != level.sum.rupiah()) {
    row.Problem(fmt::format("{} years of {} make {}, not {}", level.max_years,
                            level.per_year.rupiah(), level.per_year.rupiah() * level.max_years,
                            level.sum.rupiah()));
  }
  return level;
}

}  // namespace

void ReadScholarship(SchemeLoading& loading, const TomlNode& table) {
  SchemeTable reader(loading, table);
  ScholarshipTable read;
  read.days = reader.Days();
  read.max_children = reader.Count("max_children", 1, 100);
  read.child_below_age = reader.Count("child_below_age", 1, 150);
  read.jkm_needs_contribution_months = reader.Count("jkm_needs_contribution_months", 0, 600);
  read.per_child = reader.Rupiah("per_child");
  read.total = reader.Rupiah("total");
  read.mark = reader.ReadMark();
  std::int64_t sum = 0;
  for (const TomlNode* node : reader.Tables("levels")) {
    read.levels.push_back(ReadLevel(loading, *node));
    sum += read.levels.back().sum.rupiah();
  }
  if (sum != read.per_child.rupiah()) {
    reader.Problem(
        fmt::format("the levels make {} per child, not {}", sum, read.per_child.rupiah()));
  }
  if (read.per_child.rupiah() * read.max_children != read.total.rupiah()) {
    reader.Problem(fmt::format("{} children make {}, not {}", read.max_children,
                               read.per_child.rupiah() * read.max_children, read.total.rupiah()));
  }
  loading.scheme.scholarships.push_back(std::move(read));
}

void ReadDeclaredReturn(SchemeLoading& loading, const TomlNode& table) {
  SchemeTable reader(loading, table);
  DeclaredReturn read;
  read.year = reader.Count("year", 1978, 2199);
  read.rate = Rate::FromPpm(reader.Number("ppm", 0, 1'000'000));
  read.deposit_rate = reader.OptionalPpm("deposit_ppm");
  read.mark = reader.ReadMark();
  loading.Once("declared return of", std::to_string(read.year), reader.place());
  if (read.deposit_rate && *read.deposit_rate > read.rate) {
    reader.Problem("the return is below the deposit rate, which the law does not allow");
  }
  loading.scheme.declared_returns.push_back(std::move(read));
}

void ReadAgentPay(SchemeLoading& loading, const TomlNode& table) {
  SchemeTable reader(loading, table);
  AgentPay pay;
  pay.id = reader.Slug("id");
  pay.kind =
      reader.Choice<AgentPayKind>("kind", {{"monthly_fixed", AgentPayKind::kMonthlyFixed},
                                           {"per_new_member", AgentPayKind::kPerNewMember},
                                           {"contribution_share", AgentPayKind::kContributionShare},
                                           {"office_share", AgentPayKind::kOfficeShare}});
  pay.name_id = reader.Text("name_id");
  pay.name_en = reader.Text("name_en");
  pay.months = reader.Months();
  if (pay.kind == AgentPayKind::kMonthlyFixed || pay.kind == AgentPayKind::kPerNewMember) {
    pay.amount = reader.Rupiah("amount");
    pay.min_new_members = reader.Count("min_new_members", 0, 100'000);
  } else {
    pay.rate = Rate::FromPpm(reader.Number("ppm", 0, 1'000'000));
  }
  if (pay.kind == AgentPayKind::kPerNewMember) {
    pay.programmes = reader.Programmes("programmes");
  }
  if (pay.kind == AgentPayKind::kContributionShare) {
    pay.month_from = reader.Count("month_from", 1, 1200);
    pay.month_to = reader.OptionalCount("month_to", pay.month_from, 1200);
  }
  pay.mark = reader.ReadMark();
  loading.Once("agent pay", pay.id, reader.place());
  loading.scheme.agent_pay.push_back(std::move(pay));
}

void ReadSponsorKind(SchemeLoading& loading, const TomlNode& table) {
  SchemeTable reader(loading, table);
  SponsorKind kind;
  kind.code = reader.Text("code");
  kind.name_id = reader.Text("name_id");
  kind.name_en = reader.Text("name_en");
  kind.public_budget = reader.Flag("public_budget");
  kind.full_months = reader.Count("full_months", 1, 600);
  kind.short_count = reader.Choice<SponsorShortCount>(
      "short_count",
      {{"pro_rata", SponsorShortCount::kProRata}, {"nothing", SponsorShortCount::kNothing}});
  kind.mark = reader.ReadMark();
  loading.Once("sponsor kind", kind.code, reader.place());
  loading.scheme.sponsor_kinds.push_back(std::move(kind));
}

void CheckWholeBenefits(SchemeLoading& loading) {
  for (const auto& [id, place] : loading.benefit_references) {
    if (FindBenefit(loading.scheme, id) == nullptr) {
      loading.problems.Add(place, fmt::format("the benefit \"{}\" is not known", id));
    }
  }
  for (std::size_t i = 0; i < loading.scheme.benefit_totals.size(); ++i) {
    CheckTotal(loading, loading.scheme.benefit_totals[i], loading.total_places[i]);
  }
}

}  // namespace jaring
