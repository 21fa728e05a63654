"""The measurements of docs/PERFORMANCE.md. Each runs ours and the reference in turn, RUNS times."""
import contextlib
import dataclasses
import itertools
import json
import os
import pathlib
import re
import socket
import sqlite3
import statistics
import subprocess
import sys
import time
import urllib.request

from bench_data import (ENROL_DAY, GROUP, PARTNER, ROWS_PER_TRANSACTION, differing_tables, jaring,
                        make_agency, month_number, pay_day)
from bench_tools import BUILD, HOME, JARING, ROOT, Figure, fsync_us, reference, run, settle

sys.path += [str(ROOT / "tests" / "api"), str(ROOT / "tests" / "load")]
import load_plan  # noqa: E402  (how tests/load writes requests)
import test_login  # noqa: E402  (where the tests log in)

RUNS = 3
CLIENTS = 64
ARRIVALS = (500, 2000)  # A second. 32 million members paying on one day are 900 over ten hours.
SINGLES = 3000  # Of the PostgreSQL file, posted one by one.
MOST_A_SECOND = 30_000  # Payments that a plan holds for each second.
GATE_CALLS = 100_000  # Each hundredth call comes two seconds later; a token lives for an hour.
MEMORY_LIMIT_MB = 300
# One partner and one user are all callers here.
UNLIMITED = "[rates]\n" + "".join(f"{who}_{what} = 10000000\n" for who in ("partner", "user")
                                  for what in ("reads", "payments", "files"))
HEALTH = load_plan.request("GET", "/healthz")
DURABLE = "SQLite WAL, synchronous=FULL"
PAID_TABLES = ["payment", "payment_reference", "contribution", "membership", "journal_line",
               "coverage_counter"]
ENROLLED_TABLES = ["person", "person_nik", "person_likeness", "membership", "cohort",
                   "coverage_counter", "suspected_duplicate"]


