#!/usr/bin/env python3
"""Many ask for many things at once, over many connections, while one partner floods the server and
others are slow on purpose: nobody else must notice, and nothing may be lost.

usage: tests/load/mixed_load.py [BINARY] [--seconds 20] [--rate 200] [--connections 1000]
         [--people 5000] [--postgres] [--tls] [--report FILE] [--keep FOLDER]
       tests/load/mixed_load.py --full     (10,000 connections, 1,000 requests a second, ten minutes)

Requests arrive on schedule, whatever the answers do; a time counts from the moment at which a
request was to be sent. The flood begins after a fifth of the time. How long answers took is
reported, as JSON, and not judged here: docs/PERFORMANCE.md has the figures. Last line: "P passed,
F failed".
"""
import argparse
import collections
import contextlib
import http.client
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import time

from load_agency import ROOT, Agency, postgres_address
from load_plan import devices_needed, flood_plan, mixed_plan, read_answers, spare_needed
from slow_clients import SlowClients

GENERATOR = ROOT / "build" / "release" / "bench" / "bench_http_load"
FLOOD_CONNECTIONS = 64
FLOOD_PAYMENTS = 50_000  # Begun anew when they were all sent.
SLOW_SENDERS, SLOW_READERS = 50, 10
QUIET_SHARE = 0.2  # Of the time, before the flood.

results = {"passed": 0, "failed": 0}


def check(name, truth, detail=""):
    results["passed" if truth else "failed"] += 1
    print(f"{'ok    ' if truth else 'FAILED'} {name}{': ' if detail else ''}{detail}", flush=True)


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", nargs="?", default=str(ROOT / "build" / "release" / "jaring"))
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rate", type=int, default=200)
    parser.add_argument("--connections", type=int, default=1_000)
    parser.add_argument("--people", type=int, default=5_000)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--no-flood", action="store_true")
    parser.add_argument("--report", type=pathlib.Path)
    parser.add_argument("--keep", type=pathlib.Path, help="folder for database, log and answers")
    options = parser.parse_args()
    if options.full:
        options.seconds, options.rate = 600, 1_000
        options.connections, options.people = 10_000, 100_000
    return options


def raise_file_limit(wanted):
    """As many open files as we may have; server and generator inherit it."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, wanted))
    else:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


class Server:
    """`jaring serve` as it comes, but for its address."""

    def __init__(self, agency, tls):
        options = make_certificate(agency.folder) if tls else []
        self.tls = tls
        self.process = subprocess.Popen(
            [agency.binary, "serve", *agency.options, "--listen", "127.0.0.1:0", "--log-file",
             str(agency.folder / "server.log"), *options], stdout=subprocess.PIPE, text=True)
        self.port = int(re.search(r"port (\d+)", self.process.stdout.readline())[1])

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(120)
        self.process.stdout.close()
        return status

    def used(self):
        """(CPU seconds, resident MiB at most)."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii")
        ticks = fields.rsplit(")", 1)[1].split()[11:13]
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return (sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"),
                int(re.search(r"VmHWM:\s+(\d+)", status)[1]) // 1024)

    def own_times(self):
        """By its own clock: requests of each route, and the share answered within 50 ms."""
        connection = self.connect()
        with contextlib.closing(connection):
            connection.request("GET", "/metrics")
            text = connection.getresponse().read().decode()
        name = r'jaring_http_request_seconds_bucket\{route="([^"]+)",le="([^"]+)"\} (\d+)'
        counts = {(route, le): int(count) for route, le, count in re.findall(name, text)}
        return {route: {"requests": count,
                        "within_50_ms": round(counts[route, "0.05"] / count, 5)}
                for (route, le), count in counts.items() if le == "+Inf" and count > 100}

    def connect(self):
        if self.tls:
            return http.client.HTTPSConnection("127.0.0.1", self.port, context=unverified())
        return http.client.HTTPConnection("127.0.0.1", self.port)

    def wrap(self, connection):
        return unverified().wrap_socket(connection)

    def cookies(self, count):
        """Those of as many devices that opened the page of cover."""
        connection = self.connect()
        cookies = []
        with contextlib.closing(connection):
            for _ in range(count):
                connection.request("GET", "/cover")
                answer = connection.getresponse()
                answer.read()
                cookies.append(answer.headers["Set-Cookie"].split(";")[0])
        return cookies


def unverified():
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def make_certificate(folder):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-keyout", f"{folder}/server.key", "-out", f"{folder}/server.crt"],
                   check=True, stderr=subprocess.DEVNULL)
    return ["--tls-cert", f"{folder}/server.crt", "--tls-key", f"{folder}/server.key"]


