#include "channels/http/recovery_desk.h"

#include "access/consent.h"

namespace jaring {

Result<std::int64_t> AskRecoveryAtCounter(Tx& tx, const Agency& agency, Call& call,
                                          const CounterRecovery& recovery) {
  JARING_RETURN_IF_ERROR(call.See(tx, recovery.person_id));
  if (!recovery.identity_checked) {
    return Invalid("recovery.identity_not_checked");
  }
  JARING_RETURN_IF_ERROR(NeedHelperConsent(tx, call.who(), recovery.person_id,
                                           recovery.consent_text_version, call.now()));
  JARING_ASSIGN_OR_RETURN(const std::int64_t approval_id,
                          AskRecovery(tx, agency, recovery.person_id, recovery.new_phone,
                                      recovery.reason, call.who(), call.now()));
  call.Note({.person_id = recovery.person_id,
             .subject = "approval " + std::to_string(approval_id),
             .reason = recovery.reason});
  return approval_id;
}

}  // namespace jaring
