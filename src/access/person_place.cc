#include "access/person_place.h"

#include "access/access_sql.h"

namespace jaring {

Result<bool> ReachesPerson(Tx& tx, const Principal& who, std::int64_t person_id) {
  if (who.scope.kind == ScopeKind::kSelf) {
    return Reaches(who.scope, {.person_id = person_id});
  }
  Place place;
  bool found = false;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindPersonPlace, {person_id}, [&](const Row& row) {
    if (!found) {  // The newest membership comes first.
      place = {.person_id = person_id,
               .village_code = row.Int(0),
               .branch_id = row.Int(1),
               .group_id = row.Int(2)};
    }
    found = true;
  }));
  if (found && who.scope.kind == ScopeKind::kAgent) {
    JARING_RETURN_IF_ERROR(tx.Query(sql::kFindPersonAgent, {person_id, who.scope.id},
                                    [&](const Row&) { place.agent_id = who.scope.id; }));
  }
  return found && Reaches(who.scope, place);
}

Result<std::int64_t> BranchOfPerson(Tx& tx, std::int64_t person_id) {
  std::int64_t branch_id = 0;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindPersonPlace, {person_id}, [&](const Row& row) {
    branch_id = branch_id == 0 ? row.Int(1) : branch_id;  // The newest membership comes first.
  }));
  return branch_id;
}

Result<Done> NotePersonOfAgent(Tx& tx, std::int64_t person_id, std::int64_t user_id, Instant now) {
  JARING_RETURN_IF_ERROR(tx.Run(sql::kInsertPersonAgent, {person_id, user_id, now.micros()}));
  return Done{};
}

}  // namespace jaring
