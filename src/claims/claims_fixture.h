#pragma once

// For tests only: a scheme with small benefits, members who pay, and claims of theirs.

#include "claims/claim_desk.h"
#include "claims/claim_paper.h"
#include "claims/payout.h"
#include "collection/collection_fixture.h"
#include "ledger/journal.h"

namespace jaring {

/// The small scheme with: base 1,000 (2,000 from income 2,000); of a death 20 + 12 + 10; of a death
/// from work 48 bases, 10 and 12; receipts, months unable to work; savings whole and a tenth after
/// 24 months; papers "card" for all and "certificate" of a death, "tax" above 100,000; penalties of
/// 1 %; two people above 100, by rule to 90,000; savings from the age of 45.
inline Scheme ClaimScheme() {
  Scheme scheme = SchemeWithTrades();
  const Mark mark{"test", Confidence::kMemory};
  const DateSpan always{D(20200101), std::nullopt};
  scheme.begins = M(202001);
  scheme.bracket_tables[0].brackets[0].base = Rp(1'000);
  scheme.bracket_tables[0].brackets[1].base = Rp(2'000);
  const auto benefit = [&](const char* id, Programme programme, ClaimEvent event, BenefitRow row) {
    row.days = always;
    row.mark = mark;
    scheme.benefits.push_back({id, programme, id, id, {std::move(row)}, ClaimEvents().With(event)});
  };
  const auto fixed = [](std::int64_t rupiah) {
    return BenefitRow{.kind = BenefitKind::kFixed, .amount = Rp(rupiah)};
  };
  benefit("jkk-care", Programme::kJkk, ClaimEvent::kAccident, {.kind = BenefitKind::kReceipts});
  benefit("jkk-death", Programme::kJkk, ClaimEvent::kAccidentDeath,
          {.kind = BenefitKind::kBaseMultiple, .multiple = 48});
  benefit("jkk-grant", Programme::kJkk, ClaimEvent::kAccidentDeath, fixed(22));
  benefit("jkk-total", Programme::kJkk, ClaimEvent::kTotalDisability, fixed(56));
  benefit("jkm-death", Programme::kJkm, ClaimEvent::kDeath, fixed(20));
  benefit("jkm-grant", Programme::kJkm, ClaimEvent::kDeath, fixed(12));
  benefit("jkm-funeral", Programme::kJkm, ClaimEvent::kDeath, fixed(10));
  benefit("jht-account", Programme::kJht, ClaimEvent::kWholeSavings,
          {.kind = BenefitKind::kAccountShare});
  benefit("jht-part", Programme::kJht, ClaimEvent::kSavingsOther,
          {.kind = BenefitKind::kAccountShare,
           .share = Rate::FromPpm(100'000),
           .needs_contribution_months = 24});
  const auto figure = [&](const char* id, std::int64_t value) {
    scheme.figures.push_back({id, "", id, id, {{always, value, mark}}});
  };
  figure("jht-age", 45);
  figure("jht-tax-free-rupiah", 400);
  figure("jht-tax-above", 50'000);
  figure("jht-app-ceiling", 90'000);
  figure("jkk-pay-working-days", 7);
  figure("jkm-pay-working-days", 3);
  figure("jht-pay-working-days", 5);
  figure("jkk-delay-penalty", 10'000);
  figure("jkm-delay-penalty", 10'000);
  figure("jkk-claim-lapses-years", 5);
  figure("jkk-report-hours", 48);
  figure("claim-in-grace", 1);
  figure("claim-second-person-above", 100);
  figure("claim-question-days-after-joining", 30);
  figure("claim-question-people-per-account", 1);
  figure("claim-question-people-per-doctor", 2);
  scheme.heir_ranks = {{{Relation::kSpouse, Relation::kChild}, always, mark},
                       {{Relation::kSibling}, always, mark}};
  const auto paper = [&](const char* code, ClaimEvents events, std::optional<Money> above) {
    scheme.claim_papers.push_back(
        {code, code, code, "why", "why", events, {}, above, always, mark});
  };
  const auto all = ClaimEvents::FromBits(0xFFFF);
  paper("card", all, std::nullopt);
  paper("certificate", ClaimEvents().With(ClaimEvent::kDeath).With(ClaimEvent::kAccidentDeath),
        std::nullopt);
  paper("tax", all, Rp(100'000));
  return scheme;
}

/// The papers of a test: bytes in memory.
class MemoryPaperStore : public PaperStore {
 public:
  Result<Done> Put(const std::string& name, std::string_view bytes) override {
    files_[name] = bytes;
    return Done{};
  }
  Result<std::string> Get(const std::string& name) override {
    const auto at = files_.find(name);
    return at == files_.end() ? NotFound("paper.missing") : Result<std::string>(at->second);
  }
  std::map<std::string, std::string>& files() { return files_; }

 private:
  std::map<std::string, std::string> files_;
};

inline constexpr Principal kFirstOfficer{.kind = ActorKind::kStaffUser, .id = 1};
inline constexpr Principal kSecondOfficer{.kind = ActorKind::kStaffUser, .id = 2};
/// A PDF, as far as anybody here looks.
inline constexpr std::string_view kPdf = "%PDF-1.4 paper ";

class ClaimsTest : public CollectionTest {
 protected:
  ClaimsTest() { scheme_ = ClaimScheme(); }

  /// A member who has paid `rupiah` on the day she joined: 150 a month, with savings 350.
  MemberNumber Member(int n, Date on, std::int64_t rupiah, ProgrammeSet programmes = kBasic) {
    Enrolment row = PersonNumber(n);
    row.programmes = programmes;
    const MemberNumber member = Enrol(row, on).member;
    Pay({.reference = "m" + std::to_string(n), .member = member, .rupiah = rupiah, .on = on});
    return member;
  }

  static ClaimAct Act(Date on, const Principal& who = kFirstOfficer, std::string note = "") {
    return {who, Noon(on), std::move(note)};
  }

  static ClaimFacts DeathOn(Date on) {
    ClaimFacts facts;
    facts.kind = ClaimKind::kDeath;
    facts.on = on;
    facts.heirs = {Relation::kSpouse};
    return facts;
  }

  static ClaimFacts SavingsOn(Date on, SavingsReason reason = SavingsReason::kAge) {
    ClaimFacts facts;
    facts.kind = ClaimKind::kSavings;
    facts.on = on;
    facts.reason = reason;
    return facts;
  }

  static ClaimPayee Spouse(const std::string& account = "1234567890") {
    return {.name = "Ibu Warga",
            .relation = Relation::kSpouse,
            .institution = "BRI",
            .account = account};
  }

  static ClaimPayee Herself(int n, const std::string& account) {
    return {.name = "WARGA " + std::to_string(n),
            .relation = std::nullopt,
            .institution = "BRI",
            .account = account};
  }

  /// The rule of an error, or "".
  std::string Do(const std::function<Result<Done>(Tx&)>& work) {
    const auto done = db().Write(work);
    return done ? "" : done.error().rule;
  }

  ClaimNumber Report(const MemberNumber& member, const ClaimFacts& facts,
                     const std::vector<ClaimPayee>& payees, Date on) {
    ClaimNumber number;
    EXPECT_EQ(Do([&](Tx& tx) -> Result<Done> {
                JARING_ASSIGN_OR_RETURN(
                    const Claim claim,
                    ReportClaim(tx, agency_, {member.person_id, facts, payees, false}, Act(on)));
                number = claim.number;
                return Done{};
              }),
              "");
    return number;
  }

  std::string Bring(const ClaimNumber& number, const std::string& code, Date on,
                    std::string_view bytes = kPdf) {
    const std::string own = std::string(bytes) + number.ToString() + code;
    return Do([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(AddPaper(tx, agency_, store_, number, code, own, Act(on)));
      return Done{};
    });
  }

  std::string Complete(const ClaimNumber& number, Date on) {
    return Do([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(CompleteClaim(tx, agency_, number, Act(on)));
      return Done{};
    });
  }

  std::string Approve(const ClaimNumber& number, Date on, const Principal& who = kFirstOfficer) {
    return Do([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(ApproveClaim(tx, agency_, number, Act(on, who)));
      return Done{};
    });
  }

  ClaimView See(const ClaimNumber& number, Date on) {
    ClaimView view;
    const auto done = db().Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(view, ViewClaim(tx, agency_, number, on));
      return Done{};
    });
    EXPECT_TRUE(done) << done.error().rule << done.error().detail;
    return view;
  }

  ClaimState StateOf(const ClaimNumber& number) { return See(number, D(20261231)).claim.state; }

  /// "obstacle check.covered not_covered, …": what stands in the way or is to be asked.
  std::string Findings(const ClaimNumber& number, Date on) {
    std::string text;
    for (const ClaimFinding& finding : See(number, on).findings) {
      if (finding.kind != FindingKind::kPassed) {
        text += (text.empty() ? "" : ", ") + std::string(FindingKindCode(finding.kind)) + " " +
                std::string(finding.rule) + (finding.detail.empty() ? "" : " " + finding.detail);
      }
    }
    return text;
  }

  /// A death told, completed and approved by two on one day.
  ClaimNumber ApprovedDeath(const MemberNumber& member, Date died, Date on,
                            const std::vector<ClaimPayee>& payees) {
    const ClaimNumber number = Report(member, DeathOn(died), payees, on);
    EXPECT_EQ(Bring(number, "card", on), "");
    EXPECT_EQ(Bring(number, "certificate", on), "");
    EXPECT_EQ(Complete(number, on), "");
    EXPECT_EQ(Approve(number, on), "");
    return number;
  }

  /// Debit positive; all days together.
  std::int64_t Balance(Account account) {
    return Number(
        "SELECT COALESCE(CAST(SUM(amount_rupiah) AS BIGINT), 0) FROM journal_line"
        " WHERE account = $1",
        {static_cast<std::int64_t>(account)});
  }

  MemoryPaperStore store_;
};

}  // namespace jaring
