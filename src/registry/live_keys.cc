#include "registry/live_keys.h"

#include "registry/registry_sql.h"
#include "registry/seal_sql.h"

namespace jaring {

Result<LiveKeys> FindLiveKeys(Tx& tx, const Sealer& sealer) {
  std::vector<int> versions;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListLiveKeys, {}, [&](const Row& row) {
    versions.push_back(static_cast<int>(row.Int(0)));
  }));
  if (versions.empty()) {
    return NotFound("agency.missing");
  }
  JARING_RETURN_IF_ERROR(sealer.Use(versions.front()));
  for (std::size_t i = 1; i < versions.size(); ++i) {
    JARING_RETURN_IF_ERROR(sealer.Know(versions[i]));
  }
  LiveKeys keys{.current = versions.front(), .older = {}};
  keys.older.assign(versions.begin() + 1, versions.end());
  return keys;
}

std::vector<SealedBlock> SealWithEach(const Sealer& sealer, const LiveKeys& keys,
                                      std::string_view digits) {
  std::vector<SealedBlock> blocks = {sealer.Seal(digits, keys.current)};
  for (const int version : keys.older) {
    blocks.push_back(sealer.Seal(digits, version));
  }
  return blocks;
}

Result<Done> FindPeopleByNik(Tx& tx, const Sealer& sealer, const LiveKeys& keys,
                             std::span<const SealedBlock> niks,
                             const std::function<void(std::size_t, std::int64_t)>& on_found) {
  std::vector<bool> found(niks.size());
  ValueRows rows(1);
  for (const SealedBlock& nik : niks) {
    rows.Add({Bytes{View(nik)}});
  }
  JARING_RETURN_IF_ERROR(
      tx.QueryEach(sql::kFindPersonByNik, rows, [&](std::size_t i, const Row& row) {
        found[i] = true;
        on_found(i, row.Int(0));
      }));
  for (const int version : keys.older) {
    std::vector<SealedBlock> blocks;  // Of who is not found yet.
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < niks.size(); ++i) {
      if (!found[i]) {
        JARING_ASSIGN_OR_RETURN(const SealedBlock block, sealer.Reseal(niks[i], version));
        blocks.push_back(block);
        places.push_back(i);
      }
    }
    rows.Clear();
    for (const SealedBlock& block : blocks) {
      rows.Add({Bytes{View(block)}});
    }
    JARING_RETURN_IF_ERROR(
        tx.QueryEach(sql::kFindPersonByNik, rows, [&](std::size_t k, const Row& row) {
          found[places[k]] = true;
          on_found(places[k], row.Int(0));
        }));
  }
  return Done{};
}

}  // namespace jaring
