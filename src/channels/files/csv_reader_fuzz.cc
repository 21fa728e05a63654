// Any bytes as a CSV file: no crash, rows in order, and what was accepted keeps the limits.

#include <cstddef>
#include <cstdint>

#include "base/text.h"
#include "channels/files/column_map.h"
#include "channels/files/table_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace jaring;  // NOLINT(google-build-using-namespace)
  auto reader = OpenCsv(MakeMemorySource(std::string(reinterpret_cast<const char*>(data), size)));
  if (!reader) {
    return 0;
  }
  const auto columns = ColumnMap::Match((*reader)->header(), PaymentColumns());
  TableRow row;
  std::int64_t last = 0;
  while (true) {
    const auto more = (*reader)->Next(row);
    JARING_CHECK(more.has_value());
    if (!*more) {
      return 0;
    }
    JARING_CHECK(row.number > last);
    last = row.number;
    if (!row.problem.empty()) {
      continue;
    }
    JARING_CHECK(row.fields.size() <= (*reader)->header().size());
    std::size_t bytes = 0;
    for (const std::string_view field : row.fields) {
      JARING_CHECK(IsUtf8(field));
      bytes += field.size();
    }
    JARING_CHECK(bytes <= TableLimits::kMaxRecordBytes + 2);
    if (columns) {
      JARING_CHECK(columns->Get(row, PaymentColumn::kAmount).size() <= bytes);
    }
  }
}
