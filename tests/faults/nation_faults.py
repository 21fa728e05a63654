"""The invented nation, killed or without room in each of its steps: the same command goes on, and the
rows are those of one that was left alone."""
import os
import signal
import subprocess
import time

from disk_faults import little_room
from fault_agency import Agency

SCALE = 0.0006  # 30,000 people: several transactions of rows found by a value, one or two of people.
MAKE = ("demo", "--scenario", "nation", "--scale", SCALE, "--seed", 7)
DIGESTS = (
    "SELECT COUNT(*), SUM(person_id % 9973 * (birth_date % 9949)), SUM(village_code), SUM(warnings)"
    " FROM person",
    "SELECT COUNT(*), SUM(person_id % 9973 * (paid_through % 9949)), SUM(income_rupiah),"
    " SUM(cohort_id * (acquired_on % 97)) FROM membership",
    "SELECT COUNT(*), SUM(payment_id % 9973 * (amount_rupiah % 9949)), SUM(person_id), MAX(payment_id)"
    " FROM payment",
    "SELECT COUNT(*), SUM(contribution_id % 9973 * (jkk_rupiah + jkm_rupiah + jht_rupiah)),"
    " SUM(person_id), MAX(contribution_id) FROM contribution",
    "SELECT COUNT(*), SUM(payment_id % 9973 * (person_id % 9949)), SUM(amount_rupiah), 0"
    " FROM payment_reference",
    "SELECT COUNT(*), SUM(person_id % 9973), MAX(person_id), 0 FROM person_nik",
    "SELECT COUNT(*), SUM(person_id % 9973 * (likeness % 9949)), MAX(person_id), 0"
    " FROM person_likeness",
    "SELECT COUNT(*), SUM(person_id % 9973), MAX(person_id), 0 FROM person_phone",
    "SELECT COUNT(*), SUM(amount_rupiah * (account % 97)), SUM(business_day), 0 FROM journal_line",
    "SELECT COUNT(*), SUM(registered * (month % 97)), SUM(begun * (cohort_id % 97)),"
    " SUM(received_rupiah) FROM coverage_counter",
)


def digest(agency):
    return [[int(value) for value in agency.rows(sql)[0]] for sql in DIGESTS]


def left_alone(t):
    """What it is to be, and how long it takes."""
    agency = Agency(t.engine, t.folder, "nationwhole")
    began = time.monotonic()
    agency.must(*MAKE)
    seconds = time.monotonic() - began
    t.check_none(agency.verify(), "left alone")
    return digest(agency), seconds


def kill_nation(t):
    """kill -9 at random moments, again and again, until it is done."""
    wanted, seconds = left_alone(t)
    agency = Agency(t.engine, t.folder, "nationkilled")
    killed = 0
    most = min(t.kills, 6)
    for _ in range(4 * most):
        process = agency.start(*MAKE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(t.random.uniform(0.02, 1.0) * seconds if killed < most else None)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            killed += 1
        else:
            break
    t.check(process.returncode == 0, f"at last: exit {process.returncode}")
    t.check(killed > 0, "it was never killed: the fault is no fault")
    t.check(digest(agency) == wanted, f"after {killed} kills the rows are others")
    t.check_none(agency.verify(), f"after {killed} kills")
    t.note(f"{t.engine}: killed {killed} times; left alone it takes {seconds:.1f} s")


def full_disk_nation(t):
    """No room at random places; with room again it goes on."""
    if t.engine != "sqlite":
        return  # The server's disk is the server's.
    environment = little_room(t)
    wanted, _ = left_alone(t)
    size = os.path.getsize(t.folder / "nationwhole.db")
    refused = 0
    for number in range(3):
        agency = Agency("sqlite", t.folder / str(number), "nationfull")
        for _ in range(3):
            done = agency.run(*MAKE, env=environment(t.random.randrange(size // 20, size)))
            if done.code == 0:
                break
            refused += 1
            t.check(done.code == 3 and "disk" in (done.out + done.err).lower(),
                    f"exit {done.code}: {done.err[-300:]}")
        if done.code != 0:
            agency.must(*MAKE)
        t.check(digest(agency) == wanted, f"{number}: the rows are others")
        t.check_none(agency.verify(), f"{number}: full disk")
    t.check(refused > 0, "the disk was never full: the fault is no fault")


SCENARIOS = [kill_nation, full_disk_nation]
