-- 0005: money: payments, the months they bought, and the daily journals.
--
-- Why:   payments and contributions are only added; a correction is a reversing row. Everything
--        else about money is a sum of these.
-- Needs: 0004.

CREATE TABLE payment (
  person_id      BIGINT NOT NULL,  -- 0: nobody yet, the money is in suspense.
  payment_id     BIGINT NOT NULL,
  partner_id     BIGINT NOT NULL,
  reference      TEXT   NOT NULL,
  kind           BIGINT NOT NULL,  -- 1 payment, 2 reversal, 3 placed out of suspense.
  amount_rupiah  BIGINT NOT NULL,  -- Negative for a reversal.
  paid_at        BIGINT NOT NULL,  -- When it holds.
  posted_at      BIGINT NOT NULL,  -- When we knew.
  channel        TEXT   NOT NULL,
  of_payment_id  BIGINT,           -- What a reversal or a placement is of.

  PRIMARY KEY (person_id, payment_id),
  CONSTRAINT payment_kind_is_known CHECK (kind BETWEEN 1 AND 3)
) /* clustered */;

-- Each partner's reference counts once.
CREATE TABLE payment_reference (
  partner_id     BIGINT NOT NULL,
  reference      TEXT   NOT NULL,
  kind           BIGINT NOT NULL,
  payment_id     BIGINT NOT NULL,
  person_id      BIGINT NOT NULL,
  amount_rupiah  BIGINT NOT NULL,

  PRIMARY KEY (partner_id, reference, kind)
) /* clustered */;

-- Money nobody could place, with the reason; placed_payment_id once somebody has.
CREATE TABLE suspense (
  payment_id         BIGINT NOT NULL PRIMARY KEY,
  reason             TEXT   NOT NULL,  -- A rule id.
  bill_code          TEXT   NOT NULL,  -- As the partner sent it; a NIK is stored masked.
  amount_rupiah      BIGINT NOT NULL,
  placed_payment_id  BIGINT
);

-- Months bought in one go: a run within one membership. A reversing row has months and amounts
-- negated and names what it reverses.
CREATE TABLE contribution (
  person_id        BIGINT NOT NULL,
  contribution_id  BIGINT NOT NULL,
  membership_seq   BIGINT NOT NULL,
  payment_id       BIGINT NOT NULL,
  first_month      BIGINT NOT NULL,
  months           BIGINT NOT NULL,
  jkk_rupiah       BIGINT NOT NULL,
  jkm_rupiah       BIGINT NOT NULL,
  jht_rupiah       BIGINT NOT NULL,
  posted_at        BIGINT NOT NULL,
  reverses_id      BIGINT,

  PRIMARY KEY (person_id, contribution_id)
) /* clustered */;

-- Daily journals: one per partner and business day (the day of payment in Asia/Jakarta); debit
-- positive, credit negative; each journal sums to zero.
CREATE TABLE journal_line (
  business_day   BIGINT NOT NULL,
  partner_id     BIGINT NOT NULL,
  account        BIGINT NOT NULL,  -- Account.
  amount_rupiah  BIGINT NOT NULL,

  PRIMARY KEY (business_day, partner_id, account)
) /* clustered */;
