#include "registry/agency.h"

#include <sys/stat.h>

#include "base/source_dir.h"
#include "registry/agency_fixture.h"
#include "registry/intake.h"
#include "registry/region_files.h"

namespace jaring {
namespace {

using AgencyRowTest = AgencyTest;
JARING_ON_EACH_ENGINE(AgencyRowTest);

TEST_P(AgencyRowTest, IsMadeOnceAndKnowsItsKeyAndScheme) {
  const auto rule = [&](const Agency& agency) {
    const auto made =
        db().Write([&](Tx& tx) { return CreateAgency(tx, agency, files_, Noon(D(20260101))); });
    return made ? "" : made.error().rule;
  };
  const auto check = [&](const Scheme& scheme, const Sealer& sealer) {
    std::string rule_id;
    (void)db().Read([&](Tx& tx) -> Result<Done> {
      const auto checked = CheckAgency(tx, scheme, sealer);
      rule_id = checked ? (*checked ? "demo" : "real") : checked.error().rule;
      return Done{};
    });
    return rule_id;
  };
  Scheme other = scheme_;
  other.code = "other";
  const Sealer wrong(std::string(Sealer::kKeyBytes, 'w'));
  EXPECT_EQ(rule(agency_), "");
  EXPECT_EQ(rule({other, sealer_, true}), "agency.other_scheme");
  EXPECT_EQ(rule({scheme_, wrong, true}), "agency.wrong_key");
  EXPECT_EQ(rule({scheme_, sealer_, false}), "agency.other_kind");
  EXPECT_EQ(check(scheme_, sealer_), "demo");
  EXPECT_EQ(check(other, sealer_), "agency.other_scheme");
  EXPECT_EQ(check(scheme_, wrong), "agency.wrong_key");
  scratch().Run("DELETE FROM agency");
  EXPECT_EQ(check(scheme_, sealer_), "agency.missing");
  scratch().Run("DROP TABLE agency");
  EXPECT_EQ(check(scheme_, sealer_), "agency.missing");
}

TEST_P(AgencyRowTest, HasItsRegionsAndBranches) {
  EXPECT_EQ(Number("SELECT COUNT(*) FROM region"), 15);
  EXPECT_EQ(Number("SELECT COUNT(*) FROM region WHERE parent_code IS NULL"), 3);
  EXPECT_EQ(Number("SELECT parent_code FROM region WHERE region_code = 3372011001"), 337201);
  EXPECT_EQ(Number("SELECT COUNT(*) FROM region WHERE name = 'Pajang, Barat'"), 1);
  Write([](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const auto served, FindBranchOfRegency(tx, 3309));
    EXPECT_EQ(served, 1);
    JARING_ASSIGN_OR_RETURN(const auto nobody, FindBranchOfRegency(tx, 9101));
    EXPECT_FALSE(nobody);
    JARING_ASSIGN_OR_RETURN(const auto branch, FindBranch(tx, "aceh"));
    EXPECT_TRUE(branch && branch->name == "Aceh");
    return Done{};
  });
}

TEST_P(AgencyRowTest, GroupsAndPartnersAreTheSameAgainOrRefused) {
  Write([](Tx& tx) -> Result<Done> {
    const auto rule = [&](const Group& group) {
      const auto made = CreateGroup(tx, group);
      return made ? std::to_string(made->group_id) : made.error().rule;
    };
    const Group group{.code = "pasar-gede", .name = "Pasar Gede", .branch_id = 1};
    EXPECT_EQ(rule(group), "1");
    EXPECT_EQ(rule(group), "1");
    for (int field = 0; field < 4; ++field) {
      Group other = group;
      other.name += field == 0 ? "!" : "";
      other.kind = field == 1 ? GroupKind::kSponsor : other.kind;
      other.branch_id += field == 2;
      other.payer = field == 3 ? Payer::kGovernment : other.payer;
      EXPECT_EQ(rule(other), "group.exists_with_other_data") << field;
    }
    EXPECT_EQ(rule({.code = "Pasar Gede", .name = "x", .branch_id = 1}), "code.malformed");
    EXPECT_EQ(rule({.code = "pasar", .name = " ", .branch_id = 1}), "name.empty");
    EXPECT_TRUE(CreatePartner(tx, "pos", "Pos"));
    EXPECT_TRUE(CreatePartner(tx, "pos", "Pos"));
    EXPECT_EQ(CreatePartner(tx, "pos", "Bank").error().rule, "partner.exists_with_other_data");
    JARING_ASSIGN_OR_RETURN(const auto partners, ListPartners(tx));
    EXPECT_EQ(partners.size(), 4u) << "and the agency's own three doors";
    return Done{};
  });
}

TEST_P(AgencyRowTest, GivesAnOlderAgencyItsOwnDoors) {
  scratch().Run("DELETE FROM partner");
  Write([&](Tx& tx) { return CreateAgency(tx, agency_, files_, Noon(D(20260102))); });
  EXPECT_EQ(Number("SELECT COUNT(*) FROM partner"), 3);
}

TEST_P(AgencyRowTest, RemembersFilesOnce) {
  const std::string digest("\0\xff\\x'", 5);
  Write([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(RecordIntake(tx, "enrol", digest, Noon(D(20260105)), 7));
    JARING_RETURN_IF_ERROR(RecordIntake(tx, "enrol", digest, Noon(D(20260106)), 7));
    JARING_ASSIGN_OR_RETURN(const auto found, FindIntake(tx, "enrol", digest));
    EXPECT_EQ(found, Noon(D(20260105)));
    JARING_ASSIGN_OR_RETURN(const auto other, FindIntake(tx, "collect", digest));
    EXPECT_FALSE(other);
    return Done{};
  });
}

TEST_P(AgencyRowTest, RemembersFilesOfPeopleByAKeyedDigest) {
  Write([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(RecordIntake(tx, "enrol", "old", Noon(D(20260105)), 7));
    JARING_RETURN_IF_ERROR(RecordFileIntake(tx, sealer_, "enrol", "new", Noon(D(20260106)), 7));
    JARING_ASSIGN_OR_RETURN(const auto before, FindFileIntake(tx, sealer_, "enrol", "old"));
    EXPECT_EQ(before, Noon(D(20260105)));
    JARING_ASSIGN_OR_RETURN(const auto found, FindFileIntake(tx, sealer_, "enrol", "new"));
    EXPECT_EQ(found, Noon(D(20260106)));
    JARING_ASSIGN_OR_RETURN(const auto plain, FindIntake(tx, "enrol", "new"));
    EXPECT_FALSE(plain);
    return Done{};
  });
}

TEST(RegionFiles, AreReadOrTold) {
  const ScratchDatabase scratch(Database::Engine::kSqlite);
  EXPECT_EQ(ReadRegionFiles(scratch.folder()).error().rule, "region_file.unreadable");
  const AgencyFiles files = SmallCountry(scratch.folder());
  EXPECT_EQ(ReadRegionFiles(files.regions)->size(), 15u);
  WriteText(scratch.folder() / "districts.csv", "code,parent,name\nx,1,Name\n");
  EXPECT_EQ(ReadRegionFiles(files.regions).error().rule, "region_file.malformed");
  const auto real = ReadRegionFiles(SourceDir() + "/data/regions");
  ASSERT_TRUE(real);
  EXPECT_GT(real->size(), 80'000u);
  EXPECT_GT(ReadBranchFile(SourceDir() + "/data/branches.csv")->size(), 1u);
}

}  // namespace
}  // namespace jaring
