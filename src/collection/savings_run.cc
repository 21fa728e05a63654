#include "collection/savings_run.h"

#include <future>
#include <limits>
#include <map>
#include <string>
#include <utility>

#include "collection/savings_sql.h"
#include "ledger/journal.h"
#include "ledger/month_close.h"

namespace jaring {
namespace {

constexpr std::string_view kLockName = "interest";
constexpr std::int64_t kNoPartner = 0;

ReturnRun ReadRun(const Row& row) {
  ReturnRun run{.terms = {.year = static_cast<int>(row.Int(0)),
                          .rate = Rate::FromPpm(row.Int(1)),
                          .by_day = row.Int(2) != 0},
                .started_at = Instant::FromMicros(row.Int(3)),
                .attempt = row.Int(4),
                .done_person_id = row.Int(5),
                .person_count = row.Int(6),
                .amount = Money::FromRupiah(row.Int(7))};
  if (!row.IsNull(8)) {
    run.finished_at = Instant::FromMicros(row.Int(8));
  }
  return run;
}

Result<std::optional<ReturnRun>> FindRun(Tx& tx, int year) {
  std::optional<ReturnRun> run;
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kFindReturnRun, {year}, [&](const Row& row) { run = ReadRun(row); }));
  return run;
}

/// Payments of some people in the order of their keys, walked along with their contributions.
struct PaymentDay {
  std::int64_t person_id = 0;
  std::int64_t payment_id = 0;
  Instant posted_at = Instant::FromMicros(0);
  Date booked_on = Date::FromDays(0);

  std::pair<std::int64_t, std::int64_t> key() const { return {person_id, payment_id}; }
};

class PaymentDays {
 public:
  Result<Done> Load(Tx& tx, std::int64_t after, std::int64_t through) {
    JARING_RETURN_IF_ERROR(
        tx.Query(sql::kScanDaysOfPayments, {after, through}, [this](const Row& row) {
          days_.push_back({row.Int(0), row.Int(1), Instant::FromMicros(row.Int(3)),
                           Instant::FromMicros(row.Int(2)).JakartaDate()});
        }));
    const auto payments = static_cast<std::ptrdiff_t>(days_.size());
    JARING_RETURN_IF_ERROR(
        tx.Query(sql::kScanDaysOfMoves, {after, through}, [this](const Row& row) {
          const Instant posted_at = Instant::FromMicros(row.Int(2));  // Whenever it was paid.
          days_.push_back({row.Int(0), row.Int(1), posted_at, posted_at.JakartaDate()});
        }));
    std::inplace_merge(days_.begin(), days_.begin() + payments, days_.end(), Before);
    Result<Done> late = Done{};
    JARING_RETURN_IF_ERROR(tx.Query(sql::kScanLateDays, {after, through}, [&](const Row& row) {
      const auto booked_on = Date::ParseNumber(row.Int(2));
      PaymentDay* day = Find(row.Int(0), row.Int(1));
      if (day == nullptr || !booked_on) {
        late = Internal("interest.payment_missing", std::to_string(row.Int(1)));
      } else {
        day->booked_on = *booked_on;
      }
    }));
    return late;
  }

  PaymentDay* Find(std::int64_t person_id, std::int64_t payment_id) {
    const PaymentDay wanted{.person_id = person_id, .payment_id = payment_id};
    const auto at = std::lower_bound(days_.begin(), days_.end(), wanted, Before);
    return at != days_.end() && at->key() == wanted.key() ? &*at : nullptr;
  }

 private:
  static bool Before(const PaymentDay& a, const PaymentDay& b) { return a.key() < b.key(); }

  std::vector<PaymentDay> days_;
};

