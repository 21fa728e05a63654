#include "wasm/claim_question.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "rules/claim_clock.h"
#include "rules/claim_words.h"
#include "rules/heir_order.h"
#include "rules/scholarship_due.h"
#include "wasm/read_givens.h"

namespace jaring {
namespace {

using AnswerResult = Result<Answers>;

constexpr std::int64_t kWhole = 1'000'000;  // Ppm.

std::string WorkingText(const Worked& worked) {
  const std::string words = WorkingWords(worked);
  return words.empty() ? "none" : words;
}

/// Words between spaces, at least one, at most `most`.
Result<std::vector<std::string_view>> ReadWords(std::string_view text, std::size_t most) {
  auto words = Split(text, ' ');
  if (words[0].empty() || words.size() > most) {
    return Invalid("question.words_malformed");
  }
  return words;
}

Result<Rate> ReadPpm(std::string_view text) {
  const auto ppm = ParseInteger(text);
  if (!ppm || *ppm < 0 || *ppm > kWhole) {
    return Invalid("question.number_malformed");
  }
  return Rate::FromPpm(*ppm);
}

Result<Money> ReadRupiah(std::string_view text) {
  constexpr std::int64_t kMostRupiah = 1'000'000'000'000;
  const auto rupiah = ParseInteger(text);
  if (!rupiah || *rupiah < 0 || *rupiah > kMostRupiah) {
    return Invalid("money.out_of_range");
  }
  return Money::FromRupiah(*rupiah);
}

Result<Done> ReadSpending(const Givens& givens, AccidentFacts& facts) {
  for (const std::string_view text : givens.All("spent")) {
    JARING_ASSIGN_OR_RETURN(const auto words, ReadWords(text, 3));
    if (words.size() < 2) {
      return Invalid("question.words_malformed");
    }
    Spending spending{.benefit = std::string(words[0]), .spent = {}, .price = {}};
    JARING_ASSIGN_OR_RETURN(spending.spent, ReadRupiah(words[1]));
    if (words.size() == 3) {
      JARING_ASSIGN_OR_RETURN(spending.price, ReadRupiah(words[2]));
    }
    facts.spent.push_back(std::move(spending));
  }
  return Done{};
}

Result<Done> ReadDisabilities(const Givens& givens, AccidentFacts& facts) {
  for (const std::string_view text : givens.All("lost")) {
    JARING_ASSIGN_OR_RETURN(const auto words, ReadWords(text, 2));
    DisabilityFinding finding{.code = std::string(words[0]), .loss = {}, .assessed = {}};
    if (words.size() == 2) {
      JARING_ASSIGN_OR_RETURN(finding.assessed, ReadPpm(words[1]));
    }
    facts.disabilities.push_back(std::move(finding));
  }
  for (const std::string_view text : givens.All("lessened")) {
    JARING_ASSIGN_OR_RETURN(const auto words, ReadWords(text, 2));
    if (words.size() != 2) {
      return Invalid("question.words_malformed");
    }
    DisabilityFinding finding{.code = std::string(words[0]), .loss = {}, .assessed = {}};
    JARING_ASSIGN_OR_RETURN(finding.loss, ReadPpm(words[1]));
    facts.disabilities.push_back(std::move(finding));
  }
  return Done{};
}

Result<Done> ReadUnable(const Givens& givens, AccidentFacts& facts) {
  const auto text = givens.Find("unable");
  if (!text) {
    return Done{};
  }
  JARING_ASSIGN_OR_RETURN(const auto words, ReadWords(*text, 2));
  const auto months = ParseInteger(words[0]);
  const auto days = ParseInteger(words.size() == 2 ? words[1] : "0");
  if (!months || !days || *months < 0 || *months > 10'000 || *days < 0 || *days > 10'000) {
    return Invalid("question.number_malformed");
  }
  facts.months_unable = static_cast<int>(*months);
  facts.days_unable = static_cast<int>(*days);
  return Done{};
}

Answers EntitlementAnswers(const Entitlement& work) {
  Answers answers;
  for (const EntitledLine& line : work.lines) {
    const std::string prefix =
        line.benefit->id + (line.disability != nullptr ? "." + line.disability->code : "");
    answers.emplace_back(prefix + ".amount", AnswerText(line.worked.amount));
    answers.emplace_back(prefix + ".working", WorkingText(line.worked));
    answers.emplace_back(prefix + ".mark", ConfidenceCode(line.confidence()));
  }
  for (const WithheldLine& line : work.withheld) {
    answers.emplace_back("withheld." + line.benefit->id, line.rule);
  }
  answers.emplace_back("total", AnswerText(work.total()));
  return answers;
}

AnswerResult AnswerAccident(const Scheme& scheme, const Givens& givens) {
  AccidentFacts facts;
  JARING_ASSIGN_OR_RETURN(facts.on, ReadDate(givens, "on"));
  JARING_ASSIGN_OR_RETURN(const Money income, ReadMoney(givens, "income"));
  const Bracket* bracket = FindBracket(scheme, income, facts.on.month());
  if (bracket == nullptr) {
    return Invalid("tariff.none_for_month");
  }
  facts.base = bracket->base;
  JARING_ASSIGN_OR_RETURN(const std::string_view word, givens.Get("outcome"));
  const auto outcome = FindAccidentOutcome(word);
  if (!outcome) {
    return Invalid("question.outcome_unknown");
  }
  facts.outcome = *outcome;
  JARING_RETURN_IF_ERROR(ReadSpending(givens, facts));
  JARING_RETURN_IF_ERROR(ReadUnable(givens, facts));
  JARING_RETURN_IF_ERROR(ReadDisabilities(givens, facts));
  JARING_ASSIGN_OR_RETURN(const auto months,
                          ReadNumber(givens, "contribution-months", 0, 1'200, 0));
  JARING_ASSIGN_OR_RETURN(const auto children, ReadNumber(givens, "children", 0, 100, 0));
  facts.contribution_months = static_cast<int>(months);
  facts.children = static_cast<int>(children);
  JARING_ASSIGN_OR_RETURN(const Entitlement work, EntitleAccident(scheme, facts));
  return EntitlementAnswers(work);
}

AnswerResult AnswerDeath(const Scheme& scheme, const Givens& givens) {
  DeathFacts facts;
  JARING_ASSIGN_OR_RETURN(facts.on, ReadDate(givens, "on"));
  JARING_ASSIGN_OR_RETURN(const auto months,
                          ReadNumber(givens, "contribution-months", 0, 1'200, 0));
  JARING_ASSIGN_OR_RETURN(const auto children, ReadNumber(givens, "children", 0, 100, 0));
  facts.contribution_months = static_cast<int>(months);
  facts.children = static_cast<int>(children);
  return EntitlementAnswers(EntitleDeath(scheme, facts));
}

Result<Programme> ReadProgramme(const Givens& givens) {
  JARING_ASSIGN_OR_RETURN(const std::string_view text, givens.Get("programme"));
  JARING_ASSIGN_OR_RETURN(const ProgrammeSet set, ParseProgrammes(text));
  for (const Programme programme : kProgrammes) {
    if (set == ProgrammeSet().With(programme)) {
      return programme;
    }
  }
  return Invalid("programmes.unknown");
}

/// "1 2025-01..2025-03 2025-01-10".
Result<PaidMonths> ReadPaid(std::string_view text) {
  JARING_ASSIGN_OR_RETURN(const auto words, ReadWords(text, 3));
  const auto seq = ParseInteger(words[0]);
  if (words.size() != 3 || !seq || *seq < 1 || *seq > 99) {
    return Invalid("question.words_malformed");
  }
  JARING_ASSIGN_OR_RETURN(const MonthSpan span, ReadSpan(words[1]));
  JARING_ASSIGN_OR_RETURN(const Date on, Date::Parse(words[2]));
  return PaidMonths{static_cast<int>(*seq), span.first, *span.last - span.first + 1, on};
}

AnswerResult AnswerClaimCover(const Scheme& scheme, const Givens& givens) {
  std::vector<CoveredSpell> spells;
  for (const std::string_view text : givens.All("membership")) {
    JARING_ASSIGN_OR_RETURN(const CoveredSpell spell, ReadMembership(text));
    spells.push_back(spell);
  }
  std::vector<PaidMonths> payments;
  for (const std::string_view text : givens.All("payment")) {
    JARING_ASSIGN_OR_RETURN(const PaidMonths paid, ReadPaid(text));
    payments.push_back(paid);
  }
  JARING_ASSIGN_OR_RETURN(const Programme programme, ReadProgramme(givens));
  JARING_ASSIGN_OR_RETURN(const Date on, ReadDate(givens, "on"));
  const ClaimCover cover = CoverForClaim(scheme, spells, payments, programme, on);
  return Answers{{"verdict", std::string(ClaimCoverVerdictCode(cover.verdict))},
                 {"then", std::string(CoverageStateCode(cover.then))},
                 {"now", std::string(CoverageStateCode(cover.now))}};
}

AnswerResult AnswerHeirs(const Scheme& scheme, const Givens& givens) {
  JARING_ASSIGN_OR_RETURN(const Date on, ReadDate(givens, "on"));
  std::vector<Relation> alive;
  for (const std::string_view text : givens.All("alive")) {
    const auto relation = FindRelation(text);
    if (!relation) {
      return Invalid("question.relation_unknown");
    }
    alive.push_back(*relation);
  }
  const HeirOrder order = OrderHeirs(scheme, alive, on);
  std::string entitled;
  for (const std::size_t i : order.entitled) {
    entitled += (entitled.empty() ? "" : ",") + std::string(RelationCode(alive[i]));
  }
  return Answers{{"rank", order.rank ? std::to_string(*order.rank + 1) : "none"},
                 {"entitled", entitled.empty() ? "none" : entitled}};
}

AnswerResult AnswerScholarship(const Scheme& scheme, const Givens& givens) {
  ScholarshipRight right;
  JARING_ASSIGN_OR_RETURN(right.event, ReadDate(givens, "event"));
  JARING_ASSIGN_OR_RETURN(right.by_work, ReadYes(givens, "by-work"));
  JARING_ASSIGN_OR_RETURN(const auto months,
                          ReadNumber(givens, "contribution-months", 0, 1'200, 0));
  right.contribution_months = static_cast<int>(months);
  const ScholarshipTable* table = ScholarshipFor(scheme, right);
  if (table == nullptr) {
    return Invalid("scholarship.no_right");
  }
  Pupil pupil;
  JARING_ASSIGN_OR_RETURN(pupil.birth, ReadDate(givens, "birth"));
  JARING_ASSIGN_OR_RETURN(pupil.level, givens.Get("level"));
  JARING_ASSIGN_OR_RETURN(const Date on, ReadDate(givens, "on"));
  JARING_ASSIGN_OR_RETURN(const auto place, ReadNumber(givens, "place", 0, 100, 1));
  JARING_ASSIGN_OR_RETURN(const auto years, ReadNumber(givens, "years-paid", 0, 100, 0));
  JARING_ASSIGN_OR_RETURN(pupil.is_married, ReadYes(givens, "married"));
  JARING_ASSIGN_OR_RETURN(pupil.works, ReadYes(givens, "works"));
  pupil.place = static_cast<int>(place);
  pupil.years_paid = static_cast<int>(years);
  JARING_ASSIGN_OR_RETURN(const Worked worked, ScholarshipYear(*table, pupil, on));
  return Answers{{"amount", AnswerText(worked.amount)}, {"working", WorkingText(worked)}};
}

AnswerResult AnswerSavingsClaim(const Scheme& scheme, const Givens& givens) {
  SavingsFacts facts;
  JARING_ASSIGN_OR_RETURN(facts.on, ReadDate(givens, "on"));
  JARING_ASSIGN_OR_RETURN(const std::string_view word, givens.Get("reason"));
  const auto reason = FindSavingsReason(word);
  if (!reason) {
    return Invalid("question.reason_unknown");
  }
  facts.reason = *reason;
  JARING_ASSIGN_OR_RETURN(facts.birth, ReadDate(givens, "birth"));
  JARING_ASSIGN_OR_RETURN(facts.balance, ReadMoney(givens, "balance"));
  JARING_ASSIGN_OR_RETURN(const auto months,
                          ReadNumber(givens, "contribution-months", 0, 1'200, 0));
  facts.contribution_months = static_cast<int>(months);
  JARING_ASSIGN_OR_RETURN(facts.part_taken, ReadYes(givens, "part-taken"));
  JARING_ASSIGN_OR_RETURN(facts.left_on, ReadDateIfGiven(givens, "left"));
  if (const auto asked = givens.Find("asked")) {
    JARING_ASSIGN_OR_RETURN(facts.asked, ReadRupiah(*asked));
  }
  JARING_ASSIGN_OR_RETURN(const SavingsClaim claim, ClaimSavings(scheme, facts));
  return Answers{{"gross", AnswerText(claim.gross.amount)},
                 {"tax", AnswerText(claim.tax.amount)},
                 {"net", AnswerText(claim.net())},
                 {"working", WorkingText(claim.gross)},
                 {"tax-working", WorkingText(claim.tax)}};
}

AnswerResult AnswerDeadline(const Scheme& scheme, const Givens& givens) {
  JARING_ASSIGN_OR_RETURN(const Programme programme, ReadProgramme(givens));
  JARING_ASSIGN_OR_RETURN(const Date complete, ReadDate(givens, "complete"));
  const auto due = PayDeadline(scheme, programme, complete);
  Answers answers = {{"due", AnswerText(due)}};
  JARING_ASSIGN_OR_RETURN(const auto paid, ReadDateIfGiven(givens, "paid"));
  if (due && paid) {
    JARING_ASSIGN_OR_RETURN(const std::string_view text, givens.Get("amount"));
    JARING_ASSIGN_OR_RETURN(const Money amount, ReadRupiah(text));
    const Worked penalty = LatenessPenalty(scheme, programme, amount, *due, *paid);
    answers.emplace_back("penalty", AnswerText(penalty.amount));
    answers.emplace_back("working", WorkingText(penalty));
  }
  return answers;
}

AnswerResult AnswerWorkingDay(const Scheme& scheme, const Givens& givens) {
  JARING_ASSIGN_OR_RETURN(const Date on, ReadDate(givens, "on"));
  return Answers{{"is", YesNo(IsWorkingDay(scheme, on))},
                 {"holidays-known", YesNo(KnowsHolidaysOf(scheme, on.year()))}};
}

AnswerResult AnswerClaimBy(const Scheme& scheme, const Givens& givens) {
  JARING_ASSIGN_OR_RETURN(const Date on, ReadDate(givens, "on"));
  return Answers{{"last", AnswerText(LastDayToClaim(scheme, on))}};
}

struct ClaimKind {
  std::string_view name;
  AnswerResult (*answer)(const Scheme&, const Givens&);
};

constexpr std::array<ClaimKind, 9> kClaimKinds = {{{"accident", AnswerAccident},
                                                   {"death", AnswerDeath},
                                                   {"claim-cover", AnswerClaimCover},
                                                   {"heirs", AnswerHeirs},
                                                   {"scholarship", AnswerScholarship},
                                                   {"savings-claim", AnswerSavingsClaim},
                                                   {"deadline", AnswerDeadline},
                                                   {"working-day", AnswerWorkingDay},
                                                   {"claim-by", AnswerClaimBy}}};

}  // namespace

Answers AnswerAnyQuestion(const Scheme& scheme, std::string_view kind, const Givens& givens) {
  const bool is_claim = std::any_of(kClaimKinds.begin(), kClaimKinds.end(),
                                    [kind](const ClaimKind& known) { return known.name == kind; });
  return is_claim ? AnswerClaimQuestion(scheme, kind, givens)
                  : AnswerQuestion(scheme, kind, givens);
}

Answers AnswerClaimQuestion(const Scheme& scheme, std::string_view kind, const Givens& givens) {
  for (const ClaimKind& known : kClaimKinds) {
    if (known.name == kind) {
      const AnswerResult answers = known.answer(scheme, givens);
      return answers ? *answers : Answers{{"error", answers.error().rule}};
    }
  }
  return {{"error", Invalid("question.unknown_kind").rule}};
}

}  // namespace jaring