class Bench:
    """Runs the measurements and remembers the largest memory of each command."""

    def __init__(self, people, small, seconds):
        self.people = people
        self.small = small
        self.seconds = seconds
        self.most_requests = int(MOST_A_SECOND * seconds)
        self.peaks = {}

    def note_peak(self, command, megabytes):
        self.peaks[command] = max(self.peaks.get(command, 0), megabytes)

    def collect(self, database, nth, file, rows):
        ran = jaring(database, pay_day(nth), "collect", file, "--partner", PARTNER, "--json")
        answer = ran.json()
        if answer["accepted"] != rows:
            raise SystemExit(f"bench: collect took {answer['accepted']} of {rows} rows")
        self.note_peak("collect", ran.peak_mb)
        return ran.seconds

    def payment_file(self, order):
        people = self.people
        file = people.payment_file(0, order)
        ours, theirs = [], []
        for _ in range(RUNS):
            done = people.copy(people.enrolled, "done")
            ours.append(people.count / self.collect(done, 0, file, people.count))
            before = people.copy(people.enrolled, "before")
            raw = reference("post_sqlite", done, before, ROWS_PER_TRANSACTION, month_number(0),
                            pay_day(0).replace("-", ""))
            theirs.append(raw["rows"] / raw["seconds"])
        self.check_same(done, before, PAID_TABLES)
        figure = Figure(f"payment file, {'members in order' if order == 'member' else 'as people come'}",
                        f"{people.count:,} members pay one month; 1 thread; {DURABLE}; "
                        f"{ROWS_PER_TRANSACTION:,} a transaction", ours, theirs, "payments/s",
                        "≥ 0.50", False)
        figure.reached = figure.ratio() >= 0.5
        self.drop_both()
        return figure

    def enrol_file(self):
        people = self.people
        ours, theirs = [], []
        for _ in range(RUNS):
            done = people.copy(people.empty, "done")
            ran = jaring(done, ENROL_DAY, "enrol", people.list, "--group", GROUP, "--json")
            if ran.json()["accepted"] != people.count:
                raise SystemExit("bench: enrol did not take every row")
            self.note_peak("enrol", ran.peak_mb)
            ours.append(people.count / ran.seconds)
            before = people.copy(people.empty, "before")
            raw = reference("enrol_sqlite", done, before, ROWS_PER_TRANSACTION, month_number(0))
            theirs.append(raw["rows"] / raw["seconds"])
        self.check_same(done, before, ENROLLED_TABLES)
        figure = Figure("enrolment file", f"{people.count:,} new people; 1 thread; {DURABLE}; "
                        f"{ROWS_PER_TRANSACTION:,} a transaction", ours, theirs, "people/s",
                        "≥ 0.40", False)
        figure.reached = figure.ratio() >= 0.4
        self.drop_both()
        return figure

    @staticmethod
    def check_same(done, before, tables):
        """The reference did the same work, row by row."""
        different = differing_tables(done, before, tables)
        if different:
            raise SystemExit(f"bench: the reference wrote other rows in {', '.join(different)}")

    def drop_both(self):
        self.people.drop("done")
        self.people.drop("before")

    def single_payments(self):
        people = self.people
        plan = people.plan(min(people.count, 500_000))
        ours, theirs, late, bare_late, fsyncs = [], [], [], [], []
        calm = {rate: [] for rate in ARRIVALS}
        for _ in range(RUNS):
            served = people.copy(people.enrolled, "served")
            fsync = fsync_us()
            with self.server(served, pay_day(0)) as server:
                load = self.pay(server, plan)
            ours.append(load["rate"])
            late.append(load["p99_us"] / fsync)
            for rate in ARRIVALS:
                served = people.copy(people.enrolled, "served")
                with self.server(served, pay_day(0)) as server:
                    calm[rate].append(self.pay(server, plan, rate)["p99_us"] / fsync)
            fsyncs.append(fsync)
            bare = people.copy(people.enrolled, "bare")
            raw = reference("group_commit_sqlite", bare, plan, month_number(0),
                            pay_day(0).replace("-", ""), CLIENTS, self.seconds)
            theirs.append(raw["rate"])
            bare_late.append(raw["p99_us"] / fsync)
        people.drop("served")
        people.drop("bare")
        figure = Figure("single payments over HTTP",
                        f"{CLIENTS} keep-alive clients, {self.seconds:g} s; {people.count:,} members, "
                        f"at random; {DURABLE}", ours, theirs, "payments/s", "≥ 0.50", False)
        figure.reached = figure.ratio() >= 0.5
        fsync = f"one fsync {statistics.median(fsyncs) / 1000:.2f} ms"
        late_figure = Figure("… p99 in fsyncs", "as fast as they can, 64 always waiting; one fdatasync "
                             "of 16 KiB measured before each run", late, bare_late, "fsyncs", "< 5",
                             statistics.median(late) < 5, note=fsync)
        calm_figures = [Figure("… p99 in fsyncs", f"{rate:,} a second arrive, over the 64 clients; "
                               "waiting for a free one counts", times, None, "fsyncs", "< 5",
                               statistics.median(times) < 5, note=fsync)
                        for rate, times in calm.items()]
        return [figure, late_figure, *calm_figures]

    def pay(self, server, plan, rate=0):
        """Loads the server with payments of the plan, each once."""
        return http_load(server.port, self.seconds, 201, payment_requests(
            server.token, read_plan(plan, self.most_requests)), rate)

    def look_ups(self):
        people = self.people
        plan = people.plan(min(people.count, 500_000))
        paid = people.copy(people.enrolled, "served")
        self.collect(paid, 0, people.payment_file(0), people.count)
        ours, theirs = [], []
        with self.server(paid, pay_day(1)) as server:
            looks = [look_up(server.token, code)
                     for code, _ in read_plan(plan, self.most_requests)]
            for _ in range(RUNS):
                ours.append(http_load(server.port, self.seconds, 200, looks)["rate"])
                theirs.append(http_load(server.port, self.seconds, 200, [HEALTH])["rate"])
        people.drop("served")
        figure = Figure("coverage look-ups over HTTP",
                        f"{CLIENTS} keep-alive clients, {self.seconds:g} s; {people.count:,} members, "
                        "at random; against the same server's /healthz", ours, theirs, "requests/s",
                        "≥ 0.50", False)
        figure.reached = figure.ratio() >= 0.5
        return figure

    def lock(self):
        """What login and permission cost, beside all that the server does for a request."""
        people = self.people
        plan = people.plan(min(people.count, 500_000))
        costs = {"payment": ([], []), "look-up by a partner": ([], []), "look-up by staff": ([], [])}
        for _ in range(RUNS):
            served = people.copy(people.enrolled, "served")
            staff = staff_session(served)
            with self.server(served, pay_day(0)) as server:
                gate = reference("gate_cost", f"sqlite:{served}", f"{served}.key", ROOT,
                                 pay_day(0), server.token, staff, GATE_CALLS)
                codes = [code for code, _ in read_plan(plan, self.most_requests)]
                spent = {"payment": server.cost_of(lambda: self.pay(server, plan))}
                for name, token in (("look-up by a partner", server.token),
                                    ("look-up by staff", staff)):
                    spent[name] = server.cost_of(lambda: http_load(
                        server.port, self.seconds, 200, [look_up(token, code) for code in codes]))
            for name, (ours, theirs) in costs.items():
                scope = gate["scope_ns"] if name == "look-up by staff" else 0
                ours.append((gate["remembered_ns"] + scope) / 1000)
                theirs.append(spent[name])
        people.drop("served")
        seldom = f"{gate['looked_up_ns'] / 1000:.0f} µs when last seen over 2 s ago"
        figures = [Figure(f"login and permission of a {name}", "processor time, beside all that the "
                          "server spends on such a request", ours, theirs, "µs", "< 0.10", False,
                          note=seldom) for name, (ours, theirs) in costs.items()]
        for figure in figures:
            figure.reached = figure.ratio() < 0.1
        return figures

    @contextlib.contextmanager
    def server(self, database, day):
        """`jaring serve` and a token of the partner, until the block ends."""
        options = ["--db", f"sqlite:{database}"]
        client = test_login.add_client(JARING, options, PARTNER)
        with serving(options, day) as (port, pid):
            token = test_login.client_token(f"http://127.0.0.1:{port}", *client)
            yield Served(port, token, pid)
            self.note_peak("serve", memory_mb(pid, "VmHWM"))

    def steadiness(self):
        """Several months on two sizes, in turn; the first month is left out: it makes rows longer."""
        costs = {self.small: [], self.people: []}
        for people in costs:
            people.copy(people.enrolled, "months")
        for nth in range(RUNS + 1):
            for people, seconds in costs.items():
                file = people.payment_file(nth)
                settle()
                spent = self.collect(people.folder / "months.db", nth, file, people.count)
                seconds.append(spent * 1e6 / people.count)
        for people in costs:
            people.drop("months")
        small, large = costs[self.small][1:], costs[self.people][1:]
        figure = Figure(f"cost of a payment, {self.people.count:,} against {self.small.count:,} members",
                        f"payment files of {RUNS} months after the first, sizes in turn; {DURABLE}",
                        large, small, "µs", "< 1.15", False)
        figure.reached = figure.ratio() < 1.15
        return figure

    def postgres(self):
        """File posting against the same program's one-row transactions, on a cluster of its own."""
        address = os.environ["JARING_TEST_POSTGRES"]
        people = self.small
        key = HOME / "postgres.key"
        make_agency(address, key)
        common = [JARING, "--db", address, "--key-file", key]
        run(*common, "--today", ENROL_DAY, "enrol", people.list, "--group", GROUP)
        ours, theirs = [], []
        for nth in range(RUNS):
            file, singles = split_file(people.payment_file(nth), SINGLES)
            ran = run(*common, "--today", pay_day(nth), "collect", file, "--partner", PARTNER, "--json")
            rows = ran.json()["accepted"]
            if rows != people.count - SINGLES:
                raise SystemExit("bench: collect on PostgreSQL did not take every row")
            self.note_peak("collect (PostgreSQL)", ran.peak_mb)
            ours.append(rows / ran.seconds)
            raw = reference("post_one_by_one", address, key, ROOT / "schemes" / "id-bpu", singles,
                            PARTNER, pay_day(nth), SINGLES)
            theirs.append(raw["rows"] / raw["seconds"])
        figure = Figure("payment file on PostgreSQL 15",
                        f"{people.count:,} members pay one month; fsync on; against one-row "
                        "transactions of the same program", ours, theirs, "payments/s", "≥ 3", False)
        figure.reached = figure.ratio() >= 3
        return figure

    def memory(self):
        worst = max(self.peaks.values())
        each = ", ".join(f"{name} {size:.0f}" for name, size in sorted(self.peaks.items()))
        return Figure("largest memory", f"largest resident set of any run, {self.people.count:,} people",
                      [worst], None, "MB", "< 300", worst < MEMORY_LIMIT_MB, note=each)


