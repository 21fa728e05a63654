"""Payouts handed to a bank that is silent, late, doubled and lies, by a program that is killed and runs
twice at once: each payee gets the money once or not at all, and the books know which."""
import collections
import datetime
import json
import re
import signal
import subprocess
import time

from fault_agency import TODAY, Agency, Server
from snap_bank import MANNERS, NEVER_PAID, SnapBank

CLAIMS = 300
COMMAND = ("payout", "transfer", "--json")
IN_RUN, SENT, PAID, FAILED = 2, 3, 4, 5
BANK = 1200  # The account of the books that claims are paid from.


def staff(agency, name, role):
    """What proves that a command is hers; each recovery code works once."""
    password = agency.folder / "password"
    password.write_text("kuda-hijau-menari-7\n", encoding="utf-8")
    email = f"{name}@jaring.test"
    made = agency.must("user", "add", email, "--name", "Uji", "--role", role, "--scope", "nation",
                       "--password-file", password, "--second-factor").out
    codes = re.findall(r"recovery code: (\S+)", made)
    return lambda: ("--as", email, "--password-file", password, "--recovery-code", codes.pop())


def released(t, name):
    """A demo with a released run of payouts."""
    agency = Agency(t.engine, t.folder, name)
    agency.must("demo", "--scale", "0.02")
    agency.must("claim", "invent", "--count", str(CLAIMS), "--savings-only", "--no-files")
    agency.must("claim", "decide")
    agency.must("partner", "add", "pos", "Kantor Pos")
    maker, checker = staff(agency, "maker", "claims-officer"), staff(agency, "checker", "approver")
    run = json.loads(agency.must("payout", "make", "--json", *maker()).out)
    agency.must("payout", "release", run["run_id"], *checker())
    return agency, run, maker


def states(agency):
    """{reference: (state, sum)}; the reference is made as the bank sees it."""
    rows = agency.rows("SELECT person_id, claim_seq, payout_no, state, amount_rupiah +"
                       " penalty_rupiah FROM payout")
    return {tuple(map(int, row[:3])): (int(row[3]), int(row[4])) for row in rows}


def reference_key(reference):
    """(person, claim, payout) of "K100000001072P01": the digit before P is a check digit."""
    digits = reference[1:]
    return int(digits[:9]), int(digits[9:11]), int(digits[13:])


def transfer(t, agency, bank, settings, kills):
    """One round, killed now and then before it ends."""
    for _ in range(kills):
        process = agency.start("--config", settings, *COMMAND, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
        try:
            process.wait(t.random.uniform(0.02, 1.5))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            t.killed += 1
    beside = agency.start("--config", settings, *COMMAND, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL)
    done = agency.run("--config", settings, *COMMAND)
    beside.wait(timeout=300)
    t.check(done.code in (0, 1), f"exit {done.code}: {done.err[-500:]}")
    t.check_none(agency.verify(), "after a round")
    return json.loads(done.out) if done.code in (0, 1) else {}


def served(t, agency, settings):
    """A server hands over by itself; it is killed in the middle of it."""
    server = Server(agency, settings)
    end = time.monotonic() + 60
    while not any(state in (SENT, PAID) for state, _ in states(agency).values()):
        if time.monotonic() > end:
            t.check(False, "the server handed nothing over")
            break
        time.sleep(0.05)
    server.kill()
    t.check_none(agency.verify(), "after the server")


def lying_bank(t):
    agency, run, maker = released(t, "lying")
    bank = SnapBank(t.random)
    settings = bank.write_settings(agency.folder)
    t.killed = 0
    began = time.monotonic()
    served(t, agency, settings)
    for days in (0, 0, 1, 1, 2, 3, 4):
        day = datetime.date.fromisoformat(TODAY) + datetime.timedelta(days=days)
        agency.today = day.isoformat()
        summary = transfer(t, agency, bank, settings, kills=min(t.kills, 3) if days < 2 else 0)
    at_last = transfer(t, agency, bank, settings, kills=0)
    t.check(at_last.get("open") == 0 and at_last.get("sent") == 0, f"not all is known: {at_last}")
    bank.close()
    file = agency.run("--config", settings, "payout", "file", run["run_id"], "--out", "-", *maker())
    t.check(file.code == 3 and "payout.file_empty" in file.err, f"a file of transfers: {file}")

    two_meanings = [reference for reference, bodies in bank.bodies.items() if len(bodies) > 1]
    t.check(not two_meanings, f"orders with two meanings: {two_meanings[:3]}")
    t.check(not bank.complaints, f"the bank complains: {bank.complaints[:3]}")

    ours = states(agency)
    handed = {reference_key(reference): reference for reference in bank.bodies}
    t.check(handed.keys() <= ours.keys(), "the bank has orders we know nothing of")
    forgotten = [key for key, (state, _) in ours.items()
                 if state != IN_RUN and not (key in handed and state in (PAID, FAILED))]
    t.check(not forgotten, f"neither paid nor failed: {forgotten[:3]}")
    by_file = sum(state == IN_RUN for state, _ in ours.values())
    t.check(by_file == at_last.get("unreachable"), f"{by_file} wait for a file, said: {at_last}")
    t.check(0 < len(handed) and len(handed) + by_file == run["payouts"], f"{len(handed)} handed over")
    wrong = {reference: (bank.manner[reference], ours[key][0]) for key, reference in handed.items()
             if (ours[key][0] == PAID) != bank.received(reference)}
    t.check(not wrong, f"the books say otherwise than the bank's: {wrong}")
    booked = -int(agency.rows(f"SELECT SUM(amount_rupiah) FROM journal_line"
                              f" WHERE account = {BANK}")[0][0] or 0)
    paid = sum(amount for state, amount in ours.values() if state == PAID)
    t.check(booked == paid > 0, f"booked {booked}, paid {paid}")
    met = collections.Counter(bank.manner.values())
    t.check(met.keys() == MANNERS.keys(), f"never met: {MANNERS.keys() - met.keys()}")
    t.check(t.killed > 0, "it was never killed: the fault is no fault")
    t.note(f"{t.engine}: {len(handed)} transfers, {sum(met[m] for m in NEVER_PAID)} of them never"
           f" paid; killed {t.killed} times; {time.monotonic() - began:.0f} s")


SCENARIOS = [lying_bank]
