#include "bench/reference/raw_sqlite.h"

#include <cstdio>
#include <cstdlib>

namespace jaring::bench {

void Fail(const std::string& what) {
  std::fprintf(stderr, "bench: %s\n", what.c_str());
  std::exit(1);
}

RawStatement::RawStatement(sqlite3* db, const char* sql) {
  if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle_, nullptr) != SQLITE_OK) {
    Fail(sqlite3_errmsg(db));
  }
}

void RawStatement::BindRow(const RawRows& rows, std::size_t row) {
  for (std::size_t column = 0; column < rows.width; ++column) {
    const RawValue& value = rows.at(row, column);
    const int place = static_cast<int>(column) + 1;
    const char* text = rows.texts.data() + value.integer;
    switch (value.type) {
      case SQLITE_INTEGER:
        sqlite3_bind_int64(handle_, place, value.integer);
        break;
      case SQLITE_TEXT:
        sqlite3_bind_text(handle_, place, text, static_cast<int>(value.size), SQLITE_STATIC);
        break;
      case SQLITE_BLOB:
        sqlite3_bind_blob(handle_, place, text, static_cast<int>(value.size), SQLITE_STATIC);
        break;
      default:
        sqlite3_bind_null(handle_, place);
    }
  }
}

void RawStatement::Run() {
  if (sqlite3_step(handle_) != SQLITE_DONE) {
    Fail(sqlite3_errmsg(sqlite3_db_handle(handle_)));
  }
  sqlite3_reset(handle_);
}

bool RawStatement::Step() {
  const int code = sqlite3_step(handle_);
  if (code != SQLITE_ROW && code != SQLITE_DONE) {
    Fail(sqlite3_errmsg(sqlite3_db_handle(handle_)));
  }
  return code == SQLITE_ROW;
}

std::string RawStatement::Text(int column) {
  const auto* text = static_cast<const char*>(sqlite3_column_blob(handle_, column));
  return {text == nullptr ? "" : text,
          static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

RawDatabase::RawDatabase(const std::string& file) {
  if (sqlite3_open_v2(file.c_str(), &db_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr) !=
      SQLITE_OK) {
    Fail("cannot open " + file);
  }
  Run("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;"
      "PRAGMA wal_autocheckpoint = 8000; PRAGMA cache_size = -98304; PRAGMA journal_mode = WAL;");
}

RawDatabase::~RawDatabase() {
  sqlite3_close(db_);
}

void RawDatabase::Run(const char* sql) {
  char* message = nullptr;
  if (sqlite3_exec(db_, sql, nullptr, nullptr, &message) != SQLITE_OK) {
    Fail(message);
  }
}

RawRows RawDatabase::Read(const char* sql, std::int64_t from) {
  RawStatement statement(db_, sql);
  if (sqlite3_bind_parameter_count(statement.handle()) > 0) {
    statement.Bind(1, from);
  }
  return statement.Fetch(SIZE_MAX);
}

RawRows RawStatement::Fetch(std::size_t most) {
  RawRows rows;
  rows.width = static_cast<std::size_t>(sqlite3_column_count(handle_));
  while (rows.size() < most && Step()) {
    for (int column = 0; column < static_cast<int>(rows.width); ++column) {
      RawValue value;
      value.type = static_cast<std::uint8_t>(sqlite3_column_type(handle_, column));
      if (value.type == SQLITE_INTEGER) {
        value.integer = Int(column);
      } else if (value.type != SQLITE_NULL) {
        const std::string text = Text(column);
        value.integer = static_cast<std::int64_t>(rows.texts.size());
        value.size = static_cast<std::uint32_t>(text.size());
        rows.texts += text;
      }
      rows.values.push_back(value);
    }
  }
  return rows;
}

std::int64_t RawDatabase::ReadNumber(const char* sql) {
  RawStatement statement(db_, sql);
  return statement.Step() ? statement.Int(0) : 0;
}

}  // namespace jaring::bench
