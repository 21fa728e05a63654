#include "channels/cli/entitlement_command.h"

#include "base/text.h"
#include "channels/cli/column_table.h"
#include "channels/json/entitlement_words.h"
#include "rules/claim_words.h"

namespace jaring {
namespace {

struct NamedValue {
  std::string name;
  std::optional<std::string_view> value;
};

/// "NAME=VALUE", or the name alone.
NamedValue SplitAtEquals(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) {
    return {std::string(text), std::nullopt};
  }
  return {std::string(text.substr(0, equals)), text.substr(equals + 1)};
}

Result<Money> ReadAmount(std::string_view text) {
  constexpr std::int64_t kMostRupiah = 1'000'000'000'000;
  const auto rupiah = ParseInteger(text);
  if (!rupiah || *rupiah < 0 || *rupiah > kMostRupiah) {
    return Invalid("money.out_of_range", std::string(text));
  }
  return Money::FromRupiah(*rupiah);
}

/// "20", "1.5": per cent, to a hundredth of a per cent.
Result<Rate> ReadPercent(std::string_view text) {
  const std::size_t dot = text.find('.');
  const std::string_view fraction = dot == std::string_view::npos ? "" : text.substr(dot + 1);
  const auto whole = ParseInteger(text.substr(0, dot));
  auto hundredths = ParseInteger(fraction.empty() ? "0" : fraction);
  if (!whole || !hundredths || *whole < 0 || *whole > 100 || *hundredths < 0 ||
      fraction.size() > 2 || (dot != std::string_view::npos && fraction.empty())) {
    return Invalid("question.number_malformed", std::string(text));
  }
  const std::int64_t ppm = *whole * 10'000 + *hundredths * (fraction.size() == 1 ? 1'000 : 100);
  if (ppm > 1'000'000) {
    return Invalid("question.number_malformed", std::string(text));
  }
  return Rate::FromPpm(ppm);
}

Result<Done> ReadSpent(const std::vector<std::string>& texts, AccidentFacts& facts) {
  for (const std::string& text : texts) {
    const NamedValue named = SplitAtEquals(text);
    if (!named.value) {
      return Invalid("question.words_malformed", text);
    }
    const std::size_t slash = named.value->find('/');
    Spending spending{.benefit = named.name, .spent = {}, .price = {}};
    JARING_ASSIGN_OR_RETURN(spending.spent, ReadAmount(named.value->substr(0, slash)));
    if (slash != std::string_view::npos) {
      JARING_ASSIGN_OR_RETURN(spending.price, ReadAmount(named.value->substr(slash + 1)));
    }
    facts.spent.push_back(std::move(spending));
  }
  return Done{};
}

Result<Done> ReadFindings(const AccidentRequest& request, AccidentFacts& facts) {
  for (const std::string& text : request.lost) {
    NamedValue named = SplitAtEquals(text);
    DisabilityFinding finding{.code = std::move(named.name), .loss = {}, .assessed = {}};
    if (named.value) {
      JARING_ASSIGN_OR_RETURN(finding.assessed, ReadPercent(*named.value));
    }
    facts.disabilities.push_back(std::move(finding));
  }
  for (const std::string& text : request.lessened) {
    NamedValue named = SplitAtEquals(text);
    if (!named.value) {
      return Invalid("question.words_malformed", text);
    }
    DisabilityFinding finding{.code = std::move(named.name), .loss = {}, .assessed = {}};
    JARING_ASSIGN_OR_RETURN(finding.loss, ReadPercent(*named.value));
    facts.disabilities.push_back(std::move(finding));
  }
  return Done{};
}

}  // namespace

Result<AccidentFacts> ReadAccident(const Scheme& scheme, const AccidentRequest& request) {
  AccidentFacts facts;
  JARING_ASSIGN_OR_RETURN(facts.on, Date::Parse(request.on));
  JARING_ASSIGN_OR_RETURN(const Money income, Money::ParseRupiah(request.income));
  if (income < Money()) {
    return Invalid("income.negative");
  }
  const Bracket* bracket = FindBracket(scheme, income, facts.on.month());
  if (bracket == nullptr) {
    return Invalid("tariff.none_for_month");
  }
  facts.base = bracket->base;
  const auto outcome = FindAccidentOutcome(request.outcome);
  if (!outcome) {
    return Invalid("question.outcome_unknown", request.outcome);
  }
  facts.outcome = *outcome;
  JARING_RETURN_IF_ERROR(ReadSpent(request.spent, facts));
  JARING_RETURN_IF_ERROR(ReadFindings(request, facts));
  facts.months_unable = request.months_unable;
  facts.days_unable = request.days_unable;
  facts.contribution_months = request.contribution_months;
  facts.children = request.children;
  return facts;
}

void PrintEntitlement(const Entitlement& work, const Messages& messages, std::ostream& out) {
  ColumnTable table({{"Manfaat", "benefit", Align::kLeft, 40},
                     {"Rupiah", "rupiah", Align::kRight},
                     {"Perhitungan", "working", Align::kLeft, 40},
                     {"Yakin", "mark"}});
  for (const EntitledLine& line : work.lines) {
    const std::string working = WorkingText(line.worked);
    table.Add({LineText(line), FormatRupiah(line.worked.amount),
               working.empty() ? "tetap (fixed)" : working, ConfidenceCode(line.confidence())});
    table.Add({"", "", line.row->mark.source, ""});
  }
  table.AddRule();
  table.Add({"Jumlah / Total", FormatRupiah(work.total()), "", ""});
  table.Print(out);
  for (const WithheldLine& line : work.withheld) {
    out << "  tidak (not) " << line.benefit->id << ": "
        << messages.Text(line.rule, Language::kIndonesian) << '\n';
    out << "  " << messages.Text(line.rule, Language::kEnglish) << '\n';
  }
}

void PrintSavingsClaim(const SavingsClaim& claim, std::ostream& out) {
  ColumnTable table({{"", ""},
                     {"Rupiah", "rupiah", Align::kRight},
                     {"Perhitungan", "working", Align::kLeft, 60}});
  table.Add(
      {"Saldo dibayar / Paid out", FormatRupiah(claim.gross.amount), WorkingText(claim.gross)});
  table.Add({"Pajak final / Final tax", FormatRupiah(claim.tax.amount), WorkingText(claim.tax)});
  table.AddRule();
  table.Add({"Diterima / Received", FormatRupiah(claim.net()), claim.row->mark.source});
  table.Print(out);
}

}  // namespace jaring
