#include "channels/cli/member_command.h"

#include <fmt/core.h>
#include <algorithm>

#include <fstream>

#include "channels/cli/agency_run.h"
#include "channels/cli/cli_audit.h"
#include "channels/files/receipt_text.h"
#include "channels/files/row_problem.h"
#include "channels/json/member_json.h"
#include "channels/text/json_writer.h"
#include "channels/text/masking.h"
#include "collection/member_view.h"
#include "collection/membership_end.h"
#include "collection/payment.h"

namespace jaring {
namespace {

constexpr std::int64_t kSuspenseListed = 1'000;

std::string DateText(const std::optional<Date>& date) {
  return date ? date->ToString() : "-";
}

std::string_view RestorationText(Restoration::Kind kind) {
  switch (kind) {
    case Restoration::Kind::kFirstPayment:
      return "bayar pertama / first payment";
    case Restoration::Kind::kContinue:
      return "bulan berikutnya / next month";
    case Restoration::Kind::kArrears:
      return "tunggakan / arrears";
    case Restoration::Kind::kRestart:
      return "mulai lagi / start again";
    case Restoration::Kind::kNotPossible:
      return "tidak bisa lagi, hubungi kantor cabang / no longer possible, ask the branch";
  }
  return "";
}

void PrintCover(const MemberView& view) {
  fmt::print("{}  {}  ({})\n", view.member.ToString(), MaskedName(view.name),
             view.coverage.on.ToString());
  for (const Programme programme : kProgrammes) {
    const ProgrammeCoverage& cover = view.coverage[programme];
    fmt::print("  {}  {:<7} {} - {}\n", ProgrammeCode(programme), CoverageStateCode(cover.state),
               DateText(cover.from), DateText(cover.until));
  }
  fmt::print("  bulan dibayar / months paid : {}", view.coverage.months_paid.size());
  if (!view.coverage.months_paid.empty()) {
    fmt::print(" ({} … {})", view.coverage.months_paid.front().ToString(),
               view.coverage.months_paid.back().ToString());
  }
  fmt::print("\n  saldo / credit              : Rp {}\n", FormatRupiah(view.credit));
  fmt::print("  jatuh tempo / next due      : {}\n", DateText(view.coverage.next_due));
  const Restoration& restoration = view.restoration;
  const bool ended =
      std::any_of(view.coverage.programmes.begin(), view.coverage.programmes.end(),
                  [](const auto& cover) { return cover.state == CoverageState::kEnded; });
  if (ended) {
    fmt::print("  berakhir, daftarkan lagi bila bekerja / ended, enrol again who works again\n");
    return;
  }
  fmt::print("  {}: ", RestorationText(restoration.kind));
  if (restoration.months.empty()) {
    fmt::print("-\n");
  } else {
    fmt::print("Rp {} -> {} - {}\n", FormatRupiah(restoration.total),
               restoration.covered_from.ToString(), restoration.covered_until.ToString());
  }
}

Result<CoverageQuestion> ReadQuestion(const CliContext& context, const CoverRequest& request) {
  CoverageQuestion question{.on = context.now().JakartaDate()};
  if (!request.on.empty()) {
    JARING_ASSIGN_OR_RETURN(question.on, Date::Parse(request.on));
  }
  if (!request.known_at.empty()) {
    JARING_ASSIGN_OR_RETURN(question.known_at, Instant::ParseLocal(request.known_at));
  }
  return question;
}

Result<Done> WriteFile(const std::string& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) {
    return Error{ErrorCode::kUnavailable, "receipt.not_writable", path};
  }
  return Done{};
}

std::string PlacedText(const PaymentOutcome& outcome) {
  return outcome.first_month
             ? fmt::format("{} month{} from {}", outcome.months, outcome.months == 1 ? "" : "s",
                           outcome.first_month->ToString())
             : "no month yet";
}

}  // namespace

int Cover(const CliContext& context, const CoverRequest& request) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(CoverageQuestion question, ReadQuestion(context, request));
    return open.db().Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(question.member, FindMember(tx, open.agency(), request.who));
      JARING_ASSIGN_OR_RETURN(const MemberView view, ViewMember(tx, open.agency(), question));
      if (context.options().json) {
        fmt::print("{}\n", CoverageJson(view, question.known_at.value_or(context.now())));
      } else {
        PrintCover(view);
      }
      return Done{};
    });
  });
}

