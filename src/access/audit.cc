#include "access/audit.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <iterator>

#include "access/access_sql.h"
#include "base/check.h"
#include "registry/kept_person.h"

namespace jaring {
namespace {

constexpr std::int64_t kChunk = 10'000;
constexpr std::size_t kMaxFindings = 100;

std::string Hmac(std::string_view key, std::string_view text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  JARING_CHECK(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                    reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest,
                    &size) != nullptr);
  return {reinterpret_cast<const char*>(digest), size};
}

void AddText(std::string& text, std::string_view part) {
  // With its length: so that no two rows make the same text.
  text.append(std::to_string(part.size())).append(":").append(part);
}

void AddNumber(std::string& text, std::int64_t number) {
  AddText(text, std::to_string(number));
}

std::string HashOf(std::string_view key, std::string_view previous, const AuditEntry& entry) {
  std::string text;
  AddText(text, previous);
  AddNumber(text, entry.entry_id);
  AddNumber(text, entry.at.micros());
  AddNumber(text, static_cast<std::int64_t>(entry.who.kind));
  AddNumber(text, entry.who.id);
  AddNumber(text, static_cast<std::int64_t>(entry.who.role));
  AddNumber(text, static_cast<std::int64_t>(entry.who.scope.kind));
  AddNumber(text, entry.who.scope.id);
  AddNumber(text, entry.who.device_id);
  AddText(text, entry.note.action);
  AddNumber(text, entry.note.person_id);
  AddText(text, entry.note.subject);
  AddText(text, entry.note.change);
  AddText(text, entry.note.reason);
  AddText(text, entry.request_id);
  return Hmac(key, text);
}

std::string SealOf(std::string_view key, const AuditHead& head) {
  std::string text = "head";
  AddNumber(text, head.entries);
  AddText(text, head.hash);
  return Hmac(key, text);
}

bool IsSame(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

struct StoredEntry {
  AuditEntry entry;
  std::string hash;
};

StoredEntry ReadEntry(const Row& row) {
  StoredEntry stored;
  stored.entry = {.entry_id = row.Int(0),
                  .at = Instant::FromMicros(row.Int(1)),
                  .who = {.kind = static_cast<ActorKind>(row.Int(2)),
                          .id = row.Int(3),
                          .role = static_cast<Role>(row.Int(4)),
                          .scope = {static_cast<ScopeKind>(row.Int(5)), row.Int(6)},
                          .device_id = row.Int(7)},
                  .note = {.action = std::string(row.Text(8)),
                           .person_id = row.Int(9),
                           .subject = std::string(row.Text(10)),
                           .change = std::string(row.Text(11)),
                           .reason = std::string(row.Text(12))},
                  .request_id = std::string(row.Text(13))};
  stored.hash = row.Blob(14);
  return stored;
}

struct StoredHead {
  AuditHead head;
  std::string seal;
};

Result<StoredHead> ReadHead(Tx& tx) {
  StoredHead stored;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kReadAuditHead, {}, [&](const Row& row) {
    stored = {{row.Int(0), std::string(row.Blob(1))}, std::string(row.Blob(2))};
  }));
  return stored;
}

/// Compares a walk along the rows with what they say of themselves.
class ChainWalk {
 public:
  ChainWalk(std::string_view key, const AuditHead* noted, AuditCheck& check)
      : key_(key), noted_(noted), check_(check) {}

  void Step(const StoredEntry& stored) {
    for (; next_ < stored.entry.entry_id && check_.findings.size() < kMaxFindings; ++next_) {
      Find(next_, "missing");
    }
    if (!IsSame(stored.hash, HashOf(key_, previous_, stored.entry))) {
      Find(stored.entry.entry_id, "altered or moved");
    }
    // From here on by what the row says, so that one altered row is one finding.
    previous_ = stored.hash;
    next_ = stored.entry.entry_id + 1;
    if (noted_ != nullptr && stored.entry.entry_id == noted_->entries &&
        !IsSame(stored.hash, noted_->hash)) {
      Find(stored.entry.entry_id, "not what was noted");
    }
  }

  void End(const StoredHead& stored) {
    check_.head = {next_ - 1, previous_};
    const bool empty = stored.head.entries == 0 && stored.seal.empty();
    if (!empty && !IsSame(stored.seal, SealOf(key_, stored.head))) {
      Find(stored.head.entries, "head forged");
    }
    const std::int64_t told =
        std::max(stored.head.entries, noted_ == nullptr ? 0 : noted_->entries);
    if (told >= next_) {
      Find(next_, "missing at the end");
    } else if (stored.head.entries < next_ - 1 || stored.head.hash != previous_) {
      Find(next_ - 1, "head forged");
    }
  }

