// Random lives of many members, told to the services in sets of random size and to a slow model.
// Afterwards both must give the same answers to every question, about now and about then.

#include <random>

#include "collection/collection_fixture.h"
#include "collection/membership_end.h"
#include "insight/funnel_report.h"
#include "insight/member_history_model.h"
#include "insight/verify.h"
#include "registry/migration_fixture.h"

namespace jaring {
namespace {

/// What is told to the agency in one go: first people, then an end, then money, then a placement.
struct Telling {
  Instant now = Instant::FromMicros(0);
  std::optional<Enrolment> joining;  // Somebody, perhaps again.
  std::optional<MembershipEnd> end;
  std::vector<Paying> payments;  // Payments, then reversals.
  std::string placed_reference;  // Of suspended money, for `placed_with`.
  int placed_with = -1;
};

struct Person {
  Enrolment enrolment = PersonNumber(1);
  std::int64_t person_id = 0;
  bool ended = false;                 // Until joined again.
  std::optional<Date> ended_on;       // The last time.
  std::optional<Date> closed_before;  // By the last end that was followed by joining again.
  std::vector<ModelEvent> events;
};

class Random {
 public:
  explicit Random(std::uint64_t seed) : random_(seed) {}
  std::int64_t Between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(high - low + 1));
  }
  bool OneIn(std::int64_t n) { return Between(1, n) == 1; }

 private:
  std::mt19937_64 random_;
};

constexpr int kPeople = 30;
constexpr int kTellings = 60;

class MemberHistoryTest : public CollectionTest {
 protected:
  /// A payment somebody made, for repeats, reversals and placements.
  struct Made {
    Paying paying;
    int person = -1;  // -1: in suspense.
    bool reversed = false;
  };

  Enrolment AnyPerson(Random& random, int n) {
    Enrolment row = PersonNumber(n);
    row.village_code = kVillages[n % 3];
    row.trade = random.OneIn(2) ? kDriver : kFarmer;
    row.income = Rp(random.OneIn(2) ? 2'000 : 1'999);
    row.programmes = random.OneIn(2) ? kBasic : kWithSavings;
    row.birth_date = random.OneIn(4)
                         ? Date::FromDays(random.Between(D(19600201).days(), D(19620101).days()))
                         : row.birth_date;
    row.birth_date = DayOf(row.birth_date.month(), std::min(row.birth_date.day(), 28));
    return row;
  }

  Paying AnyPayment(Random& random, Date today) {
    const bool late = random.OneIn(5);
    const Date on = today.AddDays(late ? -random.Between(0, 200) : -random.Between(0, 2));
    return {.reference = "r" + std::to_string(made_.size()),
            .member = {},
            .rupiah = random.OneIn(8) ? random.Between(1, 9'000) : random.Between(1, 1'000),
            .on = on,
            .nik = {},
            .partner_id = random.Between(1, 2)};
  }

