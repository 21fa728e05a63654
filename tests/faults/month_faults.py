"""`jaring month` and `jaring interest`, killed or without room anywhere: the same command goes on and
ends in the books of one that was left alone, row for row, and says the same of every file."""
import json
import os
import shutil
import signal
import subprocess
import time

from disk_faults import little_room
from fault_agency import AMOUNT, PAYMENT_HEADER, ROOT, Agency
from nation_faults import DIGESTS

PEOPLE = 12_000
MONTH = "2026-03"
AFTERWARDS = "2026-04-02"
MORE_DIGESTS = (
    *DIGESTS[1:5], *DIGESTS[8:],
    "SELECT COUNT(*), SUM(month), SUM(amount_rupiah % 9973), 0 FROM closed_balance",
    "SELECT COUNT(*), SUM(payment_id), SUM(booked_on), 0 FROM late_posting",
    "SELECT COUNT(*), SUM(payment_id), SUM(amount_rupiah), 0 FROM suspense",
    "SELECT COUNT(*), SUM(posted), SUM(suspended), SUM(late) FROM month_file",
)
MONTH_COMMAND = ("month", "--month", MONTH, "--json")
# What is in the files, and what must become of it: rows, accepted, repeated, rejected, suspended.
EXPECTED = (2 * PEOPLE + 9, 2 * PEOPLE + 1, 2, 3, 3)


def digest(agency):
    return [[int(value or 0) for value in agency.rows(sql)[0]] for sql in MORE_DIGESTS]


def write_files(t, agency):
    """Everybody pays twice, at one of two partners each time; the rows in no order, some bad."""
    folder = agency.folder / "inbox"
    folder.mkdir()
    lines = {("pos", 0): [], ("pos", 1): [], ("bank", 0): [], ("bank", 1): []}
    for number, code in enumerate(agency.codes):
        for time_paid in (0, 1):
            partner = t.random.choice(("pos", "bank"))
            day = 1 + (number + 14 * time_paid) % 28
            lines[partner, number % 2].append(
                f"{code},,{AMOUNT},2026-03-{day:02},{partner}-{time_paid}-{number:07},loket\n")
    first = lines["pos", 0][0]
    lines["pos", 1] += [first, first]                                     # Repeated.
    lines["pos", 0] += [f"{agency.codes[0]},,12,x,bad,loket\n",
                        first.replace(f",{AMOUNT},", f",-{AMOUNT},")]     # Taken back.
    lines["bank", 0] += [f",3372010101800{n:03},{AMOUNT},2026-03-02,nobody-{n},loket\n"
                         for n in (1, 2, 3)] + ["1,2,3,4,5,6,7,8\n"]
    for (partner, part), some in lines.items():
        t.random.shuffle(some)
        if (partner, part) == ("pos", 0):  # Another amount; of one reference the first row counts.
            some.append(first.replace(f",{AMOUNT},", ",17000,"))
        (folder / f"{partner}-{part}.csv").write_text(PAYMENT_HEADER + "".join(some))
    return folder


def before_the_month(t, name):
    """An agency whose members wait for their month, and the folder of its files."""
    agency = Agency(t.engine, t.folder, name).create(PEOPLE)
    agency.must("partner", "add", "bank", "Bank")
    agency.today = AFTERWARDS
    return agency, write_files(t, agency)


def another(agency, name):
    """One more agency like it, as it is now."""
    if agency.engine == "sqlite":
        other = agency.copy(name)
    else:
        other = Agency(agency.engine, agency.folder, name)
        subprocess.run(f"pg_dump {agency.address} | psql -q {other.address}", shell=True, check=True,
                       stdout=subprocess.DEVNULL)
    other.today = agency.today
    return other


def fresh_copies(whole, name):
    """Copies of `whole` as it is now, one after the other, whatever becomes of it meanwhile."""
    spare = another(whole, f"{name}spare")
    return (another(spare, f"{name}{number}") for number in range(8))


def said(done):
    """What the command says of the files, without where and when."""
    answer = json.loads(done)
    return [[f["partner"], *(f[key] for key in ("rows", "accepted", "repeated", "rejected",
                                                "suspended", "late"))] for f in answer["files"]]


def left_alone(t, whole, folder):
    began = time.monotonic()
    done = whole.run(*MONTH_COMMAND, folder)
    seconds = time.monotonic() - began
    t.check(done.code == 1, f"left alone: exit {done.code}: {done.err[-500:]}")
    answer = json.loads(done.out)
    counts = tuple(answer[key] for key in ("rows", "accepted", "repeated", "rejected", "suspended"))
    t.check(counts == EXPECTED, f"left alone: {counts}, not {EXPECTED}")
    t.check_none(whole.verify(), "left alone")
    return digest(whole), said(done.out), seconds


