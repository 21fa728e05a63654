// The bare loop an enrolment file is measured against: the people that `jaring enrol` added to DONE
// are written into BEFORE, a copy of the database as it was.
//
// usage: bench_enrol_sqlite DONE BEFORE ROWS_PER_TRANSACTION MONTH  →  {"rows":…,"seconds":…}
//
// All rows are in memory beforehand; each transaction writes its people in key order, table after
// table: person, person_nik, person_likeness, membership, then counters and the sequence. No NIK is
// looked up, sealed or parsed. Timed from the first BEGIN to the end of closing the database.

#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>

#include "bench/reference/raw_sqlite.h"

namespace jaring::bench {
namespace {

constexpr const char* kPeople = "SELECT * FROM person WHERE person_id >= ?1 ORDER BY person_id";
constexpr const char* kNiks =
    "SELECT nik_sealed, person_id FROM person_nik WHERE person_id >= ?1 ORDER BY nik_sealed";
constexpr const char* kLikenesses =
    "SELECT likeness, person_id FROM person_likeness WHERE person_id >= ?1"
    " ORDER BY likeness, person_id";
constexpr const char* kMemberships =
    "SELECT * FROM membership WHERE person_id >= ?1 ORDER BY person_id, membership_seq";
constexpr const char* kCohorts = "SELECT * FROM cohort WHERE cohort_id >= ?1 ORDER BY cohort_id";
constexpr std::size_t kCohortColumn = 8;  // Of membership.

/// What one transaction writes besides its range of people.
struct Batch {
  std::vector<std::size_t> niks;
  std::vector<std::size_t> likenesses;
  std::map<std::int64_t, std::int64_t> registered;  // By cohort.
};

struct EnrolledRows {
  RawRows people;
  RawRows niks;
  RawRows likenesses;
  RawRows memberships;
  RawRows cohorts;
  RawRows suspected;
  std::vector<Batch> batches;
};

EnrolledRows Load(RawDatabase& done, RawDatabase& before, std::size_t per_batch) {
  const std::int64_t first =
      before.ReadNumber("SELECT next_value FROM sequence WHERE name = 'person'");
  EnrolledRows rows;
  rows.people = done.Read(kPeople, first);
  rows.niks = done.Read(kNiks, first);
  rows.likenesses = done.Read(kLikenesses, first);
  rows.memberships = done.Read(kMemberships, first);
  rows.suspected = done.Read("SELECT * FROM suspected_duplicate WHERE person_id >= ?1", first);
  rows.cohorts = done.Read(
      kCohorts, before.ReadNumber("SELECT next_value FROM sequence WHERE name = 'cohort'"));
  const std::size_t count = rows.people.size();
  if (count == 0 || rows.niks.size() != count || rows.likenesses.size() != count ||
      rows.memberships.size() != count) {
    Fail("every person must be new");
  }
  rows.batches.resize((count + per_batch - 1) / per_batch);
  const auto batch_of = [&](std::int64_t person_id) -> Batch& {
    return rows.batches[static_cast<std::size_t>(person_id - first) / per_batch];
  };
  for (std::size_t i = 0; i < count; ++i) {
    batch_of(rows.niks.at(i, 1).integer).niks.push_back(i);
    batch_of(rows.likenesses.at(i, 1).integer).likenesses.push_back(i);
    const std::int64_t cohort = rows.memberships.at(i, kCohortColumn).integer;
    ++batch_of(rows.memberships.at(i, 0).integer).registered[cohort];
  }
  return rows;
}

void RunRows(RawStatement& statement, const RawRows& rows, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < to; ++i) {
    statement.BindRow(rows, i);
    statement.Run();
  }
}

void RunPicked(RawStatement& statement, const RawRows& rows,
               const std::vector<std::size_t>& picked) {
  for (const std::size_t i : picked) {
    statement.BindRow(rows, i);
    statement.Run();
  }
}

void WriteAll(RawDatabase& db, const EnrolledRows& rows, std::size_t per_batch,
              std::int64_t month) {
  RawStatement person(db.handle(),
                      "INSERT INTO person VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
  RawStatement nik(db.handle(), "INSERT INTO person_nik VALUES (?1, ?2)");
  RawStatement likeness(db.handle(), "INSERT INTO person_likeness VALUES (?1, ?2)");
  RawStatement membership(db.handle(),
                          "INSERT INTO membership VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
                          " ?11, ?12, ?13, ?14, ?15)");
  RawStatement cohort(db.handle(), "INSERT INTO cohort VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
  RawStatement suspected(db.handle(), "INSERT INTO suspected_duplicate VALUES (?1, ?2, ?3)");
  RawStatement counter(db.handle(),
                       "INSERT INTO coverage_counter VALUES (?1, ?2, ?3, 0, 0, 0, 0, 0)"
                       " ON CONFLICT DO UPDATE SET registered = registered + excluded.registered");
  RawStatement sequence(db.handle(),
                        "UPDATE sequence SET next_value = next_value + ?1 WHERE name = 'person'");
  for (std::size_t b = 0; b < rows.batches.size(); ++b) {
    const std::size_t from = b * per_batch;
    const std::size_t to = std::min(rows.people.size(), from + per_batch);
    db.Run("BEGIN IMMEDIATE");
    if (b == 0) {
      RunRows(cohort, rows.cohorts, 0, rows.cohorts.size());
      RunRows(suspected, rows.suspected, 0, rows.suspected.size());
    }
    RunRows(person, rows.people, from, to);
    RunPicked(nik, rows.niks, rows.batches[b].niks);
    RunPicked(likeness, rows.likenesses, rows.batches[b].likenesses);
    RunRows(membership, rows.memberships, from, to);
    for (const auto& [cohort_id, registered] : rows.batches[b].registered) {
      for (const std::int64_t counted_in : {month, std::int64_t{0}}) {  // 0: of all months.
        counter.Bind(1, cohort_id);
        counter.Bind(2, counted_in);
        counter.Bind(3, registered);
        counter.Run();
      }
    }
    sequence.Bind(1, static_cast<std::int64_t>(to - from));
    sequence.Run();
    db.Run("COMMIT");
  }
}

int Main(char** arguments) {
  const auto per_batch = static_cast<std::size_t>(std::atoll(arguments[3]));
  EnrolledRows rows;
  {
    RawDatabase done(arguments[1]);
    RawDatabase before(arguments[2]);
    rows = Load(done, before, per_batch);
  }
  std::optional<RawDatabase> db(std::in_place, arguments[2]);
  const Watch watch;
  WriteAll(*db, rows, per_batch, std::atoll(arguments[4]));
  db.reset();
  std::printf("{\"rows\":%zu,\"seconds\":%.6f}\n", rows.people.size(), watch.seconds());
  return 0;
}

}  // namespace
}  // namespace jaring::bench

int main(int count, char** arguments) {
  if (count != 5) {
    std::fprintf(stderr, "usage: bench_enrol_sqlite DONE BEFORE ROWS_PER_TRANSACTION MONTH\n");
    return 2;
  }
  return jaring::bench::Main(arguments);
}
