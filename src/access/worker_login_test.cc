// Workers at the door: codes, PINs, families with one phone, and a new phone.

#include <gmock/gmock.h>

#include "access/login_fixture.h"
#include "db/move_mark.h"

namespace jaring {
namespace {

class WorkerLoginTest : public LoginTest {};

JARING_ON_EACH_ENGINE(WorkerLoginTest);

TEST_P(WorkerLoginTest, WorkerEntersWithTheCodeOfTheSms) {
  const std::int64_t person = AddWorker(1, "6281234567890");
  const std::string code = AskCode("6281234567890");
  EXPECT_EQ(code.size(), 6);
  const WorkerOutcome in = Enter("6281234567890", code);
  EXPECT_EQ(in.rule, "");
  EXPECT_EQ(in.opened.session.principal.kind, ActorKind::kWorker);
  EXPECT_EQ(in.opened.session.principal.scope, (Scope{ScopeKind::kSelf, person}));
  EXPECT_TRUE(Lives(in.opened));
  EXPECT_EQ(Enter("6281234567890", code).rule, "worker_code.wrong") << "a code counted twice";
}

TEST_P(WorkerLoginTest, WorkerCodeEndsAfterTenMinutesAndFiveTries) {
  AddWorker(1, "6281234567890");
  std::string code = AskCode("6281234567890");
  const std::string other = code == "111111" ? "222222" : "111111";
  Pass(kWorkerCodeMicros);
  EXPECT_EQ(Enter("6281234567890", code).rule, "worker_code.wrong");
  code = AskCode("6281234567890");
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(Enter("6281234567890", code == other ? "333333" : other).rule, "worker_code.wrong");
  }
  EXPECT_EQ(Enter("6281234567890", code).rule, "worker_code.wrong") << "a sixth try";
}

TEST_P(WorkerLoginTest, CodesAreFewAMinuteAndADay) {
  AddWorker(1, "6281234567890");
  AskCode("6281234567890");
  AskCode("6281234567890");
  EXPECT_EQ(Number("SELECT count(*) FROM outbox_message"), 1);
  for (int i = 0; i < 20; ++i) {
    Pass(kMinute);
    AskCode("6281234567890");
  }
  EXPECT_EQ(Number("SELECT count(*) FROM outbox_message"), kWorkerCodesPerDay);
}

TEST_P(WorkerLoginTest, UnknownPhoneGetsNoMessageAndTheSameRefusal) {
  AskCode("6289999999999");
  EXPECT_EQ(Number("SELECT count(*) FROM outbox_message"), 0);
  EXPECT_EQ(Enter("6289999999999", "123456").rule, "worker_code.wrong");
}

TEST_P(WorkerLoginTest, FamilyWithOnePhoneChooses) {
  AddWorker(1, "6281234567890");
  const std::int64_t second = AddWorker(2, "6281234567890");
  const WorkerOutcome offered = Enter("6281234567890", AskCode("6281234567890"));
  EXPECT_EQ(offered.rule, "");
  EXPECT_EQ(offered.opened.token, "");
  ASSERT_EQ(offered.choices.size(), 2);
  const auto choose = [&](std::size_t n) {
    return *workers_->Choose(offered.ticket, n, {"", "here", ""}, now_);
  };
  EXPECT_EQ(choose(2).rule, "worker_ticket.unknown");
  EXPECT_EQ(choose(1).opened.session.principal.id, second);
  EXPECT_EQ(choose(0).rule, "worker_ticket.unknown") << "a ticket counted twice";
}

TEST_P(WorkerLoginTest, PinComesAfterACodeAndIsSlowedDown) {
  AddWorker(1, "6281234567890");
  const Nik nik = PersonNumber(1).nik;
  EXPECT_EQ(EnterPin(nik, "918273").rule, "worker_pin.wrong");
  const Principal who = Enter("6281234567890", AskCode("6281234567890")).opened.session.principal;
  EXPECT_EQ(RuleOf(workers_->SetPin(who, "123456", "", now_)), "pin.too_easy");
  EXPECT_EQ(RuleOf(workers_->SetPin(who, "150580", "", now_)), "pin.too_easy");  // Her birthday.
  EXPECT_EQ(RuleOf(workers_->SetPin(who, "91827", "", now_)), "pin.not_six_digits");
  EXPECT_EQ(RuleOf(workers_->SetPin(who, "918273", "", now_)), "");
  EXPECT_EQ(EnterPin(nik, "918273").rule, "");
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(EnterPin(nik, "918274").rule, "worker_pin.wrong");
  }
  EXPECT_EQ(EnterPin(nik, "918273").rule, "login.too_many_attempts");
  Pass(30 * kSecond);
  EXPECT_EQ(EnterPin(nik, "918273").rule, "");
  Pass(kFreshMicros);
  EXPECT_EQ(RuleOf(workers_->SetPin(who, "564738", "", now_)), "pin.old_needed");
  EXPECT_EQ(RuleOf(workers_->SetPin(who, "564738", "918274", now_)), "pin.wrong");
  EXPECT_EQ(RuleOf(workers_->SetPin(who, "564738", "918273", now_)), "");
}

