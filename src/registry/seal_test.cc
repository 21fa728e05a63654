#include "registry/seal.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "registry/agency_fixture.h"

namespace jaring {
namespace {

KeyRing TwoKeys() {
  return {{.version = 1, .added_on = "-", .key = std::string(32, 'k')},
          {.version = 2, .added_on = "2026-01-05", .key = std::string(32, '2')}};
}

TEST(Seal, GoesThereAndBack) {
  const Sealer sealer(std::string(Sealer::kKeyBytes, 'k'));
  const Sealer other(std::string(Sealer::kKeyBytes, 'o'));
  for (const std::string text : {"3372011505800001", "6281234567890", "1", ""}) {
    const SealedBlock sealed = sealer.Seal(text);
    EXPECT_EQ(*sealer.Unseal(View(sealed)), text);
    EXPECT_EQ(sealed, sealer.Seal(text));
    EXPECT_NE(sealed, other.Seal(text));
    EXPECT_EQ(View(sealed).find("33720115"), std::string_view::npos);
    EXPECT_EQ(View(sealed).size(), 16U);
  }
  EXPECT_EQ(sealer.Unseal("short").error().rule, "seal.not_a_block");
  EXPECT_DEATH((void)sealer.Seal("33720115058000011"), "check failed");
}

TEST(SealText, GoesThereAndBackAndNeverLooksTheSame) {
  const Sealer sealer(std::string(Sealer::kKeyBytes, 'k'));
  for (const std::string& text :
       {std::string(), std::string("secret \0 bytes", 14), std::string(1U << 20U, 'x')}) {
    const auto sealed = sealer.SealText(text, "table.column/1");
    ASSERT_TRUE(sealed);
    EXPECT_EQ(sealed->size(), text.size() + Sealer::kTextOverhead);
    EXPECT_EQ(sealed->front(), 1);
    EXPECT_EQ(*sealer.UnsealText(*sealed, "table.column/1"), text);
    EXPECT_NE(*sealed, *sealer.SealText(text, "table.column/1"));
  }
  EXPECT_EQ(sealer.SealText(std::string((1U << 20U) + 1, 'x'), "").error().rule,
            "seal.text_too_long");
}

TEST(SealText, IsRefusedWhenTouchedOrMoved) {
  const Sealer sealer(std::string(Sealer::kKeyBytes, 'k'));
  const Sealer other(std::string(Sealer::kKeyBytes, 'o'));
  const std::string sealed = *sealer.SealText("3372011505800001", "a");
  EXPECT_EQ(sealer.UnsealText(sealed, "b").error().rule, "seal.not_a_text");
  EXPECT_EQ(other.UnsealText(sealed, "a").error().rule, "seal.not_a_text");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string touched = sealed;
    touched[i] = static_cast<char>(touched[i] ^ 1);
    EXPECT_FALSE(sealer.UnsealText(touched, "a")) << i;
    EXPECT_FALSE(sealer.UnsealText(sealed.substr(0, i), "a")) << i;
  }
}

TEST(DeriveKey, GivesEachPurposeItsOwn) {
  const Sealer sealer(std::string(Sealer::kKeyBytes, 'k'));
  const Sealer same(std::string(Sealer::kKeyBytes, 'k'));
  const Sealer other(std::string(Sealer::kKeyBytes, 'o'));
  EXPECT_EQ(sealer.DeriveKey("a").size(), 32U);
  EXPECT_EQ(sealer.DeriveKey("a"), same.DeriveKey("a"));
  EXPECT_NE(sealer.DeriveKey("a"), sealer.DeriveKey("b"));
  EXPECT_NE(sealer.DeriveKey("a"), other.DeriveKey("a"));
  EXPECT_EQ(sealer.audit_key().size(), 32U);
  EXPECT_EQ(sealer.audit_key(), same.audit_key());
  EXPECT_NE(sealer.audit_key(), other.audit_key());
  EXPECT_NE(sealer.audit_key(), sealer.DeriveKey("audit"));
}

TEST(Seal, NamesTheVersionOfItsKey) {
  const Sealer old(std::string(32, 'k'));
  const Sealer sealer(TwoKeys(), {});
  EXPECT_EQ(sealer.version(), 1);
  EXPECT_EQ(sealer.newest(), 2);
  const SealedBlock first = sealer.Seal("3372011505800001");
  EXPECT_EQ(first, old.Seal("3372011505800001"));
  ASSERT_TRUE(sealer.Use(2));
  const SealedBlock second = sealer.Seal("3372011505800001");
  EXPECT_EQ(first.version(), 1);
  EXPECT_EQ(second.version(), 2);
  EXPECT_EQ(View(second).size(), 17U);
  EXPECT_NE(View(second).substr(1), View(first));
  EXPECT_EQ(*sealer.Unseal(View(first)), "3372011505800001");
  EXPECT_EQ(*sealer.Unseal(View(second)), "3372011505800001");
  EXPECT_EQ(*sealer.Reseal(first, 2), second);
  EXPECT_EQ(*sealer.Reseal(second, 1), first);
  EXPECT_EQ(*sealer.Reseal(second, 2), second);
  ASSERT_TRUE(sealer.Use(1));
  EXPECT_EQ(sealer.version(), 2) << "never back to an older one";
}

TEST(Seal, KeepsKeysOfBlocksAndTextsApart) {
  // A second version whose key is the first one's still seals otherwise: keys are derived.
  const Sealer sealer(KeyRing{{.version = 1, .added_on = "-", .key = std::string(32, 'k')},
                              {.version = 2, .added_on = "-", .key = std::string(32, 'k')}},
                      {});
  EXPECT_NE(View(sealer.Seal("1", 2)).substr(1), View(sealer.Seal("1", 1)));
}

TEST(Seal, ReadsTheFileAgainForAVersionItDoesNotKnow) {
  const ScratchDatabase scratch(Database::Engine::kSqlite);
  const auto path = scratch.folder() / "jaring.key";
  ASSERT_TRUE(EnsureKeyFile(path, D(20260105)));
  const Sealer sealer(*ReadKeyFile(path), path);
  EXPECT_EQ(sealer.Know(2).error().rule, "key_file.version_missing");
  ASSERT_EQ(*AddKey(path, D(20260106)), 2);
  const Sealer other(*ReadKeyFile(path), path);
  ASSERT_TRUE(other.Use(2));
  EXPECT_EQ(*sealer.Unseal(View(other.Seal("3372011505800001"))), "3372011505800001");
  EXPECT_EQ(*sealer.UnsealText(*other.SealText("text", "a"), "a"), "text");
  EXPECT_EQ(sealer.version(), 1) << "it is the database that says what to use";
  EXPECT_EQ(sealer.newest(), 2);
  ASSERT_TRUE(NoteKeyRetired(path, 2));
  EXPECT_EQ(Sealer(*ReadKeyFile(path), path).newest(), 1);
}

TEST(Seal, ServesManyThreadsWhileVersionsAreAdded) {
  const ScratchDatabase scratch(Database::Engine::kSqlite);
  const auto path = scratch.folder() / "jaring.key";
  ASSERT_TRUE(EnsureKeyFile(path, D(20260105)));
  const Sealer sealer(*ReadKeyFile(path), path);
  constexpr int kThreads = 4;
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  std::atomic<int> wrong = 0;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 500; ++i) {
        const std::string digits = std::to_string(t * 1'000 + i);
        const auto plain = sealer.Unseal(View(sealer.Seal(digits)));
        wrong += plain && *plain == digits ? 0 : 1;
      }
    });
  }
  for (int version = 2; version < 6; ++version) {
    ASSERT_EQ(*AddKey(path, D(20260106)), version);
    ASSERT_TRUE(sealer.Use(version));
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(sealer.version(), 5);
}

