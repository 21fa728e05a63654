#pragma once

// The receipt a payer takes home: one A5 page in Indonesian and English, with a QR code that holds
// the same facts.

#include <optional>
#include <string>

#include "base/calendar.h"
#include "base/money.h"
#include "base/result.h"
#include "rules/programme.h"

namespace jaring {

/// Everything on the page; nothing is looked up.
struct Receipt {
  std::string agency_name;
  std::string reference;      // The partner's.
  std::string partner_name;   // The door the money came through; may be empty.
  std::string masked_name;    // "B*** S***".
  std::string member_number;  // 11 digits.
  Instant paid_at = Instant::FromMicros(0);
  Instant posted_at = Instant::FromMicros(0);
  Money total;  // The whole payment.
  /// What the payment bought; no months when it only became credit.
  std::optional<Month> first_month;
  int months = 0;
  ByProgramme parts;
  Money credit_left;
  std::optional<Date> cover_until;
  std::string benefit_id;  // What the cover buys, one or two sentences.
  std::string benefit_en;
  std::string help_line;  // "175, or the branch office".
};

/// "JARING1|reference|member_number|amount|paid_at|check": what the QR code holds. The check is the
/// first 8 hexadecimal digits of the SHA-256 of all before the last '|'; it finds typing mistakes
/// and proves nothing.
std::string ReceiptQrText(const Receipt& receipt);

/// The PDF file's bytes; the same receipt gives the same bytes.
///
/// Limit:  the page shows Latin letters; others become '?'.
/// Errors: receipt.not_made.
Result<std::string> MakeReceiptPdf(const Receipt& receipt);

}  // namespace jaring
