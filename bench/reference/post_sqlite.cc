// The bare loop a payment file is measured against: the rows that `jaring collect` added to DONE
// are written into BEFORE, a copy of the database as it was.
//
// usage: bench_post_sqlite DONE BEFORE ROWS_PER_TRANSACTION MONTH DAY  →  {"rows":…,"seconds":…}
//
// All rows are in memory beforehand, in key order, so that the loop does nothing but bind and step
// prepared statements, table after table within a transaction: payment, payment_reference,
// contribution, the update of membership, then journals, counters and sequences. Nothing is looked
// up, checked or parsed. Timed from the first BEGIN to the end of closing the database. One payment
// for each member, all of one day.

#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>

#include "bench/reference/raw_sqlite.h"

namespace jaring::bench {
namespace {

constexpr const char* kPayments =
    "SELECT person_id, payment_id, partner_id, reference, kind, amount_rupiah, paid_at, posted_at,"
    " channel, of_payment_id FROM payment WHERE payment_id >= ?1 ORDER BY person_id, payment_id";
constexpr const char* kReferences =
    "SELECT partner_id, reference, kind, payment_id, person_id, amount_rupiah"
    " FROM payment_reference WHERE payment_id >= ?1 ORDER BY partner_id, reference, kind";
constexpr const char* kContributions =
    "SELECT person_id, contribution_id, membership_seq, payment_id, first_month, months,"
    " jkk_rupiah, jkm_rupiah, jht_rupiah, posted_at, reverses_id"
    " FROM contribution WHERE contribution_id >= ?1 ORDER BY person_id, contribution_id";
constexpr const char* kMemberships =
    "SELECT person_id, membership_seq, first_month, paid_through, cover_from, credit_rupiah,"
    " cohort_id FROM membership ORDER BY person_id, membership_seq";

using Journal = std::map<std::int64_t, std::int64_t>;  // Account to amount.
using Counters = std::map<std::pair<std::int64_t, std::int64_t>, std::vector<std::int64_t>>;

/// What one transaction writes besides its range of payments.
struct Batch {
  std::vector<std::size_t> references;
  Journal journal;
  Counters counters;  // Cohort and month to begun, paid through, months bought, rupiah.
};

struct PostedRows {
  RawRows payments;
  RawRows references;
  RawRows contributions;
  RawRows memberships;  // As they are afterwards.
  std::int64_t first_payment = 0;
  std::vector<Batch> batches;
};

std::int64_t* CounterOf(Batch& batch, const RawValue& cohort, std::int64_t month) {
  auto& counts = batch.counters[{cohort.integer, month}];
  counts.resize(4);
  return counts.data();
}

void SumUp(PostedRows& rows, const RawRows& before, std::size_t per_batch, std::int64_t month) {
  for (std::size_t i = 0; i < rows.payments.size(); ++i) {
    Batch& batch = rows.batches[i / per_batch];
    const std::int64_t amount = rows.payments.at(i, 5).integer;
    const auto part = [&](std::size_t column) { return rows.contributions.at(i, column).integer; };
    const std::int64_t bought = part(6) + part(7) + part(8);
    batch.journal[1100] += amount;
    batch.journal[4100] -= part(6);
    batch.journal[4200] -= part(7);
    batch.journal[2300] -= part(8);
    if (amount != bought) {
      batch.journal[2400] -= amount - bought;
    }
    const RawValue& cohort = before.at(i, 6);
    if (before.at(i, 2).type == SQLITE_NULL) {
      CounterOf(batch, cohort, rows.memberships.at(i, 2).integer)[0] += 1;
    } else {
      CounterOf(batch, cohort, before.at(i, 3).integer)[1] -= 1;
    }
    CounterOf(batch, cohort, rows.memberships.at(i, 3).integer)[1] += 1;
    std::int64_t* money = CounterOf(batch, cohort, month);
    money[2] += part(5);
    money[3] += bought;
  }
}

PostedRows Load(RawDatabase& done, RawDatabase& before, std::size_t per_batch, std::int64_t month) {
  PostedRows rows;
  rows.first_payment = before.ReadNumber("SELECT next_value FROM sequence WHERE name = 'payment'");
  rows.payments = done.Read(kPayments, rows.first_payment);
  rows.references = done.Read(kReferences, rows.first_payment);
  rows.contributions =
      done.Read(kContributions,
                before.ReadNumber("SELECT next_value FROM sequence WHERE name = 'contribution'"));
  rows.memberships = done.Read(kMemberships, 0);
  const RawRows memberships_before = before.Read(kMemberships, 0);
  const std::size_t count = rows.payments.size();
  if (count == 0 || rows.references.size() != count || rows.contributions.size() != count ||
      rows.memberships.size() != count || memberships_before.size() != count) {
    Fail("every member must have paid one month, once");
  }
  rows.batches.resize((count + per_batch - 1) / per_batch);
  for (std::size_t i = 0; i < count; ++i) {
    const auto nth =
        static_cast<std::size_t>(rows.references.at(i, 3).integer - rows.first_payment);
    rows.batches[nth / per_batch].references.push_back(i);
  }
  SumUp(rows, memberships_before, per_batch, month);
  return rows;
}

class PostLoop {
 public:
  PostLoop(sqlite3* db, std::int64_t partner_id, std::int64_t day)
      : partner_id_(partner_id),
        day_(day),
        payment_(db, "INSERT INTO payment VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"),
        reference_(db, "INSERT INTO payment_reference VALUES (?1, ?2, ?3, ?4, ?5, ?6)"),
        contribution_(
            db, "INSERT INTO contribution VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"),
        membership_(db,
                    "UPDATE membership SET first_month = ?3, paid_through = ?4, cover_from = ?5,"
                    " credit_rupiah = ?6 WHERE person_id = ?1 AND membership_seq = ?2"),
        journal_(db,
                 "INSERT INTO journal_line VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET"
                 " amount_rupiah = amount_rupiah + excluded.amount_rupiah"),
        counter_(db,
                 "INSERT INTO coverage_counter VALUES (?1, ?2, 0, ?3, ?4, 0, ?5, ?6)"
                 " ON CONFLICT DO UPDATE SET begun = begun + excluded.begun,"
                 " paid_through = paid_through + excluded.paid_through,"
                 " months_bought = months_bought + excluded.months_bought,"
                 " received_rupiah = received_rupiah + excluded.received_rupiah"),
        sequence_(db,
                  "UPDATE sequence SET next_value = next_value + ?1"
                  " WHERE name IN ('payment', 'contribution')") {}

