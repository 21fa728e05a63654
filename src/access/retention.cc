#include "access/retention.h"

#include "access/retention_sql.h"
#include "base/check.h"

namespace jaring {
namespace {

struct Line {
  std::string_view what;
  std::string_view count_sql;
  std::string_view delete_sql;
};
constexpr std::array kLines = {
    Line{"answers", sql::kCountDueAnswers, sql::kDeleteDueAnswers},
    Line{"sessions", sql::kCountDueSessions, sql::kDeleteDueSessions},
    Line{"messages", sql::kCountDueMessages, sql::kDeleteDueMessages},
    Line{"nonces", sql::kCountDueNonces, sql::kDeleteDueNonces},
};

const Line* FindLine(std::string_view what) {
  for (const Line& line : kLines) {
    if (line.what == what) {
      return &line;
    }
  }
  return nullptr;
}

}  // namespace

bool IsDeletable(std::string_view what) {
  return FindLine(what) != nullptr;
}

Result<std::int64_t> CountDue(Tx& tx, std::string_view what, Instant cutoff) {
  const Line* line = FindLine(what);
  JARING_CHECK(line != nullptr);
  std::int64_t count = 0;
  JARING_RETURN_IF_ERROR(
      tx.Query(line->count_sql, {cutoff.micros()}, [&](const Row& row) { count = row.Int(0); }));
  return count;
}

Result<std::int64_t> DeleteDue(Tx& tx, std::string_view what, Instant cutoff, std::int64_t limit) {
  const Line* line = FindLine(what);
  JARING_CHECK(line != nullptr);
  return tx.Run(line->delete_sql, {cutoff.micros(), limit});
}

}  // namespace jaring
