#include "db/postgres/postgres_connection.h"

#include <array>
#include <deque>

#include "base/text.h"
#include "db/copy_sql.h"
#include "db/postgres/postgres_set.h"

namespace jaring {
namespace {

/// Rows of one finished answer.
class PostgresRow final : public Row {
 public:
  PostgresRow(const PGresult* answer, int first_column)
      : answer_(answer), first_column_(first_column) {}
  void MoveTo(int row) {
    row_ = row;
    blobs_.clear();
  }
  bool IsNull(int column) const override {
    return PQgetisnull(answer_, row_, column + first_column_) == 1;
  }
  std::int64_t Int(int column) const override { return ParseInteger(Text(column)).value_or(0); }
  std::string_view Text(int column) const override {
    return {PQgetvalue(answer_, row_, column + first_column_),
            static_cast<std::size_t>(PQgetlength(answer_, row_, column + first_column_))};
  }
  std::string_view Blob(int column) const override {
    const std::string_view text = Text(column);  // "\x0a1b"
    // A deque: what was handed out before stays where it is.
    return blobs_.emplace_back(text.starts_with("\\x") ? FromHex(text.substr(2)).value_or("") : "");
  }

 private:
  const PGresult* answer_;
  int first_column_;
  int row_ = 0;
  mutable std::deque<std::string> blobs_;
};

std::string FirstLine(std::string_view text) {
  return std::string(text.substr(0, text.find('\n')));
}

std::int64_t RowsChanged(PGresult* answer) {
  return ParseInteger(PQcmdTuples(answer)).value_or(0);
}

}  // namespace

Result<std::unique_ptr<PostgresConnection>> PostgresConnection::Open(const std::string& address) {
  std::unique_ptr<PostgresConnection> connection(
      new PostgresConnection(PQconnectdb(address.c_str())));
  if (!connection->alive()) {
    return Error{ErrorCode::kUnavailable, "db.unavailable",
                 FirstLine(PQerrorMessage(connection->connection_))};
  }
  // Warnings would go to our standard error; one of them matters, see Commit.
  PQsetNoticeReceiver(
      connection->connection_,
      [](void* self, const PGresult*) { static_cast<PostgresConnection*>(self)->warned_ = true; },
      connection.get());
  // Just-in-time compilation costs more than our short statements do.
  JARING_RETURN_IF_ERROR(connection->RunScript(
      "SET client_min_messages = warning; SET jit = off; SET standard_conforming_strings = on"));
  JARING_RETURN_IF_ERROR(connection->FindOutWhetherSpread());
  return connection;
}

/// Citus keeps its tables in one that is nowhere else.
Result<Done> PostgresConnection::FindOutWhetherSpread() {
  const Answer answer(PQexec(connection_, "SELECT to_regclass('pg_dist_partition') IS NOT NULL"),
                      &PQclear);
  if (PQresultStatus(answer.get()) != PGRES_TUPLES_OK) {
    return ErrorOf(answer.get());
  }
  is_spread_ = std::string_view(PQgetvalue(answer.get(), 0, 0)) == "t";
  return Done{};
}

PostgresConnection::~PostgresConnection() {
  PQfinish(connection_);
}

Error PostgresConnection::ErrorOf(const PGresult* answer) const {
  const char* field = answer == nullptr ? nullptr : PQresultErrorField(answer, PG_DIAG_SQLSTATE);
  const std::string_view state = field == nullptr ? "" : field;
  // The primary message only: the rest may quote our statement and what is stored.
  const char* primary =
      answer == nullptr ? nullptr : PQresultErrorField(answer, PG_DIAG_MESSAGE_PRIMARY);
  const std::string detail = FirstLine(primary == nullptr ? PQerrorMessage(connection_) : primary);
  // 25P03: we were idle in a transaction for too long, and the server has ended the session.
  if (state.empty() || state.starts_with("08") || state.starts_with("57") || state == "25P03") {
    return {ErrorCode::kUnavailable, "db.unavailable", detail};
  }
  if (state.starts_with("23")) {
    return Conflict("db.constraint", detail);
  }
  if (state == "53100") {
    return {ErrorCode::kUnavailable, "db.disk_full", detail};
  }
  if (state == "25006") {
    return {ErrorCode::kUnavailable, "db.read_only", detail};
  }
  if (state.starts_with("40") || state.starts_with("55") || state.starts_with("53")) {
    return {ErrorCode::kUnavailable, "db.busy", detail};
  }
  return Internal("db.failed", detail);
}

Result<Done> PostgresConnection::PrepareAs(const std::string& name, const std::string& sql) {
  const Answer answer(PQprepare(connection_, name.c_str(), sql.c_str(), 0, nullptr), &PQclear);
  if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK) {
    return ErrorOf(answer.get());
  }
  return Done{};
}

