#pragma once

// How much of a person is shown to somebody who need not know all.

#include <string>
#include <string_view>

namespace jaring {

/// "B*** S***" for "Budi Santoso".
std::string MaskedName(std::string_view name);

/// "************0001": twelve digits hidden.
std::string MaskedNik(std::string_view nik);

/// "********7890".
std::string MaskedPhone(std::string_view phone);

}  // namespace jaring
