#pragma once

// A person's money as it was posted: payments and contributions, with what has been taken back.

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "collection/posting.h"
#include "db/database.h"

namespace jaring {

/// A payment as stored; reversal rows are not listed but marked on what they reverse.
struct StoredPayment {
  std::int64_t payment_id = 0;
  std::int64_t partner_id = 0;
  std::string reference;
  PaymentKind kind = PaymentKind::kPayment;
  Money amount;
  Instant paid_at = Instant::FromMicros(0);
  Instant posted_at = Instant::FromMicros(0);
  bool reversed = false;
};

/// A contribution as stored; those reversed are left out.
struct StoredContribution {
  std::int64_t contribution_id = 0;
  int membership_seq = 0;
  std::int64_t payment_id = 0;
  Month first_month = Month::FromYearMonth(1900, 1);
  int months = 0;
  ByProgramme parts;
  Instant posted_at = Instant::FromMicros(0);

  Month last_month() const { return first_month + (months - 1); }
};

/// What holds of a person's money, as known at an instant (or now): in the order of posting.
struct MoneyHistory {
  std::vector<StoredPayment> payments;
  std::vector<StoredContribution> contributions;

  Money credit() const;
};

Result<MoneyHistory> LoadHistory(Tx& tx, std::int64_t person_id,
                                 std::optional<Instant> known_at = std::nullopt);

/// Sets each spell's months to what `contributions` bought in it. Day of first cover stays where
/// the first month stays, and is cleared with it.
void ApplyContributions(const std::vector<StoredContribution>& contributions,
                        std::vector<PersonAccount::Row>& spells);

}  // namespace jaring
