#pragma once

// Commands about claims: the worklist, one claim, and what a rule decides without a person.

#include <cstdint>
#include <string>

#include "channels/cli/cli_context.h"

namespace jaring {

struct ClaimListRequest {
  std::string state = "complete";
  std::string branch;  // Code; empty: all.
  std::int64_t limit = 50;
};

/// `jaring claim list`.
int ClaimList(const CliContext& context, const ClaimListRequest& request);

/// `jaring claim show NUMBER`.
int ClaimShow(const CliContext& context, const std::string& number);

struct ClaimBatchRequest {
  std::int64_t per_step = 2'000;  // In one transaction.
};

struct ClaimFiguresRequest {
  std::string from;  // Date; empty: the first of the month.
  std::string to;    // Date; empty: today.
};

/// `jaring claim figures`.
int ClaimFiguresOf(const CliContext& context, const ClaimFiguresRequest& request);

struct ClaimInventRequest {
  std::int64_t count = 100;
  bool savings_only = false;
  bool no_files = false;  // For measurements: the rows alone.
  std::uint64_t seed = 1;
};

/// `jaring claim invent`: claims of the people of a demo.
int ClaimInvent(const CliContext& context, const ClaimInventRequest& request);

struct ClaimDueRequest {
  std::string on;               // Date; empty: today.
  std::int64_t per_step = 500;  // Schedules in one transaction.
};

/// `jaring claim due`: opens the instalments whose day has come.
int ClaimDue(const CliContext& context, const ClaimDueRequest& request);

/// `jaring claim decide`: every complete claim that a rule may decide.
int ClaimDecide(const CliContext& context, const ClaimBatchRequest& request);

}  // namespace jaring
