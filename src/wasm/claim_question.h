#pragma once

// Questions about claims, in the same form as those of question.h. Each kind with what must be
// given:
//
// - accident: on, income, outcome, [spent "BENEFIT RUPIAH [PRICE]"]…, [unable "MONTHS [DAYS]"],
//   [lost "DISABILITY [PPM]"]…, [lessened "DISABILITY PPM"]…, [contribution-months], [children]. By
//   benefit, and for disabilities "BENEFIT.DISABILITY": "jkk-death.amount", "jkk-death.working",
//   "withheld.jkk-scholarship-once"; and "total".
// - death: on, [contribution-months], [children]. The same.
// - claim-cover: membership…, payment "SEQ 2025-01..2025-03 DATE"…, programme, on.
// - heirs: on, [alive]… ("spouse"). "rank" from 1, or none; "entitled".
// - scholarship: event, [by-work yes], [contribution-months], birth, level, on, [place],
// [years-paid],
//   [married yes], [works yes].
// - savings-claim: on, reason, birth, balance, [contribution-months], [part-taken yes], [left],
// [asked].
// - deadline: programme, complete, [paid, amount]. "due", "penalty".
// - working-day: on.
// - claim-by: on (the day of the accident).
//
// A working is words and figures in their order: "base 1000000 multiple 80 share 600000".

#include "wasm/question.h"

namespace jaring {

/// Errors: as answers, like AnswerQuestion's.
Answers AnswerClaimQuestion(const Scheme& scheme, std::string_view kind, const Givens& givens);

/// A question of either kind.
Answers AnswerAnyQuestion(const Scheme& scheme, std::string_view kind, const Givens& givens);

}  // namespace jaring
