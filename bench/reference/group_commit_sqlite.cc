// The bare group-committing loop single payments over HTTP are measured against: CLIENTS threads
// hand payments to one writer thread, which writes whatever waits in one transaction and answers
// after COMMIT. While one group is on its way to the disk the next one gathers.
//
// usage: bench_group_commit_sqlite DATABASE PLAN MONTH DAY CLIENTS SECONDS
//   →  {"requests":…,"seconds":…,"rate":…,"p50_us":…,"p99_us":…,"groups":…}
//
// PLAN has lines "bill_code amount" in the order they are paid. Each payment writes the same rows
// as POST /v1/payments: idempotency_key, payment, payment_reference, contribution, the update of
// membership; and once for a group journals, counters and sequences. Nothing is looked up, parsed
// or checked; what each membership becomes is computed beforehand.

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <mutex>
#include <thread>

#include "bench/reference/raw_sqlite.h"

namespace jaring::bench {
namespace {

/// One payment, ready to be written.
struct Command {
  std::int64_t person_id = 0;
  std::int64_t cohort_id = 0;
  std::int64_t amount = 0;
  std::string reference;
  std::string key;
  bool done = false;
};

struct When {
  std::int64_t month = 0;
  std::int64_t day = 0;
  std::int64_t micros = 0;
};

/// The rows of one payment; its text columns are as long as the program's.
class GroupWriter {
 public:
  GroupWriter(RawDatabase& db, const When& when)
      : db_(db),
        when_(when),
        answer_(db.handle(), "INSERT INTO idempotency_key VALUES (?1, ?2, ?3, ?4, ?5, ?6)"),
        payment_(db.handle(),
                 "INSERT INTO payment VALUES (?1, ?2, 1, ?3, 1, ?4, ?5, ?5, ?6, NULL)"),
        reference_(db.handle(), "INSERT INTO payment_reference VALUES (1, ?1, 1, ?2, ?3, ?4)"),
        contribution_(
            db.handle(),
            "INSERT INTO contribution VALUES (?1, ?2, 1, ?3, ?4, 1, ?5, ?6, ?7, ?8, NULL)"),
        membership_(db.handle(),
                    "UPDATE membership SET first_month = ?2, paid_through = ?2, cover_from = ?3,"
                    " credit_rupiah = 0 WHERE person_id = ?1 AND membership_seq = 1"),
        journal_(db.handle(),
                 "INSERT INTO journal_line VALUES (?1, 1, ?2, ?3) ON CONFLICT DO UPDATE SET"
                 " amount_rupiah = amount_rupiah + excluded.amount_rupiah"),
        counter_(db.handle(),
                 "INSERT INTO coverage_counter VALUES (?1, ?2, 0, ?3, ?3, 0, ?4, ?5)"
                 " ON CONFLICT DO UPDATE SET begun = begun + excluded.begun,"
                 " paid_through = paid_through + excluded.paid_through,"
                 " months_bought = months_bought + excluded.months_bought,"
                 " received_rupiah = received_rupiah + excluded.received_rupiah"),
        sequence_(db.handle(),
                  "UPDATE sequence SET next_value = next_value + ?1"
                  " WHERE name IN ('payment', 'contribution')") {
    payment_id_ = db.ReadNumber("SELECT next_value FROM sequence WHERE name = 'payment'");
    contribution_id_ = db.ReadNumber("SELECT next_value FROM sequence WHERE name = 'contribution'");
  }

  void Write(std::vector<Command*>& group) {
    std::sort(group.begin(), group.end(),
              [](const Command* a, const Command* b) { return a->person_id < b->person_id; });
    db_.Run("BEGIN IMMEDIATE");
    std::map<std::int64_t, std::pair<std::int64_t, std::int64_t>> by_cohort;
    std::int64_t sum = 0;
    for (const Command* command : group) {
      WriteOne(*command);
      auto& [count, rupiah] = by_cohort[command->cohort_id];
      ++count;
      rupiah += command->amount;
      sum += command->amount;
    }
    for (const auto& [account, amount] :
         {std::pair(1100, sum), std::pair(4100, -sum / 4), std::pair(4200, -sum / 4),
          std::pair(2300, -(sum - sum / 4 - sum / 4))}) {
      RunNumbers(journal_, {when_.day, account, amount});
    }
    for (const auto& [cohort, counts] : by_cohort) {
      RunNumbers(counter_, {cohort, when_.month, counts.first, counts.first, counts.second});
      RunNumbers(counter_, {cohort, 0, counts.first, 0, 0});
    }
    RunNumbers(sequence_, {static_cast<std::int64_t>(group.size())});
    db_.Run("COMMIT");
  }

 private:
  static void RunNumbers(RawStatement& statement, std::initializer_list<std::int64_t> numbers) {
    int place = 0;
    for (const std::int64_t number : numbers) {
      statement.Bind(++place, number);
    }
    statement.Run();
  }

