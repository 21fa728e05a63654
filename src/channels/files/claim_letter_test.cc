#include "channels/files/claim_letter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/source_dir.h"
#include "channels/files/letter_pdf.h"
#include "channels/files/pdf_reader.h"

namespace jaring {
namespace {

Date D(std::int64_t number) {
  return Date::FromYearMonthDay(static_cast<int>(number / 10'000),
                                static_cast<int>(number / 100 % 100),
                                static_cast<int>(number % 100));
}

Money Rp(std::int64_t rupiah) {
  return Money::FromRupiah(rupiah);
}

class ClaimLetterTest : public ::testing::Test {
 protected:
  ClaimLetterTest() {
    scheme_.name_id = "Jaring Demo, Kantor Cabang Surakarta";
    scheme_.benefits.push_back({.id = "jkm-death-grant",
                                .programme = Programme::kJkm,
                                .name_id = "Santunan kematian",
                                .name_en = "Death grant",
                                .rows = {},
                                .events = {}});
    paper_.name_id = "Kartu Keluarga";
    paper_.name_en = "Family card";
    paper_.why_id = "Menunjukkan ahli waris";
    paper_.why_en = "Shows the heirs";
    view_.claim.number = {10'000'000'001, 7};
    view_.claim.kind = ClaimKind::kDeath;
    view_.claim.event_on = D(20260310);
    view_.claim.due_on = D(20260318);
    view_.claim.state = ClaimState::kApproved;
    view_.name = "Siti Contoh Rekaan";
    view_.payees = {{.name = "Darto Contoh",
                     .relation = Relation::kSpouse,
                     .institution = "BRI",
                     .account = "1234567890"}};
    view_.lines = {{.programme = Programme::kJkm,
                    .benefit = "jkm-death-grant",
                    .detail = "",
                    .amount = Rp(20'000'000),
                    .working = ""},
                   {.programme = Programme::kJkk,
                    .benefit = "refund",
                    .detail = "",
                    .amount = Rp(20'000),
                    .working = "first_month 202605 last_month 202606 months 2"},
                   {.programme = Programme::kJht,
                    .benefit = "tax",
                    .detail = "",
                    .amount = Rp(-12'500),
                    .working = "balance 60000000 share 50000"}};
  }

  Result<std::string> Make(Language language = Language::kEnglish, bool is_masked = false) {
    return MakeClaimLetter(scheme_, texts_,
                           {.view = view_,
                            .payouts = payouts_,
                            .is_masked = is_masked,
                            .language = language,
                            .written_on = D(20260315)});
  }
  std::string Read(Language language = Language::kEnglish, bool is_masked = false) {
    const auto pdf = Make(language, is_masked);
    return pdf ? folder_.TextOf(*pdf) : "failed: " + pdf.error().rule;
  }
  void Has(const std::string& text, std::initializer_list<const char*> facts) {
    for (const char* fact : facts) {
      EXPECT_NE(text.find(fact), std::string::npos) << fact << " not in\n" << text;
    }
  }
  static std::size_t Count(const std::string& text, std::string_view word) {
    std::size_t count = 0;
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
      ++count;
    }
    return count;
  }

  Messages texts_ = *Messages::Load(SourceDir() + "/data/page_texts.toml");
  Scheme scheme_;
  ClaimPaper paper_;
  ClaimView view_;
  std::vector<Payout> payouts_;
  PdfFolder folder_;
};

TEST_F(ClaimLetterTest, SaysWhatIsPaidAndHowItCameAbout) {
  payouts_ = {{.claim = view_.claim.number,
               .payout_no = 1,
               .payee_no = 1,
               .state = PayoutState::kPaid,
               .amount = Rp(20'007'500),
               .penalty = Rp(200'000),
               .paid_on = D(20260320)}};
  const std::string text = Read();
  Has(text, {"Jaring Demo, Kantor Cabang Surakarta",
             "Pemberitahuan klaim",
             "Notice about a claim",
             "Siti Contoh Rekaan",
             "10 Maret 2026",
             "10 March 2026",
             "18 Maret 2026",
             "JKM: Santunan kematian",
             "JKM: Death grant",
             "Rp 20.000.000",
             "dari bulan Mei 2026, sampai bulan Juni 2026, bulan 2",
             "from May 2026, to June 2026",
             "Rp -12.500",
             "isi tabungan Rp 60.000.000, bagian 5 %",
             "Rp 20.007.500",
             "Darto Contoh",
             "BRI ****7890",
             "dibayar 20 Maret 2026",
             "Rp 200.000",
             "Rp 20.207.500"});
  EXPECT_EQ(text.find("123456"), std::string::npos) << "the account is not written in full";
}

TEST_F(ClaimLetterTest, IsInTheMembersLanguageBesideIndonesian) {
  EXPECT_EQ(Count(Read(Language::kIndonesian), "Siti Contoh"), 1U);
  for (const Language language :
       {Language::kEnglish, Language::kJavanese, Language::kSundanese, Language::kMadurese}) {
    const std::string text = Read(language);
    EXPECT_EQ(Count(text, "Siti Contoh"), 2U);
    EXPECT_NE(text.find(texts_.Text("letter.title", language)), std::string::npos);
    EXPECT_EQ(text.find("letter."), std::string::npos) << text;
  }
}

TEST_F(ClaimLetterTest, SaysWhatIsMissing) {
  view_.claim.state = ClaimState::kReported;
  view_.findings = {{FindingKind::kMissing, "check.papers", "family-card"}};
  ClaimPaper there = paper_;
  there.name_id = "KTP peserta";
  view_.papers = {{&paper_, false}, {&there, true}};
  const std::string text = Read();
  Has(text,
      {"Kartu Keluarga. Menunjukkan ahli waris.", "Family card. Shows the heirs.", "masih kurang"});
  EXPECT_EQ(text.find("KTP peserta"), std::string::npos);
  EXPECT_EQ(text.find("Rp"), std::string::npos) << "no amount before it is decided";
  EXPECT_EQ(text.find("18 Maret"), std::string::npos) << "no clock runs yet";
  view_.findings.clear();
  view_.papers.clear();
  Has(Read(), {"sedang diperiksa"});
}

TEST_F(ClaimLetterTest, SaysWhyItIsRefusedAndWhatCanBeDone) {
  view_.claim.state = ClaimState::kRefused;
  view_.steps = {
      {.step_no = 1, .state = ClaimState::kRefused, .reason = "too_late", .note = "Lama"},
      {.step_no = 2, .state = ClaimState::kReported, .note = "Ini buktinya"},
      {.step_no = 3,
       .state = ClaimState::kRefused,
       .reason = "not_covered",
       .note = "Perlindungan berakhir pada bulan Januari (lihat kartu)."}};
  const std::string text = Read();
  Has(text, {"Tidak terlindungi pada hari kejadian", "Not covered on the day of the event",
             "Perlindungan berakhir", "berkeberatan", "You may object"});
  EXPECT_EQ(text.find("Lama"), std::string::npos);
  EXPECT_EQ(text.find("Rp"), std::string::npos);
}

TEST_F(ClaimLetterTest, EveryStateHasItsSentence) {
  std::set<std::string> texts;
  for (const ClaimState state :
       {ClaimState::kReported, ClaimState::kComplete, ClaimState::kApproved, ClaimState::kRefused,
        ClaimState::kPaid, ClaimState::kReturned, ClaimState::kWithdrawn}) {
    view_.claim.state = state;
    const std::string text = Read();
    EXPECT_EQ(text.find("failed"), std::string::npos) << text;
    EXPECT_EQ(text.find("letter."), std::string::npos) << text;
    texts.insert(text);
  }
  EXPECT_EQ(texts.size(), 7U);
  view_.claim.state = ClaimState::kDraft;
  EXPECT_EQ(Read(), "failed: claim.not_reported");
}

TEST_F(ClaimLetterTest, MasksNames) {
  payouts_ = {{.claim = view_.claim.number, .payout_no = 1, .payee_no = 1, .amount = Rp(1)}};
  const std::string text = Read(Language::kEnglish, true);
  Has(text, {"S*** C*** R***", "D*** C***"});
  EXPECT_EQ(text.find("Siti"), std::string::npos);
  EXPECT_EQ(text.find("Darto"), std::string::npos);
}

TEST_F(ClaimLetterTest, GoesOnOverPagesAndNumbersThem) {
  const ClaimLine line = view_.lines.front();
  view_.lines.assign(100, line);
  view_.claim.state = ClaimState::kPaid;
  const std::string text = Read();
  const auto pages = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\f'));
  EXPECT_GT(pages, 4U);
  for (std::size_t page = 1; page <= pages; ++page) {
    const std::string number = std::to_string(page) + "/" + std::to_string(pages);
    EXPECT_EQ(Count(text, number), 1U) << number;
  }
  EXPECT_EQ(Count(text, "JKM: Santunan kematian"), 100U);
  EXPECT_EQ(Count(text, "Rp 2.000.000.000"), 2U);
}

TEST_F(ClaimLetterTest, BearsWhateverPeopleWrite) {
  view_.claim.state = ClaimState::kRefused;
  view_.name = "\xE5\xBC\xA0 \xC3\xA9" + std::string(300, 'W');
  std::string note = std::string(2'000, 'x') + "\n\n  (\\) \x01 ";
  note += std::string(300, 'y') + " \xF0\x9F\x98\x80 end";
  view_.steps = {
      {.step_no = 1, .state = ClaimState::kRefused, .reason = "new_reason", .note = note}};
  const std::string text = Read();
  EXPECT_EQ(text.find("failed"), std::string::npos) << text;
  EXPECT_GE(Count(text, "x"), 2'000U);
  EXPECT_GE(Count(text, "end"), 2U);
}

TEST_F(ClaimLetterTest, IsTheSameEveryTime) {
  EXPECT_EQ(*Make(), *Make());
}

TEST(PdfLines, BreakAtSpacesAndCutWhatIsTooLong) {
  PdfPage page("x");
  const TextStyle style{.size = 10};
  EXPECT_EQ(page.Lines(1'000, "satu dua", style), (std::vector<std::string>{"satu dua"}));
  EXPECT_EQ(page.Lines(22, "satu dua", style), (std::vector<std::string>{"satu", "dua"}));
  EXPECT_EQ(page.Lines(1'000, "satu\n\ndua", style), (std::vector<std::string>{"satu", "", "dua"}));
  EXPECT_TRUE(page.Lines(100, "", style).empty());
  std::string whole;
  for (const std::string& line : page.Lines(
           30, "a \xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9 b", style)) {
    whole += line + "|";
  }
  EXPECT_EQ(whole.find("\xC3|"), std::string::npos) << "no letter is cut: " << whole;
  EXPECT_EQ(std::count(whole.begin(), whole.end(), '\xA9'), 8);
}

}  // namespace
}  // namespace jaring
