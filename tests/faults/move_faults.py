"""`jaring db copy` broken off anywhere: the same command goes on, the copy ends as the source row by
row, an unfinished copy is of no use to anybody, and never do both ends take writes."""
import csv
import http.client
import io
import signal
import sqlite3
import subprocess
import time

from disk_faults import little_room
from fault_agency import JARING, Agency, Server, run, write_payments
from kill_faults import post_payment
from postgres_cluster import Cluster

PEOPLE = 4000
ROUNDS = 4
OTHER = {"sqlite": "postgres", "postgres": "sqlite"}
# Opening the copy is noted in its audit trail.
GROWS_BY_ONE = {"audit_entry"}
CHANGES = {"audit_head"}


class Move:
    """A source, and a new target for each try; the key is the source's."""

    def __init__(self, source):
        self.source, self.count, self.writes, self.target = source, 0, 0, None
        self.key = source.folder / ("key" if source.engine == "postgres" else
                                    source.file.name + ".key")

    def aim(self, engine, server=None):
        self.count += 1
        self.target = Agency(engine, self.source.folder,
                             f"{self.source.name}_{self.source.engine}_to{self.count}", server)

    def command(self):
        return ["db", "copy", "--from", self.source.address, "--to", self.target.address,
                "--key-file", str(self.key)]

    def start(self, **options):
        return subprocess.Popen([JARING, *self.command()], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, **options)

    def run(self, **options):
        return run(self.command(), **options)

    def ask(self, agency, *arguments):
        return run([*arguments, "--db", agency.address, "--key-file", self.key])

    def reopen(self):
        return self.ask(self.source, "db", "reopen", "--although-moved")


def tables_of(agency):
    query = ("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
             if agency.engine == "sqlite" else
             "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace ="
             " 'public'::regnamespace")
    return {row[0] for row in agency.rows(query)}


def columns_of(agency, table):
    query = (f"SELECT name FROM pragma_table_info('{table}')" if agency.engine == "sqlite" else
             "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public'"
             f" AND table_name = '{table}'")
    return sorted(row[0] for row in agency.rows(query))


def dump(agency, table, columns):
    """Every row as text, whatever the engine, sorted."""
    query = f"SELECT {', '.join(columns)} FROM {table}"
    if agency.engine == "sqlite":
        connection = sqlite3.connect(agency.file)
        rows = connection.execute(query).fetchall()
        connection.close()
        return sorted(tuple("(null)" if v is None else "\\x" + v.hex() if isinstance(v, bytes)
                            else str(v) for v in row) for row in rows)
    out = subprocess.run(["psql", "--csv", "-t", "-P", "null=(null)", agency.address, "-c", query],
                         check=True, capture_output=True, text=True).stdout
    return sorted(tuple(row) for row in csv.reader(io.StringIO(out)))


def difference(source, target):
    """None when the target holds what the source holds, else where it does not."""
    tables = tables_of(source) - {"database_move"}
    if tables != tables_of(target):
        return f"other tables: {tables ^ tables_of(target)}"
    for table in sorted(tables - CHANGES):
        columns = columns_of(source, table)
        if columns != columns_of(target, table):
            return f"other columns in {table}"
        old, new = dump(source, table, columns), dump(target, table, columns)
        if table in GROWS_BY_ONE:
            extra = set(new) - set(old)
            if len(new) != len(old) + 1 or len(extra) != 1 or set(old) - set(new):
                return f"{table}: {len(old)} rows became {len(new)}"
        elif old != new:
            return f"{table}: {len(old)} rows, {len(new)} arrived, {len(set(old) ^ set(new))} differ"
    return None


def make_source(t, name, server=None):
    agency = Agency(t.engine, t.folder, name, server).create(PEOPLE)
    agency.name = name
    path = agency.folder / "payments.csv"
    write_payments(path, agency.codes, "MOVE-")
    agency.must("collect", path, "--partner", "pos")
    return Move(agency)


def closed_now(move):
    return bool({"database_move"} & tables_of(move.source))


def check_between(t, move, where):
    """After a break: the source takes no write once it is closed, the target is of no use yet, or
    everything is done; never do both take writes."""
    move.writes += 1
    wrote = move.ask(move.source, "partner", "add", f"mitra-{move.writes}", "Mitra")
    opened = move.ask(move.target, "partner", "list")
    if wrote.code == 0:
        t.check(opened.code != 0, f"{where}: both ends can be used")
        t.check(not closed_now(move), f"{where}: closed, and written to")
        return "open"
    rules = [r for r in ("db.closed", "db.moved") if r in wrote.err]
    t.check(wrote.code == 3 and rules, f"{where}: the source says {wrote.err[-300:]}")
    read = move.ask(move.source, "partner", "list")
    t.check(read.code == 0, f"{where}: the source cannot be read: {read.err[-300:]}")
    if opened.code == 0:
        t.check("db.moved" in wrote.err, f"{where}: the copy is open before the source has left")
        return "done"
    rules = [r for r in ("db.unfinished", "db.missing", "agency.missing") if r in opened.err]
    t.check(opened.code in (2, 3) and rules, f"{where}: the copy says {opened.err[-300:]}")
    return "under way"


def finish(t, move, where):
    """The same command until it is done; then row by row."""
    done = move.run()
    t.check(done.code == 0, f"{where}: at last: exit {done.code}: {done.err[-500:]}")
    if done.code == 0:
        t.check_none(difference(move.source, move.target), where)
        for command in (["verify"], ["audit", "verify"]):
            asked = move.ask(move.target, *command)
            t.check(asked.code == 0, f"{where}: {command}: {asked.out[-300:]}{asked.err[-300:]}")
        wrote = move.ask(move.target, "partner", "add", f"baru-{move.count}", "Mitra")
        t.check(wrote.code == 0, f"{where}: the copy takes no write: {wrote.err[-300:]}")
        t.check("db.moved" in move.ask(move.source, "partner", "add", "lama", "Mitra").err,
                f"{where}: the source is open")


