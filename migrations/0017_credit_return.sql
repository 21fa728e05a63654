-- 0017: what the old-age savings of each person earned, credited once a year.
--
-- Why:   the return is reckoned on what the books held in a year that is closed, so it never
--        changes; `jaring interest` writes it in the order of people and notes how far it has come,
--        so that it can be killed anywhere and go on.
-- Needs: 0005, 0016.

-- Earns from the first day of the next year. Who earned nothing has no row.
CREATE TABLE savings_return (
  person_id      BIGINT NOT NULL,
  year           BIGINT NOT NULL,
  amount_rupiah  BIGINT NOT NULL,

  PRIMARY KEY (person_id, year)
) /* clustered */;

-- One run of `jaring interest`: its terms as they were when it began.
CREATE TABLE return_run (
  year            BIGINT NOT NULL PRIMARY KEY,
  rate_ppm        BIGINT NOT NULL,  -- Of a year.
  by_day          BIGINT NOT NULL,  -- 1: money earns from the next day; 0: from the next month.
  started_at      BIGINT NOT NULL,  -- Its day is the business day, while that is open.
  attempt         BIGINT NOT NULL,  -- One more with each start: an earlier one may not write on.
  done_person_id  BIGINT NOT NULL,  -- People up to this number have theirs.
  person_count    BIGINT NOT NULL,  -- Of them, those who earned.
  amount_rupiah   BIGINT NOT NULL,
  finished_at     BIGINT
) /* clustered */;
