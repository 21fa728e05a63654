#include "demo/nation_people.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "demo/demo_clock.h"
#include "demo/demo_people.h"
#include "registry/person_identity.h"

namespace jaring {
namespace {

// Each person has dice of her own for each of these.
constexpr std::uint64_t kPhoneStream = 1ULL << 45U;
constexpr std::uint64_t kWorkStream = 1ULL << 46U;
constexpr std::uint64_t kPaymentStream = 1ULL << 47U;
constexpr std::uint64_t kEndStream = 1ULL << 48U;

constexpr int kPartnersOfRegency = 6;
constexpr int kPhonePermille = 620;  // 67 in 100 people have one; not all tell its number.

std::string TwoDigits(int number) {
  return {static_cast<char>('0' + number / 10 % 10), static_cast<char>('0' + number % 10)};
}

Nik NumberOf(const NationPlan::Identity& identity) {
  const Date birth = identity.birth_date;
  auto nik = Nik::Parse(std::to_string(identity.district) +
                            TwoDigits(birth.day() + (identity.sex == Sex::kFemale ? 40 : 0)) +
                            TwoDigits(birth.month_of_year()) + TwoDigits(birth.year()) + "0000",
                        true);
  JARING_CHECK(nik.has_value());
  return *std::move(nik);
}

/// Wages are long-tailed: most below the mean, some far above; no less than four fifths of the
/// province's minimum. Steps of ten thousand.
Money DrawWage(DemoDice& dice, const NationProvince& province) {
  constexpr std::array<int, 8> kPermilleOfMean = {650, 750, 850, 950, 1'050, 1'250, 1'650, 2'600};
  constexpr std::array<int, 8> kWeights = {130, 200, 200, 150, 120, 100, 70, 30};
  const int around = kPermilleOfMean[dice.Pick(kWeights)] + dice.Between(-50, 50);
  constexpr std::int64_t kStep = 10'000;
  const std::int64_t wage = province.mean_wage.rupiah() * around / 1000;
  const std::int64_t least = province.minimum_wage.rupiah() * 4 / 5;
  return Money::FromRupiah(std::max(wage, least) / kStep * kStep);
}

}  // namespace

SealedBlock NationPeople::NikOf(std::int64_t n) const {
  const NationPlan::Place place = plan_.PlaceOf(n);
  return sealer_.Seal(NumberOf(plan_.IdentityOf(n, place.district, today_)).Reveal(), key_version_);
}

std::optional<SealedBlock> NationPeople::PhoneOf(std::int64_t n) const {
  DemoDice dice(seed_, kPhoneStream + static_cast<std::uint64_t>(n));
  return dice.Permille(kPhonePermille) ? std::optional(sealer_.Seal(DrawPhone(dice), key_version_))
                                       : std::nullopt;
}

std::int64_t NationPeople::LikenessAt(std::int64_t n) const {
  NationPerson person;
  DrawIdentity(n, person);
  return person.likeness;
}

std::optional<NationPayment> NationPeople::PaymentOf(std::int64_t n) const {
  NationPerson person;
  person.place = plan_.PlaceOf(n);
  DrawWorkAndPayment(n, person);
  return person.payment;
}

NationPerson NationPeople::PersonOf(std::int64_t n) const {
  NationPerson person;
  const Nik nik = DrawIdentity(n, person);
  person.nik = sealer_.Seal(nik.Reveal(), key_version_);
  person.phone = PhoneOf(n);
  person.warnings = IdentityWarnings(nik, person.birth_date, person.sex);
  DrawWorkAndPayment(n, person);
  return person;
}

Nik NationPeople::DrawIdentity(std::int64_t n, NationPerson& person) const {
  DemoDice dice(seed_, static_cast<std::uint64_t>(n));
  person.place = plan_.PlaceOf(n);
  const NationPlan::Identity identity = plan_.IdentityOf(n, person.place.district, today_);
  person.sex = identity.sex;
  person.birth_date = identity.birth_date;
  if (dice.Permille(10)) {
    // As in life: some numbers say another day than the papers.
    person.birth_date = identity.birth_date.AddDays(dice.Between(1, 300));
  }
  person.name = names_.Draw(dice, person.sex, AgeOn(person.birth_date, today_));
  person.likeness = LikenessOf(person.name, person.birth_date, person.place.village);
  const NationProvince& province = data_.provinces[data_.regencies[person.place.regency].province];
  person.language = dice.Permille(640) ? std::string_view(province.language) : "id";
  return NumberOf(identity);
}

void NationPeople::DrawWorkAndPayment(std::int64_t n, NationPerson& person) const {
  DemoDice work(seed_, kWorkStream + static_cast<std::uint64_t>(n));
  DrawWork(work, person);
  DemoDice payment(seed_, kPaymentStream + static_cast<std::uint64_t>(n));
  DrawPayment(payment, person);
  if (person.place.kind == NationKind::kClaimed) {
    DrawEnd(n, person);
  }
}

void NationPeople::DrawWork(DemoDice& dice, NationPerson& person) const {
  const NationProvince& province = data_.provinces[data_.regencies[person.place.regency].province];
  const bool formal = IsFormal(person.place.kind);
  person.trade =
      data_.trades[dice.Pick(formal ? province.formal_trades : province.informal_trades)];
  person.terms.sector = FindTrade(scheme_, std::int64_t{person.trade})->sector;
  person.terms.programmes = scheme_.compulsory;
  if (formal) {
    person.group = NationGroup::kCompany;
    person.terms.payer = Payer::kEmployer;
    person.terms.programmes = person.terms.programmes.With(Programme::kJht);
    person.terms.income = DrawWage(dice, province);
  } else {
    constexpr std::array<NationGroup, 3> kGroups = {NationGroup::kNone, NationGroup::kAssociation,
                                                    NationGroup::kSponsor};
    person.group = kGroups[dice.Pick(std::array<int, 3>{450, 350, 200})];
    const bool sponsored = person.group == NationGroup::kSponsor;
    person.terms.payer = sponsored ? Payer::kGovernment : Payer::kSelf;
    person.terms.income = DrawIncome(dice, !sponsored && dice.Permille(150));
    if (!sponsored && dice.Permille(70)) {
      person.terms.programmes = person.terms.programmes.With(Programme::kJht);
    }
  }
  if (person.group == NationGroup::kNone) {
    constexpr std::array<Door, 5> kDoors = {Door::kCounter, Door::kKiosk, Door::kAgent, Door::kWeb,
                                            Door::kSms};
    person.door = kDoors[dice.Pick(std::array<int, 5>{200, 50, 350, 350, 50})];
  }
  if (person.group == NationGroup::kCompany || person.group == NationGroup::kSponsor) {
    person.start_rule = StartRule::kAcquisition;
  }
  // The register grows: the later of two throws.
  const Month last = today_.month() - 1;
  const int months = last - scheme_.begins;
  const int month = std::max(dice.Below(months + 1), dice.Below(months + 1));
  person.acquired_on = DayOf(scheme_.begins + month, dice.Between(1, 28));
}

Money NationPeople::PriceOf(const Terms& terms, Month first, int months, Date paid_on) const {
  Terms known = terms;
  known.spell_first_month = first;
  Money sum;
  for (int i = 0; i < months; ++i) {
    const auto price = FindMonthPrice(scheme_, known, first + i, paid_on);
    JARING_CHECK(price.has_value());
    sum = sum + price->due.total();
  }
  return sum;
}

void NationPeople::DrawPayment(DemoDice& dice, NationPerson& person) const {
  constexpr std::array<int, kNationKinds> kNeverPaidPermille = {0, 250, 0, 300, 0};
  const auto kind = static_cast<std::size_t>(person.place.kind);
  if (dice.Permille(kNeverPaidPermille[kind])) {
    return;
  }
  const Month last = today_.month() - 1;
  const bool goes_on =
      person.place.kind == NationKind::kEmployed || person.place.kind == NationKind::kPaying;
  // Months before the last one that is paid, counted back from now; the run began within the books.
  const int behind = goes_on ? 0 : dice.Between(1, kNationBooksMonths - 1);
  int months = dice.Between(1, kNationBooksMonths - behind);
  const Month first = last - (behind + months - 1);
  if (person.place.kind == NationKind::kPaying && dice.Permille(250)) {
    months = std::min(months + dice.Between(1, 3), kNationBooksMonths);  // Some pay ahead.
  }
  const Date paid_on = DayOf(first, dice.Between(1, 28));
  person.acquired_on = std::min(person.acquired_on, paid_on);
  const auto shift = static_cast<std::size_t>(
      dice.Pick(std::array<int, kPartnersOfRegency>{400, 250, 150, 100, 60, 40}));
  person.payment = {.partner = (person.place.regency * 7 + shift) % kNationPartners,
                    .paid_at = DemoInstant(paid_on, dice.Between(8 * 3600, 20 * 3600)),
                    .amount = PriceOf(person.terms, first, months, paid_on)};
}

/// What claims are made of is not published; assumed: nearly all for old-age savings.
void NationPeople::DrawEnd(std::int64_t n, NationPerson& person) const {
  DemoDice dice(seed_, kEndStream + static_cast<std::uint64_t>(n));
  person.ended_on = DayOf(today_.month() - 1, dice.Between(1, 28));
  if (dice.Permille(50)) {
    person.end_reason = EndReason::kDied;
  }
}

}  // namespace jaring
