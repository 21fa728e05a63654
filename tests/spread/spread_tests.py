#!/usr/bin/python3
"""The program is ready to lie on many machines: every statement keeps to the shards of one person
and her look-ups, or is listed in fan_out.toml with its reason. Needs Debian's python3-pglast, so
it is run with Debian's own Python."""
import collections
import pathlib
import re
import sys
import tomllib
import unittest

import shard_proof
import sql_text

LAYOUT = sql_text.read_layout()
COLUMNS = sql_text.read_columns()
STATEMENTS = sql_text.read_statements()
with open(pathlib.Path(__file__).parent / "fan_out.toml", "rb") as listed_file:
    LISTED = tomllib.load(listed_file)
ENGINE = {name for entry in LISTED["engine"] for name in entry["names"]}


def prove(sql):
    """(what forbids it on the shards of one person, what forbids it on a spread database)."""
    problems, misfits = [], []
    for kind, tree in sql_text.parse(sql):
        proof = shard_proof.Proof(LAYOUT, COLUMNS, kind, tree)
        problems += proof.problems
        misfits += proof.misfits
    return problems, misfits


def names_of(section):
    return {name: entry for entry in LISTED[section] for name in entry["names"]}


class Statements(unittest.TestCase):
    def test_each_keeps_to_one_person_unless_it_is_listed(self):
        listed = {**names_of("fan_out"), **names_of("cannot")}
        proved = 0
        for name, (path, sql) in STATEMENTS.items():
            if name in ENGINE or name in listed:
                continue
            problems, misfits = prove(sql)
            with self.subTest(statement=name):
                self.assertEqual(problems + misfits, [], f"{path}: {name}\n{sql}")
            proved += 1
        self.assertGreater(proved, 250)
        print(f"note: {proved} statements proved to keep to one person and her look-ups")

    def test_the_list_has_no_line_too_many(self):
        for name, entry in names_of("fan_out").items():
            with self.subTest(statement=name):
                self.assertIn(name, STATEMENTS)
                problems, misfits = prove(STATEMENTS[name][1])
                self.assertNotEqual(problems, [], f"{name} keeps to one person: take it off")
                self.assertEqual(misfits, [], f"{name} belongs to [[cannot]]: {entry['why']}")
        for name in names_of("cannot"):
            with self.subTest(statement=name):
                self.assertIn(name, STATEMENTS)
                self.assertNotEqual(prove(STATEMENTS[name][1])[1], [], f"{name} would do by now")
        for name in ENGINE:
            with self.subTest(statement=name):
                words = set(re.findall(r"\w+", STATEMENTS[name][1]))
                self.assertEqual({table for table in words & set(LAYOUT)
                                  if LAYOUT[table]["kind"] == "distributed"}, set())

    def test_each_has_a_reason_and_no_other_users(self):
        seen = collections.Counter()
        for section, entries in LISTED.items():
            for entry in entries:
                self.assertTrue(entry["why"].endswith("."), f"{section}: {entry['names']}")
                used_by = set()
                for name in entry["names"]:
                    seen[name] += 1
                    users = sql_text.users_of(name)
                    used_by |= set(users)
                    with self.subTest(statement=name):
                        self.assertLessEqual(set(users), set(entry["users"]),
                                             f"{name} has a new user: is it no online path?")
                self.assertEqual(used_by, set(entry["users"]), f"{section}: users that use nothing")
        self.assertEqual([name for name, times in seen.items() if times > 1], [])


