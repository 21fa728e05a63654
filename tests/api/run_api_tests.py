#!/usr/bin/env python3
"""Holds a running server to api/openapi.yaml: tests/api/run_api_tests.py [build/release/jaring [WORD]]

Every request is made against the real binary on a database of its own, SQLite and PostgreSQL; every
answer must have a status and a body that the document describes, and at the end every answer that
only one operation gives must have been seen. The document must name every route of the server, and
no other. One test breaks an answer on purpose: a checker that cannot fail proves nothing.
WORD takes only the cases whose names hold it. Last line: "P passed, F failed".
"""
import os
import pathlib
import subprocess
import sys
import unittest

import jsonschema

from agency_cases import AgencyCases
from api_document import DOCUMENT, ROOT
from api_server import Postgres, Program, ServerTest, Sqlite
from claim_cases import ClaimCases
from injection_cases import InjectionCases
from job_cases import JobCases
from money_cases import MoneyCases
from people_cases import PeopleCases
from wire_cases import WireCases
from suite_runner import run_suite

FAMILIES = (PeopleCases, MoneyCases, AgencyCases, JobCases, ClaimCases, InjectionCases,
            WireCases)
# Pages for people are no part of the contract, except for the contract's own.
PAGES = ("/account", "/app", "/berhenti", "/cover", "/design", "/desk", "/figures", "/invite", "/loket", "/login",
         "/masuk", "/outbox", "/pemulihan", "/saya", "/web/")


class DocumentTest(unittest.TestCase):
    def test_the_checker_can_fail(self):
        with self.assertRaises(jsonschema.ValidationError):
            DOCUMENT.check("GET", "/v1/insight/coverage", 200, "application/json", "{}")

    def test_the_document_is_what_its_parts_say(self):
        done = subprocess.run([sys.executable, ROOT / "tools" / "bundle_openapi.py", "--check"],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_document_names_every_route_and_its_action(self):
        done = subprocess.run([Program.path, "permissions", "--routes"], capture_output=True,
                              text=True, check=True)
        served = {tuple(line.split()) for line in done.stdout.splitlines()}
        served = {row for row in served if row[1] != "/" and not row[1].startswith(PAGES)}
        written = {(method, path, operation.get("x-action", "open"))
                   for method, path, operation in DOCUMENT.operations()}
        self.assertEqual(served - written, set(), "served, not in the document")
        self.assertEqual(written - served, set(), "in the document, not served")


class LastTest(unittest.TestCase):
    def test_every_promised_answer_was_seen(self):
        own = {tag for family in FAMILIES for tag in getattr(family, "TAGS", ())}
        missing = {row for row in DOCUMENT.promised() - DOCUMENT.seen
                   if DOCUMENT.text["paths"][row[1]][row[0].lower()]["tags"][0] in
                   (own or {"people", "money", "agency", "jobs", "insight", "scheme", "claims"})}
        self.assertEqual(missing, set())


def cases():
    engines = [Sqlite] + ([Postgres] if "JARING_TEST_POSTGRES" in os.environ else [])
    for family in FAMILIES:
        for engine in engines:
            yield type(f"{family.__name__}On{engine.__name__}", (family, engine, ServerTest), {})


def main():
    if "JARING_TEST_POSTGRES" not in os.environ:
        # Once more, with a cluster of our own beside us.
        os.execv(ROOT / "tests" / "with_postgres.sh", ["with_postgres.sh", sys.executable, *sys.argv])
    if len(sys.argv) > 1:
        Program.path = str(pathlib.Path(sys.argv[1]).resolve())
    word = sys.argv[2] if len(sys.argv) > 2 else ""
    load = unittest.defaultTestLoader.loadTestsFromTestCase
    suite = unittest.TestSuite()
    for case in [*cases(), DocumentTest] + ([] if word else [LastTest]):
        for test in load(case):
            if word in test.id():
                suite.addTest(test)
    return run_suite(suite)


if __name__ == "__main__":
    sys.exit(main())
