"""Hostile text in every text field of every body that the API's document has: nothing falls over, nothing
comes back as code, and the log stays one line for each request."""
import copy
import itertools
import json
import re
import subprocess
from urllib.parse import urlencode

from api_document import DOCUMENT
from api_server import nik_of
from matrix_probes import PROBES
from matrix_target import Target
from matrix_world import BOOK

PAYLOADS = ["'; DROP TABLE person; --", "\" OR \"\"=\"", "<script>alert(1)</script>",
            "=HYPERLINK(\"http://x\";\"y\")", "+1+cmd|' /C calc'!A0", "a\r\nSet-Cookie: x=1\r\n\r\n<b>",
            "%0d%0aSet-Cookie:%20x=1", "nol\0nol", "\u202egnp.exe", "(\\) Tj ET %PDF \\(", "%s%n%x",
            "${jndi:ldap://x}", "\n{\"event\":\"request\",\"status\":200}", "\ud800".encode(
                "utf-8", "surrogatepass").decode("utf-8", "replace"),
            "\u0000\u001b[2J", "2999-12-31", "1900-01-01", "2026-02-30", "2999-12-31T23:59:59Z",
            "1900-01-01T00:00:00+14:00", "9223372036854775808", "x" * 100_000]
NUMBERS = [0, -1, 1, 2**31, 2**53, 2**63 - 1, -2**63, 2**63, 10**30]
# For routes without a probe: what else the body must hold, so that the field is looked at.
BODIES = {
    "POST /v1/sessions": {"email": "siapa@kantor.id", "password": "x"},
    "POST /v1/worker-sessions": {"nik": "3372015708850000", "pin": "271828"},
    "POST /v1/claim_notices": {
        "kind": "death", "on": "2026-03-14", "member": {"name": "Warga"},
        "reporter": {"name": "Ibu Contoh", "phone": "081234567890", "relation": "spouse"}},
    "POST /v1/quotes": {"income": 1000000}, "POST /v1/worker-codes": {"phone": "081277700001"},
    "POST /v1/recoveries": {"nik": "3372015708850000", "birth_date": "1985-08-17",
                            "new_phone": "081299900001"},
    "PUT /v1/account/password": {"password": "x", "new_password": "sawah hijau di kaki bukit"},
    "PUT /v1/account/second-factor/removal": {"password": "x", "code": "000000"},
    "PUT /v1/sessions/current": {"role": "auditor"}}


def text_fields(schema):
    """Paths of the fields of a body that take text: ("person", "name")."""
    schema = DOCUMENT.resolve(schema)
    found = set()
    for part in [*schema.get("oneOf", ()), *schema.get("anyOf", ()), *schema.get("allOf", ())]:
        found |= text_fields(part)
    for name, inner in schema.get("properties", {}).items():
        inner = DOCUMENT.resolve(inner)
        kinds = inner.get("type", "string" if "enum" in inner else "")
        if "string" in kinds or "enum" in inner or "const" in inner:
            found.add((name,))
        if inner.get("type") == "array" and "string" in str(DOCUMENT.resolve(inner["items"]).get("type")):
            found.add((name, 0))
        if inner.get("type") == "array":
            found |= {(name, 0, *rest) for rest in text_fields(inner["items"])}
        if "properties" in inner or "allOf" in inner or "oneOf" in inner:
            found |= {(name, *rest) for rest in text_fields(inner)}
    return found


def bodies():
    """{"POST /v1/groups": fields} of all operations with a body of JSON or a form."""
    found = {}
    for method, path, operation in DOCUMENT.operations():
        content = DOCUMENT.resolve(operation.get("requestBody", {})).get("content", {})
        for kind in ("application/json", "application/x-www-form-urlencoded"):
            if "schema" in content.get(kind, {}):
                found[f"{method} {path}"] = (kind, text_fields(content[kind]["schema"]))
    return found


def put(body, field, text):
    body = copy.deepcopy(body)
    place = body
    for n, name in enumerate(field[:-1]):
        after = [] if field[n + 1] == 0 else {}
        if isinstance(place, list):
            place[:] = place or [after]
        else:
            place[name] = place.get(name) or after
        place = place[name]
    if isinstance(place, list):
        place[:] = [text]
    else:
        place[field[-1]] = text
    return body


