"""The database's machine is lost while payments arrive, and its standby takes over: what was
acknowledged is there, what was in flight is told to be checked and comes to exactly one outcome."""
import contextlib
import http.client
import json
import os
import signal
import threading
import time

from fault_agency import AMOUNT, Agency, Server, once_each
from postgres_cluster import Cluster

PEOPLE = 1600
CLIENTS = 16  # Of each their own members; half of them at either server.
UNKNOWN = "payment.outcome_unknown"


class Payer(threading.Thread):
    """Pays once for each of `codes`; each payment is sent again, with its key, until it is
    acknowledged. Counts what it is told meanwhile."""

    def __init__(self, server, codes, prefix):
        super().__init__()
        self.port, self.token = server.port, server.token
        self.codes, self.prefix = codes, prefix
        self.acknowledged, self.refusals, self.resolved = [], [], []
        self.give_up_at = time.monotonic() + 120

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        for number, code in enumerate(self.codes):
            reference = f"{self.prefix}{number:05}"
            was_unknown = False
            while time.monotonic() < self.give_up_at:
                status, headers, answer = self.send(connection, reference, code)
                if status in (200, 201):
                    self.acknowledged.append(reference)
                    if was_unknown:
                        self.resolved.append(reference)
                    break
                self.refusals.append((status, answer.get("rule"), headers.get("Retry-After")))
                was_unknown = was_unknown or answer.get("rule") == UNKNOWN
                time.sleep(0.2)

    def send(self, connection, reference, code):
        body = {"partner": "pos", "reference": reference, "amount": AMOUNT, "bill_code": code,
                "paid_at": "2026-03-01T08:00:00+07:00", "channel": "app"}
        try:
            connection.request("POST", "/v1/payments", json.dumps(body), {
                "Content-Type": "application/json", "Idempotency-Key": f"key-{reference}",
                "Authorization": f"Bearer {self.token}"})
            response = connection.getresponse()
            return response.status, response.headers, json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            connection.close()
            return 0, {}, {"rule": type(error).__name__}


def wait_until(holds, what, seconds=60):
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise RuntimeError(f"waited in vain: {what}")
        time.sleep(0.05)


def with_standby(folder):
    """(primary, standby), and nothing is acknowledged that the standby has not on its disk."""
    primary = Cluster(folder / "one" / "cluster")
    standby = Cluster(folder / "two" / "cluster", primary)
    primary.sql("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
    primary.sql("SELECT pg_reload_conf()")
    wait_until(lambda: primary.sql("SELECT sync_state FROM pg_stat_replication") == "sync",
               "the standby does not follow")
    return primary, standby


def failover(t, name, stopped=""):
    """`stopped`: "walsender", so that the last commits never leave the machine that is lost, or
    "walreceiver", so that they arrive, but nobody says so; all of them wait then. Empty: the loss
    comes at whatever moment it comes."""
    if t.engine != "postgres":
        return
    primary, standby = with_standby(t.folder)
    clusters = [standby, primary]
    try:
        agency = Agency("postgres", t.folder, name, primary.address)
        agency.address = (f"postgresql://postgres@127.0.0.1:{primary.port},127.0.0.1:{standby.port}"
                          f"/{name}?target_session_attrs=read-write")
        agency.create(PEOPLE)
        servers = [Server(agency), Server(agency)]
        share = PEOPLE // CLIENTS
        payers = [Payer(servers[i % 2], agency.codes[i * share:(i + 1) * share], f"F{i:02}-")
                  for i in range(CLIENTS)]
        for payer in payers:
            payer.start()
        told = lambda: sum(len(p.acknowledged) for p in payers)  # noqa: E731
        wait_until(lambda: told() > PEOPLE // 10, "no payment was acknowledged")
        asleep = [pid for c in clusters for pid in c.children(stopped)] if stopped else []
        t.check(len(asleep) == bool(stopped), f"{stopped}: {asleep}")
        for process in asleep:
            os.kill(process, signal.SIGSTOP)
        time.sleep(t.random.uniform(0.2, 0.5))
        before = told()
        primary.lose()
        clusters = [standby]
        for process in asleep:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGCONT)
        time.sleep(0.5)
        standby.sql("SELECT pg_promote()")
        for payer in payers:
            payer.join()
        check_outcome(t, agency, payers, before, stopped)
        for server in servers:
            t.check(server.process.poll() is None, "`serve` is gone")
            t.check(server.stop() == 0, "the server did not stop in order")
    finally:
        for cluster in clusters:
            cluster.stop(signal.SIGINT)


def check_outcome(t, agency, payers, before, stopped):
    acknowledged = [r for p in payers for r in p.acknowledged]
    refusals = {refusal for p in payers for refusal in p.refusals}
    resolved = [r for p in payers for r in p.resolved]
    t.check(len(acknowledged) == PEOPLE, f"{len(acknowledged)} of {PEOPLE} acknowledged at last")
    t.check(before < PEOPLE, "all was done before the loss")
    for status, rule, retry_after in refusals:
        t.check((status, rule) in ((503, "db.unavailable"), (503, UNKNOWN)), f"{status} {rule}")
        t.check(bool(retry_after), f"{rule} does not say when to try again")
    if stopped:
        t.check(any(rule == UNKNOWN for _, rule, _ in refusals), f"nobody was in doubt: {refusals}")
    stored = agency.stored("F")
    t.check(len(stored) == PEOPLE, f"{len(stored)} stored, not {PEOPLE}")
    t.check_none(once_each(stored, acknowledged), "after the change of place")
    rows = agency.rows("SELECT count(*), count(DISTINCT reference) FROM payment")
    t.check(rows == [[str(PEOPLE)] * 2], f"payments: {rows}")
    keys = agency.rows("SELECT count(*) FROM idempotency_key")
    t.check(keys == [[str(PEOPLE)]], f"answers kept: {keys}")
    t.check_none(agency.verify(), "the books")
    audit = agency.run("audit", "verify")
    t.check(audit.code == 0, f"the audit trail: {audit.out}{audit.err}")
    noted = agency.rows("SELECT count(*) FROM audit_entry WHERE subject LIKE 'payment pos F%'")
    t.check(noted == [[str(PEOPLE)]], f"payments in the audit trail: {noted}")
    t.note(f"{before} acknowledged before the loss, {len(resolved)} in doubt and then settled")


def primary_lost_before_its_standby_knew(t):
    """What was in flight is nowhere, and comes there by being sent again."""
    failover(t, "unsent", "walsender")


def primary_lost_before_its_standby_said(t):
    """What was in flight is there, and sending it again changes nothing."""
    failover(t, "unsaid", "walreceiver")


def primary_lost_while_serving(t):
    """At whatever moment it comes."""
    failover(t, "lost")


SCENARIOS = [primary_lost_before_its_standby_knew, primary_lost_before_its_standby_said,
             primary_lost_while_serving]
