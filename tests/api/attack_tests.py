#!/usr/bin/env python3
"""Attacks at the door: tests/api/attack_tests.py [build/release/jaring [WORD]]

Signed requests that were changed on their way, replayed, cut or forged; tokens that are not whole; pages
of strangers; other origins; and hostile text in every text field that the API has. Last line:
"P passed, F failed".
"""
import base64
import datetime
import hashlib
import hmac
import json
import os
import pathlib
import secrets
import sys
import unittest
import urllib.parse

from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

import test_login
from api_server import TODAY, Program, ServerTest, Sqlite
from attack_pages import PageAttacks
from attack_text import TextAttacks
from matrix_world import OnSqlite, World
from suite_runner import run_suite

NOW = int(datetime.datetime.fromisoformat(TODAY + "T05:00:00+00:00").timestamp())  # It stands still.


def base64_text(data):
    return base64.b64encode(data).decode()


class Signer:
    """A device or a partner's program with a key of its own."""

    def __init__(self):
        self.key = ed25519.Ed25519PrivateKey.generate()
        self.public = self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.key_id = "k-" + hashlib.sha256(self.public).hexdigest()[:32]

    def sign(self, method, url, body=None, **changes):
        """Headers; `changes` forge one part of them."""
        path, _, query = url.partition("?")
        values = {"@method": method, "@path": path, "@query": "?" + query}
        headers = {}
        if body is not None:
            digest = base64_text(hashlib.sha256(body).digest())
            headers["Content-Digest"] = values["content-digest"] = f"sha-256=:{digest}:"
        names = [name for name in values if name not in changes.get("without", ())]
        inside = " ".join(f'"{name}"' for name in names)
        created = changes.get("created", NOW)
        params = (f"({inside});created={created};expires={changes.get('expires', created + 120)}"
                  f";nonce=\"{changes.get('nonce', secrets.token_hex(16))}\""
                  f";keyid=\"{changes.get('key_id', self.key_id)}\";alg=\"{changes.get('alg', 'ed25519')}\"")
        text = "".join(f'"{name}": {values[name]}\n' for name in names) + f'"@signature-params": {params}'
        make = changes.get("make", self.key.sign)
        label = changes.get("label", "sig")
        return {**headers, "Signature-Input": f"{label}={params}",
                "Signature": f"{label}=:{base64_text(make(text.encode()))}:"}


