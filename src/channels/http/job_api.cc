#include "channels/http/job_api.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/text.h"
#include "channels/http/agency_api.h"
#include "channels/http/body_fields.h"
#include "channels/http/page_link.h"
#include "channels/jobs/job_file.h"

namespace jaring {
namespace {

constexpr std::uint64_t kMostUploaded = std::uint64_t{512} << 20U;
constexpr std::string_view kCsvType = "text/csv; charset=utf-8";
constexpr std::array<std::string_view, 4> kUploadTypes = {
    "text/csv", "application/csv", "application/octet-stream",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"};

/// What a job is shown with besides itself.
struct JobNames {
  std::vector<Group> groups;
  std::vector<Partner> partners;
};

Result<JobNames> ReadNames(Tx& tx) {
  JobNames names;
  JARING_ASSIGN_OR_RETURN(names.groups, ListGroups(tx));
  JARING_ASSIGN_OR_RETURN(names.partners, ListPartners(tx));
  return names;
}

void AddMoment(JsonWriter& json, std::string_view key, const std::optional<Instant>& moment) {
  json.Key(key);
  moment ? json.Text(moment->ToString()) : json.Null();
}

void AddProgress(JsonWriter& json, const Job& job) {
  json.Key("progress").BeginObject();
  json.Key("done_bytes").Integer(job.done_bytes).Key("total_bytes").Integer(job.total_bytes);
  json.Key("rows").Integer(job.rows).Key("accepted").Integer(job.accepted);
  json.Key("repeated").Integer(job.repeated).Key("rejected").Integer(job.rejected);
  json.Key("suspended").Integer(job.suspended).Key("warned").Integer(job.warned);
  json.EndObject();
}

void AddJob(JsonWriter& json, const Job& job, const JobNames& names, const Messages& messages,
            Language language) {
  json.BeginObject().Key("job_id").Integer(job.job_id);
  json.Key("kind").Text(JobKindCode(job.kind)).Key("state").Text(JobStateCode(job.state));
  json.Key("dry_run").Bool(job.dry_run).Key("group");
  const auto group = std::find_if(names.groups.begin(), names.groups.end(),
                                  [&](const Group& g) { return g.group_id == job.group_id; });
  group == names.groups.end() ? json.Null() : json.Text(group->code);
  json.Key("partner");
  const auto partner =
      std::find_if(names.partners.begin(), names.partners.end(),
                   [&](const Partner& p) { return p.partner_id == job.partner_id; });
  partner == names.partners.end() ? json.Null() : json.Text(partner->code);
  AddMoment(json, "created_at", job.created_at);
  AddMoment(json, "started_at", job.started_at);
  AddMoment(json, "finished_at", job.finished_at);
  json.Key("starts").Integer(job.starts);
  AddProgress(json, job);
  json.Key("stopping").Bool(job.cancelled && job.state == JobState::kRunning).Key("failure");
  if (job.failure.empty()) {
    json.Null();
  } else {
    json.BeginObject().Key("rule").Text(job.failure);
    json.Key("detail").Text(messages.Text(job.failure, language)).EndObject();
  }
  json.Key("files_deleted").Bool(job.forgotten_at.has_value()).EndObject();
}

Result<HttpResponse> Answer(const SiteParts& parts, Tx& tx, const Call& call, int status,
                            std::int64_t job_id) {
  JARING_ASSIGN_OR_RETURN(const Job job, FindJob(tx, job_id));
  JARING_ASSIGN_OR_RETURN(const JobNames names, ReadNames(tx));
  JsonWriter json;
  AddJob(json, job, names, parts.messages, call.language());
  return HttpResponse{status, kJsonType, json.Take(), ""};
}

/// Who brings the people: a group within the caller's scope.
Result<Done> ReadEnrolment(Tx& tx, const Call& call, const std::vector<FormField>& fields,
                           Job& job) {
  JARING_RETURN_IF_ERROR(AllowFields(fields, {"kind", "dry_run", "group", "branch"}));
  const Scope& scope = call.who().scope;
  const auto code = FindField(fields, "group");
  if (!code) {
    return Invalid("job.group_missing");
  }
  const auto group = FindGroupWithin(tx, scope, *code);
  if (!group) {
    return group.error().rule == "group.unknown" ? Invalid("group.unknown") : group.error();
  }
  job.group_id = group->group_id;
  job.branch_id = scope.kind == ScopeKind::kBranch ? scope.id : 0;
  if (const auto branch_code = FindField(fields, "branch")) {
    JARING_ASSIGN_OR_RETURN(const Branch branch, FindBranchWithin(tx, scope, *branch_code));
    job.branch_id = branch.branch_id;
  }
  return Done{};
}

/// Who brings the money: a partner itself, or a branch for one.
Result<Done> ReadPayments(Tx& tx, const Call& call, const std::vector<FormField>& fields,
                          Job& job) {
  JARING_RETURN_IF_ERROR(AllowFields(fields, {"kind", "dry_run", "partner"}));
  const auto code = FindField(fields, "partner");
  if (!code) {
    return Invalid("job.partner_missing");
  }
  JARING_ASSIGN_OR_RETURN(const auto partner, FindPartner(tx, *code));
  const Scope& scope = call.who().scope;
  if (!partner || (scope.kind == ScopeKind::kPartner && scope.id != partner->partner_id)) {
    return Invalid("partner.unknown");
  }
  job.partner_id = partner->partner_id;
  return Done{};
}

Result<Job> ReadJobRequest(Tx& tx, const Call& call) {
  JARING_ASSIGN_OR_RETURN(const auto fields, ParseForm(call.request().query));
  const auto kind = FindJobKind(FindField(fields, "kind").value_or(""));
  if (!kind) {
    return Invalid("job.kind_unknown");
  }
  const Action action =
      *kind == JobKind::kEnrolment ? Action::kUploadPeople : Action::kUploadPayments;
  if (!IsAllowed(action, call.who().role)) {
    return Invalid("access.not_allowed");
  }
  const std::string_view dry_run = FindField(fields, "dry_run").value_or("false");
  if (dry_run != "true" && dry_run != "false") {
    return Invalid("job.dry_run_unclear");
  }
  Job job{.kind = *kind, .dry_run = dry_run == "true", .who = call.who()};
  job.request_id = call.request().request_id;
  job.created_at = call.now();
  JARING_RETURN_IF_ERROR(*kind == JobKind::kEnrolment ? ReadEnrolment(tx, call, fields, job)
                                                      : ReadPayments(tx, call, fields, job));
  return job;
}

/// A body the server has put into a file.
class SpooledSource final : public ByteSource {
 public:
  SpooledSource(int file, std::uint64_t size) : file_(file), size_(size) {}

  Result<std::size_t> Read(std::span<char> out) override {
    std::size_t done = 0;
    while (done < out.size()) {
      const ssize_t got = ::pread(file_, out.data() + done, out.size() - done, at_);
      if (got < 0) {
        return Error{ErrorCode::kUnavailable, "file.unreadable", std::strerror(errno)};
      }
      if (got == 0) {
        break;
      }
      at_ += got;
      done += static_cast<std::size_t>(got);
    }
    return done;
  }
  std::int64_t size() const override { return static_cast<std::int64_t>(size_); }

 private:
  const int file_;
  const std::uint64_t size_;
  off_t at_ = 0;
};

std::unique_ptr<ByteSource> SourceOf(const HttpRequest& request) {
  if (request.body_file < 0) {
    return MakeMemorySource(std::string(request.body));
  }
  return std::make_unique<SpooledSource>(request.body_file, request.body_size);
}

Result<HttpResponse> Upload(const SiteParts& parts, Tx& tx, Call& call) {
  const std::string_view type = call.request().Header("Content-Type");
  const std::string media = ToLower(Trim(type.substr(0, type.find(';'))));
  if (std::find(kUploadTypes.begin(), kUploadTypes.end(), media) == kUploadTypes.end()) {
    return Invalid("job.media_type");
  }
  JARING_ASSIGN_OR_RETURN(Job job, ReadJobRequest(tx, call));
  const auto source = SourceOf(call.request());
  job.total_bytes = source->size();
  if (job.total_bytes == 0) {
    return Invalid("file.empty");
  }
  JARING_ASSIGN_OR_RETURN(const std::int64_t job_id, CreateJob(tx, job));
  JARING_RETURN_IF_ERROR(AddJobFile(tx, parts.agency.sealer, job_id, *source));
  call.Note({.subject = "job " + std::to_string(job_id)});
  JARING_ASSIGN_OR_RETURN(HttpResponse response, Answer(parts, tx, call, 202, job_id));
  response.AddHeader("Location", "/v1/jobs/" + std::to_string(job_id));
  return response;
}

/// The {job_id} of the path, when the caller may see it.
Result<Job> SeenJob(Tx& tx, const Call& call) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t job_id, call.Number("job_id", "job.unknown"));
  JARING_ASSIGN_OR_RETURN(Job job, FindJob(tx, job_id));
  return SeesJob(call.who(), job) ? Result<Job>(std::move(job)) : NotFound("job.unknown");
}

Result<HttpResponse> ShowJobs(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const PageQuery page, ReadPageQuery(call.request()));
  JARING_ASSIGN_OR_RETURN(auto jobs, ListJobs(tx, call.who(), page.cursor, page.limit + 1));
  const std::int64_t next = NextCursor(jobs, page.limit, [](const Job& job) { return job.job_id; });
  JARING_ASSIGN_OR_RETURN(const JobNames names, ReadNames(tx));
  JsonWriter json;
  json.BeginObject().Key("jobs").BeginList();
  for (const Job& job : jobs) {
    AddJob(json, job, names, parts.messages, call.language());
  }
  json.EndList();
  AddNextCursor(json, next);
  json.EndObject();
  HttpResponse response{200, kJsonType, json.Take(), ""};
  AddNextLink(response, page, next);
  return response;
}

