#include "insight/verify.h"

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>
#include <utility>

#include "collection/life.h"
#include "collection/month_progress.h"
#include "collection/posting.h"
#include "collection/savings_sql.h"
#include "insight/claim_recount.h"
#include "insight/counter_row.h"
#include "insight/counters_left.h"
#include "insight/insight_sql.h"
#include "insight/person_check.h"
#include "insight/schedule_recount.h"
#include "insight/verify_invariants.h"
#include "registry/region_code.h"

namespace jaring {
namespace {

constexpr std::int64_t kPeoplePerStep = 20'000;
constexpr std::size_t kMaxViolations = 1'000;

/// Columns 0 to 2 of kScanCoverageSums and kScanClosingSums.
SumKey ReadSumKey(const Row& row) {
  return {static_cast<SumDimension>(row.Int(0)), row.Int(1), row.Int(2)};
}

/// One run of Verify: people step by step, then everything that is a sum over them.
class Verification {
 public:
  Verification(Tx& tx, const Agency& agency) : tx_(tx), agency_(agency) {}

  /// Only the counters: the people's own rows are read for them, and not judged.
  Result<VerifyReport> RunCounters() {
    JARING_RETURN_IF_ERROR(LoadMerges());
    JARING_RETURN_IF_ERROR(CheckPeople());
    TallyHumans();
    report_.violations.clear();
    report_.violation_count = 0;
    JARING_RETURN_IF_ERROR(CheckCounters());
    report_.checked = {"counter.recount", "counter.sums"};
    return std::move(report_);
  }

  Result<VerifyReport> Run() {
    JARING_RETURN_IF_ERROR(LoadMerges());
    JARING_ASSIGN_OR_RETURN(return_runs_, ListReturnRuns(tx_));
    JARING_RETURN_IF_ERROR(CheckPeople());
    JARING_RETURN_IF_ERROR(CheckMerges());
    JARING_RETURN_IF_ERROR(CheckSuspense());
    JARING_RETURN_IF_ERROR(CheckClaims());
    JARING_RETURN_IF_ERROR(CheckJournals());
    JARING_RETURN_IF_ERROR(CheckCounters());
    JARING_RETURN_IF_ERROR(CheckReferences());
    JARING_RETURN_IF_ERROR(CheckIdentities());
    JARING_RETURN_IF_ERROR(CheckMonthIsFinished());
    CheckReturnRuns();
    report_.checked.assign(std::begin(kInvariants), std::end(kInvariants));
    return std::move(report_);
  }

 private:
  using DayLine = std::tuple<Date, std::int64_t, Account>;  // Day, partner, account.
  struct ReturnSum {
    std::int64_t persons = 0;
    Money amount;
  };
  using Balances = std::map<std::pair<std::int64_t, Account>, Money>;  // By partner.

  void Violate(std::string invariant, std::string subject) {
    ++report_.violation_count;
    if (report_.violations.size() < kMaxViolations) {
      report_.violations.push_back({std::move(invariant), std::move(subject)});
    }
  }

  void CheckPerson(const PersonRows& person) {
    ++report_.people;
    report_.memberships += static_cast<std::int64_t>(person.memberships.size());
    report_.contributions += static_cast<std::int64_t>(person.contributions.size());
    const bool is_one_of_several = human_of_.count(person.person_id) > 0;
    const PersonFindings findings =
        CheckPersonRows(agency_.scheme, person,
                        is_one_of_several ? Counting::kMoneyOnly : Counting::kAll, counters_);
    if (is_one_of_several) {
      auto& spells = humans_[human_of_[person.person_id]];
      spells.insert(spells.end(), person.memberships.begin(), person.memberships.end());
    }
    for (const Membership& m : person.memberships) {
      // A cohort there is not has no regency.
      if (RegencyOf(m.village_code) != places_[m.cohort_id].regency_code) {
        Violate("membership.in_its_cohort", "person " + std::to_string(person.person_id));
      }
    }
    for (const std::string& invariant : findings.broken) {
      Violate(invariant, "person " + std::to_string(person.person_id));
    }
    for (const PaymentRow& p : person.payments) {
      if (p.kind == PaymentKind::kMove || p.kind == PaymentKind::kRefund) {
        continue;  // Nothing came in or went out.
      }
      ++report_.payments;
      const bool moved = p.kind == PaymentKind::kPlacement;
      if (moved && !placements_.emplace(p.of_payment_id.value_or(0), p.payment_id).second) {
        Violate("suspense.explained", "payment " + std::to_string(p.payment_id));
      }
      expected_[{p.booking_day(), p.partner_id,
                 moved ? Account::kSuspense : Account::kPartnerClearing}] += p.amount;
    }
    const auto returns = RecomputeReturns(person, return_runs_);
    if (returns != person.returns) {
      Violate("return.reckoned", "person " + std::to_string(person.person_id));
    }
    for (const SavingsAccount::Credited& credited : person.returns) {
      ReturnSum& sum = returns_[credited.year];
      ++sum.persons;
      sum.amount += credited.amount;
    }
    parts_ += findings.parts;
    credit_ += findings.credit;
  }

