#include "registry/look_alike.h"

#include "registry/registry_sql.h"

namespace jaring {

Result<std::vector<LookAlikes>> ListLookAlikes(Tx& tx, std::int64_t limit) {
  std::vector<LookAlikes> all;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListSuspectedDuplicates, {limit}, [&](const Row& row) {
    all.push_back({row.Int(0), row.Int(1), std::string(row.Text(2)), row.Int(3)});
  }));
  return all;
}

}  // namespace jaring
