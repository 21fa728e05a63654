#include "claims/claim.h"

#include <array>

#include "base/text.h"
#include "rules/identity.h"

namespace jaring {
namespace {

constexpr std::array<std::string_view, 5> kKinds = {"accident", "death", "savings", "scholarship",
                                                    "incapacity"};
constexpr std::array<std::string_view, 10> kStates = {
    "draft",   "reported", "complete", "proposed", "approved",
    "refused", "paying",   "paid",     "returned", "withdrawn"};

/// The place of a word, from 1; 0 when it is none.
template <std::size_t N>
std::int64_t PlaceOf(const std::array<std::string_view, N>& words, std::string_view code) {
  for (std::size_t i = 0; i < N; ++i) {
    if (words[i] == code) {
      return static_cast<std::int64_t>(i) + 1;
    }
  }
  return 0;
}

}  // namespace

std::string_view ClaimKindCode(ClaimKind kind) {
  return kKinds.at(static_cast<std::size_t>(kind) - 1);
}

std::optional<ClaimKind> FindClaimKind(std::string_view code) {
  const std::int64_t place = PlaceOf(kKinds, code);
  return place == 0 ? std::nullopt : std::optional(static_cast<ClaimKind>(place));
}

bool IsInstalment(ClaimKind kind) {
  return kind == ClaimKind::kScholarship || kind == ClaimKind::kIncapacity;
}

Programme ProgrammeOf(ClaimKind kind) {
  switch (kind) {
    case ClaimKind::kAccident:
    case ClaimKind::kIncapacity:
      return Programme::kJkk;
    case ClaimKind::kDeath:
    case ClaimKind::kScholarship:
      return Programme::kJkm;
    case ClaimKind::kSavings:
      break;
  }
  return Programme::kJht;
}

std::string_view ClaimStateCode(ClaimState state) {
  return kStates.at(static_cast<std::size_t>(state) - 1);
}

std::optional<ClaimState> FindClaimState(std::string_view code) {
  const std::int64_t place = PlaceOf(kStates, code);
  return place == 0 ? std::nullopt : std::optional(static_cast<ClaimState>(place));
}

bool IsClosed(ClaimState state) {
  return state == ClaimState::kPaid || state == ClaimState::kRefused ||
         state == ClaimState::kWithdrawn;
}

bool IsOwed(ClaimState state) {
  return state == ClaimState::kApproved || state == ClaimState::kPaying ||
         state == ClaimState::kPaid || state == ClaimState::kReturned;
}

Result<ClaimNumber> ClaimNumber::Parse(std::string_view text) {
  constexpr std::size_t kDigits = 12;
  const bool has_shape = text.size() == kDigits + 1 && (text[0] == 'K' || text[0] == 'k') &&
                         IsAllDigits(text.substr(1));
  if (!has_shape || DammDigit(text.substr(1, kDigits - 1)) != text.back()) {
    return Invalid("claim.number_malformed");
  }
  const ClaimNumber number{ParseInteger(text.substr(1, 9)).value_or(0),
                           static_cast<int>(ParseInteger(text.substr(10, 2)).value_or(0))};
  if (number.person_id < MemberNumber::kFirstPersonId || number.claim_seq < 1) {
    return Invalid("claim.number_malformed");
  }
  return number;
}

std::string ClaimNumber::ToString() const {
  const std::string digits = std::to_string(person_id * 100 + claim_seq);
  return "K" + digits + DammDigit(digits);
}

}  // namespace jaring