Result<HttpResponse> ShowJob(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const Job job, SeenJob(tx, call));
  return Answer(parts, tx, call, 200, job.job_id);
}

Result<HttpResponse> ShowRejections(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const Job job, SeenJob(tx, call));
  if (job.forgotten_at) {
    return NotFound("job.files_deleted");
  }
  JARING_ASSIGN_OR_RETURN(std::string csv, ReadJobRejections(tx, parts.agency.sealer, job.job_id));
  call.Note({.subject = "rejections of job " + std::to_string(job.job_id)});
  HttpResponse response{200, kCsvType, std::move(csv), ""};
  response.AddHeader("Content-Disposition", "attachment; filename=\"rejections.csv\"");
  return response;
}

Result<HttpResponse> Cancel(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const Job job, SeenJob(tx, call));
  JARING_RETURN_IF_ERROR(CancelJob(tx, job.job_id, call.now()));
  call.Note({.subject = "cancelled job " + std::to_string(job.job_id)});
  return Answer(parts, tx, call, 200, job.job_id);
}

}  // namespace

void AddJobRoutes(Router& router, Gate& gate, const SiteParts& parts, JobRunner& runner) {
  const auto with_parts = [&parts](auto answer) -> CallHandler {
    return [&parts, answer](Tx& tx, Call& call) { return answer(parts, tx, call); };
  };
  constexpr RouteOptions kOnWorker{.run_on = RunOn::kWorker};
  const Guarded upload = gate.Write(Action::kUseJobs, with_parts(Upload));
  router.Add(HttpMethod::kPost, "/v1/jobs",
             {upload.action,
              [&runner, take = upload.handler](const HttpRequest& request, Responder responder) {
                take(request, std::move(responder));
                runner.Wake();  // What was taken is committed by now.
              }},
             {.run_on = RunOn::kWorker, .body_limit = kMostUploaded, .spool_body = true});
  router.Add(HttpMethod::kGet, "/v1/jobs", gate.Read(Action::kUseJobs, with_parts(ShowJobs)));
  router.Add(HttpMethod::kGet, "/v1/jobs/{job_id}",
             gate.Read(Action::kUseJobs, with_parts(ShowJob)));
  router.Add(HttpMethod::kGet, "/v1/jobs/{job_id}/rejections",
             gate.Read(Action::kUseJobs, with_parts(ShowRejections)), kOnWorker);
  router.Add(HttpMethod::kDelete, "/v1/jobs/{job_id}",
             gate.Write(Action::kUseJobs, with_parts(Cancel)), kOnWorker);
}

}  // namespace jaring
