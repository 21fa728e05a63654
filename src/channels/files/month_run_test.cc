#include "channels/files/month_run.h"

#include <fstream>
#include <random>
#include <sstream>

#include "base/source_dir.h"
#include "channels/files/collect_file.h"
#include "channels/files/sorted_spool.h"
#include "collection/collection_fixture.h"
#include "collection/membership_end.h"
#include "collection/person_merge.h"
#include "collection/reversal.h"
#include "insight/verify.h"

namespace jaring {
namespace {

/// Everything that money changes, row by row. `with_numbers`: also what is numbered as it comes.
std::string BooksOf(Database& db, bool with_numbers) {
  struct Question {
    const char* sql;
    int columns;
  };
  static constexpr Question kFigures[] = {
      {"SELECT business_day, partner_id, account, amount_rupiah FROM journal_line"
       " WHERE amount_rupiah <> 0 ORDER BY 1, 2, 3",
       4},
      {"SELECT cohort_id, month, registered, begun, paid_through, restarted, months_bought,"
       " received_rupiah FROM coverage_counter WHERE registered <> 0 OR begun <> 0 OR"
       " paid_through <> 0 OR restarted <> 0 OR months_bought <> 0 OR received_rupiah <> 0"
       " ORDER BY 1, 2",
       8},
      {"SELECT person_id, membership_seq, first_month, paid_through, cover_from, credit_rupiah"
       " FROM membership ORDER BY 1, 2",
       6},
      {"SELECT person_id, membership_seq, first_month, months, jkk_rupiah, jkm_rupiah, jht_rupiah"
       " FROM contribution ORDER BY 1, 2, 3, 4",
       7},
      {"SELECT partner_id, person_id, kind, amount_rupiah FROM payment_reference"
       " ORDER BY partner_id, reference, kind",
       4}};
  static constexpr Question kNumbered[] = {
      // With the rows in which what was added was taken off again: sets of other sizes differ
      // there.
      {"SELECT cohort_id, month FROM coverage_counter ORDER BY 1, 2", 2},
      {"SELECT person_id, payment_id, partner_id, kind, amount_rupiah, paid_at, of_payment_id"
       " FROM payment ORDER BY 1, 2",
       7},
      {"SELECT person_id, payment_id, first_month, months FROM contribution ORDER BY 1, 2, 3, 4",
       4},
      {"SELECT payment_id, amount_rupiah, placed_payment_id FROM suspense ORDER BY 1", 3},
      {"SELECT person_id, payment_id, booked_on FROM late_posting ORDER BY 1, 2", 3},
      {"SELECT month, partner_id, account, amount_rupiah FROM closed_balance ORDER BY 1, 2, 3", 4}};
  std::string books;
  const auto add = [&](Tx& tx, const Question& question) {
    return tx.Query(question.sql, {}, [&](const Row& row) {
      for (int i = 0; i < question.columns; ++i) {
        books += row.IsNull(i) ? "-" : std::to_string(row.Int(i));
        books += i + 1 < question.columns ? ' ' : '\n';
      }
    });
  };
  const auto done = db.Read([&](Tx& tx) -> Result<Done> {
    for (const Question& question : kFigures) {
      JARING_RETURN_IF_ERROR(add(tx, question));
    }
    for (const Question& question : kNumbered) {
      JARING_RETURN_IF_ERROR(with_numbers ? add(tx, question) : Result<Done>(Done{}));
    }
    return Done{};
  });
  EXPECT_TRUE(done) << done.error().detail;
  return books;
}

/// The first line that differs; empty when none does.
std::string Difference(const std::string& a, const std::string& b) {
  std::istringstream ones(a);
  std::istringstream others(b);
  std::string one;
  std::string other;
  while (true) {
    const bool more = static_cast<bool>(std::getline(ones, one));
    const bool more_others = static_cast<bool>(std::getline(others, other));
    if (more != more_others || (more && one != other)) {
      return (more ? one : "(end)") + " / " + (more_others ? other : "(end)");
    }
    if (!more) {
      return "";
    }
  }
}

std::string TextOf(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

class MonthRunTest : public CollectionTest {
 protected:
  static constexpr int kPeople = 60;

  void SetUp() override {
    CollectionTest::SetUp();
    if (!IsSkipped()) {
      Fill(db());
      std::filesystem::create_directories(inbox());
    }
  }

  /// Sixty people, of whom the first ten have paid for a month before.
  void Fill(Database& db) {
    const auto filled = db.Write([&](Tx& tx) -> Result<Done> {
      std::vector<Enrolment> rows;
      rows.reserve(kPeople);
      for (int n = 0; n < kPeople; ++n) {
        rows.push_back(PersonNumber(n));
      }
      JARING_ASSIGN_OR_RETURN(
          const auto outcomes,
          EnrolPeople(tx, agency_, EnrolmentSource{.now = Noon(D(20260105))}, rows));
      members_.clear();
      for (const EnrolmentOutcome& outcome : outcomes) {
        members_.push_back(outcome.member);
      }
      std::vector<std::string> references;
      std::vector<PaymentRequest> paid;
      for (std::size_t n = 0; n < 10; ++n) {
        references.push_back("before-" + std::to_string(n));
      }
      for (std::size_t n = 0; n < 10; ++n) {
        paid.push_back({.partner_id = kFirstPartner,
                        .reference = references[n],
                        .member = members_[n],
                        .code_as_sent = "code",
                        .amount = Rp(150),
                        .paid_at = Noon(D(20260110))});
      }
      JARING_RETURN_IF_ERROR(PostPayments(tx, agency_, paid, Noon(D(20260110))));
      return Done{};
    });
    ASSERT_TRUE(filled) << filled.error().rule << filled.error().detail;
  }

  std::filesystem::path inbox() { return scratch().folder() / "inbox"; }

  std::string Code(int n) const { return BillCodeOf(members_[static_cast<std::size_t>(n)]); }

  /// Three files of two partners: people pay by code and by NIK, twice, too little, for nobody,
  /// take back, repeat, and get rows wrong.
  std::vector<MonthFile> WriteFiles() {
    std::string pos = "bill_code,nik,amount,paid_at,reference\n";
    std::string bank = pos;
    std::string more = pos;
    for (int n = 0; n < kPeople; ++n) {
      const std::string day = "2026-02-" + std::to_string(10 + n % 18);
      const std::string reference = "m" + std::to_string((n * 37) % 1000);
      std::string& file = n % 3 == 0 ? pos : n % 3 == 1 ? bank : more;
      if (n % 7 == 3) {
        file += "," + std::string(PersonNumber(n).nik.Reveal()) + ",300," + day + "," + reference +
                "\n";
      } else {
        file += Code(n) + ",," + std::to_string(150 + 40 * (n % 5)) + "," + day + "," + reference +
                "\n";
      }
    }
    pos += Code(22) + ",,150,2026-02-03,early\n";    // Paid before what bank says of her.
    bank += Code(1) + ",,150,2026-02-27,m111\n";     // Reference of n = 3, which pos has.
    pos += Code(3) + ",,190,2026-02-13,m111\n";      // Repeated with another amount: refused.
    pos += Code(6) + ",,150,2026-02-14,before-1\n";  // Of another member: refused.
    pos += Code(2) + ",,150,2026-01-10,before-2\n";  // Came long before.
    more += BillCodeOf({100'009'999, 1}) + ",,150,2026-02-14,nobody-1\n";  // No such code.
    more += "," + std::string(PersonNumber(500).nik.Reveal()) + ",150,2026-02-14,nobody-2\n";
    bank += Code(4) + ",,-150,2026-02-20,before-4\n";  // Not the bank's.
    pos += Code(4) + ",,-150,2026-02-20,before-4\n";   // Takes back what came before.
    pos += Code(6) + ",,-190,2026-02-25,m222\n";       // And what stands in these files.
    pos += Code(6) + ",,-190,2026-02-25,m222\n";       // Told of twice.
    pos += Code(5) + ",,150,2026-12-01,future\n";
    more += Code(5) + ",,150.5,2026-02-01,broken\n";
    more += Code(5) + ",,150,2026-02-01,cut";
    WriteText(inbox() / "pos-1.csv", pos);
    WriteText(inbox() / "bank_febr.csv", bank);
    WriteText(inbox() / "bank.2.csv", more);
    return {{(inbox() / "pos-1.csv").string(), kFirstPartner, "pos"},
            {(inbox() / "bank_febr.csv").string(), kFirstPartner + 1, "bank"},
            {(inbox() / "bank.2.csv").string(), kFirstPartner + 1, "bank"}};
  }

  MonthOptions Options(Date today = D(20260305)) {
    return {.month = M(202602),
            .now = Noon(today),
            .work_folder = scratch().folder().string(),
            .rows_per_step = 7,
            .memory_bytes = 1'000};  // A dozen runs to merge.
  }

  Result<MonthSummary> Run(Database& db, const std::vector<MonthFile>& files,
                           const MonthOptions& options) {
    return RunMonth(db, agency_, files, options, messages_);
  }

  void ExpectClean(Database& db) {
    const auto done = db.Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const VerifyReport report, Verify(tx, agency_));
      for (const Violation& v : report.violations) {
        ADD_FAILURE() << v.invariant << ": " << v.subject;
      }
      return Done{};
    });
    EXPECT_TRUE(done) << done.error().detail;
  }