TEST_P(WorkerLoginTest, TriesOfServersWithDifferentClocksAreAllFree) {
  const std::string key(32, 'k');
  const auto count = [&](std::int64_t ahead_micros) {
    std::optional<Instant> open_at;
    Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(open_at,
                              CountAttempt(tx, key, {.free_attempts = 3},
                                           Instant::FromMicros(now_.micros() + ahead_micros)));
      return Done{};
    });
    return open_at;
  };
  EXPECT_FALSE(count(2 * kSecond));
  EXPECT_FALSE(count(0)) << "the other's clock, or this one read before it waited for its turn";
  EXPECT_FALSE(count(kSecond));
  EXPECT_TRUE(count(2 * kSecond));
}

TEST_P(WorkerLoginTest, MessagesAreKeptSealed) {
  AddWorker(1, "6281234567890");
  const std::string code = AskCode("6281234567890");
  std::string stored;
  Write([&](Tx& tx) {
    return tx.Query("SELECT phone_sealed, text_sealed FROM outbox_message", {}, [&](const Row& r) {
      stored = std::string(r.Blob(0)) + std::string(r.Blob(1));
    });
  });
  EXPECT_THAT(stored, testing::Not(testing::HasSubstr("81234567890")));
  EXPECT_THAT(stored, testing::Not(testing::HasSubstr(code)));
  KeepingChannel channel;
  const auto now = [this] { return now_; };
  EXPECT_EQ(*SendMessages(db(), sealer_, channel, 10, now), 1);
  EXPECT_EQ(*SendMessages(db(), sealer_, channel, 10, now), 0);
}

/// Hands over what `send` says; before it answers, another server looks for messages too.
class CrowdedChannel final : public MessageChannel {
 public:
  explicit CrowdedChannel(std::function<Result<Done>()> send) : send_(std::move(send)) {}
  Result<Done> Send(const OutboxMessage&) override {
    ++handed_over;
    return send_();
  }
  int handed_over = 0;

 private:
  std::function<Result<Done>()> send_;
};

TEST_P(WorkerLoginTest, AMessageIsHandedOverByOneServer) {
  AddWorker(1, "6281234567890");
  AskCode("6281234567890");
  const auto now = [this] { return now_; };
  KeepingChannel keeping;
  CrowdedChannel crowded([&]() -> Result<Done> {
    EXPECT_EQ(*SendMessages(db(), sealer_, keeping, 10, now), 0) << "another is at it";
    return Done{};
  });
  EXPECT_EQ(*SendMessages(db(), sealer_, crowded, 10, now), 1);
  EXPECT_EQ(crowded.handed_over, 1);
}

TEST_P(WorkerLoginTest, AMessageOfAServerThatDiedIsFreeAfterAWhile) {
  AddWorker(1, "6281234567890");
  AskCode("6281234567890");
  const auto now = [this] { return now_; };
  KeepingChannel keeping;
  CrowdedChannel dying([&]() -> Result<Done> {
    Pass(119 * kSecond);
    EXPECT_EQ(*SendMessages(db(), sealer_, keeping, 10, now), 0);
    Pass(2 * kSecond);
    EXPECT_EQ(*SendMessages(db(), sealer_, keeping, 10, now), 1);
    return Internal("sms.gateway_unavailable");
  });
  EXPECT_EQ(*SendMessages(db(), sealer_, dying, 10, now), 0);
  Pass(3600 * kSecond);
  EXPECT_EQ(*SendMessages(db(), sealer_, keeping, 10, now), 0)
      << "what failed late changes nothing";
}

