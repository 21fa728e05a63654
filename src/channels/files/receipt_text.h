#pragma once

#include "channels/files/receipt_pdf.h"
#include "channels/text/messages.h"
#include "collection/member_view.h"
#include "rules/scheme.h"

namespace jaring {

/// The receipt of a payment with our sentences; the name is masked.
Receipt ReceiptOf(const Scheme& scheme, const Messages& messages, const ReceiptView& view);

}  // namespace jaring
