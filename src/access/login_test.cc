// Logging in on real databases: staff, second factors, workers, and those who try their luck.

#include <gmock/gmock.h>

#include "access/login_fixture.h"

namespace jaring {
namespace {

JARING_ON_EACH_ENGINE(LoginTest);

TEST_P(LoginTest, LetsInWithTheRightPasswordOnly) {
  EXPECT_EQ(LogIn("sawah hijau di kaki bukiT").rule, "login.wrong");
  EXPECT_EQ(Attempt("budi@kantor.id", kPassword), "login.wrong");
  EXPECT_EQ(Attempt("", ""), "login.wrong");
  const LoginOutcome outcome = LogIn(kPassword);
  EXPECT_EQ(outcome.rule, "");
  EXPECT_EQ(outcome.opened.session.principal.role, Role::kBranchStaff);
  EXPECT_FALSE(outcome.opened.session.principal.second_factor);
  EXPECT_TRUE(Lives(outcome.opened));
  EXPECT_EQ(Attempt(" SITI@Kantor.ID ", kPassword), "");
}

TEST_P(LoginTest, RefusedTriesAreInTheAuditTrail) {
  LogIn("not the password");
  Attempt("nobody@kantor.id", kPassword);
  const std::int64_t person_id = AddWorker(1, "6281234567890");
  AskCode("6281234567890");
  Enter("6281234567890", "000000");
  EnterPin(PersonNumber(1).nik, "918273");  // She has none.
  Write([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const auto entries, ListAudit(tx, 0, 10));
    EXPECT_EQ(entries.size(), 2U);
    EXPECT_EQ(entries[1].note.subject, "user " + std::to_string(user_));
    EXPECT_EQ(entries[1].note.reason, "login.wrong");
    EXPECT_EQ(entries[0].note.person_id, person_id);
    EXPECT_EQ(entries[0].note.reason, "worker_code.wrong");
    for (const AuditEntry& entry : entries) {
      EXPECT_EQ(entry.note.action, "session:refused");
    }
    return Done{};
  });
}

TEST_P(LoginTest, DisabledUserReadsAsUnknown) {
  Write([&](Tx& tx) { return DisableStaffUser(tx, user_, now_); });
  EXPECT_EQ(LogIn(kPassword).rule, "login.wrong");
  Write([&](Tx& tx) { return EnableStaffUser(tx, user_); });
  EXPECT_EQ(LogIn(kPassword).rule, "");
}

TEST_P(LoginTest, WrongTriesMustWaitLongerEachTime) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(LogIn("salah salah salah").rule, "login.wrong") << i;
  }
  const LoginOutcome refused = LogIn(kPassword);
  EXPECT_EQ(refused.rule, "login.too_many_attempts");
  EXPECT_EQ(refused.open_at->micros() - now_.micros(), 30 * kSecond);
  Pass(30 * kSecond - 1);
  EXPECT_EQ(LogIn(kPassword).rule, "login.too_many_attempts");
  Pass(1);
  EXPECT_EQ(LogIn("salah salah salah").rule, "login.wrong");
  EXPECT_EQ(LogIn(kPassword).open_at->micros() - now_.micros(), kMinute);
  for (int i = 0; i < 10; ++i) {
    Pass(15 * kMinute);
    EXPECT_EQ(LogIn("salah salah salah").rule, "login.wrong");
  }
  // Never longer than a quarter of an hour, and the right password gets in after it.
  EXPECT_EQ(LogIn(kPassword).open_at->micros() - now_.micros(), 15 * kMinute);
  Pass(15 * kMinute);
  EXPECT_EQ(LogIn(kPassword).rule, "");
  EXPECT_EQ(LogIn("salah salah salah").rule, "login.wrong") << "being right did not start anew";
}

TEST_P(LoginTest, UnknownEmailWaitsLikeAKnownOne) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(Attempt("nobody@kantor.id", "x"), "login.wrong");
  }
  EXPECT_EQ(Attempt("nobody@kantor.id", "x"), "login.too_many_attempts");
}

TEST_P(LoginTest, StrangersDoNotSlowAKnownBrowserDown) {
  const std::string browser = NewToken();
  EXPECT_EQ(LogIn(kPassword, "", browser).rule, "");
  for (int i = 0; i < 6; ++i) {
    LogIn("salah salah salah", "", "", "elsewhere");
  }
  EXPECT_EQ(LogIn(kPassword, "", "", "elsewhere").rule, "login.too_many_attempts");
  EXPECT_EQ(LogIn(kPassword, "", browser).rule, "");
}

