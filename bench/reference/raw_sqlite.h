#pragma once

// What the bare loops share: SQLite with the settings of src/db/sqlite, and rows held in memory.
// Any error ends the program: these loops are a measure, not a product.

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace jaring::bench {

/// One value of a row; text and bytes are a range of RawRows::texts.
struct RawValue {
  std::int64_t integer = 0;
  std::uint32_t size = 0;
  std::uint8_t type = SQLITE_NULL;
};

/// Rows of one table as read, row after row.
struct RawRows {
  std::size_t width = 0;
  std::vector<RawValue> values;
  std::string texts;

  std::size_t size() const { return width == 0 ? 0 : values.size() / width; }
  const RawValue& at(std::size_t row, std::size_t column) const {
    return values[row * width + column];
  }
};

class RawStatement {
 public:
  RawStatement(sqlite3* db, const char* sql);
  RawStatement(const RawStatement&) = delete;
  RawStatement& operator=(const RawStatement&) = delete;
  ~RawStatement() { sqlite3_finalize(handle_); }

  void Bind(int place, std::int64_t integer) { sqlite3_bind_int64(handle_, place, integer); }
  void Bind(int place, const std::string& text) {
    sqlite3_bind_text(handle_, place, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
  }
  void BindBytes(int place, const std::string& bytes) {
    sqlite3_bind_blob(handle_, place, bytes.data(), static_cast<int>(bytes.size()), SQLITE_STATIC);
  }
  /// Binds a whole row to $1…
  void BindRow(const RawRows& rows, std::size_t row);
  /// Runs to the end and resets.
  void Run();
  /// True: a row is there.
  bool Step();
  void Reset() { sqlite3_reset(handle_); }
  /// The next rows, at most so many; fewer only at the end, after which it must not be asked again.
  RawRows Fetch(std::size_t most);
  std::int64_t Int(int column) { return sqlite3_column_int64(handle_, column); }
  bool IsNull(int column) { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }
  std::string Text(int column);
  sqlite3_stmt* handle() { return handle_; }

 private:
  sqlite3_stmt* handle_ = nullptr;
};

class RawDatabase {
 public:
  /// WAL, synchronous=FULL and the same cache and checkpoint settings as the program.
  explicit RawDatabase(const std::string& file);
  RawDatabase(const RawDatabase&) = delete;
  RawDatabase& operator=(const RawDatabase&) = delete;
  ~RawDatabase();

  sqlite3* handle() { return db_; }
  void Run(const char* sql);
  RawRows Read(const char* sql, std::int64_t from);
  std::int64_t ReadNumber(const char* sql);

 private:
  sqlite3* db_ = nullptr;
};

/// Seconds since it was made.
class Watch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

[[noreturn]] void Fail(const std::string& what);

}  // namespace jaring::bench
