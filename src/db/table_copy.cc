#include "db/table_copy.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "db/copy_sql.h"

namespace jaring {
namespace {

// What is read in one go and written in one transaction: some megabytes.
constexpr std::int64_t kBytesAtOnce = std::int64_t{8} << 20U;
constexpr std::int64_t kMostRowsAtOnce = 50'000;
constexpr std::int64_t kValueBytes = 8;  // Of a value itself; texts come on top.

Result<Value::Kind> KindOf(std::string_view type) {
  if (type == "BIGINT" || type == "INTEGER") {
    return Value::Kind::kInteger;
  }
  if (type == "TEXT") {
    return Value::Kind::kText;
  }
  if (type == "BYTEA") {
    return Value::Kind::kBytes;
  }
  return Internal("db.failed", "a column of type " + std::string(type) + " cannot be copied");
}

std::string ColumnList(const TableShape& shape) {
  std::string list;
  for (const auto& column : shape.columns) {
    list += (list.empty() ? "" : ", ") + column.name;
  }
  return list;
}

std::string InsertText(const TableShape& shape) {
  std::string places;
  for (std::size_t i = 1; i <= shape.columns.size(); ++i) {
    places += (i == 1 ? "$" : ", $") + std::to_string(i);
  }
  return "INSERT INTO " + shape.name + " (" + ColumnList(shape) + ") VALUES (" + places + ")";
}

/// "(a, b)", or "a" alone.
std::string InBrackets(const std::string& list, std::size_t count) {
  return count == 1 ? list : "(" + list + ")";
}

/// The next rows in the order of the key: all parameters are parts of the key, the last is how
/// many.
std::string NextRowsText(const TableShape& shape, const TableWalk& walk) {
  std::string key;
  std::string places;
  for (std::size_t i = 0; i < shape.key.size(); ++i) {
    key += (i == 0 ? "" : ", ") + shape.columns[shape.key[i]].name;
    places += (i == 0 ? "$" : ", $") + std::to_string(i + 1);
  }
  std::string text = "SELECT " + ColumnList(shape) + " FROM " + shape.name;
  if (!walk.key.is_start()) {
    text += " WHERE " + InBrackets(key, shape.key.size()) + " > " +
            InBrackets(places, shape.key.size());
  }
  return text + " ORDER BY " + key + " LIMIT $" + std::to_string(walk.key.parts.size() + 1);
}

Value ValueOf(const RowKey::Part& part) {
  switch (part.kind) {
    case Value::Kind::kNull:
      return {};
    case Value::Kind::kInteger:
      return part.integer;
    case Value::Kind::kText:
      return std::string_view(part.text);
    case Value::Kind::kBytes:
      return Bytes{part.text};
  }
  JARING_CHECK(false);
}

Value ValueOf(const Row& row, int column, Value::Kind kind) {
  if (row.IsNull(column)) {
    return {};
  }
  switch (kind) {
    case Value::Kind::kInteger:
      return row.Int(column);
    case Value::Kind::kText:
      return row.Text(column);
    case Value::Kind::kBytes:
    case Value::Kind::kNull:
      break;
  }
  return Bytes{row.Blob(column)};
}

void SetKey(const TableShape& shape, std::span<const Value> row, RowKey& key) {
  key.parts.resize(shape.key.size());
  for (std::size_t i = 0; i < shape.key.size(); ++i) {
    const Value& value = row[shape.key[i]];
    key.parts[i].kind = value.kind();
    key.parts[i].integer = value.integer();
    key.parts[i].text = value.text();
  }
}

/// Sums up rows.
class RowSummer {
 public:
  void Add(std::span<const Value> row) {
    bytes_.clear();
    for (const Value& value : row) {
      // Kind and length first: no two rows are written alike.
      const std::int64_t number = value.kind() == Value::Kind::kInteger
                                      ? value.integer()
                                      : static_cast<std::int64_t>(value.text().size());
      bytes_ += static_cast<char>(value.kind());
      bytes_.append(reinterpret_cast<const char*>(&number), sizeof(number));
      bytes_ += value.text();
    }
    std::array<std::uint64_t, 2> hash = {};
    static_assert(sizeof(hash) == crypto_shorthash_siphashx24_BYTES);
    crypto_shorthash_siphashx24(reinterpret_cast<unsigned char*>(hash.data()),
                                reinterpret_cast<const unsigned char*>(bytes_.data()),
                                bytes_.size(), kKey.data());
    sums_[0] += hash[0];
    sums_[1] += hash[1];
  }

