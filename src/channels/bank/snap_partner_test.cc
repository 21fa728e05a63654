#include "channels/bank/snap_partner.h"

#include <gmock/gmock.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "base/base64.h"
#include "base/source_dir.h"

namespace jaring {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using How = HandedOver::How;
using Kind = TransferState::Kind;

/// A key in PEM, and whether its public half takes a signature.
class TestKey {
 public:
  TestKey() : key_(EVP_RSA_gen(2'048), EVP_PKEY_free) {}

  std::string Pem() const {
    const std::unique_ptr<BIO, int (*)(BIO*)> bio(BIO_new(BIO_s_mem()), BIO_free);
    EXPECT_EQ(
        PEM_write_bio_PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr), 1);
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(size)};
  }

  bool Takes(const std::string& text, const std::string& base64) const {
    const std::string signature = FromBase64(base64).value_or("");
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(),
                                                                     EVP_MD_CTX_free);
    return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
           EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                            signature.size(), reinterpret_cast<const unsigned char*>(text.data()),
                            text.size()) == 1;
  }

 private:
  std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key_;
};

const Instant kNoon = *Instant::Parse("2026-04-07T12:00:00+07:00");
const std::string kToken = R"({"responseCode":"2007300","accessToken":"t1","expiresIn":"900"})";

class SnapPartnerTest : public ::testing::Test {
 protected:
  static const TestKey& Key() {
    static const TestKey key;
    return key;
  }

  SnapPartnerTest()
      : partner_({.url = "https://bank.example",
                  .token_path = "/v1.0/access-token/b2b",
                  .transfer_path = "/v1.0/transfer-interbank",
                  .status_path = "/v1.0/transfer/status",
                  .client_key = "ck",
                  .secret = "s3cret",
                  .partner_id = "JARING",
                  .channel_id = "95231",
                  .account = "888000111"},
                 *SnapKey::FromPem(Key().Pem()), *BankList::Load(SourceDir() + "/data/banks.toml"),
                 [this](const FetchRequest& request) -> Result<FetchAnswer> {
                   asked_.push_back(request);
                   if (request.url.ends_with("/b2b")) {
                     return token_;
                   }
                   FetchAnswer answer = answers_.front();
                   if (answers_.size() > 1) {
                     answers_.erase(answers_.begin());
                   }
                   return answer.status == 0 ? Result<FetchAnswer>(Error{ErrorCode::kUnavailable,
                                                                         "fetch.unavailable", ""})
                                             : Result<FetchAnswer>(std::move(answer));
                 }) {
    order_.payout.claim = {100'000'001, 7};
    order_.payout.payout_no = 1;
    order_.payout.amount = Money::FromRupiah(42'000'000);
    order_.payout.penalty = Money::FromRupiah(420'000);
    order_.payout.sent_at = kNoon;
    order_.payee = {.name = "Ibu \"Sri\"",
                    .relation = Relation::kSpouse,
                    .institution = "BRI",
                    .account = "001101000123"};
  }

  How HandOver(int status, const std::string& body) {
    answers_ = {{status, body}};
    return partner_.HandOver(order_, kNoon).how;
  }
  How HandOver(int status, int code) {
    return HandOver(status, R"({"responseCode":")" + std::to_string(code) + "\"}");
  }
  TransferState Ask(int status, const std::string& body) {
    answers_ = {{status, body}};
    return partner_.Ask(order_, kNoon);
  }
  TransferState AskWith(const std::string& members) {
    return Ask(200, R"({"responseCode":"2003600",)" + members + "}");
  }

  FetchAnswer token_{200, kToken};
  std::vector<FetchAnswer> answers_;
  std::vector<FetchRequest> asked_;
  TransferOrder order_;
  SnapPartner partner_;
};

TEST_F(SnapPartnerTest, AsksForATokenWithItsKey) {
  HandOver(200, 2001800);
  ASSERT_EQ(asked_.size(), 2U);
  EXPECT_EQ(asked_[0].url, "https://bank.example/v1.0/access-token/b2b");
  EXPECT_EQ(asked_[0].body, R"({"grantType":"client_credentials"})");
  EXPECT_THAT(asked_[0].headers, Contains("X-CLIENT-KEY: ck"));
  EXPECT_THAT(asked_[0].headers, Contains("X-TIMESTAMP: 2026-04-07T12:00:00+07:00"));
  const std::string& last = asked_[0].headers.back();
  ASSERT_TRUE(last.starts_with("X-SIGNATURE: "));
  EXPECT_TRUE(Key().Takes("ck|2026-04-07T12:00:00+07:00", last.substr(13)));
  HandOver(200, 2001800);
  EXPECT_EQ(asked_.size(), 3U);  // The token still holds.
}

