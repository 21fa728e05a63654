// Care of people's data at the HTTP door: two persons for what matters, and a trace of everything.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "access/audit.h"
#include "access/person_place.h"
#include "channels/http/care_routes.h"
#include "channels/http/json_body.h"
#include "channels/http/person_export.h"
#include "channels/http/test_site.h"
#include "collection/member_view.h"
#include "collection/payment.h"
#include "registry/person_phone.h"
#include "registry/person_search.h"

namespace jaring {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr Scope kBranch = {ScopeKind::kBranch, 1};
constexpr Scope kNation = {ScopeKind::kNation, 0};

class CareApiTest : public testing::TestWithParam<Database::Engine> {
 protected:
  void SetUp() override {
    if (!ScratchDatabase::IsAvailable(GetParam())) {
      GTEST_SKIP() << "JARING_TEST_POSTGRES is not set; run under tests/with_postgres.sh";
    }
    site_.emplace(GetParam());
    parts_.emplace(SiteParts{.database = site_->database(),
                             .agency = site_->agency(),
                             .messages = site_->messages(),
                             .page_texts = site_->page_texts(),
                             .now = [] { return TestSite::now(); },
                             .secret = std::string(32, 's'),
                             .openapi = ""});
    gate_.emplace(*parts_);
    AddCareRoutes(router_, *gate_, *parts_);
    members_ = site_->EnrolPeopleNow(3);
    staff_ = site_->LogIn(Role::kBranchStaff, kBranch, 11);
    approver_ = site_->LogIn(Role::kApprover, kNation, 12);
    auditor_ = site_->LogIn(Role::kAuditor, kNation, 13);
  }

  HttpResponse Ask(HttpMethod method, const std::string& path, const std::string& token,
                   const std::string& body = "") {
    const Router::Match match = router_.Find(method, path);
    if (match.route == nullptr) {
      ADD_FAILURE() << "no route for " << path;
      return {};
    }
    const std::string bearer = "Bearer " + token;
    const std::string key = "key-" + std::to_string(++asked_);
    const std::vector<HttpHeader> headers = {
        {"Authorization", bearer}, {"Content-Type", "application/json"}, {"Idempotency-Key", key}};
    return AnswerTo(match.route->handler, {.method = method,
                                           .path = path,
                                           .headers = headers,
                                           .body = body,
                                           .parameters = match.parameters,
                                           .request_id = key});
  }
  HttpResponse Get(const std::string& path, const std::string& token) {
    return Ask(HttpMethod::kGet, path, token);
  }
  HttpResponse Post(const std::string& path, const std::string& token, const std::string& body) {
    return Ask(HttpMethod::kPost, path, token, body);
  }

  /// The number of the request that was asked for.
  std::string Asked(const HttpResponse& response) {
    EXPECT_EQ(response.status, 202) << response.body;
    const auto json = ParseJson(response.body);
    return json && !json->members.empty() ? std::to_string(json->members[0].value.integer) : "0";
  }
  HttpResponse Decide(const std::string& approval, const std::string& token,
                      const std::string& decision = "approve", const std::string& reason = "ok") {
    return Post("/v1/approvals/" + approval + "/decisions", token,
                R"({"decision":")" + decision + R"(","reason":")" + reason + "\"}");
  }

  void Pay(const MemberNumber& member, const std::string& reference, std::int64_t rupiah) {
    const PaymentRequest request{.partner_id = TestSite::kPos,
                                 .reference = reference,
                                 .member = member,
                                 .nik = {},
                                 .code_as_sent = "",
                                 .amount = Rp(rupiah),
                                 .paid_at = TestSite::now()};
    Must([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(
          const auto outcomes,
          PostPayments(tx, site_->agency(), std::span(&request, 1), TestSite::now()));
      EXPECT_EQ(outcomes[0].status, PaymentStatus::kPosted) << outcomes[0].rule;
      return Done{};
    });
  }

  MemberView View(const MemberNumber& member) {
    MemberView view;
    Must([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(
          view, ViewMember(tx, site_->agency(), {member, TestSite::now().JakartaDate(), {}}));
      return Done{};
    });
    return view;
  }

  std::optional<std::int64_t> WhoHas(const Nik& nik) {
    std::optional<std::int64_t> person;
    Must([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(person, FindPersonByNik(tx, site_->agency(), nik));
      return Done{};
    });
    return person;
  }

  /// Whom a search finds: one person, or 0.
  std::int64_t Search(const PersonQuery& query) {
    std::vector<std::int64_t> found;
    Must([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(found, FindPeople(tx, site_->agency(), query));
      return Done{};
    });
    return found.size() == 1 ? found.front() : 0;
  }

