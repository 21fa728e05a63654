#include "demo/demo_claims.h"

#include <algorithm>

#include "claims/claim_desk.h"
#include "claims/claim_paper.h"
#include "demo/demo_claims_sql.h"
#include "demo/demo_dice.h"

namespace jaring {
namespace {

constexpr std::uint64_t kStream = 77;
constexpr std::int64_t kPeopleAsked = 5'000;

/// A page with nothing on it, and whose it is in a comment: no two papers are the same.
std::string SamplePaper(const ClaimNumber& number, const std::string& code) {
  return "%PDF-1.1\n% " + number.ToString() + " " + code +
         "\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj "
         "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
         "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
         "trailer<</Root 1 0 R>>\n%%EOF\n";
}

class ClaimInventor {
 public:
  ClaimInventor(const Agency& agency, PaperStore& store, const DemoClaimOptions& options)
      : agency_(agency),
        store_(store),
        options_(options),
        dice_(options.seed, kStream),
        act_{.who = {.kind = ActorKind::kSystem}, .now = options.now} {}

  const DemoClaimSummary& summary() const { return summary_; }
  bool is_done() const { return is_over_ || summary_.reported >= options_.count; }

  /// Some claims more.
  Result<Done> Step(Tx& tx) {
    const std::int64_t end = summary_.reported + options_.per_step;
    while (!is_done() && summary_.reported < end) {
      std::vector<std::int64_t> people;
      JARING_RETURN_IF_ERROR(tx.Query(sql::kListPeopleAfter, {last_person_id_, kPeopleAsked},
                                      [&](const Row& row) { people.push_back(row.Int(0)); }));
      is_over_ = people.empty();
      for (const std::int64_t person_id : people) {
        if (is_done() || summary_.reported >= end) {
          return Done{};
        }
        last_person_id_ = person_id;
        JARING_RETURN_IF_ERROR(InventFor(tx, person_id));
      }
    }
    return Done{};
  }

 private:
  ClaimFacts InventFacts(Date birth) {
    ClaimFacts facts;
    facts.on = act_.today();
    const int kind = options_.savings_only ? 0 : dice_.Below(10);
    if (kind < 6) {
      facts.kind = ClaimKind::kSavings;
      const FigureRow* age = FindFigure(agency_.scheme, "jht-age", facts.on);
      const bool is_old = age != nullptr && AgeOn(birth, facts.on) >= age->value;
      facts.reason = is_old ? SavingsReason::kAge : SavingsReason::kStoppedWorking;
    } else if (kind < 9) {
      facts.kind = ClaimKind::kAccident;
      facts.outcome = AccidentOutcome::kRecovered;
      facts.spent = {{"jkk-transport-land",
                      Money::FromRupiah(std::int64_t{50'000} * dice_.Between(1, 20)),
                      {}}};
      facts.months_unable = dice_.Between(0, 3);
    } else {
      facts.kind = ClaimKind::kDeath;
      facts.children = dice_.Between(0, 3);
      facts.heirs = {Relation::kSpouse};
    }
    return facts;
  }

  static bool IsObstacle(const ClaimFinding& finding) {
    return finding.kind == FindingKind::kObstacle;
  }

  Result<Done> InventFor(Tx& tx, std::int64_t person_id) {
    const ClaimNumber none{person_id, 0};
    ClaimFacts facts;
    facts.on = act_.today();
    JARING_ASSIGN_OR_RETURN(ClaimGround ground, LoadClaimGround(tx, agency_, none, facts));
    facts = InventFacts(ground.birth);
    ground.payees = {
        {.name = ground.name,
         .relation = facts.is_of_death() ? std::optional(Relation::kSpouse) : std::nullopt,
         .institution = "BRI",
         .account = "88" + std::to_string(person_id)}};
    const auto findings = CheckClaim(agency_.scheme, facts, ground, act_.today());
    if (!ground.others.empty() || std::any_of(findings.begin(), findings.end(), IsObstacle)) {
      return Done{};
    }
    JARING_ASSIGN_OR_RETURN(
        const Claim claim,
        ReportClaim(tx, agency_, {person_id, facts, ground.payees, false}, act_));
    ++summary_.reported;
    return BringPapers(tx, claim.number, facts, ground);
  }

  Result<Done> BringPapers(Tx& tx, const ClaimNumber& number, const ClaimFacts& facts,
                           const ClaimGround& ground) {
    JARING_ASSIGN_OR_RETURN(const ClaimWorking working,
                            WorkOutClaim(agency_.scheme, facts, ground));
    const bool lacks_one = !options_.savings_only && dice_.Below(10) == 0;
    bool is_first = true;
    for (const PaperNeed& need : PapersOf(agency_.scheme, facts, {}, working.gross())) {
      if (!(lacks_one && is_first)) {
        const std::string& code = need.paper->code;
        JARING_RETURN_IF_ERROR(
            AddPaper(tx, agency_, store_, number, code, SamplePaper(number, code), act_));
      }
      is_first = false;
    }
    if (lacks_one) {
      return Done{};
    }
    ++summary_.complete;
    summary_.gross += working.gross();
    JARING_RETURN_IF_ERROR(CompleteClaim(tx, agency_, number, act_));
    return Done{};
  }

  const Agency& agency_;
  PaperStore& store_;
  const DemoClaimOptions& options_;
  DemoDice dice_;
  const ClaimAct act_;
  std::int64_t last_person_id_ = 0;
  bool is_over_ = false;
  DemoClaimSummary summary_;
};

}  // namespace

Result<DemoClaimSummary> InventClaims(Database& database, const Agency& agency, PaperStore& store,
                                      const DemoClaimOptions& options,
                                      const std::function<void(std::int64_t done)>& on_step) {
  if (!agency.is_demo) {
    return Conflict("demo.agency_is_real");
  }
  ClaimInventor inventor(agency, store, options);
  while (!inventor.is_done()) {
    JARING_RETURN_IF_ERROR(database.Write([&](Tx& tx) { return inventor.Step(tx); }));
    if (on_step) {
      on_step(inventor.summary().reported);
    }
  }
  return inventor.summary();
}

}  // namespace jaring
