#pragma once

// What a run of `jaring month` puts in order: parsed rows, the orders, and the steps made of them.

#include <algorithm>
#include <cstdint>
#include <future>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/result.h"
#include "collection/payment.h"

namespace jaring {

/// A parsed row. Its text: reference, channel, sealed NIK, masked NIK.
struct MonthRow {
  std::int64_t payment_id = 0;
  std::int64_t partner_id = 0;
  std::int64_t member_number = 0;  // 0: by NIK.
  std::int64_t amount = 0;
  std::int64_t paid_at = 0;
  std::int64_t person_id = 0;  // From here on: as claimed.
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

/// Rows that go through one transaction, with the requests made of them.
struct MonthStep {
  std::vector<MonthRow> rows;
  std::vector<std::size_t> text_at;
  std::string texts;

  std::string_view TextOf(std::size_t i) const {
    return std::string_view(texts).substr(text_at[i], rows[i].text_size);
  }

  /// `codes` holds what the requests borrow.
  std::vector<PaymentRequest> Requests(std::vector<std::string>& codes) const {
    std::vector<PaymentRequest> requests;
    requests.reserve(rows.size());
    codes.resize(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const MonthRow& row = rows[i];
      std::string_view text = TextOf(i);
      PaymentRequest request{.partner_id = row.partner_id,
                             .reference = text.substr(0, row.reference_size),
                             .amount = Money::FromRupiah(row.amount),
                             .paid_at = Instant::FromMicros(row.paid_at),
                             .channel = text.substr(row.reference_size, row.channel_size)};
      text.remove_prefix(std::size_t{row.reference_size} + row.channel_size);
      if (row.nik_size > 0) {
        const auto nik = SealedBlock::Parse(text.substr(0, row.nik_size));
        JARING_CHECK(nik.has_value());
        request.nik = *nik;
      }
      codes[i] = text.substr(row.nik_size);
      if (row.member_number != 0) {
        request.member =
            MemberNumber{row.member_number / 100, static_cast<int>(row.member_number % 100)};
        codes[i] = BillCodeOf(*request.member);
      }
      request.code_as_sent = codes[i];
      requests.push_back(request);
    }
    return requests;
  }
};

/// Reads the next rows of a spool while the ones before are worked on.
template <typename Spool>
class StepReader {
 public:
  StepReader(Spool& spool, std::size_t rows) : spool_(spool), rows_(rows) { Begin(); }
  StepReader(const StepReader&) = delete;
  StepReader& operator=(const StepReader&) = delete;
  ~StepReader() {
    if (next_.valid()) {
      next_.wait();
    }
  }

  /// No rows at the end.
  Result<MonthStep> Next() {
    Result<MonthStep> step = next_.get();
    if (step && !step->rows.empty()) {
      Begin();
    }
    return step;
  }

 private:
  void Begin() {
    next_ = std::async(std::launch::async, [this] { return Read(); });
  }

  Result<MonthStep> Read() {
    MonthStep step;
    typename Spool::Item item;
    while (step.rows.size() < rows_) {
      JARING_ASSIGN_OR_RETURN(const bool more, spool_.Next(item));
      if (!more) {
        break;
      }
      step.rows.push_back(item.head);
      step.text_at.push_back(step.texts.size());
      step.texts += item.text;
    }
    return step;
  }

  Spool& spool_;
  const std::size_t rows_;
  std::future<Result<MonthStep>> next_;
};

}  // namespace jaring
