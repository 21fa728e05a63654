#include "channels/http/payment_queue.h"

#include <algorithm>
#include <map>

#include "access/audit.h"
#include "access/device.h"
#include "access/permissions.h"
#include "channels/http/idempotency_sql.h"
#include "channels/http/key_owner.h"
#include "channels/text/json_writer.h"
#include "registry/group.h"

namespace jaring {
namespace {

std::string_view StatusWord(PaymentStatus status) {
  switch (status) {
    case PaymentStatus::kPosted:
      return "posted";
    case PaymentStatus::kRepeated:
      return "repeated";
    case PaymentStatus::kSuspended:
      return "suspended";
    case PaymentStatus::kRefused:
      return "refused";
  }
  JARING_CHECK(false);
}

int HttpStatusOf(PaymentStatus status) {
  switch (status) {
    case PaymentStatus::kPosted:
      return 201;
    case PaymentStatus::kRepeated:
      return 200;
    case PaymentStatus::kSuspended:
      return 202;
    case PaymentStatus::kRefused:
      return 422;
  }
  JARING_CHECK(false);
}

Error ErrorOfRule(std::string_view rule) {
  // These disagree with what is stored; the others would be refused by any database.
  for (const std::string_view conflict :
       {"payment.reference_reused", "reversal.amount_differs", "payment.being_posted"}) {
    if (rule == conflict) {
      return Conflict(std::string(rule));
    }
  }
  return Invalid(std::string(rule));
}

/// What a partner's client posts is its partner's; the agency's own doors have partners of their
/// own.
bool MayPostFor(const Principal& who, const Partner& partner) {
  return who.scope.kind != ScopeKind::kPartner || who.scope.id == partner.partner_id;
}

std::string RunningKey(const PaymentJob& job) {
  return job.client + " " + job.key;
}

PaymentRequest RequestOf(const PaymentJob& job, std::int64_t partner_id) {
  PaymentRequest request;
  request.partner_id = partner_id;
  request.reference = job.reference;
  request.member = job.member;
  request.nik = job.nik;
  request.code_as_sent = job.code_as_sent;
  request.amount = job.amount;
  request.paid_at = job.paid_at;
  request.channel = job.channel;
  return request;
}

}  // namespace

PaymentQueue::PaymentQueue(Database& database, const Agency& agency, const Messages& messages,
                           std::function<Instant()> now)
    : database_(database),
      agency_(agency),
      messages_(messages),
      now_(std::move(now)),
      thread_([this] { Work(); }) {}

PaymentQueue::~PaymentQueue() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_one();
  thread_.join();
}

void PaymentQueue::Post(PaymentJob job) {
  job.client = KeyOwner(job.who);
  std::unique_lock lock(mutex_);
  if (stopping_) {
    lock.unlock();
    Refuse(job, {ErrorCode::kUnavailable, "request.unavailable", ""});
    return;
  }
  if (!running_.insert(RunningKey(job)).second) {
    lock.unlock();
    Refuse(job, Conflict("idempotency_key.running"));
    return;
  }
  const bool first = jobs_.empty();
  const std::string client = job.who.Key();  // Her turn, in whatever role.
  std::optional<PaymentJob> no_room = jobs_.Add(client, std::move(job));
  if (no_room) {
    running_.erase(RunningKey(*no_room));
  }
  waiting_.store(static_cast<std::int64_t>(jobs_.size()), std::memory_order_relaxed);
  lock.unlock();
  if (first) {
    arrived_.notify_one();
  }
  if (no_room) {
    Refuse(*no_room, {ErrorCode::kUnavailable, "request.unavailable", ""});
  }
}

void PaymentQueue::Work() {
  for (;;) {
    std::vector<PaymentJob> jobs = TakeSet();
    if (jobs.empty()) {
      return;
    }
    PostSet(jobs);
  }
}

/// The keys may be used again: the answers are stored by now, or there are none.
void PaymentQueue::Forget(const std::vector<PaymentJob>& jobs) {
  const std::lock_guard lock(mutex_);
  for (const PaymentJob& job : jobs) {
    running_.erase(RunningKey(job));
  }
}

