"""Databases and files that the measurements start from. Kept in build/bench and used again."""
import json
import sqlite3

from bench_tools import HOME, JARING, copy_database, remove_database, run, tool

GROUP = "bench-group"
PARTNER = "bench-bank"
ENROL_DAY = "2026-05-04"
ROWS_PER_TRANSACTION = 20_000  # As src/channels/files has it.


def pay_day(nth):
    """The day on which everybody pays the nth month of the spell."""
    return f"2026-{5 + nth:02d}-10"


def month_number(nth):
    return 202605 + nth


class People:
    """`count` people: the list, the database before and after it was enrolled, payment files."""

    def __init__(self, count):
        self.count = count
        self.folder = HOME / str(count)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.list = self.folder / "people.csv"
        self.empty = self.folder / "empty.db"
        self.enrolled = self.folder / "enrolled.db"
        self.roll = self.folder / "roll.txt"
        self.prices = self.folder / "prices.json"

    def prepare(self):
        if not self.list.exists():
            print(f"  making a list of {self.count:,} people", flush=True)
            tool("make_people.py", self.count, self.list)
        if not self.empty.exists():
            make_agency(f"sqlite:{self.empty}", f"{self.empty}.key")
        if not self.roll.exists():
            print(f"  enrolling {self.count:,} people", flush=True)
            copy_database(self.empty, self.enrolled)
            listed = self.folder / "members.json"
            listed.write_text(jaring(self.enrolled, ENROL_DAY, "enrol", self.list, "--group", GROUP,
                                     "--json", "--list").out, encoding="utf-8")
            tool("make_payments.py", "roll", listed, self.list, self.roll)
            listed.unlink()
        if not self.prices.exists():
            self.prices.write_text(json.dumps(ask_prices(self.roll)), encoding="utf-8")
        return self

    def payment_file(self, nth, order="member"):
        file = self.folder / f"pay-{nth}-{order}.csv"
        if not file.exists():
            tool("make_payments.py", "file", self.roll, self.prices, nth, pay_day(nth), order, file)
        return file

    def plan(self, count):
        file = self.folder / f"plan-{count}.txt"
        if not file.exists():
            tool("make_payments.py", "plan", self.roll, self.prices, count, file)
        return file

    def copy(self, source, name):
        return copy_database(source, self.folder / f"{name}.db")

    def drop(self, name):
        remove_database(self.folder / f"{name}.db")


def jaring(database, day, *arguments):
    return run(JARING, "--db", f"sqlite:{database}", "--today", day, *arguments)


def make_agency(address, key_file):
    common = [JARING, "--db", address, "--key-file", key_file, "--today", ENROL_DAY]
    run(*common, "init", "--demo")
    run(*common, "group", "add", GROUP, "Bench", "--kind", "association", "--branch", "surakarta")
    run(*common, "partner", "add", PARTNER, "Bench bank")


def ask_prices(roll):
    """What the first months of a spell cost, by what decides it; asked of the program itself."""
    with open(roll, encoding="utf-8") as file:
        keys = sorted({line.split()[1] for line in file})
    prices = {}
    for key in keys:
        sector, income, programmes = key.split("|")
        quote = run(JARING, "--today", ENROL_DAY, "quote", "--income", income, "--programmes",
                    programmes, "--sector", sector, "--from", "2026-05", "--months", "6", "--json")
        prices[key] = [month["total"] for month in quote.json()["months"]]
    return prices


def differing_tables(file, other_file, tables):
    """Tables whose rows are not the same in both databases."""
    db = sqlite3.connect(file)
    db.execute("ATTACH ? AS other", (str(other_file),))
    different = []
    for name in tables:
        one_way = f"SELECT * FROM main.{name} EXCEPT SELECT * FROM other.{name}"
        other_way = f"SELECT * FROM other.{name} EXCEPT SELECT * FROM main.{name}"
        if db.execute(f"SELECT EXISTS ({one_way}) OR EXISTS ({other_way})").fetchone()[0]:
            different.append(name)
    return different