/// The savings of people after one number up to another, by person.
Result<std::vector<SavingsAccount>> LoadSavings(Tx& tx, std::int64_t after, std::int64_t through) {
  PaymentDays days;
  JARING_RETURN_IF_ERROR(days.Load(tx, after, through));
  std::vector<SavingsAccount> accounts;
  Result<Done> complete = Done{};
  JARING_RETURN_IF_ERROR(tx.Query(sql::kScanSavings, {after, through}, [&](const Row& row) {
    const PaymentDay* paid = days.Find(row.Int(0), row.Int(1));
    if (paid == nullptr) {
      complete = Internal("interest.payment_missing", std::to_string(row.Int(1)));
      return;
    }
    if (accounts.empty() || accounts.back().person_id != row.Int(0)) {
      accounts.emplace_back().person_id = row.Int(0);
    }
    accounts.back().changes.push_back(
        {SavingsDay(Instant::FromMicros(row.Int(3)), paid->posted_at, paid->booked_on),
         Money::FromRupiah(row.Int(2))});
  }));
  if (!complete) {
    return complete.error();
  }
  auto account = accounts.begin();
  JARING_RETURN_IF_ERROR(tx.Query(sql::kScanReturns, {after, through}, [&](const Row& row) {
    while (account != accounts.end() && account->person_id < row.Int(0)) {
      ++account;
    }
    if (account == accounts.end() || account->person_id != row.Int(0)) {
      complete = Internal("interest.payment_missing", "person " + std::to_string(row.Int(0)));
      return;
    }
    account->returns.push_back({static_cast<int>(row.Int(1)), Money::FromRupiah(row.Int(2))});
  }));
  account = accounts.begin();
  JARING_RETURN_IF_ERROR(tx.Query(sql::kScanWithdrawals, {after, through}, [&](const Row& row) {
    while (account != accounts.end() && account->person_id < row.Int(0)) {
      ++account;
    }
    const auto booked_on = Date::ParseNumber(row.Int(1));
    if (account == accounts.end() || account->person_id != row.Int(0) || !booked_on) {
      complete = Internal("interest.payment_missing", "person " + std::to_string(row.Int(0)));
      return;
    }
    account->changes.push_back({*booked_on, -Money::FromRupiah(row.Int(2))});
  }));
  if (!complete) {
    return complete.error();
  }
  return accounts;
}

/// What some people earned, reckoned ahead of its turn to be written.
struct ReturnStep {
  std::int64_t through = 0;
  ValueRows rows{3};
  Money amount;
};

class ReturnRunner {
 public:
  ReturnRunner(Database& db, const Agency& agency, const ReturnOptions& options)
      : db_(db), agency_(agency), options_(options) {}

  Result<ReturnRun> Run() {
    JARING_ASSIGN_OR_RETURN(const auto lock, db_.TryLock(kLockName));
    if (lock == nullptr) {
      return Conflict("interest.running");
    }
    JARING_RETURN_IF_ERROR(db_.Write([this](Tx& tx) { return Start(tx); }));
    if (run_.finished_at) {
      return run_;
    }
    JARING_RETURN_IF_ERROR(CreditAll());
    JARING_RETURN_IF_ERROR(db_.Write([this](Tx& tx) { return Finish(tx); }));
    return run_;
  }

 private:
  Result<Done> Start(Tx& tx) {
    JARING_RETURN_IF_ERROR(tx.Query(sql::kFindContributors, {}, [this](const Row& row) {
      run_.done_person_id = row.Int(0) - 1;
      last_person_id_ = row.Int(1);
    }));
    JARING_ASSIGN_OR_RETURN(const auto begun, FindRun(tx, options_.year));
    if (begun) {
      run_ = *begun;
      if (!run_.finished_at) {
        ++run_.attempt;
        JARING_RETURN_IF_ERROR(tx.Run(sql::kStartReturnAgain, {options_.year}));
      }
      return Done{};
    }
    JARING_ASSIGN_OR_RETURN(run_.terms, FindReturnTerms(agency_.scheme, options_.year));
    JARING_RETURN_IF_ERROR(CheckYear(tx));
    run_.started_at = options_.now;
    JARING_RETURN_IF_ERROR(tx.Run(sql::kInsertReturnRun,
                                  {options_.year, run_.terms.rate.ppm(), run_.terms.by_day ? 1 : 0,
                                   options_.now.micros(), run_.done_person_id}));
    return Done{};
  }

  Result<Done> CheckYear(Tx& tx) const {
    const std::string year = std::to_string(options_.year);
    JARING_ASSIGN_OR_RETURN(const auto open_from, BooksOpenFrom(tx));
    if (!open_from || *open_from < run_.terms.end()) {
      return Conflict("interest.year_open", year);
    }
    const Date began = Date::FromYearMonthDay(options_.year, 1, 1);
    bool had_savings = false;
    JARING_RETURN_IF_ERROR(
        tx.Query(sql::kFindSavingsBefore,
                 {static_cast<std::int64_t>(Account::kMemberSavings), began.number()},
                 [&](const Row&) { had_savings = true; }));
    JARING_ASSIGN_OR_RETURN(const auto before, FindRun(tx, options_.year - 1));
    if (had_savings && (!before || !before->finished_at)) {
      return Conflict("interest.year_before", std::to_string(options_.year - 1));
    }
    return Done{};
  }

