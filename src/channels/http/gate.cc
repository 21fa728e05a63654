#include "channels/http/gate.h"

#include <unistd.h>

#include <algorithm>

#include "access/person_place.h"
#include "access/signing_key.h"
#include "base/text.h"
#include "channels/http/idempotency_sql.h"
#include "channels/http/key_owner.h"
#include "channels/http/message_signature.h"
#include "registry/kept_person.h"
#include "registry/live_keys.h"

namespace jaring {
namespace {

constexpr std::string_view kAnswerPlace = "idempotency_key/body";

bool IsPost(const HttpRequest& request) {
  return request.method == HttpMethod::kPost;
}

/// The key taken out of the set of those running when the request is answered.
class RunningKey {
 public:
  RunningKey(std::mutex& mutex, std::unordered_set<std::string>& running, std::string key)
      : mutex_(mutex), running_(running), key_(std::move(key)) {
    const std::lock_guard lock(mutex_);
    is_first_ = running_.insert(key_).second;
  }
  ~RunningKey() {
    if (is_first_) {
      const std::lock_guard lock(mutex_);
      running_.erase(key_);
    }
  }
  RunningKey(const RunningKey&) = delete;
  RunningKey& operator=(const RunningKey&) = delete;

  bool is_first() const { return is_first_; }

 private:
  std::mutex& mutex_;
  std::unordered_set<std::string>& running_;
  const std::string key_;
  bool is_first_ = false;
};

}  // namespace

HttpResponse TooManyRequests(const Messages& messages, Language language,
                             const RateVerdict& verdict) {
  return ProblemResponse({ErrorCode::kUnavailable, "request.too_many", ""}, messages, language, {},
                         {.retry_after_seconds = verdict.retry_after_seconds});
}

Result<std::int64_t> Call::Number(std::string_view parameter, std::string_view rule) const {
  const std::string_view text = request_.Parameter(parameter);
  const auto number = IsAllDigits(text) ? ParseInteger(text) : std::nullopt;
  return number && *number > 0 ? Result<std::int64_t>(*number) : NotFound(std::string(rule));
}

Result<std::int64_t> Call::SeenPerson(Tx& tx) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t person_id, Number("person_id", "member.unknown"));
  return See(tx, person_id);
}

Result<bool> Call::CanSee(Tx& tx, std::int64_t person_id) const {
  if (grant_ == Grant::kMaskedAnywhere) {
    return true;  // Whether there is such a person, whoever reads her will tell.
  }
  return ReachesPerson(tx, who_, person_id);
}

Result<std::int64_t> Call::See(Tx& tx, std::int64_t person_id) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t kept, KeptPersonOf(tx, person_id));
  JARING_ASSIGN_OR_RETURN(bool can_see, CanSee(tx, kept));
  if (!can_see && kept != person_id) {
    JARING_ASSIGN_OR_RETURN(can_see, CanSee(tx, person_id));
  }
  if (!can_see) {
    return NotFound("member.unknown");
  }
  // What people look up of themselves is nobody's business.
  const bool own = who_.kind == ActorKind::kWorker && (who_.id == kept || who_.id == person_id);
  if (!own || IsChange(action_)) {
    Note({.person_id = kept});
  }
  return kept;
}

Result<Done> Call::Reach(const Place& place, std::string_view rule) const {
  const bool reached = grant_ == Grant::kMaskedAnywhere || Reaches(who_.scope, place);
  return reached ? Result<Done>(Done{}) : NotFound(std::string(rule));
}

void Call::Note(AuditNote note) {
  if (note.action.empty()) {
    note.action = ActionName(action_);
  }
  // A person seen and then changed in the same call is one entry: the one that says more.
  for (AuditNote& earlier : notes_) {
    if (earlier.action == note.action && earlier.person_id == note.person_id &&
        earlier.subject.empty() && earlier.change.empty()) {
      earlier = std::move(note);
      return;
    }
  }
  notes_.push_back(std::move(note));
}

std::vector<AuditEntry> Call::TakeEntries() {
  std::vector<AuditEntry> entries;
  for (AuditNote& note : notes_) {
    entries.push_back({.at = now_,
                       .who = who_,
                       .note = std::move(note),
                       .request_id = std::string(request_.request_id)});
  }
  notes_.clear();
  return entries;
}

Gate::Gate(const SiteParts& parts)
    : parts_(parts),
      authenticator_(parts.database, parts.now),
      audit_(parts.database, parts.agency.sealer.audit_key(), parts.messages) {}

