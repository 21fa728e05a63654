#pragma once

// What the pages and the API of a new phone share.

#include <string>

#include "access/recovery.h"
#include "channels/http/gate.h"

namespace jaring {

/// The words about helpers on our own pages that a person agrees to; a new wording, a new version.
inline constexpr std::string_view kHelperWords = "helper-1";

/// What the staff of a counter asks for somebody who came without the old phone.
struct CounterRecovery {
  std::int64_t person_id = 0;
  std::string new_phone;  // From ParsePhone.
  std::string reason;
  bool identity_checked = false;
  std::string consent_text_version;  // Empty: her consent was recorded before.
};

/// Asks a second person for it; the approval's number.
///
/// Errors: member.unknown (also out of scope), recovery.identity_not_checked, and those of
/// NeedHelperConsent and AskRecovery.
Result<std::int64_t> AskRecoveryAtCounter(Tx& tx, const Agency& agency, Call& call,
                                          const CounterRecovery& recovery);

}  // namespace jaring
