#include "claims/payout.h"

#include <algorithm>
#include <array>
#include <limits>

#include "base/text.h"
#include "claims/claim_book.h"
#include "claims/payout_books.h"
#include "claims/payout_sql.h"
#include "ledger/journal.h"
#include "ledger/month_close.h"
#include "ledger/sequence.h"
#include "rules/claim_clock.h"

namespace jaring {
namespace {

constexpr int kMostPayouts = 99;  // Of a claim: two digits of the reference.
constexpr std::array<std::string_view, 5> kStates = {"waiting", "in_run", "sent", "paid", "failed"};
constexpr std::array<std::string_view, 3> kRunStates = {"made", "released", "cancelled"};

Payout ReadPayout(const Row& row) {
  Payout payout{.claim = {row.Int(0), static_cast<int>(row.Int(1))},
                .payout_no = static_cast<int>(row.Int(2)),
                .payee_no = static_cast<int>(row.Int(3)),
                .run_id = row.Int(4),
                .state = static_cast<PayoutState>(row.Int(5)),
                .amount = Money::FromRupiah(row.Int(6)),
                .penalty = Money::FromRupiah(row.Int(7)),
                .paid_on = {},
                .sent_at = {},
                .sent_by = {}};
  if (!row.IsNull(8)) {
    const auto paid_on = Date::ParseNumber(row.Int(8));
    JARING_CHECK(paid_on.has_value());
    payout.paid_on = *paid_on;
  }
  if (!row.IsNull(9)) {
    payout.sent_at = Instant::FromMicros(row.Int(9));
  }
  if (!row.IsNull(10)) {
    payout.sent_by = static_cast<SentBy>(row.Int(10));
  }
  return payout;
}

PayoutRun ReadRun(const Row& row) {
  const auto pay_on = Date::ParseNumber(row.Int(2));
  JARING_CHECK(pay_on.has_value());
  return {.run_id = row.Int(0),
          .state = static_cast<PayoutRunState>(row.Int(1)),
          .pay_on = *pay_on,
          .made_at = Instant::FromMicros(row.Int(3)),
          .made_by_kind = static_cast<ActorKind>(row.Int(4)),
          .made_by_id = row.Int(5),
          .payout_count = row.Int(6),
          .amount = Money::FromRupiah(row.Int(7))};
}

/// Parameters of kUpdatePayout.
std::array<Value, 10> UpdateOf(const Payout& payout, Instant now) {
  return {payout.claim.person_id,
          payout.claim.claim_seq,
          payout.payout_no,
          payout.run_id,
          static_cast<std::int64_t>(payout.state),
          payout.penalty.rupiah(),
          now.micros(),
          payout.paid_on ? Value(payout.paid_on->number()) : Value(),
          payout.sent_at ? Value(payout.sent_at->micros()) : Value(),
          payout.sent_by ? Value(static_cast<std::int64_t>(*payout.sent_by)) : Value()};
}

Result<Done> Update(Tx& tx, const Payout& payout, Instant now) {
  const auto values = UpdateOf(payout, now);
  JARING_RETURN_IF_ERROR(tx.Run(sql::kUpdatePayout, std::span<const Value>(values)));
  return Done{};
}

Result<Done> Insert(Tx& tx, const Payout& payout, Instant now) {
  JARING_RETURN_IF_ERROR(
      tx.Run(sql::kInsertPayout,
             {payout.claim.person_id, payout.claim.claim_seq, payout.payout_no, payout.payee_no,
              payout.run_id, static_cast<std::int64_t>(payout.state), payout.amount.rupiah(),
              payout.penalty.rupiah(), now.micros(), Value(), Value(), Value()}));
  return Done{};
}

Result<std::vector<Payout>> ListOfRun(Tx& tx, std::int64_t run_id) {
  std::vector<Payout> payouts;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListPayoutsOfRun, {run_id},
                                  [&](const Row& row) { payouts.push_back(ReadPayout(row)); }));
  return payouts;
}

/// What the claim is by its payouts.
ClaimState StateBy(const std::vector<Payout>& payouts) {
  const std::vector<Payout> counting = OneOfEach(payouts);
  const auto any = [&](PayoutState state) {
    return std::any_of(counting.begin(), counting.end(),
                       [state](const Payout& payout) { return payout.state == state; });
  };
  const auto all = [&](PayoutState state) {
    return std::all_of(counting.begin(), counting.end(),
                       [state](const Payout& payout) { return payout.state == state; });
  };
  if (all(PayoutState::kPaid)) {
    return ClaimState::kPaid;
  }
  if (any(PayoutState::kFailed)) {
    return ClaimState::kReturned;
  }
  return all(PayoutState::kWaiting) ? ClaimState::kApproved : ClaimState::kPaying;
}

