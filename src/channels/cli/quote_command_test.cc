#include "channels/cli/quote_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <sstream>

#include "base/source_dir.h"
#include "channels/cli/column_table.h"
#include "scheme/scheme_loader.h"

namespace jaring {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kRoot = SourceDir();

struct Printed {
  int exit_code;
  std::string out;
  std::string err;
};

Printed RunQuote(const QuoteRequest& request, QuoteForm form = QuoteForm::kJson) {
  static const Scheme scheme = *LoadScheme(kRoot + "/schemes/id-bpu").scheme;
  static const Messages messages = *Messages::Load(kRoot + "/data/messages.toml");
  std::ostringstream out;
  std::ostringstream err;
  const int exit_code = Quote(scheme, messages, request, form, out, err);
  return {exit_code, out.str(), err.str()};
}

/// The request of the issue: a driver of 2.5 million from March 2026 for three months.
QuoteRequest Driver() {
  QuoteRequest request;
  request.income = 2'500'000;
  request.programmes = "JKK,JKM,JHT";
  request.sector = "transport";
  request.from = "2026-03";
  request.months = 3;
  request.today = Date::FromYearMonthDay(2026, 3, 2);

  return request;
}

boost::json::object Json(const QuoteRequest& request) {
  const Printed printed = RunQuote(request);
  EXPECT_EQ(printed.exit_code, 0) << printed.err;
  return boost::json::parse(printed.out).as_object();
}

TEST(Quote, PrintsTheShapePeopleBuildOn) {
  const std::string out = RunQuote(Driver()).out;
  EXPECT_THAT(out, HasSubstr(R"({"months":[{"month":"2026-03","programmes":)"
                             R"({"JKK":13000,"JKM":3400,"JHT":52000},"total":68400,"notes":[")"));
  EXPECT_THAT(out, HasSubstr(R"("total":205200})"));
  EXPECT_THAT(out, HasSubstr("pp50-2025:3"));
}

TEST(Quote, NamesTheReliefWithItsProgrammesAndSource) {
  const auto notes = Json(Driver())["months"].as_array()[0].at("notes").as_array();
  ASSERT_EQ(notes.size(), 1U);
  const std::string note(notes[0].as_string());
  EXPECT_THAT(note, HasSubstr("JKK,JKM: "));
  EXPECT_THAT(note, HasSubstr("pays 50 %"));
  EXPECT_THAT(note, HasSubstr("(S2+)"));
}

TEST(Quote, HoldsOnlyTheProgrammesAskedFor) {
  QuoteRequest request = Driver();
  request.programmes = "jkk, jkm";
  const auto month = Json(request)["months"].as_array()[0].as_object();
  EXPECT_EQ(month.at("programmes").as_object().size(), 2U);
  EXPECT_EQ(month.at("total").as_int64(), 16'400);
}

TEST(Quote, GivesNoReliefWhenAPublicBudgetPays) {
  QuoteRequest request = Driver();
  request.payer = "government";
  const auto month = Json(request)["months"].as_array()[0].as_object();
  EXPECT_EQ(month.at("total").as_int64(), 84'800);
  EXPECT_THAT(std::string(month.at("notes").as_array().at(0).as_string()),
              HasSubstr("no relief pp50-2025-transport"));
}

TEST(Quote, EndsTheReliefOfOtherSectorsWithTheYear) {
  QuoteRequest request = Driver();
  request.sector = "farming";
  request.from = "2026-12";
  request.months = 2;
  const auto months = Json(request)["months"].as_array();
  EXPECT_EQ(months[0].at("total").as_int64(), 68'400);
  EXPECT_EQ(months[1].at("total").as_int64(), 84'800);
  EXPECT_TRUE(months[1].at("notes").as_array().empty());
}

TEST(Quote, TakesThePaymentDayIntoAccount) {
  QuoteRequest request = Driver();
  request.paid_on = "2025-12-21";  // The day before the relief was enacted.
  EXPECT_EQ(Json(request)["months"].as_array()[0].at("total").as_int64(), 84'800);
}

TEST(Quote, AsksNewMembersForTwoFullMonthsInThePandemicRelief) {
  QuoteRequest request = Driver();
  request.programmes = "JKK,JKM";
  request.income = 1'000'000;
  request.from = "2020-09";
  request.today = Date::FromYearMonthDay(2020, 9, 5);
  EXPECT_EQ(Json(request)["months"].as_array()[0].at("total").as_int64(), 168);
  request.joined = "2020-09";
  const auto fresh = Json(request)["months"].as_array();
  EXPECT_EQ(fresh[1].at("total").as_int64(), 16'800);
  EXPECT_EQ(fresh[2].at("total").as_int64(), 168);
  request.joined = "2020-01";
  EXPECT_EQ(Json(request)["months"].as_array()[0].at("total").as_int64(), 168);
}

struct Wrong {
  const char* rule;
  void (*spoil)(QuoteRequest&);
};

TEST(Quote, RefusesWhatIsWrongWithARuleAndASentence) {
  const Wrong wrong_requests[] = {
      {"income.negative", [](QuoteRequest& r) { r.income = -1; }},
      {"money.out_of_range", [](QuoteRequest& r) { r.income = INT64_MAX; }},
      {"programmes.unknown", [](QuoteRequest& r) { r.programmes = "JKK,JP"; }},
      {"programmes.empty", [](QuoteRequest& r) { r.programmes = ""; }},
      {"programmes.compulsory_missing", [](QuoteRequest& r) { r.programmes = "JHT"; }},
      {"sector.unknown", [](QuoteRequest& r) { r.sector = "mars"; }},
      {"month.malformed", [](QuoteRequest& r) { r.from = "March"; }},
      {"month.malformed", [](QuoteRequest& r) { r.joined = "2026"; }},
      {"date.malformed", [](QuoteRequest& r) { r.paid_on = "today"; }},
      {"payer.unknown", [](QuoteRequest& r) { r.payer = "uncle"; }},
      {"quote.joined_after_start", [](QuoteRequest& r) { r.joined = "2026-04"; }},
      {"quote.months_out_of_range", [](QuoteRequest& r) { r.months = 0; }},
      {"quote.months_out_of_range", [](QuoteRequest& r) { r.months = 121; }},
      {"tariff.none_for_month", [](QuoteRequest& r) { r.from = "2015-06"; }},
      {"tariff.none_for_month", [](QuoteRequest& r) { r.from = "2999-11"; }},
  };
  for (const Wrong& wrong : wrong_requests) {
    QuoteRequest request = Driver();
    wrong.spoil(request);
    const Printed printed = RunQuote(request);
    EXPECT_EQ(printed.exit_code, 2) << wrong.rule;
    EXPECT_THAT(printed.err, ::testing::StartsWith(std::string(wrong.rule) + ": "));
    EXPECT_EQ(printed.out, "");
  }
}

TEST(Quote, PrintsATableThatFitsTheScreen) {
  QuoteRequest request = Driver();

  request.from = "2027-02";
  const Printed printed = RunQuote(request, QuoteForm::kTable);
  EXPECT_THAT(printed.out,
              HasSubstr("2027-02  13.000   3.400   52.000   68.400  pp50-2025-transport"));
  EXPECT_THAT(printed.out, HasSubstr("2027-04  26.000   6.800   52.000   84.800  –"));
  EXPECT_THAT(printed.out, HasSubstr("pp44-2015:annex2"));
  std::istringstream lines(printed.out);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(DisplayWidth(line), ColumnTable::kScreen) << line;
  }
}

}  // namespace
}  // namespace jaring
