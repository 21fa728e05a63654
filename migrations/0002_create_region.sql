-- 0002: regions, branches and who serves where.
--
-- Why:   cover, targets and money are seen by region and by branch.
-- Needs: nothing. Region codes are the Kemendagri codes without dots: province 33, regency 3372,
--        district 337201, village 3372011001.

CREATE TABLE region (
  region_code  BIGINT NOT NULL PRIMARY KEY,
  parent_code  BIGINT,            -- NULL for a province.
  name         TEXT   NOT NULL
);

CREATE TABLE branch (
  branch_id  BIGINT NOT NULL PRIMARY KEY,
  code       TEXT   NOT NULL UNIQUE,
  name       TEXT   NOT NULL
);

-- Each regency is served by one branch.
CREATE TABLE branch_regency (
  regency_code  BIGINT NOT NULL PRIMARY KEY,
  branch_id     BIGINT NOT NULL REFERENCES branch (branch_id)
);