Result<PostgresConnection::Statement*> PostgresConnection::Prepare(std::string_view sql) {
  Statement& statement = statements_[sql.data()];
  if (!statement.name.empty()) {
    JARING_CHECK(statement.text.size() == sql.size());  // A constant, not a passing string.
    return &statement;
  }
  const std::string name = "s" + std::to_string(statements_.size());
  JARING_RETURN_IF_ERROR(PrepareAs(name, std::string(sql)));
  const Answer described(PQdescribePrepared(connection_, name.c_str()), &PQclear);
  if (PQresultStatus(described.get()) != PGRES_COMMAND_OK) {
    return ErrorOf(described.get());
  }
  for (int i = 0; i < PQnparams(described.get()); ++i) {
    statement.types.push_back(PQparamtype(described.get(), i));
  }
  statement.text = sql;
  statement.copy_text = CopyForm(sql);
  statement.name = name;
  return &statement;
}

Result<PostgresConnection::Answer> PostgresConnection::Execute(const Statement& statement,
                                                               std::span<const Value> values) {
  JARING_CHECK(values.size() == statement.types.size());
  std::vector<std::string> texts(values.size());
  std::vector<const char*> pointers(values.size());
  std::vector<int> lengths(values.size());
  std::vector<int> formats(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Value& value = values[i];
    if (value.kind() == Value::Kind::kInteger) {
      texts[i] = std::to_string(value.integer());
    } else if (value.kind() != Value::Kind::kNull) {
      texts[i] = value.text();
    }
    pointers[i] = value.kind() == Value::Kind::kNull ? nullptr : texts[i].c_str();
    lengths[i] = static_cast<int>(texts[i].size());
    formats[i] = value.kind() == Value::Kind::kBytes ? 1 : 0;
  }
  Answer answer(PQexecPrepared(connection_, statement.name.c_str(), static_cast<int>(values.size()),
                               pointers.data(), lengths.data(), formats.data(), 0),
                &PQclear);
  const ExecStatusType status = PQresultStatus(answer.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
    return ErrorOf(answer.get());
  }
  return answer;
}

Result<PostgresConnection::Answer> PostgresConnection::ExecuteSet(const Statement& statement,
                                                                  const ValueRows& rows) {
  JARING_CHECK(rows.width() == statement.types.size());
  std::vector<std::string> arrays(rows.width());
  std::vector<const char*> pointers(rows.width());
  for (std::size_t column = 0; column < rows.width(); ++column) {
    arrays[column] = ArrayText(rows, column);
    pointers[column] = arrays[column].c_str();
  }
  Answer answer(
      PQexecPrepared(connection_, statement.set_name.c_str(), static_cast<int>(pointers.size()),
                     pointers.data(), nullptr, nullptr, 0),
      &PQclear);
  const ExecStatusType status = PQresultStatus(answer.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
    return ErrorOf(answer.get());
  }
  return answer;
}

Result<Done> PostgresConnection::PrepareSet(Statement& statement, std::string_view form) {
  if (statement.set_name.empty()) {
    const std::string name = statement.name + "set";
    JARING_RETURN_IF_ERROR(PrepareAs(name, std::string(form)));
    statement.set_name = name;
  }
  return Done{};
}

Result<std::int64_t> PostgresConnection::Run(std::string_view sql, std::span<const Value> values) {
  JARING_ASSIGN_OR_RETURN(const Statement* statement, Prepare(sql));
  JARING_ASSIGN_OR_RETURN(const Answer answer, Execute(*statement, values));
  return RowsChanged(answer.get());
}

Result<Done> PostgresConnection::Query(std::string_view sql, std::span<const Value> values,
                                       const RowFunction& on_row) {
  JARING_ASSIGN_OR_RETURN(const Statement* statement, Prepare(sql));
  JARING_ASSIGN_OR_RETURN(const Answer answer, Execute(*statement, values));
  PostgresRow row(answer.get(), 0);
  for (int i = 0; i < PQntuples(answer.get()); ++i) {
    row.MoveTo(i);
    on_row(row);
  }
  return Done{};
}

Result<Done> PostgresConnection::QueryEach(std::string_view sql, const ValueRows& keys,
                                           const EachRowFunction& on_row) {
  if (keys.empty()) {
    return Done{};
  }
  if (keys.size() == 1) {
    return Query(sql, keys.row(0), [&](const Row& row) { on_row(0, row); });
  }
  if (is_spread_) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      JARING_RETURN_IF_ERROR(Query(sql, keys.row(i), [&](const Row& row) { on_row(i, row); }));
    }
    return Done{};
  }
  JARING_ASSIGN_OR_RETURN(Statement* const statement, Prepare(sql));
  JARING_RETURN_IF_ERROR(PrepareSet(*statement, SelectSetForm(sql, statement->types)));
  JARING_ASSIGN_OR_RETURN(const Answer answer, ExecuteSet(*statement, keys));
  PostgresRow row(answer.get(), 1);  // Column 0 is the place of the key.
  for (int i = 0; i < PQntuples(answer.get()); ++i) {
    row.MoveTo(i);
    const auto place = ParseInteger(PQgetvalue(answer.get(), i, 0));
    JARING_CHECK(place && *place >= 1);
    on_row(static_cast<std::size_t>(*place - 1), row);
  }
  return Done{};
}

