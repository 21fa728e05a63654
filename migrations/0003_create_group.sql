-- 0003: groups (wadah) that bring members, and partners that bring money.
--
-- Needs: 0002 (branch).

CREATE TABLE member_group (
  group_id   BIGINT NOT NULL PRIMARY KEY,
  code       TEXT   NOT NULL UNIQUE,
  name       TEXT   NOT NULL,
  kind       BIGINT NOT NULL,  -- GroupKind: 1 association … 5 community.
  branch_id  BIGINT NOT NULL REFERENCES branch (branch_id),
  payer      BIGINT NOT NULL,  -- Payer of its members: 0 themselves or private, 1 public budget.

  CONSTRAINT member_group_kind_is_known CHECK (kind BETWEEN 1 AND 5)
);

CREATE TABLE partner (
  partner_id  BIGINT NOT NULL PRIMARY KEY,
  code        TEXT   NOT NULL UNIQUE,
  name        TEXT   NOT NULL
);

-- Files already taken in, so that a person is told when the same file comes again. What keeps a
-- row from counting twice is the row's own key, not this.
CREATE TABLE intake (
  kind         TEXT   NOT NULL,  -- 'enrol' or 'collect'.
  sha256       BYTEA  NOT NULL,
  intake_id    BIGINT NOT NULL,
  received_at  BIGINT NOT NULL,
  row_count    BIGINT NOT NULL,

  PRIMARY KEY (kind, sha256)
) /* clustered */;