  void AddPayments(Random& random, Telling& telling, Date today) {
    const std::int64_t count = random.Between(0, 14);
    for (std::int64_t i = 0; i < count; ++i) {
      if (!made_.empty() && random.OneIn(10)) {
        Paying again = made_[static_cast<std::size_t>(
                                 random.Between(0, static_cast<std::int64_t>(made_.size()) - 1))]
                           .paying;
        again.rupiah += random.OneIn(2) ? 1 : 0;
        telling.payments.push_back(again);
        continue;
      }
      Made made{AnyPayment(random, today), -1};
      if (!random.OneIn(12)) {
        made.person = static_cast<int>(random.Between(0, kPeople - 1));
        const Person& person = people_[static_cast<std::size_t>(made.person)];
        if (!behind_ends_ && IsBehindAnEnd(made)) {
          made.paying.on = today;
        }
        made.paying.member = {person.person_id, 1};
        if (random.OneIn(3)) {
          made.paying.member = {};
          made.paying.nik = person.enrolment.nik;
        }
        if (person.ended) {
          made.person = -1;
        } else {
          Tell(made.person, ModelEvent::Kind::kPay, telling.now, made.paying);
        }
      } else {
        made.paying.nik = PersonNumber(9'999).nik;  // Nobody's.
      }
      telling.payments.push_back(made.paying);
      made_.push_back(made);
    }
  }

  void AddReversals(Random& random, Telling& telling, Date today) {
    for (Made& made : made_) {
      if (!random.OneIn(100) || made.paying.on > today || (!behind_ends_ && IsBehindAnEnd(made))) {
        continue;
      }
      Paying back = made.paying;
      back.rupiah = -back.rupiah - (random.OneIn(5) ? 1 : 0);
      back.on = today;
      telling.payments.push_back(back);
      if (back.rupiah == -made.paying.rupiah && !made.reversed) {
        made.reversed = true;
        if (made.person >= 0) {
          Tell(made.person, ModelEvent::Kind::kReverse, telling.now, back);
        }
      }
    }
  }

  /// Money from before an end, of somebody who has joined again. Told of or taken back only now, it
  /// may give months to either membership, which the model does not tell apart.
  bool IsBehindAnEnd(const Made& made) const {
    if (made.person < 0) {
      return false;
    }
    const Person& person = people_[static_cast<std::size_t>(made.person)];
    return person.closed_before && made.paying.on < *person.closed_before;
  }

  void AddPlacement(Random& random, Telling& telling) {
    for (Made& made : made_) {
      if (made.person < 0 && !made.reversed && made.paying.partner_id == 1 && random.OneIn(4)) {
        const auto n = static_cast<int>(random.Between(0, kPeople - 1));
        if (people_[static_cast<std::size_t>(n)].ended) {
          return;
        }
        made.person = n;
        if (!behind_ends_ && IsBehindAnEnd(made)) {
          made.person = -1;
          return;
        }
        telling.placed_reference = made.paying.reference;
        telling.placed_with = made.person;
        Tell(made.person, ModelEvent::Kind::kPay, telling.now, made.paying);
        return;
      }
    }
  }

  void Tell(int person, ModelEvent::Kind kind, Instant now, const Paying& paying) {
    people_[static_cast<std::size_t>(person)].events.push_back(
        {kind,
         now,
         paying.on,
         paying.rupiah,
         paying.reference + "/" + std::to_string(paying.partner_id),
         {}});
  }

  /// Makes up a history; all of it is told to the model, and to the database in full sets.
  void LiveThrough(Random& random, bool terms_change) {
    std::vector<Enrolment> rows;
    for (int n = 0; n < kPeople; ++n) {
      people_.push_back({.enrolment = AnyPerson(random, n), .events = {}});
      rows.push_back(people_.back().enrolment);
    }
    first_rows_ = rows;
    const auto joined = EnrolAll(rows, kBegin);
    for (std::size_t n = 0; n < rows.size(); ++n) {
      ASSERT_EQ(joined[n].status, EnrolmentStatus::kAccepted) << joined[n].rule;
      people_[n].person_id = joined[n].member.person_id;
      NoteJoining(people_[n], kBegin, Noon(kBegin));
    }
    Date today = kBegin;
    for (int t = 0; t < kTellings; ++t) {
      today = today.AddDays(random.Between(0, 35));
      Telling telling{.now = Instant::FromMicros(Noon(today).micros() + t)};
      if (random.OneIn(4)) {
        const auto n = static_cast<int>(random.Between(0, kPeople - 1));
        Person& person = people_[static_cast<std::size_t>(n)];
        const Enrolment other = AnyPerson(random, n);
        if (terms_change) {
          person.enrolment.income = other.income;
          person.enrolment.programmes = other.programmes;
          person.enrolment.trade = other.trade;
        }
        telling.joining = person.enrolment;
        ASSERT_NO_FATAL_FAILURE(JoinAgain(person, today, telling.now));
      }
      if (random.OneIn(3)) {
        ASSERT_NO_FATAL_FAILURE(AddEnd(random, telling, today));
      }
      AddPayments(random, telling, today);
      AddReversals(random, telling, today);
      AddPlacement(random, telling);
      ASSERT_NO_FATAL_FAILURE(TellInSets(telling, telling.payments.size() + 1));
      tellings_.push_back(telling);
    }
  }

  void NoteJoining(Person& person, Date on, Instant now) {
    person.events.push_back(
        {ModelEvent::Kind::kEnrol,
         now,
         on,
         0,
         "",
         {person.enrolment.programmes == kWithSavings, person.enrolment.income == Rp(2'000),
          person.enrolment.trade == kDriver}});
  }

  void JoinAgain(Person& person, Date today, Instant now) {
    const auto outcome = Enrol(person.enrolment, today);
    const ModelLife life(person.events, person.enrolment.birth_date, std::nullopt);
    const CoverageState state = life.StateAtEndOf(today.number() / 100);
    if (outcome.status == EnrolmentStatus::kAccepted) {
      ASSERT_TRUE(person.ended || state == CoverageState::kLapsed || behind_ends_);
      person.closed_before = person.ended ? person.ended_on : person.closed_before;
      person.ended = false;
      NoteJoining(person, today, now);
    } else if (outcome.status == EnrolmentStatus::kRejected) {
      ASSERT_EQ(outcome.rule, "membership.over_joining_age");
    }
    rejoined_ += outcome.status == EnrolmentStatus::kAccepted;
  }

  /// Somebody's membership is closed, if it can be: not before a payment, nor twice.
  void AddEnd(Random& random, Telling& telling, Date today) {
    Person& person = people_[static_cast<std::size_t>(random.Between(0, kPeople - 1))];
    const MembershipEnd end{.member = {person.person_id, 1},
                            .ended_on = today.AddDays(-random.Between(0, 60)),
                            .reason = EndReason::kStoppedWorking};
    const auto ended =
        db().Write([&](Tx& tx) { return EndMembership(tx, agency_, end, telling.now); });
    if (ended) {
      ASSERT_FALSE(person.ended);
      telling.end = end;
      person.ended = true;
      person.ended_on = end.ended_on;
      person.events.push_back({ModelEvent::Kind::kEnd, telling.now, end.ended_on, 0, "", {}});
      ++ended_;
    } else {
      const std::string rule = ended.error().rule;
      ASSERT_EQ(person.ended, rule == "membership.already_ended") << rule;
      ASSERT_TRUE(person.ended || rule == "membership.paid_after_end" ||
                  rule == "membership.end_before_joining")
          << rule;
    }
  }

  void TellInSets(const Telling& telling, std::size_t size) {
    for (std::size_t from = 0; from < telling.payments.size(); from += size) {
      const std::size_t end = std::min(telling.payments.size(), from + size);
      PayAll({telling.payments.begin() + static_cast<std::ptrdiff_t>(from),
              telling.payments.begin() + static_cast<std::ptrdiff_t>(end)},
             telling.now);
    }
    if (telling.placed_with >= 0) {
      const Person& person = people_[static_cast<std::size_t>(telling.placed_with)];
      Write([&](Tx& tx) -> Result<Done> {
        JARING_RETURN_IF_ERROR(PlaceSuspended(tx, agency_, 1, telling.placed_reference,
                                              {person.person_id, 1}, telling.now));
        return Done{};
      });
    }
  }

  /// The same history once more, told to a new agency in sets of at most `size`.
  void TellAgain(std::size_t size) {
    SetUp();
    EnrolAll(first_rows_, kBegin);
    for (const Telling& telling : tellings_) {
      if (telling.joining) {
        Enrol(*telling.joining, telling.now.JakartaDate());
      }
      if (telling.end) {
        Write([&](Tx& tx) { return EndMembership(tx, agency_, *telling.end, telling.now); });
      }
      ASSERT_NO_FATAL_FAILURE(TellInSets(telling, size));
    }
  }

  void Forget() {
    people_.clear();
    made_.clear();
    tellings_.clear();
  }

  void CompareViews(Random& random) {
    const std::int64_t begin = kBegin.days();
    for (const Person& person : people_) {
      for (int i = 0; i < 4; ++i) {
        const Date on = Date::FromDays(begin + random.Between(-30, 2'000));
        std::optional<Instant> known_at;
        if (i > 0) {
          known_at = tellings_[static_cast<std::size_t>(random.Between(0, kTellings - 1))].now;
        }
        const ModelLife life(person.events, person.enrolment.birth_date, known_at);
        const MemberView view = View(person.person_id, on, known_at);
        const std::string asked = on.ToString() + " known " +
                                  (known_at ? known_at->ToString() : "now") + " person " +
                                  std::to_string(person.person_id);
        ASSERT_EQ(view.credit.rupiah(), life.jar()) << asked;
        std::vector<std::int64_t> months;
        for (const Month month : view.coverage.months_paid) {
          months.push_back(month.number());
        }
        ASSERT_EQ(months, life.Months()) << asked;
        ASSERT_EQ(view.coverage[Programme::kJkk].state, life.StateOn(on, false)) << asked;
        ASSERT_EQ(view.coverage[Programme::kJht].state, life.StateOn(on, true)) << asked;
        restarts_ += !known_at && life.spells().size() > 1;
      }
    }
  }

  void CompareReports(bool by_villages) {
    ended_before_ = 0;
    for (Month month = kBegin.month() - 12; month < kBegin.month() + 90; month = month + 1) {
      std::map<std::int64_t, CoverageFigures> villages;
      std::vector<std::size_t> lengths;
      for (const Person& person : people_) {
        const ModelLife life(person.events, person.enrolment.birth_date, std::nullopt);
        const CoverageState state = life.StateAtEndOf(month.number());
        CoverageFigures& expected = villages[person.enrolment.village_code];
        expected.registered += month >= kBegin.month();
        expected.active += state == CoverageState::kActive;
        expected.grace += state == CoverageState::kGrace;
        expected.lapsed += state == CoverageState::kLapsed;
        expected.ended += state == CoverageState::kEnded;
        expected.received += Rp(life.received_in(month.number()));
        expected.joined += month == kBegin.month();
        expected.returned += life.ReturnsIn(month.number());
        const auto months = life.Months();
        expected.paid += !months.empty() && months.front() <= month.number();
        for (const std::size_t length : life.LengthsOfLosses(month.number())) {
          ++expected.lost;
          lengths.push_back(length);
        }
      }
      CoverageFigures everybody;
      for (const auto& [village, figures] : villages) {
        everybody += figures;
        if (by_villages) {
          CompareReport(figures, month, ReportBy::kNothing, village);
        }
      }
      for (const ReportBy by : {ReportBy::kNothing, ReportBy::kSector, ReportBy::kBranch}) {
        CompareReport(everybody, month, by);
      }
      if (by_villages) {
        CompareReport(everybody, month, ReportBy::kRegion, 3372);
        CompareReport(villages[kVillages[0]] += villages[kVillages[1]], month, ReportBy::kRegion,
                      kVillages[0] / 10'000);
      }
      CompareFunnel(everybody, month, lengths);
    }
  }

  void CompareReport(const CoverageFigures& expected, Month month, ReportBy by,
                     std::int64_t region = 0) {
    CoverageReport report;
    Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(
          report, ReportCoverage(tx, scheme_, month, by, CoverageFilter{.region_code = region}));
      return Done{};
    });
    if (by != ReportBy::kNothing) {
      report.total = {};
      for (const CoverageReportRow& row : report.rows) {
        report.total += row.figures;
      }
    }
    SCOPED_TRACE(month.ToString() + " of " + std::to_string(region));
    ASSERT_EQ(report.total.registered, expected.registered);
    ASSERT_EQ(report.total.paid, expected.paid);
    ASSERT_EQ(report.total.active, expected.active);
    ASSERT_EQ(report.total.grace, expected.grace);
    ASSERT_EQ(report.total.lapsed, expected.lapsed);
    ASSERT_EQ(report.total.received, expected.received);
    ASSERT_EQ(report.total.ended, expected.ended);
    ASSERT_EQ(report.total.joined, expected.joined);
    ASSERT_EQ(report.total.returned, expected.returned);
    ASSERT_EQ(report.total.lost, expected.lost);
  }

  /// `lengths`: of the runs of months of those who lapsed in the month.
  void CompareFunnel(const CoverageFigures& expected, Month month,
                     const std::vector<std::size_t>& lengths) {
    FunnelReport funnel;
    Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(funnel, ReportFunnel(tx, scheme_, month));
      return Done{};
    });
    ASSERT_EQ(funnel.figures.paid, expected.paid);
    ASSERT_EQ(funnel.figures.left, funnel.figures.ended - ended_before_);
    ended_before_ = funnel.figures.ended;
    ASSERT_TRUE(funnel.causes);
    std::int64_t lost = 0;
    for (const LapseRow& row : funnel.causes->lapses) {
      lost += row.lost;
      const auto first = static_cast<std::size_t>(row.from_months);
      const auto last = static_cast<std::size_t>(row.to_months.value_or(1'000));
      ASSERT_EQ(row.payer, Payer::kSelf);
      ASSERT_EQ(row.lost, std::count_if(lengths.begin(), lengths.end(), [&](std::size_t length) {
                  return first <= length && length <= last;
                }));
      causes_.insert(row.from_months);
    }
    ASSERT_EQ(lost, expected.lost) << month.ToString();
    for (const EndRow& row : funnel.causes->ends) {
      ends_told_ += row.closed;
    }
  }

  void ExpectClean() {
    Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const VerifyReport report, Verify(tx, agency_));
      EXPECT_EQ(report.people, kPeople);
      for (const Violation& v : report.violations) {
        ADD_FAILURE() << v.invariant << " " << v.subject;
      }
      return Done{};
    });
  }

