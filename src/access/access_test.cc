// Sessions, the audit chain and approvals on real databases.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/approval.h"
#include "access/audit.h"
#include "access/person_place.h"
#include "access/session.h"
#include "registry/agency_fixture.h"

namespace jaring {
namespace {

constexpr std::int64_t kHour = 3'600'000'000;
const Principal kStaff{.kind = ActorKind::kStaffUser,
                       .id = 1,
                       .role = Role::kBranchStaff,
                       .scope = {ScopeKind::kBranch, 1}};

class AccessTest : public AgencyTest {
 protected:
  void SetUp() override {
    AgencyTest::SetUp();
    if (IsSkipped()) {
      return;
    }
    Write([&](Tx& tx) {
      return tx.RunScript(
          "INSERT INTO staff_user (user_id, email, name, password_hash, created_at) VALUES"
          " (1, 'a@x.id', 'A', '', 0), (2, 'b@x.id', 'B', '', 0);"
          "INSERT INTO role_grant (grant_id, user_id, role, scope_kind, scope_id, granted_at)"
          " VALUES (1, 1, 4, 3, 1, 0), (2, 2, 6, 1, 0, 0)");
    });
  }

  OpenedSession Begin(const Principal& who) {
    std::optional<OpenedSession> opened;
    Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(opened, OpenSession(tx, who, "Chromium", now_, kHour));
      return Done{};
    });
    return *opened;
  }

  std::optional<Session> Find(std::string_view token, Instant now) {
    std::optional<Session> found;
    Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(found, FindSession(tx, TokenHash(token), now));
      return Done{};
    });
    return found;
  }

  void Record(int count) {
    std::vector<AuditEntry> entries;
    for (int i = 0; i < count; ++i) {
      entries.push_back({.at = now_,
                         .who = kStaff,
                         .note = {.action = "person:read", .person_id = 7 + i % 2},
                         .request_id = "r"});
    }
    Write([&](Tx& tx) { return RecordAudit(tx, key_, entries); });
  }

  AuditCheck Check(const AuditHead* noted = nullptr) {
    AuditCheck check;
    Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(check, CheckAudit(tx, key_, noted));
      return Done{};
    });
    return check;
  }

  std::string Finding() {
    const AuditCheck check = Check();
    return check.findings.empty()
               ? ""
               : std::to_string(check.findings[0].entry_id) + " " + check.findings[0].what;
  }

  Instant now_ = Noon(D(20260315));
  std::string key_ = std::string(32, 'a');
};

JARING_ON_EACH_ENGINE(AccessTest);

TEST_P(AccessTest, SessionIsFoundByItsTokenOnly) {
  const OpenedSession opened = Begin(kStaff);
  EXPECT_EQ(opened.token.size(), 43);
  const auto found = Find(opened.token, now_);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->principal.id, 1);
  EXPECT_EQ(found->principal.scope, kStaff.scope);
  EXPECT_EQ(found->principal.session_id, opened.session.session_id);
  EXPECT_EQ(found->label, "Chromium");
  EXPECT_FALSE(Find(opened.token + "x", now_));
  EXPECT_FALSE(Find(opened.token.substr(1), now_));
  EXPECT_NE(Begin(kStaff).token, opened.token);
  EXPECT_EQ(Number("SELECT count(*) FROM session WHERE token_hash = $1", {Bytes{opened.token}}), 0);
}

TEST_P(AccessTest, SessionEnds) {
  const OpenedSession first = Begin(kStaff);
  const OpenedSession second = Begin(kStaff);
  EXPECT_FALSE(Find(first.token, Instant::FromMicros(now_.micros() + kHour)));
  Write([&](Tx& tx) -> Result<Done> {
    // Another's session cannot be ended.
    const auto other = EndSession(tx, ActorKind::kStaffUser, 2, first.session.session_id, now_);
    EXPECT_EQ(other ? "" : other.error().rule, "session.unknown");
    return EndSession(tx, ActorKind::kStaffUser, 1, first.session.session_id, now_);
  });
  EXPECT_FALSE(Find(first.token, now_));
  EXPECT_TRUE(Find(second.token, now_));
  Write([&](Tx& tx) {
    return EndSessions(tx, ActorKind::kStaffUser, 1, second.session.session_id, now_);
  });
  EXPECT_TRUE(Find(second.token, now_));
  Write([&](Tx& tx) { return EndSessions(tx, ActorKind::kStaffUser, 1, 0, now_); });
  EXPECT_FALSE(Find(second.token, now_));
}