  void Must(const std::function<Result<Done>(Tx&)>& work) {
    const auto done = site_->database().Write(work);
    ASSERT_TRUE(done) << done.error().rule << ": " << done.error().detail;
  }

  std::string PathOf(std::size_t n, const std::string& what) const {
    return "/v1/people/" + std::to_string(members_[n].person_id) + "/" + what;
  }

  std::optional<TestSite> site_;
  std::optional<SiteParts> parts_;
  std::optional<Gate> gate_;
  Router router_;
  std::vector<MemberNumber> members_;
  std::string staff_;
  std::string approver_;
  std::string auditor_;
  int asked_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Each, CareApiTest,
                         ::testing::Values(Database::Engine::kSqlite, Database::Engine::kPostgres),
                         EngineName);

TEST_P(CareApiTest, AReversalTakesTwoPersons) {
  Pay(members_[0], "A-1", 75);
  const std::string body = R"({"partner":"pos","reference":"A-1","reason":"paid twice"})";
  const std::string approval = Asked(Post("/v1/reversals", staff_, body));
  EXPECT_EQ(View(members_[0]).coverage.months_paid.size(), 1u);
  EXPECT_THAT(Post("/v1/reversals", staff_, body).body, HasSubstr("approval.waiting_already"));
  EXPECT_EQ(Decide(approval, staff_).status, 403);
  const std::string same_person = site_->LogIn(Role::kApprover, kBranch, 11);
  EXPECT_THAT(Decide(approval, same_person).body, HasSubstr("approval.same_person"));
  EXPECT_EQ(Decide(approval, approver_).status, 200);
  EXPECT_TRUE(View(members_[0]).coverage.months_paid.empty());
  EXPECT_THAT(Decide(approval, approver_).body, HasSubstr("approval.decided_already"));
  EXPECT_THAT(Post("/v1/reversals", staff_, body).body, HasSubstr("reversal.done_already"));
  site_->Verified();
}

TEST_P(CareApiTest, ARefusalDoesNothingAndNeedsAReason) {
  Pay(members_[0], "A-1", 75);
  const std::string approval = Asked(Post(
      "/v1/reversals", staff_, R"({"partner":"pos","reference":"A-1","reason":"paid twice"})"));
  EXPECT_THAT(Decide(approval, approver_, "refuse", "").body, HasSubstr("approval.reason_missing"));
  EXPECT_EQ(Decide(approval, approver_, "refuse", "was right").status, 200);
  EXPECT_EQ(View(members_[0]).coverage.months_paid.size(), 1u);
}

TEST_P(CareApiTest, ApprovalsOfAnotherBranchAreUnknown) {
  Pay(members_[0], "A-1", 75);
  const std::string approval = Asked(Post(
      "/v1/reversals", staff_, R"({"partner":"pos","reference":"A-1","reason":"paid twice"})"));
  const std::string elsewhere = site_->LogIn(Role::kApprover, {ScopeKind::kBranch, 2}, 21);
  EXPECT_EQ(Decide(approval, elsewhere).status, 404);
  EXPECT_EQ(Get("/v1/approvals/" + approval, elsewhere).status, 404);
  EXPECT_THAT(Get("/v1/approvals", elsewhere).body, HasSubstr("\"approvals\":[]"));
  EXPECT_THAT(Get("/v1/approvals", approver_).body, HasSubstr("payment pos A-1"));
  EXPECT_THAT(Get("/v1/approvals/" + approval, approver_).body,
              HasSubstr("\"payload\":{\"partner\":\"pos\""));
}

