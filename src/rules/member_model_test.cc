// Thousands of random lives, lived twice: by the rules, and by a slow model that walks the calendar
// month by month with the money in a jar. The model knows nothing of spells as ranges.

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "rules/coverage.h"
#include "rules/small_scheme.h"

namespace jaring {
namespace {

struct Payment {
  Date on = D(20250101);
  std::int64_t rupiah = 0;
};

/// One run of membership in the model: the months ticked off, one by one.
struct ModelSpell {
  std::set<std::int64_t> ticked;  // yyyymm.
  std::int64_t covered_from = 0;  // yyyymmdd.
};

std::int64_t Following(std::int64_t yyyymm) {
  return yyyymm % 100 == 12 ? yyyymm + 89 : yyyymm + 1;
}

/// SmallScheme's figures again, written the slow way on purpose.
class Model {
 public:
  Model(const Terms& terms, Date birth, int wait_months)
      : terms_(terms), birth_(birth), wait_months_(wait_months) {}

  void Pay(const Payment& payment) {
    jar_ += payment.rupiah;
    const std::int64_t today = payment.on.number() / 100;
    std::int64_t month = today;
    bool begins = true;
    if (!spells_.empty()) {
      const std::int64_t open = FirstUnticked(spells_.back());
      int unpaid = 0;
      for (std::int64_t m = open; m <= today; m = Following(m)) {
        ++unpaid;
      }
      if (unpaid <= 3) {
        month = open;
        begins = false;
      }
    }
    const std::int64_t birthday_65 = birth_.number() + 65'00'00;
    if (begins && payment.on.number() >= birthday_65) {
      return;
    }
    std::int64_t last = today + 100;  // Twelve months on.
    for (; month <= last && jar_ > 0 && jar_ >= Price(month, begins, payment.on);
         month = Following(month)) {
      jar_ -= Price(month, begins, payment.on);
      if (begins) {
        spells_.push_back({{}, payment.on.number()});
        begins = false;
      }
      spells_.back().ticked.insert(month);
    }
  }

  CoverageState StateOn(Date on) const {
    for (auto spell = spells_.rbegin(); spell != spells_.rend(); ++spell) {
      if (on.number() < spell->covered_from) {
        continue;
      }
      int unpaid = 0;
      const std::int64_t today = on.number() / 100;
      for (std::int64_t m = *spell->ticked.begin(); m <= today; m = Following(m)) {
        unpaid += spell->ticked.count(m) == 0 ? 1 : 0;
      }
      return unpaid == 0   ? CoverageState::kActive
             : unpaid <= 3 ? CoverageState::kGrace
                           : CoverageState::kLapsed;
    }
    return CoverageState::kNever;
  }

  std::vector<std::int64_t> Months() const {
    std::vector<std::int64_t> months;
    for (const ModelSpell& spell : spells_) {
      months.insert(months.end(), spell.ticked.begin(), spell.ticked.end());
    }
    std::sort(months.begin(), months.end());
    return months;
  }

  std::int64_t jar() const { return jar_; }
  std::size_t spells() const { return spells_.size(); }

 private:
  static std::int64_t FirstUnticked(const ModelSpell& spell) {
    std::int64_t month = *spell.ticked.begin();
    while (spell.ticked.count(month) != 0) {
      month = Following(month);
    }
    return month;
  }

  /// Months of the spell before `month`, counted one by one.
  int MonthsBefore(std::int64_t month, bool begins) const {
    if (begins) {
      return 0;
    }
    int count = 0;
    for (std::int64_t m = *spells_.back().ticked.begin(); m < month; m = Following(m)) {
      ++count;
    }
    return count;
  }