  void WriteOne(const Command& c) {
    const std::int64_t quarter = c.amount / 4;
    answer_.Bind(1, client_);
    answer_.Bind(2, c.key);
    answer_.BindBytes(3, fingerprint_);
    answer_.Bind(4, 201);
    answer_.Bind(5, body_);
    answer_.Bind(6, when_.micros);
    answer_.Run();
    payment_.Bind(1, c.person_id);
    payment_.Bind(2, payment_id_);
    payment_.Bind(3, c.reference);
    payment_.Bind(4, c.amount);
    payment_.Bind(5, when_.micros);
    payment_.Bind(6, channel_);
    payment_.Run();
    reference_.Bind(1, c.reference);
    reference_.Bind(2, payment_id_);
    reference_.Bind(3, c.person_id);
    reference_.Bind(4, c.amount);
    reference_.Run();
    RunNumbers(contribution_, {c.person_id, contribution_id_, payment_id_, when_.month, quarter,
                               quarter, c.amount - quarter - quarter, when_.micros});
    RunNumbers(membership_, {c.person_id, when_.month, when_.day});
    ++payment_id_;
    ++contribution_id_;
  }

  RawDatabase& db_;
  const When when_;
  const std::string client_ = "api";
  const std::string channel_ = "api";
  const std::string fingerprint_ = std::string(32, '\x5a');
  const std::string body_ = std::string(190, 'a');
  std::int64_t payment_id_ = 0;
  std::int64_t contribution_id_ = 0;
  RawStatement answer_;
  RawStatement payment_;
  RawStatement reference_;
  RawStatement contribution_;
  RawStatement membership_;
  RawStatement journal_;
  RawStatement counter_;
  RawStatement sequence_;
};

/// Where clients leave commands; each client waits on a condition of its own.
class Exchange {
 public:
  explicit Exchange(std::size_t clients) : answered_(clients) {}

  void Ask(std::size_t client, Command& command) {
    std::unique_lock lock(mutex_);
    waiting_.emplace_back(&command, client);
    if (waiting_.size() == 1) {
      arrived_.notify_one();
    }
    answered_[client].wait(lock, [&] { return command.done; });
  }

  void Stop() {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    arrived_.notify_one();
  }

  /// Returns the number of groups written.
  std::size_t Serve(GroupWriter& writer) {
    std::size_t groups = 0;
    std::vector<std::pair<Command*, std::size_t>> taken;
    std::vector<Command*> group;
    for (;; ++groups) {
      {
        std::unique_lock lock(mutex_);
        arrived_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (waiting_.empty()) {
          return groups;
        }
        taken.swap(waiting_);
      }
      for (const auto& [command, client] : taken) {
        group.push_back(command);
      }
      writer.Write(group);
      group.clear();
      const std::lock_guard lock(mutex_);
      for (const auto& [command, client] : taken) {
        command->done = true;
        answered_[client].notify_one();
      }
      taken.clear();
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<std::condition_variable> answered_;
  std::vector<std::pair<Command*, std::size_t>> waiting_;
  bool stopping_ = false;
};

std::vector<Command> LoadPlan(RawDatabase& db, const char* file) {
  std::vector<Command> commands;
  RawStatement find(db.handle(), "SELECT cohort_id FROM membership WHERE person_id = ?1");
  std::ifstream in(file);
  std::string bill_code;
  std::int64_t amount = 0;
  while (in >> bill_code >> amount) {
    Command c;
    c.person_id = std::atoll(bill_code.substr(0, 9).c_str());
    c.amount = amount;
    const std::string number = std::to_string(10'000'000 + commands.size());
    c.reference = "H-" + number;
    c.key = "key-" + number;
    find.Bind(1, c.person_id);
    if (!find.Step()) {
      Fail("the plan names a member the database does not have");
    }
    c.cohort_id = find.Int(0);
    find.Reset();
    commands.push_back(std::move(c));
  }
  return commands;
}

int Main(char** arguments) {
  RawDatabase db(arguments[1]);
  std::vector<Command> commands = LoadPlan(db, arguments[2]);
  const auto clients = static_cast<std::size_t>(std::atoi(arguments[5]));
  const double limit = std::atof(arguments[6]);
  GroupWriter writer(db,
                     {std::atoll(arguments[3]), std::atoll(arguments[4]), 1'780'000'000'000'000});
  Exchange exchange(clients);
  std::size_t groups = 0;
  std::thread server([&] { groups = exchange.Serve(writer); });
  std::vector<std::vector<double>> micros(clients);
  const Watch watch;
  std::vector<std::thread> threads;
  for (std::size_t n = 0; n < clients; ++n) {
    threads.emplace_back([&, n] {
      for (std::size_t i = n; i < commands.size() && watch.seconds() < limit; i += clients) {
        const double start = watch.seconds();
        exchange.Ask(n, commands[i]);
        micros[n].push_back((watch.seconds() - start) * 1e6);
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  const double seconds = watch.seconds();
  exchange.Stop();
  server.join();
  std::vector<double> all;
  for (const auto& part : micros) {
    all.insert(all.end(), part.begin(), part.end());
  }
  std::sort(all.begin(), all.end());
  std::printf(
      "{\"requests\":%zu,\"seconds\":%.4f,\"rate\":%.1f,\"p50_us\":%.0f,\"p99_us\":%.0f,"
      "\"groups\":%zu}\n",
      all.size(), seconds, static_cast<double>(all.size()) / seconds, all[all.size() / 2],
      all[all.size() * 99 / 100], groups);
  return 0;
}

}  // namespace
}  // namespace jaring::bench

int main(int count, char** arguments) {
  if (count != 7) {
    std::fprintf(stderr,
                 "usage: bench_group_commit_sqlite DATABASE PLAN MONTH DAY CLIENTS SECONDS\n");
    return 2;
  }
  return jaring::bench::Main(arguments);
}
