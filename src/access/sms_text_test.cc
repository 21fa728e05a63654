#include "access/sms_text.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace jaring {
namespace {

TEST(SmsText, IsThereInEachLanguageAndStaysOneMessage) {
  constexpr std::size_t kOneSms = 160;
  for (const char* language : {"id", "en", "jv", "su", "mad", "min"}) {
    const std::string login = LoginCodeText(language, "123456");
    const std::string change =
        NewPhoneText(language, Date::FromYearMonthDay(2026, 3, 18), "ABCDEFGH");
    EXPECT_NE(login.find(" 123456."), std::string::npos) << login;
    EXPECT_NE(change.find("2026-03-18"), std::string::npos) << change;
    EXPECT_NE(change.find(" ABCDEFGH."), std::string::npos) << change;
    EXPECT_LE(std::max(login.size(), change.size()), kOneSms) << language;
    const auto plain = [](char c) { return c >= ' ' && c < 127 && c != '`'; };
    EXPECT_TRUE(std::all_of(login.begin(), login.end(), plain)) << login;
  }
}

}  // namespace
}  // namespace jaring
