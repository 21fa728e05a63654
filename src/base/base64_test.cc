#include "base/base64.h"

#include <gtest/gtest.h>

namespace jaring {
namespace {

TEST(Base64, WritesAndReadsTheVectorsOfTheRfc) {
  const std::string_view vectors[][2] = {{"", ""},
                                         {"f", "Zg=="},
                                         {"fo", "Zm8="},
                                         {"foo", "Zm9v"},
                                         {"foob", "Zm9vYg=="},
                                         {"fooba", "Zm9vYmE="},
                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(ToBase64(bytes), text);
    EXPECT_EQ(FromBase64(text), bytes);
    EXPECT_EQ(FromBase64Url(ToBase64Url(bytes)), bytes);
  }
  EXPECT_EQ(ToBase64Url("\xFB\xFF"), "-_8");
  EXPECT_EQ(ToBase64("\xFB\xFF"), "+/8=");
}

TEST(Base64, RefusesEveryOtherText) {
  for (const char* wrong : {"Zg", "Zg=", "Zh==", "Zm9=", "Zm9v====", "Zm9v=", "=", "Zm 9v", "Zm9\n",
                            "-_8=", "A===", "Zg==Zg=="}) {
    EXPECT_FALSE(FromBase64(wrong)) << wrong;
  }
  for (const char* wrong : {"Zh", "Zg==", "A", "+/8", "Zm9vA", "Zm9v "}) {
    EXPECT_FALSE(FromBase64Url(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace jaring
