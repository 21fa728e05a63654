#include "db/postgres/postgres_database.h"

namespace jaring {
namespace {

constexpr std::size_t kMaxIdle = 8;
constexpr const char* kUnknown = "db.outcome_unknown";

/// Services read, decide and write in sets; one writer at a time in the whole cluster keeps that
/// right without a retry loop. The number is this program's own advisory lock.
constexpr std::string_view kLockWriters = "SELECT pg_advisory_xact_lock(4242001)";
constexpr std::string_view kTryLock =
    "SELECT CASE WHEN pg_try_advisory_lock(hashtextextended("
    "'jaring ' || COALESCE(current_schema(), '') || ' ' || $1, 0)) THEN 1 ELSE 0 END";

constexpr std::string_view kUnlockAll = "SELECT pg_advisory_unlock_all()";

/// The server frees a lock with its session: surely, but a moment after a session has been closed.
/// So a lock is given back in so many words, and whoever comes next finds it free.
class SessionLock final : public HeldLock {
 public:
  explicit SessionLock(std::unique_ptr<PostgresConnection> session)
      : session_(std::move(session)) {}
  ~SessionLock() override { static_cast<void>(session_->RunScript(kUnlockAll)); }

 private:
  const std::unique_ptr<PostgresConnection> session_;
};

constexpr std::string_view kBeginRead = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// Whether the commit that `error` ended may have been made: who loses the connection cannot know.
/// What the server itself refused, it undid.
bool IsUnknown(const PostgresConnection& connection, const Error& error) {
  return !connection.alive() || error.rule == "db.unavailable";
}

}  // namespace

PostgresDatabase::PostgresDatabase(std::string address)
    : address_(std::move(address)), begin_write_("BEGIN; " + std::string(kLockWriters)) {}

void PostgresDatabase::LimitIdleWrites(std::chrono::seconds longest) {
  begin_write_ = "BEGIN; SET LOCAL idle_in_transaction_session_timeout = '" +
                 std::to_string(longest.count()) + "s'; " + std::string(kLockWriters);
}

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
    outcome = connection->Commit();
    if (!outcome && IsUnknown(*connection, outcome.error())) {
      outcome = Error{ErrorCode::kUnavailable, kUnknown, outcome.error().detail};
    }
  } else if (connection->alive() && connection->in_transaction()) {
    const auto rolled_back = connection->RunScript("ROLLBACK");
    JARING_CHECK(rolled_back || !connection->alive());
  }
  GiveBack(std::move(connection));
  return outcome;
}

Result<std::unique_ptr<HeldLock>> PostgresDatabase::TryLock(std::string_view name) {
  JARING_ASSIGN_OR_RETURN(auto session, PostgresConnection::Open(address_));
  bool held = false;
  JARING_RETURN_IF_ERROR(static_cast<Tx&>(*session).Query(
      kTryLock, {name}, [&](const Row& row) { held = row.Int(0) == 1; }));
  return std::unique_ptr<HeldLock>(held ? std::make_unique<SessionLock>(std::move(session))
                                        : nullptr);
}

Result<Done> PostgresDatabase::WriteAnyway(const std::function<Result<Done>(Tx&)>& work) {
  return InTransaction(begin_write_, work);
}

Result<Done> PostgresDatabase::Read(const std::function<Result<Done>(Tx&)>& work) {
  auto outcome = InTransaction(kBeginRead, work);
  if (!outcome && outcome.error().rule == kUnknown) {  // There was nothing to commit.
    return Error{ErrorCode::kUnavailable, "db.unavailable", outcome.error().detail};
  }
  return outcome;
}

}  // namespace jaring
