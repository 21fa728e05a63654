#include "registry/key_rotation.h"

#include <gtest/gtest.h>

#include "registry/agency_fixture.h"
#include "registry/live_keys.h"
#include "registry/seal_sql.h"

namespace jaring {
namespace {

constexpr const char* kMakeNotes =
    "CREATE TABLE note (note_id TEXT NOT NULL PRIMARY KEY, text_sealed BYTEA)";

/// A column of texts, gone through by a text.
constexpr SealedColumn kNoteColumn = {
    .place = "note/text_sealed",
    .row_key = SealedRowKey::kText,
    .list_sql =
        "SELECT note_id, text_sealed FROM note WHERE note_id > $1 ORDER BY note_id LIMIT $2",
    .update_sql = "UPDATE note SET text_sealed = $3 WHERE note_id = $1 AND text_sealed = $2",
    .count_sql =
        "SELECT substr(text_sealed, 1, 1) AS mark, COUNT(*) FROM note"
        " WHERE text_sealed IS NOT NULL GROUP BY 1",
    .most_rows = 2};

Enrolment WithPhone(int n) {
  Enrolment person = PersonNumber(n);
  person.phone = "62812000" + std::to_string(10'000 + n);
  return person;
}

/// An agency whose sealer has a key file, and a second program at work on the same database.
class KeyRotationTest : public AgencyTest {
 protected:
  void SetUp() override {
    AgencyTest::SetUp();
    if (IsSkipped()) {
      return;
    }
    key_file_ = scratch().folder() / "test.key";
    // The old form, of the key that AgencyTest made the agency with.
    WriteText(key_file_, std::string(Sealer::kKeyBytes, 'k'));
    std::filesystem::permissions(key_file_, std::filesystem::perms(0600));
    server_ = std::make_unique<Sealer>(*ReadKeyFile(key_file_), key_file_);
    rotator_ = std::make_unique<Sealer>(*ReadKeyFile(key_file_), key_file_);
    scratch().Run(kMakeNotes);
  }

  int Begin() {
    int version = 0;
    Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(version, BeginRotation(tx, *rotator_, key_file_, Noon(today_)));
      return Done{};
    });
    return version;
  }

  Result<std::int64_t> Reseal(int version, std::int64_t rows_at_once = 3) {
    return ResealAll(
        db(), *rotator_, columns_, version, Noon(today_),
        [this](const ResealProgress&) { ++chunks_; }, rows_at_once);
  }

  /// Reseals until the n-th chunk is written, and then stops as if killed.
  void ResealChunks(int version, int chunks) {
    struct Killed {};
    int done = 0;
    try {
      (void)ResealAll(
          db(), *rotator_, columns_, version, Noon(today_),
          [&](const ResealProgress&) {
            if (++done == chunks) {
              throw Killed();
            }
          },
          /*rows_at_once=*/3);
    } catch (const Killed&) {
    }
    ASSERT_EQ(done, chunks) << "there was less to do";
  }

  EnrolmentOutcome EnrolAtServer(const Enrolment& row) {
    EnrolmentSource source;
    source.now = Noon(today_);
    std::vector<EnrolmentOutcome> outcomes;
    Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(
          outcomes, EnrolPeople(tx, {scheme_, *server_, true}, source, std::span(&row, 1)));
      return Done{};
    });
    return outcomes.at(0);
  }

  std::map<int, std::int64_t> Sealed(const SealedColumn& column) {
    std::map<int, std::int64_t> rows;
    EXPECT_TRUE(db().Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(rows, CountSealed(tx, column));
      return Done{};
    }));
    return rows;
  }

  std::int64_t Unmatched() {
    return Number(
        "SELECT COUNT(*) FROM person p WHERE NOT EXISTS (SELECT 1 FROM person_nik n"
        " WHERE n.nik_sealed = p.nik_sealed AND n.person_id = p.person_id)");
  }

  void AddNote(const Sealer& sealer, const std::string& id, const std::string& text) {
    Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const std::string sealed, sealer.SealText(text, "note/" + id));
      JARING_RETURN_IF_ERROR(
          tx.Run("INSERT INTO note (note_id, text_sealed) VALUES ($1, $2)", {id, Bytes{sealed}}));
      return Done{};
    });
  }

  const Date today_ = D(20260105);
  std::filesystem::path key_file_;
  std::unique_ptr<Sealer> server_;
  std::unique_ptr<Sealer> rotator_;
  std::vector<SealedColumn> columns_ = {kRegistrySealedColumns[0], kRegistrySealedColumns[1],
                                        kRegistrySealedColumns[2], kNoteColumn};
  int chunks_ = 0;
};

