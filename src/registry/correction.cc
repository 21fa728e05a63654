#include "registry/correction.h"

#include <array>

#include "base/text.h"
#include "ledger/sequence.h"
#include "registry/enrolment.h"
#include "registry/kept_person.h"
#include "registry/live_keys.h"
#include "registry/person_care_sql.h"
#include "registry/person_identity.h"
#include "registry/person_phone.h"
#include "registry/registry_sql.h"

namespace jaring {
namespace {

constexpr std::string_view kFromPlace = "person_correction/from_sealed";
constexpr std::string_view kToPlace = "person_correction/to_sealed";

/// A person as the register has her.
struct Identity {
  std::string nik;
  std::string nik_as_stored;  // Sealed, perhaps with an older key.
  std::string name;
  Date birth_date = Date::FromYearMonthDay(1900, 1, 1);
  Sex sex = Sex::kMale;
  std::string phone;  // Empty: none.
  std::int64_t village_code = 0;
  std::int64_t warnings = 0;
};

Result<Identity> LoadIdentity(Tx& tx, const Agency& agency, std::int64_t person_id) {
  std::optional<Identity> found;
  std::string nik;
  std::string phone;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindWholePerson, {person_id}, [&](const Row& row) {
    const auto birth_date = Date::ParseNumber(row.Int(2));
    JARING_CHECK(birth_date.has_value());
    nik = row.Blob(0);
    phone = row.IsNull(5) ? "" : std::string(row.Blob(5));
    found = Identity{.nik = {},
                     .name = std::string(row.Text(1)),
                     .birth_date = *birth_date,
                     .sex = static_cast<Sex>(row.Int(3)),
                     .phone = {},
                     .village_code = row.Int(4),
                     .warnings = row.Int(6)};
  }));
  if (!found) {
    return NotFound("member.unknown");
  }
  found->nik_as_stored = nik;
  JARING_ASSIGN_OR_RETURN(found->nik, agency.sealer.Unseal(nik));
  if (!phone.empty()) {
    JARING_ASSIGN_OR_RETURN(found->phone, agency.sealer.Unseal(phone));
  }
  return *std::move(found);
}

Identity Changed(Identity identity, const PersonChanges& changes) {
  identity.nik = changes.nik ? changes.nik->Reveal() : identity.nik;
  identity.name = changes.name ? std::string(Trim(*changes.name)) : identity.name;
  identity.birth_date = changes.birth_date.value_or(identity.birth_date);
  identity.sex = changes.sex.value_or(identity.sex);
  identity.phone = changes.phone.value_or(identity.phone);
  return identity;
}

std::string SexCode(Sex sex) {
  return sex == Sex::kMale ? "male" : "female";
}

std::vector<FieldCorrection> Differences(const Identity& a, const Identity& b) {
  const std::array<FieldCorrection, 5> all = {
      {{CorrectedField::kNik, a.nik, b.nik},
       {CorrectedField::kName, a.name, b.name},
       {CorrectedField::kBirthDate, a.birth_date.ToString(), b.birth_date.ToString()},
       {CorrectedField::kSex, SexCode(a.sex), SexCode(b.sex)},
       {CorrectedField::kPhone, a.phone, b.phone}}};
  std::vector<FieldCorrection> differences;
  for (const FieldCorrection& field : all) {
    if (field.from != field.to) {
      differences.push_back(field);
    }
  }
  return differences;
}

Result<Done> CheckNikIsFree(Tx& tx, const Agency& agency, const std::string& nik,
                            std::int64_t person_id) {
  JARING_ASSIGN_OR_RETURN(const LiveKeys keys, FindLiveKeys(tx, agency.sealer));
  const SealedBlock sealed = agency.sealer.Seal(nik);
  bool taken = false;
  JARING_RETURN_IF_ERROR(FindPeopleByNik(
      tx, agency.sealer, keys, std::span(&sealed, 1),
      [&](std::size_t, std::int64_t owner) { taken = taken || owner != person_id; }));
  return taken ? Conflict("correction.nik_of_another") : Result<Done>(Done{});
}

/// The plan, with the person before and after.
struct Plan {
  Identity before;
  Identity after;
  std::vector<FieldCorrection> fields;
};

Result<Plan> MakePlan(Tx& tx, const Agency& agency, std::int64_t person_id,
                      const PersonChanges& changes, Date today) {
  Plan plan;
  JARING_ASSIGN_OR_RETURN(plan.before, LoadIdentity(tx, agency, person_id));
  JARING_ASSIGN_OR_RETURN(const std::int64_t kept, KeptPersonOf(tx, person_id));
  if (kept != person_id) {
    return Conflict("correction.person_merged");
  }
  plan.after = Changed(plan.before, changes);
  plan.fields = Differences(plan.before, plan.after);
  if (plan.fields.empty()) {
    return Invalid("correction.nothing_changes");
  }
  const std::string_view name = changes.name ? std::string_view(*changes.name) : plan.after.name;
  if (const auto flaw = FindIdentityFlaw(name, plan.after.birth_date, today)) {
    return Invalid(flaw->rule);
  }
  JARING_RETURN_IF_ERROR(CheckNikIsFree(tx, agency, plan.after.nik, person_id));
  return plan;
}

