#pragma once

// For tests only: people's money as a slow model sees it. It keeps the list of what happened and,
// for each question, lives the whole life again from the first event, month by month. It knows the
// small scheme's figures by heart and nothing of spells as ranges, sets, journals or counters.

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "registry/agency_fixture.h"

namespace jaring {

struct ModelTerms {
  bool savings = false;
  bool rich = false;
  bool relieved_trade = false;
};

/// Something that happened to one person, in the order in which it was told.
struct ModelEvent {
  enum class Kind : std::uint8_t { kEnrol, kPay, kReverse, kEnd };
  Kind kind = Kind::kEnrol;
  Instant told_at = Instant::FromMicros(0);
  Date on = D(20260101);  // Of payment, of joining, or the first day after the end.
  std::int64_t rupiah = 0;
  std::string reference;  // Of what is paid, or taken back.
  ModelTerms terms;       // Of kEnrol.
};

/// One run of membership: the months ticked off one by one.
struct ModelSpell {
  ModelTerms terms;
  std::set<std::int64_t> ticked;  // yyyymm.
  std::int64_t covered_from = 0;  // yyyymmdd.
  std::int64_t ended_on = 99999999;
};

inline std::int64_t MonthAfter(std::int64_t yyyymm) {
  return yyyymm % 100 == 12 ? yyyymm + 89 : yyyymm + 1;
}

/// How a life stands after some of its events.
class ModelLife {
 public:
  /// Lives through what was told by `known_at`; payments taken back by then never were.
  ModelLife(const std::vector<ModelEvent>& events, Date birth, std::optional<Instant> known_at)
      : birth_(birth) {
    const auto known = [&](const ModelEvent& e) { return !known_at || e.told_at <= *known_at; };
    std::set<std::string> taken_back;
    for (const ModelEvent& e : events) {
      if (e.kind == ModelEvent::Kind::kReverse && known(e)) {
        taken_back.insert(e.reference);
      }
    }
    for (const ModelEvent& e : events) {
      if (e.kind == ModelEvent::Kind::kEnrol && known(e)) {
        joinings_.push_back(&e);
      } else if (e.kind == ModelEvent::Kind::kEnd && known(e)) {
        if (!spells_.empty()) {
          spells_.back().ended_on = std::min(spells_.back().ended_on, e.on.number());
        }
      } else if (e.kind == ModelEvent::Kind::kPay && known(e) &&
                 taken_back.count(e.reference) == 0) {
        Pay(e);
      }
    }
  }

  std::int64_t jar() const { return jar_; }
  const std::vector<ModelSpell>& spells() const { return spells_; }
  std::int64_t received_in(std::int64_t yyyymm) const {
    const auto at = received_.find(yyyymm);
    return at == received_.end() ? 0 : at->second;
  }

  /// By the last spell that has begun to cover by then.
  CoverageState StateOn(Date on, bool savings) const {
    for (auto spell = spells_.rbegin(); spell != spells_.rend(); ++spell) {
      if (on.number() >= spell->covered_from && (!savings || spell->terms.savings)) {
        const int unpaid = UnpaidThrough(*spell, on.number() / 100);
        return spell->ended_on <= on.number() ? CoverageState::kEnded
               : unpaid == 0                  ? CoverageState::kActive
               : unpaid <= 3                  ? CoverageState::kGrace
                                              : CoverageState::kLapsed;
      }
    }
    return CoverageState::kNever;
  }

  /// Of the last spell that has begun by the end of a month, counted in months.
  CoverageState StateAtEndOf(std::int64_t yyyymm) const {
    for (auto spell = spells_.rbegin(); spell != spells_.rend(); ++spell) {
      if (*spell->ticked.begin() <= yyyymm) {
        const int unpaid = UnpaidThrough(*spell, yyyymm);
        return spell->ended_on / 100 <= yyyymm ? CoverageState::kEnded
               : unpaid == 0                   ? CoverageState::kActive
               : unpaid <= 3                   ? CoverageState::kGrace
                                               : CoverageState::kLapsed;
      }
    }
    return CoverageState::kNever;
  }

