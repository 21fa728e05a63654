#!/usr/bin/env python3
"""Care of people's data, end to end: tests/api/care_tests.py [build/release/jaring]

Two persons for what matters, a trace of every look, export, consent, merge and its undoing, against
the running program on SQLite.
"""
import hashlib
import http.client
import json
import pathlib
import re
import secrets
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

from server_trace import TRACE
from suite_runner import run_suite

ROOT = pathlib.Path(__file__).resolve().parents[2]
JARING = str(pathlib.Path(sys.argv.pop(1) if len(sys.argv) > 1 and not sys.argv[1].startswith("-")
                          else ROOT / "build" / "release" / "jaring").resolve())
BRANCH_STAFF, APPROVER, AUDITOR, WORKER = 4, 6, 10, 1
NATION, SELF = 1, 6
HEADER = "nik,name,birth_date,sex,village_code,phone,trade,income,programmes,language"
SITI, SITI_AGAIN = "3372015505850000", "3372015505860000"


class Care(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="jaring-care."))
        cls.database = cls.folder / "a.db"
        cls.must("init", "--demo")
        cls.must("group", "add", "pasar", "Pasar", "--kind", "association", "--branch", "surakarta")
        cls.must("partner", "add", "pos", "Kantor Pos")
        people = cls.folder / "people.csv"
        people.write_text("\n".join([
            HEADER,
            f"{SITI},Siti Aminah,1985-05-15,P,3372011001,081234567801,trade,1000000,\"JKK,JKM\",id",
            f"{SITI_AGAIN},Siti Aminah,1986-05-15,P,3372011001,,trade,1000000,\"JKK,JKM\",id",
        ]) + "\n", encoding="utf-8")
        listed = json.loads(cls.must("enrol", people, "--group", "pasar", "--list", "--json"))
        cls.numbers = [m["member_number"] for m in listed["members"]]
        cls.codes = [m["bill_code"] for m in listed["members"]]
        cls.persons = [int(number.replace(" ", "")[:9]) for number in cls.numbers]
        cls.tokens = {name: cls.log_in(kind, actor, role, scope, scope_id) for
                      name, (kind, actor, role, scope, scope_id) in {
                          "staff": (1, 901, BRANCH_STAFF, NATION, 0),
                          "approver": (1, 902, APPROVER, NATION, 0),
                          "auditor": (1, 903, AUDITOR, NATION, 0),
                          "worker": (2, cls.persons[0], WORKER, SELF, cls.persons[0])}.items()}
        cls.server, cls.port, _ = TRACE.start(
            [JARING, "serve", "--listen", "127.0.0.1:0", "--db", f"sqlite:{cls.database}"], "care")

    @classmethod
    def tearDownClass(cls):
        cls.server.terminate()
        cls.server.wait()
        shutil.rmtree(cls.folder, ignore_errors=True)

    @classmethod
    def must(cls, *arguments, code=0):
        done = subprocess.run([JARING, *map(str, arguments), "--db", f"sqlite:{cls.database}"],
                              capture_output=True, text=True, check=False)
        assert done.returncode == code, f"{arguments}\n{done.stdout}{done.stderr}"
        return done.stdout

    @classmethod
    def log_in(cls, kind, actor, role, scope, scope_id):
        token = secrets.token_urlsafe(32)
        with sqlite3.connect(cls.database) as db:
            if kind == 1:
                db.execute("INSERT INTO staff_user (user_id, email, name, password_hash,"
                           " created_at) VALUES (?, ?, 'Rudi Petugas', '', 0)",
                           (actor, f"u{actor}@contoh.id"))
                db.execute("INSERT INTO role_grant (grant_id, user_id, role, scope_kind, scope_id,"
                           " granted_at) VALUES (?, ?, ?, ?, ?, 0)",
                           (actor, actor, role, scope, scope_id))
            columns = [row[1] for row in db.execute("PRAGMA table_info(session)")]
            values = {"token_hash": hashlib.sha256(token.encode()).digest(),
                      "session_id": 9_000_000 + actor % 100_000, "actor_kind": kind,
                      "actor_id": actor, "role": role, "scope_kind": scope, "scope_id": scope_id,
                      "second_factor": 1, "label": "test", "created_at": 0,
                      "expires_at": 4_000_000_000_000_000}
            names = [name for name in values if name in columns]
            db.execute(f"INSERT INTO session ({', '.join(names)}) VALUES"
                       f" ({', '.join('?' * len(names))})", [values[name] for name in names])
        return token

    @classmethod
    def ask(cls, method, path, who=None, body=None):
        headers = {"Content-Type": "application/json", "Idempotency-Key": secrets.token_hex(8)}
        if who:
            headers["Authorization"] = "Bearer " + cls.tokens[who]
        connection = http.client.HTTPConnection("127.0.0.1", cls.port, timeout=30)
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        TRACE.add_exchange(headers, body, answer.headers, data)
        is_json = "json" in (answer.getheader("Content-Type") or "")
        return answer.status, json.loads(data) if is_json else data

    def asked(self, path, body):
        status, answer = self.ask("POST", path, "staff", body)
        self.assertEqual(status, 202, answer)
        return answer["approval_id"]

    def approve(self, approval_id):
        status, answer = self.ask("POST", f"/v1/approvals/{approval_id}/decisions", "approver",
                                  {"decision": "approve"})
        self.assertEqual((status, answer.get("state")), (200, "approved"), answer)

    def pay(self, code, reference, amount=16800):
        path = self.folder / f"{reference}.csv"
        path.write_text("bill_code,nik,amount,paid_at,reference,channel\n"
                        f"{code},,{amount},2026-01-10T08:00:00+07:00,{reference},loket\n",
                        encoding="utf-8")
        self.must("collect", path, "--partner", "pos")

    def test_reversal_by_two_persons(self):
        self.pay(self.codes[0], "R-1")
        approval = self.asked("/v1/reversals", {"partner": "pos", "reference": "R-1",
                                                "reason": "paid twice"})
        status, _ = self.ask("POST", f"/v1/approvals/{approval}/decisions", "staff",
                             {"decision": "approve"})
        self.assertEqual(status, 403)
        self.approve(approval)
        self.must("verify")

    def test_correction_and_its_history(self):
        person = f"/v1/people/{self.persons[0]}"
        self.approve(self.asked(person + "/corrections", {
            "changes": {"name": "Siti Aminah Benar", "phone": "0812 3456 7899"},
            "reason": "as on the card", "evidence": "KTP", "consent_text_version": "helper-1"}))
        status, full = self.ask("GET", person + "/corrections", "staff")
        self.assertEqual((status, full["corrections"][0]["changes"]["name"]["to"]),
                         (200, "Siti Aminah Benar"))
        _, masked = self.ask("GET", person + "/corrections", "auditor")
        self.assertNotIn("Benar", json.dumps(masked))

    def test_merge_and_undo(self):
        keep, merge = self.persons
        self.pay(self.codes[0], "M-1", 16800 * 2)
        before = json.loads(self.must("cover", SITI_AGAIN, "--json"))["member_number"]
        self.approve(self.asked("/v1/merges", {"keep": keep, "merge": merge, "reason": "one"}))
        after = json.loads(self.must("cover", SITI_AGAIN, "--json"))["member_number"]
        self.assertEqual((before, after), (self.numbers[1], self.numbers[0]))
        self.pay(self.codes[1], "M-2")
        self.must("verify")
        with sqlite3.connect(self.database) as db:
            merge_id = db.execute("SELECT MAX(merge_id) FROM person_merge").fetchone()[0]
        self.approve(self.asked(f"/v1/merges/{merge_id}/undo", {"reason": "two after all"}))
        again = json.loads(self.must("cover", SITI_AGAIN, "--json"))
        self.assertEqual(again["member_number"], self.numbers[1])
        self.assertEqual(len(again["months_paid"]), 1)
        self.must("verify")

    def test_who_looked_and_export(self):
        person = f"/v1/people/{self.persons[0]}"
        other = f"/v1/people/{self.persons[1]}"
        status, refused = self.ask("GET", other + "/export", "staff")
        self.assertEqual((status, refused["rule"]), (422, "consent.helper_needed"))
        status, _ = self.ask("POST", person + "/consents", "staff", {
            "kind": "helper", "helper_id": 901, "decision": "give", "text_version": "helper-1"})
        self.assertIn(status, (201, 409))  # Another test may have asked her before.
        status, document = self.ask("GET", person + "/export", "staff")
        self.assertEqual(status, 200)
        self.assertEqual(document["persons"][0]["person"][0]["nik"], SITI)
        status, pdf = self.ask("GET", person + "/export.pdf", "worker")
        self.assertEqual((status, pdf[:5]), (200, b"%PDF-"))
        _, looks = self.ask("GET", person + "/looks", "worker")
        exported = [look for look in looks["looks"] if look["what"] == "person:export"]
        self.assertTrue(any(look["role"] == "branch-staff" for look in exported), looks)
        self.assertNotIn("Rudi Petugas", json.dumps(looks))
        self.assertEqual(self.ask("GET", f"/v1/people/{self.persons[1]}/looks", "worker")[0], 404)

    def test_consent(self):
        path = f"/v1/people/{self.persons[0]}/consents"
        body = {"kind": "messages", "decision": "give", "text_version": "2026-1"}
        self.assertEqual(self.ask("POST", path, "worker", body)[0], 201)
        self.assertEqual(self.ask("POST", path, "worker", body)[0], 409)
        status, answer = self.ask("GET", path, "worker")
        self.assertEqual((status, answer["consents"][-1]["kind"]), (200, "messages"))

    def test_the_chain_holds(self):
        head = re.search(r"head (\S+)", self.must("audit", "verify")).group(1)
        self.must("audit", "verify", "--head", head)
        copy = self.folder / "copy.db"
        with sqlite3.connect(self.database) as db, sqlite3.connect(copy) as to:
            db.backup(to)
            to.execute("UPDATE audit_entry SET reason = 'another' WHERE entry_id = 1")
        key = next(path for path in self.folder.iterdir() if "key" in path.name)
        done = subprocess.run([JARING, "audit", "verify", "--db", f"sqlite:{copy}", "--key-file",
                               str(key)], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("entry 1: altered", done.stdout)


def main():
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules[__name__])
    return run_suite(suite)


if __name__ == "__main__":
    sys.exit(main())
