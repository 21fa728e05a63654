#include "channels/http/agency_api.h"

#include <limits>

#include "channels/http/body_fields.h"
#include "channels/http/etag.h"
#include "channels/http/page_link.h"
#include "channels/text/masking.h"
#include "registry/look_alike.h"
#include "rules/identity.h"

namespace jaring {
namespace {

std::string BranchCode(const std::vector<Branch>& branches, std::int64_t branch_id) {
  for (const Branch& branch : branches) {
    if (branch.branch_id == branch_id) {
      return branch.code;
    }
  }
  return "";
}

void AddGroup(JsonWriter& json, const Group& group, const std::vector<Branch>& branches) {
  json.BeginObject().Key("code").Text(group.code).Key("name").Text(group.name);
  json.Key("kind").Text(GroupKindCode(group.kind));
  json.Key("branch").Text(BranchCode(branches, group.branch_id));
  json.Key("payer").Text(PayerCode(group.payer)).EndObject();
}

Result<std::string> GroupText(Tx& tx, const Group& group) {
  JARING_ASSIGN_OR_RETURN(const auto branches, ListBranches(tx));
  JsonWriter json;
  AddGroup(json, group, branches);
  return json.Take();
}

Result<HttpResponse> ShowBranches(Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const auto fields, ParseForm(call.request().query));
  JARING_RETURN_IF_ERROR(AllowFields(fields, {}));
  JARING_ASSIGN_OR_RETURN(const auto branches, ListBranches(tx));
  JsonWriter json;
  json.BeginObject().Key("branches").BeginList();
  for (const Branch& branch : branches) {
    json.BeginObject().Key("code").Text(branch.code).Key("name").Text(branch.name).EndObject();
  }
  json.EndList().EndObject();
  return HttpResponse{200, kJsonType, json.Take(), ""};
}

Result<HttpResponse> ShowGroups(Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const PageQuery page, ReadPageQuery(call.request()));
  JARING_ASSIGN_OR_RETURN(const auto branches, ListBranches(tx));
  JARING_ASSIGN_OR_RETURN(
      auto groups, ListGroupsOf(tx, GroupFilterOf(call.who().scope), page.cursor, page.limit + 1));
  const std::int64_t next =
      NextCursor(groups, page.limit, [](const Group& group) { return group.group_id; });
  JsonWriter json;
  json.BeginObject().Key("groups").BeginList();
  for (const Group& group : groups) {
    AddGroup(json, group, branches);
  }
  json.EndList();
  AddNextCursor(json, next);
  json.EndObject();
  HttpResponse response{200, kJsonType, json.Take(), ""};
  AddNextLink(response, page, next);
  return response;
}

Result<HttpResponse> ShowGroup(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const Group group,
                          FindGroupWithin(tx, call.who().scope, call.request().Parameter("code")));
  JARING_ASSIGN_OR_RETURN(std::string text, GroupText(tx, group));
  return Versioned(call.request(), parts.agency, std::move(text));
}

/// A group as it was sent, but for its branch.
Group ReadGroupBody(FieldReader& reader) {
  Group group;
  group.code = reader.Text("code", Need::kRequired).value_or("");
  group.name = reader.Text("name", Need::kRequired).value_or("");
  if (const auto word = reader.Text("kind", Need::kRequired)) {
    const auto kind = FindGroupKind(*word);
    group.kind = kind.value_or(group.kind);
    if (!kind) {
      reader.Refuse("kind", "group.kind_unknown");
    }
  }
  const auto payer = FindPayer(reader.Text("payer", Need::kOptional).value_or("self"));
  group.payer = payer.value_or(group.payer);
  if (!payer) {
    reader.Refuse("payer", "payer.unknown");
  }
  return group;
}

Result<HttpResponse> AddOneGroup(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const JsonValue body, ReadJsonBody(call.request()));
  FieldReader reader(body, "", call.problems);
  Group group = ReadGroupBody(reader);
  const auto branch_code = reader.Text("branch", Need::kRequired);
  reader.Finish();
  if (!call.problems.empty()) {
    return Invalid("request.fields_wrong");
  }
  JARING_ASSIGN_OR_RETURN(const auto branch, FindBranch(tx, *branch_code));
  const Scope& scope = call.who().scope;
  const bool reached =
      scope.kind == ScopeKind::kNation ||
      (scope.kind == ScopeKind::kBranch && branch && branch->branch_id == scope.id);
  if (!branch || !reached) {
    return Invalid("branch.unknown");
  }
  group.branch_id = branch->branch_id;
  JARING_ASSIGN_OR_RETURN(const auto before, FindGroup(tx, group.code));
  JARING_ASSIGN_OR_RETURN(const Group created, CreateGroup(tx, group));
  call.Note({.subject = "group " + created.code});
  JARING_ASSIGN_OR_RETURN(std::string text, GroupText(tx, created));
  HttpResponse response{before ? 200 : 201, kJsonType, std::move(text), ""};
  response.AddHeader("ETag", EtagOf(parts.agency, response.body));
  response.AddHeader("Location", "/v1/groups/" + created.code);
  return response;
}

