-- 0023: each word of the bank on a payout, and whether a payout ever left.
--
-- Why:   a file of the bank that is read again must change nothing, though its word was overtaken
--        since; and a try that was stopped before it left can have no word of the bank.
-- Needs: 0021.

ALTER TABLE payout ADD COLUMN sent_at BIGINT;
UPDATE payout SET sent_at = changed_at WHERE state IN (3, 4, 5);

CREATE TABLE bank_word (
  person_id  BIGINT NOT NULL,
  claim_seq  BIGINT NOT NULL,
  payout_no  BIGINT NOT NULL,
  source     BYTEA  NOT NULL,  -- Keyed digest of the file it came in.
  line       BIGINT NOT NULL,  -- Of the file.
  word       BIGINT NOT NULL,  -- BankWord.
  said_on    BIGINT NOT NULL,
  taken_at   BIGINT NOT NULL,

  PRIMARY KEY (person_id, claim_seq, payout_no, source, line)
) /* clustered */;