/// The payouts of one claim while some of them change: rows, books and the claim follow together.
class PayoutChange {
 public:
  static Result<PayoutChange> Load(Tx& tx, const ClaimNumber& claim) {
    JARING_ASSIGN_OR_RETURN(auto payouts, ListPayoutsOfClaim(tx, claim));
    return PayoutChange(claim, std::move(payouts));
  }

  /// Errors: payout.unknown.
  Result<Payout*> Find(int payout_no) {
    for (Payout& payout : payouts_) {
      if (payout.payout_no == payout_no) {
        return &payout;
      }
    }
    return NotFound("payout.unknown");
  }

  /// Other tries to pay the same payee.
  std::vector<Payout*> SiblingsOf(const Payout& one) {
    std::vector<Payout*> others;
    for (Payout& payout : payouts_) {
      if (payout.payee_no == one.payee_no && payout.payout_no != one.payout_no) {
        others.push_back(&payout);
      }
    }
    return others;
  }

  std::vector<Payout>& payouts() { return payouts_; }

  /// `reason` is noted when the claim takes a step by it.
  Result<Done> Store(Tx& tx, const Agency& agency, std::string_view reason, const ClaimAct& act) {
    for (std::size_t i = 0; i < payouts_.size(); ++i) {
      if (i >= before_.size()) {
        JARING_RETURN_IF_ERROR(Insert(tx, payouts_[i], act.now));
      } else if (!(payouts_[i] == before_[i])) {
        JARING_RETURN_IF_ERROR(Update(tx, payouts_[i], act.now));
      }
    }
    JARING_ASSIGN_OR_RETURN(const auto open_from, BooksOpenFrom(tx));
    JournalBook journal;
    (PayoutBooks::Of(payouts_) - PayoutBooks::Of(before_))
        .AddTo(journal, BookingDay(open_from, act.today()));
    JARING_RETURN_IF_ERROR(journal.Post(tx, open_from));
    JARING_ASSIGN_OR_RETURN(Claim claim, FindClaim(tx, claim_));
    const ClaimState state = StateBy(payouts_);
    return state == claim.state ? Result<Done>(Done{})
                                : TakeStep(tx, agency, claim, state, reason, act);
  }

 private:
  PayoutChange(const ClaimNumber& claim, std::vector<Payout> payouts)
      : claim_(claim), before_(payouts), payouts_(std::move(payouts)) {}

  ClaimNumber claim_;
  std::vector<Payout> before_;
  std::vector<Payout> payouts_;
};

/// What being late costs, when it is paid on a day.
Result<Money> PenaltyOf(Tx& tx, const Agency& agency, const Payout& payout, Date pay_on) {
  JARING_ASSIGN_OR_RETURN(const Claim claim, FindClaim(tx, payout.claim));
  if (!claim.due_on || pay_on <= *claim.due_on) {
    return Money();
  }
  return LatenessPenalty(agency.scheme, ProgrammeOf(claim.kind), payout.amount, *claim.due_on,
                         pay_on)
      .amount;
}

bool IsPaid(const Payout* payout) {
  return payout->state == PayoutState::kPaid;
}

Result<WordTaken> TakePaid(Tx& tx, const Agency& agency, PayoutChange& change, Payout& payout,
                           Date on, const ClaimAct& act) {
  const auto siblings = change.SiblingsOf(payout);
  const bool is_second = std::any_of(siblings.begin(), siblings.end(), IsPaid);
  payout.state = PayoutState::kPaid;
  payout.paid_on = on;
  for (Payout* sibling : siblings) {
    const bool has_not_left =
        sibling->state == PayoutState::kWaiting || sibling->state == PayoutState::kInRun;
    sibling->state = has_not_left ? PayoutState::kFailed : sibling->state;  // Needed no more.
  }
  JARING_RETURN_IF_ERROR(change.Store(tx, agency, "bank_paid", act));
  if (!is_second) {
    return WordTaken::kTaken;
  }
  JARING_ASSIGN_OR_RETURN(Claim claim, FindClaim(tx, payout.claim));
  JARING_RETURN_IF_ERROR(TakeStep(tx, agency, claim, claim.state, "paid_twice", act));
  return WordTaken::kPaidTwice;
}