TEST_F(SnapPartnerTest, HandsOverWhomAndHowMuchSigned) {
  HandOver(200, 2001800);
  const FetchRequest request = asked_.at(1);
  EXPECT_EQ(request.url, "https://bank.example/v1.0/transfer-interbank");
  const std::string reference = order_.payout.reference();
  EXPECT_EQ(request.body,
            R"({"partnerReferenceNo":")" + reference +
                R"(","amount":{"value":"42420000.00","currency":"IDR"},)"
                R"("beneficiaryAccountName":"Ibu \"Sri\"","beneficiaryAccountNo":"001101000123",)"
                R"("beneficiaryBankCode":"002","sourceAccountNo":"888000111",)"
                R"("transactionDate":"2026-04-07T12:00:00+07:00","remark":")" +
                order_.payout.claim.ToString() + "\"}");
  EXPECT_THAT(request.headers, Contains("Authorization: Bearer t1"));
  EXPECT_THAT(request.headers, Contains("X-PARTNER-ID: JARING"));
  EXPECT_THAT(request.headers, Contains("CHANNEL-ID: 95231"));
  EXPECT_THAT(request.headers,
              Contains("X-SIGNATURE: " + SignSnapCall("s3cret", "/v1.0/transfer-interbank", "t1",
                                                      request.body, "2026-04-07T12:00:00+07:00")));
  const std::string first = request.headers.at(5);
  EXPECT_THAT(first, HasSubstr("X-EXTERNAL-ID: 18"));
  HandOver(200, 2001800);
  EXPECT_EQ(asked_.back().headers.at(5), first);
  EXPECT_EQ(asked_.back().body, request.body);
}

TEST(SnapSignature, IsThatOfTheStandard) {
  // printf '{"a":"b c"}' | sha256sum, then openssl dgst -sha512 -hmac s3cret over the whole text.
  EXPECT_EQ(
      SignSnapCall("s3cret", "/v1.0/transfer-interbank", "tok", R"({"a":"b c"})",
                   "2026-04-07T12:00:00+07:00"),
      "S/vYoDvY6z7r6R4NkVYohiBLkffaxEUm+vRYPZndMn/RocLh1NwSWgrB6V1/G0SXv5gH17/XbnEOlIbXAyjI/Q==");
  EXPECT_EQ(SnapTime(*Instant::Parse("2026-12-31T17:00:00.250Z")), "2027-01-01T00:00:00+07:00");
}

TEST(SnapSignature, TakesOnlyAnRsaKey) {
  EXPECT_FALSE(SnapKey::FromPem(""));
  EXPECT_FALSE(SnapKey::FromPem("-----BEGIN PRIVATE KEY-----\nMC4\n-----END PRIVATE KEY-----\n"));
}

TEST_F(SnapPartnerTest, KnowsWhatWasTakenRefusedAndUnclear) {
  EXPECT_EQ(HandOver(200, 2001800), How::kTaken);
  EXPECT_EQ(HandOver(202, 2021800), How::kTaken);
  EXPECT_EQ(HandOver(409, 4091800), How::kTaken);
  EXPECT_EQ(HandOver(400, 4001802), How::kRefused);
  EXPECT_EQ(HandOver(403, 4031814), How::kRefused);
  EXPECT_EQ(HandOver(404, 4041811), How::kRefused);
  EXPECT_EQ(HandOver(429, 4291800), How::kUnsure);
  EXPECT_EQ(HandOver(500, 5001800), How::kUnsure);
  EXPECT_EQ(HandOver(504, 5041800), How::kUnsure);
  EXPECT_EQ(HandOver(0, ""), How::kUnsure);
  EXPECT_EQ(HandOver(403, "<html>Forbidden</html>"), How::kUnsure);  // Of something on the way.
  EXPECT_EQ(HandOver(403, R"({"responseCode":"2001800"})"), How::kUnsure);
  EXPECT_EQ(HandOver(400, 4003602), How::kUnsure);  // Of another service.
  EXPECT_EQ(HandOver(400, R"({"responseCode":"4001802","responseCode":"4001802"})"), How::kUnsure);
}

TEST_F(SnapPartnerTest, ReadsTheStateOfATransfer) {
  const auto kind = [&](const std::string& status) {
    return AskWith(R"("latestTransactionStatus":")" + status + "\"").kind;
  };
  EXPECT_EQ(kind("00"), Kind::kPaid);
  EXPECT_EQ(kind("01"), Kind::kOnItsWay);
  EXPECT_EQ(kind("02"), Kind::kOnItsWay);
  EXPECT_EQ(kind("03"), Kind::kOnItsWay);
  EXPECT_EQ(kind("04"), Kind::kFailed);
  EXPECT_EQ(kind("05"), Kind::kFailed);
  EXPECT_EQ(kind("06"), Kind::kFailed);
  EXPECT_EQ(kind("07"), Kind::kUnknownThere);
  EXPECT_EQ(kind("99"), Kind::kUnsure);
  EXPECT_EQ(kind(""), Kind::kUnsure);
  EXPECT_EQ(Ask(404, R"({"responseCode":"4043601"})").kind, Kind::kUnknownThere);
  EXPECT_EQ(Ask(404, "no such page").kind, Kind::kUnsure);
  EXPECT_EQ(Ask(504, R"({"responseCode":"5043600"})").kind, Kind::kUnsure);
  EXPECT_EQ(Ask(0, "").kind, Kind::kUnsure);
}

