-- A stand-in for Citus, for tests of order, of resuming and of refusals only. It spreads nothing: it
-- writes down what it was asked and refuses what the documentation of Citus says is refused. That
-- Citus does what it is asked is NOT shown by it.
--
-- Lies in a schema of its own, in front of pg_catalog in the search path.

CREATE TABLE pg_available_extensions (name TEXT);
CREATE TABLE pg_extension (extname TEXT);
CREATE TABLE pg_dist_node (groupid INT, isactive BOOLEAN, shouldhaveshards BOOLEAN, noderole TEXT);
CREATE TABLE pg_dist_partition (
  logicalrelid REGCLASS PRIMARY KEY, partmethod "char", partkey TEXT, repmodel "char",
  colocationid INT);
CREATE TABLE stand_in_call (number INT GENERATED ALWAYS AS IDENTITY, call TEXT);
-- A call about this table waits for the advisory lock 77: there the program is killed.
CREATE TABLE stand_in_stop (name TEXT);

CREATE FUNCTION column_to_column_name(name REGCLASS, stored TEXT) RETURNS TEXT LANGUAGE sql
  AS 'SELECT stored';

CREATE FUNCTION stand_in_wait(name REGCLASS) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM stand_in_stop s WHERE s.name = stand_in_wait.name::TEXT) THEN
    PERFORM pg_advisory_xact_lock(77);
  END IF;
END $$;

CREATE FUNCTION create_reference_table(table_name REGCLASS) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_dist_partition p WHERE p.logicalrelid = table_name) THEN
    RAISE 'table % is already distributed', table_name;
  END IF;
  -- From a reference table only to another one, so those must be there already.
  IF EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conrelid = table_name AND c.contype = 'f'
             AND NOT EXISTS (SELECT 1 FROM pg_dist_partition p
                             WHERE p.logicalrelid = c.confrelid AND p.repmodel = 't')) THEN
    RAISE 'foreign key of % to a table that is not a reference table', table_name;
  END IF;
  INSERT INTO pg_dist_partition VALUES (table_name, 'n', NULL, 't', 1);
  INSERT INTO stand_in_call (call) VALUES ('reference ' || table_name);
  PERFORM stand_in_wait(table_name);
END $$;

CREATE FUNCTION create_distributed_table(
  table_name REGCLASS, distribution_column TEXT, distribution_type TEXT DEFAULT 'hash',
  colocate_with TEXT DEFAULT 'default', shard_count INT DEFAULT NULL)
RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
  place SMALLINT := (SELECT attnum FROM pg_attribute
                     WHERE attrelid = table_name AND attname = distribution_column);
  together INT;
BEGIN
  IF EXISTS (SELECT 1 FROM pg_dist_partition p WHERE p.logicalrelid = table_name) THEN
    RAISE 'table % is already distributed', table_name;
  END IF;
  IF place IS NULL THEN
    RAISE 'column % of % does not exist', distribution_column, table_name;
  END IF;
  IF EXISTS (SELECT 1 FROM pg_index x WHERE x.indrelid = table_name AND x.indisunique
             AND NOT place = ANY (CAST(x.indkey AS SMALLINT[]))) THEN
    RAISE 'a unique key of % lacks %', table_name, distribution_column;
  END IF;
  IF colocate_with = 'none' THEN
    together := (SELECT COALESCE(MAX(colocationid), 1) + 1 FROM pg_dist_partition);
  ELSE
    together := (SELECT p.colocationid FROM pg_dist_partition p
                 WHERE p.logicalrelid = colocate_with::REGCLASS AND p.partmethod = 'h');
    IF together IS NULL THEN
      RAISE 'relation % is not distributed', colocate_with;
    END IF;
  END IF;
  INSERT INTO pg_dist_partition VALUES (table_name, 'h', distribution_column, 's', together);
  INSERT INTO stand_in_call (call)
  VALUES ('distributed ' || table_name || ' ' || distribution_column || ' ' || colocate_with);
  PERFORM stand_in_wait(table_name);
END $$;

CREATE FUNCTION truncate_local_data_after_distributing_table(function_arg REGCLASS) RETURNS VOID
LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_dist_partition p WHERE p.logicalrelid = function_arg) THEN
    RAISE 'supplied parameter is not a distributed relation';
  END IF;
  INSERT INTO stand_in_call (call) VALUES ('freed ' || function_arg);
END $$;
