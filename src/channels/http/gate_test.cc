// The lock on the routes: who gets in, what is answered again, what is noted.

#include "channels/http/gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "base/text.h"
#include "channels/http/test_site.h"

namespace jaring {
namespace {

using testing::HasSubstr;

class GateTest : public testing::TestWithParam<Database::Engine> {
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
                             .now = [this] { return Instant::FromMicros(now_.load()); },
                             .secret = std::string(32, 's'),
                             .openapi = ""});
    gate_.emplace(*parts_);
    members_ = site_->EnrolPeopleNow(2);
  }

  /// A request with the credentials of `token`.
  HttpResponse Ask(const Guarded& guarded, HttpMethod method, std::string_view token,
                   std::vector<HttpHeader> headers = {}, std::string_view body = "{}") {
    const std::string bearer = "Bearer " + std::string(token);
    if (!token.empty()) {
      headers.push_back({"Authorization", bearer});
    }
    return AnswerTo(guarded.handler, {.method = method,
                                      .path = "/v1/test",
                                      .headers = headers,
                                      .body = body,
                                      .request_id = "request-1"});
  }

  HttpResponse Post(const Guarded& guarded, std::string_view token, std::string_view key,
                    std::string_view body = "{}") {
    return Ask(guarded, HttpMethod::kPost, token, {{"Idempotency-Key", key}}, body);
  }

  /// Looks at person `n`.
  Guarded Looking(int n) {
    return gate_->Read(Action::kReadPerson, [this, n](Tx& tx, Call& call) -> Result<HttpResponse> {
      JARING_RETURN_IF_ERROR(call.See(tx, members_[static_cast<std::size_t>(n)].person_id));
      return HttpResponse{200, kJsonType, call.sees_identity() ? "full" : "masked", ""};
    });
  }

  /// Counts how often it ran.
  Guarded Counting() {
    return gate_->Write(Action::kEnrolPeople, [this](Tx&, Call&) -> Result<HttpResponse> {
      return HttpResponse{201, kJsonType, "ran " + std::to_string(++runs_), ""};
    });
  }

  std::vector<AuditEntry> Audit() {
    std::vector<AuditEntry> entries;
    EXPECT_TRUE(site_->database().Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(entries, ListAudit(tx, 0, 100));
      return Done{};
    }));
    return entries;
  }

  static std::string RuleOf(const HttpResponse& response) {
    const std::size_t at = response.body.find("\"rule\":\"") + 8;
    return response.body.substr(at, response.body.find('"', at) - at);
  }

  const Scope nation_{ScopeKind::kNation, 0};
  std::optional<TestSite> site_;
  std::optional<SiteParts> parts_;
  std::optional<Gate> gate_;
  std::vector<MemberNumber> members_;
  std::atomic<std::int64_t> now_ = TestSite::now().micros();
  int runs_ = 0;
};

JARING_ON_EACH_ENGINE(GateTest);

TEST_P(GateTest, LetsInWhoMayAndNobodyElse) {
  for (int role = 1; role < kRoleCount; ++role) {
    const auto as = static_cast<Role>(role);
    const std::string token = site_->LogIn(as, nation_, IsStaffRole(as) ? 0 : 1);
    const HttpResponse answer = Ask(Looking(0), HttpMethod::kGet, token);
    const Grant grant = GrantOf(Action::kReadPerson, as);
    EXPECT_EQ(answer.status, grant == Grant::kRefused ? 403 : 200) << RoleCode(as);
    if (grant != Grant::kRefused) {
      EXPECT_EQ(answer.body, grant == Grant::kFull ? "full" : "masked") << RoleCode(as);
    } else {
      EXPECT_EQ(RuleOf(answer), "access.not_allowed");
    }
  }
  const HttpResponse anonymous = Ask(Looking(0), HttpMethod::kGet, "");
  EXPECT_EQ(anonymous.status, 401);
  EXPECT_EQ(RuleOf(anonymous), "login.required");
  EXPECT_THAT(anonymous.headers, HasSubstr("WWW-Authenticate: Bearer"));
}

TEST_P(GateTest, RefusesWhatIsNoToken) {
  const std::string token = site_->LogIn(Role::kAuditor, nation_);
  EXPECT_EQ(Ask(Looking(0), HttpMethod::kGet, token).status, 200);
  const std::string wrong[] = {token.substr(1), token + "A", "a", std::string(300, 'a'),
                               token.substr(0, 42) + (token[42] == 'A' ? "B" : "A")};
  for (const std::string& bad : wrong) {
    const HttpResponse answer = Ask(Looking(0), HttpMethod::kGet, bad);
    EXPECT_EQ(answer.status, 401) << bad;
  }
  const std::string malformed[] = {"Basic " + token, token,        "Bearer",
                                   "Bearer ",        "Bearer a b", "Bearer '; DROP TABLE x"};
  for (const std::string& header : malformed) {
    const HttpResponse answer = Ask(Looking(0), HttpMethod::kGet, "", {{"Authorization", header}});
    EXPECT_EQ(answer.status, 401) << header;
  }
}

