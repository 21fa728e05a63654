#pragma once

// Finding people by what they know of themselves.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "registry/agency.h"
#include "rules/identity.h"

namespace jaring {

/// Exactly one of: nik; phone; member; name with birth_date; name with village_code.
struct PersonQuery {
  std::optional<Nik> nik;
  std::optional<std::string> phone;  // From ParsePhone.
  std::optional<MemberNumber> member;
  std::optional<std::string> name;
  std::optional<Date> birth_date;
  std::optional<std::int64_t> village_code;
};

/// The people it may be, by person_id; of those merged the kept one. Who asks may not be allowed to
/// see all of them.
///
/// A name matches when each word of the query begins a word of the name, in any case: "sit cont"
/// finds "Siti Contoh". A word alone must have two letters.
///
/// Errors: search.query_unclear (none of the five, or more than one), search.name_too_short.
Result<std::vector<std::int64_t>> FindPeople(Tx& tx, const Agency& agency,
                                             const PersonQuery& query);

/// As above; for tests and lists in memory.
bool NameMatches(std::string_view name, std::string_view query);

}  // namespace jaring
