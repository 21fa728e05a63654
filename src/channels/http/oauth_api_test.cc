// POST /oauth/token and what its tokens may, on real databases.

#include "channels/http/oauth_api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/partner_client.h"
#include "channels/http/test_site.h"
#include "registry/group.h"

namespace jaring {
namespace {

using testing::HasSubstr;

class OauthTest : public testing::TestWithParam<Database::Engine> {
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
                            .now = [this] { return Instant::FromMicros(now_); },
                            .secret = std::string(32, 's'),
                            .openapi = TestSite::Source("api/openapi.yaml")});
    operator_ = agency_->LogIn(Role::kOperator, {ScopeKind::kNation, 0});
    EXPECT_TRUE(agency_->database().Write([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(CreatePartner(tx, "bank", "Bank Contoh"));
      return Done{};
    }));
    made_ = Add("pos", nullptr);
  }

  PartnerClientSecret Add(std::string_view partner, const char* addresses, bool sign = false) {
    PartnerClientSecret made;
    EXPECT_TRUE(agency_->database().Write([&](Tx& tx) -> Result<Done> {
      PartnerClientOrder order{std::string(partner), "", {}, sign};
      JARING_ASSIGN_OR_RETURN(order.addresses,
                              AddressList::Parse(addresses == nullptr ? "" : addresses));
      JARING_ASSIGN_OR_RETURN(made, AddPartnerClient(tx, order, Instant::FromMicros(now_)));
      return Done{};
    }));
    return made;
  }

  HttpResponse Ask(HttpMethod method, std::string_view path, std::string_view body,
                   const std::vector<HttpHeader>& headers, std::string_view peer = "192.0.2.1") {
    const Router::Match match = site_->router().Find(method, path);
    JARING_CHECK(match.route != nullptr);
    return AnswerTo(match.route->handler, {.method = method,
                                           .path = path,
                                           .headers = headers,
                                           .body = body,
                                           .peer = peer,
                                           .parameters = match.parameters});
  }

  HttpResponse Token(std::string_view form, std::vector<HttpHeader> headers = {},
                     std::string_view peer = "192.0.2.1") {
    headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
    return Ask(HttpMethod::kPost, "/oauth/token", form, headers, peer);
  }
  HttpResponse TokenFor(const PartnerClientSecret& made, std::string_view peer = "192.0.2.1") {
    return Token("grant_type=client_credentials&client_id=" + made.client.public_id +
                     "&client_secret=" + made.secret,
                 {}, peer);
  }

  static std::string Field(const HttpResponse& response, const std::string& name) {
    const std::string key = "\"" + name + "\":\"";
    const std::size_t at = response.body.find(key);
    if (at == std::string::npos) {
      return "";
    }
    const std::size_t from = at + key.size();
    return response.body.substr(from, response.body.find('"', from) - from);
  }

  HttpResponse Cover(const std::string& token, std::string_view peer = "192.0.2.1") {
    const std::string bearer = "Bearer " + token;
    return Ask(HttpMethod::kGet, "/v1/coverage", "", {{"Authorization", bearer}}, peer);
  }

  HttpResponse Operate(HttpMethod method, const std::string& path, std::string_view body,
                       std::string_view key = "k") {
    const std::string bearer = "Bearer " + operator_;
    return Ask(method, path, body,
               {{"Authorization", bearer},
                {"Content-Type", "application/json"},
                {"Idempotency-Key", key}});
  }

  std::int64_t now_ = TestSite::now().micros();
  std::optional<TestSite> agency_;
  std::optional<HttpSite> site_;
  std::string operator_;
  PartnerClientSecret made_;
};

JARING_ON_EACH_ENGINE(OauthTest);

