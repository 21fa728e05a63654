#pragma once

// Tries that count: after a few each further one must wait, longer each time. Kept in the database,
// so that neither a restart nor a second server gives anybody fresh ones. Nobody is locked out: the
// longest wait can be waited out.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "access/principal.h"
#include "base/calendar.h"
#include "db/database.h"
#include "registry/seal.h"

namespace jaring {

struct AttemptLimits {
  std::int64_t free_attempts = 5;                          // Before the first wait.
  std::int64_t first_wait_micros = 30'000'000;             // Doubles with each further one.
  std::int64_t longest_wait_micros = 15LL * 60'000'000;    // A person can wait that out.
  std::int64_t forget_after_micros = 6LL * 3'600'000'000;  // Without tries.
};

/// What tries are counted by, as a keyed hash that names nobody.
///
/// Thread: any number of callers.
class AttemptKeys {
 public:
  explicit AttemptKeys(const Sealer& sealer) : key_(sealer.DeriveKey("login/attempts")) {}

  /// `kind` keeps an e-mail apart from a phone: "staff", "caller".
  std::string Of(std::string_view kind, std::string_view what, std::string_view browser = "") const;

 private:
  std::string key_;
};

/// HMAC-SHA256.
std::string KeyedHash(std::string_view key, std::string_view text);

/// Counts a try; when it comes too soon it is not counted, and the moment from which one may try
/// again is returned.
Result<std::optional<Instant>> CountAttempt(Tx& tx, std::string_view key,
                                            const AttemptLimits& limits, Instant now);

/// The try counted last was no guess: it is taken back, earlier ones stay.
Result<Done> UncountAttempt(Tx& tx, std::string_view key);

/// The try was right: the key starts anew.
Result<Done> ForgetAttempts(Tx& tx, std::string_view key);

/// Browsers somebody has logged in from are counted by themselves, so that a stranger who knows an
/// e-mail cannot make its owner wait.
Result<bool> IsKnownBrowser(Tx& tx, std::string_view browser, ActorKind kind,
                            std::int64_t actor_id);
Result<Done> NoteKnownBrowser(Tx& tx, std::string_view browser, ActorKind kind,
                              std::int64_t actor_id, Instant now);
/// After a password has become known to others, say.
Result<Done> ForgetKnownBrowsers(Tx& tx, ActorKind kind, std::int64_t actor_id);

}  // namespace jaring
