-- 0007: who closed which membership when and why; the spells that leave the counters by it.
--
-- Why:   cover asked "as known at" an instant must not know of an end told later; and a spell closed
--        while paid leaves another state than one closed after, so both months are counted.
-- Needs: 0004, 0006. Takes the place of coverage_counter.closed, which nothing ever filled.

CREATE TABLE membership_end (
  person_id       BIGINT NOT NULL,
  membership_seq  BIGINT NOT NULL,  -- The newest when it was told.
  ended_on        BIGINT NOT NULL,  -- The first day without cover.
  reason          BIGINT NOT NULL,  -- EndReason.
  recorded_at     BIGINT NOT NULL,  -- Microseconds since 1970, UTC.

  PRIMARY KEY (person_id, membership_seq)
) /* clustered */;

CREATE TABLE closing_counter (
  cohort_id     BIGINT NOT NULL,
  month         BIGINT NOT NULL,
  paid_through  BIGINT NOT NULL,  -- Last month bought by the spells closed; 0: see CoverageTally.
  spells        BIGINT NOT NULL,

  PRIMARY KEY (cohort_id, month, paid_through)
) /* clustered */;

ALTER TABLE coverage_counter DROP COLUMN closed;
