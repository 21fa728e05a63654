// ID tokens: what is taken, and every way we know of to forge one.

#include "channels/http/json_web_token.h"

#include <gtest/gtest.h>
#include <openssl/hmac.h>

#include "channels/http/token_fixture.h"
#include "registry/seal.h"

namespace jaring {
namespace {

constexpr std::int64_t kNow = 1'773'550'800;

const TokenSigner& SignerOf(JsonWebKey::Kind kind) {
  // RSA keys take their time to be found.
  static const TokenSigner rsa(JsonWebKey::Kind::kRsa, "rsa");
  static const TokenSigner p256(JsonWebKey::Kind::kP256, "p256");
  static const TokenSigner ed25519(JsonWebKey::Kind::kEd25519, "ed");
  return kind == JsonWebKey::Kind::kRsa ? rsa : kind == JsonWebKey::Kind::kP256 ? p256 : ed25519;
}

constexpr JsonWebKey::Kind kKinds[] = {JsonWebKey::Kind::kRsa, JsonWebKey::Kind::kP256,
                                       JsonWebKey::Kind::kEd25519};

class JsonWebTokenTest : public testing::Test {
 protected:
  JsonWebTokenTest() {
    std::string set =
        R"({"keys":[{"kty":"oct","kid":"hmac","k":"AAAA"},{"kty":"EC","crv":"P-384"})";
    for (const auto kind : kKinds) {
      set += "," + SignerOf(kind).Jwk();
    }
    keys_ = *ParseJsonWebKeys(set + "]}");
  }

  static std::string Claims(const std::string& more = "",
                            const std::string& issuer = "https://login",
                            const std::string& audience = "\"jaring\"",
                            const std::string& nonce = "n-1", std::int64_t expires = kNow + 300,
                            std::int64_t issued = kNow) {
    return R"({"sub":"42","iss":")" + issuer + R"(","aud":)" + audience + R"(,"nonce":")" + nonce +
           R"(","exp":)" + std::to_string(expires) + R"(,"iat":)" + std::to_string(issued) + more +
           "}";
  }

  std::string Rule(const std::string& token) const {
    const auto read = VerifyIdToken(token, keys_,
                                    {.issuer = "https://login",
                                     .client_id = "jaring",
                                     .nonce = "n-1",
                                     .access_token = "at",
                                     .now = Instant::FromMicros(kNow * 1'000'000)});
    return read ? "" : read.error().rule;
  }

  const TokenSigner& rsa_ = SignerOf(JsonWebKey::Kind::kRsa);
  std::vector<JsonWebKey> keys_;
};

TEST_F(JsonWebTokenTest, TakesTheThreeAlgorithms) {
  EXPECT_EQ(keys_.size(), 3U);
  for (const auto kind : kKinds) {
    EXPECT_EQ(Rule(SignerOf(kind).Token(Claims())), "");
  }
}

TEST_F(JsonWebTokenTest, ReadsWhoItIs) {
  const std::string token = rsa_.Token(
      Claims(R"(,"email":"a@x.id","email_verified":true,"amr":["pwd","mfa"],"acr":"2")"));
  const auto read = VerifyIdToken(
      token, keys_,
      {"https://login", "jaring", "n-1", "at", Instant::FromMicros(kNow * 1'000'000)});
  ASSERT_TRUE(read);
  EXPECT_EQ(read->subject, "42");
  EXPECT_EQ(read->email, "a@x.id");
  EXPECT_EQ(read->methods, (std::vector<std::string>{"pwd", "mfa"}));
  EXPECT_EQ(read->context, "2");
  for (const char* unverified :
       {R"(,"email":"a@x.id")", R"(,"email":"a@x.id","email_verified":false)",
        R"(,"email":"a@x.id","email_verified":"true")"}) {
    const auto other = VerifyIdToken(
        rsa_.Token(Claims(unverified)), keys_,
        {"https://login", "jaring", "n-1", "at", Instant::FromMicros(kNow * 1'000'000)});
    EXPECT_EQ(other->email, "");
  }
}

TEST_F(JsonWebTokenTest, RefusesNoneAndItsSpellings) {
  for (const char* alg : {"none", "None", "NONE", "nOnE", "", "rs256", "RS512", "HS256", "PS256"}) {
    const std::string header = R"({"alg":")" + std::string(alg) + R"(","kid":"rsa"})";
    EXPECT_EQ(Rule(rsa_.Token(header, Claims())), "oidc.token_algorithm") << alg;
    EXPECT_EQ(Rule(ToBase64Url(header) + "." + ToBase64Url(Claims()) + "."),
              "oidc.token_malformed");
  }
  EXPECT_EQ(Rule(rsa_.Token(R"({"kid":"rsa"})", Claims())), "oidc.token_algorithm");
}