TEST_P(GateTest, StaffShowASecondFactorFirst) {
  const std::string token = site_->LogIn(Role::kAuditor, nation_, 0, /*second_factor=*/false);
  const HttpResponse refused = Ask(Looking(0), HttpMethod::kGet, token);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(RuleOf(refused), "access.second_factor_needed");
  const Guarded own = gate_->Read(Action::kUseOwnAccount, [](Tx&, Call&) -> Result<HttpResponse> {
    return HttpResponse{200, kJsonType, "", ""};
  });
  EXPECT_EQ(Ask(own, HttpMethod::kGet, token).status, 200);
}

TEST_P(GateTest, WhatLiesOutsideTheScopeReadsAsUnknown) {
  const auto as = [&](Role role, Scope scope, std::int64_t id = 0) {
    return Ask(Looking(0), HttpMethod::kGet, site_->LogIn(role, scope, id));
  };
  const std::int64_t person = members_[0].person_id;
  EXPECT_EQ(as(Role::kWorker, {ScopeKind::kSelf, person}, person).status, 200);
  const HttpResponse other =
      as(Role::kWorker, {ScopeKind::kSelf, members_[1].person_id}, members_[1].person_id);
  EXPECT_EQ(other.status, 404);
  EXPECT_EQ(RuleOf(other), "member.unknown");
  EXPECT_EQ(as(Role::kAuditor, {ScopeKind::kRegion, 3372}).status, 200);
  EXPECT_EQ(as(Role::kAuditor, {ScopeKind::kRegion, 1101}).status, 404);
  EXPECT_EQ(as(Role::kBranchStaff, {ScopeKind::kBranch, 1}).status, 200);
  EXPECT_EQ(as(Role::kBranchStaff, {ScopeKind::kBranch, 2}).status, 404);
  EXPECT_EQ(as(Role::kGroupAdmin, {ScopeKind::kGroup, 1}).status, 404);
  EXPECT_EQ(as(Role::kAgent, {ScopeKind::kAgent, 77}, 77).status, 404);
  EXPECT_EQ(as(Role::kAuditor, {ScopeKind::kNation, 0}).status, 200);
  members_[0].person_id = 999'999'999;
  EXPECT_EQ(as(Role::kAuditor, {ScopeKind::kNation, 0}).status, 404);
}

TEST_P(GateTest, NotesWhoSawWhomBeforeTheAnswerLeaves) {
  const std::string token = site_->LogIn(Role::kBranchStaff, {ScopeKind::kBranch, 1}, 41);
  EXPECT_EQ(Ask(Looking(0), HttpMethod::kGet, token).status, 200);
  const auto entries = Audit();
  ASSERT_EQ(entries.size(), 1);
  EXPECT_EQ(entries[0].note.action, "person:read");
  EXPECT_EQ(entries[0].note.person_id, members_[0].person_id);
  EXPECT_EQ(entries[0].who.id, 41);
  EXPECT_EQ(entries[0].who.role, Role::kBranchStaff);
  EXPECT_EQ(entries[0].who.scope, (Scope{ScopeKind::kBranch, 1}));
  EXPECT_EQ(entries[0].request_id, "request-1");
  EXPECT_EQ(entries[0].at.micros(), now_.load());
  // One's own data is nobody's business; a look that was refused showed nothing.
  const std::int64_t person = members_[0].person_id;
  EXPECT_EQ(Ask(Looking(0), HttpMethod::kGet,
                site_->LogIn(Role::kWorker, {ScopeKind::kSelf, person}, person))
                .status,
            200);
  EXPECT_EQ(Ask(Looking(1), HttpMethod::kGet,
                site_->LogIn(Role::kWorker, {ScopeKind::kSelf, person}, person))
                .status,
            404);
  EXPECT_EQ(Audit().size(), 1);
}

TEST_P(GateTest, NotesChangesEvenOfNobodyInParticular) {
  EXPECT_EQ(Post(Counting(), site_->LogIn(Role::kBranchStaff, nation_, 41), "k").status, 201);
  const auto entries = Audit();
  ASSERT_EQ(entries.size(), 1);
  EXPECT_EQ(entries[0].note.action, "person:enrol");
  EXPECT_EQ(entries[0].note.person_id, 0);
}

