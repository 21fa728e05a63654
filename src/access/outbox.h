#pragma once

// Messages to people, behind one channel interface. They are stored first, sealed, in the
// transaction that gives rise to them, and sent afterwards: a message is never sent for something
// that did not happen, and none is lost with a crash.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.h"
#include "db/database.h"
#include "registry/seal.h"

namespace jaring {

struct OutboxMessage {
  std::int64_t message_id = 0;
  std::string kind;   // "login-code", "recovery-begun"…
  std::string phone;  // As ParsePhone gives it.
  std::string text;
  Instant created_at = Instant::FromMicros(0);
};

/// The way messages leave: an SMS gateway, or nothing at all.
class MessageChannel {
 public:
  virtual ~MessageChannel() = default;
  /// Hands one message over. An error is tried again later; its rule is kept with the message.
  virtual Result<Done> Send(const OutboxMessage& message) = 0;
};

/// Keeps messages where they are, for /outbox of a demo.
class KeepingChannel final : public MessageChannel {
 public:
  Result<Done> Send(const OutboxMessage&) override { return Done{}; }
};

/// Stores a message to be sent.
Result<Done> PostMessage(Tx& tx, const Sealer& sealer, std::string_view kind,
                         std::string_view phone, std::string_view text, Instant now);

/// Sends what waits, oldest first, at most `limit`; how many were sent. Each is claimed before it
/// is handed over, so that of several servers one does it; who claims and dies leaves it to the
/// others after two minutes (a channel must answer sooner than that). Only a server that dies, or
/// loses the database, between handing over and noting it can make a message go twice.
///
/// Limit: a message is tried 5 times, not more than once a minute.
Result<int> SendMessages(Database& database, const Sealer& sealer, MessageChannel& channel,
                         int limit, const std::function<Instant()>& now);

/// The newest first.
Result<std::vector<OutboxMessage>> ListNewestMessages(Tx& tx, const Sealer& sealer, int limit);

}  // namespace jaring
