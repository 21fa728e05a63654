#pragma once

#include "channels/http/gate.h"
#include "channels/jobs/job_runner.h"

namespace jaring {

/// POST /v1/jobs?kind=enrolment|payments[&group=][&branch=][&partner=][&dry_run=true]: the body is
/// a CSV or XLSX file; answered at once. GET /v1/jobs, GET and DELETE /v1/jobs/{job_id}, GET
/// /v1/jobs/{job_id}/rejections: the refused rows, to correct and send again.
void AddJobRoutes(Router& router, Gate& gate, const SiteParts& parts, JobRunner& runner);

}  // namespace jaring
