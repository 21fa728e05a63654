#pragma once

// A bank that makes transfers over SNAP: access-token/b2b, transfer-interbank (service 18) and
// transfer/status (service 36).

#include <mutex>
#include <string>

#include "channels/bank/bank_list.h"
#include "channels/bank/snap_signature.h"
#include "channels/http/http_fetch.h"
#include "channels/http/json_body.h"
#include "claims/transfer.h"

namespace jaring {

/// As agreed with the bank.
struct SnapSettings {
  std::string url;            // https://api.bank.example, without a slash at its end.
  std::string token_path;     // /v1.0/access-token/b2b
  std::string transfer_path;  // /v1.0/transfer-interbank
  std::string status_path;    // /v1.0/transfer/status
  std::string client_key;     // X-CLIENT-KEY
  std::string secret;         // Of the signatures of calls.
  std::string partner_id;     // X-PARTNER-ID
  std::string channel_id;     // CHANNEL-ID
  std::string account;        // The agency's own, that is paid from.
};

/// Source: SNAP, services 18, 36 and 73; docs/decisions/036.
class SnapPartner final : public TransferPartner {
 public:
  SnapPartner(SnapSettings settings, SnapKey key, BankList banks, FetchWhole fetch);

  bool Reaches(const ClaimPayee& payee) const override;
  HandedOver HandOver(const TransferOrder& order, Instant now) override;
  TransferState Ask(const TransferOrder& order, Instant now) override;

 private:
  struct Call {
    std::string path;
    std::string body;
    std::string external_id;  // Unique at the bank for a day.
  };
  struct Answer {
    int status = 0;
    std::string code;  // Seven digits, or empty: nothing to be made of it.
    JsonValue json;
  };

  /// A token that holds at `now`; empty when there is none to be had.
  std::string Token(Instant now);
  void ForgetToken(const std::string& token);
  /// With a new token once more when the bank does not take the one.
  Answer Send(const Call& call, Instant now);
  Answer SendWith(const std::string& token, const Call& call, Instant now) const;

  const SnapSettings settings_;
  const SnapKey key_;
  const BankList banks_;
  const FetchWhole fetch_;

  std::mutex mutex_;
  std::string token_;
  Instant token_until_ = Instant::FromMicros(0);
};

}  // namespace jaring
