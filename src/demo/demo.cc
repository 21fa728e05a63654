#include "demo/demo.h"

#include <algorithm>

#include "demo/demo_cashier.h"
#include "demo/demo_clock.h"
#include "demo/demo_intake.h"
#include "demo/demo_mark.h"
#include "demo/demo_people.h"

namespace jaring {
namespace {

constexpr std::int64_t kMaxPeople = 1'000'000;
constexpr int kHistoryMonths = 24;
constexpr int kYearsKnownAhead = 900;  // Keeps months paid ahead within the calendar.
constexpr std::int64_t kRowsPerCommit = 5000;

Result<Done> CheckOptions(const Agency& agency, const DemoOptions& options) {
  if (!agency.is_demo) {
    return Conflict("demo.agency_is_real");
  }
  if (options.people < 0 || options.people > kMaxPeople) {
    return Invalid("demo.people_out_of_range");
  }
  if (options.today.month() < agency.scheme.begins + kHistoryMonths ||
      options.today.year() > 2000 + kYearsKnownAhead) {
    return Invalid("demo.today_out_of_range");
  }
  return Done{};
}

/// Two years, day after day.
class DemoRun {
 public:
  DemoRun(Database& database, const Agency& agency, const DemoOptions& options, DemoPeople people)
      : database_(database),
        options_(options),
        first_(FirstDay(options.today.month() - kHistoryMonths)),
        last_(options.today.AddDays(-1)),
        intake_(agency, options, std::move(people), first_, last_),
        cashier_(agency),
        agenda_(first_, last_) {
    summary_.first_day = first_;
    summary_.last_day = last_;
  }

  Result<DemoSummary> Run(const std::function<void(const DemoProgress&)>& progress) {
    JARING_RETURN_IF_ERROR(database_.Write([this](Tx& tx) { return Begin(tx); }));
    for (Date day = first_; day <= last_;) {
      JARING_RETURN_IF_ERROR(database_.Write([&](Tx& tx) { return RunDays(tx, day); }));
      if (progress) {
        progress({.day = day.AddDays(-1),
                  .days_done = day.days() - first_.days(),
                  .days = last_.days() - first_.days() + 1,
                  .people = summary_.people,
                  .payments = summary_.payments});
      }
    }
    JARING_RETURN_IF_ERROR(database_.Write([this](Tx& tx) {
      return MarkDemo(tx, DemoState::kFinished, DemoInstant(last_, kDemoCloses), summary_.people);
    }));
    return summary_;
  }

 private:
  Result<Done> Begin(Tx& tx) {
    JARING_ASSIGN_OR_RETURN(const DemoState state, FindDemo(tx));
    if (state != DemoState::kNone) {
      return Conflict("demo.already_made");
    }
    JARING_RETURN_IF_ERROR(
        MarkDemo(tx, DemoState::kUnfinished, DemoInstant(first_, kDemoOpens), options_.people));
    JARING_ASSIGN_OR_RETURN(summary_.groups, intake_.CreateGroups(tx));
    JARING_ASSIGN_OR_RETURN(summary_.partners, cashier_.CreatePartners(tx));
    return Done{};
  }

  /// Days from `day` on until there is enough to commit; leaves `day` after the last one done.
  Result<Done> RunDays(Tx& tx, Date& day) {
    const std::int64_t enough = summary_.people + summary_.payments + kRowsPerCommit;
    while (day <= last_ && summary_.people + summary_.payments < enough) {
      JARING_RETURN_IF_ERROR(intake_.RunDay(tx, day, members_, agenda_));
      summary_.people = static_cast<std::int64_t>(members_.size());
      JARING_RETURN_IF_ERROR(
          cashier_.RunDay(tx, day, agenda_.Take(day), members_, agenda_, summary_));
      day = day.AddDays(1);
    }
    return Done{};
  }

  Database& database_;
  const DemoOptions& options_;
  const Date first_;
  const Date last_;
  DemoIntake intake_;
  DemoCashier cashier_;
  DemoAgenda agenda_;
  std::vector<DemoMember> members_;
  DemoSummary summary_;
};

}  // namespace

std::vector<std::size_t> DemoAgenda::Take(Date day) {
  std::vector<std::size_t> due = std::move(days_[static_cast<std::size_t>(day.days() - first_)]);
  std::sort(due.begin(), due.end());
  due.erase(std::unique(due.begin(), due.end()), due.end());
  return due;
}

Result<DemoSummary> MakeDemo(Database& database, const Agency& agency, const DemoOptions& options,
                             const std::function<void(const DemoProgress&)>& progress) {
  JARING_RETURN_IF_ERROR(CheckOptions(agency, options));
  JARING_ASSIGN_OR_RETURN(DemoPeople people,
                          DemoPeople::Load(agency.scheme, options.data_root, options.seed));
  return DemoRun(database, agency, options, std::move(people)).Run(progress);
}

}  // namespace jaring