@dataclasses.dataclass
class Served:
    """A running server and a token of the partner."""
    port: int
    token: str
    pid: int

    def cost_of(self, load):
        """Processor time of the server for each request of a load, in microseconds."""
        before = self.used()
        requests = load()["requests"]
        return (self.used() - before) * 1e6 / requests

    def used(self):
        """Seconds of processor time until now."""
        stat = pathlib.Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii")
        return sum(map(int, stat.rsplit(")", 1)[1].split()[11:13])) / os.sysconf("SC_CLK_TCK")


def staff_session(database):
    """The token of staff of the branch that serves everybody."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        branch = connection.execute("SELECT branch_id FROM branch WHERE code = 'surakarta'")
        branch_id = branch.fetchone()[0]
    return test_login.session_token(f"sqlite:{database}", "branch-staff", "branch", branch_id)


def split_file(file, tail):
    """All rows but the last `tail` in one file, those in another."""
    lines = file.read_text(encoding="ascii").splitlines(keepends=True)
    parts = file.with_suffix(".head.csv"), file.with_suffix(".tail.csv")
    parts[0].write_text("".join(lines[:-tail]), encoding="ascii")
    parts[1].write_text("".join(lines[:1] + lines[-tail:]), encoding="ascii")
    return parts


@contextlib.contextmanager
def serving(options, day):
    """(port, process number) of `jaring serve`, until the block ends. `options`: --db and so on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = HOME / "bench.toml"
    settings.write_text(UNLIMITED, encoding="ascii")
    with open(HOME / "serve.log", "wb") as log:
        process = subprocess.Popen(
            [JARING, "--config", settings, *options, "--today", day, "serve", "--listen",
             f"127.0.0.1:{port}"], stdout=log, stderr=log)
    try:
        wait_for(port, process)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()
        settle()


