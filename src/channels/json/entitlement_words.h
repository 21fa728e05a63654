#pragma once

// What an event gives, in words and as JSON: one shape for the command line and for HTTP.

#include <string>

#include "channels/text/json_writer.h"
#include "rules/entitlement.h"
#include "rules/savings_claim.h"

namespace jaring {

/// "dasar (base) Rp1.000.000 × 80 × 60 %; paling sedikit (at least) Rp20.000.000"; empty without
/// figures.
std::string WorkingText(const Worked& worked);

/// "Cacat sebagian anatomis / Partial anatomical disability: Ibu jari tangan kanan / Right thumb".
std::string LineText(const EntitledLine& line);

/// "working":[{"term","value","source","confidence"}] of the object that is open; a fact of the
/// case has no source.
void AddWorking(JsonWriter& json, std::string_view key, const Worked& worked);

/// {"lines":[{"benefit","disability","name":{"id","en"},"amount","working","source","confidence"}],
/// "withheld":[{"benefit","rule"}],"total"}.
std::string EntitlementJson(const Entitlement& work);

/// {"benefit","gross","working","tax","tax_working","net"}.
std::string SavingsClaimJson(const SavingsClaim& claim);

}  // namespace jaring
