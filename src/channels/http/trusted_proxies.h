#pragma once

// The proxies in front of the server, whose word on who is asking is believed, and nobody else's.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "channels/http/http_types.h"

namespace jaring {

class TrustedProxies {
 public:
  /// Each an address or a network: "10.0.0.7", "10.0.0.0/8", "2001:db8::/32".
  ///
  /// Errors: listen.proxy_malformed.
  static Result<TrustedProxies> Parse(const std::vector<std::string>& addresses);

  bool empty() const { return networks_.empty(); }
  bool Trusts(std::string_view address) const;

  struct Client {
    std::string_view address;  // `peer`, or a view into the headers.
    bool secure = false;       // The nearest proxy was asked by https.
  };

  /// Who is behind the trusted proxy `peer`: of X-Forwarded-For the address farthest to the right
  /// that is not a proxy of ours; what stands to its left anybody may have written.
  ///
  /// Limit: looks at the last 16 addresses.
  Client ClientBehind(std::string_view peer, std::span<const HttpHeader> headers) const;

 private:
  struct Network {
    std::array<std::uint8_t, 16> address = {};  // IPv4 as ::ffff:a.b.c.d.
    int bits = 128;
  };

  std::vector<Network> networks_;
};

}  // namespace jaring
