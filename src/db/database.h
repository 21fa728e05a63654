#pragma once

// One face for SQLite and PostgreSQL. SQL is one text for both; parameters are $1…$n.
//
// Work comes in sets: QueryEach and RunEach do one statement for many rows. SQLite loops a prepared
// statement; PostgreSQL sends the set once (COPY, or a join with unnest). Same meaning, one text.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace jaring {

/// Bytes to store or read; a borrowed view.
struct Bytes {
  std::string_view data;
};

/// One parameter. Text and bytes are borrowed: they must live until the call returns.
class Value {
 public:
  enum class Kind : std::uint8_t { kNull, kInteger, kText, kBytes };

  Value() : payload_{.integer = 0} {}
  // Implicit on purpose, so that parameters read as a plain list.
  // NOLINTBEGIN(google-explicit-constructor)
  Value(std::int64_t integer) : kind_(Kind::kInteger), payload_{.integer = integer} {}
  Value(int integer) : Value(std::int64_t{integer}) {}
  Value(std::string_view text) : Value(Kind::kText, text) {}
  Value(const std::string& text) : Value(std::string_view(text)) {}
  Value(const char* text) : Value(std::string_view(text)) {}
  Value(Bytes bytes) : Value(Kind::kBytes, bytes.data) {}
  // NOLINTEND(google-explicit-constructor)

  Kind kind() const { return kind_; }
  /// 0 unless the kind is kInteger.
  std::int64_t integer() const { return kind_ == Kind::kInteger ? payload_.integer : 0; }
  /// Empty unless the kind is kText or kBytes.
  std::string_view text() const {
    return kind_ == Kind::kText || kind_ == Kind::kBytes ? std::string_view(payload_.text, size_)
                                                         : std::string_view();
  }

 private:
  Value(Kind kind, std::string_view text)
      : kind_(kind), size_(static_cast<std::uint32_t>(text.size())), payload_{.text = text.data()} {
    JARING_CHECK(text.size() <= UINT32_MAX);
  }

  // Sixteen bytes: a set of payments holds a million of them.
  Kind kind_ = Kind::kNull;
  std::uint32_t size_ = 0;
  union Payload {
    std::int64_t integer;
    const char* text;
  };
  Payload payload_;
};

/// Rows of parameters, row after row, all of one width.
class ValueRows {
 public:
  explicit ValueRows(std::size_t width) : width_(width) {}
  void Add(std::initializer_list<Value> row) {
    JARING_CHECK(row.size() == width_);
    values_.insert(values_.end(), row.begin(), row.end());
  }
  void Add(std::span<const Value> row) {
    JARING_CHECK(row.size() == width_);
    values_.insert(values_.end(), row.begin(), row.end());
  }
  /// Makes room: a set of many rows then grows without being moved.
  void Reserve(std::size_t rows) { values_.reserve(rows * width_); }
  void Clear() { values_.clear(); }
  std::size_t width() const { return width_; }
  std::size_t size() const { return values_.size() / width_; }
  bool empty() const { return values_.empty(); }
  std::span<const Value> row(std::size_t i) const {
    return std::span(values_).subspan(i * width_, width_);
  }

 private:
  std::size_t width_;
  std::vector<Value> values_;
};

/// One row of an answer; columns from 0. Views live until the callback returns.
class Row {
 public:
  virtual ~Row() = default;
  virtual bool IsNull(int column) const = 0;
  virtual std::int64_t Int(int column) const = 0;  // 0 for NULL.
  virtual std::string_view Text(int column) const = 0;
  virtual std::string_view Blob(int column) const = 0;
};

using RowFunction = std::function<void(const Row&)>;
using EachRowFunction = std::function<void(std::size_t index, const Row&)>;

/// Takes one row of parameters; what they borrow may go when it returns.
using RowSink = std::function<Result<Done>(std::span<const Value>)>;

/// One transaction. Statements are texts that live as long as the program (constants of *_sql.h):
/// they are prepared once per connection and found again by address.
///
/// Thread: one caller at a time.
/// Errors of every call: db.busy, db.disk_full, db.read_only, db.constraint, db.corrupt,
/// db.unavailable, db.failed.
class Tx {
 public:
  virtual ~Tx() = default;

  /// Runs one statement; returns the rows it changed.
  virtual Result<std::int64_t> Run(std::string_view sql, std::span<const Value> values) = 0;
  Result<std::int64_t> Run(std::string_view sql, std::initializer_list<Value> values = {}) {
    return Run(sql, std::span(values.begin(), values.size()));
  }

