#include "claims/transfer.h"

#include <algorithm>
#include <future>
#include <map>
#include <span>

namespace jaring {
namespace {

constexpr std::int64_t kPage = 1'000;

/// One order and what came of it.
struct Trip {
  TransferOrder order;
  bool is_new = false;    // Noted as sent by this round.
  bool has_left = false;  // Else somebody was faster, or it was stopped.
  bool left_again = false;
  TransferState state = {};
};

class Rounds {
 public:
  Rounds(Database& db, const Agency& agency, TransferPartner& partner, const TransferRound& round)
      : db_(db), agency_(agency), partner_(partner), round_(round) {}

  Result<TransferSummary> Go() {
    JARING_RETURN_IF_ERROR(GoThrough(PayoutState::kSent));
    JARING_RETURN_IF_ERROR(GoThrough(PayoutState::kInRun));
    return std::move(summary_);
  }

 private:
  Result<Done> GoThrough(PayoutState state) {
    PayoutPlace place;
    for (bool more = true; more && !round_.should_stop();) {
      std::vector<Trip> trips;
      JARING_RETURN_IF_ERROR(db_.Read([&](Tx& tx) -> Result<Done> {
        JARING_ASSIGN_OR_RETURN(const auto payouts, ListPayoutsOfState(tx, state, place, kPage));
        JARING_ASSIGN_OR_RETURN(trips, TripsOf(tx, payouts));
        more = std::ssize(payouts) == kPage;
        place =
            payouts.empty() ? place : PayoutPlace{payouts.back().claim, payouts.back().payout_no};
        return Done{};
      }));
      JARING_RETURN_IF_ERROR(TakePage(state, std::move(trips)));
    }
    return Done{};
  }

  Result<std::vector<Trip>> TripsOf(Tx& tx, const std::vector<Payout>& payouts) {
    std::vector<Trip> trips;
    for (const Payout& payout : payouts) {
      JARING_ASSIGN_OR_RETURN(const bool goes, Goes(tx, payout));
      if (goes) {
        JARING_ASSIGN_OR_RETURN(ClaimPayee payee, FindPayee(tx, agency_, payout));
        trips.push_back({.order = {payout, std::move(payee)}});
      }
    }
    return trips;
  }

  /// Whether this round has to do with it.
  Result<bool> Goes(Tx& tx, const Payout& payout) {
    if (payout.state == PayoutState::kSent) {
      return payout.sent_by == SentBy::kTransfer;
    }
    const auto known = is_due_.find(payout.run_id);
    if (known != is_due_.end()) {
      return known->second;
    }
    JARING_ASSIGN_OR_RETURN(const PayoutRun run, FindPayoutRun(tx, payout.run_id));
    const bool is_due =
        run.state == PayoutRunState::kReleased && run.pay_on <= round_.now().JakartaDate();
    is_due_.emplace(payout.run_id, is_due);
    return is_due;
  }

  Result<Done> TakePage(PayoutState state, std::vector<Trip> trips) {
    if (state == PayoutState::kInRun) {
      summary_.unreachable += static_cast<std::int64_t>(std::erase_if(
          trips, [&](const Trip& trip) { return !partner_.Reaches(trip.order.payee); }));
    }
    const auto at_once = static_cast<std::size_t>(round_.at_once);
    for (std::size_t first = 0; first < trips.size() && !round_.should_stop(); first += at_once) {
      const std::size_t count = std::min(at_once, trips.size() - first);
      JARING_RETURN_IF_ERROR(TakeSome(state, std::span(trips).subspan(first, count)));
    }
    return Done{};
  }

  Result<Done> TakeSome(PayoutState state, std::span<Trip> trips) {
    if (state == PayoutState::kInRun) {
      JARING_RETURN_IF_ERROR(NoteSent(trips));
    }
    std::vector<std::future<void>> under_way;
    under_way.reserve(trips.size());
    for (Trip& trip : trips) {
      trip.has_left = trip.is_new || state == PayoutState::kSent;
      if (trip.has_left) {
        under_way.push_back(std::async(std::launch::async, [this, &trip] { Travel(trip); }));
      }
    }
    for (std::future<void>& one : under_way) {
      one.wait();
    }
    return TakeWords(trips);
  }

