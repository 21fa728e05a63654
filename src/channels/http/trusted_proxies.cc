#include "channels/http/trusted_proxies.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "base/text.h"

namespace jaring {
namespace {

constexpr std::size_t kMostHops = 16;
constexpr int kMappedBits = 96;  // Of ::ffff:0:0/96, where IPv4 lies.

using Bytes16 = std::array<std::uint8_t, 16>;

std::optional<Bytes16> ParseAddress(std::string_view text) {
  if (text.size() > 2 && text.front() == '[' && text.back() == ']') {
    text = text.substr(1, text.size() - 2);
  }
  if (text.size() >= INET6_ADDRSTRLEN) {
    return std::nullopt;
  }
  const std::string terminated(text);
  Bytes16 bytes = {};
  if (inet_pton(AF_INET6, terminated.c_str(), bytes.data()) == 1) {
    return bytes;
  }
  bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  if (inet_pton(AF_INET, terminated.c_str(), bytes.data() + 12) == 1) {
    return bytes;
  }
  return std::nullopt;
}

bool SameBits(const Bytes16& a, const Bytes16& b, int bits) {
  const auto whole = static_cast<std::size_t>(bits / 8);
  if (std::memcmp(a.data(), b.data(), whole) != 0) {
    return false;
  }
  const int rest = bits % 8;
  return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

/// The items of all lines of a list header, last first.
std::vector<std::string_view> LastItems(std::span<const HttpHeader> headers,
                                        std::string_view name) {
  std::vector<std::string_view> items;
  for (auto header = headers.rbegin(); header != headers.rend(); ++header) {
    if (!SameHeaderName(header->name, name)) {
      continue;
    }
    std::string_view rest = header->value;
    for (;;) {
      if (items.size() == kMostHops) {
        return items;
      }
      const std::size_t comma = rest.rfind(',');
      items.push_back(Trim(comma == std::string_view::npos ? rest : rest.substr(comma + 1)));
      if (comma == std::string_view::npos) {
        break;
      }
      rest = rest.substr(0, comma);
    }
  }
  return items;
}

}  // namespace

Result<TrustedProxies> TrustedProxies::Parse(const std::vector<std::string>& addresses) {
  TrustedProxies proxies;
  for (const std::string& text : addresses) {
    const std::size_t slash = text.find('/');
    const auto address = ParseAddress(std::string_view(text).substr(0, slash));
    if (!address) {
      return Invalid("listen.proxy_malformed", text);
    }
    Network network{*address, 128};
    if (slash != std::string::npos) {
      const bool is_v6 = text.find(':') != std::string::npos;
      const auto bits = ParseInteger(std::string_view(text).substr(slash + 1));
      // A network of everybody would believe everybody.
      if (!bits || *bits < 1 || *bits > (is_v6 ? 128 : 32)) {
        return Invalid("listen.proxy_malformed", text);
      }
      network.bits = static_cast<int>(*bits) + (is_v6 ? 0 : kMappedBits);
    }
    proxies.networks_.push_back(network);
  }
  return proxies;
}

bool TrustedProxies::Trusts(std::string_view address) const {
  const auto bytes = ParseAddress(address);
  return bytes && std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
           return SameBits(*bytes, network.address, network.bits);
         });
}

TrustedProxies::Client TrustedProxies::ClientBehind(std::string_view peer,
                                                    std::span<const HttpHeader> headers) const {
  Client client{peer, false};
  for (const std::string_view address : LastItems(headers, "X-Forwarded-For")) {
    if (!ParseAddress(address)) {
      break;  // What is not an address cannot be followed further.
    }
    client.address = address;
    if (!Trusts(address)) {
      break;
    }
  }
  const auto schemes = LastItems(headers, "X-Forwarded-Proto");
  client.secure = !schemes.empty() && ToLower(schemes.front()) == "https";
  return client;
}

}  // namespace jaring
