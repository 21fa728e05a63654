#include "channels/cli/command_families.h"
#include "channels/cli/interest_command.h"
#include "channels/cli/month_command.h"

namespace jaring {

void AddMonthCommands(CommandTree& tree) {
  auto& request = tree.Keep<MonthRequest>();
  const Command month =
      tree.Add(tree.top(), "month",
               "Post all payment files of a month and close it; broken off, the same goes on",
               [&request](const CliContext& c) { return PostMonth(c, request); });
  month
      .Option("files", request.files,
              "Files named PARTNER.csv or PARTNER-….csv, PARTNER=FILE, or folders of such")
      .Required();
  month.Option("--month", request.month, "YYYY-MM, a month that is over").Required();
  month.Option("--work", request.work,
               "Folder for what is put in order; else that of the database, or the system's");

  auto& closed = tree.Keep<std::string>();
  const Command close =
      tree.Add(tree.top(), "close", "Close a month: what is told of it later is booked after it",
               [&closed](const CliContext& c) { return CloseBooks(c, closed); });
  close.Option("month", closed, "YYYY-MM, a month that is over; else which ones are closed");

  auto& year = tree.Keep<std::string>();
  const Command interest =
      tree.Add(tree.top(), "interest",
               "Credit what old-age savings earned in a closed year; broken off, the same goes on",
               [&year](const CliContext& c) { return CreditInterest(c, year); });
  interest.Option("year", year, "YYYY, a year whose December is closed; else which are credited");
}

}  // namespace jaring
