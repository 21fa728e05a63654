"""An agency with many members, and everybody who will ask something of it: partners, staff, workers
and people without a login. Made through the program; only sessions are put in from outside."""
import contextlib
import csv
import dataclasses
import datetime
import json
import os
import pathlib
import sqlite3
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "api"))
import test_login  # noqa: E402

PARTNERS = 10
STAFF = 200
WORKERS = 2_000
GROUPS = 20
BRANCH = "surakarta"  # That serves everybody of bench/make_people.py.


@dataclasses.dataclass
class Member:
    person_id: int
    member_number: str
    bill_code: str
    price: int  # Of a month.
    nik: str
    birth_date: str


class Agency:
    """Members are enrolled today; `spare` are people who are not members yet."""

    def __init__(self, binary, folder, address, people, spare):
        self.binary, self.folder, self.address = binary, pathlib.Path(folder), address
        self.options = ["--db", address, "--key-file", f"{folder}/agency.key"]
        self.run("init", "--demo")
        for number in range(GROUPS):
            self.run("group", "add", f"group-{number}", f"Group {number}", "--kind", "association",
                     "--branch", BRANCH)
        self.members, self.spare = self.enrol(people, spare)
        self.branch_id = self.query(f"SELECT branch_id FROM branch WHERE code = '{BRANCH}'")[0][0]
        self.statements = []
        self.partners = [self.add_partner(f"bank-{n}") for n in range(PARTNERS)]
        self.flooder = self.add_partner("flood")
        self.staff = [self.add_session("branch-staff", "branch", self.branch_id)
                      for _ in range(STAFF)]
        self.workers = [(member.person_id,
                         self.add_session("worker", "self", member.person_id,
                                          kind=test_login.WORKER, actor_id=member.person_id))
                        for member in self.members[:WORKERS]]
        test_login.run_sql(address, self.statements)

    def run(self, *command):
        done = subprocess.run([str(part) for part in (self.binary, *command, *self.options)],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"load: jaring {command[0]} failed\n{done.stdout[-500:]}{done.stderr}")
        return done.stdout

    def enrol(self, people, spare):
        listed = self.folder / "people.csv"
        subprocess.run([sys.executable, ROOT / "bench" / "make_people.py", str(people + spare),
                        listed], check=True)
        with open(listed, encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        first = self.folder / "members.csv"
        with open(first, "w", encoding="utf-8") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows[:people])
        answer = json.loads(self.run("enrol", first, "--group", "group-0", "--json", "--list"))
        if answer["accepted"] != people:
            raise SystemExit(f"load: {answer['accepted']} of {people} were enrolled")
        prices = self.ask_prices(rows)
        members = [Member(int(member["member_number"][:9]), member["member_number"],
                          member["bill_code"], prices[price_key(row)], row["nik"],
                          row["birth_date"])
                   for member, row in zip(answer["members"], rows)]
        return members, rows[people:]

    def ask_prices(self, rows):
        month = datetime.date.today().strftime("%Y-%m")
        prices = {}
        for trade, income, programmes in {price_key(row) for row in rows}:
            quote = json.loads(self.run("quote", "--income", income, "--programmes", programmes,
                                        "--sector", trade, "--from", month, "--months", "1",
                                        "--json"))
            prices[trade, income, programmes] = quote["months"][0]["total"]
        return prices

    def add_partner(self, code):
        """(code, token)."""
        self.run("partner", "add", code, code)
        public_id, _ = test_login.add_client(self.binary, self.options, code)
        partner_id, client_id = self.query("SELECT partner_id, client_id FROM partner_client"
                                           f" WHERE public_id = '{public_id}'")[0]
        return code, self.add_session("partner", "partner", partner_id, kind=test_login.CLIENT,
                                      actor_id=client_id)

    def add_session(self, *who, **more):
        token, statements = test_login.new_session(self.address, *who, **more)
        self.statements += statements
        return token

    def query(self, sql):
        if self.address.startswith("sqlite:"):
            connection = sqlite3.connect(self.address.removeprefix("sqlite:"), timeout=60)
            with contextlib.closing(connection):
                return connection.execute(sql).fetchall()
        done = subprocess.run(["psql", "-qXAt", "-F", "\t", self.address, "-c", sql], check=True,
                              capture_output=True, text=True)
        return [[int(cell) if cell.lstrip("-").isdigit() else cell for cell in line.split("\t")]
                for line in done.stdout.splitlines()]


def price_key(row):
    return row["trade"], row["income"], row["programmes"]


def postgres_address():
    """A new database in the cluster of tests/with_postgres.sh."""
    cluster = os.environ["JARING_TEST_POSTGRES"]
    subprocess.run(["psql", "-qX", cluster, "-c", "CREATE DATABASE load"], check=True)
    return cluster.rsplit("/", 1)[0] + "/load"
