#pragma once

// The bank of the settings, and the round that the server makes by itself.

#include <atomic>
#include <cstdint>
#include <memory>

#include "channels/cli/cli_context.h"
#include "channels/http/housekeeper.h"
#include "claims/transfer.h"

namespace jaring {

/// Errors: config.transfer_missing, config.secret_unreadable, transfer.key_malformed,
/// banks.unreadable.
Result<std::unique_ptr<TransferPartner>> TransferPartnerOf(const CliContext& context);

/// What the last round of a server left; for its metrics. Thread: any.
struct TransferGauges {
  std::atomic<std::int64_t> open = 0;
  std::atomic<std::int64_t> problems = 0;  // Also those that were paid twice.
};

/// A round every minute. What it is given outlives it.
Duty TransferDuty(const CliContext& context, Database& db, const Agency& agency,
                  TransferPartner& partner, TransferGauges& gauges);

}  // namespace jaring
