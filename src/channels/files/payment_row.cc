#include "channels/files/payment_row.h"

#include "channels/files/field_parse.h"

namespace jaring {
namespace {

constexpr std::size_t kMaxChannelBytes = 40;

}  // namespace

std::optional<PaymentFields> ParsePaymentRow(const ColumnMap& columns, const TableRow& row,
                                             const PaymentScan& scan, const Agency& agency,
                                             bool may_reverse, RowProblem& problem) {
  using C = PaymentColumn;
  const auto fail = [&](C column, std::string rule) {
    problem.column = ColumnName(column);
    problem.value = MaskedField(problem.column, columns.Get(row, column));
    problem.rule = std::move(rule);
    return std::nullopt;
  };
  if (!row.problem.empty() || MayBeCutOff(row, scan)) {
    problem.rule = row.problem.empty() ? kLastLineCut : row.problem;
    return std::nullopt;
  }
  const auto reference = ParseReferenceField(columns.Get(row, C::kReference));
  const auto amount = ParseAmountField(columns.Get(row, C::kAmount));
  const auto paid_at = ParsePaidAtField(columns.Get(row, C::kPaidAt));
  PaymentFields fields{.channel = columns.Get(row, C::kChannel)};
  if (!reference) {
    return fail(C::kReference, reference.error().rule);
  }
  if (!amount) {
    return fail(C::kAmount, amount.error().rule);
  }
  if (*amount < Money() && !may_reverse) {
    return fail(C::kAmount, "reversal.needs_approval");
  }
  if (!paid_at) {
    return fail(C::kPaidAt, paid_at.error().rule);
  }
  if (fields.channel.size() > kMaxChannelBytes) {
    return fail(C::kChannel, "channel.too_long");
  }
  fields.reference = *reference;
  fields.amount = *amount;
  fields.paid_at = *paid_at;
  const std::string_view code = columns.Get(row, C::kBillCode);
  const std::string_view nik_text = columns.Get(row, C::kNik);
  if (!code.empty()) {
    const auto member = ParseBillCode(code);
    if (!member) {
      return fail(C::kBillCode, member.error().rule);
    }
    fields.member_number = member->number();
  }
  if (!nik_text.empty()) {
    const auto nik = ParseNikField(nik_text, agency.is_demo);
    if (!nik) {
      return fail(C::kNik, nik.error().rule);
    }
    fields.nik = agency.sealer.Seal(nik->Reveal());
    fields.masked_nik = nik->Masked();
  }
  if (code.empty() && nik_text.empty()) {
    return fail(C::kBillCode, "bill_code.missing");
  }
  return fields;
}

std::string MaskedPaymentField(const ColumnMap& columns, const TableRow& row,
                               std::string_view column) {
  for (std::size_t k = 0; k < PaymentColumns().size(); ++k) {
    if (PaymentColumns()[k].name == column) {
      return MaskedField(column, columns.Get(row, static_cast<PaymentColumn>(k)));
    }
  }
  return {};
}

}  // namespace jaring
