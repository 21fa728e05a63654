-- 0009: versions of the key that seals identities.
--
-- Why:   keys are rotated while people are enrolled and pay: what is sealed with which version, and
--        how far the resealing has come, must survive a crash and be the same for every process.
-- Needs: 0001. Sealed columns are BYTEA: an identity number is one AES-256 block, and before it one
--        byte with the version of its key unless that is 1; a sealed text begins with the version.

-- The newest version is what is sealed with now. A version without emptied_at may still seal rows:
-- look-ups try it too.
CREATE TABLE seal_key (
  version     BIGINT NOT NULL PRIMARY KEY,
  key_check   BYTEA  NOT NULL,  -- A known block sealed: the wrong key file is noticed.
  added_at    BIGINT NOT NULL,
  emptied_at  BIGINT,           -- Everything was resealed with a newer version.
  retired_at  BIGINT            -- Counted: it seals nothing, and the key may leave the servers.
);

INSERT INTO seal_key (version, key_check, added_at)
SELECT 1, key_check, created_at FROM agency;

-- How far the resealing with a version has come in one column; gone when it is done.
CREATE TABLE seal_progress (
  version    BIGINT NOT NULL,
  place      TEXT   NOT NULL,  -- "person/nik_sealed"
  after_key  BYTEA  NOT NULL,  -- Rows up to this key are done; an integer as its digits.
  is_done    BIGINT NOT NULL,

  PRIMARY KEY (version, place)
);
