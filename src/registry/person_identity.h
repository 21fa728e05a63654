#pragma once

// What makes a person of the register who she is, and how two are found to be alike.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "db/database.h"
#include "rules/identity.h"

namespace jaring {

/// Upper case, one space between words: how names are compared.
std::string ComparableName(std::string_view name);

/// Equal for equal name, birth date and village; stored, so it never changes.
std::int64_t LikenessOf(std::string_view name, Date birth_date, std::int64_t village_code);

struct IdentityFlaw {
  const char* rule;
  const char* column;
};

/// What is wrong with a name or a birth date, first match: name.empty, name.too_long,
/// name.not_a_name, birth_date.future, birth_date.implausible.
std::optional<IdentityFlaw> FindIdentityFlaw(std::string_view name, Date birth_date, Date on);

/// Bits of PersonWarning: where the NIK says something else.
std::int64_t IdentityWarnings(const Nik& nik, Date birth_date, Sex sex);

/// A person whose name, birth date or village has changed is compared with everybody again: pairs
/// to look at and the warnings of both sides.
Result<Done> RefreshLikeness(Tx& tx, std::int64_t person_id, std::int64_t before,
                             std::int64_t after, Instant now);

}  // namespace jaring
