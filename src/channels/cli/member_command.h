#pragma once

// Commands about one member or one payment: cover, end, receipt, bill, suspense.

#include <string>

#include "channels/cli/cli_context.h"

namespace jaring {

struct CoverRequest {
  std::string who;       // NIK, member number or bill code.
  std::string on;        // Date; empty: today.
  std::string known_at;  // Instant; empty: everything posted.
};

/// `jaring cover NIK|NUMBER`.
int Cover(const CliContext& context, const CoverRequest& request);

struct ReceiptRequest {
  std::string reference;
  std::string partner;  // Empty: whichever used the reference.
  std::string out;      // Empty: receipt-REFERENCE.pdf.
};

/// `jaring receipt REFERENCE`.
int MakeReceipt(const CliContext& context, const ReceiptRequest& request);

struct EndRequest {
  std::string who;     // NIK, member number or bill code.
  std::string on;      // The first day without cover; empty: today.
  std::string reason;  // EndReasonCode.
};

/// `jaring end NIK|NUMBER --reason CODE`: closes a membership.
int End(const CliContext& context, const EndRequest& request);

/// `jaring suspense list`.
int SuspenseList(const CliContext& context);

struct PlaceRequest {
  std::string reference;
  std::string partner;
  std::string to;  // Bill code, member number or NIK.
};

/// `jaring suspense place REFERENCE --partner CODE --to BILLCODE`.
int SuspensePlace(const CliContext& context, const PlaceRequest& request);

}  // namespace jaring
