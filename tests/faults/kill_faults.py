"""Killed at random moments: every acknowledged payment is there exactly once, the books are sound,
and sending the same again brings what was missing and nothing twice."""
import http.client
import json
import signal
import subprocess
import threading
import time

from fault_agency import AMOUNT, Agency, Server, once_each, write_payments

PEOPLE = 4000
ROWS = 50_000  # More than two transactions of `collect`: a kill can leave a file half posted.
CLIENTS = 16


def wanted_of(prefix, rows=ROWS):
    return [f"{prefix}{number:07}" for number in range(rows)]


def kill_collect(t):
    """kill -9 while a payment file is being posted."""
    agency = Agency(t.engine, t.folder, "killcollect").create(PEOPLE)
    path = agency.folder / "payments.csv"
    codes = (agency.codes * (ROWS // PEOPLE + 1))[:ROWS]
    write_payments(path, codes, "WARM")
    began = time.monotonic()
    agency.must("collect", path, "--partner", "pos")
    whole = time.monotonic() - began

    halves = 0
    for number in range(t.kills):
        prefix = f"R{number:03}-"
        write_payments(path, codes, prefix)
        process = agency.start("collect", path, "--partner", "pos", "--json",
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        time.sleep(t.random.uniform(0, whole * 1.1))
        process.send_signal(signal.SIGKILL)
        out = process.communicate()[0]
        acknowledged = process.returncode == 0
        before = agency.stored(prefix)
        halves += 0 < len(before) < ROWS
        t.check(not acknowledged or len(before) == ROWS, f"kill {number}: it said it was done,"
                f" {len(before)} of {ROWS} stored: {out[-300:]}")
        t.check_none(once_each(before, []), f"kill {number}: after the kill")
        t.check_none(agency.verify(), f"kill {number}: after the kill")
        again = agency.run("collect", path, "--partner", "pos", "--json")
        t.check(again.code == 0, f"kill {number}: again: exit {again.code}: {again.err[-500:]}")
        if again.code == 0:
            counts = json.loads(again.out)
            t.check((counts["accepted"], counts["repeated"]) == (ROWS - len(before), len(before)),
                    f"kill {number}: {len(before)} stored before, then {counts}")
        t.check_none(once_each(agency.stored(prefix), wanted_of(prefix)), f"kill {number}: at last")
    t.check_none(agency.verify(), "at last")
    t.note(f"{t.engine}: {halves} of {t.kills} kills left a file half posted; a whole one takes"
           f" {whole:.2f} s")


def interrupt_collect(t):
    """Ctrl-C and a polite stop: also nothing lost, and the exit says that not all is done."""
    agency = Agency(t.engine, t.folder, "interrupt").create(PEOPLE)
    path = agency.folder / "payments.csv"
    codes = (agency.codes * (ROWS // PEOPLE + 1))[:ROWS]
    for number, name in enumerate((signal.SIGINT, signal.SIGTERM)):
        prefix = f"I{number}-"
        write_payments(path, codes, prefix)
        process = agency.start("collect", path, "--partner", "pos", stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
        time.sleep(t.random.uniform(0.02, 0.2))
        process.send_signal(name)
        code = process.wait(timeout=60)
        stored = agency.stored(prefix)
        t.check(code != 0 or len(stored) == ROWS, f"{name.name}: exit 0 with {len(stored)} rows")
        agency.must("collect", path, "--partner", "pos")
        t.check_none(once_each(agency.stored(prefix), wanted_of(prefix)), name.name)
    t.check_none(agency.verify(), "after interrupts")


class Client(threading.Thread):
    """Posts one payment after the other until the server is gone."""

    def __init__(self, server, codes, prefix):
        super().__init__()
        self.port, self.token = server.port, server.token
        self.codes, self.prefix = codes, prefix
        self.acknowledged, self.unknown, self.refused = [], [], []

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        number = 0
        while True:
            reference = f"{self.prefix}{number:07}"
            code = self.codes[number % len(self.codes)]
            number += 1
            try:
                status, answer = post_payment(connection, self.token, reference, code)
            except (OSError, http.client.HTTPException, ValueError):
                self.unknown.append((reference, code))  # In flight when the server died.
                return
            if status in (200, 201):
                self.acknowledged.append(reference)
            else:
                self.refused.append((reference, status, answer))


def post_payment(connection, token, reference, code):
    body = json.dumps({"partner": "pos", "reference": reference, "amount": AMOUNT,
                       "paid_at": "2026-03-01T08:00:00+07:00", "bill_code": code,
                       "channel": "app"})
    connection.request("POST", "/v1/payments", body, {
        "Content-Type": "application/json", "Idempotency-Key": f"key-{reference}",
        "Authorization": f"Bearer {token}"})
    response = connection.getresponse()
    return response.status, json.loads(response.read())


def kill_http(t):
    """kill -9 while many clients post single payments."""
    agency = Agency(t.engine, t.folder, "killhttp").create(PEOPLE)
    acknowledged_in_all = 0
    for number in range(t.kills):
        server = Server(agency)
        prefix = f"H{number:03}-"
        share = len(agency.codes) // CLIENTS
        clients = [Client(server, agency.codes[i * share:(i + 1) * share], f"{prefix}{i:02}-")
                   for i in range(CLIENTS)]
        for client in clients:
            client.start()
        time.sleep(t.random.uniform(0.05, 0.8))
        server.kill()
        for client in clients:
            client.join()
        acknowledged = [r for c in clients for r in c.acknowledged]
        unknown = [u for c in clients for u in c.unknown]
        refused = [r for c in clients for r in c.refused]
        acknowledged_in_all += len(acknowledged)
        t.check(not refused, f"kill {number}: refused under load: {refused[:2]}")
        t.check_none(agency.verify(), f"kill {number}")
        stored = agency.stored(prefix)
        t.check_none(once_each(stored, acknowledged), f"kill {number}")
        t.check(set(stored) <= {*acknowledged, *(r for r, _ in unknown)},
                f"kill {number}: a payment nobody sent")
        send_again(t, agency, prefix, acknowledged, unknown, number)
    t.check_none(agency.verify(), "at last")
    t.check(acknowledged_in_all > 0, "no payment was acknowledged: the load is not a load")
    t.note(f"{t.engine}: {acknowledged_in_all} payments acknowledged before {t.kills} kills")


def send_again(t, agency, prefix, acknowledged, unknown, number):
    """The client's retry after a time-out with unknown outcome, same key: posted once."""
    server = Server(agency)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    for reference, code in unknown:
        status, answer = post_payment(connection, server.token, reference, code)
        t.check(status in (200, 201), f"kill {number}: again {reference}: {status} {answer}")
    connection.close()
    t.check(server.stop() == 0, f"kill {number}: the server did not stop in order")
    wanted = [*acknowledged, *(reference for reference, _ in unknown)]
    t.check_none(once_each(agency.stored(prefix), wanted), f"kill {number}: after the retry")


SCENARIOS = [kill_collect, interrupt_collect, kill_http]
