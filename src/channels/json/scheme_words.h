#pragma once

// Rows of the scheme in words and figures, as a person in Indonesia writes them.

#include <string>
#include <string_view>

#include "rules/scheme.h"

namespace jaring {

/// "60 %", "7,19 %".
std::string PercentText(Rate rate);

/// "2026-01 – 2027-03", "2015-07 –".
std::string SpanText(const MonthSpan& span);
std::string SpanText(const DateSpan& span);

/// "JKK 0,24 % upah (of the wage)", with its risk class and ceiling if it has them.
std::string WageRateText(const WageRate& rate);

/// "60 % × 80 × dasar (base)".
std::string FormulaText(const BenefitRow& row);

/// "30 % – 40 %" where the doctor decides, else "40 %".
std::string DisabilityText(const DisabilityRow& row);

/// "suami atau istri (spouse)".
std::string_view RelationText(Relation relation);

std::string AgentPayText(const AgentPay& pay);

/// "Petani / Farmer".
std::string BothNames(const std::string& name_id, const std::string& name_en);

}  // namespace jaring
