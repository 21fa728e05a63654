#pragma once

// One person as the register knows her, and the little of it that changes without a second person.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "registry/agency.h"
#include "registry/enrolment.h"
#include "registry/membership.h"

namespace jaring {

/// A membership with how it came about.
struct MembershipRecord {
  Membership membership;
  std::string branch;  // Codes; empty when there is none.
  std::string group;
  std::string branch_name;
  Door door = Door::kList;
  std::optional<EndReason> end_reason;
};

struct PersonRecord {
  std::int64_t person_id = 0;
  std::string nik;  // In full; doors mask it.
  std::string name;
  Date birth_date = Date::FromYearMonthDay(1900, 1, 1);
  Sex sex = Sex::kMale;
  std::int64_t village_code = 0;
  std::string village_name;
  std::optional<std::string> phone;
  std::string language;
  std::int64_t warnings = 0;  // Bits of PersonWarning.
  Instant created_at = Instant::FromMicros(0);
  std::vector<MembershipRecord> memberships;  // Oldest first; at least one.
};

/// Errors: member.unknown.
Result<PersonRecord> ReadPerson(Tx& tx, const Agency& agency, std::int64_t person_id);

/// Absent fields stay as they are.
struct PersonChange {
  std::optional<std::string> language;
  std::optional<std::int64_t> village_code;
};

/// What a person may change of herself, or a branch for her. Where a membership is counted stays:
/// that was the place she joined at.
///
/// Errors: member.unknown, language.unknown, village.unknown.
Result<Done> ChangePerson(Tx& tx, const Agency& agency, std::int64_t person_id,
                          const PersonChange& change, Instant now);

/// A language's code: two or three small letters.
bool IsLanguageCode(std::string_view code);

}  // namespace jaring
