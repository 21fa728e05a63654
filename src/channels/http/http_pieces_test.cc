// The small pieces beside the server: forms, JSON bodies, problems, the limiter, wire texts.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/source_dir.h"
#include "channels/http/attempt_limiter.h"
#include "channels/http/form.h"
#include "channels/http/http_wire.h"
#include "channels/http/json_body.h"

namespace jaring {
namespace {

using testing::HasSubstr;

TEST(ParseForm, DecodesNamesAndValues) {
  const auto fields = ParseForm("nik=33+72%2f&a%20b=%C3%A9&&flag");
  ASSERT_TRUE(fields);
  EXPECT_EQ(FindField(*fields, "nik"), "33 72/");
  EXPECT_EQ(FindField(*fields, "a b"), "\u00e9");
  EXPECT_EQ(FindField(*fields, "flag"), "");
  EXPECT_EQ(FindField(*fields, "other"), std::nullopt);
}

TEST(ParseForm, RefusesWhatCannotBeMeant) {
  std::string many;
  for (int i = 0; i < 33; ++i) {
    many += "f" + std::to_string(i) + "=&";
  }
  for (const std::string& bad :
       {std::string("a=%"), std::string("a=%4"), std::string("a=%zz"), std::string("a=1&a=2"),
        std::string("a=%ff"), std::string("a=%00"), std::string("a=%0d%0a"), many}) {
    EXPECT_FALSE(ParseForm(bad)) << bad;
  }
}

TEST(EncodeForm, IsReadBack) {
  const std::string text = "a b&c=d/\u00e9~";
  EXPECT_EQ(FindField(*ParseForm("x=" + EncodeForm(text)), "x"), text);
}

TEST(ParseJson, RefusesWhatIsNotJson) {
  for (const std::string& bad :
       {std::string(), std::string("{"), std::string("{}x"), std::string("{'a':1}"),
        std::string("{\"a\":01}"), std::string("[1,]"), std::string("\"\xff\""), std::string("NaN"),
        std::string(33, '[') + std::string(33, ']'),
        std::string("123456789012345678901234567890")}) {
    const auto parsed = ParseJson(bad);
    ASSERT_FALSE(parsed) << bad;
    EXPECT_EQ(parsed.error().rule, "request.json_malformed");
  }
  EXPECT_TRUE(ParseJson(std::string(31, '[') + std::string(31, ']')));
}

TEST(FieldReader, RefusesTextWithNul) {
  std::vector<FieldProblem> problems;
  const auto value = ParseJson("{\"name\":\"a\\u0000b\"}");
  ASSERT_TRUE(value);
  EXPECT_EQ(FieldReader(*value, "", problems).Text("name", Need::kRequired), std::nullopt);
  ASSERT_EQ(problems.size(), 1);
  EXPECT_EQ(problems[0].pointer, "/name");
}

std::vector<FieldProblem> ProblemsOf(std::string_view json) {
  std::vector<FieldProblem> problems;
  const auto value = ParseJson(json);
  FieldReader reader(*value, "", problems);
  reader.Integer("amount", Need::kRequired);
  reader.Text("note", Need::kOptional);
  reader.Finish();
  return problems;
}

TEST(FieldReader, TakesWholeNumbersOnly) {
  EXPECT_TRUE(ProblemsOf(R"({"amount":-9223372036854775808,"note":null})").empty());
  for (const char* bad :
       {R"({"amount":1.5})", R"({"amount":1.0})", R"({"amount":1e3})", R"({"amount":"1"})",
        R"({"amount":18446744073709551615})", R"({"amount":null})", R"({"amount":true})"}) {
    const auto problems = ProblemsOf(bad);
    ASSERT_EQ(problems.size(), 1U) << bad;
    EXPECT_EQ(problems[0].rule, "request.field_type") << bad;
    EXPECT_EQ(problems[0].pointer, "/amount");
  }
}

TEST(FieldReader, NotesMissingRepeatedAndUnknownFields) {
  EXPECT_EQ(ProblemsOf("{}")[0].rule, "request.field_missing");
  EXPECT_EQ(ProblemsOf(R"({"amount":1,"amount":2})")[0].rule, "request.field_repeated");
  const auto unknown = ProblemsOf(R"({"amount":1,"a/b~":2})");
  ASSERT_EQ(unknown.size(), 1U);
  EXPECT_EQ(unknown[0].rule, "request.field_unknown");
  EXPECT_EQ(unknown[0].pointer, "/a~1b~0");
  EXPECT_EQ(ProblemsOf("[]")[0].rule, "request.field_type");
}

TEST(ProblemResponse, SaysWhatIsWrongWhere) {
  const auto messages = Messages::Load(SourceDir() + "/data/messages.toml");
  ASSERT_TRUE(messages);
  const std::vector<FieldProblem> fields = {{"/amount", "request.field_missing"}};
  const HttpResponse response = ProblemResponse(Invalid("request.malformed", "secret detail"),
                                                *messages, Language::kEnglish, fields);
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.content_type, "application/problem+json");
  EXPECT_EQ(response.body,
            R"({"type":"urn:jaring:rule:request.malformed","title":"Bad Request","status":400,)"
            R"("detail":"This request cannot be read. Check its form and send it again.",)"
            R"("rule":"request.malformed","errors":[{"pointer":"/amount",)"
            R"("rule":"request.field_missing","detail":"This field is required."}]})");
}

TEST(HttpStatusOf, GivesEachKindOfErrorItsStatus) {
  EXPECT_EQ(HttpStatusOf(Invalid("income.negative")), 422);
  EXPECT_EQ(HttpStatusOf(NotFound("member.unknown")), 404);
  EXPECT_EQ(HttpStatusOf(Conflict("payment.reference_reused")), 409);
  EXPECT_EQ(HttpStatusOf({ErrorCode::kUnavailable, "db.busy", ""}), 503);
  EXPECT_EQ(HttpStatusOf(Internal("db.corrupt")), 500);
  EXPECT_EQ(HttpStatusOf(Invalid("idempotency_key.missing")), 400);
}

TEST(LanguageOf, PrefersTheQueryToTheBrowser) {
  const HttpHeader header{"accept-language", "en"};
  HttpRequest request;
  request.headers = {&header, 1};
  EXPECT_EQ(LanguageOf(request), Language::kEnglish);
  request.query = "lang=id";
  EXPECT_EQ(LanguageOf(request), Language::kIndonesian);
}

TEST(HttpRequest, FindsACookieAmongOthers) {
  const HttpHeader header{"Cookie", "a=1; device=xyz; b=2"};
  HttpRequest request;
  request.headers = {&header, 1};
  EXPECT_EQ(request.Cookie("device"), "xyz");
  EXPECT_EQ(request.Cookie("evice"), "");
}

TEST(IsLocalHost, KnowsThisMachineByItsNames) {
  for (const char* host : {"localhost", "LOCALHOST:8080", "127.0.0.1", "127.9.9.9:1", "[::1]:80"}) {
    EXPECT_TRUE(IsLocalHost(host)) << host;
  }
  for (const char* host : {"", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1",
                           "127.evil.0.1", "[::2]"}) {
    EXPECT_FALSE(IsLocalHost(host)) << host;
  }
}

class AttemptLimiterTest : public testing::Test {
 protected:
  std::optional<Instant> TryAt(std::int64_t seconds, std::string_view key = "person") {
    return limiter_.Attempt(key, Instant::FromMicros(seconds * 1'000'000));
  }

