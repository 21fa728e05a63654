#include "channels/http/payment_api.h"

#include <algorithm>

#include "base/text.h"
#include "channels/http/json_body.h"

namespace jaring {
namespace {

/// An Idempotency-Key, with or without the quotes of a structured field.
Result<std::string> ReadKey(std::string_view header) {
  constexpr std::size_t kMaxKey = 128;
  if (header.empty()) {
    return Invalid("idempotency_key.missing");
  }
  if (header.size() >= 2 && header.front() == '"' && header.back() == '"') {
    header = header.substr(1, header.size() - 2);
  }
  const bool plain = std::all_of(header.begin(), header.end(),
                                 [](char c) { return c > ' ' && c < 0x7F && c != '"'; });
  if (header.empty() || header.size() > kMaxKey || !plain) {
    return Invalid("idempotency_key.malformed");
  }
  return std::string(header);
}

/// Hands `parsed` on, or notes which field it came from.
template <typename T>
std::optional<T> Checked(FieldReader& reader, std::string_view field, Result<T> parsed) {
  if (!parsed) {
    reader.Refuse(field, parsed.error().rule);
    return std::nullopt;
  }
  return std::move(parsed).value();
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
  job.partner = reader.Text("partner", Need::kRequired).value_or("");
  job.reference = reader.Text("reference", Need::kRequired).value_or("");
  if (const auto amount = reader.Integer("amount", Need::kRequired)) {
    job.amount = Checked(reader, "amount", Money::ParseRupiah(*amount)).value_or(Money());
  }
  if (const auto paid_at = reader.Text("paid_at", Need::kRequired)) {
    job.paid_at = Checked(reader, "paid_at", Instant::Parse(*paid_at)).value_or(job.paid_at);
  }
  job.channel = reader.Text("channel", Need::kOptional).value_or("api");
  ReadOwner(reader, agency, job);
  reader.Finish();
  return problems;
}

}  // namespace

HttpHandler PaymentHandler(const SiteParts& parts, PaymentQueue& queue) {
  return [&parts, &queue](const HttpRequest& request, Responder responder) {
    const Language language = LanguageOf(request);
    const auto refuse = [&](const Error& error, std::span<const FieldProblem> fields = {}) {
      responder.Send(ProblemResponse(error, parts.messages, language, fields));
    };
    auto key = ReadKey(request.Header("Idempotency-Key"));
    if (!key) {
      return refuse(key.error());
    }
    const auto body = ReadJsonBody(request);
    if (!body) {
      return refuse(body.error());
    }
    PaymentJob job;
    job.key = std::move(key).value();
    job.fingerprint = Sha256("POST /v1/payments
" + std::string(request.body));
    job.language = language;
    const std::vector<FieldProblem> problems = ReadPayment(*body, parts.agency, job);
    if (!problems.empty()) {
      return refuse(Invalid("request.fields_wrong"), problems);
    }
    job.responder = std::move(responder);
    queue.Post(std::move(job));
  };
}

}  // namespace jaring
