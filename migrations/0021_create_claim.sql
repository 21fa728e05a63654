-- 0021: claims: what was told of them, what was decided, and what was paid out.
--
-- Why:   a claim is told, completed, decided and paid by different people over weeks, and each of
--        these must be shown years later; so steps, records and lines are only added, and the row
--        of the claim keeps what follows from them, for lists.
-- Needs: 0004, 0005, 0017. What says who somebody is, where her account is or how ill she was is
--        sealed.

-- The claim number is person_id and claim_seq.
CREATE TABLE claim (
  person_id     BIGINT NOT NULL,
  claim_seq     BIGINT NOT NULL,
  kind          BIGINT NOT NULL,  -- ClaimKind.
  event_on      BIGINT NOT NULL,  -- Of the accident or the death; the day savings are asked for.
  branch_id     BIGINT NOT NULL,
  begun_at      BIGINT NOT NULL,
  state         BIGINT NOT NULL,  -- ClaimState, of the newest step.
  step_no       BIGINT NOT NULL,  -- The newest.
  complete_on   BIGINT,           -- The legal clock runs from here
  due_on        BIGINT,           -- to here.
  gross_rupiah  BIGINT NOT NULL,  -- Sums of the lines of the decision that holds.
  tax_rupiah    BIGINT NOT NULL,

  PRIMARY KEY (person_id, claim_seq)
) /* clustered */;

CREATE INDEX claim_by_deadline ON claim (state, due_on, person_id, claim_seq);
CREATE INDEX claim_by_branch ON claim (branch_id, state, due_on, person_id, claim_seq);

CREATE TABLE claim_step (
  person_id   BIGINT NOT NULL,
  claim_seq   BIGINT NOT NULL,
  step_no     BIGINT NOT NULL,  -- 1, 2, …
  state       BIGINT NOT NULL,  -- ClaimState from here on.
  at          BIGINT NOT NULL,
  actor_kind  BIGINT NOT NULL,
  actor_id    BIGINT NOT NULL,
  reason      TEXT   NOT NULL,  -- A word of ours, or empty.
  record_id   BIGINT,           -- The note that goes with it.

  PRIMARY KEY (person_id, claim_seq, step_no)
) /* clustered */;

-- What was told: facts, payees, notes. Of facts and payees the newest holds.
CREATE TABLE claim_record (
  person_id   BIGINT NOT NULL,
  claim_seq   BIGINT NOT NULL,
  record_id   BIGINT NOT NULL,  -- One for each row: keys are rotated by it.
  kind        BIGINT NOT NULL,  -- ClaimRecordKind.
  at          BIGINT NOT NULL,
  actor_kind  BIGINT NOT NULL,
  actor_id    BIGINT NOT NULL,
  told_sealed BYTEA  NOT NULL,

  PRIMARY KEY (person_id, claim_seq, record_id)
) /* clustered */;

CREATE INDEX claim_record_by_id ON claim_record (record_id);

-- What a decision gives, with its working.
CREATE TABLE claim_line (
  person_id      BIGINT NOT NULL,
  claim_seq      BIGINT NOT NULL,
  step_no        BIGINT NOT NULL,  -- The decision.
  line_no        BIGINT NOT NULL,
  programme      BIGINT NOT NULL,
  benefit        TEXT   NOT NULL,
  detail         TEXT   NOT NULL,  -- Of what was lost: its code. Else empty.
  amount_rupiah  BIGINT NOT NULL,
  working        TEXT   NOT NULL,  -- "base 1000000 multiple 48".

  PRIMARY KEY (person_id, claim_seq, step_no, line_no)
) /* clustered */;

CREATE TABLE claim_paper (
  person_id   BIGINT NOT NULL,
  claim_seq   BIGINT NOT NULL,
  paper_no    BIGINT NOT NULL,
  code        TEXT   NOT NULL,  -- Of the scheme's list.
  digest      BYTEA  NOT NULL,  -- Keyed; names the file in the store.
  added_at    BIGINT NOT NULL,
  actor_kind  BIGINT NOT NULL,
  actor_id    BIGINT NOT NULL,

  PRIMARY KEY (person_id, claim_seq, paper_no)
) /* clustered */;

-- One row for each content, whoever brought it; the file lies in the store, under its digest.
CREATE TABLE paper_content (
  digest      BYTEA  NOT NULL PRIMARY KEY,
  media_type  TEXT   NOT NULL,
  byte_count  BIGINT NOT NULL,
  key_sealed  BYTEA  NOT NULL   -- Its own key.
) /* clustered */;

-- The same paper in the claims of several people, the same account for them: for somebody to ask.
CREATE TABLE claim_trait (
  trait      BYTEA  NOT NULL,  -- Keyed digest of a paper or of an account.
  person_id  BIGINT NOT NULL,
  claim_seq  BIGINT NOT NULL,

  PRIMARY KEY (trait, person_id, claim_seq)
) /* clustered */;

-- Paid out of a person's savings, on the day it is booked. Of persons found to be one each pays from
-- her own.
CREATE TABLE savings_withdrawal (
  person_id        BIGINT NOT NULL,
  claim_person_id  BIGINT NOT NULL,
  claim_seq        BIGINT NOT NULL,
  booked_on        BIGINT NOT NULL,
  amount_rupiah    BIGINT NOT NULL,  -- Before tax.

  PRIMARY KEY (person_id, claim_person_id, claim_seq)
) /* clustered */;

-- Money on its way to one payee of a claim. A new try is a new row, made only once the bank has
-- said that the one before was not paid.
CREATE TABLE payout (
  person_id       BIGINT NOT NULL,
  claim_seq       BIGINT NOT NULL,
  payout_no       BIGINT NOT NULL,
  payee_no        BIGINT NOT NULL,
  run_id          BIGINT NOT NULL,  -- 0: in no run yet.
  state           BIGINT NOT NULL,  -- PayoutState.
  amount_rupiah   BIGINT NOT NULL,
  penalty_rupiah  BIGINT NOT NULL,  -- On top, for being late.
  changed_at      BIGINT NOT NULL,
  paid_on         BIGINT,           -- By the bank's word.

  PRIMARY KEY (person_id, claim_seq, payout_no)
) /* clustered */;

CREATE INDEX payout_by_run ON payout (run_id, person_id, claim_seq, payout_no);
CREATE INDEX payout_by_state ON payout (state, person_id, claim_seq, payout_no);

CREATE TABLE payout_run (
  run_id              BIGINT NOT NULL PRIMARY KEY,
  state               BIGINT NOT NULL,  -- PayoutRunState.
  pay_on              BIGINT NOT NULL,
  made_at             BIGINT NOT NULL,
  made_by_kind        BIGINT NOT NULL,
  made_by_id          BIGINT NOT NULL,
  released_at         BIGINT,
  released_by_kind    BIGINT,
  released_by_id      BIGINT,
  payout_count        BIGINT NOT NULL,
  amount_rupiah       BIGINT NOT NULL
);

INSERT INTO sequence (name, next_value) VALUES ('claim_record', 1), ('payout_run', 1);