class Layout(unittest.TestCase):
    def test_tables_are_those_of_the_migrations(self):
        self.assertEqual(sorted(LAYOUT), sorted(COLUMNS))

    def test_each_table_has_its_column_and_a_reason(self):
        for name, entry in LAYOUT.items():
            with self.subTest(table=name):
                self.assertRegex(entry["why"], r"\.$")
                if entry["kind"] == "distributed":
                    self.assertIn(entry["by"], COLUMNS[name])
                    self.assertTrue(entry["group"])
                else:
                    self.assertIn(entry["kind"], ("reference", "local"))
                    self.assertEqual(set(entry) & {"by", "group"}, set())

    def test_tables_with_a_person_in_their_key_lie_by_person(self):
        """Unless they are listed here, each with a reason in the file."""
        elsewhere = {"person_nik", "person_phone", "person_likeness", "payment_reference",  # By value.
                     "claim_trait", "claim_notice",
                     "merged_person", "person_merge", "suspected_duplicate",  # On every machine.
                     "audit_entry", "approval_request", "access_recovery", "recovery_witness"}
        by_person = {name for name, columns in COLUMNS.items() if "person_id" in columns}
        self.assertEqual({name for name in by_person if LAYOUT[name].get("by") != "person_id"},
                         elsewhere)


# Statements that break the rule, each with a word of what must be said of it: a proof that lets one
# through proves nothing.
BREAKING = {
    "SELECT name FROM person": "not bound",
    "SELECT name FROM person WHERE name = $1": "not bound",
    "SELECT name FROM person WHERE person_id > $1": "not bound",
    "SELECT name FROM person WHERE person_id = $1 OR name = $2": "not bound",
    "SELECT name FROM person WHERE NOT (person_id = $1)": "not bound",
    "SELECT name FROM person WHERE person_id <> $1": "not bound",
    "SELECT name FROM person WHERE person_id = $1 + 1": "not bound",
    "SELECT name FROM person WHERE person_id IN (SELECT person_id FROM merged_person)": "not bound",
    "SELECT name FROM person WHERE person_id IN ($1, birth_date)": "not bound",
    "SELECT name FROM person WHERE person_id = COALESCE($1, person_id)": "not bound",
    "SELECT name FROM person p JOIN merged_person m ON m.kept_person_id = p.person_id"
    " WHERE m.person_id = $1": "not bound",
    "SELECT 1 FROM person p LEFT JOIN membership m ON m.person_id = p.person_id"
    " AND p.person_id = $1": "person is not bound",
    "SELECT 1 FROM person p LEFT JOIN membership m ON m.person_id = $1 AND"
    " p.person_id = m.person_id": "person is not bound",
    "SELECT 1 FROM person p FULL JOIN membership m ON m.person_id = p.person_id"
    " AND p.person_id = $1": "not bound",
    "SELECT 1 FROM person p WHERE EXISTS (SELECT 1 FROM membership m WHERE"
    " m.person_id = p.person_id AND m.person_id = $1)": "person is not bound",
    "SELECT 1 FROM person p WHERE p.person_id = $1 AND EXISTS (SELECT 1 FROM membership m"
    " WHERE m.cohort_id = $2)": "membership is not bound",
    "SELECT 1 FROM person p, membership m WHERE p.person_id = $1 AND m.person_id = $2":
        "more than one shard",
    "SELECT 1 FROM person p JOIN membership m ON m.cohort_id = p.warnings WHERE p.person_id = $1":
        "membership is not bound",
    "SELECT 1 FROM person_nik n JOIN person p ON p.person_id = n.person_id WHERE n.nik_sealed = $1":
        "person is not bound",
    "SELECT 1 FROM person_nik n, person p WHERE n.nik_sealed = $1 AND p.person_id = $2":
        "more than one shard",
    "SELECT 1 FROM membership WHERE person_id = $1 UNION ALL SELECT 1 FROM payment":
        "payment is not bound",
    "WITH m AS (SELECT * FROM membership) SELECT 1 FROM m WHERE m.person_id = $1": "not bound",
    "SELECT 1 FROM (SELECT person_id FROM membership) m WHERE m.person_id = $1": "not bound",
    "SELECT 1 FROM payment p, session s WHERE p.person_id = $1 AND s.actor_id = p.person_id":
        "is local",
    "SELECT 1 FROM partner p ORDER BY (SELECT max(payment_id) FROM payment)": "payment is not bound",
    "UPDATE membership SET ended_on = $1": "not bound",
    "UPDATE person SET person_id = $2 WHERE person_id = $1": "by which its rows lie",
    "UPDATE partner SET name = $1 WHERE EXISTS (SELECT 1 FROM payment y WHERE"
    " y.partner_id = partner.partner_id)": "payment is not bound",
    "DELETE FROM payment WHERE payment_id = $1": "not bound",
    "INSERT INTO payment (payment_id, partner_id) VALUES ($1, $2)": "not bound",
    "INSERT INTO person_nik (nik_sealed, person_id) SELECT nik_sealed, person_id FROM person":
        "INSERT … SELECT",
    "INSERT INTO person_nik (nik_sealed, person_id) VALUES ($1, $2) ON CONFLICT (person_id)"
    " DO NOTHING": "ON CONFLICT",
    "INSERT INTO person_phone (phone_sealed, person_id) VALUES ($1, $2) ON CONFLICT"
    " (phone_sealed, person_id) DO UPDATE SET phone_sealed = $3": "by which its rows lie",
    "SELECT 1 FROM person_index WHERE person_id = $1": "no migration makes",
}
KEEPING = [
    "SELECT name FROM person WHERE person_id = $1",
    "SELECT name FROM person WHERE $1 = person_id AND name = $2",
    "SELECT name FROM person WHERE person_id = CAST($1 AS BIGINT)",
    "SELECT name FROM person WHERE person_id IN ($1, $2)",
    "SELECT 1 FROM payment WHERE person_id = 0",
    "SELECT 1 FROM person p JOIN membership m ON m.person_id = p.person_id WHERE m.person_id = $1",
    "SELECT 1 FROM person p LEFT JOIN membership m ON m.person_id = p.person_id"
    " WHERE p.person_id = $1",
    "SELECT 1 FROM membership m RIGHT JOIN person p ON m.person_id = p.person_id"
    " WHERE p.person_id = $1",
    "SELECT 1 FROM person p WHERE p.person_id = $1 AND NOT EXISTS (SELECT 1 FROM membership m"
    " WHERE m.person_id = p.person_id)",
    "SELECT name FROM partner UNION SELECT channel FROM payment WHERE person_id = $1",
    "SELECT 1 FROM session s JOIN staff_user u ON u.user_id = s.actor_id",
    "WITH m AS (SELECT * FROM membership WHERE person_id = $1) SELECT 1 FROM m",
    "INSERT INTO worker_pin (person_id, pin_hash, set_at) VALUES ($1, $2, $3)"
    " ON CONFLICT (person_id) DO UPDATE SET pin_hash = excluded.pin_hash",
]


