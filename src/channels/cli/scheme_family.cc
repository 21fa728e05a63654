#include <iostream>

#include "channels/cli/command_families.h"
#include "channels/cli/quote_command.h"
#include "channels/cli/scheme_command.h"

namespace jaring {
namespace {

int ShowScheme(const CliContext& context, const std::string& day) {
  std::optional<Date> on;
  if (!day.empty()) {
    const auto date = Date::Parse(day);
    if (!date) {
      context.PrintError(date.error());
      return kExitUsage;
    }
    on = *date;
  }
  return SchemeShow(context.scheme_folder(), on, std::cout, std::cerr);
}

int QuoteMonths(const CliContext& context, QuoteRequest request) {
  const auto scheme = OpenScheme(context);
  if (!scheme) {
    context.PrintError(scheme.error());
    return kExitNothingDone;
  }
  request.today = context.now().JakartaDate();
  const QuoteForm form = context.options().json ? QuoteForm::kJson : QuoteForm::kTable;
  return Quote(*scheme, context.messages(), request, form, std::cout, std::cerr);
}

}  // namespace

void AddSchemeCommands(CommandTree& tree) {
  const Command scheme = tree.AddFamily("scheme", "The law as data");
  tree.Add(scheme, "check", "Check the scheme folder", [](const CliContext& c) {
    return SchemeCheck(c.scheme_folder(), std::cout, std::cerr);
  });
  auto& day = tree.Keep<std::string>();
  const Command show = tree.Add(scheme, "show", "Print the scheme",
                                [&day](const CliContext& c) { return ShowScheme(c, day); });
  show.Option("--on", day, "As it holds on this day, YYYY-MM-DD");

  auto& request = tree.Keep<QuoteRequest>();
  const Command quote =
      tree.Add(tree.top(), "quote", "What months would cost",
               [&request](const CliContext& c) { return QuoteMonths(c, request); });
  quote.Option("--income", request.income, "Rupiah per month").Required();
  quote.Option("--programmes", request.programmes, "JKK,JKM[,JHT]").ShowDefault();
  quote.Option("--sector", request.sector, "Code of the sector").ShowDefault();
  quote.Option("--from", request.from, "First month, YYYY-MM").Required();
  quote.Option("--months", request.months, "How many").ShowDefault();
  quote.Option("--payer", request.payer, "self, government or employer").ShowDefault();
  quote.Option("--joined", request.joined, "First month of membership, YYYY-MM");
  quote.Option("--paid-on", request.paid_on, "Day of payment, YYYY-MM-DD; else today");
}

}  // namespace jaring
