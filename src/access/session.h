#pragma once

// Tokens and what they stand for. A token is 256 random bits; the database holds only its SHA-256,
// so that a stolen file opens nothing.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/principal.h"
#include "base/calendar.h"
#include "db/database.h"

namespace jaring {

struct Session {
  std::int64_t session_id = 0;
  Principal principal;
  std::string label;
  Instant created_at = Instant::FromMicros(0);
  Instant expires_at = Instant::FromMicros(0);
  std::int64_t idle_micros = 0;  // It ends when left alone for so long; 0: it does not.
  Instant seen_at = Instant::FromMicros(0);

  /// When it ends if nothing more is asked.
  Instant ends_at() const {
    return idle_micros == 0
               ? expires_at
               : std::min(expires_at, Instant::FromMicros(seen_at.micros() + idle_micros));
  }
};

struct OpenedSession {
  std::string token;  // URL-safe text; shown once.
  Session session;
};

/// Begins a session of `principal`; its session_id is filled in.
///
/// Limit: `label` is cut at 80 bytes.
Result<OpenedSession> OpenSession(Tx& tx, const Principal& principal, std::string_view label,
                                  Instant now, std::int64_t lifetime_micros);

/// 256 random bits as URL-safe text of 43 letters.
std::string NewToken();

/// The session ends when nothing is asked in it for so long.
Result<Done> LimitIdleSession(Tx& tx, std::int64_t session_id, std::int64_t idle_micros,
                              Instant now);

/// Something was asked in this session.
Result<Done> NoteSessionSeen(Tx& tx, std::int64_t session_id, Instant now);

/// SHA-256 of a token as clients send it.
std::string TokenHash(std::string_view token);

/// The session of a token, unless it has ended or expired, or its owner was disabled.
Result<std::optional<Session>> FindSession(Tx& tx, std::string_view token_hash, Instant now);

/// The sessions that are open, newest first.
Result<std::vector<Session>> ListSessions(Tx& tx, ActorKind kind, std::int64_t actor_id,
                                          Instant now);

/// Ends a session of this actor.
///
/// Errors: session.unknown (also another's).
Result<Done> EndSession(Tx& tx, ActorKind kind, std::int64_t actor_id, std::int64_t session_id,
                        Instant now);

/// Ends all sessions of an actor but `keep` (0: none is kept).
Result<Done> EndSessions(Tx& tx, ActorKind kind, std::int64_t actor_id, std::int64_t keep,
                         Instant now);

}  // namespace jaring
