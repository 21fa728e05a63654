#include "rules/identity.h"

#include <gtest/gtest.h>

#include <random>

namespace jaring {
namespace {

std::string NikError(std::string_view text, bool allow_fake = false) {
  const auto nik = Nik::Parse(text, allow_fake);
  return nik ? "" : nik.error().rule;
}

TEST(Nik, NamesTheFirstThingThatIsWrong) {
  EXPECT_EQ(NikError("3372011503900001"), "");
  EXPECT_EQ(NikError("337201150390001"), "nik.not_sixteen_digits");
  EXPECT_EQ(NikError("33720115039000010"), "nik.not_sixteen_digits");
  EXPECT_EQ(NikError("337201150390000O"), "nik.not_sixteen_digits");
  EXPECT_EQ(NikError("0072011599900000"), "nik.unknown_province");
  EXPECT_EQ(NikError("2072011503900001"), "nik.unknown_province");
  EXPECT_EQ(NikError("9872011503900001"), "nik.unknown_province");
  EXPECT_EQ(NikError("5472011503600001"), "");  // Issued in East Timor.
  EXPECT_EQ(NikError("3372013202900001"), "nik.impossible_date");
  EXPECT_EQ(NikError("3372010002900001"), "nik.impossible_date");
  EXPECT_EQ(NikError("3372014002900001"), "nik.impossible_date");
  EXPECT_EQ(NikError("3372017202900001"), "nik.impossible_date");
  EXPECT_EQ(NikError("3372013104900001"), "nik.impossible_date");
  EXPECT_EQ(NikError("3372011513900001"), "nik.impossible_date");
  EXPECT_EQ(NikError("3372012902900000"), "nik.impossible_date");
  EXPECT_EQ(NikError("3372012902920001"), "");
  EXPECT_EQ(NikError("3372012902000001"), "");  // 2000 was a leap year.
  EXPECT_EQ(NikError("3372011503900000"), "nik.serial_zero");
  EXPECT_EQ(NikError("3372011503900000", /*allow_fake=*/true), "");
}

TEST(Nik, KnowsSexAndBirth) {
  const Nik man = *Nik::Parse("3372011503900001", false);
  const Nik woman = *Nik::Parse("3372015503900001", false);
  EXPECT_EQ(man.sex(), Sex::kMale);
  EXPECT_EQ(woman.sex(), Sex::kFemale);
  EXPECT_TRUE(woman.AgreesWithBirth(Date::FromYearMonthDay(1990, 3, 15)));
  EXPECT_TRUE(man.AgreesWithBirth(Date::FromYearMonthDay(1990, 3, 15)));
  EXPECT_FALSE(man.AgreesWithBirth(Date::FromYearMonthDay(1990, 3, 16)));
  EXPECT_FALSE(man.AgreesWithBirth(Date::FromYearMonthDay(1990, 4, 15)));
  EXPECT_FALSE(man.AgreesWithBirth(Date::FromYearMonthDay(1991, 3, 15)));
}

TEST(Nik, IsMasked) {
  EXPECT_EQ(Nik::Parse("3372015503900001", false)->Masked(), "337201******0001");
}

TEST(MemberNumber, IsElevenDigitsOfPersonAndMembership) {
  const MemberNumber member{123'456'789, 7};
  EXPECT_EQ(member.ToString(), "12345678907");
  EXPECT_EQ(*MemberNumber::Parse("12345678907"), member);
  for (const char* text : {"", "1234567890", "123456789070", "01234567890", "12345678900",
                           "1234567890x", "-1234567890"}) {
    EXPECT_EQ(MemberNumber::Parse(text).error().rule, "member_number.malformed") << text;
  }
}

TEST(DammDigit, AgreesWithThePublishedExample) {
  EXPECT_EQ(DammDigit("572"), '4');
}

TEST(BillCode, CatchesEverySingleWrongDigitAndEverySwap) {
  std::mt19937_64 random(20260315);
  for (int i = 0; i < 200; ++i) {
    const MemberNumber member{
        static_cast<std::int64_t>(MemberNumber::kFirstPersonId + random() % 900'000'000),
        static_cast<int>(1 + random() % 99)};
    const std::string code = BillCodeOf(member);
    ASSERT_EQ(code.size(), 12u);
    ASSERT_EQ(*ParseBillCode(code), member);
    for (std::size_t at = 0; at < code.size(); ++at) {
      for (char digit = '0'; digit <= '9'; ++digit) {
        std::string wrong = code;
        wrong[at] = digit;
        ASSERT_EQ(ParseBillCode(wrong).has_value(), wrong == code) << wrong;
      }
      if (at > 0 && code[at] != code[at - 1]) {
        std::string swapped = code;
        std::swap(swapped[at], swapped[at - 1]);
        ASSERT_EQ(ParseBillCode(swapped).error().rule, "bill_code.check_digit") << swapped;
      }
    }
  }
}

TEST(BillCode, ReadsPrintedFormsAndRefusesOthers) {
  const MemberNumber member{100'000'000, 1};
  const std::string code = BillCodeOf(member);
  EXPECT_EQ(*ParseBillCode(code.substr(0, 4) + "-" + code.substr(4, 4) + " " + code.substr(8)),
            member);
  EXPECT_EQ(*ParseBillCode("  " + code + "\r\n"), member);
  for (const std::string& text : {std::string(), code.substr(1), code + "0", "-" + code, code + "-",
                                  code.substr(0, 6) + "." + code.substr(6), std::string("x")}) {
    EXPECT_EQ(ParseBillCode(text).error().rule, "bill_code.malformed") << text;
  }
  // The check digit is right, but no member has the number.
  EXPECT_EQ(ParseBillCode("000000000000").error().rule, "bill_code.malformed");
}

TEST(ParsePhone, MakesOneFormOfAllWaysToWriteIt) {
  for (const char* text : {"081234567890", "+62 812-3456-7890", "62812.3456.7890", "81234567890",
                           " 0812 3456 7890 "}) {
    const auto phone = ParsePhone(text);
    ASSERT_TRUE(phone.has_value()) << text;
    EXPECT_EQ(*phone, "6281234567890") << text;
  }
  EXPECT_EQ(*ParsePhone("0271-712345"), "62271712345");  // A fixed line in Surakarta.
}

TEST(ParsePhone, RefusesWhatCannotBeCalled) {
  for (const char* text :
       {"", "+", "0", "0812345", "081234567890123", "+0812345678", "+1 212 555 0100", "712345678",
        "0012345678", "0112345678", "0812x345678", "62081234567"}) {
    EXPECT_EQ(ParsePhone(text).error().rule, "phone.malformed") << text;
  }
}

}  // namespace
}  // namespace jaring
