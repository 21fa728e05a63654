#include "channels/files/rejection_writer.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "channels/files/column_map.h"
#include "channels/files/payment_scan.h"
#include "channels/files/progress_bar.h"

namespace jaring {
namespace {

namespace fs = std::filesystem;

Messages Sentences() {
  return *Messages::Parse("[date.impossible]\nid = \"Tanggal, salah.\"\nen = \"Bad date.\"\n");
}

class FilesInAFolder : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = fs::temp_directory_path() / "jaring-files-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& bytes) {
    std::string path = folder_ + "/" + name;
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

  static std::string Read(const std::string& path) {
    std::ostringstream bytes;
    bytes << std::ifstream(path, std::ios::binary).rdbuf();
    return bytes.str();
  }

  /// Refuses every row of the file.
  std::string RefuseAll(const std::string& path) {
    const Messages messages = Sentences();
    const auto reader = TableReader::Open(path);
    RejectionWriter writer(DiskFile(path).Rejections(), **reader, messages);
    TableRow row;
    while (*(*reader)->Next(row)) {
      EXPECT_TRUE(writer.Add(row, {row.number, "=birth_date", "", "date.impossible"}));
    }
    EXPECT_FALSE(fs::exists(DiskFile(path).rejection_path())) << "there before it is whole";
    EXPECT_TRUE(writer.Finish());
    return DiskFile(path).rejection_path();
  }

