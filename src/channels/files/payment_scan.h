#pragma once

// A look over a whole payment file before anything is posted: its control total, whether it was cut
// off, and its fingerprint.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/money.h"
#include "base/result.h"
#include "channels/files/column_map.h"
#include "channels/files/input_file.h"

namespace jaring {

enum class PaymentLine : std::uint8_t {
  kPayment,
  kComment,       // First field begins with '#'.
  kControlTotal,  // First field is TOTAL or JUMLAH in any case, also after '#'.
};

PaymentLine ClassifyPaymentLine(const TableRow& row);

/// "TOTAL,<rows>,<amount>".
struct ControlTotal {
  std::int64_t row = 0;  // Where it stands.
  std::int64_t rows = 0;
  Money amount;
};

/// Errors: file.control_total_malformed.
Result<ControlTotal> ParseControlTotal(const TableRow& row);

struct PaymentScan {
  std::int64_t rows = 0;             // Payment lines, readable or not.
  std::int64_t unreadable_rows = 0;  // Of those, with an amount that cannot be read.
  Money readable_sum;
  std::optional<ControlTotal> control_total;
  bool ended_without_newline = false;
  std::string sha256;  // Of the file's bytes, 64 hexadecimal digits.
};

/// Takes the next line of a file into the scan.
///
/// Errors: file.control_total_malformed, file.control_total_not_last; file.sum_too_large.
Result<PaymentLine> ScanPaymentLine(const TableRow& row, const ColumnMap& columns,
                                    PaymentScan& scan);

/// Reads the file twice, in constant memory.
///
/// Errors: those of TableReader::Open and Next, and of ColumnMap::Match for payments;
/// file.control_total_malformed, file.control_total_not_last; file.sum_too_large.
Result<PaymentScan> ScanPayments(const InputFile& file);

/// Does the control total, when there is one, agree with the rows? Without one there is nothing to
/// check.
///
/// Errors: file.control_total_differs.
Result<Done> CheckControlTotal(const PaymentScan& scan);

/// The rule id of a row for which MayBeCutOff holds.
inline constexpr std::string_view kLastLineCut = "file.last_line_cut";

/// A last row that may have been cut off must not be posted: "16800" cut is "168". A control total
/// that agrees proves that nothing is missing.
bool MayBeCutOff(const TableRow& row, const PaymentScan& scan);

/// Of `bytes`, 64 hexadecimal digits.
std::string Sha256Hex(std::string_view bytes);

}  // namespace jaring
