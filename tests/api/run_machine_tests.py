#!/usr/bin/env python3
"""Programs and devices against the real binary: the examples of docs/PARTNERS.md as they stand there,
and the agency's own login with an OpenID provider made here. Usage: run_machine_tests.py [BINARY]
Last line: "P passed, F failed".
"""
import base64
import hashlib
import hmac
import http.cookies
import http.server
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

import test_login
from server_trace import TRACE
from suite_runner import run_suite

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = str(ROOT / "build" / "release" / "jaring")
GUIDE = ROOT / "docs" / "PARTNERS.md"


def url64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Provider(http.server.ThreadingHTTPServer):
    """An OpenID provider that says what the test wants."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), ProviderHandler)
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.kid = "first"
        self.claims, self.flows, self.fetched = {}, {}, []
        self.header, self.sign = {}, self.sign_well
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def jwks(self):
        numbers = self.key.public_key().public_numbers()
        return {"keys": [{"kty": "RSA", "use": "sig", "kid": self.kid, "e": "AQAB",
                          "n": url64(numbers.n.to_bytes(256, "big"))}]}

    def sign_well(self, text):
        return self.key.sign(text, padding.PKCS1v15(), hashes.SHA256())

    def token(self, nonce):
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": "jaring", "sub": "42", "nonce": nonce, "iat": now,
                  "exp": now + 300, "email": "ani@contoh.id", "email_verified": True, **self.claims}
        header = {"alg": "RS256", "kid": self.kid, **self.header}
        text = ".".join(url64(json.dumps(part).encode()) for part in (header, claims))
        signature = self.sign(text.encode())
        TRACE.add("token", url64(signature))
        TRACE.add("email", claims["email"])
        return f"{text}.{url64(signature)}"


class ProviderHandler(http.server.BaseHTTPRequestHandler):
    def answer(self, value, status=200):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.server.fetched.append(self.path)
        issuer = self.server.issuer
        if self.path == "/.well-known/openid-configuration":
            self.answer({"issuer": issuer, "authorization_endpoint": f"{issuer}/authorize",
                         "token_endpoint": f"{issuer}/token", "jwks_uri": f"{issuer}/keys"})
        else:
            self.answer(self.server.jwks())

    def do_POST(self):
        form = dict(urllib.parse.parse_qsl(
            self.rfile.read(int(self.headers["Content-Length"])).decode()))
        flow = self.server.flows.pop(form.get("code"), None)
        secret = base64.b64encode(b"jaring:geheim").decode()
        right = (flow and self.headers["Authorization"] == f"Basic {secret}" and
                 url64(hashlib.sha256(form["code_verifier"].encode()).digest()) ==
                 flow["code_challenge"] and form["redirect_uri"] == flow["redirect_uri"])
        if not right:
            self.answer({"error": "invalid_grant"}, 400)
            return
        self.answer({"access_token": "at", "token_type": "Bearer",
                     "id_token": self.server.token(flow["nonce"])})

    def log_message(self, *_):
        pass


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class MachineTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.provider = Provider()
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="jaring-machine-"))
        (cls.folder / "secret").write_text("geheim\n")
        os.chmod(cls.folder / "secret", 0o600)
        cls.config = cls.folder / "jaring.toml"
        cls.config.write_text(
            "[server]\npublic_url = 'https://jaring.contoh.id'\n"
            f"[oidc]\nissuer = '{cls.provider.issuer}'\nclient_id = 'jaring'\n"
            f"client_secret_file = '{cls.folder}/secret'\nsecond_factor = true\n")
        cls.address = f"sqlite:{cls.folder}/agency.db"
        cls.options = ["--config", str(cls.config), "--db", cls.address]
        people = cls.folder / "people.csv"
        people.write_text(
            "nik,name,birth_date,sex,village_code,phone,trade,income,programmes,language\n"
            "3372015708850000,Siti Contoh,1985-08-17,P,3372011001,,trade,1000000,\"JKK,JKM\",id\n")
        for command in (["init", "--demo"], ["partner", "add", "pos", "Kantor Pos"],
                        ["group", "add", "pasar", "Pasar", "--kind", "association", "--branch",
                         "surakarta"]):
            cls.jaring(*command)
        done = json.loads(cls.jaring("enrol", people, "--group", "pasar", "--json", "--list",
                                     "--today", "2026-03-01"))
        cls.member = done["members"][0]
        test_login.run_sql(cls.address, [
            "INSERT INTO staff_user (user_id, email, name, password_hash, created_at)"
            " VALUES (900001, 'ani@contoh.id', 'Ani', '', 0)",
            "INSERT INTO role_grant (grant_id, user_id, role, scope_kind, scope_id, granted_at)"
            " VALUES (900001, 900001, 9, 1, 0, 0)"])
        cls.server, port, _ = TRACE.start(
            [BINARY, "serve", *cls.options, "--listen", "127.0.0.1:0"], "machines")
        cls.base = f"http://127.0.0.1:{port}"

    @classmethod
    def tearDownClass(cls):
        cls.server.send_signal(signal.SIGTERM)
        assert cls.server.wait(30) == 0, "the server did not stop in order"
        cls.provider.shutdown()
        shutil.rmtree(cls.folder)

    @classmethod
    def jaring(cls, *command):
        done = subprocess.run([BINARY, *map(str, command), *cls.options], capture_output=True,
                              text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def test_the_guides_examples_work(self):
        client_id, secret = test_login.add_client(BINARY, self.options, "pos")
        TRACE.add("token", secret)
        TRACE.add("token", "geheim")
        text = GUIDE.read_text()
        bash = re.findall(r"```bash\n(.*?)```", text, re.DOTALL)
        python = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
        self.assertEqual((len(bash), len(python)), (5, 1))
        (self.folder / "sign.py").write_text(python[0])
        add_key = (f"KEY_ID=$({BINARY} partner client key add $CLIENT_ID partner-key.pub "
                   f"{' '.join(self.options)}); export KEY_ID\n")
        script = "".join(bash[:4]) + add_key + bash[4] + "python3 sign.py\n"
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=self.folder,
                              capture_output=True, text=True, check=False, env={
                                  **os.environ, "BASE": self.base, "CLIENT_ID": client_id,
                                  "CLIENT_SECRET": secret, "BILL_CODE": self.member["bill_code"],
                                  "MEMBER_NUMBER": self.member["member_number"]})
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(done.stdout.count('"status":"posted"'), 2, done.stdout)
        self.jaring("verify")

    def get(self, path, cookie=""):
        opener = urllib.request.build_opener(NoRedirect)
        request = urllib.request.Request(self.base + path, headers={"Cookie": cookie})
        try:
            answer = opener.open(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            text = answer.read().decode()
        TRACE.add_exchange({"Cookie": cookie}, None, answer.headers, text)
        return answer.status, answer.headers, text

    @staticmethod
    def cookies(headers):
        jar = http.cookies.SimpleCookie()
        for line in headers.get_all("Set-Cookie") or ():
            jar.load(line)
        return jar

    def start(self):
        """(cookie, flow) as a browser at the provider has them."""
        status, headers, _ = self.get("/oidc/start")
        self.assertEqual(status, 303)
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(headers["Location"]).query))
        self.assertEqual((query["response_type"], query["code_challenge_method"]), ("code", "S256"))
        morsel = self.cookies(headers)["__Host-jaring-oidc"]
        self.assertEqual((morsel["samesite"], bool(morsel["secure"])), ("Lax", True))
        code = hashlib.sha256(query["state"].encode()).hexdigest()
        self.provider.flows[code] = query
        return f"__Host-jaring-oidc={morsel.value}", {"state": query["state"], "code": code}

    def finish(self, cookie, query):
        return self.get("/oidc/callback?" + urllib.parse.urlencode(query), cookie)

    def log_in(self, **claims):
        self.provider.claims = claims
        status, headers, text = self.finish(*self.start())
        return status, self.cookies(headers), text

    def test_staff_log_in_at_the_provider(self):
        status, cookies, text = self.log_in(amr=["pwd", "mfa"])
        self.assertEqual(status, 200, text)
        session = f"__Host-jaring={cookies['__Host-jaring'].value}"
        self.assertEqual(self.get("/v1/insight/coverage", session)[0], 200)
        # Known by its subject from now on, whatever the address is.
        self.assertEqual(self.log_in(email="new@contoh.id")[0], 200)

    def test_without_second_factor_only_the_own_account(self):
        status, cookies, text = self.log_in()
        self.assertEqual(status, 200, text)
        session = f"__Host-jaring={cookies['__Host-jaring'].value}"
        self.assertEqual(self.get("/v1/sessions", session)[0], 200)
        status, _, text = self.get("/v1/insight/coverage", session)
        self.assertEqual((status, json.loads(text)["rule"]), (403, "access.second_factor_needed"))

    def test_strangers_and_forged_tokens_stay_outside(self):
        self.log_in()
        for claims in ({"sub": "43"}, {"sub": "44", "email": "nobody@contoh.id"},
                       {"sub": "45", "email_verified": False}, {"aud": "other"}, {"iss": "x"},
                       {"nonce": "other"}, {"exp": 1}):
            status, cookies, _ = self.log_in(**claims)
            self.assertGreaterEqual(status, 400, claims)
            self.assertNotIn("__Host-jaring", cookies, claims)

    def test_forged_signatures_are_refused(self):
        other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        public = self.provider.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        well = self.provider.sign_well
        self.log_in()
        for header, sign in (
                ({"alg": "none"}, lambda text: b""), ({"alg": "None"}, lambda text: b""),
                ({"alg": "none"}, well), ({}, lambda text: b""), ({}, lambda text: well(text)[:-1]),
                ({"alg": "HS256"}, lambda text: hmac.digest(public, text, "sha256")),
                ({"alg": "HS256"}, lambda text: hmac.digest(b"geheim", text, "sha256")),
                ({"alg": "RS512"}, well), ({"alg": ["RS256"]}, well), ({"crit": ["exp"]}, well),
                ({}, lambda text: other.sign(text, padding.PKCS1v15(), hashes.SHA256())),
                ({"jwk": {"kty": "oct", "k": "Z2VoZWlt"}, "alg": "HS256"},
                 lambda text: hmac.digest(b"geheim", text, "sha256"))):
            self.provider.header, self.provider.sign = header, sign
            status, cookies, _ = self.log_in()
            self.provider.header, self.provider.sign = {}, well
            self.assertGreaterEqual(status, 400, header)
            self.assertNotIn("__Host-jaring", cookies, header)
        self.assertEqual(self.log_in()[0], 200)

    def test_a_flow_belongs_to_its_browser_and_is_walked_once(self):
        self.provider.claims = {}
        cookie, query = self.start()
        other, _ = self.start()
        for bad_cookie, bad_query in ((other, query), ("", query), (cookie, {**query, "state": "x"}),
                                      (cookie, {"code": query["code"]}),
                                      (cookie, {**query, "iss": "https://evil"}),
                                      (cookie, {"state": query["state"], "error": "denied"}),
                                      (cookie[:-4], query)):
            self.assertGreaterEqual(self.finish(bad_cookie, bad_query)[0], 400)
        self.assertEqual(self.finish(cookie, query)[0], 200)
        self.assertGreaterEqual(self.finish(cookie, query)[0], 400)

    def test_unknown_keys_are_asked_for_once_a_minute(self):
        self.log_in()
        old = self.provider.key, self.provider.kid
        self.provider.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.provider.kid = "second"
        before = self.provider.fetched.count("/keys")
        for _ in range(3):
            self.log_in()
        self.assertLessEqual(self.provider.fetched.count("/keys") - before, 1)
        self.provider.key, self.provider.kid = old


def main():
    global BINARY
    if len(sys.argv) > 1:
        BINARY = str(pathlib.Path(sys.argv[1]).resolve())
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(MachineTest)
    return run_suite(suite)


if __name__ == "__main__":
    sys.exit(main())
