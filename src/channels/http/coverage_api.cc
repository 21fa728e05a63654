#include "channels/http/coverage_api.h"

#include "channels/http/body_fields.h"
#include "channels/http/form.h"
#include "channels/json/member_json.h"

namespace jaring {
namespace {

Result<HttpResponse> Answer(const SiteParts& parts, Tx& tx, Call& call,
                            CoverageQuestion& question) {
  question.with_person = false;
  JARING_RETURN_IF_ERROR(call.See(tx, question.member.person_id));
  JARING_ASSIGN_OR_RETURN(const MemberView view, ViewMember(tx, parts.agency, question));
  return HttpResponse{200, kJsonType, CoverageJson(view, question.known_at.value_or(call.now())),
                      ""};
}

Result<HttpResponse> AnswerQuery(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const auto fields, ParseForm(call.request().query));
  JARING_RETURN_IF_ERROR(AllowFields(fields, {"member_number", "bill_code", "on", "known_at"}));
  CoverageQuestion question{.on = call.now().JakartaDate()};
  if (const auto on = FindField(fields, "on")) {
    JARING_ASSIGN_OR_RETURN(question.on, Date::Parse(*on));
  }
  if (const auto known_at = FindField(fields, "known_at")) {
    JARING_ASSIGN_OR_RETURN(question.known_at, Instant::Parse(*known_at));
  }
  const auto number = FindField(fields, "member_number");
  const auto code = FindField(fields, "bill_code");
  if (number.has_value() == code.has_value()) {
    return Invalid("coverage.query_missing");
  }
  JARING_ASSIGN_OR_RETURN(question.member,
                          number ? MemberNumber::Parse(*number) : ParseBillCode(*code));
  return Answer(parts, tx, call, question);
}

/// Whom a body asks about; a NIK is looked up.
Result<MemberNumber> FindMember(Tx& tx, const Agency& agency, FieldReader& reader,
                                std::vector<FieldProblem>& problems) {
  const auto number = reader.Text("member_number", Need::kOptional);
  const auto code = reader.Text("bill_code", Need::kOptional);
  const auto nik_text = reader.Text("nik", Need::kOptional);
  std::optional<MemberNumber> member;
  std::optional<Nik> nik;
  if (number) {
    member = Checked(reader, "member_number", MemberNumber::Parse(*number));
  }
  if (code) {
    member = Checked(reader, "bill_code", ParseBillCode(*code));
  }
  if (nik_text) {
    nik = Checked(reader, "nik", Nik::Parse(*nik_text, agency.is_demo));
  }
  reader.Finish();
  if (!problems.empty()) {
    return Invalid("request.fields_wrong");
  }
  if (int{number.has_value()} + int{code.has_value()} + int{nik_text.has_value()} != 1) {
    return Invalid("coverage.query_missing");
  }
  if (!nik) {
    return *member;
  }
  JARING_ASSIGN_OR_RETURN(const auto person, FindPersonByNik(tx, agency, *nik));
  return person ? Result<MemberNumber>(MemberNumber{*person, 1}) : NotFound("member.unknown");
}

Result<HttpResponse> AnswerBody(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const JsonValue body, ReadJsonBody(call.request()));
  FieldReader reader(body, "", call.problems);
  CoverageQuestion question{.on = call.now().JakartaDate()};
  if (const auto on = reader.Text("on", Need::kOptional)) {
    question.on = Checked(reader, "on", Date::Parse(*on)).value_or(question.on);
  }
  if (const auto known_at = reader.Text("known_at", Need::kOptional)) {
    question.known_at = Checked(reader, "known_at", Instant::Parse(*known_at));
  }
  JARING_ASSIGN_OR_RETURN(question.member, FindMember(tx, parts.agency, reader, call.problems));
  return Answer(parts, tx, call, question);
}

}  // namespace

void AddCoverageRoutes(Router& router, Gate& gate, const SiteParts& parts) {
  router.Add(HttpMethod::kGet, "/v1/coverage",
             gate.Read(Action::kReadCover,
                       [&parts](Tx& tx, Call& call) { return AnswerQuery(parts, tx, call); }));
  router.Add(HttpMethod::kPost, "/v1/coverage",
             gate.Read(Action::kReadCover,
                       [&parts](Tx& tx, Call& call) { return AnswerBody(parts, tx, call); }));
}

}  // namespace jaring