TEST_P(GateTest, AnswersTheSameRequestWithTheSameAnswer) {
  const Guarded counting = Counting();
  const std::string token = site_->LogIn(Role::kBranchStaff, nation_);
  EXPECT_EQ(RuleOf(Ask(counting, HttpMethod::kPost, token)), "idempotency_key.missing");
  EXPECT_EQ(Ask(counting, HttpMethod::kPost, token).status, 400);
  EXPECT_EQ(Post(counting, token, "a b").status, 400);
  EXPECT_EQ(Post(counting, token, "k").body, "ran 1");
  const HttpResponse again = Post(counting, token, "k");
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, "ran 1");
  EXPECT_THAT(again.headers, HasSubstr("Idempotency-Replayed: true"));
  const HttpResponse other = Post(counting, token, "k", "{\"a\":1}");
  EXPECT_EQ(other.status, 422);
  EXPECT_EQ(RuleOf(other), "idempotency_key.reused");
  EXPECT_EQ(Post(counting, site_->LogIn(Role::kBranchStaff, nation_), "k").body, "ran 2");
  EXPECT_EQ(runs_, 2);
}

TEST_P(GateTest, KeepsNoAnswerOfWhatFailed) {
  bool fails = true;
  const Guarded changing =
      gate_->Write(Action::kEnrolPeople, [&](Tx& tx, Call& call) -> Result<HttpResponse> {
        JARING_RETURN_IF_ERROR(call.See(tx, members_[0].person_id));
        JARING_RETURN_IF_ERROR(tx.Run("UPDATE person SET name = 'Lain'"));
        if (fails) {
          call.problems.push_back({"/name", "name.empty"});
          return Invalid("request.fields_wrong");
        }
        return HttpResponse{200, kJsonType, "", ""};
      });
  const std::string token = site_->LogIn(Role::kBranchStaff, nation_);
  const HttpResponse refused = Post(changing, token, "k");
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.body, HasSubstr("\"pointer\":\"/name\""));
  EXPECT_EQ(Audit().size(), 0);
  fails = false;
  EXPECT_EQ(Post(changing, token, "k").status, 200);
  EXPECT_EQ(Audit().size(), 1);
}

TEST_P(GateTest, TellsThatTheFirstIsStillUnderWay) {
  std::promise<void> entered;
  std::promise<void> leave;
  const Guarded slow = gate_->Write(Action::kEnrolPeople, [&](Tx&, Call&) -> Result<HttpResponse> {
    entered.set_value();
    leave.get_future().wait();
    return HttpResponse{201, kJsonType, "done", ""};
  });
  const std::string token = site_->LogIn(Role::kBranchStaff, nation_);
  HttpResponse first;
  std::thread running([&] { first = Post(slow, token, "k"); });
  entered.get_future().wait();
  const HttpResponse second = Post(slow, token, "k");
  EXPECT_EQ(second.status, 409);
  EXPECT_EQ(RuleOf(second), "idempotency_key.running");
  leave.set_value();
  running.join();
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(Post(slow, token, "k").body, "done");
}

TEST_P(GateTest, StoredAnswersAreSealed) {
  const Guarded secret =
      gate_->Write(Action::kManagePartners, [](Tx&, Call&) -> Result<HttpResponse> {
        return HttpResponse{201, kJsonType, "shown-once-secret", ""};
      });
  const std::string token = site_->LogIn(Role::kOperator, nation_);
  EXPECT_EQ(Post(secret, token, "k").body, "shown-once-secret");
  EXPECT_EQ(Post(secret, token, "k").body, "shown-once-secret");
  std::string stored;
  EXPECT_TRUE(site_->database().Read([&](Tx& tx) {
    return tx.Query("SELECT body FROM idempotency_key", {},
                    [&](const Row& row) { stored = row.Text(0); });
  }));
  EXPECT_THAT(stored, testing::Not(HasSubstr("secret")));
  EXPECT_THAT(stored, testing::Not(HasSubstr(ToHex("secret"))));
}

