#include "insight/funnel_report.h"

#include <map>

#include "insight/states_at.h"
#include "registry/region_code.h"

namespace jaring {
namespace {

/// Adds up the causes in the part asked about.
class CauseCount {
 public:
  CauseCount(const Scheme& scheme, Month month, const CoverageFilter& filter)
      : states_(scheme, month), month_(month), filter_(filter) {}

  Result<Done> Read(Tx& tx) {
    const Month until = states_.lost_until();
    const auto [first, last] = filter_.regencies();
    const SumRange range{SumDimension::kLeaving, first, last};
    JARING_RETURN_IF_ERROR(EachPaidThrough(tx, range, states_.from(), until, Adder()));
    JARING_RETURN_IF_ERROR(EachSum(tx, range, month_, month_, Adder()));
    return EachClosingSum(tx, range, states_.from(), until,
                          [this](const ClosingSumKey& closing, std::int64_t spells) {
                            if (CoverageFigures* figures = FiguresOf(closing.key)) {
                              states_.AddClosed(closing.paid_through, closing.month, spells,
                                                *figures);
                            }
                          });
  }

  LeavingCauses Causes() const {
    LeavingCauses causes;
    for (const auto& [cause, figures] : figures_) {
      if (cause >= kFirstEndCause) {
        if (figures.left != 0) {
          causes.ends.push_back({static_cast<EndReason>(cause - kFirstEndCause), figures.left});
        }
      } else if (figures.lost != 0) {
        causes.lapses.push_back(RowOf(LapseCause::OfNumber(cause), figures.lost));
      }
    }
    return causes;
  }

 private:
  static LapseRow RowOf(const LapseCause& cause, std::int64_t lost) {
    LapseRow row{.payer = static_cast<Payer>(cause.payer), .to_months = {}, .lost = lost};
    row.from_months = cause.length == 0 ? 1 : kRunLengths[cause.length - 1] + 1;
    if (cause.length < kRunLengths.size()) {
      row.to_months = kRunLengths[cause.length];
    }
    return row;
  }

  SumReader Adder() {
    return [this](const SumKey& key, std::int64_t month, const SumCount& count) {
      if (CoverageFigures* figures = FiguresOf(key)) {
        states_.Add(month, count, *figures);
      }
    };
  }

  CoverageFigures* FiguresOf(const SumKey& key) {
    const LeavingPlace place = LeavingPlace::OfNumber(key.second);
    const bool is_asked = filter_.branch_id == 0 || filter_.branch_id == place.branch_id;
    return is_asked ? &figures_[place.cause] : nullptr;
  }

  const StatesAt states_;
  const Month month_;
  const CoverageFilter& filter_;
  std::map<std::int64_t, CoverageFigures> figures_;  // By cause; only lost and left tell.
};

}  // namespace

Result<std::optional<LeavingCauses>> FindCauses(Tx& tx, const Scheme& scheme, Month month,
                                                const CoverageFilter& filter) {
  if (filter.group_id != 0 || filter.has_kind() || filter.region_code > kLastRegency) {
    return std::optional<LeavingCauses>{};
  }
  CauseCount causes(scheme, month, filter);
  JARING_RETURN_IF_ERROR(causes.Read(tx));
  return std::optional(causes.Causes());
}

Result<FunnelReport> ReportFunnel(Tx& tx, const Scheme& scheme, Month month,
                                  const CoverageFilter& filter) {
  JARING_ASSIGN_OR_RETURN(const CoverageReport report,
                          ReportCoverage(tx, scheme, month, ReportBy::kNothing, filter));
  FunnelReport funnel{.month = month, .figures = report.total, .causes = {}};
  JARING_ASSIGN_OR_RETURN(funnel.causes, FindCauses(tx, scheme, month, filter));
  return funnel;
}

}  // namespace jaring