class Canaries(unittest.TestCase):
    def test_statements_that_break_the_rule_are_caught(self):
        for sql, word in BREAKING.items():
            with self.subTest(sql=sql):
                problems, misfits = prove(sql)
                self.assertIn(word, "; ".join(problems + misfits))

    def test_statements_that_keep_it_are_let_through(self):
        for sql in KEEPING:
            with self.subTest(sql=sql):
                self.assertEqual(prove(sql), ([], []))

    def test_joins_of_tables_that_lie_apart_are_caught(self):
        for sql in ("SELECT 1 FROM person p JOIN person_nik n ON n.nik_sealed = p.nik_sealed",
                    "SELECT 1 FROM journal_line j JOIN closing_counter c ON c.cohort_id ="
                    " j.partner_id",
                    "SELECT 1 FROM payment p JOIN contribution c ON c.payment_id = p.payment_id",
                    "SELECT 1 FROM person p WHERE EXISTS (SELECT 1 FROM person_phone f"
                    " WHERE f.phone_sealed = p.phone_sealed)"):
            with self.subTest(sql=sql):
                self.assertIn("joined", "; ".join(prove(sql)[1]))


if __name__ == "__main__":
    program = unittest.main(argv=sys.argv, exit=False, verbosity=1)
    result = program.result
    bad = len(result.failures) + len(result.errors) + len(result.skipped)
    print(f"{max(result.testsRun - bad, 0)} passed, {bad} failed")
    sys.exit(1 if bad else 0)
