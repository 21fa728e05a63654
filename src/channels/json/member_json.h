#pragma once

// The JSON of what members and figures look like: one shape for the command line and for HTTP.

#include <optional>
#include <string>

#include "channels/text/json_writer.h"
#include "collection/member_view.h"
#include "insight/funnel_report.h"
#include "insight/trend_report.h"

namespace jaring {

/// The state that a person would call his own: that of the first programme everybody must have.
CoverageState OverallState(const MemberView& view);

/// "programmes":{"JKK":{"state","from","until"}…} of the object that is open.
void AddCover(JsonWriter& json, const MemberView& view);

/// "to_pay":{"kind","amount","months","from","until"} of the object that is open.
void AddRestoration(JsonWriter& json, const Restoration& restoration);

/// {"member_number","on","known_at","state","programmes":{"JKK":{"state","from","until"}…},
/// "months_paid","credit","next_due","to_pay":{"kind","amount","from","until"}}. Never the name or
/// the NIK.
std::string CoverageJson(const MemberView& view, Instant known_at);

/// {"month","registered","paid","active","grace","lapsed","ended","joined","returned","lost","left",
/// "months","received","rows":[{"code","name",…}]}.
std::string ReportJson(const CoverageReport& report);

/// The same figures and "billed", and instead of rows "causes":
/// {"lapses":[{"payer","from_months","to_months", "lost"}],"ends":[{"reason","closed"}]} or null.
std::string FunnelJson(const FunnelReport& report);

/// {"regions":[{"code","name"}],"branch":{"code","name"} or null,"group" alike,
/// "trend":[{"month","registered",…}],"rows" of the last month and its "causes"}.
std::string TrendJson(const TrendReport& report);

}  // namespace jaring