  std::string Hex() const {
    return ToHex({reinterpret_cast<const char*>(sums_.data()), sizeof(sums_)});
  }

 private:
  // Against mishaps, not against somebody who can write at both ends: no secret.
  static constexpr std::array<unsigned char, crypto_shorthash_siphashx24_KEYBYTES> kKey = {
      'j', 'a', 'r', 'i', 'n', 'g', ' ', 'r', 'o', 'w', 's'};

  std::string bytes_;
  std::array<std::uint64_t, 2> sums_ = {};
};

/// Parents first; tables that refer to each other in a ring keep the order they were made in.
void SortByReferences(std::vector<TableShape>& shapes,
                      const std::set<std::pair<std::string, std::string>>& references) {
  std::vector<TableShape> sorted;
  while (!shapes.empty()) {
    const auto is_free = [&](const TableShape& shape) {
      return std::none_of(shapes.begin(), shapes.end(), [&](const TableShape& other) {
        return other.name != shape.name && references.contains({shape.name, other.name});
      });
    };
    auto next = std::find_if(shapes.begin(), shapes.end(), is_free);
    next = next == shapes.end() ? shapes.begin() : next;
    sorted.push_back(std::move(*next));
    shapes.erase(next);
  }
  shapes = std::move(sorted);
}

}  // namespace

std::string RowKey::Text() const {
  std::string text;
  for (const Part& part : parts) {
    text += text.empty() ? "" : " ";
    switch (part.kind) {
      case Value::Kind::kNull:
        JARING_CHECK(false);  // No key has one.
      case Value::Kind::kInteger:
        text += "i" + std::to_string(part.integer);
        break;
      case Value::Kind::kText:
        text += "t" + ToHex(part.text);
        break;
      case Value::Kind::kBytes:
        text += "b" + ToHex(part.text);
        break;
    }
  }
  return text;
}

Result<RowKey> RowKey::Parse(std::string_view text) {
  RowKey key;
  for (const std::string_view word : Split(text, ' ')) {
    const char kind = word.empty() ? '?' : word.front();
    const auto integer = ParseInteger(word.substr(word.empty() ? 0 : 1));
    const auto bytes = FromHex(word.substr(word.empty() ? 0 : 1));
    if (kind == 'i' && integer) {
      key.parts.push_back({Value::Kind::kInteger, *integer, ""});
    } else if ((kind == 't' || kind == 'b') && bytes) {
      key.parts.push_back({kind == 't' ? Value::Kind::kText : Value::Kind::kBytes, 0, *bytes});
    } else {
      return Internal("db.failed", "how far the copy is cannot be read");
    }
  }
  return key;
}

Result<std::vector<TableShape>> ReadShapes(Tx& sqlite) {
  std::vector<TableShape> shapes;
  Result<Done> outcome = Done{};
  const auto add_column = [&](const Row& row) {
    if (shapes.empty() || shapes.back().name != row.Text(0)) {
      shapes.push_back({.name = std::string(row.Text(0))});
    }
    TableShape& shape = shapes.back();
    const auto kind = KindOf(row.Text(2));
    if (!kind) {
      outcome = kind.error();
      return;
    }
    if (const auto place = static_cast<std::size_t>(row.Int(3)); place > 0) {
      shape.key.resize(std::max(shape.key.size(), place));
      shape.key[place - 1] = shape.columns.size();
    }
    shape.columns.push_back({std::string(row.Text(1)), *kind});
  };
  JARING_RETURN_IF_ERROR(sqlite.Query(sql::kSqliteColumns, {}, add_column));
  if (!outcome) {
    return outcome.error();
  }
  for (const TableShape& shape : shapes) {
    if (shape.key.empty()) {
      return Internal("db.failed", "table " + shape.name + " has no primary key");
    }
  }
  JARING_RETURN_IF_ERROR(sqlite.Query(sql::kSqliteIndexes, {}, [&](const Row& row) {
    const auto shape = std::find_if(shapes.begin(), shapes.end(),
                                    [&](const TableShape& s) { return s.name == row.Text(0); });
    JARING_CHECK(shape != shapes.end());
    shape->indexes.push_back({std::string(row.Text(1)), std::string(row.Text(2))});
  }));
  std::set<std::pair<std::string, std::string>> references;
  JARING_RETURN_IF_ERROR(sqlite.Query(sql::kSqliteReferences, {}, [&](const Row& row) {
    references.insert({std::string(row.Text(0)), std::string(row.Text(1))});
  }));
  SortByReferences(shapes, references);
  return shapes;
}

Result<Done> TableCopy::PrepareWalk(Tx& of, Database::Engine engine) {
  return engine == Database::Engine::kPostgres ? of.RunScript(sql::kPostgresWalk)
                                               : Result<Done>(Done{});
}

Result<Done> TableCopy::Empty(Tx& to) {
  for (auto shape = shapes_.rbegin(); shape != shapes_.rend(); ++shape) {
    JARING_RETURN_IF_ERROR(to.Run(Keep("DELETE FROM " + shape->name)));
    for (const TableShape::Index& index : shape->indexes) {
      JARING_RETURN_IF_ERROR(to.Run(Keep("DROP INDEX " + index.name)));
    }
  }
  return Done{};
}

Result<Done> TableCopy::MakeIndexes(const TableShape& shape, Tx& to) {
  for (const TableShape::Index& index : shape.indexes) {
    JARING_RETURN_IF_ERROR(to.Run(Keep(index.text)));
  }
  return Done{};
}

Result<std::int64_t> TableCopy::Step(const TableShape& shape, Tx& of, TableWalk& walk,
                                     const OnRow& on_row) {
  std::vector<Value> place;
  const RowKey after = walk.key;
  for (const RowKey::Part& part : after.parts) {
    place.push_back(ValueOf(part));
  }
  place.emplace_back(walk.rows_at_once);
  std::vector<Value> values(shape.columns.size());
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  Result<Done> outcome = Done{};
  const auto take = [&](const Row& row) {
    if (!outcome) {
      return;
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = ValueOf(row, static_cast<int>(i), shape.columns[i].kind);
      bytes += kValueBytes + static_cast<std::int64_t>(values[i].text().size());
    }
    SetKey(shape, values, walk.key);
    ++rows;
    outcome = on_row(values);
  };
  JARING_RETURN_IF_ERROR(of.Query(Keep(NextRowsText(shape, {after})), place, take));
  if (!outcome) {
    return outcome.error();
  }
  if (rows > 0) {
    walk.rows_at_once = std::clamp(kBytesAtOnce / (bytes / rows), std::int64_t{1}, kMostRowsAtOnce);
  }
  return rows;
}

Result<std::int64_t> TableCopy::CopySome(const TableShape& shape, Tx& from, Tx& to,
                                         TableWalk& walk) {
  std::int64_t read = 0;
  const std::string_view insert = Keep(InsertText(shape));
  const auto give = [&](const RowSink& sink) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(read, Step(shape, from, walk, sink));
    return Done{};
  };
  JARING_ASSIGN_OR_RETURN(const std::int64_t written, to.RunStream(insert, give));
  JARING_CHECK(written == read);
  return read;
}

