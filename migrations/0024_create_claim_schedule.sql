-- 0024: what a claim gives again and again: a child's school years, the months of a treatment.
--
-- Why:   an instalment is a claim of its own, opened on its day. A schedule says which claim gave the
--        right and when the next day is; next_on and state follow from the claims there are, and are
--        kept to be found by day.
-- Needs: 0021. Who a child is lies sealed in the records of the claims.

CREATE TABLE claim_schedule (
  person_id    BIGINT NOT NULL,
  schedule_no  BIGINT NOT NULL,  -- 1, 2, …
  kind         BIGINT NOT NULL,  -- ClaimKind of its instalments.
  right_seq    BIGINT NOT NULL,  -- The claim of hers that gave the right.
  place        BIGINT NOT NULL,  -- Which child, in the order told; 0 where there is none.
  first_on     BIGINT NOT NULL,  -- Day of the first instalment;
  last_on      BIGINT NOT NULL,  -- none comes after this one.
  most         BIGINT NOT NULL,  -- So many are paid at most.
  next_on      BIGINT NOT NULL,
  state        BIGINT NOT NULL,  -- ScheduleState.

  PRIMARY KEY (person_id, schedule_no)
) /* clustered */;

CREATE INDEX claim_schedule_by_day ON claim_schedule (state, next_on, person_id, schedule_no);

CREATE TABLE claim_instalment (
  person_id      BIGINT NOT NULL,
  schedule_no    BIGINT NOT NULL,
  instalment_no  BIGINT NOT NULL,  -- The month, or the school year, from 1.
  claim_seq      BIGINT NOT NULL,

  PRIMARY KEY (person_id, schedule_no, instalment_no)
) /* clustered */;
