#include "backup/move_agency.h"

#include <utility>

namespace jaring {

Result<MoveReport> MoveAgency(const BackupParts& parts, MoveRequest request, MoveSteps steps) {
  request.from = parts.address;
  request.migrations = parts.migrations;
  steps.check = [&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(CheckAgencySchema(tx, parts.migrations));
    JARING_RETURN_IF_ERROR(CheckAgency(tx, parts.scheme, parts.sealer));
    return Done{};
  };
  steps.verify = [&parts, more = std::exchange(steps.verify, {})](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const bool is_demo, CheckAgency(tx, parts.scheme, parts.sealer));
    JARING_ASSIGN_OR_RETURN(const VerifyReport report,
                            Verify(tx, Agency{parts.scheme, parts.sealer, is_demo}));
    if (report.violation_count > 0) {
      return Conflict("move.books_do_not_balance", report.violations.front().invariant);
    }
    return more ? more(tx) : Result<Done>(Done{});
  };
  return MoveDatabase(request, steps);
}

}  // namespace jaring
