#pragma once

// One function for each kind of entry a scheme folder may hold. Each reads, checks and keeps it.

#include "scheme/scheme_table.h"

namespace jaring {

// people_sections.cc
void ReadSource(SchemeLoading& loading, const TomlNode& table);
void ReadSchemeHead(SchemeLoading& loading, const TomlNode& table);
void ReadSector(SchemeLoading& loading, const TomlNode& table);
void ReadTrade(SchemeLoading& loading, const TomlNode& table);
void ReadParticipantKind(SchemeLoading& loading, const TomlNode& table);
void ReadIdentifier(SchemeLoading& loading, const TomlNode& table);
void ReadStatement(SchemeLoading& loading, const TomlNode& table);
void ReadFigure(SchemeLoading& loading, const TomlNode& table);

// tariff_sections.cc
void ReadContributionRate(SchemeLoading& loading, const TomlNode& table);
void ReadFlatContribution(SchemeLoading& loading, const TomlNode& table);
void ReadWageRate(SchemeLoading& loading, const TomlNode& table);
void ReadBracketTable(SchemeLoading& loading, const TomlNode& table);
void ReadRelief(SchemeLoading& loading, const TomlNode& table);
void ReadParameter(SchemeLoading& loading, const TomlNode& table);

/// Whether prices and parameters reach from the beginning to the open end.
void CheckWholeTariff(SchemeLoading& loading);

// benefit_sections.cc
void ReadBenefit(SchemeLoading& loading, const TomlNode& table);
void ReadBenefitTotal(SchemeLoading& loading, const TomlNode& table);
void ReadScholarship(SchemeLoading& loading, const TomlNode& table);
void ReadDeclaredReturn(SchemeLoading& loading, const TomlNode& table);
void ReadAgentPay(SchemeLoading& loading, const TomlNode& table);
void ReadSponsorKind(SchemeLoading& loading, const TomlNode& table);

// claim_sections.cc
ClaimEvents ReadEvents(SchemeTable& reader);
void ReadDisability(SchemeLoading& loading, const TomlNode& table);
void ReadHeirRank(SchemeLoading& loading, const TomlNode& table);
void ReadHoliday(SchemeLoading& loading, const TomlNode& table);
void ReadClaimPaper(SchemeLoading& loading, const TomlNode& table);

// benefit_sections.cc, once everything has been read
/// Whether benefits that name each other exist, and published sums add up.
void CheckWholeBenefits(SchemeLoading& loading);

}  // namespace jaring
