#pragma once

// Commands that list things: branches, groups, partners, look-alikes, a bill, the journal.

#include <string>

#include "channels/cli/cli_context.h"

namespace jaring {

/// `jaring branch list`, `jaring group list`, `jaring partner list`.
int BranchList(const CliContext& context);
int GroupList(const CliContext& context);
int PartnerList(const CliContext& context);

/// `jaring duplicates`: people who look like another.
int DuplicateList(const CliContext& context);

struct BillRequest {
  std::string who;  // NIK, member number or bill code.
  int months = 1;
};

/// `jaring bill WHO --months N`: what to pay, month by month.
int PrintBill(const CliContext& context, const BillRequest& request);

/// `jaring journal [--month YYYY-MM]`: the daily journals of a month.
int JournalList(const CliContext& context, const std::string& month);

}  // namespace jaring
