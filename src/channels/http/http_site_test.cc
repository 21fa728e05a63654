// The site's handlers on real databases, without a server in between.

#include "channels/http/http_site.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "channels/http/test_site.h"

namespace jaring {
namespace {

using testing::HasSubstr;

class HttpSiteTest : public testing::TestWithParam<Database::Engine> {
 protected:
  void SetUp() override {
    if (!ScratchDatabase::IsAvailable(GetParam())) {
      GTEST_SKIP() << "JARING_TEST_POSTGRES is not set; run under tests/with_postgres.sh";
    }
    agency_.emplace(GetParam());
    site_.emplace(SiteParts{.database = agency_->database(),
                            .agency = agency_->agency(),
                            .messages = agency_->messages(),
                            .page_texts = agency_->page_texts(),
                            .now = [this] { return Instant::FromMicros(now_.load()); },
                            .secret = std::string(32, 's'),
                            .openapi = TestSite::Source("api/openapi.yaml")});
  }

  HttpResponse Ask(HttpMethod method, std::string_view path, std::string_view query,
                   std::string_view body = "", std::vector<HttpHeader> headers = {}) {
    const Router::Match match = site_->router().Find(method, path);
    JARING_CHECK(match.route != nullptr);
    return AnswerTo(match.route->handler, {.method = method,
                                           .path = path,
                                           .query = query,
                                           .headers = headers,
                                           .body = body,
                                           .peer = "127.0.0.1"});
  }

  HttpResponse Pay(std::string_view key, std::string_view body) {
    return Ask(HttpMethod::kPost, "/v1/payments", "", body,
               {{"Content-Type", "application/json"}, {"Idempotency-Key", key}});
  }

  /// Asks the page about person `n`, whose birth date is given rightly or wrongly.
  int CoverStatus(int n, bool right, std::string_view cookie) {
    const Date birth = TestSite::BirthOf(n);
    const std::string body = "nik=" + TestSite::NikOf(n).Reveal() +
                             "&day=" + std::to_string(birth.day()) +
                             "&month=" + std::to_string(birth.month_of_year()) +
                             "&year=" + std::to_string(birth.year() + (right ? 0 : 1));
    return Ask(HttpMethod::kPost, "/cover", "lang=en", body, {{"Cookie", cookie}}).status;
  }

  /// The cookie of a new browser.
  std::string NewDevice() {
    const std::string headers = Ask(HttpMethod::kGet, "/cover", "").headers;
    const std::size_t at = headers.find("Set-Cookie: ") + 12;
    return headers.substr(at, headers.find(';', at) - at);
  }

  void Pass(std::int64_t seconds) { now_ += seconds * 1'000'000; }

  std::optional<TestSite> agency_;
  std::optional<HttpSite> site_;
  std::atomic<std::int64_t> now_ = TestSite::now().micros();
};

JARING_ON_EACH_ENGINE(HttpSiteTest);

TEST_P(HttpSiteTest, ManyPayAndLookUpAtOnce) {
  constexpr int kThreads = 32;
  const auto members = agency_->EnrolPeopleNow(kThreads);
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int n = 0; n < kThreads; ++n) {
    threads.emplace_back([&, n] {
      const MemberNumber member = members[static_cast<std::size_t>(n)];
      const std::string body = R"({"partner":"pos","reference":"R-)" + std::to_string(n) +
                               R"(","bill_code":")" + BillCodeOf(member) +
                               R"(","amount":75,"paid_at":"2026-03-15T01:00:00Z"})";
      const std::string query = "member_number=" + member.ToString();
      const HttpResponse before = Ask(HttpMethod::kGet, "/v1/coverage", query);
      EXPECT_THAT(before.body, HasSubstr("\"state\":\"never\""));
      for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(Pay("key-" + std::to_string(n), body).status, 201);
      }
      // Answered means on the disk: who looks now sees it.
      const HttpResponse after = Ask(HttpMethod::kGet, "/v1/coverage", query);
      EXPECT_THAT(after.body, HasSubstr("\"months_paid\":[\"2026-03\"]"));
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(agency_->Verified().payments, kThreads);
}

TEST_P(HttpSiteTest, SlowsGuessingAboutOnePersonFromAnyDevice) {
  agency_->EnrolPeopleNow(2);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(CoverStatus(0, false, NewDevice()), 422);
  }
  EXPECT_EQ(CoverStatus(0, true, NewDevice()), 429);  // Even who knows it has to wait.
  EXPECT_EQ(CoverStatus(1, true, NewDevice()), 200);  // Others do not.
  Pass(29);
  EXPECT_EQ(CoverStatus(0, true, NewDevice()), 429);
  Pass(2);
  EXPECT_EQ(CoverStatus(0, true, NewDevice()), 200);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(CoverStatus(0, false, NewDevice()), 422) << "being right did not start anew";
  }
}

TEST_P(HttpSiteTest, SlowsOneDeviceThatAsksForMany) {
  agency_->EnrolPeopleNow(40);
  const std::string device = NewDevice();
  for (int n = 0; n < 30; ++n) {
    EXPECT_EQ(CoverStatus(n, true, device), 200);
  }
  EXPECT_EQ(CoverStatus(30, true, device), 429);
  EXPECT_EQ(CoverStatus(30, true, NewDevice()), 200);
  Pass(31);
  EXPECT_EQ(CoverStatus(31, true, device), 200);
}

TEST_P(HttpSiteTest, TakesForgedCookiesForNone) {
  agency_->EnrolPeopleNow(40);
  int slowed = 0;
  for (int n = 0; n < 40; ++n) {
    const std::string forged = "jaring_device=" + std::string(32, static_cast<char>('a' + n % 6)) +
                               "." + std::to_string(n) + std::string(31, '0');
    slowed += CoverStatus(n, true, forged) == 429 ? 1 : 0;
  }
  EXPECT_EQ(slowed, 10);  // All of them are one device.
}

TEST_P(HttpSiteTest, AnswersWhoeverWaitsWhenItEnds) {
  const auto members = agency_->EnrolPeopleNow(1);
  const Router::Match match = site_->router().Find(HttpMethod::kPost, "/v1/payments");
  std::vector<std::shared_ptr<AnswerBox>> boxes;
  const std::vector<HttpHeader> headers = {{"Content-Type", "application/json"},
                                           {"Idempotency-Key", "last"}};
  const std::string body = R"({"partner":"pos","reference":"L","bill_code":")" +
                           BillCodeOf(members[0]) +
                           R"(","amount":75,"paid_at":"2026-03-15T01:00:00Z"})";
  for (int i = 0; i < 100; ++i) {
    boxes.push_back(std::make_shared<AnswerBox>());
    match.route->handler({.method = HttpMethod::kPost, .headers = headers, .body = body},
                         Responder(boxes.back()));
  }
  site_.reset();
  for (const auto& box : boxes) {
    EXPECT_EQ(box->Take().status, 201);
  }
}

}  // namespace
}  // namespace jaring