TEST_P(GateTest, CookiesCountOnlyFromOurOwnPages) {
  const Guarded counting = Counting();
  const std::string cookie =
      "__Host-jaring=" + site_->LogIn(Role::kBranchStaff, nation_) + "; other=1";
  const auto post = [&](std::vector<HttpHeader> headers) {
    headers.push_back({"Cookie", cookie});
    headers.push_back({"Host", "jaring.example"});
    const std::string key = "k" + std::to_string(runs_);
    headers.push_back({"Idempotency-Key", key});
    return Ask(counting, HttpMethod::kPost, "", headers).status;
  };
  EXPECT_EQ(post({}), 403);
  EXPECT_EQ(post({{"Sec-Fetch-Site", "cross-site"}}), 403);
  EXPECT_EQ(post({{"Sec-Fetch-Site", "same-site"}}), 403);
  EXPECT_EQ(post({{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://jaring.example"}}), 403);
  EXPECT_EQ(post({{"Origin", "https://evil.example"}}), 403);
  EXPECT_EQ(post({{"Origin", "https://jaring.example.evil.example"}}), 403);
  EXPECT_EQ(post({{"Origin", "null"}}), 403);
  EXPECT_EQ(runs_, 0);
  EXPECT_EQ(post({{"Sec-Fetch-Site", "same-origin"}}), 201);
  EXPECT_EQ(post({{"Origin", "https://jaring.example"}}), 201);
  // A look changes nothing; the answer stays with our own pages by CORS.
  const HttpResponse look =
      Ask(Looking(0), HttpMethod::kGet, "", {{"Cookie", cookie}, {"Sec-Fetch-Site", "cross-site"}});
  EXPECT_EQ(look.status, 200);
}

TEST_P(GateTest, EndedSessionsAreForgotten) {
  const std::string token = site_->LogIn(Role::kAuditor, nation_, 50);
  EXPECT_EQ(Ask(Looking(0), HttpMethod::kGet, token).status, 200);
  EXPECT_TRUE(site_->database().Write(
      [&](Tx& tx) { return EndSessions(tx, ActorKind::kStaffUser, 50, 0, TestSite::now()); }));
  // Ended elsewhere, it may be remembered for a moment; ended here, it is not.
  now_ += Authenticator::kRememberMicros;
  EXPECT_EQ(Ask(Looking(0), HttpMethod::kGet, token).status, 401);
  const std::string other = site_->LogIn(Role::kAuditor, nation_, 51);
  EXPECT_EQ(Ask(Looking(0), HttpMethod::kGet, other).status, 200);
  EXPECT_TRUE(site_->database().Write(
      [&](Tx& tx) { return EndSessions(tx, ActorKind::kStaffUser, 51, 0, TestSite::now()); }));
  gate_->authenticator().ForgetAll();
  EXPECT_EQ(Ask(Looking(0), HttpMethod::kGet, other).status, 401);
}

TEST_P(GateTest, AnAnswerGivenInOneRoleIsNotReplayedInAnother) {
  const std::string here = site_->LogIn(Role::kBranchStaff, {ScopeKind::kBranch, 1}, 77);
  const std::string there = site_->LogIn(Role::kBranchStaff, nation_, 77);
  EXPECT_EQ(Post(Counting(), here, "key-1").body, "ran 1");
  EXPECT_EQ(Post(Counting(), there, "key-1").body, "ran 2");
  EXPECT_EQ(Post(Counting(), here, "key-1").body, "ran 1");
}

TEST_P(GateTest, WhoAsksTooMuchWaitsAndOthersDoNot) {
  parts_->rates.user = {.read = 1, .write = 1, .payment = 1, .expensive = 1};  // Ten at once.
  const std::string one = site_->LogIn(Role::kBranchStaff, nation_);
  const std::string other = site_->LogIn(Role::kBranchStaff, nation_);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(Ask(Looking(0), HttpMethod::kGet, one).status, 200);
  }
  const HttpResponse refused = Ask(Looking(0), HttpMethod::kGet, one);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(RuleOf(refused), "request.too_many");
  EXPECT_THAT(refused.headers, HasSubstr("Retry-After: "));
  EXPECT_EQ(Ask(Looking(0), HttpMethod::kGet, other).status, 200);
  EXPECT_EQ(Post(Counting(), one, "key-1").status, 201) << "changes have a budget of their own";
}

TEST_P(GateTest, RefusedForTooMuchChangesNothingAndKeepsTheKeyFree) {
  parts_->rates.user.write = 1;
  const std::string token = site_->LogIn(Role::kBranchStaff, nation_);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(Post(Counting(), token, "key-" + std::to_string(i)).status, 201);
  }
  EXPECT_EQ(Post(Counting(), token, "key-late").status, 429);
  EXPECT_EQ(runs_, 10);
  gate_.emplace(*parts_);  // Another server, which has not heard of her yet.
  EXPECT_EQ(Post(Counting(), token, "key-late").status, 201);
}

}  // namespace
}  // namespace jaring
