"""A request for every locked route of the program: what it is about is filled in by a Target, so that
the same request is about somebody's own, another's, or nothing. Which roles may make it is not said
here: that is docs/PERMISSIONS.md."""
import dataclasses
import typing

from api_server import nik_of
from matrix_target import new_public_key

ALL = frozenset({"nik", "name", "birth_date", "phone"})
CSV = {"Content-Type": "text/csv"}
NEW = {"nik": None, "name": "Baru Sekali", "sex": "male", "village_code": "3372011001",
       "trade": "trade", "income": 1000000, "programmes": ["JKK", "JKM"]}


@dataclasses.dataclass
class Probe:
    route: str
    action: str
    ask: typing.Callable  # (target) -> what ServerTest.send takes.
    ok: int = 200  # Inside the scope.
    outside: int = 404  # Outside, and for what there is not; by kind of scope.
    shows: frozenset = frozenset()  # What of a person's identity a full answer holds; by role.
    mark: typing.Callable = None  # For lists: the text by which a row is known.
    reach: frozenset = None  # Kinds of scope it lies in; None: all.
    narrow: int = None  # What the other kinds of scope get, if not as from outside.
    free: frozenset = frozenset()  # Kinds of scope outside of which nothing of this lies.
    mixes: typing.Callable = None  # (own, other) -> more requests that must fail.
    never: typing.Callable = None  # (own) -> requests that fail for everybody.
    route_action: str = None  # Where the route itself asks for less than this use of it.

    def __post_init__(self):
        if self.mark:
            self.outside = 200  # A list without the row.

    @property
    def method(self):
        return self.route.split()[0]

    def outside_of(self, scope):
        return self.outside.get(scope, 404) if isinstance(self.outside, dict) else self.outside

    def shows_to(self, role):
        return self.shows.get(role, frozenset()) if isinstance(self.shows, dict) else self.shows


def person(part="", **rest):
    return lambda t: {"path": f"/v1/people/{t.person.person_id}{part}", **rest}


def about(path, **body):
    return lambda t: {"path": path(t), "body": body}


def newcomer(t, **where):
    nik, birth = nik_of(5000 + t.world.next("newcomer"))
    return {"path": "/v1/enrolments", "body": {"person": NEW | {"nik": nik, "birth_date": birth},
                                               "consent_text_version": "2026-1", **where}}


def payment(t, **changes):
    own_door = {"agent": "agent", "kiosk": "kiosk", "branch-staff": "counter"}
    return {"path": "/v1/payments", "body": {
        "partner": own_door.get(t.actor.role, "pos"), "reference": f"m-{t.world.next('payment')}",
        "amount": 16800, "paid_at": "2026-03-10T05:00:00Z", "bill_code": t.person.bill_code,
        **changes}}


def upload(t, **query):
    return {"path": "/v1/jobs", "body": t.job_body().encode(), "headers": CSV, "query": query}


def merge(keep, into):
    return {"path": "/v1/merges", "body": {"keep": keep.person.person_id, "reason": "satu",
                                           "merge": into.person.person_id}}


def partner(part, **rest):
    return lambda t: {"path": f"/v1/partners/{t.partner}/clients" + part(t), **rest}


def group_of(t, **changes):
    code = f"g{t.world.next('group')}"
    return {"path": "/v1/groups", "body": {"code": code, "name": "Kumpulan", "kind": "association",
                                           "branch": t.branch, **changes}}


ALL_PLACES = frozenset({"region", "branch", "group", "agent", "self"})
GROUPED = frozenset({"nation", "region", "branch", "group", "agent"})
NATION, PLACES = frozenset({"nation"}), frozenset({"nation", "branch"})
ANY_MATCH = {"If-Match": "*"}

