#include "channels/cli/command_families.h"

#include "channels/cli/list_command.h"
#include "channels/cli/member_command.h"

namespace jaring {

void AddMemberCommands(CommandTree& tree) {
  auto& cover_request = tree.Keep<CoverRequest>();
  const Command cover =
      tree.Add(tree.top(), "cover", "How a member stands",
               [&cover_request](const CliContext& c) { return Cover(c, cover_request); });
  cover.Option("who", cover_request.who, "NIK, member number or bill code").Required();
  cover.Option("--on", cover_request.on, "Day, YYYY-MM-DD; else today");
  cover.Option("--known-at", cover_request.known_at, "As known at this moment");

  auto& end_request = tree.Keep<EndRequest>();
  const Command end = tree.Add(tree.top(), "end", "Close a membership",
                               [&end_request](const CliContext& c) { return End(c, end_request); });
  end.Option("who", end_request.who, "NIK, member number or bill code").Required();
  end.Option("--reason", end_request.reason,
             "stopped-working, employed, left-country, died, total-disability or old-age")
      .Required();
  end.Option("--on", end_request.on, "First day without cover, YYYY-MM-DD; else today");

  auto& bill_request = tree.Keep<BillRequest>();
  const Command bill =
      tree.Add(tree.top(), "bill", "What a member has to pay, month by month",
               [&bill_request](const CliContext& c) { return PrintBill(c, bill_request); });
  bill.Option("who", bill_request.who, "NIK, member number or bill code").Required();
  bill.Option("--months", bill_request.months, "How many").ShowDefault();

  auto& receipt_request = tree.Keep<ReceiptRequest>();
  const Command receipt =
      tree.Add(tree.top(), "receipt", "A receipt as PDF with a QR code",
               [&receipt_request](const CliContext& c) { return MakeReceipt(c, receipt_request); });
  receipt.Option("reference", receipt_request.reference, "The partner's reference").Required();
  receipt.Option("--partner", receipt_request.partner, "Code of the partner");
  receipt.Option("--out", receipt_request.out, "File; else receipt-REFERENCE.pdf");

  const Command suspense = tree.AddFamily("suspense", "Money whose owner is not known yet");
  tree.Add(suspense, "list", "What waits, and why",
           [](const CliContext& c) { return SuspenseList(c); });
  auto& place_request = tree.Keep<PlaceRequest>();
  const Command place =
      tree.Add(suspense, "place", "Give a payment to its owner",
               [&place_request](const CliContext& c) { return SuspensePlace(c, place_request); });
  place.Option("reference", place_request.reference, "The partner's reference").Required();
  place.Option("--partner", place_request.partner, "Code of the partner").Required();
  place.Option("--to", place_request.to, "Bill code, member number or NIK").Required();
}

}  // namespace jaring