  void Write(const PostedRows& rows, const Batch& batch, std::size_t from, std::size_t to) {
    RunRange(payment_, rows.payments, from, to);
    RunRange(contribution_, rows.contributions, from, to);
    RunMemberships(rows.memberships, from, to);
    for (const std::size_t i : batch.references) {
      reference_.BindRow(rows.references, i);
      reference_.Run();
    }
    for (const auto& [account, amount] : batch.journal) {
      RunNumbers(journal_, {day_, partner_id_, account, amount});
    }
    std::map<std::int64_t, std::pair<std::int64_t, std::int64_t>> all_months;
    for (const auto& [key, c] : batch.counters) {
      RunNumbers(counter_, {key.first, key.second, c[0], c[1], c[2], c[3]});
      auto& [begun, through] = all_months[key.first];
      begun += c[0];
      through += c[1];
    }
    for (const auto& [cohort, states] : all_months) {
      if (states != std::pair<std::int64_t, std::int64_t>()) {
        RunNumbers(counter_, {cohort, 0, states.first, states.second, 0, 0});
      }
    }
    RunNumbers(sequence_, {static_cast<std::int64_t>(to - from)});
  }

 private:
  static void RunRange(RawStatement& statement, const RawRows& rows, std::size_t from,
                       std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      statement.BindRow(rows, i);
      statement.Run();
    }
  }

  void RunMemberships(const RawRows& rows, std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      for (int column = 0; column < 6; ++column) {
        const RawValue& value = rows.at(i, static_cast<std::size_t>(column));
        membership_.Bind(column + 1, value.integer);
      }
      membership_.Run();
    }
  }

  static void RunNumbers(RawStatement& statement, std::initializer_list<std::int64_t> numbers) {
    int place = 0;
    for (const std::int64_t number : numbers) {
      statement.Bind(++place, number);
    }
    statement.Run();
  }

  const std::int64_t partner_id_;
  const std::int64_t day_;
  RawStatement payment_;
  RawStatement reference_;
  RawStatement contribution_;
  RawStatement membership_;
  RawStatement journal_;
  RawStatement counter_;
  RawStatement sequence_;
};

int Main(char** arguments) {
  const auto per_batch = static_cast<std::size_t>(std::atoll(arguments[3]));
  PostedRows rows;
  {
    RawDatabase done(arguments[1]);
    RawDatabase before(arguments[2]);
    rows = Load(done, before, per_batch, std::atoll(arguments[4]));
  }
  const std::size_t count = rows.payments.size();
  std::optional<RawDatabase> db(std::in_place, arguments[2]);
  const Watch watch;
  {
    PostLoop loop(db->handle(), rows.payments.at(0, 2).integer, std::atoll(arguments[5]));
    for (std::size_t b = 0; b < rows.batches.size(); ++b) {
      const std::size_t from = b * per_batch;
      db->Run("BEGIN IMMEDIATE");
      loop.Write(rows, rows.batches[b], from, std::min(count, from + per_batch));
      db->Run("COMMIT");
    }
  }
  db.reset();
  std::printf("{\"rows\":%zu,\"seconds\":%.6f}\n", count, watch.seconds());
  return 0;
}

}  // namespace
}  // namespace jaring::bench

int main(int count, char** arguments) {
  if (count != 6) {
    std::fprintf(stderr, "usage: bench_post_sqlite DONE BEFORE ROWS_PER_TRANSACTION MONTH DAY\n");
    return 2;
  }
  return jaring::bench::Main(arguments);
}