PEOPLE = [
    Probe("POST /v1/enrolments", "person:enrol", lambda t: newcomer(t, group=t.group), 201, 422,
          free=frozenset({"agent"}), mixes=lambda own, other: [
              newcomer(own, branch=other.branch), newcomer(own, group=own.group, branch=other.branch),
              newcomer(own, group=other.group, branch=own.branch)]),
    Probe("POST /v1/people/search", "person:search",
          lambda t: {"path": "/v1/people/search", "body": {"nik": t.person.nik}},
          shows=frozenset({"name", "birth_date"}), mark=lambda t: t.person.member_number,
          mixes=lambda own, other: [{"path": "/v1/people/search", "body": body} for body in (
              {"phone": other.person.phone}, {"member_number": other.person.member_number},
              {"bill_code": other.person.bill_code},
              {"name": other.person.name, "birth_date": other.person.birth})]),
    Probe("GET /v1/people/{person_id}", "person:read", person(), shows=ALL),
    Probe("PATCH /v1/people/{person_id}", "person:change",
          person(body={"language": "jv"}, headers=ANY_MATCH), shows=ALL),
    Probe("GET /v1/people/{person_id}/bill", "bill:read", person("/bill")),
    Probe("GET /v1/people/{person_id}/payments", "payment:read", person("/payments"),
          reach=frozenset({"nation", "region", "branch", "group", "agent", "self"})),
    Probe("GET /v1/people/{person_id}/coverage", "cover:read", person("/coverage")),
    Probe("POST /v1/people/{person_id}/membership-ends", "membership:end",
          person("/membership-ends", body={"reason": "employed"}), 201),
    Probe("GET /v1/coverage", "cover:read", lambda t: {
        "path": "/v1/coverage", "query": {"member_number": t.person.member_number}},
          mixes=lambda own, other: [{"path": "/v1/coverage", "query": {
              "bill_code": other.person.bill_code}}]),
    Probe("POST /v1/coverage", "cover:read", lambda t: {
        "path": "/v1/coverage", "body": {"nik": t.person.nik}},
          mixes=lambda own, other: [{"path": "/v1/coverage", "body": {
              "bill_code": other.person.bill_code}}]),
    Probe("GET /v1/duplicates", "duplicate:read", lambda t: {"path": "/v1/duplicates"},
          shows=frozenset({"name"}), mark=lambda t: t.twin.member_number),
    Probe("GET /v1/people/{person_id}/looks", "person:looks", person("/looks")),
    Probe("POST /v1/people/{person_id}/corrections", "correction:ask", person(
        "/corrections", body={"changes": {"name": "Baru Sekali"}, "reason": "KTP"}), 202),
    Probe("GET /v1/people/{person_id}/corrections", "person:read",
          lambda t: {"path": f"/v1/people/{t.corrected}/corrections"},
          shows=frozenset({"name", "birth_date", "phone"})),
    Probe("POST /v1/merges", "merge:ask", lambda t: merge(t, t.again()), 202,
          mixes=lambda own, other: [merge(own, other), merge(other, own)]),
    Probe("POST /v1/merges/{merge_id}/undo", "merge:ask",
          about(lambda t: f"/v1/merges/{t.merge}/undo", reason="dua orang"), 202),
    Probe("POST /v1/people/{person_id}/consents", "consent:change", person("/consents", body={
        "kind": "messages", "decision": "give", "text_version": "2026-1"}), 201),
    Probe("GET /v1/people/{person_id}/consents", "person:read", person("/consents")),
    Probe("GET /v1/people/{person_id}/export", "person:export", person("/export"), shows=ALL),
    Probe("GET /v1/people/{person_id}/export.pdf", "person:export", person("/export.pdf"), shows=ALL),
    Probe("POST /v1/people/{person_id}/recoveries", "access:recover", person("/recoveries", body={
        "new_phone": "081299900001", "reason": "hilang", "identity_checked": True}), 202),
]

