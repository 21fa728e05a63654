#include "registry/agency.h"

#include <algorithm>
#include <optional>

#include "db/migrate.h"
#include "registry/group.h"
#include "registry/key_rotation.h"
#include "registry/region_files.h"
#include "registry/registry_sql.h"

namespace jaring {
namespace {

struct AgencyRow {
  std::string scheme;
  bool is_demo = false;
};

Result<std::optional<AgencyRow>> FindAgency(Tx& tx) {
  std::optional<AgencyRow> found;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindAgency, {}, [&](const Row& row) {
    found = AgencyRow{std::string(row.Text(0)), row.Int(1) == 1};
  }));
  return found;
}

/// Without our tables the statement itself fails; every other trouble keeps its own name.
template <typename T>
Result<T> MissingTablesAreNoAgency(Result<T> answer) {
  return !answer && answer.error().rule == "db.failed" ? Result<T>(NotFound("agency.missing"))
                                                       : answer;
}

Result<Done> CheckSame(Tx& tx, const AgencyRow& row, const Scheme& scheme, const Sealer& sealer) {
  if (row.scheme != scheme.code) {
    return Conflict("agency.other_scheme", row.scheme);
  }
  return CheckSealKeys(tx, sealer);
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
    JARING_RETURN_IF_ERROR(CheckSame(tx, *existing, agency.scheme, agency.sealer));
    return CreateOwnDoors(tx);  // One made by an earlier version has none.
  }
  const int version = agency.sealer.newest();
  JARING_RETURN_IF_ERROR(agency.sealer.Use(version));
  JARING_RETURN_IF_ERROR(InsertSealKey(tx, agency.sealer, version, now));
  const SealedBlock key_check = agency.sealer.Seal(kKeyCheckText, /*version=*/1);
  JARING_RETURN_IF_ERROR(
      tx.Run(sql::kInsertAgency,
             {agency.scheme.code, now.micros(), agency.is_demo ? 1 : 0, Bytes{View(key_check)}}));
  JARING_RETURN_IF_ERROR(InsertRegions(tx, files.regions));
  JARING_RETURN_IF_ERROR(InsertBranches(tx, files.branches));
  return CreateOwnDoors(tx);
}

Result<bool> CheckAgency(Tx& tx, const Scheme& scheme, const Sealer& sealer) {
  JARING_ASSIGN_OR_RETURN(const auto row, MissingTablesAreNoAgency(FindAgency(tx)));
  if (!row) {
    return NotFound("agency.missing");
  }
  JARING_RETURN_IF_ERROR(CheckSame(tx, *row, scheme, sealer));
  return row->is_demo;
}

Result<Done> CheckAgencySchema(Tx& tx, const std::filesystem::path& migrations) {
  return MissingTablesAreNoAgency(CheckSchema(tx, migrations));
}

}  // namespace jaring
