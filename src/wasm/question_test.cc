#include "wasm/question.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/small_scheme.h"

namespace jaring {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Pair;

Answers Ask(std::string_view kind, std::string_view lines) {
  return AnswerQuestion(SmallScheme(), kind, Givens::FromLines(lines));
}

std::string ErrorOf(const Answers& answers) {
  return answers.size() == 1 && answers[0].first == "error" ? answers[0].second : "";
}

// SmallScheme's sectors have no codes: the empty word is the first.
constexpr std::string_view kTerms = "income 1000\nprogrammes JKK,JKM\nsector\n";

TEST(Givens, ReadsLinesAndKeepsRepeatedKeys) {
  const Givens givens = Givens::FromLines(" income 5 \r\n\n\tphone 0812 3456\r\nincome 6");
  EXPECT_EQ(givens.Find("income"), "5");
  EXPECT_EQ(givens.Find("phone"), "0812 3456");
  EXPECT_THAT(givens.All("income"), ElementsAre("5", "6"));
  EXPECT_EQ(givens.Get("birth").error().rule, "question.given_missing");
}

TEST(AnswerQuestion, PricesAMonth) {
  const std::string lines = std::string(kTerms) + "month 2026-03\npaid 2026-03-01";
  EXPECT_THAT(Ask("price", lines),
              ElementsAre(Pair("JKK", "50"), Pair("JKM", "25"), Pair("total", "75"),
                          Pair("full", "150"), Pair("relief", "half")));
}

TEST(AnswerQuestion, SaysWhatIsWrongWithTheQuestion) {
  const std::string terms(kTerms);
  EXPECT_EQ(ErrorOf(Ask("weather", "")), "question.unknown_kind");
  EXPECT_EQ(ErrorOf(Ask("price", "")), "question.given_missing");
  EXPECT_EQ(ErrorOf(Ask("price", terms + "month 2026-13\npaid 2026-03-01")), "month.malformed");
  EXPECT_EQ(ErrorOf(Ask("price", "income 1e3")), "money.malformed");
  EXPECT_EQ(ErrorOf(Ask("price", terms + "payer neighbour")), "payer.unknown");
  EXPECT_EQ(ErrorOf(Ask("bill", terms + "paid 2026-03-01\nmonths 99999999999")),
            "bill.months_out_of_range");
  EXPECT_EQ(ErrorOf(Ask("purchase", terms + "months-paid 2026-03..2026-01\npaid 2026-03-01")),
            "month.malformed");
  EXPECT_EQ(ErrorOf(Ask("purchase", terms + "money 1\npaid 2026-03-01")), "question.given_missing");
  for (const char* membership : {"1", "x JKK 2026-01..2026-02", "1 JKK unpaid since",
                                 "0 JKK unpaid", "1 JKK unpaid since 2026-01-01"}) {
    EXPECT_EQ(ErrorOf(Ask("cover", "on 2026-03-01\nmembership " + std::string(membership))),
              "question.membership_malformed")
        << membership;
  }
}

TEST(AnswerQuestion, TellsWhoIsCovered) {
  const Answers answers =
      Ask("cover", "on 2026-03-01\nmembership 1 JKK,JKM 2026-03..2026-04 from 2026-03-01");
  EXPECT_THAT(answers, Contains(Pair("JKK", "active")));
  EXPECT_THAT(answers, Contains(Pair("months-paid", "2026-03,2026-04")));
}

TEST(AnswersJson, IsAnObjectOfStrings) {
  EXPECT_EQ(AnswersJson({{"a", "1"}, {"b.c", "x,y"}}), R"({"a":"1","b.c":"x,y"})");
  EXPECT_EQ(AnswersJson({}), "{}");
}

}  // namespace
}  // namespace jaring
