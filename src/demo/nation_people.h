#pragma once

// The people of the invented nation, each made from her number and the seed alone.

#include <cstdint>
#include <optional>
#include <string>

#include "demo/demo_names.h"
#include "demo/nation_plan.h"
#include "registry/enrolment.h"
#include "registry/membership.h"
#include "registry/seal.h"
#include "rules/tariff.h"

namespace jaring {

/// Who brought somebody; each regency has one of each.
enum class NationGroup : std::uint8_t { kNone, kCompany, kAssociation, kSponsor };
inline constexpr std::size_t kNationGroups = 4;

/// Money that bought all the months somebody has: what the books open with.
struct NationPayment {
  std::size_t partner = 0;  // 0 to kNationPartners - 1.
  Instant paid_at = Instant::FromMicros(0);
  Money amount;
};
inline constexpr std::size_t kNationPartners = 120;
inline constexpr int kNationBooksMonths = 12;  // How far back the first books go.

struct NationPerson {
  NationPlan::Place place;
  SealedBlock nik;
  std::optional<SealedBlock> phone;
  std::string name;
  Date birth_date = Date::FromYearMonthDay(1900, 1, 1);
  Sex sex = Sex::kMale;
  std::string_view language;
  std::int64_t warnings = 0;
  std::int64_t likeness = 0;
  NationGroup group = NationGroup::kNone;
  Door door = Door::kList;
  int trade = 0;
  Terms terms;
  StartRule start_rule = StartRule::kFirstPayment;
  Date acquired_on = Date::FromYearMonthDay(1900, 1, 1);
  std::optional<NationPayment> payment;
  std::optional<Date> ended_on;  // By a claim: she stopped working, or died.
  EndReason end_reason = EndReason::kStoppedWorking;
};

/// Thread: any number of callers. What it is given outlives it.
class NationPeople {
 public:
  /// `today` begins a month; nobody has paid on it or later.
  NationPeople(const NationData& data, const NationPlan& plan, const DemoNames& names,
               const Scheme& scheme, const Sealer& sealer, std::uint64_t seed, Date today)
      : data_(data),
        plan_(plan),
        names_(names),
        scheme_(scheme),
        sealer_(sealer),
        seed_(seed),
        today_(today),
        key_version_(sealer.version()) {}

  NationPerson PersonOf(std::int64_t n) const;
  // Parts of PersonOf, for less than all of it costs.
  SealedBlock NikOf(std::int64_t n) const;
  std::optional<SealedBlock> PhoneOf(std::int64_t n) const;
  std::int64_t LikenessAt(std::int64_t n) const;
  std::optional<NationPayment> PaymentOf(std::int64_t n) const;

 private:
  /// Draws what is on the identity card; the number on it.
  Nik DrawIdentity(std::int64_t n, NationPerson& person) const;
  void DrawWorkAndPayment(std::int64_t n, NationPerson& person) const;
  void DrawWork(DemoDice& dice, NationPerson& person) const;
  void DrawPayment(DemoDice& dice, NationPerson& person) const;
  void DrawEnd(std::int64_t n, NationPerson& person) const;
  Money PriceOf(const Terms& terms, Month first, int months, Date paid_on) const;

  const NationData& data_;
  const NationPlan& plan_;
  const DemoNames& names_;
  const Scheme& scheme_;
  const Sealer& sealer_;
  const std::uint64_t seed_;
  const Date today_;
  const int key_version_;
};

}  // namespace jaring
