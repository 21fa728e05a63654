#pragma once

// Questions to the rules as text, and their answers: the one face that the browser, the phone
// without signal and the golden cases of tests/rules share. Each kind with what must be given:
//
// - price: terms, month, paid, [spell-began].
// - bracket: income, month.
// - bill: terms, spell, paid, months (how many).
// - purchase: terms, spell, money, paid, birth when a spell begins.
// - restore: terms, spell, paid, birth when a spell begins.
// - cover: membership (several), on.
// - programmes: programmes.
// - nik: nik, [fake yes], [birth].
// - bill-code: member, or code.
// - phone: phone.
// - brackets: month. The rows of the income table, "1.from", "1.base"…
// - trade: trade (its code).
// - reliefs: sector, month, paid. Those that may lower a month's price, "1.id", "1.last"…
// - benefits: income, on (the day of the event). By id: "jkm-funeral.amount"…
// - savings: terms, month (the first), paid, years. "1.paid", and with the lowest and the highest
//   return that was ever declared "1.low", "1.high"…
//
// Terms: income, programmes, sector, [payer self|government|employer]. Spell: [months-paid
// 2025-01..2025-03], [start first-payment|acquisition], [acquired DATE]. A membership: "1 JKK,JKM
// 2025-01..2025-03 from DATE ended DATE", both dates optional, or "1 JKK,JKM unpaid". What cannot
// be answered has the answer "error" with a rule id.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/scheme.h"

namespace jaring {

/// What a question states: keys with values, in order; a key may come several times.
///
/// Limit: views into the text it was read from, which must outlive it.
class Givens {
 public:
  /// Lines "key value"; empty lines are skipped.
  static Givens FromLines(std::string_view text);

  void Add(std::string_view key, std::string_view value) { rows_.emplace_back(key, value); }
  std::optional<std::string_view> Find(std::string_view key) const;
  /// Errors: question.given_missing.
  Result<std::string_view> Get(std::string_view key) const;
  std::vector<std::string_view> All(std::string_view key) const;

 private:
  std::vector<std::pair<std::string_view, std::string_view>> rows_;
};

/// Keys with values, in a fixed order. Amounts are whole rupiah without separators.
using Answers = std::vector<std::pair<std::string, std::string>>;

/// Errors: as answers, never as a failure: "error" with the rule id; question.unknown_kind.
Answers AnswerQuestion(const Scheme& scheme, std::string_view kind, const Givens& givens);

/// A JSON object of the answers, all values as strings.
std::string AnswersJson(const Answers& answers);

}  // namespace jaring
