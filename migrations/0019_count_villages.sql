-- 0019: the counters of cohorts by village too, and what takes people out of cover by its cause.
--
-- Why:   figures are wanted down to the village, and with each lapse who had paid, and for how long.
--        A membership keeps the village in which it was begun, as its cohort keeps the regency.
-- Needs: 0006, 0007, 0012, 0018. It rewrites every membership, and for a while keeps a copy of all
--        that have months: free room of some four times that table.

ALTER TABLE membership ADD COLUMN village_code BIGINT NOT NULL DEFAULT 0;

-- Who has moved since, or joined again elsewhere, is counted in a regency in which her village is
-- not known: the first code of that regency, which no village has.
UPDATE membership SET village_code = COALESCE(
  (SELECT CASE WHEN p.village_code / 1000000 = c.regency_code THEN p.village_code
               ELSE c.regency_code * 1000000 END
   FROM cohort c LEFT JOIN person p ON p.person_id = membership.person_id
   WHERE c.cohort_id = membership.cohort_id), 0);

-- A village's months lie together: a payment changes one page, a question about a district reads
-- those of its villages.
CREATE TABLE village_counter (
  village_code     BIGINT NOT NULL,
  month            BIGINT NOT NULL,  -- 0: all months.
  registered       BIGINT NOT NULL,  -- From here as in coverage_sum.
  begun            BIGINT NOT NULL,
  paid_through     BIGINT NOT NULL,
  restarted        BIGINT NOT NULL,
  ended            BIGINT NOT NULL,
  closed           BIGINT NOT NULL,
  months_bought    BIGINT NOT NULL,
  received_rupiah  BIGINT NOT NULL,

  PRIMARY KEY (village_code, month)
) /* clustered */;

CREATE TABLE village_closing (
  village_code  BIGINT NOT NULL,
  paid_through  BIGINT NOT NULL,  -- From here as in closing_sum.
  month         BIGINT NOT NULL,
  spells        BIGINT NOT NULL,

  PRIMARY KEY (village_code, paid_through, month)
) /* clustered */;

-- What follows counts what is there as the program does (src/registry/membership.cc TallySpell,
-- src/collection/life.cc). Each spell with months, and the one that follows it: of the same human,
-- who may be several persons.
CREATE TABLE old_spell AS
SELECT s.*,
       LEAD(s.person_id) OVER w AS next_person_id,
       LEAD(s.first_month) OVER w AS next_first_month,
       LEAD(s.acquired_on) OVER w AS next_acquired_on
FROM (SELECT m.person_id, m.membership_seq, m.village_code, m.cohort_id, m.payer, m.acquired_on,
             m.first_month, m.paid_through, m.ended_on,
             COALESCE(o.kept_person_id, m.person_id) AS human,
             MAX(m.first_month) OVER (PARTITION BY m.person_id ORDER BY m.membership_seq) AS place,
             (m.paid_through / 100 - m.first_month / 100) * 12
               + m.paid_through % 100 - m.first_month % 100 + 1 AS months
      FROM membership m LEFT JOIN merged_person o ON o.person_id = m.person_id
      WHERE m.first_month IS NOT NULL) AS s
WINDOW w AS (PARTITION BY s.human ORDER BY s.place, s.person_id, s.membership_seq);

-- The month each spell is closed in, or NULL.
CREATE TABLE old_closing AS
SELECT c.person_id, c.village_code, c.cohort_id, c.payer, c.months, c.paid_through,
       c.next_person_id, c.next_first_month,
       CASE WHEN c.next_person_id <> c.person_id THEN
              CASE WHEN c.ended_in < c.next_first_month THEN c.ended_in ELSE c.next_first_month END
            WHEN c.ended_in IS NOT NULL AND (c.next_person_id IS NULL
                 OR (c.ended_in <= c.next_first_month AND c.ended_on <= c.next_acquired_on)) THEN
              c.ended_in
       END AS closed_in
FROM (SELECT s.*, CASE WHEN s.ended_on / 100 < s.first_month THEN s.first_month
                       ELSE s.ended_on / 100 END AS ended_in
      FROM old_spell s) AS c;

-- Money by the day of payment, in days since the year 0; then by its month.
CREATE TABLE old_money AS
SELECT m.village_code, (y.paid_at + 25200000000) / 86400000000 + 719468 AS day,
       SUM(c.months) AS months, SUM(c.jkk_rupiah + c.jkm_rupiah + c.jht_rupiah) AS rupiah
FROM contribution c
JOIN membership m ON m.person_id = c.person_id AND m.membership_seq = c.membership_seq
JOIN (SELECT person_id, payment_id, paid_at FROM payment WHERE person_id <> 0
      UNION ALL SELECT person_id, payment_id, paid_at FROM credit_move) AS y
  ON y.person_id = c.person_id AND y.payment_id = c.payment_id
