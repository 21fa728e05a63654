#include "channels/cli/agency_command.h"

#include <fmt/core.h>

#include "channels/cli/agency_run.h"
#include "channels/cli/cli_audit.h"
#include "channels/text/json_writer.h"
#include "insight/verify.h"
#include "registry/group.h"

namespace jaring {
namespace {

void PrintReport(const VerifyReport& report) {
  fmt::print("{} people, {} memberships, {} payments, {} contributions\n", report.people,
             report.memberships, report.payments, report.contributions);
  for (const std::string& name : report.checked) {
    std::int64_t broken = 0;
    for (const Violation& violation : report.violations) {
      broken += violation.invariant == name ? 1 : 0;
    }
    fmt::print("  {:<32} {}\n", name, broken == 0 ? "ok" : fmt::format("BROKEN ({})", broken));
  }
  for (const Violation& violation : report.violations) {
    fmt::print("{}: {}\n", violation.invariant, violation.subject);
  }
  fmt::print("{}\n", report.violation_count == 0
                         ? "verify: clean"
                         : fmt::format("verify: {} violations", report.violation_count));
}

void PrintReportJson(const VerifyReport& report) {
  JsonWriter json;
  json.BeginObject();
  json.Key("people").Integer(report.people);
  json.Key("memberships").Integer(report.memberships);
  json.Key("payments").Integer(report.payments);
  json.Key("contributions").Integer(report.contributions);
  json.Key("violation_count").Integer(report.violation_count);
  json.Key("violations").BeginList();
  for (const Violation& violation : report.violations) {
    json.BeginObject();
    json.Key("invariant").Text(violation.invariant);
    json.Key("subject").Text(violation.subject);
    json.EndObject();
  }
  json.EndList();
  json.EndObject();
  fmt::print("{}\n", json.Take());
}

}  // namespace

int Init(const CliContext& context, bool is_demo) {
  const auto open = OpenAgency::Create(context, is_demo);
  if (!open) {
    return RefuseCommand(context, open.error());
  }
  const auto noted = (*open)->db().Write([&](Tx& tx) {
    return NoteCommand(tx, context, (*open)->agency(),
                       {.action = std::string(ActionName(Action::kChangeAgency)),
                        .subject = "agency made or brought up to date"});
  });
  if (!noted) {
    return RefuseCommand(context, noted.error());
  }
  fmt::print("agency ready\nkey file: {} (keep it safe, and apart from backups)\n",
             context.key_file().string());
  return kExitFine;
}

int GroupAdd(const CliContext& context, const GroupAddRequest& request) {
  const auto kind = FindGroupKind(request.kind);
  if (!kind) {
    return RefuseCommand(context, Invalid("group.kind_unknown", request.kind));
  }
  const auto payer = request.public_budget ? Payer::kGovernment : FindPayer(request.payer);
  if (!payer) {
    return RefuseCommand(context, Invalid("payer.unknown"));
  }
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    const auto written = open.db().Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const auto branch, FindBranch(tx, request.branch));
      if (!branch) {
        return Invalid("branch.unknown", request.branch);
      }
      JARING_RETURN_IF_ERROR(CreateGroup(tx, {.code = request.code,
                                              .name = request.name,
                                              .kind = *kind,
                                              .branch_id = branch->branch_id,
                                              .payer = *payer}));
      return NoteCommand(tx, context, open.agency(),
                         {.action = std::string(ActionName(Action::kChangeAgency)),
                          .subject = "group " + request.code});
    });
    if (!written) {
      return written.error();
    }
    fmt::print("group {} ready\n", request.code);
    return Done{};
  });
}

int PartnerAdd(const CliContext& context, const std::string& code, const std::string& name) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    const auto written = open.db().Write([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(CreatePartner(tx, code, name));
      return NoteCommand(tx, context, open.agency(),
                         {.action = std::string(ActionName(Action::kManagePartners)),
                          .subject = "partner " + code});
    });
    if (!written) {
      return written.error();
    }
    fmt::print("partner {} ready\n", code);
    return Done{};
  });
}

int VerifyBooks(const CliContext& context, bool counters_only) {
  const VerifyScope scope = counters_only ? VerifyScope::kCounters : VerifyScope::kAll;
  VerifyReport report;
  const int exit_code = WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    return open.db().Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(report, Verify(tx, open.agency(), scope));
      return Done{};
    });
  });
  if (exit_code != kExitFine) {
    return exit_code;
  }
  if (context.options().json) {
    PrintReportJson(report);
  } else {
    PrintReport(report);
  }
  return report.violation_count == 0 ? kExitFine : kExitSomeRefused;
}

}  // namespace jaring
