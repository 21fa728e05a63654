#include "access/permissions.h"

#include <array>

#include "base/check.h"

namespace jaring {
namespace {

struct Line {
  Action action;
  std::string_view name;
  std::string_view what;
  bool is_change;
  std::string_view cells;  // One a role, in the order of Role from kWorker on.
};

// "." refused · "m" in scope, identities masked · "f" in scope, identities in full ·
// "a" anybody's, identities masked.
//
// Columns: Worker, Agent, Kiosk, Branch staff, Claims officer, aPprover, Group admin, partner
// System, aNalyst, aUditor, Operator.
// clang-format off
constexpr std::array<Line, kActionCount> kMatrix = {{
    //                                                                                       W A K B C P G S N U O
    {Action::kUseOwnAccount,   "account:use",        "own sessions, password, second factor", true,  "f f . f f f f . f f f"},
    {Action::kReadScheme,      "scheme:read",        "the scheme, quotes",                    false, "f f f f f f f f f f f"},
    {Action::kReadCover,       "cover:read",         "cover and months of a member",          false, "f a a f f f m a . m ."},
    {Action::kReadBill,        "bill:read",          "what a member has to pay",              false, "f a a f f f m a . m ."},
    {Action::kSearchPeople,    "person:search",      "find people by number, name or phone",  false, ". m . f f m m . . m ."},
    {Action::kReadPerson,      "person:read",        "a person's record",                     false, "f m . f f f m . . m ."},
    {Action::kChangePerson,    "person:change",      "language, village",                     true,  "f . . f . . . . . . ."},
    {Action::kEnrolPeople,     "person:enrol",       "enrol people",                          true,  ". f f f . . f . . . ."},
    {Action::kEndMembership,   "membership:end",     "close a membership",                    true,  ". . . f f . . . . . ."},
    {Action::kReadLooks,       "person:looks",       "who looked at a person's data",         false, "f . . . . . . . . f ."},
    {Action::kExportPerson,    "person:export",      "all data of one person",                false, "f . . f . . . . . . ."},
    {Action::kChangeConsent,   "consent:change",     "give and withdraw consent",             true,  "f f f f . . . . . . ."},
    {Action::kAskCorrection,   "correction:ask",     "ask for a change of identity",          true,  "f m . f f . . . . . ."},
    {Action::kAskMerge,        "merge:ask",          "ask to merge two persons, or undo it",  true,  ". . . f . . . . . . ."},
    {Action::kRecoverAccess,   "access:recover",     "a new phone for a person at a counter", true,  ". . . f . . . . . . ."},
    {Action::kReadDuplicates,  "duplicate:read",     "people who look like another",          false, ". . . f . f . . . m ."},
    {Action::kPostPayment,     "payment:post",       "post payments",                         true,  ". a a a . . . a . . ."},
    {Action::kReadPayment,     "payment:read",       "payments and receipts",                 false, "f f . f f f m m . m ."},
    {Action::kAskReversal,     "reversal:ask",       "ask to take a payment back",            true,  ". . . f . . . m . . ."},
    {Action::kReadSuspense,    "suspense:read",      "money whose owner is not known",        false, ". . . f . f . m . m ."},
    {Action::kPlaceSuspense,   "suspense:place",     "give such money to its owner",          true,  ". . . f . . . . . . ."},
    {Action::kReportClaims,    "claim:report",       "report a claim, bring papers, object",  true,  "f m . f f . . . . . ."},
    {Action::kReadClaims,      "claim:read",         "claims of a person",                    false, "f m . f f f . . . m ."},
    {Action::kReadClaimPapers, "claim:papers",       "the papers of a claim",                 false, "f . . f f f . . . . ."},
    {Action::kListClaims,      "claim:list",         "claims by state and deadline",          false, ". . . f f f . . . m ."},
    {Action::kDecideClaims,    "claim:decide",       "complete, approve and refuse claims",   true,  ". . . . f f . . . . ."},
    {Action::kReadPayouts,     "payout:read",        "payment runs and what became of them",  false, ". . . . f f . . . m ."},
    {Action::kMakePayouts,     "payout:make",        "make payment runs, take the bank's word", true, ". . . . f . . . . . ."},
    {Action::kReleasePayouts,  "payout:release",     "release payment runs",                  true,  ". . . . . f . . . . ."},
    {Action::kReadApprovals,   "approval:read",      "what waits for a second person",        false, ". . . f f f . . . m ."},
    {Action::kDecideApprovals, "approval:decide",    "decide as the second person",           true,  ". . . . . f . . . . ."},
    {Action::kReadAgency,      "agency:read",        "branches, groups, partners",            false, ". f f f f f f f f f f"},
    {Action::kChangeAgency,    "agency:change",      "add groups",                            true,  ". . . f . . . . . . f"},
    {Action::kUploadPeople,    "job:enrol",          "upload lists of people",                true,  ". . . f . . f . . . ."},
    {Action::kUploadPayments,  "job:collect",        "upload payment files",                  true,  ". . . f . . . f . . ."},
    {Action::kUseJobs,         "job:use",            "see uploads, their progress, refused rows", true, ". . . f . . f f . . ."},
    {Action::kReadInsight,     "insight:read",       "figures of cover and money",            false, ". . . f f f f . f f f"},
    {Action::kReadJournals,    "journal:read",       "the daily journals",                    false, ". . . . . f . . f f ."},
    {Action::kManageUsers,     "user:manage",        "staff users and their roles",           true,  ". . . . . . . . . . f"},
    {Action::kManageDevices,   "device:manage",      "agents' phones and kiosks",             true,  ". . . f . . . . . . f"},
    {Action::kManagePartners,  "partner:manage",     "partners, their clients and keys",      true,  ". . . . . . . . . . f"},
    {Action::kReadAudit,       "audit:read",         "the audit trail",                       false, ". . . . . . . . . f ."},
    {Action::kReadMetrics,     "metrics:read",       "what the program measures",             false, ". . . . . . . . . . f"},
}};
// clang-format on

const Line& LineOf(Action action) {
  const Line& line = kMatrix.at(static_cast<std::size_t>(action));
  JARING_CHECK(line.action == action);
  return line;
}

std::string_view CellWords(Grant grant) {
  switch (grant) {
    case Grant::kRefused:
      return "";
    case Grant::kMasked:
      return "masked";
    case Grant::kFull:
      return "yes";
    case Grant::kMaskedAnywhere:
      return "anybody, masked";
  }
  JARING_CHECK(false);
}

}  // namespace

Grant GrantOf(Action action, Role role) {
  if (role == Role::kNobody) {
    return Grant::kRefused;
  }
  const std::string_view cells = LineOf(action).cells;
  const std::size_t place = 2 * (static_cast<std::size_t>(role) - 1);
  JARING_CHECK(cells.size() == 2 * (kRoleCount - 1) - 1 && place < cells.size());
  switch (cells[place]) {
    case 'm':
      return Grant::kMasked;
    case 'f':
      return Grant::kFull;
    case 'a':
      return Grant::kMaskedAnywhere;
    default:
      JARING_CHECK(cells[place] == '.');
      return Grant::kRefused;
  }
}

std::string_view ActionName(Action action) {
  return LineOf(action).name;
}

bool IsChange(Action action) {
  return LineOf(action).is_change;
}

std::string PermissionsMarkdown() {
  std::string text =
      "# Who may do what\n\n"
      "Made from the table in `src/access/permissions.cc` by `jaring permissions`; a test "
      "compares.\n"
      "What is not allowed here is refused.\n\n"
      "*yes*: within the user's scope. *masked*: within the scope, identities masked. *anybody,\n"
      "masked*: for whoever comes, wherever they belong. Scopes: nation, region, branch, group, "
      "agent,\n"
      "self, partner.\n\n| action | what it is |";
  std::string rule = "| --- | --- |";
  for (int role = 1; role < kRoleCount; ++role) {
    text.append(" ").append(RoleCode(static_cast<Role>(role))).append(" |");
    rule += " --- |";
  }
  text += "\n" + rule + "\n";
  for (const Line& line : kMatrix) {
    text.append("| `").append(line.name).append("` | ").append(line.what).append(" |");
    for (int role = 1; role < kRoleCount; ++role) {
      const std::string_view words = CellWords(GrantOf(line.action, static_cast<Role>(role)));
      text.append(words.empty() ? "" : " ").append(words).append(" |");
    }
    text += "\n";
  }
  return text;
}

}  // namespace jaring