TEST_P(CareApiTest, APartnerAsksForItsOwnPaymentsOnly) {
  Pay(members_[0], "A-1", 75);
  const std::string body = R"({"partner":"pos","reference":"A-1","reason":"cashier's mistake"})";
  const std::string other = site_->LogIn(Role::kPartner, {ScopeKind::kPartner, 2}, 5);
  // Whether the reference is there cannot be told.
  const HttpResponse refused = Post("/v1/reversals", other, body);
  EXPECT_THAT(refused.body, HasSubstr("partner.unknown"));
  EXPECT_EQ(Post("/v1/reversals", other,
                 R"({"partner":"pos","reference":"none","reason":"cashier's mistake"})")
                .body,
            refused.body);
  const std::string own = site_->LogIn(Role::kPartner, {ScopeKind::kPartner, TestSite::kPos}, 6);
  EXPECT_EQ(Post("/v1/reversals", own, body).status, 202);
}

TEST_P(CareApiTest, ACorrectionChangesTheRegisterOnceApproved) {
  const Nik right = TestSite::NikOf(700);
  const std::string body = R"({"changes":{"nik":")" + right.Reveal() +
                           R"(","name":"Siti Benar","phone":"081234567890"},)" +
                           R"("reason":"typing mistake","evidence":"KTP seen",)" +
                           R"("consent_text_version":"helper-1"})";
  const std::string approval = Asked(Post(PathOf(0, "corrections"), staff_, body));
  EXPECT_FALSE(WhoHas(right));
  // Who decides sees what it becomes; an auditor sees that it was asked.
  EXPECT_THAT(Get("/v1/approvals/" + approval, approver_).body, HasSubstr(right.Reveal()));
  const std::string shown = Get("/v1/approvals/" + approval, auditor_).body;
  EXPECT_THAT(shown, Not(HasSubstr(right.Reveal())));
  EXPECT_THAT(shown, HasSubstr("KTP seen"));
  EXPECT_EQ(Decide(approval, approver_).status, 200);
  EXPECT_EQ(WhoHas(right), members_[0].person_id);
  EXPECT_FALSE(WhoHas(TestSite::NikOf(0)));
  EXPECT_THAT(Get(PathOf(0, "corrections"), staff_).body, HasSubstr(right.Reveal()));
  const std::string masked = Get(PathOf(0, "corrections"), auditor_).body;
  EXPECT_THAT(masked, Not(HasSubstr(right.Reveal())));
  EXPECT_THAT(masked, Not(HasSubstr("Siti Benar")));
  EXPECT_EQ(View(members_[0]).member, members_[0]);  // The numbers stay.
  site_->Verified();
}

TEST_P(CareApiTest, TwoPersonsNeverGetOneNik) {
  const std::string body = R"({"changes":{"nik":")" + TestSite::NikOf(1).Reveal() +
                           R"("},"reason":"x","consent_text_version":"helper-1"})";
  EXPECT_THAT(Post(PathOf(0, "corrections"), staff_, body).body,
              HasSubstr("correction.nik_of_another"));
  const std::string nothing = R"({"changes":{},"reason":"x","consent_text_version":"helper-1"})";
  EXPECT_THAT(Post(PathOf(0, "corrections"), staff_, nothing).body,
              HasSubstr("correction.nothing_changes"));
}

TEST_P(CareApiTest, AMergeLeadsToTheKeptPersonAndCanBeUndone) {
  Pay(members_[0], "A-1", 150);
  Pay(members_[1], "A-2", 75);
  EXPECT_EQ(Get(PathOf(1, "corrections"), staff_).status, 200);  // Only she was looked at.
  const std::string looked = R"("what":"person:read")";
  EXPECT_THAT(Get(PathOf(0, "looks"), auditor_).body, Not(HasSubstr(looked)));
  const std::string body = R"({"keep":)" + std::to_string(members_[0].person_id) + R"(,"merge":)" +
                           std::to_string(members_[1].person_id) + R"(,"reason":"one person"})";
  EXPECT_EQ(Decide(Asked(Post("/v1/merges", staff_, body)), approver_).status, 200);
  EXPECT_EQ(WhoHas(TestSite::NikOf(1)), members_[0].person_id);
  EXPECT_EQ(Search({.nik = TestSite::NikOf(1)}), members_[0].person_id);
  EXPECT_EQ(Search({.member = members_[1]}), members_[0].person_id);
  EXPECT_EQ(View(members_[1]).member, members_[0]);
  EXPECT_EQ(View(members_[0]).credit, Rp(75));  // March was paid twice.
  Pay(members_[1], "A-3", 75);                  // Her old number goes on being accepted.
  EXPECT_EQ(View(members_[0]).coverage.months_paid.size(), 4u);
  site_->Verified();
  // Her old number leads to the kept person, and who looked at either is told.
  const std::string kept = std::to_string(members_[0].person_id);
  const HttpResponse looks = Get(PathOf(1, "looks"), auditor_);
  EXPECT_THAT(looks.body, HasSubstr("\"person_id\":" + kept));
  EXPECT_THAT(looks.body, HasSubstr(looked));
  EXPECT_THAT(Get(PathOf(1, "corrections"), staff_).status, 200);
  const std::string undo =
      Asked(Post("/v1/merges/1/undo", staff_, R"({"reason":"two after all"})"));
  EXPECT_EQ(Decide(undo, approver_).status, 200);
  EXPECT_EQ(View(members_[0]).coverage.months_paid.size(), 2u);
  EXPECT_EQ(View(members_[1]).coverage.months_paid.size(), 2u);
  site_->Verified();
}

