#include <fmt/format.h>

#include "scheme/section_readers.h"
#include "scheme/span_check.h"

namespace jaring {
namespace {

constexpr std::int64_t kWholePpm = 1'000'000;

using SpanList = std::vector<std::pair<MonthSpan, SchemePlace>>;

std::size_t PlaceOf(Programme programme) {
  return static_cast<std::size_t>(programme);
}

bool Overlap(const MonthSpan& a, const MonthSpan& b) {
  return (!a.last || b.first <= *a.last) && (!b.last || a.first <= *b.last);
}

/// The amount must be the declared share of the base.
void CheckShare(SchemeLoading& loading, const BracketTable& table, const Bracket& bracket,
                Programme programme, Money amount, SchemeTable& row) {
  for (const ContributionRate& rate : loading.scheme.contribution_rates) {
    if (rate.programme != programme || !Overlap(rate.months, table.months)) {
      continue;
    }
    const Money share = Share(bracket.base, rate.rate, Rounding::kHalfUp);
    if (share != amount) {
      row.Problem(fmt::format("bracket {}: {} is {}, but {} ppm of the base is {}", bracket.number,
                              ProgrammeCode(programme), amount.rupiah(), rate.rate.ppm(),
                              share.rupiah()));
    }
  }
}

Bracket ReadBracket(SchemeTable& row) {
  Bracket bracket;
  bracket.number = row.Count("number", 1, 1000);
  bracket.income_from = row.Rupiah("from");
  bracket.printed_to = row.OptionalRupiah("printed_to");
  bracket.base = row.Rupiah("base");
  bracket.jkk = row.Rupiah("jkk");
  bracket.jht = row.Rupiah("jht");
  bracket.mark = row.ReadMark();
  return bracket;
}

void CheckBracketOrder(const BracketTable& table, const Bracket& bracket, SchemeTable& row) {
  if (table.brackets.empty()) {
    if (bracket.number != 1 || !bracket.income_from.is_zero()) {
      row.Problem("the first bracket must be number 1 and begin at an income of 0");
    }
    return;
  }
  const Bracket& above = table.brackets.back();
  if (bracket.number != above.number + 1) {
    row.Problem(fmt::format("bracket {} comes after bracket {}", bracket.number, above.number));
  }
  if (bracket.income_from <= above.income_from || bracket.base <= above.base) {
    row.Problem(fmt::format("bracket {}: \"from\" and \"base\" must rise", bracket.number));
  }
  if (!above.printed_to) {
    row.Problem(fmt::format("bracket {} overlaps bracket {}, which has no upper end",
                            bracket.number, above.number));
  } else if (*above.printed_to >= bracket.income_from) {
    row.Problem(fmt::format("bracket {} overlaps bracket {}", bracket.number, above.number));
  } else if (bracket.income_from - *above.printed_to > Money::FromRupiah(1000)) {
    row.Problem(
        fmt::format("a gap of incomes between brackets {} and {}", above.number, bracket.number));
  }
}

}  // namespace

void ReadContributionRate(SchemeLoading& loading, const TomlNode& table) {
  SchemeTable reader(loading, table);
  ContributionRate rate;
  rate.programme = reader.OneProgramme("programme");
  rate.months = reader.Months();
  rate.rate = reader.Ppm("ppm");
  rate.mark = reader.ReadMark();
  loading.rate_spans[PlaceOf(rate.programme)].emplace_back(rate.months, reader.place());
  loading.scheme.contribution_rates.push_back(std::move(rate));
}

void ReadFlatContribution(SchemeLoading& loading, const TomlNode& table) {
  SchemeTable reader(loading, table);
  FlatContribution flat;
  flat.programme = reader.OneProgramme("programme");
  flat.months = reader.Months();
  flat.amount = reader.Rupiah("amount");
  flat.mark = reader.ReadMark();
  if (flat.programme != Programme::kJkm) {
    reader.Problem("only JKM is the same for every income; the others stand in the brackets");
    return;
  }
  loading.flat_spans[PlaceOf(flat.programme)].emplace_back(flat.months, reader.place());
  loading.scheme.flat_contributions.push_back(std::move(flat));
}

void ReadWageRate(SchemeLoading& loading, const TomlNode& table) {
  SchemeTable reader(loading, table);
  WageRate rate;
  rate.programme = reader.OneProgramme("programme");
  rate.months = reader.Months();
  rate.rate = reader.Ppm("ppm");
  rate.wage_ceiling = reader.OptionalRupiah("wage_ceiling");
  if (reader.Has("risk_class")) {
    rate.risk_class = reader.Slug("risk_class");
  }
  rate.mark = reader.ReadMark();
  if (rate.rate.ppm() == 0 || rate.rate.ppm() > kWholePpm) {
    reader.Problem("a rate of the wage must be more than nothing and at most all of it");
  }
  if (rate.wage_ceiling && rate.wage_ceiling->is_zero()) {
    reader.Problem("a wage ceiling of 0 leaves no wage; leave it out when there is none");
  }
  if (!rate.risk_class.empty() && rate.programme != Programme::kJkk) {
    reader.Problem("only JKK goes by the risk of the work");
  }
  loading.wage_spans[PlaceOf(rate.programme)].emplace_back(rate.months, reader.place());
  loading.scheme.wage_rates.push_back(std::move(rate));
}

void ReadBracketTable(SchemeLoading& loading, const TomlNode& table) {
  SchemeTable reader(loading, table);
  BracketTable read;
  read.months = reader.Months();
  const std::vector<const TomlNode*> rows = reader.Tables("brackets");
  for (const TomlNode* node : rows) {
    SchemeTable row(loading, *node);
    Bracket bracket = ReadBracket(row);
    CheckBracketOrder(read, bracket, row);
    CheckShare(loading, read, bracket, Programme::kJkk, bracket.jkk, row);
    CheckShare(loading, read, bracket, Programme::kJht, bracket.jht, row);
    read.brackets.push_back(std::move(bracket));
  }
  if (!read.brackets.empty() && read.brackets.back().printed_to) {
    loading.problems.Add(rows.back()->place, "the last bracket must have no upper end");
  }
  loading.bracket_spans.emplace_back(read.months, reader.place());
  loading.scheme.bracket_tables.push_back(std::move(read));
}

namespace {

std::uint32_t ReadSectors(SchemeLoading& loading, SchemeTable& reader) {
  const std::vector<Sector>& known = loading.scheme.sectors;
  const TomlNode* node = reader.Any("sectors");
  if (node != nullptr && node->kind == TomlKind::kText && node->text == "all") {
    return static_cast<std::uint32_t>((std::uint64_t{1} << known.size()) - 1);
  }
  std::uint32_t bits = 0;
  for (const std::string& code : reader.Texts("sectors")) {
    const std::optional<std::size_t> place = FindSector(loading.scheme, code);
    if (!place) {
      reader.Problem(fmt::format("the sector \"{}\" is not known", code));
      continue;
    }
    if ((bits >> *place & 1U) != 0) {
      reader.Problem(fmt::format("the sector \"{}\" is there twice", code));
    }
    bits |= std::uint32_t{1} << *place;
  }
  if (bits == 0) {
    reader.Problem("the relief has no sector");
  }
  return bits;
}

}  // namespace

void ReadRelief(SchemeLoading& loading, const TomlNode& table) {
  SchemeTable reader(loading, table);
  Relief relief;
  relief.id = reader.Slug("id");
  relief.name_id = reader.Text("name_id");
  relief.name_en = reader.Text("name_en");
  relief.programmes = reader.Programmes("programmes");
  relief.pays = Rate::FromPpm(reader.Number("pays_ppm", 0, 1'000'000));
  relief.rounding = reader.Choice<Rounding>(
      "rounding",
      {{"half_up", Rounding::kHalfUp}, {"down", Rounding::kDown}, {"up", Rounding::kUp}});
  relief.months = reader.Months();
  relief.sectors = ReadSectors(loading, reader);
  relief.government_excluded = reader.Flag("government_excluded");
  relief.known_from = reader.Day("known_from");
  relief.existing_member_through = reader.OptionalMonth("existing_member_through");
  relief.full_months_for_new = reader.OptionalCount("full_months_for_new", 1, 120).value_or(0);
  relief.mark = reader.ReadMark();
  loading.Once("relief", relief.id, reader.place());
  if (relief.programmes.empty()) {
    reader.Problem("the relief has no programme");
  }
  if (!relief.months.last) {
    reader.Problem("a relief is temporary: \"to\" is missing");
  }
  if (relief.existing_member_through.has_value() != (relief.full_months_for_new > 0)) {
    reader.Problem("\"existing_member_through\" and \"full_months_for_new\" belong together");
  }
  loading.scheme.reliefs.push_back(std::move(relief));
}

namespace {

struct KnownParameter {
  std::string_view id;
  std::vector<DatedNumber> Parameters::*list;
  std::int64_t least;
  std::int64_t most;
};

constexpr KnownParameter kKnownParameters[] = {
    {"grace_months", &Parameters::grace_months, 0, 60},
    {"joining_age_below", &Parameters::joining_age_below, 1, 150},
    {"prepayment_months", &Parameters::prepayment_months, 0, 600},
    {"due_day", &Parameters::due_day, 1, 28},
    {"due_months_after", &Parameters::due_months_after, 0, 1},
    {"group_starts_at_acquisition", &Parameters::group_starts_at_acquisition, 0, 1},
    {"return_by_day", &Parameters::return_by_day, 0, 1},
};

const KnownParameter* FindKnownParameter(std::string_view id) {
  for (const KnownParameter& known : kKnownParameters) {
    if (known.id == id) {
      return &known;
    }
  }
  return nullptr;
}

void CheckSpanLists(SchemeLoading& loading) {
  const Month begins = loading.scheme.begins;
  CheckSpansWhole(loading.bracket_spans, begins, "bracket tables", loading.problems);
  for (const Programme programme : kProgrammes) {
    const std::string name(ProgrammeCode(programme));
    CheckSpansWhole(loading.flat_spans[PlaceOf(programme)], begins, name + " contribution",
                    loading.problems);
    CheckSpansWhole(loading.rate_spans[PlaceOf(programme)], begins, name + " rate",
                    loading.problems);
    CheckSpansWhole(loading.wage_spans[PlaceOf(programme)], begins, name + " rate of the wage",
                    loading.problems);
  }
}

/// Wage earners may be left out of a scheme, but not one programme of theirs.
void CheckWageRates(SchemeLoading& loading) {
  const Scheme& scheme = loading.scheme;
  const auto offered = ProgrammeSet::FromBits(scheme.compulsory.bits() | scheme.optional.bits());
  for (const Programme programme : kProgrammes) {
    if (!scheme.wage_rates.empty() && offered.Has(programme) &&
        loading.wage_spans[PlaceOf(programme)].empty()) {
      loading.problems.Add(loading.scheme_place, fmt::format("there is no {} rate of the wage",
                                                             ProgrammeCode(programme)));
    }
  }
}

}  // namespace

void ReadParameter(SchemeLoading& loading, const TomlNode& table) {
  SchemeTable reader(loading, table);
  const std::string id = reader.Text("id");
  reader.Text("name_id");
  reader.Text("name_en");
  reader.Text("unit");
  const KnownParameter* known = FindKnownParameter(id);
  if (known == nullptr) {
    reader.Problem(fmt::format("the parameter \"{}\" is not known", id));
  }
  loading.Once("parameter", id, reader.place());
  loading.parameter_ids.insert(id);
  std::vector<DatedNumber> rows;
  SpanList spans;
  for (const TomlNode* node : reader.Tables("rows")) {
    SchemeTable row(loading, *node);
    DatedNumber read;
    read.months = row.Months();
    read.value = known != nullptr ? row.Number("value", known->least, known->most)
                                  : row.Number("value", INT64_MIN, INT64_MAX);
    read.mark = row.ReadMark();
    spans.emplace_back(read.months, row.place());
    rows.push_back(std::move(read));
  }
  CheckSpansWhole(spans, loading.scheme.begins, id, loading.problems);
  if (known != nullptr) {
    loading.scheme.parameters.*(known->list) = std::move(rows);
  }
}

void CheckWholeTariff(SchemeLoading& loading) {
  CheckSpanLists(loading);
  CheckWageRates(loading);
  for (const KnownParameter& known : kKnownParameters) {
    if (!loading.parameter_ids.contains(known.id)) {
      loading.problems.Add(loading.scheme_place,
                           fmt::format("the parameter \"{}\" is missing", known.id));
    }
  }
  if (loading.scheme.bracket_tables.empty()) {
    loading.problems.Add(loading.scheme_place, "there is no bracket table");
  }
  if (loading.scheme.flat_contributions.empty()) {
    loading.problems.Add(loading.scheme_place, "there is no JKM contribution");
  }
}

}  // namespace jaring