  AttemptLimiter limiter_{{.free_attempts = 3,
                           .first_wait_micros = 10'000'000,
                           .longest_wait_micros = 30'000'000,
                           .forget_after_micros = 600'000'000,
                           .max_keys = 3},
                          "secret"};
};

TEST_F(AttemptLimiterTest, WaitsLongerEachTimeUpToABound) {
  EXPECT_FALSE(TryAt(1000));
  EXPECT_FALSE(TryAt(1000));
  EXPECT_FALSE(TryAt(1000));
  EXPECT_EQ(TryAt(1009), Instant::FromMicros(1'010'000'000));
  EXPECT_FALSE(TryAt(1010));
  EXPECT_EQ(TryAt(1029), Instant::FromMicros(1'030'000'000));
  EXPECT_FALSE(TryAt(1030));
  EXPECT_EQ(TryAt(1030), Instant::FromMicros(1'060'000'000));
  EXPECT_FALSE(TryAt(1060));
  EXPECT_EQ(TryAt(1060), Instant::FromMicros(1'090'000'000));
}

TEST_F(AttemptLimiterTest, SeveralServersAllowNoMoreThanOne) {
  const auto try_at = [this](std::int64_t seconds) {
    return limiter_.Attempt("person", Instant::FromMicros(seconds * 1'000'000), /*servers=*/3);
  };
  EXPECT_FALSE(try_at(1000));  // Three of three are used up.
  EXPECT_EQ(try_at(1000), Instant::FromMicros(1'030'000'000));
  EXPECT_FALSE(try_at(1030));
  EXPECT_EQ(try_at(1030), Instant::FromMicros(1'120'000'000)) << "the longest, three times";
  EXPECT_FALSE(try_at(1120));
  EXPECT_EQ(try_at(1120), Instant::FromMicros(1'210'000'000));
}

TEST_F(AttemptLimiterTest, FreeAttemptsOfTwoThreadsMayComeInAnyOrder) {
  EXPECT_FALSE(TryAt(1001));
  EXPECT_FALSE(TryAt(1000));  // Read its clock first, came second.
}

TEST_F(AttemptLimiterTest, KeysDoNotMeetAndSuccessStartsAnew) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(TryAt(1000));
  }
  EXPECT_TRUE(TryAt(1000));
  EXPECT_FALSE(TryAt(1000, "another"));
  limiter_.Succeed("person");
  EXPECT_FALSE(TryAt(1000));
}

TEST_F(AttemptLimiterTest, ForgetsAfterAQuietTime) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(TryAt(1000));
  }
  EXPECT_FALSE(TryAt(1600));
  EXPECT_FALSE(TryAt(1600));
}

TEST_F(AttemptLimiterTest, KeepsNoMoreThanItsBound) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(TryAt(1000));
  }
  for (const char* key : {"a", "b", "c", "d"}) {
    EXPECT_FALSE(TryAt(1001, key));
  }
  EXPECT_EQ(limiter_.size(), 3U);
  EXPECT_FALSE(TryAt(1001));
}

}  // namespace
}  // namespace jaring
