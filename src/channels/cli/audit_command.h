#pragma once

// `jaring audit`: the trail of who saw and changed what.

#include <string>

#include "channels/cli/cli_context.h"

namespace jaring {

/// `jaring audit verify [--head N:HEX]`: walks the chain; 1 when something does not fit. Prints the
/// head, to be noted elsewhere and given the next time.
int AuditVerify(const CliContext& context, const std::string& head);

struct AuditListRequest {
  std::string who;  // NIK, member number or bill code; empty: about everybody.
  int limit = 100;
};

/// `jaring audit list [--person WHO] [--limit N]`: newest first.
int AuditList(const CliContext& context, const AuditListRequest& request);

}  // namespace jaring
