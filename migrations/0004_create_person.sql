-- 0004: people and their memberships.
--
-- Why:   the wide row (person) hardly ever changes; what a payment changes is the narrow membership
--        row, kept in key order.
-- Needs: 0002, 0003. No foreign keys on tables that grow with people: each would cost a look-up for
--        every row; `jaring verify` checks the same.

CREATE TABLE person (
  person_id     BIGINT NOT NULL PRIMARY KEY,
  nik_sealed    BYTEA  NOT NULL,   -- One AES-256 block.
  name          TEXT   NOT NULL,
  birth_date    BIGINT NOT NULL,
  sex           BIGINT NOT NULL,   -- 1 male, 2 female.
  village_code  BIGINT NOT NULL,
  phone_sealed  BYTEA,
  language      TEXT   NOT NULL,
  warnings      BIGINT NOT NULL,   -- Bits of PersonWarning.
  created_at    BIGINT NOT NULL,

  CONSTRAINT person_sex_is_known CHECK (sex IN (1, 2))
) /* clustered */;

-- Unique across people, so in a table of its own keyed by the value.
CREATE TABLE person_nik (
  nik_sealed  BYTEA  NOT NULL PRIMARY KEY,
  person_id   BIGINT NOT NULL
) /* clustered */;

-- Same name, birth date and village without the same NIK: for a person to look at.
CREATE TABLE person_likeness (
  likeness   BIGINT NOT NULL,  -- First 8 bytes of a hash of name, birth date and village.
  person_id  BIGINT NOT NULL,

  PRIMARY KEY (likeness, person_id)
) /* clustered */;

-- Pairs somebody should look at.
CREATE TABLE suspected_duplicate (
  person_id        BIGINT NOT NULL,  -- The newer one.
  other_person_id  BIGINT NOT NULL,
  noticed_at       BIGINT NOT NULL,

  PRIMARY KEY (person_id, other_person_id)
) /* clustered */;

-- What memberships are counted by; few rows, shared by many members.
CREATE TABLE cohort (
  cohort_id     BIGINT NOT NULL PRIMARY KEY,
  branch_id     BIGINT NOT NULL,
  regency_code  BIGINT NOT NULL,
  sector        BIGINT NOT NULL,  -- Place in the scheme's list of sectors.
  group_id      BIGINT NOT NULL,  -- 0: none.
  door          BIGINT NOT NULL,  -- Door.

  CONSTRAINT cohort_is_unique UNIQUE (branch_id, regency_code, sector, group_id, door)
);

-- A spell of membership: the months bought in it are one run without holes. first_month,
-- paid_through and credit_rupiah are kept sums of contribution and payment rows, written in the
-- same transaction and recomputed by `jaring verify`.
CREATE TABLE membership (
  person_id       BIGINT NOT NULL,
  membership_seq  BIGINT NOT NULL,  -- 1, 2, …; the member number is person_id and this.
  acquired_on     BIGINT NOT NULL,
  programmes      BIGINT NOT NULL,  -- Bits: 1 JKK, 2 JKM, 4 JHT.
  income_rupiah   BIGINT NOT NULL,
  trade           BIGINT NOT NULL,  -- Trade number of the scheme.
  payer           BIGINT NOT NULL,  -- 0 self, 1 government.
  start_rule      BIGINT NOT NULL,  -- 0 from the first payment, 1 from acquisition.
  cohort_id       BIGINT NOT NULL,
  first_month     BIGINT,
  paid_through    BIGINT,
  cover_from      BIGINT,
  credit_rupiah   BIGINT NOT NULL,  -- Money of the person not yet spent; on the newest spell only.
  ended_on        BIGINT,           -- Closed by an event: the first day without cover.

  PRIMARY KEY (person_id, membership_seq),
  CONSTRAINT membership_credit_not_negative CHECK (credit_rupiah >= 0)
) /* clustered */;
