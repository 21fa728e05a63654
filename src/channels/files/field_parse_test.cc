#include "channels/files/field_parse.h"

#include <gtest/gtest.h>

namespace jaring {
namespace {

template <typename T>
std::string RuleOf(const Result<T>& result) {
  return result ? "" : result.error().rule;
}

TEST(ParseAmountField, ReadsAmountsAsPeopleWriteThem) {
  const struct {
    const char* text;
    std::int64_t rupiah;
  } cases[] = {
      {"16800", 16'800},        {"16.800", 16'800},         {"Rp 16.800,00", 16'800},
      {"Rp16.800", 16'800},     {"rp. 16.800,-", 16'800},   {"IDR 16,800.00", 16'800},
      {"1.016.800", 1'016'800}, {"16,800,000", 16'800'000}, {"16800.00", 16'800},
      {"16800,0", 16'800},      {" 16800 ", 16'800},        {"-16800", -16'800},
      {"-Rp 16.800", -16'800},  {"Rp -16.800", -16'800},    {"0", 0},
      {"'16800", 16'800},       {"000016800", 16'800},      {"9000000000000000", Money::kMaxRupiah},
  };
  for (const auto& c : cases) {
    const auto amount = ParseAmountField(c.text);
    ASSERT_TRUE(amount) << c.text << " " << amount.error().rule;
    EXPECT_EQ(amount->rupiah(), c.rupiah) << c.text;
  }
}

TEST(ParseAmountField, RefusesWhatCouldBeTwoAmounts) {
  const struct {
    const char* text;
    const char* rule;
  } cases[] = {
      {"", "amount.missing"},
      {"16,800", "amount.ambiguous"},
      {"16.80", "amount.ambiguous"},
      {"16800,50", "amount.fraction"},
      {"16.800,50", "amount.fraction"},
      {"16,800.50", "amount.fraction"},
      {"1.6800", "amount.malformed"},
      {"1680.000", "amount.malformed"},
      {"16.80.000", "amount.malformed"},
      {"16.800,000", "amount.malformed"},
      {"1.6.800,00", "amount.malformed"},
      {"dua ribu", "amount.malformed"},
      {"2 juta", "amount.malformed"},
      {"--5", "amount.malformed"},
      {"Rp", "amount.malformed"},
      {"-", "amount.malformed"},
      {".", "amount.malformed"},
      {",-", "amount.malformed"},
      {"1E5", "amount.malformed"},
      {"0.168", "amount.malformed"},
      {"9000000000000001", "amount.too_large"},
      {"99999999999999999999999", "amount.too_large"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(RuleOf(ParseAmountField(c.text)), c.rule) << c.text;
  }
}

TEST(ParseIncomeField, IsAnAmountAboveNothing) {
  EXPECT_EQ(ParseIncomeField("Rp 2.500.000")->rupiah(), 2'500'000);
  EXPECT_EQ(RuleOf(ParseIncomeField("0")), "income.not_positive");
  EXPECT_EQ(RuleOf(ParseIncomeField("-1")), "income.not_positive");
  EXPECT_EQ(RuleOf(ParseIncomeField("2,500")), "income.ambiguous");
  EXPECT_EQ(RuleOf(ParseIncomeField("")), "income.missing");
}

TEST(ParseDateField, ReadsDatesAsPeopleWriteThem) {
  for (const char* text :
       {"1990-05-17", "1990/05/17", "17/05/1990", "17-05-1990", "17.5.1990", "17 Mei 1990",
        "17 may 1990", "17-Mei-1990", "17  MEI  1990", "1990-05-17 00:00:00", "1990-05-17T00:00:00",
        " 17/5/1990 ", "'17/05/1990"}) {
    const auto date = ParseDateField(text);
    ASSERT_TRUE(date) << text;
    EXPECT_EQ(date->ToString(), "1990-05-17") << text;
  }
  EXPECT_EQ(ParseDateField("1 Pebruari 2001")->ToString(), "2001-02-01");
  EXPECT_EQ(ParseDateField("3 Agt 2001")->ToString(), "2001-08-03");
  EXPECT_EQ(ParseDateField("03/04/2001")->ToString(), "2001-04-03");
}

TEST(ParseDateField, NamesWhatIsWrong) {
  const struct {
    const char* text;
    const char* rule;
  } cases[] = {
      {"", "date.missing"},
      {"17/05/90", "date.two_digit_year"},
      {"17 Mei 90", "date.two_digit_year"},
      {"31/02/1990", "date.impossible"},
      {"05/17/1990", "date.impossible"},
      {"0/5/1990", "date.impossible"},
      {"1990", "date.malformed"},
      {"17 Mai 1990", "date.malformed"},
      {"17/05/1990/1", "date.malformed"},
      {"1899-05-17", "date.malformed"},
      {"17051990", "date.malformed"},
      {"Surakarta, 17 Mei 1990", "date.malformed"},
      {"1990-005-17", "date.malformed"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(RuleOf(ParseDateField(c.text)), c.rule) << c.text;
  }
}

TEST(ParsePaidAtField, ReadsPartnersMoments) {
  EXPECT_EQ(ParsePaidAtField("2026-03-15T02:30:00Z")->ToString(), "2026-03-15T02:30:00Z");
  EXPECT_EQ(ParsePaidAtField("2026-03-15 09:30")->ToString(), "2026-03-15T02:30:00Z");
  EXPECT_EQ(ParsePaidAtField("15/03/2026 09:30")->ToString(), "2026-03-15T02:30:00Z");
  EXPECT_EQ(ParsePaidAtField("15 Maret 2026 09:30:00")->ToString(), "2026-03-15T02:30:00Z");
  EXPECT_EQ(ParsePaidAtField("15-03-2026")->ToString(), "2026-03-14T17:00:00Z");
  EXPECT_EQ(RuleOf(ParsePaidAtField("kemarin")), "paid_at.malformed");
  EXPECT_EQ(RuleOf(ParsePaidAtField("15/03/2026 25:00")), "paid_at.malformed");
  EXPECT_EQ(RuleOf(ParsePaidAtField("")), "paid_at.missing");
}

TEST(ParseSexField, PIsPerempuanAndMIsMale) {
  for (const char* text : {"L", "l", "Laki-laki", "LAKI LAKI", "pria", "M", "male", "Lk."}) {
    EXPECT_EQ(*ParseSexField(text), Sex::kMale) << text;
  }
  for (const char* text : {"P", "Perempuan", "wanita", "F", "female", "Pr"}) {
    EXPECT_EQ(*ParseSexField(text), Sex::kFemale) << text;
  }
  EXPECT_EQ(RuleOf(ParseSexField("X")), "sex.unknown");
  EXPECT_EQ(RuleOf(ParseSexField("")), "sex.missing");
}

TEST(ParseNikField, ForgivesSpacingAndNamesLostDigits) {
  for (const char* text : {"3372011705900001", "'3372011705900001", "3372 0117 0590 0001",
                           "33.72.01.170590.0001", "337201-170590-0001"}) {
    const auto nik = ParseNikField(text, /*allow_fake=*/false);
    ASSERT_TRUE(nik) << text;
    EXPECT_EQ(nik->Reveal(), "3372011705900001");
  }
  EXPECT_EQ(RuleOf(ParseNikField("3.37201E+15", true)), "nik.lost_digits");
  EXPECT_EQ(RuleOf(ParseNikField("", true)), "nik.missing");
  EXPECT_EQ(RuleOf(ParseNikField("337201170590001", true)), "nik.not_sixteen_digits");
  EXPECT_EQ(RuleOf(ParseNikField("3372011705900000", false)), "nik.serial_zero");
  EXPECT_TRUE(ParseNikField("3372011705900000", true));
}

TEST(ParseNameField, TidiesSpacesAndRefusesNumbers) {
  EXPECT_EQ(*ParseNameField("  Siti \t Rahayu\n"), "Siti Rahayu");
  EXPECT_EQ(*ParseNameField("H. Abd. Rahman, S.Pd"), "H. Abd. Rahman, S.Pd");
  EXPECT_EQ(RuleOf(ParseNameField(" ")), "name.missing");
  EXPECT_EQ(RuleOf(ParseNameField("Bud1")), "name.not_a_name");
  EXPECT_EQ(RuleOf(ParseNameField("---")), "name.not_a_name");
  EXPECT_EQ(RuleOf(ParseNameField(std::string(101, 'x'))), "name.too_long");
}

TEST(ParsePhoneField, ForgivesSpreadsheets) {
  for (const char* text : {"081234567890", "+62 812-3456-7890", "81234567890", "(0812)34567890"}) {
    const auto phone = ParsePhoneField(text);
    ASSERT_TRUE(phone) << text;
    EXPECT_EQ(**phone, "6281234567890");
  }
  EXPECT_FALSE(ParsePhoneField("")->has_value());
  EXPECT_FALSE(ParsePhoneField("-")->has_value());
  EXPECT_EQ(RuleOf(ParsePhoneField("8.12E+10")), "phone.lost_digits");
  EXPECT_EQ(RuleOf(ParsePhoneField("12")), "phone.malformed");
}

TEST(ParseVillageField, TakesTheCodeWithOrWithoutDots) {
  EXPECT_EQ(*ParseVillageField("33.72.01.1001"), 3'372'011'001);
  EXPECT_EQ(*ParseVillageField("3372011001"), 3'372'011'001);
  for (const char* text : {"33.72.01", "Pajang", "33720110011", "337201.1001", "0372011001"}) {
    EXPECT_EQ(RuleOf(ParseVillageField(text)), "village_code.malformed") << text;
  }
}

TEST(ParseLanguageField, TakesCodesAndNames) {
  EXPECT_EQ(*ParseLanguageField(""), "id");
  EXPECT_EQ(*ParseLanguageField("Bahasa Jawa"), "jv");
  EXPECT_EQ(*ParseLanguageField("MAD"), "mad");
  EXPECT_EQ(*ParseLanguageField("Sunda"), "su");
  EXPECT_EQ(RuleOf(ParseLanguageField("klingon")), "language.unknown");
}

TEST(ParseReferenceField, IsPrintableAndShort) {
  EXPECT_EQ(*ParseReferenceField(" POS-1/2 "), "POS-1/2");
  EXPECT_EQ(RuleOf(ParseReferenceField("")), "reference.missing");
  EXPECT_EQ(RuleOf(ParseReferenceField("a b")), "reference.malformed");
  EXPECT_EQ(RuleOf(ParseReferenceField(std::string(65, 'x'))), "reference.too_long");
}

}  // namespace
}  // namespace jaring