  Result<Done> LoadMerges() {
    return tx_.Query(sql::kScanMergedPersons, {}, [this](const Row& row) {
      human_of_[row.Int(0)] = row.Int(1);
      human_of_[row.Int(1)] = row.Int(1);
    });
  }

  /// Persons found to be one are counted together.
  void TallyHumans() {
    for (const auto& [kept, spells] : humans_) {
      TallyLife(counters_, spells, +1);
      TallyRegistered(counters_, spells, +1);
    }
  }

  /// No month of a human is paid by two of her persons.
  Result<Done> CheckMerges() {
    TallyHumans();
    for (const auto& [kept, spells] : humans_) {
      for (const Membership& a : spells) {
        for (const Membership& b : spells) {
          if (a.member.person_id < b.member.person_id && a.spell.first_month &&
              b.spell.first_month && *a.spell.first_month <= *b.spell.paid_through &&
              *b.spell.first_month <= *a.spell.paid_through) {
            Violate("merge.months_once", "person " + std::to_string(kept));
          }
        }
      }
    }
    JARING_RETURN_IF_ERROR(CheckZero(sql::kCountMovesOutOfBalance, "merge.money_moved"));
    return CheckZero(sql::kCountMergesOutOfStep, "merge.in_step");
  }

  /// All rows of some thousand people at a time, in key order.
  Result<Done> CheckPeople() {
    JARING_RETURN_IF_ERROR(tx_.Query(sql::kListCohortPlaces, {}, [&](const Row& row) {
      places_[row.Int(0)] = ReadPlace(row, 1);
    }));
    std::int64_t last = 0;
    while (true) {
      std::map<std::int64_t, PersonRows> step;
      JARING_RETURN_IF_ERROR(
          tx_.Query(sql::kScanMemberships, {last, kPeoplePerStep}, [&](const Row& row) {
            step[row.Int(0)].memberships.push_back(ReadMembership(agency_.scheme, row));
          }));
      if (step.empty()) {  // What money lies beyond belongs to nobody.
        return LoadMoney(last, std::numeric_limits<std::int64_t>::max(), step);
      }
      // The limit may have cut the last person's memberships: leave that person for the next step.
      if (step.size() > 1 && IsFull(step)) {
        step.erase(std::prev(step.end()));
      }
      const std::int64_t end = std::prev(step.end())->first;
      JARING_RETURN_IF_ERROR(LoadMoney(last, end, step));
      for (auto& [person_id, person] : step) {
        person.person_id = person_id;
        CheckPerson(person);
      }
      // By place there are few; by cohort as many as memory would ever hold.
      JARING_RETURN_IF_ERROR(sums_.AddLeavings(counters_.TakeLeavings(), places_));
      last = end;
    }
  }

  static bool IsFull(const std::map<std::int64_t, PersonRows>& step) {
    std::int64_t rows = 0;
    for (const auto& [person_id, person] : step) {
      rows += static_cast<std::int64_t>(person.memberships.size());
    }
    return rows == kPeoplePerStep;
  }

