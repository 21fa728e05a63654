#pragma once

// How one member stands: cover, months, credit, what to pay. Reads only.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "registry/agency.h"
#include "registry/person_phone.h"
#include "rules/coverage.h"
#include "rules/identity.h"

namespace jaring {

/// What is asked: how a person stands on a day, as known at an instant.
struct CoverageQuestion {
  MemberNumber member;  // Any membership the person has; seen is the whole person.
  Date on = Date::FromYearMonthDay(1900, 1, 1);
  std::optional<Instant> known_at;  // Absent: everything posted.
  bool with_person = true;          // False: name to village_code may stay empty. Saves a look-up.
};

struct MemberView {
  MemberNumber member;  // The newest membership.
  std::string name;     // In full; doors mask it.
  Date birth_date = Date::FromYearMonthDay(1900, 1, 1);
  Sex sex = Sex::kMale;
  std::string language;
  std::int64_t village_code = 0;
  Terms terms;  // Of the newest membership.
  int trade = 0;
  std::vector<CoveredSpell> spells;
  Coverage coverage;
  Money credit;
  Restoration restoration;  // What payment would do now.
};

/// Errors: member.unknown (nobody has, or had, that membership).
Result<MemberView> ViewMember(Tx& tx, const Agency& agency, const CoverageQuestion& question);

/// What a receipt says of one payment.
struct ReceiptView {
  MemberNumber member;
  std::string name;
  std::string partner_name;
  std::string reference;
  Money amount;
  Instant paid_at = Instant::FromMicros(0);
  Instant posted_at = Instant::FromMicros(0);
  std::optional<Month> first_month;  // Absent: the money waits as credit.
  int months = 0;
  ByProgramme parts;
  Money credit;  // The person's credit now.
  std::optional<Date> cover_until;
  bool reversed = false;
};

/// Receipts by the partner's reference; several partners may have used the same one.
///
/// Errors: payment.unknown_reference, payment.in_suspense, payment.being_posted.
Result<std::vector<ReceiptView>> FindReceipts(Tx& tx, const Agency& agency,
                                              std::string_view reference,
                                              std::optional<std::int64_t> partner_id);

}  // namespace jaring
