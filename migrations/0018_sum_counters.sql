-- 0018: the counters of cohorts, added up over the nation by where people are, what they are, and
--        whom they pay with; and of each cohort one row for all months together.
--
-- Why:   a question over everybody read every counter there is: a million rows with a tenth of the
--        nation. A question now reads the months from just before the one asked about, and the row
--        of all months, month 0: states follow from the end as well as from the beginning.
-- Needs: 0006, 0007.

-- The months of a dimension lie together: what is paid on one day changes few pages.
CREATE TABLE coverage_sum (
  dimension        BIGINT NOT NULL,  -- SumDimension: 1 place, 2 kind, 3 group.
  month            BIGINT NOT NULL,  -- 0: all months; its money is not summed.
  first_value      BIGINT NOT NULL,  -- Regency; sector; group.
  second_value     BIGINT NOT NULL,  -- Branch; door; 0.
  registered       BIGINT NOT NULL,  -- From here as in coverage_counter.
  begun            BIGINT NOT NULL,
  paid_through     BIGINT NOT NULL,
  restarted        BIGINT NOT NULL,
  ended            BIGINT NOT NULL,  -- Closed in the month, less those that joined again.
  closed           BIGINT NOT NULL,  -- Of them, spells with months: they left another state.
  months_bought    BIGINT NOT NULL,
  received_rupiah  BIGINT NOT NULL,

  PRIMARY KEY (dimension, month, first_value, second_value)
) /* clustered */;

CREATE TABLE closing_sum (
  dimension     BIGINT NOT NULL,
  paid_through  BIGINT NOT NULL,  -- Last month bought by the spells closed.
  first_value   BIGINT NOT NULL,
  second_value  BIGINT NOT NULL,
  month         BIGINT NOT NULL,  -- In which they were closed.
  spells        BIGINT NOT NULL,

  PRIMARY KEY (dimension, paid_through, first_value, second_value, month)
) /* clustered */;

INSERT INTO coverage_counter
  (cohort_id, month, registered, begun, paid_through, restarted, months_bought, received_rupiah)
SELECT cohort_id, 0, SUM(registered), SUM(begun), SUM(paid_through), SUM(restarted), 0, 0
FROM coverage_counter GROUP BY cohort_id;

-- Which sums are kept; the program writes the same (src/ledger/coverage_sums.cc).
CREATE TABLE kept_sum AS
SELECT cohort_id, 1 AS dimension, regency_code AS first_value, branch_id AS second_value FROM cohort
UNION ALL SELECT cohort_id, 2, sector, door FROM cohort
UNION ALL SELECT cohort_id, 3, group_id, 0 FROM cohort WHERE group_id <> 0;

INSERT INTO coverage_sum
SELECT s.dimension, f.month, s.first_value, s.second_value, SUM(f.registered), SUM(f.begun),
       SUM(f.paid_through), SUM(f.restarted), SUM(f.ended), SUM(f.closed), SUM(f.months_bought),
       SUM(f.received_rupiah)
FROM (SELECT cohort_id, month, registered, begun, paid_through, restarted, 0 AS ended, 0 AS closed,
             months_bought, received_rupiah
      FROM coverage_counter
      UNION ALL
      SELECT cohort_id, month, 0, 0, 0, 0, spells,
             CASE WHEN paid_through = 0 THEN 0 ELSE spells END, 0, 0
      FROM closing_counter
      UNION ALL
      SELECT cohort_id, 0, 0, 0, 0, 0, spells,
             CASE WHEN paid_through = 0 THEN 0 ELSE spells END, 0, 0
      FROM closing_counter) AS f
JOIN kept_sum s ON s.cohort_id = f.cohort_id
GROUP BY s.dimension, f.month, s.first_value, s.second_value;

INSERT INTO closing_sum
SELECT s.dimension, k.paid_through, s.first_value, s.second_value, k.month, SUM(k.spells)
FROM closing_counter k JOIN kept_sum s ON s.cohort_id = k.cohort_id
WHERE k.paid_through <> 0
GROUP BY s.dimension, k.paid_through, s.first_value, s.second_value, k.month;

DROP TABLE kept_sum;
