#!/usr/bin/env python3
"""Holds a running server to api/openapi.yaml: tests/api/run_api_tests.py [build/release/jaring]

Every request is made against the real binary on a database of its own, SQLite and PostgreSQL; every
answer must have a status and a body that the document describes, and at the end every status the
document promises must have been seen. The linter of the document is one check. One test breaks an
answer on purpose: a checker that cannot fail proves nothing. Last line: "P passed, F failed".
"""
import concurrent.futures
import contextlib
import functools
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.parse
import urllib.request

import jsonschema
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
TODAY = "2026-03-15"
NIK = "3372015708850000"  # Serial 0000: allowed in demo databases only.


class Document:
    def __init__(self, path):
        self.text = yaml.safe_load(path.read_text())
        self.seen = set()

    def promised(self):
        """(method, path, status) of every answer in the document."""
        return {(method.upper(), path, status) for path, item in self.text["paths"].items()
                for method, operation in item.items() if "responses" in operation
                for status in operation["responses"] if status.isdigit()}

    def resolve(self, node):
        while "$ref" in node:
            target = self.text
            for step in node["$ref"].lstrip("#/").split("/"):
                target = target[step]
            node = target
        return node

    def check(self, method, path, status, media_type, body):
        """Raises when the document does not describe this answer."""
        responses = self.text["paths"][path][method.lower()]["responses"]
        self.seen.add((method, path, str(status)))
        found = responses.get(str(status)) or responses.get(f"{status // 100}XX")
        assert found, f"{method} {path}: status {status} is not in the document"
        content = self.resolve(found)["content"]
        assert media_type in content, f"{method} {path}: {media_type} is not in the document"
        value = json.loads(body) if media_type.endswith("json") else body
        schema = dict(content[media_type]["schema"], components=self.text["components"])
        jsonschema.Draft202012Validator(
            schema, format_checker=jsonschema.FormatChecker()).validate(value)
        return value


DOCUMENT = Document(ROOT / "api" / "openapi.yaml")
BINARY = str(ROOT / "build" / "release" / "jaring")