Result<Done> TableCopy::Fill(Tx& from, Tx& to) {
  for (const TableShape& shape : shapes_) {
    TableWalk walk;
    std::int64_t rows = 1;
    while (rows > 0) {
      JARING_ASSIGN_OR_RETURN(rows, CopySome(shape, from, to, walk));
    }
    JARING_RETURN_IF_ERROR(MakeIndexes(shape, to));
  }
  return Done{};
}

Result<std::int64_t> TableCopy::CountTable(const TableShape& shape, Tx& of) {
  std::int64_t rows = 0;
  JARING_RETURN_IF_ERROR(of.Query(Keep("SELECT count(*) FROM " + shape.name), {},
                                  [&](const Row& row) { rows = row.Int(0); }));
  return rows;
}

Result<std::vector<TableRows>> TableCopy::Count(Tx& of) {
  std::vector<TableRows> counts;
  for (const TableShape& shape : shapes_) {
    JARING_ASSIGN_OR_RETURN(const std::int64_t rows, CountTable(shape, of));
    counts.push_back({shape.name, rows});
  }
  return counts;
}

Result<TableSum> TableCopy::Sum(const TableShape& shape, Tx& of) {
  RowSummer summer;
  TableWalk walk;
  std::int64_t rows = 1;
  TableSum sum{shape.name, 0, ""};
  while (rows > 0) {
    JARING_ASSIGN_OR_RETURN(rows, Step(shape, of, walk, [&](std::span<const Value> row) {
                              summer.Add(row);
                              return Result<Done>(Done{});
                            }));
    sum.rows += rows;
  }
  sum.sum = summer.Hex();
  // Asked the engine itself: a walk that passes rows over must not agree with another that does.
  JARING_ASSIGN_OR_RETURN(const std::int64_t counted, CountTable(shape, of));
  if (counted != sum.rows) {
    return Internal("db.copy_differs", shape.name);
  }
  return sum;
}

}  // namespace jaring
