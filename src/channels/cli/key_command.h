#pragma once

// `jaring key`: the versions of the key that seals identities.

#include <cstdint>
#include <vector>

#include "channels/cli/cli_context.h"
#include "registry/sealed_column.h"

namespace jaring {

/// Every column that holds what a Sealer sealed. Answers kept for repeated requests are not among
/// them: they are forgotten within days, and until then the key in the file opens them.
std::vector<SealedColumn> AllSealedColumns();

struct KeyRotateRequest {
  std::int64_t rows_at_once = 500;
};

/// Versions, their dates, and how many rows each still seals.
int KeyList(const CliContext& context);

/// Adds a version to the key file only: to be copied to every server before it is used.
int KeyAdd(const CliContext& context);

/// Goes on with the rotation under way, or begins one.
int KeyRotate(const CliContext& context, const KeyRotateRequest& request);

/// Goes through every row again, without a new version.
int KeyReseal(const CliContext& context, const KeyRotateRequest& request);

/// Notes that a version seals nothing any more; its key stays in the file.
int KeyRetire(const CliContext& context, int version);

}  // namespace jaring
