// The bare loop that `jaring month` is measured against: the rows it added to DONE are written into
// BEFORE, a copy of the database as it was.
//
// usage: bench_month_sqlite DONE BEFORE ROWS_PER_TRANSACTION  →  {"rows":…,"seconds":…}
//
// In the order of each table, as the program does: all references first; then payment, contribution
// and the update of membership, person by person. Prepared statements, the same transactions, the
// same settings. Nothing is looked up, checked, sorted or parsed, and journals and counters are
// left out. Only the writing is timed: rows are fetched from DONE between the transactions, so that
// memory does not grow with their number.

#include <cstdio>
#include <cstdlib>

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

/// Writes tables side by side, in transactions of so many rows of each; the rows of the first.
std::size_t WriteAll(RawDatabase& target, std::size_t per_transaction,
                     std::initializer_list<Table*> tables, double& seconds) {
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
    const Watch watch;
    target.Run("BEGIN IMMEDIATE");
    for (Table* table : tables) {
      table->Write();
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
    WriteAll(target, rows, {&references}, seconds);
    Table payment(done, target.handle(), kPayments, kInsertPayment, first);
    Table contribution(done, target.handle(), kContributions, kInsertContribution, first);
    Table membership(done, target.handle(), kMemberships, kUpdateMembership, first);
    payments = WriteAll(target, rows, {&payment, &contribution, &membership}, seconds);
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
