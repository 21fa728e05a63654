// What an accident and a death give a right to, against a second, slow reckoning of the same law:
// its figures written out here, its months walked one by one, in thousandths of rupiah. Where both
// are wrong alike, the golden cases of tests/rules/claim are the third.

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <random>

#include "base/source_dir.h"
#include "rules/entitlement.h"
#include "scheme/scheme_loader.h"

namespace jaring {
namespace {

constexpr std::int64_t kMillion = 1'000'000;

const Scheme& Shipped() {
  static const Scheme scheme =
      *LoadScheme(std::filesystem::path(SourceDir()) / "schemes" / "id-bpu").scheme;
  return scheme;
}

bool IsNewLaw(Date on) {
  return on >= Date::FromYearMonthDay(2019, 12, 2);
}

std::int64_t Rounded(std::int64_t numerator, std::int64_t denominator) {
  const std::int64_t whole = numerator / denominator;
  return whole + (2 * (numerator % denominator) >= denominator ? 1 : 0);
}

/// Per cent of the base in the `month`th month of not being able to work.
std::int64_t PercentUnable(bool is_new, int month) {
  if (month <= 6) {
    return 100;
  }
  return month <= 12 ? (is_new ? 100 : 75) : 50;
}

std::int64_t SlowUnable(const AccidentFacts& facts) {
  std::int64_t sum = 0;
  for (int month = 1; month <= facts.months_unable; ++month) {
    sum += facts.base.rupiah() * PercentUnable(IsNewLaw(facts.on), month) / 100;
  }
  const std::int64_t part =
      facts.base.rupiah() * PercentUnable(IsNewLaw(facts.on), facts.months_unable + 1);
  return sum + Rounded(part / 100 * facts.days_unable, 30);
}

/// The most that receipts of one kind pay; nothing: all of it.
std::optional<std::int64_t> SlowCap(const std::string& benefit, bool is_new) {
  static const std::map<std::string, std::pair<std::int64_t, std::int64_t>> caps = {
      {"jkk-transport-land", {1'000'000, 5'000'000}},
      {"jkk-transport-sea", {1'500'000, 2'000'000}},
      {"jkk-transport-air", {2'500'000, 10'000'000}},
  };
  const auto found = caps.find(benefit);
  if (found == caps.end()) {
    return std::nullopt;
  }
  return is_new ? found->second.second : found->second.first;
}

std::int64_t SlowSpent(const AccidentFacts& facts) {
  std::map<std::string, std::int64_t> sums;
  for (const Spending& each : facts.spent) {
    sums[each.benefit] += each.spent.rupiah();
  }
  std::int64_t sum = 0;
  for (const auto& [benefit, spent] : sums) {
    sum += std::min(spent, SlowCap(benefit, IsNewLaw(facts.on)).value_or(spent));
  }
  return sum;
}

std::int64_t SlowDisabilities(const AccidentFacts& facts) {
  static const std::map<std::string, std::int64_t> per_thousand = {
      {"arm-right-from-shoulder", 400}, {"eye-one", 350}, {"finger-left-first-joint", 15}};
  std::int64_t sum = 0;
  for (const DisabilityFinding& finding : facts.disabilities) {
    const std::int64_t bases = 80 * facts.base.rupiah() * per_thousand.at(finding.code) / 1000;
    sum += finding.loss ? Rounded(bases * (finding.loss->ppm() / 1000), 1000) : bases;
  }
  return sum;
}

std::int64_t SlowTotal(const AccidentFacts& facts) {
  const bool is_new = IsNewLaw(facts.on);
  const std::int64_t grant = is_new ? 12 * kMillion : 4'800'000;
  const std::int64_t scholarship = !is_new && facts.children > 0 ? 12 * kMillion : 0;
  std::int64_t sum = SlowSpent(facts) + SlowUnable(facts) + SlowDisabilities(facts);
  if (facts.outcome == AccidentOutcome::kDied) {
    const std::int64_t least = is_new ? 20 * kMillion : 16'200'000;
    sum += std::max(48 * facts.base.rupiah(), least) + (is_new ? 10 : 3) * kMillion + grant;
    sum += scholarship;
  }
  if (facts.outcome == AccidentOutcome::kTotalDisability) {
    sum += 56 * facts.base.rupiah() + grant + scholarship;
  }
  return sum;
}

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  std::int64_t Below(std::int64_t limit) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(limit));
  }
  template <typename Container>
  auto Pick(const Container& of) {
    return of[static_cast<std::size_t>(Below(static_cast<std::int64_t>(std::size(of))))];
  }

 private:
  std::mt19937_64 random_;
};