  /// A database of its own, filled as the test's is.
  std::unique_ptr<ScratchDatabase> Another() {
    auto another = std::make_unique<ScratchDatabase>(GetParam());
    const auto made = another->db().Write([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(CreateAgency(tx, agency_, files_, Noon(D(20260101))));
      JARING_RETURN_IF_ERROR(CreatePartner(tx, "pos", "Kantor Pos"));
      JARING_RETURN_IF_ERROR(CreatePartner(tx, "bank", "Bank"));
      return Done{};
    });
    EXPECT_TRUE(made) << made.error().detail;
    Fill(another->db());
    return another;
  }

  static std::string Counts(const FileSummary& s) {
    return std::to_string(s.rows) + " " + std::to_string(s.accepted) + " " +
           std::to_string(s.repeated) + " " + std::to_string(s.rejected) + " " +
           std::to_string(s.suspended) + " " + std::to_string(s.late);
  }

  static std::string AllCounts(const MonthSummary& summary) {
    std::string text;
    for (const MonthFileSummary& file : summary.files) {
      text += file.file.partner + " " + Counts(file.rows) + "; ";
    }
    return text + Counts(summary.total);
  }

  std::vector<MemberNumber> members_;
  Messages messages_ = *Messages::Load(SourceDir() + "/data/messages.toml");
};

JARING_ON_EACH_ENGINE(MonthRunTest);

TEST_P(MonthRunTest, PostsTheFilesAndClosesTheMonth) {
  const auto files = WriteFiles();
  const auto summary = Run(db(), files, Options());
  ASSERT_TRUE(summary) << summary.error().rule << " " << summary.error().detail;
  ExpectClean(db());
  // 60 rows of people and 14 more: 64 posted, 2 repeated, 6 refused, 2 in suspense, none late.
  EXPECT_EQ(Counts(summary->total), "74 64 2 6 2 0");
  ASSERT_TRUE(summary->closed);
  EXPECT_EQ(summary->closed->month, M(202602));
  EXPECT_EQ(summary->files.size(), 3U);
  const std::string pos = TextOf(inbox() / "pos-1.csv.rejected.csv");
  for (const char* rule : {"m111,23,reference,payment.reference_reused", "payment.in_future"}) {
    EXPECT_NE(pos.find(rule), std::string::npos) << rule << " in\n" << pos;
  }
  const std::string more = TextOf(inbox() / "bank.2.csv.rejected.csv");
  EXPECT_NE(more.find("amount.ambiguous"), std::string::npos) << more;
  EXPECT_NE(more.find("file.last_line_cut"), std::string::npos) << more;
  // Her two payments count in the order of their days, whatever file they stand in.
  EXPECT_EQ(MembershipOf(members_[22]).cover_from, D(20260203));
}

/// Steps are planned while the one before is written: whoever writes in between must be seen.
TEST_P(MonthRunTest, SeesWhatOthersWriteBetweenItsSteps) {
  std::string text = "bill_code,amount,paid_at,reference\n";
  for (int n = 0; n < kPeople; ++n) {
    text += Code(n) + ",300,2026-02-12,r" + std::to_string(n) + "\n";
  }
  WriteText(inbox() / "pos-1.csv", text);
  const auto beside = Database::Connect(scratch().address(), Database::Open::kMustExist);
  ASSERT_TRUE(beside);
  std::vector<std::int64_t> ended;
  MonthOptions options = Options();
  options.on_step = [&](MonthPhase phase, std::int64_t done, std::int64_t) -> Result<Done> {
    // From the tenth on nobody has paid before. Of the step that comes next, by this program's own
    // connection and by another's.
    if (phase == MonthPhase::kPost && done > 10 && done + 3 < kPeople) {
      const MemberNumber& member = members_[static_cast<std::size_t>(done + 3)];
      Database& by = ended.size() % 2 == 0 ? db() : **beside;
      ended.push_back(member.person_id);
      return by.Write([&](Tx& tx) {
        return EndMembership(tx, agency_, {.member = member, .ended_on = D(20260201)},
                             Noon(D(20260304)));
      });
    }
    return Done{};
  };
  const auto summary =
      Run(db(), {{(inbox() / "pos-1.csv").string(), kFirstPartner, "pos"}}, options);
  ASSERT_TRUE(summary) << summary.error().rule << " " << summary.error().detail;
  ASSERT_GE(ended.size(), 6U);
  EXPECT_EQ(summary->total.suspended, static_cast<std::int64_t>(ended.size()));
  for (const std::int64_t person_id : ended) {
    const std::string paid =
        "SELECT COUNT(*) FROM payment WHERE person_id = " + std::to_string(person_id);
    EXPECT_EQ(Number(paid.c_str()), 0);
  }
  ExpectClean(db());
}

TEST_P(MonthRunTest, DoesNotDependOnTheOrderOfFilesOrOnSizes) {
  auto files = WriteFiles();
  const auto first = Run(db(), files, Options());
  ASSERT_TRUE(first) << first.error().rule;
  const auto another = Another();
  std::reverse(files.begin(), files.end());
  MonthOptions large = Options();
  large.rows_per_step = 1'000;
  large.memory_bytes = 1'000'000;
  const auto second = Run(another->db(), files, large);
  ASSERT_TRUE(second) << second.error().rule;
  EXPECT_EQ(Difference(BooksOf(db(), true), BooksOf(another->db(), true)), "");
  EXPECT_EQ(AllCounts(*first), AllCounts(*second));
}

TEST_P(MonthRunTest, EndsInTheBooksThatCollectMakes) {
  // Without what depends on the order files come in: references of several rows, reversals.
  std::vector<MonthFile> files;
  std::mt19937 random(7);
  for (const auto& [name, partner] : {std::pair("pos-1.csv", 0), std::pair("bank-1.csv", 1)}) {
    std::string text = "bill_code,amount,paid_at,reference\n";
    for (int n = partner; n < kPeople; n += 2) {
      for (int k = 0; n == 30 && k < 40; ++k) {  // Pays daily and more: longer than several steps.
        text +=
            Code(n) + ",30,2026-02-" + std::to_string(10 + k / 3) + ",d" + std::to_string(k) + "\n";
      }
      for (auto k = n == 30 ? 0 : random() % 3; k > 0; --k) {
        text += Code(n) + "," + std::to_string(100 + random() % 300) + ",2026-02-" +
                std::to_string(28 - k * 5) + ",r" + std::to_string(random()) + "\n";
      }
    }
    WriteText(inbox() / name, text);
    files.push_back(
        {(inbox() / name).string(), kFirstPartner + partner, partner == 0 ? "pos" : "bank"});
  }
  ASSERT_TRUE(Run(db(), files, Options()));
  const auto another = Another();
  for (const MonthFile& file : files) {
    const FileOptions options{.now = Noon(D(20260305))};
    const auto collected = CollectFile(another->db(), agency_, file.partner_id, DiskFile(file.path),
                                       options, messages_);
    ASSERT_TRUE(collected) << collected.error().rule;
    EXPECT_EQ(collected->rejected, 0);
  }
  EXPECT_EQ(Difference(BooksOf(db(), false), BooksOf(another->db(), false)), "");
  ExpectClean(db());
}

TEST_P(MonthRunTest, GoesOnWhereverItWasKilled) {
  const auto files = WriteFiles();
  const auto whole = Run(db(), files, Options());
  ASSERT_TRUE(whole) << whole.error().rule;
  const std::string books = BooksOf(db(), true);
  const std::string rejected = TextOf(inbox() / "pos-1.csv.rejected.csv");
  bool finished = false;
  // On PostgreSQL a database is dear: every fifth place.
  for (int writes = 0; !finished; writes += GetParam() == Database::Engine::kSqlite ? 1 : 5) {
    SCOPED_TRACE(writes);
    const auto another = Another();
    DyingDatabase dying(another->db(), writes);
    finished = Run(dying, files, Options()).has_value();
    MonthOptions other_steps = Options(D(20260306));
    other_steps.rows_per_step = 5;
    const auto again = Run(another->db(), files, other_steps);
    ASSERT_TRUE(again) << again.error().rule << " " << again.error().detail;
    EXPECT_EQ(Difference(BooksOf(another->db(), true), books), "");
    if (finished) {
      EXPECT_TRUE(again->finished_before);
    } else {
      EXPECT_EQ(AllCounts(*again), AllCounts(*whole));
    }
    EXPECT_EQ(TextOf(inbox() / "pos-1.csv.rejected.csv"), rejected);
  }
  ExpectClean(db());
}

TEST_P(MonthRunTest, WhatIsReservedIsNotPostedByAnotherWayAndNotTakenBack) {
  const auto files = WriteFiles();
  DyingDatabase dying(db(), 12);  // All is reserved, two or three steps are posted.
  ASSERT_FALSE(Run(dying, files, Options()));
  ASSERT_EQ(Number("SELECT COUNT(*) FROM month_run WHERE finished_at IS NULL"), 1);
  const std::int64_t unposted = Number(
      "SELECT MIN(r.person_id) FROM payment_reference r WHERE r.person_id > 0 AND NOT EXISTS"
      " (SELECT 1 FROM payment p WHERE p.person_id = r.person_id AND p.payment_id = r.payment_id)");
  ASSERT_GT(unposted, 0);
  const int n = static_cast<int>(unposted - members_[0].person_id);
  const std::string reference = "m" + std::to_string((n * 37) % 1000);
  const std::int64_t partner = kFirstPartner + (n % 3 == 0 ? 0 : 1);
  const std::int64_t amount =
      Number("SELECT amount_rupiah FROM payment_reference WHERE partner_id = $1 AND reference = $2",
             {partner, reference});
  const auto pay = [&](std::string ref, std::int64_t rupiah) {
    return Pay({.reference = std::move(ref),
                .member = members_[static_cast<std::size_t>(n)],
                .rupiah = rupiah,
                .on = D(20260306),
                .partner_id = partner});
  };
  EXPECT_EQ(pay(reference, amount).status, PaymentStatus::kRepeated);
  EXPECT_EQ(pay(reference, -amount).rule, "payment.being_posted");
  const auto merged = db().Write([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(
        MergePersons(tx, agency_, {unposted, members_[1].person_id}, Noon(D(20260306))));
    return Done{};
  });
  EXPECT_EQ(merged ? "" : merged.error().rule, "month.being_posted");

  // She pays by another way before the run goes on; then that payment is taken back.
  EXPECT_EQ(pay("online", 150).status, PaymentStatus::kPosted);
  const auto summary = Run(db(), files, Options(D(20260307)));
  ASSERT_TRUE(summary) << summary.error().rule;
  EXPECT_EQ(Counts(summary->total), "74 64 2 6 2 0");
  ExpectClean(db());
  EXPECT_EQ(Number("SELECT COUNT(*) FROM month_renumbered"), 1);
  // What was posted after it is known after it.
  EXPECT_EQ(Number("SELECT COUNT(*) FROM payment p JOIN month_renumbered r ON r.payment_id ="
                   " p.payment_id JOIN payment o ON o.person_id = p.person_id AND o.reference ="
                   " 'online' WHERE p.posted_at >= o.posted_at"),
            1);
  EXPECT_EQ(pay("online", -150).status, PaymentStatus::kPosted);
  ExpectClean(db());
  EXPECT_EQ(pay(reference, -amount).status, PaymentStatus::kPosted);
  ExpectClean(db());
}

TEST_P(MonthRunTest, CountsOnceWhatGotAnotherNumberBeforeItWasKilledAgain) {
  const auto files = WriteFiles();
  DyingDatabase reserved(db(), 10);  // Nothing is posted yet.
  ASSERT_FALSE(Run(reserved, files, Options()));
  Pay({.reference = "online", .member = members_[1], .rupiah = 150, .on = D(20260306)});
  DyingDatabase posted(db(), 15);
  ASSERT_FALSE(Run(posted, files, Options()));
  ASSERT_EQ(Number("SELECT COUNT(*) FROM month_renumbered"), 2);  // She pays twice in the files.
  const auto summary = Run(db(), files, Options(D(20260307)));
  ASSERT_TRUE(summary) << summary.error().rule;
  EXPECT_EQ(Counts(summary->total), "74 64 2 6 2 0");
  ExpectClean(db());
}

TEST_P(MonthRunTest, SaysWhyItDoesNotBegin) {
  const auto files = WriteFiles();
  const auto rule = [&](const std::vector<MonthFile>& some, const MonthOptions& options) {
    const auto run = Run(db(), some, options);
    return run ? "done" : run.error().rule;
  };
  EXPECT_EQ(rule(files, Options(D(20260228))), "month.not_over");
  {
    const auto held = db().TryLock("month");
    ASSERT_TRUE(held && *held);
    EXPECT_EQ(rule(files, Options()), "month.running");
  }
  WriteText(inbox() / "pos-2.csv",
            "bill_code,amount,paid_at,reference\n" + Code(1) + ",150,2026-02-01,x\nTOTAL,1,151\n");
  auto with_bad = files;
  with_bad.push_back({(inbox() / "pos-2.csv").string(), kFirstPartner, "pos"});
  EXPECT_EQ(rule(with_bad, Options()), "file.control_total_differs");
  EXPECT_EQ(Number("SELECT COUNT(*) FROM month_run"), 0);
  EXPECT_EQ(Number("SELECT COUNT(*) FROM payment"), 10);
  MonthOptions nowhere = Options();
  nowhere.work_folder += "/nowhere";
  EXPECT_EQ(rule(files, nowhere), "spool.unwritable");

  DyingDatabase dying(db(), 5);
  ASSERT_FALSE(Run(dying, files, Options()));
  auto fewer = files;
  fewer.pop_back();
  EXPECT_EQ(rule(fewer, Options()), "month.other_files");
  MonthOptions january = Options();
  january.month = M(202601);
  EXPECT_EQ(rule(files, january), "month.other_unfinished");
  EXPECT_EQ(rule(files, Options()), "done");
  EXPECT_EQ(rule(files, Options()), "done");  // And says when.
  EXPECT_EQ(rule(fewer, Options()), "month.closed");
}

TEST_P(MonthRunTest, AnEarlierStartDoesNotWriteOn) {
  const auto start = [this] {
    MonthRun run;
    Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(run, StartMonthRun(tx, M(202602), "files", 10, Noon(D(20260305))));
      return Done{};
    });
    return run;
  };
  const auto rule = [this](const std::function<Result<Done>(Tx&)>& work) {
    const auto done = db().Write(work);
    return done ? "done" : done.error().rule;
  };
  const MonthRun first = start();
  const MonthRun second = start();
  EXPECT_EQ(first.first_payment_id, second.first_payment_id);
  const auto advance = [](const MonthRun& run) {
    return [&run](Tx& tx) { return AdvanceMonthRun(tx, run, 0, {}); };
  };
  const auto finish = [](const MonthRun& run) {
    return [&run](Tx& tx) { return FinishMonthRun(tx, run, Noon(D(20260305))); };
  };
  EXPECT_EQ(rule(advance(first)), "month.taken_over");
  EXPECT_EQ(rule(finish(first)), "month.taken_over");
  EXPECT_EQ(rule(advance(second)), "done");
  EXPECT_EQ(rule(finish(second)), "done");
}

