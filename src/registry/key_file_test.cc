#include "registry/key_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "registry/agency_fixture.h"

namespace jaring {
namespace {

namespace fs = std::filesystem;

/// Files of a folder whose name begins so.
std::vector<std::string> FilesIn(const fs::path& folder, const std::string& begin) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename().string().starts_with(begin)) {
      names.push_back(entry.path().filename().string());
    }
  }
  return names;
}

void WriteKeys(const fs::path& path, const std::string& text) {
  WriteText(path, text);
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
}

std::string TextOf(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

const std::string kHex(64, 'a');

TEST(KeyFile, IsMadeOnceForItsOwnerOnly) {
  const ScratchDatabase scratch(Database::Engine::kSqlite);
  const auto path = scratch.folder() / "jaring.key";
  EXPECT_EQ(ReadKeyFile(path).error().rule, "key_file.missing");
  const Date today = D(20260105);
  ASSERT_TRUE(EnsureKeyFile(path, today));
  const auto ring = ReadKeyFile(path);
  ASSERT_TRUE(ring);
  ASSERT_EQ(ring->size(), 1U);
  EXPECT_EQ((*ring)[0].key.size(), Sealer::kKeyBytes);
  EXPECT_EQ((*ring)[0].added_on, "2026-01-05");
  struct stat status {};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  ASSERT_TRUE(EnsureKeyFile(path, D(20270101)));
  EXPECT_EQ((*ReadKeyFile(path))[0].key, (*ring)[0].key);
  EXPECT_EQ(EnsureKeyFile(scratch.folder() / "no" / "key", today).error().rule,
            "key_file.not_writable");
  EXPECT_EQ(FilesIn(scratch.folder(), "jaring.key").size(), 1U) << "nothing is left behind";
}

TEST(KeyFile, OfTheOldFormIsVersionOneAndRewrittenWhenAKeyIsAdded) {
  const ScratchDatabase scratch(Database::Engine::kSqlite);
  const auto path = scratch.folder() / "jaring.key";
  const std::string old("\n# 5\0\xff 2026-01-05 live aaaaaaaaa", 32);
  WriteKeys(path, old);
  const auto ring = ReadKeyFile(path);
  ASSERT_TRUE(ring);
  ASSERT_EQ(ring->size(), 1U);
  EXPECT_EQ((*ring)[0].key, old);
  EXPECT_EQ(*AddKey(path, D(20260105)), 2);
  EXPECT_EQ(*AddKey(path, D(20260106)), 3);
  const auto added = ReadKeyFile(path);
  ASSERT_TRUE(added);
  ASSERT_EQ(added->size(), 3U);
  EXPECT_EQ((*added)[0].key, old);
  EXPECT_EQ((*added)[0].added_on, "-");
  EXPECT_EQ((*added)[1].added_on, "2026-01-05");
  EXPECT_NE((*added)[1].key, (*added)[2].key);
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(FilesIn(scratch.folder(), "jaring.key").size(), 1U) << "nothing is left behind";
  ASSERT_TRUE(NoteKeyRetired(path, 1));
  EXPECT_EQ((*ReadKeyFile(path))[0].state, KeyState::kRetired);
  EXPECT_EQ((*ReadKeyFile(path))[0].key, old) << "copies of the database need it";
  EXPECT_EQ(NoteKeyRetired(path, 4).error().rule, "key.unknown_version");
}

TEST(KeyFile, RemovesWhatACrashLeftBehind) {
  const ScratchDatabase scratch(Database::Engine::kSqlite);
  const auto path = scratch.folder() / "jaring.key";
  ASSERT_TRUE(EnsureKeyFile(path, D(20260105)));
  WriteText(path.string() + ".new", "half a ke");
  EXPECT_EQ(*AddKey(path, D(20260105)), 2);
  EXPECT_EQ(FilesIn(scratch.folder(), "jaring.key").size(), 1U);
}

TEST(KeyFile, BehindALinkIsReplacedWhereItIs) {
  const ScratchDatabase scratch(Database::Engine::kSqlite);
  const auto path = scratch.folder() / "link";
  const auto real = scratch.folder() / "jaring.key";
  ASSERT_TRUE(EnsureKeyFile(real, D(20260105)));
  fs::create_symlink(real, path);
  EXPECT_EQ(*AddKey(path, D(20260105)), 2);
  EXPECT_TRUE(fs::is_symlink(path));
  EXPECT_EQ(ReadKeyFile(real)->size(), 2U);
}

TEST(KeyFile, ThatOthersMayReadIsRefused) {
  const ScratchDatabase scratch(Database::Engine::kSqlite);
  const auto path = scratch.folder() / "jaring.key";
  ASSERT_TRUE(EnsureKeyFile(path, D(20260105)));
  for (const unsigned mode : {0640U, 0604U, 0660U, 0601U, 0666U}) {
    ASSERT_EQ(chmod(path.c_str(), mode), 0);
    EXPECT_EQ(ReadKeyFile(path).error().rule, "key_file.open_to_others") << std::oct << mode;
    EXPECT_EQ(AddKey(path, D(20260105)).error().rule, "key_file.open_to_others");
  }
  for (const unsigned mode : {0600U, 0400U}) {
    ASSERT_EQ(chmod(path.c_str(), mode), 0);
    EXPECT_TRUE(ReadKeyFile(path)) << std::oct << mode;
  }
}

TEST(KeyFile, IsRefusedWhenAnyLineIsWrong) {
  const ScratchDatabase scratch(Database::Engine::kSqlite);
  const auto path = scratch.folder() / "jaring.key";
  const std::string good = "1 2026-01-05 live " + kHex + "\n";
  WriteKeys(path, "# words\n\n" + good + "7 - retired " + kHex + "\n");
  ASSERT_TRUE(ReadKeyFile(path));
  for (const std::string& text :
       {std::string(), std::string("short"), std::string(33, 'x'), std::string(31, 'x'),
        good.substr(0, good.size() - 1), good.substr(0, good.size() - 2) + "\n", good + good,
        good + "x", good + "2 2026-01-05 live\n", good + "2 2026-01-05 dead " + kHex + "\n",
        good + "2 2026-02-30 live " + kHex + "\n", good + "251 - live " + kHex + "\n",
        "2 - live " + kHex + "\n", "0 - live " + kHex + "\n",
        good + "# " + std::string(70'000, 'x') + "\n",
        good + "2 - live " + std::string(64, 'g') + "\n"}) {
    WriteKeys(path, text);
    EXPECT_EQ(ReadKeyFile(path).error().rule, "key_file.malformed") << text.substr(0, 200);
  }
}

TEST(KeyFile, HoldsNoMoreVersionsThanAByteNames) {
  const ScratchDatabase scratch(Database::Engine::kSqlite);
  const auto path = scratch.folder() / "jaring.key";
  std::string text;
  for (int version = 1; version < kMaxKeyVersion; ++version) {
    text += std::to_string(version) + " - live " + kHex + "\n";
  }
  WriteKeys(path, text);
  EXPECT_EQ(*AddKey(path, D(20260105)), kMaxKeyVersion);
  const std::string full = TextOf(path);
  EXPECT_EQ(AddKey(path, D(20260105)).error().rule, "key_file.full");
  EXPECT_EQ(TextOf(path), full);
}

}  // namespace
}  // namespace jaring