def is_refused(t, process, another_one, rule):
    """Whether `another_one`, run while `process` stands still, is refused by that rule; else the
    process was stopped before it had begun."""
    for _ in range(20):
        process.send_signal(signal.SIGSTOP)  # It is at it for as long as we like.
        beside = another_one()
        if "db.busy" not in beside.err:
            break
        process.send_signal(signal.SIGCONT)  # It was just opening the database: a little further.
        time.sleep(0.02)
    t.check(beside.code in (0, 1) or rule in beside.err,
            f"beside another: exit {beside.code}: {beside.err[-300:]}")
    return beside.code == 3


def kill_month(t):
    """kill -9 at random moments, again and again, until it is done; a second one beside it is
    refused."""
    whole, folder = before_the_month(t, "monthkill")
    agencies = fresh_copies(whole, "monthkill")
    wanted, wanted_words, seconds = left_alone(t, whole, folder)
    killed = refused = 0
    for number, agency in enumerate(agencies):
        if number >= 3 and killed > 0 and refused > 0:
            break  # Chance has given both.
        for attempt in range(min(t.kills, 6)):
            process = agency.start(*MONTH_COMMAND, folder, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
            began = time.monotonic()
            try:
                process.wait(t.random.uniform(0.05, 1.0) * seconds)
                if attempt == 0:
                    seconds = min(seconds, time.monotonic() - began)
                break
            except subprocess.TimeoutExpired:
                pass
            if refused == 0:
                refused += is_refused(t, process, lambda: agency.run(*MONTH_COMMAND, folder),
                                      "month.running")
            process.send_signal(signal.SIGKILL)
            process.wait()
            killed += 1
        done = agency.run(*MONTH_COMMAND, folder)
        t.check(done.code in (0, 1), f"{number}: at last: exit {done.code}: {done.err[-300:]}")
        if "finished_before" not in done.out:
            t.check(said(done.out) == wanted_words, f"{number}: {said(done.out)}")
        t.check(digest(agency) == wanted, f"{number}: after {killed} kills the rows are others")
        t.check_none(agency.verify(), f"{number}: after {killed} kills")
    t.check(killed > 0, "it was never killed: the fault is no fault")
    t.check(refused > 0, "no two were at it at once: the fault is no fault")
    t.note(f"{t.engine}: killed {killed} times; left alone it takes {seconds:.1f} s")


def full_disk_month(t):
    """No room at random places, for what is put in order or for the database; with room again it
    goes on."""
    if t.engine != "sqlite":
        return  # The server's disk is the server's.
    environment = little_room(t)
    whole, folder = before_the_month(t, "monthfull")
    agencies = [another(whole, f"monthfull{number}") for number in range(4)]
    wanted, _, _ = left_alone(t, whole, folder)
    refused = 0
    for number, agency in enumerate(agencies):
        for most in (200_000, 10_000_000, 10_000_000):  # The first is never enough.
            done = agency.run(*MONTH_COMMAND, folder, env=environment(t.random.randrange(most)))
            if done.code != 3:
                break
            refused += 1
            t.check("disk" in (done.out + done.err).lower(),
                    f"exit {done.code}: {done.err[-300:]}")
        agency.run(*MONTH_COMMAND, folder)
        t.check(digest(agency) == wanted, f"{number}: the rows are others")
        t.check_none(agency.verify(), f"{number}: full disk")
    t.check(refused > 0, "the disk was never full: the fault is no fault")
    t.check(not [name for name in os.listdir(whole.folder) if "spool" in name], "work files left")


def damaged_month(t):
    """A file that is cut off or is no table stops all, and nothing is done; mended, all is."""
    whole, folder = before_the_month(t, "monthdamaged")
    damaged = folder / "bank-9.csv"
    for text, rule in ((PAYMENT_HEADER + f"{whole.codes[0]},,{AMOUNT},2026-03-09,cut,loket\n"
                        f"TOTAL,2,{2 * AMOUNT}\n", "file.control_total_differs"),
                       ("\0\0\0\0", "file."), ("", "file.empty")):
        damaged.write_text(text)
        done = whole.run(*MONTH_COMMAND, folder)
        t.check(done.code == 3 and rule in done.err and "bank-9.csv" in done.err,
                f"{rule}: exit {done.code}: {done.err[-300:]}")
        t.check(int(whole.rows("SELECT COUNT(*) FROM payment")[0][0]) == 0, f"{rule}: posted some")
    damaged.unlink()
    shutil.rmtree(folder / "empty", ignore_errors=True)
    left_alone(t, whole, folder)


RETURN_DIGESTS = (
    "SELECT COUNT(*), SUM(person_id % 9973 * (amount_rupiah % 9949)), SUM(amount_rupiah), 0"
    " FROM savings_return",
    "SELECT COUNT(*), SUM(amount_rupiah * (account % 97)), SUM(business_day), 0 FROM journal_line",
    "SELECT SUM(year), SUM(person_count), SUM(amount_rupiah), SUM(done_person_id) FROM return_run",
)


def return_digest(agency):
    return [[int(value or 0) for value in agency.rows(sql)[0]] for sql in RETURN_DIGESTS]


def before_the_interest(t, name):
    """The invented nation after a closed year, its return declared, and the command."""
    agency = Agency(t.engine, t.folder, name)
    agency.today = "2026-12-20"
    agency.must("demo", "--scenario", "nation", "--scale", 0.003, "--seed", 7)
    agency.today = "2027-01-05"
    agency.must("close", "2026-12")
    scheme = t.folder / "scheme"
    shutil.copytree(ROOT / "schemes" / "id-bpu", scheme)
    with open(scheme / "declared-returns.toml", "a", encoding="utf-8") as out:
        for year in (2025, 2026):
            out.write(f'[[declared_return]]\nyear = {year}\nppm = 60_000\n'
                      'source = "pp46-2015:22"\nconfidence = "M"\n')
    agency.must("--scheme", scheme, "interest", 2025)
    return agency, ("--scheme", scheme, "interest", 2026)


def kill_interest(t):
    """kill -9 at random moments until it is done; a second one beside it is refused."""
    whole, command = before_the_interest(t, "interestkill")
    agencies = fresh_copies(whole, "interestkill")
    began = time.monotonic()
    whole.must(*command)
    seconds = time.monotonic() - began
    wanted = return_digest(whole)
    t.check(wanted[0][0] > 60_000, f"too few earned anything: {wanted[0][0]}")
    t.check_none(whole.verify(), "left alone")
    killed = halfway = refused = 0
    for number, agency in enumerate(agencies):
        if number >= 2 and killed > 0 and refused > 0:
            break  # Chance has given both.
        for attempt in range(min(t.kills, 6)):
            process = agency.start(*command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            began = time.monotonic()
            try:
                process.wait(t.random.uniform(0.05, 0.9) * seconds)
                if attempt == 0:
                    seconds = min(seconds, time.monotonic() - began)
                break
            except subprocess.TimeoutExpired:
                pass
            if refused == 0:
                refused += is_refused(t, process, lambda: agency.run(*command), "interest.running")
            process.send_signal(signal.SIGKILL)
            process.wait()
            killed += 1
            halfway += 0 < return_digest(agency)[0][0] < wanted[0][0]
        agency.must(*command)
        t.check(return_digest(agency) == wanted, f"{number}: after {killed} kills other rows")
        t.check_none(agency.verify(), f"{number}: after {killed} kills")
    t.check(killed > 0, "it was never killed: the fault is no fault")
    t.check(refused > 0, "no two were at it at once: the fault is no fault")
    t.note(f"{t.engine}: killed {killed} times, {halfway} of them halfway; left alone it takes"
           f" {seconds:.1f} s")


def full_disk_interest(t):
    """No room at random places; with room again it goes on."""
    if t.engine != "sqlite":
        return  # The server's disk is the server's.
    environment = little_room(t)
    whole, command = before_the_interest(t, "interestfull")
    agencies = [another(whole, f"interestfull{number}") for number in range(2)]
    whole.must(*command)
    wanted = return_digest(whole)
    refused = 0
    for number, agency in enumerate(agencies):
        for most in (100_000, 4_000_000, 4_000_000):  # The first is never enough.
            done = agency.run(*command, env=environment(t.random.randrange(most)))
            if done.code != 3:
                break
            refused += 1
            t.check("disk" in (done.out + done.err).lower(),
                    f"exit {done.code}: {done.err[-300:]}")
        agency.must(*command)
        t.check(return_digest(agency) == wanted, f"{number}: the rows are others")
        t.check_none(agency.verify(), f"{number}: full disk")
    t.check(refused > 0, "the disk was never full: the fault is no fault")


SCENARIOS = [kill_month, full_disk_month, damaged_month, kill_interest, full_disk_interest]