JARING_ON_EACH_ENGINE(KeyRotationTest);

TEST_P(KeyRotationTest, ResealsEverythingInSmallPieces) {
  for (int n = 0; n < 10; ++n) {
    EnrolAtServer(n % 2 == 0 ? WithPhone(n) : PersonNumber(n));
  }
  for (const char* id : {"a", "b", "c", "d"}) {
    AddNote(*server_, id, std::string("text of ") + id);
  }
  scratch().Run("INSERT INTO note (note_id, text_sealed) VALUES ('e', NULL)");
  const int version = Begin();
  EXPECT_EQ(version, 2);
  EXPECT_EQ(*Reseal(version), 10 + 5 + 0 + 4);
  EXPECT_GE(chunks_, 4 + 2 + 1 + 3) << "three rows at a time, of notes two";
  for (const SealedColumn& column : columns_) {
    const auto rows = Sealed(column);
    EXPECT_EQ(rows.size(), 1U) << column.place;
    EXPECT_EQ(rows.begin()->first, 2) << column.place;
  }
  EXPECT_EQ(Unmatched(), 0);
  for (int n = 0; n < 10; ++n) {
    EXPECT_EQ(EnrolAtServer(PersonNumber(n)).status, EnrolmentStatus::kRepeated) << n;
  }
  EXPECT_EQ(Number("SELECT COUNT(*) FROM person"), 10);
  EXPECT_EQ(Number("SELECT COUNT(*) FROM seal_progress"), 0);
  Write([&](Tx& tx) {
    return tx.Query("SELECT note_id, text_sealed FROM note WHERE text_sealed IS NOT NULL", {},
                    [&](const Row& row) {
                      const std::string id(row.Text(0));
                      EXPECT_EQ(*server_->UnsealText(row.Blob(1), "note/" + id), "text of " + id);
                    });
  });
}

TEST_P(KeyRotationTest, KnowsEverybodyAtEveryMoment) {
  for (int n = 0; n < 12; ++n) {
    EnrolAtServer(WithPhone(n));
  }
  const int version = Begin();
  // The rotation is cut off after each chunk; meanwhile the server enrols the same NIKs and others.
  int next = 100;
  for (int chunk = 1; chunk <= 3; ++chunk) {
    ResealChunks(version, 1);
    for (int n = 0; n < 12; ++n) {
      EXPECT_EQ(EnrolAtServer(PersonNumber(n)).status, EnrolmentStatus::kRepeated) << n;
    }
    EXPECT_EQ(EnrolAtServer(PersonNumber(next)).status, EnrolmentStatus::kAccepted);
    EXPECT_EQ(EnrolAtServer(PersonNumber(next)).status, EnrolmentStatus::kRepeated);
    ++next;
    EXPECT_EQ(Unmatched(), 0);
    EXPECT_EQ(Begin(), version) << "goes on with the one under way";
  }
  EXPECT_GT(Sealed(columns_[0])[1], 0) << "the test has to be in the middle of it";
  EXPECT_GT(Sealed(columns_[0])[2], 0);
  EXPECT_TRUE(Reseal(version));
  EXPECT_EQ(Sealed(columns_[0]), (std::map<int, std::int64_t>{{2, 15}}));
  EXPECT_EQ(Sealed(columns_[2]), (std::map<int, std::int64_t>{{2, 15}}));
  EXPECT_EQ(server_->version(), 2) << "told by the database, from the file";
  EXPECT_EQ(Number("SELECT COUNT(*) FROM seal_key WHERE version = 1 AND emptied_at IS NOT NULL"),
            1);
}

