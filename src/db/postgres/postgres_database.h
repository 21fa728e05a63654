#pragma once

// PostgreSQL behind the Database face: a small pool; writers take one advisory lock in turn.

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "db/database.h"
#include "db/postgres/postgres_connection.h"

namespace jaring {

class PostgresDatabase final : public Database {
 public:
  /// Errors: db.unavailable.
  static Result<std::unique_ptr<Database>> Connect(const std::string& address);

  Engine engine() const override { return Engine::kPostgres; }
  Result<Done> WriteAnyway(const std::function<Result<Done>(Tx&)>& work) override;
  Result<Done> Read(const std::function<Result<Done>(Tx&)>& work) override;
  /// An advisory lock of a session of its own.
  Result<std::unique_ptr<HeldLock>> TryLock(std::string_view name) override;
  void LimitIdleWrites(std::chrono::seconds longest) override;

 private:
  explicit PostgresDatabase(std::string address);
  Result<Done> InTransaction(std::string_view begin, const std::function<Result<Done>(Tx&)>& work);
  Result<std::unique_ptr<PostgresConnection>> Take();
  void GiveBack(std::unique_ptr<PostgresConnection> connection);

  const std::string address_;
  std::string begin_write_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<PostgresConnection>> idle_;
};

}  // namespace jaring
