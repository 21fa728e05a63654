#pragma once

// People join: so many each day, in the lists their groups bring.

#include <vector>

#include "demo/demo.h"
#include "demo/demo_member.h"
#include "demo/demo_people.h"
#include "registry/enrolment.h"

namespace jaring {

/// How many of all people have joined by the evening of each day.
class DemoGrowth {
 public:
  DemoGrowth(Date first, Date last);

  /// Of `people` in all; rises to all of them on the last day.
  std::int64_t JoinedBy(Date day, std::int64_t people) const;

 private:
  std::int64_t first_;
  std::vector<std::int64_t> weight_until_;  // Sum of the weights of the days up to each.
};

/// Groups of the demo and the people they bring.
class DemoIntake {
 public:
  DemoIntake(const Agency& agency, const DemoOptions& options, DemoPeople people, Date first,
             Date last);

  /// Makes the groups.
  Result<std::int64_t> CreateGroups(Tx& tx);

  /// One morning: those who join are enrolled, some today and some with the next list of their
  /// group; new members are added to `members` and noted for their first visit.
  Result<Done> RunDay(Tx& tx, Date day, std::vector<DemoMember>& members, DemoAgenda& agenda);

 private:
  struct Line {
    std::optional<Group> group;
    std::vector<Enrolment> waiting;
  };

  bool BringsToday(std::size_t source, Date day) const;
  Result<Done> Enrol(Tx& tx, std::size_t source, Date day, std::vector<DemoMember>& members,
                     DemoAgenda& agenda);
  DemoMember MemberOf(const Enrolment& person, const MemberNumber& number, std::size_t source,
                      Date day) const;

  const Agency& agency_;
  const DemoOptions& options_;
  DemoPeople people_;
  DemoGrowth growth_;
  Date last_;
  DemoDice dice_;  // Which source the next one comes through.
  std::vector<int> source_weights_;
  std::int64_t joined_ = 0;
  std::vector<Line> lines_;  // One for each of DemoSources.
};

}  // namespace jaring