class SignatureAttacks:
    def device(self):
        invited = self.must("POST", "/v1/devices", {"kind": "kiosk", "branch": "surakarta"},
                            self.token("operator"))
        signer = Signer()
        body = json.dumps({"token": invited["token"], "public_key": base64_text(signer.public)}).encode()
        status, _, text = self.send("POST", "/v1/device-enrolments", body=body, token=None,
                                    headers=signer.sign("POST", "/v1/device-enrolments", body))
        self.assertEqual(status, 201, text)
        self.assertEqual(json.loads(text)["key_id"], signer.key_id)
        signer.device_id = invited["device_id"]
        return signer

    def partner(self):
        operator, signer = self.token("operator"), Signer()
        client = self.must("POST", "/v1/partners/pos/clients", {"requires_signature": True}, operator)
        self.must("POST", f"/v1/partners/pos/clients/{client['client_id']}/keys",
                  {"public_key": base64_text(signer.public)}, operator)
        signer.client = client
        return signer

    def answer(self, method, url, headers, body=None):
        status, _, text = self.send(method, url, body=body, token=None, headers=headers)
        return status, json.loads(text).get("rule", "") if text else ""

    def test_forged_signatures_are_refused(self):
        for signer in (self.device(), self.partner()):
            other = self.device()
            url, sign = "/v1/groups?limit=5" if hasattr(signer, "device_id") else "/v1/partners?", None
            sign = signer.sign
            self.assertEqual(self.answer("GET", url, sign("GET", url))[0], 200)
            mac = lambda text, s=signer: hmac.digest(s.public, text, "sha512")
            good = sign("GET", url)
            twice = sign("GET", url)
            for name, headers in {
                    "other key": sign("GET", url, make=Signer().key.sign),
                    "key of another": sign("GET", url, key_id=other.key_id),
                    "unknown key": Signer().sign("GET", url),
                    "hmac with the public key": sign("GET", url, alg="hmac-sha256", make=mac),
                    "hmac said to be ed25519": sign("GET", url, make=mac),
                    "none": sign("GET", url, alg="none", make=lambda text: b""),
                    "empty": sign("GET", url, make=lambda text: b""),
                    "zeros": sign("GET", url, make=lambda text: bytes(64)),
                    "cut": sign("GET", url, make=lambda t, s=signer: s.key.sign(t)[:63]),
                    "longer": sign("GET", url, make=lambda t, s=signer: s.key.sign(t) + b"x"),
                    "past": sign("GET", url, created=NOW - 400),
                    "future": sign("GET", url, created=NOW + 120),
                    "ends before it begins": sign("GET", url, expires=NOW - 1),
                    "lasts a day": sign("GET", url, expires=NOW + 86400),
                    "negative": sign("GET", url, created=-1),
                    "huge": sign("GET", url, created=10**30),
                    "no method": sign("GET", url, without=("@method",)),
                    "no path": sign("GET", url, without=("@path",)),
                    "no query": sign("GET", url, without=("@query",)),
                    "short nonce": sign("GET", url, nonce="abc"),
                    "two labels": {k: f"{v}, {twice[k].replace('sig=', 'sig2=')}"
                                   for k, v in good.items()},
                    "the label twice": {k: f"{v}, {twice[k]}" for k, v in good.items()},
                    "only half": {"Signature": good["Signature"]},
                    "no signature": {"Signature-Input": good["Signature-Input"]},
                    "parameters changed": good | {"Signature-Input": good["Signature-Input"].replace(
                        f"expires={NOW + 120}", f"expires={NOW + 121}")},
                    "with a stranger's token": sign("GET", url) | {
                        "Authorization": f"Bearer {self.token('analyst')}"}}.items():
                status, rule = self.answer("GET", url, headers)
                self.assertIn(status, (400, 401, 403), f"{name}: {rule}")
                self.assertRegex(rule, r"^(signature|login)\.", name)
            self.assertEqual(self.answer("GET", url, good)[0], 200)
            self.assertEqual(self.answer("GET", url, good), (401, "signature.replayed"))

    def test_a_signed_request_is_that_request(self):
        signer = self.partner()
        member = self.people(1)[0]
        body = json.dumps({"partner": "pos", "reference": "SIG-1", "amount": 16800,
                           "paid_at": "2026-03-10T05:00:00Z", "bill_code": member.bill_code}).encode()
        changed = body.replace(b"16800", b"33600")
        url = "/v1/payments"
        sign = lambda **changes: signer.sign("POST", url, body, **changes)
        digest = {"Content-Digest": f"sha-256=:{base64_text(hashlib.sha256(changed).digest())}:"}
        for name, method, where, sent, headers in (
                ("body", "POST", url, changed, sign()),
                ("body and its digest", "POST", url, changed, sign() | digest),
                ("no digest", "POST", url, body, sign() | {"Content-Digest": None}),
                ("digest not signed", "POST", url, body, sign(without=("content-digest",))),
                ("path", "POST", "/v1/reversals", body, sign()),
                ("query", "POST", url + "?x=1", body, sign()),
                ("method", "DELETE", url, None, sign()),
                ("a body that was not there", "POST", url, body, signer.sign("POST", url))):
            status, rule = self.answer(method, where, headers, sent)
            if method == "DELETE":
                self.assertEqual(status, 405)
                continue
            self.assertEqual(status, 401, f"{name}: {rule}")
        self.assertEqual(self.query("SELECT COUNT(*) FROM payment WHERE reference = 'SIG-1'")[0][0], 0)
        right = sign() | {"Idempotency-Key": "sig-1"}
        self.assertEqual(self.answer("POST", url, right, body)[0], 201)
        self.assertEqual(self.answer("POST", url, right, body), (401, "signature.replayed"))

    def test_a_replay_is_known_after_a_restart(self):
        signer, client = self.partner(), self.device()
        reference = self.counters["payment"] = 9000
        self.must("POST", "/v1/payments", {
            "partner": "pos", "reference": f"R-{reference}", "amount": 16800, "paid_at":
            "2026-03-10T05:00:00Z", "bill_code": self.people(1)[0].bill_code}, self.token(
                "partner", "partner", "pos"))
        body = json.dumps({"partner": "pos", "reference": f"R-{reference}", "reason": "dua"}).encode()
        asked = signer.sign("POST", "/v1/reversals", body)
        self.assertEqual(self.answer("POST", "/v1/reversals", asked, body)[0], 202)
        self.assertEqual(self.stop(), 0)
        type(self).start()
        self.assertEqual(self.answer("POST", "/v1/reversals", asked, body), (401, "signature.replayed"))
        self.assertEqual(self.answer("GET", "/v1/groups", client.sign("GET", "/v1/groups"))[0], 200)

    def test_what_was_revoked_is_a_stranger(self):
        device, partner = self.device(), self.partner()
        operator, url = self.token("operator"), "/v1/partners"
        self.assertEqual(self.answer("GET", url, partner.sign("GET", url))[0], 200)
        self.must("DELETE", f"/v1/devices/{device.device_id}", token=operator)
        self.must("DELETE", f"/v1/partners/pos/clients/{partner.client['client_id']}", token=operator)
        for signer in (device, partner):
            self.assertEqual(self.answer("GET", url, signer.sign("GET", url)),
                             (401, "signature.key_unknown"))

    def test_a_token_alone_is_not_enough_where_a_signature_is_due(self):
        client = self.partner().client
        token = test_login.client_token(f"http://127.0.0.1:{self.port}", client["client_id"],
                                        client["client_secret"])
        status, _, text = self.send("GET", "/v1/partners", token=token)
        self.assertEqual((status, json.loads(text)["rule"]), (401, "client.signature_needed"))

    def test_tokens_are_whole_or_nothing(self):
        token = test_login.session_token(self.database, "auditor")
        parts = [base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=").decode() for p in (
            {"alg": "none", "typ": "JWT"}, {"sub": "1", "role": "operator", "exp": 9999999999})]
        for wrong in (token[:-1], token + "A", token.swapcase(), token[1:], token + "\t" + token, "",
                      f"{parts[0]}.{parts[1]}.", f"{parts[0]}.{parts[1]}.{'A' * 43}", token + "=",
                      "null", "undefined", "A" * 5000, hashlib.sha256(token.encode()).hexdigest()):
            status, headers, text = self.send("GET", "/v1/groups", token=None,
                                              headers={"Authorization": f"Bearer {wrong}"})
            self.assertIn(status, (400, 401), f"{wrong}: {text}")
            self.assertIsNone(headers["Set-Cookie"])
        for name in ("access_token", "token", "bearer", "__Host-jaring"):
            url = "/v1/scheme/none?" if name == "none" else "/v1/groups?" + urllib.parse.urlencode(
                {name: token})
            self.assertEqual(self.send("GET", url, token=None)[0], 401)
        self.assertEqual(self.send("GET", "/v1/groups", token=None, headers={
            "Authorization": f"Basic {base64_text(token.encode())}"})[0], 401)
        late = test_login.session_token(self.database, "auditor")
        digest = hashlib.sha256(late.encode()).hexdigest().upper()
        test_login.run_sql(self.database, [f"UPDATE session SET expires_at = {NOW * 1000000} WHERE"
                                           f" hex(token_hash) = '{digest}'"])
        self.assertEqual(self.send("GET", "/v1/groups", token=late)[0], 401)
        self.assertEqual(self.send("GET", "/v1/groups", token=token)[0], 200)

    def test_a_revoked_clients_token_ends(self):
        operator = self.token("operator")
        client = self.must("POST", "/v1/partners/bank/clients", {}, operator)
        token = test_login.client_token(f"http://127.0.0.1:{self.port}", client["client_id"],
                                        client["client_secret"])
        self.assertEqual(self.send("GET", "/v1/partners", token=token)[0], 200)
        self.must("DELETE", f"/v1/partners/bank/clients/{client['client_id']}", token=operator)
        self.assertEqual(self.send("GET", "/v1/partners", token=token)[0], 401)


class AttackTest(SignatureAttacks, PageAttacks, TextAttacks, OnSqlite, Sqlite, World):
    """All of them, at one server."""


def main():
    if len(sys.argv) > 1:
        Program.path = str(pathlib.Path(sys.argv[1]).resolve())
    word = sys.argv[2] if len(sys.argv) > 2 else ""
    suite = unittest.TestSuite()
    for test in unittest.defaultTestLoader.loadTestsFromTestCase(AttackTest):
        if word in test.id():
            suite.addTest(test)
    return run_suite(suite)


if __name__ == "__main__":
    sys.exit(main())
