// The bare loop that `jaring month` is measured against: the rows it added to DONE are written into
// BEFORE, a copy of the database as it was.
//
// usage: bench_month_sqlite DONE BEFORE ROWS_PER_TRANSACTION  →  {"rows":…,"seconds":…}
//
// In the order of each table, as the program does: all references first; then payment,
// contribution, the update of membership, and what each transaction adds to journals and counters,
// person by person. Prepared statements, the same transactions, the same settings. Nothing is
// looked up, checked, sorted, priced or parsed. Only the writing is timed: rows are fetched from
// DONE, and sums made of them, between the transactions, so that memory does not grow with their
// number.

#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "bench/reference/raw_sqlite.h"

namespace jaring::bench {
namespace {

constexpr const char* kReferences =
    "SELECT partner_id, reference, kind, payment_id, person_id, amount_rupiah"
    " FROM payment_reference WHERE payment_id >= ?1 ORDER BY partner_id, reference, kind";
constexpr const char* kPayments =
    "SELECT person_id, payment_id, partner_id, reference, kind, amount_rupiah, paid_at, posted_at,"
    " channel, of_payment_id FROM payment WHERE payment_id >= ?1 ORDER BY person_id, payment_id";
constexpr const char* kContributions =
    "SELECT person_id, contribution_id, membership_seq, payment_id, first_month, months,"
    " jkk_rupiah, jkm_rupiah, jht_rupiah, posted_at, reverses_id"
    " FROM contribution WHERE payment_id >= ?1 ORDER BY person_id, contribution_id";
constexpr const char* kMemberships =
    "SELECT m.person_id, m.membership_seq, m.first_month, m.paid_through, m.cover_from,"
    " m.credit_rupiah FROM payment p JOIN membership m ON m.person_id = p.person_id"
    " AND m.ended_on IS NULL WHERE p.payment_id >= ?1 ORDER BY p.person_id";

// What journals and counters are made of: months bought follow the ones before.
constexpr const char* kSums =
    "SELECT CAST(strftime('%Y%m%d', p.paid_at / 1000000 + 25200, 'unixepoch') AS INTEGER),"
    " p.partner_id, p.amount_rupiah, c.jkk_rupiah, c.jkm_rupiah, c.jht_rupiah, m.cohort_id,"
    " c.first_month, c.months, m.paid_through, m.village_code FROM payment p"
    " LEFT JOIN contribution c ON c.person_id = p.person_id AND c.payment_id = p.payment_id"
    " LEFT JOIN membership m ON m.person_id = c.person_id"
    " AND m.membership_seq = c.membership_seq"
    " WHERE p.payment_id >= ?1 ORDER BY p.person_id, p.payment_id";

constexpr const char* kInsertReference =
    "INSERT INTO payment_reference VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
constexpr const char* kInsertPayment =
    "INSERT INTO payment VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
constexpr const char* kInsertContribution =
    "INSERT INTO contribution VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
constexpr const char* kUpdateMembership =
    "UPDATE membership SET first_month = ?3, paid_through = ?4, cover_from = ?5,"
    " credit_rupiah = ?6 WHERE person_id = ?1 AND membership_seq = ?2";

/// One table's rows, some at a time, and the statement that writes them.
class Table {
 public:
  Table(RawDatabase& done, sqlite3* target, const char* read, const char* write,
        std::int64_t first_payment)
      : from_(done.handle(), read), to_(target, write) {
    from_.Bind(1, first_payment);
  }

  /// Fetches the next rows; how many there were.
  std::size_t Fetch(std::size_t rows) {
    some_ = ended_ ? RawRows{} : from_.Fetch(rows);
    ended_ = some_.size() < rows;
    return some_.size();
  }

  void Write() {
    for (std::size_t i = 0; i < some_.size(); ++i) {
      to_.BindRow(some_, i);
      to_.Run();
    }
  }

 private:
  RawStatement from_;
  RawStatement to_;
  RawRows some_;
  bool ended_ = false;
};

/// Journal lines and counters of the payments of one transaction.
class Sums {
 public:
  Sums(RawDatabase& done, sqlite3* target, std::int64_t first_payment)
      : from_(done.handle(), kSums),
        journal_(target,
                 "INSERT INTO journal_line VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET"
                 " amount_rupiah = amount_rupiah + excluded.amount_rupiah"),
        cohort_(target, AddTo("coverage_counter", "").c_str()),
        village_(target, AddTo("village_counter", "0, 0, ").c_str()) {
    from_.Bind(1, first_payment);
  }