TEST_F(JsonWebTokenTest, RefusesTheModulusAsHmacKey) {
  const std::string text =
      ToBase64Url(R"({"alg":"HS256","kid":"rsa"})") + "." + ToBase64Url(Claims());
  const std::string key = rsa_.modulus();
  std::string mac(32, '\0');
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(),
       reinterpret_cast<unsigned char*>(mac.data()), &size);
  EXPECT_EQ(Rule(text + "." + ToBase64Url(mac)), "oidc.token_algorithm");
}

TEST_F(JsonWebTokenTest, TheKeysTypeSaysTheAlgorithm) {
  EXPECT_EQ(Rule(rsa_.Token(R"({"alg":"ES256","kid":"rsa"})", Claims())), "oidc.token_algorithm");
  EXPECT_EQ(Rule(rsa_.Token(R"({"alg":"RS256","kid":"p256"})", Claims())), "oidc.token_algorithm");
  EXPECT_EQ(Rule(rsa_.Token(R"({"alg":"RS256","kid":"hmac"})", Claims())),
            "oidc.token_key_unknown");
}

TEST_F(JsonWebTokenTest, KeyIdsAreOnlyCompared) {
  for (const char* kid : {"../rsa", "rsa' OR 1=1", "RSA", "", "https://evil/jwks", "rsa\\u0000"}) {
    const std::string header = R"({"alg":"RS256","kid":")" + std::string(kid) + "\"}";
    EXPECT_EQ(Rule(rsa_.Token(header, Claims())), "oidc.token_key_unknown") << kid;
  }
  EXPECT_EQ(Rule(rsa_.Token(R"({"alg":"RS256","kid":7})", Claims())), "oidc.token_malformed");
  EXPECT_EQ(Rule(rsa_.Token(R"({"alg":"RS256"})", Claims())), "");  // Only one key can be meant.
  // A key the token brings itself is not looked at.
  const TokenSigner stranger(JsonWebKey::Kind::kEd25519, "own");
  EXPECT_EQ(
      Rule(stranger.Token(R"({"alg":"EdDSA","kid":"own","jwk":)" + stranger.Jwk() + "}", Claims())),
      "oidc.token_key_unknown");
  EXPECT_EQ(Rule(stranger.Token(R"({"alg":"EdDSA","kid":"ed"})", Claims())),
            "oidc.token_signature");
}

TEST_F(JsonWebTokenTest, RefusesWhatWasAltered) {
  for (const auto kind : kKinds) {
    const std::string token = SignerOf(kind).Token(Claims());
    const std::size_t dot = token.rfind('.');
    EXPECT_EQ(Rule(token.substr(0, dot)), "oidc.token_malformed");
    EXPECT_EQ(Rule(token.substr(0, dot + 1)), "oidc.token_malformed");
    EXPECT_NE(Rule(token.substr(0, token.size() - 4)), "");
    EXPECT_NE(Rule(token + "AAAA"), "");
    EXPECT_EQ(Rule(token + "." + token.substr(dot + 1)), "oidc.token_malformed");
    EXPECT_EQ(Rule(token + "="), "oidc.token_malformed");
    EXPECT_EQ(Rule(token + "\n"), "oidc.token_malformed");
    std::string zeros = token.substr(0, dot + 1) + std::string(token.size() - dot - 1, 'A');
    EXPECT_NE(Rule(zeros), "");
    const std::string other = SignerOf(kind).Header();
    EXPECT_EQ(Rule(ToBase64Url(other) + "." + ToBase64Url(Claims(R"(,"x":1)")) + token.substr(dot)),
              "oidc.token_signature");
  }
  EXPECT_EQ(Rule(""), "oidc.token_malformed");
  EXPECT_EQ(Rule(".."), "oidc.token_malformed");
  EXPECT_EQ(Rule(rsa_.Token(Claims(R"(,"x":")" + std::string(20'000, 'x') + "\""))),
            "oidc.token_malformed");
}

TEST_F(JsonWebTokenTest, RefusesNamesThatComeTwice) {
  EXPECT_EQ(Rule(rsa_.Token(Claims(R"(,"sub":"1")"))), "oidc.token_malformed");
  EXPECT_EQ(Rule(rsa_.Token(Claims(R"(,"\u0073ub":"1")"))), "oidc.token_malformed");
  EXPECT_EQ(Rule(rsa_.Token(R"({"alg":"none","alg":"RS256","kid":"rsa"})", Claims())),
            "oidc.token_malformed");
  EXPECT_EQ(Rule(rsa_.Token(R"({"alg":"RS256","kid":"rsa","crit":["x"]})", Claims())),
            "oidc.token_malformed");
  EXPECT_EQ(Rule(rsa_.Token(R"({"alg":"RS256","kid":"rsa","typ":"at+jwt"})", Claims())),
            "oidc.token_malformed");
  EXPECT_EQ(Rule(rsa_.Token("[]", Claims())), "oidc.token_malformed");
  EXPECT_EQ(Rule(rsa_.Token("[1]")), "oidc.token_malformed");
}

