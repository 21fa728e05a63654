#pragma once

// Payouts handed to a bank one by one. What it answers at once decides nothing: only what it says
// when it is asked for the state of a transfer does, and a transfer is only ever handed over again
// under the reference it has.

#include <functional>
#include <string>
#include <vector>

#include "claims/payout.h"

namespace jaring {

/// What a bank is handed; the same whenever it is.
struct TransferOrder {
  Payout payout;  // With its sent_at.
  ClaimPayee payee;
};

/// What it said when it was handed over.
struct HandedOver {
  enum class How : std::uint8_t {
    kTaken,    // It has it.
    kUnsure,   // No answer, or none to be made anything of: it may have it.
    kRefused,  // It says that it did not take it.
  };
  How how = How::kUnsure;
  std::string code = {};  // The partner's, for people who ask it.
};

/// What it says of a transfer when asked.
struct TransferState {
  enum class Kind : std::uint8_t {
    kUnsure,  // No answer, or none to be made anything of.
    kOnItsWay,
    kUnknownThere,  // It says that it never got it.
    kPaid,
    kFailed,
  };
  Kind kind = Kind::kUnsure;
  std::optional<Date> on = {};
  std::optional<Money> amount = {};
  std::string code = {};
};

/// One that makes transfers. Thread: several may call at once.
class TransferPartner {
 public:
  virtual ~TransferPartner() = default;
  /// Whether it pays to such an account; what it does not reach leaves in a file.
  virtual bool Reaches(const ClaimPayee& payee) const = 0;
  /// The same order may come again: the partner knows it by its reference, and pays once.
  virtual HandedOver HandOver(const TransferOrder& order, Instant now) = 0;
  virtual TransferState Ask(const TransferOrder& order, Instant now) = 0;
};

/// What became of what was looked at.
struct TransferSummary {
  std::int64_t sent = 0;  // Handed over for the first time.
  std::int64_t sent_again = 0;
  std::int64_t paid = 0;
  std::int64_t failed = 0;
  std::int64_t open = 0;         // Nobody knows yet.
  std::int64_t unreachable = 0;  // Wait for a file.
  std::vector<std::string> paid_twice;
  std::vector<std::pair<std::string, std::string>> problems;  // Reference and rule.
};

/// So long after it left, a transfer that the partner does not know is handed over again, and its
/// word that one failed is believed: until then it may be on its way there.
inline constexpr std::int64_t kHandOverAgainMicros = std::int64_t{600} * 1'000'000;

struct TransferRound {
  int at_once = 8;               // Orders under way at the same time; 1 to 64.
  std::function<Instant()> now;  // Of each step.
  std::function<bool()> should_stop = [] { return false; };  // Asked between steps.
};

/// Asks for what is under way, then hands over what is released and due: one round. Before an order
/// leaves, the database says so.
///
/// Errors: those of Database and of TakeBankWord that are our own; what the partner says wrong is
/// among the problems.
Result<TransferSummary> MakeTransfers(Database& db, const Agency& agency, TransferPartner& partner,
                                      const TransferRound& round);

}  // namespace jaring
