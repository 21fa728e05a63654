// Devices from the invitation to their end, and signed requests, on real databases.

#include "channels/http/device_api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/device.h"
#include "access/partner_client.h"
#include "base/text.h"
#include "channels/http/signing_fixture.h"
#include "channels/http/test_site.h"

namespace jaring {
namespace {

using testing::HasSubstr;

class DeviceTest : public testing::TestWithParam<Database::Engine> {
 protected:
  void SetUp() override {
    if (!ScratchDatabase::IsAvailable(GetParam())) {
      GTEST_SKIP() << "JARING_TEST_POSTGRES is not set; run under tests/with_postgres.sh";
    }
    agency_.emplace(GetParam());
    Restart();
    staff_ = agency_->LogIn(Role::kBranchStaff, {ScopeKind::kBranch, 1});
  }

  /// Another server of the same database, or this one anew.
  void Restart() {
    site_.emplace(SiteParts{.database = agency_->database(),
                            .agency = agency_->agency(),
                            .messages = agency_->messages(),
                            .page_texts = agency_->page_texts(),
                            .now = [this] { return Instant::FromMicros(now_); },
                            .secret = std::string(32, 's'),
                            .openapi = TestSite::Source("api/openapi.yaml")});
  }

  HttpResponse Send(const SignedRequest& request) {
    const Router::Match match = site_->router().Find(request.Method(), request.path);
    JARING_CHECK(match.route != nullptr);
    auto headers = request.Headers();
    headers.push_back({"Content-Type", "application/json"});
    headers.push_back({"Host", "jaring.contoh.id"});
    return AnswerTo(match.route->handler, {.method = request.Method(),
                                           .path = request.path,
                                           .query = request.query,
                                           .headers = headers,
                                           .body = request.body,
                                           .peer = "192.0.2.1",
                                           .parameters = match.parameters});
  }

  SignedRequest As(const std::string& method, const std::string& path, const std::string& body) {
    SignedRequest request;
    request.method = method;
    request.path = path;
    request.body = body;
    request.covers_body = !body.empty();
    request.created = now_ / 1'000'000;
    request.nonce = "nonce-" + std::to_string(1'000'000'000 + ++nonces_);
    if (method == "POST") {
      request.headers.emplace_back("Idempotency-Key", "key-" + std::to_string(nonces_));
    }
    return request;
  }

  HttpResponse AsStaff(const std::string& method, const std::string& path, const std::string& body,
                       const std::string& token) {
    SignedRequest request = As(method, path, body);
    request.headers.emplace_back("Authorization", "Bearer " + token);
    return Send(request);
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

  std::string Invite(const std::string& body = R"({"kind":"kiosk"})") {
    const HttpResponse answer = AsStaff("POST", "/v1/devices", body, staff_);
    EXPECT_EQ(answer.status, 201) << answer.body;
    EXPECT_THAT(Field(answer, "qr_text"), HasSubstr("jaring-device:jaring.contoh.id/"));
    EXPECT_THAT(answer.body, HasSubstr("<svg "));
    return Field(answer, "token");
  }

  HttpResponse Enrol(const std::string& token, const TestSigner& signer) {
    SignedRequest request = As("POST", "/v1/device-enrolments",
                               R"({"label":"Kios 1","token":")" + token + R"(","public_key":")" +
                                   ToBase64(signer.public_key()) + "\"}");
    return Send(request.SignWith(signer));
  }

  /// A kiosk ready for use.
  void EnrolKiosk(const std::string& order = R"({"kind":"kiosk"})") {
    ASSERT_EQ(Enrol(Invite(order), key_).status, 201);
  }

  SignedRequest Cover() {
    SignedRequest request = As("GET", "/v1/coverage", "");
    return request.SignWith(key_);
  }

  SignedRequest Pay(const std::string& reference, const std::string& amount) {
    if (members_.empty()) {
      members_ = agency_->EnrolPeopleNow(2);
      EXPECT_TRUE(agency_->database().Write([&](Tx& tx) -> Result<Done> {
        JARING_RETURN_IF_ERROR(CreatePartner(tx, "kiosk", "Kios"));
        return Done{};
      }));
    }
    SignedRequest request = As("POST", "/v1/payments",
                               R"({"reference":")" + reference + R"(","amount":)" + amount +
                                   R"(,"paid_at":"2026-03-10T00:00:00Z","bill_code":")" +
                                   BillCodeOf(members_[0]) + "\"}");
    return request.SignWith(key_);
  }

