// The bare loop for work that writes many tables: every row of DONE that BEFORE, a copy of the
// database as it was, does not have yet is written into BEFORE.
//
// usage: bench_rows_sqlite DONE BEFORE PEOPLE_PER_TRANSACTION TABLE…
//        →  {"rows":…,"transactions":…,"seconds":…}
//
// All rows are in memory beforehand. Tables with a person_id are written person by person in key
// order, so many people a transaction; the others once, in the last. Nothing is looked up, checked
// or worked out. Timed from the first BEGIN to the end of closing the database.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "bench/reference/raw_sqlite.h"

namespace jaring::bench {
namespace {

struct Table {
  std::string name;
  std::vector<std::string> columns;
  std::vector<std::string> key;  // Of the primary key, in its order.
  int person = -1;               // Place of person_id among the columns.
  RawRows rows;                  // By person, then by key.
};

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : ", ") + word;
  }
  return text;
}

Table Describe(RawDatabase& db, const std::string& name) {
  Table table{.name = name, .columns = {}, .key = {}, .rows = {}};
  RawStatement info(
      db.handle(), ("SELECT name, pk FROM pragma_table_info('" + name + "') ORDER BY cid").c_str());
  std::vector<std::pair<std::int64_t, std::string>> key;
  while (info.Step()) {
    table.columns.push_back(info.Text(0));
    if (table.columns.back() == "person_id") {
      table.person = static_cast<int>(table.columns.size()) - 1;
    }
    if (info.Int(1) > 0) {
      key.emplace_back(info.Int(1), table.columns.back());
    }
  }
  std::sort(key.begin(), key.end());
  for (const auto& [place, column] : key) {
    table.key.push_back(column);
  }
  if (table.key.empty()) {
    Fail("no table with a primary key: " + name);
  }
  return table;
}

/// The rows that are new or changed.
void Load(RawDatabase& done, Table& table) {
  const std::string columns = Joined(table.columns);
  const std::string order = table.person >= 0 ? "person_id, " : "";
  table.rows = done.Read(("SELECT " + columns + " FROM (SELECT " + columns + " FROM main." +
                          table.name + " EXCEPT SELECT " + columns + " FROM was." + table.name +
                          ") ORDER BY " + order + Joined(table.key))
                             .c_str(),
                         0);
}

/// A row is added, or changed in its place.
std::string WriteSql(const Table& table) {
  std::vector<std::string> values;
  std::vector<std::string> changes;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    values.push_back("?" + std::to_string(i + 1));
    const std::string& column = table.columns[i];
    if (std::find(table.key.begin(), table.key.end(), column) == table.key.end()) {
      changes.push_back(column + " = excluded." + column);
    }
  }
  return "INSERT INTO " + table.name + " VALUES (" + Joined(values) + ") ON CONFLICT (" +
         Joined(table.key) + ") DO " +
         (changes.empty() ? "NOTHING" : "UPDATE SET " + Joined(changes));
}

/// A table on its way into the database.
struct Writing {
  const Table& table;
  RawStatement statement;
  std::size_t next = 0;

  Writing(RawDatabase& db, const Table& from)
      : table(from), statement(db.handle(), WriteSql(from).c_str()) {}

  std::int64_t person() const {
    return next < table.rows.size()
               ? table.rows.at(next, static_cast<std::size_t>(table.person)).integer
               : INT64_MAX;
  }
  void WriteOne() {
    statement.BindRow(table.rows, next++);
    statement.Run();
  }
};

std::int64_t NextPerson(const std::vector<std::unique_ptr<Writing>>& writings) {
  std::int64_t person = INT64_MAX;
  for (const auto& writing : writings) {
    person = std::min(person, writing->person());
  }
  return person;
}

std::int64_t WriteAll(RawDatabase& db, const std::vector<Table>& tables, std::int64_t per_step) {
  std::vector<std::unique_ptr<Writing>> by_person;
  std::vector<std::unique_ptr<Writing>> others;
  for (const Table& table : tables) {
    (table.person >= 0 ? by_person : others).push_back(std::make_unique<Writing>(db, table));
  }
  std::int64_t transactions = 0;
  db.Run("BEGIN IMMEDIATE");
  for (std::int64_t person = NextPerson(by_person), n = 0; person != INT64_MAX;
       person = NextPerson(by_person)) {
    for (const auto& writing : by_person) {
      while (writing->person() == person) {
        writing->WriteOne();
      }
    }
    if (++n % per_step == 0) {
      db.Run("COMMIT; BEGIN IMMEDIATE");
      ++transactions;
    }
  }
  for (const auto& writing : others) {
    while (writing->next < writing->table.rows.size()) {
      writing->WriteOne();
    }
  }
  db.Run("COMMIT");
  return transactions + 1;
}

int Main(int count, char** arguments) {
  std::vector<Table> tables;
  std::int64_t rows = 0;
  {
    RawDatabase done(arguments[1]);
    done.Run(("ATTACH '" + std::string(arguments[2]) + "' AS was").c_str());
    for (int i = 4; i < count; ++i) {
      tables.push_back(Describe(done, arguments[i]));
      Load(done, tables.back());
      rows += static_cast<std::int64_t>(tables.back().rows.size());
    }
  }
  const Watch watch;
  std::int64_t transactions = 0;
  {
    RawDatabase before(arguments[2]);
    transactions = WriteAll(before, tables, std::atoll(arguments[3]));
  }
  std::printf("{\"rows\":%lld,\"transactions\":%lld,\"seconds\":%.6f}\n",
              static_cast<long long>(rows), static_cast<long long>(transactions), watch.seconds());
  return 0;
}

}  // namespace
}  // namespace jaring::bench

int main(int count, char** arguments) {
  if (count < 5) {
    std::fprintf(stderr, "usage: bench_rows_sqlite DONE BEFORE PEOPLE_PER_TRANSACTION TABLE…\n");
    return 2;
  }
  return jaring::bench::Main(count, arguments);
}
