#!/usr/bin/env python3
"""No log holds anybody's data: tests/api/log_tests.py

The steps api, login, machines, care, matrix and attacks leave what their servers wrote, with every request in
the log, and what they told them in secret (server_trace.py). None of it may be found there. Then a
server of its own: each line is JSON with a request id, and a trace that was sent is taken over. A
planted secret proves that the search finds. Last line: "P passed, F failed".
"""
import http.client
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from server_trace import TRACE
from suite_runner import run_suite

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = str(pathlib.Path(sys.argv.pop(1)).resolve() if len(sys.argv) > 1 else
             ROOT / "build" / "release" / "jaring")
STEPS = {"api": 1000, "login": 50, "machines": 10, "care": 10, "matrix": 1000,
         "attacks": 1000}  # Lines at least.
LEAST = {"token": 12, "nik": 10, "phone": 8, "birth_date": 8, "password": 5}
FIELDS = {"ts": r"\d{4}-\d\d-\d\dT[\d:.]+Z", "level": "info|warn|error", "event": "[a-z_.]+",
          "request_id": "[0-9a-f]{32}", "trace_id": "[0-9a-f]{32}", "method": "[A-Z]+",
          "route": r"(/[a-z0-9_.{}-]*)*|none", "status": r"\d{3}", "micros": r"\d+", "bytes": r"\d+",
          "caller": "[a-z-]+", "caller_id": r"\d+", "rule": r"[a-z_0-9]+\.[a-z_0-9]+"}
FIXED = ("ts", "request_id", "trace_id", "micros", "bytes", "caller_id", "status", "route")


def searchable(kind, value):
    """Worth looking for: a word of three letters is found anywhere."""
    if kind == "code":
        return len(value) >= 4
    if kind in ("name", "words", "email"):
        return len(re.sub(r"[^A-Za-z]", "", value)) >= 4
    return len(value) >= LEAST[kind]


def found(secrets, texts):
    """{(kind, text)} of the secrets that are in one of the files."""
    hits = set()
    for kind in sorted({kind for kind, _ in secrets}):
        values = sorted({value for one, value in secrets if one == kind and searchable(one, value)})
        whole = ["-w"] if kind in ("code", "name", "words") else []
        with tempfile.NamedTemporaryFile("w", suffix=".patterns") as patterns:
            patterns.write("".join(value + "\n" for value in values))
            patterns.flush()
            for text in texts:
                done = subprocess.run(["grep", "-F", "-o", "-a", *whole, "-f", patterns.name, text],
                                      capture_output=True, text=True, check=False)
                assert done.returncode in (0, 1), done.stderr
                hits |= {(kind, line) for line in done.stdout.splitlines()}
    return hits


def read_secrets(folder):
    lines = (folder / "secrets").read_text(encoding="utf-8").splitlines()
    return {tuple(line.split("\t", 1)) for line in lines if "\t" in line}


def strange(line):
    """What of a line of a request is of no known form; such a form holds no secret."""
    value = json.loads(line)
    return [f"{name}={inner}" for name, inner in value.items()
            if not re.fullmatch(FIELDS.get(name, "(?!)"), str(inner))]


def without_numbers(log, folder):
    """The log without the fields whose form leaves room for numbers only: six digits of a code are
    found in any clock."""
    path = folder / (log.name + ".words")
    with open(path, "w", encoding="utf-8") as out:
        for line in log.read_text(encoding="utf-8").splitlines():
            value = json.loads(line)
            out.write(json.dumps({k: v for k, v in value.items() if k not in FIXED}) + "\n")
    return path


class LogTest(unittest.TestCase):
    def left_by(self, step):
        folder = ROOT / "build" / "test" / step / "servers"
        logs = sorted(folder.glob("*.log"))
        self.assertTrue(logs, f"no log of the step {step}: run ./test --only {step} first")
        return folder, logs

    def test_the_search_finds(self):
        with tempfile.TemporaryDirectory() as folder:
            text = pathlib.Path(folder) / "planted.log"
            text.write_text('{"event":"request","rule":"x.y 3372015708850000 Siti Contoh 123456"}\n')
            self.assertEqual(found({("nik", "3372015708850000"), ("name", "Siti Contoh"),
                                    ("code", "123456"), ("token", "not-in-the-file")}, [text]),
                             {("nik", "3372015708850000"), ("name", "Siti Contoh"), ("code", "123456")})
        self.assertEqual(strange('{"rule":"x.y","path":"/v1/people/7"}'), ["path=/v1/people/7"])
        self.assertEqual(strange('{"rule":"Siti Contoh"}'), ["rule=Siti Contoh"])

    def test_lines_have_a_known_form(self):
        for step, least in STEPS.items():
            requests = 0
            for log in self.left_by(step)[1]:
                for line in log.read_text(encoding="utf-8").splitlines():
                    value = json.loads(line)
                    if value["event"] == "request":
                        requests += 1
                        self.assertEqual(strange(line), [], line)
                        self.assertIn("request_id", value)
            self.assertGreater(requests, least, f"the log of the step {step} is short")

    def test_no_secret_is_in_them(self):
        for step in STEPS:
            folder, logs = self.left_by(step)
            secrets = read_secrets(folder)
            kinds = {kind for kind, _ in secrets}
            self.assertTrue({"nik", "token", "name"} <= kinds or step == "machines", kinds)
            with tempfile.TemporaryDirectory() as scratch:
                words = [without_numbers(log, pathlib.Path(scratch)) for log in logs]
                codes = {one for one in secrets if one[0] == "code"}
                with self.subTest(step=step):
                    self.assertEqual(found(codes, words), set())
                    self.assertEqual(found(secrets - codes, [*logs, *folder.glob("*.out")]), set())

    def test_a_trace_is_taken_over(self):
        with tempfile.TemporaryDirectory() as folder:
            options = ["--db", f"sqlite:{folder}/a.db", "--key-file", f"{folder}/a.key"]
            subprocess.run([BINARY, "init", "--demo", *options], check=True, capture_output=True)
            server, port, log = TRACE.start([BINARY, "serve", *options, "--listen", "127.0.0.1:0"],
                                            "own")
            trace = "4bf92f3577b34da6a3ce929d0e0e4736"
            sent = [{"traceparent": f"00-{trace}-00f067aa0ba902b7-01"}, {"traceparent": "00-x-y-01"},
                    {"X-Request-Id": "Siti Contoh 3372015708850000"}, {}]
            ids = []
            for headers in sent:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
                connection.request("GET", "/v1/people/3372015708850000?nik=3372015708850000",
                                   headers={**headers, "User-Agent": "Siti Contoh"})
                answer = connection.getresponse()
                answer.read()
                ids.append(answer.headers["X-Request-Id"])
                connection.close()
            server.terminate()
            self.assertEqual(server.wait(30), 0)
            lines = [json.loads(line) for line in log.read_text().splitlines()]
            traces = {line["request_id"]: line["trace_id"] for line in lines if
                      line["event"] == "request"}
            self.assertEqual(sorted(traces), sorted(ids))
            self.assertEqual([traces[one] == trace for one in ids], [True, False, False, False])
            self.assertEqual(len(set(traces.values())), 4)
            self.assertEqual(found({("nik", "3372015708850000"), ("name", "Siti Contoh")}, [log]), set())


def main():
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(LogTest)
    return run_suite(suite)


if __name__ == "__main__":
    sys.exit(main())
