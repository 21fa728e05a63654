#include "backup/backup_manifest.h"

#include <gtest/gtest.h>

namespace jaring {
namespace {

BackupManifest Made() {
  return {.program = "0.1.0",
          .engine = "postgresql",
          .schema = 13,
          .made_at = 1'795'272'292'094'475,
          .bytes = 7'270'400,
          .sha256 = SumOfText("a backup"),
          .violations = 0,
          .tables = {{"person", 50}, {"payment", 0}}};
}

TEST(BackupManifest, ReadsWhatItWrote) {
  const auto read = ParseManifest(ManifestText(Made()));
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, Made());
}

TEST(BackupManifest, NamesTheKnownSum) {
  EXPECT_EQ(SumOfText("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(BackupManifest, RefusesEveryChangeOfOneBitAndEveryCut) {
  const std::string text = ManifestText(Made());
  for (std::size_t i = 0; i < text.size(); ++i) {
    EXPECT_FALSE(ParseManifest(text.substr(0, i))) << i;
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = text;
      changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
      EXPECT_FALSE(ParseManifest(changed)) << i;
    }
  }
  EXPECT_FALSE(ParseManifest(text + "\n"));
  EXPECT_FALSE(ParseManifest("\n" + text));
}

TEST(BackupManifest, RefusesWhatMakesNoSenseThoughItsSumIsRight) {
  const auto with_sum = [](const std::string& lines) {
    return lines + "end " + SumOfText(lines) + "\n";
  };
  const std::string text = ManifestText(Made());
  const std::string lines = text.substr(0, text.rfind("end "));
  EXPECT_TRUE(ParseManifest(with_sum(lines)));
  EXPECT_FALSE(ParseManifest(with_sum(lines + "colour blue\n")));
  EXPECT_FALSE(ParseManifest(with_sum(lines + "rows person\n")));
  EXPECT_FALSE(ParseManifest(with_sum(lines + "rows person many\n")));
  EXPECT_FALSE(ParseManifest(with_sum(lines + "bytes 1e9\n")));
  EXPECT_FALSE(ParseManifest(with_sum("jaring-backup 1\n")));
  EXPECT_FALSE(ParseManifest(with_sum("jaring-backup 2\n" + lines.substr(16))));
}

}  // namespace
}  // namespace jaring
