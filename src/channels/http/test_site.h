#pragma once

// A small agency on a real database, for the tests of what the site answers.

#include <gtest/gtest.h>

#include <fstream>
#include <future>
#include <memory>

#include "channels/http/http_types.h"
#include "channels/text/messages.h"
#include "collection/bill.h"
#include "db/database_fixture.h"
#include "insight/verify.h"
#include "registry/agency.h"
#include "registry/enrolment.h"
#include "registry/group.h"
#include "rules/small_scheme.h"

namespace jaring {

/// Takes the answer of one request.
class AnswerBox final : public ResponseSink {
 public:
  void Deliver(std::optional<HttpResponse> response) override {
    promise_.set_value(response ? std::move(*response) : HttpResponse{.status = 0});
  }
  /// Waits for it. Status 0: the handler gave up.
  HttpResponse Take() {
    auto answer = promise_.get_future();
    if (answer.wait_for(std::chrono::minutes(2)) != std::future_status::ready) {
      ADD_FAILURE() << "nobody answered";
      return {.status = -1};
    }
    return answer.get();
  }

 private:
  std::promise<HttpResponse> promise_;
};

/// Runs a handler and waits for its answer.
inline HttpResponse AnswerTo(const HttpHandler& handler, const HttpRequest& request) {
  const auto box = std::make_shared<AnswerBox>();
  handler(request, Responder(box));
  return box->Take();
}

/// An agency with two regions, one branch, the group "pasar" and the partner "pos".
class TestSite {
 public:
  explicit TestSite(Database::Engine engine)
      : scratch_(engine),
        scheme_(MakeScheme()),
        sealer_(std::string(Sealer::kKeyBytes, 'k')),
        agency_{scheme_, sealer_, true},
        messages_(*Messages::Load(Source("data/messages.toml"))),
        page_texts_(*Messages::Load(Source("data/page_texts.toml"))) {
    Write("code,parent,name\n33,0,Jawa Tengah\n", "provinces.csv");
    Write("code,parent,name\n3372,33,Kota Surakarta\n", "regencies.csv");
    Write("code,parent,name\n337201,3372,Laweyan\n", "districts.csv");
    Write("code,parent,name\n3372011001,337201,Pajang\n", "villages.csv");
    Write("code,name,regencies,status\nsurakarta,Surakarta,3372,assumed\n", "branches.csv");
    Must(database().Write([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(CreateAgency(
          tx, agency_, {Source("migrations"), folder(), folder() / "branches.csv"}, now()));
      JARING_ASSIGN_OR_RETURN(const auto branch, FindBranch(tx, "surakarta"));
      JARING_RETURN_IF_ERROR(
          CreateGroup(tx, {.code = "pasar", .name = "Pasar", .branch_id = branch->branch_id}));
      JARING_RETURN_IF_ERROR(CreatePartner(tx, "pos", "Kantor Pos"));
      return Done{};
    }));
  }
  TestSite(const TestSite&) = delete;
  TestSite& operator=(const TestSite&) = delete;

  Database& database() { return scratch_.db(); }
  const Agency& agency() const { return agency_; }
  const Messages& messages() const { return messages_; }
  const Messages& page_texts() const { return page_texts_; }

  static std::filesystem::path Source(const std::string& path) {
    return std::filesystem::path(JARING_SOURCE_DIR) / path;
  }
  /// Noon of 15 March 2026 in Jakarta.
  static Instant now() {
    return Instant::FromMicros(Instant::StartOfDay(D(20260315)).micros() + 43'200'000'000);
  }
  static Nik NikOf(int n) {
    // Days 1 to 28, months 1 to 12, years from 70: each n is another NIK.
    const std::string birth = Two(n % 28 + 1) + Two(n / 28 % 12 + 1) + Two(70 + n / 336);
    return *Nik::Parse("337201" + birth + "0000", true);
  }
  static Date BirthOf(int n) {
    return *Date::ParseNumber((1970 + n / 336) * 10'000 + (n / 28 % 12 + 1) * 100 + n % 28 + 1);
  }

  /// Enrols people 0 to `count` - 1; a month costs each 75 rupiah.
  std::vector<MemberNumber> EnrolPeopleNow(int count) {
    std::vector<Enrolment> rows;
    rows.reserve(static_cast<std::size_t>(count));
    for (int n = 0; n < count; ++n) {
      rows.push_back({.nik = NikOf(n),
                      .name = "Siti Contoh",
                      .birth_date = BirthOf(n),
                      .sex = Sex::kMale,
                      .village_code = 3'372'011'001,
                      .trade = 1,
                      .income = Rp(1'000),
                      .programmes = kBasic});
    }
    std::vector<MemberNumber> members;
    Must(database().Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const auto outcomes, EnrolPeople(tx, agency_, {.now = now()}, rows));
      for (const EnrolmentOutcome& outcome : outcomes) {
        EXPECT_EQ(outcome.rule, "");
        members.push_back(outcome.member);
      }
      return Done{};
    }));
    return members;
  }

  /// The books after all that was done to them.
  VerifyReport Verified() {
    VerifyReport report;
    Must(database().Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(report, Verify(tx, agency_));
      return Done{};
    }));
    for (const Violation& violation : report.violations) {
      ADD_FAILURE() << violation.invariant << ": " << violation.subject;
    }
    return report;
  }

 private:
  static void Must(const Result<Done>& outcome) {
    if (!outcome) {
      ADD_FAILURE() << outcome.error().rule << ": " << outcome.error().detail;
    }
  }
  static std::string Two(int number) { return std::to_string(100 + number).substr(1); }
  static Scheme MakeScheme() {
    Scheme scheme = SmallScheme();
    scheme.sectors[0].code = "trade";
    scheme.trades.push_back({.number = 1, .code = "stall-keeper"});
    return scheme;
  }
  const std::filesystem::path& folder() const { return scratch_.folder(); }
  void Write(std::string_view text, const std::string& name) {
    std::ofstream(folder() / name, std::ios::binary) << text;
  }
  ScratchDatabase scratch_;
  const Scheme scheme_;
  const Sealer sealer_;
  const Agency agency_;
  const Messages messages_;
  const Messages page_texts_;
};

}  // namespace jaring