  Result<Done> LoadMoney(std::int64_t after, std::int64_t through,
                         std::map<std::int64_t, PersonRows>& step) {
    const auto person_of = [&](const Row& row) -> PersonRows* {
      const auto at = step.find(row.Int(0));
      if (at == step.end()) {
        Violate("membership.has_person", "money of person " + std::to_string(row.Int(0)));
        return nullptr;
      }
      return &at->second;
    };
    JARING_RETURN_IF_ERROR(tx_.Query(sql::kScanPayments, {after, through}, [&](const Row& row) {
      if (PersonRows* person = person_of(row)) {
        person->payments.push_back(ReadPaymentRow(row));
      }
    }));
    JARING_RETURN_IF_ERROR(tx_.Query(sql::kScanCreditMoves, {after, through}, [&](const Row& row) {
      if (PersonRows* person = person_of(row)) {
        person->payments.push_back(ReadMoveRow(row));
      }
    }));
    JARING_RETURN_IF_ERROR(tx_.Query(sql::kScanRefunds, {after, through}, [&](const Row& row) {
      if (PersonRows* person = person_of(row)) {
        person->payments.push_back({.payment_id = row.Int(1),
                                    .kind = PaymentKind::kRefund,
                                    .amount = -Money::FromRupiah(row.Int(2)),
                                    .paid_at = Instant::FromMicros(row.Int(3)),
                                    .posted_at = Instant::FromMicros(row.Int(3))});
      }
    }));
    JARING_RETURN_IF_ERROR(tx_.Query(sql::kScanLatePostings, {after, through}, [&](const Row& row) {
      if (PersonRows* person = person_of(row)) {
        NoteLate(person->payments, row);
      }
    }));
    JARING_RETURN_IF_ERROR(tx_.Query(sql::kScanReturns, {after, through}, [&](const Row& row) {
      if (PersonRows* person = person_of(row)) {
        person->returns.push_back({static_cast<int>(row.Int(1)), Money::FromRupiah(row.Int(2))});
      }
    }));
    JARING_RETURN_IF_ERROR(tx_.Query(sql::kScanWithdrawals, {after, through}, [&](const Row& row) {
      const auto booked_on = Date::ParseNumber(row.Int(1));
      JARING_CHECK(booked_on.has_value());
      if (PersonRows* person = person_of(row)) {
        person->withdrawals.push_back({*booked_on, -Money::FromRupiah(row.Int(2))});
      }
    }));
    JARING_RETURN_IF_ERROR(
        tx_.Query(sql::kScanMembershipEnds, {after, through}, [&](const Row& row) {
          const auto ended_on = Date::ParseNumber(row.Int(2));
          JARING_CHECK(ended_on.has_value());
          if (PersonRows* person = person_of(row)) {
            person->ends.push_back({static_cast<int>(row.Int(1)), *ended_on, row.Int(3)});
          }
        }));
    return tx_.Query(sql::kScanContributions, {after, through}, [&](const Row& row) {
      if (PersonRows* person = person_of(row)) {
        person->contributions.push_back(ReadContributionRow(row));
      }
    });
  }

  /// A payment that is booked later than it was made.
  void NoteLate(std::vector<PaymentRow>& payments, const Row& row) {
    const auto at = std::find_if(payments.begin(), payments.end(), [&](const PaymentRow& p) {
      return p.payment_id == row.Int(1) && p.kind != PaymentKind::kMove;
    });
    const auto booked_on = Date::ParseNumber(row.Int(2));
    if (at == payments.end() || !booked_on || *booked_on <= at->paid_at.JakartaDate()) {
      Violate("late.explained", "payment " + std::to_string(row.Int(1)));
    } else {
      at->booked_on = *booked_on;
    }
  }

