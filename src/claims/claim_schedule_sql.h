#pragma once

#include <array>
#include <string_view>

namespace jaring::sql {

inline constexpr std::string_view kListSchedulesOfPerson = R"sql(
SELECT person_id, schedule_no, kind, right_seq, place, first_on, last_on, most, next_on, state
FROM claim_schedule WHERE person_id = $1 ORDER BY schedule_no
)sql";

// Those whose day has come, the oldest first, after a place in that order.
inline constexpr std::string_view kListDueSchedules = R"sql(
SELECT person_id, schedule_no, kind, right_seq, place, first_on, last_on, most, next_on, state
FROM claim_schedule
WHERE state = $1 AND next_on <= $2 AND (next_on, person_id, schedule_no) > ($3, $4, $5)
ORDER BY next_on, person_id, schedule_no LIMIT $6
)sql";

inline constexpr std::string_view kInsertSchedule = R"sql(
INSERT INTO claim_schedule (person_id, schedule_no, kind, right_seq, place, first_on, last_on, most,
                            next_on, state)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
)sql";

inline constexpr std::string_view kUpdateSchedule = R"sql(
UPDATE claim_schedule SET next_on = $3, state = $4 WHERE person_id = $1 AND schedule_no = $2
)sql";

inline constexpr std::string_view kListInstalmentsOfPerson = R"sql(
SELECT schedule_no, instalment_no, claim_seq FROM claim_instalment
WHERE person_id = $1 ORDER BY schedule_no, instalment_no
)sql";

inline constexpr std::string_view kInsertInstalment = R"sql(
INSERT INTO claim_instalment (person_id, schedule_no, instalment_no, claim_seq)
VALUES ($1, $2, $3, $4)
)sql";

inline constexpr std::array kScheduleStatements = {kListSchedulesOfPerson,   kListDueSchedules,
                                                   kInsertSchedule,          kUpdateSchedule,
                                                   kListInstalmentsOfPerson, kInsertInstalment};

}  // namespace jaring::sql