def kill_copy(t):
    """kill -9 while an agency is moved to the other engine, several times in one move."""
    move = make_source(t, "killmove")
    move.aim(OTHER[t.engine])
    began = time.monotonic()
    first = move.run()
    whole = time.monotonic() - began
    t.check(first.code == 0, f"undisturbed: exit {first.code}: {first.err[-300:]}")
    finish(t, move, "undisturbed")
    t.check(move.reopen().code == 0, "the source does not open again")
    states = []
    for number in range(min(t.kills, 6)):
        move.aim(OTHER[t.engine] if number % 3 else t.engine)
        for attempt in range(t.random.randrange(1, 4)):
            process = move.start()
            time.sleep(t.random.uniform(0.02, whole))
            process.send_signal(signal.SIGKILL)
            process.communicate()
            where = f"kill {number}.{attempt}"
            states.append(check_between(t, move, where))
        finish(t, move, f"kill {number}")
        t.check(move.reopen().code == 0, f"kill {number}: the source does not open again")
    t.check("under way" in states, f"no kill met a copy under way: {states}")
    t.note(f"{t.engine}: of {len(states)} kills {states.count('under way')} met a copy under way;"
           f" a whole one takes {whole:.1f} s")


def full_disk_copy(t):
    """The target's disk is full at a random place; with room again the same command goes on."""
    move = make_source(t, "fullmove")
    environment = little_room(t)
    refused = 0
    for number in range(ROUNDS):
        move.aim("sqlite")
        for room in sorted(t.random.randrange(20_000, 30_000_000) for _ in range(2)):
            done = move.run(env=environment(room))
            if done.code != 0:
                refused += 1
                t.check(done.code == 3, f"room for {room}: exit {done.code}: {done.err[-300:]}")
                t.check("disk" in done.err.lower(), f"room for {room}: {done.err[-300:]}")
            check_between(t, move, f"room for {room}")
        finish(t, move, f"full disk {number}")
        t.check(move.reopen().code == 0, f"full disk {number}: does not open again")
    t.check(refused > 0, "the disk was never full: the fault is no fault")


def server_gone_copy(t):
    """The database server of the target (of the source, when that is on one) goes away and comes
    back."""
    cluster = Cluster(t.folder / "cluster")
    try:
        move = make_source(t, "gonemove", cluster.address if t.engine == "postgres" else None)
        move.aim(OTHER[t.engine], cluster.address)
        began = time.monotonic()
        undisturbed = move.run()
        whole = time.monotonic() - began
        t.check(undisturbed.code == 0, f"undisturbed: {undisturbed.code}: {undisturbed.err[-300:]}")
        t.check(move.reopen().code == 0, "the source does not open again")
        met = 0
        for number in range(ROUNDS):
            move.aim(OTHER[t.engine], cluster.address)
            process = move.start()
            time.sleep(t.random.uniform(0.05, 0.7) * whole)
            cluster.stop((signal.SIGQUIT, signal.SIGINT)[number % 2])
            err = process.communicate(timeout=120)[1].decode(errors="replace")
            met += process.returncode != 0
            t.check(process.returncode in (0, 3), f"round {number}: {process.returncode}: {err}")
            t.check(process.returncode == 0 or "db.unavailable" in err or
                    "db.outcome_unknown" in err, f"round {number}: {err[-300:]}")
            again = move.run()
            t.check(again.code == 3 and "db.unavailable" in again.err,
                    f"round {number}: without a server: {again.code}: {again.err[-300:]}")
            cluster.start()
            check_between(t, move, f"round {number}")
            finish(t, move, f"round {number}")
            t.check(move.reopen().code == 0, f"round {number}: does not open again")
        t.check(met > 0, "the server was never missed: the fault is no fault")
    finally:
        cluster.stop(signal.SIGINT)


def move_beside_a_server(t):
    """A server on the source while it is moved: payments are acknowledged or refused with 503, and
    every acknowledged one is in the copy."""
    move = make_source(t, "beside")
    move.aim(OTHER[t.engine])
    server = Server(move.source)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    process = move.start()
    acknowledged, refused = [], []
    while process.poll() is None:
        for code in move.source.codes:
            reference = f"LIVE-{len(acknowledged) + len(refused):07}"
            status, answer = post_payment(connection, server.token, reference, code)
            (acknowledged if status in (200, 201) else refused).append((reference, status, answer))
            if process.poll() is not None:
                break
    _, err = process.communicate()
    t.check(process.returncode == 0, f"the move: exit {process.returncode}: {err[-300:]}")
    stored = move.target.stored("LIVE-")
    t.check(set(stored) == {r for r, _, _ in acknowledged},
            f"{len(acknowledged)} acknowledged, {len(stored)} in the copy")
    t.check(acknowledged and refused, f"{len(acknowledged)} acknowledged, {len(refused)} refused:"
            " the load did not meet the closing")
    for reference, status, answer in refused:
        t.check(status == 503 and answer.get("rule") in ("db.closed", "db.moved"),
                f"{reference}: {status} {str(answer)[:300]}")
        break
    t.check({status for _, status, _ in refused} == {503}, "another status than 503")
    t.check(server.stop() == 0, "the server did not stop in order")
    t.check_none(difference(move.source, move.target), "beside a server")


SCENARIOS = [kill_copy, full_disk_copy, server_gone_copy, move_beside_a_server]
