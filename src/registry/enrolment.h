#pragma once

// People come in: each row becomes a person with a membership, or says why not.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "registry/agency.h"
#include "registry/group.h"
#include "rules/identity.h"
#include "rules/programme.h"

namespace jaring {

/// The way somebody came in. Stored, so the numbers never change.
enum class Door : std::int64_t {
  kList = 1,  // A group's file.
  kCounter = 2,
  kKiosk = 3,
  kAgent = 4,
  kWeb = 5,
  kApi = 6,
  kSms = 7,
};

/// "list", "counter", "kiosk", "agent", "web", "api", "sms".
std::string_view DoorCode(Door door);
std::optional<Door> FindDoor(std::string_view code);

/// One person who wants to join; every field already parsed.
struct Enrolment {
  Nik nik;
  std::string name;  // As on the identity card; 1 to 100 characters, UTF-8.
  Date birth_date;
  Sex sex;
  std::int64_t village_code = 0;
  std::optional<std::string> phone;  // From ParsePhone.
  int trade = 0;                     // Trade::number.
  Money income;
  ProgrammeSet programmes;
  std::string language = "id";
};

/// What all rows of one set share.
struct EnrolmentSource {
  std::optional<Group> group;
  std::optional<std::int64_t> branch_id;  // Else the group's, else that of the village's regency.
  Door door = Door::kList;
  Instant now = Instant::FromMicros(0);
};

/// What somebody should look at; bits. Those of a new person are stored.
enum class PersonWarning : std::int64_t {
  kBirthDateDiffersFromNik = 1,
  kSexDiffersFromNik = 2,
  kLooksLikeAnother = 4,
  kNameDiffersFromRegister = 8,        // The register keeps what it has.
  kBirthDateDiffersFromRegister = 16,  // The same.
};

/// How a warning is told: the field of the row, and the rule whose sentence says it.
struct WarningWords {
  const char* column;
  const char* rule;
};
std::vector<WarningWords> WordsOf(std::int64_t warnings);

enum class EnrolmentStatus : std::uint8_t {
  kAccepted,  // A new person, or a new membership for one whose last has lapsed or ended.
  kRepeated,  // The person has an open membership already: nothing changed.
  kRejected,
};

struct EnrolmentOutcome {
  EnrolmentStatus status = EnrolmentStatus::kRejected;
  std::string rule;    // Why rejected.
  std::string column;  // Which field: "nik", "village_code"…
  MemberNumber member;
  std::int64_t warnings = 0;  // Bits of PersonWarning.
};

/// Enrols a set of people in one go; outcomes in the order of `rows`. The same NIK is always the
/// same person; a NIK twice in a set counts once.
///
/// Rejections, first match wins: name.empty, name.too_long, name.not_a_name (not UTF-8, or control
/// characters), birth_date.future, birth_date.implausible, programmes.compulsory_missing,
/// programmes.not_offered, income.negative, village.unknown, village.not_served,
/// person.twice_in_set (by the NIKs of two persons
/// merged into one), nik.belongs_to_another (the registered person has another name and another
/// birth date), person.died (told of when the membership was closed), membership.over_joining_age
/// (of who begins one), person.too_many_memberships. Errors: those of Tx; then nothing of the set
/// is done.
Result<std::vector<EnrolmentOutcome>> EnrolPeople(Tx& tx, const Agency& agency,
                                                  const EnrolmentSource& source,
                                                  std::span<const Enrolment> rows);

}  // namespace jaring
