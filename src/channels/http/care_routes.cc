#include "channels/http/care_routes.h"

#include "channels/http/approval_api.h"
#include "channels/http/audit_api.h"
#include "channels/http/person_care_api.h"

namespace jaring {

void AddCareRoutes(Router& router, Gate& gate, const SiteParts& parts) {
  AddApprovalRoutes(router, gate, parts);
  AddAuditRoutes(router, gate);
  AddPersonCareRoutes(router, gate, parts);
}

}  // namespace jaring
