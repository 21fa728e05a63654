#include "channels/json/claim_json.h"

#include "channels/text/masking.h"
#include "rules/claim_words.h"

namespace jaring {
namespace {

void AddDate(JsonWriter& json, std::string_view key, const std::optional<Date>& date) {
  json.Key(key);
  date ? json.Text(date->ToString()) : json.Null();
}

void AddAccidentFacts(JsonWriter& json, const ClaimFacts& facts) {
  json.Key("outcome").Text(AccidentOutcomeCode(facts.outcome));
  json.Key("spent").BeginList();
  for (const Spending& each : facts.spent) {
    json.BeginObject().Key("benefit").Text(each.benefit);
    json.Key("rupiah").Integer(each.spent.rupiah()).Key("price");
    each.price ? json.Integer(each.price->rupiah()) : json.Null();
    json.EndObject();
  }
  json.EndList().Key("months_unable").Integer(facts.months_unable);
  json.Key("days_unable").Integer(facts.days_unable);
  json.Key("disabilities").BeginList();
  for (const DisabilityFinding& each : facts.disabilities) {
    json.BeginObject().Key("code").Text(each.code).Key("loss_ppm");
    each.loss ? json.Integer(each.loss->ppm()) : json.Null();
    json.Key("assessed_ppm");
    each.assessed ? json.Integer(each.assessed->ppm()) : json.Null();
    json.EndObject();
  }
  json.EndList();
  AddDate(json, "established_on", facts.established_on);
  json.Key("doctor").Text(facts.doctor);
}

void AddPupils(JsonWriter& json, const ClaimFacts& facts, Identity identity) {
  json.Key("pupils").BeginList();
  for (const PupilTold& pupil : facts.pupils) {
    json.BeginObject().Key("birth").Text(BirthText(pupil.birth, identity));
    json.Key("level").Text(pupil.level).EndObject();
  }
  json.EndList();
}

void AddFacts(JsonWriter& json, const ClaimFacts& facts, Identity identity) {
  json.Key("facts").BeginObject();
  json.Key("kind").Text(ClaimKindCode(facts.kind)).Key("on").Text(facts.on.ToString());
  if (facts.kind == ClaimKind::kAccident) {
    AddAccidentFacts(json, facts);
  }
  if (facts.kind == ClaimKind::kSavings) {
    json.Key("reason").Text(SavingsReasonCode(facts.reason));
    AddDate(json, "left_on", facts.left_on);
    json.Key("asked");
    facts.asked ? json.Integer(facts.asked->rupiah()) : json.Null();
  } else if (!IsInstalment(facts.kind)) {
    json.Key("children").Integer(facts.children);
    AddPupils(json, facts, identity);
  }
  if (facts.kind == ClaimKind::kScholarship) {
    AddPupils(json, facts, identity);
    json.Key("married").Bool(facts.is_married).Key("works").Bool(facts.works);
  }
  json.Key("heirs").BeginList();
  for (const Relation heir : facts.heirs) {
    json.Text(RelationCode(heir));
  }
  json.EndList().EndObject();
}

void AddPayees(JsonWriter& json, const std::vector<ClaimPayee>& payees, Identity identity) {
  const bool in_full = identity == Identity::kFull;
  json.Key("payees").BeginList();
  for (const ClaimPayee& payee : payees) {
    json.BeginObject().Key("name").Text(in_full ? payee.name : MaskedName(payee.name));
    json.Key("relation");
    payee.relation ? json.Text(RelationCode(*payee.relation)) : json.Null();
    json.Key("institution").Text(payee.institution);
    const std::string hidden = "****" + payee.account.substr(payee.account.size() - 4);
    json.Key("account").Text(in_full ? payee.account : hidden);
    json.Key("share_ppm").Integer(payee.share.ppm()).EndObject();
  }
  json.EndList();
}

void AddFindings(JsonWriter& json, const ClaimView& view, const ClaimShown& shown) {
  json.Key("findings").BeginList();
  for (const ClaimFinding& finding : view.findings) {
    if (finding.kind == FindingKind::kQuestion && !shown.with_questions) {
      continue;
    }
    json.BeginObject().Key("kind").Text(FindingKindCode(finding.kind));
    json.Key("rule").Text(finding.rule).Key("detail").Text(finding.detail);
    json.Key("words").Text(shown.messages.Text(finding.rule, shown.language)).EndObject();
  }
  json.EndList();
}

void AddPapers(JsonWriter& json, const std::vector<StoredPaper>& papers) {
  json.Key("papers").BeginList();
  for (const StoredPaper& paper : papers) {
    json.BeginObject().Key("paper_no").Integer(paper.paper_no).Key("code").Text(paper.code);
    json.Key("media_type").Text(paper.media_type).Key("bytes").Integer(paper.bytes);
    json.Key("added_at").Text(paper.added_at.ToString()).EndObject();
  }
  json.EndList();
}

void AddLines(JsonWriter& json, const ClaimView& view) {
  json.Key("lines").BeginList();
  for (const ClaimLine& line : view.lines) {
    json.BeginObject().Key("programme").Text(ProgrammeCode(line.programme));
    json.Key("benefit").Text(line.benefit).Key("detail").Text(line.detail);
    json.Key("amount").Integer(line.amount.rupiah()).Key("working").Text(line.working).EndObject();
  }
  json.EndList().Key("withheld").BeginList();
  for (const Withheld& line : view.withheld) {
    json.BeginObject().Key("benefit").Text(line.benefit).Key("rule").Text(line.rule).EndObject();
  }
  json.EndList();
}

void AddSteps(JsonWriter& json, const ClaimView& view) {
  json.Key("steps").BeginList();
  for (const ClaimStep& step : view.steps) {
    json.BeginObject().Key("state").Text(ClaimStateCode(step.state));
    json.Key("at").Text(step.at.ToString()).Key("by").BeginObject();
    json.Key("kind").Text(ActorKindCode(step.actor_kind)).Key("id").Integer(step.actor_id);
    json.EndObject().Key("reason_code").Text(step.reason).Key("note").Text(step.note).EndObject();
  }
  json.EndList();
}

void AddPayouts(JsonWriter& json, const std::vector<Payout>& payouts) {
  json.Key("payouts").BeginList();
  for (const Payout& payout : payouts) {
    json.BeginObject().Key("reference").Text(payout.reference());
    json.Key("payee").Integer(payout.payee_no).Key("state").Text(PayoutStateCode(payout.state));
    json.Key("amount").Integer(payout.amount.rupiah());
    json.Key("penalty").Integer(payout.penalty.rupiah());
    AddDate(json, "paid_on", payout.paid_on);
    json.EndObject();
  }
  json.EndList();
}

/// What the claim gives again and again; of an instalment, what it is one of.
void AddSchedules(JsonWriter& json, const std::vector<ScheduleView>& schedules) {
  json.Key("schedules").BeginList();
  for (const ScheduleView& view : schedules) {
    const ClaimSchedule& schedule = view.schedule;
    json.BeginObject().Key("kind").Text(ClaimKindCode(schedule.kind));
    json.Key("from_claim").Text(schedule.right().ToString());
    json.Key("place").Integer(schedule.place);
    json.Key("state").Text(ScheduleStateCode(schedule.state));
    json.Key("first_on").Text(schedule.first_on.ToString());
    AddDate(
        json, "next_on",
        schedule.state == ScheduleState::kOpen ? std::optional(schedule.next_on) : std::nullopt);
    json.Key("instalments").BeginList();
    for (const ClaimNumber& number : view.instalments) {
      json.Text(number.ToString());
    }
    json.EndList().Key("papers").BeginList();
    for (const PaperNeed& need : view.papers) {
      json.Text(need.paper->code);
    }
    json.EndList().EndObject();
  }
  json.EndList();
}

void AddCounts(JsonWriter& json, std::string_view key,
               const std::map<std::string, std::int64_t>& counts) {
  json.Key(key).BeginObject();
  for (const auto& [word, count] : counts) {
    json.Key(word).Integer(count);
  }
  json.EndObject();
}

}  // namespace

void AddClaim(JsonWriter& json, const Claim& claim) {
  json.Key("claim_number").Text(claim.number.ToString());
  json.Key("person_id").Integer(claim.number.person_id);
  json.Key("kind").Text(ClaimKindCode(claim.kind)).Key("state").Text(ClaimStateCode(claim.state));
  json.Key("event_on").Text(claim.event_on.ToString());
  json.Key("begun_at").Text(claim.begun_at.ToString());
  AddDate(json, "complete_on", claim.complete_on);
  AddDate(json, "due_on", claim.due_on);
  json.Key("gross").Integer(claim.gross.rupiah()).Key("tax").Integer(claim.tax.rupiah());
  json.Key("net").Integer(claim.net().rupiah());
}

void AddPapersNeeded(JsonWriter& json, const ClaimView& view) {
  json.Key("papers_needed").BeginList();
  for (const PaperNeed& need : view.papers) {
    json.BeginObject().Key("code").Text(need.paper->code).Key("name").BeginObject();
    json.Key("id").Text(need.paper->name_id).Key("en").Text(need.paper->name_en).EndObject();
    json.Key("why").BeginObject().Key("id").Text(need.paper->why_id);
    json.Key("en").Text(need.paper->why_en).EndObject();
    json.Key("brought").Bool(need.is_there).EndObject();
  }
  json.EndList();
}

std::string ClaimFiguresJson(const ClaimFigures& figures, Date from, Date to) {
  JsonWriter json;
  json.BeginObject().Key("from").Text(from.ToString()).Key("to").Text(to.ToString());
  json.Key("now").BeginObject();
  for (const auto& [state, count] : figures.now) {
    json.Key(ClaimStateCode(state)).Integer(count);
  }
  json.EndObject();
  AddCounts(json, "approved", figures.approved);
  AddCounts(json, "refused", figures.refused);
  json.Key("given").BeginObject();
  for (const auto& [programme, amount] : figures.given) {
    json.Key(ProgrammeCode(programme)).Integer(amount.rupiah());
  }
  json.EndObject().Key("tax").Integer(figures.tax.rupiah()).Key("paid").Integer(figures.paid);
  json.Key("paid_late").Integer(figures.paid_late).Key("days").Integer(figures.days);
  json.Key("most_days").Integer(figures.most_days);
  json.Key("given_back").Integer(figures.given_back.rupiah());
  json.Key("penalties").Integer(figures.penalties.rupiah());
  json.Key("begun").Integer(figures.begun).Key("without_visit").Integer(figures.without_visit);
  json.EndObject();
  return json.Take();
}

void AddPayoutRun(JsonWriter& json, const PayoutRun& run) {
  json.Key("run_id").Integer(run.run_id).Key("state").Text(PayoutRunStateCode(run.state));
  json.Key("pay_on").Text(run.pay_on.ToString()).Key("payouts").Integer(run.payout_count);
  json.Key("amount").Integer(run.amount.rupiah());
}

std::string ClaimJson(const ClaimView& view, const ClaimExtras& extras, const ClaimShown& shown) {
  JsonWriter json;
  json.BeginObject();
  AddClaim(json, view.claim);
  json.Key("name").Text(shown.identity == Identity::kFull ? view.name : MaskedName(view.name));
  AddDate(json, "first_report_by", view.first_report_by);
  AddDate(json, "second_report_by", view.second_report_by);
  AddFacts(json, view.facts, shown.identity);
  AddPayees(json, view.payees, shown.identity);
  AddFindings(json, view, shown);
  AddPapersNeeded(json, view);
  AddPapers(json, extras.papers);
  AddLines(json, view);
  AddSteps(json, view);
  AddPayouts(json, extras.payouts);
  AddSchedules(json, extras.schedules);
  json.EndObject();
  return json.Take();
}

}  // namespace jaring
