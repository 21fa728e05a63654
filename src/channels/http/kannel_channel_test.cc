#include "channels/http/kannel_channel.h"

#include <gtest/gtest.h>

namespace jaring {
namespace {

std::string UrlFor(const std::string& text, const std::string& sender = "JARING") {
  std::string asked;
  KannelChannel channel({"http://127.0.0.1:13013/cgi-bin/sendsms", "jaring", "a&b", sender},
                        [&](const FetchRequest& request) -> Result<std::string> {
                          asked = request.url;
                          return std::string("0: Accepted for delivery");
                        });
  EXPECT_TRUE(channel.Send({.phone = "6281234567890", .text = text}));
  return asked;
}

std::string RuleWhen(const Error& error) {
  KannelChannel channel({}, [&](const FetchRequest&) -> Result<std::string> { return error; });
  const auto sent = channel.Send({.phone = "62812", .text = "x"});
  return sent ? "" : sent.error().rule;
}

TEST(KannelChannel, AsksForOneMessage) {
  EXPECT_EQ(UrlFor("Kode: 123456"),
            "http://127.0.0.1:13013/cgi-bin/sendsms?username=jaring&password=a%26b"
            "&to=%2B6281234567890&charset=UTF-8&coding=0&text=Kode%3A%20123456&from=JARING");
  EXPECT_EQ(UrlFor("x", "").find("from="), std::string::npos);
}

TEST(KannelChannel, LettersBeyondAsciiGoAsUcs2) {
  EXPECT_NE(UrlFor("Ba’na").find("coding=2"), std::string::npos);
}

TEST(KannelChannel, TellsApartWhatToTryAgain) {
  EXPECT_EQ(RuleWhen({ErrorCode::kUnavailable, "fetch.unavailable", ""}),
            "sms.gateway_unavailable");
  EXPECT_EQ(RuleWhen({ErrorCode::kInvalidArgument, "fetch.refused", ""}), "sms.gateway_refused");
}

}  // namespace
}  // namespace jaring
