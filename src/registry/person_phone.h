#pragma once

// People by their NIK and their phones. A phone may belong to a family; a person has one at most.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.h"
#include "db/database.h"
#include "registry/agency.h"
#include "registry/seal.h"
#include "rules/identity.h"

namespace jaring {

/// The person with this NIK, if any.
Result<std::optional<std::int64_t>> FindPersonByNik(Tx& tx, const Agency& agency, const Nik& nik);

/// What is needed to reach somebody and to know that it is she.
struct PersonContact {
  std::int64_t person_id = 0;
  std::string name;
  Date birth_date = Date::FromYearMonthDay(1900, 1, 1);
  std::string phone;     // As ParsePhone gives it; empty: none.
  std::string language;  // "id"
};

Result<std::optional<PersonContact>> FindPersonContact(Tx& tx, const Sealer& sealer,
                                                       std::int64_t person_id);

/// Everybody with this phone, by number; at most 20.
Result<std::vector<PersonContact>> FindPeopleByPhone(Tx& tx, const Sealer& sealer,
                                                     const std::string& phone);

/// Another phone for a person, from ParsePhone.
///
/// Errors: member.unknown.
Result<Done> ChangePhone(Tx& tx, const Sealer& sealer, std::int64_t person_id,
                         const std::string& phone);

}  // namespace jaring
