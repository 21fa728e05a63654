#include "insight/schedule_recount.h"

#include <map>
#include <vector>

#include "claims/claim_schedule.h"
#include "insight/schedule_recount_sql.h"
#include "rules/benefit_quote.h"

namespace jaring {
namespace {

struct ScheduleClaim {
  ClaimKind kind = ClaimKind::kDeath;
  Date event_on = Date::FromYearMonthDay(1900, 1, 1);
  ClaimState state = ClaimState::kDraft;
  Money gross;
  bool has_schedule = false;
};

struct ScheduleRows {
  ClaimSchedule schedule;
  std::vector<Instalment> instalments;
};

class ScheduleRecount {
 public:
  ScheduleRecount(Tx& tx, const Agency& agency,
                  const std::function<void(std::string, std::string)>& on_broken)
      : tx_(tx), agency_(agency), on_broken_(on_broken) {}

  Result<Done> Run() {
    JARING_RETURN_IF_ERROR(Load());
    for (const auto& [key, rows] : schedules_) {
      JARING_RETURN_IF_ERROR(Check(rows));
    }
    for (const auto& [number, claim] : claims_) {
      if (IsInstalment(claim.kind) && !claim.has_schedule) {
        Break("schedule.instalments", number);
      }
    }
    CheckSumsOfRights();
    return Done{};
  }

 private:
  Result<Done> Load() {
    JARING_RETURN_IF_ERROR(tx_.Query(sql::kScanSchedules, {}, [this](const Row& row) {
      schedules_[{row.Int(0), row.Int(1)}].schedule = ReadScheduleRow(row);
    }));
    JARING_RETURN_IF_ERROR(tx_.Query(sql::kScanClaimsOfSchedules, {}, [this](const Row& row) {
      const auto event_on = Date::ParseNumber(row.Int(3));
      JARING_CHECK(event_on.has_value());
      claims_[{row.Int(0), static_cast<int>(row.Int(1))}] = {
          .kind = static_cast<ClaimKind>(row.Int(2)),
          .event_on = *event_on,
          .state = static_cast<ClaimState>(row.Int(4)),
          .gross = Money::FromRupiah(row.Int(5))};
    }));
    return tx_.Query(sql::kScanInstalments, {}, [this](const Row& row) {
      const Instalment instalment{.schedule_no = static_cast<int>(row.Int(1)),
                                  .instalment_no = static_cast<int>(row.Int(2)),
                                  .claim = {row.Int(0), static_cast<int>(row.Int(3))}};
      const auto at = schedules_.find({row.Int(0), row.Int(1)});
      if (at == schedules_.end()) {
        Break("schedule.instalments", instalment.claim);
      } else {
        at->second.instalments.push_back(instalment);
      }
    });
  }

  void Break(const char* invariant, const ClaimNumber& number) {
    on_broken_(invariant, number.ToString());
  }

  Result<Done> Check(const ScheduleRows& rows) {
    const ClaimSchedule& schedule = rows.schedule;
    const auto right = claims_.find(schedule.right());
    if (right == claims_.end()) {
      Break("schedule.next_day", schedule.right());
      return Done{};
    }
    int owed = 0;
    Money sum;
    for (std::size_t i = 0; i < rows.instalments.size(); ++i) {
      const auto at = claims_.find(rows.instalments[i].claim);
      const bool is_one = at != claims_.end() && at->second.kind == schedule.kind &&
                          !at->second.has_schedule &&
                          rows.instalments[i].instalment_no == static_cast<int>(i) + 1;
      if (!is_one) {
        Break("schedule.instalments", rows.instalments[i].claim);
        return Done{};
      }
      at->second.has_schedule = true;
      owed += IsOwed(at->second.state) ? 1 : 0;
      sum += IsOwed(at->second.state) ? at->second.gross : Money();
    }
    if (schedule.kind == ClaimKind::kScholarship) {
      CheckSum(schedule, right->second, sum);
    }
    JARING_ASSIGN_OR_RETURN(const bool stands, Stands(schedule, right->second));
    ClaimSchedule follows = schedule;
    follows.Follow(stands, static_cast<int>(rows.instalments.size()), owed);
    if (follows != schedule) {
      Break("schedule.next_day", schedule.right());
    }
    return Done{};
  }

  /// What was told is asked only where it decides.
  Result<bool> Stands(const ClaimSchedule& schedule, const ScheduleClaim& right) {
    ClaimRecords told;
    if (schedule.kind == ClaimKind::kIncapacity && right.state == ClaimState::kReported) {
      JARING_ASSIGN_OR_RETURN(told, ReadRecords(tx_, agency_, schedule.right()));
    }
    return RightStands(schedule.kind, right.state, told.facts);
  }

  void CheckSum(const ClaimSchedule& schedule, const ScheduleClaim& right, Money sum) {
    const ScholarshipTable* table = FindScholarship(agency_.scheme, right.event_on);
    if (table == nullptr || sum > table->per_child) {
      Break("schedule.sums", schedule.right());
    }
    sums_[schedule.right()] += sum;
  }

  void CheckSumsOfRights() {
    for (const auto& [right, sum] : sums_) {
      const ScholarshipTable* table = FindScholarship(agency_.scheme, claims_[right].event_on);
      if (table != nullptr && sum > table->total) {
        Break("schedule.sums", right);
      }
    }
  }

  Tx& tx_;
  const Agency& agency_;
  const std::function<void(std::string, std::string)>& on_broken_;
  std::map<std::pair<std::int64_t, std::int64_t>, ScheduleRows> schedules_;
  std::map<ClaimNumber, ScheduleClaim> claims_;
  std::map<ClaimNumber, Money> sums_;
};

}  // namespace

Result<Done> RecountSchedules(
    Tx& tx, const Agency& agency,
    const std::function<void(std::string invariant, std::string subject)>& on_broken) {
  return ScheduleRecount(tx, agency, on_broken).Run();
}

}  // namespace jaring
