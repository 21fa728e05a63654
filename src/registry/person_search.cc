#include "registry/person_search.h"

#include <algorithm>

#include "base/text.h"
#include "registry/kept_person.h"
#include "registry/live_keys.h"
#include "registry/person_sql.h"
#include "registry/registry_sql.h"

namespace jaring {
namespace {

std::vector<std::string> WordsOfName(std::string_view name) {
  std::string folded = ToLower(name);
  for (char& c : folded) {
    const bool separates = c == '.' || c == ',' || c == '\t' || c == '-';
    c = separates ? ' ' : c;
  }
  std::vector<std::string> words;
  for (const std::string_view word : Split(folded, ' ')) {
    if (!word.empty()) {
      words.emplace_back(word);
    }
  }
  return words;
}

Result<std::vector<std::int64_t>> FindByName(Tx& tx, const PersonQuery& query) {
  const std::vector<std::string> words = WordsOfName(*query.name);
  const bool enough = std::any_of(words.begin(), words.end(),
                                  [](const std::string& word) { return word.size() >= 2; });
  if (!enough) {
    return Invalid("search.name_too_short");
  }
  std::vector<std::int64_t> found;
  const auto keep = [&](const Row& row) {
    if (NameMatches(row.Text(1), *query.name)) {
      found.push_back(row.Int(0));
    }
  };
  JARING_RETURN_IF_ERROR(
      query.birth_date ? tx.Query(sql::kFindPersonsByBirthDate, {query.birth_date->number()}, keep)
                       : tx.Query(sql::kFindPersonsByVillage, {*query.village_code}, keep));
  return found;
}

}  // namespace

bool NameMatches(std::string_view name, std::string_view query) {
  const std::vector<std::string> words = WordsOfName(name);
  const std::vector<std::string> asked = WordsOfName(query);
  return std::all_of(asked.begin(), asked.end(), [&](const std::string& start) {
    return std::any_of(words.begin(), words.end(),
                       [&](const std::string& word) { return word.starts_with(start); });
  });
}

namespace {

Result<std::vector<std::int64_t>> FindCandidates(Tx& tx, const Agency& agency,
                                                 const PersonQuery& query) {
  const bool by_name = query.name.has_value();
  const int ways = int{query.nik.has_value()} + int{query.phone.has_value()} +
                   int{query.member.has_value()} + int{by_name};
  const int with_name = int{query.birth_date.has_value()} + int{query.village_code.has_value()};
  if (ways != 1 || with_name != int{by_name}) {
    return Invalid("search.query_unclear");
  }
  if (by_name) {
    return FindByName(tx, query);
  }
  std::vector<std::int64_t> found;
  const auto keep = [&](const Row& row) { found.push_back(row.Int(0)); };
  if (query.member) {
    JARING_RETURN_IF_ERROR(
        tx.Query(sql::kListMembershipsOfPerson, {query.member->person_id}, [&](const Row& row) {
          if (row.Int(1) == query.member->membership_seq) {
            found.push_back(row.Int(0));
          }
        }));
    return found;
  }
  JARING_ASSIGN_OR_RETURN(const LiveKeys keys, FindLiveKeys(tx, agency.sealer));
  const std::string_view sql = query.nik ? sql::kFindPersonByNik : sql::kFindPersonsByPhone;
  for (const SealedBlock& sealed :
       SealWithEach(agency.sealer, keys, query.nik ? query.nik->Reveal() : *query.phone)) {
    JARING_RETURN_IF_ERROR(tx.Query(sql, {Bytes{View(sealed)}}, keep));
  }
  return found;
}

}  // namespace

Result<std::vector<std::int64_t>> FindPeople(Tx& tx, const Agency& agency,
                                             const PersonQuery& query) {
  JARING_ASSIGN_OR_RETURN(std::vector<std::int64_t> people, FindCandidates(tx, agency, query));
  for (std::int64_t& person_id : people) {
    JARING_ASSIGN_OR_RETURN(person_id, KeptPersonOf(tx, person_id));
  }
  std::sort(people.begin(), people.end());
  people.erase(std::unique(people.begin(), people.end()), people.end());
  return people;
}

}  // namespace jaring
