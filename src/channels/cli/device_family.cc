#include "channels/cli/command_families.h"
#include "channels/cli/machine_command.h"

namespace jaring {
namespace {

struct DeviceRevokeRequest {
  std::int64_t device_id = 0;
};

}  // namespace

void AddDeviceCommands(CommandTree& tree) {
  const Command devices = tree.AddFamily("device", "Agents' phones and kiosks");
  tree.Add(devices, "list", "Devices and their state",
           [](const CliContext& c) { return DeviceList(c); });
  auto& request = tree.Keep<DeviceRevokeRequest>();
  const Command revoke =
      tree.Add(devices, "revoke", "End a device's keys at once",
               [&request](const CliContext& c) { return DeviceRevoke(c, request.device_id); });
  revoke.Option("device", request.device_id, "device_id").Required();
}

}  // namespace jaring
