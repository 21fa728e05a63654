#include "channels/http/enrolment_api.h"

#include "access/consent.h"
#include "access/device.h"
#include "base/text.h"
#include "channels/http/agency_api.h"
#include "channels/http/body_fields.h"
#include "channels/text/json_writer.h"
#include "registry/person_record.h"

namespace jaring {
namespace {

constexpr std::size_t kMaxPeople = 1'000;

/// A request taken apart: the people that can be read, and where each stood.
struct Intake {
  std::optional<std::string> group;
  std::optional<std::string> branch;
  std::string agreed;  // Which words about helpers they agreed to; an agent needs it.
  bool is_list = false;
  std::size_t rows = 0;
  std::vector<Enrolment> people;
  std::vector<std::size_t> row_of;        // For each of people: its row, from 0.
  std::vector<FieldProblem> problems;     // Of the people that cannot be read.
  std::vector<std::size_t> problem_rows;  // Likewise.
};

std::optional<ProgrammeSet> ReadProgrammes(FieldReader& reader) {
  const JsonValue* list = reader.List("programmes", Need::kRequired);
  if (list == nullptr) {
    return std::nullopt;
  }
  ProgrammeSet programmes;
  for (const JsonValue& item : list->items) {
    const auto programme = FindProgramme(item.text);
    if (!programme) {
      reader.Refuse("programmes", "programmes.unknown");
      return std::nullopt;
    }
    programmes = programmes.With(*programme);
  }
  return programmes;
}

std::optional<Sex> ReadSex(FieldReader& reader) {
  const auto word = reader.Text("sex", Need::kRequired);
  if (word == "male" || word == "female") {
    return word == "male" ? Sex::kMale : Sex::kFemale;
  }
  if (word) {
    reader.Refuse("sex", "sex.unknown");
  }
  return std::nullopt;
}

std::optional<int> ReadTrade(FieldReader& reader, const Scheme& scheme) {
  const auto code = reader.Text("trade", Need::kRequired);
  const Trade* trade = code ? FindTrade(scheme, *code) : nullptr;
  if (code && trade == nullptr) {
    reader.Refuse("trade", "trade.unknown");
  }
  return trade == nullptr ? std::nullopt : std::optional(trade->number);
}

std::string ReadLanguage(FieldReader& reader) {
  std::string code(reader.Text("language", Need::kOptional).value_or("id"));
  if (!IsLanguageCode(code)) {
    reader.Refuse("language", "language.unknown");
  }
  return code;
}

std::optional<Enrolment> ReadPerson(const JsonValue& value, const std::string& pointer,
                                    const Agency& agency, std::vector<FieldProblem>& problems) {
  const std::size_t before = problems.size();
  FieldReader reader(value, pointer, problems);
  std::optional<Nik> nik;
  if (const auto text = reader.Text("nik", Need::kRequired)) {
    nik = Checked(reader, "nik", Nik::Parse(*text, agency.is_demo));
  }
  std::optional<Date> birth_date;
  if (const auto text = reader.Text("birth_date", Need::kRequired)) {
    birth_date = Checked(reader, "birth_date", Date::Parse(*text));
  }
  std::optional<Money> income;
  if (const auto rupiah = reader.Integer("income", Need::kRequired)) {
    income = Checked(reader, "income", Money::ParseRupiah(*rupiah));
  }
  std::optional<std::string> phone;
  if (const auto text = reader.Text("phone", Need::kOptional)) {
    phone = Checked(reader, "phone", ParsePhone(*text));
  }
  const auto name = reader.Text("name", Need::kRequired);
  const auto sex = ReadSex(reader);
  const auto village = ReadVillageCode(reader, Need::kRequired);
  const auto trade = ReadTrade(reader, agency.scheme);
  const auto programmes = ReadProgrammes(reader);
  const std::string language = ReadLanguage(reader);
  reader.Finish();
  if (problems.size() > before) {
    return std::nullopt;
  }
  return Enrolment{*nik,    std::string(*name), *birth_date, *sex, *village, phone, *trade,
                   *income, *programmes,        language};
}

void ReadPeople(const JsonValue& list, const Agency& agency, Intake& intake) {
  intake.rows = list.items.size();
  for (std::size_t row = 0; row < list.items.size(); ++row) {
    const std::size_t before = intake.problems.size();
    auto person =
        ReadPerson(list.items[row], "/people/" + std::to_string(row), agency, intake.problems);
    if (person) {
      intake.people.push_back(std::move(*person));
      intake.row_of.push_back(row);
    }
    intake.problem_rows.resize(intake.problems.size(), row);
    JARING_CHECK(person || intake.problems.size() > before);
  }
}

Result<Intake> ReadIntake(const JsonValue& body, const Agency& agency,
                          std::vector<FieldProblem>& problems) {
  Intake intake;
  FieldReader reader(body, "", problems);
  if (const auto group = reader.Text("group", Need::kOptional)) {
    intake.group = *group;
  }
  if (const auto branch = reader.Text("branch", Need::kOptional)) {
    intake.branch = *branch;
  }
  intake.agreed = reader.Text("consent_text_version", Need::kOptional).value_or("");
  const JsonValue* people = reader.List("people", Need::kOptional);
  const JsonValue* person = reader.Object("person", Need::kOptional);
  reader.Finish();
  if ((people == nullptr) == (person == nullptr)) {
    reader.Refuse("people", people == nullptr ? "request.field_missing" : "request.field_unknown");
  }
  if (!problems.empty()) {
    return Invalid("request.fields_wrong");
  }
  if (people != nullptr && people->items.size() > kMaxPeople) {
    return Invalid("request.too_many_rows");
  }
  if (people != nullptr) {
    intake.is_list = true;
    ReadPeople(*people, agency, intake);
    return intake;
  }
  auto one = ReadPerson(*person, "/person", agency, problems);
  if (!one) {
    return Invalid("request.fields_wrong");
  }
  intake.rows = 1;
  intake.people.push_back(std::move(*one));
  intake.row_of.push_back(0);
  return intake;
}

Door DoorOf(Role role) {
  switch (role) {
    case Role::kAgent:
      return Door::kAgent;
    case Role::kKiosk:
      return Door::kKiosk;
    case Role::kBranchStaff:
      return Door::kCounter;
    default:
      return Door::kApi;
  }
}

/// Who brings them, as far as the caller may say so.
Result<EnrolmentSource> FindSource(Tx& tx, const Intake& intake, const Call& call) {
  EnrolmentSource source;
  source.door = DoorOf(call.who().role);
  source.now = call.now();
  const Scope& scope = call.who().scope;
  if (intake.group) {
    const auto group = FindGroupWithin(tx, scope, *intake.group);
    if (!group) {
      return group.error().code == ErrorCode::kNotFound ? Invalid("group.unknown") : group.error();
    }
    source.group = *group;
  }
  if (intake.branch) {
    JARING_ASSIGN_OR_RETURN(const Branch branch, FindBranchWithin(tx, scope, *intake.branch));
    source.branch_id = branch.branch_id;
  }
  if (scope.kind == ScopeKind::kGroup && !source.group) {
    return Invalid("group.unknown");
  }
  if (scope.kind == ScopeKind::kBranch) {
    source.branch_id = scope.id;
  }
  return source;
}

/// Each new member is in the audit trail, and each who was told to be one already: so that numbers
/// cannot be tried out unseen. An agent reaches the people who came through her, because they
/// agreed that she acts for them.
///
/// Errors: consent.helper_needed.
Result<Done> NoteMembers(Tx& tx, const std::vector<EnrolmentOutcome>& outcomes,
                         const std::string& agreed, Call& call) {
  for (const EnrolmentOutcome& outcome : outcomes) {
    if (outcome.status == EnrolmentStatus::kRepeated) {
      call.Note({.person_id = outcome.member.person_id, .subject = "a member already"});
    }
    if (outcome.status != EnrolmentStatus::kAccepted) {
      continue;
    }
    call.Note({.person_id = outcome.member.person_id,
               .subject = "membership " + std::to_string(outcome.member.membership_seq)});
    if (call.who().scope.kind == ScopeKind::kAgent) {
      JARING_RETURN_IF_ERROR(
          NeedHelperConsent(tx, call.who(), outcome.member.person_id, agreed, call.now()));
    }
  }
  return Done{};
}

std::size_t CountOf(const std::vector<EnrolmentOutcome>& outcomes, EnrolmentStatus status) {
  std::size_t count = 0;
  for (const EnrolmentOutcome& outcome : outcomes) {
    count += outcome.status == status ? 1 : 0;
  }
  return count;
}

void AddFinding(JsonWriter& json, std::size_t row, std::string_view column, std::string_view rule,
                std::string_view words) {
  json.BeginObject().Key("row").Integer(static_cast<std::int64_t>(row) + 1);
  json.Key("column").Text(column).Key("rule").Text(rule).Key("detail").Text(words).EndObject();
}

/// The counts, the rejections, the warnings and the members; rows count from 1, as in files.
std::string AnswerJson(const Intake& intake, const std::vector<EnrolmentOutcome>& outcomes,
                       const Messages& messages, Language language) {
  const std::size_t accepted = CountOf(outcomes, EnrolmentStatus::kAccepted);
  const std::size_t repeated = CountOf(outcomes, EnrolmentStatus::kRepeated);
  JsonWriter json;
  const auto add_count = [&](std::string_view key, std::size_t count) {
    json.Key(key).Integer(static_cast<std::int64_t>(count));
  };
  json.BeginObject();
  add_count("rows", intake.rows);
  add_count("accepted", accepted);
  add_count("repeated", repeated);
  add_count("rejected", intake.rows - accepted - repeated);
  add_count("suspended", 0);
  json.Key("rejections").BeginList();
  for (std::size_t i = 0; i < intake.problems.size(); ++i) {
    const FieldProblem& problem = intake.problems[i];
    AddFinding(json, intake.problem_rows[i], problem.pointer.substr(problem.pointer.rfind('/') + 1),
               problem.rule, messages.Text(problem.rule, language));
  }
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (outcomes[i].status == EnrolmentStatus::kRejected) {
      AddFinding(json, intake.row_of[i], outcomes[i].column, outcomes[i].rule,
                 messages.Text(outcomes[i].rule, language));
    }
  }
  json.EndList().Key("warnings").BeginList();
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    for (const WarningWords& said : WordsOf(outcomes[i].warnings)) {
      AddFinding(json, intake.row_of[i], said.column, said.rule,
                 messages.Text(said.rule, language));
    }
  }
  json.EndList().Key("members").BeginList();
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (outcomes[i].status != EnrolmentStatus::kRejected) {
      json.BeginObject().Key("row").Integer(static_cast<std::int64_t>(intake.row_of[i]) + 1);
      json.Key("member_number").Text(outcomes[i].member.ToString());
      json.Key("bill_code").Text(BillCodeOf(outcomes[i].member)).EndObject();
    }
  }
  json.EndList().EndObject();
  return json.Take();
}

