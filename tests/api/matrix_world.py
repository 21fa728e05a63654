"""An agency with two of everything, for the permission matrix: what is somebody's own, what is another's
and differs only in the one thing her scope is about, and what is not there at all."""
import collections
import functools
import json
import re
import sqlite3
import subprocess

import test_login
from api_server import ServerTest, nik_of

HOME, AWAY = 3372011001, 3201011001  # Villages of two provinces.
STAFF = 4  # Branch staff, as it is stored.
GIVEN, FAMILY = "Bungasari", "Wirapranata"  # Everybody's: whatever shows a name shows one of these.
AGENTS = {"own": 700001, "other": 700002}
BOOK = [("agent", "agent"), ("kiosk", "branch"), ("worker", "self"), ("partner", "partner"),
        ("group-admin", "group"),
        *((role, scope) for role in ("branch-staff", "claims-officer", "approver", "analyst",
                                     "auditor", "operator") for scope in ("nation", "region", "branch"))]

Person = collections.namedtuple("Person", "person_id member_number bill_code nik name birth phone")
Actor = collections.namedtuple("Actor", "role scope token")

SHOWS = {"nik": re.compile(r"(?<!\d)3[23]\d{14}(?!\d)"), "name": re.compile(f"{GIVEN}|{FAMILY}"),
         "birth_date": re.compile(r"19[789]\d-\d\d-\d\d|\d\d?[-/. ]\d\d?[-/. ]19[789]\d"),
         "phone": re.compile(r"812777\d{5}|812-?777-?\d")}


def identity_in(answer):
    """Which parts of anybody's identity a text holds in full; `answer` (status, headers, body)."""
    text = answer[2]
    if isinstance(text, bytes):
        text = subprocess.run(["pdftotext", "-", "-"], input=text, check=True,
                              capture_output=True).stdout.decode()
    return {what for what, pattern in SHOWS.items() if pattern.search(text)}