MONEY = [
    Probe("POST /v1/payments", "payment:post", payment, 201, 422, never=lambda own: [
        payment(own, partner="bank"), payment(own, partner="tiada")]),
    Probe("GET /v1/payments/{partner}/{reference}", "payment:read",
          lambda t: {"path": f"/v1/payments/{t.partner}/{t.reference}"}),
    Probe("GET /v1/receipts/{partner}/{file}", "payment:read",
          lambda t: {"path": f"/v1/receipts/{t.partner}/{t.reference}.pdf"},
          mixes=lambda own, other: [{"path": f"/v1/receipts/{other.partner}/{other.reversed}.pdf"}]),
    # Money without an owner lies in no place: whoever may see it sees all; a partner its own.
    Probe("GET /v1/suspense", "suspense:read", lambda t: {"path": "/v1/suspense"},
          mark=lambda t: f'"reference":"{t.suspended}"', free=ALL_PLACES),
    Probe("POST /v1/suspense-placements", "suspense:place", lambda t: {
        "path": "/v1/suspense-placements", "body": {
            "partner": t.partner, "reference": t.suspended, "bill_code": t.person.bill_code}}, 201,
          mixes=lambda own, other: [{"path": "/v1/suspense-placements", "body": {
              "partner": own.partner, "reference": own.suspended, "nik": other.person.nik}}]),
    Probe("POST /v1/reversals", "reversal:ask", lambda t: {"path": "/v1/reversals", "body": {
        "partner": t.partner, "reference": t.reference, "reason": "dua kali"}}, 202, {"partner": 422},
          mixes=lambda own, other: [{"path": "/v1/reversals", "body": {
              "partner": other.partner, "reference": other.reversed, "reason": "dua kali"}}]),
    Probe("GET /v1/insight/coverage", "insight:read",
          lambda t: {"path": "/v1/insight/coverage", "query": {"by": "group"}},
          outside=None,
          reach=frozenset({"nation", "region", "branch", "group"}), narrow=403),
    Probe("GET /v1/insight/funnel", "insight:read", lambda t: {"path": "/v1/insight/funnel"},
          outside=None,
          reach=frozenset({"nation", "region", "branch", "group"}), narrow=403),
    Probe("GET /v1/insight/trend", "insight:read", lambda t: {"path": "/v1/insight/trend"},
          outside=None,
          reach=frozenset({"nation", "region", "branch", "group"}), narrow=403),
    Probe("GET /v1/journals", "journal:read", lambda t: {"path": "/v1/journals"},
          outside=None, reach=NATION, narrow=403),
]

DEATH = {"kind": "death", "on": "2026-03-15", "heirs": ["spouse"]}
NAMED = frozenset({"name"})


def claim(part="", of="claim", **rest):
    return lambda t: {"path": f"/v1/claims/{getattr(t, of)}{part}", **rest}


