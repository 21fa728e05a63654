#pragma once

// What a person agreed to, and when she took it back. Rows are only added; the newest holds.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/principal.h"
#include "db/database.h"
#include "registry/enrolment.h"

namespace jaring {

/// Stored, so the numbers never change.
enum class ConsentKind : std::int64_t {
  kHelper = 1,    // A helper (an agent) may act for her.
  kMessages = 2,  // Messages to her phone.
  kSharing = 3,   // Her group or sponsor may see how she stands.
  kResearch = 4,  // Figures for research.
};

/// "helper", "messages", "sharing", "research".
std::string_view ConsentKindCode(ConsentKind kind);
std::optional<ConsentKind> FindConsentKind(std::string_view code);

enum class ConsentDecision : std::int64_t { kWithdrawn = 0, kGiven = 1 };

struct Consent {
  std::int64_t consent_id = 0;  // Given when recorded.
  std::int64_t person_id = 0;
  ConsentKind kind = ConsentKind::kHelper;
  std::int64_t helper_id = 0;  // User id, for kHelper; else 0.
  ConsentDecision decision = ConsentDecision::kWithdrawn;
  Instant at = Instant::FromMicros(0);
  Door door = Door::kWeb;
  ActorKind actor_kind = ActorKind::kAnonymous;
  std::int64_t actor_id = 0;
  std::string text_version;
};

/// Notes it. A helper reaches the person from then on, or no more.
///
/// Errors: consent.helper_missing (no such staff user; one for another kind), consent.no_change,
/// consent.text_version_missing.
Result<Done> RecordConsent(Tx& tx, const Consent& consent);

/// Nobody acts for a person without her word: an agent or the staff of a counter need her consent.
/// It is recorded here when `text_version` says which words she agreed to just now. Everybody else
/// passes: a person acts for herself, others act for the agency.
///
/// Errors: consent.helper_needed, and those of RecordConsent.
Result<Done> NeedHelperConsent(Tx& tx, const Principal& who, std::int64_t person_id,
                               std::string_view text_version, Instant now);

/// All of a person, oldest first.
Result<std::vector<Consent>> ListConsents(Tx& tx, std::int64_t person_id);

/// True when the newest row of this kind (and helper) says so.
Result<bool> HasConsent(Tx& tx, std::int64_t person_id, ConsentKind kind,
                        std::int64_t helper_id = 0);

}  // namespace jaring