TEST_P(WorkerLoginTest, WhatTheGatewayRefusesIsTriedFiveTimesOnceAMinute) {
  AddWorker(1, "6281234567890");
  AskCode("6281234567890");
  CrowdedChannel refusing([] { return Result<Done>(Internal("sms.gateway_refused")); });
  const auto now = [this] { return now_; };
  for (int tries = 1; tries <= 7; ++tries) {
    EXPECT_EQ(*SendMessages(db(), sealer_, refusing, 10, now), 0);
    EXPECT_EQ(*SendMessages(db(), sealer_, refusing, 10, now), 0) << "the other server's minute";
    EXPECT_EQ(refusing.handed_over, std::min(tries, 5));
    Pass(60 * kSecond);
  }
}

TEST_P(WorkerLoginTest, NothingIsSentThatCannotBeNoted) {
  class Counting final : public MessageChannel {
   public:
    Result<Done> Send(const OutboxMessage& /*message*/) override {
      ++sent;
      return Done{};
    }
    int sent = 0;
  };
  AddWorker(1, "6281234567890");
  AskCode("6281234567890");
  Write([](Tx& tx) { return MarkMove(tx, {"a move", MoveState::kLeaving, "elsewhere"}); });
  Counting channel;
  const auto now = [this] { return now_; };
  EXPECT_EQ(SendMessages(db(), sealer_, channel, 10, now).error().rule, "db.closed");
  EXPECT_EQ(channel.sent, 0);
}

TEST_P(WorkerLoginTest, CounterRecoveryIsSlowAndTheOldPhoneStopsIt) {
  const std::int64_t person = AddWorker(1, "6281234567890");
  const Principal staff{.kind = ActorKind::kStaffUser,
                        .id = user_,
                        .role = Role::kBranchStaff,
                        .scope = {ScopeKind::kBranch, 1}};
  Principal approver = staff;
  approver.id = user_ + 1;
  const auto start = [&] {
    Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(
          const std::int64_t id,
          AskRecovery(tx, agency_, person, "6281111111111", "lost", staff, now_));
      JARING_ASSIGN_OR_RETURN(
          const Approval approval,
          DecideApproval(tx, sealer_, id, Decision::kApprove, "", approver, now_));
      JARING_ASSIGN_OR_RETURN(const AuditNote note,
                              StartApprovedRecovery(tx, agency_, approval, now_));
      EXPECT_EQ(note.change, R"({"phone":["…890","…111"]})");
      return Done{};
    });
  };
  start();
  std::string told;
  Write([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const auto messages, ListNewestMessages(tx, sealer_, 1));
    EXPECT_EQ(messages.at(0).phone, "6281234567890");
    told = messages.at(0).text;
    return Done{};
  });
  const std::string stop_code = told.substr(told.size() - 9, 8);
  Write([&](Tx& tx) { return StopRecovery(tx, agency_, stop_code, now_); });
  Pass(RecoveryTerms{}.delay_micros);
  AskCode("6281111111111");
  EXPECT_EQ(Enter("6281111111111", NewestCode()).rule, "worker_code.wrong") << "it was stopped";
  start();
  Pass(RecoveryTerms{}.delay_micros - 1);
  EXPECT_EQ(Enter("6281111111111", AskCode("6281111111111")).rule, "worker_code.wrong");
  const OpenedSession old = Enter("6281234567890", AskCode("6281234567890")).opened;
  Pass(1);
  const WorkerOutcome fresh = Enter("6281111111111", AskCode("6281111111111"));
  EXPECT_EQ(fresh.opened.session.principal.id, person);
  EXPECT_FALSE(Lives(old)) << "the old phone's session lives on";
  EXPECT_EQ(Enter("6281234567890", AskCode("6281234567890")).rule, "worker_code.wrong");
}

