"""A running server on a small agency of its own, on either engine, and how tests talk to it."""
import contextlib
import functools
import http.client
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
import unittest
import urllib.parse

from api_document import DOCUMENT, ROOT
import test_login
from server_trace import TRACE

TODAY = "2026-03-15"
NIK = "3372015708850000"  # Serial 0000: allowed in demo databases only.
VILLAGE = "3372011001"


class Program:
    """The binary under test."""
    path = str(ROOT / "build" / "release" / "jaring")


class ServerTest(unittest.TestCase):
    """Subclasses say on which engine, and what is tested."""
    document = DOCUMENT
    partner_files = 1  # A minute; ten at once.

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="jaring-api-"))
        cls.database = cls.make_database()
        cls.options = ["--db", cls.database, "--key-file", str(cls.folder / "agency.key"),
                       "--config", str(cls.write_settings()), "--today", TODAY]
        for command in (["init", "--demo"], ["partner", "add", "pos", "Kantor Pos"],
                        ["partner", "add", "bank", "Bank"],
                        ["group", "add", "pasar", "Pasar", "--kind", "association",
                         "--branch", "surakarta"],
                        ["group", "add", "nelayan", "Nelayan", "--kind", "community",
                         "--branch", "jawa-barat"]):
            cls.run_program(*command)
        cls.ids = cls.read_ids()
        cls.start()

    @classmethod
    def write_settings(cls):
        """Each caller may ask more than anybody does, but for what a subclass says of partners."""
        path = cls.folder / "jaring.toml"
        rates = {f"{who}_{what}": 1_000_000 for who in ("user", "device", "partner")
                 for what in ("reads", "writes", "payments", "files")}
        rates["partner_files"] = cls.partner_files
        path.write_text("[rates]\n" + "".join(f"{key} = {n}\n" for key, n in rates.items()) +
                        f'[claims]\npapers = "{cls.folder}/papers"\n'
                        'account_name = "Jaring"\naccount = "0011223344"\nbank = "BRI"\n')
        return path

    @classmethod
    def run_program(cls, *command):
        done = subprocess.run([Program.path, *command, *cls.options], capture_output=True,
                              text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @classmethod
    def start(cls):
        cls.server, cls.port, cls.log = TRACE.start(
            [Program.path, "serve", *cls.options, "--listen", "127.0.0.1:0"], cls.__name__)

    @classmethod
    def stop(cls, how=signal.SIGTERM):
        cls.server.send_signal(how)
        return cls.server.wait(60)

    @classmethod
    def tearDownClass(cls):
        assert cls.stop() == 0, "the server did not stop in order"
        verified = subprocess.run([Program.path, "verify", *cls.options], capture_output=True,
                                  text=True, check=False)
        assert verified.returncode == 0, verified.stdout + verified.stderr
        shutil.rmtree(cls.folder)

    @classmethod
    def read_ids(cls):
        """The numbers of the agency's groups, branches and partners, by code."""
        ids = {}
        for table, key in (("member_group", "group_id"), ("branch", "branch_id"),
                           ("partner", "partner_id")):
            ids |= {(table, code): number
                    for code, number in cls.query(f"SELECT code, {key} FROM {table}")}
        return ids

    @classmethod
    @functools.cache
    def token(cls, role, scope="nation", name=None):
        """A session in that role; `name` is the code of the scope's group, branch or partner, or
        its number."""
        table = {"group": "member_group", "branch": "branch", "partner": "partner"}.get(scope)
        number = cls.ids.get((table, name), name or 0)
        if role == "partner":
            return test_login.partner_token(Program.path, cls.options,
                                            f"http://127.0.0.1:{cls.port}", name)
        if role == "worker":
            return test_login.session_token(cls.database, role, scope, number,
                                            kind=test_login.WORKER, actor_id=number)
        if role == "kiosk":
            return test_login.session_token(cls.database, role, scope, number,
                                            kind=test_login.DEVICE, actor_id=1)
        return test_login.session_token(cls.database, role, scope, number)

    def send(self, method, path, body=None, query=None, headers=None, token=""):
        """(status, headers, text). `token` None sends none; "" is a branch's."""
        if token == "":
            token = self.token("branch-staff")
        url = path + ("?" + urllib.parse.urlencode(query) if query else "")
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"Content-Type": "application/json"}
        if method == "POST":
            sent["Idempotency-Key"] = os.urandom(12).hex()
        if token:
            sent["Authorization"] = f"Bearer {token}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        with contextlib.closing(connection):
            connection.request(method, url, data, {
                k: v for k, v in {**sent, **(headers or {})}.items() if v is not None})
            answer = connection.getresponse()
            raw = answer.read()
        is_text = not answer.headers.get_content_type().endswith("pdf")
        TRACE.add_exchange({**sent, **{k: v for k, v in (headers or {}).items() if v}}, data,
                           answer.headers, raw if is_text else None)
        return answer.status, answer.headers, raw.decode() if is_text else raw

    def ask(self, method, path, expected_status, parameters=None, **rest):
        """The answer as JSON; `path` as in the document, `parameters` fill its {names}."""
        return self.ask_all(method, path, expected_status, parameters, **rest)[0]

    def ask_all(self, method, path, expected_status, parameters=None, **rest):
        """(answer, headers)."""
        filled = path
        for name, value in (parameters or {}).items():
            filled = filled.replace("{" + name + "}", urllib.parse.quote(str(value), safe=""))
        if expected_status < 300 and isinstance(rest.get("body"), dict):
            self.document.check_body(method, path, rest["body"])
        status, headers, text = self.send(method, filled, **rest)
        self.assertEqual(status, expected_status, text)
        return self.document.check(method, path, status, headers.get_content_type(), text), headers

    def person(self, **changes):
        return {"nik": NIK, "name": "Siti Contoh", "birth_date": "1985-08-17", "sex": "female",
                "village_code": VILLAGE, "trade": "trade", "income": 1000000,
                "programmes": ["JKK", "JKM"], **changes}

    def enrol(self, number, group="pasar", **changes):
        """A member of her own; person_id, member_number and bill_code."""
        nik, birth_date = nik_of(number)
        person = self.person(**{"nik": nik, "birth_date": birth_date, "sex": "male", **changes})
        body = {"person": person} | ({"group": group} if group else {})
        status, _, text = self.send("POST", "/v1/enrolments", body=body)
        self.assertIn(status, (200, 201), text)
        member = json.loads(text)["members"][0]
        return {**member, "person_id": int(member["member_number"][:9]), "nik": nik,
                "birth_date": birth_date}

    def payment(self, bill_code, reference, **changes):
        return {"partner": "pos", "reference": reference, "amount": 50400,
                "paid_at": "2026-03-10T05:00:00Z", "bill_code": bill_code, **changes}

    def pay(self, expected_status, body, key=None):
        partner = body.get("partner", "pos") if isinstance(body, dict) else "pos"
        known = partner if ("partner", partner) in self.ids else "pos"
        return self.ask("POST", "/v1/payments", expected_status, body=body,
                        token=self.token("partner", "partner", known),
                        headers={"Idempotency-Key": key or os.urandom(12).hex()})

    def wait_for_job(self, job_id, token=""):
        for _ in range(600):
            job = self.ask("GET", "/v1/jobs/{job_id}", 200, {"job_id": job_id}, token=token)
            if job["state"] in ("done", "cancelled", "failed"):
                return job
            time.sleep(0.1)
        raise AssertionError(f"job {job_id} did not end: {job}")