HttpResponse Gate::Refusal(const Error& error, const HttpRequest& request,
                           std::span<const FieldProblem> problems) const {
  return ProblemResponse(error, parts_.messages, LanguageOf(request), problems);
}

Result<Principal> Gate::Admit(const HttpRequest& request, Action action) {
  JARING_ASSIGN_OR_RETURN(const Principal who, authenticator_.Identify(request));
  if (who.is_anonymous()) {
    return Invalid("login.required");
  }
  if (!IsAllowed(action, who.role)) {
    return Invalid("access.not_allowed");
  }
  if (who.kind == ActorKind::kStaffUser && !who.second_factor && action != Action::kUseOwnAccount) {
    return Invalid("access.second_factor_needed");
  }
  return who;
}

RateVerdict Gate::Ask(decltype(&RateLimiter::Take) ask, const Principal& who, Action action,
                      const HttpRequest& request) {
  const Budget budget = BudgetOf(action, request.method);
  RateLimit limit = parts_.rates.of(who.kind).of(budget);
  limit.servers = parts_.servers_now();
  return (limiter_.*ask)(who.Key(), budget, limit, std::chrono::steady_clock::now());
}

Result<Principal> Gate::LetIn(const HttpRequest& request) {
  auto who = authenticator_.Identify(request);
  const bool is_over =
      !who && who.error().rule == "login.token_unknown" && request.Header("Authorization").empty();
  return is_over ? Result<Principal>(Principal{}) : who;
}

std::optional<Call> Gate::Begin(const HttpRequest& request, Action action, Door door,
                                Responder& responder) {
  const auto who = door == Door::kOpen ? LetIn(request) : Admit(request, action);
  if (!who) {
    responder.Send(Refusal(who.error(), request));
    return std::nullopt;
  }
  responder.NoteCaller(ActorKindCode(who->kind), who->id);
  const RateVerdict verdict = Take(*who, action, request);
  if (!verdict.allowed) {
    responder.Send(TooManyRequests(parts_.messages, LanguageOf(request), verdict));
    return std::nullopt;
  }
  return Call(request, *who, action, parts_.now(), LanguageOf(request));
}

Guarded Gate::Read(Action action, CallHandler handler) {
  return {action, ReadHandler(action, Door::kLocked, std::move(handler))};
}

Guarded Gate::OpenRead(Action action, CallHandler handler) {
  return {std::nullopt, ReadHandler(action, Door::kOpen, std::move(handler))};
}

HttpHandler Gate::ReadHandler(Action action, Door door, CallHandler handler) {
  return [this, action, door, handler = std::move(handler)](const HttpRequest& request,
                                                            Responder responder) {
    if (auto call = Begin(request, action, door, responder)) {
      AnswerRead(handler, *std::move(call), std::move(responder));
    }
  };
}

void Gate::AnswerRead(const CallHandler& handler, Call call, Responder responder) {
  HttpResponse response;
  const auto read = parts_.database.Read([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(response, handler(tx, call));
    return Done{};
  });
  if (!read) {
    responder.Send(Refusal(read.error(), call.request(), call.problems));
    return;
  }
  std::vector<AuditEntry> entries = call.TakeEntries();
  if (entries.empty()) {
    responder.Send(std::move(response));
    return;
  }
  audit_.Post({std::move(entries), std::move(response), std::move(responder), call.language()});
}

Guarded Gate::Write(Action action, CallHandler handler) {
  return {action, WriteHandler(action, Door::kLocked, std::move(handler))};
}

Guarded Gate::OpenWrite(Action action, CallHandler handler) {
  return {std::nullopt, WriteHandler(action, Door::kOpen, std::move(handler))};
}

HttpHandler Gate::WriteHandler(Action action, Door door, CallHandler handler) {
  return [this, action, door, handler = std::move(handler)](const HttpRequest& request,
                                                            Responder responder) {
    if (auto call = Begin(request, action, door, responder)) {
      responder.Send(AnswerWrite(handler, *call));
    }
  };
}

