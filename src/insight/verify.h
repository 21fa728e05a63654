#pragma once

// Checks every invariant of the books by recomputing it from the rows that are only added.

#include <cstdint>
#include <string>
#include <vector>

#include "registry/agency.h"

namespace jaring {

/// One invariant that does not hold. `subject` never has personal data: ids and numbers only.
struct Violation {
  std::string invariant;  // "journal.unbalanced".
  std::string subject;    // "2026-03-01 partner 2: 16800".
};

struct VerifyReport {
  std::int64_t people = 0;
  std::int64_t memberships = 0;
  std::int64_t payments = 0;
  std::int64_t contributions = 0;
  std::vector<std::string> checked;   // Names of the invariants, in order.
  std::vector<Violation> violations;  // At most 1000 kept.
  std::int64_t violation_count = 0;
};

/// What is checked: everything, or that the counters behind the figures are those of a recount.
enum class VerifyScope : std::uint8_t { kAll, kCounters };

/// Reads everything once, in key order, in bounded memory.
Result<VerifyReport> Verify(Tx& tx, const Agency& agency, VerifyScope scope = VerifyScope::kAll);

}  // namespace jaring
