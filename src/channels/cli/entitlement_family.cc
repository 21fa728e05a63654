#include <iostream>

#include "channels/cli/command_families.h"
#include "channels/cli/entitlement_command.h"
#include "channels/json/entitlement_words.h"
#include "rules/claim_words.h"

namespace jaring {
namespace {

struct DeathRequest {
  std::string on;
  int contribution_months = 0;
  int children = 0;
};

struct SavingsRequest {
  std::string on;
  std::string reason;
  std::string birth;
  std::int64_t balance = 0;
  int contribution_months = 0;
  bool part_taken = false;
  std::optional<std::string> left_on;
  std::optional<int> asked;
};

int Refuse(const CliContext& context, const Error& error) {
  context.PrintError(error);
  return error.rule == "scheme.has_problems" ? kExitNothingDone : kExitUsage;
}

int Show(const CliContext& context, const Entitlement& work) {
  if (context.options().json) {
    std::cout << EntitlementJson(work) << '\n';
  } else {
    PrintEntitlement(work, context.messages(), std::cout);
  }
  return kExitFine;
}

int ShowAccident(const CliContext& context, const AccidentRequest& request) {
  const auto scheme = OpenScheme(context);
  if (!scheme) {
    return Refuse(context, scheme.error());
  }
  const auto facts = ReadAccident(*scheme, request);
  if (!facts) {
    return Refuse(context, facts.error());
  }
  const auto work = EntitleAccident(*scheme, *facts);
  return work ? Show(context, *work) : Refuse(context, work.error());
}

int ShowDeath(const CliContext& context, const DeathRequest& request) {
  const auto scheme = OpenScheme(context);
  if (!scheme) {
    return Refuse(context, scheme.error());
  }
  const auto on = Date::Parse(request.on);
  if (!on) {
    return Refuse(context, on.error());
  }
  return Show(context, EntitleDeath(*scheme, {.on = *on,
                                              .contribution_months = request.contribution_months,
                                              .children = request.children}));
}

Result<SavingsFacts> ReadSavings(const SavingsRequest& request) {
  SavingsFacts facts;
  JARING_ASSIGN_OR_RETURN(facts.on, Date::Parse(request.on));
  const auto reason = FindSavingsReason(request.reason);
  if (!reason) {
    return Invalid("question.reason_unknown", request.reason);
  }
  facts.reason = *reason;
  JARING_ASSIGN_OR_RETURN(facts.birth, Date::Parse(request.birth));
  JARING_ASSIGN_OR_RETURN(facts.balance, Money::ParseRupiah(request.balance));
  facts.contribution_months = request.contribution_months;
  facts.part_taken = request.part_taken;
  if (request.left_on) {
    JARING_ASSIGN_OR_RETURN(facts.left_on, Date::Parse(*request.left_on));
  }
  if (request.asked) {
    facts.asked = Money::FromRupiah(*request.asked);
  }
  return facts;
}

int ShowSavings(const CliContext& context, const SavingsRequest& request) {
  const auto scheme = OpenScheme(context);
  if (!scheme) {
    return Refuse(context, scheme.error());
  }
  const auto facts = ReadSavings(request);
  if (!facts) {
    return Refuse(context, facts.error());
  }
  const auto claim = ClaimSavings(*scheme, *facts);
  if (!claim) {
    return Refuse(context, claim.error());
  }
  if (context.options().json) {
    std::cout << SavingsClaimJson(*claim) << '\n';
  } else {
    PrintSavingsClaim(*claim, std::cout);
  }
  return kExitFine;
}

void AddAccidentCommand(CommandTree& tree, const Command& family) {
  auto& request = tree.Keep<AccidentRequest>();
  const Command accident =
      tree.Add(family, "accident", "What an accident at work gives",
               [&request](const CliContext& c) { return ShowAccident(c, request); });
  accident.Option("--on", request.on, "Day of the accident, YYYY-MM-DD").Required();
  accident.Option("--income", request.income, "Rupiah per month").Required();
  accident
      .Option("--outcome", request.outcome,
              "in_treatment, recovered, partial_disability, total_disability or died")
      .Required();
  accident.Option("--spent", request.spent, "Receipts, BENEFIT=RUPIAH or BENEFIT=RUPIAH/PRICE");
  accident.Option("--months-unable", request.months_unable, "Whole months unable to work")
      .Between(0, 600);
  accident.Option("--days-unable", request.days_unable, "Days of one more month").Between(0, 30);
  accident.Option("--lost", request.lost, "Part lost: CODE, or CODE=PERCENT the doctor found");
  accident.Option("--lessened", request.lessened, "Function lessened: CODE=PERCENT of it");
  accident.Option("--months", request.contribution_months, "Months of contributions")
      .Between(0, 1'200);
  accident.Option("--children", request.children, "How many children").Between(0, 100);
}

void AddDeathCommand(CommandTree& tree, const Command& family) {
  auto& request = tree.Keep<DeathRequest>();
  const Command death = tree.Add(family, "death", "What a death that was not from work gives",
                                 [&request](const CliContext& c) { return ShowDeath(c, request); });
  death.Option("--on", request.on, "Day of the death, YYYY-MM-DD").Required();
  death.Option("--months", request.contribution_months, "Months of contributions")
      .Between(0, 1'200);
  death.Option("--children", request.children, "How many children").Between(0, 100);
}

void AddSavingsCommand(CommandTree& tree, const Command& family) {
  auto& request = tree.Keep<SavingsRequest>();
  const Command savings =
      tree.Add(family, "savings", "What is paid out of old-age savings",
               [&request](const CliContext& c) { return ShowSavings(c, request); });
  savings.Option("--on", request.on, "Day of the claim, YYYY-MM-DD").Required();
  savings
      .Option("--reason", request.reason,
              "age, death, total_disability, stopped_working, left_employer, left_country, "
              "housing or other")
      .Required();
  savings.Option("--birth", request.birth, "Date of birth, YYYY-MM-DD").Required();
  savings.Option("--balance", request.balance, "Rupiah in the account").Required();
  savings.Option("--months", request.contribution_months, "Months of contributions")
      .Between(0, 1'200);
  savings.Flag("--part-taken", request.part_taken, "A part was taken before");
  savings.Option("--left-on", request.left_on, "Day of leaving the employer, YYYY-MM-DD");
  savings.Option("--asked", request.asked, "Rupiah asked for, of a part").Between(1, 2'000'000'000);
}

}  // namespace

void AddEntitlementCommands(CommandTree& tree) {
  const Command family =
      tree.AddFamily("entitlement", "What an event gives by the scheme, with its working");
  AddAccidentCommand(tree, family);
  AddDeathCommand(tree, family);
  AddSavingsCommand(tree, family);
}

}  // namespace jaring
