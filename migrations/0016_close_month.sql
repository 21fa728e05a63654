-- 0016: months are closed, and payments of a month come in at once.
--
-- Why:   journals that were reported must not change. After a month is closed what is told of it
--        late is booked on the first day of the month that is open; `closed_balance` is what each
--        account held at its end, so that `jaring verify` can see that it still does.
--        `jaring month` claims references first and posts by person afterwards: what it has come to
--        is in `month_run`, so that it can be killed anywhere and go on.
-- Needs: 0005.

CREATE TABLE closed_month (
  month      BIGINT NOT NULL PRIMARY KEY,  -- All days up to its end are closed.
  closed_at  BIGINT NOT NULL
) /* clustered */;

-- Balances at the end of a month, when it was closed. What is zero has no row.
CREATE TABLE closed_balance (
  month          BIGINT NOT NULL,
  partner_id     BIGINT NOT NULL,
  account        BIGINT NOT NULL,
  amount_rupiah  BIGINT NOT NULL,

  PRIMARY KEY (month, partner_id, account)
) /* clustered */;

-- Payments of a closed month: the day whose journal they stand in.
CREATE TABLE late_posting (
  person_id   BIGINT NOT NULL,
  payment_id  BIGINT NOT NULL,
  booked_on   BIGINT NOT NULL,

  PRIMARY KEY (person_id, payment_id)
) /* clustered */;

-- One run of `jaring month`. Payments are numbered from first_payment_id in the order of
-- members, and posted in that order.
CREATE TABLE month_run (
  month             BIGINT NOT NULL PRIMARY KEY,
  fingerprint       BYTEA  NOT NULL,  -- Keyed digest of those of the files.
  started_at        BIGINT NOT NULL,  -- What is posted is posted at this moment.
  attempt           BIGINT NOT NULL,  -- One more with each start: an earlier one may not write on.
  first_payment_id  BIGINT NOT NULL,
  payment_count     BIGINT NOT NULL,  -- Rows that may become payments.
  posted_payment_id BIGINT NOT NULL,  -- Payments up to this number are posted.
  finished_at       BIGINT
) /* clustered */;

-- What became of the rows of each file, as far as the run has come.
CREATE TABLE month_file (
  month      BIGINT NOT NULL,
  file       BIGINT NOT NULL,  -- Place among the files by partner and digest, from 0.
  posted     BIGINT NOT NULL,
  suspended  BIGINT NOT NULL,
  late       BIGINT NOT NULL,

  PRIMARY KEY (month, file)
) /* clustered */;

-- Payments of such a run whose person paid by another way between claim and posting: a person's
-- payments are numbered in the order of posting, so they got another number.
CREATE TABLE month_renumbered (
  claimed_payment_id  BIGINT NOT NULL PRIMARY KEY,
  payment_id          BIGINT NOT NULL
) /* clustered */;
