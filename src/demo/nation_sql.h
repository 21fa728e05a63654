#pragma once

// How far the invented nation has come: its tables say so themselves.

#include <array>
#include <string_view>

namespace jaring::sql {

inline constexpr std::string_view kNationNiks = "SELECT COUNT(*) FROM person_nik";
inline constexpr std::string_view kNationLikenesses = "SELECT COUNT(*) FROM person_likeness";
inline constexpr std::string_view kNationPhones = "SELECT COUNT(*) FROM person_phone";
inline constexpr std::string_view kNationReferences = "SELECT COUNT(*) FROM payment_reference";

inline constexpr std::array kNationStatements = {kNationNiks, kNationLikenesses, kNationPhones,
                                                 kNationReferences};

}  // namespace jaring::sql
