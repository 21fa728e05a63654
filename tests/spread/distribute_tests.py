#!/usr/bin/env python3
"""`jaring db distribute` as an operator meets it: the plan, what is missing, and a run that is
killed in the middle and started again. Runs itself under tests/with_postgres.sh.

The extension is a stand-in (citus_stand_in.sql): this shows order, resuming and refusals, and
nothing of what Citus does with what it is asked."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
JARING = ROOT / "build/release/jaring"
STAND_IN = ROOT / "tests/spread/citus_stand_in.sql"
TODAY = "2026-03-02"
READY = ("INSERT INTO pg_available_extensions VALUES ('citus');"
         " INSERT INTO pg_extension VALUES ('citus');"
         " INSERT INTO pg_dist_node VALUES (0, true, false, 'primary'),"
         " (1, true, true, 'primary')")


class Distribute(unittest.TestCase):
    made = 0

    def setUp(self):
        Distribute.made += 1
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="jaring-distribute."))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        server = os.environ["JARING_TEST_POSTGRES"]
        name = f"distribute_{Distribute.made}"
        subprocess.run(["psql", "-qX", server, "-c", f"CREATE DATABASE {name}"], check=True)
        self.plain = server.rsplit("/", 1)[0] + "/" + name
        self.spread = self.plain + "?options=-csearch_path%3Dpublic,stand_in,pg_catalog"
        self.must("init", db=self.plain)

    def make_stand_in(self, script=READY):
        self.sql("CREATE SCHEMA stand_in; SET search_path = stand_in, pg_catalog; " +
                 STAND_IN.read_text(), self.plain)
        self.sql(script)

    def sql(self, script, address=None):
        done = subprocess.run(["psql", "-qAtX", "-v", "ON_ERROR_STOP=1", address or self.spread],
                              input=script, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.split("\n")[:-1]

    def command(self, *arguments, db):
        return [JARING, *arguments, "--db", db, "--key-file", self.folder / "key", "--today", TODAY]

    def jaring(self, *arguments, db=None):
        return subprocess.run(self.command(*arguments, db=db or self.spread), capture_output=True,
                              text=True, check=False)

    def must(self, *arguments, db=None, code=0):
        done = self.jaring(*arguments, db=db)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def states(self, code=0):
        plan = json.loads(self.must("db", "distribute", "--dry-run", "--json", code=code).stdout)
        return {table["table"]: table["state"] for table in plan["tables"]}

    def calls(self):
        return self.sql("SELECT call FROM stand_in_call ORDER BY number")

    def test_plan_is_a_table_on_any_database(self):
        self.must("init", db=f"sqlite:{self.folder}/a.db")
        for db, rule in ((f"sqlite:{self.folder}/a.db", "spread.needs_postgresql"),
                         (self.plain, "spread.extension_not_installed")):
            done = self.must("db", "distribute", "--dry-run", db=db, code=3)
            self.assertIn(rule, done.stderr)
            self.assertGreaterEqual(len(done.stderr.strip().splitlines()), 2)
            for words in ("suspected_duplicate", "nik_sealed", "audit_entry", "local", "reference"):
                self.assertIn(words, done.stdout)
            self.assertLessEqual(max(map(len, done.stdout.splitlines())), 100)
            self.assertIn(rule, self.must("db", "distribute", db=db, code=3).stderr)

    def test_dry_run_changes_nothing(self):
        self.make_stand_in()
        states = self.states()
        self.assertEqual(states["person"], "to do")
        self.assertEqual(states["session"], "stays")
        self.assertEqual(self.calls(), [])

    def test_missing_machines_are_told(self):
        self.make_stand_in("INSERT INTO pg_extension VALUES ('citus')")
        self.assertIn("spread.coordinator_unknown", self.must("db", "distribute", code=3).stderr)
        self.assertEqual(self.calls(), [])

    def test_killed_in_the_middle_it_goes_on(self):
        # In a reference table, in the first of a group, within a group, and in the last one.
        for place in ("branch", "coverage_counter", "membership", "person_phone"):
            with self.subTest(place=place):
                self.setUp()
                self.make_stand_in()
                self.kill_at(place)
                states = self.states()
                self.assertEqual(states[place], "to do")
                done_before = [table for table, state in states.items() if state == "done"]
                self.must("db", "distribute")
                self.assertEqual({state for state in self.states().values()}, {"done", "stays"})
                turned = [call.split()[1] for call in self.calls() if not call.startswith("freed")]
                self.assertEqual(len(turned), len(set(turned)))
                self.assertEqual(turned[:len(done_before)], done_before)
                self.assertEqual(turned[len(done_before)], place)
                freed = [call.split()[1] for call in self.calls() if call.startswith("freed")]
                distributed = [call.split()[1] for call in self.calls()
                               if call.startswith("distributed")]
                self.assertEqual(sorted(freed), sorted(distributed))
                self.must("db", "distribute")  # Once more changes nothing.
                self.assertEqual(turned, [call.split()[1] for call in self.calls()
                                          if not call.startswith("freed")])

    def kill_at(self, table):
        """Runs it until it turns this table, where the stand-in waits; kills it there."""
        self.sql(f"INSERT INTO stand_in_stop VALUES ('{table}')")
        holder = subprocess.Popen(["psql", "-qAtX", self.plain], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, text=True)
        holder.stdin.write("SELECT 'held' FROM (SELECT pg_advisory_lock(77)) AS taken;\n")
        holder.stdin.flush()
        self.assertEqual(holder.stdout.readline(), "held\n")
        run = subprocess.Popen(self.command("db", "distribute", db=self.spread),
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 77 AND NOT granted"
        end = time.monotonic() + 120
        while self.sql(waiting, self.plain) != ["1"]:
            self.assertIsNone(run.poll(), "it ended before it came there")
            self.assertLess(time.monotonic(), end)
        run.send_signal(signal.SIGKILL)
        run.wait(timeout=60)
        holder.stdin.close()
        holder.wait(timeout=60)
        holder.stdout.close()
        self.sql("DELETE FROM stand_in_stop")
        # The server notices that its client is gone; only then is the table's fate settled.
        gone = ("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND"
                " pid <> pg_backend_pid()")
        while self.sql(gone, self.plain) != ["0"]:
            self.assertLess(time.monotonic(), end)

    def test_program_works_row_by_row_on_it(self):
        """With the stand-in in place every set is sent row by row, as a spread database needs it."""
        self.make_stand_in()
        self.must("db", "distribute")
        self.must("group", "add", "pasar", "Pedagang Pasar", "--kind", "association", "--branch",
                  "surakarta")
        self.must("partner", "add", "pos", "Kantor Pos")
        people = ["nik,name,birth_date,sex,village_code,phone,trade,income,programmes,language"]
        money = ["bill_code,nik,amount,paid_at,reference,channel"]
        for n in range(1, 41):
            nik = f"337201{n % 28 + 1:02}0175{n:04}"
            people.append(f'{nik},Warga Satu,1975-01-{n % 28 + 1:02},L,3372011001,,trade,1000000,'
                          '"JKK,JKM",id')
            money.append(f",{nik},16800,2026-03-01T08:00:00+07:00,R-{n},loket")
        (self.folder / "people.csv").write_text("\n".join(people) + "\n")
        (self.folder / "money.csv").write_text("\n".join(money) + "\n")
        enrolled = json.loads(self.must("enrol", self.folder / "people.csv", "--group", "pasar",
                                        "--json").stdout)
        self.assertEqual(enrolled["accepted"], 40, enrolled)
        for accepted, repeated in ((40, 0), (0, 40)):
            paid = json.loads(self.must("collect", self.folder / "money.csv", "--partner", "pos",
                                        "--json").stdout)
            self.assertEqual((paid["accepted"], paid["repeated"]), (accepted, repeated), paid)
        self.must("verify")


def main():
    if "JARING_TEST_POSTGRES" not in os.environ:
        return subprocess.run([ROOT / "tests/with_postgres.sh", sys.executable,
                               pathlib.Path(__file__).resolve()], check=False).returncode
    result = unittest.main(argv=sys.argv, exit=False).result
    bad = len(result.failures) + len(result.errors) + len(result.skipped)
    print(f"{max(result.testsRun - bad, 0)} passed, {bad} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
