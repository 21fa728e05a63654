#pragma once

// The lock on every route that is not open: who calls, may she, does her scope reach what she asks
// for, has this request been answered before, and what is noted of it.

#include <functional>
#include <mutex>
#include <string>
#include <unordered_set>
#include <vector>

#include "access/audit.h"
#include "access/permissions.h"
#include "access/principal.h"
#include "channels/http/audit_queue.h"
#include "channels/http/authenticator.h"
#include "channels/http/http_site.h"
#include "channels/http/json_body.h"
#include "channels/http/rate_limiter.h"
#include "channels/http/router.h"

namespace jaring {

/// One request of somebody we know, who may do what the route is for. Handlers reach persons,
/// branches, groups and partners through it: what lies outside the caller's scope reads as unknown,
/// so that numbers cannot be tried out.
class Call {
 public:
  Call(const HttpRequest& request, Principal who, Action action, Instant now, Language language)
      : request_(request),
        who_(who),
        grant_(GrantOf(action, who.role)),
        action_(action),
        now_(now),
        language_(language) {}

  const HttpRequest& request() const { return request_; }
  const Principal& who() const { return who_; }
  Action action() const { return action_; }
  Instant now() const { return now_; }
  Language language() const { return language_; }

  /// False: names, NIK, phone and birth date must leave masked.
  bool sees_identity() const { return grant_ == Grant::kFull; }

  /// The {person_id} of the path, seen: the person herself, or the one she was merged into.
  ///
  /// Errors: member.unknown.
  Result<std::int64_t> SeenPerson(Tx& tx);
  /// A positive number in the path.
  ///
  /// Errors: `rule`.
  Result<std::int64_t> Number(std::string_view parameter, std::string_view rule) const;

  /// The caller may see this person, and it is noted that she does. Of one who was merged into
  /// another the kept one is seen, and given.
  ///
  /// Errors: member.unknown.
  Result<std::int64_t> See(Tx& tx, std::int64_t person_id);
  /// True when there is such a person, in the caller's scope; notes nothing.
  Result<bool> CanSee(Tx& tx, std::int64_t person_id) const;
  /// What is at `place` lies in the caller's scope.
  ///
  /// Errors: `rule`, as for something there is not.
  Result<Done> Reach(const Place& place, std::string_view rule) const;

  /// Adds to the audit trail; an empty `action` is the route's own.
  void Note(AuditNote note);
  std::vector<AuditEntry> TakeEntries();

  /// This call ends sessions or changes what machines may: after its commit nothing of them is
  /// remembered.
  void EndsSessions() { ends_sessions_ = true; }
  bool ends_sessions() const { return ends_sessions_; }

  /// Fields of the body that are wrong; the error that follows them is request.fields_wrong.
  std::vector<FieldProblem> problems;

 private:
  const HttpRequest& request_;
  Principal who_;
  Grant grant_;
  Action action_;
  Instant now_;
  Language language_;
  std::vector<AuditNote> notes_;
  bool ends_sessions_ = false;
};

/// Answers a call within a transaction. An error rolls it back.
using CallHandler = std::function<Result<HttpResponse>(Tx& tx, Call& call)>;
/// Answers a call later, in its own way; it sees to the audit trail itself.
using QueuedHandler = std::function<void(Call call, Responder responder)>;

/// Makes handlers safe. Errors every such route can answer with: login.required,
/// login.token_unknown, login.credentials_malformed, access.not_allowed,
/// access.second_factor_needed, request.cross_site, request.too_many; a changing one also
/// idempotency_key.missing, idempotency_key.malformed, idempotency_key.reused,
/// idempotency_key.running.
///
/// Thread: any number of requests. `parts` outlives it.
class Gate {
 public:
  explicit Gate(const SiteParts& parts);

  /// For looks: a snapshot; whom it showed is in the audit trail before the answer leaves.
  Guarded Read(Action action, CallHandler handler);
  /// For changes: one transaction with the audit trail and, for a POST, the answer kept under its
  /// Idempotency-Key.
  Guarded Write(Action action, CallHandler handler);
  /// For what answers later, such as the payment queue.
  Guarded Queued(Action action, QueuedHandler handler);

  /// The same two for everybody, logged in or not; what is noted bears the name of `action`.
  Guarded OpenRead(Action action, CallHandler handler);
  Guarded OpenWrite(Action action, CallHandler handler);

  /// Who calls, if she may.
  Result<Principal> Admit(const HttpRequest& request, Action action);
  /// Takes the request from what the caller may ask for in a time.
  RateVerdict Take(const Principal& who, Action action, const HttpRequest& request) {
    return Ask(&RateLimiter::Take, who, action, request);
  }
  /// What Take would say, without taking.
  RateVerdict Look(const Principal& who, Action action, const HttpRequest& request) {
    return Ask(&RateLimiter::Look, who, action, request);
  }

  Authenticator& authenticator() { return authenticator_; }

 private:
  RateVerdict Ask(decltype(&RateLimiter::Take) ask, const Principal& who, Action action,
                  const HttpRequest& request);
  /// Whom a route lets in.
  enum class Door : std::uint8_t { kLocked, kOpen };
  /// Who comes through an open door: a session that is over is a stranger's.
  Result<Principal> LetIn(const HttpRequest& request);
  /// The beginning of every route; empty when the refusal is sent.
  std::optional<Call> Begin(const HttpRequest& request, Action action, Door door,
                            Responder& responder);
  HttpHandler ReadHandler(Action action, Door door, CallHandler handler);
  HttpHandler WriteHandler(Action action, Door door, CallHandler handler);
  void AnswerRead(const CallHandler& handler, Call call, Responder responder);
  HttpResponse AnswerWrite(const CallHandler& handler, Call& call);
  Result<HttpResponse> Change(Tx& tx, const CallHandler& handler, Call& call,
                              const std::string& key, const std::string& fingerprint);
  HttpResponse Refusal(const Error& error, const HttpRequest& request,
                       std::span<const FieldProblem> problems = {}) const;

  const SiteParts& parts_;
  Authenticator authenticator_;
  RateLimiter limiter_;
  AuditQueue audit_;
  std::mutex mutex_;
  std::unordered_set<std::string> running_;  // Idempotency keys of requests under way.
};

/// request.too_many, with when to come again.
HttpResponse TooManyRequests(const Messages& messages, Language language,
                             const RateVerdict& verdict);

/// An Idempotency-Key, with or without the quotes of a structured field.
///
/// Limit:  128 printable characters.
/// Errors: idempotency_key.missing, idempotency_key.malformed.
Result<std::string> ReadIdempotencyKey(const HttpRequest& request);

/// A keyed digest of method, path, query and body: the same key may not mean another request, and
/// the NIK in a body cannot be found by trying.
std::string FingerprintOf(const Sealer& sealer, const HttpRequest& request);

}  // namespace jaring
