#include "registry/look_alike.h"

#include <limits>

#include "registry/registry_sql.h"

namespace jaring {

Result<std::vector<LookAlikes>> ListLookAlikes(Tx& tx, std::int64_t limit) {
  return ListLookAlikesBefore(tx, std::numeric_limits<std::int64_t>::max(), limit);
}

Result<std::vector<LookAlikes>> ListLookAlikesBefore(Tx& tx, std::int64_t before,
                                                     std::int64_t limit) {
  std::vector<LookAlikes> all;
  ValueRows keys(1);
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kPageSuspectedDuplicates, {before, limit}, [&](const Row& row) {
        all.push_back({.person_id = row.Int(0), .other_person_id = row.Int(1), .name = {}});
        keys.Add({row.Int(0)});
      }));
  JARING_RETURN_IF_ERROR(
      tx.QueryEach(sql::kFindNameAndVillage, keys, [&](std::size_t i, const Row& row) {
        all[i].name = std::string(row.Text(0));
        all[i].village_code = row.Int(1);
      }));
  return all;
}

}  // namespace jaring
