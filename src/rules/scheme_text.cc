#include "rules/scheme_text.h"

#include <utility>

#include "base/text.h"

namespace jaring {
namespace {

constexpr std::string_view kVersion = "jaring-scheme 3";
constexpr std::size_t kMaxBytes = std::size_t{1} << 20;

/// Every list of Parameters with its name in the text; one place for both directions.
constexpr std::pair<std::string_view, std::vector<DatedNumber> Parameters::*> kParameters[] = {
    {"grace_months", &Parameters::grace_months},
    {"joining_age_below", &Parameters::joining_age_below},
    {"prepayment_months", &Parameters::prepayment_months},
    {"due_day", &Parameters::due_day},
    {"due_months_after", &Parameters::due_months_after},
    {"group_starts_at_acquisition", &Parameters::group_starts_at_acquisition},
    {"return_by_day", &Parameters::return_by_day},
};

/// Stands for no wage ceiling: a ceiling of 0 would make every wage 0.
constexpr std::int64_t kNoCeiling = 0;

class LineWriter {
 public:
  explicit LineWriter(std::string& out) : out_(out) {}

  LineWriter& Start(std::string_view kind) {
    out_ += kind;
    return *this;
  }
  LineWriter& Text(std::string_view text) {
    out_ += '\t';
    // A tab or line end inside a name would break the line; names never need one.
    for (const char c : text) {
      out_ += c == '\t' || c == '\n' || c == '\r' ? ' ' : c;
    }
    return *this;
  }
  LineWriter& Number(std::int64_t value) {
    out_ += '\t';
    out_ += std::to_string(value);
    return *this;
  }
  LineWriter& Months(const MonthSpan& span) {
    Number(span.first.number());
    return Number(span.last ? span.last->number() : 0);
  }
  LineWriter& Days(const DateSpan& span) {
    Number(span.first.number());
    return Number(span.last ? span.last->number() : 0);
  }
  void End(const Mark& mark) {
    Text(mark.source).Number(static_cast<std::int64_t>(mark.confidence));
    out_ += '\n';
  }

 private:
  std::string& out_;
};

void WriteRelief(LineWriter& line, const Relief& relief) {
  line.Start("relief").Text(relief.id).Text(relief.name_id).Text(relief.name_en);
  line.Number(relief.programmes.bits()).Number(relief.pays.ppm());
  line.Number(static_cast<std::int64_t>(relief.rounding)).Months(relief.months);
  line.Number(relief.sectors).Number(relief.government_excluded ? 1 : 0);
  line.Number(relief.known_from.number());
  line.Number(relief.existing_member_through ? relief.existing_member_through->number() : 0);
  line.Number(relief.full_months_for_new).End(relief.mark);
}

void WriteWageRate(LineWriter& line, const WageRate& rate) {
  line.Start("wage_rate").Number(static_cast<std::int64_t>(rate.programme)).Months(rate.months);
  line.Number(rate.rate.ppm());
  line.Number(rate.wage_ceiling ? rate.wage_ceiling->rupiah() : kNoCeiling);
  line.Text(rate.risk_class).End(rate.mark);
}

void WriteTrade(LineWriter& line, const Trade& trade) {
  line.Start("trade").Number(trade.number).Text(trade.code);
  line.Number(static_cast<std::int64_t>(trade.sector)).Text(trade.name_id).Text(trade.name_en);
  std::string aliases;
  for (const std::string& alias : trade.aliases) {
    aliases += (aliases.empty() ? "" : "|") + alias;
  }
  line.Text(aliases).End(trade.mark);
}

void WriteBenefit(LineWriter& line, const Benefit& benefit) {
  for (const BenefitRow& row : benefit.rows) {
    line.Start("benefit").Text(benefit.id).Number(static_cast<std::int64_t>(benefit.programme));
    line.Days(row.days).Number(static_cast<std::int64_t>(row.kind)).Number(row.amount.rupiah());
    line.Number(row.cap ? row.cap->rupiah() : -1).Number(row.share.ppm()).Number(row.multiple);
    line.Number(row.month_from).Number(row.month_to.value_or(0));
    line.Number(row.needs_contribution_months).Number(row.needs_child ? 1 : 0);
    line.Text(row.at_least).Number(benefit.events.bits()).End(row.mark);
  }
}

void WriteScholarship(LineWriter& line, const ScholarshipTable& table) {
  line.Start("scholarship").Days(table.days).Number(table.max_children);
  line.Number(table.child_below_age).Number(table.jkm_needs_contribution_months);
  line.Number(table.per_child.rupiah()).Number(table.total.rupiah()).End(table.mark);
}

void WriteReturn(LineWriter& line, const DeclaredReturn& declared) {
  line.Start("return").Number(declared.year).Number(declared.rate.ppm()).End(declared.mark);
}

void WriteLevels(LineWriter& line, const ScholarshipTable& table) {
  for (const ScholarshipLevel& level : table.levels) {
    line.Start("level").Text(level.code).Number(level.per_year.rupiah()).Number(level.max_years);
    line.End(level.mark);
  }
}

void WriteDisability(LineWriter& line, const Disability& disability) {
  for (const DisabilityRow& row : disability.rows) {
    line.Start("disability").Text(disability.code).Days(row.days).Number(row.share.ppm());
    line.Number(row.most ? row.most->ppm() : -1).End(row.mark);
  }
}

void WriteHeirRank(LineWriter& line, const HeirRank& rank) {
  std::string relations;
  for (const Relation relation : rank.relations) {
    relations += static_cast<char>('0' + static_cast<int>(relation));
  }
  line.Start("heirs").Text(relations).Days(rank.days).End(rank.mark);
}

void WriteFigure(LineWriter& line, const Figure& figure) {
  for (const FigureRow& row : figure.rows) {
    line.Start("figure").Text(figure.id).Days(row.days).Number(row.value).End(row.mark);
  }
}

/// What claims alone need, beside the levels.
void WriteClaims(LineWriter& line, const Scheme& scheme) {
  for (const Disability& disability : scheme.disabilities) {
    WriteDisability(line, disability);
  }
  for (const HeirRank& rank : scheme.heir_ranks) {
    WriteHeirRank(line, rank);
  }
  for (const Figure& figure : scheme.figures) {
    WriteFigure(line, figure);
  }
  for (const Holiday& holiday : scheme.holidays) {
    line.Start("holiday").Number(holiday.on.number()).End(holiday.mark);
  }
}

/// The fields of one line, taken in order. A bad field is remembered; the line is refused once.
class LineReader {
 public:
  explicit LineReader(std::string_view line) : fields_(Split(line, '\t')) {}

