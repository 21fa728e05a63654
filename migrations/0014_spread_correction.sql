-- 0014: a unique key of corrections that goes with the person.
--
-- Why:   a table that grows with people has the person in each of its unique keys, so that it can
--        lie on many machines by person. change_id comes from a sequence and is unique by that.
-- Needs: 0012. SQLite cannot drop a constraint, so the table is made anew.

CREATE TABLE spread_correction (
  person_id      BIGINT NOT NULL,
  correction_id  BIGINT NOT NULL,
  change_id      BIGINT NOT NULL,  -- One for each row: keys are rotated by it.
  field          BIGINT NOT NULL,  -- CorrectedField.
  from_sealed    BYTEA  NOT NULL,
  to_sealed      BYTEA  NOT NULL,
  reason         TEXT   NOT NULL,
  applied_at     BIGINT NOT NULL,

  PRIMARY KEY (person_id, correction_id, field)
) /* clustered */;

INSERT INTO spread_correction (person_id, correction_id, change_id, field, from_sealed, to_sealed,
                               reason, applied_at)
SELECT person_id, correction_id, change_id, field, from_sealed, to_sealed, reason, applied_at
FROM person_correction ORDER BY person_id, correction_id, field;

DROP TABLE person_correction;
ALTER TABLE spread_correction RENAME TO person_correction;

CREATE INDEX person_correction_by_change ON person_correction (change_id);
