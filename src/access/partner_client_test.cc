// Partners' programs and the networks they call from.

#include "access/partner_client.h"

#include <gtest/gtest.h>

#include "registry/agency_fixture.h"
#include "registry/group.h"

namespace jaring {
namespace {

constexpr std::int64_t kDay = 86'400'000'000;

class PartnerClientTest : public AgencyTest {
 protected:
  void SetUp() override {
    AgencyTest::SetUp();
    if (!IsSkipped()) {
      Write([&](Tx& tx) -> Result<Done> {
        JARING_RETURN_IF_ERROR(CreatePartner(tx, "pos", "Kantor Pos"));
        JARING_ASSIGN_OR_RETURN(made_, AddPartnerClient(tx, {.partner_code = "pos"}, now_));
        return Done{};
      });
    }
  }

  Instant At(std::int64_t micros) const { return Instant::FromMicros(now_.micros() + micros); }

  /// The rule of the refusal; empty when the secret does.
  std::string Check(std::string_view id, std::string_view secret, Instant now) {
    std::string rule;
    Write([&](Tx& tx) -> Result<Done> {
      const auto checked = CheckPartnerSecret(tx, id, secret, now);
      rule = checked ? "" : checked.error().rule;
      return Done{};
    });
    return rule;
  }

  std::string Rotate(Instant until, Instant now) {
    std::string secret;
    Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const auto made,
                              RotatePartnerSecret(tx, made_.client.public_id, until, now));
      secret = made.secret;
      return Done{};
    });
    return secret;
  }

  bool TokenWorks(std::string_view token, Instant now) {
    bool works = false;
    Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const auto session, FindSession(tx, TokenHash(token), now));
      works = session.has_value();
      return Done{};
    });
    return works;
  }

  std::string NewToken() {
    std::string token;
    Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const auto opened, OpenPartnerSession(tx, made_.client, now_));
      token = opened.token;
      return Done{};
    });
    return token;
  }

  const Instant now_ = Noon(D(20260315));
  PartnerClientSecret made_;
};

JARING_ON_EACH_ENGINE(PartnerClientTest);

TEST_P(PartnerClientTest, TakesItsSecretAndNoOther) {
  const std::string& id = made_.client.public_id;
  EXPECT_EQ(made_.secret.size(), 64U);
  EXPECT_EQ(Check(id, made_.secret, now_), "");
  for (const std::string& wrong : {made_.secret.substr(1), made_.secret + "0", std::string()}) {
    EXPECT_EQ(Check(id, wrong, now_), "client.credentials_wrong");
  }
  EXPECT_EQ(Check("pos-000000000000", made_.secret, now_), "client.credentials_wrong");
  EXPECT_EQ(Check("", "", now_), "client.credentials_wrong");
}

TEST_P(PartnerClientTest, AnotherClientsSecretDoesNotDo) {
  PartnerClientSecret other;
  Write([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(other, AddPartnerClient(tx, {.partner_code = "pos"}, now_));
    return Done{};
  });
  EXPECT_EQ(Check(made_.client.public_id, other.secret, now_), "client.credentials_wrong");
}

TEST_P(PartnerClientTest, TwoSecretsOverlapUntilTheDate) {
  const std::string& id = made_.client.public_id;
  const std::string second = Rotate(At(kDay), now_);
  EXPECT_EQ(Check(id, made_.secret, At(kDay - 1)), "");
  EXPECT_EQ(Check(id, second, At(kDay - 1)), "");
  EXPECT_EQ(Check(id, made_.secret, At(kDay)), "client.credentials_wrong");
  EXPECT_EQ(Check(id, second, At(kDay)), "");
}

TEST_P(PartnerClientTest, AThirdSecretEndsTheFirst) {
  const std::string& id = made_.client.public_id;
  const std::string second = Rotate(At(kDay), now_);
  const std::string third = Rotate(At(kDay), now_);
  EXPECT_EQ(Check(id, made_.secret, now_), "client.credentials_wrong");
  EXPECT_EQ(Check(id, second, now_), "");
  EXPECT_EQ(Check(id, third, now_), "");
}

TEST_P(PartnerClientTest, NoOverlapEndsTheTokensToo) {
  const std::string kept = NewToken();
  Rotate(At(kDay), now_);
  EXPECT_TRUE(TokenWorks(kept, now_));
  Rotate(now_, now_);
  EXPECT_FALSE(TokenWorks(kept, now_));
}