/// The new identity into the register.
Result<Done> StoreIdentity(Tx& tx, const Agency& agency, std::int64_t person_id, const Plan& plan) {
  const SealedBlock nik = agency.sealer.Seal(plan.after.nik);
  const auto parsed = Nik::Parse(plan.after.nik, /*allow_fake=*/true);
  JARING_CHECK(parsed.has_value());
  const auto looks_alike = static_cast<std::int64_t>(PersonWarning::kLooksLikeAnother);
  const std::int64_t warnings = (plan.before.warnings & looks_alike) |
                                IdentityWarnings(*parsed, plan.after.birth_date, plan.after.sex);
  JARING_RETURN_IF_ERROR(
      tx.Run(sql::kUpdateIdentity,
             {person_id, Bytes{View(nik)}, plan.after.name, plan.after.birth_date.number(),
              static_cast<std::int64_t>(plan.after.sex), warnings}));
  if (plan.before.phone != plan.after.phone) {
    JARING_RETURN_IF_ERROR(ChangePhone(tx, agency.sealer, person_id, plan.after.phone));
  }
  if (plan.before.nik_as_stored != View(nik)) {
    JARING_RETURN_IF_ERROR(
        tx.Run(sql::kDeletePersonNik, {Bytes{plan.before.nik_as_stored}, person_id}));
    JARING_RETURN_IF_ERROR(tx.Run(sql::kInsertPersonNik, {Bytes{View(nik)}, person_id}));
  }
  return Done{};
}

std::int64_t LikenessOf(const Identity& identity) {
  return jaring::LikenessOf(identity.name, identity.birth_date, identity.village_code);
}

}  // namespace

std::string_view CorrectedFieldCode(CorrectedField field) {
  constexpr std::array<std::string_view, 6> kCodes = {"",           "nik", "name",
                                                      "birth_date", "sex", "phone"};
  return kCodes.at(static_cast<std::size_t>(field));
}

Result<std::vector<FieldCorrection>> PlanCorrection(Tx& tx, const Agency& agency,
                                                    std::int64_t person_id,
                                                    const PersonChanges& changes, Date today) {
  JARING_ASSIGN_OR_RETURN(Plan plan, MakePlan(tx, agency, person_id, changes, today));
  return std::move(plan.fields);
}

Result<std::vector<FieldCorrection>> ApplyCorrection(Tx& tx, const Agency& agency,
                                                     std::int64_t person_id,
                                                     const PersonChanges& changes,
                                                     std::string_view reason, Instant now) {
  JARING_ASSIGN_OR_RETURN(Plan plan, MakePlan(tx, agency, person_id, changes, now.JakartaDate()));
  JARING_RETURN_IF_ERROR(StoreIdentity(tx, agency, person_id, plan));
  JARING_RETURN_IF_ERROR(
      RefreshLikeness(tx, person_id, LikenessOf(plan.before), LikenessOf(plan.after), now));
  JARING_ASSIGN_OR_RETURN(const std::int64_t id, TakeNumbers(tx, "correction", 1));
  JARING_ASSIGN_OR_RETURN(
      std::int64_t change_id,
      TakeNumbers(tx, "correction_change", static_cast<std::int64_t>(plan.fields.size())));
  for (const FieldCorrection& field : plan.fields) {
    JARING_ASSIGN_OR_RETURN(const std::string from, agency.sealer.SealText(field.from, kFromPlace));
    JARING_ASSIGN_OR_RETURN(const std::string to, agency.sealer.SealText(field.to, kToPlace));
    JARING_RETURN_IF_ERROR(tx.Run(
        sql::kInsertCorrection, {person_id, id, change_id++, static_cast<std::int64_t>(field.field),
                                 Bytes{from}, Bytes{to}, reason, now.micros()}));
  }
  return std::move(plan.fields);
}

Result<std::vector<Correction>> ListCorrections(Tx& tx, const Agency& agency,
                                                std::int64_t person_id) {
  std::vector<Correction> corrections;
  std::vector<std::pair<std::string, std::string>> sealed;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListCorrections, {person_id}, [&](const Row& row) {
    if (corrections.empty() || corrections.back().correction_id != row.Int(0)) {
      corrections.push_back({.correction_id = row.Int(0),
                             .applied_at = Instant::FromMicros(row.Int(5)),
                             .reason = std::string(row.Text(4)),
                             .fields = {}});
    }
    corrections.back().fields.push_back({static_cast<CorrectedField>(row.Int(1)), {}, {}});
    sealed.emplace_back(row.Blob(2), row.Blob(3));
  }));
  std::size_t at = 0;
  for (Correction& correction : corrections) {
    for (FieldCorrection& field : correction.fields) {
      JARING_ASSIGN_OR_RETURN(field.from, agency.sealer.UnsealText(sealed[at].first, kFromPlace));
      JARING_ASSIGN_OR_RETURN(field.to, agency.sealer.UnsealText(sealed[at].second, kToPlace));
      ++at;
    }
  }
  return corrections;
}

}  // namespace jaring