/// False: the same line of the same file was taken before.
Result<bool> NoteWord(Tx& tx, const Payout& payout, const BankSaid& said, Instant now) {
  if (said.source.empty()) {
    return true;
  }
  JARING_ASSIGN_OR_RETURN(
      const std::int64_t noted,
      tx.Run(sql::kInsertBankWord,
             {payout.claim.person_id, payout.claim.claim_seq, payout.payout_no, Bytes{said.source},
              said.line, static_cast<std::int64_t>(said.word), said.on.number(), now.micros()}));
  return noted == 1;
}

}  // namespace

std::string_view PayoutStateCode(PayoutState state) {
  return kStates.at(static_cast<std::size_t>(state) - 1);
}

std::string_view SentByCode(SentBy way) {
  return way == SentBy::kFile ? "file" : "transfer";
}

std::string_view PayoutRunStateCode(PayoutRunState state) {
  return kRunStates.at(static_cast<std::size_t>(state) - 1);
}

std::string Payout::reference() const {
  return claim.ToString() + "P" + std::to_string(100 + payout_no).substr(1);
}

Result<std::pair<ClaimNumber, int>> ParsePayoutReference(std::string_view text) {
  constexpr std::size_t kClaimLength = 13;
  if (text.size() != kClaimLength + 3 || text[kClaimLength] != 'P' ||
      !IsAllDigits(text.substr(kClaimLength + 1))) {
    return Invalid("payout.reference_malformed");
  }
  const auto claim = ClaimNumber::Parse(text.substr(0, kClaimLength));
  if (!claim) {
    return Invalid("payout.reference_malformed");
  }
  const auto payout_no = ParseInteger(text.substr(kClaimLength + 1));
  return std::pair{*claim, static_cast<int>(payout_no.value_or(0))};
}

Result<Done> AddPayouts(Tx& tx, const Claim& claim, const std::vector<ClaimPayee>& payees,
                        Instant now) {
  const std::vector<Money> amounts = ShareOut(claim.net(), payees);
  int payee_no = 0;
  for (const Money amount : amounts) {
    ++payee_no;
    JARING_RETURN_IF_ERROR(Insert(tx,
                                  {.claim = claim.number,
                                   .payout_no = payee_no,
                                   .payee_no = payee_no,
                                   .amount = amount,
                                   .penalty = {},
                                   .paid_on = {}},
                                  now));
  }
  return Done{};
}

Result<PayoutRun> MakePayoutRun(Tx& tx, const Agency& agency, Date pay_on, std::int64_t limit,
                                const ClaimAct& act) {
  if (pay_on < act.today()) {
    return Invalid("payout.pay_on_past");
  }
  JARING_ASSIGN_OR_RETURN(const auto payouts,
                          ListPayoutsOfState(tx, PayoutState::kWaiting, {}, limit));
  if (payouts.empty()) {
    return Conflict("payout.nothing_waits");
  }
  PayoutRun run{.pay_on = pay_on,
                .made_at = act.now,
                .made_by_kind = act.who.kind,
                .made_by_id = act.who.id,
                .payout_count = static_cast<std::int64_t>(payouts.size())};
  JARING_ASSIGN_OR_RETURN(run.run_id, TakeNumbers(tx, "payout_run", 1));
  for (const Payout& waiting : payouts) {
    JARING_ASSIGN_OR_RETURN(PayoutChange change, PayoutChange::Load(tx, waiting.claim));
    JARING_ASSIGN_OR_RETURN(Payout* const payout, change.Find(waiting.payout_no));
    JARING_ASSIGN_OR_RETURN(payout->penalty, PenaltyOf(tx, agency, *payout, pay_on));
    payout->run_id = run.run_id;
    payout->state = PayoutState::kInRun;
    run.amount += payout->sum();
    JARING_RETURN_IF_ERROR(change.Store(tx, agency, "in_run", act));
  }
  JARING_RETURN_IF_ERROR(tx.Run(sql::kInsertPayoutRun,
                                {run.run_id, static_cast<std::int64_t>(run.state), pay_on.number(),
                                 act.now.micros(), static_cast<std::int64_t>(run.made_by_kind),
                                 run.made_by_id, run.payout_count, run.amount.rupiah()}));
  return run;
}