CLAIMS = [
    Probe("POST /v1/people/{person_id}/claims", "claim:report", person("/claims", body={
        "facts": DEATH}), 201, shows=NAMED),
    Probe("GET /v1/people/{person_id}/claims", "claim:read",
          lambda t: t.claim and person("/claims")(t)),
    Probe("GET /v1/claims", "claim:list", lambda t: {
        "path": "/v1/claims", "query": {"state": "reported", "limit": 200}},
          mark=lambda t: t.claim),
    Probe("GET /v1/claims/{claim_number}", "claim:read", claim(), shows=NAMED),
    Probe("GET /v1/claims/{claim_number}/letter", "claim:read", claim("/letter"), shows=NAMED),
    Probe("PATCH /v1/claims/{claim_number}", "claim:report", claim(body={"facts": DEATH}),
          shows=NAMED),
    Probe("POST /v1/claims/{claim_number}/papers", "claim:report", claim(
        "/papers", query={"code": "bank-book"}, body=b"%PDF-1.4 buku",
        headers={"Content-Type": "application/octet-stream"}), 201, shows=NAMED),
    Probe("GET /v1/claims/{claim_number}/papers/{paper_no}", "claim:papers",
          claim("/papers/1", of="papered")),
    Probe("POST /v1/claims/{claim_number}/objection", "claim:report",
          claim("/objection", of="refused", body={"note": "Ini buktinya."}), shows=NAMED),
    Probe("POST /v1/claims/{claim_number}/withdrawal", "claim:report",
          claim("/withdrawal", body={}), shows=NAMED),
    # Nothing that a request alone could bring is missing from it; but that it is answered by what
    # the claim is says that the caller reached it.
    Probe("POST /v1/claims/{claim_number}/completion", "claim:decide",
          claim("/completion", body={}), 409),
    Probe("POST /v1/claims/{claim_number}/approval", "claim:decide", claim("/approval", body={}),
          409),
    Probe("POST /v1/claims/{claim_number}/refusal", "claim:decide", claim("/refusal", body={
        "reason_code": "not_entitled", "note": "Bukan ahli waris."}), shows=NAMED),
    Probe("POST /v1/claims/{claim_number}/new_payout", "claim:decide",
          claim("/new_payout", body={}), 409),
    Probe("GET /v1/claim_notices", "claim:list", lambda t: {
        "path": "/v1/claim_notices", "query": {"limit": 200}}, shows=NAMED,
          mark=lambda t: f'"notice_id":{t.notice},'),
    Probe("POST /v1/claim_notices/{notice_id}/taking_up", "claim:decide", lambda t: {
        "path": f"/v1/claim_notices/{t.notice}/taking_up", "body": {"person_id": t.person.person_id}},
          shows=NAMED, mixes=lambda own, other: [
              {"path": f"/v1/claim_notices/{own.notice}/taking_up",
               "body": {"person_id": other.person.person_id}}]),
    Probe("POST /v1/claim_notices/{notice_id}/dismissal", "claim:decide", lambda t: {
        "path": f"/v1/claim_notices/{t.notice}/dismissal", "body": {"reason_code": "other"}},
          shows=NAMED),
    Probe("GET /v1/claim_figures", "insight:read", lambda t: {"path": "/v1/claim_figures"},
          outside=None, reach=NATION, narrow=403),
    # Runs are of no place: nothing waits, and there is no such run; but they were looked for.
    Probe("GET /v1/payout_runs", "payout:read", lambda t: {"path": "/v1/payout_runs"},
          outside=None, reach=NATION, narrow=403),
    Probe("POST /v1/payout_runs", "payout:make", lambda t: {"path": "/v1/payout_runs", "body": {}},
          409, outside=None, reach=NATION, narrow=403),
    Probe("GET /v1/payout_runs/{run_id}", "payout:read", lambda t: {
        "path": "/v1/payout_runs/4711"}, 404, outside=None, reach=NATION, narrow=403),
    Probe("POST /v1/payout_runs/{run_id}/sending", "payout:make",
          lambda t: {"path": "/v1/payout_runs/4711/sending", "body": {}}, 404, outside=None,
          reach=NATION, narrow=403),
    Probe("GET /v1/payout_runs/{run_id}/file", "payout:make", lambda t: {
        "path": "/v1/payout_runs/4711/file"}, 404, outside=None, reach=NATION, narrow=403),
    Probe("POST /v1/payout_statuses", "payout:make", lambda t: {
        "path": "/v1/payout_statuses", "body": b"reference,outcome,on", "headers": CSV},
          outside=None, reach=NATION, narrow=403),
    Probe("POST /v1/payout_runs/{run_id}/release", "payout:release",
          lambda t: {"path": "/v1/payout_runs/4711/release", "body": {}}, 404, outside=None,
          reach=NATION, narrow=403),
    Probe("POST /v1/payout_runs/{run_id}/cancellation", "payout:make",
          lambda t: {"path": "/v1/payout_runs/4711/cancellation", "body": {}}, 404, outside=None,
          reach=NATION, narrow=403),
]

