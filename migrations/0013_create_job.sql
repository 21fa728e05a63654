-- 0013: uploaded lists and payment files as jobs, and indexes to find people by.
--
-- Why:   a large file is taken in while its sender does something else; it shows how far it is, what
--        it refused, and goes on after the server was stopped. A person is found at a counter by her
--        name with her birth date or her village.
-- Needs: 0001 (sequence), 0003, 0004.

CREATE TABLE job (
  job_id        BIGINT NOT NULL PRIMARY KEY,
  kind          BIGINT NOT NULL,  -- JobKind: 1 enrolment, 2 payments.
  state         BIGINT NOT NULL,  -- JobState.
  dry_run       BIGINT NOT NULL,  -- 1: everything is tried, nothing is kept.
  group_id      BIGINT NOT NULL,  -- Who brings the people; 0: nobody.
  branch_id     BIGINT NOT NULL,  -- 0: the group's, or that of the village.
  partner_id    BIGINT NOT NULL,  -- Who brings the money; 0 for people.
  actor_kind    BIGINT NOT NULL,  -- Who asked for it, in which role.
  actor_id      BIGINT NOT NULL,
  role          BIGINT NOT NULL,
  scope_kind    BIGINT NOT NULL,
  scope_id      BIGINT NOT NULL,
  device_id     BIGINT NOT NULL,
  request_id    TEXT   NOT NULL,
  created_at    BIGINT NOT NULL,
  started_at    BIGINT,           -- Of the latest start.
  seen_at       BIGINT,           -- When its server was last at it.
  finished_at   BIGINT,
  starts        BIGINT NOT NULL,  -- More than one: it was interrupted and began again.
  server        TEXT   NOT NULL,  -- Which server runs it; '' while none does.
  total_bytes   BIGINT NOT NULL,
  done_bytes    BIGINT NOT NULL,
  row_count     BIGINT NOT NULL,
  accepted      BIGINT NOT NULL,
  repeated      BIGINT NOT NULL,
  rejected      BIGINT NOT NULL,
  suspended     BIGINT NOT NULL,
  warned        BIGINT NOT NULL,
  cancelled     BIGINT NOT NULL,  -- 1: somebody asked for it to stop.
  failure       TEXT   NOT NULL,  -- The rule that ended it; '' for none.
  forgotten_at  BIGINT            -- When its files were deleted.
) /* clustered */;

CREATE INDEX job_by_state ON job (state, job_id);

-- The file that came, and the rows that were refused: sealed, in parts. They hold personal data and
-- are deleted after a week.
CREATE TABLE job_part (
  part_id       BIGINT NOT NULL PRIMARY KEY,  -- (job_id * 4 + JobFilePart) * 2^20 + 0, 1, 2…
  bytes_sealed  BYTEA  NOT NULL
) /* clustered */;

CREATE INDEX person_by_birth_date ON person (birth_date);
CREATE INDEX person_by_village ON person (village_code);

INSERT INTO sequence (name, next_value) VALUES ('job', 1);
