#include "channels/cli/audit_command.h"

#include <fmt/core.h>

#include "access/audit.h"
#include "base/text.h"
#include "channels/cli/agency_run.h"
#include "channels/text/json_writer.h"

namespace jaring {
namespace {

constexpr std::size_t kHashBytes = 32;
constexpr int kMostListed = 100'000;

/// "12:00ff…", or "0:" before the first entry.
Result<AuditHead> ParseHead(const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon != std::string::npos) {
    const auto entries = ParseInteger(text.substr(0, colon));
    const auto hash = FromHex(text.substr(colon + 1));
    if (entries && *entries >= 0 && hash && hash->size() == (*entries == 0 ? 0 : kHashBytes)) {
      return AuditHead{*entries, *hash};
    }
  }
  return Invalid("audit.head_malformed");
}

void PrintCheck(const CliContext& context, const AuditCheck& check) {
  const std::string head = fmt::format("{}:{}", check.head.entries, ToHex(check.head.hash));
  if (!context.options().json) {
    for (const AuditFinding& finding : check.findings) {
      fmt::print("entry {}: {}\n", finding.entry_id, finding.what);
    }
    fmt::print("audit: {}\nhead {}\n",
               check.findings.empty() ? "clean" : fmt::format("{} findings", check.findings.size()),
               head);
    return;
  }
  JsonWriter json;
  json.BeginObject().Key("head").Text(head).Key("findings").BeginList();
  for (const AuditFinding& finding : check.findings) {
    json.BeginObject().Key("entry_id").Integer(finding.entry_id);
    json.Key("what").Text(finding.what).EndObject();
  }
  json.EndList().EndObject();
  fmt::print("{}\n", json.Take());
}

void PrintEntries(const CliContext& context, const std::vector<AuditEntry>& entries) {
  JsonWriter json;
  json.BeginList();
  for (const AuditEntry& entry : entries) {
    const std::string actor = fmt::format("{} {} ({})", ActorKindCode(entry.who.kind), entry.who.id,
                                          RoleCode(entry.who.role));
    json.BeginObject().Key("entry_id").Integer(entry.entry_id);
    json.Key("at").Text(entry.at.ToString()).Key("who").Text(actor);
    json.Key("action").Text(entry.note.action).Key("person_id").Integer(entry.note.person_id);
    json.Key("subject").Text(entry.note.subject).Key("change").Text(entry.note.change);
    json.Key("reason").Text(entry.note.reason).Key("request_id").Text(entry.request_id);
    json.EndObject();
    if (!context.options().json) {
      fmt::print("{:>8}  {}  {:<36} {:<18} {}  {} {} {}\n", entry.entry_id, entry.at.ToString(),
                 actor, entry.note.action,
                 entry.note.person_id == 0 ? "-" : std::to_string(entry.note.person_id),
                 entry.note.subject, entry.note.change, entry.note.reason);
    }
  }
  json.EndList();
  if (context.options().json) {
    fmt::print("{}\n", json.Take());
  }
}

}  // namespace

int AuditVerify(const CliContext& context, const std::string& head) {
  AuditCheck check;
  const int exit_code = WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    std::optional<AuditHead> noted;
    if (!head.empty()) {
      JARING_ASSIGN_OR_RETURN(noted, ParseHead(head));
    }
    return open.db().Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(
          check, CheckAudit(tx, open.agency().sealer.audit_key(), noted ? &*noted : nullptr));
      return Done{};
    });
  });
  if (exit_code != kExitFine) {
    return exit_code;
  }
  PrintCheck(context, check);
  return check.findings.empty() ? kExitFine : kExitSomeRefused;
}

int AuditList(const CliContext& context, const AuditListRequest& request) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    if (request.limit < 1 || request.limit > kMostListed) {
      return Invalid("page.limit_malformed");
    }
    return open.db().Read([&](Tx& tx) -> Result<Done> {
      std::vector<AuditEntry> entries;
      if (request.who.empty()) {
        JARING_ASSIGN_OR_RETURN(entries, ListAudit(tx, 0, request.limit));
      } else {
        JARING_ASSIGN_OR_RETURN(const MemberNumber member,
                                FindMember(tx, open.agency(), request.who));
        JARING_ASSIGN_OR_RETURN(entries, ListAuditOfPerson(tx, member.person_id, 0, request.limit));
      }
      PrintEntries(context, entries);
      return Done{};
    });
  });
}

}  // namespace jaring
