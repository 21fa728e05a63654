#include "insight/claim_recount.h"

#include <algorithm>
#include <vector>

#include "claims/claim_book.h"
#include "claims/payout_books.h"
#include "insight/claim_recount_sql.h"

namespace jaring {
namespace {

using ClaimKey = std::pair<std::int64_t, std::int64_t>;

/// One claim with its rows.
struct ClaimRows {
  ClaimKind kind = ClaimKind::kDeath;
  ClaimState state = ClaimState::kDraft;
  std::int64_t step_no = 0;
  Money gross;
  Money tax;
  std::int64_t newest_step = 0;
  ClaimState newest_state = ClaimState::kDraft;
  std::int64_t decision = 0;         // Step of the newest lines,
  std::map<Programme, Money> given;  // and what they give.
  Money withheld;
  Money withdrawn;
  Money given_back;  // By the lines,
  Money refunded;    // and by the rows of refunds.
  std::vector<Payout> payouts;

  bool is_owed() const {
    return state == ClaimState::kApproved || state == ClaimState::kPaying ||
           state == ClaimState::kPaid || state == ClaimState::kReturned;
  }
  Money sum_given() const {
    Money sum = given_back;
    for (const auto& [programme, amount] : given) {
      sum += amount;
    }
    return sum;
  }
};

class Recount {
 public:
  Recount(Tx& tx, const std::function<void(std::string, std::string)>& on_broken)
      : tx_(tx), on_broken_(on_broken) {}

  Result<ClaimRecount> Run() {
    JARING_RETURN_IF_ERROR(Load());
    for (const auto& [key, rows] : claims_) {
      Check(key, rows);
    }
    recount_.claims = static_cast<std::int64_t>(claims_.size());
    return std::move(recount_);
  }

 private:
  Result<Done> Load() {
    JARING_RETURN_IF_ERROR(tx_.Query(sql::kScanClaims, {}, [this](const Row& row) {
      ClaimRows& rows = claims_[{row.Int(0), row.Int(1)}];
      rows.kind = static_cast<ClaimKind>(row.Int(2));
      rows.state = static_cast<ClaimState>(row.Int(3));
      rows.step_no = row.Int(4);
      rows.gross = Money::FromRupiah(row.Int(5));
      rows.tax = Money::FromRupiah(row.Int(6));
    }));
    JARING_RETURN_IF_ERROR(tx_.Query(sql::kScanClaimSteps, {}, [this](const Row& row) {
      if (ClaimRows* rows = Of(row)) {
        rows->newest_step = row.Int(2);
        rows->newest_state = static_cast<ClaimState>(row.Int(3));
      }
    }));
    JARING_RETURN_IF_ERROR(tx_.Query(sql::kScanClaimLines, {}, [this](const Row& row) {
      if (ClaimRows* rows = Of(row)) {
        AddLine(*rows, row);
      }
    }));
    JARING_RETURN_IF_ERROR(tx_.Query(sql::kScanClaimWithdrawals, {}, [this](const Row& row) {
      if (ClaimRows* rows = Of(row)) {
        rows->withdrawn += Money::FromRupiah(row.Int(2));
      }
    }));
    JARING_RETURN_IF_ERROR(tx_.Query(sql::kScanClaimRefunds, {}, [this](const Row& row) {
      if (ClaimRows* rows = Of(row)) {
        rows->refunded += Money::FromRupiah(row.Int(2));
      }
    }));
    return tx_.Query(sql::kScanPayouts, {}, [this](const Row& row) {
      if (ClaimRows* rows = Of(row)) {
        rows->payouts.push_back({.claim = {row.Int(0), static_cast<int>(row.Int(1))},
                                 .payout_no = static_cast<int>(row.Int(2)),
                                 .payee_no = static_cast<int>(row.Int(3)),
                                 .run_id = 0,
                                 .state = static_cast<PayoutState>(row.Int(4)),
                                 .amount = Money::FromRupiah(row.Int(5)),
                                 .penalty = Money::FromRupiah(row.Int(6)),
                                 .paid_on = {}});
      }
    });
  }

  ClaimRows* Of(const Row& row) {
    const auto at = claims_.find({row.Int(0), row.Int(1)});
    if (at == claims_.end()) {
      Break("claim.newest_step", {row.Int(0), row.Int(1)});
      return nullptr;
    }
    return &at->second;
  }

  static void AddLine(ClaimRows& rows, const Row& row) {
    if (row.Int(2) != rows.decision) {
      rows.decision = row.Int(2);
      rows.given.clear();
      rows.withheld = Money();
      rows.given_back = Money();
    }
    const Money amount = Money::FromRupiah(row.Int(5));
    if (row.Text(4) == kTaxLine) {
      rows.withheld -= amount;
    } else if (IsGivenBack(row.Text(4))) {
      rows.given_back += amount;
    } else {
      rows.given[static_cast<Programme>(row.Int(3))] += amount;
    }
  }

  void Break(const char* invariant, const ClaimKey& key) {
    on_broken_(invariant, ClaimNumber{key.first, static_cast<int>(key.second)}.ToString());
  }

  void Check(const ClaimKey& key, const ClaimRows& rows) {
    if (rows.newest_step != rows.step_no || rows.newest_state != rows.state) {
      Break("claim.newest_step", key);
    }
    const bool has_amounts = rows.is_owed() || rows.state == ClaimState::kProposed;
    if (rows.gross != (has_amounts ? rows.sum_given() : Money()) ||
        rows.tax != (has_amounts ? rows.withheld : Money())) {
      Break("claim.amounts", key);
    }
    const bool withdraws = rows.is_owed() && rows.kind == ClaimKind::kSavings;
    if (rows.withdrawn != (withdraws ? rows.gross - rows.given_back : Money())) {
      Break("claim.withdrawn", key);
    }
    if (rows.refunded != (rows.is_owed() ? rows.given_back : Money())) {
      Break("claim.refunded", key);
    }
    Money to_pay;
    for (const Payout& payout : OneOfEach(rows.payouts)) {
      to_pay += payout.amount;
    }
    if (to_pay != (rows.is_owed() ? rows.gross - rows.tax : Money())) {
      Break("claim.payouts", key);
    }
    AddUp(rows);
  }

  void AddUp(const ClaimRows& rows) {
    if (!rows.is_owed()) {
      return;
    }
    auto& accounts = recount_.accounts;
    for (const auto& [programme, amount] : rows.given) {
      const Account debit = programme == Programme::kJht   ? Account::kMemberSavings
                            : programme == Programme::kJkk ? Account::kJkkBenefits
                                                           : Account::kJkmBenefits;
      accounts[debit] += amount;
    }
    accounts[Account::kTaxPayable] -= rows.tax;
    accounts[Account::kClaimsPayable] -= rows.gross - rows.tax;
    const PayoutBooks books = PayoutBooks::Of(rows.payouts);
    accounts[Account::kLatenessPenalties] += books.penalties;
    accounts[Account::kBank] += books.bank;
    accounts[Account::kPaidTwice] += books.paid_twice;
    accounts[Account::kClaimsPayable] += books.payable;
  }

  Tx& tx_;
  const std::function<void(std::string, std::string)>& on_broken_;
  std::map<ClaimKey, ClaimRows> claims_;
  ClaimRecount recount_;
};

}  // namespace

Result<ClaimRecount> RecountClaims(
    Tx& tx, const std::function<void(std::string invariant, std::string subject)>& on_broken) {
  return Recount(tx, on_broken).Run();
}

}  // namespace jaring
