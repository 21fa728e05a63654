#include "channels/files/sorted_spool.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <random>
#include <thread>

namespace jaring {
namespace {

struct Head {
  std::uint32_t key = 0;
  std::uint16_t text_size = 0;
};

struct ByKeyAndText {
  template <typename Item>
  bool operator()(const Item& a, const Item& b) const {
    return std::tuple(a.head.key, a.text) < std::tuple(b.head.key, b.text);
  }
};

using Spool = SortedSpool<Head, ByKeyAndText>;

std::string Folder() {
  return std::filesystem::temp_directory_path().string();
}

TEST(SortedSpool, GivesWhatSeveralWritersAddedInOrder) {
  Spool spool(Folder());
  std::vector<std::pair<std::uint32_t, std::string>> expected;
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < 3; ++t) {
    std::vector<std::pair<std::uint32_t, std::string>> rows;
    rows.reserve(5'000);
    std::mt19937 random(t);
    for (int i = 0; i < 5'000; ++i) {
      rows.emplace_back(random() % 1'000, std::string(random() % 90, 'a') + std::to_string(t) +
                                              "/" + std::to_string(i));
    }
    expected.insert(expected.end(), rows.begin(), rows.end());
    threads.emplace_back([&spool, rows] {
      Spool::Writer writer(spool, 20'000);
      for (const auto& [key, text] : rows) {
        ASSERT_TRUE(writer.Add({.key = key}, text));
      }
      ASSERT_TRUE(writer.Flush());
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  std::sort(expected.begin(), expected.end());
  ASSERT_TRUE(spool.Finish());
  Spool::Item item;
  for (const auto& [key, text] : expected) {
    const auto more = spool.Next(item);
    ASSERT_TRUE(more && *more);
    ASSERT_EQ(item.head.key, key);
    ASSERT_EQ(item.text, text);
  }
  const auto more = spool.Next(item);
  EXPECT_TRUE(more && !*more);
}

TEST(SortedSpool, IsEmptyWithoutRowsAndLeavesNoFiles) {
  std::string folder = Folder() + "/jaring-spool-XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  Spool spool(folder);
  Spool::Writer writer(spool, 10);
  ASSERT_TRUE(writer.Add({.key = 1}, "one"));
  ASSERT_TRUE(writer.Flush());  // What writes beside has its file open by then, without a name.
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  Spool none(folder);
  ASSERT_TRUE(none.Finish());
  Spool::Item item;
  const auto more = none.Next(item);
  EXPECT_TRUE(more && !*more);
  std::filesystem::remove_all(folder);
  Spool nowhere("/nowhere/at/all");
  Spool::Writer lost(nowhere, 10);
  (void)lost.Add({.key = 1}, "long enough to be written");
  const auto flushed = lost.Flush();
  ASSERT_FALSE(flushed);
  EXPECT_EQ(flushed.error().rule, "spool.unwritable");
}

}  // namespace
}  // namespace jaring