  /// Money nobody owns yet: what came in, less what was taken back or placed. Each suspended
  /// payment names what became of it, and nothing else was made of it.
  Result<Done> CheckSuspense() {
    std::map<std::int64_t, std::int64_t> reversals;  // Of a suspended payment: its reversal.
    std::map<std::int64_t, std::int64_t> named;      // What it says became of it; 0: it waits.
    std::vector<PaymentRow> rows;
    JARING_RETURN_IF_ERROR(tx_.Query(sql::kListSuspendedPayments, {}, [&](const Row& row) {
      ++report_.payments;
      const std::int64_t payment_id = row.Int(0);
      const Money amount = Money::FromRupiah(row.Int(3));
      rows.push_back({.payment_id = payment_id,
                      .partner_id = row.Int(1),
                      .amount = amount,
                      .paid_at = Instant::FromMicros(row.Int(4))});
      const bool is_reversal = static_cast<PaymentKind>(row.Int(2)) == PaymentKind::kReversal;
      const bool well_formed =
          is_reversal ? !row.IsNull(5) && reversals.emplace(row.Int(5), payment_id).second
                      : !row.IsNull(7) && row.Int(7) == row.Int(3);
      if (!well_formed) {
        Violate("suspense.explained", "payment " + std::to_string(payment_id));
      }
      if (!is_reversal) {
        named[payment_id] = row.Int(6);
      }
    }));
    JARING_RETURN_IF_ERROR(
        tx_.Query(sql::kScanLatePostings, {-1, 0}, [&](const Row& row) { NoteLate(rows, row); }));
    for (const PaymentRow& p : rows) {
      expected_[{p.booking_day(), p.partner_id, Account::kPartnerClearing}] += p.amount;
      expected_[{p.booking_day(), p.partner_id, Account::kSuspense}] -= p.amount;
    }
    reversals.merge(placements_);
    if (!placements_.empty()) {  // Both placed and taken back.
      Violate("suspense.explained", "payment " + std::to_string(placements_.begin()->first));
    }
    for (const auto& [payment_id, became] : named) {
      const auto at = reversals.find(payment_id);
      if (became != (at == reversals.end() ? 0 : at->second)) {
        Violate("suspense.explained", "payment " + std::to_string(payment_id));
      }
    }
    for (const auto& [payment_id, became] : reversals) {
      if (named.count(payment_id) == 0) {
        Violate("suspense.explained", "payment " + std::to_string(became));
      }
    }
    return CheckZero(sql::kCountSuspenseWithoutPayment, "suspense.explained");
  }

  Result<Done> CheckJournals() {
    std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> journals;
    std::map<DayLine, Money> booked;
    std::map<Account, Money> accounts;
    std::map<Month, Balances> months;
    JARING_RETURN_IF_ERROR(tx_.Query(sql::kListJournalLines, {}, [&](const Row& row) {
      const auto account = static_cast<Account>(row.Int(2));
      const Money amount = Money::FromRupiah(row.Int(3));
      journals[{row.Int(0), row.Int(1)}] += amount.rupiah();
      accounts[account] += amount;
      const auto day = Date::ParseNumber(row.Int(0));
      JARING_CHECK(day.has_value());
      months[day->month()][{row.Int(1), account}] += amount;
      if (account == Account::kPartnerClearing || account == Account::kSuspense) {
        booked[{*day, row.Int(1), account}] += amount;
      }
    }));
    JARING_RETURN_IF_ERROR(CheckClosedMonths(months));
    for (const auto& [journal, sum] : journals) {
      if (sum != 0) {
        Violate("journal.balanced", "day " + std::to_string(journal.first) + " partner " +
                                        std::to_string(journal.second));
      }
    }
    CompareBooked(booked);
    Money returns;
    for (const auto& [year, sum] : returns_) {
      returns += sum.amount;
    }
    std::map<Account, Money> sums = {{Account::kJkkContributions, -parts_[Programme::kJkk]},
                                     {Account::kJkmContributions, -parts_[Programme::kJkm]},
                                     {Account::kMemberSavings, -parts_[Programme::kJht] - returns},
                                     {Account::kSavingsReturns, returns},
                                     {Account::kMemberCredit, -credit_}};
    for (const Account account :
         {Account::kMemberSavings, Account::kBank, Account::kPaidTwice, Account::kClaimsPayable,
          Account::kTaxPayable, Account::kJkkBenefits, Account::kJkmBenefits,
          Account::kLatenessPenalties}) {
      sums[account] += claims_.accounts[account];
    }
    for (const auto& [account, sum] : sums) {
      if (accounts[account] != sum) {
        Violate(RuleOf(account), "account " + std::to_string(static_cast<std::int64_t>(account)));
      }
    }
    return Done{};
  }

  static const char* RuleOf(Account account) {
    switch (account) {
      case Account::kMemberCredit:
        return "journal.equals_credit";
      case Account::kJkkContributions:
      case Account::kJkmContributions:
      case Account::kMemberSavings:
      case Account::kSavingsReturns:
        return "journal.equals_contributions";
      default:
        return "journal.equals_claims";
    }
  }

  Result<Done> CheckClaims() {
    const auto violate = [this](std::string invariant, std::string subject) {
      Violate(std::move(invariant), std::move(subject));
    };
    JARING_ASSIGN_OR_RETURN(claims_, RecountClaims(tx_, violate));
    return RecountSchedules(tx_, agency_, violate);
  }

