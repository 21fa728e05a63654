-- The plain way to post a month of payments on PostgreSQL, that `jaring month` is measured against:
-- all files into a staging table, then a statement for each table, in one transaction.
--
-- usage: psql -v ON_ERROR_STOP=1 -v copies=FILE -f month_postgres.sql DATABASE
-- FILE has one \copy for each payment file; see bench/nation_plain.py. It prints how many it took.
--
-- The table `bill` is there before: what each member's payment buys, as `jaring month` reckoned it.
-- Left out, all of it in favour of this way: the tariff, check digits of bill codes, merged people,
-- suspense, reversals, rows with mistakes and the report of what became of each file, payments of a
-- closed month, closing the month with its balances, audit trail, going on after a crash, counters
-- of villages and of the causes of leaving.

BEGIN;

-- UNLOGGED: neither table goes through the log.
CREATE UNLOGGED TABLE staging (
  partner_id  bigint    NOT NULL,
  bill_code   text      NOT NULL,
  amount      bigint    NOT NULL,
  paid_at     timestamp NOT NULL,
  reference   text      NOT NULL,
  channel     text      NOT NULL,
  person_id   bigint    GENERATED ALWAYS AS (bill_code::bigint / 1000) STORED,
  seq         bigint    GENERATED ALWAYS AS (bill_code::bigint / 10 % 100) STORED
);
\i :copies
ANALYZE staging;

SELECT next_value AS payment FROM sequence WHERE name = 'payment' FOR UPDATE \gset
SELECT next_value AS contribution FROM sequence WHERE name = 'contribution' FOR UPDATE \gset

-- Known, not ended, reference not seen; with all that is written below.
CREATE UNLOGGED TABLE accepted AS
SELECT :payment - 1 + row_number() OVER by_person AS payment_id,
       CASE WHEN b.months > 0 THEN :contribution - 1 + count(*) FILTER (WHERE b.months > 0)
         OVER by_person END AS contribution_id,
       s.person_id, s.seq, s.partner_id, s.reference, s.amount, s.channel,
       (extract(epoch FROM s.paid_at AT TIME ZONE 'Asia/Jakarta') * 1000000)::bigint AS paid_at,
       to_char(s.paid_at, 'YYYYMMDD')::bigint AS business_day,
       m.cohort_id, m.paid_through AS paid_before,
       CASE WHEN m.paid_through % 100 = 12 THEN m.paid_through + 89 ELSE m.paid_through + 1 END
         AS first_month,
       b.months, b.paid_through, b.jkk, b.jkm, b.jht, b.jkk + b.jkm + b.jht AS bought, b.credit
FROM staging s
JOIN membership m ON m.person_id = s.person_id AND m.membership_seq = s.seq
JOIN bill b ON b.person_id = s.person_id
WHERE m.ended_on IS NULL
  AND NOT EXISTS (SELECT FROM payment_reference r WHERE r.partner_id = s.partner_id
                  AND r.reference = s.reference AND r.kind = 1)
WINDOW by_person AS (ORDER BY s.person_id ROWS UNBOUNDED PRECEDING)
ORDER BY s.person_id;
ANALYZE accepted;

INSERT INTO payment_reference
  (partner_id, reference, kind, payment_id, person_id, amount_rupiah)
SELECT partner_id, reference, 1, payment_id, person_id, amount
FROM accepted ORDER BY partner_id, reference;

INSERT INTO payment
  (person_id, payment_id, partner_id, reference, kind, amount_rupiah, paid_at, posted_at, channel)
SELECT person_id, payment_id, partner_id, reference, 1, amount, paid_at,
       (extract(epoch FROM now()) * 1000000)::bigint, channel
FROM accepted ORDER BY person_id;

INSERT INTO contribution
  (person_id, contribution_id, membership_seq, payment_id, first_month, months, jkk_rupiah,
   jkm_rupiah, jht_rupiah, posted_at)
