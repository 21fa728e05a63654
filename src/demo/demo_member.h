#pragma once

// What the demo remembers of each member while the days go by.

#include <cstdint>
#include <string>
#include <vector>

#include "demo/demo_habit.h"
#include "registry/seal.h"
#include "rules/identity.h"

namespace jaring {

struct DemoMember {
  enum class Next : std::uint8_t { kVisit, kTakeBack, kPlace, kEnd };

  MemberNumber number;
  SealedBlock nik;
  std::string masked_nik;
  Date birth_date;
  Terms terms;
  Spell spell;
  Money credit;
  DemoPayer payer;
  DemoDice dice;
  std::size_t partner = 0;  // Place in DemoPartners of where they usually pay.

  Next next = Next::kVisit;
  // Of the payment that will be taken back or placed.
  std::string reference;
  std::size_t reference_partner = 0;
  Money amount;
  Spell spell_before;
  Money credit_before;
  std::optional<Date> resume_on;
};

/// Who does something on which day.
class DemoAgenda {
 public:
  DemoAgenda(Date first, Date last)
      : first_(first.days()), days_(static_cast<std::size_t>(last.days() - first_ + 1)) {}

  /// Nothing when there is no day, or it lies after the last. Not for days that are done.
  void Note(std::optional<Date> day, std::size_t member) {
    if (day && day->days() - first_ < static_cast<std::int64_t>(days_.size())) {
      days_[static_cast<std::size_t>(day->days() - first_)].push_back(member);
    }
  }

  /// Takes the places of members due on a day, each once, rising.
  std::vector<std::size_t> Take(Date day);

 private:
  std::int64_t first_;
  std::vector<std::vector<std::size_t>> days_;
};

}  // namespace jaring
