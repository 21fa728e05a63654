#include "channels/json/scheme_words.h"

#include <fmt/format.h>

namespace jaring {
namespace {

template <typename Span>
std::string TextOf(const Span& span) {
  return span.first.ToString() + " –" + (span.last ? " " + span.last->ToString() : "");
}

std::string Rupiah(Money money) {
  return "Rp" + FormatRupiah(money);
}

std::string Core(const BenefitRow& row) {
  switch (row.kind) {
    case BenefitKind::kService:
      return "sesuai kebutuhan (as needed)";
    case BenefitKind::kFixed:
      return Rupiah(row.amount);
    case BenefitKind::kReceipts:
      return fmt::format("kuitansi (receipts) ≤ {}", Rupiah(*row.cap));
    case BenefitKind::kBaseMonthly:
      return fmt::format("{} × dasar (base) tiap bulan {}–{}", PercentText(row.share),
                         row.month_from, row.month_to ? std::to_string(*row.month_to) : "");
    case BenefitKind::kBaseMultiple:
      return fmt::format("{} × {} × dasar (base)", PercentText(row.share), row.multiple);
    case BenefitKind::kTableMultiple:
      return fmt::format("% tabel (table) × {} × dasar (base)", row.multiple);
    case BenefitKind::kLossTableMultiple:
      return fmt::format("% hilang (lost) × % tabel (table) × {} × dasar (base)", row.multiple);
    case BenefitKind::kPricePlus:
      return fmt::format("harga (price) + {}", PercentText(row.share));
    case BenefitKind::kAccountShare:
      return fmt::format("≤ {} saldo (account)", PercentText(row.share));
  }
  return {};
}

}  // namespace

std::string PercentText(Rate rate) {
  const std::int64_t whole = rate.ppm() / 10'000;
  std::string decimals = fmt::format("{:04}", rate.ppm() % 10'000);
  decimals.erase(decimals.find_last_not_of('0') + 1);
  return fmt::format("{}{}{} %", whole, decimals.empty() ? "" : ",", decimals);
}

std::string SpanText(const MonthSpan& span) {
  return TextOf(span);
}
std::string SpanText(const DateSpan& span) {
  return TextOf(span);
}

std::string WageRateText(const WageRate& rate) {
  std::string text = fmt::format("{} {} upah (of the wage)", ProgrammeCode(rate.programme),
                                 PercentText(rate.rate));
  if (rate.wage_ceiling) {
    text += " ≤ " + Rupiah(*rate.wage_ceiling);
  }
  if (!rate.risk_class.empty()) {
    text += ", risiko (risk) " + rate.risk_class;
  }
  return text;
}

std::string FormulaText(const BenefitRow& row) {
  std::string text = Core(row);
  if (!row.at_least.empty()) {
    text += fmt::format("; paling sedikit (at least) {}", row.at_least);
  }
  if (row.needs_contribution_months > 0) {
    text += fmt::format("; setelah (after) {} bulan", row.needs_contribution_months);
  }
  if (row.needs_child) {
    text += "; bila ada anak (with a child)";
  }
  return text;
}

std::string DisabilityText(const DisabilityRow& row) {
  return PercentText(row.share) + (row.most ? " – " + PercentText(*row.most) : "");
}

std::string_view RelationText(Relation relation) {
  constexpr std::string_view kTexts[] = {
      "suami atau istri (spouse)", "anak (child)",
      "orang tua (parent)",        "kakek atau nenek (grandparent)",
      "cucu (grandchild)",         "saudara kandung (sibling)",
      "mertua (parent-in-law)",    "yang ditunjuk dalam wasiat (named in a will)"};
  return kTexts[static_cast<std::size_t>(relation)];
}

std::string AgentPayText(const AgentPay& pay) {
  switch (pay.kind) {
    case AgentPayKind::kMonthlyFixed:
      return fmt::format("{} sebulan bila (a month with) ≥ {} baru (new)", Rupiah(pay.amount),
                         pay.min_new_members);
    case AgentPayKind::kPerNewMember:
      return fmt::format("{} per {} baru (new), ≥ {} sebulan", Rupiah(pay.amount),
                         ProgrammesText(pay.programmes), pay.min_new_members);
    case AgentPayKind::kContributionShare:
      return fmt::format("{} iuran (of contributions), bulan {}–{}", PercentText(pay.rate),
                         pay.month_from, pay.month_to ? std::to_string(*pay.month_to) : "");
    case AgentPayKind::kOfficeShare:
      return fmt::format("{} insentif agen (of agents' pay)", PercentText(pay.rate));
  }
  return {};
}

std::string BothNames(const std::string& name_id, const std::string& name_en) {
  return name_id == name_en ? name_id : name_id + " / " + name_en;
}

}  // namespace jaring