TEST(SealText, IsResealedForTheSameContext) {
  const Sealer old(std::string(32, 'k'));
  const Sealer sealer(TwoKeys(), {});
  const std::string first = *old.SealText("text", "a");
  const std::string second = *sealer.ResealText(first, 2);
  EXPECT_EQ(VersionOfText(first), 1);
  EXPECT_EQ(VersionOfText(second), 2);
  EXPECT_EQ(second.size(), first.size());
  EXPECT_EQ(*sealer.UnsealText(second, "a"), "text");
  EXPECT_EQ(sealer.UnsealText(second, "b").error().rule, "seal.not_a_text");
  EXPECT_EQ(old.UnsealText(second, "a").error().rule, "key_file.version_missing");
  EXPECT_EQ(sealer.ResealText("short", 2).error().rule, "seal.not_a_text");
}

TEST(SealText, TellsVersionsOfWhatIsNone) {
  EXPECT_EQ(VersionOfText(""), 0);
  EXPECT_EQ(VersionOfText(std::string(Sealer::kTextOverhead - 1, '\1')), 0);
  EXPECT_EQ(VersionOfText(std::string(Sealer::kTextOverhead, '\xff')), 0);
  EXPECT_EQ(VersionOfBlock(std::string(16, '\5')), 1);
  EXPECT_EQ(VersionOfBlock(std::string(17, '\5')), 5);
  EXPECT_EQ(VersionOfBlock(std::string(17, '\1')), 0) << "version 1 has no version byte";
  EXPECT_EQ(VersionOfBlock(std::string(17, '\xff')), 0);
  EXPECT_EQ(VersionOfBlock(std::string(18, '\5')), 0);
  EXPECT_EQ(SealedBlock::Parse("short").error().rule, "seal.not_a_block");
}

TEST(Fingerprint, NeedsTheKey) {
  const Sealer sealer(std::string(32, 'k'));
  const Sealer other(std::string(32, 'o'));
  EXPECT_EQ(sealer.Fingerprint("a").size(), 32U);
  EXPECT_EQ(sealer.Fingerprint("a"), Sealer(TwoKeys(), {}).Fingerprint("a"));
  EXPECT_NE(sealer.Fingerprint("a"), sealer.Fingerprint("b"));
  EXPECT_NE(sealer.Fingerprint("a"), other.Fingerprint("a"));
  EXPECT_NE(sealer.Fingerprint("a"), Sha256("a"));
}

}  // namespace
}  // namespace jaring
