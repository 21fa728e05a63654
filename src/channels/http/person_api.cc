#include "channels/http/person_api.h"

#include "base/text.h"
#include "channels/http/body_fields.h"
#include "channels/http/etag.h"
#include "channels/http/page_link.h"
#include "channels/json/member_json.h"
#include "channels/json/person_json.h"
#include "collection/membership_end.h"
#include "registry/person_search.h"

namespace jaring {
namespace {

constexpr std::size_t kMostFound = 50;

Identity IdentityFor(const Call& call) {
  return call.sees_identity() ? Identity::kFull : Identity::kMasked;
}

Result<PersonQuery> ReadQuery(const JsonValue& body, const Agency& agency,
                              std::vector<FieldProblem>& problems) {
  FieldReader reader(body, "", problems);
  PersonQuery query;
  if (const auto text = reader.Text("nik", Need::kOptional)) {
    query.nik = Checked(reader, "nik", Nik::Parse(*text, agency.is_demo));
  }
  if (const auto text = reader.Text("phone", Need::kOptional)) {
    query.phone = Checked(reader, "phone", ParsePhone(*text));
  }
  const auto number = reader.Text("member_number", Need::kOptional);
  const auto code = reader.Text("bill_code", Need::kOptional);
  if (number && code) {
    reader.Refuse("bill_code", "search.query_unclear");
  } else if (number) {
    query.member = Checked(reader, "member_number", MemberNumber::Parse(*number));
  } else if (code) {
    query.member = Checked(reader, "bill_code", ParseBillCode(*code));
  }
  if (const auto text = reader.Text("name", Need::kOptional)) {
    query.name = std::string(*text);
  }
  if (const auto text = reader.Text("birth_date", Need::kOptional)) {
    query.birth_date = Checked(reader, "birth_date", Date::Parse(*text));
  }
  query.village_code = ReadVillageCode(reader, Need::kOptional);
  reader.Finish();
  return problems.empty() ? Result<PersonQuery>(std::move(query)) : Invalid("request.fields_wrong");
}

Result<HttpResponse> Search(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const JsonValue body, ReadJsonBody(call.request()));
  JARING_ASSIGN_OR_RETURN(const PersonQuery query, ReadQuery(body, parts.agency, call.problems));
  JARING_ASSIGN_OR_RETURN(const auto candidates, FindPeople(tx, parts.agency, query));
  std::size_t found = 0;
  bool more = false;
  JsonWriter json;
  json.BeginObject().Key("people").BeginList();
  for (const std::int64_t person_id : candidates) {
    JARING_ASSIGN_OR_RETURN(const bool can_see, call.CanSee(tx, person_id));
    if (!can_see) {
      continue;
    }
    if (found == kMostFound) {
      more = true;
      break;
    }
    JARING_RETURN_IF_ERROR(call.See(tx, person_id));
    JARING_ASSIGN_OR_RETURN(const PersonRecord person, ReadPerson(tx, parts.agency, person_id));
    AddFoundPerson(json, person, IdentityFor(call));
    ++found;
  }
  json.EndList().Key("more").Bool(more).EndObject();
  return HttpResponse{200, kJsonType, json.Take(), ""};
}

Result<std::string> PersonText(const SiteParts& parts, Tx& tx, const Call& call,
                               std::int64_t person_id) {
  JARING_ASSIGN_OR_RETURN(const PersonRecord person, ReadPerson(tx, parts.agency, person_id));
  JARING_ASSIGN_OR_RETURN(
      const MemberView view,
      ViewMember(tx, parts.agency, {{person_id, 1}, call.now().JakartaDate(), {}}));
  return PersonJson(person, view, IdentityFor(call));
}

Result<HttpResponse> ShowPerson(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t person_id, call.SeenPerson(tx));
  JARING_ASSIGN_OR_RETURN(std::string text, PersonText(parts, tx, call, person_id));
  return Versioned(call.request(), parts.agency, std::move(text));
}

