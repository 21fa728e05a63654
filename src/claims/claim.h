#pragma once

// A claim: somebody had an accident, died, or asks for her old-age savings; or an instalment of
// what such a claim gives again and again.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/principal.h"
#include "base/calendar.h"
#include "base/money.h"
#include "rules/programme.h"

namespace jaring {

/// Stored, so the numbers never change. scholarship: a school year of a child. incapacity: a month
/// of a member who cannot work while she is treated.
enum class ClaimKind : std::int64_t {
  kAccident = 1,
  kDeath = 2,
  kSavings = 3,
  kScholarship = 4,
  kIncapacity = 5,
};

/// "accident", "death", "savings", "scholarship", "incapacity".
std::string_view ClaimKindCode(ClaimKind kind);
std::optional<ClaimKind> FindClaimKind(std::string_view code);

/// True for what the system opens by itself when its day comes (claim_schedule.h).
bool IsInstalment(ClaimKind kind);

/// The programme whose clock runs for the claim.
Programme ProgrammeOf(ClaimKind kind);

/// Stored, so the numbers never change. draft: still being told. reported: told; papers or answers
/// may be missing. complete: nothing is missing, the legal clock runs. proposed: decided by one
/// person, waits for a second. approved: will be paid. refused: with a reason; she may object.
/// paying: in a run. paid: all of it. returned: money came back, the account has to be mended.
/// withdrawn: taken back by whoever reported it.
enum class ClaimState : std::int64_t {
  kDraft = 1,
  kReported = 2,
  kComplete = 3,
  kProposed = 4,
  kApproved = 5,
  kRefused = 6,
  kPaying = 7,
  kPaid = 8,
  kReturned = 9,
  kWithdrawn = 10,
};

/// "draft", "reported"…
std::string_view ClaimStateCode(ClaimState state);
std::optional<ClaimState> FindClaimState(std::string_view code);

/// True when nothing more will happen to it by itself: paid, refused, withdrawn.
bool IsClosed(ClaimState state);

/// True from the approval on: it is paid, or will be.
bool IsOwed(ClaimState state);

/// "K" and twelve digits: the person's nine, two of the claim, and a check digit (Damm).
///
/// Limit: 99 claims of a person.
struct ClaimNumber {
  static constexpr int kMost = 99;

  std::int64_t person_id = 0;
  int claim_seq = 0;

  /// Errors: claim.number_malformed, also for a wrong check digit.
  static Result<ClaimNumber> Parse(std::string_view text);
  std::string ToString() const;
  friend auto operator<=>(const ClaimNumber&, const ClaimNumber&) = default;
};

/// One row of claim.
struct Claim {
  ClaimNumber number;
  ClaimKind kind = ClaimKind::kDeath;
  Date event_on = Date::FromYearMonthDay(1900, 1, 1);
  std::int64_t branch_id = 0;
  Instant begun_at = Instant::FromMicros(0);
  ClaimState state = ClaimState::kDraft;
  int step_no = 0;
  std::optional<Date> complete_on;
  std::optional<Date> due_on;  // The last day to pay by law.
  Money gross;
  Money tax;

  Money net() const { return gross - tax; }
};

/// One row of claim_step. `reason` is a rule id or a word of ours; the note is what a person wrote.
struct ClaimStep {
  int step_no = 0;
  ClaimState state = ClaimState::kDraft;
  Instant at = Instant::FromMicros(0);
  ActorKind actor_kind = ActorKind::kAnonymous;
  std::int64_t actor_id = 0;
  std::string reason;
  std::string note;
};

/// Who does something to a claim, when, and what she says about it.
struct ClaimAct {
  Principal who;
  Instant now = Instant::FromMicros(0);
  std::string note = {};  // At most kMostNote bytes.

  static constexpr std::size_t kMostNote = 2'000;
  Date today() const { return now.JakartaDate(); }
};

}  // namespace jaring