AGENCY = [
    Probe("GET /v1/branches", "agency:read", lambda t: {"path": "/v1/branches"},
          outside=None),
    Probe("GET /v1/groups", "agency:read", lambda t: {"path": "/v1/groups"},
          mark=lambda t: f'"code":"{t.group}"', reach=GROUPED, free=frozenset({"agent"})),
    Probe("POST /v1/groups", "agency:change", group_of, 201, 422, reach=PLACES),
    Probe("GET /v1/groups/{code}", "agency:read", lambda t: {"path": f"/v1/groups/{t.group}"},
          reach=GROUPED, free=frozenset({"agent"})),
    Probe("PATCH /v1/groups/{code}", "agency:change", lambda t: {
        "path": f"/v1/groups/{t.group}", "body": {"name": f"Nama {t.world.next('name')}"},
        "headers": ANY_MATCH}),
    Probe("GET /v1/partners", "agency:read", lambda t: {"path": "/v1/partners"},
          mark=lambda t: f'"code":"{t.partner}"', free=ALL_PLACES),
    Probe("POST /v1/partners", "partner:manage", lambda t: {"path": "/v1/partners", "body": {
        "code": f"p{t.world.next('partner')}", "name": "Mitra"}}, 201,
          outside=None, reach=NATION, narrow=403),
    Probe("GET /v1/partners/{code}/clients", "partner:manage", partner(lambda t: ""), reach=NATION),
    Probe("POST /v1/partners/{code}/clients", "partner:manage", partner(lambda t: "", body={}), 201,
          reach=NATION),
    Probe("POST /v1/partners/{code}/clients/{client_id}/secrets", "partner:manage",
          partner(lambda t: f"/{t.client}/secrets", body={}), 201, reach=NATION),
    Probe("GET /v1/partners/{code}/clients/{client_id}/keys", "partner:manage",
          partner(lambda t: f"/{t.client}/keys"), reach=NATION),
    Probe("POST /v1/partners/{code}/clients/{client_id}/keys", "partner:manage",
          lambda t: partner(lambda t: f"/{t.client}/keys", body={"public_key": new_public_key()})(t),
          201, reach=NATION),
    Probe("DELETE /v1/partners/{code}/clients/{client_id}/keys/{key_id}", "partner:manage",
          partner(lambda t: f"/{t.client}/keys/{t.key}"), reach=NATION),
    Probe("DELETE /v1/partners/{code}/clients/{client_id}", "partner:manage",
          partner(lambda t: f"/{t.client}"), reach=NATION),
    Probe("POST /v1/devices", "device:manage", lambda t: {"path": "/v1/devices", "body": {
        "kind": "kiosk", "branch": t.branch}}, 201, 422, reach=PLACES),
    Probe("GET /v1/devices", "device:manage", lambda t: {"path": "/v1/devices"},
          mark=lambda t: f'"device_id":{t.device},', reach=PLACES),
    Probe("DELETE /v1/devices/{device_id}", "device:manage",
          lambda t: {"path": f"/v1/devices/{t.device}"}, reach=PLACES),
    Probe("POST /v1/jobs", "job:enrol", lambda t: upload(t, kind="enrolment", group=t.group), 202,
          422, route_action="job:use", mixes=lambda own, other: [
              upload(own, kind="enrolment", group=own.group, branch=other.branch)]),
    Probe("POST /v1/jobs", "job:collect", lambda t: upload(t, kind="payments", partner=t.partner),
          202, 422, route_action="job:use", free=ALL_PLACES),
    Probe("GET /v1/jobs", "job:use", lambda t: {"path": "/v1/jobs"},
          mark=lambda t: f'"job_id":{t.job},'),
    Probe("GET /v1/jobs/{job_id}", "job:use", lambda t: {"path": f"/v1/jobs/{t.job}"}),
    Probe("GET /v1/jobs/{job_id}/rejections", "job:use",
          lambda t: {"path": f"/v1/jobs/{t.job}/rejections"}, shows={
              role: frozenset({"name", "birth_date", "phone"})
              for role in ("branch-staff", "group-admin")}),
    Probe("DELETE /v1/jobs/{job_id}", "job:use", lambda t: {"path": f"/v1/jobs/{t.job}"}, 409),
    Probe("GET /v1/approvals", "approval:read", lambda t: {"path": "/v1/approvals"},
          mark=lambda t: f'"approval_id":{t.approval},'),
    Probe("GET /v1/approvals/{approval_id}", "approval:read",
          lambda t: {"path": f"/v1/approvals/{t.approval}"},
          shows=frozenset({"name", "birth_date", "phone"})),
    Probe("POST /v1/approvals/{approval_id}/decisions", "approval:decide", about(
        lambda t: f"/v1/approvals/{t.approval}/decisions", decision="refuse", reason="salah"),
          shows=frozenset({"name", "birth_date", "phone"})),
    Probe("GET /v1/audit", "audit:read", lambda t: {"path": "/v1/audit"}, outside=None,
          reach=NATION, narrow=403),
]

PROBES = PEOPLE + MONEY + CLAIMS + AGENCY
