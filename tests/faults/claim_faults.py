"""`jaring claim decide`, killed or without room anywhere: the same command goes on and ends in the rows of
one that was left alone. Nobody's savings go down twice, no claim is owed twice."""
import signal
import subprocess
import time

from disk_faults import little_room
from fault_agency import Agency
from month_faults import another

COMMAND = ("claim", "decide", "--per-step", "40", "--json")
DIGESTS = (
    "SELECT COUNT(*), SUM(person_id % 9973 * state), SUM(gross_rupiah), SUM(tax_rupiah) FROM claim",
    "SELECT COUNT(*), SUM(person_id % 9973 * step_no), SUM(state), 0 FROM claim_step",
    "SELECT COUNT(*), SUM(person_id % 9973 * (amount_rupiah % 9949)), SUM(amount_rupiah), 0"
    " FROM claim_line",
    "SELECT COUNT(*), SUM(person_id % 9973 * (amount_rupiah % 9949)), SUM(amount_rupiah), 0"
    " FROM savings_withdrawal",
    "SELECT COUNT(*), SUM(person_id % 9973 * (amount_rupiah % 9949)), SUM(state), 0 FROM payout",
    "SELECT COUNT(*), SUM(amount_rupiah * (account % 97)), SUM(business_day), 0 FROM journal_line",
    "SELECT COUNT(*), SUM(reason), SUM(ended_on), 0 FROM membership_end",
)


def digest(agency):
    return [[int(value or 0) for value in agency.rows(sql)[0]] for sql in DIGESTS]


def before_the_decisions(t, name):
    """A demo with claims on savings that are complete."""
    agency = Agency(t.engine, t.folder, name)
    agency.must("demo", "--scale", "0.1")
    agency.must("claim", "invent", "--count", "1200", "--savings-only", "--no-files")
    return agency


def kill_claims(t):
    whole = before_the_decisions(t, "claimkill")
    agencies = [another(whole, f"claimkill{number}") for number in range(2)]
    began = time.monotonic()
    whole.must(*COMMAND)
    seconds = time.monotonic() - began
    wanted = digest(whole)
    t.check_none(whole.verify(), "left alone")
    killed = halfway = 0
    for number, agency in enumerate(agencies):
        for _ in range(min(t.kills, 6)):
            process = agency.start(*COMMAND, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                process.wait(t.random.uniform(0.05, 0.8) * seconds)
                break
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
            killed += 1
            done = int(agency.rows("SELECT COUNT(*) FROM savings_withdrawal")[0][0])
            halfway += 0 < done < wanted[3][0]
        agency.must(*COMMAND)
        t.check(digest(agency) == wanted, f"{number}: after {killed} kills the rows are others")
        t.check_none(agency.verify(), f"{number}: after {killed} kills")
    t.check(killed > 0, "it was never killed: the fault is no fault")
    t.note(f"{t.engine}: killed {killed} times, {halfway} of them halfway; left alone it takes"
           f" {seconds:.1f} s")


def full_disk_claims(t):
    """No room at random places; with room again it goes on."""
    if t.engine != "sqlite":
        return  # The server's disk is the server's.
    environment = little_room(t)
    whole = before_the_decisions(t, "claimfull")
    agency = another(whole, "claimfull0")
    whole.must(*COMMAND)
    refused = 0
    for most in (100_000, 3_000_000, 3_000_000):  # The first is never enough.
        done = agency.run(*COMMAND, env=environment(t.random.randrange(most)))
        if done.code != 3:
            break
        refused += 1
        t.check("disk" in (done.out + done.err).lower(), f"exit {done.code}: {done.err[-300:]}")
    agency.must(*COMMAND)
    t.check(digest(agency) == digest(whole), "the rows are others")
    t.check_none(agency.verify(), "full disk")
    t.check(refused > 0, "the disk was never full: the fault is no fault")


SCENARIOS = [kill_claims, full_disk_claims]
