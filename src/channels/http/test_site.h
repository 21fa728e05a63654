#pragma once

// A small agency on a real database, for the tests of what the site answers.

#include <gtest/gtest.h>

#include <fstream>
#include <future>
#include <memory>

#include "access/session.h"
#include "base/source_dir.h"
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
  static constexpr std::int64_t kPos = 4;  // After the agency's own three doors.

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
    return std::filesystem::path(SourceDir()) / path;
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

  void AddPartner(std::string_view code) {
    Must(database().Write([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(CreatePartner(tx, code, "Uji"));
      return Done{};
    }));
  }

  /// The token of somebody who is logged in with this role, for "Authorization: Bearer …". A staff
  /// user is made for it; other kinds need `id`.
  std::string LogIn(Role role, Scope scope, std::int64_t id = 0, bool second_factor = true) {
    OpenedSession opened;
    Must(database().Write([&](Tx& tx) -> Result<Done> {
      Principal who{.id = id, .role = role, .scope = scope, .second_factor = second_factor};
      who.kind = role == Role::kWorker    ? ActorKind::kWorker
                 : role == Role::kKiosk   ? ActorKind::kDevice
                 : role == Role::kPartner ? ActorKind::kPartnerClient
                                          : ActorKind::kStaffUser;
      if (who.kind == ActorKind::kStaffUser) {
        who.id = id != 0 ? id : ++last_user_;
        JARING_RETURN_IF_ERROR(
            tx.Run("INSERT INTO staff_user (user_id, email, name, password_hash, created_at)"
                   " VALUES ($1, $2, 'Uji', '', 0) ON CONFLICT (user_id) DO NOTHING",
                   {who.id, "user" + std::to_string(who.id) + "@contoh.id"}));
        JARING_RETURN_IF_ERROR(tx.Run(
            "INSERT INTO role_grant (grant_id, user_id, role, scope_kind, scope_id, granted_at)"
            " VALUES ($1, $2, $3, $4, $5, 0)",
            {++last_grant_, who.id, static_cast<std::int64_t>(role),
             static_cast<std::int64_t>(scope.kind), scope.id}));
      }
      if (scope.kind == ScopeKind::kPartner) {
        JARING_RETURN_IF_ERROR(
            tx.Run("INSERT INTO partner_client (client_id, public_id, partner_id, label,"
                   " allowed_addresses, requires_signature, created_at)"
                   " SELECT $1, $2, partner_id, '', '', 0, 0 FROM partner WHERE partner_id = $3"
                   " ON CONFLICT (client_id) DO NOTHING",
                   {who.id, "client-" + std::to_string(who.id), scope.id}));
      }
      JARING_ASSIGN_OR_RETURN(opened, OpenSession(tx, who, "test", now(), kDay));
      return Done{};
    }));
    return opened.token;
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
  static constexpr std::int64_t kDay = 86'400'000'000;
  const std::filesystem::path& folder() const { return scratch_.folder(); }
  void Write(std::string_view text, const std::string& name) {
    std::ofstream(folder() / name, std::ios::binary) << text;
  }
  ScratchDatabase scratch_;
  std::int64_t last_user_ = 1'000;
  std::int64_t last_grant_ = 1'000;
  const Scheme scheme_;
  const Sealer sealer_;
  const Agency agency_;
  const Messages messages_;
  const Messages page_texts_;
};

}  // namespace jaring
