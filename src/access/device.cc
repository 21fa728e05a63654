#include "access/device.h"

#include "access/machine_sql.h"
#include "access/session.h"
#include "base/base64.h"
#include "base/text.h"
#include "ledger/sequence.h"
#include "registry/seal.h"

namespace jaring {
namespace {

constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kMaxLabel = 80;
constexpr std::int64_t kMostRequests = 10'000;
constexpr std::int64_t kMostRupiah = 10'000'000'000;
constexpr std::int64_t kMostEnrolments = 100'000;

Device ReadDevice(const Row& row) {
  Device device;
  device.device_id = row.Int(0);
  device.kind = static_cast<DeviceKind>(row.Int(1));
  device.branch_id = row.Int(2);
  device.user_id = row.Int(3);
  device.label = row.Text(4);
  device.limits = {row.Int(5), row.Int(6), row.Int(7)};
  device.invited_at = Instant::FromMicros(row.Int(8));
  device.token_expires_at = Instant::FromMicros(row.Int(9));
  if (!row.IsNull(10)) {
    device.enrolled_at = Instant::FromMicros(row.Int(10));
  }
  if (!row.IsNull(11)) {
    device.revoked_at = Instant::FromMicros(row.Int(11));
  }
  return device;
}

Result<std::optional<Scope>> FindAgentScope(Tx& tx, std::int64_t user_id) {
  std::optional<Scope> scope;
  JARING_RETURN_IF_ERROR(tx.Query(
      sql::kFindAgent, {user_id, static_cast<std::int64_t>(Role::kAgent)}, [&](const Row& row) {
        scope = scope.value_or(Scope{static_cast<ScopeKind>(row.Int(0)), row.Int(1)});
      }));
  return scope;
}

Result<Done> CheckLabel(std::string_view label) {
  bool plain = label.size() <= kMaxLabel && IsUtf8(label);
  for (const char c : label) {
    plain = plain && static_cast<unsigned char>(c) >= ' ' && c != 0x7F;
  }
  return plain ? Result<Done>(Done{}) : Invalid("device.label_malformed");
}

bool IsWithin(std::int64_t number, std::int64_t most) {
  return number >= 0 && number <= most;
}

}  // namespace

std::string_view DeviceKindCode(DeviceKind kind) {
  return kind == DeviceKind::kKiosk ? "kiosk" : "agent-phone";
}

std::optional<DeviceKind> FindDeviceKind(std::string_view code) {
  for (const DeviceKind kind : {DeviceKind::kAgentPhone, DeviceKind::kKiosk}) {
    if (DeviceKindCode(kind) == code) {
      return kind;
    }
  }
  return std::nullopt;
}

Result<DeviceInvitation> InviteDevice(Tx& tx, const DeviceOrder& order, Instant now) {
  JARING_RETURN_IF_ERROR(CheckLabel(order.label));
  const DeviceLimits& limits = order.limits;
  if (limits.requests_per_minute < 1 || !IsWithin(limits.requests_per_minute, kMostRequests) ||
      !IsWithin(limits.daily_rupiah, kMostRupiah) ||
      !IsWithin(limits.daily_enrolments, kMostEnrolments)) {
    return Invalid("device.limits_malformed");
  }
  const bool is_phone = order.kind == DeviceKind::kAgentPhone;
  if (is_phone) {
    JARING_ASSIGN_OR_RETURN(const auto scope, FindAgentScope(tx, order.user_id));
    if (!scope) {
      return Invalid("device.agent_unknown");
    }
  }
  DeviceInvitation made;
  made.token = ToBase64Url(RandomBytes(kTokenBytes));
  Device& device = made.device;
  JARING_ASSIGN_OR_RETURN(device.device_id, TakeNumbers(tx, "device", 1));
  device.kind = order.kind;
  device.branch_id = order.branch_id;
  device.user_id = is_phone ? order.user_id : 0;
  device.label = order.label;
  device.limits = limits;
  device.invited_at = now;
  device.token_expires_at = Instant::FromMicros(now.micros() + kInvitationMicros);
  const std::string hash = TokenHash(made.token);
  JARING_RETURN_IF_ERROR(
      tx.Run(sql::kInsertDevice,
             {device.device_id, static_cast<std::int64_t>(device.kind), device.branch_id,
              is_phone ? Value(device.user_id) : Value(), device.label, limits.requests_per_minute,
              limits.daily_rupiah, limits.daily_enrolments, now.micros(), Bytes{hash},
              device.token_expires_at.micros()}));
  return made;
}

Result<Device> EnrolDevice(Tx& tx, std::string_view token, std::string_view public_key,
                           std::string_view label, Instant now) {
  JARING_RETURN_IF_ERROR(CheckLabel(label));
  std::optional<Device> device;
  const std::string hash = TokenHash(token);
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindDeviceByToken, {Bytes{hash}},
                                  [&](const Row& row) { device = ReadDevice(row); }));
  if (!device || device->revoked_at || device->token_expires_at <= now) {
    return Invalid("device.token_unknown");
  }
  if (device->enrolled_at) {
    // The answer was lost on the way: the same key asks again.
    JARING_ASSIGN_OR_RETURN(const auto key, FindSigningKey(tx, KeyIdOf(public_key), now));
    const bool same = key && key->owner_kind == ActorKind::kDevice &&
                      key->owner_id == device->device_id && key->public_key == public_key;
    return same ? Result<Device>(std::move(*device)) : Invalid("device.token_unknown");
  }
  device->enrolled_at = now;
  if (!label.empty()) {
    device->label = label;
  }
  JARING_ASSIGN_OR_RETURN(
      const std::int64_t enrolled,
      tx.Run(sql::kEnrolDevice, {device->device_id, now.micros(), device->label}));
  if (enrolled != 1) {
    return Invalid("device.token_unknown");
  }
  JARING_RETURN_IF_ERROR(AddSigningKey(tx, ActorKind::kDevice, device->device_id, public_key, now));
  return std::move(*device);
}

