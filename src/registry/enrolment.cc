#include "registry/enrolment.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <unordered_map>

#include "base/text.h"
#include "ledger/coverage_tally.h"
#include "ledger/sequence.h"
#include "registry/live_keys.h"
#include "registry/membership.h"
#include "registry/person_care_sql.h"
#include "registry/person_identity.h"
#include "registry/region_code.h"
#include "registry/registry_sql.h"

namespace jaring {
namespace {

constexpr std::array<std::string_view, 7> kDoorCodes = {"list", "counter", "kiosk", "agent",
                                                        "web",  "api",     "sms"};

/// What of a row can be judged without the database.
struct Flaw {
  const char* rule;
  const char* column;
};

std::optional<Flaw> FindFlaw(const Scheme& scheme, const Enrolment& row, Date on) {
  if (const auto flaw = FindIdentityFlaw(row.name, row.birth_date, on)) {
    return Flaw{flaw->rule, flaw->column};
  }
  if (!row.programmes.Includes(scheme.compulsory)) {
    return Flaw{"programmes.compulsory_missing", "programmes"};
  }
  if (!CheckProgrammes(scheme, row.programmes)) {
    return Flaw{"programmes.not_offered", "programmes"};
  }
  if (row.income < Money()) {
    return Flaw{"income.negative", "income"};
  }
  return std::nullopt;
}

struct NamedWarning {
  PersonWarning warning;
  WarningWords words;
};
constexpr std::array<NamedWarning, 5> kNamedWarnings = {
    {{PersonWarning::kBirthDateDiffersFromNik, {"birth_date", "birth_date.differs_from_nik"}},
     {PersonWarning::kSexDiffersFromNik, {"sex", "sex.differs_from_nik"}},
     {PersonWarning::kLooksLikeAnother, {"name", "person.looks_like_another"}},
     {PersonWarning::kNameDiffersFromRegister, {"name", "name.differs_from_register"}},
     {PersonWarning::kBirthDateDiffersFromRegister,
      {"birth_date", "birth_date.differs_from_register"}}}};

std::int64_t Bit(PersonWarning warning) {
  return static_cast<std::int64_t>(warning);
}

/// What of a known person a row says otherwise. All of it: then it is somebody else.
std::int64_t DifferencesOf(const Enrolment& row, std::string_view known_name, Date known_birth) {
  const bool name = ComparableName(known_name) != ComparableName(row.name);
  const bool birth = known_birth != row.birth_date;
  return (name ? Bit(PersonWarning::kNameDiffersFromRegister) : 0) |
         (birth ? Bit(PersonWarning::kBirthDateDiffersFromRegister) : 0);
}
const std::int64_t kSomebodyElse = Bit(PersonWarning::kNameDiffersFromRegister) |
                                   Bit(PersonWarning::kBirthDateDiffersFromRegister);

/// One call of EnrolPeople: what is known of each row, step by step.
class EnrolmentSet {
 public:
  EnrolmentSet(Tx& tx, const Agency& agency, const EnrolmentSource& source,
               std::span<const Enrolment> rows)
      : tx_(tx),
        agency_(agency),
        source_(source),
        rows_(rows),
        today_(source.now.JakartaDate()),
        outcomes_(rows.size()),
        facts_(rows.size()) {}

  Result<std::vector<EnrolmentOutcome>> Enrol() {
    FindFlaws();
    JARING_RETURN_IF_ERROR(FindVillages());
    JARING_RETURN_IF_ERROR(FindPeople());
    JARING_RETURN_IF_ERROR(JudgeKnownPeople());
    JudgeNewPeople();
    JARING_RETURN_IF_ERROR(FindLookAlikes());
    JARING_RETURN_IF_ERROR(InsertPeople());
    JARING_RETURN_IF_ERROR(InsertMemberships());
    JARING_RETURN_IF_ERROR(tally_.Post(tx_));
    return std::move(outcomes_);
  }

 private:
  struct Facts {
    SealedBlock nik;
    SealedBlock phone;
    std::int64_t branch_id = 0;
    std::int64_t likeness = 0;
    bool is_new = false;               // A new person is to be made.
    bool repeats = false;              // An earlier row of this set has the same NIK.
    std::optional<Membership> newest;  // Of a known person.
  };

  bool Rejected(std::size_t i) const { return !outcomes_[i].rule.empty(); }

  void Reject(std::size_t i, const char* rule, const char* column) {
    outcomes_[i] = EnrolmentOutcome{.rule = rule, .column = column, .member = {}};
  }

