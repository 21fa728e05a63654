"""What a request of the permission matrix is about."""
import base64
import functools

from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from api_server import nik_of
from matrix_world import AWAY, FAMILY, GIVEN, HOME, Person

NOBODY, BILL_OF_NOBODY, CLAIM_OF_NOBODY = 999999999, "999999999013", "K999999999013"


EMPTY_PDF = (b"%PDF-1.1\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj "
             b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
             b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
             b"trailer<</Root 1 0 R>>\n%%EOF")


class Target:
    """What a request is about, made when it is first asked for: somebody's own, another's that lies
    just outside of `scope`, or nothing."""

    def __init__(self, world, actor, which):
        self.world, self.actor, self.which = world, actor, which
        self.scope = actor.scope

    def kept(self, name, make):
        """Of others one is enough: nobody can use it up."""
        if self.which == "own":
            return make()
        key = (name, self.scope, self.actor.role if name == "job" else "")
        if key not in self.world.keep:
            self.world.keep[key] = make()
        return self.world.keep[key]

    @functools.cached_property
    def person(self):
        if self.which == "own":
            return self.world.home if self.scope == "self" else self.world.fresh()
        if self.which == "nothing":
            nik, birth = nik_of(9999)
            return Person(NOBODY, "99999999901", BILL_OF_NOBODY, nik, "Tiada Orang", birth,
                          "081288800000")
        return self.world.strangers[self.scope]

    @property
    def partner(self):
        if self.which == "nothing" and self.scope in ("partner", "nation"):
            return "tiada"
        return "bank" if self.which == "other" and self.scope == "partner" else "pos"

    @property
    def branch(self):
        return {"own": "surakarta", "other": "jawa-barat", "nothing": "tiada"}[self.which]

    @property
    def group(self):
        other = "toko" if self.scope == "group" else "nelayan"
        return {"own": "pasar", "other": other, "nothing": "tiada"}[self.which]

    def post(self, suspended, partner):
        reference = f"{partner}-{self.world.next('payment')}"
        person = self.person
        owner = {"nik": nik_of(9900)[0]} if suspended else {"bill_code": person.bill_code}
        self.world.must("POST", "/v1/payments", {
            "partner": partner, "reference": reference, "amount": 16800,
            "paid_at": "2026-03-10T05:00:00Z", **owner}, self.world.token("partner", "partner", partner))
        return reference

    @functools.cached_property
    def reference(self):
        """A payment for the person, at the partner."""
        if self.which == "nothing":
            return "tiada-1"
        return self.kept("payment", lambda: self.post(False, self.partner))

    @functools.cached_property
    def reversed(self):
        """A payment that was taken back."""
        def make():
            reference = self.post(False, self.partner)
            self.world.must("POST", "/v1/payments", {
                "partner": self.partner, "reference": reference, "amount": -16800, "paid_at":
                "2026-03-11T05:00:00Z", "bill_code": self.person.bill_code},
                self.world.token("partner", "partner", self.partner))
            return reference
        return "tiada-2" if self.which == "nothing" else self.kept("reversed", make)

    @functools.cached_property
    def suspended(self):
        """Money at the partner whose owner nobody knows."""
        return "tiada-3" if self.which == "nothing" else self.kept(
            "suspended", lambda: self.post(True, self.partner))

    def approved(self, path, body):
        asked = self.world.must("POST", path, body)["approval_id"]
        self.world.must("POST", f"/v1/approvals/{asked}/decisions", {"decision": "approve"},
                        self.world.token("approver"))

    @functools.cached_property
    def approval(self):
        """A change of her identity that waits for a second person."""
        return NOBODY if self.which == "nothing" else self.kept(
            "approval", lambda: self.world.must(
                "POST", f"/v1/people/{self.person.person_id}/corrections", {
                    "changes": {"name": f"{GIVEN} {FAMILY} Benar", "birth_date": "1977-07-07",
                                "phone": "081277799999"}, "reason": "KTP"})["approval_id"])

    @functools.cached_property
    def corrected(self):
        """A person whose identity was changed."""
        if self.which != "nothing":
            self.kept("corrected", lambda: self.approved(
                f"/v1/people/{self.person.person_id}/corrections", {
                    "changes": {"name": f"{GIVEN} {FAMILY} Lain", "birth_date": "1978-08-08",
                                "phone": "081277788888"}, "reason": "KTP"}))
        return self.person.person_id

    def again(self):
        """A second one of the same kind."""
        if self.which == "own" and self.scope != "self":
            return Target(self.world, self.actor, "own")
        return self

    def reported(self):
        return self.world.must("POST", f"/v1/people/{self.person.person_id}/claims", {"facts": {
            "kind": "death", "on": "2026-03-15", "heirs": ["spouse"]}})["claim_number"]

    @functools.cached_property
    def claim(self):
        """A claim of the person that nobody has decided."""
        return CLAIM_OF_NOBODY if self.which == "nothing" else self.kept("claim", self.reported)

    @functools.cached_property
    def papered(self):
        """A claim with a paper."""
        def make():
            number = self.reported()
            self.world.must("POST", f"/v1/claims/{number}/papers", EMPTY_PDF,
                            query={"code": "identity-card"},
                            headers={"Content-Type": "application/octet-stream"})
            return number
        return CLAIM_OF_NOBODY if self.which == "nothing" else self.kept("papered", make)

    @functools.cached_property
    def refused(self):
        """A claim that was refused."""
        def make():
            number = self.reported()
            self.world.must("POST", f"/v1/claims/{number}/refusal", {
                "reason_code": "not_entitled", "note": "Bukan."}, self.world.token("claims-officer"))
            return number
        return CLAIM_OF_NOBODY if self.which == "nothing" else self.kept("refused", make)

    @functools.cached_property
    def notice(self):
        """A notice about the person that nobody has decided: its number."""
        def make():
            place = f"Tempat {self.world.next('notice')}"
            self.world.must("POST", "/v1/claim_notices", {
                "kind": "death", "on": "2026-03-15", "place": place,
                "member": {"name": f"{GIVEN} {FAMILY}", "member_number": self.person.member_number},
                "reporter": {"name": "Ibu Tetangga", "phone": "081299990000",
                             "relation": "neighbour"}})
            cursor = None
            while True:
                page = self.world.must("GET", "/v1/claim_notices", token=self.world.token(
                    "claims-officer"), query={"limit": 200, **({"cursor": cursor} if cursor else {})})
                for notice in page["notices"]:
                    if notice["place"] == place:
                        return notice["notice_id"]
                cursor = page["next_cursor"]
        return NOBODY if self.which == "nothing" else self.kept("notice", make)

    @functools.cached_property
    def merge(self):
        """Another person was merged into this one."""
        def make():
            keep, into = self.person, Target(self.world, self.actor, "own").person
            self.approved("/v1/merges", {"keep": keep.person_id, "merge": into.person_id,
                                         "reason": "satu orang"})
            return self.world.query("SELECT MAX(merge_id) FROM person_merge")[0][0]
        return NOBODY if self.which == "nothing" else self.kept("merge", make)

    @functools.cached_property
    def twin(self):
        """Looks like the person: same name, birth date and village, another NIK."""
        def make():
            where = {"group": {"branch": "nelayan", "group": "toko"}.get(
                self.scope, "pasar")} if self.which == "other" else {}
            away = self.which == "other" and self.scope == "region"
            letters = f"{GIVEN} {FAMILY} Kembar {'abcdefghijklmnopqrst'[self.world.next('twin')]}"
            return self.world.people(2, name=letters, birth_date="1979-09-09",
                                     village_code=str(AWAY if away else HOME), **where)[1]
        return self.person if self.which == "nothing" else self.kept("twin", make)

    def job_body(self):
        if self.actor.role == "partner":
            return "bill_code,nik,amount,paid_at,reference,channel\nx,3372,16800,2026-03-10,J,x\n"
        line = f"12,{GIVEN} {FAMILY} Salah,1990-01-01,L,{HOME},081277700000,trade,1\n"
        return ("nik,nama,tanggal_lahir,jk,kode_desa,telepon,pekerjaan,penghasilan\n" + line)

    def marks(self):
        """What tells this one from another in an answer, the longest first."""
        made = [str(value) for value in vars(self).values() if isinstance(value, (str, int))]
        words = [*made, *map(str, self.person), self.partner, self.branch, self.group]
        return sorted(set(words) - {"own", "other", "nothing"}, key=len, reverse=True)

    def job_query(self):
        return ({"kind": "payments", "partner": self.partner} if self.actor.role == "partner" else
                {"kind": "enrolment", "group": self.group})

    @functools.cached_property
    def job(self):
        """An upload by somebody of this scope, at its end."""
        def make():
            actor = self.world.actor(self.actor.role, self.scope, self.which)
            made = self.world.must("POST", "/v1/jobs", self.job_body().encode(), actor.token,
                                   query=self.job_query(), headers={"Content-Type": "text/csv"})
            self.world.wait_for_job(made["job_id"], token=actor.token)
            return made["job_id"]
        return NOBODY if self.which == "nothing" else self.kept("job", make)

    @functools.cached_property
    def device(self):
        return NOBODY if self.which == "nothing" else self.kept(
            "device", lambda: self.world.must("POST", "/v1/devices", {
                "kind": "kiosk", "branch": self.branch}, self.world.token("operator"))["device_id"])

    @functools.cached_property
    def client(self):
        return "tiada" if self.which == "nothing" else self.kept("client", lambda: self.world.must(
            "POST", f"/v1/partners/{self.partner}/clients", {}, self.world.token("operator"))[
                "client_id"])

    @functools.cached_property
    def key(self):
        return "tiada" if self.which == "nothing" else self.kept("key", lambda: self.world.must(
            "POST", f"/v1/partners/{self.partner}/clients/{self.client}/keys",
            {"public_key": new_public_key()}, self.world.token("operator"))["key_id"])



def new_public_key():
    key = ed25519.Ed25519PrivateKey.generate().public_key()
    return base64.b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
