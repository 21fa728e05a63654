#pragma once

// All that is stored about one person, as JSON for programs and as PDF for herself.

#include <span>
#include <string>
#include <string_view>

#include "registry/agency.h"

namespace jaring {

/// Every table that holds the person: {"person_id","made_at","persons":[{"person_id","person":[…],
/// "membership":[…],…}]}, one of `persons` for each of the register's persons found to be her.
///
/// Errors: member.unknown.
Result<std::string> PersonExportJson(Tx& tx, const Agency& agency, std::int64_t person_id,
                                     Instant now);

/// The same to read and print, in Indonesian and English.
///
/// Errors: member.unknown, receipt.not_made.
Result<std::string> PersonExportPdf(Tx& tx, const Agency& agency, std::int64_t person_id,
                                    Instant now);

/// A table with people in it, and why its rows are not in the export (nullptr: they are).
struct ExportedTable {
  std::string_view table;
  const char* left_out_because;
};

/// Every table with people in it that the export knows of.
std::span<const ExportedTable> ExportedTables();

}  // namespace jaring