/// {"village_code": ["3372011001", "3372011002"]}.
std::string ChangeText(const PersonRecord& before, const PersonChange& change) {
  JsonWriter json;
  json.BeginObject();
  const auto add = [&](std::string_view field, std::string_view from, std::string_view to) {
    if (from != to) {
      json.Key(field).BeginList().Text(from).Text(to).EndList();
    }
  };
  add("language", before.language, change.language.value_or(before.language));
  add("village_code", std::to_string(before.village_code),
      std::to_string(change.village_code.value_or(before.village_code)));
  json.EndObject();
  return json.Take();
}

Result<HttpResponse> ChangeOne(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t person_id, call.SeenPerson(tx));
  JARING_ASSIGN_OR_RETURN(const JsonValue body, ReadJsonBody(call.request()));
  FieldReader reader(body, "", call.problems);
  PersonChange change;
  if (const auto language = reader.Text("language", Need::kOptional)) {
    change.language = *language;
    if (!IsLanguageCode(*language)) {
      reader.Refuse("language", "language.unknown");
    }
  }
  change.village_code = ReadVillageCode(reader, Need::kOptional);
  reader.Finish();
  if (!call.problems.empty()) {
    return Invalid("request.fields_wrong");
  }
  JARING_ASSIGN_OR_RETURN(const std::string before, PersonText(parts, tx, call, person_id));
  JARING_RETURN_IF_ERROR(CheckIfMatch(call.request(), EtagOf(parts.agency, before)));
  JARING_ASSIGN_OR_RETURN(const PersonRecord person, ReadPerson(tx, parts.agency, person_id));
  JARING_RETURN_IF_ERROR(ChangePerson(tx, parts.agency, person_id, change, call.now()));
  call.Note({.person_id = person_id, .change = ChangeText(person, change)});
  JARING_ASSIGN_OR_RETURN(std::string after, PersonText(parts, tx, call, person_id));
  HttpResponse response{200, kJsonType, std::move(after), ""};
  response.AddHeader("ETag", EtagOf(parts.agency, response.body));
  return response;
}

Result<HttpResponse> ShowBill(const SiteParts& parts, Tx& tx, Call& call) {
  constexpr std::int64_t kMostMonths = 1'000;  // The scheme's own limit is lower.
  JARING_ASSIGN_OR_RETURN(const std::int64_t person_id, call.SeenPerson(tx));
  JARING_ASSIGN_OR_RETURN(const auto fields, ParseForm(call.request().query));
  JARING_RETURN_IF_ERROR(AllowFields(fields, {"months"}));
  std::int64_t months = 1;
  if (const auto text = FindField(fields, "months")) {
    const auto number = IsAllDigits(*text) ? ParseInteger(*text) : std::nullopt;
    if (!number || *number > kMostMonths) {
      return Invalid("bill.months_out_of_range");
    }
    months = *number;
  }
  JARING_ASSIGN_OR_RETURN(const Bill bill,
                          MakeBill(tx, parts.agency, {person_id, 1}, call.now().JakartaDate(),
                                   static_cast<int>(months)));
  return HttpResponse{200, kJsonType, BillJson(bill), ""};
}

Result<HttpResponse> ShowPayments(Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t person_id, call.SeenPerson(tx));
  JARING_ASSIGN_OR_RETURN(const PageQuery page, ReadPageQuery(call.request()));
  JARING_ASSIGN_OR_RETURN(auto payments,
                          ListPaymentsOf(tx, person_id, page.cursor, page.limit + 1));
  const std::int64_t next = NextCursor(
      payments, page.limit, [](const PaymentView& payment) { return payment.payment_id; });
  JsonWriter json;
  json.BeginObject().Key("payments").BeginList();
  for (const PaymentView& payment : payments) {
    AddPayment(json, payment);
  }
  json.EndList();
  AddNextCursor(json, next);
  json.EndObject();
  HttpResponse response{200, kJsonType, json.Take(), ""};
  AddNextLink(response, page, next);
  return response;
}