class ServerTest(unittest.TestCase):
    """A server of its own on an empty agency; subclasses say on which engine."""
    document = DOCUMENT

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="jaring-api-"))
        cls.options = ["--db", cls.make_database(), "--key-file", str(cls.folder / "agency.key"),
                       "--today", TODAY]
        for command in (["init", "--demo"], ["partner", "add", "pos", "Kantor Pos"],
                        ["group", "add", "pasar", "Pasar", "--kind", "association",
                         "--branch", "surakarta"]):
            subprocess.run([BINARY, *command, *cls.options], check=True, stdout=subprocess.DEVNULL)
        cls.server = subprocess.Popen(
            [BINARY, "serve", *cls.options, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE,
            text=True)
        line = cls.server.stdout.readline()
        cls.port = int(re.search(r"port (\d+)", line).group(1))
        cls.base = f"http://127.0.0.1:{cls.port}"

    @classmethod
    def tearDownClass(cls):
        cls.server.send_signal(signal.SIGTERM)
        assert cls.server.wait(30) == 0, "the server did not stop in order"
        cls.server.stdout.close()
        verified = subprocess.run([BINARY, "verify", *cls.options], capture_output=True, text=True,
                                  check=False)
        assert verified.returncode == 0, verified.stdout + verified.stderr
        shutil.rmtree(cls.folder)

    def send(self, method, path, body=None, query=None, headers=None):
        url = self.base + path + ("?" + urllib.parse.urlencode(query) if query else "")
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(
            url, data, {"Content-Type": "application/json", **(headers or {})}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read().decode()

    def ask(self, method, path, expected_status, **rest):
        status, headers, text = self.send(method, path, **rest)
        self.assertEqual(status, expected_status, text)
        return self.document.check(method, path, status, headers.get_content_type(), text)

    def person(self, **changes):
        return {"nik": NIK, "name": "Siti Contoh", "birth_date": "1985-08-17", "sex": "female",
                "village_code": "3372011001", "trade": "trade", "income": 1000000,
                "programmes": ["JKK", "JKM"], **changes}

    def enrol(self, nik):
        answer = self.ask("POST", "/v1/enrolments", 201,
                          body={"group": "pasar", "person": self.person(nik=nik)})
        return answer["members"][0]

    def payment(self, bill_code, reference, **changes):
        return {"partner": "pos", "reference": reference, "amount": 50400,
                "paid_at": "2026-03-10T05:00:00Z", "bill_code": bill_code, **changes}

    def pay(self, expected_status, body, key):
        return self.ask("POST", "/v1/payments", expected_status, body=body,
                        headers={"Idempotency-Key": key})


class Cases:
    """What must hold on every engine."""

    def test_enrols_pays_and_is_covered(self):
        member = self.enrol(NIK)
        again = self.ask("POST", "/v1/enrolments", 200, body={"person": self.person()})
        self.assertEqual(again["repeated"], 1)
        body = self.payment(member["bill_code"], "A-1")
        first = self.pay(201, body, "key-a-1")
        self.assertEqual(first["member_number"], member["member_number"])
        self.assertEqual(self.pay(201, body, '"key-a-1"'), first)  # The stored answer.
        self.assertEqual(self.pay(200, body, "key-a-2")["status"], "repeated")
        self.assertEqual(self.pay(422, dict(body, amount=1), "key-a-1")["rule"],
                         "idempotency_key.reused")
        self.assertEqual(self.pay(409, dict(body, amount=1), "key-a-3")["rule"],
                         "payment.reference_reused")
        cover = self.ask("GET", "/v1/coverage", 200, query={"nik": NIK})
        self.assertEqual(cover["programmes"]["JKK"]["state"], "active")
        by_number = self.ask("GET", "/v1/coverage", 200,
                             query={"member_number": member["member_number"], "on": "2026-01-01",
                                    "known_at": "2026-01-01T00:00:00Z"})
        self.assertEqual(by_number["programmes"]["JKK"]["state"], "never")

    def test_takes_the_good_rows_of_a_list(self):
        people = [self.person(nik="3372014101900000", birth_date="1990-01-01"),
                  self.person(nik="12"), {"name": 1}]
        answer = self.ask("POST", "/v1/enrolments", 200, body={"people": people})
        self.assertEqual((answer["rows"], answer["accepted"], answer["rejected"]), (3, 1, 2))
        self.assertIn({"row": 2, "column": "nik", "rule": "nik.not_sixteen_digits"},
                      [{k: v for k, v in r.items() if k != "detail"} for r in answer["rejections"]])

    def test_says_what_differs_from_the_register(self):
        person = self.person(nik="3372014101750000", birth_date="1975-01-01")
        first = self.ask("POST", "/v1/enrolments", 201, body={"person": person})
        self.assertEqual(first["warnings"], [])
        again = self.ask("POST", "/v1/enrolments", 200,
                         body={"person": dict(person, name="Siti Lain")})
        self.assertEqual(again["repeated"], 1)
        self.assertEqual([(w["row"], w["column"], w["rule"]) for w in again["warnings"]],
                         [(1, "name", "name.differs_from_register")])

    def test_keeps_money_nobody_owns_in_suspense(self):
        unknown = self.pay(202, self.payment(None, "S-1", nik="3372014101920000"), "key-s-1")
        self.assertEqual(unknown["rule"], "payment.unknown_nik")

    def test_refuses_bad_requests_with_problems(self):
        for status, rule, body, headers in (
                (400, "idempotency_key.missing", {}, {}),
                (400, "idempotency_key.malformed", {}, {"Idempotency-Key": "a b"}),
                (400, "request.json_malformed", b"{", {"Idempotency-Key": "b1"}),
                (415, "request.media_type", {}, {"Idempotency-Key": "b2",
                                                 "Content-Type": "text/plain"}),
                (422, "request.fields_wrong", {"amount": 1.5}, {"Idempotency-Key": "b3"}),
                (422, "partner.unknown", self.payment(None, "B-4", partner="nobody",
                                                      nik=NIK),
                 {"Idempotency-Key": "b4"})):
            problem = self.ask("POST", "/v1/payments", status, body=body, headers=headers)
            self.assertEqual(problem["rule"], rule)
        self.assertEqual(self.ask("POST", "/v1/enrolments", 413, body=b" " * (1 << 20 | 1))["rule"],
                         "request.body_too_large")
        self.ask("POST", "/v1/enrolments", 422, body={"people": [{}] * 1001})
        self.ask("POST", "/v1/enrolments", 422, body={})
        self.ask("POST", "/v1/enrolments", 422, body={"person": self.person(trade="astronaut")})
        for query in ({}, {"nik": "1"}, {"member_number": "1", "nik": NIK}, {"nick": "1"}):
            self.ask("GET", "/v1/coverage", 422, query=query)
        self.ask("GET", "/v1/coverage", 404, query={"member_number": "99999999901"})
        self.ask("GET", "/v1/insight/coverage", 422, query={"by": "moon"})
        self.ask("GET", "/v1/insight/coverage", 422, query={"month": "2026-13"})

    def test_speaks_the_language_asked_for(self):
        words = {lang: self.ask("GET", "/v1/coverage", 422, headers={"Accept-Language": lang})
                 ["detail"] for lang in ("id", "en")}
        self.assertNotEqual(words["id"], words["en"])

    def test_counts_people_by_everything(self):
        for by in (None, "region", "branch", "sector", "group", "door"):
            self.ask("GET", "/v1/insight/coverage", 200, query={"by": by} if by else None)

    def test_serves_pages_and_operations(self):
        self.ask("GET", "/healthz", 200)
        self.ask("GET", "/metrics", 200)
        status, _, text = self.send("GET", "/openapi.yaml")
        self.assertEqual((status, yaml.safe_load(text)), (200, self.document.text))
        for path in ("/", "/cover", "/cover?lang=en"):
            status, headers, text = self.send("GET", path)
            self.assertEqual(status, 200)
            self.assertIn("style-src 'sha256-", headers["Content-Security-Policy"])
            self.assertNotIn("<script", text)

    def cover(self, nik, year):
        form = urllib.parse.urlencode({"nik": nik, "day": "3", "month": "4", "year": year}).encode()
        return self.send("POST", "/cover?lang=en", body=form,
                         headers={"Content-Type": "application/x-www-form-urlencoded"})

    def test_cover_page_hides_the_name_and_slows_guessing(self):
        known, unknown = "3372014304880000", "3372014304890000"
        self.ask("POST", "/v1/enrolments", 201,
                 body={"person": self.person(nik=known, birth_date="1988-04-03")})
        status, _, text = self.cover(known, "1988")
        self.assertEqual(status, 200)
        self.assertIn("S*** C***", text)
        self.assertNotIn("Contoh", text)
        self.assertNotIn(known, text)
        wrong, none = self.cover(known, "1990"), self.cover(unknown, "1990")
        self.assertEqual(wrong[0], none[0])
        self.assertEqual(wrong[2].replace(known, ""), none[2].replace(unknown, ""))
        statuses = [self.cover(known, "1990")[0] for _ in range(6)]
        self.assertEqual(statuses[-1], 429)

    def test_refuses_what_is_no_payment(self):
        deep = b'{"a":' * 5000 + b"1" + b"}" * 5000
        whole = json.dumps(self.payment(None, "X-1", nik=NIK)).encode()
        for number, (status, body) in enumerate((
                (400, b'{"partner":"\xff\xfe"}'), (400, deep), (400, b""), (400, whole[:-1]),
                (400, b'{"amount":123456789012345678901234567890}'),
                (422, b"[]"), (422, b'"text"'), (422, b"null"),
                (422, whole.replace(b"50400", b"1e3")),
                (422, whole.replace(b"50400", b"9223372036854775807")),
                (422, whole.replace(b"50400", b'"50400"')),
                (422, whole.replace(b'"pos"', b'"po\\u0000s"')),
                (422, whole.replace(b'"X-1"', b'"' + b"x" * 65 + b'"')),
                (422, whole.replace(b'"X-1"', b'"X 1"')),
                (422, whole[:-1] + b',"channel":"' + b"c" * 41 + b'"}'),
                (422, whole[:-1] + b',"partner":"pos"}'),
                (422, whole.replace(b"2026-03-10", b"2026-03-16")),
                (422, whole.replace(b"2026-03-10", b"2026-02-30")))):
            problem = self.pay(status, body, f"no-payment-{number}")
            self.assertNotIn(NIK, json.dumps(problem))

    def test_refuses_what_is_no_enrolment(self):
        nobody = "3372014507960000"  # Who is known already would be told so.
        self.person = functools.partial(self.person, nik=nobody)
        for status, body in ((400, b"{"), (422, {"person": self.person(name="a\0b")}),
                             (422, {"person": self.person(income=-1)}),
                             (422, {"person": self.person(name="x" * 101)}),
                             (422, {"person": self.person(birth_date="2030-01-01")}),
                             (422, {"person": self.person(), "people": []}),
                             (422, {"group": "nobody", "person": self.person()})):
            problem = self.ask("POST", "/v1/enrolments", status, body=body)
            self.assertNotIn(nobody, json.dumps(problem))
        self.ask("POST", "/v1/enrolments", 415, body={}, headers={"Content-Type": "text/plain"})
        self.ask("POST", "/v1/payments", 413, body=b"{" * (1 << 20 | 1),
                 headers={"Idempotency-Key": "large"})

    def test_refuses_malformed_queries(self):
        for path in ("/v1/coverage", "/v1/insight/coverage"):
            for query in ("nik=%zz", "nik=%ff", "nik=1&nik=1", "nik=%00"):
                status, headers, text = self.send("GET", f"{path}?{query}")
                self.assertEqual(status, 400, text)
                self.document.check("GET", path, 400, headers.get_content_type(), text)

    def test_takes_a_list_of_a_thousand(self):
        people = []
        for n in range(1000):
            year, month, day = 1970 + n // 336, n // 28 % 12 + 1, n % 28 + 1
            people.append(self.person(
                nik=f"337201{day + 40:02}{month:02}{year % 100:02}0000", name=f"Orang {n} Contoh",
                birth_date=f"{year}-{month:02}-{day:02}"))
        answer = self.ask("POST", "/v1/enrolments", 200, body={"people": people})
        self.assertEqual((answer["rows"], answer["accepted"] + answer["repeated"]), (1000, 1000),
                         answer["rejections"][:3])
        self.assertEqual(len({m["member_number"] for m in answer["members"]}), 1000)
        again = self.ask("POST", "/v1/enrolments", 200, body={"people": people})
        self.assertEqual(again["repeated"], 1000)

    def test_says_which_methods_there_are(self):
        for method, path, allow in (("DELETE", "/v1/payments", "POST"),
                                    ("POST", "/v1/coverage", "GET, HEAD"),
                                    ("PUT", "/cover", "GET, HEAD, POST"), ("PATCH", "/", "GET, HEAD")):
            status, headers, _ = self.send(method, path)
            self.assertEqual((status, headers["Allow"]), (405, allow))

    def test_answers_head_without_a_body(self):
        for path in ("/healthz", "/cover", "/v1/coverage?nik=1", "/nowhere"):
            got, head = self.send("GET", path), self.send("HEAD", path)
            self.assertEqual(head[0], got[0])
            self.assertEqual(head[2], "")
            if path != "/cover":  # A new device cookie each time is as long as the last.
                self.assertEqual(head[1]["Content-Length"], got[1]["Content-Length"])

    @contextlib.contextmanager
    def wire(self):
        """A plain connection: a function that sends bytes and returns (status, body)."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            with connection.makefile("rb") as answers:
                def talk(data):
                    connection.sendall(data)
                    status = int(answers.readline().split()[1])
                    length = 0
                    while (line := answers.readline()) not in (b"\r\n", b""):
                        if line.lower().startswith(b"content-length:"):
                            length = int(line.split(b":")[1])
                    return status, answers.read(length)
                talk.connection = connection
                yield talk

    @staticmethod
    def post(path, body, headers=""):
        return (f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(body)}\r\n{headers}\r\n").encode()

    def test_keeps_the_connection_after_errors(self):
        get = b"GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n"
        with self.wire() as talk:
            for status, request in ((404, get % b"/nowhere"), (422, get % b"/v1/coverage"),
                                    (405, self.post("/v1/coverage", "")),
                                    (400, self.post("/v1/payments", "{") + b"{"),
                                    (415, self.post("/v1/enrolments", "").replace(b"json", b"xml")),
                                    (200, get % b"/healthz")):
                self.assertEqual(talk(request)[0], status, request)

    def test_waits_for_100_continue(self):
        body = json.dumps(self.payment(None, "E-1", nik="3372014101930000"))
        head = self.post("/v1/payments", body, "Idempotency-Key: e1\r\nExpect: 100-continue\r\n")
        with self.wire() as talk:
            self.assertEqual(talk(head)[0], 100)
            self.assertEqual(talk(body.encode())[0], 202)

    def test_does_nothing_with_half_a_body(self):
        body = json.dumps(self.payment(None, "H-1", nik="3372014101930000"))
        head = self.post("/v1/payments", body, "Idempotency-Key: h1\r\n")
        with self.wire() as talk:
            talk.connection.sendall(head + body[:-5].encode())
        with self.wire() as talk:
            talk.connection.sendall(head + body[:-5].encode())
            talk.connection.shutdown(socket.SHUT_WR)
            self.assertEqual(talk.connection.recv(1), b"")  # Nobody is told that it worked.
        self.assertEqual(self.pay(202, body.encode(), "h1")["status"], "suspended")

    def test_tells_when_the_database_is_away(self):
        with self.database_away() as paths:
            def answer(path):
                if path == "/v1/payments":
                    return self.pay(503, self.payment(None, "D-1", nik=NIK), "d1")
                if path == "/v1/enrolments":
                    return self.ask("POST", path, 503, body={"person": self.person()})
                return self.ask("GET", path, 503, query={"nik": NIK} if path == "/v1/coverage" else {})
            with concurrent.futures.ThreadPoolExecutor() as pool:
                list(pool.map(answer, paths))
        self.ask("GET", "/healthz", 200)
        self.pay(202, self.payment(None, "D-1", nik="3372014101940000"), "d2")


class SqliteTest(Cases, ServerTest):
    @classmethod
    def make_database(cls):
        return f"sqlite:{cls.folder}/agency.db"

    @contextlib.contextmanager
    def database_away(self):
        """Another process keeps the database for itself for longer than one waits."""
        other = sqlite3.connect(self.folder / "agency.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        yield ["/v1/payments", "/v1/enrolments"]
        other.execute("ROLLBACK")
        other.close()


@unittest.skipUnless("JARING_TEST_POSTGRES" in os.environ, "no PostgreSQL")
class PostgresTest(Cases, ServerTest):
    database = f"api_{os.getpid()}"

    @staticmethod
    def sql(*commands):
        # One at a time: a database is not made in a transaction.
        for command in commands:
            subprocess.run(["psql", "-qX", os.environ["JARING_TEST_POSTGRES"], "-c", command],
                           check=True, stdout=subprocess.DEVNULL)

    @classmethod
    def make_database(cls):
        cls.sql(f"CREATE DATABASE {cls.database}")
        return os.environ["JARING_TEST_POSTGRES"].rsplit("/", 1)[0] + "/" + cls.database

    @contextlib.contextmanager
    def database_away(self):
        self.sql(f"ALTER DATABASE {self.database} ALLOW_CONNECTIONS false",
                 "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                 f" WHERE datname = '{self.database}'")
        yield ["/healthz", "/v1/payments", "/v1/enrolments", "/v1/coverage", "/v1/insight/coverage"]
        self.sql(f"ALTER DATABASE {self.database} ALLOW_CONNECTIONS true")


class DocumentTest(unittest.TestCase):
    def test_the_checker_can_fail(self):
        with self.assertRaises(jsonschema.ValidationError):
            DOCUMENT.check("GET", "/v1/insight/coverage", 200, "application/json", "{}")

    def test_the_document_lints(self):
        folder = ROOT / "tests" / "api"
        if not (folder / "node_modules" / ".package-lock.json").exists():
            subprocess.run(["npm", "ci", "--silent"], cwd=folder, check=True)
        done = subprocess.run(["npm", "run", "--silent", "lint"], cwd=folder, capture_output=True,
                              text=True, check=False, env={**os.environ, "REDOCLY_TELEMETRY": "off",
                                                           "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"})
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


class LastTest(unittest.TestCase):
    def test_every_promised_status_was_seen(self):
        missing = DOCUMENT.promised() - DOCUMENT.seen
        if "JARING_TEST_POSTGRES" not in os.environ:
            missing = {row for row in missing if row[2] != "503"}
        self.assertEqual(missing, set())


def main():
    if "JARING_TEST_POSTGRES" not in os.environ:
        # Once more, with a cluster of our own beside us.
        os.execv(ROOT / "tests" / "with_postgres.sh", ["with_postgres.sh", sys.executable, *sys.argv])
    global BINARY
    if len(sys.argv) > 1:
        BINARY = str(pathlib.Path(sys.argv[1]).resolve())
    load = unittest.defaultTestLoader.loadTestsFromTestCase
    suite = unittest.TestSuite(map(load, (SqliteTest, PostgresTest, DocumentTest, LastTest)))
    result = unittest.TextTestRunner().run(suite)
    failed = len(result.failures) + len(result.errors)
    sys.stderr.flush()
    print(f"{result.testsRun - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