class TextAttacks:
    def request_of(self, route):
        """(token, url, body, headers) of a request that would be taken but for one field."""
        probe = next((one for one in PROBES if one.route == route), None)
        method, path = route.split()
        if probe is None:
            role = "auditor" if path.startswith(("/v1/account", "/v1/sessions/current")) else None
            role = "worker" if path.endswith(("/pin", "/witness")) else role
            token = role and self.world.actor(role, "self" if role == "worker" else "nation",
                                              number=500).token
            return token, path, BODIES.get(route, {}), {}
        role, scope = next((role, scope) for role, scope in BOOK[::-1] if (role, scope) in (
            ("operator", "nation"), ("branch-staff", "nation"), ("approver", "nation"),
            ("claims-officer", "nation"),
            ("partner", "partner")) and self.is_let_in(probe.action, role))
        asked = probe.ask(Target(self.world, self.world.actor(role, scope), "own"))
        return self.world.actor(role, scope).token, asked["path"], asked["body"], asked.get("headers", {})

    @staticmethod
    def is_let_in(action, role):
        from matrix_tests import permissions  # It adds tests to itself when it is a program.
        return permissions()[action][role] != ""

    def attack(self, route, kind, field):
        method = route.split()[0]
        token, url, body, headers = self.request_of(route)
        for payload in PAYLOADS:
            sent = put(body, field, payload)
            if kind != "application/json":
                sent = urlencode({"grant_type": "client_credentials", **sent}).encode()
                headers = {"Content-Type": kind}
            status, got, text = self.send(method, url, body=sent, token=token, headers=headers)
            self.sent += 1
            where = f"{route} {field} {payload[:30]!r}: {text[:300]}"
            self.assertLess(status, 500, where)
            self.assertNotIn("request.path_unknown", text)
            if token:  # The lock was passed: what is refused is the text.
                self.assertNotRegex(text, r"urn:jaring:rule:(access\.|login\.(required|token))", where)
            self.assertIsNone(got["Set-Cookie"], where)
            if text:
                self.assertIn("json", got.get_content_type(), where)
                json.loads(text)
            if status >= 400:
                self.assertLess(len(text), 5000, where)

    def test_in_every_text_field_of_the_document(self):
        fields = 0
        begin = len(self.log.read_text().splitlines())
        self.sent = 0
        for route, (kind, names) in sorted(bodies().items()):
            for field in sorted(names, key=str):
                with self.subTest(route=route, field=field):
                    fields += 1
                    self.attack(route, kind, field)
        self.assertGreater(fields, 90)
        self.assertGreater(self.query("SELECT COUNT(*) FROM person")[0][0], 0)
        self.stop()
        type(self).start()
        lines = [json.loads(line) for line in self.log.read_text().splitlines()[begin:]]
        self.assertGreaterEqual(sum(line["event"] == "request" for line in lines), self.sent)
        self.assertEqual([line for line in lines if re.search("DROP TABLE|alert|jndi|Set-Cookie|xxxxx",
                                                              json.dumps(line))], [])

    def test_numbers_without_measure(self):
        token = {role: self.world.actor(role, "nation").token for role in
                 ("branch-staff", "auditor", "operator", "approver")}
        token["kiosk"] = self.world.actor("kiosk", "branch").token
        for probe in PROBES:
            if "{" not in probe.route and probe.method != "GET":
                continue
            for role, number in itertools.product(token, NUMBERS):
                path = re.sub(r"\{.*?\}", str(number), probe.route.split()[1])
                query = {"GET": {"cursor": number, "limit": number, "months": number, "after": number}}
                for name in query.get(probe.method, {"": 0}):
                    status, _, text = self.send(probe.method, path, token=token[role], body={
                        "keep": number, "merge": number}, query={name: number} if name else None)
                    self.assertLess(status, 500, f"{probe.method} {path} {name}: {text}")
        for number in NUMBERS:
            for path, body in (("/v1/merges", {"keep": number, "merge": number, "reason": "x"}), (
                    "/v1/devices", {"kind": "kiosk", "branch": "surakarta", "user_id": number, "limits": {
                        "requests_per_minute": number, "daily_rupiah": number,
                        "daily_enrolments": number}}), ("/v1/quotes", {"income": number, "months": number}),
                    ("/v1/payments", {"partner": "counter", "reference": f"N{number}", "amount": number,
                                      "paid_at": "2026-03-10T05:00:00Z",
                                      "bill_code": self.world.home.bill_code})):
                status, _, text = self.send("POST", path, body=body, token=token["branch-staff"])
                self.assertLess(status, 500, f"{path} {number}: {text}")

    def test_what_was_taken_as_a_name_stays_a_name(self):
        """In PDF, pages and the person's own export."""
        for payload in PAYLOADS[:-1]:
            rows = {"name": payload}
            status, _, text = self.send("POST", "/v1/enrolments", token=self.token("branch-staff"), body={
                "group": "pasar", "person": self.person(**rows, nik=self.next_nik()[0],
                                                        birth_date=self.next_nik(0)[1], sex="male")})
            if status == 422:
                continue
            self.assertEqual(status, 201, text)
            member = json.loads(text)["members"][0]
            person_id = int(member["member_number"][:9])
            status, _, pdf = self.send("GET", f"/v1/people/{person_id}/export.pdf",
                                       token=self.token("worker", "self", person_id))
            self.assertEqual(status, 200)
            for forbidden in (b"/JavaScript", b"/OpenAction", b"/URI", b"/Launch"):
                self.assertNotIn(forbidden, pdf)
            done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=False)
            self.assertEqual((done.returncode, done.stderr), (0, b""), payload)
            worker = self.token("worker", "self", person_id)
            status, _, page = self.send("GET", "/saya", token=worker)
            self.assertEqual(status, 200)
            self.assertNotRegex(page, "<script|alert\\(1\\)<|<b>HYPER")
            shown = self.ask("GET", "/v1/people/{person_id}", 200, {"person_id": person_id})
            self.assertEqual(shown["name"].split(), payload.split())

    def next_nik(self, step=1):
        self.counters["nik"] += step
        return nik_of(7000 + self.counters["nik"])