  std::string_view kind() const { return fields_[0]; }
  bool ok() const { return ok_ && at_ == fields_.size(); }

  std::string Text() {
    if (at_ == fields_.size()) {
      ok_ = false;
      return {};
    }
    return std::string(fields_[at_++]);
  }
  std::int64_t Number(std::int64_t least, std::int64_t most) {
    const std::optional<std::int64_t> value = ParseInteger(Text());
    if (!value || *value < least || *value > most) {
      ok_ = false;
      return least;
    }
    return *value;
  }
  bool Flag() { return Number(0, 1) == 1; }
  Money Rupiah() { return Money::FromRupiah(Number(0, Money::kMaxRupiah)); }
  Rate Ppm() { return Rate::FromPpm(Number(0, Rate::kMaxPpm)); }
  ProgrammeSet Programmes() { return ProgrammeSet::FromBits(Number(0, 7)); }
  jaring::Month OneMonth() {
    const Result<Month> month = Month::ParseNumber(Number(0, 299912));
    ok_ = ok_ && month.has_value();
    return month ? month.value() : jaring::Month::FromYearMonth(1900, 1);
  }
  std::optional<jaring::Month> MonthOrNone() {
    if (at_ < fields_.size() && fields_[at_] == "0") {
      ++at_;
      return std::nullopt;
    }
    return OneMonth();
  }
  MonthSpan Months() {
    const jaring::Month first = OneMonth();
    return {first, MonthOrNone()};
  }
  Date Day() {
    const Result<Date> date = Date::ParseNumber(Number(0, 29991231));
    ok_ = ok_ && date.has_value();
    return date ? date.value() : Date::FromYearMonthDay(1900, 1, 1);
  }
  DateSpan Days() {
    DateSpan span{Day(), std::nullopt};
    if (at_ < fields_.size() && fields_[at_] == "0") {
      ++at_;
      return span;
    }
    span.last = Day();
    return span;
  }
  Mark End() {
    std::string source = Text();
    return {std::move(source), static_cast<Confidence>(Number(0, 3))};
  }
  void Refuse() { ok_ = false; }