GROUP BY m.village_code, (y.paid_at + 25200000000) / 86400000000;

CREATE TABLE old_count AS
SELECT village_code, acquired_on / 100 AS month, 1 AS registered, 0 AS begun, 0 AS paid_through,
       0 AS restarted, 0 AS ended, 0 AS closed, 0 AS months_bought, 0 AS received_rupiah
FROM (SELECT m.village_code, m.acquired_on,
             ROW_NUMBER() OVER (PARTITION BY COALESCE(o.kept_person_id, m.person_id)
                                ORDER BY m.acquired_on, m.person_id) AS place
      FROM membership m LEFT JOIN merged_person o ON o.person_id = m.person_id
      WHERE m.membership_seq = 1) AS f
WHERE place = 1
UNION ALL
SELECT village_code, first_month, 0, 1, 0, 0, 0, 0, 0, 0 FROM old_spell
UNION ALL
SELECT village_code, paid_through, 0, 0, 1, 0, 0, 0, 0, 0 FROM old_spell
UNION ALL
SELECT village_code, next_first_month, 0, 0, 0, 1, 0, 0, 0, 0 FROM old_closing
WHERE next_person_id = person_id AND closed_in IS NULL
UNION ALL
SELECT village_code, closed_in, 0, 0, 0, 0, 1, 1, 0, 0 FROM old_closing
WHERE closed_in IS NOT NULL
UNION ALL
SELECT village_code, next_first_month, 0, 0, 0, 0, -1, 0, 0, 0 FROM old_closing
WHERE closed_in IS NOT NULL AND next_person_id IS NOT NULL
UNION ALL
SELECT village_code,
       (year_of_era + era * 400 + CASE WHEN place >= 10 THEN 1 ELSE 0 END) * 100
         + place + CASE WHEN place < 10 THEN 3 ELSE -9 END, 0, 0, 0, 0, 0, 0, months, rupiah
FROM (SELECT d.*, (5 * (day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100)) + 2)
                    / 153 AS place  -- Months since March.
      FROM (SELECT c.*, (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096)
                          / 365 AS year_of_era
            FROM (SELECT o.*, o.day / 146097 AS era, o.day % 146097 AS day_of_era
                  FROM old_money o) AS c) AS d) AS e;

INSERT INTO village_counter
SELECT village_code, month, SUM(registered), SUM(begun), SUM(paid_through), SUM(restarted),
       SUM(ended), SUM(closed), SUM(months_bought), SUM(received_rupiah)
FROM old_count GROUP BY village_code, month;

INSERT INTO village_counter
SELECT village_code, 0, SUM(registered), SUM(begun), SUM(paid_through), SUM(restarted),
       SUM(ended), SUM(closed), 0, 0
FROM village_counter GROUP BY village_code;

INSERT INTO village_closing
SELECT village_code, paid_through, closed_in, COUNT(*) FROM old_closing
WHERE closed_in IS NOT NULL GROUP BY village_code, paid_through, closed_in;

-- Causes: src/ledger/leaving_cause.h.
CREATE TABLE old_leaving AS
SELECT c.regency_code, s.paid_through, s.closed_in,
       c.branch_id * 100 + s.payer * 10
         + CASE WHEN s.months <= 1 THEN 1 WHEN s.months <= 2 THEN 2 WHEN s.months <= 3 THEN 3
                WHEN s.months <= 6 THEN 4 WHEN s.months <= 12 THEN 5 WHEN s.months <= 24 THEN 6
                ELSE 7 END AS cause
FROM old_closing s JOIN cohort c ON c.cohort_id = s.cohort_id;

INSERT INTO coverage_sum
SELECT 4, paid_through, regency_code, cause, 0, 0, COUNT(*), 0, 0, 0, 0, 0
FROM old_leaving GROUP BY paid_through, regency_code, cause;

INSERT INTO closing_sum
SELECT 4, paid_through, regency_code, cause, closed_in, COUNT(*)
FROM old_leaving WHERE closed_in IS NOT NULL GROUP BY paid_through, regency_code, cause, closed_in;

INSERT INTO coverage_sum
SELECT 4, e.ended_on / 100, c.regency_code, c.branch_id * 100 + 50 + e.reason, 0, 0, 0, 0, COUNT(*),
       0, 0, 0
FROM membership_end e
JOIN membership m ON m.person_id = e.person_id AND m.membership_seq = e.membership_seq
JOIN cohort c ON c.cohort_id = m.cohort_id
GROUP BY e.ended_on / 100, c.regency_code, c.branch_id, e.reason;

DROP TABLE old_spell;
DROP TABLE old_closing;
DROP TABLE old_money;
DROP TABLE old_count;
DROP TABLE old_leaving;
