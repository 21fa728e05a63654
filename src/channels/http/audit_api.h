#pragma once

#include "channels/http/gate.h"

namespace jaring {

/// GET /v1/audit[?cursor=][&limit=]: the audit trail, newest first.
/// GET /v1/people/{person_id}/looks: who saw or changed this person's data, when and why. A worker
/// sees her own, with the names of staff masked.
void AddAuditRoutes(Router& router, Gate& gate);

}  // namespace jaring