Result<PayoutRun> FindPayoutRun(Tx& tx, std::int64_t run_id) {
  std::optional<PayoutRun> run;
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kFindPayoutRun, {run_id}, [&](const Row& row) { run = ReadRun(row); }));
  return run ? Result<PayoutRun>(*run) : NotFound("payout.run_unknown");
}

Result<std::vector<PayoutRun>> ListPayoutRuns(Tx& tx, std::int64_t before, std::int64_t limit) {
  std::vector<PayoutRun> runs;
  const std::int64_t below = before == 0 ? std::numeric_limits<std::int64_t>::max() : before;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListPayoutRuns, {below, limit},
                                  [&](const Row& row) { runs.push_back(ReadRun(row)); }));
  return runs;
}

Result<PayoutRun> ReleasePayoutRun(Tx& tx, std::int64_t run_id, const ClaimAct& act) {
  JARING_ASSIGN_OR_RETURN(PayoutRun run, FindPayoutRun(tx, run_id));
  if (run.state != PayoutRunState::kMade) {
    return Conflict("payout.run_wrong_state", std::string(PayoutRunStateCode(run.state)));
  }
  if (act.who.IsSameActor(run.made_by_kind, run.made_by_id)) {
    return Conflict("payout.same_person");
  }
  run.state = PayoutRunState::kReleased;
  JARING_RETURN_IF_ERROR(tx.Run(sql::kReleasePayoutRun,
                                {run_id, static_cast<std::int64_t>(run.state), act.now.micros(),
                                 static_cast<std::int64_t>(act.who.kind), act.who.id}));
  return run;
}

Result<PayoutRun> CancelPayoutRun(Tx& tx, const Agency& agency, std::int64_t run_id,
                                  const ClaimAct& act) {
  JARING_ASSIGN_OR_RETURN(PayoutRun run, FindPayoutRun(tx, run_id));
  if (run.state != PayoutRunState::kMade) {
    return Conflict("payout.run_wrong_state", std::string(PayoutRunStateCode(run.state)));
  }
  JARING_ASSIGN_OR_RETURN(const auto payouts, ListOfRun(tx, run_id));
  for (const Payout& listed : payouts) {
    JARING_ASSIGN_OR_RETURN(PayoutChange change, PayoutChange::Load(tx, listed.claim));
    JARING_ASSIGN_OR_RETURN(Payout* const payout, change.Find(listed.payout_no));
    if (payout->state == PayoutState::kInRun) {
      payout->run_id = 0;
      payout->state = PayoutState::kWaiting;
      payout->penalty = Money();  // Reckoned anew by the next run.
      JARING_RETURN_IF_ERROR(change.Store(tx, agency, "run_cancelled", act));
    }
  }
  run.state = PayoutRunState::kCancelled;
  JARING_RETURN_IF_ERROR(
      tx.Run(sql::kCancelPayoutRun, {run_id, static_cast<std::int64_t>(run.state)}));
  return run;
}

Result<Done> ListPayoutsOfRun(
    Tx& tx, const Agency& agency, std::int64_t run_id,
    const std::function<Result<Done>(const Payout&, const ClaimPayee&)>& on_payout,
    const ListPart& part) {
  JARING_ASSIGN_OR_RETURN(const auto payouts, ListOfRun(tx, run_id));
  const auto count = static_cast<std::int64_t>(payouts.size());
  const std::int64_t first = std::min(part.skip, count);
  const std::int64_t end = first + std::min(part.limit, count - first);
  for (std::int64_t i = first; i < end; ++i) {
    const Payout& payout = payouts[static_cast<std::size_t>(i)];
    JARING_ASSIGN_OR_RETURN(const ClaimPayee payee, FindPayee(tx, agency, payout));
    JARING_RETURN_IF_ERROR(on_payout(payout, payee));
  }
  return Done{};
}

Result<std::vector<Payout>> ListPayoutsOfState(Tx& tx, PayoutState state, const PayoutPlace& after,
                                               std::int64_t limit) {
  std::vector<Payout> payouts;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListPayoutsOfState,
                                  {static_cast<std::int64_t>(state), after.claim.person_id,
                                   after.claim.claim_seq, after.payout_no, limit},
                                  [&](const Row& row) { payouts.push_back(ReadPayout(row)); }));
  return payouts;
}

