#include "channels/cli/claim_command.h"

#include <fmt/core.h>

#include "channels/cli/agency_run.h"
#include "channels/cli/cli_audit.h"
#include "channels/cli/column_table.h"
#include "channels/cli/papers.h"
#include "channels/json/claim_json.h"
#include "claims/worklist.h"
#include "demo/demo_claims.h"

namespace jaring {
namespace {

std::string DayText(const std::optional<Date>& day) {
  return day ? day->ToString() : "";
}

/// What a run over all complete claims came to.
struct Decided {
  std::int64_t looked_at = 0;
  std::int64_t approved = 0;
  Money net;
};

/// Decides some claims in one transaction; false at the end of the list.
Result<bool> DecideSome(Tx& tx, const CliContext& context, const Agency& agency, std::int64_t most,
                        WorklistPlace& place, Decided& decided) {
  JARING_ASSIGN_OR_RETURN(const auto claims,
                          ListClaims(tx, {ClaimState::kComplete, 0}, place, most));
  const ClaimAct act{.who = {.kind = ActorKind::kSystem}, .now = context.now()};
  for (const Claim& claim : claims) {
    place = {claim.due_on, claim.number};
    ++decided.looked_at;
    JARING_ASSIGN_OR_RETURN(const bool approved, DecideByRule(tx, agency, claim.number, act));
    if (approved) {
      JARING_ASSIGN_OR_RETURN(const Claim after, FindClaim(tx, claim.number));
      ++decided.approved;
      decided.net += after.net();
    }
  }
  return static_cast<std::int64_t>(claims.size()) == most;
}

/// Takes papers and keeps none.
class NoPaperStore : public PaperStore {
 public:
  Result<Done> Put(const std::string& /*name*/, std::string_view /*bytes*/) override {
    return Done{};
  }
  Result<std::string> Get(const std::string& name) override {
    return NotFound("paper.missing", name);
  }
};

void PrintCount(std::string_view what, std::string_view which, std::int64_t count) {
  fmt::print("{:<40} {:>12}\n", fmt::format("{} {}", what, which), count);
}

void PrintMoney(std::string_view what, Money amount) {
  fmt::print("{:<40} {:>18}\n", what, "Rp" + FormatRupiah(amount));
}

void PrintFigures(const ClaimFigures& figures, Date from, Date to) {
  fmt::print("{} - {}\n", from.ToString(), to.ToString());
  for (const auto& [state, count] : figures.now) {
    PrintCount("sekarang / now:", ClaimStateCode(state), count);
  }
  for (const auto& [who, count] : figures.approved) {
    PrintCount("disetujui / approved:", who, count);
  }
  for (const auto& [why, count] : figures.refused) {
    PrintCount("ditolak / refused:", why, count);
  }
  for (const auto& [programme, amount] : figures.given) {
    PrintMoney("manfaat / benefits: " + std::string(ProgrammeCode(programme)), amount);
  }
  PrintMoney("dikembalikan / given back", figures.given_back);
  PrintMoney("pajak / tax", figures.tax);
  PrintCount("dilaporkan / begun:", "", figures.begun);
  PrintCount("tanpa datang / without a visit:", "", figures.without_visit);
  PrintCount("dibayar / paid:", "", figures.paid);
  PrintCount("dibayar terlambat / paid late:", "", figures.paid_late);
  PrintMoney("denda / penalties", figures.penalties);
  if (figures.paid > 0) {
    PrintCount("hari, rata-rata / days, on average:", "", figures.days / figures.paid);
    PrintCount("hari, paling lama / days, at most:", "", figures.most_days);
  }
}

}  // namespace

int ClaimInvent(const CliContext& context, const ClaimInventRequest& request) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    NoPaperStore none;
    JARING_ASSIGN_OR_RETURN(const auto papers, OpenPapers(context));
    if (!request.no_files && papers == nullptr) {
      return Invalid("paper.no_store");
    }
    JARING_ASSIGN_OR_RETURN(
        const DemoClaimSummary made,
        InventClaims(open.db(), open.agency(),
                     request.no_files ? static_cast<PaperStore&>(none) : *papers,
                     {.count = request.count,
                      .savings_only = request.savings_only,
                      .seed = request.seed,
                      .now = context.now()},
                     {}));
    if (context.options().json) {
      JsonWriter json;
      json.BeginObject().Key("reported").Integer(made.reported);
      json.Key("complete").Integer(made.complete).Key("gross").Integer(made.gross.rupiah());
      json.EndObject();
      fmt::print("{}\n", json.Take());
    } else {
      fmt::print("{} klaim, {} lengkap, Rp{} / {} claims, {} complete\n", made.reported,
                 made.complete, FormatRupiah(made.gross), made.reported, made.complete);
    }
    return Done{};
  });
}

int ClaimFiguresOf(const CliContext& context, const ClaimFiguresRequest& request) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    Date to = context.now().JakartaDate();
    if (!request.to.empty()) {
      JARING_ASSIGN_OR_RETURN(to, Date::Parse(request.to));
    }
    Date from = FirstDay(to.month());
    if (!request.from.empty()) {
      JARING_ASSIGN_OR_RETURN(from, Date::Parse(request.from));
    }
    return open.db().Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const ClaimFigures figures, ReportClaimFigures(tx, from, to));
      if (context.options().json) {
        fmt::print("{}\n", ClaimFiguresJson(figures, from, to));
      } else {
        PrintFigures(figures, from, to);
      }
      return Done{};
    });
  });
}