TEST_P(WorkerLoginTest, ARecoveryIsSeenWaitingAndStoppedByThePersonOnly) {
  const std::int64_t person = AddWorker(1, "6281234567890");
  const Principal self{.kind = ActorKind::kWorker, .id = person, .role = Role::kWorker};
  const Principal staff{.kind = ActorKind::kStaffUser, .id = user_, .role = Role::kBranchStaff};
  Principal approver = staff;
  approver.id = user_ + 1;
  Write([&](Tx& tx) -> Result<Done> {
    EXPECT_FALSE(*FindRecoveryAsked(tx, person));
    JARING_ASSIGN_OR_RETURN(const std::int64_t id,
                            AskRecovery(tx, agency_, person, "6281111111111", "lost", staff, now_));
    EXPECT_EQ((*FindRecoveryAsked(tx, person))->micros(), now_.micros());
    JARING_ASSIGN_OR_RETURN(
        const Approval approval,
        DecideApproval(tx, sealer_, id, Decision::kApprove, "", approver, now_));
    JARING_RETURN_IF_ERROR(StartApprovedRecovery(tx, agency_, approval, now_));
    EXPECT_FALSE(*FindRecoveryAsked(tx, person));
    JARING_ASSIGN_OR_RETURN(const auto open, ListOpenRecoveries(tx, person, now_));
    EXPECT_EQ(open.size(), 1u);
    const std::int64_t recovery = open.at(0).recovery_id;
    EXPECT_EQ(StopRecoveryOf(tx, agency_, self, person + 1, recovery, now_).error().rule,
              "recovery.unknown");
    JARING_RETURN_IF_ERROR(StopRecoveryOf(tx, agency_, self, person, recovery, now_));
    JARING_ASSIGN_OR_RETURN(const auto left, ListOpenRecoveries(tx, person, now_));
    EXPECT_TRUE(left.empty());
    return Done{};
  });
  Pass(RecoveryTerms{}.delay_micros);
  EXPECT_EQ(Enter("6281111111111", AskCode("6281111111111")).rule, "worker_code.wrong");
}

TEST_P(WorkerLoginTest, TwoOfTheSameGroupWitness) {
  const Group group = NewGroup("tani", GroupKind::kCommunity);
  const auto member = [&](int n) {
    return Enrol(PersonNumber(n), D(20260301), {.group = group}).member.person_id;
  };
  const std::int64_t lost = member(1);
  const std::int64_t stranger = AddWorker(9, "6281234567899");
  std::string code;
  const auto begin = [&](Date birth) {
    std::string made;
    Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(made, BeginWitnessedRecovery(tx, agency_, PersonNumber(1).nik, birth,
                                                           "6281111111111", now_));
      return Done{};
    });
    return made;
  };
  const auto witness = [&](std::int64_t person_id) {
    std::string outcome;
    Write([&](Tx& tx) -> Result<Done> {
      const auto missing = WitnessRecovery(
          tx, agency_, {.kind = ActorKind::kWorker, .id = person_id, .role = Role::kWorker}, code,
          now_);
      outcome = missing ? std::to_string(*missing) : missing.error().rule;
      return Done{};
    });
    return outcome;
  };
  const std::int64_t first = member(2);
  const std::int64_t second = member(3);
  code = begin(D(19800516));
  EXPECT_EQ(code.size(), 8) << "somebody we do not know reads the same";
  EXPECT_EQ(witness(first), "recovery.unknown");
  code = begin(D(19800515));
  EXPECT_EQ(witness(lost), "recovery.unknown");
  EXPECT_EQ(witness(stranger), "recovery.unknown");
  EXPECT_EQ(witness(first), "1");
  Write([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const auto open, ListOpenRecoveries(tx, lost, now_));
    EXPECT_EQ(open.size(), 1u);
    EXPECT_EQ(open.at(0).witnesses, 1);
    EXPECT_FALSE(open.at(0).effective_at);
    EXPECT_EQ(open.at(0).expires_at.micros(), now_.micros() + RecoveryTerms{}.open_micros);
    return Done{};
  });
  EXPECT_EQ(witness(first), "recovery.witnessed_already");
  EXPECT_EQ(witness(second), "0");
  EXPECT_EQ(Enter("6281111111111", AskCode("6281111111111")).rule, "worker_code.wrong");
  Pass(RecoveryTerms{}.delay_micros);
  EXPECT_EQ(Enter("6281111111111", AskCode("6281111111111")).opened.session.principal.id, lost);
}

}  // namespace
}  // namespace jaring