TEST_P(LoginTest, OneCallerIsSlowedWhoeverItTries) {
  int wrong = 0;
  for (int i = 0; i < 40; ++i) {
    wrong += Attempt("u" + std::to_string(i) + "@kantor.id", "x") == "login.wrong" ? 1 : 0;
  }
  EXPECT_EQ(wrong, 30);
}

TEST_P(LoginTest, SecondFactorIsNeededOnceSetUp) {
  const OpenedSession first = LogIn(kPassword).opened;
  const std::string secret = SetUpSecondFactor(first);
  EXPECT_FALSE(Lives(first)) << "a token from before the rise of rights still lives";
  EXPECT_TRUE(Lives(ready_.opened));
  EXPECT_NE(first.token, ready_.opened.token);
  EXPECT_TRUE(ready_.opened.session.principal.second_factor);
  EXPECT_EQ(LogIn(kPassword).rule, "login.code_needed");
  EXPECT_EQ(LogIn(kPassword, "000000").rule, "login.code_wrong");
  const std::string code = TotpCode(secret, TotpStep(now_));
  const LoginOutcome in = LogIn(kPassword, code);
  EXPECT_EQ(in.rule, "");
  EXPECT_TRUE(in.opened.session.principal.second_factor);
  EXPECT_EQ(LogIn(kPassword, code).rule, "login.code_wrong") << "a code counted twice";
  EXPECT_EQ(LogIn(kPassword, TotpCode(secret, TotpStep(now_) + 1)).rule, "");
  Pass(2 * kMinute);
  EXPECT_EQ(LogIn(kPassword, TotpCode(secret, TotpStep(now_) - 2)).rule, "login.code_wrong");
}

TEST_P(LoginTest, LeavingTheCodeOutGivesNoFreshTries) {
  SetUpSecondFactor(LogIn(kPassword).opened);
  int wrong = 0;
  for (int i = 0; i < 20; ++i) {
    LogIn(kPassword);
    wrong += LogIn(kPassword, "000000").rule == "login.code_wrong" ? 1 : 0;
  }
  EXPECT_LE(wrong, 5);
}

TEST_P(LoginTest, RecoveryCodeCountsOnce) {
  SetUpSecondFactor(LogIn(kPassword).opened);
  ASSERT_EQ(ready_.recovery_codes.size(), 10);
  const auto with = [&](const std::string& code) {
    return login_
        ->LogIn({.email = "siti@kantor.id",
                 .password = std::string(kPassword),
                 .recovery_code = code,
                 .place = {"", "here", ""}},
                now_)
        ->rule;
  };
  EXPECT_EQ(with(ToLower(ready_.recovery_codes[3])), "");
  EXPECT_EQ(with(ready_.recovery_codes[3]), "login.code_wrong");
  EXPECT_EQ(with(ready_.recovery_codes[4]), "");
  EXPECT_EQ(with("AAAA-BBBB-CCCC-DDDD"), "login.code_wrong");
}

TEST_P(LoginTest, RemovingTheSecondFactorNeedsPasswordAndCode) {
  const std::string secret = SetUpSecondFactor(LogIn(kPassword).opened);
  const Principal who = ready_.opened.session.principal;
  const std::string code = TotpCode(secret, TotpStep(now_));
  EXPECT_EQ(account_->RemoveSecondFactor(who, "falsch", code, "", now_).error().rule,
            "password.wrong");
  EXPECT_EQ(account_->RemoveSecondFactor(who, kPassword, "000000", "", now_).error().rule,
            "second_factor.code_wrong");
  const auto removed = account_->RemoveSecondFactor(who, kPassword, code, "", now_);
  ASSERT_TRUE(removed);
  EXPECT_FALSE(removed->session.principal.second_factor);
  EXPECT_FALSE(Lives(ready_.opened));
  EXPECT_EQ(LogIn(kPassword).rule, "");
}

