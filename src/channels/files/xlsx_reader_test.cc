#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zip.h>

#include <map>

#include "channels/files/table_reader.h"
#include "channels/files/xlsx_value.h"
#include "channels/files/zip_part.h"

namespace jaring {
namespace {

using ::testing::ElementsAre;

using Parts = std::map<std::string, std::string>;

std::string MakeZip(const Parts& parts) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_source_keep(source);
  zip_t* zip = zip_open_from_source(source, ZIP_TRUNCATE, &error);
  for (const auto& [name, bytes] : parts) {
    zip_file_add(zip, name.c_str(), zip_source_buffer(zip, bytes.data(), bytes.size(), 0), 0);
  }
  EXPECT_EQ(zip_close(zip), 0);
  zip_stat_t status;
  zip_source_stat(source, &status);
  std::string bytes(status.size, '\0');
  zip_source_open(source);
  zip_source_read(source, bytes.data(), bytes.size());
  zip_source_close(source);
  zip_source_free(source);
  return bytes;
}

constexpr std::string_view kMain = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

std::string Sheet(std::string_view rows) {
  return "<?xml version=\"1.0\"?><worksheet xmlns=\"" + std::string(kMain) + "\"><sheetData>" +
         std::string(rows) + "</sheetData></worksheet>";
}

Parts Workbook(std::string_view rows) {
  const std::string rels = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  return {
      {"_rels/.rels", "<Relationships><Relationship Id=\"rId1\" Type=\"" + rels +
                          "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"},
      {"xl/workbook.xml",
       "<workbook xmlns=\"" + std::string(kMain) + "\" xmlns:r=\"" + rels +
           "\"><workbookPr/><sheets><sheet name=\"note\" sheetId=\"1\" state=\"hidden\" "
           "r:id=\"rId9\"/><sheet name=\"list\" sheetId=\"2\" r:id=\"rId1\"/></sheets></workbook>"},
      {"xl/_rels/workbook.xml.rels",
       "<Relationships><Relationship Id=\"rId1\" Type=\"" + rels +
           "/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"" +
           rels + "/styles\" Target=\"/xl/styles.xml\"/><Relationship Id=\"rId3\" Type=\"" + rels +
           "/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>"},
      {"xl/styles.xml",
       "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"[$-421]dd\\ mmmm\\ yyyy\"/>"
       "<numFmt numFmtId=\"165\" formatCode=\"&quot;Rp &quot;#,##0\"/></numFmts><cellStyleXfs>"
       "<xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/>"
       "<xf numFmtId=\"164\"/><xf numFmtId=\"165\"/></cellXfs></styleSheet>"},
      {"xl/sharedStrings.xml",
       "<sst><si><t>nik</t></si><si><r><t>na</t></r><r><t>ma</t></r><rPh><t>x</t></rPh></si>"
       "<si><t xml:space=\"preserve\"> Siti &amp; Co </t></si></sst>"},
      {"xl/worksheets/sheet1.xml", Sheet(rows)},
  };
}

constexpr std::string_view kHeader =
    "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c>"
    "<c r=\"C1\" t=\"inlineStr\"><is><t>lahir</t></is></c></row>";

struct SheetRow {
  std::int64_t number;
  std::vector<std::string> fields;
  std::string problem;
};

Result<std::vector<SheetRow>> ReadParts(const Parts& parts) {
  JARING_ASSIGN_OR_RETURN(const auto reader, OpenXlsxBytes(MakeZip(parts)));
  std::vector<SheetRow> rows = {{0, {reader->header().begin(), reader->header().end()}, ""}};
  TableRow row;
  while (true) {
    JARING_ASSIGN_OR_RETURN(const bool more, reader->Next(row));
    if (!more) {
      return rows;
    }
    rows.push_back({row.number, {row.fields.begin(), row.fields.end()}, std::string(row.problem)});
  }
}

Result<std::vector<SheetRow>> ReadSheet(std::string_view rows) {
  return ReadParts(Workbook(std::string(kHeader) + std::string(rows)));
}

std::string RuleOf(const Parts& parts) {
  const auto rows = ReadParts(parts);
  return rows ? "" : rows.error().rule;
}

TEST(XlsxReader, ReadsTheCellsOfTheFirstVisibleSheet) {
  const auto rows = ReadSheet(
      "<row r=\"3\"><c r=\"A3\"><v>3372011705900001</v></c><c r=\"B3\" t=\"s\"><v>2</v></c>"
      "<c r=\"C3\" s=\"1\"><v>33010</v></c></row>"
      "<row r=\"4\"><c r=\"A4\"/><c r=\"B4\" t=\"inlineStr\"><is><t> </t></is></c></row>"
      "<row><c t=\"str\"><f>A1</f><v>x</v></c><c t=\"b\"><v>1</v></c><c s=\"2\"><v>33010.5</v></c>"
      "</row><row r=\"9\"><c r=\"C9\" s=\"3\"><v>1.68E4</v></c></row>");
  ASSERT_TRUE(rows) << rows.error().rule << rows.error().detail;
  ASSERT_EQ(rows->size(), 4U);
  EXPECT_THAT((*rows)[0].fields, ElementsAre("nik", "nama", "lahir"));
  EXPECT_THAT((*rows)[1].fields, ElementsAre("3372011705900001", " Siti & Co ", "1990-05-17"));
  EXPECT_EQ((*rows)[1].number, 3);
  EXPECT_THAT((*rows)[2].fields, ElementsAre("x", "TRUE", "1990-05-17 12:00:00"));
  EXPECT_EQ((*rows)[2].number, 5);
  EXPECT_THAT((*rows)[3].fields, ElementsAre("", "", "16800"));
  EXPECT_EQ((*rows)[3].number, 9);
}

TEST(XlsxReader, KnowsThe1904Calendar) {
  Parts parts = Workbook(std::string(kHeader) + "<row><c r=\"C2\" s=\"1\"><v>31548</v></c></row>");
  std::string& book = parts["xl/workbook.xml"];
  book.replace(book.find("<workbookPr/>"), 13, "<workbookPr date1904=\"1\"/>");
  const auto rows = ReadParts(parts);
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->at(1).fields.at(2), "1990-05-17");
}

