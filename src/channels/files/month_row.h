#pragma once

// What a run of `jaring month` puts in order: parsed rows, and the orders.

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/check.h"

namespace jaring {

/// A parsed row. Its text: reference, channel, sealed NIK, masked NIK.
struct MonthRow {
  std::int64_t payment_id = 0;
  std::int64_t partner_id = 0;
  std::int64_t member_number = 0;  // 0: by NIK.
  std::int64_t amount = 0;
  std::int64_t paid_at = 0;
  std::int64_t person_id = 0;  // From here on: as reserved.
  std::int64_t stored_person_id = 0;
  std::int64_t sent_to = 0;
  std::uint32_t file = 0;
  std::uint32_t row = 0;
  std::uint16_t text_size = 0;
  std::uint8_t reference_size = 0;
  std::uint8_t channel_size = 0;
  std::uint8_t nik_size = 0;
  std::uint8_t rule = 0;    // Of MonthRules: why it waits, or was refused.
  std::uint8_t column = 0;  // Of MonthRules.

  bool is_reversal() const { return amount < 0; }
};

inline std::string_view ReferenceOf(const MonthRow& row, std::string_view text) {
  return text.substr(0, row.reference_size);
}

/// As people's payments are posted: those by NIK after the others, reversals last, for what they
/// reverse may stand in any of the files. By nothing that may change between two attempts.
struct ByMember {
  template <typename Item>
  bool operator()(const Item& a, const Item& b) const {
    const auto key = [](const MonthRow& r) {
      return std::tuple(r.is_reversal(), r.member_number == 0, r.member_number / 100, r.paid_at,
                        r.file, r.row);
    };
    return key(a.head) < key(b.head);
  }
};

struct ByReference {
  template <typename Item>
  bool operator()(const Item& a, const Item& b) const {
    return std::tuple(a.head.partner_id, ReferenceOf(a.head, a.text), a.head.file, a.head.row) <
           std::tuple(b.head.partner_id, ReferenceOf(b.head, b.text), b.head.file, b.head.row);
  }
};

struct ByNumber {
  template <typename Item>
  bool operator()(const Item& a, const Item& b) const {
    return a.head.payment_id < b.head.payment_id;
  }
};

struct ByRow {
  template <typename Item>
  bool operator()(const Item& a, const Item& b) const {
    return std::tuple(a.head.file, a.head.row) < std::tuple(b.head.file, b.head.row);
  }
};

/// Rule ids are constants of the program: rows hold their places.
class MonthRules {
 public:
  std::uint8_t PlaceOf(std::string_view rule) {
    const auto at = std::find(rules_.begin(), rules_.end(), rule);
    if (at == rules_.end()) {
      JARING_CHECK(rules_.size() < UINT8_MAX);
      rules_.push_back(rule);
      return static_cast<std::uint8_t>(rules_.size() - 1);
    }
    return static_cast<std::uint8_t>(at - rules_.begin());
  }
  std::string_view operator[](std::uint8_t place) const { return rules_.at(place); }

 private:
  std::vector<std::string_view> rules_;
};

}  // namespace jaring