def memory_mb(pid, what):
    """VmRSS: what a process holds now; VmHWM: the most it held."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.search(rf"{what}:\s+(\d+)", status)[1]) / 1024


def wait_for(port, process):
    for _ in range(200):
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1).read()
            return
        time.sleep(0.05)
    raise SystemExit(f"bench: the server did not start; see {HOME / 'serve.log'}")


def read_plan(file, most):
    """(bill code, amount) of at most so many members."""
    with open(file, encoding="ascii") as lines:
        return [line.split() for line in itertools.islice(lines, most)]


def payment_requests(token, rows):
    for i, (bill_code, amount) in enumerate(rows):
        yield load_plan.json_request("/v1/payments", token, {
            "partner": PARTNER, "reference": f"H-{10_000_000 + i}", "bill_code": bill_code,
            "amount": int(amount), "paid_at": f"{pay_day(0)}T08:00:00+07:00"}, f"key-{i}")


def look_up(token, bill_code):
    return load_plan.request("GET", f"/v1/coverage?member_number={bill_code[:-1]}", token)


def http_load(port, seconds, status, requests, rate=0, clients=CLIENTS):
    """Sends the requests; those that change nothing again and again."""
    plan = HOME / "requests.plan"
    with open(plan, "wb") as out:
        for text in requests:
            out.write(f"{status} {len(text)}\n".encode() + text)
    settle()
    again = ["--again"] if status == 200 else []
    said = run(BUILD / "bench" / "bench_http_load", *again, port, clients, seconds, rate, plan).out
    plan.unlink()
    load = json.loads(said.splitlines()[-1])
    if load["failed"] or not load["requests"]:
        raise SystemExit(f"bench: {load['failed']} of {load['requests']} answers were wrong")
    return load