  virtual Result<Done> Query(std::string_view sql, std::span<const Value> values,
                             const RowFunction& on_row) = 0;
  Result<Done> Query(std::string_view sql, std::initializer_list<Value> values,
                     const RowFunction& on_row) {
    return Query(sql, std::span(values.begin(), values.size()), on_row);
  }

  /// Runs a SELECT once for each row of `keys`; `on_row` gets the place of the key. Answers come in
  /// the order of the keys. Fastest when keys are in the order of the table.
  virtual Result<Done> QueryEach(std::string_view sql, const ValueRows& keys,
                                 const EachRowFunction& on_row) = 0;

  /// Runs one INSERT or UPDATE for each row of `rows`; returns the rows changed.
  ///
  /// An INSERT has the plain form `INSERT INTO t (a, b) VALUES ($1, $2)`, each parameter once and
  /// in order, with or without ON CONFLICT (no key twice in one set); an UPDATE the form
  /// `UPDATE t SET … WHERE …`. These are the forms PostgreSQL can be handed as a set.
  virtual Result<std::int64_t> RunEach(std::string_view sql, const ValueRows& rows) = 0;

  /// Runs one plain INSERT, as RunEach has it, for every row that `give` hands to the sink it gets;
  /// returns the rows written. Rows are gone once written: memory does not grow with their number.
  /// `give` uses another transaction than this one.
  virtual Result<std::int64_t> RunStream(
      std::string_view sql, const std::function<Result<Done>(const RowSink&)>& give) = 0;

  /// Runs several statements separated by ';', without parameters: migrations, pragmas.
  virtual Result<Done> RunScript(std::string_view script) = 0;

  virtual Result<bool> HasTable(std::string_view name) = 0;

  /// In a write transaction: a number by which two of them differ by one when nothing but the first
  /// was committed between their beginnings, and by more otherwise. Nothing where the engine cannot
  /// tell: on PostgreSQL others write at the same time.
  virtual Result<std::optional<std::int64_t>> CountCommits() {
    return std::optional<std::int64_t>();
  }
};

/// Held until it is destroyed, or the program ends in whatever way.
class HeldLock {
 public:
  virtual ~HeldLock() = default;
};

/// May this database be written? Not while it is being moved, nor afterwards.
///
/// Errors: db.closed (it is being moved; it can be read), db.moved (the data lives elsewhere),
/// db.unfinished (a copy that is not complete), and those of Tx.
Result<Done> CheckOpenForWriting(Tx& tx);

/// Where the data is. Many readers beside one writer; both kinds of work get a Tx.
///
/// Thread: any number of callers.
class Database {
 public:
  enum class Engine : std::uint8_t { kSqlite, kPostgres };
  enum class Open : std::uint8_t { kMustExist, kMayCreate };

  /// `address` is "sqlite:FILE" or "postgresql://…".
  ///
  /// Errors: db.address_malformed, db.missing, db.unavailable, db.read_only, db.not_a_database.
  static Result<std::unique_ptr<Database>> Connect(const std::string& address, Open open);

  virtual ~Database() = default;
  virtual Engine engine() const = 0;

  /// Runs `work` in the one write transaction there is, then commits; rolls back when it returns an
  /// error. When this returns a value it is on the disk.
  ///
  /// Errors: those of CheckOpenForWriting, of `work` and Tx; db.outcome_unknown when the connection
  /// was lost during the commit: it may be on the disk or not, and whoever does it again must find
  /// out which. After any other error nothing was done.
  Result<Done> Write(const std::function<Result<Done>(Tx&)>& work);

  /// The same on a database that is closed for writing: for what closes, fills and opens it.
  virtual Result<Done> WriteAnyway(const std::function<Result<Done>(Tx&)>& work) = 0;

  /// Runs `work` on one snapshot; it sees what was committed before it began.
  virtual Result<Done> Read(const std::function<Result<Done>(Tx&)>& work) = 0;

  /// Keeps others from doing what only one may do at a time; nothing when somebody is at it. Those
  /// who do not ask are not held up. `name`: lower-case letters.
  ///
  /// Errors: db.unavailable.
  virtual Result<std::unique_ptr<HeldLock>> TryLock(std::string_view name) = 0;

  /// From now on a change in which nothing is asked of the database for so long is undone, and its
  /// place given to others: for servers, which may be stopped in the middle of it. SQLite needs no
  /// such limit: its writers are on one machine. Not to be called beside Write.
  virtual void LimitIdleWrites(std::chrono::seconds /*longest*/) {}
};

}  // namespace jaring
