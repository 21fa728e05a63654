"""Papers in an S3 store: they come back, lie there sealed, and nothing is said to be kept that is not.

usage: tests/papers/papers_tests.py PATH_OF_S3RVER
"""
import hashlib
import hmac
import http.client
import http.server
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "api"))
from api_server import ServerTest, Sqlite  # noqa: E402
from claim_cases import BYTES, ONE, PAPERS, PDF, SPOUSE  # noqa: E402
from suite_runner import run_suite  # noqa: E402

STORE = ""
KEY = SECRET = "S3RVER"  # What the store knows.


class Store:
    """A store with one bucket, in a folder."""

    def __init__(self, folder):
        self.folder = folder
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [STORE, "--directory", str(self.folder), "--address", "127.0.0.1", "--port",
             str(self.port), "--configure-bucket", "papers", "--silent"])
        end = time.monotonic() + 30
        while time.monotonic() < end:
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("the store did not start")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)

    def objects(self):
        """{name: bytes} of what lies in the bucket."""
        return {path.name: path.read_bytes()
                for path in (self.folder / "papers").rglob("*_object")}


def signature_of(method, path, headers, secret):
    """The signature of version 4 over what a request says it signs (AWS General Reference, "Create a
    signed request"); None when it says nothing of the kind. The store itself looks at none."""
    said = re.fullmatch(r"AWS4-HMAC-SHA256 Credential=\w+/(\d{8})/([\w-]+)/s3/aws4_request, "
                        r"SignedHeaders=([\w;-]+), Signature=\w{64}", headers["Authorization"] or "")
    if not said:
        return None
    day, region, names = said.groups()
    canonical = "\n".join([method, path, "", *(f"{name}:{headers[name]}" for name in names.split(";")),
                           "", names, headers["x-amz-content-sha256"]])
    scope = f"{day}/{region}/s3/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", headers["x-amz-date"], scope,
                      hashlib.sha256(canonical.encode()).hexdigest()])
    key = b"AWS4" + secret.encode()
    for part in (day, region, "s3", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.new(key, text.encode(), "sha256").hexdigest()


class Guard(http.server.BaseHTTPRequestHandler):
    """Stands before the store and lets through what is signed with its secret, whole."""

    def pass_on(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        wanted = signature_of(self.command, self.path, self.headers, SECRET)
        whole = hashlib.sha256(body).hexdigest() == self.headers["x-amz-content-sha256"]
        if wanted is None or not self.headers["Authorization"].endswith(wanted) or not whole:
            return self.answer(403, b"SignatureDoesNotMatch")
        connection = http.client.HTTPConnection("127.0.0.1", self.server.store.port, timeout=30)
        try:
            connection.request(self.command, self.path, body, dict(self.headers))
            answer = connection.getresponse()
            return self.answer(answer.status, answer.read())
        except OSError:
            return self.answer(503, b"")
        finally:
            connection.close()

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PUT = pass_on

    def log_message(self, *_):
        pass


class PapersTest(Sqlite, ServerTest):
    @classmethod
    def write_settings(cls):
        cls.store = Store(cls.folder / "store")
        cls.addClassCleanup(cls.store.stop)
        guard = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Guard)
        guard.store = cls.store
        threading.Thread(target=guard.serve_forever, daemon=True).start()
        cls.addClassCleanup(guard.shutdown)
        path = super().write_settings()
        cls.secret = cls.folder / "store.secret"
        cls.secret.write_text(SECRET + "\n")
        cls.secret.chmod(0o600)
        text = path.read_text().replace(
            f'papers = "{cls.folder}/papers"\n',
            f'papers_s3_url = "http://127.0.0.1:{guard.server_address[1]}/papers/claims/"\n'
            f'papers_s3_key_id = "{KEY}"\npapers_s3_secret_file = "{cls.secret}"\n')
        path.write_text(text)
        return path

    def claim(self, number):
        member = self.enrol(number)
        self.pay(201, self.payment(member["bill_code"], f"paper-{number}"))
        return self.ask("POST", "/v1/people/{person_id}/claims", 201,
                        {"person_id": member["person_id"]},
                        body={"facts": {"kind": "death", "on": "2026-03-15", "children": 1,
                                        "heirs": ["spouse"]}, "payees": [SPOUSE]})

    def bring(self, claim, body, expected=201, code="bank-book"):
        return self.ask("POST", PAPERS, expected, claim, query={"code": code}, headers=BYTES,
                        body=body)

    def fetch(self, claim):
        return self.send("GET", PAPERS.format(**claim) + "/1", token=self.token("claims-officer"))

    def test_a_paper_lies_there_sealed_and_comes_back(self):
        claim, paper = self.claim(1), PDF + os.urandom(3_000_000) + b"end of the paper"
        self.bring(claim, paper)
        status, _, back = self.fetch(claim)
        self.assertEqual((status, back == paper), (200, True))
        held = b"".join(self.store.objects().values())
        self.assertGreater(len(held), len(paper))
        self.assertNotIn(b"end of the paper", held)
        self.assertNotIn(PDF, held)

    def test_the_largest_paper_fits(self):
        claim, paper = self.claim(2), PDF + b"x" * (10 * 1024 * 1024 - len(PDF))
        self.bring(claim, paper)
        self.assertEqual(self.fetch(claim)[2] == paper, True)

    def test_the_same_paper_twice_lies_there_once(self):
        paper = PDF + b"of two claims"
        before = set(self.store.objects())
        self.bring(self.claim(3), paper)
        self.bring(self.claim(4), paper)
        self.assertEqual(len(set(self.store.objects()) - before), 1)

    def test_without_the_store_nothing_is_said_to_be_kept(self):
        claim, kept = self.claim(5), self.claim(6)
        self.bring(kept, PDF + b"kept")
        self.store.stop()
        self.assertEqual(self.bring(claim, PDF + b"new", 503)["rule"], "paper.store_failed")
        self.assertEqual(self.fetch(kept)[0], 503)
        self.assertEqual(self.ask("GET", ONE, 200, claim)["papers"], [])
        self.store.start()
        self.bring(claim, PDF + b"new")
        self.assertEqual(self.fetch(kept)[2], PDF + b"kept")

    def test_an_object_that_is_gone_is_told(self):
        claim = self.claim(7)
        self.bring(claim, PDF + b"soon gone")
        newest = max((self.store.folder / "papers").rglob("*_object"),
                     key=lambda path: path.stat().st_mtime_ns)
        newest.unlink()
        status, _, text = self.fetch(claim)
        self.assertEqual((status, json.loads(text)["rule"]), (404, "paper.missing"))

    def test_a_wrong_secret_keeps_nothing(self):
        before = self.store.objects()
        claim = self.claim(8)
        self.stop()
        self.secret.write_text("another\n")
        type(self).start()
        try:
            self.assertEqual(self.bring(claim, PDF + b"unsigned", 503)["rule"],
                             "paper.store_failed")
            self.assertEqual(self.store.objects(), before)
        finally:
            self.stop()
            self.secret.write_text(SECRET + "\n")
            type(self).start()


if __name__ == "__main__":
    STORE = sys.argv.pop(1)
    sys.exit(run_suite(unittest.defaultTestLoader.loadTestsFromTestCase(PapersTest)))
