#pragma once

// For tests only: a database of its own for each test, on each engine.

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "db/database.h"

namespace jaring {

/// A new empty database; gone with the object. PostgreSQL: a schema of its own in the cluster that
/// JARING_TEST_POSTGRES names (tests/with_postgres.sh sets it).
class ScratchDatabase {
 public:
  static bool IsAvailable(Database::Engine engine) {
    return engine == Database::Engine::kSqlite || !Server().empty();
  }

  /// The address of the tests' PostgreSQL; empty when there is none.
  static std::string Server() {
    const char* address = std::getenv("JARING_TEST_POSTGRES");
    return address == nullptr ? "" : address;
  }

  explicit ScratchDatabase(Database::Engine engine) : engine_(engine) {
    static std::atomic<int> count = 0;
    const std::string name = "t" + std::to_string(getpid()) + "_" + std::to_string(count++);
    // In memory where there is such a folder: these tests are not about the disk.
    const bool memory = access("/dev/shm", W_OK) == 0;
    folder_ =
        (memory ? std::filesystem::path("/dev/shm") : std::filesystem::temp_directory_path()) /
        ("jaring-" + name);
    std::filesystem::create_directories(folder_);
    if (engine == Database::Engine::kSqlite) {
      address_ = "sqlite:" + (folder_ / "test.db").string();
    } else {
      const std::string server = Server();
      schema_ = name;
      server_ = Open(server);
      RunOnServer("CREATE SCHEMA " + schema_);
      address_ = server + (server.find('?') == std::string::npos ? "?" : "&") +
                 "options=-csearch_path%3D" + schema_;
    }
    db_ = Open(address_);
  }
  ScratchDatabase(const ScratchDatabase&) = delete;
  ScratchDatabase& operator=(const ScratchDatabase&) = delete;
  ~ScratchDatabase() {
    db_.reset();
    if (server_) {
      RunOnServer("DROP SCHEMA " + schema_ + " CASCADE");
    }
    std::filesystem::remove_all(folder_);
  }

  Database& db() { return *db_; }
  Database::Engine engine() const { return engine_; }
  const std::string& address() const { return address_; }
  const std::filesystem::path& folder() const { return folder_; }

  /// Runs a script in a transaction of its own; fails the test when it fails.
  void Run(const std::string& script) {
    const auto done = db_->Write([&](Tx& tx) { return tx.RunScript(script); });
    ASSERT_TRUE(done) << done.error().rule << ": " << done.error().detail;
  }

 private:
  static std::unique_ptr<Database> Open(const std::string& address) {
    auto db = Database::Connect(address, Database::Open::kMayCreate);
    EXPECT_TRUE(db) << db.error().detail;
    return std::move(db).value();
  }
  void RunOnServer(const std::string& script) {
    const auto done = server_->Write([&](Tx& tx) { return tx.RunScript(script); });
    EXPECT_TRUE(done) << done.error().detail;
  }

  const Database::Engine engine_;
  std::filesystem::path folder_;
  std::string schema_;
  std::string address_;
  std::unique_ptr<Database> server_;
  std::unique_ptr<Database> db_;
};

/// A test that runs on SQLite and on PostgreSQL.
class EngineTest : public ::testing::TestWithParam<Database::Engine> {
 protected:
  void SetUp() override {
    if (!ScratchDatabase::IsAvailable(GetParam())) {
      GTEST_SKIP() << "JARING_TEST_POSTGRES is not set; run under tests/with_postgres.sh";
    }
    scratch_ = std::make_unique<ScratchDatabase>(GetParam());
  }

  Database& db() { return scratch_->db(); }
  ScratchDatabase& scratch() { return *scratch_; }
  bool is_sqlite() const { return GetParam() == Database::Engine::kSqlite; }

  void Write(const std::function<Result<Done>(Tx&)>& work) {
    const auto done = db().Write(work);
    ASSERT_TRUE(done) << done.error().rule << ": " << done.error().detail;
  }

 private:
  std::unique_ptr<ScratchDatabase> scratch_;
};

inline std::string EngineName(const ::testing::TestParamInfo<Database::Engine>& info) {
  return info.param == Database::Engine::kSqlite ? "Sqlite" : "Postgres";
}

/// Lets so many transactions through and no more: as if the program had been killed.
class DyingDatabase final : public Database {
 public:
  DyingDatabase(Database& inner, int writes) : inner_(inner), left_(writes) {}
  Engine engine() const override { return inner_.engine(); }
  Result<Done> WriteAnyway(const std::function<Result<Done>(Tx&)>& work) override {
    return left_-- > 0 ? inner_.WriteAnyway(work)
                       : Result<Done>(Error{ErrorCode::kUnavailable, "db.unavailable", "killed"});
  }
  Result<Done> Read(const std::function<Result<Done>(Tx&)>& work) override {
    return inner_.Read(work);
  }
  Result<std::unique_ptr<HeldLock>> TryLock(std::string_view name) override {
    return inner_.TryLock(name);
  }

 private:
  Database& inner_;
  int left_;
};

}  // namespace jaring

/// Runs the tests of a fixture made from EngineTest on both engines.
#define JARING_ON_EACH_ENGINE(Fixture)                                               \
  INSTANTIATE_TEST_SUITE_P(Each, Fixture,                                            \
                           ::testing::Values(::jaring::Database::Engine::kSqlite,    \
                                             ::jaring::Database::Engine::kPostgres), \
                           ::jaring::EngineName)
