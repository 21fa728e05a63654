#include "registry/intake.h"

#include "ledger/sequence.h"
#include "registry/registry_sql.h"

namespace jaring {

Result<std::optional<Instant>> FindIntake(Tx& tx, std::string_view kind, std::string_view sha256) {
  std::optional<Instant> found;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindIntake, {kind, Bytes{sha256}}, [&](const Row& row) {
    found = Instant::FromMicros(row.Int(0));
  }));
  return found;
}

Result<Done> RecordIntake(Tx& tx, std::string_view kind, std::string_view sha256, Instant now,
                          std::int64_t rows) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t intake_id, TakeNumbers(tx, "intake", 1));
  JARING_RETURN_IF_ERROR(
      tx.Run(sql::kInsertIntake, {kind, Bytes{sha256}, intake_id, now.micros(), rows}));
  return Done{};
}

Result<std::optional<Instant>> FindFileIntake(Tx& tx, const Sealer& sealer, std::string_view kind,
                                              std::string_view sha256) {
  JARING_ASSIGN_OR_RETURN(const auto found, FindIntake(tx, kind, sealer.Fingerprint(sha256)));
  // Files of before digests were keyed are remembered by the plain one.
  return found ? Result<std::optional<Instant>>(found) : FindIntake(tx, kind, sha256);
}

Result<Done> RecordFileIntake(Tx& tx, const Sealer& sealer, std::string_view kind,
                              std::string_view sha256, Instant now, std::int64_t rows) {
  return RecordIntake(tx, kind, sealer.Fingerprint(sha256), now, rows);
}

}  // namespace jaring
