#pragma once

// The audit trail: who, as what, from where, did or saw what of whom, and why. Only added to.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "access/principal.h"
#include "base/calendar.h"
#include "db/database.h"

namespace jaring {

/// What is noted of one act or look. Never holds a NIK, a phone number or a secret in full.
struct AuditNote {
  std::string action;          // ActionName, or a word of the same form.
  std::int64_t person_id = 0;  // 0: nobody in particular.
  std::string subject;         // "payment pos A-1"
  std::string change;          // JSON {"field": ["from", "to"]}; empty for a look.
  std::string reason;
};

/// A note with who made it and when.
struct AuditEntry {
  std::int64_t entry_id = 0;  // Given when recorded.
  Instant at = Instant::FromMicros(0);
  Principal who;
  AuditNote note;
  std::string request_id;
};

/// Adds entries to the chain, in order. `key`: Sealer::audit_key().
Result<Done> RecordAudit(Tx& tx, std::string_view key, std::span<const AuditEntry> entries);

/// The newest entries before `before` (0: the newest there are), newest first.
Result<std::vector<AuditEntry>> ListAudit(Tx& tx, std::int64_t before, std::int64_t limit);

/// Those about one person and those merged into her.
Result<std::vector<AuditEntry>> ListAuditOfPerson(Tx& tx, std::int64_t person_id,
                                                  std::int64_t before, std::int64_t limit);

/// The end of the chain: noted elsewhere it shows later that nothing before was changed.
struct AuditHead {
  std::int64_t entries = 0;
  std::string hash;  // Of the last entry; empty for none.
};

struct AuditFinding {
  std::int64_t entry_id = 0;
  std::string what;  // "altered or moved", "missing", "missing at the end", "head forged".
};

struct AuditCheck {
  AuditHead head;
  std::vector<AuditFinding> findings;  // At most 100.
};

/// Walks the whole chain. `noted`: a head written down earlier, or nullptr.
Result<AuditCheck> CheckAudit(Tx& tx, std::string_view key, const AuditHead* noted);

}  // namespace jaring
