#pragma once

// Corrections of who somebody is: NIK, name, birth date, sex, phone. Her numbers stay.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/agency.h"
#include "rules/identity.h"

namespace jaring {

/// Stored, so the numbers never change.
enum class CorrectedField : std::int64_t {
  kNik = 1,
  kName = 2,
  kBirthDate = 3,
  kSex = 4,
  kPhone = 5,
};

/// "nik", "name", "birth_date", "sex", "phone".
std::string_view CorrectedFieldCode(CorrectedField field);

/// What is to become of a person; what is absent stays.
struct PersonChanges {
  std::optional<Nik> nik;
  std::optional<std::string> name;
  std::optional<Date> birth_date;
  std::optional<Sex> sex;
  std::optional<std::string> phone;  // From ParsePhone.
};

struct FieldCorrection {
  CorrectedField field = CorrectedField::kName;
  std::string from;  // In full; doors mask it.
  std::string to;
};

struct Correction {
  std::int64_t correction_id = 0;
  Instant applied_at = Instant::FromMicros(0);
  std::string reason;
  std::vector<FieldCorrection> fields;
};

/// What would change, field by field.
///
/// Errors, first match wins: member.unknown, correction.person_merged (correct the kept one),
/// correction.nothing_changes, those of FindIdentityFlaw, correction.nik_of_another (they may be
/// one person: ask for a merge).
Result<std::vector<FieldCorrection>> PlanCorrection(Tx& tx, const Agency& agency,
                                                    std::int64_t person_id,
                                                    const PersonChanges& changes, Date today);

/// Changes the register: identity, likeness, warnings, and the history of it.
///
/// Errors: those of PlanCorrection.
Result<std::vector<FieldCorrection>> ApplyCorrection(Tx& tx, const Agency& agency,
                                                     std::int64_t person_id,
                                                     const PersonChanges& changes,
                                                     std::string_view reason, Instant now);

/// Oldest first.
Result<std::vector<Correction>> ListCorrections(Tx& tx, const Agency& agency,
                                                std::int64_t person_id);

}  // namespace jaring
