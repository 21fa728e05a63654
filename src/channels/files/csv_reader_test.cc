#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "channels/files/csv_writer.h"
#include "channels/files/table_reader.h"

namespace jaring {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct ReadRow {
  std::int64_t number;
  std::vector<std::string> fields;
  std::string problem;
  bool unterminated;
};

struct ReadTable {
  std::vector<std::string> header;
  std::vector<ReadRow> rows;
  bool ended_without_newline = false;
};

Result<ReadTable> ReadAll(std::string bytes) {
  JARING_ASSIGN_OR_RETURN(const auto reader, OpenCsv(MakeMemorySource(std::move(bytes))));
  ReadTable table;
  table.header.assign(reader->header().begin(), reader->header().end());
  TableRow row;
  while (true) {
    JARING_ASSIGN_OR_RETURN(const bool more, reader->Next(row));
    if (!more) {
      break;
    }
    table.rows.push_back({row.number,
                          {row.fields.begin(), row.fields.end()},
                          std::string(row.problem),
                          row.unterminated});
  }
  table.ended_without_newline = reader->ended_without_newline();
  return table;
}

std::string RuleOf(std::string bytes) {
  const auto table = ReadAll(std::move(bytes));
  return table ? "" : table.error().rule;
}

TEST(CsvReader, ReadsEveryWayPeopleSaveATable) {
  const struct {
    const char* name;
    std::string bytes;
  } cases[] = {
      {"plain", "a,b\n1,2\n3,4\n"},
      {"windows", "a,b\r\n1,2\r\n3,4\r\n"},
      {"old mac", "a,b\r1,2\r3,4\r"},
      {"semicolons", "a;b\n1;2\n3;4\n"},
      {"tabs", "a\tb\n1\t2\n3\t4\n"},
      {"bom",
       "\xEF\xBB\xBF"
       "a,b\n1,2\n3,4\n"},
      {"bom and quotes", "\xEF\xBB\xBF\"a\",\"b\"\n\"1\",\"2\"\n3,4\n"},
      {"quotes, windows", "\"a\";\"b\"\r\n\"1\";\"2\"\r\n\"3\";\"4\"\r\n"},
      {"excel's sep line", "sep=;\na;b\n1;2\n3;4\n"},
      {"padded", "a,b,\n1,2,\n3,4,\n"},
      {"spaces after quotes", "a,b\n\"1\" ,2\n3,\"4\" \n"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const auto table = ReadAll(c.bytes);
    ASSERT_TRUE(table) << table.error().rule;
    ASSERT_EQ(table->rows.size(), 2U);
    EXPECT_EQ(table->header.at(1), "b");
    EXPECT_EQ(table->rows[0].fields.at(0), "1");
    EXPECT_EQ(table->rows[0].fields.at(1), "2");
    EXPECT_EQ(table->rows[1].fields.at(1), "4");
    EXPECT_EQ(table->rows[1].problem, "");
    EXPECT_FALSE(table->ended_without_newline);
  }
}

TEST(CsvReader, UnderstandsQuotesNewlinesAndLiteralQuotes) {
  const auto table = ReadAll("a,b\n\"x, \"\"y\"\"\nz\",Budi \"Ucok\" S\n\"\",\"\"\"\"\n");
  ASSERT_TRUE(table);
  ASSERT_EQ(table->rows.size(), 2U);
  EXPECT_THAT(table->rows[0].fields, ElementsAre("x, \"y\"\nz", "Budi \"Ucok\" S"));
  EXPECT_THAT(table->rows[1].fields, ElementsAre("", "\""));
}

TEST(CsvReader, CountsRowsAsASpreadsheetShowsThem) {
  const auto table = ReadAll("a,b\n\n1,2\n,\n  , \n\"x\ny\",4\n5,6\n");
  ASSERT_TRUE(table);
  ASSERT_EQ(table->rows.size(), 3U);
  EXPECT_EQ(table->rows[0].number, 3);
  EXPECT_EQ(table->rows[1].number, 6);
  EXPECT_EQ(table->rows[2].number, 7);
}

TEST(CsvReader, GivesUpOnlyTheRowThatIsWrong) {
  const struct {
    const char* name;
    std::string bad_line;
    const char* rule;
  } cases[] = {
      {"never closed", "1,\"Budi\n", "csv.unclosed_quote"},
      {"text after", "1,\"Budi\" S\n", "csv.text_after_quote"},
      {"a comma too many", "1,16,800\n", "csv.too_many_columns"},
      {"latin 1", "1,Ren\xE9\n", "csv.not_utf8"},
      {"latin 1 in quotes", "1,\"Ren\xE9\"\n", "csv.not_utf8"},
      {"70 columns", "1" + std::string(70, ',') + "x\n", "csv.too_many_columns"},
      {"too long", "1," + std::string(TableLimits::kMaxRecordBytes + 3, 'x') + "\n",
       "csv.row_too_long"},
      {"far too long", "1," + std::string(5'000'000, 'x') + "\n", "csv.row_too_long"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const auto table = ReadAll("a,b\n0,ok\n" + c.bad_line + "2,\"fine\"\n3,\xC3\xA9\n");
    ASSERT_TRUE(table);
    ASSERT_EQ(table->rows.size(), 4U);
    EXPECT_EQ(table->rows[0].problem, "");
    EXPECT_EQ(table->rows[1].problem, c.rule);
    EXPECT_EQ(table->rows[1].number, 3);
    EXPECT_EQ(table->rows[2].problem, "");
    EXPECT_THAT(table->rows[2].fields, ElementsAre("2", "fine"));
    EXPECT_THAT(table->rows[3].fields, ElementsAre("3", "\xC3\xA9"));
    EXPECT_EQ(table->rows[3].number, 5);
  }
}

TEST(CsvReader, TakesTheLongestRowAndColumnsThatAreAllowed) {
  const std::string longest(TableLimits::kMaxRecordBytes - 4, 'x');
  const auto table = ReadAll("a,b\n1," + longest + "\n2,\"" + longest + "\"\n");
  ASSERT_TRUE(table);
  EXPECT_EQ(table->rows[0].problem, "");
  EXPECT_EQ(table->rows[0].fields.at(1).size(), longest.size());
  std::string header = "c0";
  for (std::size_t i = 1; i < TableLimits::kMaxColumns; ++i) {
    header += ",c" + std::to_string(i);
  }
  EXPECT_TRUE(ReadAll(header + "\n"));
  EXPECT_EQ(RuleOf(header + ",c64\n"), "csv.too_many_columns");
}

TEST(CsvReader, NoExtraFieldIsDroppedSilentlyFromAFullRow) {
  std::string header = "\"c\"";
  for (std::size_t i = 1; i < TableLimits::kMaxColumns; ++i) {
    header += ",c";
  }
  const auto table = ReadAll(header + "\n" + header + ",x,\n" + header + ",,\n");
  ASSERT_TRUE(table);
  EXPECT_EQ(table->rows[0].problem, "csv.too_many_columns");
  EXPECT_EQ(table->rows[1].problem, "");
}

TEST(CsvReader, RefusesWhatIsNoTable) {
  using namespace std::string_literals;
  EXPECT_EQ(RuleOf(""), "file.empty");
  EXPECT_EQ(RuleOf("\xEF\xBB\xBF"), "file.empty");
  EXPECT_EQ(RuleOf("\n\n , \n"), "file.empty");
  EXPECT_EQ(RuleOf("a,b\n1,\0002\n"s), "file.not_a_table");
  EXPECT_EQ(RuleOf("\x7F"
                   "ELF\x02\x01"),
            "file.not_a_table");
  EXPECT_EQ(RuleOf("%PDF-1.4\n"), "file.not_a_table");
  EXPECT_EQ(RuleOf("\xFF\xFE"
                   "a\0,\0"s),
            "file.utf16");
  EXPECT_EQ(RuleOf("\xD0\xCF\x11\xE0\xA1"), "file.old_excel");
  EXPECT_EQ(RuleOf("a,\xE9\n"), "file.not_utf8");
  EXPECT_EQ(RuleOf(std::string(3'000'000, 'x')), "file.not_a_table");
  EXPECT_EQ(RuleOf("a,\"b\n1,2\n"), "csv.unclosed_quote");
}

TEST(CsvReader, HeaderAloneIsATableWithoutRows) {
  for (const char* bytes : {"a,b\n", "a,b", "a,b\r\n\r\n"}) {
    const auto table = ReadAll(bytes);
    ASSERT_TRUE(table);
    EXPECT_THAT(table->rows, IsEmpty());
  }
}

TEST(CsvReader, LateNulBytesSpoilTheirRowOnly) {
  std::string bytes = "a,b\n";
  while (bytes.size() < 3'000'000) {
    bytes += "1,2\n";
  }
  bytes += std::string("1,\0\n", 4) + "3,4\n";
  const auto table = ReadAll(bytes);
  ASSERT_TRUE(table);
  ASSERT_GE(table->rows.size(), 2U);
  EXPECT_EQ(table->rows[table->rows.size() - 2].problem, "csv.nul_byte");
  EXPECT_EQ(table->rows.back().problem, "");
}

TEST(CsvReader, TellsAnUnfinishedLastLine) {
  const auto table = ReadAll("a,b\n1,2\n3,4");
  ASSERT_TRUE(table);
  EXPECT_TRUE(table->ended_without_newline);
  EXPECT_FALSE(table->rows[0].unterminated);
  EXPECT_TRUE(table->rows[1].unterminated);
}

std::string RandomField(std::mt19937& random) {
  constexpr std::string_view kLetters = "ab,;\"\n\r \t\xC3";
  std::string field;
  const std::size_t length = random() % 12;
  for (std::size_t i = 0; i < length; ++i) {
    const char c = kLetters[random() % kLetters.size()];
    field += c;
    if (c == '\xC3') {
      field += '\xA9';
    }
  }
  return field;
}

struct RandomTable {
  std::vector<std::vector<std::string>> rows;
  std::string bytes = "x,y,z\n";
  std::vector<std::size_t> row_ends;
};

RandomTable MakeRandomTable(std::mt19937& random, std::size_t rows) {
  RandomTable table;
  for (std::size_t i = 0; i < rows; ++i) {
    std::vector<std::string> fields = {"k" + std::to_string(i), RandomField(random),
                                       RandomField(random)};
    for (std::size_t f = 0; f < fields.size(); ++f) {
      // Fields are told apart by a ';' in the writer's eyes too, so that it quotes them.
      if (f > 0) {
        table.bytes += ',';
      }
      AppendCsvField(table.bytes, fields[f]);
    }
    table.bytes += "\n";
    table.rows.push_back(std::move(fields));
    table.row_ends.push_back(table.bytes.size());
  }
  return table;
}

TEST(CsvReader, ReadsBackWhatTheWriterWrote) {
  std::mt19937 random(1);
  for (int round = 0; round < 500; ++round) {
    const RandomTable written = MakeRandomTable(random, 20);
    const auto read = ReadAll(written.bytes);
    ASSERT_TRUE(read) << written.bytes;
    ASSERT_EQ(read->rows.size(), written.rows.size()) << written.bytes;
    for (std::size_t i = 0; i < written.rows.size(); ++i) {
      EXPECT_EQ(read->rows[i].fields, written.rows[i]);
      EXPECT_EQ(read->rows[i].problem, "");
    }
  }
}

TEST(CsvReader, AFileCutAnywhereNeverGivesAWrongRowSilently) {
  std::mt19937 random(2);
  for (int round = 0; round < 40; ++round) {
    const RandomTable written = MakeRandomTable(random, 6);
    for (std::size_t cut = 6; cut <= written.bytes.size(); ++cut) {
      const auto read = ReadAll(written.bytes.substr(0, cut));
      ASSERT_TRUE(read);
      bool warned = false;
      for (std::size_t i = 0; i < read->rows.size(); ++i) {
        const ReadRow& row = read->rows[i];
        warned = warned || !row.problem.empty() || row.unterminated;
        const bool right = i < written.rows.size() && row.fields == written.rows[i];
        EXPECT_TRUE(right || warned) << "cut at " << cut << " of\n" << written.bytes;
      }
      const std::size_t whole =
          static_cast<std::size_t>(std::count_if(written.row_ends.begin(), written.row_ends.end(),
                                                 [&](std::size_t end) { return end <= cut; }));
      EXPECT_GE(read->rows.size(), whole);
    }
  }
}

TEST(CsvReader, BuffersMeetRowsAnywhere) {
  // Row lengths around the buffer's end, with quotes, so that every seam is crossed.
  std::string bytes = "n,t\n";
  std::mt19937 random(3);
  std::vector<std::string> texts;
  while (bytes.size() < 5'000'000) {
    texts.push_back(std::string(random() % 9'000, 'y') + (random() % 2 == 0 ? "\"q\"\n" : ""));
    bytes += std::to_string(texts.size()) + ",";
    AppendCsvField(bytes, texts.back());
    bytes += "\r\n";
  }
  const auto table = ReadAll(bytes);
  ASSERT_TRUE(table);
  ASSERT_EQ(table->rows.size(), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    ASSERT_EQ(table->rows[i].problem, "");
    ASSERT_EQ(table->rows[i].fields.at(1), texts[i]);
  }
}

TEST(TableReaderOpen, SaysWhatIsWrongWithThePath) {
  EXPECT_EQ(TableReader::Open("/nonexistent.csv").error().rule, "file.not_found");
  EXPECT_EQ(TableReader::Open("/tmp").error().rule, "file.unreadable");
  EXPECT_EQ(TableReader::Open("/dev/zero").error().rule, "file.unreadable");
}

}  // namespace
}  // namespace jaring
