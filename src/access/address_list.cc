#include "access/address_list.h"

#include <arpa/inet.h>

#include <algorithm>

#include "base/text.h"

namespace jaring {
namespace {

constexpr std::size_t kMaxNetworks = 32;
constexpr int kAllBits = 128;
constexpr int kMappedBits = 96;

bool BitOf(const std::array<unsigned char, 16>& bytes, int bit) {
  return (bytes.at(static_cast<std::size_t>(bit / 8)) >> (7 - bit % 8) & 1) != 0;
}

}  // namespace

std::optional<std::array<unsigned char, 16>> AddressList::ParseAddress(std::string_view text) {
  std::array<unsigned char, 16> bytes{};
  const std::string copy(text);
  if (copy.size() > INET6_ADDRSTRLEN || copy.find('\0') != std::string::npos) {
    return std::nullopt;
  }
  if (inet_pton(AF_INET6, copy.c_str(), bytes.data()) == 1) {
    return bytes;
  }
  bytes[10] = bytes[11] = 0xFF;
  if (inet_pton(AF_INET, copy.c_str(), bytes.data() + 12) == 1) {
    return bytes;
  }
  return std::nullopt;
}

bool AddressList::Holds(const Network& network, const std::array<unsigned char, 16>& address) {
  for (int bit = 0; bit < network.bits; ++bit) {
    if (BitOf(network.bytes, bit) != BitOf(address, bit)) {
      return false;
    }
  }
  return true;
}

Result<AddressList> AddressList::Parse(std::string_view text) {
  AddressList list;
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), ',', ' ');
  for (const std::string_view part : Split(spaced, ' ')) {
    if (part.empty()) {
      continue;
    }
    const std::size_t slash = part.find('/');
    const std::string_view host = part.substr(0, slash);
    const auto bytes = ParseAddress(host);
    if (!bytes || list.networks_.size() == kMaxNetworks) {
      return Invalid("address.malformed");
    }
    const bool is_v4 = host.find(':') == std::string_view::npos;
    const int base = is_v4 ? kMappedBits : 0;
    Network network{*bytes, kAllBits};
    if (slash != std::string_view::npos) {
      const std::string_view digits = part.substr(slash + 1);
      const auto prefix = IsAllDigits(digits) ? ParseInteger(digits) : std::nullopt;
      if (!prefix || *prefix > kAllBits - base) {
        return Invalid("address.malformed");
      }
      network.bits = base + static_cast<int>(*prefix);
    }
    for (int bit = network.bits; bit < kAllBits; ++bit) {
      if (BitOf(network.bytes, bit)) {
        return Invalid("address.malformed");  // Somebody meant another network.
      }
    }
    list.networks_.push_back(network);
    list.text_.append(list.text_.empty() ? "" : " ").append(part);
  }
  return list;
}

bool AddressList::Allows(std::string_view address) const {
  if (networks_.empty()) {
    return true;
  }
  const auto bytes = ParseAddress(address);
  return bytes && std::any_of(networks_.begin(), networks_.end(),
                              [&](const Network& network) { return Holds(network, *bytes); });
}

}  // namespace jaring