TEST_P(KeyRotationTest, ResealsNiksThatNobodysRowCarries) {
  const EnrolmentOutcome outcome = EnrolAtServer(PersonNumber(1));
  const SealedBlock former = server_->Seal(PersonNumber(2).nik.Reveal());
  Write([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(tx.Run("INSERT INTO person_nik (nik_sealed, person_id) VALUES ($1, $2)",
                                  {Bytes{View(former)}, outcome.member.person_id}));
    return Done{};
  });
  EXPECT_TRUE(Reseal(Begin()));
  EXPECT_EQ(Sealed(columns_[2]), (std::map<int, std::int64_t>{{2, 2}}));
}

TEST_P(KeyRotationTest, LeavesARowThatChangedMeanwhile) {
  EnrolAtServer(PersonNumber(1));
  const int version = Begin();
  ASSERT_TRUE(rotator_->Use(version));
  // Between the reading and the writing of the chunk somebody corrects the NIK.
  const SealedBlock corrected = rotator_->Seal(PersonNumber(2).nik.Reveal());
  const SealedBlock before = server_->Seal(PersonNumber(1).nik.Reveal());
  Write([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(tx.Run("UPDATE person SET nik_sealed = $1", {Bytes{View(corrected)}}));
    JARING_ASSIGN_OR_RETURN(
        const std::int64_t changed,
        tx.Run(sql::kUpdateNikSealed, {std::int64_t{100'000'000}, Bytes{View(before)},
                                       Bytes{View(*rotator_->Reseal(before, version))}}));
    EXPECT_EQ(changed, 0);
    return Done{};
  });
}

TEST_P(KeyRotationTest, UsesAKeyThatWasAddedInAdvance) {
  ASSERT_EQ(*AddKey(key_file_, today_), 2);
  EXPECT_EQ(Begin(), 2);
  EXPECT_EQ(ReadKeyFile(key_file_)->size(), 2U) << "also after a crash between file and database";
  EXPECT_TRUE(Reseal(2));
  EXPECT_EQ(Begin(), 3);
  EXPECT_TRUE(Reseal(3));
  EXPECT_EQ(ReadKeyFile(key_file_)->size(), 3U);
}

TEST_P(KeyRotationTest, RefusesAnOldCopyOfTheKeyFile) {
  const auto copy = scratch().folder() / "old.key";
  std::filesystem::copy_file(key_file_, copy);
  EXPECT_TRUE(Reseal(Begin()));
  const Sealer old(*ReadKeyFile(copy), copy);
  const auto rule = [&](const std::function<Result<Done>(Tx&)>& work) {
    const auto done = db().Write(work);
    return done ? std::string() : done.error().rule;
  };
  EXPECT_EQ(rule([&](Tx& tx) -> Result<Done> {
              JARING_RETURN_IF_ERROR(FindLiveKeys(tx, old));
              return Done{};
            }),
            "key_file.version_missing");
  EXPECT_EQ(rule([&](Tx& tx) -> Result<Done> {
              JARING_RETURN_IF_ERROR(CheckAgency(tx, scheme_, old));
              return Done{};
            }),
            "key_file.version_missing");
  EXPECT_EQ(rule([&](Tx& tx) -> Result<Done> {
              JARING_RETURN_IF_ERROR(BeginRotation(tx, *rotator_, copy, Noon(today_)));
              return Done{};
            }),
            "key_file.version_missing");
}

