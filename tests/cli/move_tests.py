"""`jaring db copy` and `jaring db reopen`: an agency moves to another database."""
import json
import os
import sqlite3
import subprocess

from cli_case import BUDI, PEOPLE, SITI, SITI_MONTH, CliCase, payment, run


class Moving(CliCase):
    def new_target(self, other_engine=True):
        """An address where nothing is yet, of the other engine where there is one."""
        CliCase.made += 1
        to_postgres = (self.engine == "sqlite") == other_engine
        if not to_postgres or "JARING_TEST_POSTGRES" not in os.environ:
            return f"sqlite:{self.folder}/new{CliCase.made}.db"
        name = f"cli_moved_{CliCase.made}"
        server = os.environ["JARING_TEST_POSTGRES"]
        subprocess.run(["psql", "-q", server, "-c", f"CREATE DATABASE {name}"], check=True)
        self.addCleanup(subprocess.run, ["psql", "-q", server, "-c", f"DROP DATABASE {name}"],
                        check=False)
        return server.rsplit("/", 1)[0] + "/" + name

    def key(self):
        return str(self.folder / ("key" if self.engine == "postgres" else "a.db.key"))

    def source(self):
        return self.options[1]

    def copy(self, target, *more):
        return run("db", "copy", "--from", self.source(), "--to", target, "--key-file", self.key(),
                   "--today", self.options[-1], *more)

    def at(self, target, *arguments):
        return run(*arguments, "--db", target, "--key-file", self.key(), "--today",
                   self.options[-1])

    def with_people(self):
        self.make_agency()
        self.enrol()
        self.collect([payment("A-1", SITI_MONTH, nik=SITI)])

    def test_moves_and_says_what(self):
        self.with_people()
        for number in range(2):
            target = self.new_target(other_engine=number == 0)
            done = self.copy(target)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("the same on both sides", done.stdout)
            self.assertIn("verify: clean\n  audit: clean", done.stdout)
            self.assertIn("is closed for writing; it can be read", done.stderr)
            self.assertIn("comparing both sides", done.stderr)
            for command in (["verify"], ["audit", "verify"], ["cover", BUDI]):
                self.assertEqual(self.at(target, *command).returncode, 0, command)
            self.assertEqual(self.at(target, "partner", "add", "bank", "Bank").returncode, 0)
            self.assert_error(self.jaring("partner", "add", "bank", "Bank"), 3, "db.moved")
            self.must("cover", SITI)  # The old one can still be read.
            self.assert_error(self.jaring("db", "reopen"), 3, "db.moved")
            again = self.copy(target)
            self.assertEqual(again.returncode, 0, again.stderr)
            self.must("db", "reopen", "--although-moved")
            self.must("partner", "add", f"kas-{number}", "Kas")

    def test_tells_programs(self):
        self.with_people()
        target = self.new_target()
        told = json.loads(self.copy(target, "--json").stdout)
        self.assertEqual((told["went_on"], told["was_done"]), (False, False))
        self.assertEqual(told["tables"]["person"]["rows"], len(PEOPLE))
        self.assertEqual(len(told["tables"]["payment"]["sum"]), 32)
        self.assertEqual(sum(t["rows"] for t in told["tables"].values()), told["copied_rows"])
        self.assertTrue(json.loads(self.copy(target, "--json").stdout)["was_done"])

    def test_refuses_before_anything_is_closed(self):
        self.with_people()
        target = self.new_target()
        key = self.folder / "other.key"
        self.assertEqual(run("init", "--db", f"sqlite:{self.folder}/o.db", "--key-file",
                             key).returncode, 0)
        self.assert_error(run("db", "copy", "--from", self.source(), "--to", target, "--key-file",
                              key), 3, "agency.wrong_key")
        self.assert_error(self.copy(f"sqlite:{self.folder}/o.db"), 3, "move.target_not_empty")
        self.assert_error(self.copy(self.source()), 2, "move.same_database")
        self.assert_error(self.copy("mysql://x/y"), 2, "db.address_malformed")
        self.assert_error(run("db", "copy", "--from", f"sqlite:{self.folder}/none.db", "--to",
                              target, "--key-file", self.key()), 3, "db.missing")
        self.assert_error(self.jaring("db", "reopen"), 3, "move.not_closed")
        self.must("partner", "add", "kas", "Kas")  # Still open.

    def test_a_newer_or_older_schema_is_not_moved(self):
        self.with_people()
        target = self.new_target()
        for statement, rule in (
                ("INSERT INTO schema_migration (number, name) VALUES (9999, 'x')",
                 "migration.newer"),
                ("DELETE FROM schema_migration WHERE number > 5", "agency.schema_outdated")):
            self.change(statement)
            self.assert_error(self.copy(target), 3, rule)

    def change(self, statement):
        if self.engine == "postgres":
            subprocess.run(["psql", "-q", self.source(), "-c", statement], check=True)
            return
        connection = sqlite3.connect(self.folder / "a.db")
        connection.execute(statement)
        connection.commit()
        connection.close()

    def test_broken_books_are_not_opened_elsewhere(self):
        self.with_people()
        target = self.new_target()
        self.change("UPDATE membership SET credit_rupiah = credit_rupiah + 1")
        self.assert_error(self.copy(target), 3, "move.books_do_not_balance")
        self.assert_error(self.at(target, "verify"), 3, "db.unfinished")
        self.assert_error(self.at(target, "init"), 3, "db.unfinished")
        self.assert_error(self.at(target, "backup", "--to", self.folder / "b"), 3, "db.unfinished")
        self.assert_error(self.jaring("partner", "add", "kas", "Kas"), 3, "db.closed")
        self.assertIn("db.closed", self.jaring("doctor").stdout)
        self.must("db", "reopen")
        self.change("UPDATE membership SET credit_rupiah = credit_rupiah - 1")
        self.assert_error(self.copy(target), 3, "move.target_other")
        self.must("partner", "add", "kas", "Kas")
        self.assertEqual(self.copy(self.new_target()).returncode, 0)

    def test_an_altered_audit_trail_is_not_opened_elsewhere(self):
        self.with_people()
        self.change("UPDATE audit_entry SET subject = 'nothing' WHERE entry_id = 2")
        self.assert_error(self.copy(self.new_target()), 3, "move.audit_broken")

    def test_a_backup_of_a_closed_database_is_open(self):
        self.with_people()
        self.assertEqual(self.copy(self.new_target()).returncode, 0)
        backup = self.folder / "b.backup"
        self.must("backup", "--to", backup)
        restored = f"sqlite:{self.folder}/r.db"
        self.assertEqual(self.at(restored, "restore", backup).returncode, 0)
        self.assertEqual(self.at(restored, "partner", "add", "kas", "Kas").returncode, 0)

    def test_passwords_are_not_told(self):
        if self.engine == "postgres":
            return
        self.with_people()
        target = self.new_target()
        if target.startswith("sqlite"):
            return
        secret = target.replace("postgres@", "postgres:geheim@")
        done = self.copy(secret)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("geheim", done.stdout + done.stderr)
        connection = sqlite3.connect(self.folder / "a.db")
        told = str(connection.execute("SELECT * FROM database_move").fetchall())
        connection.close()
        self.assertNotIn("geheim", told)