TEST_P(LoginTest, PasswordChangeEndsOtherSessions) {
  const OpenedSession here = LogIn(kPassword).opened;
  const OpenedSession there = LogIn(kPassword).opened;
  const Principal who = here.session.principal;
  const std::string fresh = "kapal biru di laut tenang";
  EXPECT_EQ(RuleOf(account_->ChangePassword(who, "x", fresh, now_)), "password.wrong");
  EXPECT_EQ(RuleOf(account_->ChangePassword(who, kPassword, fresh, now_)), "");
  EXPECT_TRUE(Lives(here));
  EXPECT_FALSE(Lives(there));
  EXPECT_EQ(LogIn(kPassword).rule, "login.wrong");
  EXPECT_EQ(LogIn(fresh).rule, "");
}

TEST_P(LoginTest, HashIsMadeAnewWhenTheCostRises) {
  PasswordHasher dearer({.passes = 2, .memory_bytes = 16384});
  StaffLogin login(db(), sealer_, dearer, SessionTerms{});
  const auto hash = [&] {
    std::string found;
    Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const auto user, FindStaffUser(tx, user_));
      found = user->password_hash;
      return Done{};
    });
    return found;
  };
  EXPECT_TRUE(dearer.IsOutdated(hash()));
  const auto in = login.LogIn(
      {.email = "siti@kantor.id", .password = std::string(kPassword), .place = {"", "x", ""}},
      now_);
  EXPECT_EQ(in->rule, "");
  EXPECT_FALSE(dearer.IsOutdated(hash()));
  EXPECT_THAT(hash(), testing::StartsWith("$argon2id$"));
}

TEST_P(LoginTest, InviteSetsAPasswordOnce) {
  std::string token;
  Write([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(InviteStaffUser(tx, user_, now_));
    JARING_ASSIGN_OR_RETURN(token, InviteStaffUser(tx, user_, now_));
    return Done{};
  });
  EXPECT_EQ(RuleOf(account_->RedeemInvite("x", "kapal biru di laut", now_)), "invite.unknown");
  EXPECT_EQ(RuleOf(account_->RedeemInvite(token, "kapal biru di laut",
                                          Instant::FromMicros(now_.micros() + kInviteMicros))),
            "invite.unknown");
  EXPECT_EQ(RuleOf(account_->RedeemInvite(token, "kapal biru di laut", now_)), "");
  EXPECT_EQ(RuleOf(account_->RedeemInvite(token, "kapal lain di laut", now_)), "invite.unknown");
  EXPECT_EQ(LogIn("kapal biru di laut").rule, "");
}

TEST_P(LoginTest, SessionEndsWhenLeftAlone) {
  const OpenedSession opened = LogIn(kPassword).opened;
  Pass(29 * kMinute);
  EXPECT_TRUE(Lives(opened));
  Write([&](Tx& tx) { return NoteSessionSeen(tx, opened.session.session_id, now_); });
  Pass(29 * kMinute);
  EXPECT_TRUE(Lives(opened));
  Pass(kMinute);
  EXPECT_FALSE(Lives(opened));
}

TEST_P(LoginTest, GrantsKeepToTheirScopes) {
  const auto grant = [&](Role role, Scope scope) {
    std::string rule;
    Write([&](Tx& tx) -> Result<Done> {
      rule = RuleOf(GrantRole(tx, user_, role, scope, now_));
      return Done{};
    });
    return rule;
  };
  EXPECT_EQ(grant(Role::kGroupAdmin, {ScopeKind::kNation, 0}), "role.scope_wrong");
  EXPECT_EQ(grant(Role::kAuditor, {ScopeKind::kGroup, 3}), "role.scope_wrong");
  EXPECT_EQ(grant(Role::kWorker, {ScopeKind::kSelf, 3}), "role.not_for_staff");
  EXPECT_EQ(grant(Role::kAgent, {ScopeKind::kNation, 0}), "");
  const auto as_agent = login_->LogIn({.email = "siti@kantor.id",
                                       .password = std::string(kPassword),
                                       .role = Role::kAgent,
                                       .place = {"", "here", ""}},
                                      now_);
  EXPECT_EQ(as_agent->opened.session.principal.scope, (Scope{ScopeKind::kAgent, user_}));
  const auto as_operator = login_->LogIn({.email = "siti@kantor.id",
                                          .password = std::string(kPassword),
                                          .role = Role::kOperator,
                                          .place = {"", "here", ""}},
                                         now_);
  EXPECT_EQ(as_operator->rule, "login.no_role");
}

}  // namespace
}  // namespace jaring