TEST_P(PartnerClientTest, RefusesALongOverlap) {
  Write([&](Tx& tx) -> Result<Done> {
    const std::string& id = made_.client.public_id;
    EXPECT_TRUE(RotatePartnerSecret(tx, id, At(90 * kDay), now_));
    EXPECT_EQ(RotatePartnerSecret(tx, id, At(90 * kDay + 1), now_).error().rule,
              "client.overlap_too_long");
    return Done{};
  });
}

TEST_P(PartnerClientTest, ATokenLivesAnHour) {
  const std::string token = NewToken();
  EXPECT_TRUE(TokenWorks(token, At(kPartnerTokenMicros - 1)));
  EXPECT_FALSE(TokenWorks(token, At(kPartnerTokenMicros)));
}

TEST_P(PartnerClientTest, RevokingEndsSecretsAndTokens) {
  const std::string token = NewToken();
  Write([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(RevokePartnerClient(tx, made_.client.public_id, now_));
    EXPECT_EQ(RotatePartnerSecret(tx, made_.client.public_id, now_, now_).error().rule,
              "client.revoked");
    EXPECT_EQ(RevokePartnerClient(tx, "nobody", now_).error().rule, "client.unknown");
    return Done{};
  });
  EXPECT_FALSE(TokenWorks(token, now_));
  EXPECT_EQ(Check(made_.client.public_id, made_.secret, now_), "client.credentials_wrong");
}

TEST_P(PartnerClientTest, ListsAndKeepsWhatWasOrdered) {
  Write([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(AddressList addresses, AddressList::Parse("203.0.113.0/24, ::1"));
    JARING_RETURN_IF_ERROR(
        AddPartnerClient(tx, {"pos", "batch", std::move(addresses), true}, now_));
    JARING_ASSIGN_OR_RETURN(const auto clients, ListPartnerClients(tx, 0));
    EXPECT_EQ(clients.size(), 2U);
    EXPECT_EQ(clients.back().addresses.text(), "203.0.113.0/24 ::1");
    EXPECT_TRUE(clients.back().requires_signature);
    EXPECT_EQ(AddPartnerClient(tx, {.partner_code = "nobody"}, now_).error().rule,
              "partner.unknown");
    EXPECT_EQ(AddPartnerClient(tx, {"pos", std::string(81, 'x')}, now_).error().rule,
              "client.label_too_long");
    return Done{};
  });
}

TEST(AddressList, AllowsTheNetworksItNames) {
  const auto list = AddressList::Parse("192.0.2.128/25 2001:db8::/33,198.51.100.7");
  ASSERT_TRUE(list);
  for (const char* inside : {"192.0.2.128", "192.0.2.255", "::ffff:192.0.2.200", "198.51.100.7",
                             "2001:db8::1", "2001:DB8:7fff::1"}) {
    EXPECT_TRUE(list->Allows(inside)) << inside;
  }
  for (const char* outside : {"192.0.2.127", "192.0.3.128", "198.51.100.8", "2001:db8:8000::1",
                              "::192.0.2.200", "", "localhost", "192.0.2.128 ", "0300.0.2.128"}) {
    EXPECT_FALSE(list->Allows(outside)) << outside;
  }
  EXPECT_TRUE(AddressList::Parse("")->Allows("192.0.2.1"));
  EXPECT_TRUE(AddressList::Parse("0.0.0.0/0")->Allows("192.0.2.1"));
  EXPECT_FALSE(AddressList::Parse("0.0.0.0/0")->Allows("2001:db8::1"));
}

TEST(AddressList, RefusesWhatIsNoNetwork) {
  for (const char* wrong : {"192.0.2.1/24", "192.0.2.0/33", "192.0.2.0/", "192.0.2.0/-1", "x",
                            "2001:db8::/129", "192.0.2.0/24/24", "192.0.2", "192.0.2.0/+8"}) {
    EXPECT_FALSE(AddressList::Parse(wrong)) << wrong;
  }
  std::string many;
  for (int n = 0; n < 33; ++n) {
    many += "192.0.2.1 ";
  }
  EXPECT_FALSE(AddressList::Parse(many));
  EXPECT_TRUE(AddressList::Parse(many.substr(10)));
}

}  // namespace
}  // namespace jaring