 private:
  std::vector<std::string_view> fields_;
  std::size_t at_ = 1;
  bool ok_ = true;
};

void ReadBracket(LineReader& line, Scheme& scheme) {
  if (scheme.bracket_tables.empty()) {
    line.Refuse();
    return;
  }
  Bracket bracket;
  bracket.number = static_cast<int>(line.Number(1, 10'000));
  bracket.income_from = line.Rupiah();
  bracket.base = line.Rupiah();
  bracket.jkk = line.Rupiah();
  bracket.jht = line.Rupiah();
  const std::int64_t printed_to = line.Number(-1, Money::kMaxRupiah);
  if (printed_to >= 0) {
    bracket.printed_to = Money::FromRupiah(printed_to);
  }
  bracket.mark = line.End();
  scheme.bracket_tables.back().brackets.push_back(std::move(bracket));
}

void ReadRelief(LineReader& line, Scheme& scheme) {
  Relief relief;
  relief.id = line.Text();
  relief.name_id = line.Text();
  relief.name_en = line.Text();
  relief.programmes = line.Programmes();
  relief.pays = line.Ppm();
  relief.rounding = static_cast<Rounding>(line.Number(0, 2));
  relief.months = line.Months();
  relief.sectors = static_cast<std::uint32_t>(line.Number(0, 0xFFFF'FFFF));
  relief.government_excluded = line.Flag();
  relief.known_from = line.Day();
  relief.existing_member_through = line.MonthOrNone();
  relief.full_months_for_new = static_cast<int>(line.Number(0, 1200));
  relief.mark = line.End();
  scheme.reliefs.push_back(std::move(relief));
}

void ReadTrade(LineReader& line, Scheme& scheme) {
  Trade trade;
  trade.number = static_cast<int>(line.Number(1, 1'000'000));
  trade.code = line.Text();
  trade.sector = static_cast<std::size_t>(line.Number(0, 31));
  trade.name_id = line.Text();
  trade.name_en = line.Text();
  const std::string aliases = line.Text();
  if (!aliases.empty()) {
    for (const std::string_view alias : Split(aliases, '|')) {
      trade.aliases.emplace_back(alias);
    }
  }
  trade.mark = line.End();
  if (trade.sector >= scheme.sectors.size()) {
    line.Refuse();
  }
  scheme.trades.push_back(std::move(trade));
}

void ReadSector(LineReader& line, Scheme& scheme) {
  Sector sector;
  sector.code = line.Text();
  sector.name_id = line.Text();
  sector.name_en = line.Text();
  sector.mark = line.End();
  scheme.sectors.push_back(std::move(sector));
  if (scheme.sectors.size() > 32) {
    line.Refuse();
  }
}

void ReadHead(LineReader& line, Scheme& scheme) {
  scheme.code = line.Text();
  scheme.name_id = line.Text();
  scheme.name_en = line.Text();
  scheme.begins = line.OneMonth();
  scheme.compulsory = line.Programmes();
  scheme.optional = line.Programmes();
  scheme.mark = line.End();
}

void ReadFlat(LineReader& line, Scheme& scheme) {
  FlatContribution flat;
  flat.programme = static_cast<Programme>(line.Number(0, 2));
  flat.months = line.Months();
  flat.amount = line.Rupiah();
  flat.mark = line.End();
  scheme.flat_contributions.push_back(std::move(flat));
}

void ReadWageRate(LineReader& line, Scheme& scheme) {
  WageRate rate;
  rate.programme = static_cast<Programme>(line.Number(0, 2));
  rate.months = line.Months();
  rate.rate = line.Ppm();
  const Money ceiling = line.Rupiah();
  if (ceiling.rupiah() != kNoCeiling) {
    rate.wage_ceiling = ceiling;
  }
  rate.risk_class = line.Text();
  rate.mark = line.End();
  scheme.wage_rates.push_back(std::move(rate));
}

void ReadParameter(LineReader& line, Scheme& scheme) {
  const std::string name = line.Text();
  DatedNumber row;
  row.months = line.Months();
  row.value = line.Number(INT64_MIN, INT64_MAX);
  row.mark = line.End();
  for (const auto& [known, list] : kParameters) {
    if (known == name) {
      (scheme.parameters.*list).push_back(std::move(row));
      return;
    }
  }
  line.Refuse();
}

/// The rows of one benefit follow each other.
void ReadBenefit(LineReader& line, Scheme& scheme) {
  std::string id = line.Text();
  const auto programme = static_cast<Programme>(line.Number(0, 2));
  BenefitRow row;
  row.days = line.Days();
  row.kind = static_cast<BenefitKind>(
      line.Number(0, static_cast<std::int64_t>(BenefitKind::kAccountShare)));
  row.amount = line.Rupiah();
  const std::int64_t cap = line.Number(-1, Money::kMaxRupiah);
  if (cap >= 0) {
    row.cap = Money::FromRupiah(cap);
  }
  row.share = line.Ppm();
  row.multiple = static_cast<int>(line.Number(0, 10'000));
  row.month_from = static_cast<int>(line.Number(0, 1200));
  const std::int64_t month_to = line.Number(0, 1200);
  if (month_to > 0) {
    row.month_to = static_cast<int>(month_to);
  }
  row.needs_contribution_months = static_cast<int>(line.Number(0, 1200));
  row.needs_child = line.Flag();
  row.at_least = line.Text();
  const auto events = ClaimEvents::FromBits(static_cast<std::uint32_t>(line.Number(0, 0x1FF)));
  row.mark = line.End();
  if (scheme.benefits.empty() || scheme.benefits.back().id != id) {
    scheme.benefits.push_back({std::move(id), programme, "", "", {}, events});
  }
  scheme.benefits.back().rows.push_back(std::move(row));
}

void ReadScholarship(LineReader& line, Scheme& scheme) {
  ScholarshipTable table;
  table.days = line.Days();
  table.max_children = static_cast<int>(line.Number(0, 100));
  table.child_below_age = static_cast<int>(line.Number(0, 100));
  table.jkm_needs_contribution_months = static_cast<int>(line.Number(0, 1200));
  table.per_child = line.Rupiah();
  table.total = line.Rupiah();
  table.mark = line.End();
  scheme.scholarships.push_back(std::move(table));
}

void ReadReturn(LineReader& line, Scheme& scheme) {
  DeclaredReturn declared;
  declared.year = static_cast<int>(line.Number(1900, 2999));
  declared.rate = line.Ppm();
  declared.mark = line.End();
  scheme.declared_returns.push_back(std::move(declared));
}

void ReadLevel(LineReader& line, Scheme& scheme) {
  ScholarshipLevel level;
  level.code = line.Text();
  level.per_year = line.Rupiah();
  level.max_years = static_cast<int>(line.Number(1, 100));
  level.mark = line.End();
  if (!line.ok() || level.per_year > Money::FromRupiah(Money::kMaxRupiah / level.max_years) ||
      scheme.scholarships.empty()) {
    line.Refuse();
    return;
  }
  level.sum = Money::FromRupiah(level.per_year.rupiah() * level.max_years);
  scheme.scholarships.back().levels.push_back(std::move(level));
}

void ReadDisability(LineReader& line, Scheme& scheme) {
  std::string code = line.Text();
  DisabilityRow row;
  row.days = line.Days();
  row.share = Rate::FromPpm(line.Number(0, 1'000'000));
  const std::int64_t most = line.Number(-1, 1'000'000);
  if (most >= 0) {
    row.most = Rate::FromPpm(most);
  }
  row.mark = line.End();
  if (scheme.disabilities.empty() || scheme.disabilities.back().code != code) {
    scheme.disabilities.push_back({std::move(code), "", "", {}});
  }
  scheme.disabilities.back().rows.push_back(std::move(row));
}

void ReadHeirRank(LineReader& line, Scheme& scheme) {
  HeirRank rank;
  for (const char digit : line.Text()) {
    const int relation = digit - '0';
    if (relation < 0 || relation > static_cast<int>(Relation::kNamedInWill)) {
      line.Refuse();
      return;
    }
    rank.relations.push_back(static_cast<Relation>(relation));
  }
  rank.days = line.Days();
  rank.mark = line.End();
  scheme.heir_ranks.push_back(std::move(rank));
}

void ReadFigure(LineReader& line, Scheme& scheme) {
  std::string id = line.Text();
  FigureRow row;
  row.days = line.Days();
  row.value = line.Number(0, Money::kMaxRupiah);
  row.mark = line.End();
  if (scheme.figures.empty() || scheme.figures.back().id != id) {
    scheme.figures.push_back({std::move(id), "", "", "", {}});
  }
  scheme.figures.back().rows.push_back(std::move(row));
}

void ReadHoliday(LineReader& line, Scheme& scheme) {
  Holiday holiday;
  holiday.on = line.Day();
  holiday.mark = line.End();
  scheme.holidays.push_back(std::move(holiday));
}

void ReadLine(LineReader& line, Scheme& scheme) {
  const std::string_view kind = line.kind();
  if (kind == "scheme") {
    ReadHead(line, scheme);
  } else if (kind == "sector") {
    ReadSector(line, scheme);
  } else if (kind == "trade") {
    ReadTrade(line, scheme);
  } else if (kind == "brackets") {
    scheme.bracket_tables.push_back({line.Months(), {}});
  } else if (kind == "bracket") {
    ReadBracket(line, scheme);
  } else if (kind == "flat") {
    ReadFlat(line, scheme);
  } else if (kind == "wage_rate") {
    ReadWageRate(line, scheme);
  } else if (kind == "relief") {
    ReadRelief(line, scheme);
  } else if (kind == "parameter") {
    ReadParameter(line, scheme);
  } else if (kind == "benefit") {
    ReadBenefit(line, scheme);
  } else if (kind == "scholarship") {
    ReadScholarship(line, scheme);
  } else if (kind == "return") {
    ReadReturn(line, scheme);
  } else if (kind == "level") {
    ReadLevel(line, scheme);
  } else if (kind == "disability") {
    ReadDisability(line, scheme);
  } else if (kind == "heirs") {
    ReadHeirRank(line, scheme);
  } else if (kind == "figure") {
    ReadFigure(line, scheme);
  } else if (kind == "holiday") {
    ReadHoliday(line, scheme);
  } else {
    line.Refuse();
  }
}

}  // namespace

std::string SerializeScheme(const Scheme& scheme, SchemeParts parts) {
  std::string out(kVersion);
  out += '\n';
  LineWriter line(out);
  line.Start("scheme").Text(scheme.code).Text(scheme.name_id).Text(scheme.name_en);
  line.Number(scheme.begins.number()).Number(scheme.compulsory.bits());
  line.Number(scheme.optional.bits()).End(scheme.mark);
  for (const Sector& sector : scheme.sectors) {
    line.Start("sector").Text(sector.code).Text(sector.name_id).Text(sector.name_en);
    line.End(sector.mark);
  }
  for (const Trade& trade : scheme.trades) {
    WriteTrade(line, trade);
  }
  for (const BracketTable& table : scheme.bracket_tables) {
    line.Start("brackets").Months(table.months);
    out += '\n';
    for (const Bracket& bracket : table.brackets) {
      line.Start("bracket").Number(bracket.number).Number(bracket.income_from.rupiah());
      line.Number(bracket.base.rupiah()).Number(bracket.jkk.rupiah()).Number(bracket.jht.rupiah());
      line.Number(bracket.printed_to ? bracket.printed_to->rupiah() : -1).End(bracket.mark);
    }
  }
  for (const FlatContribution& flat : scheme.flat_contributions) {
    line.Start("flat").Number(static_cast<std::int64_t>(flat.programme)).Months(flat.months);
    line.Number(flat.amount.rupiah()).End(flat.mark);
  }
  for (const WageRate& rate : scheme.wage_rates) {
    WriteWageRate(line, rate);
  }
  for (const Relief& relief : scheme.reliefs) {
    WriteRelief(line, relief);
  }
  for (const auto& [name, list] : kParameters) {
    for (const DatedNumber& row : scheme.parameters.*list) {
      line.Start("parameter").Text(name).Months(row.months).Number(row.value).End(row.mark);
    }
  }
  for (const Benefit& benefit : scheme.benefits) {
    WriteBenefit(line, benefit);
  }
  for (const ScholarshipTable& table : scheme.scholarships) {
    WriteScholarship(line, table);
    if (parts == SchemeParts::kPricesAndClaims) {
      WriteLevels(line, table);
    }
  }
  for (const DeclaredReturn& declared : scheme.declared_returns) {
    WriteReturn(line, declared);
  }
  if (parts == SchemeParts::kPricesAndClaims) {
    WriteClaims(line, scheme);
  }
  out += "end\n";
  return out;
}

Result<Scheme> ParseSchemeText(std::string_view text) {
  if (text.size() > kMaxBytes) {
    return Invalid("scheme_text.too_long", "more than 1 MiB");
  }
  const std::vector<std::string_view> lines = Split(text, '\n');
  if (lines[0] != kVersion) {
    return Invalid("scheme_text.version_unknown", "the first line is not " + std::string(kVersion));
  }
  // The last line says that nothing was cut off.
  if (lines.size() < 3 || !lines.back().empty() || lines[lines.size() - 2] != "end") {
    return Invalid("scheme_text.malformed", "the text does not end with its last line");
  }
  Scheme scheme;
  for (std::size_t i = 1; i + 2 < lines.size(); ++i) {
    LineReader line(lines[i]);
    ReadLine(line, scheme);
    if (!line.ok()) {
      return Invalid("scheme_text.malformed", "line " + std::to_string(i + 1));
    }
  }
  if (scheme.code.empty()) {
    return Invalid("scheme_text.malformed", "no line says which scheme it is");
  }
  return scheme;
}

}  // namespace jaring
