#!/usr/bin/env python3
"""Holds a running server to api/openapi.yaml: tests/api/run_api_tests.py build/release/jaring

Every request is made against the real binary on a database of its own; every answer must have a
status and a body that the document describes. The last test breaks an answer on purpose: a checker
that cannot fail proves nothing.
"""
import json
import pathlib
import re
import signal
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
        found = responses.get(str(status)) or responses.get(f"{status // 100}XX")
        assert found, f"{method} {path}: status {status} is not in the document"
        content = self.resolve(found)["content"]
        assert media_type in content, f"{method} {path}: {media_type} is not in the document"
        value = json.loads(body) if media_type.endswith("json") else body
        schema = dict(content[media_type]["schema"], components=self.text["components"])
        jsonschema.Draft202012Validator(
            schema, format_checker=jsonschema.FormatChecker()).validate(value)
        return value


class ApiTest(unittest.TestCase):
    binary = "build/release/jaring"

    @classmethod
    def setUpClass(cls):
        cls.document = Document(ROOT / "api" / "openapi.yaml")
        cls.folder = tempfile.TemporaryDirectory()
        cls.database = "sqlite:" + str(pathlib.Path(cls.folder.name) / "agency.db")
        for command in (["init", "--demo"], ["partner", "add", "pos", "Kantor Pos"],
                        ["group", "add", "pasar", "Pasar", "--kind", "association",
                         "--branch", "surakarta"]):
            subprocess.run([cls.binary, *command, "--db", cls.database, "--today", TODAY],
                           check=True, stdout=subprocess.DEVNULL)
        cls.server = subprocess.Popen(
            [cls.binary, "serve", "--db", cls.database, "--today", TODAY, "--listen",
             "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
        line = cls.server.stdout.readline()
        cls.base = "http://127.0.0.1:" + re.search(r"port (\d+)", line).group(1)

    @classmethod
    def tearDownClass(cls):
        cls.server.send_signal(signal.SIGTERM)
        assert cls.server.wait(30) == 0, "the server did not stop in order"
        cls.server.stdout.close()
        cls.folder.cleanup()

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

    def test_the_checker_can_fail(self):
        with self.assertRaises(jsonschema.ValidationError):
            self.document.check("GET", "/v1/insight/coverage", 200, "application/json", "{}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        ApiTest.binary = str(pathlib.Path(sys.argv.pop(1)).resolve())
    result = unittest.main(exit=False).result
    failed = len(result.failures) + len(result.errors)
    print(f"{max(0, result.testsRun - failed)} passed, {failed} failed")
    sys.exit(1 if failed else 0)