Result<std::int64_t> PostgresConnection::RunEach(std::string_view sql, const ValueRows& rows) {
  if (rows.empty()) {
    return std::int64_t{0};
  }
  if (rows.size() == 1) {
    return Run(sql, rows.row(0));
  }
  JARING_ASSIGN_OR_RETURN(Statement* const statement, Prepare(sql));
  if (!statement->copy_text.empty()) {
    return RunStream(sql, [&](const RowSink& sink) -> Result<Done> {
      for (std::size_t i = 0; i < rows.size(); ++i) {
        JARING_RETURN_IF_ERROR(sink(rows.row(i)));
      }
      return Done{};
    });
  }
  if (is_spread_) {
    std::int64_t changed = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      JARING_ASSIGN_OR_RETURN(const std::int64_t now, Run(sql, rows.row(i)));
      changed += now;
    }
    return changed;
  }
  JARING_RETURN_IF_ERROR(PrepareSet(*statement, ChangeSetForm(sql, statement->types)));
  JARING_ASSIGN_OR_RETURN(const Answer answer, ExecuteSet(*statement, rows));
  return RowsChanged(answer.get());
}

Result<std::int64_t> PostgresConnection::RunStream(
    std::string_view sql, const std::function<Result<Done>(const RowSink&)>& give) {
  constexpr std::size_t kSendAt = 1U << 18;
  JARING_ASSIGN_OR_RETURN(const Statement* const statement, Prepare(sql));
  JARING_CHECK(!statement->copy_text.empty());
  const std::size_t width = statement->types.size();
  // A server that is stopped between COPY and its rows cannot be timed out: it begins when the
  // first rows are there, so that they follow at once.
  bool has_begun = false;
  const auto send = [&]() -> Result<Done> {
    if (!has_begun) {
      const Answer begun(PQexec(connection_, statement->copy_text.c_str()), &PQclear);
      if (PQresultStatus(begun.get()) != PGRES_COPY_IN) {
        return ErrorOf(begun.get());
      }
      has_begun = true;
    }
    return SendCopyRows();
  };
  buffer_.clear();
  const Result<Done> given = give([&](std::span<const Value> row) -> Result<Done> {
    JARING_CHECK(row.size() == width);
    AppendCopyRow(row, buffer_);
    return buffer_.size() > kSendAt ? send() : Result<Done>(Done{});
  });
  const Result<Done> sent = given ? send() : given;
  if (!has_begun) {
    return sent.error();
  }
  Result<std::int64_t> written = EndCopy(sent ? nullptr : "given up");
  return given ? std::move(written) : given.error();
}

Result<Done> PostgresConnection::SendCopyRows() {
  const int sent = PQputCopyData(connection_, buffer_.data(), static_cast<int>(buffer_.size()));
  buffer_.clear();
  return sent == 1 ? Result<Done>(Done{}) : ErrorOf(nullptr);
}

/// The rows the server took; with words for it, it is told to take none.
Result<std::int64_t> PostgresConnection::EndCopy(const char* giving_up) {
  if (PQputCopyEnd(connection_, giving_up) != 1) {
    return ErrorOf(nullptr);
  }
  std::int64_t changed = 0;
  Result<Done> outcome = Done{};
  while (PGresult* result = PQgetResult(connection_)) {
    const Answer answer(result, &PQclear);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) {
      outcome = ErrorOf(result);
    }
    changed += RowsChanged(result);
  }
  if (!outcome) {
    return outcome.error();
  }
  return changed;
}

Result<Done> PostgresConnection::Commit() {
  warned_ = false;
  JARING_RETURN_IF_ERROR(RunScript("COMMIT"));
  return warned_ ? Error{ErrorCode::kUnavailable, "db.unavailable",
                         "committed here, but not confirmed by the standby"}
                 : Result<Done>(Done{});
}

Result<bool> PostgresConnection::HasTable(std::string_view name) {
  bool found = false;
  JARING_RETURN_IF_ERROR(
      Query(sql::kPostgresTable, std::array<Value, 1>{name}, [&](const Row&) { found = true; }));
  return found;
}

Result<Done> PostgresConnection::RunScript(std::string_view script) {
  const Answer answer(PQexec(connection_, std::string(script).c_str()), &PQclear);
  const ExecStatusType status = PQresultStatus(answer.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY) {
    return ErrorOf(answer.get());
  }
  return Done{};
}

}  // namespace jaring