TEST_P(KeyRotationTest, RetiresWhatSealsNothing) {
  EnrolAtServer(PersonNumber(1));
  const int version = Begin();
  const auto retire = [&](int which) {
    const auto done = db().Write([&](Tx& tx) { return RetireSealKey(tx, which, Noon(today_)); });
    return done ? std::string() : done.error().rule;
  };
  EXPECT_EQ(retire(1), "key.still_seals");
  EXPECT_EQ(retire(2), "key.is_current");
  EXPECT_EQ(retire(3), "key.unknown_version");
  EXPECT_TRUE(Reseal(version));
  EXPECT_EQ(retire(1), "");
  EXPECT_EQ(retire(1), "") << "again";
  Write([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(CheckAgency(tx, scheme_, *server_));
    JARING_ASSIGN_OR_RETURN(const auto keys, ListSealKeys(tx));
    EXPECT_EQ(keys.size(), 2U);
    EXPECT_TRUE(keys[0].retired_at);
    EXPECT_FALSE(keys[1].emptied_at);
    return Done{};
  });
}

TEST_P(KeyRotationTest, ResealsAgainWhatOthersLeftBehind) {
  const Sealer stale(*ReadKeyFile(key_file_), key_file_);
  EXPECT_TRUE(Reseal(Begin()));
  AddNote(stale, "late", "text");  // By a program that does not ask for the current version.
  EXPECT_EQ(Sealed(kNoteColumn), (std::map<int, std::int64_t>{{1, 1}}));
  int version = 0;
  Write([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(version, BeginResealing(tx, *rotator_));
    return Done{};
  });
  EXPECT_EQ(version, 2);
  EXPECT_EQ(Number("SELECT COUNT(*) FROM seal_key WHERE emptied_at IS NULL"), 2);
  EXPECT_EQ(*Reseal(version), 1);
  EXPECT_EQ(Sealed(kNoteColumn), (std::map<int, std::int64_t>{{2, 1}}));
  EXPECT_EQ(Number("SELECT COUNT(*) FROM seal_key WHERE emptied_at IS NULL"), 1);
}

TEST_P(KeyRotationTest, TellsWhenThereIsANewerVersion) {
  EnrolAtServer(PersonNumber(1));
  EXPECT_TRUE(Reseal(Begin()));
  EXPECT_EQ(Begin(), 3);
  const auto late = Reseal(2);
  EXPECT_EQ(late ? "" : late.error().rule, "key.rotated_meanwhile");
  EXPECT_TRUE(Reseal(3));
}

TEST_P(KeyRotationTest, FindsANikSealedAtTheDoorWithAnyVersion) {
  const EnrolmentOutcome outcome = EnrolAtServer(PersonNumber(1));
  const int version = Begin();
  Write([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const LiveKeys keys, FindLiveKeys(tx, *server_));
    EXPECT_EQ(keys.current, 2);
    EXPECT_EQ(keys.older, std::vector<int>{1});
    const std::string nik(PersonNumber(1).nik.Reveal());
    const auto blocks = SealWithEach(*server_, keys, nik);
    EXPECT_EQ(blocks.size(), 2U);
    EXPECT_EQ(blocks[0].version(), 2);
    EXPECT_EQ(blocks[1].version(), 1);
    const std::vector<SealedBlock> asked = {server_->Seal(PersonNumber(7).nik.Reveal()), blocks[0]};
    std::vector<std::pair<std::size_t, std::int64_t>> found;
    JARING_RETURN_IF_ERROR(FindPeopleByNik(
        tx, *server_, keys, asked,
        [&](std::size_t i, std::int64_t person_id) { found.emplace_back(i, person_id); }));
    EXPECT_EQ(found,
              (std::vector<std::pair<std::size_t, std::int64_t>>{{1, outcome.member.person_id}}));
    return Done{};
  });
  EXPECT_TRUE(Reseal(version));
}

}  // namespace
}  // namespace jaring