int ClaimList(const CliContext& context, const ClaimListRequest& request) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    const auto state = FindClaimState(request.state);
    if (!state) {
      return Invalid("claim.state_unknown", request.state);
    }
    return open.db().Read([&](Tx& tx) -> Result<Done> {
      WorklistPart part{*state, 0};
      if (!request.branch.empty()) {
        JARING_ASSIGN_OR_RETURN(const auto branch, FindBranch(tx, request.branch));
        if (!branch) {
          return NotFound("branch.unknown", request.branch);
        }
        part.branch_id = branch->branch_id;
      }
      JARING_ASSIGN_OR_RETURN(const auto claims, ListClaims(tx, part, {}, request.limit));
      if (context.options().json) {
        JsonWriter json;
        json.BeginObject().Key("claims").BeginList();
        for (const Claim& claim : claims) {
          json.BeginObject();
          AddClaim(json, claim);
          json.EndObject();
        }
        json.EndList().EndObject();
        fmt::print("{}\n", json.Take());
        return Done{};
      }
      for (const Claim& claim : claims) {
        fmt::print("{}  {:<9} {:<9} {}  {:<10}  {:>14}\n", claim.number.ToString(),
                   ClaimKindCode(claim.kind), ClaimStateCode(claim.state),
                   claim.event_on.ToString(), DayText(claim.due_on), FormatRupiah(claim.net()));
      }
      return Done{};
    });
  });
}

int ClaimShow(const CliContext& context, const std::string& text) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const ClaimNumber number, ClaimNumber::Parse(text));
    return open.db().Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const ClaimView view,
                              ViewClaim(tx, open.agency(), number, context.now().JakartaDate()));
      JARING_RETURN_IF_ERROR(NoteCommand(tx, context, open.agency(),
                                         {.action = std::string(ActionName(Action::kReadClaims)),
                                          .person_id = number.person_id,
                                          .subject = "claim " + number.ToString()}));
      ClaimExtras extras;
      JARING_ASSIGN_OR_RETURN(extras.papers, ListPapers(tx, number));
      JARING_ASSIGN_OR_RETURN(extras.payouts, ListPayoutsOfClaim(tx, number));
      JARING_ASSIGN_OR_RETURN(extras.schedules, ViewSchedules(tx, open.agency(), view.claim));
      fmt::print("{}\n", ClaimJson(view, extras,
                                   {.messages = context.messages(),
                                    .language = Language::kIndonesian,
                                    .identity = Identity::kMasked,
                                    .with_questions = true}));
      return Done{};
    });
  });
}

int ClaimDue(const CliContext& context, const ClaimDueRequest& request) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    const ClaimAct act{.who = {.kind = ActorKind::kSystem}, .now = context.now()};
    Date on = act.today();
    if (!request.on.empty()) {
      JARING_ASSIGN_OR_RETURN(on, Date::Parse(request.on));
    }
    JARING_ASSIGN_OR_RETURN(
        const std::int64_t opened,
        OpenAllDue(open.db(), open.agency(), on, request.per_step, act, [] { return false; }));
    JARING_RETURN_IF_ERROR(open.db().Write([&](Tx& tx) {
      return NoteCommand(
          tx, context, open.agency(),
          {.action = std::string(ActionName(Action::kReportClaims)),
           .subject = "due " + on.ToString() + ": " + std::to_string(opened) + " claims"});
    }));
    if (context.options().json) {
      JsonWriter json;
      json.BeginObject().Key("on").Text(on.ToString());
      json.Key("opened").Integer(opened).EndObject();
      fmt::print("{}\n", json.Take());
    } else {
      fmt::print("{}: {} klaim dibuka / {} claims opened\n", on.ToString(), opened, opened);
    }
    return Done{};
  });
}

int ClaimDecide(const CliContext& context, const ClaimBatchRequest& request) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    Decided decided;
    WorklistPlace place;
    bool more = true;
    while (more) {
      JARING_RETURN_IF_ERROR(open.db().Write([&](Tx& tx) -> Result<Done> {
        JARING_ASSIGN_OR_RETURN(
            more, DecideSome(tx, context, open.agency(), request.per_step, place, decided));
        return Done{};
      }));
    }
    JARING_RETURN_IF_ERROR(open.db().Write([&](Tx& tx) {
      return NoteCommand(tx, context, open.agency(),
                         {.action = std::string(ActionName(Action::kDecideClaims)),
                          .subject = "by rule: " + std::to_string(decided.approved) + " claims"});
    }));
    if (context.options().json) {
      JsonWriter json;
      json.BeginObject().Key("looked_at").Integer(decided.looked_at);
      json.Key("approved").Integer(decided.approved).Key("net").Integer(decided.net.rupiah());
      json.EndObject();
      fmt::print("{}\n", json.Take());
    } else {
      fmt::print(
          "{} klaim dilihat, {} disetujui menurut aturan, Rp{}\n"
          "{} claims looked at, {} approved by rule\n",
          decided.looked_at, decided.approved, FormatRupiah(decided.net), decided.looked_at,
          decided.approved);
    }
    return Done{};
  });
}

}  // namespace jaring
