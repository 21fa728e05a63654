#pragma once

// What the cells of a workbook mean: places, numbers and dates as text a person would have typed.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace jaring {

/// Column of "B7", counted from 0; nothing when there is no column in it.
///
/// Limit: 16'384 columns, as in Excel.
std::optional<std::size_t> ColumnOfCell(std::string_view reference);

/// Does a number format (built in, or by its code) show a date?
bool IsDateFormat(int format_id, std::string_view format_code);

/// The exact decimal text of a cell's number: "3.372011705900001E15" becomes "3372011705900001".
/// Fractions stay as they are; text that is no number comes back unchanged.
///
/// Errors: xlsx.number_lost_digits for a whole number past 2^53, which a spreadsheet cannot hold.
Result<std::string> NumberText(std::string_view number);

/// "1990-05-17", or with a time of day "2026-03-15 09:30:00".
///
/// Errors: xlsx.date_out_of_range.
Result<std::string> DateOfSerial(std::string_view serial, bool from_1904);

}  // namespace jaring
