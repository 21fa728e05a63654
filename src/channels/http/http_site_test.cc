// The site's handlers on real databases, without a server in between.

#include "channels/http/http_site.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "access/consent.h"
#include "access/recovery.h"
#include "channels/http/test_site.h"
#include "registry/person_phone.h"

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
    Open({});
    bearer_ = "Bearer " + agency_->LogIn(Role::kPartner, {ScopeKind::kPartner, PartnerId()}, 1);
  }

  void Open(const CallerRates& rates) {
    site_.emplace(SiteParts{.database = agency_->database(),
                            .agency = agency_->agency(),
                            .messages = agency_->messages(),
                            .page_texts = agency_->page_texts(),
                            .now = [this] { return Instant::FromMicros(now_.load()); },
                            .secret = std::string(32, 's'),
                            .openapi = TestSite::Source("api/openapi.yaml"),
                            .rates = rates,
                            .retention = {{.what = "answers", .micros = 1, .may_delete = true}}});
  }

  std::int64_t PartnerId() {
    std::int64_t id = 0;
    EXPECT_TRUE(agency_->database().Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const auto partner, FindPartner(tx, "pos"));
      id = partner ? partner->partner_id : 0;
      return Done{};
    }));
    return id;
  }

  HttpResponse Ask(HttpMethod method, std::string_view path, std::string_view query,
                   std::string_view body = "", std::vector<HttpHeader> headers = {}) {
    const Router::Match match = site_->router().Find(method, path);
    JARING_CHECK(match.route != nullptr);
    headers.push_back({"Authorization", bearer_});
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

  std::string bearer_;
  std::optional<TestSite> agency_;
  std::optional<HttpSite> site_;
  std::atomic<std::int64_t> now_ = TestSite::now().micros();
};

JARING_ON_EACH_ENGINE(HttpSiteTest);

TEST_P(HttpSiteTest, AnswersTheAppAsItAnswersThePage) {
  agency_->EnrolPeopleNow(2);
  const auto ask = [&](bool right, std::string_view cookie) {
    const Date birth = TestSite::BirthOf(1);
    const std::string body = "nik=" + TestSite::NikOf(1).Reveal() +
                             "&day=" + std::to_string(birth.day()) +
                             "&month=" + std::to_string(birth.month_of_year()) +
                             "&year=" + std::to_string(birth.year() + (right ? 0 : 1));
    return Ask(HttpMethod::kPost, "/cover", "lang=en", body,
               {{"Cookie", cookie}, {"Accept", "application/json"}});
  };
  const HttpResponse malformed =
      Ask(HttpMethod::kPost, "/cover", "lang=en", "nik=1", {{"Accept", "application/json"}});
  EXPECT_EQ(malformed.status, 422);
  EXPECT_THAT(malformed.body, HasSubstr("\"/birth\""));
  const HttpResponse right = ask(true, "");
  EXPECT_EQ(right.status, 200);
  EXPECT_EQ(right.content_type, kJsonType);
  EXPECT_THAT(right.body, HasSubstr("\"bill_code\""));
  EXPECT_THAT(right.body, testing::Not(HasSubstr(TestSite::NikOf(1).Reveal())));
  // Guesses in either form count together.
  for (int i = 0; i < 5; ++i) {
    const int status = i % 2 == 0 ? ask(false, "").status : CoverStatus(1, false, "");
    EXPECT_EQ(status, 422) << i;
  }
  const HttpResponse wait = ask(false, "");
  EXPECT_EQ(wait.status, 429);
  EXPECT_EQ(wait.content_type, kProblemType);
  EXPECT_THAT(wait.headers, HasSubstr("Retry-After: "));
  EXPECT_EQ(CoverStatus(1, true, ""), 429);
}

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

TEST_P(HttpSiteTest, OnlyThePartnerItselfTakesAPaymentBackAlone) {
  const auto members = agency_->EnrolPeopleNow(1);
  const auto body = [&](std::string_view amount) {
    return R"({"reference":"R-1","bill_code":")" + BillCodeOf(members[0]) + R"(","amount":)" +
           std::string(amount) + R"(,"paid_at":"2026-03-15T01:00:00Z"})";
  };
  const std::string partner = bearer_;
  bearer_ = "Bearer " + agency_->LogIn(Role::kBranchStaff, {ScopeKind::kNation, 0});
  EXPECT_EQ(Pay("k1", body("75")).status, 201);
  const HttpResponse refused = Pay("k2", body("-75"));
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.body, HasSubstr("reversal.needs_approval"));
  bearer_ = partner;
  const auto own = [&](std::string_view amount) {
    return R"({"partner":"pos",)" + body(amount).substr(1);
  };
  EXPECT_EQ(Pay("k3", own("75")).status, 201);
  EXPECT_EQ(Pay("k4", own("-75")).status, 201);
}