Result<Device> FindDevice(Tx& tx, std::int64_t device_id) {
  std::optional<Device> device;
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kFindDevice, {device_id}, [&](const Row& row) { device = ReadDevice(row); }));
  return device ? Result<Device>(std::move(*device)) : NotFound("device.unknown");
}

Result<std::vector<Device>> ListDevices(Tx& tx, std::int64_t branch_id, std::int64_t after,
                                        std::int64_t limit) {
  std::vector<Device> devices;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListDevices, {branch_id, after, limit},
                                  [&](const Row& row) { devices.push_back(ReadDevice(row)); }));
  return devices;
}

Result<Done> RevokeDevice(Tx& tx, std::int64_t device_id, Instant now) {
  JARING_RETURN_IF_ERROR(FindDevice(tx, device_id));
  JARING_RETURN_IF_ERROR(tx.Run(sql::kRevokeDevice, {device_id, now.micros()}));
  return EndSigningKeys(tx, ActorKind::kDevice, device_id, now);
}

Result<std::optional<Principal>> PrincipalOf(Tx& tx, const Device& device) {
  if (device.revoked_at || !device.enrolled_at) {
    return std::optional<Principal>();
  }
  Principal who{.device_id = device.device_id, .second_factor = true};  // The key is the factor.
  if (device.kind == DeviceKind::kKiosk) {
    who.kind = ActorKind::kDevice;
    who.id = device.device_id;
    who.role = Role::kKiosk;
    who.scope = {ScopeKind::kBranch, device.branch_id};
    return std::optional(who);
  }
  JARING_ASSIGN_OR_RETURN(const auto scope, FindAgentScope(tx, device.user_id));
  if (!scope) {
    return std::optional<Principal>();
  }
  who.kind = ActorKind::kStaffUser;
  who.id = device.user_id;
  who.role = Role::kAgent;
  who.scope = *scope;
  return std::optional(who);
}

Result<Done> SpendDeviceDay(Tx& tx, std::int64_t device_id, Date day, Money amount,
                            std::int64_t enrolments) {
  JARING_ASSIGN_OR_RETURN(const Device device, FindDevice(tx, device_id));
  JARING_RETURN_IF_ERROR(tx.Run(sql::kEnsureDeviceDay, {device_id, day.number()}));
  std::int64_t rupiah = amount.rupiah();
  std::int64_t people = enrolments;
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kFindDeviceDay, {device_id, day.number()}, [&](const Row& row) {
        rupiah += row.Int(0);
        people += row.Int(1);
      }));
  if (amount > Money() && rupiah > device.limits.daily_rupiah) {
    return Conflict("device.daily_amount");
  }
  if (enrolments > 0 && people > device.limits.daily_enrolments) {
    return Conflict("device.daily_enrolments");
  }
  JARING_RETURN_IF_ERROR(
      tx.Run(sql::kAddToDeviceDay, {device_id, day.number(), amount.rupiah(), enrolments}));
  return Done{};
}

}  // namespace jaring
