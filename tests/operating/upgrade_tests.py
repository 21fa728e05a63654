"""A filled database of schema 7 comes to today's schema, and a program that does not know a schema
keeps away from it."""
import gzip
import json
import pathlib
import shutil
import sqlite3
import subprocess

from operating_case import ROOT, OperatingCase

FIXTURE = pathlib.Path(__file__).resolve().parent / "schema7"
MIGRATIONS = sorted((ROOT / "migrations").glob("*.sql"))
OLD = MIGRATIONS[:7]
TODAY = "2026-11-21"  # The day after the last one of the fixture.
COVERAGE = {"month": "2026-11", "registered": 120, "paid": 113, "active": 62, "grace": 11,
            "lapsed": 33, "ended": 7, "joined": 6, "returned": 0, "lost": 2, "left": 1,
            "months": 84, "received": 1987500, "rows": []}


def tables():
    with gzip.open(FIXTURE / "rows.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def fill_sqlite(file):
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE schema_migration (number BIGINT NOT NULL PRIMARY KEY,"
                       " name TEXT NOT NULL)")
    for path in OLD:
        connection.executescript(path.read_text().replace("/* clustered */", "WITHOUT ROWID"))
    for table in tables():
        connection.execute(f"DELETE FROM {table['table']}")
        places = ",".join("?" * len(table["columns"]))
        rows = [[bytes.fromhex(v["hex"]) if isinstance(v, dict) else v for v in row]
                for row in table["rows"]]
        connection.executemany(f"INSERT INTO {table['table']} ({','.join(table['columns'])})"
                               f" VALUES ({places})", rows)
    connection.commit()
    connection.close()


def copy_text(value):
    if value is None:
        return "\\N"
    if isinstance(value, dict):
        return "\\\\x" + value["hex"]
    text = str(value)
    for raw, escaped in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(raw, escaped)
    return text


def fill_postgres(address):
    script = ["BEGIN;", "CREATE TABLE schema_migration (number BIGINT NOT NULL PRIMARY KEY,"
              " name TEXT NOT NULL);", *(path.read_text() for path in OLD)]
    for table in tables():
        script.append(f"DELETE FROM {table['table']};")
        script.append(f"COPY {table['table']} ({','.join(table['columns'])}) FROM STDIN;")
        script += ["\t".join(map(copy_text, row)) for row in table["rows"]]
        script.append("\\.")
    script.append("COMMIT;\n")
    subprocess.run(["psql", "-q", "-v", "ON_ERROR_STOP=1", address], check=True, text=True,
                   input="\n".join(script), stdout=subprocess.DEVNULL)


class Upgrade(OperatingCase):
    def old_agency(self):
        agency = self.new_agency()
        key = self.key_of(agency)
        key.write_bytes(bytes.fromhex((FIXTURE / "key.hex").read_text()))
        key.chmod(0o600)
        if self.engine == "sqlite":
            fill_sqlite(agency.file)
        else:
            fill_postgres(agency.address)
        options = agency.options()
        options[options.index("--today") + 1] = TODAY
        agency.options = lambda: options
        return agency

    def old_program(self, last):
        """A data root of a program that knows the migrations up to `last`."""
        root = self.folder / f"root{last}"
        for name in ("data", "schemes", "api"):
            shutil.copytree(ROOT / name, root / name)
        (root / "migrations").mkdir()
        for path in MIGRATIONS[:last]:
            shutil.copy2(path, root / "migrations")
        return root

    def test_comes_to_todays_schema_with_everything_in_it(self):
        agency = self.old_agency()
        self.assert_refused(agency.run("verify"), 3, "agency.schema_outdated")
        self.assert_refused(agency.run("serve", "--listen", "127.0.0.1:0"), 3,
                            "agency.schema_outdated")
        self.assertEqual(len(agency.rows("SELECT number FROM schema_migration")), 7)
        agency.must("init", "--demo")
        self.assertIsNone(agency.verify())
        numbers = sorted(int(row[0]) for row in agency.rows("SELECT number FROM schema_migration"))
        self.assertEqual(numbers, list(range(1, len(MIGRATIONS) + 1)))
        self.assertEqual(self.ask(agency, "coverage"), COVERAGE)
        regencies = self.ask(agency, "coverage", "--by", "region")["rows"]
        self.assertEqual(sum(row["active"] for row in regencies), COVERAGE["active"])
        for regency in regencies:  # Villages were not counted then.
            districts = self.ask(agency, "coverage", "--by", "region", "--region",
                                 regency["code"])["rows"]
            for figure in ("registered", "active", "ended", "lost", "left", "received"):
                self.assertEqual(sum(row[figure] for row in districts), regency[figure], figure)
        for table in tables():
            if table["table"] not in ("schema_migration", "sequence"):
                with self.subTest(table=table["table"]):
                    rows = agency.rows(f"SELECT count(*) FROM {table['table']}")
                    self.assertGreaterEqual(int(rows[0][0]), len(table["rows"]))
        agency.must("init", "--demo")
        self.assertIsNone(agency.verify(), "after init once more")

    def test_everyone_is_found_and_can_be_asked_about(self):
        agency = self.old_agency()
        agency.must("init", "--demo")
        persons = agency.rows("SELECT person_id FROM person ORDER BY person_id LIMIT 10")
        for (person,) in persons:
            number = f"{int(person):09}"
            found = agency.rows(f"SELECT count(*) FROM membership WHERE person_id = {int(number)}")
            self.assertGreaterEqual(int(found[0][0]), 1)
        journal = agency.must("journal", "--month", "2026-10")
        self.assertGreater(len(journal.out.splitlines()), 3)
        backup = self.folder / "upgraded.backup"
        agency.must("backup", "--to", backup)

    def test_an_old_program_keeps_away_from_a_new_schema(self):
        agency = self.old_agency()
        agency.must("init", "--demo")
        for last in (7, len(MIGRATIONS) - 1):
            root = self.old_program(last)
            for command in (["verify"], ["serve", "--listen", "127.0.0.1:0"], ["init", "--demo"],
                            ["coverage"]):
                with self.subTest(last=last, command=command[0]):
                    done = agency.run(*command, "--data-root", root)
                    self.assert_refused(done, 3, "migration.newer")
        self.assertIsNone(agency.verify())

    def test_an_old_backup_comes_to_todays_schema_when_restored(self):
        agency = self.old_agency()
        backup = self.folder / "old.backup"
        agency.must("backup", "--to", backup, "--quick")
        for engine in ("sqlite", "postgres"):
            with self.subTest(to=engine):
                restored = self.new_agency(engine, key=self.key_of(agency))
                restored.must("restore", backup)
                self.assertIsNone(restored.verify())
                numbers = restored.rows("SELECT max(number) FROM schema_migration")
                self.assertEqual(int(numbers[0][0]), len(MIGRATIONS))