  /// From here on the bank may have them, whatever becomes of us.
  Result<Done> NoteSent(std::span<Trip> trips) {
    const Instant now = round_.now();
    return db_.Write([&](Tx& tx) -> Result<Done> {
      for (Trip& trip : trips) {
        const Payout& payout = trip.order.payout;
        const auto is_new =
            NotePayoutSent(tx, payout.claim, payout.payout_no, SentBy::kTransfer, now);
        if (!is_new && is_new.error().rule != "payout.not_released") {
          return is_new.error();
        }
        trip.is_new = is_new && *is_new;
        trip.order.payout.sent_at = now;
      }
      return Done{};
    });
  }

  void Travel(Trip& trip) const {
    using Kind = TransferState::Kind;
    const TransferOrder& order = trip.order;
    HandedOver handed;
    if (trip.is_new) {
      handed = partner_.HandOver(order, round_.now());
    } else {
      trip.state = partner_.Ask(order, round_.now());
      trip.left_again = trip.state.kind == Kind::kUnknownThere && IsLongAgo(order.payout);
      if (trip.left_again) {
        handed = partner_.HandOver(order, round_.now());
      } else if (trip.state.kind == Kind::kFailed && !IsLongAgo(order.payout)) {
        trip.state = {};  // Too early to be the last word.
      }
    }
    if (handed.how == HandedOver::How::kRefused) {
      trip.state = partner_.Ask(order, round_.now());
      if (trip.state.kind == Kind::kUnknownThere) {  // It will not take it, and has not got it.
        trip.state = {.kind = Kind::kFailed, .code = handed.code};
      }
    }
  }

  bool IsLongAgo(const Payout& payout) const {
    return payout.sent_at &&
           round_.now().micros() - payout.sent_at->micros() >= kHandOverAgainMicros;
  }

  Result<Done> TakeWords(std::span<const Trip> trips) {
    const TransferSummary before = summary_;  // A write may be tried again.
    return db_.Write([&](Tx& tx) -> Result<Done> {
      summary_ = before;
      for (const Trip& trip : trips) {
        summary_.sent += trip.is_new ? 1 : 0;
        summary_.sent_again += trip.left_again ? 1 : 0;
        if (trip.has_left) {
          JARING_RETURN_IF_ERROR(TakeWord(tx, trip));
        }
      }
      return Done{};
    });
  }

  Result<Done> TakeWord(Tx& tx, const Trip& trip) {
    const Payout& payout = trip.order.payout;
    const bool is_paid = trip.state.kind == TransferState::Kind::kPaid;
    if (!is_paid && trip.state.kind != TransferState::Kind::kFailed) {
      ++summary_.open;
      return Done{};
    }
    const Instant now = round_.now();
    const auto taken = TakeBankWord(
        tx, agency_, payout.claim, payout.payout_no,
        {.word = is_paid ? BankWord::kPaid : BankWord::kFailed,
         .on = trip.state.on.value_or(now.JakartaDate()),
         .amount = trip.state.amount},
        {.who = {.kind = ActorKind::kSystem}, .now = now, .note = is_paid ? "" : trip.state.code});
    if (!taken) {
      if (taken.error().code == ErrorCode::kUnavailable ||
          taken.error().code == ErrorCode::kInternal) {
        return taken.error();
      }
      summary_.problems.emplace_back(payout.reference(), taken.error().rule);
      return Done{};
    }
    ++(is_paid ? summary_.paid : summary_.failed);
    if (*taken == WordTaken::kPaidTwice) {
      summary_.paid_twice.push_back(payout.reference());
    }
    return Done{};
  }

  Database& db_;
  const Agency& agency_;
  TransferPartner& partner_;
  const TransferRound& round_;
  std::map<std::int64_t, bool> is_due_;  // By run.
  TransferSummary summary_;
};

}  // namespace

Result<TransferSummary> MakeTransfers(Database& db, const Agency& agency, TransferPartner& partner,
                                      const TransferRound& round) {
  return Rounds(db, agency, partner, round).Go();
}

}  // namespace jaring
