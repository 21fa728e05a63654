#pragma once

// Agents' phones and kiosks. A one-time token brings one in with a key of its own; from then on it
// signs every request, within its limits, until it is revoked.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/signing_key.h"
#include "base/money.h"

namespace jaring {

inline constexpr std::int64_t kInvitationMicros = 15LL * 60 * 1'000'000;

/// Stored, so the numbers never change.
enum class DeviceKind : std::int64_t { kAgentPhone = 1, kKiosk = 2 };

/// "agent-phone", "kiosk".
std::string_view DeviceKindCode(DeviceKind kind);
std::optional<DeviceKind> FindDeviceKind(std::string_view code);

/// What a stolen device can do before anybody notices.
struct DeviceLimits {
  std::int64_t requests_per_minute = 120;
  std::int64_t daily_rupiah = 25'000'000;
  std::int64_t daily_enrolments = 200;
};

struct Device {
  std::int64_t device_id = 0;
  DeviceKind kind = DeviceKind::kAgentPhone;
  std::int64_t branch_id = 0;
  std::int64_t user_id = 0;  // Whose phone; 0 for a kiosk.
  std::string label;
  DeviceLimits limits;
  Instant invited_at = Instant::FromMicros(0);
  Instant token_expires_at = Instant::FromMicros(0);
  std::optional<Instant> enrolled_at;
  std::optional<Instant> revoked_at;
};

struct DeviceOrder {
  DeviceKind kind = DeviceKind::kAgentPhone;
  std::int64_t branch_id = 0;
  std::int64_t user_id = 0;
  std::string label;
  DeviceLimits limits;
};

struct DeviceInvitation {
  Device device;
  std::string token;  // Shown once, in the QR code.
};

/// Errors: device.agent_unknown (not a staff user with the agent's role), device.label_malformed,
/// device.limits_malformed.
Result<DeviceInvitation> InviteDevice(Tx& tx, const DeviceOrder& order, Instant now);

/// Uses the token: the key is the device's from now on. That the sender holds the private key is
/// for the caller to check before.
///
/// Errors: device.token_unknown (also used, expired, revoked), device.label_malformed, key.in_use.
Result<Device> EnrolDevice(Tx& tx, std::string_view token, std::string_view public_key,
                           std::string_view label, Instant now);

/// Errors: device.unknown.
Result<Device> FindDevice(Tx& tx, std::int64_t device_id);
/// Of one branch, or of all (0).
Result<std::vector<Device>> ListDevices(Tx& tx, std::int64_t branch_id, std::int64_t after,
                                        std::int64_t limit);
/// Its keys end at once.
///
/// Errors: device.unknown.
Result<Done> RevokeDevice(Tx& tx, std::int64_t device_id, Instant now);

/// Whom a device acts as: a kiosk for itself, a phone for its agent; nobody when it or its agent is
/// not allowed any more.
Result<std::optional<Principal>> PrincipalOf(Tx& tx, const Device& device);

/// Adds to what the device has taken in today, if that stays within its limits.
///
/// Errors: device.daily_amount, device.daily_enrolments.
Result<Done> SpendDeviceDay(Tx& tx, std::int64_t device_id, Date day, Money amount,
                            std::int64_t enrolments);

}  // namespace jaring
