#!/usr/bin/python3
"""The second witness of spread_tests.py: PostgreSQL's own planner. Each distributed table is made
anew as one that is really divided by the hash of its column, then every statement is planned for
some values: in the plan each table has to be left with one part, and tables that lie together with
the same part. That a divided table can have its unique keys at all shows the rule of keys.

Runs itself under tests/with_postgres.sh. INSERTs are left to the other witness: their plan does not
name the part."""
import json
import os
import pathlib
import subprocess
import sys
import unittest

import spread_tests
import sql_text

PARTS = 8
MOST_VALUES = 30
WITH_POSTGRES = sql_text.ROOT / "tests/with_postgres.sh"
BREAKING = {  # As those of spread_tests.py that a planner sees too.
    "whole table": "SELECT name FROM person WHERE name = $1",
    "range": "SELECT name FROM person WHERE person_id > $1",
    "or": "SELECT name FROM person WHERE person_id = $1 OR name = $2",
    "by another table": "SELECT 1 FROM merged_person m JOIN person p ON p.person_id ="
                        " m.kept_person_id WHERE m.person_id = $1",
    "outer side": "SELECT 1 FROM person p LEFT JOIN membership m ON m.person_id = p.person_id"
                  " AND p.person_id = $1",
    "inner query": "SELECT 1 FROM person p WHERE p.person_id = $1 AND EXISTS"
                   " (SELECT 1 FROM membership m WHERE m.cohort_id = $2)",
    "two persons": "SELECT 1 FROM person p, membership m WHERE p.person_id = $1 AND"
                   " m.person_id = $2",
    "delete": "DELETE FROM payment WHERE payment_id = $1",
}


def ask(script):
    done = subprocess.run(["psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-d",
                           os.environ["JARING_TEST_POSTGRES"]],
                          input=script, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return done.stdout


def divide():
    """The real schema, its distributed tables divided."""
    ask("CREATE TABLE schema_migration (number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL);")
    for path in sorted((sql_text.ROOT / "migrations").glob("*.sql")):
        ask(path.read_text())
    for name, entry in spread_tests.LAYOUT.items():
        if entry["kind"] == "distributed":
            ask(f"CREATE TABLE divided (LIKE {name} INCLUDING ALL) PARTITION BY HASH"
                f" ({entry['by']}); DROP TABLE {name}; ALTER TABLE divided RENAME TO {name};" +
                "".join(f"CREATE TABLE {name}_shard{i} PARTITION OF {name} FOR VALUES WITH"
                        f" (MODULUS {PARTS}, REMAINDER {i});" for i in range(PARTS)))


def relations(plan):
    if isinstance(plan, list):
        return [name for item in plan for name in relations(item)]
    if not isinstance(plan, dict):
        return []
    own = [plan["Relation Name"]] if plan.get("Node Type") != "ModifyTable" and \
        "Relation Name" in plan else []
    return own + [name for item in plan.values() for name in relations(item)]


def parts_of(statements):
    """Name → for each choice of values, group → the parts its tables are left with, by table."""
    script = ["SET plan_cache_mode = force_custom_plan; SET enable_partition_pruning = on;"]
    for name, sql in statements.items():
        count = max([n for n in range(MOST_VALUES) if f"${n}" in sql], default=0)
        script.append(f"PREPARE s AS {sql};")
        for choice in range(3):
            values = ", ".join(f"'{1 + choice * MOST_VALUES + n * 7}'" for n in range(count))
            script.append(f"\\echo == {name}\nEXPLAIN (COSTS OFF, FORMAT JSON) EXECUTE s" +
                          (f"({values});" if values else ";"))
        script.append("DEALLOCATE s;")
    found = {}
    for part in ask("\n".join(script)).split("== ")[1:]:
        name, _, plan = part.partition("\n")
        groups = {}
        for relation in relations(json.loads(plan)):
            table, _, number = relation.rpartition("_shard")
            if table:
                group = spread_tests.LAYOUT[table]["group"]
                groups.setdefault(group, set()).add(int(number))
        found.setdefault(name, []).append(groups)
    return found


def is_one_shard(groups):
    return len(groups) <= 1 and all(len(parts) == 1 for parts in groups.values())


class Pruning(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        divide()

    def plans(self, names):
        return parts_of({name: spread_tests.STATEMENTS[name][1] for name in names
                         if not spread_tests.STATEMENTS[name][1].startswith("INSERT")})

    def test_each_statement_of_a_request_is_left_with_one_part(self):
        listed = {name for entries in spread_tests.LISTED.values()
                  for entry in entries for name in entry["names"]}
        own = {name for name, (path, _) in spread_tests.STATEMENTS.items()
               if path.name in ("spread_sql.h", "doctor_sql.h", "copy_sql.h")}
        found = self.plans([name for name in spread_tests.STATEMENTS
                            if name not in listed | own])
        touching = 0
        for name, choices in found.items():
            touching += any(choices)
            with self.subTest(statement=name):
                for groups in choices:
                    self.assertTrue(is_one_shard(groups), groups)
        self.assertGreater(touching, 50)
        print(f"note: {touching} statements on divided tables are planned for one part each")

    def test_the_listed_ones_do_fan_out(self):
        names = [name for name in spread_tests.names_of("fan_out")]
        for name, choices in self.plans(names).items():
            with self.subTest(statement=name):
                self.assertFalse(all(map(is_one_shard, choices)), choices)

    def test_statements_that_break_the_rule_are_caught(self):
        for name, choices in parts_of(BREAKING).items():
            with self.subTest(statement=name):
                self.assertFalse(all(map(is_one_shard, choices)), choices)

    def test_a_unique_key_without_the_column_cannot_be(self):
        ask("CREATE TABLE wrong (person_id BIGINT NOT NULL, change_id BIGINT NOT NULL UNIQUE)")
        with self.assertRaisesRegex(RuntimeError, "unique constraint on partitioned table"):
            ask("CREATE TABLE divided (LIKE wrong INCLUDING ALL) PARTITION BY HASH (person_id)")
        ask("DROP TABLE wrong")


def main():
    if "JARING_TEST_POSTGRES" not in os.environ:
        return subprocess.run([WITH_POSTGRES, sys.executable, pathlib.Path(__file__).resolve()],
                              check=False).returncode
    result = unittest.main(argv=sys.argv, exit=False).result
    bad = len(result.failures) + len(result.errors) + len(result.skipped)
    print(f"{max(result.testsRun - bad, 0)} passed, {bad} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
