#pragma once

// A claim as JSON: one shape for HTTP and the command line.

#include <string>

#include "channels/json/person_json.h"
#include "channels/text/json_writer.h"
#include "channels/text/messages.h"
#include "claims/claim_desk.h"
#include "claims/claim_figures.h"
#include "claims/claim_paper.h"
#include "claims/payout.h"
#include "claims/schedule_desk.h"

namespace jaring {

/// How much of a claim somebody is shown, and in which words.
struct ClaimShown {
  const Messages& messages;
  Language language = Language::kIndonesian;
  Identity identity = Identity::kMasked;
  bool with_questions = false;  // What an officer should ask; not for those it is asked about.
};

/// "claim_number", "kind", "state", "event_on", "begun_at", "complete_on", "due_on", "gross",
/// "tax", "net" of the object that is open.
void AddClaim(JsonWriter& json, const Claim& claim);

/// "run_id", "state", "pay_on", "payouts", "amount" of the object that is open.
void AddPayoutRun(JsonWriter& json, const PayoutRun& run);

/// "papers_needed" of the object that is open: what, why, whether it was brought.
void AddPapersNeeded(JsonWriter& json, const ClaimView& view);

/// {"from","to","now","approved","refused","given","tax","paid","paid_late","days","most_days",
/// "given_back","penalties","begun","without_visit"}.
std::string ClaimFiguresJson(const ClaimFigures& figures, Date from, Date to);

/// What is stored with a claim besides what ViewClaim tells.
struct ClaimExtras {
  std::vector<StoredPaper> papers;
  std::vector<Payout> payouts;
  std::vector<ScheduleView> schedules;
};

/// Everything about one claim. Masked: the name, the birth of children but its year, and of an
/// account the last four signs.
std::string ClaimJson(const ClaimView& view, const ClaimExtras& extras, const ClaimShown& shown);

}  // namespace jaring
