#pragma once

// Questions to the rules as text, and their answers: the one face that the browser, the phone
// without signal and the golden cases of tests/rules share. What may be given and what is answered:
//
//   kind        given                                                        answers
//   price       income programmes sector [payer] month paid [spell-began]    JKK JKM JHT total full
//   relief bracket     income month                                                 number base
//   bill        terms, spell, paid, months                                   first last total
//   <month>.… purchase    terms, spell, [birth], money, paid                           first last
//   months JKK … leftover
//                                                                            stop restarts
//                                                                            cover-from
//   restore     terms, spell, [birth], paid                                  kind months total from
//   until cover       membership…, on                                              JKK JKK.from
//   JKK.until …
//                                                                            months-paid next-due
//   programmes  programmes                                                   set
//   nik         nik [fake] [birth]                                           masked sex
//   birth-agrees bill-code   member, or code                                              code, or
//   member phone       phone                                                        number
//
// terms: income programmes sector [payer self|government]; spell: [months-paid 2025-01..2025-03]
// [start first-payment|acquisition] [acquired DATE]; membership: "1 JKK,JKM 2025-01..2025-03
// [from DATE] [ended DATE]" or "1 JKK,JKM unpaid". What cannot be answered has the answer "error"
// with a rule id.

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
