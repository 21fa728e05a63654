#include "channels/http/money_api.h"

#include "channels/files/receipt_text.h"
#include "channels/http/body_fields.h"
#include "channels/http/page_link.h"
#include "channels/json/person_json.h"
#include "registry/group.h"

namespace jaring {
namespace {

constexpr std::string_view kPdfType = "application/pdf";
constexpr std::string_view kPdfEnding = ".pdf";

bool IsPartner(const Call& call) {
  return call.who().scope.kind == ScopeKind::kPartner;
}

/// The {partner} of the path. Another's reads as a payment there is not.
Result<Partner> FindPartnerOfPath(Tx& tx, const Call& call) {
  JARING_ASSIGN_OR_RETURN(const auto partner, FindPartner(tx, call.request().Parameter("partner")));
  if (!partner || (IsPartner(call) && call.who().scope.id != partner->partner_id)) {
    return NotFound("payment.unknown_reference");
  }
  return *partner;
}

/// The caller may see this payment: her own as a partner, else that of a person she reaches.
Result<Done> SeePayment(Tx& tx, Call& call, const PaymentView& payment) {
  if (payment.person_id == 0) {
    const bool sees = IsPartner(call) || IsAllowed(Action::kReadSuspense, call.who().role);
    return sees ? Result<Done>(Done{}) : NotFound("payment.unknown_reference");
  }
  if (IsPartner(call)) {
    call.Note({.person_id = payment.person_id});
    return Done{};
  }
  return call.See(tx, payment.person_id) ? Result<Done>(Done{})
                                         : NotFound("payment.unknown_reference");
}

Result<HttpResponse> ShowPayment(Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const Partner partner, FindPartnerOfPath(tx, call));
  JARING_ASSIGN_OR_RETURN(
      const PaymentView payment,
      FindPayment(tx, partner.partner_id, call.request().Parameter("reference")));
  JARING_RETURN_IF_ERROR(SeePayment(tx, call, payment));
  JsonWriter json;
  AddPayment(json, payment);
  return HttpResponse{200, kJsonType, json.Take(), ""};
}

Result<HttpResponse> ShowReceipt(const SiteParts& parts, Tx& tx, Call& call) {
  std::string_view reference = call.request().Parameter("file");
  if (!reference.ends_with(kPdfEnding)) {
    return NotFound("payment.unknown_reference");
  }
  reference.remove_suffix(kPdfEnding.size());
  JARING_ASSIGN_OR_RETURN(const Partner partner, FindPartnerOfPath(tx, call));
  JARING_ASSIGN_OR_RETURN(const PaymentView payment,
                          FindPayment(tx, partner.partner_id, reference));
  JARING_RETURN_IF_ERROR(SeePayment(tx, call, payment));
  JARING_ASSIGN_OR_RETURN(const auto receipts,
                          FindReceipts(tx, parts.agency, reference, partner.partner_id));
  if (receipts[0].reversed) {
    return Conflict("receipt.payment_reversed");
  }
  JARING_ASSIGN_OR_RETURN(
      std::string pdf, MakeReceiptPdf(ReceiptOf(parts.agency.scheme, parts.messages, receipts[0])));
  HttpResponse response{200, kPdfType, std::move(pdf), ""};
  response.AddHeader("Content-Disposition", "inline; filename=\"receipt.pdf\"");
  return response;
}

Result<HttpResponse> ListSuspended(Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const PageQuery page, ReadPageQuery(call.request()));
  const std::int64_t partner_id = IsPartner(call) ? call.who().scope.id : 0;
  JARING_ASSIGN_OR_RETURN(auto waiting, ListWaiting(tx, partner_id, page.cursor, page.limit + 1));
  const std::int64_t next = NextCursor(
      waiting, page.limit, [](const PaymentView& payment) { return payment.payment_id; });
  JsonWriter json;
  json.BeginObject().Key("payments").BeginList();
  for (const PaymentView& payment : waiting) {
    AddPayment(json, payment);
  }
  json.EndList();
  AddNextCursor(json, next);
  json.EndObject();
  HttpResponse response{200, kJsonType, json.Take(), ""};
  AddNextLink(response, page, next);
  return response;
}