class Load:
    """One bench_http_load under way; `again` for one that sends its plan over and over."""

    def __init__(self, server, plan, clients, seconds, rate, again=False):
        self.plan = plan
        self.file = plan.file.with_suffix(".answers")
        more = ["--again"] * again + ["--tls"] * server.tls
        self.process = subprocess.Popen(
            [GENERATOR, *more, "--answers", self.file, str(server.port), str(clients),
             str(seconds), str(rate), plan.file], stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()  # All its connections are open.

    def finish(self):
        """What it says of itself, and its answers."""
        text = self.process.communicate()[0]
        if self.process.returncode != 0:
            raise SystemExit("load: the generator failed")
        return json.loads(text), list(read_answers(self.file))


def run_load(options, agency, server):
    """((summary, answers) of the mixed load, the same of the flood, clients cut off)."""
    count = int(options.rate * options.seconds)
    cookies = server.cookies(devices_needed(count))
    mixed = mixed_plan(agency, agency.folder / "mixed.plan", count, cookies)
    flood = flood_plan(agency, agency.folder / "flood.plan", FLOOD_PAYMENTS)
    os.sync()
    quiet = options.seconds * QUIET_SHARE
    flooding = []

    def start_flood():
        flooding.append(Load(server, flood, FLOOD_CONNECTIONS, options.seconds - quiet, 0, True))

    with SlowClients(server.port, SLOW_SENDERS, SLOW_READERS,
                     server.wrap if options.tls else None) as slow:
        load = Load(server, mixed, options.connections, options.seconds, options.rate)
        timer = threading.Timer(quiet, start_flood)
        if not options.no_flood:
            timer.start()
        others = load.finish()
        timer.join() if not options.no_flood else None
        flooded = flooding[0].finish() if flooding else ({"requests": 0, "cpu_seconds": 0}, [])
    return mixed, others, flood, flooded, slow.cut_off


def percentile(times, share):
    return round(times[int((len(times) - 1) * share)] / 1000, 2) if times else None


def times_of(answers):
    """Milliseconds of sorted microseconds."""
    times = sorted(answers)
    return {"answers": len(times), "p50_ms": percentile(times, 0.5),
            "p95_ms": percentile(times, 0.95), "p99_ms": percentile(times, 0.99),
            "max_ms": percentile(times, 1.0)}


def figures_of(plan, answers, quiet_seconds):
    """How long the answers of each kind took, and of all before and with the flood."""
    by_kind = collections.defaultdict(list)
    before, beside = [], []
    for answer in answers:
        by_kind[plan.kinds[answer.place]].append(answer.micros)
        arrived = answer.at_millis - answer.micros / 1000
        (before if arrived < quiet_seconds * 1000 else beside).append(answer.micros)
    return {"all": times_of(before + beside), "before_flood": times_of(before),
            "beside_flood": times_of(beside),
            # The generator's own part: how late requests were sent.
            "sent_late": times_of([answer.late_micros for answer in answers]),
            "kinds": {kind: times_of(times) for kind, times in sorted(by_kind.items())}}


def check_others(plan, answers):
    """Everybody but the flooder was served."""
    wrong = collections.Counter()
    for answer in answers:
        kind = plan.kinds[answer.place]
        if answer.status != (201 if kind in ("payment", "enrolment") else 200):
            wrong[f"{kind} {answer.status}"] += 1
    check("everybody else is answered as they should be", not wrong and answers,
          f"{len(answers):,} answers, wrong: {dict(wrong) or 'none'}")


def check_flood(answers):
    statuses = collections.Counter(answer.status for answer in answers)
    told = all(answer.retry_after > 0 for answer in answers if answer.status == 429)
    check("the flood is held back", statuses[429] > 0, f"answers {dict(statuses)}")
    check("and told when to come again", told)
    check("and never sees the server fail", not statuses.keys() - {200, 201, 429})
    return {str(status): number for status, number in sorted(statuses.items())}


def acknowledged(plan, answers):
    """(partner, reference): amount, of payments answered with 200 or 201."""
    return {plan.payments[answer.place][:2]: plan.payments[answer.place][2]
            for answer in answers
            if answer.place in plan.payments and answer.status in (200, 201)}


def check_books(agency, people, paid, unanswered, answers, plan):
    """What was acknowledged is there, once, and nothing else."""
    rows = agency.query(
        "SELECT p.code, y.reference, COUNT(*), SUM(y.amount_rupiah) FROM payment y"
        " JOIN partner p ON p.partner_id = y.partner_id WHERE y.kind = 1"
        " GROUP BY p.code, y.reference")
    posted = {(code, reference): (number, int(amount)) for code, reference, number, amount in rows}
    lost = [key for key, amount in paid.items() if posted.get(key) != (1, amount)]
    check("every acknowledged payment is there once", not lost,
          f"{len(paid):,} acknowledged, {len(lost)} missing or wrong: {lost[:3]}")
    extra = posted.keys() - paid.keys()
    check("and no other, but for those whose answer was cut short", len(extra) <= unanswered,
          f"{len(extra)} more, {unanswered} requests without an answer")
    right = collections.Counter(plan.kinds[answer.place] for answer in answers
                                if answer.status in (200, 201))
    now = agency.query("SELECT COUNT(*) FROM person")[0][0]
    check("every acknowledged enrolment is there", people + right["enrolment"] <= now <=
          people + right["enrolment"] + unanswered, f"{right['enrolment']:,} enrolled")
    noted = dict(agency.query("SELECT action, COUNT(*) FROM audit_entry GROUP BY action"))
    wanted = {"payment:post": len(paid), "person:read": right["person"],
              "person:search": right["search"], "cover:read": right["coverage"]}
    short = {name: (noted.get(name, 0), number) for name, number in wanted.items()
             if noted.get(name, 0) < number}
    check("every look and every payment is in the audit trail", not short,
          f"{sum(noted.values()):,} entries, too few: {short or 'none'}")


def check_after(agency):
    for command in (["audit", "verify"], ["verify"]):
        done = subprocess.run([agency.binary, *command, *agency.options], capture_output=True,
                              text=True, check=False)
        check(f"jaring {' '.join(command)}", done.returncode == 0,
              done.stdout.strip().splitlines()[-1] if done.stdout.strip() else done.stderr)


def machine():
    """Under what conditions: nothing of this is judged."""
    sys.path.insert(0, str(ROOT / "bench"))
    import bench_tools
    bench_tools.HOME.mkdir(parents=True, exist_ok=True)
    return bench_tools.machine()


def report(options, summary, figures, flood, server_used, own_times, cut_off):
    seconds, megabytes = server_used
    return {"seconds": options.seconds, "rate": options.rate, "connections": options.connections,
            "people": options.people, "database": "PostgreSQL" if options.postgres else "SQLite",
            "tls": options.tls, "machine": machine(), "load_before": options.load_before,
            "arrived_per_second": summary["rate"], "reconnects": summary["reconnects"],
            "others": figures, "flood": flood, "by_the_server": own_times,
            "slow_clients_cut_off": cut_off,
            "server_cpu_seconds": round(seconds, 1), "server_peak_mib": megabytes,
            "generator_cpu_seconds": summary["cpu_seconds"]}


def run(options, folder):
    count = int(options.rate * options.seconds)
    address = postgres_address() if options.postgres else f"sqlite:{folder}/agency.db"
    options.load_before = os.getloadavg()[0]
    agency = Agency(options.binary, folder, address, options.people, spare_needed(count))
    server = Server(agency, options.tls)
    began = time.monotonic()
    try:
        plan, (summary, answers), flood_plan_, (flood_summary, flooded), cut_off = run_load(
            options, agency, server)
        used, own_times = server.used(), server.own_times()
    finally:
        status = server.stop()
    check("the server stops in order", status == 0, f"after {time.monotonic() - began:.0f} s")
    figures = figures_of(plan, answers, options.seconds * QUIET_SHARE)
    check_others(plan, answers)
    statuses = {} if options.no_flood else check_flood(flooded)
    unanswered = sum(1 for answer in answers + flooded if answer.status == 0)
    paid = acknowledged(plan, answers) | acknowledged(flood_plan_, flooded)
    check_books(agency, options.people, paid, unanswered, answers, plan)
    check_after(agency)
    flood = {"statuses": statuses, "cpu_seconds": flood_summary["cpu_seconds"],
             **times_of([answer.micros for answer in flooded])}
    return report(options, summary, figures, flood, used, own_times, cut_off)


def main():
    options = parse_options()
    if options.postgres and "JARING_TEST_POSTGRES" not in os.environ:
        # Once more, with a cluster of our own beside us.
        os.execv(ROOT / "tests" / "with_postgres.sh", ["with_postgres.sh", *sys.argv])
    raise_file_limit(options.connections + 1_000)
    folder = options.keep or pathlib.Path(tempfile.mkdtemp(prefix="jaring-load-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        text = json.dumps(run(options, folder), indent=1)
    finally:
        if not options.keep:
            shutil.rmtree(folder)
    print(text)
    if options.report:
        options.report.write_text(text + "\n", encoding="utf-8")
    print(f"{results['passed']} passed, {results['failed']} failed")
    return 1 if results["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
