// Every statement of the rooms below is understood by both engines, alone and as a set.

#include "claims/claim_figures_sql.h"
#include "claims/claim_notice_sql.h"
#include "claims/claim_schedule_sql.h"
#include "claims/claims_sql.h"
#include "claims/payout_sql.h"
#include "collection/collection_fixture.h"
#include "collection/collection_sql.h"
#include "collection/merge_sql.h"
#include "collection/month_sql.h"
#include "collection/payment_view_sql.h"
#include "collection/refund_sql.h"
#include "collection/savings_sql.h"
#include "insight/claim_recount_sql.h"
#include "insight/insight_sql.h"
#include "insight/schedule_recount_sql.h"
#include "ledger/ledger_sql.h"
#include "registry/person_care_sql.h"
#include "registry/person_sql.h"
#include "registry/registry_sql.h"
#include "registry/seal_sql.h"

namespace jaring {
namespace {

int Parameters(std::string_view sql) {
  int most = 0;
  for (std::size_t i = 0; i + 1 < sql.size(); ++i) {
    if (sql[i] == '$') {
      most = std::max(most, std::atoi(sql.data() + i + 1));
    }
  }
  return most;
}

class StatementsTest : public AgencyTest {
 protected:
  /// Runs a statement with ones: it need not do anything, it has to be understood.
  void Try(std::string_view sql) {
    const std::vector<Value> ones(static_cast<std::size_t>(Parameters(sql)), Value(1));
    const bool select = sql.find("SELECT") < 3 || sql.find("WITH") < 3;
    const auto done = db().Write([&](Tx& tx) -> Result<Done> {
      if (select) {
        JARING_RETURN_IF_ERROR(tx.Query(sql, ones, [](const Row&) {}));
      } else {
        JARING_RETURN_IF_ERROR(tx.Run(sql, ones));
      }
      return Invalid("test.changed_its_mind");
    });
    ASSERT_FALSE(done);
    const std::string rule = done.error().rule;
    EXPECT_TRUE(rule == "test.changed_its_mind" || rule == "db.constraint")
        << sql << "\n"
        << rule << ": " << done.error().detail;
  }
};

JARING_ON_EACH_ENGINE(StatementsTest);

TEST_P(StatementsTest, AreUnderstood) {
  for (const auto sql : sql::kLedgerStatements) {
    Try(sql);
  }
  for (const auto sql : sql::kRegistryStatements) {
    Try(sql);
  }
  for (const auto sql : sql::kSealStatements) {
    Try(sql);
  }
  for (const auto sql : sql::kPersonStatements) {
    Try(sql);
  }
  for (const auto sql : sql::kPaymentViewStatements) {
    Try(sql);
  }
  for (const auto sql : sql::kCollectionStatements) {
    Try(sql);
  }
  for (const auto sql : sql::kPersonCareStatements) {
    Try(sql);
  }
  for (const auto sql : sql::kRefundStatements) {
    Try(sql);
  }
  for (const auto sql : sql::kMergeStatements) {
    Try(sql);
  }
  for (const auto sql : sql::kMonthStatements) {
    Try(sql);
  }
  for (const auto sql : sql::kSavingsStatements) {
    Try(sql);
  }
  for (const auto sql : sql::kInsightStatements) {
    Try(sql);
  }
  for (const auto sql : sql::kClaimStatements) {
    Try(sql);
  }
  for (const auto sql : sql::kNoticeStatements) {
    Try(sql);
  }
  for (const auto sql : sql::kScheduleStatements) {
    Try(sql);
  }
  for (const auto sql : sql::kScheduleRecountStatements) {
    Try(sql);
  }
  for (const auto sql : sql::kClaimFigureStatements) {
    Try(sql);
  }
  for (const auto sql : sql::kPayoutStatements) {
    Try(sql);
  }
  for (const auto sql : sql::kClaimRecountStatements) {
    Try(sql);
  }
}

}  // namespace
}  // namespace jaring