AccidentFacts Invent(Dice& dice) {
  constexpr const char* kReceipts[] = {"jkk-medical", "jkk-transport-land", "jkk-transport-sea",
                                       "jkk-transport-air"};
  constexpr const char* kDisabilities[] = {"arm-right-from-shoulder", "eye-one",
                                           "finger-left-first-joint"};
  AccidentFacts facts;
  facts.on = Date::FromDays(Date::FromYearMonthDay(2019, 12, 2).days() - 40 + dice.Below(80));
  // Some bases are so small that the floor under a death holds.
  facts.base = Money::FromRupiah(dice.Below(4) == 0 ? 100'000 : 200 * dice.Below(100'000));
  facts.outcome = static_cast<AccidentOutcome>(dice.Below(5));
  facts.children = static_cast<int>(dice.Below(3));
  facts.months_unable = static_cast<int>(dice.Below(20));
  facts.days_unable = static_cast<int>(dice.Below(30));
  for (std::int64_t i = dice.Below(4); i > 0; --i) {
    facts.spent.push_back({dice.Pick(kReceipts), Money::FromRupiah(dice.Below(12 * kMillion)), {}});
  }
  if (facts.outcome == AccidentOutcome::kPartialDisability) {
    for (std::int64_t i = 1 + dice.Below(3); i > 0; --i) {
      DisabilityFinding finding{.code = dice.Pick(kDisabilities), .loss = {}, .assessed = {}};
      if (dice.Below(2) == 0) {
        finding.loss = Rate::FromPpm(1000 * dice.Below(1001));
      }
      facts.disabilities.push_back(std::move(finding));
    }
  }
  return facts;
}

TEST(ClaimModel, AgreesOnTwentyThousandAccidents) {
  Dice dice(20'260'315);
  for (int i = 0; i < 20'000; ++i) {
    const AccidentFacts facts = Invent(dice);
    const Result<Entitlement> work = EntitleAccident(Shipped(), facts);
    ASSERT_TRUE(work) << work.error().rule;
    ASSERT_EQ(work->total().rupiah(), SlowTotal(facts))
        << "accident " << i << " on " << facts.on.ToString() << ", base " << facts.base.rupiah()
        << ", outcome " << static_cast<int>(facts.outcome);
  }
}

TEST(ClaimModel, EveryFigureOfAWorkingSaysWhereItComesFrom) {
  Dice dice(7);
  for (int i = 0; i < 1'000; ++i) {
    const Result<Entitlement> work = EntitleAccident(Shipped(), Invent(dice));
    ASSERT_TRUE(work);
    for (const EntitledLine& line : work->lines) {
      EXPECT_FALSE(line.row->mark.source.empty());
      for (const WorkedFigure& figure : line.worked.figures) {
        const bool is_fact = figure.term == Term::kBase || figure.term == Term::kMonths ||
                             figure.term == Term::kDays || figure.term == Term::kSpent ||
                             figure.term == Term::kPrice || figure.term == Term::kLoss;
        EXPECT_EQ(figure.mark == nullptr, is_fact) << TermCode(figure.term);
      }
    }
  }
}

TEST(Months, UnableOneByOneAreTheWhole) {
  for (const Date on : {Date::FromYearMonthDay(2019, 12, 1), Date::FromYearMonthDay(2026, 3, 1)}) {
    AccidentFacts facts;
    facts.on = on;
    facts.base = Money::FromRupiah(1'000'001);  // Halves are rounded.
    Money sum;
    for (int month = 1; month <= 30; ++month) {
      const auto one = EntitleMonthUnable(Shipped(), on, facts.base, month);
      ASSERT_TRUE(one) << month;
      EXPECT_EQ(one->lines.size(), 1U) << month;
      sum += one->total();
      facts.months_unable = month;
      EXPECT_EQ(EntitleAccident(Shipped(), facts)->total(), sum) << month;
    }
  }
  for (const int month : {0, 601}) {
    EXPECT_EQ(EntitleMonthUnable(Shipped(), Date::FromYearMonthDay(2026, 3, 1), Money(), month)
                  .error()
                  .rule,
              "entitlement.months_out_of_range");
  }
}

}  // namespace
}  // namespace jaring
