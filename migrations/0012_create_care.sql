-- 0012: care of people's data: consent, corrections of identity, persons found to be one.
--
-- Why:   what somebody agreed to, what was corrected from what to what, and which two persons are
--        one must be told years later; rows are only added, but for merged_person, which is what
--        holds now and follows from person_merge.
-- Needs: 0004, 0005, 0008.

-- Given and withdrawn, each a row; the newest of a kind (and helper) holds.
CREATE TABLE person_consent (
  person_id     BIGINT NOT NULL,
  consent_id    BIGINT NOT NULL,
  kind          BIGINT NOT NULL,  -- ConsentKind.
  helper_id     BIGINT NOT NULL,  -- The staff user who may act for her; 0 for the other kinds.
  is_given      BIGINT NOT NULL,  -- 0: withdrawn.
  at            BIGINT NOT NULL,
  door          BIGINT NOT NULL,  -- Door.
  actor_kind    BIGINT NOT NULL,  -- Who noted it.
  actor_id      BIGINT NOT NULL,
  text_version  TEXT   NOT NULL,  -- Of the words she agreed to.

  PRIMARY KEY (person_id, consent_id)
) /* clustered */;

-- One row for each field that was corrected. Values are sealed.
CREATE TABLE person_correction (
  person_id      BIGINT NOT NULL,
  correction_id  BIGINT NOT NULL,
  change_id      BIGINT NOT NULL UNIQUE,  -- One for each row: keys are rotated by it.
  field          BIGINT NOT NULL,  -- CorrectedField.
  from_sealed    BYTEA  NOT NULL,
  to_sealed      BYTEA  NOT NULL,
  reason         TEXT   NOT NULL,
  applied_at     BIGINT NOT NULL,

  PRIMARY KEY (person_id, correction_id, field)
) /* clustered */;

-- Two persons found to be one. The merged one's rows stay where they are.
CREATE TABLE person_merge (
  person_id       BIGINT NOT NULL,  -- The merged one.
  merge_id        BIGINT NOT NULL,
  kept_person_id  BIGINT NOT NULL,
  merged_at       BIGINT NOT NULL,
  payment_mark    BIGINT NOT NULL,  -- Payments with a higher number came after.
  undone_at       BIGINT,

  PRIMARY KEY (person_id, merge_id)
) /* clustered */;

CREATE INDEX person_merge_by_kept ON person_merge (kept_person_id, merge_id);
CREATE INDEX person_merge_by_id ON person_merge (merge_id);

-- Those that hold now: who is asked for by this number is that one.
CREATE TABLE merged_person (
  person_id       BIGINT NOT NULL PRIMARY KEY,
  kept_person_id  BIGINT NOT NULL
) /* clustered */;

CREATE INDEX merged_person_by_kept ON merged_person (kept_person_id);

-- Months paid twice, taken back by a merge: the contributions that were reversed.
CREATE TABLE merge_trim (
  person_id        BIGINT NOT NULL,
  merge_id         BIGINT NOT NULL,
  contribution_id  BIGINT NOT NULL,

  PRIMARY KEY (person_id, merge_id, contribution_id)
) /* clustered */;

-- Money moved from one person to another by a merge or its undoing. Numbered with the payments, in
-- whose order it counts; only added.
CREATE TABLE credit_move (
  person_id      BIGINT NOT NULL,
  payment_id     BIGINT NOT NULL,
  merge_id       BIGINT NOT NULL,
  partner_id     BIGINT NOT NULL,
  amount_rupiah  BIGINT NOT NULL,  -- Negative: away from this person.
  paid_at        BIGINT NOT NULL,
  posted_at      BIGINT NOT NULL,
  of_payment_id  BIGINT,           -- The payment or move of this person that it takes back.

  PRIMARY KEY (person_id, payment_id)
) /* clustered */;

-- Payments that came on the merged person's number and went to the kept one.
CREATE TABLE redirected_payment (
  person_id          BIGINT NOT NULL,  -- The kept one.
  payment_id         BIGINT NOT NULL,
  sent_to_person_id  BIGINT NOT NULL,

  PRIMARY KEY (person_id, payment_id)
) /* clustered */;

INSERT INTO sequence (name, next_value) VALUES
  ('consent', 1), ('correction', 1), ('correction_change', 1), ('merge', 1);
