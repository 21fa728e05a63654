#include "registry/person_identity.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/text.h"
#include "registry/enrolment.h"
#include "registry/person_care_sql.h"
#include "registry/registry_sql.h"
#include "registry/seal.h"

namespace jaring {
namespace {

constexpr std::size_t kMaxNameBytes = 100;
constexpr int kMaxAge = 120;

bool HasControls(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= 0 && c < ' '; });
}

}  // namespace

std::string ComparableName(std::string_view name) {
  const std::string upper = ToUpper(Trim(name));  // Outlives the views that Split gives.
  std::string text;
  for (const std::string_view word : Split(upper, ' ')) {
    if (!word.empty()) {
      text += text.empty() ? "" : " ";
      text += word;
    }
  }
  return text;
}

std::int64_t LikenessOf(std::string_view name, Date birth_date, std::int64_t village_code) {
  const std::string digest = Sha256(ComparableName(name) + "|" + birth_date.ToString() + "|" +
                                    std::to_string(village_code));
  std::int64_t likeness = 0;
  std::memcpy(&likeness, digest.data(), sizeof(likeness));
  return likeness;
}

std::optional<IdentityFlaw> FindIdentityFlaw(std::string_view name, Date birth_date, Date on) {
  if (Trim(name).empty()) {
    return IdentityFlaw{"name.empty", "name"};
  }
  if (name.size() > kMaxNameBytes) {
    return IdentityFlaw{"name.too_long", "name"};
  }
  if (!IsUtf8(name) || HasControls(name)) {
    return IdentityFlaw{"name.not_a_name", "name"};
  }
  if (birth_date > on) {
    return IdentityFlaw{"birth_date.future", "birth_date"};
  }
  if (AgeOn(birth_date, on) > kMaxAge) {
    return IdentityFlaw{"birth_date.implausible", "birth_date"};
  }
  return std::nullopt;
}

std::int64_t IdentityWarnings(const Nik& nik, Date birth_date, Sex sex) {
  std::int64_t warnings = 0;
  if (!nik.AgreesWithBirth(birth_date)) {
    warnings |= static_cast<std::int64_t>(PersonWarning::kBirthDateDiffersFromNik);
  }
  if (nik.sex() != sex) {
    warnings |= static_cast<std::int64_t>(PersonWarning::kSexDiffersFromNik);
  }
  return warnings;
}

Result<Done> RefreshLikeness(Tx& tx, std::int64_t person_id, std::int64_t before,
                             std::int64_t after, Instant now) {
  if (before == after) {
    return Done{};
  }
  std::vector<std::int64_t> touched = {person_id};
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListSuspectedOf, {person_id},
                                  [&](const Row& row) { touched.push_back(row.Int(0)); }));
  JARING_RETURN_IF_ERROR(tx.Run(sql::kDeleteSuspectedOf, {person_id}));
  JARING_RETURN_IF_ERROR(tx.Run(sql::kDeleteLikeness, {before, person_id}));
  std::vector<std::int64_t> alike;
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kFindLikeness, {after}, [&](const Row& row) { alike.push_back(row.Int(0)); }));
  JARING_RETURN_IF_ERROR(tx.Run(sql::kInsertLikeness, {after, person_id}));
  for (const std::int64_t other : alike) {
    JARING_RETURN_IF_ERROR(
        tx.Run(sql::kInsertSuspectedDuplicate, {person_id, other, now.micros()}));
  }
  for (const std::int64_t one : touched) {
    JARING_RETURN_IF_ERROR(tx.Run(sql::kMarkLookAlike, {one}));
    JARING_RETURN_IF_ERROR(tx.Run(sql::kUnmarkLookAlike, {one}));
  }
  return Done{};
}

}  // namespace jaring
