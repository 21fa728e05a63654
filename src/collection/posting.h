#pragma once

// The rows a set of postings adds, gathered and then written once each, in key order.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "ledger/coverage_tally.h"
#include "ledger/journal.h"
#include "ledger/month_close.h"
#include "registry/agency.h"
#include "registry/membership.h"
#include "rules/purchase.h"

namespace jaring {

/// Stored with a payment, so the numbers never change.
enum class PaymentKind : std::int64_t {
  kPayment = 1,
  kReversal = 2,
  kPlacement = 3,
  kMove = 4,    // Between persons found to be one (or two); a row of credit_move, never of payment.
  kRefund = 5,  // Given back with a claim; a row of refund, never of payment.
};

/// One row of payment.
struct PaymentRecord {
  std::int64_t person_id = 0;
  std::int64_t payment_id = 0;
  std::int64_t partner_id = 0;
  std::string_view reference;
  PaymentKind kind = PaymentKind::kPayment;
  Money amount;
  Instant paid_at = Instant::FromMicros(0);
  std::string_view channel;
  std::optional<std::int64_t> of_payment_id;
};

/// One row of contribution; the id is given when it is written.
struct ContributionRecord {
  MemberNumber member;
  std::int64_t payment_id = 0;
  Month first_month = Month::FromYearMonth(1900, 1);
  int months = 0;
  ByProgramme parts;
  std::optional<std::int64_t> reverses_id;
};

/// A person's spells while money is posted to them.
struct PersonAccount {
  struct Row {
    Membership membership;
    bool stored = true;  // False for a spell that this posting begins.
    bool changed = false;
  };
  std::vector<Row> spells;         // At least the newest; all of them where it matters (see Spend).
  std::size_t current = 0;         // The spell that money went to last.
  std::optional<Date> birth_date;  // Needed when a spell may begin.

  const Membership& newest() const { return spells.back().membership; }
  const Membership& paid() const { return spells[current].membership; }
};

/// The place of the spell that money paid on a day goes to, of those not ended by then: the last
/// one with months while it is open; else the newest without months that was acquired by then, or
/// the first without; the number of spells when a new one has to be made.
///
/// The newest spell is not always the one: after a reversal, or when somebody joined again before
/// an old payment was told of, it waits without months behind an open one.
std::size_t SpellToPay(const Scheme& scheme, std::span<const PersonAccount::Row> spells, Date on);

/// Gathers what postings change. Journals and counters follow by themselves.
class PostingBatch {
 public:
  PostingBatch(const Agency& agency, Instant posted_at) : agency_(agency), posted_at_(posted_at) {}

  /// Makes room for so many payments that each buy months.
  void Reserve(std::size_t payments);

  /// Adds a payment, and the journal lines of money that came in (or, for a placement, out of
  /// suspense). What the money then does is told by Spend or Suspend.
  void AddPayment(const PaymentRecord& payment);

  /// Puts the money of a payment into suspense.
  void Suspend(const PaymentRecord& payment, std::string_view reason, std::string_view code);

  /// Spends a payment, with the credit that the newest spell holds, on months for a person; begins
  /// a new spell when the last has lapsed. The caller tallies the spells before and after. Unless
  /// the newest spell is open, `account` holds all spells and the birth date.
  Purchase Spend(const PaymentRecord& payment, PersonAccount& account);

  /// Spends money that came in before once more, after what it had bought was reversed. The caller
  /// journals the change of credit; `reversal` names the journal.
  void SpendAgain(const PaymentRecord& payment, PersonAccount& account,
                  const PaymentRecord& reversal);

  /// Adds a contribution and its effect on money counters and journals. `received_on` is the day
  /// of the payment; `business_day` that of the journal.
  void AddContribution(const ContributionRecord& contribution, const CountedIn& in,
                       std::int64_t partner_id, Date received_on, Date business_day);

  /// Counts (`sign` +1) or uncounts (-1) a person's spells in the coverage counters.
  void TallySpells(const PersonAccount& account, int sign);

  /// Notes the rows of an account that were changed or begun.
  void SaveAccount(const PersonAccount& account);

  JournalBook& journal() { return journal_; }

  /// Writes everything. Rows are added in the order they were noted, which callers keep the order
  /// of keys where it pays. What is of a closed month is booked in the open one.
  Result<Done> Write(Tx& tx);

  /// Where a payment of this batch is booked when its own day is closed; known once it is written.
  std::optional<Date> LateBooking(Instant paid_at) const;

 private:
  Result<Done> NoteLatePostings(Tx& tx);
  Purchase Buy(const PaymentRecord& payment, PersonAccount& account, std::int64_t journal_partner,
               Date business_day);

  const Agency& agency_;
  const Instant posted_at_;
  std::vector<ContributionRecord> contributions_;
  ValueRows payments_{10};
  ValueRows suspense_{5};
  ValueRows membership_inserts_{15};
  ValueRows membership_updates_{6};
  JournalBook journal_;
  CoverageTally tally_;
  std::optional<Date> open_from_;  // See BooksOpenFrom.
};

}  // namespace jaring