SELECT person_id, contribution_id, seq, payment_id, first_month, months, jkk, jkm, jht,
       (extract(epoch FROM now()) * 1000000)::bigint
FROM accepted WHERE months > 0 ORDER BY person_id;

UPDATE membership m SET paid_through = a.paid_through, credit_rupiah = a.credit
FROM accepted a WHERE m.person_id = a.person_id AND m.membership_seq = a.seq;

INSERT INTO journal_line (business_day, partner_id, account, amount_rupiah)
SELECT a.business_day, a.partner_id, l.account, sum(l.rupiah)
FROM (SELECT business_day, partner_id, sum(amount) AS amount, sum(jkk) AS jkk, sum(jkm) AS jkm,
             sum(jht) AS jht, sum(bought) - sum(amount) AS unspent
      FROM accepted GROUP BY business_day, partner_id) a
CROSS JOIN LATERAL (VALUES (1100, a.amount), (4100, -a.jkk), (4200, -a.jkm), (2300, -a.jht),
                           (2400, a.unspent)) AS l (account, rupiah)
WHERE l.rupiah <> 0
GROUP BY a.business_day, a.partner_id, l.account
ON CONFLICT (business_day, partner_id, account)
DO UPDATE SET amount_rupiah = journal_line.amount_rupiah + excluded.amount_rupiah;

CREATE TEMPORARY TABLE counted ON COMMIT DROP AS
SELECT cohort_id, month, sum(paid_through) AS paid_through, sum(months) AS months,
       sum(rupiah) AS rupiah
FROM (SELECT cohort_id, paid_before AS month, -count(*) AS paid_through, 0 AS months, 0 AS rupiah
      FROM accepted WHERE months > 0 GROUP BY cohort_id, paid_before
      UNION ALL
      SELECT cohort_id, paid_through, count(*), 0, 0
      FROM accepted WHERE months > 0 GROUP BY cohort_id, paid_through
      UNION ALL
      SELECT cohort_id, business_day / 100, 0, sum(months), sum(bought)
      FROM accepted WHERE months > 0 GROUP BY cohort_id, business_day / 100) changes
GROUP BY cohort_id, month;

INSERT INTO coverage_counter AS c
  (cohort_id, month, registered, begun, paid_through, restarted, months_bought, received_rupiah)
SELECT cohort_id, month, 0, 0, paid_through, 0, months, rupiah FROM counted
ON CONFLICT (cohort_id, month) DO UPDATE SET
  paid_through = c.paid_through + excluded.paid_through,
  months_bought = c.months_bought + excluded.months_bought,
  received_rupiah = c.received_rupiah + excluded.received_rupiah;

INSERT INTO coverage_sum AS c
  (dimension, month, first_value, second_value, registered, begun, paid_through, restarted, ended,
   closed, months_bought, received_rupiah)
SELECT k.dimension, n.month, k.first_value, k.second_value, 0, 0, sum(n.paid_through), 0, 0, 0,
       sum(n.months), sum(n.rupiah)
FROM counted n
JOIN cohort h ON h.cohort_id = n.cohort_id
CROSS JOIN LATERAL (VALUES (1, h.regency_code, h.branch_id), (2, h.sector, h.door),
                           (3, h.group_id, 0)) AS k (dimension, first_value, second_value)
WHERE k.dimension < 3 OR k.first_value <> 0
GROUP BY k.dimension, n.month, k.first_value, k.second_value
ON CONFLICT (dimension, month, first_value, second_value) DO UPDATE SET
  paid_through = c.paid_through + excluded.paid_through,
  months_bought = c.months_bought + excluded.months_bought,
  received_rupiah = c.received_rupiah + excluded.received_rupiah;

UPDATE sequence SET next_value = (SELECT max(payment_id) + 1 FROM accepted)
WHERE name = 'payment';
UPDATE sequence SET next_value = (SELECT max(contribution_id) + 1 FROM accepted)
WHERE name = 'contribution';

SELECT count(*) FROM accepted;
DROP TABLE staging, accepted;
COMMIT;
