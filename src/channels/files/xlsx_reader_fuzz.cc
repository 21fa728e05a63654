// Any bytes as a workbook; and, when they are no zip, as the sheet, the strings and the styles of a
// workbook that is otherwise right, because a fuzzer seldom makes a valid zip.

#include <zip.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "channels/files/table_reader.h"
#include "channels/files/xlsx_value.h"

namespace {

void ReadThrough(std::string bytes) {
  auto reader = jaring::OpenXlsxBytes(std::move(bytes));
  jaring::TableRow row;
  std::int64_t last = 0;
  while (reader) {
    const auto more = (*reader)->Next(row);
    if (!more || !*more) {
      return;
    }
    JARING_CHECK(row.number > last);
    last = row.number;
    JARING_CHECK(row.fields.size() <= jaring::TableLimits::kMaxColumns);
  }
}

void Add(zip_t* zip, const char* name, std::string_view bytes) {
  zip_file_add(zip, name, zip_source_buffer(zip, bytes.data(), bytes.size(), 0), 0);
}

std::string BookAround(std::string_view sheet, std::string_view strings, std::string_view styles) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_source_keep(source);
  zip_t* zip = zip_open_from_source(source, ZIP_TRUNCATE, &error);
  Add(zip, "_rels/.rels", "<R><Relationship Type=\"/officeDocument\" Target=\"w.xml\"/></R>");
  Add(zip, "w.xml", "<w><sheet id=\"1\"/></w>");
  Add(zip, "_rels/w.xml.rels",
      "<R><Relationship Id=\"1\" Target=\"s.xml\"/><Relationship Type=\"/styles\" "
      "Target=\"t.xml\"/><Relationship Type=\"/sharedStrings\" Target=\"u.xml\"/></R>");
  Add(zip, "s.xml", sheet);
  Add(zip, "t.xml", styles);
  Add(zip, "u.xml", strings);
  zip_close(zip);
  zip_stat_t status;
  zip_source_stat(source, &status);
  std::string bytes(status.size, '\0');
  zip_source_open(source);
  zip_source_read(source, bytes.data(), bytes.size());
  zip_source_close(source);
  zip_source_free(source);
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (bytes.starts_with("PK")) {
    ReadThrough(std::string(bytes));
    return 0;
  }
  constexpr std::string_view kSheet =
      "<s><sheetData><row><c t=\"s\"><v>0</v></c></row></sheetData></s>";
  constexpr std::string_view kStrings = "<sst><si><t>nik</t></si></sst>";
  constexpr std::string_view kStyles = "<s><cellXfs><xf numFmtId=\"14\"/></cellXfs></s>";
  ReadThrough(BookAround(bytes, kStrings, kStyles));
  ReadThrough(BookAround(kSheet, bytes, kStyles));
  ReadThrough(BookAround(kSheet, kStrings, bytes));
  static_cast<void>(jaring::NumberText(bytes));
  static_cast<void>(jaring::DateOfSerial(bytes, size % 2 == 0));
  static_cast<void>(jaring::IsDateFormat(0, bytes));
  static_cast<void>(jaring::ColumnOfCell(bytes));
  return 0;
}