/// Waits for jobs; none when it is time to end.
std::vector<PaymentJob> PaymentQueue::TakeSet() {
  std::unique_lock lock(mutex_);
  arrived_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
  std::vector<PaymentJob> set = jobs_.Take(kMostInSet);
  waiting_.store(static_cast<std::int64_t>(jobs_.size()), std::memory_order_relaxed);
  return set;
}

void PaymentQueue::PostSet(std::vector<PaymentJob>& jobs) {
  std::vector<Answer> answers;
  const auto written =
      database_.Write([&](Tx& tx) -> Result<Done> { return WriteSet(tx, jobs, answers); });
  if (written) {
    Forget(jobs);
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      const bool refused = answers[i].status >= 400;
      jobs[i].responder.Send({answers[i].status, refused ? kProblemType : kJsonType,
                              std::move(answers[i].body), "", std::move(answers[i].rule)});
    }
    return;
  }
  if (jobs.size() > 1 && written.error().code != ErrorCode::kUnavailable) {
    // One of them may be to blame: alone, it cannot take the others with it.
    for (PaymentJob& job : jobs) {
      std::vector<PaymentJob> alone;
      alone.push_back(std::move(job));
      PostSet(alone);
    }
    return;
  }
  // Sent again with its key or reference it finds what became of it, at whatever server.
  const bool unknown = written.error().rule == "db.outcome_unknown";
  const Error error =
      unknown ? Error{ErrorCode::kUnavailable, "payment.outcome_unknown", ""} : written.error();
  Forget(jobs);
  for (PaymentJob& job : jobs) {
    Refuse(job, error);
  }
}

Result<Done> PaymentQueue::WriteSet(Tx& tx, std::vector<PaymentJob>& jobs,
                                    std::vector<Answer>& answers) {
  answers.assign(jobs.size(), Answer{.is_new = true});
  JARING_RETURN_IF_ERROR(FindStored(tx, jobs, answers));
  JARING_RETURN_IF_ERROR(PostNew(tx, jobs, answers));
  JARING_RETURN_IF_ERROR(Store(tx, jobs, answers));
  return Note(tx, jobs, answers);
}

Result<Done> PaymentQueue::FindStored(Tx& tx, const std::vector<PaymentJob>& jobs,
                                      std::vector<Answer>& answers) const {
  ValueRows keys(2);
  for (const PaymentJob& job : jobs) {
    keys.Add({job.client, job.key});
  }
  return tx.QueryEach(sql::kFindAnswer, keys, [&](std::size_t i, const Row& row) {
    answers[i] = row.Blob(0) == jobs[i].fingerprint
                     ? Answer{static_cast<int>(row.Int(1)), std::string(row.Text(2)), false}
                     : Refusal(Invalid("idempotency_key.reused"), jobs[i].language);
    answers[i].is_new = false;
  });
}

Result<Done> PaymentQueue::PostNew(Tx& tx, const std::vector<PaymentJob>& jobs,
                                   std::vector<Answer>& answers) {
  std::map<std::string_view, std::optional<Partner>> partners;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    if (!answers[i].is_new) {
      continue;
    }
    const auto [partner, is_new] = partners.try_emplace(jobs[i].partner);
    if (is_new) {
      JARING_ASSIGN_OR_RETURN(partner->second, FindPartner(tx, jobs[i].partner));
    }
    if (!partner->second || !MayPostFor(jobs[i].who, *partner->second)) {
      // Not stored: the key may be used once the partner is there.
      answers[i] = Refusal(Invalid("partner.unknown"), jobs[i].language);
      continue;
    }
    const auto spent = Spend(tx, jobs[i], jobs[i].amount);
    if (spent) {
      places.push_back(i);
    } else if (spent.error().code == ErrorCode::kConflict) {
      answers[i] = Refusal(spent.error(), jobs[i].language);  // Tomorrow the key may be used.
    } else {
      return spent.error();
    }
  }
  // In the order of members the rows lie side by side; one member's payments keep theirs.
  const auto person = [&](std::size_t i) { return jobs[i].member ? jobs[i].member->person_id : 0; };
  std::stable_sort(places.begin(), places.end(),
                   [&](std::size_t a, std::size_t b) { return person(a) < person(b); });
  std::vector<PaymentRequest> requests;
  requests.reserve(places.size());
  for (const std::size_t i : places) {
    requests.push_back(RequestOf(jobs[i], partners[jobs[i].partner]->partner_id));
  }
  if (requests.empty()) {
    return Done{};
  }
  JARING_ASSIGN_OR_RETURN(const std::vector<PaymentOutcome> outcomes,
                          PostPayments(tx, agency_, requests, now_()));
  for (std::size_t n = 0; n < places.size(); ++n) {
    const PaymentJob& job = jobs[places[n]];
    answers[places[n]] = AnswerOf(job, outcomes[n]);
    if (outcomes[n].status == PaymentStatus::kRepeated ||
        outcomes[n].status == PaymentStatus::kRefused) {
      JARING_RETURN_IF_ERROR(Spend(tx, job, -job.amount));  // Nothing was taken in.
    }
  }
  return Done{};
}

