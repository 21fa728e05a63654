// Signatures of requests: what is taken, and every way we know of to cheat.

#include "channels/http/message_signature.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "channels/http/signing_fixture.h"

namespace jaring {
namespace {

constexpr std::int64_t kNow = 1'773'550'800;  // Seconds.

Instant At(std::int64_t seconds) {
  return Instant::FromMicros(seconds * 1'000'000);
}

class MessageSignatureTest : public testing::Test {
 protected:
  SignedRequest Fresh() const {
    SignedRequest request;
    request.created = kNow;
    return request;
  }
  SignedRequest Signed() const { return Fresh().SignWith(signer_); }

  /// The rule that refuses; "" when all is well, "none" for a request without signature.
  std::string Check(const SignedRequest& request, std::int64_t now = kNow) const {
    const auto headers = request.Headers();
    const HttpRequest sent{.method = request.Method(),
                           .path = request.path,
                           .query = request.query,
                           .headers = headers,
                           .body = request.body};
    const auto read = ReadMessageSignature(sent);
    if (!read) {
      return read.error().rule;
    }
    if (!*read) {
      return "none";
    }
    if (const auto checked = CheckMessageSignature(sent, **read, At(now)); !checked) {
      return checked.error().rule;
    }
    const auto base = SignatureBase(sent, **read);
    if (!base) {
      return base.error().rule;
    }
    const auto verified = VerifyEd25519(signer_.public_key(), *base, (*read)->signature);
    return verified ? "" : verified.error().rule;
  }

  void ExpectMalformed(std::string_view header, const std::string& value) const {
    SignedRequest request = Signed();
    request.Header(header) = value;
    EXPECT_EQ(Check(request), "signature.malformed") << value;
  }