  std::string folder_;
};

using RejectionWriterTest = FilesInAFolder;
using ScanPaymentsTest = FilesInAFolder;

TEST_F(RejectionWriterTest, SendsTheRowsBackWithWhatIsWrong) {
  const std::string path = RefuseAll(Write("list.csv", "nik;nama\n1;\"=a;b\"\n2;Ren\xE9;x\n"));
  EXPECT_EQ(fs::path(path).filename(), "list.csv.rejected.csv");
  EXPECT_EQ(Read(path),
            "nik;nama;row;column;rule;keterangan;explanation\n"
            "1;\"'=a;b\";2;'=birth_date;date.impossible;Tanggal, salah.;Bad date.\n"
            "2;\"Ren?;x\";3;'=birth_date;date.impossible;Tanggal, salah.;Bad date.\n");
}

TEST_F(RejectionWriterTest, LeavesOutItsOwnColumnsWhenSentAgain) {
  const std::string first = RefuseAll(Write("list.csv", "nik,nama\n1,a\n"));
  const std::string second = RefuseAll(first);
  EXPECT_EQ(Read(first), Read(second));
  const auto reader = TableReader::Open(first);
  EXPECT_TRUE(IsRejectionColumn((*reader)->header()[2]));
}

TEST_F(RejectionWriterTest, WritesNoFileWithoutARefusal) {
  const std::string path = Write("list.csv", "nik,nama\n");
  RefuseAll(path);
  EXPECT_FALSE(fs::exists(DiskFile(path).rejection_path()));
}

TEST_F(RejectionWriterTest, LeavesNothingBehindWhenGivenUp) {
  const std::string path = Write("list.csv", "nik\n1\n");
  const Messages messages = Sentences();
  {
    const auto reader = TableReader::Open(path);
    RejectionWriter writer(DiskFile(path).Rejections(), **reader, messages);
    TableRow row;
    ASSERT_TRUE(*(*reader)->Next(row));
    ASSERT_TRUE(writer.Add(row, {2, "", "", "date.impossible"}));
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

TEST_F(RejectionWriterTest, SaysSoWhenTheDiskIsFull) {
  const Messages messages = Sentences();
  const auto reader = OpenCsv(MakeMemorySource("nik\n1\n"));
  RejectionWriter writer(DiskFile("/nonexistent/list.csv").Rejections(), **reader, messages);
  TableRow row;
  ASSERT_TRUE(*(*reader)->Next(row));
  EXPECT_EQ(writer.Add(row, {2, "", "", "x.y"}).error().rule, "rejections.unwritable");
}

TEST(MaskedField, HidesWhatIsPersonal) {
  EXPECT_EQ(MaskedField("nik", "3372011705900001"), "337201******0001");
  EXPECT_EQ(MaskedField("nik", "33720117"), "********");
  EXPECT_EQ(MaskedField("phone", "081234567890"), "0812******90");
  EXPECT_EQ(MaskedField("name", "Siti  Rahayu"), "S*** R***");
  EXPECT_EQ(MaskedField("birth_date", "1990-05-17"), "1990-**-**");
  EXPECT_EQ(MaskedField("birth_date", "yesterday"), "yesterday");
  EXPECT_EQ(MaskedField("amount", "16,800"), "16,800");
  EXPECT_EQ(MaskedField("trade", "a\tb\x01"), "a?b?");
  EXPECT_EQ(MaskedField("trade", "Ren\xE9"), "Ren?");
}

TEST(ProblemList, PrintsTheFirstTwentyAndCountsTheRest) {
  ProblemList problems;
  for (int i = 0; i < 23; ++i) {
    problems.Add({i + 2, "birth_date", "31/02/1990", "date.impossible"});
  }
  const std::string text = problems.Text(Sentences());
  EXPECT_EQ(problems.count(), 23);
  EXPECT_NE(text.find("baris/row 2, kolom/column birth_date: \"31/02/1990\" [date.impossible]\n"
                      "  Tanggal, salah.\n  Bad date.\n"),
            std::string::npos);
  EXPECT_NE(text.find("baris/row 21,"), std::string::npos);
  EXPECT_EQ(text.find("baris/row 22,"), std::string::npos);
  EXPECT_NE(text.find("dan 3 lagi / and 3 more"), std::string::npos);
}

Result<ColumnMap> Match(std::vector<std::string> header) {
  return ColumnMap::Match(header, EnrolColumns());
}

TEST(ColumnMap, KnowsColumnsInBothLanguagesHoweverTheyAreWritten) {
  const auto map = Match({"No", "NAMA LENGKAP", "Tgl. Lahir", "N I K", "desa", "Pekerjaan",
                          "Penghasilan", "rule", "Jenis-Kelamin"});
  ASSERT_TRUE(map) << map.error().detail;
  TableRow row;
  const std::vector<std::string_view> fields = {"1", " Siti ", "x", "33"};
  row.fields = fields;
  EXPECT_EQ(map->Get(row, EnrolColumn::kName), "Siti");
  EXPECT_EQ(map->Get(row, EnrolColumn::kNik), "33");
  EXPECT_EQ(map->Get(row, EnrolColumn::kIncome), "");
  EXPECT_EQ(map->Get(row, EnrolColumn::kPhone), "");
  EXPECT_TRUE(map->Has(EnrolColumn::kSex));
  EXPECT_EQ(map->unknown(), std::vector<std::string>{"No"});
}

TEST(ColumnMap, NamesTheColumnThatIsMissingOrThereTwice) {
  const auto missing = Match({"nik", "nama"});
  EXPECT_EQ(missing.error().rule, "file.column_missing");
  EXPECT_EQ(missing.error().detail, "birth_date");
  const auto repeated = Match({"nik", "nama", "NO KTP"});
  EXPECT_EQ(repeated.error().rule, "file.column_repeated");
  EXPECT_EQ(repeated.error().detail, "nik");
  const std::vector<std::string> payment = {"jumlah", "tanggal_bayar", "no_referensi"};
  EXPECT_EQ(ColumnMap::Match(payment, PaymentColumns()).error().detail, "bill_code|nik");
}

constexpr std::string_view kPaymentHeader = "bill_code,amount,paid_at,reference\n";

TEST_F(ScanPaymentsTest, AddsUpAndChecksTheControlTotal) {
  const std::string rows = std::string(kPaymentHeader) +
                           "1,16800,2026-03-15,R1\n# a note\n2,16.800,2026-03-15,R2\n"
                           "3,-100,2026-03-15,R3\n";
  const auto right = ScanPayments(DiskFile(Write("a.csv", rows + "TOTAL,3,33.500\n")));
  ASSERT_TRUE(right) << right.error().rule;
  EXPECT_EQ(right->rows, 3);
  EXPECT_EQ(right->readable_sum.rupiah(), 33'500);
  EXPECT_EQ(right->control_total->row, 6);
  EXPECT_TRUE(CheckControlTotal(*right));
  const std::pair<const char*, const char*> wrong[] = {
      {"#TOTAL,3,33600\n", "file.control_total_differs"},
      {"# jumlah,4,33500\n", "file.control_total_differs"},
      {"Jumlah,3,335", "file.control_total_differs"},
      {"total,3\n", "file.control_total_malformed"},
      {"total,x,1\n", "file.control_total_malformed"},
      {"TOTAL,3,33500\n4,1,2026-03-15,R4\n", "file.control_total_not_last"},
  };
  for (const auto& [line, rule] : wrong) {
    const auto scan = ScanPayments(DiskFile(Write("b.csv", rows + line)));
    const std::string found = !scan                      ? scan.error().rule
                              : CheckControlTotal(*scan) ? ""
                                                         : CheckControlTotal(*scan).error().rule;
    EXPECT_EQ(found, rule) << line;
  }
}

TEST_F(ScanPaymentsTest, DoubtsALastLineWithoutAnEnd) {
  const std::string path = Write("a.csv", std::string(kPaymentHeader) + "1,168,2026-03-15,R1");
  const auto scan = ScanPayments(DiskFile(path));
  ASSERT_TRUE(scan);
  EXPECT_TRUE(scan->ended_without_newline);
  const auto reader = TableReader::Open(path);
  TableRow row;
  ASSERT_TRUE(*(*reader)->Next(row));
  EXPECT_TRUE(MayBeCutOff(row, *scan));
  PaymentScan proven = *scan;
  proven.control_total = ControlTotal{};
  EXPECT_FALSE(MayBeCutOff(row, proven));
}

TEST_F(ScanPaymentsTest, CountsUnreadableRowsWithoutFailing) {
  const auto scan = ScanPayments(DiskFile(Write(
      "a.csv", std::string(kPaymentHeader) +
                   "1,x,2026-03-15,R1\n2,\"5,2026-03-15,R2\n3,5,2026-03-15,R3\nTOTAL,3,99\n")));
  ASSERT_TRUE(scan);
  EXPECT_EQ(scan->rows, 3);
  EXPECT_EQ(scan->unreadable_rows, 2);
  EXPECT_TRUE(CheckControlTotal(*scan));
}

TEST(ProgressLine, ShowsShareRateAndRest) {
  EXPECT_EQ(ProgressLine(
                "enrol",
                {.bytes = 450, .total_bytes = 1'000, .rows = 120'000, .elapsed_micros = 2'000'000}),
            "enrol   45 % [#########-----------]  120.000 rows  60.000 rows/s  2 s left");
  EXPECT_EQ(ProgressLine("x", {}), "x    0 % [--------------------]  0 rows");
}

TEST(ProgressBar, WritesNothingAndAsksNoClockWithoutATerminal) {
  std::FILE* out = std::tmpfile();
  int asked = 0;
  const auto clock = [&] {
    ++asked;
    return Instant::FromMicros(std::int64_t{asked} * 1'000'000);
  };
  {
    ProgressBar bar(out, /*is_terminal=*/false, "x", clock);
    bar.Update(1, 2, 100'000);
  }
  EXPECT_EQ(asked, 0);
  EXPECT_EQ(std::ftell(out), 0);
  {
    ProgressBar bar(out, /*is_terminal=*/true, "x", clock);
    bar.Update(1, 2, 100'000);
  }
  EXPECT_EQ(asked, 2);
  EXPECT_GT(std::ftell(out), 0);
  std::fclose(out);
}

}  // namespace
}  // namespace jaring
