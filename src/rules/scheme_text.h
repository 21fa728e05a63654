#pragma once

// The scheme as compact text: what the browser and the phone are given, so that they need no TOML.

#include <string>
#include <string_view>

#include "rules/scheme.h"

namespace jaring {

/// What of a scheme is told: a page that shows prices needs no claims.
enum class SchemeParts : std::uint8_t { kPrices, kPricesAndClaims };

/// The text form of everything prices, purchases, coverage and the question "what would I get?"
/// need: sectors, trades, programmes, brackets, flat contributions, wage rates, reliefs,
/// parameters, benefits (without their names) and declared returns; and for claims the levels of
/// the scholarship, disabilities, ranks of heirs, holidays and figures, without their names.
/// Agents, sponsors and sources are left out. The same scheme always gives the same bytes.
///
/// Units: one row a line, fields between tabs; the first line is the version.
std::string SerializeScheme(const Scheme& scheme, SchemeParts parts = SchemeParts::kPrices);

/// Reads SerializeScheme's text back.
///
/// Errors: scheme_text.version_unknown, scheme_text.too_long, scheme_text.malformed (detail names
/// the line). Limit: 1 MiB.
Result<Scheme> ParseSchemeText(std::string_view text);

}  // namespace jaring