  void Fetch(std::size_t rows) {
    lines_.clear();
    cohorts_.clear();
    villages_.clear();
    const RawRows some = ended_ ? RawRows{} : from_.Fetch(rows);
    ended_ = some.size() < rows;
    for (std::size_t i = 0; i < some.size(); ++i) {
      const auto at = [&](std::size_t column) { return some.at(i, column).integer; };
      const std::int64_t bought = at(3) + at(4) + at(5);
      const std::pair<std::int64_t, std::int64_t> accounts[] = {
          {1100, at(2)}, {4100, -at(3)}, {4200, -at(4)}, {2300, -at(5)}, {2400, bought - at(2)}};
      for (const auto& [account, amount] : accounts) {
        if (amount != 0) {
          lines_[{at(0), at(1), account}] += amount;
        }
      }
      if (at(8) == 0) {
        continue;  // Too little for a month.
      }
      for (const auto& [counts, unit] : {std::pair(&cohorts_, at(6)), {&villages_, at(10)}}) {
        --(*counts)[{unit, MonthBefore(at(7))}][0];
        ++(*counts)[{unit, at(9)}][0];
        auto& money = (*counts)[{unit, at(0) / 100}];
        money[1] += at(8);
        money[2] += bought;
      }
    }
  }

  void Write() {
    for (const auto& [key, amount] : lines_) {
      Run(journal_, {std::get<0>(key), std::get<1>(key), std::get<2>(key), amount});
    }
    for (const auto& [key, c] : cohorts_) {
      Run(cohort_, {key.first, key.second, c[0], c[1], c[2]});
    }
    for (const auto& [key, c] : villages_) {
      Run(village_, {key.first, key.second, c[0], c[1], c[2]});
    }
  }

 private:
  /// By cohort or village and month: paid through, months bought, rupiah received.
  using Counts = std::map<std::pair<std::int64_t, std::int64_t>, std::array<std::int64_t, 3>>;

  /// `ended`: what a village has between the others.
  static std::string AddTo(const std::string& table, const std::string& ended) {
    return "INSERT INTO " + table + " VALUES (?1, ?2, 0, 0, ?3, 0, " + ended +
           "?4, ?5)"
           " ON CONFLICT DO UPDATE SET paid_through = paid_through + excluded.paid_through,"
           " months_bought = months_bought + excluded.months_bought,"
           " received_rupiah = received_rupiah + excluded.received_rupiah";
  }

  static std::int64_t MonthBefore(std::int64_t month) {
    return month % 100 == 1 ? month - 89 : month - 1;
  }

  static void Run(RawStatement& statement, std::initializer_list<std::int64_t> numbers) {
    int place = 0;
    for (const std::int64_t number : numbers) {
      statement.Bind(++place, number);
    }
    statement.Run();
  }

  RawStatement from_;
  RawStatement journal_;
  RawStatement cohort_;
  RawStatement village_;
  bool ended_ = false;
  std::map<std::tuple<std::int64_t, std::int64_t, std::int64_t>, std::int64_t> lines_;
  Counts cohorts_;
  Counts villages_;
};

/// Writes tables side by side, in transactions of so many rows of each; the rows of the first.
std::size_t WriteAll(RawDatabase& target, std::size_t per_transaction,
                     std::initializer_list<Table*> tables, Sums* sums, double& seconds) {
  std::size_t written = 0;
  while (true) {
    std::size_t most = 0;
    std::size_t first = 0;
    for (Table* table : tables) {
      const std::size_t rows = table->Fetch(per_transaction);
      first = table == *tables.begin() ? rows : first;
      most = rows > most ? rows : most;
    }
    if (most == 0) {
      return written;
    }
    if (sums != nullptr) {
      sums->Fetch(per_transaction);
    }
    const Watch watch;
    target.Run("BEGIN IMMEDIATE");
    for (Table* table : tables) {
      table->Write();
    }
    if (sums != nullptr) {
      sums->Write();
    }
    target.Run("COMMIT");
    seconds += watch.seconds();
    written += first;
  }
}

int Main(char** arguments) {
  RawDatabase done(arguments[1]);
  RawDatabase target(arguments[2]);
  const auto rows = static_cast<std::size_t>(std::atoll(arguments[3]));
  const std::int64_t first =
      target.ReadNumber("SELECT next_value FROM sequence WHERE name = 'payment'");
  double seconds = 0;
  std::size_t payments = 0;
  {
    Table references(done, target.handle(), kReferences, kInsertReference, first);
    WriteAll(target, rows, {&references}, nullptr, seconds);
    Table payment(done, target.handle(), kPayments, kInsertPayment, first);
    Table contribution(done, target.handle(), kContributions, kInsertContribution, first);
    Table membership(done, target.handle(), kMemberships, kUpdateMembership, first);
    Sums sums(done, target.handle(), first);
    payments = WriteAll(target, rows, {&payment, &contribution, &membership}, &sums, seconds);
  }
  std::printf("{\"rows\":%zu,\"seconds\":%.6f}\n", payments, seconds);
  return 0;
}

}  // namespace
}  // namespace jaring::bench

int main(int count, char** arguments) {
  if (count != 4) {
    std::fprintf(stderr, "usage: bench_month_sqlite DONE BEFORE ROWS_PER_TRANSACTION\n");
    return 2;
  }
  return jaring::bench::Main(arguments);
}
