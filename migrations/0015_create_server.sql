-- 0015: servers of one database know of each other; a message is claimed before it is handed over.
--
-- Why:   several servers behind one address divide what a caller may ask for, take over the jobs of
--        one that is gone, and hand no message over twice. A row of `server` lives while its server
--        answers the roll call; a job of a server without a row is nobody's.
-- Needs: 0001 (sequence), 0010 (outbox_message), 0013 (job).

CREATE TABLE server (
  server_id  BIGINT NOT NULL PRIMARY KEY,  -- Never given twice: what is claimed under it is fenced.
  name       TEXT   NOT NULL,              -- Host, process and address, for people.
  beat       BIGINT NOT NULL,              -- One more with each call it answered.
  seen_at    BIGINT NOT NULL               -- By its own clock, for people: nothing hangs on it.
) /* clustered */;

-- Nobody tries to hand the message over before this moment: another is at it, or just failed.
ALTER TABLE outbox_message ADD COLUMN next_try_at BIGINT NOT NULL DEFAULT 0;

INSERT INTO sequence (name, next_value) VALUES ('server', 1);