TEST_P(OauthTest, GivesATokenThatWorks) {
  const HttpResponse answer = TokenFor(made_);
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.headers, HasSubstr("Cache-Control: no-store\r\n"));
  EXPECT_EQ(Field(answer, "token_type"), "Bearer");
  EXPECT_THAT(answer.body, HasSubstr("\"expires_in\":3600"));
  EXPECT_EQ(Cover(Field(answer, "access_token")).status, 422);  // Past the lock: asks about nobody.
  now_ += kPartnerTokenMicros;
  EXPECT_EQ(Cover(Field(answer, "access_token")).status, 401);
}

TEST_P(OauthTest, TakesBasicToo) {
  // "a:b+%3A" in Base64; the client is unknown, so that it must have been read to be refused so.
  const auto read = ParseBasic("Basic YTpiKyUzQQ==");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->client_id, "a");
  EXPECT_EQ(read->client_secret, "b :");
  for (const char* wrong : {"Basic", "Basic ", "Basic YQ==", "Bearer YTpi", "Basic Y*pi",
                            "Basic YTpiK", "Basic YTpiJQ==", "Basic YTpiJmM9ZA=="}) {
    EXPECT_FALSE(ParseBasic(wrong)) << wrong;
  }
  EXPECT_EQ(Field(Token("grant_type=client_credentials", {{"Authorization", "Basic YTpiKyUzQQ=="}}),
                  "error"),
            "invalid_client");
}

TEST_P(OauthTest, RefusesInTheWordsOfTheRfc) {
  const std::string who = "&client_id=" + made_.client.public_id + "&client_secret=" + made_.secret;
  const auto expect = [&](const HttpResponse& answer, int status, std::string_view error) {
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_EQ(Field(answer, "error"), error);
    EXPECT_THAT(answer.headers, HasSubstr("Cache-Control: no-store\r\n"));
    EXPECT_EQ(answer.body.find(made_.secret), std::string::npos);
  };
  expect(Token(who.substr(1)), 400, "invalid_request");
  expect(Token("grant_type=password" + who), 400, "unsupported_grant_type");
  expect(Token("grant_type=client_credentials&scope=all" + who), 400, "invalid_scope");
  expect(Token("grant_type=client_credentials&grant_type=client_credentials" + who), 400,
         "invalid_request");
  expect(Token("grant_type=client_credentials" + who, {{"Authorization", "Basic YTpi"}}), 400,
         "invalid_request");
  expect(Token("grant_type=client_credentials"), 401, "invalid_client");
  expect(Token("grant_type=client_credentials" + who + "0"), 401, "invalid_client");
  expect(Token("grant_type=client_credentials%ff" + who), 400, "invalid_request");
  const std::string body = "grant_type=client_credentials" + who;
  expect(Ask(HttpMethod::kPost, "/oauth/token", body, {{"Content-Type", "application/json"}}), 400,
         "invalid_request");
  EXPECT_THAT(Token("grant_type=client_credentials").headers, HasSubstr("WWW-Authenticate: Basic"));
}

TEST_P(OauthTest, SlowsGuessersAndNotTheClient) {
  const std::string wrong =
      "grant_type=client_credentials&client_secret=0&client_id=" + made_.client.public_id;
  for (int n = 0; n < 5; ++n) {
    EXPECT_EQ(Token(wrong).status, 401);
  }
  const HttpResponse slowed = Token(wrong);
  EXPECT_EQ(slowed.status, 429);
  EXPECT_THAT(slowed.headers, HasSubstr("Retry-After: 1\r\n"));
  now_ += 1'000'000;
  EXPECT_EQ(Token(wrong).status, 401);
  EXPECT_THAT(Token(wrong).headers, HasSubstr("Retry-After: 2\r\n"));
  EXPECT_EQ(TokenFor(made_).status, 200);  // The right secret never waits.
  EXPECT_EQ(Token(wrong).status, 401);     // And begins anew.
}