TEST_P(AccessTest, SessionGoesWithTheRoleAndTheUser) {
  const OpenedSession opened = Begin(kStaff);
  Write([&](Tx& tx) { return tx.RunScript("UPDATE role_grant SET revoked_at = 5"); });
  EXPECT_FALSE(Find(opened.token, now_));
  Write([&](Tx& tx) { return tx.RunScript("UPDATE role_grant SET revoked_at = NULL"); });
  EXPECT_TRUE(Find(opened.token, now_));
  Write([&](Tx& tx) {
    return tx.RunScript("UPDATE staff_user SET disabled_at = 5 WHERE user_id = 1");
  });
  EXPECT_FALSE(Find(opened.token, now_));
}

TEST_P(AccessTest, AuditIsReadBackAndWhole) {
  EXPECT_EQ(Finding(), "");
  Record(3);
  Record(2);
  EXPECT_EQ(Finding(), "");
  EXPECT_EQ(Check().head.entries, 5);
  Write([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const auto newest, ListAudit(tx, 0, 2));
    EXPECT_EQ(newest.size(), 2);
    EXPECT_EQ(newest[0].entry_id, 5);
    EXPECT_EQ(newest[0].who.role, Role::kBranchStaff);
    JARING_ASSIGN_OR_RETURN(const auto of_person, ListAuditOfPerson(tx, 8, 0, 10));
    EXPECT_EQ(of_person.size(), 2);
    JARING_ASSIGN_OR_RETURN(const auto earlier, ListAuditOfPerson(tx, 8, of_person[0].entry_id, 9));
    EXPECT_EQ(earlier.size(), 1);
    return Done{};
  });
}

TEST_P(AccessTest, AuditFindsWhatWasDoneToIt) {
  const struct {
    const char* change;
    const char* undo;
    const char* finding;
  } cases[] = {
      {"UPDATE audit_entry SET person_id = 9 WHERE entry_id = 2",
       "UPDATE audit_entry SET person_id = 8 WHERE entry_id = 2", "2 altered or moved"},
      {"UPDATE audit_entry SET reason = 'x' WHERE entry_id = 4",
       "UPDATE audit_entry SET reason = '' WHERE entry_id = 4", "4 altered or moved"},
      {"UPDATE audit_entry SET entry_id = 9 WHERE entry_id = 3",
       "UPDATE audit_entry SET entry_id = 3 WHERE entry_id = 9", "3 missing"},
      {"UPDATE audit_entry SET entry_id = 9 WHERE entry_id = 5",
       "UPDATE audit_entry SET entry_id = 5 WHERE entry_id = 9", "5 missing"},
      {"UPDATE audit_head SET entries = 4", "UPDATE audit_head SET entries = 5", "4 head forged"},
  };
  Record(5);
  for (const auto& c : cases) {
    Write([&](Tx& tx) { return tx.RunScript(c.change); });
    EXPECT_EQ(Finding(), c.finding) << c.change;
    Write([&](Tx& tx) { return tx.RunScript(c.undo); });
    EXPECT_EQ(Finding(), "") << c.undo;
  }
  // Two rows that change places.
  Write([&](Tx& tx) {
    return tx.RunScript(
        "UPDATE audit_entry SET entry_id = 90 WHERE entry_id = 2;"
        "UPDATE audit_entry SET entry_id = 2 WHERE entry_id = 3;"
        "UPDATE audit_entry SET entry_id = 3 WHERE entry_id = 90");
  });
  EXPECT_EQ(Finding(), "2 altered or moved");
}

TEST_P(AccessTest, AuditMissesItsEnd) {
  Record(5);
  const AuditHead noted = Check().head;
  Write([&](Tx& tx) { return tx.RunScript("DELETE FROM audit_entry WHERE entry_id = 5"); });
  EXPECT_EQ(Finding(), "5 missing at the end");
  // Somebody without the key cannot make a head that fits; an old one that fitted once shows
  // against a head noted elsewhere.
  Write([&](Tx& tx) {
    return tx.RunScript(
        "DELETE FROM audit_entry;"
        "UPDATE audit_head SET entries = 0, hash = '', seal = ''");
  });
  EXPECT_EQ(Finding(), "");
  const AuditCheck check = Check(&noted);
  ASSERT_EQ(check.findings.size(), 1);
  EXPECT_EQ(check.findings[0].what, "missing at the end");
}