TEST_P(MonthRunTest, TheNumberOfAMergedPersonLeadsToTheKeptOne) {
  Write([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(MergePersons(
        tx, agency_, {members_[20].person_id, members_[21].person_id}, Noon(D(20260115))));
    return Done{};
  });
  WriteText(inbox() / "pos.csv", "bill_code,amount,paid_at,reference\n" + Code(21) +
                                     ",150,2026-02-03,a\n" + Code(20) + ",150,2026-02-04,b\n");
  ASSERT_TRUE(Run(db(), {{(inbox() / "pos.csv").string(), kFirstPartner, "pos"}}, Options()));
  ExpectClean(db());
  EXPECT_EQ(Months(members_[20].person_id), "202602 202603");
  EXPECT_EQ(Number("SELECT COUNT(*) FROM redirected_payment"), 1);
}

TEST_P(MonthRunTest, BooksWhatIsLateInTheOpenMonth) {
  Write([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(CloseMonth(tx, M(202601), Noon(D(20260202))));
    return Done{};
  });
  WriteText(inbox() / "pos.csv", "bill_code,amount,paid_at,reference\n" + Code(20) +
                                     ",150,2026-01-31,a\n" + Code(21) + ",150,2026-02-01,b\n");
  const auto summary =
      Run(db(), {{(inbox() / "pos.csv").string(), kFirstPartner, "pos"}}, Options());
  ASSERT_TRUE(summary) << summary.error().rule;
  EXPECT_EQ(Counts(summary->total), "2 2 0 0 0 1");
  ExpectClean(db());
  EXPECT_EQ(Number("SELECT booked_on FROM late_posting"), 20260201);
  EXPECT_EQ(Number("SELECT amount_rupiah FROM journal_line WHERE business_day = 20260201 AND"
                   " account = 1100"),
            300);
  // She is covered for the month she paid, late or not.
  EXPECT_EQ(Months(members_[20].person_id), "202601");
}

