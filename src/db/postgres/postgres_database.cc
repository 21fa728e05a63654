#include "db/postgres/postgres_database.h"

namespace jaring {
namespace {

constexpr std::size_t kMaxIdle = 8;

/// Services read, decide and write in sets; one writer at a time in the whole cluster keeps that
/// right without a retry loop. The number is this program's own advisory lock.
constexpr std::string_view kBeginWrite = "BEGIN; SELECT pg_advisory_xact_lock(4242001)";
constexpr std::string_view kBeginRead = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

}  // namespace

Result<std::unique_ptr<Database>> PostgresDatabase::Connect(const std::string& address) {
  std::unique_ptr<PostgresDatabase> database(new PostgresDatabase(address));
  JARING_ASSIGN_OR_RETURN(auto first, database->Take());
  database->GiveBack(std::move(first));
  return std::unique_ptr<Database>(std::move(database));
}

Result<std::unique_ptr<PostgresConnection>> PostgresDatabase::Take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  return PostgresConnection::Open(address_);
}

void PostgresDatabase::GiveBack(std::unique_ptr<PostgresConnection> connection) {
  const std::lock_guard lock(mutex_);
  if (!connection->alive()) {
    idle_.clear();  // The server went away: the others are gone too.
  } else if (idle_.size() < kMaxIdle) {
    idle_.push_back(std::move(connection));
  }
}

Result<Done> PostgresDatabase::InTransaction(std::string_view begin,
                                             const std::function<Result<Done>(Tx&)>& work) {
  JARING_ASSIGN_OR_RETURN(auto connection, Take());
  Result<Done> outcome = connection->RunScript(begin);
  if (!outcome && !connection->alive()) {
    // An idle connection may have died unnoticed; nothing was begun, so a new one is safe.
    GiveBack(std::move(connection));
    auto fresh = PostgresConnection::Open(address_);
    if (!fresh) {
      return fresh.error();
    }
    connection = std::move(fresh).value();
    outcome = connection->RunScript(begin);
  }
  if (outcome) {
    outcome = work(*connection);
    if (outcome && connection->transaction_failed()) {
      outcome = Internal("db.failed", "a failed statement was passed over");
    }
  }
  if (outcome) {
    outcome = connection->RunScript("COMMIT");
  } else if (connection->alive() && connection->in_transaction()) {
    const auto rolled_back = connection->RunScript("ROLLBACK");
    JARING_CHECK(rolled_back || !connection->alive());
  }
  GiveBack(std::move(connection));
  return outcome;
}

Result<Done> PostgresDatabase::Write(const std::function<Result<Done>(Tx&)>& work) {
  return InTransaction(kBeginWrite, work);
}

Result<Done> PostgresDatabase::Read(const std::function<Result<Done>(Tx&)>& work) {
  return InTransaction(kBeginRead, work);
}

}  // namespace jaring
