#pragma once

// One row of a payment file, read field by field.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "channels/files/column_map.h"
#include "channels/files/payment_scan.h"
#include "channels/files/row_problem.h"
#include "registry/agency.h"

namespace jaring {

/// The views are the row's.
struct PaymentFields {
  std::int64_t member_number = 0;  // 0: by NIK.
  Money amount;                    // Negative: a reversal.
  Instant paid_at = Instant::FromMicros(0);
  std::string_view reference;
  std::string_view channel;
  std::optional<SealedBlock> nik;
  std::string masked_nik;  // Empty without one.
};

/// Reads a row that is no comment and no control total. `problem` gets column, masked value and
/// rule of the first thing that is wrong; its row is the caller's. `may_reverse`: is a negative
/// amount allowed?
std::optional<PaymentFields> ParsePaymentRow(const ColumnMap& columns, const TableRow& row,
                                             const PaymentScan& scan, const Agency& agency,
                                             bool may_reverse, RowProblem& problem);

/// A field by its canonical name, as it may be shown; empty when there is no such column.
std::string MaskedPaymentField(const ColumnMap& columns, const TableRow& row,
                               std::string_view column);

}  // namespace jaring
