#!/usr/bin/env python3
"""Every route × role × scope: tests/api/matrix_tests.py [build/release/jaring [WORD]]

Who may do what is read from docs/PERMISSIONS.md; which routes there are, from the program. Each route
without a probe fails, and each probe without a route. For every role and every kind of scope it may
have: who is refused gets 403 and changes nothing; who is allowed gets her own; another's, which
differs only in the one thing the scope is about, answers just as what is not there at all, and
changes nothing; masked answers hold no identity, full ones hold all that they promise.
WORD takes only the probes whose route holds it. Last line: "P passed, F failed".
"""
import functools
import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

from api_document import ROOT
from api_server import Postgres, Program, Sqlite
from matrix_account import AccountCases
from matrix_probes import PROBES
from matrix_target import Target
from matrix_world import BOOK, OnPostgres, OnSqlite, World, identity_in
from suite_runner import run_suite

@functools.cache
def permissions():
    """{action: {role: "", "yes", "masked" or "anybody, masked"}} as docs/PERMISSIONS.md says."""
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in
            (ROOT / "docs" / "PERMISSIONS.md").read_text().splitlines() if line.startswith("|")]
    roles = rows[0][2:]
    return {row[0].strip("`"): dict(zip(roles, row[2:], strict=True)) for row in rows[2:]}


def routes():
    """{"GET /v1/people/{person_id}": action} of the routes that are locked."""
    done = subprocess.run([Program.path, "permissions", "--routes"], capture_output=True, text=True,
                          check=True)
    rows = [line.split() for line in done.stdout.splitlines()]
    return {f"{method} {path}": action for method, path, action in rows if action != "open"}


def compared(answer, target):
    """An answer without what may differ: numbers that were asked for, and the request's own."""
    status, headers, text = answer
    if headers.get_content_type().endswith("json"):
        value = json.loads(text)
        for own in ("request_id", "status"):
            value.pop(own, None)
        text = json.dumps(value, sort_keys=True)
    for mark in target.marks():
        text = re.sub(rf"\b{re.escape(mark)}\b", "#", text)
    return status, text, sorted(name for name in headers if name != "Content-Length")


