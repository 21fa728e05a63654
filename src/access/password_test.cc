// Passwords, PINs and one-time codes, without a database.

#include "access/password.h"

#include <gtest/gtest.h>

#include "access/totp.h"
#include "base/source_dir.h"

namespace jaring {
namespace {

std::string RuleOf(const Result<Done>& result) {
  return result ? "" : result.error().rule;
}

// RFC 6238, appendix B, the rows of SHA-1, last six digits.
TEST(Totp, GivesTheCodesOfTheRfc) {
  const std::string secret = "12345678901234567890";
  EXPECT_EQ(TotpCode(secret, 59 / 30), "287082");
  EXPECT_EQ(TotpCode(secret, 1111111109LL / 30), "081804");
  EXPECT_EQ(TotpCode(secret, 1111111111LL / 30), "050471");
  EXPECT_EQ(TotpCode(secret, 1234567890LL / 30), "005924");
  EXPECT_EQ(TotpCode(secret, 2000000000LL / 30), "279037");
  EXPECT_EQ(TotpCode(secret, 20000000000LL / 30), "353130");
}

TEST(Totp, SecretReadsBack) {
  EXPECT_EQ(Base32("12345678901234567890"), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
  EXPECT_EQ(FromBase32("gezdgnbvgy3tqojqgezdgnbvgy3tqojq"), "12345678901234567890");
  EXPECT_FALSE(FromBase32("GEZ1"));
  EXPECT_EQ(OtpauthUri("Jaring", "a@b.id", "12345678901234567890"),
            "otpauth://totp/Jaring:a%40b.id?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
            "&issuer=Jaring&algorithm=SHA1&digits=6&period=30");
}

class PasswordTest : public testing::Test {
 protected:
  std::string RuleFor(std::string_view password) {
    const auto checked =
        CheckPassword(list_, password, {"siti.rahayu@kantor-surakarta.id", "Siti Rahayu"});
    return checked ? "" : checked.error().rule;
  }
  PasswordList list_ = *PasswordList::Load(SourceDir() + "/data/passwords/breached.bin");
};

TEST_F(PasswordTest, ListIsLongEnough) {
  EXPECT_GE(list_.size(), 30'000);
  EXPECT_TRUE(list_.Has("password"));
  EXPECT_TRUE(list_.Has("Qwertyuiop"));
  EXPECT_FALSE(list_.Has("sawah hijau di kaki bukit"));
}

TEST_F(PasswordTest, RefusesWhatIsEasyToGuess) {
  EXPECT_EQ(RuleFor("elevenchars"), "password.too_short");
  EXPECT_EQ(RuleFor("sawah hijau1"), "");
  EXPECT_EQ(RuleFor(std::string(256, 'a') + "b"), "password.too_long");
  EXPECT_EQ(RuleFor("passwordpassword"), "password.breached");
  EXPECT_EQ(RuleFor("Password2024!!"), "password.breached");
  EXPECT_EQ(RuleFor("aaaaaaaaaaaaaa"), "password.breached");
  EXPECT_EQ(RuleFor("leavemealone"), "password.breached");
  EXPECT_EQ(RuleFor("rahayu123456"), "password.about_owner");
  EXPECT_EQ(RuleFor("siti.rahayu@kantor-surakarta.id"), "password.about_owner");
  EXPECT_EQ(RuleFor("jaring-jaring"), "password.about_owner");
  EXPECT_EQ(RuleFor("rahayu menanam padi di sawah hijau"), "");
  EXPECT_EQ(RuleFor("tab\there and more"), "password.not_text");
  EXPECT_EQ(RuleFor("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"), "password.not_text");
  EXPECT_EQ(RuleFor("éééééééééééé"), "password.breached");  // One letter again and again.
}

TEST(PinCheck, RefusesPatternsAndBirthDates) {
  const auto rule = [](std::string_view pin) { return RuleOf(CheckPin(pin, 19850817)); };
  for (const char* pin : {"111111", "123456", "654321", "121212", "123123", "170885", "850817",
                          "081985", "198508", "246802"}) {
    EXPECT_EQ(rule(pin), "pin.too_easy") << pin;
  }
  for (const char* pin : {"", "12345", "1234567", "12345a", "१२३४५६"}) {
    EXPECT_EQ(rule(pin), "pin.not_six_digits") << pin;
  }
  EXPECT_EQ(rule("918273"), "");
}

}  // namespace
}  // namespace jaring