TEST_F(SnapPartnerTest, AStateThatIsNotOfThisTransferIsNone) {
  const std::string paid = R"("latestTransactionStatus":"00",)";
  const std::string reference = order_.payout.reference();
  EXPECT_EQ(AskWith(paid + R"("originalPartnerReferenceNo":")" + reference + "\"").kind,
            Kind::kPaid);
  EXPECT_EQ(AskWith(paid + R"("originalPartnerReferenceNo":"K100000000018P01")").kind,
            Kind::kUnsure);
  const auto amount = [&](const std::string& value, const std::string& currency = "IDR") {
    return AskWith(paid + R"("amount":{"value":")" + value + R"(","currency":")" + currency +
                   "\"}");
  };
  EXPECT_EQ(amount("42420000.00").amount, Money::FromRupiah(42'420'000));
  EXPECT_EQ(amount("42420000").amount, Money::FromRupiah(42'420'000));
  EXPECT_EQ(amount("1").amount, Money::FromRupiah(1));  // The books refuse it.
  EXPECT_EQ(amount("42420000.01").kind, Kind::kUnsure);
  EXPECT_EQ(amount("42420000.00", "USD").kind, Kind::kUnsure);
  EXPECT_EQ(amount("-").kind, Kind::kUnsure);
  EXPECT_EQ(AskWith(paid + R"("amount":7)").kind, Kind::kUnsure);
  EXPECT_EQ(AskWith(paid + R"("transactionDate":"2026-04-06T23:30:00+07:00")").on,
            Date::FromYearMonthDay(2026, 4, 6));
  EXPECT_EQ(AskWith(paid + R"("transactionDate":"2026-04-09T00:00:00+07:00")").on, std::nullopt);
}

TEST_F(SnapPartnerTest, EachQuestionHasANumberOfItsOwn) {
  AskWith(R"("latestTransactionStatus":"03")");
  const std::string first = asked_.back().headers.at(5);
  EXPECT_EQ(asked_.back().body, R"({"originalPartnerReferenceNo":")" + order_.payout.reference() +
                                    R"(","serviceCode":"18","transactionDate":)"
                                    R"("2026-04-07T12:00:00+07:00",)"
                                    R"("amount":{"value":"42420000.00","currency":"IDR"}})");
  AskWith(R"("latestTransactionStatus":"03")");
  EXPECT_NE(asked_.back().headers.at(5), first);
  EXPECT_LE(first.size(), std::string("X-EXTERNAL-ID: ").size() + 36);
}

TEST_F(SnapPartnerTest, ATokenThatIsNoLongerTakenIsRenewedOnce) {
  answers_ = {{401, R"({"responseCode":"4011801"})"}, {200, R"({"responseCode":"2001800"})"}};
  EXPECT_EQ(partner_.HandOver(order_, kNoon).how, How::kTaken);
  EXPECT_EQ(asked_.size(), 4U);  // Token, transfer, token, transfer.
  answers_ = {{401, R"({"responseCode":"4011801"})"}};
  EXPECT_EQ(partner_.HandOver(order_, kNoon).how, How::kUnsure);
  EXPECT_EQ(asked_.size(), 7U);
}

TEST_F(SnapPartnerTest, ATokenIsRenewedBeforeItsEnd) {
  HandOver(200, 2001800);
  answers_ = {{200, R"({"responseCode":"2001800"})"}};
  (void)partner_.HandOver(order_, Instant::FromMicros(kNoon.micros() + 839'000'000));
  EXPECT_EQ(asked_.size(), 3U);
  (void)partner_.HandOver(order_, Instant::FromMicros(kNoon.micros() + 841'000'000));
  EXPECT_EQ(asked_.size(), 5U);
}

TEST_F(SnapPartnerTest, WithoutATokenNothingLeaves) {
  for (const FetchAnswer& answer : {FetchAnswer{401, kToken}, FetchAnswer{200, "[]"},
                                    FetchAnswer{200, "{}"}, FetchAnswer{200, "no json"}}) {
    token_ = answer;
    asked_.clear();
    EXPECT_EQ(HandOver(200, 2001800), How::kUnsure);
    EXPECT_EQ(asked_.size(), 1U) << answer.body;
  }
}

TEST_F(SnapPartnerTest, ReachesBanksAndNoWallets) {
  EXPECT_TRUE(partner_.Reaches(order_.payee));
  for (const char* other : {"DANA", "POS", "NOBODY", ""}) {
    order_.payee.institution = other;
    EXPECT_FALSE(partner_.Reaches(order_.payee)) << other;
  }
}

TEST(BankList, SaysWhatIsWrongWithItsFile) {
  EXPECT_EQ(BankList::Load("/nowhere").error().rule, "banks.unreadable");
}

}  // namespace
}  // namespace jaring
