// Papers: what is taken, how it lies, and that it comes back as it was.

#include <fstream>

#include "base/text.h"
#include "claims/claims_fixture.h"
#include "claims/paper_content.h"

namespace jaring {
namespace {

using namespace std::string_view_literals;

std::string Png(std::uint32_t width, std::uint32_t height) {
  std::string bytes("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"sv);
  for (const std::uint32_t number : {width, height}) {
    for (const unsigned shift : {24U, 16U, 8U, 0U}) {
      bytes += static_cast<char>(number >> shift & 0xFFU);
    }
  }
  return bytes;
}

/// A comment, then the frame.
std::string Jpeg(char frame, std::string_view size) {
  return std::string("\xff\xd8\xff\xfe\0\4ab\xff"sv) + frame + std::string("\0\x11\x08"sv) +
         std::string(size) + std::string("\3\1\x22\0"sv);
}

/// Nothing but so many bytes.
std::string Long(std::size_t bytes) {
  std::string text;
  text.resize(bytes, 'x');
  return text;
}

std::string RuleOf(std::string_view bytes) {
  const auto type = MediaTypeOf(bytes);
  return type ? std::string(*type) : type.error().rule;
}

TEST(PaperContent, IsToldByItsOwnBytes) {
  EXPECT_EQ(RuleOf(Png(4'000, 3'000)), "image/png");
  EXPECT_EQ(RuleOf(Jpeg('\xc0', "\x0b\xb8\x0f\xa0"sv)), "image/jpeg");
  EXPECT_EQ(RuleOf(Jpeg('\xc2', "\x0b\xb8\x0f\xa0"sv)), "image/jpeg");
  EXPECT_EQ(RuleOf("%PDF-1.7\n"), "application/pdf");
}

TEST(PaperContent, RefusesWhatNobodyCanOpen) {
  EXPECT_EQ(RuleOf(""), "paper.empty");
  EXPECT_EQ(RuleOf(Long(kMostPaperBytes + 1)), "paper.too_large");
  EXPECT_EQ(RuleOf("%PDF-" + Long(50'000'000)), "paper.too_large");
  EXPECT_EQ(RuleOf("<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
            "paper.type_unknown");
  EXPECT_EQ(RuleOf("PK\3\4 a document"), "paper.type_unknown");
  EXPECT_EQ(RuleOf("GIF89a"), "paper.type_unknown");
  EXPECT_EQ(RuleOf(Png(60'000, 60'000)), "paper.too_many_pixels");
  EXPECT_EQ(RuleOf(Png(0xFFFFFFFF, 0xFFFFFFFF)), "paper.too_many_pixels");
  EXPECT_EQ(RuleOf(Png(0, 5)), "paper.type_unknown");
  EXPECT_EQ(RuleOf(Png(4'000, 3'000).substr(0, 20)), "paper.type_unknown");
  EXPECT_EQ(RuleOf(Jpeg('\xc0', "\xff\xff\xff\xff"sv)), "paper.too_many_pixels");
  EXPECT_EQ(RuleOf(Jpeg('\xc4', "\x0b\xb8\x0f\xa0"sv)), "paper.type_unknown");  // A table.
  EXPECT_EQ(RuleOf("\xff\xd8\xff\xe0\0\0aaaaaaaaaaaaaaa"sv), "paper.type_unknown");
  EXPECT_EQ(RuleOf("\xff\xd8\xff"sv), "paper.type_unknown");
}

class ClaimPaperTest : public ClaimsTest {
 protected:
  Result<PaperBytes> Read(const ClaimNumber& number, int paper_no) {
    std::optional<Result<PaperBytes>> read;
    (void)db().Read([&](Tx& tx) -> Result<Done> {
      read = ReadPaper(tx, agency_, store_, number, paper_no);
      return Done{};
    });
    return *read;
  }
};

JARING_ON_EACH_ENGINE(ClaimPaperTest);

TEST_P(ClaimPaperTest, ComesBackAsItWasAndLiesSealed) {
  const MemberNumber member = Member(1, D(20260110), 900);
  const ClaimNumber number = Report(member, DeathOn(D(20260301)), {Spouse()}, D(20260302));
  EXPECT_EQ(Bring(number, "card", D(20260302)), "");
  EXPECT_EQ(Bring(number, "invoice", D(20260302)), "paper.code_unknown");
  EXPECT_EQ(Bring(number, "card", D(20260302), "MZ"), "paper.type_unknown");
  const auto paper = Read(number, 1);
  ASSERT_TRUE(paper);
  EXPECT_EQ(paper->media_type, "application/pdf");
  EXPECT_EQ(paper->bytes, std::string(kPdf) + number.ToString() + "card");
  ASSERT_EQ(store_.files().size(), 1U);
  auto& [name, sealed] = *store_.files().begin();
  EXPECT_EQ(sealed.find("PDF"), std::string::npos);
  EXPECT_EQ(Read(number, 2).error().rule, "paper.unknown");
  sealed.back() = static_cast<char>(sealed.back() ^ 1);
  EXPECT_EQ(Read(number, 1).error().rule, "paper.damaged");
  sealed = "x";
  EXPECT_EQ(Read(number, 1).error().rule, "paper.damaged");
  store_.files().clear();
  EXPECT_EQ(Read(number, 1).error().rule, "paper.missing");
}

TEST_P(ClaimPaperTest, TheSameBytesLieOnceAndAreAskedAbout) {
  const ClaimNumber one =
      Report(Member(1, D(20260110), 900), DeathOn(D(20260301)), {Spouse("11111")}, D(20260302));
  const ClaimNumber two =
      Report(Member(2, D(20260110), 900), DeathOn(D(20260301)), {Spouse("22222")}, D(20260302));
  for (const ClaimNumber& number : {one, two}) {
    for (const char* code : {"card", "certificate"}) {
      EXPECT_EQ(Do([&](Tx& tx) -> Result<Done> {
                  JARING_RETURN_IF_ERROR(
                      AddPaper(tx, agency_, store_, number, code, kPdf, Act(D(20260302))));
                  return Done{};
                }),
                "");
    }
  }
  EXPECT_EQ(store_.files().size(), 1U);
  EXPECT_EQ(Findings(one, D(20260302)), "question check.paper_of_many 2");
  EXPECT_EQ(Read(two, 2)->bytes, kPdf);
  // What the store lost comes back with the next who brings it.
  store_.files().clear();
  EXPECT_EQ(
      Do([&](Tx& tx) -> Result<Done> {
        JARING_RETURN_IF_ERROR(AddPaper(tx, agency_, store_, two, "tax", kPdf, Act(D(20260302))));
        return Done{};
      }),
      "");
  EXPECT_EQ(Read(one, 1)->bytes, kPdf);
}

TEST(FolderPaperStore, KeepsFilesOnlyTheirOwnerReads) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("jaring-papers-" + ToHex(RandomBytes(8)));
  FolderPaperStore store(folder);
  EXPECT_EQ(store.Get("ab01").error().rule, "paper.missing");
  ASSERT_TRUE(store.Put("ab01", "first"));
  ASSERT_TRUE(store.Put("ab01", "second"));
  EXPECT_EQ(*store.Get("ab01"), "second");
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(folder).permissions() & (perms::group_all | perms::others_all),
            perms::none);
  EXPECT_EQ(std::filesystem::status(folder / "ab" / "ab01").permissions(),
            perms::owner_read | perms::owner_write);
  std::filesystem::remove_all(folder);
  std::ofstream(folder.string()) << "no folder";
  EXPECT_EQ(store.Put("ab01", "third").error().rule, "paper.store_failed");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace jaring
