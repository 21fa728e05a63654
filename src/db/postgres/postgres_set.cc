#include "db/postgres/postgres_set.h"

#include "base/text.h"

namespace jaring {
namespace {

constexpr Oid kByteaOid = 17;
constexpr Oid kBigintOid = 20;
constexpr Oid kTextOid = 25;

std::string_view TypeName(Oid type) {
  switch (type) {
    case kByteaOid:
      return "bytea";
    case kBigintOid:
      return "bigint";
    default:
      JARING_CHECK(type == kTextOid);  // Migrations use BIGINT, TEXT and BYTEA only.
      return "text";
  }
}

/// unnest($1::bigint[], $2::text[])
std::string Unnest(const std::vector<Oid>& types) {
  std::string text = "unnest(";
  for (std::size_t i = 0; i < types.size(); ++i) {
    text += (i == 0 ? "$" : ", $") + std::to_string(i + 1) + "::";
    text += TypeName(types[i]);
    text += "[]";
  }
  return text + ")";
}

/// c1, c2, …
std::string Columns(std::size_t count, std::string_view before) {
  std::string text;
  for (std::size_t i = 1; i <= count; ++i) {
    text += i == 1 ? "" : ", ";
    text += before;
    text += "c" + std::to_string(i);
  }
  return text;
}

/// $1 becomes k.c1.
std::string WithColumns(std::string_view sql) {
  std::string text;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    const bool parameter = sql[i] == '$' && i + 1 < sql.size() && IsDigit(sql[i + 1]);
    text += parameter ? "k.c" : std::string(1, sql[i]);
  }
  return text;
}

void AppendHex(std::string_view bytes, std::string& out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 0xFU];
  }
}

void AppendInteger(std::int64_t integer, std::string& out) {
  out += std::to_string(integer);
}

void AppendArrayItem(const Value& value, std::string& out) {
  switch (value.kind()) {
    case Value::Kind::kNull:
      out += "NULL";
      break;
    case Value::Kind::kInteger:
      AppendInteger(value.integer(), out);
      break;
    case Value::Kind::kText:
      out += '"';
      for (const char c : value.text()) {
        if (c == '"' || c == '\\') {
          out += '\\';
        }
        out += c;
      }
      out += '"';
      break;
    case Value::Kind::kBytes:
      out += "\"\\\\x";
      AppendHex(value.text(), out);
      out += '"';
      break;
  }
}

void AppendCopyText(std::string_view text, std::string& out) {
  for (const char c : text) {
    switch (c) {
      case '\\':
        out += "\\\\";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        out += c;
    }
  }
}

}  // namespace

std::string SelectSetForm(std::string_view sql, const std::vector<Oid>& types) {
  const std::string keys = " FROM " + Unnest(types) + " WITH ORDINALITY AS k (" +
                           Columns(types.size(), "") + ", n) CROSS JOIN LATERAL (";
  const bool many = sql.find("LIMIT 1") == std::string_view::npos;
  if (!many || sql.find("ORDER BY") == std::string_view::npos) {
    return "SELECT k.n, q.*" + keys + WithColumns(sql) + ") AS q ORDER BY k.n";
  }
  // A sort by key alone need not keep the statement's own order within each key.
  return "SELECT k.n, q.*" + keys + "SELECT s.*, row_number() OVER () AS place FROM (" +
         WithColumns(sql) + ") AS s) AS q ORDER BY k.n, q.place";
}

std::string ChangeSetForm(std::string_view sql, const std::vector<Oid>& types) {
  const std::string set = " FROM " + Unnest(types) + " AS k (" + Columns(types.size(), "") + ") ";
  if (ToUpper(sql.substr(sql.find_first_not_of(" \n"), 6)) == "UPDATE") {
    const std::size_t where = sql.rfind("WHERE");
    JARING_CHECK(where != std::string_view::npos);
    return WithColumns(sql.substr(0, where)) + set + WithColumns(sql.substr(where));
  }
  const std::size_t values = sql.find("VALUES");
  const std::size_t conflict = sql.find("ON CONFLICT");
  JARING_CHECK(values != std::string_view::npos && conflict != std::string_view::npos);
  return std::string(sql.substr(0, values)) + "SELECT " + Columns(types.size(), "k.") + set +
         std::string(sql.substr(conflict));
}

std::string CopyForm(std::string_view sql) {
  constexpr std::string_view kInsert = "INSERT INTO ";
  const std::size_t insert = sql.find(kInsert);
  const std::size_t values = sql.find("VALUES");
  if (insert != sql.find_first_not_of(" \n") || values == std::string_view::npos ||
      sql.find("ON CONFLICT") != std::string_view::npos) {
    return "";
  }
  const std::size_t table = insert + kInsert.size();
  return "COPY " + std::string(sql.substr(table, values - table)) + " FROM STDIN";
}

std::string ArrayText(const ValueRows& rows, std::size_t column) {
  std::string text = "{";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    text += i == 0 ? "" : ",";
    AppendArrayItem(rows.row(i)[column], text);
  }
  return text + "}";
}

void AppendCopyRow(std::span<const Value> row, std::string& out) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    const Value& value = row[i];
    out += i == 0 ? "" : "\t";
    switch (value.kind()) {
      case Value::Kind::kNull:
        out += "\\N";
        break;
      case Value::Kind::kInteger:
        AppendInteger(value.integer(), out);
        break;
      case Value::Kind::kText:
        AppendCopyText(value.text(), out);
        break;
      case Value::Kind::kBytes:
        out += "\\\\x";
        AppendHex(value.text(), out);
        break;
    }
  }
  out += '\n';
}

}  // namespace jaring