  /// Everything that must not depend on how requests were grouped.
  std::vector<std::string> FinalState() {
    std::vector<std::string> state;
    for (const char* sql :
         {"SELECT business_day, partner_id, account, amount_rupiah, 0, 0, 0, 0, 0 FROM journal_line"
          " WHERE amount_rupiah <> 0 ORDER BY 1, 2, 3",
          "SELECT cohort_id, month, registered, begun, paid_through, restarted, months_bought,"
          " received_rupiah, 0 FROM coverage_counter WHERE registered <> 0 OR begun <> 0 OR"
          " paid_through <> 0 OR restarted <> 0 OR months_bought <> 0 ORDER BY 1, 2",
          "SELECT cohort_id, month, paid_through, spells, 0, 0, 0, 0, 0 FROM closing_counter"
          " WHERE spells <> 0 ORDER BY 1, 2, 3",
          "SELECT village_code, month, registered, begun, paid_through, restarted, months_bought,"
          " received_rupiah, 0 FROM village_counter WHERE registered <> 0 OR begun <> 0 OR"
          " paid_through <> 0 OR restarted <> 0 OR months_bought <> 0 ORDER BY 1, 2",
          "SELECT dimension, month, first_value, second_value, paid_through, begun, ended, closed, "
          "0"
          " FROM coverage_sum WHERE paid_through <> 0 OR begun <> 0 OR ended <> 0 OR closed <> 0"
          " ORDER BY 1, 2, 3, 4",
          "SELECT person_id, membership_seq, acquired_on, first_month, paid_through, cover_from,"
          " credit_rupiah, cohort_id, COALESCE(ended_on, 0) FROM membership ORDER BY 1, 2"}) {
      EXPECT_TRUE(db().Read([&](Tx& tx) {
        return tx.Query(sql, {}, [&](const Row& row) {
          std::string text;
          for (int i = 0; i < 9; ++i) {
            text += std::to_string(row.Int(i)) + " ";
          }
          state.push_back(text);
        });
      }));
    }
    return state;
  }

