"""The own account: who has one, and that nobody's hand reaches another's."""
import json

from matrix_target import Target
from matrix_world import BOOK

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
WRONG = {"password": "salah sama sekali"}
NO_STAFF = (403, "access.not_allowed")  # It is about passwords; workers have none.
NO_PASSWORD, NOT_BEGUN = (422, "password.wrong"), "second_factor.not_begun"
NO_WORKER = (403, "access.not_allowed")

# Route: (body, what staff get, what workers get), each (status, rule). Another rule than
# access.not_allowed proves that the lock was passed.
ROUTES = {
    "GET /v1/account": (None, (200, ""), (200, "")),
    "GET /v1/sessions": (None, (200, ""), (200, "")),
    "DELETE /v1/sessions": (None, (204, ""), (204, "")),
    "PUT /v1/sessions/current": ({"role": "king"}, (403, "login.no_role"), NO_STAFF),
    "DELETE /v1/sessions/current": (None, (204, ""), (204, "")),
    "DELETE /v1/sessions/{session_id}": (None, (404, "session.unknown"), (404, "session.unknown")),
    "POST /v1/sessions/current/second-factor": ({"code": "000000"}, (409, NOT_BEGUN),
                                                NO_STAFF),
    "PUT /v1/account/password": (WRONG | {"new_password": "sawah hijau di kaki bukit"},
                                 NO_PASSWORD, NO_STAFF),
    "PUT /v1/account/second-factor": ({}, (200, ""), NO_STAFF),
    "PUT /v1/account/second-factor/confirmation": ({"code": "000000"}, (409, NOT_BEGUN),
                                                   NO_STAFF),
    "PUT /v1/account/second-factor/removal": (WRONG | {"code": "000000"}, NO_PASSWORD, NO_STAFF),
    "PUT /v1/account/recovery-codes": (WRONG, NO_PASSWORD, NO_STAFF),
    "PUT /v1/account/pin": ({"pin": "111111"}, NO_WORKER, (422, "pin.too_easy")),
    "PUT /v1/recoveries/witness": ({"code": "000000"}, NO_WORKER, (404, "recovery.unknown")),
}
# Pages lead whoever has no such account to the login.
STAFF_PAGES = {
    "GET /account": 200, "POST /account/second-factor": 200,
    "POST /account/second-factor/confirmation": 409, "POST /account/second-factor/removal": 422,
    "POST /account/recovery-codes": 422, "POST /account/password": 422, "POST /account/role": 403,
    "POST /account/sessions": 404, "POST /account/logout": 303}
COUNTER_PAGES = {
    "GET /loket": "person:read", "POST /loket": "person:read",
    "POST /loket/pemulihan": "access:recover", "POST /loket/pemulihan/hentikan": "access:recover",
    "GET /loket/persetujuan": "approval:read", "POST /loket/persetujuan": "approval:read",
    "POST /loket/persetujuan/putusan": "approval:decide"}
FACTOR_PAGES = {"GET /login/second-factor", "POST /login/second-factor"}
WORKER_PAGES = {"GET /saya": 200, "POST /saya/pin": 422, "POST /saya/keluar": 303,
                "POST /saya/saksi": 404, "POST /saya/pemulihan": 404}


class AccountCases:
    OWN_ACCOUNT = {route: "account:use" for route in (*ROUTES, *STAFF_PAGES, *WORKER_PAGES,
                                                      *FACTOR_PAGES)} | COUNTER_PAGES

    def ask_account(self, route, role, scope, number, body=None, headers=None):
        """Asked with a session of its own: it may end it."""
        actor = self.world.actor(role, scope, "other", number, 0)
        method, path = route.split()
        return self.world.send(method, path.replace("{session_id}", "999999999"), body=body,
                               headers=headers, token=actor.token)

    def test_account_routes(self):
        for number, (route, (body, for_staff, for_worker)) in enumerate(ROUTES.items(), 1):
            for role, scope in BOOK:
                with self.subTest(route=route, role=role, scope=scope):
                    expected = {"worker": for_worker, "kiosk": NO_STAFF, "partner": NO_STAFF}.get(
                        role, for_staff)
                    status, _, text = self.ask_account(route, role, scope, number, body)
                    rule = json.loads(text).get("rule", "") if text else ""
                    self.assertEqual((status, rule), expected, text)

    def test_nobody_ends_anothers_session(self):
        sleeper = self.world.actor("analyst", "nation", number=900)
        _, _, text = self.world.send("GET", "/v1/sessions", token=sleeper.token)
        session = json.loads(text)["sessions"][0]["session_id"]
        for role, scope in BOOK:
            if role in ("kiosk", "partner"):
                continue
            actor = self.world.actor(role, scope, number=901)
            status, _, text = self.world.send("DELETE", f"/v1/sessions/{session}", token=actor.token)
            self.assertEqual((status, json.loads(text)["rule"]), (404, "session.unknown"))
            self.world.send("POST", "/account/sessions", token=actor.token, headers=FORM,
                            body=f"session={session}".encode())
            self.world.send("DELETE", "/v1/sessions", token=actor.token)
        self.assertEqual(self.world.send("GET", "/v1/account", token=sleeper.token)[0], 200)

    def test_counter_pages(self):
        """Refused: led away; another's approval or person: nothing of her is shown."""
        for route, action in COUNTER_PAGES.items():
            for role, scope in BOOK:
                actor = self.world.actor(role, scope)
                with self.subTest(route=route, role=role, scope=scope):
                    other = Target(self.world, actor, "nothing" if scope == "nation" else "other")
                    body = (f"approval={other.approval}&decision=refuse&reason=x&nik={other.person.nik}"
                            f"&member_number={other.person.member_number}"
                            f"&person_id={other.person.person_id}&recovery={other.approval}").encode()
                    before = self.query("SELECT COUNT(*) FROM approval_request WHERE state <> 1")
                    answer = self.world.send(*route.split(), token=actor.token, headers=FORM,
                                             body=body if route.startswith("POST") else None)
                    allowed = self.allowed(action, role) and role != "worker"  # Pages of staff.
                    self.assertIn(answer[0], (200, 404, 409, 422) if allowed else (303, 403), answer[2])
                    self.assertNotIn("Bungasari", answer[2])
                    self.assertEqual(
                        self.query("SELECT COUNT(*) FROM approval_request WHERE state <> 1"), before)
            self.assertEqual(self.world.send(*route.split(), token=None)[0], 303)

    def test_account_pages(self):
        for number, (route, expected) in enumerate((STAFF_PAGES | WORKER_PAGES).items(), 100):
            for role, scope in BOOK:
                with self.subTest(route=route, role=role, scope=scope):
                    mine = "worker" if route in WORKER_PAGES else "staff"
                    kind = {"worker": "worker", "kiosk": "device", "partner": "partner"}.get(role, "staff")
                    status, headers, text = self.ask_account(
                        route, role, scope, number, b"" if route.startswith("POST") else None, FORM)
                    if kind == mine:
                        self.assertEqual(status, expected, text)
                    else:
                        self.assertEqual(status, 303)
                        self.assertRegex(headers["Location"], "^/(login|masuk)")
            status, headers, _ = self.world.send(*route.split(), token=None)
            self.assertEqual(status, 303)
            self.assertRegex(headers["Location"], "^/(login|masuk)")
