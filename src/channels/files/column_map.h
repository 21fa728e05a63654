#pragma once

// Which column of a file holds what: header names in Indonesian or English, as people write them.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "channels/files/table_reader.h"

namespace jaring {

/// The columns of an enrolment file; the value is the place in kEnrolColumns.
enum class EnrolColumn : std::uint8_t {
  kNik,
  kName,
  kBirthDate,
  kSex,
  kVillageCode,
  kPhone,
  kTrade,
  kIncome,
  kProgrammeList,
  kLanguage,
};

/// The columns of a payment file; the value is the place in kPaymentColumns.
enum class PaymentColumn : std::uint8_t { kBillCode, kNik, kAmount, kPaidAt, kReference, kChannel };

enum class ColumnNeed : std::uint8_t {
  kRequired,
  kOptional,
  kOneOf,  // At least one of the columns so marked.
};

struct ColumnSpec {
  std::string_view name;   // Canonical; what rejections and problems call the column.
  std::string_view other;  // Further names, with spaces between; lower case, no '_' or spaces.
  ColumnNeed need;
};

std::span<const ColumnSpec> EnrolColumns();
std::span<const ColumnSpec> PaymentColumns();

/// The canonical name: "birth_date".
std::string_view ColumnName(EnrolColumn column);
std::string_view ColumnName(PaymentColumn column);

/// Is this one of the columns that RejectionWriter adds ("row", "rule", …)? They are ignored when
/// the corrected file is sent again.
bool IsRejectionColumn(std::string_view header_name);

/// Where each known column is in one file.
class ColumnMap {
 public:
  /// Case, spaces, '_', '-' and '.' in header names do not matter.
  ///
  /// Errors, first match wins: file.column_repeated, file.column_missing; the detail is the
  /// canonical name of the column.
  static Result<ColumnMap> Match(std::span<const std::string> header,
                                 std::span<const ColumnSpec> columns);

  /// Without spaces around it; empty when the column or the field is not there.
  std::string_view Get(const TableRow& row, EnrolColumn column) const {
    return Field(row, static_cast<std::size_t>(column));
  }
  std::string_view Get(const TableRow& row, PaymentColumn column) const {
    return Field(row, static_cast<std::size_t>(column));
  }

  bool Has(EnrolColumn column) const { return places_[static_cast<std::size_t>(column)] >= 0; }
  bool Has(PaymentColumn column) const { return places_[static_cast<std::size_t>(column)] >= 0; }

  /// Columns nobody will read, as written: worth a warning.
  const std::vector<std::string>& unknown() const { return unknown_; }

 private:
  static constexpr std::size_t kMaxKnown = 16;

  std::string_view Field(const TableRow& row, std::size_t column) const;

  std::array<int, kMaxKnown> places_{};
  std::vector<std::string> unknown_;
};

}  // namespace jaring
