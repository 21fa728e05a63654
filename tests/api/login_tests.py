#!/usr/bin/env python3
"""Logging in over HTTP, as people and as attackers do. Last line: "P passed, F failed".

usage: login_tests.py [BINARY]
"""
import base64
import hashlib
import hmac
import http.client
import json
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import time
import urllib.parse

from server_trace import TRACE

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build/release/jaring").resolve()
PASSWORD = "sawah hijau di kaki bukit"
COOKIE = "__Host-jaring"

passed = 0
failed = 0


def check(name, truth, detail=""):
    global passed, failed
    if truth:
        passed += 1
    else:
        failed += 1
        print(f"FAILED {name}: {detail}")


def totp(secret, offset=0):
    step = int(time.time()) // 30 + offset
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7FFFFFFF) % 1000000:06d}"


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.text = response.read().decode()
        self.cookies = {}
        for line in response.headers.get_all("Set-Cookie") or []:
            name, _, rest = line.partition("=")
            self.cookies[name] = (rest.partition(";")[0], line)

    def json(self):
        return json.loads(self.text) if self.text else {}

    @property
    def rule(self):
        return self.json().get("rule", "")


class Agency:
    """A demo agency with a few users, served."""

    def __init__(self):
        self.scratch = tempfile.TemporaryDirectory(prefix="jaring-login-")
        self.folder = pathlib.Path(self.scratch.name)
        self.run("init", "--demo")

    def run(self, *command, text=None, expect=0):
        done = subprocess.run([BINARY, *command, "--db", f"sqlite:{self.folder}/agency.db"],
                              input=text, capture_output=True, text=True, check=False)
        check(f"jaring {' '.join(command[:2])}", done.returncode == expect,
              f"exit {done.returncode}: {done.stderr}")
        return done.stdout + done.stderr

    def add_user(self, email, role="branch-staff", scope="branch:surakarta", **more):
        return self.run("user", "add", email, "--name", more.get("name", "Siti Contoh"), "--role",
                        role, "--scope", scope, "--password-file", "-",
                        *more.get("options", []), text=PASSWORD + "\n", expect=more.get("expect", 0))

    def enrol(self):
        self.run("group", "add", "pasar", "Pasar Gede", "--kind", "association", "--branch",
                 "surakarta")
        people = self.folder / "people.csv"
        people.write_text(
            "nik,name,birth_date,sex,village_code,phone,trade,income,programmes,language\n"
            "3372015708850000,Siti <b>Contoh</b>,1985-08-17,female,3372011001,081234567890,trade,"
            "1000000,JKK JKM,id\n"
            "3372010305880000,Budi Contoh,1988-05-03,male,3372011001,081234567891,trade,1000000,"
            "JKK JKM,id\n"
            "3372014101900000,Rina Contoh,1990-01-01,female,3372011001,081234567891,trade,1000000,"
            "JKK JKM,en\n")
        self.run("enrol", str(people), "--group", "pasar")

    def serve(self):
        self.server, self.port, _ = TRACE.start(
            [BINARY, "serve", "--db", f"sqlite:{self.folder}/agency.db", "--listen", "127.0.0.1:0"],
            "login")

    def stop(self):
        self.server.terminate()
        self.server.wait()
        self.scratch.cleanup()

    def ask(self, method, path, body=None, **headers):
        """`body`: a dict is JSON, a list of pairs a form. Headers have '_' for '-'."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        data = None
        if isinstance(body, dict):
            data = json.dumps(body)
            sent.setdefault("Content-Type", "application/json")
        elif body is not None:
            data = urllib.parse.urlencode(body)
            sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, data, sent)
        answer = Answer(connection.getresponse())
        connection.close()
        TRACE.add_exchange(sent, body if isinstance(body, dict) else dict(body or {}), answer.headers,
                           answer.text)
        return answer

    def own(self):
        return {"Sec_Fetch_Site": "same-origin"}

    def log_in(self, email, **more):
        return self.ask("POST", "/v1/sessions", {"email": email, "password": PASSWORD, **more})


def passwords_are_checked(agency):
    def refused(password):
        return agency.run("user", "add", "x@kantor.id", "--name", "Xaverius", "--role", "auditor",
                          "--password-file", "-", text=password + "\n", expect=2)
    check("too short", "password.too_short" in refused("pendek"))
    check("breached", "password.breached" in refused("passwordpassword"))
    check("about its owner", "password.about_owner" in refused("xaverius1234"))
    check("no such role", "role.unknown" in agency.add_user("y@kantor.id", role="king", expect=2))
    check("no such scope", "branch.unknown" in
          agency.add_user("y@kantor.id", scope="branch:nowhere", expect=2))
    check("twice", "user.exists" in agency.add_user("siti@kantor.id", expect=3))


def sessions(agency):
    wrong = agency.ask("POST", "/v1/sessions", {"email": "siti@kantor.id", "password": "x"})
    unknown = agency.ask("POST", "/v1/sessions", {"email": "nobody@kantor.id", "password": "x"})
    check("wrong password", wrong.status == 401 and wrong.rule == "login.wrong", wrong.text)
    check("an unknown e-mail reads the same", unknown.text == wrong.text and
          unknown.status == wrong.status and not unknown.cookies)
    check("names a person", "Bagian TI" in wrong.json()["detail"])
    planted = "A" * 43
    answer = agency.ask("POST", "/v1/sessions", {"email": "siti@kantor.id", "password": PASSWORD},
                        Cookie=f"{COOKIE}={planted}")
    check("logged in", answer.status == 201, answer.text)
    cookie, line = answer.cookies[COOKIE]
    check("no token in the body unless asked for", "token" not in answer.json())
    check("a planted token is not taken over", cookie != planted and
          agency.ask("GET", "/v1/sessions", Cookie=f"{COOKIE}={planted}").status == 401)
    for word in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
        check(f"the cookie is {word}", word in line)
    check("says what it is", answer.json()["role"] == "branch-staff" and
          not answer.json()["second_factor_set_up"], answer.text)
    again = agency.ask("POST", "/v1/sessions", {"email": "siti@kantor.id", "password": PASSWORD},
                       Cookie=f"{COOKIE}={cookie}", **agency.own())
    check("a new login ends the browser's old session",
          agency.ask("GET", "/v1/sessions", Cookie=f"{COOKIE}={cookie}").status == 401)
    cookie = again.cookies[COOKIE][0]
    listed = agency.ask("GET", "/v1/sessions", Cookie=f"{COOKIE}={cookie}").json()["sessions"]
    check("lists one's own", sum(s["current"] for s in listed) == 1, listed)
    token = agency.log_in("siti@kantor.id", token=True).json()["token"]
    bearer = {"Authorization": f"Bearer {token}"}
    check("a token works", agency.ask("GET", "/v1/sessions", **bearer).status == 200)
    check("without second factor nothing else",
          agency.ask("GET", "/v1/insight/coverage", **bearer).rule ==
          "access.second_factor_needed")
    check("CSRF: a stranger's page", agency.ask(
        "DELETE", "/v1/sessions", Cookie=f"{COOKIE}={cookie}",
        Origin="https://evil.example").rule == "request.cross_site")
    check("CSRF: no origin at all", agency.ask(
        "DELETE", "/v1/sessions", Cookie=f"{COOKIE}={cookie}").rule == "request.cross_site")
    check("CSRF: same site is not same origin", agency.ask(
        "DELETE", "/v1/sessions", Cookie=f"{COOKIE}={cookie}",
        Sec_Fetch_Site="same-site").rule == "request.cross_site")
    ended = agency.ask("DELETE", "/v1/sessions", Cookie=f"{COOKIE}={cookie}", **agency.own())
    check("end all others", ended.status == 204, ended.text)
    check("the other is gone", agency.ask("GET", "/v1/sessions", **bearer).status == 401)
    out = agency.ask("DELETE", "/v1/sessions/current", Cookie=f"{COOKIE}={cookie}", **agency.own())
    check("log out", out.status == 204 and "Max-Age=0" in out.cookies[COOKIE][1])
    check("logged out", agency.ask("GET", "/v1/sessions",
                                   Cookie=f"{COOKIE}={cookie}").status == 401)


def second_factor(agency):
    token = agency.log_in("kode@kantor.id", token=True).json()["token"]
    bearer = {"Authorization": f"Bearer {token}"}
    begun = agency.ask("PUT", "/v1/account/second-factor", {}, **bearer)
    check("set-up gives secret and QR", begun.status == 200 and "<svg" in begun.json()["qr_svg"])
    secret = begun.json()["secret"]
    wrong = agency.ask("PUT", "/v1/account/second-factor/confirmation", {"code": "000000"}, **bearer)
    check("a wrong code", wrong.rule == "second_factor.code_wrong", wrong.text)
    ready = agency.ask("PUT", "/v1/account/second-factor/confirmation",
                       {"code": totp(secret, -1)}, **bearer)
    check("confirmed", ready.status == 200 and len(ready.json()["recovery_codes"]) == 10, ready.text)
    check("fixation: the old token is dead",
          agency.ask("GET", "/v1/sessions", **bearer).status == 401)
    fresh = {"Authorization": f"Bearer {ready.json()['token']}"}
    check("the new one may more", agency.ask("GET", "/v1/insight/coverage", **fresh).status == 200)
    check("a code is needed now", agency.log_in("kode@kantor.id").rule == "login.code_needed")
    code = totp(secret)
    check("with a code", agency.log_in("kode@kantor.id", code=code).status == 201)
    check("a code counts once", agency.log_in("kode@kantor.id", code=code).rule ==
          "login.code_wrong")
    recovery = ready.json()["recovery_codes"][0]
    check("a recovery code", agency.log_in("kode@kantor.id", recovery_code=recovery).status == 201)
    check("counts once", agency.log_in("kode@kantor.id", recovery_code=recovery).rule ==
          "login.code_wrong")


def brute_force(agency):
    answers = [agency.ask("POST", "/v1/sessions", {"email": "paksa@kantor.id", "password": "x"})
               for _ in range(6)]
    check("five tries are free", [a.status for a in answers] == [401] * 5 + [429],
          [a.status for a in answers])
    check("says when", 0 < int(answers[5].headers["Retry-After"]) <= 31)
    check("even the right password waits", agency.log_in("paksa@kantor.id").status == 429)
    check("others do not", agency.log_in("siti@kantor.id").status == 201)


def pages(agency):
    own = agency.own()
    for path in ("/login", "/masuk", "/invite", "/outbox"):
        check(f"GET {path}", agency.ask("GET", path).status == 200)
    away = agency.ask("GET", "/account")
    check("who is not logged in is led there", away.status == 303 and
          away.headers["Location"].startswith("/login?"), away.headers)
    for bad in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)",
                "/%2F/evil.example", "/a%0d%0aSet-Cookie:x=1"):
        form = agency.ask("GET", "/login?next=" + urllib.parse.quote(bad))
        kept = re.search(r'name="next" value="([^"]*)"', form.text)
        answer = agency.ask("POST", "/login", [("email", "siti@kantor.id"), ("password", PASSWORD),
                                               ("next", bad)], **own)
        check(f"no open redirect to {bad!r}", answer.headers["Location"] == "/account?lang=id" and
              (form.status != 200 or kept.group(1) == "/account"), answer.headers)
    check("login CSRF", agency.ask("POST", "/login", [("email", "siti@kantor.id"),
                                                      ("password", PASSWORD)],
                                   Origin="https://evil.example").status == 403)
    html = '"><script>alert(1)</script>'
    echoed = agency.ask("POST", "/login", [("email", html), ("password", "x")], **own)
    check("what was typed comes back harmless", echoed.status == 401 and "<script" not in
          echoed.text)
    answer = agency.ask("POST", "/login", [("email", "nama@kantor.id"), ("password", PASSWORD)],
                        User_Agent="<script>alert(1)</script> Firefox/1", **own)
    cookie = f"{COOKIE}={answer.cookies[COOKIE][0]}"
    account = agency.ask("GET", "/account", Cookie=cookie)
    check("the account page", account.status == 200 and "no-store" in
          account.headers["Cache-Control"])
    check("names and browsers are harmless", "<script" not in account.text and
          "&lt;i&gt;" in account.text and "Firefox" in account.text)
    check("forms need our own pages", agency.ask(
        "POST", "/account/logout", [], Cookie=cookie).status == 403)
    setup = agency.ask("POST", "/account/second-factor", [], Cookie=cookie, **own)
    secret = re.search(r'class="secret">([A-Z2-7]+)<', setup.text).group(1)
    codes = agency.ask("POST", "/account/second-factor/confirmation", [("code", totp(secret))],
                       Cookie=cookie, **own)
    check("recovery codes are shown", codes.text.count('<li class="secret">') == 10, codes.text)
    cookie = f"{COOKIE}={codes.cookies[COOKIE][0]}"
    out = agency.ask("POST", "/account/logout", [], Cookie=cookie, **own)
    check("log out", out.status == 303 and
          agency.ask("GET", "/account", Cookie=cookie).status == 303)
    line = agency.run("user", "add", "baru@kantor.id", "--name", "Baru", "--role", "auditor",
                      "--invite")
    invite = re.search(r"[A-Za-z0-9_-]{43}", line).group(0)
    form = [("invite", invite), ("new_password", PASSWORD), ("again", PASSWORD)]
    check("an invitation", agency.ask("POST", "/invite", form, **own).status == 303)
    check("counts once", agency.ask("POST", "/invite", form, **own).status == 404)


def outbox_code(agency):
    for _ in range(100):  # The message is made after the answer has left.
        found = re.search(r"Anda (\d{6})\.|code is (\d{6})\.", agency.ask("GET", "/outbox").text)
        if found:
            return found.group(1) or found.group(2)
        time.sleep(0.1)
    return ""


def workers(agency):
    own = agency.own()
    known = agency.ask("POST", "/v1/worker-codes", {"phone": "081234567890"})
    unknown = agency.ask("POST", "/v1/worker-codes", {"phone": "081299999999"})
    check("the same answer for a phone nobody has", known.status == unknown.status == 202 and
          known.text == unknown.text)
    code = outbox_code(agency)
    wrong = agency.ask("POST", "/v1/worker-sessions", {"phone": "081299999999", "code": code})
    check("another's phone", wrong.rule == "worker_code.wrong")
    entered = agency.ask("POST", "/v1/worker-sessions",
                         {"phone": "0812 3456 7890", "code": code, "token": True})
    check("in by code", entered.status == 201 and entered.json()["scope"]["kind"] == "self",
          entered.text)
    check("a code counts once", agency.ask(
        "POST", "/v1/worker-sessions",
        {"phone": "081234567890", "code": code}).rule == "worker_code.wrong")
    bearer = {"Authorization": f"Bearer {entered.json()['token']}"}
    check("an easy PIN", agency.ask("PUT", "/v1/account/pin", {"pin": "170885"},
                                    **bearer).rule == "pin.too_easy")
    check("a PIN", agency.ask("PUT", "/v1/account/pin", {"pin": "918273"}, **bearer).status == 204)
    check("workers have no password", agency.ask(
        "PUT", "/v1/account/password", {"password": "x", "new_password": "y"},
        **bearer).rule == "access.not_allowed")
    entered = agency.ask("POST", "/masuk/pin", [("number", "3372 0157 0885 0000"),
                                                ("pin", "918273")], **own)
    check("in by PIN", entered.status == 303 and entered.headers["Location"].startswith("/saya"))
    cookie = f"{COOKIE}={entered.cookies[COOKIE][0]}"
    mine = agency.ask("GET", "/saya", Cookie=cookie)
    check("own cover and looks", mine.status == 200 and "Siapa yang melihat" in mine.text and
          "<b>Contoh" not in mine.text, mine.text[-3000:])
    check("a worker is led away from the staff's page",
          agency.ask("GET", "/account", Cookie=cookie).headers["Location"].startswith("/login"))
    check("wrong PIN", agency.ask("POST", "/v1/worker-sessions", {
        "nik": "3372015708850000", "pin": "111111"}).rule == "worker_pin.wrong")
    check("nobody's NIK reads the same", agency.ask("POST", "/v1/worker-sessions", {
        "nik": "3372015708860000", "pin": "111111"}).rule == "worker_pin.wrong")


def family(agency):
    agency.ask("POST", "/masuk", [("phone", "081234567891")], **agency.own())
    time.sleep(0.5)
    code = outbox_code(agency)
    offered = agency.ask("POST", "/v1/worker-sessions", {"phone": "081234567891", "code": code})
    check("a family chooses", offered.status == 200 and
          offered.json()["choices"] == ["B*** C***", "R*** C***"], offered.text)
    ticket = offered.json().get("ticket", "")
    chosen = agency.ask("POST", "/v1/worker-sessions", {"ticket": ticket, "choice": 1})
    check("in", chosen.status == 201, chosen.text)
    check("a ticket counts once", agency.ask(
        "POST", "/v1/worker-sessions", {"ticket": ticket, "choice": 0}).rule ==
        "worker_ticket.unknown")


def stolen_file(agency):
    """What a thief of the database file reads."""
    raw = b"".join(p.read_bytes() for p in agency.folder.glob("agency.db*")
                   if not p.name.endswith(".key"))
    for secret in (PASSWORD, "81234567890", "918273"):
        check(f"{secret!r} is not in the file", secret.encode() not in raw)


def main():
    agency = Agency()
    agency.add_user("siti@kantor.id")
    agency.add_user("kode@kantor.id", role="auditor", scope="nation")
    agency.add_user("paksa@kantor.id")
    agency.add_user("nama@kantor.id", name='<i>Nama</i> "x"')
    agency.run("contact", "Bagian TI, 0271-123456")
    agency.enrol()
    passwords_are_checked(agency)
    agency.serve()
    try:
        for test in (sessions, second_factor, brute_force, pages, workers, family, stolen_file):
            test(agency)
    finally:
        agency.stop()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