int End(const CliContext& context, const EndRequest& request) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    MembershipEnd end{.ended_on = context.now().JakartaDate()};
    if (!request.on.empty()) {
      JARING_ASSIGN_OR_RETURN(end.ended_on, Date::Parse(request.on));
    }
    const auto reason = FindEndReason(request.reason);
    if (!reason) {
      return Invalid("membership.end_reason_unknown", request.reason);
    }
    end.reason = *reason;
    return open.db().Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(end.member, FindMember(tx, open.agency(), request.who));
      JARING_RETURN_IF_ERROR(EndMembership(tx, open.agency(), end, context.now()));
      JARING_RETURN_IF_ERROR(
          NoteCommand(tx, context, open.agency(),
                      {.action = std::string(ActionName(Action::kEndMembership)),
                       .person_id = end.member.person_id,
                       .subject = "membership " + end.member.ToString(),
                       .change = "{\"ended_on\":[null,\"" + end.ended_on.ToString() + "\"]}",
                       .reason = request.reason}));
      fmt::print("{} berakhir / ended on {} ({})\n", end.member.ToString(), end.ended_on.ToString(),
                 request.reason);
      return Done{};
    });
  });
}

int MakeReceipt(const CliContext& context, const ReceiptRequest& request) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    std::vector<ReceiptView> receipts;
    JARING_RETURN_IF_ERROR(open.db().Read([&](Tx& tx) -> Result<Done> {
      std::optional<std::int64_t> partner_id;
      if (!request.partner.empty()) {
        JARING_ASSIGN_OR_RETURN(const Partner partner, GetPartner(tx, request.partner));
        partner_id = partner.partner_id;
      }
      JARING_ASSIGN_OR_RETURN(receipts,
                              FindReceipts(tx, open.agency(), request.reference, partner_id));
      return Done{};
    }));
    if (receipts.size() > 1) {
      return Invalid("receipt.partner_needed");
    }
    if (receipts[0].reversed) {
      return Conflict("receipt.payment_reversed");
    }
    JARING_ASSIGN_OR_RETURN(
        const std::string pdf,
        MakeReceiptPdf(ReceiptOf(open.agency().scheme, context.messages(), receipts[0])));
    const std::string path =
        request.out.empty() ? "receipt-" + request.reference + ".pdf" : request.out;
    JARING_RETURN_IF_ERROR(WriteFile(path, pdf));
    fmt::print("{}\n", path);
    return Done{};
  });
}

int SuspenseList(const CliContext& context) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    return open.db().Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const auto waiting, ListSuspense(tx, kSuspenseListed));
      JARING_ASSIGN_OR_RETURN(const auto partners, ListPartners(tx));
      JsonWriter json;
      json.BeginList();
      for (const SuspendedPayment& p : waiting) {
        std::string partner;
        for (const Partner& known : partners) {
          partner = known.partner_id == p.partner_id ? known.code : partner;
        }
        json.BeginObject();
        json.Key("partner").Text(partner);
        json.Key("reference").Text(p.reference);
        json.Key("amount").Integer(p.amount.rupiah());
        json.Key("paid_at").Text(p.paid_at.ToString());
        json.Key("reason").Text(p.reason);
        json.Key("code").Text(p.code_as_sent);
        json.EndObject();
        if (!context.options().json) {
          fmt::print("{:<14} {:<24} Rp {:>12}  {}  {}  {}\n", partner, p.reference,
                     FormatRupiah(p.amount), p.paid_at.JakartaDate().ToString(), p.code_as_sent,
                     context.messages().Text(p.reason, Language::kIndonesian));
        }
      }
      json.EndList();
      if (context.options().json) {
        fmt::print("{}\n", json.Take());
      } else if (waiting.empty()) {
        fmt::print("tidak ada / nothing in suspense\n");
      }
      return Done{};
    });
  });
}

int SuspensePlace(const CliContext& context, const PlaceRequest& request) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    return open.db().Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const Partner partner, GetPartner(tx, request.partner));
      JARING_ASSIGN_OR_RETURN(const MemberNumber member, FindMember(tx, open.agency(), request.to));
      JARING_ASSIGN_OR_RETURN(const PaymentOutcome outcome,
                              PlaceSuspended(tx, open.agency(), partner.partner_id,
                                             request.reference, member, context.now()));
      JARING_RETURN_IF_ERROR(
          NoteCommand(tx, context, open.agency(),
                      {.action = std::string(ActionName(Action::kPlaceSuspense)),
                       .person_id = outcome.member.person_id,
                       .subject = "payment " + partner.code + " " + request.reference}));
      fmt::print("{} placed with {}: {}, credit Rp {}\n", request.reference,
                 outcome.member.ToString(), PlacedText(outcome), FormatRupiah(outcome.credit));
      return Done{};
    });
  });
}

}  // namespace jaring
