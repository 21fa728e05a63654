#pragma once

// Staff and workers who log in, on real databases.

#include <gtest/gtest.h>

#include "access/outbox.h"
#include "access/recovery.h"
#include "access/second_factor.h"
#include "access/staff_account.h"
#include "access/totp.h"
#include "access/worker_login.h"
#include "base/text.h"
#include "registry/agency_fixture.h"

namespace jaring {

inline constexpr std::int64_t kSecond = 1'000'000;
inline constexpr std::int64_t kMinute = 60 * kSecond;
inline constexpr std::string_view kPassword = "sawah hijau di kaki bukit";
inline constexpr PasswordCost kCheap{.passes = 1, .memory_bytes = 8192};

inline std::string RuleOf(const Result<Done>& result) {
  return result ? "" : result.error().rule;
}

class LoginTest : public AgencyTest {
 protected:
  void SetUp() override {
    AgencyTest::SetUp();
    if (IsSkipped()) {
      return;
    }
    hasher_.emplace(kCheap);
    login_.emplace(db(), sealer_, *hasher_, SessionTerms{});
    account_.emplace(db(), sealer_, *hasher_, SessionTerms{});
    workers_.emplace(db(), agency_, *hasher_, SessionTerms{});
    user_ = AddUser("siti@kantor.id");
  }

  std::int64_t AddUser(const std::string& email) {
    std::int64_t user_id = 0;
    const std::string hash = *hasher_->Hash(kPassword);
    Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(user_id, CreateStaffUser(tx, email, "Siti", now_));
      JARING_RETURN_IF_ERROR(
          GrantRole(tx, user_id, Role::kBranchStaff, {ScopeKind::kBranch, 1}, now_));
      return SetPasswordHash(tx, user_id, hash, 0, now_);
    });
    return user_id;
  }

  LoginOutcome LogIn(std::string_view password, const std::string& code = "",
                     const std::string& browser = "", const std::string& caller = "here") {
    const auto outcome = login_->LogIn({.email = "siti@kantor.id",
                                        .password = std::string(password),
                                        .code = code,
                                        .place = {browser, caller, "Firefox, Linux"}},
                                       now_);
    EXPECT_TRUE(outcome);
    return outcome ? *outcome : LoginOutcome{};
  }

  std::string Attempt(std::string_view email, std::string_view password) {
    const auto outcome = login_->LogIn(
        {.email = std::string(email), .password = std::string(password), .place = {"", "here", ""}},
        now_);
    EXPECT_TRUE(outcome);
    return outcome ? outcome->rule : "";
  }

  bool Lives(const OpenedSession& opened) {
    bool lives = false;
    Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const auto found, FindSession(tx, TokenHash(opened.token), now_));
      lives = found.has_value();
      return Done{};
    });
    return lives;
  }

  /// Her secret, set up and confirmed.
  std::string SetUpSecondFactor(const OpenedSession& opened) {
    const Principal who = opened.session.principal;
    std::string secret = *account_->BeginSecondFactor(who, now_);
    const auto ready =
        account_->ConfirmSecondFactor(who, TotpCode(secret, TotpStep(now_) - 1), "Firefox", now_);
    EXPECT_TRUE(ready);
    ready_ = *ready;
    return secret;
  }

  void Pass(std::int64_t micros) { now_ = Instant::FromMicros(now_.micros() + micros); }

  /// A person with this phone.
  std::int64_t AddWorker(int n, const std::string& phone) {
    Enrolment row = PersonNumber(n);
    row.phone = phone;
    return Enrol(row, D(20260301)).member.person_id;
  }

  /// The code in the newest message.
  std::string NewestCode() {
    std::vector<OutboxMessage> messages;
    Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(messages, ListNewestMessages(tx, sealer_, 1));
      return Done{};
    });
    if (messages.empty()) {
      return "";
    }
    const std::size_t at = messages[0].text.find_first_of("0123456789");
    return messages[0].text.substr(at, 6);
  }

  std::string AskCode(const std::string& phone) {
    EXPECT_TRUE(workers_->MakeCode({.phone = phone}, now_));
    return NewestCode();
  }

  WorkerOutcome Enter(const std::string& phone, const std::string& code) {
    const auto outcome = workers_->EnterByCode({.phone = phone}, code, {"", "here", ""}, now_);
    EXPECT_TRUE(outcome);
    return *outcome;
  }

  WorkerOutcome EnterPin(const Nik& nik, const std::string& pin, const std::string& browser = "") {
    const auto outcome = workers_->EnterByPin({.nik = nik}, pin, {browser, "here", ""}, now_);
    EXPECT_TRUE(outcome);
    return *outcome;
  }

  Instant now_ = Noon(D(20260315));
  std::int64_t user_ = 0;
  std::optional<PasswordHasher> hasher_;
  std::optional<StaffLogin> login_;
  std::optional<StaffAccount> account_;
  std::optional<WorkerLogin> workers_;
  SecondFactorReady ready_;
};

}  // namespace jaring
