-- 0020: the counters of cohorts, added up by province and what people are and whom they pay with.
--
-- Why:   a province by sector or by door read some three thousand cohorts.
-- Needs: 0018. coverage_sum and closing_sum: dimension 5 is province, and sector and door.

INSERT INTO coverage_sum
SELECT 5, f.month, c.regency_code / 100, c.sector * 100 + c.door, SUM(f.registered), SUM(f.begun),
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
JOIN cohort c ON c.cohort_id = f.cohort_id
GROUP BY f.month, c.regency_code / 100, c.sector * 100 + c.door;

INSERT INTO closing_sum
SELECT 5, k.paid_through, c.regency_code / 100, c.sector * 100 + c.door, k.month, SUM(k.spells)
FROM closing_counter k JOIN cohort c ON c.cohort_id = k.cohort_id
WHERE k.paid_through <> 0
GROUP BY k.paid_through, c.regency_code / 100, c.sector * 100 + c.door, k.month;
