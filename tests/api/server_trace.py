"""What servers under test leave behind, for the step `log`: every line they wrote, and every secret and
every person's data the tests gave them or got from them.

A step of ./test has a folder in $OUT; there `servers/` holds the logs and `servers/secrets` a line
"kind<TAB>value" for each secret. Without $OUT all of it goes with the test's own folder.
"""
import atexit
import base64
import json
import os
import pathlib
import re
import subprocess
import tempfile
import time

PERSONAL = {"nik": "nik", "phone": "phone", "new_phone": "phone", "name": "name",
            "birth_date": "birth_date", "email": "email", "password": "password",
            "new_password": "password", "old_password": "password", "again": "password",
            "removal_password": "password", "client_secret": "token", "access_token": "token",
            "token": "token", "secret": "token", "ticket": "token", "invite": "token",
            "recovery_code": "token", "recovery_codes": "token", "code": "code", "pin": "code",
            "old_pin": "code", "otpauth_uri": "token", "id_token": "token", "reason": "words",
            "evidence": "words", "note": "words", "account": "words", "label": "words", "public_key": "token"}
COOKIE = re.compile(r"(?:^|;\s*)__Host-[a-z-]+=([^;\s]{12,})")


class Trace:
    """The folder of this run and what it has seen."""

    def __init__(self):
        out = os.environ.get("OUT")
        self.scratch = None if out else tempfile.TemporaryDirectory(prefix="jaring-trace-")
        self.folder = pathlib.Path(out or self.scratch.name).resolve() / "servers"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.secrets = set()
        if out:
            atexit.register(self.save)

    def save(self):
        with open(self.folder / "secrets", "a", encoding="utf-8") as file:
            for kind, value in sorted(self.secrets):
                file.write(f"{kind}\t{value}\n")

    def add(self, kind, value):
        for line in str(value).splitlines():
            if line.strip():
                self.secrets.add((kind, line.strip()))

    def add_json(self, value, key=""):
        if isinstance(value, dict):
            for name, inner in value.items():
                self.add_json(inner, name)
        elif isinstance(value, list):
            for inner in value:
                self.add_json(inner, key)
        elif isinstance(value, str) and key in PERSONAL:
            self.add(PERSONAL[key], value)

    def add_text(self, text):
        """A body of whatever form: JSON, a form, a table."""
        if text.startswith(("{", "[")):
            try:
                return self.add_json(json.loads(text))
            except (ValueError, RecursionError):
                pass
        for kind, pattern in (("nik", r"(?<!\d)\d{16}(?!\d)"),
                              ("phone", r"(?<!\d)(?:0|62)8\d{8,11}(?!\d)")):
            for found in re.findall(pattern, text):
                self.add(kind, found)
        return None

    def add_exchange(self, sent_headers, body, headers, text):
        """One request and its answer."""
        for name, value in sent_headers.items():
            if name.lower() == "authorization":
                self.add("token", value.split()[-1])
                if value.startswith("Basic "):
                    self.add("token", base64.b64decode(value[6:]).decode().partition(":")[2])
            if name.lower() == "idempotency-key" and len(value) > 11:
                self.add("token", value)
            if name.lower() in ("cookie", "signature"):
                for found in COOKIE.findall(value) + re.findall(r":([\w+/=]{40,}):", value):
                    self.add("token", found)
        for line in headers.get_all("Set-Cookie") or ():
            for found in COOKIE.findall(line):
                self.add("token", found)
        for one in (body, text):
            if isinstance(one, dict):
                self.add_json(one)
            elif one is not None:
                self.add_text(one if isinstance(one, str) else one.decode("utf-8", "replace"))

    def start(self, command, name, environment=None):
        """(process, port, its log). Every request has a line; `command` is one of `jaring serve`."""
        log = self.folder / f"{name}.log"
        with open(log, "ab") as errors, open(self.folder / f"{name}.out", "ab") as out:
            begin = out.tell()
            server = subprocess.Popen([*map(str, command), "--log-requests", "all"], stdout=out,
                                      stderr=errors, env=environment)
        for _ in range(3000):
            said = (self.folder / f"{name}.out").read_bytes()[begin:].decode()
            found = re.search(r"port (\d+)", said)
            if found:
                return server, int(found.group(1)), log
            assert server.poll() is None, f"{name} does not start: {log.read_text()[-2000:]}"
            time.sleep(0.02)  # Until it listens.
        raise AssertionError(f"{name} does not say where it listens")


TRACE = Trace()
