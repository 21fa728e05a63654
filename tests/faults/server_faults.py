"""The database server goes away in the middle of the work and comes back: clear errors while it is
away, nothing acknowledged is lost, nothing is posted twice, and `serve` goes on by itself."""
import http.client
import signal
import subprocess
import threading
import time

from fault_agency import Agency, Server, once_each, write_payments
from kill_faults import CLIENTS, PEOPLE, ROWS, post_payment, wanted_of
from postgres_cluster import Cluster

ROUNDS = 3


def gone_while_collecting(t):
    """The server stops while a file is posted: an error that says so, the rest comes later."""
    if t.engine != "postgres":
        return
    cluster = Cluster(t.folder / "cluster")
    try:
        agency = Agency("postgres", t.folder, "gone", cluster.address).create(PEOPLE)
        path = agency.folder / "payments.csv"
        codes = (agency.codes * (ROWS // PEOPLE + 1))[:ROWS]
        write_payments(path, codes, "WARM")
        began = time.monotonic()
        agency.must("collect", path, "--partner", "pos")
        whole = time.monotonic() - began
        for number in range(ROUNDS):
            prefix = f"G{number}-"
            write_payments(path, codes, prefix)
            process = agency.start("collect", path, "--partner", "pos", stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
            time.sleep(t.random.uniform(0, whole * 0.8))
            cluster.stop((signal.SIGQUIT, signal.SIGINT)[number % 2])
            err = process.communicate(timeout=120)[1].decode(errors="replace")
            done = process.returncode
            t.check(done in (0, 3), f"round {number}: exit {done}: {err[-300:]}")
            t.check(done == 0 or "db.unavailable" in err, f"round {number}: {err[-300:]}")
            t.check(agency.run("verify").code == 3, f"round {number}: verify without a server")
            cluster.start()
            stored = agency.stored(prefix)
            t.check(done != 0 or len(stored) == ROWS, f"round {number}: exit 0, {len(stored)} rows")
            t.check_none(once_each(stored, []), f"round {number}: after the stop")
            t.check_none(agency.verify(), f"round {number}: after the stop")
            agency.must("collect", path, "--partner", "pos")
            t.check_none(once_each(agency.stored(prefix), wanted_of(prefix)), f"round {number}")
        t.check_none(agency.verify(), "at last")
    finally:
        cluster.stop(signal.SIGINT)


class PatientClient(threading.Thread):
    """Sends each payment again, with its key, until it is acknowledged."""

    def __init__(self, server, codes, prefix, until):
        super().__init__()
        self.port, self.token = server.port, server.token
        self.codes, self.prefix, self.until = codes, prefix, until
        self.acknowledged, self.answers = [], {}

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        for number, code in enumerate(self.codes):
            reference = f"{self.prefix}{number:07}"
            while True:
                try:
                    status, answer = post_payment(connection, self.token, reference, code)
                except (OSError, http.client.HTTPException, ValueError) as error:
                    connection.close()
                    status, answer = type(error).__name__, None
                self.answers.setdefault(status, answer)
                if status in (200, 201):
                    self.acknowledged.append(reference)
                    break
                if self.until.is_set():
                    return
                time.sleep(0.05)
            if self.until.is_set():
                return


# The second when it went away in the middle of a commit.
AWAY = ("db.unavailable", "payment.outcome_unknown")


def gone_while_serving(t):
    """The server stops under HTTP load: 503 in words while it is away, then work as before without
    a restart of `serve`."""
    if t.engine != "postgres":
        return
    cluster = Cluster(t.folder / "cluster")
    try:
        agency = Agency("postgres", t.folder, "gone", cluster.address).create(PEOPLE)
        server = Server(agency)
        for number in range(ROUNDS):
            prefix, until = f"V{number}-", threading.Event()
            share = len(agency.codes) // CLIENTS
            clients = [PatientClient(server, agency.codes[i * share:(i + 1) * share],
                                     f"{prefix}{i:02}-", until) for i in range(CLIENTS)]
            for client in clients:
                client.start()
            time.sleep(t.random.uniform(0.1, 0.5))
            cluster.stop((signal.SIGQUIT, signal.SIGINT)[number % 2])
            time.sleep(0.5)
            before = sum(len(c.acknowledged) for c in clients)
            cluster.start()
            time.sleep(1.5)
            until.set()
            for client in clients:
                client.join()
            acknowledged = [r for c in clients for r in c.acknowledged]
            answers = {s: a for c in clients for s, a in c.answers.items() if s not in (200, 201)}
            t.check(len(acknowledged) > before, f"round {number}: {before} before, none after")
            t.check(503 in answers, f"round {number}: the load never met the fault: {answers}")
            for status, answer in answers.items():
                t.check(status == 503 and answer.get("rule") in AWAY,
                        f"round {number}: {status} {str(answer)[:300]}")
            t.check(server.process.poll() is None, f"round {number}: `serve` is gone")
            t.check_none(once_each(agency.stored(prefix), acknowledged), f"round {number}")
            t.check_none(agency.verify(), f"round {number}")
        t.check(server.stop() == 0, "the server did not stop in order")
    finally:
        cluster.stop(signal.SIGINT)


SCENARIOS = [gone_while_collecting, gone_while_serving]
