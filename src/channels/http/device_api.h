#pragma once

// /v1/devices: agents' phones and kiosks, from the invitation to the day they are revoked.

#include "channels/http/gate.h"

namespace jaring {

/// POST, GET /v1/devices, DELETE /v1/devices/{device_id}, and POST /v1/device-enrolments, which is
/// open: the one-time token and the signature of the new key are the lock.
void AddDeviceRoutes(Router& router, Gate& gate, const SiteParts& parts);

}  // namespace jaring