  std::int64_t now_ = TestSite::now().micros();
  std::optional<TestSite> agency_;
  std::optional<HttpSite> site_;
  std::string staff_;
  std::vector<MemberNumber> members_;
  const TestSigner key_{'k'};
  int nonces_ = 0;
};

JARING_ON_EACH_ENGINE(DeviceTest);

TEST_P(DeviceTest, IsEnrolledOnceWithItsOwnKey) {
  const std::string token = Invite();
  const HttpResponse enrolled = Enrol(token, key_);
  EXPECT_EQ(enrolled.status, 201) << enrolled.body;
  EXPECT_EQ(Field(enrolled, "key_id"), key_.key_id());
  EXPECT_EQ(Send(Cover()).status, 422);       // Past the lock.
  EXPECT_EQ(Enrol(token, key_).status, 201);  // The answer was lost: the same key asks again.
  EXPECT_EQ(Field(Enrol(token, TestSigner('x')), "rule"), "device.token_unknown");
  EXPECT_EQ(Field(Enrol(Invite(), key_), "rule"), "key.in_use");
}

TEST_P(DeviceTest, TheTokenLivesFifteenMinutes) {
  const std::string token = Invite();
  now_ += kInvitationMicros;
  EXPECT_EQ(Field(Enrol(token, key_), "rule"), "device.token_unknown");
  EXPECT_EQ(Field(Enrol("nonsense", key_), "rule"), "device.token_unknown");
}

TEST_P(DeviceTest, TheNewKeyMustSign) {
  const std::string token = Invite();
  const std::string body =
      R"({"token":")" + token + R"(","public_key":")" + ToBase64(key_.public_key()) + "\"}";
  EXPECT_EQ(Field(Send(As("POST", "/v1/device-enrolments", body)), "rule"), "signature.missing");
  SignedRequest stranger = As("POST", "/v1/device-enrolments", body);
  EXPECT_EQ(Field(Send(stranger.SignWith(TestSigner('x'))), "rule"), "signature.key_unknown");
  SignedRequest posing = As("POST", "/v1/device-enrolments", body);
  posing.key_id = key_.key_id();
  EXPECT_EQ(Field(Send(posing.SignWith(TestSigner('x'))), "rule"), "signature.wrong");
}

TEST_P(DeviceTest, ASignatureIsUsedOnce) {
  EnrolKiosk();
  const SignedRequest once = Cover();
  EXPECT_EQ(Send(once).status, 422);
  const HttpResponse again = Send(once);
  EXPECT_EQ(again.status, 401);
  EXPECT_EQ(Field(again, "rule"), "signature.replayed");
  // The same nonce in another signature is the same nonce.
  SignedRequest reused = As("GET", "/v1/coverage", "");
  reused.nonce = once.nonce;
  reused.created -= 1;
  EXPECT_EQ(Field(Send(reused.SignWith(key_)), "rule"), "signature.replayed");
  // Right up to its end, and then it has expired.
  now_ += 359'000'000;
  EXPECT_EQ(Field(Send(once), "rule"), "signature.replayed");
  now_ += 1'000'000;
  EXPECT_EQ(Field(Send(once), "rule"), "signature.expired");
}

TEST_P(DeviceTest, AChangeIsNotReplayedAtAnotherServer) {
  EnrolKiosk();
  SignedRequest request = As("POST", "/v1/enrolments", R"({"people":[]})");
  request.SignWith(key_);
  EXPECT_EQ(Send(request).status, 200);
  Restart();
  EXPECT_EQ(Field(Send(request), "rule"), "signature.replayed");
}

TEST_P(DeviceTest, RevokedAtOnce) {
  EnrolKiosk();
  EXPECT_EQ(Send(Cover()).status, 422);
  EXPECT_EQ(AsStaff("DELETE", "/v1/devices/1", "", staff_).status, 200);
  EXPECT_EQ(Field(Send(Cover()), "rule"), "signature.key_unknown");
}

TEST_P(DeviceTest, ABranchSeesItsOwnDevices) {
  EnrolKiosk();
  const std::string other = agency_->LogIn(Role::kBranchStaff, {ScopeKind::kBranch, 2});
  EXPECT_THAT(AsStaff("GET", "/v1/devices", "", staff_).body, HasSubstr("\"device_id\":1"));
  EXPECT_EQ(AsStaff("GET", "/v1/devices", "", other).body, R"({"devices":[],"next":null})");
  EXPECT_EQ(AsStaff("DELETE", "/v1/devices/1", "", other).status, 404);
  EXPECT_EQ(
      AsStaff("POST", "/v1/devices", R"({"kind":"kiosk","branch":"surakarta"})", other).status,
      422);
  EXPECT_EQ(Send(Cover()).status, 422);
}

TEST_P(DeviceTest, AsksOnlySoOftenAMinute) {
  EnrolKiosk(R"({"kind":"kiosk","limits":{"requests_per_minute":2}})");
  now_ = (now_ / 60'000'000 + 1) * 60'000'000;
  EXPECT_EQ(Send(Cover()).status, 422);
  EXPECT_EQ(Send(Cover()).status, 422);
  const HttpResponse third = Send(Cover());
  EXPECT_EQ(third.status, 429);
  EXPECT_THAT(third.headers, HasSubstr("Retry-After: "));
  now_ += 60'000'000;
  EXPECT_EQ(Send(Cover()).status, 422);
}

TEST_P(DeviceTest, TakesInOnlySoMuchADay) {
  EnrolKiosk(R"({"kind":"kiosk","limits":{"daily_rupiah":150}})");
  EXPECT_EQ(Send(Pay("A", "75")).status, 201);
  EXPECT_EQ(Send(Pay("A", "75")).status, 200);  // Repeated: nothing was taken in.
  EXPECT_EQ(Field(Send(Pay("B", "76")), "rule"), "device.daily_amount");
  EXPECT_EQ(Send(Pay("B", "75")).status, 201);
  EXPECT_EQ(Send(Pay("C", "1")).status, 409);
  now_ += 86'400'000'000;
  EXPECT_EQ(Send(Pay("C", "75")).status, 201);
  agency_->Verified();
}

TEST_P(DeviceTest, AnAgentsPhoneActsForItsAgentWhileSheIsOne) {
  agency_->LogIn(Role::kAgent, {ScopeKind::kAgent, 77}, 77);
  ASSERT_EQ(Enrol(Invite(R"({"kind":"agent-phone","user_id":77})"), key_).status, 201);
  EXPECT_EQ(Send(Cover()).status, 422);
  EXPECT_TRUE(agency_->database().Write([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(tx.Run("UPDATE role_grant SET revoked_at = 1 WHERE user_id = 77"));
    return Done{};
  }));
  now_ += 2'000'000;
  EXPECT_EQ(Field(Send(Cover()), "rule"), "signature.key_unknown");
  EXPECT_EQ(Field(AsStaff("POST", "/v1/devices", R"({"kind":"agent-phone","user_id":77})", staff_),
                  "rule"),
            "device.agent_unknown");
}

TEST_P(DeviceTest, APartnersClientSignsToo) {
  PartnerClientSecret made;
  OpenedSession opened;
  EXPECT_TRUE(agency_->database().Write([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(
        made, AddPartnerClient(tx, {.partner_code = "pos", .requires_signature = true},
                               Instant::FromMicros(now_)));
    JARING_RETURN_IF_ERROR(AddSigningKey(tx, ActorKind::kPartnerClient, made.client.client_id,
                                         key_.public_key(), Instant::FromMicros(now_)));
    JARING_ASSIGN_OR_RETURN(opened, OpenPartnerSession(tx, made.client, Instant::FromMicros(now_)));
    return Done{};
  }));
  EXPECT_EQ(Send(Cover()).status, 422);
  SignedRequest both = Cover();
  both.headers.emplace_back("Authorization", "Bearer " + opened.token);
  EXPECT_EQ(Send(both).status, 422);
  SignedRequest another = Cover();
  another.headers.emplace_back("Authorization", "Bearer " + staff_);
  EXPECT_EQ(Field(Send(another), "rule"), "login.credentials_malformed");
  SignedRequest bare = As("GET", "/v1/coverage", "");
  bare.headers.emplace_back("Authorization", "Bearer " + opened.token);
  EXPECT_EQ(Field(Send(bare), "rule"), "client.signature_needed");
}

}  // namespace
}  // namespace jaring