class MatrixCases:
    """One test for each probe is added below."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for role, scope in BOOK:  # Made now, so that later nothing changes by it.
            cls.world.actor(role, scope)
        cls.bare = cls.world.actor("branch-staff", "nation", second_factor=0)

    def ask_for(self, probe, actor, asked):
        return self.world.send(probe.method, token=actor.token, **asked)

    def pages(self, probe, actor, asked):
        """All pages of a list, as one answer."""
        texts, cursor = [], None
        while True:
            query = asked.get("query", {}) | ({"cursor": cursor} if cursor else {})
            status, headers, text = self.ask_for(probe, actor, asked | {"query": query})
            texts.append(text)
            is_page = status == 200 and headers.get_content_type() == "application/json"
            cursor = json.loads(text).get("next_cursor") if is_page else None
            if cursor is None:
                return status, headers, text if len(texts) == 1 else "".join(texts)

    def check_probe(self, probe):
        table = permissions()[probe.action]
        seed = self.world.actor("branch-staff", "nation")
        asked = probe.ask(Target(self.world, seed, "own"))
        before = self.world.content()
        for role, scope in BOOK:
            if table[role] == "":
                with self.subTest(role=role, scope=scope):
                    self.check_refused(probe, self.world.actor(role, scope), asked)
        status, _, _ = self.world.send(probe.method, token=None, **asked)
        self.assertEqual(status, 401)
        bare = self.bare
        status, _, text = self.ask_for(probe, bare, asked)
        self.assertEqual(status, 403)
        if table["branch-staff"]:
            self.assertEqual(json.loads(text)["rule"], "access.second_factor_needed")
        self.assertEqual(self.world.content(), before, "refused, and yet something changed")
        for role, scope in BOOK:
            if table[role] != "":
                with self.subTest(role=role, scope=scope, grant=table[role]):
                    self.check_allowed(probe, self.world.actor(role, scope), table[role])

    @staticmethod
    def allowed(action, role):
        return permissions()[action][role] != ""

    def check_refused(self, probe, actor, asked):
        status, _, text = self.ask_for(probe, actor, asked)
        self.assertEqual((status, json.loads(text)["rule"]), (403, "access.not_allowed"), text)

    def check_allowed(self, probe, actor, grant):
        own = Target(self.world, actor, "own")
        mark = probe.mark(own) if probe.mark else None
        answer = self.pages(probe, actor, probe.ask(own))
        if probe.reach is not None and actor.scope not in probe.reach:
            expected = probe.narrow or (200 if mark else probe.outside_of(actor.scope))
            self.assertEqual(answer[0], expected, answer[2])
            self.assertEqual(identity_in(answer), set())
            self.assertNotIn(mark or "\0", answer[2])
            return
        self.assertEqual(answer[0], probe.ok, answer[2])
        if answer[0] == 202 and "/jobs" in probe.route:
            self.world.wait_for_job(json.loads(answer[2])["job_id"], token=actor.token)
        if mark:
            self.assertIn(mark, answer[2])
        shown = probe.shows_to(actor.role) if grant == "yes" else set()
        self.assertEqual(identity_in(answer), shown, answer[2])
        if probe.never:
            self.world.change_nothing(lambda: [self.check_fails(probe, actor, asked)
                                               for asked in probe.never(own)])
        self.check_outside(probe, actor, grant, own)

    def check_fails(self, probe, actor, asked, mark=None):
        status, _, text = self.ask_for(probe, actor, asked)
        if mark:
            self.assertNotIn(mark, text)
        else:
            self.assertIn(status, (404, 422), f"{asked}: {text}")

    def check_outside(self, probe, actor, grant, own):
        """What lies just outside the scope reads as what is not there."""
        if actor.scope == "nation" or probe.outside is None:
            return self.check_absent(probe, actor)
        other = Target(self.world, actor, "other")
        mark = probe.mark(other) if probe.mark else None
        asked, absent = probe.ask(other), Target(self.world, actor, "nothing")
        from_nothing, mixes = probe.ask(absent), probe.mixes(own, other) if probe.mixes else ()
        if grant.startswith("anybody") or actor.scope in probe.free:
            answer = self.pages(probe, actor, asked)
            self.assertEqual(answer[0], probe.ok, answer[2])
            return self.assertEqual(identity_in(answer), set())

        def look():
            answer = self.pages(probe, actor, asked)
            self.assertEqual(answer[0], probe.outside_of(actor.scope), answer[2])
            self.assertNotIn(mark or "\0", answer[2])
            if not mark or asked != probe.ask(own):
                self.assertEqual(identity_in(answer), set())
                nowhere = self.pages(probe, actor, from_nothing)
                self.assertEqual(compared(answer, other), compared(nowhere, absent))
            for more in mixes:
                self.check_fails(probe, actor, more, mark)

        return look() if mark else self.world.change_nothing(look)

    def check_absent(self, probe, actor):
        if probe.outside is not None and probe.mark is None and probe.action != "payment:post":
            status, _, text = self.ask_for(probe, actor, probe.ask(Target(self.world, actor, "nothing")))
            self.assertIn(status, (404, 422), text)

    def test_every_locked_route_has_a_probe(self):
        locked = routes()
        probed = {probe.route: probe.route_action or probe.action for probe in PROBES}
        probed |= self.OWN_ACCOUNT
        self.assertEqual(locked, probed)
        self.assertEqual({role for role, _ in BOOK}, set(permissions()["account:use"]))
        self.assertEqual({action for action in permissions()} - {
            "account:use", "scheme:read", "user:manage", "metrics:read"},
            {probe.action for probe in PROBES}, "an action without a route")

    def test_what_the_table_must_say(self):
        """Whatever else is changed in it."""
        changes = {action for probe in PROBES for action in (probe.action, probe.route_action)
                   if probe.ok in (201, 202) or probe.method in ("PATCH", "DELETE")} - {"job:use", None}
        persons = {probe.action for probe in PROBES if "person_id" in probe.route or probe.shows}
        for action, roles in permissions().items():
            if action in changes | {"approval:decide", "user:manage"}:
                self.assertEqual(roles["auditor"], "", action)
            if action in persons | changes | {"audit:read", "suspense:read"}:
                self.assertEqual(roles["analyst"], "", action)
            if action.split(":")[0] in ("suspense", "approval", "agency", "job", "insight", "journal",
                                        "user", "device", "partner", "audit", "duplicate"):
                self.assertEqual(roles["worker"], "", action)

    def test_the_checker_can_fail(self):
        self.assertEqual(identity_in((200, {}, "3372015708850000 Bungasari 17-08-1985 +6281277")),
                         {"nik", "name", "birth_date"})
        self.assertEqual(identity_in((200, {}, "0812-777-00001")), {"phone"})
        if self.world.version() is not None:  # On PostgreSQL nobody looks whether something changed.
            with self.assertRaisesRegex(AssertionError, "something changed"):
                self.world.change_nothing(lambda: self.world.people(1))


def add_tests(cases):
    for number, probe in enumerate(PROBES):
        words = re.sub(r"[^a-z0-9]+", "_", f"{number:02} {probe.route}".lower())
        setattr(cases, f"test_{words}", lambda self, probe=probe: self.check_probe(probe))


def main():
    if "JARING_TEST_POSTGRES" not in os.environ:
        # Once more, with a cluster of our own beside us.
        os.execv(ROOT / "tests" / "with_postgres.sh", ["with_postgres.sh", sys.executable, *sys.argv])
    if len(sys.argv) > 1:
        Program.path = str(pathlib.Path(sys.argv[1]).resolve())
    word = sys.argv[2] if len(sys.argv) > 2 else ""
    add_tests(MatrixCases)
    suite = unittest.TestSuite()
    for name, parts in (("Sqlite", (OnSqlite, Sqlite)), ("Postgres", (OnPostgres, Postgres))):
        case = type(f"MatrixOn{name}", (MatrixCases, AccountCases, *parts, World), {})
        for test in unittest.defaultTestLoader.loadTestsFromTestCase(case):
            if word in test.id():
                suite.addTest(test)
    return run_suite(suite, verbosity=2 if word else 1)


if __name__ == "__main__":
    sys.exit(main())
