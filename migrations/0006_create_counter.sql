-- 0006: what the dashboard counts, by cohort and month.
--
-- Why:   a spell is one run of months, so states on any month follow from how many runs begin and
--        end in each: active = begun - ended before, and so on. Kept sums, recomputed by verify.
-- Needs: 0004.

CREATE TABLE coverage_counter (
  cohort_id        BIGINT NOT NULL,
  month            BIGINT NOT NULL,
  registered       BIGINT NOT NULL,  -- People whose first membership was acquired in the month.
  begun            BIGINT NOT NULL,  -- Spells whose first bought month this is.
  paid_through     BIGINT NOT NULL,  -- Spells whose last bought month this is.
  restarted        BIGINT NOT NULL,  -- Spells followed by a new spell that begins in the month.
  closed           BIGINT NOT NULL,  -- Spells closed by an event in the month.
  months_bought    BIGINT NOT NULL,  -- Bought by payments of the month (day of payment).
  received_rupiah  BIGINT NOT NULL,  -- Contributions bought by payments of the month.

  PRIMARY KEY (cohort_id, month)
) /* clustered */;
