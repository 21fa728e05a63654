#include "channels/files/receipt_pdf.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "channels/files/payment_scan.h"
#include "channels/files/pdf_page.h"
#include "channels/text/date_words.h"

namespace jaring {
namespace {

constexpr float kLeft = 34;
constexpr float kRight = PdfPage::kA5Width - 34;
constexpr float kGrey = 0.4F;

std::string Rupiah(Money amount) {
  return "Rp " + FormatRupiah(amount);
}

/// In the scheme's own zone, as on the payer's clock in most of the country.
std::string MomentText(Instant moment) {
  constexpr std::int64_t kMicrosPerMinute = 60'000'000;
  const Date date = moment.JakartaDate();
  const std::int64_t minutes =
      (moment.micros() - Instant::StartOfDay(date).micros()) / kMicrosPerMinute;
  return fmt::format("{}, {:02}:{:02} WIB", DateWords(date, Language::kIndonesian), minutes / 60,
                     minutes % 60);
}

std::string MonthsText(const Receipt& receipt) {
  if (!receipt.first_month || receipt.months < 1) {
    return "-";
  }
  const Month first = *receipt.first_month;
  const Month last = first + (receipt.months - 1);
  const auto name = [](Month month) { return MonthName(month.month(), Language::kIndonesian); };
  const std::string from = fmt::format("{} {}", name(first), first.year());
  return receipt.months == 1
             ? from
             : fmt::format("{} - {} {} ({})", from, name(last), last.year(), receipt.months);
}

/// Two labels on the left, the value on the right; returns where the next one goes.
float Fact(PdfPage& page, float y, std::string_view label_id, std::string_view label_en,
           std::string_view value) {
  page.Text(kLeft, y, label_id, {.size = 9});
  page.Text(kLeft, y + 9, label_en, {.size = 7, .grey = kGrey});
  // A long value is made smaller rather than run over its label.
  constexpr float kValueLeft = 150;
  page.FittedText(kRight, y + 3, kRight - kValueLeft, value,
                  {.size = 10, .weight = TextWeight::kBold, .align = TextAlign::kRight});
  page.Line(kLeft, y + 14.5F, kRight, y + 14.5F, 0.85F);
  return y + 26;
}

void Heading(PdfPage& page, const Receipt& receipt) {
  page.Fill({.x = 0, .y = 0, .width = PdfPage::kA5Width, .height = 62}, 0.92F);
  page.FittedText(kLeft, 28, kRight - kLeft, receipt.agency_name,
                  {.size = 14, .weight = TextWeight::kBold});
  page.Text(kLeft, 46, "Bukti pembayaran iuran / Contribution receipt", {.size = 9});
  page.Text(kLeft, 92, Rupiah(receipt.total), {.size = 22, .weight = TextWeight::kBold});
  page.Text(kRight, 84, "DITERIMA",
            {.size = 12, .weight = TextWeight::kBold, .align = TextAlign::kRight});
  page.Text(kRight, 95, "RECEIVED", {.size = 8, .align = TextAlign::kRight, .grey = kGrey});
}

float Facts(PdfPage& page, const Receipt& receipt) {
  float y = 118;
  const std::string reference = receipt.partner_name.empty()
                                    ? receipt.reference
                                    : receipt.reference + " (" + receipt.partner_name + ")";
  y = Fact(page, y, "Nomor referensi", "Reference", reference);
  y = Fact(page, y, "Nama", "Name", receipt.masked_name);
  y = Fact(page, y, "Nomor peserta (KPJ)", "Member number", receipt.member_number);
  y = Fact(page, y, "Dibayar", "Paid", MomentText(receipt.paid_at));
  y = Fact(page, y, "Dibukukan", "Posted", MomentText(receipt.posted_at));
  y = Fact(page, y, "Untuk bulan", "For months", MonthsText(receipt));
  constexpr std::array<std::array<std::string_view, 2>, kProgrammeCount> kNames = {{
      {"JKK, kecelakaan kerja", "Work accident"},
      {"JKM, kematian", "Death"},
      {"JHT, hari tua", "Old-age savings"},
  }};
  for (const Programme programme : kProgrammes) {
    if (!receipt.parts[programme].is_zero()) {
      const auto& name = kNames[static_cast<std::size_t>(programme)];
      y = Fact(page, y, name[0], name[1], Rupiah(receipt.parts[programme]));
    }
  }
  y = Fact(page, y, "Sisa sebagai saldo Anda", "Left as your credit", Rupiah(receipt.credit_left));
  return Fact(page, y, "Terlindungi sampai", "Covered until",
              receipt.cover_until ? DateWords(*receipt.cover_until, Language::kIndonesian)
                                  : "belum / not yet");
}

}  // namespace

std::string ReceiptQrText(const Receipt& receipt) {
  const std::string facts =
      fmt::format("JARING1|{}|{}|{}|{}", receipt.reference, receipt.member_number,
                  receipt.total.rupiah(), receipt.paid_at.ToString());
  return facts + "|" + Sha256Hex(facts).substr(0, 8);
}

Result<std::string> MakeReceiptPdf(const Receipt& receipt) {
  constexpr float kQrSize = 118;
  constexpr float kFootTop = 428;
  PdfPage page("Bukti pembayaran iuran " + receipt.reference);
  Heading(page, receipt);
  Facts(page, receipt);
  JARING_RETURN_IF_ERROR(page.QrCode(
      {.x = kRight - kQrSize + 10, .y = kFootTop - 8, .width = kQrSize, .height = kQrSize},
      ReceiptQrText(receipt)));
  const float text_width = kRight - kLeft - kQrSize;
  page.Text(kLeft, kFootTop + 8, "Yang Anda dapatkan / What it buys",
            {.size = 9, .weight = TextWeight::kBold});
  page.Paragraph({.x = kLeft, .y = kFootTop + 14, .width = text_width, .height = 44},
                 receipt.benefit_id, {.size = 8});
  page.Paragraph({.x = kLeft, .y = kFootTop + 58, .width = text_width, .height = 44},
                 receipt.benefit_en, {.size = 8, .grey = kGrey});
  page.Line(kLeft, 556, kRight, 556, 0.6F);
  page.FittedText(
      kLeft, 568, kRight - kLeft,
      "Bantuan / Help: " + receipt.help_line + ". Simpan bukti ini / Keep this receipt.",
      {.size = 8});
  page.FittedText(
      kLeft, 580, kRight - kLeft,
      "Tidak ada biaya lain di luar jumlah di atas. / Nothing is owed beyond the amount above.",
      {.size = 7, .grey = kGrey});
  return page.Save();
}

}  // namespace jaring
