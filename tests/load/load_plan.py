"""What is asked of the server: plans for bench/http_load.cc, and of which kind each request is."""
import collections
import datetime
import json
import random
import struct

# Of a hundred requests. "cover page" is open, with a device's cookie; the others are logged in.
MIX = {"payment": 40, "cover page": 20, "own cover": 5, "person": 10, "search": 5, "coverage": 5,
       "list": 10, "enrolment": 5}
# A device may ask so often before it is told to wait; see CoverPage.
ASKS_OF_DEVICE = 25
Answer = collections.namedtuple("Answer", "place micros late_micros at_millis status retry_after")
ANSWER = struct.Struct("<IIIIHH")  # As bench/http_load.cc has it.


def request(method, path, token=None, body=b"", headers=()):
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Accept: */*", *headers]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def json_request(path, token, body, key=None):
    headers = ["Content-Type: application/json"] + ([f"Idempotency-Key: {key}"] if key else [])
    return request("POST", path, token, json.dumps(body).encode(), headers)


class Plan:
    """Requests in order. `payments` are the references and amounts of those that pay, by place."""

    def __init__(self, file):
        self.file = file
        self.kinds = []
        self.payments = {}
        self.out = open(file, "wb")

    def add(self, kind, expected, text):
        self.out.write(f"{expected} {len(text)}\n".encode() + text)
        self.kinds.append(kind)

    def add_payment(self, partner, member, paid_at, prefix):
        code, token = partner
        place = len(self.kinds)
        reference = f"{prefix}-{place}"
        self.payments[place] = (code, reference, member.price)
        self.add("payment", 201, json_request("/v1/payments", token, {
            "partner": code, "reference": reference, "bill_code": member.bill_code,
            "amount": member.price, "paid_at": paid_at}, key=f"key-{prefix}-{place}"))

    def close(self):
        self.out.close()
        return self


def mixed_plan(agency, file, count, cookies):
    """`count` requests of everybody but the flooder. `cookies`: of the devices, each for
    ASKS_OF_DEVICE asks."""
    rng = random.Random(count)
    plan = Plan(file)
    paid_at = paid_today()
    asks = 0
    spare = iter(agency.spare)
    for kind in rng.choices(list(MIX), list(MIX.values()), k=count):
        member = rng.choice(agency.members)
        staff = rng.choice(agency.staff)
        if kind == "payment":
            plan.add_payment(rng.choice(agency.partners), member, paid_at, "M")
        elif kind == "cover page":
            plan.add(kind, 200, cover_page(member, cookies[asks // ASKS_OF_DEVICE]))
            asks += 1
        elif kind == "own cover":
            person_id, token = rng.choice(agency.workers)
            plan.add(kind, 200, request("GET", f"/v1/people/{person_id}/coverage", token))
        elif kind == "person":
            plan.add(kind, 200, request("GET", f"/v1/people/{member.person_id}", staff))
        elif kind == "search":
            plan.add(kind, 200, json_request("/v1/people/search", staff, {"nik": member.nik}))
        elif kind == "coverage":
            plan.add(kind, 200, request("GET", "/v1/coverage?member_number=" + member.member_number,
                                        rng.choice(agency.partners)[1]))
        elif kind == "list":
            plan.add(kind, 200, request("GET", rng.choice(["/v1/groups", "/v1/branches"]), staff))
        else:
            plan.add(kind, 201, enrolment(next(spare), staff, len(plan.kinds)))
    return plan.close()


def devices_needed(count):
    """With room for chance."""
    return int(count * MIX["cover page"] / 100 * 1.1) // ASKS_OF_DEVICE + 20


def spare_needed(count):
    return int(count * MIX["enrolment"] / 100 * 1.2) + 50


def cover_page(member, cookie):
    year, month, day = member.birth_date.split("-")
    form = f"nik={member.nik}&day={day}&month={month}&year={year}".encode()
    return request("POST", "/cover", None, form, [
        "Content-Type: application/x-www-form-urlencoded", f"Cookie: {cookie}"])


def enrolment(row, token, place):
    person = {"nik": row["nik"], "name": row["name"], "birth_date": row["birth_date"],
              "sex": "male" if row["sex"] == "L" else "female",
              "village_code": row["village_code"], "phone": row["phone"], "trade": row["trade"],
              "income": int(row["income"]), "programmes": row["programmes"].split(","),
              "language": row["language"]}
    return json_request("/v1/enrolments", token, {"person": person}, key=f"key-{place}")


def flood_plan(agency, file, count):
    """Payments of one partner, each another."""
    rng = random.Random(count)
    plan = Plan(file)
    paid_at = paid_today()
    for _ in range(count):
        plan.add_payment(agency.flooder, rng.choice(agency.members), paid_at, "F")
    return plan.close()


def paid_today():
    """An hour ago, but today."""
    now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=7)))
    return max(now - datetime.timedelta(hours=1),
               now.replace(hour=0, minute=0, second=0)).isoformat(timespec="seconds")


def read_answers(file):
    """Each as an Answer."""
    return map(Answer._make, ANSWER.iter_unpack(file.read_bytes()))
