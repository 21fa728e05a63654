"""What is asked of a nation while it is at work: the dashboard, look-ups, single payments, the
year's interest, a backup, verify. One after the other on one database; used by bench/nation."""
import itertools
import random
import shutil
import sys

from bench_cases import HEALTH, http_load, memory_mb, serving
from bench_tools import HOME, JARING, ROOT, fsync_us
from make_month import check_digit
from nation_month import gigabytes, processor, report_verify

sys.path += [str(ROOT / "tests" / "api"), str(ROOT / "tests" / "load")]
import load_plan  # noqa: E402  (how tests/load writes requests)
import test_login  # noqa: E402  (where the tests log in)

CLIENTS = (1, 16, 64, 256)
ARRIVALS = (500, 2000)  # A second, over 256 connections.
SECONDS = 10
# What an analyst of the nation asks, one at a time.
QUESTIONS = (
    ("the nation as a whole", "/v1/insight/coverage?month={month}"),
    ("the nation by sector", "/v1/insight/coverage?month={month}&by=sector"),
    ("the nation by door", "/v1/insight/coverage?month={month}&by=door"),
    ("the nation by branch", "/v1/insight/coverage?month={month}&by=branch"),
    ("the nation by region", "/v1/insight/coverage?month={month}&by=region"),
    ("the nation by group", "/v1/insight/coverage?month={month}&by=group"),
    ("a province by regency", "/v1/insight/coverage?month={month}&region=33&by=region"),
    ("a province by sector", "/v1/insight/coverage?month={month}&region=33&by=sector"),
    ("a regency by district", "/v1/insight/coverage?month={month}&region=3372&by=region"),
    ("a district by village", "/v1/insight/coverage?month={month}&region=337201&by=region"),
    ("the funnel of the nation", "/v1/insight/funnel?month={month}"),
    ("the funnel of a regency", "/v1/insight/funnel?month={month}&region=3372"),
)
FIRST_PERSON = 100_000_000
PEOPLE_AT_ONCE = 1000
PAYERS = """
SELECT m.person_id, m.membership_seq,
       (SELECT (c.jkk_rupiah + c.jkm_rupiah + c.jht_rupiah) / c.months FROM contribution c
        WHERE c.person_id = m.person_id ORDER BY c.contribution_id DESC LIMIT 1)
FROM membership m WHERE m.person_id IN ({people}) AND m.ended_on IS NULL
ORDER BY m.person_id, m.membership_seq
"""


def measure_online(report, nation, day):
    served = nation.copy("nation-online")
    try:
        report.step("server", lambda: measure_server(report, served, day))
        report.step("interest", lambda: measure_year(report, served))
        report.step("backup", lambda: measure_backup(report, served))
        report.step("verify --counters", lambda: report_verify(
            report, served.run("verify", "--counters"), "after all of these", "--counters"))
    finally:
        served.remove()


def some_members(database, count, seed=1):
    """(bill code, what a month costs her) of people at random who pay for themselves."""
    dice = random.Random(seed)
    last = database.rows("SELECT MAX(person_id) FROM person")[0][0]
    while True:
        people = [dice.randint(FIRST_PERSON, last) for _ in range(PEOPLE_AT_ONCE)]
        rows = database.rows(PAYERS.format(people=", ".join(map(str, people))))
        payers = {person: (seq, amount) for person, seq, amount in rows if amount is not None}
        for person in filter(payers.get, people):
            seq, amount = payers[person]
            number = f"{person}{seq:02d}"
            yield number + check_digit(number), amount
            count -= 1
            if count == 0:
                return


def times(answer, fsync=None):
    text = "/".join(f"{answer[key] / 1000:.2f}" for key in ("p50_us", "p95_us", "p99_us"))
    late = f", {answer['late']} sent late" if answer["late"] else ""
    return f"{answer['rate']:,.0f}/s, p50/p95/p99 {text} ms{late}" + (
        f", p99 {answer['p99_us'] / fsync:.1f} fsyncs" if fsync else "")


