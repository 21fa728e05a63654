#pragma once

// Commands that make and check an agency: init, group add, partner add, verify.

#include <string>

#include "channels/cli/cli_context.h"

namespace jaring {

/// `jaring init [--demo]`: schema, scheme, regions, branches. Again is fine.
int Init(const CliContext& context, bool is_demo);

struct GroupAddRequest {
  std::string code;
  std::string name;
  std::string kind;
  std::string branch;
  std::string payer = "self";  // A PayerCode: who pays for its members.
  bool public_budget = false;  // The same as payer "government".
};

int GroupAdd(const CliContext& context, const GroupAddRequest& request);
int PartnerAdd(const CliContext& context, const std::string& code, const std::string& name);

/// `jaring verify`: exit 0 when every invariant holds, 1 when one does not.
int VerifyBooks(const CliContext& context, bool counters_only);

}  // namespace jaring