Result<HttpResponse> Enrol(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const JsonValue body, ReadJsonBody(call.request()));
  JARING_ASSIGN_OR_RETURN(const Intake intake, ReadIntake(body, parts.agency, call.problems));
  JARING_ASSIGN_OR_RETURN(const EnrolmentSource source, FindSource(tx, intake, call));
  JARING_ASSIGN_OR_RETURN(const auto outcomes,
                          EnrolPeople(tx, parts.agency, source, intake.people));
  if (!intake.is_list && outcomes[0].status == EnrolmentStatus::kRejected) {
    call.problems.push_back({"/person/" + outcomes[0].column, outcomes[0].rule});
    return Invalid(outcomes[0].rule);
  }
  JARING_RETURN_IF_ERROR(NoteMembers(tx, outcomes, intake.agreed, call));
  if (call.who().device_id != 0) {
    const std::size_t accepted = CountOf(outcomes, EnrolmentStatus::kAccepted);
    JARING_RETURN_IF_ERROR(SpendDeviceDay(tx, call.who().device_id, call.now().JakartaDate(),
                                          Money(), static_cast<std::int64_t>(accepted)));
  }
  const bool created = !intake.is_list && outcomes[0].status == EnrolmentStatus::kAccepted;
  return HttpResponse{created ? 201 : 200, kJsonType,
                      AnswerJson(intake, outcomes, parts.messages, call.language()), ""};
}

}  // namespace

void AddEnrolmentRoutes(Router& router, Gate& gate, const SiteParts& parts) {
  router.Add(HttpMethod::kPost, "/v1/enrolments",
             gate.Write(Action::kEnrolPeople,
                        [&parts](Tx& tx, Call& call) { return Enrol(parts, tx, call); }),
             {.run_on = RunOn::kWorker});
}

}  // namespace jaring
