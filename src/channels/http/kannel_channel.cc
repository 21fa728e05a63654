#include "channels/http/kannel_channel.h"

#include <algorithm>

#include "channels/http/form.h"

namespace jaring {

KannelChannel::KannelChannel(KannelSettings settings, Fetch fetch)
    : settings_(std::move(settings)), fetch_(std::move(fetch)) {}

Result<Done> KannelChannel::Send(const OutboxMessage& message) {
  // Plain letters fit 160 into one SMS; with any other Kannel must send UCS-2, 70 in one.
  const bool plain = std::all_of(message.text.begin(), message.text.end(),
                                 [](char c) { return c == '\n' || (c >= ' ' && c < 0x7F); });
  std::string url = settings_.url + "?username=" + EncodeForm(settings_.user) +
                    "&password=" + EncodeForm(settings_.password) + "&to=%2B" +
                    EncodeForm(message.phone) + "&charset=UTF-8&coding=" + (plain ? "0" : "2") +
                    "&text=" + EncodeForm(message.text);
  if (!settings_.sender.empty()) {
    url += "&from=" + EncodeForm(settings_.sender);
  }
  const auto answer = fetch_({.url = url});
  if (answer) {
    return Done{};
  }
  const ErrorCode code = answer.error().code;
  return Error{code,
               code == ErrorCode::kUnavailable ? "sms.gateway_unavailable" : "sms.gateway_refused",
               ""};
}

}  // namespace jaring