  /// At the end of each closed month every account holds what it held when the month was closed.
  Result<Done> CheckClosedMonths(const std::map<Month, Balances>& months) {
    std::map<Month, Balances> kept;
    JARING_ASSIGN_OR_RETURN(const auto closed, ListClosedMonths(tx_));
    for (const ClosedMonth& month : closed) {
      kept[month.month] = {};
    }
    JARING_RETURN_IF_ERROR(tx_.Query(sql::kListClosedBalances, {}, [&](const Row& row) {
      const auto month = Month::ParseNumber(row.Int(0));
      JARING_CHECK(month.has_value());
      kept[*month][{row.Int(1), static_cast<Account>(row.Int(2))}] = Money::FromRupiah(row.Int(3));
    }));
    Balances balances;
    auto next = months.begin();
    for (auto& [month, then] : kept) {
      for (; next != months.end() && next->first <= month; ++next) {
        for (const auto& [key, amount] : next->second) {
          balances[key] += amount;
        }
      }
      for (const auto& [key, amount] : balances) {
        then[key] -= amount;
      }
      for (const auto& [key, difference] : then) {
        if (!difference.is_zero()) {
          Violate("close.balances_kept",
                  "month " + month.ToString() + " partner " + std::to_string(key.first));
        }
      }
    }
    return Done{};
  }

  void CompareBooked(std::map<DayLine, Money>& booked) {
    for (const auto& [key, amount] : expected_) {
      booked[key] -= amount;
    }
    for (const auto& [key, difference] : booked) {
      if (!difference.is_zero()) {
        const auto& [day, partner_id, account] = key;
        Violate(
            account == Account::kSuspense ? "journal.equals_suspense" : "journal.equals_payments",
            "day " + day.ToString() + " partner " + std::to_string(partner_id));
      }
    }
  }

  Result<Done> CheckCounters() {
    JARING_RETURN_IF_ERROR(CheckSums());
    CountersLeft cohorts(counters_.TakeCohorts());
    JARING_RETURN_IF_ERROR(EachCounter(tx_, [&](const CounterRow& row) {
      cohorts.TakeOff(row.cohort_id, row.month, SumCount{row.count});
    }));
    JARING_RETURN_IF_ERROR(EachClosing(tx_, [&](const ClosingRow& row) {
      // coverage_counter has no ended and closed: closing_counter tells them.
      const std::int64_t closed = row.key.paid_through ? row.spells : 0;
      for (const std::int64_t month : {row.key.month.number(), kAllMonths}) {
        cohorts.TakeOff(row.key.unit, month, SumCount{{}, row.spells, closed});
      }
      cohorts.TakeOff(row.key, row.spells);
    }));
    Violate("cohort", cohorts);
    CountersLeft villages(counters_.TakeVillages());
    JARING_RETURN_IF_ERROR(EachVillageCounter(tx_, [&](const VillageCounterRow& row) {
      villages.TakeOff(row.village_code, row.month, row.sum);
    }));
    JARING_RETURN_IF_ERROR(
        EachVillageClosing(tx_, [&](const ClosingKey& closing, std::int64_t spells) {
          villages.TakeOff(closing, spells);
        }));
    Violate("village", villages);
    return Done{};
  }

  void Violate(const char* unit, const CountersLeft& left) {
    left.Each([&](std::int64_t number, std::int64_t month) {
      Violate("counter.recount",
              std::string(unit) + ' ' + std::to_string(number) + " month " + std::to_string(month));
    });
  }

  /// The sums of the cohorts' counters are those of the counters as they should be.
  Result<Done> CheckSums() {
    CoverageSums sums = std::exchange(sums_, {});
    JARING_RETURN_IF_ERROR(sums.AddCohorts(counters_.cohorts(), places_));
    JARING_RETURN_IF_ERROR(sums.AddLeavings(counters_.TakeLeavings(), places_));
    JARING_RETURN_IF_ERROR(tx_.Query(sql::kScanCoverageSums, {}, [&](const Row& row) {
      sums.counts[{ReadSumKey(row), row.Int(3)}] -= ReadSumCount(row, 4);
    }));
    JARING_RETURN_IF_ERROR(tx_.Query(sql::kScanClosingSums, {}, [&](const Row& row) {
      const auto paid_through = Month::ParseNumber(row.Int(3));
      const auto month = Month::ParseNumber(row.Int(4));
      JARING_CHECK(paid_through && month);
      sums.closings[{ReadSumKey(row), *paid_through, *month}] -= row.Int(5);
    }));
    for (const auto& [key, left] : sums.counts) {
      if (!(left == SumCount{})) {
        ViolateSum(key.first, key.second);
      }
    }
    for (const auto& [closing, left] : sums.closings) {
      if (left != 0) {
        ViolateSum(closing.key, closing.month.number());
      }
    }
    return Done{};
  }

