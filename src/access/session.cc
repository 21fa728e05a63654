#include "access/session.h"

#include "access/access_sql.h"
#include "access/login_sql.h"
#include "base/base64.h"
#include "base/check.h"
#include "ledger/sequence.h"
#include "registry/seal.h"

namespace jaring {
namespace {

constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kMaxLabel = 80;

/// Columns of kFindSession and kListSessions.
Session ReadSession(const Row& row) {
  Session session;
  session.session_id = row.Int(0);
  session.principal = {.kind = static_cast<ActorKind>(row.Int(1)),
                       .id = row.Int(2),
                       .role = static_cast<Role>(row.Int(3)),
                       .scope = {static_cast<ScopeKind>(row.Int(4)), row.Int(5)},
                       .session_id = row.Int(0),
                       .second_factor = row.Int(6) == 1};
  session.label = row.Text(7);
  session.created_at = Instant::FromMicros(row.Int(8));
  session.expires_at = Instant::FromMicros(row.Int(9));
  session.idle_micros = row.Int(10);
  session.seen_at = Instant::FromMicros(row.Int(11));
  return session;
}

}  // namespace

std::string NewToken() {
  return ToBase64Url(RandomBytes(kTokenBytes));
}

Result<Done> LimitIdleSession(Tx& tx, std::int64_t session_id, std::int64_t idle_micros,
                              Instant now) {
  JARING_RETURN_IF_ERROR(tx.Run(sql::kLimitIdleSession, {session_id, idle_micros, now.micros()}));
  return Done{};
}

Result<Done> NoteSessionSeen(Tx& tx, std::int64_t session_id, Instant now) {
  JARING_RETURN_IF_ERROR(tx.Run(sql::kNoteSessionSeen, {session_id, now.micros()}));
  return Done{};
}

std::string TokenHash(std::string_view token) {
  return Sha256(token);
}

Result<OpenedSession> OpenSession(Tx& tx, const Principal& principal, std::string_view label,
                                  Instant now, std::int64_t lifetime_micros) {
  JARING_CHECK(!principal.is_anonymous() && lifetime_micros > 0);
  OpenedSession opened;
  opened.token = NewToken();
  JARING_ASSIGN_OR_RETURN(opened.session.session_id, TakeNumbers(tx, "session", 1));
  opened.session.principal = principal;
  opened.session.principal.session_id = opened.session.session_id;
  opened.session.label = label.substr(0, kMaxLabel);
  opened.session.created_at = now;
  opened.session.expires_at = Instant::FromMicros(now.micros() + lifetime_micros);
  const std::string hash = TokenHash(opened.token);
  JARING_RETURN_IF_ERROR(
      tx.Run(sql::kInsertSession,
             {Bytes{hash}, opened.session.session_id, static_cast<std::int64_t>(principal.kind),
              principal.id, static_cast<std::int64_t>(principal.role),
              static_cast<std::int64_t>(principal.scope.kind), principal.scope.id,
              principal.second_factor ? 1 : 0, opened.session.label, now.micros(),
              opened.session.expires_at.micros()}));
  return opened;
}

Result<std::optional<Session>> FindSession(Tx& tx, std::string_view token_hash, Instant now) {
  std::optional<Session> found;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindSession, {Bytes{token_hash}, now.micros()},
                                  [&](const Row& row) { found = ReadSession(row); }));
  return found;
}

Result<std::vector<Session>> ListSessions(Tx& tx, ActorKind kind, std::int64_t actor_id,
                                          Instant now) {
  std::vector<Session> sessions;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListSessions,
                                  {static_cast<std::int64_t>(kind), actor_id, now.micros()},
                                  [&](const Row& row) { sessions.push_back(ReadSession(row)); }));
  return sessions;
}

Result<Done> EndSession(Tx& tx, ActorKind kind, std::int64_t actor_id, std::int64_t session_id,
                        Instant now) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t ended,
                          tx.Run(sql::kEndSession, {static_cast<std::int64_t>(kind), actor_id,
                                                    session_id, now.micros()}));
  return ended == 1 ? Result<Done>(Done{}) : NotFound("session.unknown");
}

Result<Done> EndSessions(Tx& tx, ActorKind kind, std::int64_t actor_id, std::int64_t keep,
                         Instant now) {
  JARING_RETURN_IF_ERROR(
      tx.Run(sql::kEndSessions, {static_cast<std::int64_t>(kind), actor_id, keep, now.micros()}));
  return Done{};
}

}  // namespace jaring
