#pragma once

// Who is acting: what every door finds out before it does anything.

#include <cstdint>
#include <string>

#include "access/role.h"

namespace jaring {

/// Stored, so the numbers never change.
enum class ActorKind : std::int64_t {
  kAnonymous = 0,
  kStaffUser = 1,      // id: user_id.
  kWorker = 2,         // id: person_id.
  kDevice = 3,         // id: device_id; a kiosk acts for itself.
  kPartnerClient = 4,  // id: client_id.
  kOsUser = 5,         // id: uid; somebody at the command line of this machine.
  kSystem = 6,         // The program itself: housekeeping.
};

/// "anonymous", "staff-user", "worker", "device", "partner-client", "os-user", "system".
std::string_view ActorKindCode(ActorKind kind);

struct Principal {
  ActorKind kind = ActorKind::kAnonymous;
  std::int64_t id = 0;
  Role role = Role::kNobody;
  Scope scope;
  std::int64_t device_id = 0;   // The device the request is signed with; 0: none.
  std::int64_t session_id = 0;  // 0: none.
  bool second_factor = false;   // Shown in this session.

  bool is_anonymous() const { return kind == ActorKind::kAnonymous; }
  /// A name for limits and idempotency keys: "1:17" for staff user 17.
  std::string Key() const;
  /// True for the same human or system, whatever the role it acts in.
  bool IsSameActor(ActorKind other_kind, std::int64_t other_id) const {
    return kind == other_kind && id == other_id;
  }
};

}  // namespace jaring