TEST(XlsxReader, GivesUpOnlyTheRowThatIsWrong) {
  const struct {
    const char* cell;
    const char* rule;
  } cases[] = {
      {"<c r=\"A2\"><v>9999999999999999</v></c>", "xlsx.number_lost_digits"},
      {"<c r=\"A2\"><v>3.3720117059000013E18</v></c>", "xlsx.number_lost_digits"},
      {"<c r=\"A2\" s=\"1\"><v>-5</v></c>", "xlsx.date_out_of_range"},
      {"<c r=\"A2\" s=\"1\"><v>60</v></c>", "xlsx.date_out_of_range"},
      {"<c r=\"A2\" s=\"1\"><v>1e300</v></c>", "xlsx.date_out_of_range"},
      {"<c r=\"D2\"><v>1</v></c>", "xlsx.too_many_columns"},
      {"<c r=\"ZZ2\"><v>1</v></c>", "xlsx.too_many_columns"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.cell);
    const auto rows = ReadSheet("<row r=\"2\">" + std::string(c.cell) +
                                "</row><row r=\"3\"><c r=\"A3\"><v>1</v></c></row>");
    ASSERT_TRUE(rows) << rows.error().detail;
    ASSERT_EQ(rows->size(), 3U);
    EXPECT_EQ((*rows)[1].problem, c.rule);
    EXPECT_EQ((*rows)[2].problem, "");
  }
  const auto long_row = ReadSheet("<row><c t=\"str\"><v>" + std::string(70'000, 'x') +
                                  "</v></c></row><row><c><v>1</v></c></row>");
  ASSERT_TRUE(long_row);
  EXPECT_EQ((*long_row)[1].problem, "xlsx.row_too_long");
  EXPECT_EQ((*long_row)[2].problem, "");
}

TEST(XlsxReader, RefusesWhatIsNoWorkbook) {
  EXPECT_EQ(RuleOf({{"a.txt", "hello"}}), "file.not_a_table");
  EXPECT_EQ(OpenXlsxBytes("PK\3\4 nothing").error().rule, "file.not_a_table");
  EXPECT_EQ(RuleOf(Workbook("")), "file.empty");
  Parts no_sheet = Workbook(kHeader);
  no_sheet.erase("xl/worksheets/sheet1.xml");
  EXPECT_EQ(RuleOf(no_sheet), "file.not_a_table");
}

TEST(XlsxReader, RefusesBrokenAndHostileXml) {
  EXPECT_EQ(ReadSheet("<row r=\"2\"><c r=\"A2\"><v>1</c></row>").error().rule, "xlsx.broken");
  EXPECT_EQ(ReadSheet("<row r=\"2\"><c t=\"s\"><v>77</v></c></row>").error().rule, "xlsx.broken");
  EXPECT_EQ(ReadSheet("<row r=\"1\"><c><v>1</v></c></row>").error().rule, "xlsx.broken");
  Parts hostile = Workbook(kHeader);
  hostile["xl/sharedStrings.xml"] =
      "<!DOCTYPE sst [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>"
      "<sst><si><t>&b;</t></si></sst>";
  EXPECT_EQ(RuleOf(hostile), "xlsx.broken");
}

TEST(XlsxReader, RefusesAZipBomb) {
  Parts bomb = Workbook(kHeader);
  std::string& strings = bomb["xl/sharedStrings.xml"];
  strings = "<sst>";
  while (strings.size() < 20'000'000) {
    strings += "<si><t>          </t></si>";
  }
  strings += "</sst>";
  EXPECT_EQ(RuleOf(bomb), "file.too_large");
}

TEST(XlsxReader, AWorkbookCutAnywhereIsAnError) {
  const std::string whole = MakeZip(Workbook(kHeader));
  for (std::size_t cut = 4; cut < whole.size(); cut += 7) {
    EXPECT_FALSE(OpenXlsxBytes(whole.substr(0, cut))) << cut;
  }
}

TEST(XlsxReader, AFlippedByteNeverCrashes) {
  const std::string whole = MakeZip(Workbook(std::string(kHeader) + "<row><c><v>1</v></c></row>"));
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x41);
    const auto reader = OpenXlsxBytes(flipped);
    TableRow row;
    for (int i = 0; reader && i < 10; ++i) {
      const auto more = (*reader)->Next(row);
      if (!more || !*more) {
        break;
      }
    }
  }
}