struct Placement {
  std::string partner;
  std::string reference;
  std::optional<MemberNumber> member;
  std::optional<Nik> nik;
};

Result<Placement> ReadPlacement(const JsonValue& body, const Agency& agency,
                                std::vector<FieldProblem>& problems) {
  FieldReader reader(body, "", problems);
  Placement placement;
  placement.partner = reader.Text("partner", Need::kRequired).value_or("");
  placement.reference = reader.Text("reference", Need::kRequired).value_or("");
  const auto code = reader.Text("bill_code", Need::kOptional);
  const auto number = reader.Text("member_number", Need::kOptional);
  const auto nik = reader.Text("nik", Need::kOptional);
  if (int{code.has_value()} + int{number.has_value()} + int{nik.has_value()} != 1) {
    reader.Refuse("bill_code", "suspense.owner_unclear");
  }
  if (code) {
    placement.member = Checked(reader, "bill_code", ParseBillCode(*code));
  }
  if (number) {
    placement.member = Checked(reader, "member_number", MemberNumber::Parse(*number));
  }
  if (nik) {
    placement.nik = Checked(reader, "nik", Nik::Parse(*nik, agency.is_demo));
  }
  reader.Finish();
  return problems.empty() ? Result<Placement>(std::move(placement))
                          : Invalid("request.fields_wrong");
}

Result<HttpResponse> PlaceOne(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const JsonValue body, ReadJsonBody(call.request()));
  JARING_ASSIGN_OR_RETURN(Placement placement, ReadPlacement(body, parts.agency, call.problems));
  JARING_ASSIGN_OR_RETURN(const auto partner, FindPartner(tx, placement.partner));
  if (!partner) {
    return Invalid("partner.unknown");
  }
  if (placement.nik) {
    JARING_ASSIGN_OR_RETURN(const auto person, FindPersonByNik(tx, parts.agency, *placement.nik));
    if (!person) {
      return NotFound("member.unknown");
    }
    placement.member = MemberNumber{*person, 1};
  }
  JARING_RETURN_IF_ERROR(call.See(tx, placement.member->person_id));
  JARING_ASSIGN_OR_RETURN(const PaymentOutcome outcome,
                          PlaceSuspended(tx, parts.agency, partner->partner_id, placement.reference,
                                         *placement.member, call.now()));
  call.Note({.person_id = placement.member->person_id,
             .subject = "payment " + partner->code + " " + placement.reference});
  JARING_ASSIGN_OR_RETURN(const PaymentView payment,
                          FindPayment(tx, partner->partner_id, placement.reference));
  JsonWriter json;
  json.BeginObject().Key("payment");
  AddPayment(json, payment);
  json.Key("credit").Integer(outcome.credit.rupiah());
  if (outcome.booked_on) {
    json.Key("booked_on").Text(outcome.booked_on->ToString());
  }
  json.EndObject();
  return HttpResponse{201, kJsonType, json.Take(), ""};
}

}  // namespace

void AddMoneyRoutes(Router& router, Gate& gate, const SiteParts& parts) {
  router.Add(HttpMethod::kGet, "/v1/payments/{partner}/{reference}",
             gate.Read(Action::kReadPayment, ShowPayment));
  router.Add(HttpMethod::kGet, "/v1/receipts/{partner}/{file}",
             gate.Read(Action::kReadPayment,
                       [&parts](Tx& tx, Call& call) { return ShowReceipt(parts, tx, call); }),
             {.run_on = RunOn::kWorker});
  router.Add(HttpMethod::kGet, "/v1/suspense", gate.Read(Action::kReadSuspense, ListSuspended));
  router.Add(HttpMethod::kPost, "/v1/suspense-placements",
             gate.Write(Action::kPlaceSuspense,
                        [&parts](Tx& tx, Call& call) { return PlaceOne(parts, tx, call); }),
             {.run_on = RunOn::kWorker});
}

}  // namespace jaring