  /// One thread reads and reckons the next people while the other writes.
  Result<Done> CreditAll() {
    auto next = ReckonBeside(run_.done_person_id);
    while (run_.done_person_id < last_person_id_) {
      Result<ReturnStep> reckoned = next.get();
      JARING_ASSIGN_OR_RETURN(const ReturnStep step, std::move(reckoned));
      if (step.through < last_person_id_) {
        next = ReckonBeside(step.through);
      }
      JARING_RETURN_IF_ERROR(db_.Write([&](Tx& tx) { return Credit(tx, step); }));
      run_.done_person_id = step.through;
      run_.person_count += static_cast<std::int64_t>(step.rows.size());
      run_.amount += step.amount;
      if (options_.on_step) {
        JARING_RETURN_IF_ERROR(options_.on_step(run_.done_person_id, last_person_id_));
      }
    }
    return Done{};
  }

  std::future<Result<ReturnStep>> ReckonBeside(std::int64_t after) {
    return std::async(std::launch::async, [this, after] { return Reckon(after); });
  }

  Result<ReturnStep> Reckon(std::int64_t after) const {
    ReturnStep step;
    step.through = std::min(last_person_id_, after + options_.people_per_step);
    JARING_RETURN_IF_ERROR(db_.Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const auto accounts, LoadSavings(tx, after, step.through));
      step.rows.Reserve(accounts.size());
      for (const SavingsAccount& account : accounts) {
        const Money earned = account.ReturnOf(run_.terms);
        if (!earned.is_zero()) {
          step.rows.Add({account.person_id, run_.terms.year, earned.rupiah()});
          step.amount += earned;
        }
      }
      return Done{};
    }));
    return step;
  }

  Result<Done> Credit(Tx& tx, const ReturnStep& step) const {
    JARING_ASSIGN_OR_RETURN(
        const std::int64_t advanced,
        tx.Run(sql::kAdvanceReturnRun,
               {run_.terms.year, run_.attempt, step.through,
                static_cast<std::int64_t>(step.rows.size()), step.amount.rupiah()}));
    if (advanced != 1) {
      return Conflict("interest.taken_over", std::to_string(run_.terms.year));
    }
    JARING_RETURN_IF_ERROR(tx.RunEach(sql::kInsertSavingsReturn, step.rows));
    if (step.rows.empty()) {
      return Done{};
    }
    JournalBook journal;
    const Date day = run_.started_at.JakartaDate();
    journal.Add(day, kNoPartner, Account::kSavingsReturns, step.amount);
    journal.Add(day, kNoPartner, Account::kMemberSavings, -step.amount);
    JARING_ASSIGN_OR_RETURN(const auto open_from, BooksOpenFrom(tx));
    return journal.Post(tx, open_from);
  }

  Result<Done> Finish(Tx& tx) {
    JARING_ASSIGN_OR_RETURN(
        const std::int64_t finished,
        tx.Run(sql::kFinishReturnRun, {run_.terms.year, run_.attempt, options_.now.micros()}));
    if (finished != 1) {
      return Conflict("interest.taken_over", std::to_string(run_.terms.year));
    }
    run_.finished_at = options_.now;
    return options_.note ? options_.note(tx, run_) : Result<Done>(Done{});
  }

  Database& db_;
  const Agency& agency_;
  const ReturnOptions& options_;
  ReturnRun run_;
  std::int64_t last_person_id_ = 0;
};

}  // namespace

Result<std::vector<ReturnRun>> ListReturnRuns(Tx& tx) {
  std::vector<ReturnRun> runs;
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kListReturnRuns, {}, [&](const Row& row) { runs.push_back(ReadRun(row)); }));
  return runs;
}

Result<ReturnRun> CreditReturns(Database& db, const Agency& agency, const ReturnOptions& options) {
  return ReturnRunner(db, agency, options).Run();
}

}  // namespace jaring
