#pragma once

// What one month costs one member.

#include <array>
#include <optional>
#include <string_view>

#include "rules/scheme.h"

namespace jaring {

/// Who pays; stored, so the values never change. A public budget (APBN/APBD) may be left out of a
/// relief. An employer pays for a wage earner (PU): shares of the wage, and no relief of BPU.
enum class Payer : std::uint8_t { kSelf = 0, kGovernment = 1, kEmployer = 2 };

/// "self", "government", "employer".
std::string_view PayerCode(Payer payer);

/// Nothing for an unknown code.
std::optional<Payer> FindPayer(std::string_view code);

/// What a member agreed to on joining; decides the price of every month.
struct Terms {
  ProgrammeSet programmes;
  Money income;            // Declared, rupiah per month; the wage when the employer pays.
  std::size_t sector = 0;  // Place in Scheme::sectors.
  Payer payer = Payer::kSelf;
  /// First month of the spell, when it has one; decides reliefs that new members wait for. Absent:
  /// the month that is priced would be the first. PlanPurchase and PriceNextMonths set it
  /// themselves.
  std::optional<Month> spell_first_month;
};

/// The price of one month. `reliefs[p]` is the relief that lowered programme p, or nullptr.
struct MonthPrice {
  Month month = Month::FromYearMonth(1900, 1);
  ByProgramme due;
  ByProgramme full;  // Before relief.
  std::array<const Relief*, kProgrammeCount> reliefs = {};
};

/// Which sets of programmes one may join.
///
/// Errors: programmes.compulsory_missing, programmes.not_offered; the first that applies.
/// Source: [simulasi] citing Permenaker 5/2021 art. 31-32.
Result<Done> CheckProgrammes(const Scheme& scheme, ProgrammeSet programmes);

/// The price of `month` for a payment made on `paid_on`. A relief counts only for payments made on
/// or after the day it was enacted; when several would apply the one that leaves least to pay wins,
/// programme by programme.
///
/// When the employer pays, each programme costs its share of the wage. A wage so small that one of
/// them would cost nothing has no price: nobody is covered for nothing. Pensions (JP) are not
/// modelled.
///
/// Errors: tariff.none_for_month, income.negative.
/// Source: [pp44-2015:annex2], [pp46-2015:annex], [pp49-2020], [pp50-2025]; for wage earners
/// [pp44-2015:16], [pp44-2015:18], [pp46-2015:16].
Result<MonthPrice> PriceMonth(const Scheme& scheme, const Terms& terms, Month month, Date paid_on);

/// As PriceMonth, but nothing instead of an error: for loops over millions, it never allocates.
std::optional<MonthPrice> FindMonthPrice(const Scheme& scheme, const Terms& terms, Month month,
                                         Date paid_on);

}  // namespace jaring