TEST_P(OauthTest, HoldsAClientToItsNetworks) {
  const PartnerClientSecret held = Add("pos", "192.0.2.0/24");
  EXPECT_EQ(TokenFor(held, "198.51.100.1").status, 403);
  const std::string token = Field(TokenFor(held), "access_token");
  EXPECT_EQ(Cover(token).status, 422);
  const HttpResponse elsewhere = Cover(token, "198.51.100.1");
  EXPECT_EQ(elsewhere.status, 403);
  EXPECT_EQ(Field(elsewhere, "rule"), "client.address_not_allowed");
}

TEST_P(OauthTest, ATokenAloneDoesNotDoWhereSignaturesAreNeeded) {
  const PartnerClientSecret strict = Add("pos", nullptr, true);
  const HttpResponse answer = Cover(Field(TokenFor(strict), "access_token"));
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(Field(answer, "rule"), "client.signature_needed");
}

TEST_P(OauthTest, PostsForItsOwnPartnerOnly) {
  const MemberNumber member = agency_->EnrolPeopleNow(1)[0];
  const std::string bearer = "Bearer " + Field(TokenFor(Add("bank", nullptr)), "access_token");
  for (const char* partner : {"pos", "bank"}) {
    const std::string body = std::string(R"({"partner":")") + partner +
                             R"(","reference":"R","amount":75,"paid_at":"2026-03-10T00:00:00Z",)" +
                             R"("bill_code":")" + BillCodeOf(member) + "\"}";
    const HttpResponse answer = Ask(HttpMethod::kPost, "/v1/payments", body,
                                    {{"Authorization", bearer},
                                     {"Content-Type", "application/json"},
                                     {"Idempotency-Key", partner}});
    EXPECT_EQ(answer.status, std::string_view(partner) == "bank" ? 201 : 422) << answer.body;
  }
}

TEST_P(OauthTest, OperatorsManageClientsOverHttp) {
  const std::string clients = "/v1/partners/pos/clients";
  const HttpResponse added = Operate(HttpMethod::kPost, clients,
                                     R"({"label":"batch","addresses":["192.0.2.0/24"]})", "k1");
  ASSERT_EQ(added.status, 201) << added.body;
  PartnerClientSecret made;
  made.client.public_id = Field(added, "client_id");
  made.secret = Field(added, "client_secret");
  const std::string token = Field(TokenFor(made), "access_token");
  EXPECT_EQ(Cover(token).status, 422);
  const std::string one = clients + "/" + made.client.public_id;
  const HttpResponse rotated = Operate(HttpMethod::kPost, one + "/secrets", "{}", "k2");
  EXPECT_EQ(rotated.status, 201) << rotated.body;
  EXPECT_NE(Field(rotated, "client_secret"), made.secret);
  EXPECT_EQ(TokenFor(made).status, 200);
  EXPECT_EQ(Operate(HttpMethod::kGet, clients, "").body.find("secret\":\""), std::string::npos);
  // Another partner's path does not reach it.
  EXPECT_EQ(
      Operate(HttpMethod::kDelete, "/v1/partners/bank/clients/" + made.client.public_id, "").status,
      404);
  // Revoked: the token that was used a moment ago ends at once, at this server.
  EXPECT_EQ(Operate(HttpMethod::kDelete, one, "").status, 200);
  EXPECT_EQ(Cover(token).status, 401);
  EXPECT_EQ(TokenFor(made).status, 401);
}

TEST_P(OauthTest, OnlyOperatorsManageClients) {
  for (int role = 1; role < kRoleCount; ++role) {
    const auto as = static_cast<Role>(role);
    if (as == Role::kOperator) {
      continue;
    }
    const std::string bearer =
        "Bearer " +
        agency_->LogIn(as, {ScopeKind::kNation, 0}, IsStaffRole(as) ? 0 : made_.client.client_id);
    EXPECT_EQ(
        Ask(HttpMethod::kGet, "/v1/partners/pos/clients", "", {{"Authorization", bearer}}).status,
        403)
        << RoleCode(as);
  }
}

}  // namespace
}  // namespace jaring
