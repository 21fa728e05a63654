-- 0001: the agency itself, number sequences, and the keys of answers already given.
--
-- Why:   a database belongs to one agency with one scheme; ids are handed out in ranges by a row,
--        so that both engines give the same numbers.
-- Runs on SQLite 3.40 and PostgreSQL 15 unchanged. Integers: months yyyymm, dates yyyymmdd,
-- instants microseconds UTC, regions without dots. "/* clustered */" keeps rows in key order on
-- SQLite.

CREATE TABLE agency (
  agency_id   BIGINT NOT NULL PRIMARY KEY,  -- Always 1.
  scheme      TEXT   NOT NULL,              -- Folder below schemes/.
  created_at  BIGINT NOT NULL,
  is_demo     BIGINT NOT NULL,              -- 1: fake identities (NIK serial 0000) are allowed.
  key_check   BYTEA  NOT NULL,              -- A known block sealed: the wrong key file is noticed.

  CONSTRAINT agency_is_one CHECK (agency_id = 1)
);

CREATE TABLE sequence (
  name        TEXT   NOT NULL PRIMARY KEY,
  next_value  BIGINT NOT NULL
) /* clustered */;

INSERT INTO sequence (name, next_value) VALUES
  ('person', 100000000), ('payment', 1), ('contribution', 1), ('cohort', 1), ('intake', 1),
  ('branch', 1), ('member_group', 1), ('partner', 1);

-- The answer to a request that may be sent again. `client` scopes the key.
CREATE TABLE idempotency_key (
  client       TEXT   NOT NULL,
  key          TEXT   NOT NULL,
  fingerprint  BYTEA  NOT NULL,  -- SHA-256 of method, path and body.
  status       BIGINT NOT NULL,
  body         TEXT   NOT NULL,
  created_at   BIGINT NOT NULL,

  PRIMARY KEY (client, key)
) /* clustered */;