  void FindFlaws() {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (const auto flaw = FindFlaw(agency_.scheme, rows_[i], today_)) {
        Reject(i, flaw->rule, flaw->column);
      }
    }
  }

  Result<Done> FindVillages() {
    std::unordered_map<std::int64_t, std::int64_t> branch_of_village;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (Rejected(i)) {
        continue;
      }
      const std::int64_t village = rows_[i].village_code;
      auto known = branch_of_village.find(village);
      if (known == branch_of_village.end()) {
        JARING_ASSIGN_OR_RETURN(const std::int64_t branch_id, BranchOfVillage(village));
        known = branch_of_village.emplace(village, branch_id).first;
      }
      if (known->second == kUnknownVillage) {
        Reject(i, "village.unknown", "village_code");
      } else if (known->second == kNotServed) {
        Reject(i, "village.not_served", "village_code");
      } else {
        facts_[i].branch_id = known->second;
      }
    }
    return Done{};
  }

  static constexpr std::int64_t kUnknownVillage = -1;
  static constexpr std::int64_t kNotServed = -2;

  /// The branch the source names, else the group's, else the one that serves the village.
  Result<std::int64_t> BranchOfVillage(std::int64_t village) {
    bool known = false;
    if (village / kVillagesPerRegency > 0) {
      JARING_RETURN_IF_ERROR(
          tx_.Query(sql::kFindRegion, {village}, [&](const Row&) { known = true; }));
    }
    if (!known) {
      return kUnknownVillage;
    }
    if (source_.branch_id) {
      return *source_.branch_id;
    }
    if (source_.group) {
      return source_.group->branch_id;
    }
    JARING_ASSIGN_OR_RETURN(const auto branch_id,
                            FindBranchOfRegency(tx_, village / kVillagesPerRegency));
    return branch_id.value_or(kNotServed);
  }