def payments(token, partner, members, day, first):
    for i, (code, amount) in enumerate(members):
        yield load_plan.json_request("/v1/payments", token, {
            "partner": partner, "reference": f"N-{first + i}", "bill_code": code, "amount": amount,
            "paid_at": f"{day}T08:00:00+07:00"}, f"nation-{first + i}")


def measure_server(report, database, day):
    """Single payments, look-ups and questions over HTTP."""
    partner = database.rows("SELECT code FROM partner ORDER BY partner_id DESC LIMIT 1")[0][0]
    client = test_login.add_client(JARING, database.options(), partner)
    staff = test_login.session_token(database.address, "analyst")
    with serving(database.options(), day) as (port, pid):
        report.add("idle server", f"{memory_mb(pid, 'VmRSS'):.0f} MB", database.conditions)
        token = test_login.client_token(f"http://127.0.0.1:{port}", *client)
        for name, path in QUESTIONS:
            question = load_plan.request("GET", path.format(month=day[:7]), staff)
            answer = http_load(port, SECONDS, 200, [question], clients=1)
            report.add(f"dashboard, {name}", times(answer), "1 client")
        measure_look_ups(report, database, port, token)
        measure_payments(report, database, port, token, partner, day)
        report.add("server at most", f"{memory_mb(pid, 'VmHWM'):.0f} MB")


def measure_look_ups(report, database, port, token):
    health = http_load(port, SECONDS, 200, [HEALTH])["rate"]
    looks = [load_plan.request("GET", f"/v1/coverage?member_number={code[:-1]}", token)
             for code, _ in some_members(database, 100_000)]
    answer = http_load(port, SECONDS, 200, looks)
    report.add("look-ups", times(answer), "100,000 people at random, 64 clients",
               f"{health:,.0f}/s /healthz", f"{answer['rate'] / health:.2f}")


def measure_payments(report, database, port, token, partner, day, most_a_second=15_000):
    first = 0
    for clients, rate in [(n, 0) for n in CLIENTS] + [(256, rate) for rate in ARRIVALS]:
        most = (rate or most_a_second) * SECONDS + 100
        fsync = fsync_us()
        members = itertools.islice(some_members(database, most, seed=first + 2), most)
        answer = http_load(port, SECONDS, 201, payments(token, partner, members, day, first), rate,
                           clients)
        first += most
        how = f"{rate:,} arrive a second" if rate else f"clients: {clients}"
        report.add("single payments", times(answer, fsync), f"{how}, people at random")


def measure_year(report, database):
    """The interest of the year the nation has paid in, reckoned once it is closed."""
    scheme = HOME / "scheme"
    shutil.rmtree(scheme, ignore_errors=True)
    shutil.copytree(ROOT / "schemes" / "id-bpu", scheme)
    with open(scheme / "declared-returns.toml", "a", encoding="utf-8") as out:
        for year in (2025, 2026):
            out.write(f'[[declared_return]]\nyear = {year}\nppm = 60_000\n'
                      'source = "pp46-2015:22"\nconfidence = "M"\n')
    today = ["--today", "2027-01-05"]
    database.run("close", "2026-12", *today)
    for year in (2025, 2026):
        ran = database.run("interest", year, "--json", "--scheme", scheme, *today)
        people = ran.json()[0]["people"]
        report.add(f"interest of {year}", f"{ran.seconds:,.1f} s, {people / ran.seconds:,.0f}"
                   f" people/s, {processor(ran)} of processor, largest memory {ran.peak_mb:.0f} MB",
                   f"{people:,} people")
    shutil.rmtree(scheme)


def measure_backup(report, database):
    copy = HOME / "nation.backup"
    copy.unlink(missing_ok=True)
    try:
        ran = database.run("backup", "--to", copy, "--quick")
        report.add("backup", f"{ran.seconds:,.1f} s, {gigabytes(copy.stat().st_size)},"
                   f" {processor(ran)} of processor, largest memory {ran.peak_mb:.0f} MB",
                   f"of {gigabytes(database.size())}, looked through, not recomputed")
    finally:
        for path in HOME.glob("nation.backup*"):
            path.unlink()
