#pragma once

// What needs a second person, at the command line: reverse asks; approval lists and decides.

#include <cstdint>
#include <string>

#include "access/approval.h"
#include "channels/cli/cli_audit.h"

namespace jaring {

struct ReverseRequest {
  std::string reference;
  std::string partner;
  std::string reason;
  StaffProof as;  // The staff user who asks.
};

/// `jaring reverse REFERENCE --partner CODE --reason TEXT --as EMAIL`: asks to take a payment back.
int Reverse(const CliContext& context, const ReverseRequest& request);

/// `jaring approval list [--state waiting|approved|refused]`.
int ApprovalList(const CliContext& context, const std::string& state);

struct DecisionRequest {
  std::int64_t approval_id = 0;
  std::string reason;
  StaffProof as;  // The staff user who decides.
  Decision decision = Decision::kRefuse;
};

/// `jaring approval approve|refuse ID --as EMAIL [--reason TEXT]`: what is approved is done.
int ApprovalDecide(const CliContext& context, const DecisionRequest& request);

}  // namespace jaring