  static inline const Date kBegin = D(20250110);
  static constexpr std::int64_t kVillages[] = {3'372'011'001, 3'372'011'002, 3'372'021'001};
  std::vector<Person> people_;
  std::vector<Made> made_;
  std::vector<Telling> tellings_;
  std::vector<Enrolment> first_rows_;
  bool behind_ends_ = false;
  int rejoined_ = 0;
  int ended_ = 0;
  std::int64_t ended_before_ = 0;  // In the month before, while months are compared.
  std::int64_t ends_told_ = 0;
  std::set<int> causes_;  // By shortest run of their kind.
  int restarts_ = 0;
};

JARING_ON_EACH_ENGINE(MemberHistoryTest);

TEST_P(MemberHistoryTest, IsTheSameByTheServicesAndByTheModel) {
  const int rounds = is_sqlite() ? 70 : 4;  // Of kPeople lives each.
  for (int round = 0; round < rounds; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    if (round > 0) {
      SetUp();
    }
    Forget();
    Random random(static_cast<std::uint64_t>(round) + 1);
    ASSERT_NO_FATAL_FAILURE(LiveThrough(random, /*terms_change=*/false));
    ASSERT_NO_FATAL_FAILURE(CompareViews(random));
    ASSERT_NO_FATAL_FAILURE(CompareReports(/*by_villages=*/round % 4 == 0));
    ExpectClean();
    if (round % 5 == 0) {
      Write(CountAgain);
      ExpectClean();
    }
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(restarts_, rounds * 3);  // Otherwise the lives are too tame to show anything.
  EXPECT_GT(rejoined_, rounds / 2);
  EXPECT_EQ(ends_told_, ended_);
  EXPECT_GE(causes_.size(), 5U);
  EXPECT_GT(ended_, rounds * 3);
}

TEST_P(MemberHistoryTest, DoesNotDependOnHowRequestsAreGrouped) {
  const int rounds = is_sqlite() ? 12 : 2;
  for (int round = 0; round < rounds; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    if (round > 0) {
      SetUp();
    }
    Forget();
    Random random(static_cast<std::uint64_t>(round) + 1'000);
    behind_ends_ = true;
    ASSERT_NO_FATAL_FAILURE(LiveThrough(random, /*terms_change=*/round % 2 == 1));
    ExpectClean();
    const auto in_one = FinalState();
    for (const std::size_t size : {std::size_t{1}, std::size_t{3}}) {
      ASSERT_NO_FATAL_FAILURE(TellAgain(size));
      ASSERT_EQ(FinalState(), in_one) << size;
    }
    ASSERT_FALSE(HasFailure());
  }
}

}  // namespace
}  // namespace jaring
