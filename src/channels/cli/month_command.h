#pragma once

#include <string>
#include <vector>

#include "channels/cli/cli_context.h"

namespace jaring {

struct MonthRequest {
  std::vector<std::string> files;
  std::string month;
  std::string work;  // Folder; empty: where the database is.
};

/// `jaring month FILE… --month YYYY-MM`: posts all payment files of a month and closes it.
int PostMonth(const CliContext& context, const MonthRequest& request);

/// `jaring close YYYY-MM`; without a month: which ones are closed.
int CloseBooks(const CliContext& context, const std::string& month);

}  // namespace jaring
