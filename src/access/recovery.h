#pragma once

// A new phone for somebody who has lost the old one: through a counter and a second person of the
// agency, or through two members of the same group. Slow on purpose: the old phone is told at once
// and can stop it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/approval.h"
#include "access/audit.h"
#include "registry/agency.h"
#include "rules/identity.h"

namespace jaring {

/// The agency's own choice, not the law's.
struct RecoveryTerms {
  std::int64_t delay_micros = 3LL * 86'400'000'000;  // From agreed to done.
  std::int64_t open_micros = 7LL * 86'400'000'000;   // To find witnesses in.
  int witnesses = 2;
};

/// What is told of one that is open.
struct OpenRecovery {
  std::int64_t recovery_id = 0;
  Instant asked_at = Instant::FromMicros(0);
  std::optional<Instant> effective_at;          // Absent: witnesses are still missing.
  Instant expires_at = Instant::FromMicros(0);  // Witnesses must be found before.
  int witnesses = 0;                            // So far.
};

/// Asks at a counter; the approval's number. Who asks has checked the identity papers.
///
/// Errors: member.unknown, phone.same, approval.reason_missing.
Result<std::int64_t> AskRecovery(Tx& tx, const Agency& agency, std::int64_t person_id,
                                 const std::string& new_phone, std::string_view reason,
                                 const Principal& who, Instant now);

/// Does what a second person approved: the new phone counts after the delay. Its audit note.
Result<AuditNote> StartApprovedRecovery(Tx& tx, const Agency& agency, const Approval& approval,
                                        Instant now, const RecoveryTerms& terms = {});

/// Begins one that witnesses are to confirm. Returns the code to give them, also for somebody we do
/// not know: nobody learns who is a member.
Result<std::string> BeginWitnessedRecovery(Tx& tx, const Agency& agency, const Nik& nik,
                                           Date birth_date, const std::string& new_phone,
                                           Instant now, const RecoveryTerms& terms = {});

/// A member of the same group confirms that it is she; how many more are needed.
///
/// Errors: recovery.unknown (no such code, expired, one's own, or of another group: the same
/// words), recovery.witnessed_already.
Result<int> WitnessRecovery(Tx& tx, const Agency& agency, const Principal& worker,
                            std::string_view code, Instant now, const RecoveryTerms& terms = {});

/// Whoever has the old phone stops it with the code of the message.
///
/// Errors: recovery.unknown.
Result<Done> StopRecovery(Tx& tx, const Agency& agency, std::string_view stop_code, Instant now);

/// The person herself, still logged in, or whom she asks at a counter, stops it.
///
/// Errors: recovery.unknown (also another person's).
Result<Done> StopRecoveryOf(Tx& tx, const Agency& agency, const Principal& who,
                            std::int64_t person_id, std::int64_t recovery_id, Instant now);

Result<std::vector<OpenRecovery>> ListOpenRecoveries(Tx& tx, std::int64_t person_id, Instant now);

/// When a new phone was asked for at a counter, if that still waits for a second person.
Result<std::optional<Instant>> FindRecoveryAsked(Tx& tx, std::int64_t person_id);

/// Changes the phones whose time has come; how many. PIN, sessions and known browsers of these
/// people go with the old phone.
///
/// Limit: 100 at a time.
Result<int> FinishRecoveries(Tx& tx, const Agency& agency, Instant now);

}  // namespace jaring