HttpResponse Gate::AnswerWrite(const CallHandler& handler, Call& call) {
  std::string key;
  std::string fingerprint;
  if (IsPost(call.request())) {
    auto read = ReadIdempotencyKey(call.request());
    if (!read) {
      return Refusal(read.error(), call.request());
    }
    key = std::move(read).value();
    fingerprint = FingerprintOf(parts_.agency.sealer, call.request());
  }
  const std::string running = key.empty() ? "" : KeyOwner(call.who()) + " " + key;
  std::optional<RunningKey> hold;
  if (!running.empty() && !hold.emplace(mutex_, running_, running).is_first()) {
    return Refusal(Conflict("idempotency_key.running"), call.request());
  }
  HttpResponse response;
  const auto written = parts_.database.Write([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(response, Change(tx, handler, call, key, fingerprint));
    return Done{};
  });
  if (written && call.ends_sessions()) {
    authenticator_.ForgetAll();
  }
  return written ? std::move(response) : Refusal(written.error(), call.request(), call.problems);
}

Result<HttpResponse> Gate::Change(Tx& tx, const CallHandler& handler, Call& call,
                                  const std::string& key, const std::string& fingerprint) {
  const std::string client = KeyOwner(call.who());
  const Sealer& sealer = parts_.agency.sealer;
  // Verified at this server; another server, or this one after a restart, must know it was used.
  JARING_ASSIGN_OR_RETURN(const auto signature, ReadMessageSignature(call.request()));
  if (signature) {
    JARING_RETURN_IF_ERROR(
        UseNonce(tx, signature->key_id, signature->nonce, signature->forget_at(), call.now()));
  }
  if (!key.empty()) {
    bool same = false;
    int status = 0;
    std::string sealed;
    JARING_RETURN_IF_ERROR(tx.Query(sql::kFindAnswer, {client, key}, [&](const Row& row) {
      same = row.Blob(0) == fingerprint;
      status = static_cast<int>(row.Int(1));
      sealed = row.Text(2);
    }));
    if (status != 0) {
      if (!same) {
        return Invalid("idempotency_key.reused");
      }
      JARING_ASSIGN_OR_RETURN(std::string body,
                              sealer.UnsealText(FromHex(sealed).value_or(""), kAnswerPlace));
      HttpResponse replay{status, status < 400 ? kJsonType : kProblemType, std::move(body), ""};
      replay.AddHeader("Idempotency-Replayed", "true");
      return replay;
    }
  }
  // Whatever the handler seals is sealed with the version that holds in this transaction.
  JARING_RETURN_IF_ERROR(FindLiveKeys(tx, sealer));
  JARING_ASSIGN_OR_RETURN(HttpResponse response, handler(tx, call));
  std::vector<AuditEntry> entries = call.TakeEntries();
  if (entries.empty()) {
    call.Note({});
    entries = call.TakeEntries();
  }
  JARING_RETURN_IF_ERROR(RecordAudit(tx, sealer.audit_key(), entries));
  if (!key.empty()) {
    // Sealed: an answer may hold a secret that is shown once, or a name.
    JARING_ASSIGN_OR_RETURN(const std::string sealed, sealer.SealText(response.body, kAnswerPlace));
    const std::string text = ToHex(sealed);
    JARING_RETURN_IF_ERROR(
        tx.Run(sql::kInsertAnswer,
               {client, key, Bytes{fingerprint}, response.status, text, call.now().micros()}));
  }
  return response;
}

Guarded Gate::Queued(Action action, QueuedHandler handler) {
  return {action, [this, action, handler = std::move(handler)](const HttpRequest& request,
                                                               Responder responder) {
            if (auto call = Begin(request, action, Door::kLocked, responder)) {
              handler(*std::move(call), std::move(responder));
            }
          }};
}

Result<std::string> ReadIdempotencyKey(const HttpRequest& request) {
  constexpr std::size_t kMaxKey = 128;
  std::string_view header = request.Header("Idempotency-Key");
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

std::string FingerprintOf(const Sealer& sealer, const HttpRequest& request) {
  std::string text(HttpMethodName(request.method));
  text.append(" ").append(request.path).append("?").append(request.query).append("\n");
  std::string fingerprint = sealer.Fingerprint(text.append(request.body));
  if (request.body_file >= 0) {
    constexpr std::size_t kBlockBytes = std::size_t{1} << 20U;
    std::string block(kBlockBytes, '\0');
    off_t at = 0;
    for (ssize_t got = 1; got > 0; at += got) {
      got = ::pread(request.body_file, block.data(), block.size(), at);
      if (got > 0) {
        fingerprint =
            sealer.Fingerprint(fingerprint.append(block.data(), static_cast<std::size_t>(got)));
      }
    }
  }
  return fingerprint;
}

}  // namespace jaring
