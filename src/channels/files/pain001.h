#pragma once

// A payment run as a file for the bank: ISO 20022 pain.001.001.03, credit transfers in rupiah.

#include <string>
#include <vector>

#include "claims/payout.h"

namespace jaring {

/// The account that pays.
struct PayingAccount {
  std::string name;
  std::string account;
  std::string bank;
};

struct TransferLine {
  Payout payout;
  ClaimPayee payee;
};

/// Count and control sum are those of `lines`, at both levels; each payout's reference is its
/// EndToEndId. Signs that banks do not take are left out of names.
///
/// Source: ISO 20022 pain.001.001.03.
std::string Pain001(const PayoutRun& run, const std::vector<TransferLine>& lines,
                    const PayingAccount& from, Instant now);

}  // namespace jaring