  /// Spells that begin in a month after one which had not been closed by then.
  int ReturnsIn(std::int64_t yyyymm) const {
    int returns = 0;
    for (std::size_t i = 1; i < spells_.size(); ++i) {
      if (FirstOf(i) == yyyymm && !IsClosed(i - 1, yyyymm)) {
        ++returns;
      }
    }
    return returns;
  }

  /// Spells whose fourth unpaid month it is, and that were not closed by then.
  int LossesIn(std::int64_t yyyymm) const {
    return static_cast<int>(LengthsOfLosses(yyyymm).size());
  }

  /// How many months each of them had.
  std::vector<std::size_t> LengthsOfLosses(std::int64_t yyyymm) const {
    std::vector<std::size_t> lengths;
    for (std::size_t i = 0; i < spells_.size(); ++i) {
      const bool is_paid = spells_[i].ticked.count(yyyymm) != 0;
      if (!is_paid && UnpaidThrough(spells_[i], yyyymm) == 4 && !IsClosed(i, yyyymm)) {
        lengths.push_back(spells_[i].ticked.size());
      }
    }
    return lengths;
  }

  std::vector<std::int64_t> Months() const {
    std::set<std::int64_t> months;  // A closed spell and the one after it may both hold a month.
    for (const ModelSpell& spell : spells_) {
      months.insert(spell.ticked.begin(), spell.ticked.end());
    }
    return {months.begin(), months.end()};
  }

 private:
  std::int64_t FirstOf(std::size_t spell) const { return *spells_[spell].ticked.begin(); }

  bool IsClosed(std::size_t spell, std::int64_t yyyymm) const {
    return std::max(spells_[spell].ended_on / 100, FirstOf(spell)) <= yyyymm;
  }

  static int UnpaidThrough(const ModelSpell& spell, std::int64_t yyyymm) {
    int unpaid = 0;
    for (std::int64_t m = *spell.ticked.begin(); m <= yyyymm; m = MonthAfter(m)) {
      unpaid += spell.ticked.count(m) == 0 ? 1 : 0;
    }
    return unpaid;
  }

  /// The terms agreed to last by a day; the first when none was yet.
  const ModelEvent& JoiningBy(Date on) const {
    const ModelEvent* latest = joinings_.front();
    for (const ModelEvent* joining : joinings_) {
      latest = joining->on <= on ? joining : latest;
    }
    return *latest;
  }

  void Pay(const ModelEvent& payment) {
    jar_ += payment.rupiah;
    const std::int64_t today = payment.on.number() / 100;
    const bool goes_on = !spells_.empty() && payment.on.number() < spells_.back().ended_on &&
                         UnpaidThrough(spells_.back(), today) <= 3;
    if (!goes_on && payment.on.number() >= birth_.number() + 65'00'00) {
      return;
    }
    ModelSpell fresh{JoiningBy(payment.on).terms, {}, payment.on.number()};
    ModelSpell& spell = goes_on ? spells_.back() : fresh;
    std::int64_t month = today;
    if (goes_on) {
      month = *spell.ticked.begin();
      while (spell.ticked.count(month) != 0) {
        month = MonthAfter(month);
      }
    }
    for (; month <= today + 100 && jar_ > 0; month = MonthAfter(month)) {
      const std::int64_t price = Price(spell.terms, month, payment.on);
      if (jar_ < price) {
        break;
      }
      jar_ -= price;
      received_[today] += price;
      spell.ticked.insert(month);
    }
    if (!goes_on && !fresh.ticked.empty()) {
      spells_.push_back(fresh);
    }
  }

  static std::int64_t Price(const ModelTerms& terms, std::int64_t month, Date paid_on) {
    const std::int64_t savings = terms.savings ? (terms.rich ? 600 : 200) : 0;
    const std::int64_t insured = (terms.rich ? 300 : 100) + 50;
    const bool half = month / 100 == 2026 && terms.relieved_trade && paid_on.number() >= 20251222;
    return savings + (half ? insured / 2 : insured);
  }

  Date birth_;
  std::vector<const ModelEvent*> joinings_;
  std::vector<ModelSpell> spells_;
  std::map<std::int64_t, std::int64_t> received_;  // By month of payment.
  std::int64_t jar_ = 0;
};

}  // namespace jaring