TEST_P(AccessTest, AuditOfAnotherKeyDoesNotFit) {
  Record(1);
  key_ = std::string(32, 'b');
  EXPECT_EQ(Finding(), "1 altered or moved");
}

TEST_P(AccessTest, PersonIsReachedThroughItsNewestMembership) {
  const auto enrolled = Enrol(PersonNumber(1), D(20260315));
  const std::int64_t person = enrolled.member.person_id;
  const auto reaches = [&](Scope scope) {
    bool reached = false;
    Write([&](Tx& tx) -> Result<Done> {
      Principal who = kStaff;
      who.scope = scope;
      JARING_ASSIGN_OR_RETURN(reached, ReachesPerson(tx, who, person));
      return Done{};
    });
    return reached;
  };
  EXPECT_TRUE(reaches({ScopeKind::kNation, 0}));
  EXPECT_TRUE(reaches({ScopeKind::kRegion, 3372}));
  EXPECT_FALSE(reaches({ScopeKind::kRegion, 1101}));
  const std::int64_t branch = Number("SELECT branch_id FROM branch WHERE code = 'surakarta'");
  EXPECT_TRUE(reaches({ScopeKind::kBranch, branch}));
  EXPECT_FALSE(reaches({ScopeKind::kBranch, branch + 1}));
  EXPECT_TRUE(reaches({ScopeKind::kSelf, person}));
  EXPECT_FALSE(reaches({ScopeKind::kSelf, person + 1}));
  EXPECT_FALSE(reaches({ScopeKind::kAgent, 2}));
  Write([&](Tx& tx) { return NotePersonOfAgent(tx, person, 2, now_); });
  Write([&](Tx& tx) { return NotePersonOfAgent(tx, person, 2, now_); });
  EXPECT_TRUE(reaches({ScopeKind::kAgent, 2}));
  EXPECT_FALSE(reaches({ScopeKind::kAgent, 1}));
  EXPECT_FALSE(reaches({ScopeKind::kGroup, 0}));
}

TEST_P(AccessTest, ApprovalWantsASecondPerson) {
  std::int64_t id = 0;
  const ApprovalAsk ask{.kind = ApprovalKind::kReversal,
                        .person_id = 7,
                        .branch_id = 1,
                        .subject = "payment pos A-1",
                        .payload = R"({"nik":"3372010101700001"})",
                        .reason = "posted twice by the bank"};
  const Principal approver{.kind = ActorKind::kStaffUser, .id = 2, .role = Role::kApprover};
  const auto decide = [&](const Principal& who, Decision decision, std::string_view reason) {
    std::string rule;
    const auto done = db().Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const Approval approval,
                              DecideApproval(tx, sealer_, id, decision, reason, who, now_));
      EXPECT_EQ(approval.ask.payload, ask.payload);
      return Done{};
    });
    return done ? "" : done.error().rule;
  };
  EXPECT_EQ(decide(approver, Decision::kApprove, ""), "approval.unknown");
  Write([&](Tx& tx) -> Result<Done> {
    ApprovalAsk without = ask;
    without.reason = " ";
    const auto refused = AskApproval(tx, sealer_, without, kStaff, now_);
    EXPECT_EQ(refused ? "" : refused.error().rule, "approval.reason_missing");
    JARING_ASSIGN_OR_RETURN(id, AskApproval(tx, sealer_, ask, kStaff, now_));
    JARING_ASSIGN_OR_RETURN(const auto waiting, ListApprovals(tx, ApprovalState::kWaiting, 0, 10));
    EXPECT_EQ(waiting.size(), 1);
    EXPECT_EQ(waiting[0].ask.subject, ask.subject);
    EXPECT_EQ(waiting[0].ask.payload, "");
    return Done{};
  });
  EXPECT_EQ(decide(kStaff, Decision::kApprove, ""), "approval.same_person");
  // The same person under another role is the same person.
  Principal same = kStaff;
  same.role = Role::kApprover;
  EXPECT_EQ(decide(same, Decision::kApprove, ""), "approval.same_person");
  EXPECT_EQ(decide(approver, Decision::kRefuse, ""), "approval.reason_missing");
  EXPECT_EQ(decide(approver, Decision::kApprove, ""), "");
  EXPECT_EQ(decide(approver, Decision::kRefuse, "late"), "approval.decided_already");
}

}  // namespace
}  // namespace jaring
