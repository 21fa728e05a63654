-- 0022: notices: an accident or a death told by somebody who has no login, or is no member.
--
-- Why:   a widow, a neighbour, a hospital or an employer knows first. What they tell waits until an
--        officer has found whom it is about and takes it up as a claim, or dismisses it.
-- Needs: 0021. Who is told about and who tells is sealed; of the code that whoever told it was given
--        only a digest is kept.

CREATE TABLE claim_notice (
  notice_id        BIGINT NOT NULL PRIMARY KEY,
  code_digest      BYTEA  NOT NULL,       -- Keyed.
  kind             BIGINT NOT NULL,       -- ClaimKind.
  event_on         BIGINT NOT NULL,
  state            BIGINT NOT NULL,       -- NoticeState.
  branch_id        BIGINT NOT NULL,       -- Of the person; 0: nobody is known for certain.
  person_id        BIGINT,                -- Whom the register knows by what was told, or an officer says.
  claim_seq        BIGINT,                -- What it was taken up as.
  received_at      BIGINT NOT NULL,
  teller_kind      BIGINT NOT NULL,
  teller_id        BIGINT NOT NULL,
  told_sealed      BYTEA  NOT NULL,
  decided_at       BIGINT,
  decided_by_kind  BIGINT,
  decided_by_id    BIGINT,
  reason           TEXT   NOT NULL        -- Why dismissed: a word of ours.
);

CREATE UNIQUE INDEX claim_notice_by_code ON claim_notice (code_digest);
CREATE INDEX claim_notice_by_state ON claim_notice (state, notice_id);
CREATE INDEX claim_notice_by_branch ON claim_notice (branch_id, state, notice_id);
CREATE INDEX claim_notice_by_person ON claim_notice (person_id);

INSERT INTO sequence (name, next_value) VALUES ('claim_notice', 1);
