#pragma once

// One PostgreSQL connection as a Tx: statements prepared once, sets sent in one go.

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "db/database.h"

namespace jaring {

class PostgresConnection final : public Tx {
 public:
  /// Errors: as Tx.
  static Result<std::unique_ptr<PostgresConnection>> Open(const std::string& address);

  PostgresConnection(const PostgresConnection&) = delete;
  PostgresConnection& operator=(const PostgresConnection&) = delete;
  ~PostgresConnection() override;

  Result<std::int64_t> Run(std::string_view sql, std::span<const Value> values) override;
  Result<Done> Query(std::string_view sql, std::span<const Value> values,
                     const RowFunction& on_row) override;
  Result<Done> QueryEach(std::string_view sql, const ValueRows& keys,
                         const EachRowFunction& on_row) override;
  Result<std::int64_t> RunEach(std::string_view sql, const ValueRows& rows) override;
  Result<std::int64_t> RunStream(std::string_view sql,
                                 const std::function<Result<Done>(const RowSink&)>& give) override;
  Result<bool> HasTable(std::string_view name) override;
  Result<Done> RunScript(std::string_view script) override;

  /// A commit whose standby did not confirm it, because somebody cancelled the wait, is
  /// db.unavailable although it holds here: it may be lost with this machine.
  Result<Done> Commit();

  /// False once the server has gone; the connection is then of no more use.
  bool alive() const { return PQstatus(connection_) == CONNECTION_OK; }
  bool in_transaction() const { return PQtransactionStatus(connection_) != PQTRANS_IDLE; }
  /// True when a statement of the open transaction failed: COMMIT would then undo it all and say
  /// so only in small print.
  bool transaction_failed() const { return PQtransactionStatus(connection_) == PQTRANS_INERROR; }

 private:
  using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

  /// How a statement is sent: alone, and as a set.
  struct Statement {
    std::string_view text;
    std::string name;        // Prepared under this name.
    std::vector<Oid> types;  // Of $1, $2…
    std::string set_name;    // The same for a set; empty until first used as one.
    std::string copy_text;   // COPY … FROM STDIN, when the statement is a plain INSERT.
  };

  explicit PostgresConnection(PGconn* connection) : connection_(connection) {}
  Result<Done> FindOutWhetherSpread();
  Result<Statement*> Prepare(std::string_view sql);
  Result<Done> PrepareAs(const std::string& name, const std::string& sql);
  Result<Done> PrepareSet(Statement& statement, std::string_view form);
  Result<Answer> Execute(const Statement& statement, std::span<const Value> values);
  Result<Answer> ExecuteSet(const Statement& statement, const ValueRows& rows);
  Result<Done> SendCopyRows();
  Result<std::int64_t> EndCopy(const char* giving_up);
  Error ErrorOf(const PGresult* answer) const;

  PGconn* connection_;
  std::unordered_map<const void*, Statement> statements_;
  std::string buffer_;  // Reused for COPY rows.
  // The rows of a set lie on many machines: each is sent alone and goes to its own shard.
  bool is_spread_ = false;
  bool warned_ = false;  // Since it was set to false.
};

}  // namespace jaring
