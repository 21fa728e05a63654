#include "registry/person_phone.h"

#include <algorithm>

#include "registry/kept_person.h"
#include "registry/live_keys.h"
#include "registry/registry_sql.h"

namespace jaring {

Result<std::optional<std::int64_t>> FindPersonByNik(Tx& tx, const Agency& agency, const Nik& nik) {
  std::optional<std::int64_t> person_id;
  const auto find = [&](const SealedBlock& sealed) {
    return tx.Query(sql::kFindPersonByNik, {Bytes{View(sealed)}},
                    [&](const Row& row) { person_id = row.Int(0); });
  };
  const SealedBlock sealed = agency.sealer.Seal(nik.Reveal());
  JARING_RETURN_IF_ERROR(find(sealed));
  if (!person_id) {
    // Only who is not found is worth asking for other versions of the key.
    JARING_ASSIGN_OR_RETURN(const LiveKeys keys, FindLiveKeys(tx, agency.sealer));
    for (const SealedBlock& other : SealWithEach(agency.sealer, keys, nik.Reveal())) {
      if (!person_id && !(other == sealed)) {
        JARING_RETURN_IF_ERROR(find(other));
      }
    }
  }
  if (person_id) {
    JARING_ASSIGN_OR_RETURN(person_id, KeptPersonOf(tx, *person_id));
  }
  return person_id;
}

Result<std::optional<PersonContact>> FindPersonContact(Tx& tx, const Sealer& sealer,
                                                       std::int64_t person_id) {
  std::optional<PersonContact> found;
  std::string sealed;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindPerson, {person_id}, [&](const Row& row) {
    found = PersonContact{.person_id = person_id,
                          .name = std::string(row.Text(0)),
                          .birth_date = *Date::ParseNumber(row.Int(1)),
                          .language = std::string(row.Text(5))};
    sealed = row.Blob(4);
  }));
  if (found && !sealed.empty()) {
    JARING_ASSIGN_OR_RETURN(found->phone, sealer.Unseal(sealed));
  }
  return found;
}

Result<std::vector<PersonContact>> FindPeopleByPhone(Tx& tx, const Sealer& sealer,
                                                     const std::string& phone) {
  std::vector<std::int64_t> ids;
  // While a key is being rotated a family may be sealed with two versions.
  JARING_ASSIGN_OR_RETURN(const LiveKeys keys, FindLiveKeys(tx, sealer));
  for (const SealedBlock& sealed : SealWithEach(sealer, keys, phone)) {
    JARING_RETURN_IF_ERROR(tx.Query(sql::kFindPeopleByPhone, {Bytes{View(sealed)}},
                                    [&](const Row& row) { ids.push_back(row.Int(0)); }));
  }
  for (std::int64_t& id : ids) {
    JARING_ASSIGN_OR_RETURN(id, KeptPersonOf(tx, id));
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::vector<PersonContact> people;
  for (const std::int64_t person_id : ids) {
    JARING_ASSIGN_OR_RETURN(const auto person, FindPersonContact(tx, sealer, person_id));
    if (person) {
      people.push_back(*person);
    }
  }
  return people;
}

Result<Done> ChangePhone(Tx& tx, const Sealer& sealer, std::int64_t person_id,
                         const std::string& phone) {
  JARING_ASSIGN_OR_RETURN(const LiveKeys keys, FindLiveKeys(tx, sealer));
  const SealedBlock sealed = sealer.Seal(phone, keys.current);
  JARING_ASSIGN_OR_RETURN(const auto person, FindPersonContact(tx, sealer, person_id));
  if (person && !person->phone.empty()) {
    for (const SealedBlock& old : SealWithEach(sealer, keys, person->phone)) {
      JARING_RETURN_IF_ERROR(tx.Run(sql::kRemovePhone, {Bytes{View(old)}, person_id}));
    }
  }
  JARING_ASSIGN_OR_RETURN(const std::int64_t changed,
                          tx.Run(sql::kSetPhone, {person_id, Bytes{View(sealed)}}));
  if (changed != 1) {
    return NotFound("member.unknown");
  }
  JARING_RETURN_IF_ERROR(tx.Run(sql::kInsertPersonPhone, {Bytes{View(sealed)}, person_id}));
  return Done{};
}

}  // namespace jaring
