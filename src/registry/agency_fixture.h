#pragma once

// For tests only: an agency with a few villages and the small scheme, and people in it.

#include <fstream>

#include "base/source_dir.h"
#include "db/database_fixture.h"
#include "registry/agency.h"
#include "registry/enrolment.h"
#include "registry/membership.h"
#include "rules/small_scheme.h"

namespace jaring {

inline constexpr std::int64_t kVillage = 3372011001;       // Served by "surakarta".
inline constexpr std::int64_t kOtherVillage = 1101010001;  // Served by "aceh".
inline constexpr std::int64_t kFarVillage = 9101010001;    // Served by nobody.
inline constexpr int kDriver = 10;                         // Sector 0: with relief.
inline constexpr int kFarmer = 20;                         // Sector 1.

inline Scheme SchemeWithTrades() {
  Scheme scheme = SmallScheme();
  scheme.sectors[0].code = "transport";
  scheme.sectors[1].code = "farming";
  scheme.trades.resize(2);
  scheme.trades[0].number = kDriver;
  scheme.trades[0].sector = 0;
  scheme.trades[1].number = kFarmer;
  scheme.trades[1].sector = 1;
  return scheme;
}

/// The number of the first partner a test makes: the agency's own three doors come before.
inline constexpr std::int64_t kFirstPartner = 4;

/// Noon in Jakarta.
inline Instant Noon(Date date) {
  return Instant::FromMicros(Instant::StartOfDay(date).micros() + 12 * 3'600'000'000LL);
}

inline void WriteText(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

/// Region and branch files of a small country, beside the project's own migrations.
inline AgencyFiles SmallCountry(const std::filesystem::path& folder) {
  WriteText(folder / "provinces.csv", "code,parent,name\n33,0,Jawa Tengah\n11,0,Aceh\n91,,Papua\n");
  WriteText(folder / "regencies.csv",
            "code,parent,name\n3372,33,Kota Surakarta\n1101,11,Aceh Selatan\n9101,91,Merauke\n");
  WriteText(folder / "districts.csv",
            "code,parent,name\n337201,3372,Laweyan\n337202,3372,Serengan\n110101,1101,"
            "Bakongan\n910101,9101,Merauke\n");
  WriteText(folder / "villages.csv",
            "code,parent,name\n3372011001,337201,\"Pajang, Barat\"\n"
            "3372011002,337201,Sondakan\n3372021001,337202,Joyotakan\n"
            "1101010001,110101,Keude\n9101010001,910101,Samkai\n");
  WriteText(folder / "branches.csv",
            "code,name,regencies,status\nsurakarta,Surakarta,3372 3309,ok\naceh,Aceh,1101,ok\n");
  return {SourceDir() + "/migrations", folder, folder / "branches.csv"};
}

/// The n-th person: a man born in 1980 with a NIK that agrees.
inline Enrolment PersonNumber(int n) {
  std::string serial = std::to_string(10'000 + n % 10'000).substr(1);
  const int district = n / 10'000;
  return {.nik = *Nik::Parse("33720" + std::to_string(district) + "150580" + serial, true),
          .name = "Warga " + std::to_string(n),
          .birth_date = D(19800515),
          .sex = Sex::kMale,
          .village_code = kVillage,
          .phone = std::nullopt,
          .trade = kFarmer,
          .income = Rp(1'000),
          .programmes = kBasic};
}

/// An agency on each engine.
class AgencyTest : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    if (IsSkipped()) {
      return;
    }
    files_ = SmallCountry(scratch().folder());
    Write([&](Tx& tx) { return CreateAgency(tx, agency_, files_, Noon(D(20260101))); });
  }

  std::vector<EnrolmentOutcome> EnrolAll(const std::vector<Enrolment>& rows, Date on,
                                         EnrolmentSource source = {}) {
    source.now = Noon(on);
    std::vector<EnrolmentOutcome> outcomes;
    Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(outcomes, EnrolPeople(tx, agency_, source, rows));
      return Done{};
    });
    return outcomes;
  }

  EnrolmentOutcome Enrol(const Enrolment& row, Date on, const EnrolmentSource& source = {}) {
    const auto outcomes = EnrolAll({row}, on, source);
    return outcomes.size() == 1 ? outcomes[0] : EnrolmentOutcome{.rule = "none", .member = {}};
  }

  Group NewGroup(const std::string& code, GroupKind kind, Payer payer = Payer::kSelf) {
    Group group{.code = code, .name = "Wadah", .kind = kind, .branch_id = 1, .payer = payer};
    Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(group, CreateGroup(tx, group));
      return Done{};
    });
    return group;
  }

  /// The first column of the first row; -1 for no row. `sql` lives as long as the program.
  std::int64_t Number(const char* sql, std::initializer_list<Value> values = {}) {
    std::int64_t number = -1;
    const auto done = db().Read([&](Tx& tx) {
      return tx.Query(sql, values, [&](const Row& row) { number = row.Int(0); });
    });
    EXPECT_TRUE(done) << done.error().detail;
    return number;
  }

  Membership MembershipOf(const MemberNumber& member) {
    std::optional<Membership> found;
    const auto done = db().Read([&](Tx& tx) {
      return tx.Query(
          "SELECT person_id, membership_seq, acquired_on, programmes, income_rupiah, trade, payer,"
          " start_rule, cohort_id, first_month, paid_through, cover_from, credit_rupiah, ended_on"
          " FROM membership WHERE person_id = $1 AND membership_seq = $2",
          {member.person_id, member.membership_seq},
          [&](const Row& row) { found = ReadMembership(scheme_, row); });
    });
    EXPECT_TRUE(done && found);
    return found.value_or(Membership{});
  }

  Scheme scheme_ = SchemeWithTrades();
  Sealer sealer_{std::string(Sealer::kKeyBytes, 'k')};
  Agency agency_{scheme_, sealer_, /*is_demo=*/true};
  AgencyFiles files_;
};

}  // namespace jaring