def nik_of(number):
    """A NIK of the demo and its birth date; another for each number below 10,000."""
    year, month, day = 1970 + number // 336 % 30, number // 28 % 12 + 1, number % 28 + 1
    return (f"3372{1 + number // 10080:02}{day:02}{month:02}{year % 100:02}0000",
            f"{year}-{month:02}-{day:02}")


class Sqlite:
    @classmethod
    def make_database(cls):
        return f"sqlite:{cls.folder}/agency.db"

    @classmethod
    def query(cls, sql):
        connection = sqlite3.connect(cls.folder / "agency.db", timeout=60,
                                     isolation_level=None)
        with contextlib.closing(connection):
            return connection.execute(sql).fetchall()

    @contextlib.contextmanager
    def database_away(self):
        """Another process keeps the database for itself for longer than one waits: no writing."""
        other = sqlite3.connect(self.folder / "agency.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        yield False
        other.execute("ROLLBACK")
        other.close()


class Postgres:
    @classmethod
    def sql(cls, *commands):
        # One at a time: a database is not made in a transaction.
        for command in commands:
            subprocess.run(["psql", "-qX", os.environ["JARING_TEST_POSTGRES"], "-c", command],
                           check=True, stdout=subprocess.DEVNULL)

    @classmethod
    def make_database(cls):
        cls.name = f"api_{os.getpid()}_{cls.__name__.lower()}"
        cls.sql(f"CREATE DATABASE {cls.name}")
        return os.environ["JARING_TEST_POSTGRES"].rsplit("/", 1)[0] + "/" + cls.name

    @classmethod
    def query(cls, sql):
        done = subprocess.run(["psql", "-qXAt", "-F", "\t", cls.database, "-c", sql], check=True,
                              capture_output=True, text=True)
        rows = (line.split("\t") for line in done.stdout.splitlines())
        return [[int(cell) if cell.isdigit() else cell for cell in row] for row in rows]

    @contextlib.contextmanager
    def database_away(self):
        self.sql(f"ALTER DATABASE {self.name} ALLOW_CONNECTIONS false",
                 "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                 f" WHERE datname = '{self.name}'")
        yield True
        self.sql(f"ALTER DATABASE {self.name} ALLOW_CONNECTIONS true")
