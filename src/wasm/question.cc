#include "wasm/question.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "rules/benefit_quote.h"
#include "rules/coverage.h"
#include "rules/identity.h"
#include "wasm/read_givens.h"

namespace jaring {
namespace {

using AnswerResult = Result<Answers>;

Result<Terms> ReadTerms(const Scheme& scheme, const Givens& givens) {
  Terms terms;
  JARING_ASSIGN_OR_RETURN(terms.income, ReadMoney(givens, "income"));
  JARING_ASSIGN_OR_RETURN(const std::string_view programmes, givens.Get("programmes"));
  JARING_ASSIGN_OR_RETURN(terms.programmes, ParseProgrammes(programmes));
  JARING_RETURN_IF_ERROR(CheckProgrammes(scheme, terms.programmes));
  JARING_ASSIGN_OR_RETURN(const std::string_view sector_code, givens.Get("sector"));
  const auto sector = FindSector(scheme, sector_code);
  if (!sector) {
    return Invalid("sector.unknown");
  }
  terms.sector = *sector;
  const auto payer = FindPayer(givens.Find("payer").value_or("self"));
  if (!payer) {
    return Invalid("payer.unknown");
  }
  terms.payer = *payer;
  return terms;
}

Result<Spell> ReadSpell(const Givens& givens) {
  Spell spell;
  if (const auto months = givens.Find("months-paid")) {
    JARING_ASSIGN_OR_RETURN(const MonthSpan span, ReadSpan(*months));
    spell.first_month = span.first;
    spell.paid_through = span.last;
  }
  if (givens.Find("start").value_or("first-payment") == "acquisition") {
    spell.start_rule = StartRule::kAcquisition;
  }
  JARING_ASSIGN_OR_RETURN(const auto acquired, ReadDateIfGiven(givens, "acquired"));
  spell.acquired_on = acquired.value_or(spell.acquired_on);
  return spell;
}

/// The reliefs that lowered a price: "none", or ids with ",".
std::string ReliefText(const MonthPrice& price) {
  std::string text;
  const Relief* last = nullptr;
  for (const Relief* relief : price.reliefs) {
    if (relief != nullptr && relief != last) {
      text += (text.empty() ? "" : ",") + relief->id;
      last = relief;
    }
  }
  return text.empty() ? "none" : text;
}

void AddParts(Answers& answers, const std::string& prefix, ProgrammeSet programmes,
              const ByProgramme& parts) {
  for (const Programme programme : kProgrammes) {
    if (programmes.Has(programme)) {
      answers.emplace_back(prefix + std::string(ProgrammeCode(programme)),
                           AnswerText(parts[programme]));
    }
  }
  answers.emplace_back(prefix + "total", AnswerText(parts.total()));
}

AnswerResult AnswerPrice(const Scheme& scheme, const Givens& givens) {
  JARING_ASSIGN_OR_RETURN(Terms terms, ReadTerms(scheme, givens));
  JARING_ASSIGN_OR_RETURN(const Month month, ReadMonth(givens, "month"));
  JARING_ASSIGN_OR_RETURN(const Date paid, ReadDate(givens, "paid"));
  if (givens.Find("spell-began")) {
    JARING_ASSIGN_OR_RETURN(terms.spell_first_month, ReadMonth(givens, "spell-began"));
  }
  JARING_ASSIGN_OR_RETURN(const MonthPrice price, PriceMonth(scheme, terms, month, paid));
  Answers answers;
  AddParts(answers, "", terms.programmes, price.due);
  answers.emplace_back("full", AnswerText(price.full.total()));
  answers.emplace_back("relief", ReliefText(price));
  return answers;
}

AnswerResult AnswerBracket(const Scheme& scheme, const Givens& givens) {
  JARING_ASSIGN_OR_RETURN(const Money income, ReadMoney(givens, "income"));
  JARING_ASSIGN_OR_RETURN(const Month month, ReadMonth(givens, "month"));
  const Bracket* bracket = FindBracket(scheme, income, month);
  if (bracket == nullptr) {
    return Invalid("tariff.none_for_month");
  }
  return Answers{{"number", std::to_string(bracket->number)}, {"base", AnswerText(bracket->base)}};
}

AnswerResult AnswerBill(const Scheme& scheme, const Givens& givens) {
  JARING_ASSIGN_OR_RETURN(const Terms terms, ReadTerms(scheme, givens));
  JARING_ASSIGN_OR_RETURN(const Spell spell, ReadSpell(givens));
  JARING_ASSIGN_OR_RETURN(const Date paid, ReadDate(givens, "paid"));
  JARING_ASSIGN_OR_RETURN(const std::string_view months_text, givens.Get("months"));
  const auto months = ParseInteger(months_text);
  if (!months || *months < 1 || *months > 600) {
    return Invalid("bill.months_out_of_range");
  }
  JARING_ASSIGN_OR_RETURN(const std::vector<MonthPrice> prices,
                          PriceNextMonths(scheme, terms, spell, paid, static_cast<int>(*months)));
  Money total;
  for (const MonthPrice& price : prices) {
    total += price.due.total();
  }
  Answers answers = {{"first", prices.front().month.ToString()},
                     {"last", prices.back().month.ToString()},
                     {"total", AnswerText(total)}};
  for (const MonthPrice& price : prices) {
    const std::string prefix = price.month.ToString() + ".";
    AddParts(answers, prefix, terms.programmes, price.due);
    answers.emplace_back(prefix + "relief", ReliefText(price));
  }
  return answers;
}

std::string StopText(PurchaseStop stop) {
  switch (stop) {
    case PurchaseStop::kMoneyUsed:
      return "money-used";
    case PurchaseStop::kPrepaymentLimit:
      return "prepayment-limit";
    case PurchaseStop::kOverJoiningAge:
      return "over-joining-age";
    case PurchaseStop::kNoTariff:
      return "no-tariff";
  }
  JARING_CHECK(false);
}

/// The birth date, which must be given when a payment on `paid` would begin a spell.
Result<std::optional<Date>> ReadBirth(const Scheme& scheme, const Givens& givens,
                                      const Spell& spell, Date paid) {
  if (AgeOfSpell(scheme, spell, paid) != SpellAge::kOpen) {
    JARING_RETURN_IF_ERROR(givens.Get("birth"));
  }
  return ReadDateIfGiven(givens, "birth");
}

AnswerResult AnswerPurchase(const Scheme& scheme, const Givens& givens) {
  JARING_ASSIGN_OR_RETURN(const Terms terms, ReadTerms(scheme, givens));
  JARING_ASSIGN_OR_RETURN(const Spell spell, ReadSpell(givens));
  JARING_ASSIGN_OR_RETURN(const Date paid, ReadDate(givens, "paid"));
  JARING_ASSIGN_OR_RETURN(const Money money, ReadMoney(givens, "money"));
  JARING_ASSIGN_OR_RETURN(const auto birth, ReadBirth(scheme, givens, spell, paid));
  const Purchase plan = PlanPurchase(scheme, terms, spell, birth, money, paid);
  Answers answers = {
      {"first", plan.first_month ? plan.first_month->ToString() : "none"},
      {"last", plan.first_month ? plan.last_month().ToString() : "none"},
      {"months", std::to_string(plan.months)},
  };
  AddParts(answers, "", terms.programmes, plan.parts);
  answers.emplace_back("leftover", AnswerText(plan.leftover));
  answers.emplace_back("stop", StopText(plan.stop));
  answers.emplace_back("restarts", YesNo(plan.restarts));
  answers.emplace_back("cover-from", AnswerText(plan.cover_from));
  return answers;
}

AnswerResult AnswerRestore(const Scheme& scheme, const Givens& givens) {
  JARING_ASSIGN_OR_RETURN(const Terms terms, ReadTerms(scheme, givens));
  JARING_ASSIGN_OR_RETURN(const Spell spell, ReadSpell(givens));
  JARING_ASSIGN_OR_RETURN(const Date paid, ReadDate(givens, "paid"));
  JARING_ASSIGN_OR_RETURN(const auto birth, ReadBirth(scheme, givens, spell, paid));
  const Restoration restoration = HowToRestore(scheme, terms, spell, birth, paid);
  return Answers{{"kind", std::string(RestorationKindCode(restoration.kind))},
                 {"months", std::to_string(restoration.months.size())},
                 {"total", AnswerText(restoration.total)},
                 {"from", AnswerText(restoration.covered_from)},
                 {"until", AnswerText(restoration.covered_until)}};
}

AnswerResult AnswerCover(const Scheme& scheme, const Givens& givens) {
  JARING_ASSIGN_OR_RETURN(const Date on, ReadDate(givens, "on"));
  std::vector<CoveredSpell> spells;
  for (const std::string_view text : givens.All("membership")) {
    JARING_ASSIGN_OR_RETURN(const CoveredSpell spell, ReadMembership(text));
    spells.push_back(spell);
  }
  const Coverage coverage = CoverageOn(scheme, spells, on);
  Answers answers;
  for (const Programme programme : kProgrammes) {
    const std::string code(ProgrammeCode(programme));
    const ProgrammeCoverage& of = coverage[programme];
    answers.emplace_back(code, CoverageStateCode(of.state));
    answers.emplace_back(code + ".from", AnswerText(of.from));
    answers.emplace_back(code + ".until", AnswerText(of.until));
  }
  std::string months;
  for (const Month month : coverage.months_paid) {
    months += (months.empty() ? "" : ",") + month.ToString();
  }
  answers.emplace_back("months-paid", months.empty() ? "none" : months);
  answers.emplace_back("next-due", AnswerText(coverage.next_due));
  return answers;
}

AnswerResult AnswerProgrammes(const Scheme& scheme, const Givens& givens) {
  JARING_ASSIGN_OR_RETURN(const std::string_view text, givens.Get("programmes"));
  JARING_ASSIGN_OR_RETURN(const ProgrammeSet programmes, ParseProgrammes(text));
  JARING_RETURN_IF_ERROR(CheckProgrammes(scheme, programmes));
  return Answers{{"set", ProgrammesText(programmes)}};
}

AnswerResult AnswerNik(const Scheme&, const Givens& givens) {
  JARING_ASSIGN_OR_RETURN(const std::string_view text, givens.Get("nik"));
  JARING_ASSIGN_OR_RETURN(const Nik nik, Nik::Parse(text, givens.Find("fake") == "yes"));
  Answers answers = {{"masked", nik.Masked()},
                     {"sex", nik.sex() == Sex::kFemale ? "female" : "male"}};
  JARING_ASSIGN_OR_RETURN(const auto birth, ReadDateIfGiven(givens, "birth"));
  if (birth) {
    answers.emplace_back("birth-agrees", YesNo(nik.AgreesWithBirth(*birth)));
  }
  return answers;
}

AnswerResult AnswerBillCode(const Scheme&, const Givens& givens) {
  if (const auto text = givens.Find("member")) {
    JARING_ASSIGN_OR_RETURN(const MemberNumber member, MemberNumber::Parse(*text));
    return Answers{{"code", BillCodeOf(member)}};
  }
  JARING_ASSIGN_OR_RETURN(const std::string_view code, givens.Get("code"));
  JARING_ASSIGN_OR_RETURN(const MemberNumber member, ParseBillCode(code));
  return Answers{{"member", member.ToString()}};
}

AnswerResult AnswerPhone(const Scheme&, const Givens& givens) {
  JARING_ASSIGN_OR_RETURN(const std::string_view text, givens.Get("phone"));
  JARING_ASSIGN_OR_RETURN(const std::string number, ParsePhone(text));
  return Answers{{"number", number}};
}

/// The rows of the income table that holds for a month.
AnswerResult AnswerBrackets(const Scheme& scheme, const Givens& givens) {
  JARING_ASSIGN_OR_RETURN(const Month month, ReadMonth(givens, "month"));
  for (const BracketTable& table : scheme.bracket_tables) {
    if (table.months.Has(month)) {
      Answers answers = {{"count", std::to_string(table.brackets.size())}};
      for (const Bracket& bracket : table.brackets) {
        const std::string prefix = std::to_string(bracket.number) + ".";
        answers.emplace_back(prefix + "from", AnswerText(bracket.income_from));
        answers.emplace_back(prefix + "base", AnswerText(bracket.base));
        answers.emplace_back(prefix + "mark", ConfidenceCode(bracket.mark.confidence));
      }
      return answers;
    }
  }
  return Invalid("tariff.none_for_month");
}

AnswerResult AnswerTrade(const Scheme& scheme, const Givens& givens) {
  JARING_ASSIGN_OR_RETURN(const std::string_view code, givens.Get("trade"));
  const Trade* trade = FindTrade(scheme, code);
  if (trade == nullptr) {
    return Invalid("trade.unknown");
  }
  return Answers{{"code", trade->code}, {"sector", scheme.sectors[trade->sector].code}};
}

AnswerResult AnswerReliefs(const Scheme& scheme, const Givens& givens) {
  JARING_ASSIGN_OR_RETURN(const std::string_view code, givens.Get("sector"));
  JARING_ASSIGN_OR_RETURN(const Month month, ReadMonth(givens, "month"));
  JARING_ASSIGN_OR_RETURN(const Date paid, ReadDate(givens, "paid"));
  const auto sector = FindSector(scheme, code);
  if (!sector) {
    return Invalid("sector.unknown");
  }
  Answers answers;
  int number = 0;
  for (const Relief& relief : scheme.reliefs) {
    if (!relief.months.Has(month) || (relief.sectors >> *sector & 1U) == 0 ||
        paid < relief.known_from) {
      continue;
    }
    const std::string prefix = std::to_string(++number) + ".";
    answers.emplace_back(prefix + "id", relief.id);
    answers.emplace_back(prefix + "programmes", ProgrammesText(relief.programmes));
    answers.emplace_back(prefix + "pays-ppm", std::to_string(relief.pays.ppm()));
    answers.emplace_back(prefix + "last",
                         relief.months.last ? relief.months.last->ToString() : "none");
    answers.emplace_back(prefix + "mark", ConfidenceCode(relief.mark.confidence));
  }
  answers.insert(answers.begin(), {"count", std::to_string(number)});
  return answers;
}

std::string_view KindText(BenefitKind kind) {
  constexpr std::array<std::string_view, 9> kWords = {
      "service",        "fixed",      "receipts",   "base-monthly", "base-multiple",
      "table-multiple", "loss-table", "price-plus", "account-share"};
  return kWords[static_cast<std::size_t>(kind)];
}

void AddBenefit(Answers& answers, const BenefitQuote& quote) {
  const std::string prefix = quote.benefit->id + ".";
  const BenefitRow& row = *quote.row;
  answers.emplace_back(prefix + "kind", KindText(row.kind));
  if (quote.amount) {
    answers.emplace_back(prefix + "amount", AnswerText(*quote.amount));
  }
  if (row.cap) {
    answers.emplace_back(prefix + "cap", AnswerText(*row.cap));
  }
  if (row.kind == BenefitKind::kBaseMonthly) {
    answers.emplace_back(prefix + "month-from", std::to_string(row.month_from));
    answers.emplace_back(prefix + "month-to",
                         row.month_to ? std::to_string(*row.month_to) : "none");
  }
  if (row.needs_contribution_months > 0) {
    answers.emplace_back(prefix + "needs-months", std::to_string(row.needs_contribution_months));
  }
  answers.emplace_back(prefix + "mark", ConfidenceCode(row.mark.confidence));
}

AnswerResult AnswerBenefits(const Scheme& scheme, const Givens& givens) {
  JARING_ASSIGN_OR_RETURN(const Money income, ReadMoney(givens, "income"));
  JARING_ASSIGN_OR_RETURN(const Date on, ReadDate(givens, "on"));
  const Bracket* bracket = FindBracket(scheme, income, on.month());
  if (bracket == nullptr) {
    return Invalid("tariff.none_for_month");
  }
  Answers answers = {{"base", AnswerText(bracket->base)}};
  for (const BenefitQuote& quote : QuoteBenefits(scheme, bracket->base, on)) {
    AddBenefit(answers, quote);
  }
  if (const ScholarshipTable* table = FindScholarship(scheme, on)) {
    const std::string prefix = "scholarship.";
    answers.emplace_back(prefix + "total", AnswerText(table->total));
    answers.emplace_back(prefix + "per-child", AnswerText(table->per_child));
    answers.emplace_back(prefix + "children", std::to_string(table->max_children));
    answers.emplace_back(prefix + "needs-months",
                         std::to_string(table->jkm_needs_contribution_months));
    answers.emplace_back(prefix + "mark", ConfidenceCode(table->mark.confidence));
  }
  return answers;
}

void AddReturn(Answers& answers, const std::string& prefix, const DeclaredReturn& declared) {
  answers.emplace_back(prefix + "-ppm", std::to_string(declared.rate.ppm()));
  answers.emplace_back(prefix + "-year", std::to_string(declared.year));
  answers.emplace_back(prefix + "-mark", ConfidenceCode(declared.mark.confidence));
}

AnswerResult AnswerSavings(const Scheme& scheme, const Givens& givens) {
  JARING_ASSIGN_OR_RETURN(const Terms terms, ReadTerms(scheme, givens));
  JARING_ASSIGN_OR_RETURN(const Month first, ReadMonth(givens, "month"));
  JARING_ASSIGN_OR_RETURN(const Date paid, ReadDate(givens, "paid"));
  JARING_ASSIGN_OR_RETURN(const std::string_view years_text, givens.Get("years"));
  const auto years = ParseInteger(years_text);
  if (!years || *years < 1 || *years > 60) {
    return Invalid("savings.years_out_of_range");
  }
  if (scheme.declared_returns.empty()) {
    return NotFound("interest.not_declared");
  }
  JARING_ASSIGN_OR_RETURN(const MonthPrice price, PriceMonth(scheme, terms, first, paid));
  const auto [low, high] = std::minmax_element(
      scheme.declared_returns.begin(), scheme.declared_returns.end(),
      [](const DeclaredReturn& a, const DeclaredReturn& b) { return a.rate < b.rate; });
  const Money monthly = price.due[Programme::kJht];
  // Sixty years of it stay far below the limit of Money.
  constexpr std::int64_t kMostMonthly = 1'000'000'000;
  if (monthly.rupiah() > kMostMonthly) {
    return Invalid("money.out_of_range");
  }
  const int count = static_cast<int>(*years);
  const auto least = ProjectSavings(scheme, monthly, first, count, low->rate);
  const auto most = ProjectSavings(scheme, monthly, first, count, high->rate);
  Answers answers = {{"monthly", AnswerText(monthly)}};
  AddReturn(answers, "low", *low);
  AddReturn(answers, "high", *high);
  for (std::size_t i = 0; i < least.size(); ++i) {
    const std::string prefix = std::to_string(i + 1) + ".";
    answers.emplace_back(prefix + "paid", AnswerText(least[i].paid));
    answers.emplace_back(prefix + "low", AnswerText(least[i].balance));
    answers.emplace_back(prefix + "high", AnswerText(most[i].balance));
  }
  return answers;
}

struct Kind {
  std::string_view name;
  AnswerResult (*answer)(const Scheme&, const Givens&);
};

constexpr std::array<Kind, 15> kKinds = {{{"price", AnswerPrice},
                                          {"bracket", AnswerBracket},
                                          {"bill", AnswerBill},
                                          {"purchase", AnswerPurchase},
                                          {"restore", AnswerRestore},
                                          {"cover", AnswerCover},
                                          {"programmes", AnswerProgrammes},
                                          {"nik", AnswerNik},
                                          {"bill-code", AnswerBillCode},
                                          {"phone", AnswerPhone},
                                          {"brackets", AnswerBrackets},
                                          {"trade", AnswerTrade},
                                          {"reliefs", AnswerReliefs},
                                          {"benefits", AnswerBenefits},
                                          {"savings", AnswerSavings}}};

}  // namespace

Answers AnswerQuestion(const Scheme& scheme, std::string_view kind, const Givens& givens) {
  for (const Kind& known : kKinds) {
    if (known.name == kind) {
      const AnswerResult answers = known.answer(scheme, givens);
      return answers ? *answers : Answers{{"error", answers.error().rule}};
    }
  }
  return {{"error", Invalid("question.unknown_kind").rule}};
}

std::string AnswersJson(const Answers& answers) {
  // Keys and values are codes, numbers and dates of ours: nothing in them needs an escape.
  std::string json = "{";
  for (const auto& [key, value] : answers) {
    json += (json.size() > 1 ? ",\"" : "\"") + key + "\":\"" + value + "\"";
  }
  return json + "}";
}

}  // namespace jaring
