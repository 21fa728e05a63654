#pragma once

#include "channels/http/login_desk.h"

namespace jaring {

/// /masuk lets workers in, /saya shows them their cover, who looked at their data and whether their
/// phone is being replaced; /outbox, in a
/// demo only, shows the messages that a gateway would send.
void AddWorkerPages(Router& router, LoginDesk& desk);

}  // namespace jaring
