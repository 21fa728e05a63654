#include "channels/text/messages.h"
#include "base/source_dir.h"

#include <gtest/gtest.h>

namespace jaring {
namespace {

constexpr std::string_view kTwo = R"toml(
[nik.not_sixteen_digits]
id = "Isi lengkap 16 angka NIK."
en = "Enter all 16 digits of the NIK."
[month.malformed]
id = "Tulis bulan sebagai TTTT-BB."
en = "Write the month as YYYY-MM."
)toml";

TEST(Messages, GivesTheSentenceOfARuleInBothLanguages) {
  const auto messages = Messages::Parse(kTwo);
  ASSERT_TRUE(messages);
  EXPECT_EQ(messages->size(), 2U);
  EXPECT_EQ(messages->Text("nik.not_sixteen_digits", Language::kIndonesian),
            "Isi lengkap 16 angka NIK.");
  EXPECT_EQ(messages->Text("month.malformed", Language::kEnglish), "Write the month as YYYY-MM.");
}

TEST(Messages, NamesAnUnknownRuleInsteadOfSayingNothing) {
  const auto messages = Messages::Parse(kTwo);
  ASSERT_TRUE(messages);
  EXPECT_FALSE(messages->Has("no.such_rule"));
  EXPECT_EQ(messages->Text("no.such_rule", Language::kEnglish),
            "Refused by the rule no.such_rule.");
}

TEST(Messages, RefusesASentenceThatLacksALanguageOrHasNoWords) {
  for (const char* toml :
       {"[a.b]\nid = \"x\"\n", "[a.b]\nid = \"x\"\nen = \" \"\n",
        "[a.b]\nid = \"x\"\nen = \"y\"\nsu = \" \"\n",
        "[a.b]\nid = \"x\"\nen = \"y\"\nnl = \"z\"\n", "[a.b]\nid = 3\nen = 4\n", "[a.b\n"}) {
    const auto messages = Messages::Parse(toml);
    ASSERT_FALSE(messages) << toml;
    EXPECT_EQ(messages.error().rule, "messages.malformed") << toml;
  }
}

TEST(Messages, FallBackToIndonesianSentenceBySentence) {
  const auto messages =
      Messages::Parse("[a.b]\nid = \"x\"\nen = \"y\"\nsu = \"z\"\n[c.d]\nid = \"i\"\nen = \"e\"\n");
  ASSERT_TRUE(messages);
  EXPECT_EQ(messages->Text("a.b", Language::kSundanese), "z");
  EXPECT_EQ(messages->Text("c.d", Language::kSundanese), "i");
  EXPECT_EQ(messages->Spoken("c.d", Language::kSundanese), Language::kIndonesian);
  EXPECT_EQ(messages->Text("e.f", Language::kMadurese), "Permintaan ditolak oleh aturan e.f.");
  EXPECT_EQ(messages->missing(Language::kSundanese), 1U);
  EXPECT_EQ(messages->missing(Language::kMadurese), 2U);
}

TEST(Messages, OursAreComplete) {
  const auto messages = Messages::Load(SourceDir() + "/data/messages.toml");
  ASSERT_TRUE(messages) << messages.error().detail;
  EXPECT_TRUE(messages->Has("request.path_unknown"));
}

TEST(Messages, SayWhenTheFileIsNotThere) {
  EXPECT_EQ(Messages::Load("/nonexistent/messages.toml").error().rule, "messages.unreadable");
}

TEST(PreferredLanguage, TakesTheHeaviestOfOurs) {
  EXPECT_EQ(PreferredLanguage(""), Language::kIndonesian);
  EXPECT_EQ(PreferredLanguage("nl,de;q=0.9"), Language::kIndonesian);
  EXPECT_EQ(PreferredLanguage("en-GB,en;q=0.9,id;q=0.8"), Language::kEnglish);
  EXPECT_EQ(PreferredLanguage("en;q=0.5, id;q=0.6"), Language::kIndonesian);
  EXPECT_EQ(PreferredLanguage("id;q=0,en;q=0.001"), Language::kEnglish);
  EXPECT_EQ(PreferredLanguage(",;q=,en;q=zzz"), Language::kIndonesian);
}

TEST(FindLanguage, KnowsRegionsCasesAndTheOldCode) {
  EXPECT_EQ(FindLanguage("EN-us"), Language::kEnglish);
  EXPECT_EQ(FindLanguage("in"), Language::kIndonesian);
  EXPECT_EQ(FindLanguage("jv-ID"), Language::kJavanese);
  EXPECT_EQ(FindLanguage("mad"), Language::kMadurese);
  EXPECT_EQ(FindLanguage("nl"), std::nullopt);
}

}  // namespace
}  // namespace jaring
