#include "channels/cli/approval_command.h"

#include <fmt/core.h>

#include "access/person_place.h"
#include "channels/cli/agency_run.h"
#include "channels/cli/cli_audit.h"
#include "channels/http/approval_desk.h"
#include "channels/text/json_writer.h"
#include "collection/reversal.h"

namespace jaring {
namespace {

constexpr std::int64_t kListed = 1'000;

/// In the scope of who decides or asks: by the person's place, or by the branch it was asked at.
Result<Done> CheckReach(Tx& tx, const Principal& who, std::int64_t person_id,
                        std::int64_t branch_id, const char* rule) {
  bool reaches = Reaches(who.scope, {.branch_id = branch_id});
  if (!reaches && person_id != 0) {
    JARING_ASSIGN_OR_RETURN(reaches, ReachesPerson(tx, who, person_id));
  }
  return reaches ? Result<Done>(Done{}) : NotFound(rule);
}

Result<ApprovalState> ParseState(const std::string& word) {
  for (const ApprovalState state :
       {ApprovalState::kWaiting, ApprovalState::kApproved, ApprovalState::kRefused}) {
    if (word == ApprovalStateCode(state)) {
      return state;
    }
  }
  return Invalid("approval.state_unknown", word);
}

}  // namespace

int Reverse(const CliContext& context, const ReverseRequest& request) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const Principal who,
                            ProveStaffUser(context, open, request.as, Action::kAskReversal));
    return open.db().Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const Partner partner, GetPartner(tx, request.partner));
      JARING_ASSIGN_OR_RETURN(const Reversible target,
                              FindReversible(tx, partner.partner_id, request.reference));
      JARING_RETURN_IF_ERROR(
          CheckReach(tx, who, target.person_id, 0, "reversal.unknown_reference"));
      JARING_ASSIGN_OR_RETURN(
          const std::int64_t id,
          AskReversal(tx, open.agency(), partner.code, partner.partner_id, request.reference,
                      {.who = who, .now = context.now(), .reason = request.reason}));
      JARING_RETURN_IF_ERROR(
          NoteCommandOf(tx, context, open.agency(), who,
                        {.action = std::string(ActionName(Action::kAskReversal)),
                         .person_id = target.person_id,
                         .subject = "payment " + partner.code + " " + request.reference,
                         .reason = request.reason}));
      fmt::print(
          "permintaan {} menunggu orang kedua / request {} waits for a second person:\n"
          "  jaring approval approve {} --as EMAIL\n",
          id, id, id);
      return Done{};
    });
  });
}

int ApprovalList(const CliContext& context, const std::string& state_word) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const ApprovalState state, ParseState(state_word));
    return open.db().Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const auto approvals, ListApprovals(tx, state, 0, kListed));
      JsonWriter json;
      json.BeginList();
      for (const Approval& approval : approvals) {
        json.BeginObject().Key("approval_id").Integer(approval.approval_id);
        json.Key("kind").Text(ApprovalKindCode(approval.ask.kind));
        json.Key("subject").Text(approval.ask.subject);
        json.Key("reason").Text(approval.ask.reason);
        json.Key("asked_at").Text(approval.asked_at.ToString()).EndObject();
        if (!context.options().json) {
          fmt::print("{:>6}  {:<12} {:<40} {}  {}\n", approval.approval_id,
                     ApprovalKindCode(approval.ask.kind), approval.ask.subject,
                     approval.asked_at.JakartaDate().ToString(), approval.ask.reason);
        }
      }
      json.EndList();
      if (context.options().json) {
        fmt::print("{}\n", json.Take());
      } else if (approvals.empty()) {
        fmt::print("tidak ada / none\n");
      }
      return Done{};
    });
  });
}

int ApprovalDecide(const CliContext& context, const DecisionRequest& request) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    const Agency& agency = open.agency();
    JARING_ASSIGN_OR_RETURN(const Principal who,
                            ProveStaffUser(context, open, request.as, Action::kDecideApprovals));
    return open.db().Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const Approval asked,
                              FindApproval(tx, agency.sealer, request.approval_id));
      JARING_RETURN_IF_ERROR(
          CheckReach(tx, who, asked.ask.person_id, asked.ask.branch_id, "approval.unknown"));
      JARING_ASSIGN_OR_RETURN(const Approval approval,
                              DecideApproval(tx, agency.sealer, request.approval_id,
                                             request.decision, request.reason, who, context.now()));
      AuditNote note{.person_id = approval.ask.person_id, .subject = approval.ask.subject};
      if (request.decision == Decision::kApprove) {
        JARING_ASSIGN_OR_RETURN(note, DoApproved(tx, agency, approval, context.now()));
      }
      note.action = ActionName(Action::kDecideApprovals);
      note.subject = "approval " + std::to_string(approval.approval_id) + ": " + note.subject;
      note.reason = request.reason.empty() ? approval.ask.reason : request.reason;
      JARING_RETURN_IF_ERROR(NoteCommandOf(tx, context, agency, who, std::move(note)));
      fmt::print("{} {}: {}\n", ApprovalKindCode(approval.ask.kind), approval.ask.subject,
                 ApprovalStateCode(approval.state));
      return Done{};
    });
  });
}

}  // namespace jaring
