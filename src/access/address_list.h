#pragma once

// Networks a partner's client may call from: "203.0.113.0/24 2001:db8::/32".

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace jaring {

/// IPv4 and IPv6 networks. An IPv4 address that comes as IPv6 (::ffff:192.0.2.1) is the IPv4 one.
class AddressList {
 public:
  /// Networks or single addresses, separated by spaces or commas; none: everywhere.
  ///
  /// Limit:  32 networks.
  /// Errors: address.malformed (also bits set behind the prefix).
  static Result<AddressList> Parse(std::string_view text);

  /// False for what is no address, unless the list is empty.
  bool Allows(std::string_view address) const;

  bool empty() const { return networks_.empty(); }
  /// Separated by spaces, as stored.
  const std::string& text() const { return text_; }

 private:
  struct Network {
    std::array<unsigned char, 16> bytes{};
    int bits = 0;  // Of 128; IPv4 lies in ::ffff:0:0/96.
  };
  static std::optional<std::array<unsigned char, 16>> ParseAddress(std::string_view text);
  static bool Holds(const Network& network, const std::array<unsigned char, 16>& address);

  std::vector<Network> networks_;
  std::string text_;
};

}  // namespace jaring
