#pragma once

// For tests only: empty demo agencies of the real scheme, in databases of their own.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/source_dir.h"
#include "db/database_fixture.h"
#include "insight/verify.h"
#include "registry/agency.h"
#include "scheme/scheme_loader.h"

namespace jaring {

inline const std::filesystem::path kRoot = SourceDir();

class DemoAgencyTest : public testing::TestWithParam<Database::Engine> {
 protected:
  /// Loaded once for all tests.
  static const Scheme& TheScheme() {
    static const Scheme scheme = [] {
      auto loaded = LoadScheme(kRoot / "schemes" / "id-bpu");
      JARING_CHECK(loaded);
      return *std::move(loaded.scheme);
    }();
    return scheme;
  }

  void SetUp() override {
    if (!ScratchDatabase::IsAvailable(GetParam())) {
      GTEST_SKIP() << "JARING_TEST_POSTGRES is not set; run under tests/with_postgres.sh";
    }
  }

  Agency MakeAgency(bool is_demo = true) const {
    return {.scheme = TheScheme(), .sealer = sealer_, .is_demo = is_demo};
  }

  /// An empty agency in a database of its own.
  Database* NewDatabase(const Agency& agency) {
    databases_.push_back(std::make_unique<ScratchDatabase>(GetParam()));
    Database* database = &databases_.back()->db();
    const auto made = database->Write([&](Tx& tx) -> Result<Done> {
      return CreateAgency(tx, agency,
                          {.migrations = kRoot / "migrations",
                           .regions = kRoot / "data" / "regions",
                           .branches = kRoot / "data" / "branches.csv"},
                          Instant::StartOfDay(Date::FromYearMonthDay(2020, 1, 1)));
    });
    EXPECT_TRUE(made) << made.error().rule << made.error().detail;
    return database;
  }

  static void ExpectSound(Database& database, const Agency& agency, std::int64_t people,
                          std::optional<std::int64_t> payments = std::nullopt) {
    const auto read = database.Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const VerifyReport report, Verify(tx, agency));
      EXPECT_EQ(report.payments, payments.value_or(report.payments));
      EXPECT_EQ(report.people, people);
      for (const Violation& violation : report.violations) {
        ADD_FAILURE() << violation.invariant << " " << violation.subject;
      }
      return Done{};
    });
    EXPECT_TRUE(read) << read.error().rule << " " << read.error().detail;
  }

  const Sealer sealer_{std::string(Sealer::kKeyBytes, 'k')};
  std::vector<std::unique_ptr<ScratchDatabase>> databases_;
};

}  // namespace jaring