TEST_F(JsonWebTokenTest, IsForUsFromThem) {
  const auto rule = [&](const std::string& more, const std::string& issuer,
                        const std::string& audience, const std::string& nonce) {
    return Rule(rsa_.Token(Claims(more, issuer, audience, nonce)));
  };
  const std::string us = "\"jaring\"";
  EXPECT_EQ(rule("", "https://login/", us, "n-1"), "oidc.token_claims");
  EXPECT_EQ(rule("", "https://LOGIN", us, "n-1"), "oidc.token_claims");
  EXPECT_EQ(rule("", "https://login", us, "n-2"), "oidc.token_claims");
  for (const char* audience : {"\"other\"", "[]", "[\"other\"]", "[\"jaring\",\"other\"]", "7",
                               "null", "{\"a\":\"jaring\"}", "[[\"jaring\"]]"}) {
    EXPECT_EQ(rule("", "https://login", audience, "n-1"), "oidc.token_claims") << audience;
  }
  EXPECT_EQ(rule("", "https://login", "[\"jaring\"]", "n-1"), "");
  EXPECT_EQ(rule(R"(,"azp":"jaring")", "https://login", "[\"jaring\",\"other\"]", "n-1"), "");
  EXPECT_EQ(rule(R"(,"azp":"other")", "https://login", us, "n-1"), "oidc.token_claims");
  EXPECT_EQ(rule(R"(,"azp":7)", "https://login", us, "n-1"), "oidc.token_claims");
  const std::string hash = ToBase64Url(Sha256("at").substr(0, 16));
  EXPECT_EQ(rule(R"(,"at_hash":")" + hash + "\"", "https://login", us, "n-1"), "");
  EXPECT_EQ(rule(R"(,"at_hash":"AAAA")", "https://login", us, "n-1"), "oidc.token_claims");
  EXPECT_EQ(Rule(rsa_.Token(R"({"iss":"https://login","aud":"jaring","nonce":"n-1","exp":9})")),
            "oidc.token_claims");
}

TEST_F(JsonWebTokenTest, HoldsOnlyInItsTime) {
  const auto rule = [&](std::int64_t expires, std::int64_t issued, const std::string& more = "") {
    return Rule(rsa_.Token(Claims(more, "https://login", "\"jaring\"", "n-1", expires, issued)));
  };
  EXPECT_EQ(rule(kNow - 59, kNow - 300), "");
  EXPECT_EQ(rule(kNow - 60, kNow - 300), "oidc.token_expired");
  EXPECT_EQ(rule(kNow + 300, kNow + 60), "");
  EXPECT_EQ(rule(kNow + 300, kNow + 61), "oidc.token_expired");
  EXPECT_EQ(rule(kNow + 300, kNow - 3'600), "oidc.token_expired");
  const auto starts = [](std::int64_t at) { return ",\"nbf\":" + std::to_string(at); };
  EXPECT_EQ(rule(kNow + 300, kNow, starts(kNow + 60)), "");
  EXPECT_EQ(rule(kNow + 300, kNow, starts(kNow + 61)), "oidc.token_expired");
  EXPECT_EQ(rule(kNow + 300, kNow, ",\"nbf\":\"x\""), "oidc.token_claims");
  EXPECT_EQ(rule(-1, kNow), "oidc.token_claims");
  EXPECT_EQ(rule(INT64_MAX, kNow), "oidc.token_claims");
}

TEST(JsonWebKeys, LeavesOutWhatWeDoNotVerifyWith) {
  EXPECT_FALSE(ParseJsonWebKeys("{}"));
  EXPECT_FALSE(ParseJsonWebKeys("[]"));
  EXPECT_FALSE(ParseJsonWebKeys(R"({"keys":{}})"));
  const TokenSigner signer(JsonWebKey::Kind::kEd25519, "a");
  std::string encrypting = signer.Jwk();
  encrypting.replace(encrypting.find("\"sig\""), 5, "\"enc\"");
  std::string other = signer.Jwk();
  other.replace(other.find("EdDSA"), 5, "HS256");
  for (const std::string& key :
       {encrypting, other, std::string(R"({"kty":"RSA","n":"AQAB","e":"AQAB"})"), std::string("7"),
        std::string(R"({"kty":"OKP","crv":"Ed25519","x":"AAAA"})"),
        std::string(R"({"kty":"oct","k":"AAAA","alg":"HS256"})")}) {
    const auto keys = ParseJsonWebKeys("{\"keys\":[" + key + "]}");
    ASSERT_TRUE(keys) << key;
    EXPECT_TRUE(keys->empty()) << key;
  }
}

}  // namespace
}  // namespace jaring
