// Any bytes as a file of the bank: no crash, and what was read keeps the limits.

#include <cstddef>
#include <cstdint>

#include "channels/files/bank_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace jaring;  // NOLINT(google-build-using-namespace)
  const auto file = ReadBankFile({reinterpret_cast<const char*>(data), size});
  if (!file) {
    JARING_CHECK(!file.error().rule.empty());
    return 0;
  }
  for (const BankRow& row : file->rows) {
    JARING_CHECK(row.reference.empty() == (row.run_id != 0));
    JARING_CHECK(row.code.size() <= 35);
    JARING_CHECK(!row.amount || *row.amount >= Money());
  }
  return 0;
}
