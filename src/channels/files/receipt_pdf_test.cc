#include "channels/files/receipt_pdf.h"

#include <gtest/gtest.h>

#include "channels/files/payment_scan.h"
#include "channels/files/pdf_reader.h"

namespace jaring {
namespace {

Receipt Example() {
  Receipt receipt;
  receipt.agency_name = "Jaring Demo, Kantor Cabang Surakarta";
  receipt.reference = "POS-20260315-000123";
  receipt.partner_name = "Kantor Pos";
  receipt.masked_name = "S*** R***";
  receipt.member_number = "10000004201";
  receipt.paid_at = *Instant::ParseLocal("2026-03-15 09:30:00");
  receipt.posted_at = *Instant::ParseLocal("2026-03-15 13:05:00");
  receipt.total = Money::FromRupiah(210'000);
  receipt.first_month = Month::FromYearMonth(2026, 3);
  receipt.months = 3;
  receipt.parts[Programme::kJkk] = Money::FromRupiah(39'000);
  receipt.parts[Programme::kJkm] = Money::FromRupiah(10'200);
  receipt.parts[Programme::kJht] = Money::FromRupiah(156'000);
  receipt.credit_left = Money::FromRupiah(4'800);
  receipt.cover_until = Date::FromYearMonthDay(2026, 5, 31);
  receipt.benefit_id =
      "Biaya pengobatan kecelakaan kerja tanpa batas sesuai kebutuhan medis, santunan kematian, "
      "dan "
      "tabungan hari tua.";
  receipt.benefit_en =
      "Treatment after a work accident as medically needed, a death grant, and old-age savings.";
  receipt.help_line = "175 atau kantor cabang / or a branch office";
  return receipt;
}

class ReceiptPdf : public ::testing::Test {
 protected:
  PdfFolder folder_;
};

TEST_F(ReceiptPdf, QrCodeReadsBackAsTheFacts) {
  const auto pdf = MakeReceiptPdf(Example());
  ASSERT_TRUE(pdf);
  const std::string path = folder_.Write(*pdf);
  OutputOf("pdftoppm -r 150 -png -singlefile " + path + " " + folder_.path() + "/page");
  const std::string read = OutputOf("zbarimg -q --raw " + folder_.path() + "/page.png");
  EXPECT_EQ(read, ReceiptQrText(Example()) + "\n");
}

TEST_F(ReceiptPdf, ShowsEveryFact) {
  const auto pdf = MakeReceiptPdf(Example());
  ASSERT_TRUE(pdf);
  const std::string text = folder_.TextOf(*pdf);
  for (const char* fact :
       {"Jaring Demo, Kantor Cabang Surakarta", "POS-20260315-000123 (Kantor Pos)", "S*** R***",
        "10000004201", "15 Maret 2026, 09:30 WIB", "15 Maret 2026, 13:05 WIB",
        "Maret 2026 - Mei 2026 (3)", "Rp 39.000", "Rp 10.200", "Rp 156.000", "Rp 4.800",
        "Rp 210.000", "31 Mei 2026", "175 atau kantor cabang"}) {
    EXPECT_NE(text.find(fact), std::string::npos) << fact << " not in\n" << text;
  }
}

TEST_F(ReceiptPdf, HoldsTooMuchAndTooLittle) {
  Receipt receipt = Example();
  receipt.agency_name = std::string(400, 'W');
  receipt.benefit_id = std::string(5'000, 'x') + " " + std::string(5'000, 'y');
  receipt.masked_name = "\xE5\xBC\xA0*** \xC3\xA9***";
  receipt.first_month.reset();
  receipt.months = 0;
  receipt.parts = {};
  receipt.cover_until.reset();
  const auto pdf = MakeReceiptPdf(receipt);
  ASSERT_TRUE(pdf) << pdf.error().detail;
  const std::string text = folder_.TextOf(*pdf);
  EXPECT_NE(text.find("belum / not yet"), std::string::npos);
}

TEST_F(ReceiptPdf, IsTheSameEveryTime) {
  EXPECT_EQ(*MakeReceiptPdf(Example()), *MakeReceiptPdf(Example()));
}

TEST(ReceiptQrText, EndsInACheckOfWhatStandsBefore) {
  const std::string text = ReceiptQrText(Example());
  EXPECT_EQ(text.substr(0, text.rfind('|')),
            "JARING1|POS-20260315-000123|10000004201|210000|2026-03-15T02:30:00Z");
  EXPECT_EQ(text.substr(text.rfind('|') + 1),
            Sha256Hex(text.substr(0, text.rfind('|'))).substr(0, 8));
}

TEST(Sha256Hex, KnowsTheEmptyText) {
  EXPECT_EQ(Sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

}  // namespace
}  // namespace jaring