  void ViolateSum(const SumKey& key, std::int64_t month) {
    Violate("counter.sums", "dimension " + std::to_string(static_cast<int>(key.dimension)) + " " +
                                std::to_string(key.first) + " " + std::to_string(key.second) +
                                " month " + std::to_string(month));
  }

  Result<Done> CheckZero(std::string_view statement, const char* invariant) {
    return tx_.Query(statement, {}, [&](const Row& row) {
      if (row.Int(0) != 0) {
        Violate(invariant, std::to_string(row.Int(0)) + " rows");
      }
    });
  }

  Result<Done> CheckReferences() {
    std::int64_t references = 0;
    JARING_RETURN_IF_ERROR(
        tx_.Query(sql::kCountReferences, {}, [&](const Row& row) { references = row.Int(0); }));
    if (references != report_.payments) {
      Violate("reference.one_payment", std::to_string(references) + " references for " +
                                           std::to_string(report_.payments) + " payments");
    }
    return CheckZero(sql::kCountPaymentsWithoutReference, "reference.one_payment");
  }

  /// References that a broken-off run took are without payments until it has gone on.
  Result<Done> CheckMonthIsFinished() {
    JARING_ASSIGN_OR_RETURN(const auto unfinished, FindUnfinishedMonth(tx_));
    if (unfinished) {
      Violate("month.finished", "month " + unfinished->ToString() + " is being posted");
    }
    return Done{};
  }

  /// Each year's run tells of as many people and as much as have been credited.
  void CheckReturnRuns() {
    for (const ReturnRun& run : return_runs_) {
      const std::string year = "year " + std::to_string(run.terms.year);
      const ReturnSum sum = returns_[run.terms.year];
      if (sum.persons != run.person_count || sum.amount != run.amount) {
        Violate("return.run_kept", year);
      }
      if (!run.finished_at) {
        Violate("return.finished", year + " is being credited");
      }
    }
  }

  Result<Done> CheckIdentities() {
    JARING_RETURN_IF_ERROR(tx_.Query(sql::kCountPeople, {}, [&](const Row& row) {
      if (row.Int(0) != row.Int(1) || row.Int(0) != report_.people) {
        Violate("identity.unique", std::to_string(row.Int(0)) + " people, " +
                                       std::to_string(row.Int(1)) + " identities");
      }
    }));
    JARING_RETURN_IF_ERROR(CheckZero(sql::kCountPeopleWithoutNik, "identity.unique"));
    JARING_RETURN_IF_ERROR(CheckZero(sql::kCountPeopleWithoutMembership, "membership.has_person"));
    return CheckZero(sql::kCountMembershipsWithoutPerson, "membership.has_person");
  }

  Tx& tx_;
  const Agency& agency_;
  VerifyReport report_;
  CohortPlaces places_;
  CoverageSums sums_;  // Of causes, step by step.
  CoverageTally counters_;
  std::map<DayLine, Money> expected_;
  std::map<std::int64_t, std::int64_t> placements_;  // Of a suspended payment: its placement.
  std::map<std::int64_t, std::int64_t> human_of_;    // The kept person of each merged or kept one.
  std::map<std::int64_t, std::vector<Membership>> humans_;  // By kept person.
  std::vector<ReturnRun> return_runs_;
  std::map<int, ReturnSum> returns_;  // By year.
  ClaimRecount claims_;
  ByProgramme parts_;
  Money credit_;
};

}  // namespace

Result<VerifyReport> Verify(Tx& tx, const Agency& agency, VerifyScope scope) {
  Verification verification(tx, agency);
  return scope == VerifyScope::kCounters ? verification.RunCounters() : verification.Run();
}

}  // namespace jaring
