"""Strangers' pages: requests that a browser sends along with a cookie, other origins, and what every answer
says to the browser."""
import subprocess

import test_login
from api_server import Program

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
ALWAYS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
          "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin"}
OPEN_FORMS = ("/login", "/invite", "/masuk", "/masuk/kode", "/masuk/pin", "/masuk/pilih", "/berhenti")


def all_routes():
    done = subprocess.run([Program.path, "permissions", "--routes"], capture_output=True, text=True,
                          check=True)
    return [line.split() for line in done.stdout.splitlines()]


def fill(path):
    return path.replace("{person_id}", "100000001").replace("{", "").replace("}", "")


class PageAttacks:
    def strangers(self):
        own = f"http://127.0.0.1:{self.port}"
        return ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": own + ".evil.example"},
                {"Origin": f"https://evil.example/127.0.0.1:{self.port}"}, {"Origin": own + "@evil.example"},
                {"Origin": f"http://127.0.0.1:{self.port + 1}"}, {"Referer": own + "/account"},
                {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
                {"Sec-Fetch-Site": "none"}, {"Sec-Fetch-Site": "cross-site", "Origin": own})

    def refuse_strangers(self, method, path, cookie):
        for stranger in self.strangers():
            status, headers, text = self.send(method, fill(path), body=b"{}", token=None,
                                              headers={**cookie, **stranger})
            self.assertEqual(status, 403, f"{method} {path} {stranger}: {text}")
            self.assertRegex(text, "cross_site|<!doctype html>")
            self.assertIsNone(headers["Set-Cookie"])

    def test_a_cookie_counts_only_from_our_own_pages(self):
        asked = 0
        for method, path, action in all_routes():
            if method == "GET" or action == "open":
                continue
            token = test_login.session_token(self.database, "branch-staff")
            cookie = {"Cookie": f"__Host-jaring={token}"}
            self.change_nothing(lambda: self.refuse_strangers(method, path, cookie))
            asked += len(self.strangers())
            status, _, text = self.send(method, fill(path), body=b"{}", token=None,
                                        headers={**cookie, "Sec-Fetch-Site": "same-origin",
                                                 "Idempotency-Key": None})
            self.assertNotIn("cross_site", text)
        self.assertGreater(asked, 400)

    def test_forms_of_login_are_our_own(self):
        for path in OPEN_FORMS:
            for stranger in self.strangers():
                status, headers, _ = self.send("POST", path, body=b"phone=081234567890&code=1", token=None,
                                               headers={**FORM, **stranger})
                self.assertEqual(status, 403, f"{path} {stranger}")
                self.assertIsNone(headers["Set-Cookie"])

    def test_no_other_origin_is_let_in(self):
        for method, path, _ in all_routes():
            for asked in (method, "OPTIONS"):
                status, headers, _ = self.send(asked, fill(path), token=None, headers={
                    "Origin": "https://evil.example", "Access-Control-Request-Method": method,
                    "Access-Control-Request-Headers": "authorization"})
                self.assertEqual([name for name in headers if name.lower().startswith("access-control")],
                                 [], path)
                if asked == "OPTIONS":
                    self.assertEqual((status, bool(headers["Allow"])), (204, True), path)

    def test_every_kind_of_answer_protects_itself(self):
        staff, member = self.token("branch-staff"), self.world.home
        worker = self.token("worker", "self", member.person_id)
        self.must("POST", "/v1/payments", {
            "partner": "pos", "reference": "HEAD-1", "amount": 16800, "paid_at": "2026-03-10T05:00:00Z",
            "bill_code": member.bill_code}, self.token("partner", "partner", "pos"))
        etag = self.send("GET", "/v1/scheme")[1]["ETag"]
        for status, method, path, more in (
                (200, "GET", "/cover", {}), (200, "GET", "/docs", {}), (200, "GET", "/openapi.yaml", {}),
                (200, "GET", "/v1/groups", {}), (401, "GET", "/v1/groups", {"token": None}),
                (404, "GET", "/nowhere", {}), (404, "GET", "/../etc/passwd", {}),
                (405, "PUT", "/v1/groups", {}), (303, "GET", "/account", {"token": None}),
                (413, "POST", "/v1/enrolments", {"body": b" " * (1 << 20 | 1)}),
                (304, "GET", "/v1/scheme", {"headers": {"If-None-Match": etag}}),
                (400, "GET", "/v1/groups?a=%zz", {}), (415, "POST", "/v1/groups", {
                    "body": b"x", "headers": {"Content-Type": "text/plain"}}),
                (200, "GET", f"/v1/people/{member.person_id}/export", {"token": worker}),
                (200, "GET", f"/v1/people/{member.person_id}/export.pdf",
                 {"token": worker}),
                (200, "GET", "/v1/receipts/pos/HEAD-1.pdf", {}), (200, "GET", "/metrics", {}),
                (200, "GET", "/login", {}), (200, "GET", "/healthz", {}),
                (403, "POST", "/login", {"body": b"", "headers": FORM, "token": None})):
            got, headers, _ = self.send(method, path, **{"token": staff, **more})
            self.assertEqual(got, status, path)
            for name, value in ALWAYS.items():
                self.assertEqual(headers[name], value, path)
            policy = headers["Content-Security-Policy"]
            self.assertIn("default-src 'none'", policy, path)
            self.assertIn("frame-ancestors 'none'", policy, path)
            self.assertNotRegex(policy, "unsafe-eval|unsafe-inline|\\*")
            self.assertNotIn("Server", headers)
            if "people" in path:
                self.assertIn("no-store", headers["Cache-Control"] or "")

    def test_a_session_is_not_the_one_before_it(self):
        """A cookie that somebody planted is not taken over, nor does it end another's session."""
        self.run_program("user", "add", "fiksasi@kantor.id", "--name", "Fiksasi", "--role", "auditor",
                         "--password-file", str(self.password_file()))
        victim = self.world.actor("auditor", "nation", number=77).token
        for planted in ("A" * 43, victim, "", "x; Path=/", "__Host-jaring=y"):
            status, headers, text = self.send("POST", "/v1/sessions", body={
                "email": "fiksasi@kantor.id", "password": "sawah hijau di kaki bukit"}, token=None,
                headers={"Cookie": f"__Host-jaring={planted}", "Origin": "https://evil.example"})
            self.assertEqual(status, 201, text)
            given = [line for line in headers.get_all("Set-Cookie") if line.startswith("__Host-jaring=")]
            self.assertEqual(len(given), 1)
            # The value alone: one in 64 begins as the last of those planted ends.
            value = given[0].split(";")[0].removeprefix("__Host-jaring=")
            self.assertNotIn(planted or "\0", value)
            for word in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
                self.assertIn(word, given[0])
            self.assertNotIn("Domain", given[0])
        self.assertEqual(self.send("GET", "/v1/account", token=victim)[0], 200)

    def password_file(self):
        path = self.folder / "password"
        path.write_text("sawah hijau di kaki bukit\n")
        path.chmod(0o600)
        return path
