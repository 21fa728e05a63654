#pragma once

// Pairs of people who may be one: for somebody to look at.

#include <cstdint>
#include <string>
#include <vector>

#include "db/database.h"

namespace jaring {

struct LookAlikes {
  std::int64_t person_id = 0;  // The newer one.
  std::int64_t other_person_id = 0;
  std::string name;
  std::int64_t village_code = 0;
};

/// Same name, birth date and village, other NIK; newest first, at most `limit`.
Result<std::vector<LookAlikes>> ListLookAlikes(Tx& tx, std::int64_t limit);

/// The same, of people before `before`.
Result<std::vector<LookAlikes>> ListLookAlikesBefore(Tx& tx, std::int64_t before,
                                                     std::int64_t limit);

}  // namespace jaring
