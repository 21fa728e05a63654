#include "claims/claim_figures.h"

#include <algorithm>

#include "claims/claim_book.h"
#include "claims/claim_figures_sql.h"

namespace jaring {
namespace {

Date StoredDate(std::int64_t number) {
  const auto date = Date::ParseNumber(number);
  JARING_CHECK(date.has_value());
  return *date;
}

void CountPaid(ClaimFigures& figures, const Row& row) {
  const Date paid_on = Instant::FromMicros(row.Int(2)).JakartaDate();
  const std::int64_t days = paid_on.days() - StoredDate(row.Int(0)).days();
  ++figures.paid;
  figures.days += days;
  figures.most_days = std::max(figures.most_days, days);
  figures.paid_late += !row.IsNull(1) && paid_on > StoredDate(row.Int(1)) ? 1 : 0;
}

}  // namespace

Result<ClaimFigures> ReportClaimFigures(Tx& tx, Date from, Date to) {
  ClaimFigures figures;
  const std::int64_t begin = Instant::StartOfDay(from).micros();
  const std::int64_t end = Instant::StartOfDay(to.AddDays(1)).micros();
  JARING_RETURN_IF_ERROR(tx.Query(sql::kCountClaimsByState, {}, [&](const Row& row) {
    figures.now[static_cast<ClaimState>(row.Int(0))] = row.Int(1);
  }));
  JARING_RETURN_IF_ERROR(tx.Query(sql::kCountClaimDecisions, {begin, end}, [&](const Row& row) {
    const bool is_refusal = static_cast<ClaimState>(row.Int(0)) == ClaimState::kRefused;
    (is_refusal ? figures.refused : figures.approved)[std::string(row.Text(1))] = row.Int(2);
  }));
  JARING_RETURN_IF_ERROR(tx.Query(sql::kSumApprovedLines, {begin, end}, [&](const Row& row) {
    const Money amount = Money::FromRupiah(row.Int(2));
    if (row.Text(1) == kTaxLine) {
      figures.tax -= amount;
    } else if (IsGivenBack(row.Text(1))) {
      figures.given_back += amount;
    } else {
      figures.given[static_cast<Programme>(row.Int(0))] += amount;
    }
  }));
  JARING_RETURN_IF_ERROR(tx.Query(sql::kCountClaimsBegun, {begin, end}, [&](const Row& row) {
    figures.begun = row.Int(0);
    figures.without_visit = row.Int(1);
  }));
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListPaidClaims, {begin, end},
                                  [&](const Row& row) { CountPaid(figures, row); }));
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kSumPenaltiesPaid, {from.number(), to.number()},
               [&](const Row& row) { figures.penalties = Money::FromRupiah(row.Int(0)); }));
  return figures;
}

}  // namespace jaring