Result<HttpResponse> ShowCover(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t person_id, call.SeenPerson(tx));
  JARING_ASSIGN_OR_RETURN(const auto fields, ParseForm(call.request().query));
  JARING_RETURN_IF_ERROR(AllowFields(fields, {"on", "known_at"}));
  CoverageQuestion question{.member = {person_id, 1}, .on = call.now().JakartaDate()};
  question.with_person = false;
  if (const auto on = FindField(fields, "on")) {
    JARING_ASSIGN_OR_RETURN(question.on, Date::Parse(*on));
  }
  if (const auto known_at = FindField(fields, "known_at")) {
    JARING_ASSIGN_OR_RETURN(question.known_at, Instant::Parse(*known_at));
  }
  JARING_ASSIGN_OR_RETURN(const MemberView view, ViewMember(tx, parts.agency, question));
  return HttpResponse{200, kJsonType, CoverageJson(view, question.known_at.value_or(call.now())),
                      ""};
}

Result<HttpResponse> EndOne(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t person_id, call.SeenPerson(tx));
  JARING_ASSIGN_OR_RETURN(const JsonValue body, ReadJsonBody(call.request()));
  FieldReader reader(body, "", call.problems);
  MembershipEnd end{.member = {person_id, 1}, .ended_on = call.now().JakartaDate()};
  const auto reason = reader.Text("reason", Need::kRequired);
  if (reason) {
    const auto known = FindEndReason(*reason);
    end.reason = known.value_or(end.reason);
    if (!known) {
      reader.Refuse("reason", "membership.end_reason_unknown");
    }
  }
  if (const auto on = reader.Text("on", Need::kOptional)) {
    end.ended_on = Checked(reader, "on", Date::Parse(*on)).value_or(end.ended_on);
  }
  reader.Finish();
  if (!call.problems.empty()) {
    return Invalid("request.fields_wrong");
  }
  JARING_RETURN_IF_ERROR(EndMembership(tx, parts.agency, end, call.now()));
  JARING_ASSIGN_OR_RETURN(const PersonRecord person, ReadPerson(tx, parts.agency, person_id));
  const std::string number = person.memberships.back().membership.member.ToString();
  call.Note({.person_id = person_id,
             .subject = "membership " + number + " from " + end.ended_on.ToString(),
             .reason = std::string(EndReasonCode(end.reason))});
  JsonWriter json;
  json.BeginObject().Key("member_number").Text(number);
  json.Key("ended_on").Text(end.ended_on.ToString());
  json.Key("reason").Text(EndReasonCode(end.reason)).EndObject();
  return HttpResponse{201, kJsonType, json.Take(), ""};
}

}  // namespace

void AddPersonRoutes(Router& router, Gate& gate, const SiteParts& parts) {
  const auto with_parts = [&parts](auto answer) -> CallHandler {
    return [&parts, answer](Tx& tx, Call& call) { return answer(parts, tx, call); };
  };
  const std::string person = "/v1/people/{person_id}";
  router.Add(HttpMethod::kPost, "/v1/people/search",
             gate.Read(Action::kSearchPeople, with_parts(Search)), {.run_on = RunOn::kWorker});
  router.Add(HttpMethod::kGet, person, gate.Read(Action::kReadPerson, with_parts(ShowPerson)));
  router.Add(HttpMethod::kPatch, person, gate.Write(Action::kChangePerson, with_parts(ChangeOne)),
             {.run_on = RunOn::kWorker});
  router.Add(HttpMethod::kGet, person + "/bill",
             gate.Read(Action::kReadBill, with_parts(ShowBill)));
  router.Add(HttpMethod::kGet, person + "/payments", gate.Read(Action::kReadPayment, ShowPayments));
  router.Add(HttpMethod::kGet, person + "/coverage",
             gate.Read(Action::kReadCover, with_parts(ShowCover)));
  router.Add(HttpMethod::kPost, person + "/membership-ends",
             gate.Write(Action::kEndMembership, with_parts(EndOne)), {.run_on = RunOn::kWorker});
}

}  // namespace jaring