TEST_P(MonthRunTest, FindsWhoseFilesTheyAre) {
  WriteFiles();
  WriteText(inbox() / "pos-1.csv.rejected.csv", "row\n");
  WriteText(inbox() / "pos-1.csv.rejected.csv.partial-77", "");
  WriteText(inbox() / ".hidden", "");
  std::vector<MonthFile> found;
  const auto find = [&](const std::vector<std::string>& paths) {
    const auto done = db().Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(found, FindMonthFiles(tx, paths));
      return Done{};
    });
    return done ? "" : done.error().rule;
  };
  EXPECT_EQ(find({inbox().string()}), "");
  EXPECT_EQ(found.size(), 3U);
  WriteText(inbox() / "februari.csv", "");
  EXPECT_EQ(find({inbox().string()}), "partner.unknown");
  EXPECT_EQ(find({"pos=" + (inbox() / "februari.csv").string()}), "");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].partner, "pos");
  EXPECT_EQ(find({"nobody=" + (inbox() / "februari.csv").string()}), "partner.unknown");
  EXPECT_EQ(find({(inbox() / "pos-9.csv").string()}), "file.not_found");
  std::filesystem::create_directories(inbox() / "empty");
  EXPECT_EQ(find({(inbox() / "empty").string()}), "month.no_files");
}

}  // namespace
}  // namespace jaring