TEST_P(CareApiTest, WithdrawnConsentEndsAnAgentsReach) {
  const std::string agent = site_->LogIn(Role::kAgent, {ScopeKind::kAgent, 31}, 31);
  const std::string worker =
      site_->LogIn(Role::kWorker, {ScopeKind::kSelf, members_[0].person_id}, members_[0].person_id);
  const auto change = [&](const std::string& decision) {
    return Post(PathOf(0, "consents"), worker,
                R"({"kind":"helper","helper_id":31,"decision":")" + decision +
                    R"(","text_version":"2026-1"})");
  };
  EXPECT_EQ(Get(PathOf(0, "consents"), agent).status, 404);
  EXPECT_EQ(change("give").status, 201);
  EXPECT_EQ(Get(PathOf(0, "consents"), agent).status, 200);
  EXPECT_THAT(change("give").body, HasSubstr("consent.no_change"));
  EXPECT_EQ(change("withdraw").status, 201);
  EXPECT_EQ(Get(PathOf(0, "consents"), agent).status, 404);
  EXPECT_EQ(change("give").status, 201);
  EXPECT_EQ(Get(PathOf(0, "consents"), agent).status, 200);
}

TEST_P(CareApiTest, HelpersActOnlyWithConsentThatIsRecorded) {
  const std::string agent = site_->LogIn(Role::kAgent, {ScopeKind::kAgent, 31}, 31);
  const std::string bare = R"({"changes":{"name":"Siti Benar"},"reason":"as on the card"})";
  const std::string agreed = R"({"changes":{"name":"Siti Benar"},"reason":"as on the card",)"
                             R"("consent_text_version":"helper-1"})";
  EXPECT_THAT(Post(PathOf(0, "corrections"), staff_, bare).body,
              HasSubstr("consent.helper_needed"));
  EXPECT_THAT(Get(PathOf(0, "consents"), staff_).body, HasSubstr("\"consents\":[]"));
  EXPECT_EQ(Post(PathOf(0, "corrections"), staff_, agreed).status, 202);
  const std::string noted = Get(PathOf(0, "consents"), staff_).body;
  EXPECT_THAT(noted, HasSubstr("\"helper_id\":11"));
  EXPECT_THAT(noted, HasSubstr("\"door\":\"counter\""));
  EXPECT_THAT(noted, HasSubstr("\"text_version\":\"helper-1\""));
  // Consent for one helper is none for another, and words in a request give no reach.
  EXPECT_EQ(Post(PathOf(0, "corrections"), agent, agreed).status, 404);
  // Claims officers act for the agency.
  const std::string officer = site_->LogIn(Role::kClaimsOfficer, kBranch, 14);
  EXPECT_EQ(Post(PathOf(1, "corrections"), officer, bare).status, 202);
}

TEST_P(CareApiTest, WithoutConsentAHelperNotesNothingElse) {
  const std::string agent = site_->LogIn(Role::kAgent, {ScopeKind::kAgent, 31}, 31);
  site_->LogIn(Role::kAgent, {ScopeKind::kAgent, 32}, 32);
  Must([&](Tx& tx) { return NotePersonOfAgent(tx, members_[0].person_id, 31, TestSite::now()); });
  const auto change = [&](const std::string& what) {
    return Post(PathOf(0, "consents"), agent,
                "{" + what + R"(,"decision":"give","text_version":"helper-1"})");
  };
  EXPECT_THAT(change(R"("kind":"research")").body, HasSubstr("consent.helper_needed"));
  EXPECT_THAT(change(R"("kind":"helper","helper_id":32)").body,
              HasSubstr("consent.helper_not_own"));
  EXPECT_EQ(change(R"("kind":"helper","helper_id":31)").status, 201);
  EXPECT_EQ(change(R"("kind":"research")").status, 201);
}

TEST_P(CareApiTest, AWorkerSeesWhoLookedAndStaffNamesAreMasked) {
  EXPECT_EQ(Get(PathOf(0, "corrections"), staff_).status, 200);
  const std::string worker =
      site_->LogIn(Role::kWorker, {ScopeKind::kSelf, members_[0].person_id}, members_[0].person_id);
  const std::string own = Get(PathOf(0, "looks"), worker).body;
  EXPECT_THAT(own, HasSubstr("branch-staff"));
  EXPECT_THAT(own, HasSubstr("Surakarta"));
  EXPECT_THAT(own, Not(HasSubstr("\"Uji\"")));
  EXPECT_THAT(Get(PathOf(0, "looks"), auditor_).body, HasSubstr("\"Uji\""));
  EXPECT_EQ(Get(PathOf(1, "looks"), worker).status, 404);
  EXPECT_EQ(Get(PathOf(0, "looks"), staff_).status, 403);
}