/// A device takes in only so much a day.
Result<Done> PaymentQueue::Spend(Tx& tx, const PaymentJob& job, Money amount) const {
  return job.who.device_id == 0
             ? Result<Done>(Done{})
             : SpendDeviceDay(tx, job.who.device_id, now_().JakartaDate(), amount, 0);
}

Result<Done> PaymentQueue::Store(Tx& tx, const std::vector<PaymentJob>& jobs,
                                 const std::vector<Answer>& answers) const {
  ValueRows rows(6);
  const std::int64_t now = now_().micros();
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    if (answers[i].is_new) {
      rows.Add({jobs[i].client, jobs[i].key, Bytes{jobs[i].fingerprint}, answers[i].status,
                answers[i].body, now});
    }
  }
  if (!rows.empty()) {
    JARING_RETURN_IF_ERROR(tx.RunEach(sql::kInsertAnswer, rows));
  }
  return Done{};
}

/// Who posted what for whom, in the audit trail.
Result<Done> PaymentQueue::Note(Tx& tx, const std::vector<PaymentJob>& jobs,
                                const std::vector<Answer>& answers) const {
  const Instant now = now_();
  std::vector<AuditEntry> entries;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    if (answers[i].is_new && answers[i].status < 400) {
      entries.push_back(
          {.at = now,
           .who = jobs[i].who,
           .note = {.action = std::string(ActionName(Action::kPostPayment)),
                    .person_id = answers[i].person_id,
                    .subject = "payment " + jobs[i].partner + " " + jobs[i].reference},
           .request_id = jobs[i].request_id});
    }
  }
  return RecordAudit(tx, agency_.sealer.audit_key(), entries);
}

PaymentQueue::Answer PaymentQueue::AnswerOf(const PaymentJob& job,
                                            const PaymentOutcome& outcome) const {
  if (outcome.status == PaymentStatus::kRefused) {
    Answer refusal = Refusal(ErrorOfRule(outcome.rule), job.language);
    refusal.is_new = true;
    return refusal;
  }
  JsonWriter json;
  json.BeginObject();
  json.Key("status").Text(StatusWord(outcome.status));
  json.Key("partner").Text(job.partner);
  json.Key("reference").Text(job.reference);
  json.Key("amount").Integer(job.amount.rupiah());
  json.Key("payment_id").Integer(outcome.payment_id);
  if (outcome.status == PaymentStatus::kSuspended) {
    json.Key("rule").Text(outcome.rule);
    json.Key("detail").Text(messages_.Text(outcome.rule, job.language));
  } else {
    // A repeated payment is not looked into again, so it names no member.
    json.Key("member_number");
    outcome.member.membership_seq > 0 ? json.Text(outcome.member.ToString()) : json.Null();
    json.Key("first_month");
    outcome.first_month ? json.Text(outcome.first_month->ToString()) : json.Null();
    json.Key("months").Integer(outcome.months);
    json.Key("credit").Integer(outcome.credit.rupiah());
  }
  if (outcome.booked_on) {
    json.Key("booked_on").Text(outcome.booked_on->ToString());
  }
  json.EndObject();
  return {HttpStatusOf(outcome.status), json.Take(), true, outcome.member.person_id};
}

PaymentQueue::Answer PaymentQueue::Refusal(const Error& error, Language language) const {
  HttpResponse problem = ProblemResponse(error, messages_, language);
  return {problem.status, std::move(problem.body), false, 0, error.rule};
}

void PaymentQueue::Refuse(PaymentJob& job, const Error& error) const {
  job.responder.Send(ProblemResponse(error, messages_, job.language));
}

}  // namespace jaring
