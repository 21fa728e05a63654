#pragma once

#include <string>

#include "rules/scheme.h"

namespace jaring {

/// What somebody who joins has to know of the scheme as it holds on a day: programmes, sectors and
/// trades, brackets, contributions, wage rates, reliefs and the numbers of the rules, each with its
/// source.
std::string SchemeJson(const Scheme& scheme, Date on);

}  // namespace jaring
