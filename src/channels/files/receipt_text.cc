#include "channels/files/receipt_text.h"

#include "channels/text/masking.h"

namespace jaring {

Receipt ReceiptOf(const Scheme& scheme, const Messages& messages, const ReceiptView& view) {
  Receipt receipt{.agency_name = scheme.name_id,
                  .reference = view.reference,
                  .partner_name = view.partner_name,
                  .masked_name = MaskedName(view.name),
                  .member_number = view.member.ToString(),
                  .paid_at = view.paid_at,
                  .posted_at = view.posted_at,
                  .total = view.amount,
                  .first_month = view.first_month,
                  .months = view.months,
                  .parts = view.parts,
                  .credit_left = view.credit,
                  .cover_until = view.cover_until};
  receipt.benefit_id = messages.Text("receipt.what_it_buys", Language::kIndonesian);
  receipt.benefit_en = messages.Text("receipt.what_it_buys", Language::kEnglish);
  receipt.help_line = messages.Text("receipt.whom_to_ask", Language::kIndonesian) + " / " +
                      messages.Text("receipt.whom_to_ask", Language::kEnglish);
  return receipt;
}

}  // namespace jaring
