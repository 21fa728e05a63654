#include "channels/http/payment_api.h"

#include "base/text.h"
#include "channels/http/body_fields.h"

namespace jaring {
namespace {

/// The partner that an own door of the agency posts under; empty for a partner's client, which
/// posts under its own name.
std::string_view OwnDoorOf(Role role) {
  switch (role) {
    case Role::kAgent:
      return "agent";
    case Role::kKiosk:
      return "kiosk";
    case Role::kBranchStaff:
      return "counter";
    default:
      return "";
  }
}

/// Who the money is for: bill_code, nik, or both.
void ReadOwner(FieldReader& reader, const Agency& agency, PaymentJob& job) {
  const auto bill_code = reader.Text("bill_code", Need::kOptional);
  const auto nik_text = reader.Text("nik", Need::kOptional);
  if (!bill_code && !nik_text) {
    reader.Refuse("bill_code", "request.field_missing");
  }
  if (nik_text) {
    if (const auto nik = Checked(reader, "nik", Nik::Parse(*nik_text, agency.is_demo))) {
      job.nik = agency.sealer.Seal(nik->Reveal());
      job.code_as_sent = nik->Masked();
    }
  }
  if (bill_code) {
    job.member = Checked(reader, "bill_code", ParseBillCode(*bill_code));
    job.code_as_sent = *bill_code;
  }
}

std::vector<FieldProblem> ReadPayment(const JsonValue& body, const Agency& agency,
                                      PaymentJob& job) {
  std::vector<FieldProblem> problems;
  FieldReader reader(body, "", problems);
  const std::string_view own = OwnDoorOf(job.who.role);
  job.partner =
      reader.Text("partner", own.empty() ? Need::kRequired : Need::kOptional).value_or(own);
  if (!own.empty() && job.partner != own) {
    reader.Refuse("partner", "partner.unknown");
  }
  job.reference = reader.Text("reference", Need::kRequired).value_or("");
  if (const auto amount = reader.Integer("amount", Need::kRequired)) {
    job.amount = Checked(reader, "amount", Money::ParseRupiah(*amount)).value_or(Money());
    // A partner takes its own notice back; what anybody else takes back a second person decides.
    if (job.amount < Money() && job.who.role != Role::kPartner) {
      reader.Refuse("amount", "reversal.needs_approval");
    }
  }
  if (const auto paid_at = reader.Text("paid_at", Need::kRequired)) {
    job.paid_at = Checked(reader, "paid_at", Instant::Parse(*paid_at)).value_or(job.paid_at);
  }
  job.channel = reader.Text("channel", Need::kOptional).value_or("api");
  ReadOwner(reader, agency, job);
  reader.Finish();
  return problems;
}

QueuedHandler PostOne(const SiteParts& parts, PaymentQueue& queue) {
  return [&parts, &queue](const Call& call, Responder responder) {
    const auto refuse = [&](const Error& error, std::span<const FieldProblem> fields = {}) {
      responder.Send(ProblemResponse(error, parts.messages, call.language(), fields));
    };
    auto key = ReadIdempotencyKey(call.request());
    if (!key) {
      return refuse(key.error());
    }
    const auto body = ReadJsonBody(call.request());
    if (!body) {
      return refuse(body.error());
    }
    PaymentJob job;
    job.key = std::move(key).value();
    job.fingerprint = FingerprintOf(parts.agency.sealer, call.request());
    job.language = call.language();
    job.who = call.who();
    job.request_id = call.request().request_id;
    const std::vector<FieldProblem> problems = ReadPayment(*body, parts.agency, job);
    if (!problems.empty()) {
      return refuse(Invalid("request.fields_wrong"), problems);
    }
    job.responder = std::move(responder);
    queue.Post(std::move(job));
  };
}

}  // namespace

void AddPaymentRoutes(Router& router, Gate& gate, const SiteParts& parts, PaymentQueue& queue) {
  router.Add(HttpMethod::kPost, "/v1/payments",
             gate.Queued(Action::kPostPayment, PostOne(parts, queue)));
}

}  // namespace jaring
