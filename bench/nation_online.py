"""What is asked of a nation while it is at work: single payments, look-ups, the dashboard, the year's
interest, a backup, verify. Each on the same database, one after the other; used by bench/nation."""
import contextlib
import random
import shutil
import sqlite3
import sys

from bench_cases import HEALTH, http_load, memory_mb, serving
from bench_tools import HOME, JARING, ROOT, fsync_us, run
from make_month import DAMM

sys.path += [str(ROOT / "tests" / "api"), str(ROOT / "tests" / "load")]
import load_plan  # noqa: E402  (how tests/load writes requests)
import test_login  # noqa: E402  (where the tests log in)

CLIENTS = (1, 16, 64, 256)
ARRIVALS = (500, 2000)  # A second, over 256 connections.
SECONDS = 10
SPLITS = ("", "by=sector", "by=door", "by=branch", "by=region", "by=group")
FIRST_PERSON = 100_000_000


def bill_code(number):
    interim = 0
    for digit in number:
        interim = int(DAMM[interim][int(digit)])
    return f"{number}{interim}"


def some_members(database, count, seed=1):
    """(bill code, what a month costs her) of people at random who pay for themselves."""
    dice = random.Random(seed)
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as source:
        last = source.execute("SELECT MAX(person_id) FROM person").fetchone()[0]
        while count > 0:
            person = dice.randint(FIRST_PERSON, last)
            row = source.execute(
                "SELECT m.membership_seq, (c.jkk_rupiah + c.jkm_rupiah + c.jht_rupiah) / c.months"
                " FROM membership m JOIN contribution c ON c.person_id = m.person_id"
                " WHERE m.person_id = ? AND m.ended_on IS NULL ORDER BY c.contribution_id DESC"
                " LIMIT 1", (person,)).fetchone()
            if row:
                count -= 1
                yield bill_code(f"{person}{row[0]:02d}"), row[1]


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


def measure_server(database, day, most_a_second=15_000, first=0):
    """Single payments, look-ups and questions over HTTP. `first`: payments made so before."""
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as source:
        partner = source.execute("SELECT code FROM partner ORDER BY partner_id DESC LIMIT 1"
                                 ).fetchone()[0]
    client = test_login.add_client(JARING, ["--db", f"sqlite:{database}"], partner)
    staff = test_login.session_token(f"sqlite:{database}", "analyst")
    with serving(database, day) as (port, pid):
        print(f"- idle server: {memory_mb(pid, 'VmRSS'):.0f} MB", flush=True)
        token = test_login.client_token(f"http://127.0.0.1:{port}", *client)
        for split in SPLITS:
            question = load_plan.request("GET", f"/v1/insight/coverage?month={day[:7]}"
                                         f"{'&' if split else ''}{split}", staff)
            answer = http_load(port, SECONDS, 200, [question], clients=1)
            print(f"- dashboard, the nation {split or 'as a whole'}: {times(answer)}", flush=True)
        health = http_load(port, SECONDS, 200, [HEALTH])["rate"]
        looks = [load_plan.request("GET", f"/v1/coverage?member_number={code[:-1]}", token)
                 for code, _ in some_members(database, 100_000)]
        answer = http_load(port, SECONDS, 200, looks)
        print(f"- look-ups of 100,000 people, 64 clients: {times(answer)}; {answer['rate'] / health:.2f}"
              " of /healthz", flush=True)
        for clients, rate in [(n, 0) for n in CLIENTS] + [(256, rate) for rate in ARRIVALS]:
            most = (rate or most_a_second) * SECONDS + 100
            fsync = fsync_us()
            answer = http_load(port, SECONDS, 201, payments(
                token, partner, some_members(database, most, seed=first + 2), day, first), rate,
                clients)
            first += most
            how = f"{rate} arrive a second" if rate else f"{clients} clients"
            print(f"- single payments, {how}: {times(answer, fsync)}", flush=True)
        print(f"- server at most: {memory_mb(pid, 'VmHWM'):.0f} MB", flush=True)


def measure_year(database, key_file):
    """The interest of the year the nation has paid in, reckoned once it is closed."""
    scheme = HOME / "scheme"
    shutil.rmtree(scheme, ignore_errors=True)
    shutil.copytree(ROOT / "schemes" / "id-bpu", scheme)
    with open(scheme / "declared-returns.toml", "a", encoding="utf-8") as out:
        for year in (2025, 2026):
            out.write(f'[[declared_return]]\nyear = {year}\nppm = 60_000\n'
                      'source = "pp46-2015:22"\nconfidence = "M"\n')
    common = [JARING, "--db", f"sqlite:{database}", "--key-file", key_file, "--today", "2027-01-05"]
    run(*common, "close", "2026-12")
    for year in (2025, 2026):
        ran = run(*common, "--scheme", scheme, "interest", year, "--json")
        people = ran.json()[0]["people"]
        print(f"- interest of {year}: {people:,} people in {ran.seconds:.1f} s,"
              f" {people / ran.seconds:,.0f}/s, largest memory {ran.peak_mb:.0f} MB", flush=True)


def measure_backup(database, key_file):
    copy = HOME / "nation.backup"
    copy.unlink(missing_ok=True)
    common = [JARING, "--db", f"sqlite:{database}", "--key-file", key_file]
    ran = run(*common, "backup", "--to", copy, "--quick")
    print(f"- backup: {database.stat().st_size / 1e9:.2f} GB in {ran.seconds:.1f} s, largest memory"
          f" {ran.peak_mb:.0f} MB", flush=True)
    for path in HOME.glob("nation.backup*"):
        path.unlink()


def measure_verify(database, key_file):
    common = [JARING, "--db", f"sqlite:{database}", "--key-file", key_file]
    for what in (["--counters"], []):
        ran = run(*common, "verify", *what)
        print(f"- verify {' '.join(what)}: {ran.seconds:.0f} s, largest memory {ran.peak_mb:.0f} MB:"
              f" {ran.out.strip().splitlines()[-1]}", flush=True)
