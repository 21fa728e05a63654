"""What every black-box test of the command line starts from: an agency of its own, made with the
binary, on the engine of the run."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
JARING = ROOT / "build" / "release" / "jaring"
TODAY = "2026-03-02"
VILLAGE = "3372011001"
PEOPLE_HEADER = "nik,name,birth_date,sex,village_code,phone,trade,income,programmes,language"
PAYMENT_HEADER = "bill_code,nik,amount,paid_at,reference,channel"

# Two people: Siti (market trade, lowest bracket) and Budi (driver with JHT, relief of 2026).
SITI = "3372014101750001"
BUDI = "3372010201750002"
PEOPLE = [
    f'{SITI},Siti Aminah,1975-01-01,P,{VILLAGE},081234567890,trade,1000000,"JKK,JKM",id',
    f'{BUDI},Budi Santoso,1975-01-02,L,{VILLAGE},,transport,2500000,"JKK,JKM,JHT",en',
]
SITI_MONTH = 16800  # March 2026, before the relief for her trade begins.
BUDI_MONTH = 68400


def run(*arguments, cwd=None, env=None):
    return subprocess.run([JARING, *map(str, arguments)], capture_output=True, text=True,
                          check=False, cwd=cwd, env=env)


class CliCase(unittest.TestCase):
    """One test with an empty folder and, once `make_agency` ran, an agency."""
    engine = "sqlite"
    made = 0
    template = None  # A SQLite agency to copy: making one takes longer than most tests.

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="jaring-cli."))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.options = ["--db", f"sqlite:{self.folder}/a.db", "--today", TODAY]
        if self.engine == "postgres":
            CliCase.made += 1
            name = f"cli_{CliCase.made}"
            server = os.environ["JARING_TEST_POSTGRES"]
            subprocess.run(["psql", "-q", server, "-c", f"CREATE DATABASE {name}"], check=True)
            self.addCleanup(subprocess.run, ["psql", "-q", server, "-c", f"DROP DATABASE {name}"],
                            check=False)
            self.options = ["--db", server.rsplit("/", 1)[0] + "/" + name, "--key-file",
                            str(self.folder / "key"), "--today", TODAY]

    def make_agency(self):
        if self.engine == "sqlite" and CliCase.template is not None:
            for file in CliCase.template.iterdir():
                shutil.copy2(file, self.folder)
            return
        self.must("init")
        self.must("group", "add", "pasar", "Pedagang Pasar", "--kind", "association", "--branch",
                  "surakarta")
        self.must("partner", "add", "pos", "Kantor Pos")
        if self.engine == "sqlite":
            CliCase.template = pathlib.Path(tempfile.mkdtemp(prefix="jaring-cli-template."))
            for file in self.folder.iterdir():
                shutil.copy2(file, CliCase.template)

    def jaring(self, *arguments):
        return run(*arguments, *self.options)

    def must(self, *arguments, code=0):
        done = self.jaring(*arguments)
        self.assertEqual(done.returncode, code, f"{arguments}\n{done.stdout}{done.stderr}")
        return done

    def ask(self, *arguments, code=0):
        """The JSON answer of a command."""
        return json.loads(self.must(*arguments, "--json", code=code).stdout)

    def file(self, name, header, lines, end="\n", encoding="utf-8"):
        path = self.folder / name
        path.write_bytes((end.join([header, *lines]) + end).encode(encoding))
        return path

    def enrol(self, lines=tuple(PEOPLE), code=0, options=(), name="people.csv"):
        path = self.file(name, PEOPLE_HEADER, lines)
        return self.ask("enrol", path, "--group", "pasar", "--list", *options, code=code)

    def collect(self, lines, code=0, options=(), name="payments.csv"):
        path = self.file(name, PAYMENT_HEADER, lines)
        return self.ask("collect", path, "--partner", "pos", *options, code=code)

    def counts(self, summary):
        return tuple(summary[key] for key in ("rows", "accepted", "repeated", "rejected",
                                              "suspended"))

    def rules(self, summary):
        return [(r["row"], r["column"], r["rule"]) for r in summary["rejections"]]

    def assert_sound(self):
        self.must("verify")
        self.must("verify", "--counters")

    def assert_error(self, done, code, rule):
        """Exit code, the rule id, a sentence in each language, nothing raw."""
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assertIn(rule, done.stderr)
        self.assertGreaterEqual(len(done.stderr.strip().splitlines()), 2, done.stderr)
        self.assertNotIn("Refused by the rule", done.stderr)  # What a missing sentence looks like.
        for word in ("SELECT ", "INSERT ", "terminate called", "check failed"):
            self.assertNotIn(word, done.stderr)


def payment(reference, amount, code="", nik="", paid_at="2026-03-01T08:00:00+07:00"):
    return f"{code},{nik},{amount},{paid_at},{reference},loket"
