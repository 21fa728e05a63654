#pragma once

// Messages leave as SMS through Kannel, the gateway that Debian brings: it speaks to the operators.

#include <string>

#include "access/outbox.h"
#include "channels/http/http_fetch.h"

namespace jaring {

struct KannelSettings {
  std::string url;   // Of sendsms: http://127.0.0.1:13013/cgi-bin/sendsms, or https elsewhere.
  std::string user;  // As in Kannel's group sendsms-user.
  std::string password;
  std::string sender;  // What the phone shows; empty: Kannel's own.
};

/// Source: Kannel 1.4.5 User's Guide, "SMS push (send-SMS)".
/// Errors: sms.gateway_unavailable, sms.gateway_refused.
/// Thread: one caller at a time.
class KannelChannel final : public MessageChannel {
 public:
  KannelChannel(KannelSettings settings, Fetch fetch);
  Result<Done> Send(const OutboxMessage& message) override;

 private:
  const KannelSettings settings_;
  const Fetch fetch_;
};

}  // namespace jaring