  const TestSigner signer_{'a'};
};

TEST_F(MessageSignatureTest, TakesWhatIsSigned) {
  EXPECT_EQ(Check(Signed()), "");
  SignedRequest get = Fresh();
  get.method = "GET";
  get.path = "/v1/coverage";
  get.query = "nik=1";
  get.body.clear();
  get.covers_body = false;
  EXPECT_EQ(Check(get.SignWith(signer_)), "");
  SignedRequest none = Fresh();
  EXPECT_EQ(Check(none), "none");
}

TEST_F(MessageSignatureTest, NothingMayBeChanged) {
  const auto changed = [&](auto change) {
    SignedRequest request = Signed();
    change(request);
    return Check(request);
  };
  EXPECT_EQ(changed([](auto& r) { r.method = "DELETE"; }), "signature.wrong");
  EXPECT_EQ(changed([](auto& r) { r.path = "/v1/payments/"; }), "signature.wrong");
  EXPECT_EQ(changed([](auto& r) { r.query = "a=1"; }), "signature.wrong");
  EXPECT_EQ(changed([](auto& r) { r.body = "{ }"; }), "signature.digest_wrong");
  EXPECT_EQ(changed([](auto& r) {
              r.body = "{ }";
              r.Header("Content-Digest") = r.Digest();
            }),
            "signature.wrong");
  EXPECT_EQ(changed([](auto& r) { r.body.clear(); }), "signature.digest_wrong");
  SignedRequest other = Fresh().SignWith(TestSigner('b'));
  EXPECT_EQ(Check(other), "signature.wrong");
}

TEST_F(MessageSignatureTest, ParametersAndOrderAreSignedToo) {
  SignedRequest request = Signed();
  std::string& input = request.Header("Signature-Input");
  const std::string kept = input;
  const auto swapped = [&](const std::string& from, const std::string& to) {
    input = kept;
    const std::size_t at = input.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    input.replace(at, from.size(), to);
    return Check(request);
  };
  EXPECT_EQ(swapped(R"("@method" "@path")", R"("@path" "@method")"), "signature.wrong");
  EXPECT_EQ(swapped("created=" + std::to_string(kNow), "created=" + std::to_string(kNow + 1)),
            "signature.wrong");
  EXPECT_EQ(swapped("nonce-0123456789", "nonce-0123456780"), "signature.wrong");
  EXPECT_EQ(swapped(signer_.key_id(), "k-0"), "signature.wrong");
  EXPECT_EQ(swapped(R"("@query" )", ""), "signature.component_missing");
  EXPECT_EQ(swapped(R"("@method" )", ""), "signature.component_missing");
  EXPECT_EQ(swapped(R"("@path" )", ""), "signature.component_missing");
  EXPECT_EQ(swapped(R"( "content-digest")", ""), "signature.component_missing");
  EXPECT_EQ(swapped(R"("@query")", R"("@query" "x-nothing")"), "signature.component_missing");
}

TEST_F(MessageSignatureTest, ABodyThatIsNotHereMustBeCovered) {
  SignedRequest request = Fresh();
  request.body.clear();
  request.covers_body = false;
  request.SignWith(signer_);
  EXPECT_EQ(Check(request), "");
  request.headers.emplace_back("Content-Length", "7");
  EXPECT_EQ(Check(request), "signature.component_missing");
}

TEST_F(MessageSignatureTest, HoldsForFiveMinutesAndAMinuteOfSkew) {
  const SignedRequest request = Signed();
  EXPECT_EQ(Check(request, kNow - 60), "");
  EXPECT_EQ(Check(request, kNow - 61), "signature.clock_differs");
  EXPECT_EQ(Check(request, kNow + 359), "");
  EXPECT_EQ(Check(request, kNow + 360), "signature.expired");
  EXPECT_EQ(Check(request, kNow + 1'000'000), "signature.expired");
  SignedRequest longer = Fresh();
  longer.lasts = 301;
  EXPECT_EQ(Check(longer.SignWith(signer_)), "signature.lasts_too_long");
  SignedRequest backwards = Fresh();
  backwards.lasts = 0;
  EXPECT_EQ(Check(backwards.SignWith(signer_)), "signature.lasts_too_long");
}

TEST_F(MessageSignatureTest, EachHeaderComesOnceAndWithTheOther) {
  for (const char* header : {"Signature", "Signature-Input"}) {
    SignedRequest twice = Signed();
    const std::string value = twice.Header(header);
    twice.headers.emplace_back(header, value);
    EXPECT_EQ(Check(twice), "signature.malformed") << header;
    SignedRequest without = Signed();
    without.Drop(header);
    EXPECT_EQ(Check(without), "signature.malformed") << header;
  }
  SignedRequest digests = Signed();
  digests.headers.emplace_back("content-digest", digests.Digest());
  EXPECT_EQ(Check(digests), "signature.digest_wrong");
}

TEST_F(MessageSignatureTest, RefusesMalformedInput) {
  SignedRequest request = Signed();
  const std::string input = request.Header("Signature-Input");
  const std::string parameters = input.substr(input.find(')') + 1);
  for (const std::string& value : {std::string(),
                                   std::string("sig"),
                                   std::string("sig="),
                                   std::string("=()"),
                                   "Sig" + input.substr(3),
                                   input + ";tag=\"x\"",
                                   input + ";",
                                   input + " ",
                                   " " + input,
                                   input + "," + input,
                                   input + ", b=()",
                                   input + parameters,
                                   "sig=()" + parameters,
                                   R"(sig=("@method"  "@path" "@query"))" + parameters,
                                   R"(sig=("@method" "@method" "@path" "@query"))" + parameters,
                                   R"(sig=("@method";req "@path" "@query"))" + parameters,
                                   R"(sig=("@method" "@path" "@query" "Date"))" + parameters,
                                   R"(sig=("@method" "@path" "@query" "signature"))" + parameters,
                                   R"(sig=("@method" "@path" "@query" "@target-uri"))" + parameters,
                                   R"(sig=("@method" "@path" "@query)" + parameters,
                                   std::string(2'000, 'a')}) {
    ExpectMalformed("Signature-Input", value);
  }
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string changed = input;
    const std::size_t at = changed.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    ExpectMalformed("Signature-Input", changed.replace(at, from.size(), to));
  };
  with("alg=\"ed25519\"", "alg=\"hmac-sha256\"");
  with("alg=\"ed25519\"", "alg=\"ED25519\"");
  with("alg=\"ed25519\"", "alg=ed25519");
  with(";alg=\"ed25519\"", "");
  with("created=", "created=-");
  with("created=", "created=0");
  with("created=", "created=1.");
  with("created=", "created=99999999999");
  with(";nonce=", ";nonce=\"short\";x=");
  with("nonce-0123456789", "nonce-01234567 9");
  with("nonce-0123456789", std::string(65, 'n'));
  with("keyid=\"", "keyid=\"\\");
}

TEST_F(MessageSignatureTest, RefusesMalformedSignatures) {
  const std::string good = Signed().Header("Signature");
  const std::string bytes = good.substr(5, good.size() - 6);
  for (const std::string& value :
       {std::string(), std::string("sig"), std::string("sig=::"), "other=:" + bytes + ":",
        "sig=:" + bytes, "sig=" + bytes, good + ":", good + ";a=1", good + ", b=:" + bytes + ":",
        "sig=:" + bytes.substr(4) + ":", "sig=:" + bytes + bytes + ":",
        "sig=:" + bytes.substr(0, bytes.size() - 2) + ":", "sig=: " + bytes + ":"}) {
    ExpectMalformed("Signature", value);
  }
}

TEST(ContentDigest, IsOfTheBodyOrNot) {
  const std::string right = "sha-256=:" + ToBase64(Sha256("body")) + ":";
  const std::string sha512 =
      "sha-512=:rKzZBxz+kWD12FO2QDLZm/"
      "0TfPjH3mC2YYcDR+3c5jFOXVLaHQnVHkhmeBKaeJGWhaTL2oeEZK5cI2ASKvuqXA==:";
  EXPECT_TRUE(IsDigestOf(right, "body"));
  for (const std::string& wrong :
       {std::string(), std::string("sha-256"), "SHA-256" + right.substr(7), right + ",",
        right + ", " + right, right + ";a", std::string("md5=:AAAA:"), right + ", md5=:AAAA:",
        "sha-256=" + right.substr(9), right.substr(0, right.size() - 1), sha512}) {
    EXPECT_FALSE(IsDigestOf(wrong, "body")) << wrong;
  }
  EXPECT_FALSE(IsDigestOf(right, "Body"));
}

TEST(Ed25519, RefusesKeysOfSmallOrder) {
  EXPECT_FALSE(ParsePublicKey(ToBase64(std::string(32, '\0'))));
  EXPECT_FALSE(ParsePublicKey(ToBase64(std::string(1, '\x01') + std::string(31, '\0'))));
  const std::string key = TestSigner('a').public_key();
  EXPECT_EQ(*ParsePublicKey(ToBase64(key)), key);
  const std::string der = std::string("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12) + key;
  EXPECT_EQ(*ParsePublicKey("-----BEGIN PUBLIC KEY-----\n" + ToBase64(der) +
                            "\n-----END PUBLIC KEY-----\n"),
            key);
  EXPECT_FALSE(ParsePublicKey(ToBase64(key) + "A"));
  EXPECT_FALSE(ParsePublicKey(ToBase64(key.substr(1))));
  EXPECT_FALSE(ParsePublicKey(""));
}

}  // namespace
}  // namespace jaring