TEST_P(HttpSiteTest, AnAgentEnrolsWhoAgreesThatSheActsForThem) {
  bearer_ = "Bearer " + agency_->LogIn(Role::kAgent, {ScopeKind::kAgent, 77}, 77);
  const auto enrol = [&](const std::string& more, const std::string& key) {
    const std::string body =
        "{" + more + R"("branch":"surakarta","person":{"nik":")" + TestSite::NikOf(5).Reveal() +
        R"(","name":"Siti Contoh","birth_date":")" + TestSite::BirthOf(5).ToString() +
        R"(","sex":"male","village_code":"3372011001","trade":"stall-keeper","income":1000,)" +
        R"("programmes":["JKK","JKM"]}})";
    return Ask(HttpMethod::kPost, "/v1/enrolments", "", body,
               {{"Content-Type", "application/json"}, {"Idempotency-Key", key}});
  };
  EXPECT_THAT(enrol("", "key-1").body, HasSubstr("consent.helper_needed"));
  const HttpResponse enrolled = enrol(R"("consent_text_version":"helper-1",)", "key-2");
  EXPECT_EQ(enrolled.status, 201) << enrolled.body;
  EXPECT_TRUE(agency_->database().Read([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const auto person,
                            FindPersonByNik(tx, agency_->agency(), TestSite::NikOf(5)));
    EXPECT_TRUE(*HasConsent(tx, person.value_or(0), ConsentKind::kHelper, 77));
    return Done{};
  }));
}

TEST_P(HttpSiteTest, PagesTakeFromTheCallersBudgetToo) {
  Open({.user = {.read = 1, .write = 1, .payment = 1, .expensive = 1}});  // Ten at once.
  bearer_ = "Bearer " + agency_->LogIn(Role::kBranchStaff, {ScopeKind::kBranch, 1});
  for (const std::string_view page : {"/loket", "/account"}) {
    for (int i = 0; i < 5; ++i) {
      EXPECT_EQ(Ask(HttpMethod::kGet, page, "").status, 200) << page;
    }
  }
  for (const std::string_view page : {"/loket", "/account"}) {
    const HttpResponse answer = Ask(HttpMethod::kGet, page, "");
    EXPECT_EQ(answer.status, 429) << page;
    EXPECT_THAT(answer.headers, HasSubstr("Retry-After: "));
  }
}

TEST_P(HttpSiteTest, DoesItsDutiesFromTheStart) {
  agency_->EnrolPeopleNow(1);
  EXPECT_TRUE(agency_->database().Write([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(BeginWitnessedRecovery(tx, agency_->agency(), TestSite::NikOf(0),
                                                  TestSite::BirthOf(0), "+6281100000001",
                                                  TestSite::now()));
    JARING_RETURN_IF_ERROR(tx.Run("UPDATE access_recovery SET effective_at = asked_at - 1", {}));
    JARING_RETURN_IF_ERROR(
        tx.Run("INSERT INTO idempotency_key (client, key, fingerprint, status, body, created_at)"
               " VALUES ('1', 'old', '', 200, '', 0)",
               {}));
    return Done{};
  }));
  const auto left = [&] {
    std::int64_t number = -1;
    EXPECT_TRUE(agency_->database().Read([&](Tx& tx) {
      return tx.Query(
          "SELECT (SELECT COUNT(*) FROM access_recovery WHERE done_at IS NULL)"
          " + (SELECT COUNT(*) FROM idempotency_key)"
          " + (SELECT COUNT(*) FROM outbox_message WHERE sent_at IS NULL)",
          {}, [&](const Row& row) { number = row.Int(0); });
    }));
    return number;
  };
  EXPECT_GE(left(), 2);
  site_->Start();
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::minutes(2);
  while (left() != 0 && std::chrono::steady_clock::now() < give_up) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_EQ(left(), 0);
}

TEST_P(HttpSiteTest, AnswersWhoeverWaitsWhenItEnds) {
  const auto members = agency_->EnrolPeopleNow(1);
  const Router::Match match = site_->router().Find(HttpMethod::kPost, "/v1/payments");
  std::vector<std::shared_ptr<AnswerBox>> boxes;
  std::vector<HttpHeader> headers = {
      {"Content-Type", "application/json"}, {"Authorization", bearer_}, {"Idempotency-Key", ""}};
  const std::string body = R"({"partner":"pos","reference":"L","bill_code":")" +
                           BillCodeOf(members[0]) +
                           R"(","amount":75,"paid_at":"2026-03-15T01:00:00Z"})";
  for (int i = 0; i < 100; ++i) {
    boxes.push_back(std::make_shared<AnswerBox>());
    const std::string key = "last-" + std::to_string(i);
    headers.back().value = key;
    match.route->handler({.method = HttpMethod::kPost, .headers = headers, .body = body},
                         Responder(boxes.back()));
  }
  site_.reset();
  for (const auto& box : boxes) {
    EXPECT_LE(box->Take().status, 201);  // The first posts it, the others repeat it.
  }
}

}  // namespace
}  // namespace jaring
