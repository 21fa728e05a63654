#pragma once

// What payments of known owners buy: the accounts are read and everything is reckoned first, and
// written afterwards, so that the two may be done by two threads (see channels/files/month_run.h).

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "collection/payment.h"
#include "collection/posting.h"

namespace jaring {

/// A payment of which is known whose it is.
struct OwnedPayment {
  const PaymentRequest* request = nullptr;
  std::int64_t payment_id = 0;
  std::int64_t person_id = 0;        // 0: nobody known, or (once planned) it has to wait.
  std::int64_t sent_to = 0;          // The merged person whose number was used; 0: none.
  std::string_view suspense_reason;  // A constant; why nobody is known.
};

/// Spends a set of payments on months. Plan once, then write once.
class PaymentSpending {
 public:
  /// Postings are known since `now`.
  PaymentSpending(const Agency& agency, Instant now)
      : agency_(agency), now_(now), batch_(agency, now) {}

  /// Reads the accounts and reckons what is bought. `payments` come by person, those of one in the
  /// order in which they are spent; their requests outlive this.
  ///
  /// Errors: those of Tx.
  Result<Done> Plan(Tx& tx, std::vector<OwnedPayment> payments);

  std::span<const OwnedPayment> payments() const { return payments_; }

  /// Writes it all; outcomes in the order of the payments. Right only while the accounts are as
  /// they were when they were read.
  ///
  /// Errors: those of Tx.
  Result<std::vector<PaymentOutcome>> Write(Tx& tx);

 private:
  Result<Done> LoadAccounts(Tx& tx);
  Result<Done> LoadWhatBeginningsNeed(Tx& tx);
  bool MayBegin(std::size_t k) const;
  void SpendAll();
  void SpendGroup(std::size_t begin, std::size_t end, PersonAccount& account);
  void SuspendOne(std::size_t n);
  PaymentRecord RecordOf(const OwnedPayment& payment) const;
  Result<Done> NoteRedirected(Tx& tx) const;

  const Agency& agency_;
  const Instant now_;
  PostingBatch batch_;
  std::vector<OwnedPayment> payments_;
  std::vector<PaymentOutcome> outcomes_;  // Of payments_.
  std::vector<std::int64_t> people_;      // Rising.
  std::vector<PersonAccount> accounts_;   // Of people_; no spells: nobody has this number.
};

}  // namespace jaring