Result<HttpResponse> ChangeGroup(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const Group group,
                          FindGroupWithin(tx, call.who().scope, call.request().Parameter("code")));
  JARING_ASSIGN_OR_RETURN(const JsonValue body, ReadJsonBody(call.request()));
  FieldReader reader(body, "", call.problems);
  const auto name = reader.Text("name", Need::kRequired);
  reader.Finish();
  if (!call.problems.empty()) {
    return Invalid("request.fields_wrong");
  }
  JARING_ASSIGN_OR_RETURN(const std::string before, GroupText(tx, group));
  JARING_RETURN_IF_ERROR(CheckIfMatch(call.request(), EtagOf(parts.agency, before)));
  JARING_RETURN_IF_ERROR(RenameGroup(tx, group, *name));
  JsonWriter change;
  change.BeginObject().Key("name").BeginList().Text(group.name).Text(*name).EndList().EndObject();
  call.Note({.subject = "group " + group.code, .change = change.Take()});
  JARING_ASSIGN_OR_RETURN(const auto renamed, FindGroup(tx, group.code));
  JARING_ASSIGN_OR_RETURN(std::string text, GroupText(tx, *renamed));
  HttpResponse response{200, kJsonType, std::move(text), ""};
  response.AddHeader("ETag", EtagOf(parts.agency, response.body));
  return response;
}

void AddPartner(JsonWriter& json, const Partner& partner) {
  json.BeginObject().Key("code").Text(partner.code).Key("name").Text(partner.name).EndObject();
}

Result<HttpResponse> ShowPartners(Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const auto fields, ParseForm(call.request().query));
  JARING_RETURN_IF_ERROR(AllowFields(fields, {}));
  JARING_ASSIGN_OR_RETURN(const auto partners, ListPartners(tx));
  const Scope& scope = call.who().scope;
  JsonWriter json;
  json.BeginObject().Key("partners").BeginList();
  for (const Partner& partner : partners) {
    if (scope.kind != ScopeKind::kPartner || scope.id == partner.partner_id) {
      AddPartner(json, partner);
    }
  }
  json.EndList().EndObject();
  return HttpResponse{200, kJsonType, json.Take(), ""};
}

Result<HttpResponse> AddOnePartner(Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const JsonValue body, ReadJsonBody(call.request()));
  FieldReader reader(body, "", call.problems);
  const auto code = reader.Text("code", Need::kRequired);
  const auto name = reader.Text("name", Need::kRequired);
  reader.Finish();
  if (!call.problems.empty()) {
    return Invalid("request.fields_wrong");
  }
  if (call.who().scope.kind != ScopeKind::kNation) {
    return Invalid("access.not_allowed");  // Partners are the whole agency's.
  }
  JARING_ASSIGN_OR_RETURN(const auto before, FindPartner(tx, *code));
  JARING_ASSIGN_OR_RETURN(const Partner partner, CreatePartner(tx, *code, *name));
  call.Note({.subject = "partner " + partner.code});
  JsonWriter json;
  AddPartner(json, partner);
  return HttpResponse{before ? 200 : 201, kJsonType, json.Take(), ""};
}

/// The pairs of a page that the caller may see one of; and where the next page begins.
Result<std::int64_t> ReadPairs(Tx& tx, const Call& call, const PageQuery& page,
                               std::vector<LookAlikes>& visible) {
  constexpr std::int64_t kScanned = 1'000;  // In one request, however few of them are in scope.
  const std::int64_t before =
      page.cursor == 0 ? std::numeric_limits<std::int64_t>::max() : page.cursor;
  JARING_ASSIGN_OR_RETURN(const auto pairs, ListLookAlikesBefore(tx, before, kScanned));
  std::int64_t last = 0;  // The person whose pairs came last; a page ends between two persons.
  for (const LookAlikes& pair : pairs) {
    const bool full = static_cast<std::int64_t>(visible.size()) >= page.limit;
    if (full && pair.person_id != last) {
      return last;
    }
    last = pair.person_id;
    JARING_ASSIGN_OR_RETURN(const bool sees_newer, call.CanSee(tx, pair.person_id));
    JARING_ASSIGN_OR_RETURN(const bool sees_other, call.CanSee(tx, pair.other_person_id));
    if (sees_newer || sees_other) {
      visible.push_back(pair);
    }
  }
  return static_cast<std::int64_t>(pairs.size()) < kScanned ? 0 : last;
}

