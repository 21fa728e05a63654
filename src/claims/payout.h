#pragma once

// Money on its way to the payees of claims: in runs that one person makes and another releases, to
// a bank whose word may be late, doubled, missing or wrong.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "claims/claim_facts.h"
#include "registry/agency.h"

namespace jaring {

/// Stored, so the numbers never change. waiting: in no run. in_run: in one that is not released, or
/// released and not sent. sent: handed to the bank, whatever it answered. paid: by the bank's word.
/// failed: not paid, by the bank's word, or paid and come back.
enum class PayoutState : std::int64_t {
  kWaiting = 1,
  kInRun = 2,
  kSent = 3,
  kPaid = 4,
  kFailed = 5,
};

/// "waiting", "in_run", "sent", "paid", "failed".
std::string_view PayoutStateCode(PayoutState state);

/// Stored, so the numbers never change. How a payout left: in a file that somebody carries to the
/// bank, or as a transfer that the program orders itself.
enum class SentBy : std::int64_t { kFile = 1, kTransfer = 2 };

/// "file", "transfer".
std::string_view SentByCode(SentBy way);

/// One row of payout.
struct Payout {
  ClaimNumber claim;
  int payout_no = 0;
  int payee_no = 0;  // Place among the payees, from 1.
  std::int64_t run_id = 0;
  PayoutState state = PayoutState::kWaiting;
  Money amount;
  Money penalty;  // On top, for being late.
  std::optional<Date> paid_on;
  std::optional<Instant> sent_at;  // First; nothing: it never left.
  std::optional<SentBy> sent_by;

  Money sum() const { return amount + penalty; }
  /// "K100000000017P01": what the bank knows it by; at most 16 characters.
  std::string reference() const;

  friend bool operator==(const Payout&, const Payout&) = default;
};

/// Errors: payout.reference_malformed.
Result<std::pair<ClaimNumber, int>> ParsePayoutReference(std::string_view text);

/// Stored, so the numbers never change.
enum class PayoutRunState : std::int64_t { kMade = 1, kReleased = 2, kCancelled = 3 };

/// "made", "released", "cancelled".
std::string_view PayoutRunStateCode(PayoutRunState state);

struct PayoutRun {
  std::int64_t run_id = 0;
  PayoutRunState state = PayoutRunState::kMade;
  Date pay_on = Date::FromYearMonthDay(1900, 1, 1);
  Instant made_at = Instant::FromMicros(0);
  ActorKind made_by_kind = ActorKind::kAnonymous;
  std::int64_t made_by_id = 0;
  std::int64_t payout_count = 0;
  Money amount;  // With penalties.
};

/// A payout for each payee of an approved claim.
Result<Done> AddPayouts(Tx& tx, const Claim& claim, const std::vector<ClaimPayee>& payees,
                        Instant now);

/// Gathers what waits into a run, at most `limit`; what is paid after its due day gets the penalty
/// of the law, which the books take.
///
/// Errors: payout.nothing_waits, payout.pay_on_past.
Result<PayoutRun> MakePayoutRun(Tx& tx, const Agency& agency, Date pay_on, std::int64_t limit,
                                const ClaimAct& act);

/// By another person than who made it: from now on it may be sent.
///
/// Errors: payout.run_unknown, payout.run_wrong_state, payout.same_person.
Result<PayoutRun> ReleasePayoutRun(Tx& tx, std::int64_t run_id, const ClaimAct& act);

/// A run that was not released: its payouts wait again, without the penalty.
///
/// Errors: payout.run_unknown, payout.run_wrong_state.
Result<PayoutRun> CancelPayoutRun(Tx& tx, const Agency& agency, std::int64_t run_id,
                                  const ClaimAct& act);

/// Errors: payout.run_unknown.
Result<PayoutRun> FindPayoutRun(Tx& tx, std::int64_t run_id);
Result<std::vector<PayoutRun>> ListPayoutRuns(Tx& tx, std::int64_t before, std::int64_t limit);

/// A part of a list: so many, after so many.
struct ListPart {
  std::int64_t skip = 0;
  std::int64_t limit = INT64_MAX;
};

/// In the order of claims. `on_payout` gets the payee as the claim has her now.
Result<Done> ListPayoutsOfRun(
    Tx& tx, const Agency& agency, std::int64_t run_id,
    const std::function<Result<Done>(const Payout&, const ClaimPayee&)>& on_payout,
    const ListPart& part = {});

/// Where a list goes on.
struct PayoutPlace {
  ClaimNumber claim;
  int payout_no = 0;
};

/// Of all claims, in their order, after a place.
Result<std::vector<Payout>> ListPayoutsOfState(Tx& tx, PayoutState state, const PayoutPlace& after,
                                               std::int64_t limit);

/// Whom it is for, as the claim has her now.
Result<ClaimPayee> FindPayee(Tx& tx, const Agency& agency, const Payout& payout);

/// Of one claim, in their order.
Result<std::vector<Payout>> ListPayoutsOfClaim(Tx& tx, const ClaimNumber& number);

/// Notes that a released payout is being handed to the bank: from here on only the bank's word says
/// whether it was paid, and it never leaves in another way. True when it was not noted before.
///
/// Errors: payout.unknown, payout.not_released.
Result<bool> NotePayoutSent(Tx& tx, const ClaimNumber& claim, int payout_no, SentBy way,
                            Instant now);

/// What the bank says of a payout.
enum class BankWord : std::uint8_t {
  kUnknown,  // Nothing yet, or nothing to be made out.
  kPaid,
  kFailed,  // Not paid, or come back.
};

enum class WordTaken : std::uint8_t {
  kTaken,
  kKnown,      // It says what is known.
  kPaidTwice,  // A payee was paid by two tries: the books say so, and somebody must ask it back.
};

/// One word of the bank on one payout.
struct BankSaid {
  BankWord word = BankWord::kUnknown;
  Date on = Date::FromYearMonthDay(1900, 1, 1);
  std::optional<Money> amount = {};  // Where the bank tells it.
  std::string source = {};           // Keyed digest of the file it came in, if it came in one,
  std::int64_t line = 0;             // and its line there.
};

/// Takes the bank's word: a payout becomes paid or failed, the books follow, and so does the claim.
/// The same line of the same file changes nothing when it is read again, whatever was said since;
/// nor does a word that says what is known. When the bank says after all that a failed one was
/// paid, a later try that was not sent yet is stopped.
///
/// Errors: payout.unknown, payout.not_sent (also one that was stopped before it left),
/// payout.amount_differs.
Result<WordTaken> TakeBankWord(Tx& tx, const Agency& agency, const ClaimNumber& claim,
                               int payout_no, const BankSaid& said, const ClaimAct& act);

/// A new payout, under a new reference, for one that failed.
///
/// Errors: claim.unknown, claim.wrong_state (nothing failed).
Result<Claim> PayAgain(Tx& tx, const Agency& agency, const ClaimNumber& number,
                       const ClaimAct& act);

}  // namespace jaring