Result<ClaimPayee> FindPayee(Tx& tx, const Agency& agency, const Payout& payout) {
  JARING_ASSIGN_OR_RETURN(ClaimRecords records, ReadRecords(tx, agency, payout.claim));
  const auto place = static_cast<std::size_t>(payout.payee_no) - 1;
  return place < records.payees.size() ? Result<ClaimPayee>(std::move(records.payees[place]))
                                       : Internal("payout.payee_missing", payout.reference());
}

Result<std::vector<Payout>> ListPayoutsOfClaim(Tx& tx, const ClaimNumber& number) {
  std::vector<Payout> payouts;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListPayoutsOfClaim, {number.person_id, number.claim_seq},
                                  [&](const Row& row) { payouts.push_back(ReadPayout(row)); }));
  return payouts;
}

Result<bool> NotePayoutSent(Tx& tx, const ClaimNumber& claim, int payout_no, SentBy way,
                            Instant now) {
  JARING_ASSIGN_OR_RETURN(PayoutChange change, PayoutChange::Load(tx, claim));
  JARING_ASSIGN_OR_RETURN(Payout* const payout, change.Find(payout_no));
  if (payout->state == PayoutState::kWaiting) {
    return Conflict("payout.not_released");
  }
  if (payout->state != PayoutState::kInRun) {
    return false;
  }
  JARING_ASSIGN_OR_RETURN(const PayoutRun run, FindPayoutRun(tx, payout->run_id));
  if (run.state != PayoutRunState::kReleased) {
    return Conflict("payout.not_released");
  }
  payout->state = PayoutState::kSent;
  payout->sent_at = now;
  payout->sent_by = way;
  JARING_RETURN_IF_ERROR(Update(tx, *payout, now));
  return true;
}

Result<WordTaken> TakeBankWord(Tx& tx, const Agency& agency, const ClaimNumber& claim,
                               int payout_no, const BankSaid& said, const ClaimAct& act) {
  JARING_ASSIGN_OR_RETURN(PayoutChange change, PayoutChange::Load(tx, claim));
  JARING_ASSIGN_OR_RETURN(Payout* const payout, change.Find(payout_no));
  if (!payout->sent_at) {
    return Conflict("payout.not_sent");
  }
  if (said.amount && *said.amount != payout->sum()) {
    return Conflict("payout.amount_differs");
  }
  if (said.word == BankWord::kUnknown) {
    return WordTaken::kKnown;
  }
  JARING_ASSIGN_OR_RETURN(const bool is_new, NoteWord(tx, *payout, said, act.now));
  const bool is_known = (said.word == BankWord::kPaid && payout->state == PayoutState::kPaid) ||
                        (said.word == BankWord::kFailed && payout->state == PayoutState::kFailed);
  if (!is_new || is_known) {
    return WordTaken::kKnown;
  }
  if (said.word == BankWord::kPaid) {
    return TakePaid(tx, agency, change, *payout, said.on, act);
  }
  payout->state = PayoutState::kFailed;
  payout->paid_on.reset();
  JARING_RETURN_IF_ERROR(change.Store(tx, agency, "bank_failed", act));
  return WordTaken::kTaken;
}

Result<Claim> PayAgain(Tx& tx, const Agency& agency, const ClaimNumber& number,
                       const ClaimAct& act) {
  JARING_ASSIGN_OR_RETURN(const Claim claim, FindClaim(tx, number));
  if (claim.state != ClaimState::kReturned) {
    return Conflict("claim.wrong_state", std::string(ClaimStateCode(claim.state)));
  }
  JARING_ASSIGN_OR_RETURN(PayoutChange change, PayoutChange::Load(tx, number));
  for (const Payout& failed : OneOfEach(change.payouts())) {
    if (failed.state != PayoutState::kFailed) {
      continue;
    }
    const int next = change.payouts().back().payout_no + 1;
    if (next > kMostPayouts) {
      return Conflict("payout.too_many");
    }
    change.payouts().push_back({.claim = number,
                                .payout_no = next,
                                .payee_no = failed.payee_no,
                                .amount = failed.amount,
                                .penalty = {},  // Reckoned by the run.
                                .paid_on = {},
                                .sent_at = {}});
  }
  JARING_RETURN_IF_ERROR(change.Store(tx, agency, "pay_again", act));
  return FindClaim(tx, number);
}

}  // namespace jaring
