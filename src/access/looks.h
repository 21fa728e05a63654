#pragma once

// "Siapa yang melihat data saya": the audit trail as the person it is about can read it.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access/audit.h"
#include "access/permissions.h"

namespace jaring {

/// One look or change, with who it was in words.
struct Look {
  std::int64_t entry_id = 0;
  Instant at = Instant::FromMicros(0);
  ActorKind actor_kind = ActorKind::kAnonymous;
  Role role = Role::kNobody;
  std::string name;    // Of a staff user, in full; doors mask it for the worker.
  std::string office;  // The branch, region, group or partner she acted for; empty: the nation.
  std::string what;    // ActionName.
  std::string why;
};

/// Newest first. `before`: entry of the page before; 0: from the newest.
Result<std::vector<Look>> ListLooks(Tx& tx, std::int64_t person_id, std::int64_t before,
                                    std::int64_t limit);

/// Who an e-mail address belongs to, acting under the first grant that allows `action`; nothing
/// when there is none. Proves nothing.
Result<std::optional<Principal>> FindStaffFor(Tx& tx, std::string_view email, Action action);

}  // namespace jaring