TEST(NumberText, IsExactOrRefuses) {
  const struct {
    const char* number;
    const char* text;
  } cases[] = {
      {"0", "0"},
      {"0.0", "0"},
      {"16800", "16800"},
      {"16800.0", "16800"},
      {"007", "7"},
      {"-16800", "-16800"},
      {"3.372E15", "3372000000000000"},
      {"3.372011705900001E+15", "3372011705900001"},
      {"33720117059000010E-1", "3372011705900001"},
      {"9007199254740992", "9007199254740992"},
      {"1.5", "1.5"},
      {"15E-1", "15E-1"},
      {"abc", "abc"},
      {"", ""},
      {"1E999", "1E999"},
  };
  for (const auto& c : cases) {
    const auto text = NumberText(c.number);
    ASSERT_TRUE(text) << c.number;
    EXPECT_EQ(*text, c.text);
  }
  EXPECT_FALSE(NumberText("9007199254740993"));
  EXPECT_FALSE(NumberText("1E30"));
}

TEST(DateOfSerial, FollowsExcelAroundItsWrongLeapDay) {
  EXPECT_EQ(*DateOfSerial("1", false), "1900-01-01");
  EXPECT_EQ(*DateOfSerial("59", false), "1900-02-28");
  EXPECT_EQ(*DateOfSerial("61", false), "1900-03-01");
  EXPECT_EQ(*DateOfSerial("0", true), "1904-01-01");
  EXPECT_EQ(*DateOfSerial("45000.999999", false), "2023-03-16");
  EXPECT_FALSE(DateOfSerial("0", false));
  EXPECT_FALSE(DateOfSerial("0.5", false));
  EXPECT_FALSE(DateOfSerial("401999", true));
  EXPECT_FALSE(DateOfSerial("nan", false));
  EXPECT_FALSE(DateOfSerial("", false));
}

TEST(IsDateFormat, TellsDatesFromMoneyAndWords) {
  EXPECT_TRUE(IsDateFormat(14, ""));
  EXPECT_TRUE(IsDateFormat(164, "dd/mm/yyyy"));
  EXPECT_TRUE(IsDateFormat(164, "[$-421]d mmmm yyyy;@"));
  EXPECT_FALSE(IsDateFormat(0, "General"));
  EXPECT_FALSE(IsDateFormat(164, "\"day\" 0"));
  EXPECT_FALSE(IsDateFormat(164, "[Red]#,##0"));
  EXPECT_FALSE(IsDateFormat(164, "\\d0"));
  EXPECT_FALSE(IsDateFormat(164, "\"open"));
}

TEST(ColumnOfCell, CountsLettersInBase26) {
  EXPECT_EQ(ColumnOfCell("A1"), 0U);
  EXPECT_EQ(ColumnOfCell("Z9"), 25U);
  EXPECT_EQ(ColumnOfCell("AA10"), 26U);
  EXPECT_FALSE(ColumnOfCell("7"));
  EXPECT_FALSE(ColumnOfCell("ZZZZZZZ1"));
}

}  // namespace
}  // namespace jaring
