// Any bytes as any field: no crash, and what is accepted is accepted again in its plain form.

#include "channels/files/field_parse.h"

#include <cstddef>
#include <cstdint>

#include "channels/files/row_problem.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace jaring;  // NOLINT(google-build-using-namespace)
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto date = ParseDateField(text)) {
    JARING_CHECK(*ParseDateField(date->ToString()) == *date);
  }
  if (const auto amount = ParseAmountField(text)) {
    JARING_CHECK(*ParseAmountField(std::to_string(amount->rupiah())) == *amount);
    JARING_CHECK(*ParseAmountField(FormatRupiah(*amount)) == *amount);
  }
  if (const auto income = ParseIncomeField(text)) {
    JARING_CHECK(income->rupiah() > 0);
  }
  if (const auto name = ParseNameField(text)) {
    JARING_CHECK(*ParseNameField(*name) == *name);
  }
  if (const auto nik = ParseNikField(text, /*allow_fake=*/true)) {
    JARING_CHECK(nik->Reveal().size() == 16);
  }
  if (const auto phone = ParsePhoneField(text); phone && *phone) {
    JARING_CHECK(**ParsePhoneField(**phone) == **phone);
  }
  if (const auto village = ParseVillageField(text)) {
    JARING_CHECK(*ParseVillageField(std::to_string(*village)) == *village);
  }
  if (const auto paid_at = ParsePaidAtField(text)) {
    JARING_CHECK(*ParsePaidAtField(paid_at->ToString()) == *paid_at);
  }
  static_cast<void>(ParseSexField(text));
  static_cast<void>(ParseLanguageField(text));
  static_cast<void>(ParseReferenceField(text));
  for (const char* column : {"nik", "phone", "name", "amount"}) {
    JARING_CHECK(MaskedField(column, text).find('\n') == std::string::npos);
  }
  return 0;
}