  /// Millionths of the wage, half up; written out here so that the model shares nothing.
  std::int64_t OfWage(std::int64_t ppm) const {
    return (terms_.income.rupiah() * ppm + 500'000) / 1'000'000;
  }

  std::int64_t Price(std::int64_t month, bool begins, Date paid_on) const {
    if (terms_.payer == Payer::kEmployer) {
      return OfWage(25'000) + OfWage(12'345) +
             (terms_.programmes.Has(Programme::kJht) ? OfWage(100'000) : 0);
    }
    const bool rich = terms_.income.rupiah() >= 2'000;
    const std::int64_t savings = terms_.programmes.Has(Programme::kJht) ? (rich ? 600 : 200) : 0;
    const std::int64_t insured = (rich ? 300 : 100) + 50;
    const bool spell_is_old = !begins && *spells_.back().ticked.begin() <= 202512;
    const bool waits =
        wait_months_ > 0 && !spell_is_old && MonthsBefore(month, begins) < wait_months_;
    const bool half = month / 100 == 2026 && terms_.sector == 0 && terms_.payer == Payer::kSelf &&
                      paid_on.number() >= 20251222 && !waits;
    return savings + (half ? insured / 2 : insured);
  }

  Terms terms_;
  Date birth_;
  int wait_months_;
  std::vector<ModelSpell> spells_;
  std::int64_t jar_ = 0;
};

/// The same life by the rules: what a service keeps and asks.
class Life {
 public:
  Life(const Scheme& scheme, const Terms& terms, Date birth)
      : scheme_(scheme), terms_(terms), birth_(birth) {}

  void Pay(const Payment& payment) {
    const Money available = credit_ + Rp(payment.rupiah);
    const Purchase plan = PlanPurchase(scheme_, terms_, spell_, birth_, available, payment.on);
    ASSERT_EQ(plan.parts.total() + plan.leftover, available);
    ASSERT_GE(plan.leftover, Money());
    credit_ = plan.leftover;
    if (plan.months == 0) {
      return;
    }
    if (plan.cover_from) {
      spell_.first_month = plan.first_month;
      spells_.push_back({static_cast<int>(spells_.size()) + 1, terms_.programmes, plan.first_month,
                         plan.last_month(), plan.cover_from, std::nullopt});
    } else {
      ASSERT_EQ(*plan.first_month, *spell_.paid_through + 1);
    }
    ASSERT_EQ(plan.restarts, plan.cover_from.has_value() && spells_.size() > 1);
    spell_.paid_through = plan.last_month();
    spells_.back().paid_through = plan.last_month();
  }

  Coverage On(Date on) const { return CoverageOn(scheme_, spells_, on); }
  Money credit() const { return credit_; }
  std::size_t spells() const { return spells_.size(); }

 private:
  const Scheme& scheme_;
  Terms terms_;
  Date birth_;
  Spell spell_;
  std::vector<CoveredSpell> spells_;
  Money credit_;
};

class History {
 public:
  explicit History(std::uint64_t seed) : random_(seed) {}

  std::int64_t Between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(high - low + 1));
  }

  Date Day(int from, int to) { return Date::FromDays(Between(D(from).days(), D(to).days())); }

  Terms AnyTerms() {
    Terms terms;
    terms.programmes = Between(0, 1) == 0 ? kBasic : kWithSavings;
    terms.income = Rp(Between(0, 4'000));
    terms.sector = static_cast<std::size_t>(Between(0, 1));
    const std::int64_t payer = Between(0, 5);
    terms.payer = payer == 0 ? Payer::kGovernment : payer == 1 ? Payer::kEmployer : Payer::kSelf;
    if (terms.payer == Payer::kEmployer) {
      terms.income += Rp(41);  // Less has no price.
    }
    return terms;
  }

  /// Mostly in order, with late files now and then.
  std::vector<Payment> Payments() {
    std::vector<Payment> payments;
    const std::int64_t count = Between(1, 25);
    for (std::int64_t i = 0; i < count; ++i) {
      const bool big = Between(0, 9) == 0;
      payments.push_back({Day(20240101, 20271231), Between(0, big ? 12'000 : 900)});
    }
    if (Between(0, 3) != 0) {
      std::sort(payments.begin(), payments.end(),
                [](const Payment& a, const Payment& b) { return a.on < b.on; });
    }
    return payments;
  }

 private:
  std::mt19937_64 random_;
};

void LiveTwice(std::uint64_t seed, std::size_t& restarts) {
  History history(seed);
  Scheme scheme = SmallScheme();
  const auto wait_months = static_cast<int>(history.Between(0, 2));
  if (wait_months > 0) {
    scheme.reliefs[0].existing_member_through = M(202512);
    scheme.reliefs[0].full_months_for_new = wait_months;
  }
  const Terms terms = history.AnyTerms();
  const bool old = history.Between(0, 3) == 0;
  const Date birth = old ? history.Day(19590101, 19620501) : history.Day(19700101, 20051231);
  Model model(terms, birth, wait_months);
  Life life(scheme, terms, birth);
  for (const Payment& payment : history.Payments()) {
    model.Pay(payment);
    ASSERT_NO_FATAL_FAILURE(life.Pay(payment));
    ASSERT_EQ(life.credit(), Rp(model.jar())) << payment.on.ToString();
    ASSERT_EQ(life.spells(), model.spells()) << payment.on.ToString();
  }
  for (int i = 0; i < 20; ++i) {
    const Date on = history.Day(20231201, 20291231);
    const Coverage coverage = life.On(on);
    ASSERT_EQ(coverage[Programme::kJkk].state, model.StateOn(on)) << on.ToString();
    std::vector<std::int64_t> months;
    for (const Month month : coverage.months_paid) {
      months.push_back(month.number());
    }
    ASSERT_EQ(months, model.Months());
  }
  restarts += life.spells() > 1;
}

TEST(MemberModel, LivesTheSameLifeAsTheRules) {
  std::size_t restarts = 0;
  for (std::uint64_t seed = 1; seed <= 5'000; ++seed) {
    ASSERT_NO_FATAL_FAILURE(LiveTwice(seed, restarts)) << "seed " << seed;
  }
  EXPECT_GT(restarts, 500u);  // Otherwise the lives are too tame to show anything.
}

}  // namespace
}  // namespace jaring
