#pragma once

#include <array>
#include <string_view>

#include "registry/sealed_column.h"

namespace jaring::sql {

inline constexpr std::string_view kListLiveKeys = R"sql(
SELECT version FROM seal_key WHERE emptied_at IS NULL ORDER BY version DESC
)sql";

inline constexpr std::string_view kListSealKeys = R"sql(
SELECT version, key_check, added_at, emptied_at, retired_at FROM seal_key ORDER BY version
)sql";

inline constexpr std::string_view kInsertSealKey = R"sql(
INSERT INTO seal_key (version, key_check, added_at) VALUES ($1, $2, $3)
)sql";

inline constexpr std::string_view kEmptySealKeys = R"sql(
UPDATE seal_key SET emptied_at = $2 WHERE version < $1 AND emptied_at IS NULL
)sql";

inline constexpr std::string_view kReviveSealKeys = R"sql(
UPDATE seal_key SET emptied_at = NULL WHERE version < $1 AND retired_at IS NULL
)sql";

inline constexpr std::string_view kRetireSealKey = R"sql(
UPDATE seal_key SET retired_at = $2 WHERE version = $1 AND retired_at IS NULL
)sql";

inline constexpr std::string_view kFindSealProgress = R"sql(
SELECT after_key, is_done FROM seal_progress WHERE version = $1 AND place = $2
)sql";

inline constexpr std::string_view kSaveSealProgress = R"sql(
INSERT INTO seal_progress (version, place, after_key, is_done) VALUES ($1, $2, $3, $4)
ON CONFLICT (version, place)
DO UPDATE SET after_key = excluded.after_key, is_done = excluded.is_done
)sql";

inline constexpr std::string_view kCountSealProgressDone = R"sql(
SELECT COUNT(*) FROM seal_progress WHERE version = $1 AND is_done = 1
)sql";

inline constexpr std::string_view kClearSealProgress = R"sql(
DELETE FROM seal_progress
)sql";

inline constexpr std::string_view kListNikSealed = R"sql(
SELECT person_id, nik_sealed FROM person WHERE person_id > $1 ORDER BY person_id LIMIT $2
)sql";

inline constexpr std::string_view kUpdateNikSealed = R"sql(
UPDATE person SET nik_sealed = $3 WHERE person_id = $1 AND nik_sealed = $2
)sql";

inline constexpr std::string_view kUpdatePersonNik = R"sql(
UPDATE person_nik SET nik_sealed = $2 WHERE nik_sealed = $1
)sql";

inline constexpr std::string_view kCountNikSealed = R"sql(
SELECT CASE WHEN length(nik_sealed) = 16 THEN NULL ELSE substr(nik_sealed, 1, 1) END AS mark,
       COUNT(*)
FROM person GROUP BY 1
)sql";

inline constexpr std::string_view kListPhoneSealed = R"sql(
SELECT person_id, phone_sealed FROM person WHERE person_id > $1 ORDER BY person_id LIMIT $2
)sql";

inline constexpr std::string_view kUpdatePhoneSealed = R"sql(
UPDATE person SET phone_sealed = $3 WHERE person_id = $1 AND phone_sealed = $2
)sql";

inline constexpr std::string_view kCountPhoneSealed = R"sql(
SELECT CASE WHEN length(phone_sealed) = 16 THEN NULL ELSE substr(phone_sealed, 1, 1) END AS mark,
       COUNT(*)
FROM person WHERE phone_sealed IS NOT NULL GROUP BY 1
)sql";

inline constexpr std::string_view kListPersonNik = R"sql(
SELECT nik_sealed, nik_sealed FROM person_nik WHERE nik_sealed > $1 ORDER BY nik_sealed LIMIT $2
)sql";

inline constexpr std::string_view kResealPersonNik = R"sql(
UPDATE person_nik SET nik_sealed = $3 WHERE nik_sealed = $1 AND nik_sealed = $2
)sql";

inline constexpr std::string_view kCountPersonNik = R"sql(
SELECT CASE WHEN length(nik_sealed) = 16 THEN NULL ELSE substr(nik_sealed, 1, 1) END AS mark,
       COUNT(*)
FROM person_nik GROUP BY 1
)sql";

inline constexpr std::string_view kResealPhoneKey = R"sql(
UPDATE person_phone SET phone_sealed = $2 WHERE phone_sealed = $1
)sql";

// A phone of a family is one key with several people.
inline constexpr std::string_view kListPersonPhone = R"sql(
SELECT DISTINCT phone_sealed, phone_sealed FROM person_phone WHERE phone_sealed > $1
ORDER BY phone_sealed LIMIT $2
)sql";

inline constexpr std::string_view kResealPersonPhone = R"sql(
UPDATE person_phone SET phone_sealed = $3 WHERE phone_sealed = $1 AND phone_sealed = $2
)sql";

inline constexpr std::string_view kCountPersonPhone = R"sql(
SELECT CASE WHEN length(phone_sealed) = 16 THEN NULL ELSE substr(phone_sealed, 1, 1) END AS mark,
       COUNT(*)
FROM person_phone GROUP BY 1
)sql";

inline constexpr std::array kSealStatements = {
    kListLiveKeys,          kListSealKeys,      kInsertSealKey,     kEmptySealKeys,
    kReviveSealKeys,        kRetireSealKey,     kFindSealProgress,  kSaveSealProgress,
    kCountSealProgressDone, kClearSealProgress, kListNikSealed,     kUpdateNikSealed,
    kUpdatePersonNik,       kCountNikSealed,    kListPhoneSealed,   kUpdatePhoneSealed,
    kCountPhoneSealed,      kListPersonNik,     kResealPersonNik,   kCountPersonNik,
    kResealPhoneKey,        kListPersonPhone,   kResealPersonPhone, kCountPersonPhone};

}  // namespace jaring::sql

namespace jaring {

/// What registry seals. person_nik comes last: with the people most of it is done already, but not
/// the NIKs that nobody's row carries any more.
inline constexpr std::array kRegistrySealedColumns = {
    SealedColumn{.place = "person/nik_sealed",
                 .kind = SealedKind::kBlock,
                 .list_sql = sql::kListNikSealed,
                 .update_sql = sql::kUpdateNikSealed,
                 .count_sql = sql::kCountNikSealed,
                 .keyed_by_sql = sql::kUpdatePersonNik},
    SealedColumn{.place = "person/phone_sealed",
                 .kind = SealedKind::kBlock,
                 .list_sql = sql::kListPhoneSealed,
                 .update_sql = sql::kUpdatePhoneSealed,
                 .count_sql = sql::kCountPhoneSealed,
                 .keyed_by_sql = sql::kResealPhoneKey},
    SealedColumn{.place = "person_nik/nik_sealed",
                 .kind = SealedKind::kBlock,
                 .row_key = SealedRowKey::kBytes,
                 .list_sql = sql::kListPersonNik,
                 .update_sql = sql::kResealPersonNik,
                 .count_sql = sql::kCountPersonNik},
    SealedColumn{.place = "person_phone/phone_sealed",
                 .kind = SealedKind::kBlock,
                 .row_key = SealedRowKey::kBytes,
                 .list_sql = sql::kListPersonPhone,
                 .update_sql = sql::kResealPersonPhone,
                 .count_sql = sql::kCountPersonPhone}};

}  // namespace jaring
