#pragma once

// Rows of a table kept for a while, so that a refused one can be written out as it came in.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "channels/files/column_map.h"
#include "channels/files/table_reader.h"

namespace jaring {

class KeptRows {
 public:
  void Add(const TableRow& row) {
    rows_.push_back({row.number, lengths_.size(), text_.size(), row.fields.size()});
    for (const std::string_view field : row.fields) {
      text_ += field;
      lengths_.push_back(field.size());
    }
  }

  std::size_t size() const { return rows_.size(); }

  /// Valid until the next call of Row or Clear.
  TableRow Row(std::size_t i) {
    const Kept& kept = rows_[i];
    fields_.clear();
    std::size_t at = kept.text;
    for (std::size_t k = 0; k < kept.field_count; ++k) {
      const std::size_t length = lengths_[kept.first_length + k];
      fields_.push_back(std::string_view(text_).substr(at, length));
      at += length;
    }
    return {.number = kept.number, .fields = fields_};
  }

  /// A field by its canonical column name; empty when the column is none of an enrolment file's.
  std::string_view Field(std::size_t i, const ColumnMap& columns, std::string_view column) {
    const TableRow row = Row(i);
    for (std::size_t k = 0; k < EnrolColumns().size(); ++k) {
      if (EnrolColumns()[k].name == column) {
        return columns.Get(row, static_cast<EnrolColumn>(k));
      }
    }
    return {};
  }

  void Clear() {
    rows_.clear();
    lengths_.clear();
    text_.clear();
  }

 private:
  struct Kept {
    std::int64_t number;
    std::size_t first_length;
    std::size_t text;
    std::size_t field_count;
  };

  std::vector<Kept> rows_;
  std::vector<std::size_t> lengths_;
  std::string text_;
  std::vector<std::string_view> fields_;
};

}  // namespace jaring