TEST_P(CareApiTest, TheAuditTrailIsForAuditors) {
  EXPECT_EQ(Get(PathOf(0, "corrections"), staff_).status, 200);
  EXPECT_EQ(Get("/v1/audit", staff_).status, 403);
  EXPECT_EQ(Get("/v1/audit", approver_).status, 403);
  EXPECT_THAT(Get("/v1/audit", auditor_).body, HasSubstr("person:read"));
  const std::string regional = site_->LogIn(Role::kAuditor, {ScopeKind::kRegion, 3372}, 31);
  EXPECT_EQ(Get("/v1/audit", regional).status, 403);  // The trail is the whole agency's.
}

TEST_P(CareApiTest, ThereIsNothingOfAPersonThereIsNot) {
  const std::string nation = site_->LogIn(Role::kBranchStaff, {ScopeKind::kNation, 0}, 32);
  const std::string consent = R"({"kind":"messages","decision":"give","text_version":"1"})";
  for (const std::string part : {"corrections", "consents", "export", "export.pdf"}) {
    EXPECT_EQ(Get("/v1/people/999999999/" + part, nation).status, 404) << part;
  }
  EXPECT_EQ(Post("/v1/people/999999999/consents", nation, consent).status, 404);
  Pay(members_[0], "A-1", 75);
  const std::string taken = R"({"partner":"pos","reference":"A-1","reason":"paid twice"})";
  Decide(Asked(Post("/v1/reversals", staff_, taken)), approver_);
  const std::string elsewhere = site_->LogIn(Role::kBranchStaff, {ScopeKind::kBranch, 2}, 33);
  EXPECT_EQ(Post("/v1/reversals", elsewhere, taken).status, 404);
}

TEST_P(CareApiTest, TheExportHoldsThePersonAndIsNoted) {
  Pay(members_[0], "A-1", 75);
  EXPECT_THAT(Get(PathOf(0, "export"), staff_).body, HasSubstr("consent.helper_needed"));
  EXPECT_EQ(Post(PathOf(0, "consents"), staff_,
                 R"({"kind":"helper","helper_id":11,"decision":"give","text_version":"helper-1"})")
                .status,
            201);
  const HttpResponse json = Get(PathOf(0, "export"), staff_);
  EXPECT_EQ(json.status, 200);
  EXPECT_TRUE(ParseJson(json.body));
  EXPECT_THAT(json.body, HasSubstr(TestSite::NikOf(0).Reveal()));
  EXPECT_THAT(json.body, HasSubstr("\"reference\":\"A-1\""));
  const HttpResponse pdf = Get(PathOf(0, "export.pdf"), staff_);
  EXPECT_EQ(pdf.body.substr(0, 5), "%PDF-");
  EXPECT_EQ(Get(PathOf(0, "export"), auditor_).status, 403);
  const std::string worker =
      site_->LogIn(Role::kWorker, {ScopeKind::kSelf, members_[0].person_id}, members_[0].person_id);
  EXPECT_EQ(Get(PathOf(0, "export"), worker).status, 200);
  EXPECT_EQ(Get(PathOf(1, "export"), worker).status, 404);
  EXPECT_THAT(Get(PathOf(0, "looks"), auditor_).body, HasSubstr("person:export"));
}

TEST_P(CareApiTest, TheExportKnowsEveryTableWithPeople) {
  if (GetParam() != Database::Engine::kSqlite) {
    return;  // The migrations are one text: what SQLite says holds for both.
  }
  std::set<std::string> known;
  for (const ExportedTable& table : ExportedTables()) {
    known.insert(std::string(table.table));
  }
  std::set<std::string> there;
  Must([&](Tx& tx) {
    return tx.Query(
        "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c"
        " WHERE m.type = 'table' AND c.name = 'person_id'",
        {}, [&](const Row& row) { there.insert(std::string(row.Text(0))); });
  });
  EXPECT_GT(there.size(), 15u);
  for (const std::string& table : there) {
    EXPECT_EQ(known.count(table), 1u) << table << " holds people and is not in the export";
  }
  for (const std::string& table : known) {
    EXPECT_TRUE(table == "session" || there.count(table) == 1) << table << " is not there";
  }
}

}  // namespace
}  // namespace jaring