 private:
  void Find(std::int64_t entry_id, const char* what) {
    if (check_.findings.size() < kMaxFindings) {
      check_.findings.push_back({entry_id, what});
    }
  }

  std::string_view key_;
  const AuditHead* noted_;
  AuditCheck& check_;
  std::string previous_;
  std::int64_t next_ = 1;
};

Result<std::vector<AuditEntry>> List(Tx& tx, std::string_view sql,
                                     std::initializer_list<Value> values) {
  std::vector<AuditEntry> entries;
  JARING_RETURN_IF_ERROR(
      tx.Query(sql, values, [&](const Row& row) { entries.push_back(ReadEntry(row).entry); }));
  return entries;
}

}  // namespace

Result<Done> RecordAudit(Tx& tx, std::string_view key, std::span<const AuditEntry> entries) {
  if (entries.empty()) {
    return Done{};
  }
  JARING_ASSIGN_OR_RETURN(StoredHead stored, ReadHead(tx));
  std::vector<std::string> hashes;
  hashes.reserve(entries.size());  // Rows borrow them.
  ValueRows rows(15);
  rows.Reserve(entries.size());
  for (AuditEntry entry : entries) {
    entry.entry_id = ++stored.head.entries;
    stored.head.hash = HashOf(key, stored.head.hash, entry);
    hashes.push_back(stored.head.hash);
    const AuditEntry& kept = entries[hashes.size() - 1];
    rows.Add({entry.entry_id, kept.at.micros(), static_cast<std::int64_t>(kept.who.kind),
              kept.who.id, static_cast<std::int64_t>(kept.who.role),
              static_cast<std::int64_t>(kept.who.scope.kind), kept.who.scope.id, kept.who.device_id,
              kept.note.action, kept.note.person_id, kept.note.subject, kept.note.change,
              kept.note.reason, kept.request_id, Bytes{hashes.back()}});
  }
  JARING_RETURN_IF_ERROR(tx.RunEach(sql::kInsertAudit, rows));
  const std::string seal = SealOf(key, stored.head);
  JARING_RETURN_IF_ERROR(
      tx.Run(sql::kWriteAuditHead, {stored.head.entries, Bytes{stored.head.hash}, Bytes{seal}}));
  return Done{};
}

Result<std::vector<AuditEntry>> ListAudit(Tx& tx, std::int64_t before, std::int64_t limit) {
  return List(tx, sql::kListNewestAudit, {before == 0 ? INT64_MAX : before, limit});
}

Result<std::vector<AuditEntry>> ListAuditOfPerson(Tx& tx, std::int64_t person_id,
                                                  std::int64_t before, std::int64_t limit) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t kept, KeptPersonOf(tx, person_id));
  JARING_ASSIGN_OR_RETURN(const auto persons, PersonsOf(tx, kept));
  std::vector<AuditEntry> entries;
  for (const std::int64_t person : persons) {
    JARING_ASSIGN_OR_RETURN(auto found, List(tx, sql::kListAuditOfPerson,
                                             {person, before == 0 ? INT64_MAX : before, limit}));
    std::move(found.begin(), found.end(), std::back_inserter(entries));
  }
  std::sort(entries.begin(), entries.end(),
            [](const AuditEntry& a, const AuditEntry& b) { return a.entry_id > b.entry_id; });
  entries.resize(std::min(entries.size(), static_cast<std::size_t>(limit)));
  return entries;
}

Result<AuditCheck> CheckAudit(Tx& tx, std::string_view key, const AuditHead* noted) {
  AuditCheck check;
  ChainWalk walk(key, noted, check);
  std::int64_t after = 0;
  for (bool more = true; more;) {
    more = false;
    JARING_RETURN_IF_ERROR(tx.Query(sql::kListAudit, {after, kChunk}, [&](const Row& row) {
      const StoredEntry stored = ReadEntry(row);
      walk.Step(stored);
      after = stored.entry.entry_id;
      more = true;
    }));
  }
  JARING_ASSIGN_OR_RETURN(const StoredHead head, ReadHead(tx));
  walk.End(head);
  return check;
}

}  // namespace jaring