class World(ServerTest):
    partner_files = 1_000_000

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.run_program("group", "add", "toko", "Toko", "--kind", "association", "--branch",
                        "surakarta")
        cls.ids = cls.read_ids()
        for user in AGENTS.values():
            test_login.run_sql(cls.database, test_login.staff_rows(user, "agent", "agent", user))
        cls.counters = collections.Counter()
        cls.world = self = cls()
        self.pool, self.keep = [], {}
        self.home = self.people(1)[0]
        # Each differs from `home` in the one thing that the scope is about.
        self.strangers = {
            "region": self.people(1, village_code=str(AWAY))[0],
            "branch": self.people(1, group="nelayan")[0], "group": self.people(1, group="toko")[0],
            "agent": self.people(1, agent="other")[0], "self": self.people(1)[0],
            "partner": self.people(1)[0]}

    def runTest(self):
        """An instance that only makes things."""

    def next(self, what):
        self.counters[what] += 1
        return self.counters[what]

    def staff(self):
        return self.actor("branch-staff", "nation").token

    def must(self, method, path, body=None, token=None, **rest):
        status, _, text = self.send(method, path, body=body, token=token or self.staff(), **rest)
        assert status < 300, f"{method} {path}: {status} {text}"
        return json.loads(text) if text else {}

    def people(self, count, group="pasar", agent="own", **changes):
        """New members, enrolled by an agent for a group."""
        rows = []
        for _ in range(count):
            n = self.next("person")
            nik, birth = nik_of(n)
            letters = "".join(chr(97 + n // 26**k % 26) for k in (2, 1, 0))
            rows.append({"nik": nik, "birth_date": birth, "sex": "male", "name":
                         f"{GIVEN} {FAMILY} {letters.title()}", "village_code": str(HOME),
                         "phone": f"0812777{n:05}", "trade": "trade", "income": 1000000,
                         "programmes": ["JKK", "JKM"], **changes})
        answer = self.must("POST", "/v1/enrolments", {"group": group, "people": rows,
                                                 "consent_text_version": "2026-1"},
                           self.agent_token(agent))
        assert answer["accepted"] == count, answer
        numbers = [int(m["member_number"][:9]) for m in answer["members"]]
        users = self.query(f"SELECT user_id FROM role_grant WHERE role = {STAFF}")
        self.agree(numbers, [row[0] for row in users])
        return [Person(int(m["member_number"][:9]), m["member_number"], m["bill_code"], row["nik"],
                       row["name"], row["birth_date"], row["phone"])
                for row, m in zip(rows, answer["members"])]

    def agree_with_newest(self):
        known = self.query(f"SELECT user_id FROM role_grant WHERE role = {STAFF}")
        done = {row[0] for row in self.query("SELECT helper_id FROM person_consent")}
        people = [row[0] for row in self.query("SELECT person_id FROM person")]
        self.agree(people, {row[0] for row in known} - done)

    def agree(self, people, users):
        """These people let those users at the counter act for them."""
        rows = [f"({person}, {50_000_000 + self.next('consent')}, 1, {user}, 1, 1773550800000000, 2, 1, {user}, 'uji')"
                for person in people for user in users]
        if rows:
            test_login.run_sql(self.database, ["INSERT INTO person_consent VALUES " + ", ".join(rows)])

    def fresh(self):
        """A person like `home` to whom nothing has been done."""
        if not self.pool:
            self.pool.extend(self.people(100))
        return self.pool.pop()

    @classmethod
    @functools.cache
    def agent_token(cls, which):
        return test_login.session_token(cls.database, "agent", "agent", AGENTS[which],
                                        actor_id=AGENTS[which])

    def scope_id(self, scope, which):
        table, own, other = {"region": (None, 33, 32), "agent": (None, *AGENTS.values()),
                             "branch": ("branch", "surakarta", "jawa-barat"),
                             "group": ("member_group", "pasar", "toko"),
                             "partner": ("partner", "pos", "bank"),
                             "nation": (None, 0, 0)}[scope]
        word = own if which == "own" else other
        return self.ids[(table, word)] if table else word

    @functools.cache
    def actor(self, role, scope, which="own", number=0, second_factor=1):
        """Somebody in a role; `which` of the two of her scope, and another for each `number`."""
        if role == "partner":
            return Actor(role, scope, self.token(role, scope, "pos" if which == "own" else "bank"))
        if role == "agent" and second_factor and not number:
            return Actor(role, scope, self.agent_token(which))
        if role == "worker":
            person_id = (self.home if which == "own" else self.strangers["self"]).person_id
            return Actor(role, scope, test_login.session_token(
                self.database, role, scope, person_id, test_login.WORKER, person_id))
        if role == "kiosk":
            return Actor(role, scope, test_login.session_token(
                self.database, role, scope, self.scope_id(scope, which), test_login.DEVICE, 1))
        token = test_login.session_token(
            self.database, role, scope, self.scope_id(scope, which), second_factor=second_factor)
        if role == "branch-staff":
            self.agree_with_newest()
        return Actor(role, scope, token)

    def content(self):
        """What is in every table, in short; servers count themselves up whatever is asked."""
        tables = [row[0] for row in self.query(self.TABLES) if row[0] not in ("region", "server")]
        return {table: self.digest(table) for table in tables}

    def change_nothing(self, act):
        """What `act` answers, which must commit nothing. Done again when a server counted itself up
        meanwhile: that commit hides all others."""
        while True:
            beats, before = self.beats(), self.version()
            answer = act()
            after = self.version()
            if self.beats() == beats:
                self.assertEqual(after, before, "refused, and yet something changed")
                return answer


class OnSqlite:
    def version(self):
        """Differs after any commit."""
        if not hasattr(self, "watching"):
            self.watching = sqlite3.connect(self.folder / "agency.db", timeout=60)
        return self.watching.execute("PRAGMA data_version").fetchone()[0]

    def beats(self):
        return self.query("SELECT server_id, beat FROM server ORDER BY server_id")

    TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"

    def digest(self, table):
        return hash(tuple(sorted(map(repr, self.query(f"SELECT * FROM {table}")))))


class OnPostgres:
    """That nothing changes is looked at on SQLite: here it would take minutes."""

    def version(self):
        return None

    beats = version

    def content(self):
        return None
