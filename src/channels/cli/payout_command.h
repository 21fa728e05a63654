#pragma once

// Commands that pay approved claims: one person makes a run, another releases it, the bank gets a
// file, and its word comes back.

#include <cstdint>
#include <string>

#include "channels/cli/cli_audit.h"
#include "channels/cli/cli_context.h"
#include "channels/cli/settings.h"
#include "channels/files/pain001.h"

namespace jaring {

/// What claims are paid from.
PayingAccount PayingAccountOf(const Settings& settings);

struct PayoutMakeRequest {
  StaffProof as;
  std::string on;  // Day to pay on; empty: today.
  std::int64_t limit = 10'000;
};

/// `jaring payout make`.
int PayoutMake(const CliContext& context, const PayoutMakeRequest& request);

struct PayoutRunRequest {
  StaffProof as;
  std::int64_t run_id = 0;
  std::string out;  // Of the file; "-" is stdout.
};

/// `jaring payout release RUN`, `cancel RUN`.
int PayoutRelease(const CliContext& context, const PayoutRunRequest& request);
int PayoutCancel(const CliContext& context, const PayoutRunRequest& request);

/// `jaring payout file RUN`: the file for the bank; from then on its payouts count as sent.
int PayoutFile(const CliContext& context, const PayoutRunRequest& request);

struct PayoutOutcomeRequest {
  StaffProof as;
  std::string file;  // See ReadBankFile.
};

/// `jaring payout outcome FILE`: what the bank says became of payouts.
int PayoutOutcome(const CliContext& context, const PayoutOutcomeRequest& request);

/// `jaring payout transfer`: hands what is released and due to the bank of the settings, and asks
/// it what became of what it has.
int PayoutTransfer(const CliContext& context);

/// `jaring payout list`.
int PayoutList(const CliContext& context);

}  // namespace jaring
