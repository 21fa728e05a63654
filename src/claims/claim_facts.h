#pragma once

// What is told of a claim, and who is to be paid. Stored sealed, as lines of text.

#include <string>
#include <string_view>
#include <vector>

#include "claims/claim.h"
#include "rules/entitlement.h"
#include "rules/savings_claim.h"

namespace jaring {

/// A child who goes to school.
struct PupilTold {
  Date birth = Date::FromYearMonthDay(1900, 1, 1);
  std::string level;  // "senior-secondary".
};

/// What happened, as it is established so far. Which fields count the kind says.
struct ClaimFacts {
  ClaimKind kind = ClaimKind::kDeath;
  Date on =
      Date::FromYearMonthDay(1900, 1, 1);  // The event; of savings the day they are asked for.
  // Of an accident.
  AccidentOutcome outcome = AccidentOutcome::kInTreatment;
  std::vector<Spending> spent;
  int months_unable = 0;
  int days_unable = 0;
  std::vector<DisabilityFinding> disabilities;
  std::optional<Date> established_on;    // The doctor's finding of how it ended,
  std::optional<Date> established_told;  // and when we were told: the second report.
  std::string doctor = {};               // Who found it; at most kMostDoctor bytes.
  // Of a death, from work or not.
  int children = 0;
  std::vector<Relation> heirs;  // Those who live.
  // Of a death or a total disability: who is to have scholarships, in the family's order. Of a
  // scholarship: the one child, as it is in that school year.
  std::vector<PupilTold> pupils;
  bool is_married = false;
  bool works = false;
  // Of savings.
  SavingsReason reason = SavingsReason::kAge;
  std::optional<Date> left_on;
  std::optional<Money> asked;

  static constexpr std::size_t kMostDoctor = 100;

  bool is_of_death() const {
    return kind == ClaimKind::kDeath ||
           (kind == ClaimKind::kAccident && outcome == AccidentOutcome::kDied) ||
           (kind == ClaimKind::kSavings && reason == SavingsReason::kDeath);
  }
};

/// What of the scheme's events the facts are.
ClaimEvents EventsOf(const ClaimFacts& facts);

/// True for what may stand in ClaimFacts::doctor.
bool IsDoctorName(std::string_view text);

/// The lines of the facts, and back.
///
/// Errors of reading: claim.facts_malformed. Limit: 100 receipts, findings, heirs and pupils each.
std::string WriteFacts(const ClaimFacts& facts);
Result<ClaimFacts> ReadFacts(std::string_view text);

/// Where money goes.
struct ClaimPayee {
  std::string name;                  // As the account has it.
  std::optional<Relation> relation;  // To the member; nothing: the member herself.
  std::string institution;           // Code of the bank, the wallet or the post.
  std::string account;               // Its number there.
  Rate share = Rate::FromPpm(1'000'000);
};

/// Errors: payee.none, payee.too_many (over 20), payee.name_malformed, payee.institution_malformed
/// (a code of 2 to 11 capital letters and digits), payee.account_malformed (5 to 34 digits and
/// capital letters), payee.shares_wrong (they do not add up to the whole).
Result<Done> CheckPayees(const std::vector<ClaimPayee>& payees);

std::string WritePayees(const std::vector<ClaimPayee>& payees);
/// Errors: claim.facts_malformed.
Result<std::vector<ClaimPayee>> ReadPayees(std::string_view text);

/// True when somebody of this relation may be paid a scholarship: the child, or its guardian.
bool IsOfPupil(const ClaimPayee& payee);

/// `net` among the payees by their shares; what rounding leaves goes to the first.
std::vector<Money> ShareOut(Money net, const std::vector<ClaimPayee>& payees);

}  // namespace jaring