Result<HttpResponse> ShowDuplicates(Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const PageQuery page, ReadPageQuery(call.request()));
  std::vector<LookAlikes> pairs;
  JARING_ASSIGN_OR_RETURN(const std::int64_t next, ReadPairs(tx, call, page, pairs));
  JsonWriter json;
  json.BeginObject().Key("pairs").BeginList();
  for (const LookAlikes& pair : pairs) {
    call.Note({.person_id = pair.person_id});
    call.Note({.person_id = pair.other_person_id});
    json.BeginObject().Key("person_id").Integer(pair.person_id);
    json.Key("member_number").Text(MemberNumber{pair.person_id, 1}.ToString());
    json.Key("other_person_id").Integer(pair.other_person_id);
    json.Key("other_member_number").Text(MemberNumber{pair.other_person_id, 1}.ToString());
    json.Key("village_code").Text(std::to_string(pair.village_code));
    json.Key("name").Text(call.sees_identity() ? pair.name : MaskedName(pair.name)).EndObject();
  }
  json.EndList();
  AddNextCursor(json, next);
  json.EndObject();
  HttpResponse response{200, kJsonType, json.Take(), ""};
  AddNextLink(response, page, next);
  return response;
}

}  // namespace

GroupFilter GroupFilterOf(const Scope& scope) {
  constexpr std::int64_t kNone = -1;
  switch (scope.kind) {
    case ScopeKind::kNation:
    case ScopeKind::kAgent:  // Agents enrol for any group.
    case ScopeKind::kSelf:
      return {};
    case ScopeKind::kRegion:
      return {.region_code = scope.id};
    case ScopeKind::kBranch:
      return {.branch_id = scope.id};
    case ScopeKind::kGroup:
      return {.group_id = scope.id};
    case ScopeKind::kPartner:
    case ScopeKind::kNowhere:
      return {.group_id = kNone};
  }
  return {.group_id = kNone};
}

Result<Group> FindGroupWithin(Tx& tx, const Scope& scope, std::string_view code) {
  JARING_ASSIGN_OR_RETURN(const auto group, FindGroup(tx, code));
  GroupFilter filter = GroupFilterOf(scope);
  if (!group || (filter.group_id != 0 && filter.group_id != group->group_id)) {
    return NotFound("group.unknown");
  }
  filter.group_id = group->group_id;
  JARING_ASSIGN_OR_RETURN(const auto reached, ListGroupsOf(tx, filter, 0, 1));
  return reached.empty() ? NotFound("group.unknown") : Result<Group>(*group);
}

Result<Branch> FindBranchWithin(Tx& tx, const Scope& scope, std::string_view code) {
  JARING_ASSIGN_OR_RETURN(const auto branch, FindBranch(tx, code));
  if (!branch) {
    return Invalid("branch.unknown");
  }
  bool reached = scope.kind == ScopeKind::kNation || scope.kind == ScopeKind::kAgent ||
                 (scope.kind == ScopeKind::kBranch && scope.id == branch->branch_id);
  if (scope.kind == ScopeKind::kRegion) {
    JARING_ASSIGN_OR_RETURN(reached, ServesRegion(tx, branch->branch_id, scope.id));
  }
  return reached ? Result<Branch>(*branch) : Invalid("branch.unknown");
}

void AddAgencyRoutes(Router& router, Gate& gate, const SiteParts& parts) {
  constexpr RouteOptions kOnWorker{.run_on = RunOn::kWorker};
  const auto with_parts = [&parts](auto answer) -> CallHandler {
    return [&parts, answer](Tx& tx, Call& call) { return answer(parts, tx, call); };
  };
  router.Add(HttpMethod::kGet, "/v1/branches", gate.Read(Action::kReadAgency, ShowBranches));
  router.Add(HttpMethod::kGet, "/v1/groups", gate.Read(Action::kReadAgency, ShowGroups));
  router.Add(HttpMethod::kPost, "/v1/groups",
             gate.Write(Action::kChangeAgency, with_parts(AddOneGroup)), kOnWorker);
  router.Add(HttpMethod::kGet, "/v1/groups/{code}",
             gate.Read(Action::kReadAgency, with_parts(ShowGroup)));
  router.Add(HttpMethod::kPatch, "/v1/groups/{code}",
             gate.Write(Action::kChangeAgency, with_parts(ChangeGroup)), kOnWorker);
  router.Add(HttpMethod::kGet, "/v1/partners", gate.Read(Action::kReadAgency, ShowPartners));
  router.Add(HttpMethod::kPost, "/v1/partners", gate.Write(Action::kManagePartners, AddOnePartner),
             kOnWorker);
  router.Add(HttpMethod::kGet, "/v1/duplicates", gate.Read(Action::kReadDuplicates, ShowDuplicates),
             kOnWorker);
}

}  // namespace jaring