  /// Looks every NIK up, in the order of the sealed blocks, which is the order of the table.
  Result<Done> FindPeople() {
    JARING_ASSIGN_OR_RETURN(const LiveKeys keys, FindLiveKeys(tx_, agency_.sealer));
    key_version_ = keys.current;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (!Rejected(i)) {
        facts_[i].nik = agency_.sealer.Seal(rows_[i].nik.Reveal(), key_version_);
        by_nik_.push_back(i);
      }
    }
    std::stable_sort(by_nik_.begin(), by_nik_.end(), [this](std::size_t a, std::size_t b) {
      return View(facts_[a].nik) < View(facts_[b].nik);
    });
    std::vector<SealedBlock> niks;
    niks.reserve(by_nik_.size());
    for (const std::size_t i : by_nik_) {
      facts_[i].is_new = true;
      niks.push_back(facts_[i].nik);
    }
    JARING_RETURN_IF_ERROR(FindPeopleByNik(tx_, agency_.sealer, keys, niks,
                                           [this](std::size_t k, std::int64_t person_id) {
                                             facts_[by_nik_[k]].is_new = false;
                                             outcomes_[by_nik_[k]].member.person_id = person_id;
                                           }));
    return LeadToKept();
  }

  /// Who was merged into another is that one.
  Result<Done> LeadToKept() {
    std::vector<std::size_t> known;
    ValueRows keys(1);
    for (const std::size_t i : by_nik_) {
      if (!facts_[i].is_new) {
        known.push_back(i);
        keys.Add({outcomes_[i].member.person_id});
      }
    }
    std::vector<std::size_t> led;
    JARING_RETURN_IF_ERROR(
        tx_.QueryEach(sql::kFindKeptPerson, keys, [&](std::size_t k, const Row& row) {
          outcomes_[known[k]].member.person_id = row.Int(0);
          led.push_back(known[k]);
        }));
    for (const std::size_t i : led) {
      for (const std::size_t other : known) {
        if (!Rejected(other) && !(facts_[other].nik == facts_[i].nik) &&
            outcomes_[other].member.person_id == outcomes_[i].member.person_id) {
          Reject(i, "person.twice_in_set", "nik");
          break;
        }
      }
    }
    return Done{};
  }

  /// Same NIK: the same person, unless both name and birth date say otherwise.
  Result<Done> JudgeKnownPeople() {
    std::vector<std::size_t> known;
    ValueRows keys(1);
    for (const std::size_t i : by_nik_) {
      if (!facts_[i].is_new && !Rejected(i)) {
        known.push_back(i);
        keys.Add({outcomes_[i].member.person_id});
      }
    }
    JARING_RETURN_IF_ERROR(
        tx_.QueryEach(sql::kFindPersonIdentity, keys, [&](std::size_t k, const Row& row) {
          JudgeDifferences(known[k], row.Text(0), *Date::ParseNumber(row.Int(1)));
        }));
    JARING_RETURN_IF_ERROR(
        tx_.QueryEach(sql::kFindNewestMembership, keys, [&](std::size_t k, const Row& row) {
          facts_[known[k]].newest = ReadMembership(agency_.scheme, row);
        }));
    JARING_RETURN_IF_ERROR(RejectTheDead(known));
    for (const std::size_t i : known) {
      if (!Rejected(i)) {
        JudgeMembership(i);
      }
    }
    return Done{};
  }

  Result<Done> RejectTheDead(const std::vector<std::size_t>& known) {
    std::vector<std::size_t> ended;
    ValueRows keys(1);
    for (const std::size_t i : known) {
      if (facts_[i].newest && facts_[i].newest->ended_on) {
        ended.push_back(i);
        keys.Add({outcomes_[i].member.person_id});
      }
    }
    return tx_.QueryEach(sql::kListMembershipEnds, keys, [&](std::size_t k, const Row& row) {
      if (row.Int(1) == static_cast<std::int64_t>(EndReason::kDied)) {
        Reject(ended[k], "person.died", "nik");
      }
    });
  }

  void JudgeDifferences(std::size_t i, std::string_view known_name, Date known_birth) {
    const std::int64_t differences = DifferencesOf(rows_[i], known_name, known_birth);
    if (differences == kSomebodyElse) {
      Reject(i, "nik.belongs_to_another", "nik");
    } else {
      outcomes_[i].warnings = differences;
    }
  }

  void JudgeMembership(std::size_t i) {
    const auto& newest = facts_[i].newest;
    EnrolmentOutcome& outcome = outcomes_[i];
    outcome.status = EnrolmentStatus::kRepeated;
    if (newest && IsOpen(agency_.scheme, *newest, today_)) {
      outcome.member = newest->member;
      return;
    }
    if (RejectTooOld(i)) {
      return;
    }
    outcome.status = EnrolmentStatus::kAccepted;
    outcome.member.membership_seq = newest ? newest->member.membership_seq + 1 : 1;
    if (outcome.member.membership_seq > MemberNumber::kMaxMemberships) {
      Reject(i, "person.too_many_memberships", "nik");
    }
  }

  /// Only who begins a membership has to be young enough: who has one is repeated at any age.
  bool RejectTooOld(std::size_t i) {
    const bool too_old = !MayBeginSpell(agency_.scheme, rows_[i].birth_date, today_);
    if (too_old) {
      Reject(i, "membership.over_joining_age", "birth_date");
    }
    return too_old;
  }

  /// The first good row of each new NIK makes the person; later ones repeat it.
  void JudgeNewPeople() {
    std::optional<std::size_t> leader;
    for (const std::size_t i : by_nik_) {
      if (!facts_[i].is_new || RejectTooOld(i)) {
        continue;
      }
      facts_[i].repeats = leader && facts_[*leader].nik == facts_[i].nik;
      leader = i;
    }
  }

  /// New people whose name, birth date and village somebody else has too.
  Result<Done> FindLookAlikes() {
    std::vector<std::size_t> fresh;
    for (const std::size_t i : by_nik_) {
      if (!Rejected(i) && facts_[i].is_new && !facts_[i].repeats) {
        facts_[i].likeness = LikenessOf(rows_[i].name, rows_[i].birth_date, rows_[i].village_code);
        fresh.push_back(i);
      }
    }
    std::sort(fresh.begin(), fresh.end(), [this](std::size_t a, std::size_t b) {
      return std::pair(facts_[a].likeness, a) < std::pair(facts_[b].likeness, b);
    });
    ValueRows keys(1);
    for (const std::size_t i : fresh) {
      keys.Add({facts_[i].likeness});
    }
    JARING_RETURN_IF_ERROR(
        tx_.QueryEach(sql::kFindLikeness, keys, [&](std::size_t k, const Row& row) {
          look_alikes_.push_back({fresh[k], row.Int(0)});
        }));
    by_likeness_ = std::move(fresh);
    return Done{};
  }

  Result<Done> InsertPeople() {
    std::vector<std::size_t> fresh = by_likeness_;
    std::sort(fresh.begin(), fresh.end());
    if (!fresh.empty()) {
      JARING_ASSIGN_OR_RETURN(std::int64_t person_id,
                              TakeNumbers(tx_, "person", static_cast<std::int64_t>(fresh.size())));
      if (person_id + static_cast<std::int64_t>(fresh.size()) > MemberNumber::kLastPersonId) {
        return Internal("person.numbers_used_up");
      }
      for (const std::size_t i : fresh) {
        outcomes_[i].status = EnrolmentStatus::kAccepted;
        outcomes_[i].member = {person_id++, 1};
        outcomes_[i].warnings = IdentityWarnings(rows_[i].nik, rows_[i].birth_date, rows_[i].sex);
      }
    }
    JARING_RETURN_IF_ERROR(InsertLikenesses());
    ValueRows people(10);
    for (const std::size_t i : fresh) {
      const Enrolment& row = rows_[i];
      Value phone;
      if (row.phone) {
        facts_[i].phone = agency_.sealer.Seal(*row.phone, key_version_);
        phone = Bytes{View(facts_[i].phone)};
      }
      people.Add({outcomes_[i].member.person_id, Bytes{View(facts_[i].nik)}, Trim(row.name),
                  row.birth_date.number(), static_cast<std::int64_t>(row.sex), row.village_code,
                  phone, row.language, outcomes_[i].warnings, source_.now.micros()});
    }
    JARING_RETURN_IF_ERROR(tx_.RunEach(sql::kInsertPerson, people));
    ValueRows niks(2);
    for (const std::size_t i : by_nik_) {
      if (!Rejected(i) && facts_[i].is_new && !facts_[i].repeats) {
        niks.Add({Bytes{View(facts_[i].nik)}, outcomes_[i].member.person_id});
      }
    }
    JARING_RETURN_IF_ERROR(tx_.RunEach(sql::kInsertPersonNik, niks));
    JARING_RETURN_IF_ERROR(InsertPhones(std::move(fresh)));
    RepeatWithinSet();
    return Done{};
  }

  /// In the order of the table, as the NIKs are.
  Result<Done> InsertPhones(std::vector<std::size_t> fresh) {
    std::erase_if(fresh, [this](std::size_t i) { return !rows_[i].phone.has_value(); });
    std::sort(fresh.begin(), fresh.end(), [this](std::size_t a, std::size_t b) {
      return View(facts_[a].phone) < View(facts_[b].phone);
    });
    ValueRows phones(2);
    for (const std::size_t i : fresh) {
      phones.Add({Bytes{View(facts_[i].phone)}, outcomes_[i].member.person_id});
    }
    JARING_RETURN_IF_ERROR(tx_.RunEach(sql::kInsertPersonPhone, phones));
    return Done{};
  }

  Result<Done> InsertLikenesses() {
    ValueRows likenesses(2);
    for (std::size_t k = 0; k < by_likeness_.size(); ++k) {
      const std::size_t i = by_likeness_[k];
      likenesses.Add({facts_[i].likeness, outcomes_[i].member.person_id});
      if (k > 0 && facts_[by_likeness_[k - 1]].likeness == facts_[i].likeness) {
        look_alikes_.push_back({i, outcomes_[by_likeness_[k - 1]].member.person_id});
      }
    }
    JARING_RETURN_IF_ERROR(tx_.RunEach(sql::kInsertLikeness, likenesses));
    std::sort(look_alikes_.begin(), look_alikes_.end());
    ValueRows pairs(3);
    for (const auto& [i, other] : look_alikes_) {
      outcomes_[i].warnings |= Bit(PersonWarning::kLooksLikeAnother);
      pairs.Add({outcomes_[i].member.person_id, other, source_.now.micros()});
    }
    JARING_RETURN_IF_ERROR(tx_.RunEach(sql::kInsertSuspectedDuplicate, pairs));
    return Done{};
  }

  /// Later rows of this set with a NIK that an earlier good row has too.
  void RepeatWithinSet() {
    std::optional<std::size_t> leader;
    for (const std::size_t i : by_nik_) {
      if (Rejected(i)) {
        continue;
      }
      if (!leader || facts_[*leader].nik != facts_[i].nik) {
        leader = i;
        continue;
      }
      if (facts_[i].is_new) {
        JudgeDifferences(i, rows_[*leader].name, rows_[*leader].birth_date);
      }
      if (!Rejected(i)) {
        outcomes_[i].member = outcomes_[*leader].member;
        outcomes_[i].status = EnrolmentStatus::kRepeated;
      }
    }
  }

  Result<Done> InsertMemberships() {
    std::vector<std::size_t> joining;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (!Rejected(i) && outcomes_[i].status == EnrolmentStatus::kAccepted) {
        joining.push_back(i);
      }
    }
    std::sort(joining.begin(), joining.end(), [this](std::size_t a, std::size_t b) {
      return outcomes_[a].member < outcomes_[b].member;
    });
    ValueRows inserts(15);
    ValueRows credits(6);
    for (const std::size_t i : joining) {
      JARING_ASSIGN_OR_RETURN(Membership membership, NewMembership(i));
      if (auto& before = facts_[i].newest; before && !before->credit.is_zero()) {
        // Credit is the person's: the newest spell holds it.
        membership.credit = before->credit;
        before->credit = Money();
        AddMembershipUpdate(*before, credits);
      }
      AddMembershipRow(membership, inserts);
      if (membership.member.membership_seq == 1) {
        tally_.AddRegistered(CountedWith(membership), today_.month(), +1);
      }
    }
    JARING_RETURN_IF_ERROR(tx_.RunEach(sql::kUpdateMembership, credits));
    JARING_RETURN_IF_ERROR(tx_.RunEach(sql::kInsertMembership, inserts));
    return Done{};
  }

  Result<Membership> NewMembership(std::size_t i) {
    const Enrolment& row = rows_[i];
    const Trade* trade = FindTrade(agency_.scheme, row.trade);
    JARING_CHECK(trade != nullptr);
    Membership m;
    m.member = outcomes_[i].member;
    m.trade = row.trade;
    m.village_code = row.village_code;
    m.terms = {.programmes = row.programmes,
               .income = row.income,
               .sector = trade->sector,
               .payer = source_.group ? source_.group->payer : Payer::kSelf,
               .spell_first_month = {}};
    m.spell.acquired_on = today_;
    const DatedNumber* at_acquisition =
        FindNumber(agency_.scheme.parameters.group_starts_at_acquisition, today_.month());
    const bool brings_workers = source_.group && (source_.group->kind == GroupKind::kEmployer ||
                                                  source_.group->kind == GroupKind::kSponsor);
    if (brings_workers && at_acquisition != nullptr && at_acquisition->value == 1) {
      m.spell.start_rule = StartRule::kAcquisition;
    }
    const CohortBook::Key key{.branch_id = facts_[i].branch_id,
                              .regency_code = row.village_code / kVillagesPerRegency,
                              .sector = static_cast<std::int64_t>(trade->sector),
                              .group_id = source_.group ? source_.group->group_id : 0,
                              .door = static_cast<std::int64_t>(source_.door)};
    JARING_ASSIGN_OR_RETURN(m.cohort_id, cohorts_.FindOrCreate(tx_, key));
    return m;
  }

  Tx& tx_;
  const Agency& agency_;
  const EnrolmentSource& source_;
  std::span<const Enrolment> rows_;
  const Date today_;
  int key_version_ = 1;
  std::vector<EnrolmentOutcome> outcomes_;
  std::vector<Facts> facts_;
  std::vector<std::size_t> by_nik_;       // Rows that may go on, in the order of sealed NIKs.
  std::vector<std::size_t> by_likeness_;  // New people, in the order of likeness.
  std::vector<std::pair<std::size_t, std::int64_t>> look_alikes_;  // Row, other person.
  CohortBook cohorts_;
  CoverageTally tally_;
};

}  // namespace

std::vector<WarningWords> WordsOf(std::int64_t warnings) {
  std::vector<WarningWords> words;
  for (const NamedWarning& named : kNamedWarnings) {
    if ((warnings & Bit(named.warning)) != 0) {
      words.push_back(named.words);
    }
  }
  return words;
}

std::string_view DoorCode(Door door) {
  return kDoorCodes[static_cast<std::size_t>(door) - 1];
}

std::optional<Door> FindDoor(std::string_view code) {
  for (std::size_t i = 0; i < kDoorCodes.size(); ++i) {
    if (kDoorCodes[i] == code) {
      return static_cast<Door>(i + 1);
    }
  }
  return std::nullopt;
}

Result<std::vector<EnrolmentOutcome>> EnrolPeople(Tx& tx, const Agency& agency,
                                                  const EnrolmentSource& source,
                                                  std::span<const Enrolment> rows) {
  return EnrolmentSet(tx, agency, source, rows).Enrol();
}

}  // namespace jaring
