#include <fmt/core.h>

#include "channels/cli/agency_run.h"
#include "channels/cli/payout_command.h"
#include "channels/cli/transfer_partner.h"
#include "channels/text/json_writer.h"

namespace jaring {
namespace {

void PrintJson(const TransferSummary& summary) {
  JsonWriter json;
  json.BeginObject().Key("sent").Integer(summary.sent);
  json.Key("sent_again").Integer(summary.sent_again).Key("paid").Integer(summary.paid);
  json.Key("failed").Integer(summary.failed).Key("open").Integer(summary.open);
  json.Key("unreachable").Integer(summary.unreachable).Key("paid_twice").BeginList();
  for (const std::string& reference : summary.paid_twice) {
    json.Text(reference);
  }
  json.EndList().Key("problems").BeginList();
  for (const auto& [reference, rule] : summary.problems) {
    json.BeginObject().Key("reference").Text(reference).Key("rule").Text(rule).EndObject();
  }
  json.EndList().EndObject();
  fmt::print("{}\n", json.Take());
}

void Print(const CliContext& context, const TransferSummary& summary) {
  for (const auto& [reference, rule] : summary.problems) {
    fmt::print(stderr, "{}: {} ({})\n", reference,
               context.messages().Text(rule, Language::kIndonesian), rule);
  }
  if (context.options().json) {
    PrintJson(summary);
    return;
  }
  for (const std::string& reference : summary.paid_twice) {
    fmt::print("DIBAYAR DUA KALI / PAID TWICE: {}\n", reference);
  }
  fmt::print(
      "dikirim {}, dikirim lagi {}, dibayar {}, gagal {}, belum diketahui {}, hanya lewat berkas "
      "{}\n"
      "sent {}, sent again {}, paid {}, failed {}, not known yet {}, only by file {}\n",
      summary.sent, summary.sent_again, summary.paid, summary.failed, summary.open,
      summary.unreachable, summary.sent, summary.sent_again, summary.paid, summary.failed,
      summary.open, summary.unreachable);
}

}  // namespace

int PayoutTransfer(const CliContext& context) {
  TransferSummary summary;
  const int code = WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const auto partner, TransferPartnerOf(context));
    JARING_ASSIGN_OR_RETURN(
        summary, MakeTransfers(open.db(), open.agency(), *partner,
                               {.at_once = static_cast<int>(context.settings().transfer_at_once),
                                .now = [&context] { return context.now(); }}));
    JARING_RETURN_IF_ERROR(open.db().Write([&](Tx& tx) {
      return NoteCommand(tx, context, open.agency(),
                         {.action = std::string(ActionName(Action::kMakePayouts)),
                          .subject = "transfers: " + std::to_string(summary.sent) + " sent, " +
                                     std::to_string(summary.paid) + " paid"});
    }));
    Print(context, summary);
    return Done{};
  });
  const bool is_fine = summary.problems.empty() && summary.paid_twice.empty();
  return code == kExitFine && !is_fine ? int{kExitSomeRefused} : code;
}

}  // namespace jaring
