#pragma once

// The permission matrix: what each role may do. One table; docs/PERMISSIONS.md is made from it.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "access/role.h"

namespace jaring {

/// Everything a door can be asked for. The order is that of the table.
enum class Action : std::uint8_t {
  kUseOwnAccount,
  kReadScheme,
  kReadCover,
  kReadBill,
  kSearchPeople,
  kReadPerson,
  kChangePerson,
  kEnrolPeople,
  kEndMembership,
  kReadLooks,
  kExportPerson,
  kChangeConsent,
  kAskCorrection,
  kAskMerge,
  kRecoverAccess,
  kReadDuplicates,
  kPostPayment,
  kReadPayment,
  kAskReversal,
  kReadSuspense,
  kPlaceSuspense,
  kReportClaims,
  kReadClaims,
  kReadClaimPapers,
  kListClaims,
  kDecideClaims,
  kReadPayouts,
  kMakePayouts,
  kReleasePayouts,
  kReadApprovals,
  kDecideApprovals,
  kReadAgency,
  kChangeAgency,
  kUploadPeople,
  kUploadPayments,
  kUseJobs,
  kReadInsight,
  kReadJournals,
  kManageUsers,
  kManageDevices,
  kManagePartners,
  kReadAudit,
  kReadMetrics,
};
inline constexpr int kActionCount = 43;

/// What a role may do with an action.
enum class Grant : std::uint8_t {
  kRefused,
  kMasked,          // Within the scope; identities are masked.
  kFull,            // Within the scope; identities in full.
  kMaskedAnywhere,  // For whoever comes, wherever they belong; identities are masked.
};

Grant GrantOf(Action action, Role role);
inline bool IsAllowed(Action action, Role role) {
  return GrantOf(action, role) != Grant::kRefused;
}

/// "person:read": the name of the action in the audit trail and in api/openapi.yaml.
std::string_view ActionName(Action action);

/// True for what is noted in the audit trail even when no person was seen.
bool IsChange(Action action);

/// The matrix as Markdown: docs/PERMISSIONS.md.
std::string PermissionsMarkdown();

}  // namespace jaring
