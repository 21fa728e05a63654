#include "registry/agency.h"

#include <algorithm>
#include <optional>

#include "db/migrate.h"
#include "registry/region_files.h"
#include "registry/registry_sql.h"

namespace jaring {
namespace {

/// Sealed when the agency is made; sealing it again with the right key gives the same block.
constexpr std::string_view kKeyCheckText = "jaring key check";

struct AgencyRow {
  std::string scheme;
  bool is_demo = false;
  std::string key_check;
};

Result<std::optional<AgencyRow>> FindAgency(Tx& tx) {
  std::optional<AgencyRow> found;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindAgency, {}, [&](const Row& row) {
    found = AgencyRow{std::string(row.Text(0)), row.Int(1) == 1, std::string(row.Blob(2))};
  }));
  return found;
}

Result<Done> CheckSame(const AgencyRow& row, const Scheme& scheme, const Sealer& sealer) {
  if (row.scheme != scheme.code) {
    return Conflict("agency.other_scheme", row.scheme);
  }
  if (row.key_check != View(sealer.Seal(kKeyCheckText))) {
    return Conflict("agency.wrong_key");
  }
  return Done{};
}

Result<Done> InsertRegions(Tx& tx, const std::filesystem::path& folder) {
  JARING_ASSIGN_OR_RETURN(auto regions, ReadRegionFiles(folder));
  std::sort(regions.begin(), regions.end(),
            [](const RegionRow& a, const RegionRow& b) { return a.code < b.code; });
  ValueRows rows(3);
  for (const RegionRow& region : regions) {
    rows.Add(
        {region.code, region.parent_code == 0 ? Value() : Value(region.parent_code), region.name});
  }
  JARING_RETURN_IF_ERROR(tx.RunEach(sql::kInsertRegion, rows));
  return Done{};
}

Result<Done> InsertBranches(Tx& tx, const std::filesystem::path& file) {
  JARING_ASSIGN_OR_RETURN(const auto branches, ReadBranchFile(file));
  std::int64_t branch_id = 0;
  for (const BranchRow& branch : branches) {
    ++branch_id;
    JARING_RETURN_IF_ERROR(tx.Run(sql::kInsertBranch, {branch_id, branch.code, branch.name}));
    for (const std::int64_t regency : branch.regency_codes) {
      JARING_RETURN_IF_ERROR(tx.Run(sql::kInsertBranchRegency, {regency, branch_id}));
    }
  }
  return Done{};
}

}  // namespace

Result<Done> CreateAgency(Tx& tx, const Agency& agency, const AgencyFiles& files, Instant now) {
  JARING_RETURN_IF_ERROR(Migrate(tx, files.migrations));
  JARING_ASSIGN_OR_RETURN(const auto existing, FindAgency(tx));
  if (existing) {
    if (existing->is_demo != agency.is_demo) {
      return Conflict("agency.other_kind");
    }
    return CheckSame(*existing, agency.scheme, agency.sealer);
  }
  const SealedBlock key_check = agency.sealer.Seal(kKeyCheckText);
  JARING_RETURN_IF_ERROR(
      tx.Run(sql::kInsertAgency,
             {agency.scheme.code, now.micros(), agency.is_demo ? 1 : 0, Bytes{View(key_check)}}));
  JARING_RETURN_IF_ERROR(InsertRegions(tx, files.regions));
  return InsertBranches(tx, files.branches);
}

Result<bool> CheckAgency(Tx& tx, const Scheme& scheme, const Sealer& sealer) {
  const auto row = FindAgency(tx);
  if (!row && row.error().rule != "db.failed") {
    return row.error();  // The database is away, busy or damaged, not empty.
  }
  if (!row || !*row) {
    return NotFound("agency.missing", row ? "" : row.error().detail);
  }
  JARING_RETURN_IF_ERROR(CheckSame(**row, scheme, sealer));
  return (*row)->is_demo;
}

}  // namespace jaring
