"""Disks that are full or read-only, books that somebody else is writing in, books that were
damaged: clear errors, nothing lost."""
import os
import pathlib
import shutil
import sqlite3
import subprocess

from fault_agency import (Agency, JARING, ROOT, Server, free_port, once_each, payment_lines, run,
                          write_payments, write_people)

ROWS = 4000


def little_room(t):
    """Returns what makes an environment whose disk takes only so many bytes more."""
    library = t.folder / "full_disk.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library,
                    ROOT / "tests/faults/full_disk.c", "-ldl"], check=True)
    return lambda room: {**os.environ, "LD_PRELOAD": str(library), "FULL_DISK_AFTER": str(room)}


def full_disk(t):
    """The disk takes so many bytes and then no more, at random places; with room again the same
    file brings the rest."""
    if t.engine != "sqlite":
        return  # The server's disk is the server's; its error comes as db.disk_full, unit-tested.
    environment = little_room(t)
    agency = Agency("sqlite", t.folder, "full").create(ROWS)
    path = agency.folder / "payments.csv"
    refused = 0
    for number in range(12):
        prefix = f"F{number:02}-"
        write_payments(path, agency.codes, prefix)
        room = t.random.randrange(0, 1_500_000)
        done = agency.run("collect", path, "--partner", "pos", env=environment(room))
        stored = agency.stored(prefix)
        t.check_none(once_each(stored, []), f"room for {room}")
        t.check_none(agency.verify(), f"room for {room}")
        if done.code == 0:
            t.check(len(stored) == ROWS, f"room for {room}: exit 0, {len(stored)} stored")
        else:
            refused += 1
            t.check(done.code in (1, 3), f"room for {room}: exit {done.code}: {done.err[-300:]}")
            words = (done.out + done.err).lower()
            t.check("disk" in words, f"room for {room}: does not speak of the disk: {words[-300:]}")
        agency.must("collect", path, "--partner", "pos")
        t.check_none(once_each(agency.stored(prefix), [f"{prefix}{i:07}" for i in range(ROWS)]),
                     f"room for {room}: again")
    t.check(refused > 0, "the disk was never full: the fault is no fault")
    t.check_none(agency.verify(), "full disk")


def full_disk_for_refused_rows(t):
    """No room for the file of refused rows, or for the people: never half a file, and with room
    again all is done."""
    environment = little_room(t)
    agency = Agency(t.engine, t.folder, "fullenrol").create(1)
    refused = 0
    for number in range(8):
        people = range(1000 * (number + 1), 1000 * (number + 1) + 500)
        path = agency.folder / f"people{number}.csv"
        write_people(path, people)
        with open(path, "a", encoding="utf-8") as out:
            out.writelines("12,Nama,1990-01-01,L,1,,trade,1,JKK,id\n" for _ in range(500))
        room = t.random.randrange(0, 400_000 if t.engine == "sqlite" else 80_000)
        done = agency.run("enrol", path, "--group", "pasar", env=environment(room))
        rejected = path.with_name(path.name + ".rejected.csv")
        t.check(done.code in (1, 3), f"room for {room}: exit {done.code}: {done.err[-300:]}")
        if done.code == 3:
            refused += 1
            t.check("disk" in done.err.lower(), f"room for {room}: {done.err[-300:]}")
            t.check(not rejected.exists(), f"room for {room}: half a file of refused rows")
        t.check(not list(agency.folder.glob("*.partial-*")), f"room for {room}: a partial file")
        t.check(agency.run("enrol", path, "--group", "pasar").code == 1, "again")
        t.check(len(rejected.read_text().splitlines()) == 501, f"room for {room}: refused rows")
        count = int(agency.rows("SELECT count(*) FROM person")[0][0])
        t.check(count == 1 + 500 * (number + 1), f"room for {room}: {count} people")
    t.check(refused > 0, "the disk was never full: the fault is no fault")
    t.check_none(agency.verify(), "full disk, refused rows")


def read_only(t):
    """A database one may not write: asking works or is refused clearly, posting is refused."""
    if t.engine != "sqlite":
        return
    agency = Agency("sqlite", t.folder, "readonly").create(3)
    path = agency.folder / "payments.csv"
    write_payments(path, agency.codes, "RO-")
    guest = Guest(t.folder)
    for file in [agency.folder, *agency.folder.glob("*")]:
        os.chmod(file, 0o555 if file.is_dir() else 0o444)
    posted = guest.run("collect", path, "--partner", "pos", *agency.options())
    asked = guest.run("cover", agency.members[0], *agency.options())
    os.chmod(agency.folder, 0o755)
    for file in agency.folder.glob("*"):
        os.chmod(file, 0o600)
    words = (posted.out + posted.err).lower()
    t.check(posted.code == 3, f"collect: exit {posted.code}: {words[-300:]}")
    t.check(any(w in words for w in ("read-only", "read only", "not writable", "db.read_only")),
            f"collect: does not say read-only: {words[-300:]}")
    t.check(asked.code in (0, 3), f"cover: exit {asked.code}: {asked.err[-300:]}")
    t.check(not agency.stored("RO-"), "something was posted")
    t.check_none(agency.verify(), "read-only")


class Guest:
    """The program run by a user to whom permissions mean something; root minds none."""

    def __init__(self, folder):
        self.home = folder / "program"
        if os.getuid() != 0:
            return
        for path in folder.parents:
            if path != pathlib.Path("/tmp") and path != pathlib.Path("/"):
                os.chmod(path, 0o755)
        os.chmod(folder, 0o755)
        self.home.mkdir(exist_ok=True)
        shutil.copy2(JARING, self.home / "jaring")
        for name in ("schemes", "data", "migrations"):
            shutil.copytree(ROOT / name, self.home / name, dirs_exist_ok=True)

    def run(self, *arguments):
        if os.getuid() != 0:
            return run(arguments)
        done = subprocess.run(
            ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", self.home / "jaring",
             *map(str, arguments), "--data-root", self.home], capture_output=True, text=True,
            check=False)
        done.code, done.out, done.err = done.returncode, done.stdout, done.stderr
        return done


def two_at_once(t):
    """Two processes on one database, the same file and different files, and a server beside them:
    each waits or says that somebody else is writing; each payment once."""
    agency = Agency(t.engine, t.folder, "two").create(ROWS)
    shared = agency.folder / "shared.csv"
    for number in range(4):
        prefix = f"T{number}-"
        write_payments(shared, agency.codes, f"{prefix}S")
        own = [agency.folder / f"own{i}.csv" for i in range(2)]
        for i in range(2):
            write_payments(own[i], agency.codes, f"{prefix}{i}")
        people = agency.folder / "more.csv"
        write_people(people, range(10_000 + number * 500, 10_500 + number * 500))
        commands = [("collect", path, "--partner", "pos") for path in [shared, shared, *own]]
        commands.append(("enrol", people, "--group", "pasar"))
        running = [agency.start(*command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
                   for command in commands]
        for process, command in zip(running, commands):
            err = process.communicate(timeout=300)[1].decode(errors="replace")
            t.check(process.returncode in (0, 3), f"{command[0]}: exit {process.returncode}:"
                    f" {err[-300:]}")
            t.check(process.returncode == 0 or err.strip() != "", f"{command[0]}: says nothing")
        for command in commands:
            agency.must(*command)
        for letter in "S01":
            wanted = [f"{prefix}{letter}{i:07}" for i in range(ROWS)]
            t.check_none(once_each(agency.stored(f"{prefix}{letter}"), wanted), f"round {number}")
    server = Server(agency)
    write_payments(shared, agency.codes, "TS-")
    done = agency.run("collect", shared, "--partner", "pos")
    t.check(done.code == 0, f"collect beside a server: exit {done.code}: {done.err[-300:]}")
    second = run(["serve", "--listen", f"127.0.0.1:{server.port}", *agency.options()])
    t.check(second.code in (2, 3), f"a port in use: exit {second.code}: {second.err[-300:]}")
    t.check(server.stop() == 0, "the server did not stop in order")
    t.check_none(agency.verify(), "two at once")


def not_a_database(t):
    """Addresses that lead nowhere: each error names the way out."""
    folder = t.folder
    (folder / "text.db").write_text("this is no database\n" * 1000)
    cut = folder / "cut.db"
    if t.engine == "sqlite":
        agency = Agency("sqlite", folder, "whole").create(3)
        cut.write_bytes(agency.file.read_bytes()[:5000])
        addresses = {"missing": f"sqlite:{folder}/none.db", "text": f"sqlite:{folder}/text.db",
                     "cut": f"sqlite:{cut}", "folder": f"sqlite:{folder}", "scheme": "mysql://x/y",
                     "nothing": "sqlite:"}
    else:
        server = os.environ["JARING_TEST_POSTGRES"].rsplit("/", 1)[0]
        addresses = {"missing": f"{server}/none", "empty": f"{server}/postgres",
                     "nobody": f"postgresql://postgres@127.0.0.1:{free_port()}/x"}
    payments = folder / "p.csv"
    payments.write_text("".join(payment_lines(["1"], "N-")))
    for what, address in addresses.items():
        for command in (["collect", payments, "--partner", "pos"], ["cover", "10000000001"],
                        ["verify"], ["serve", "--listen", f"127.0.0.1:{free_port()}"]):
            done = run([*command, "--db", address], timeout=60)
            said = done.out + done.err
            t.check(done.code in (2, 3), f"{what}, {command[0]}: exit {done.code}: {said[-300:]}")
            t.check(said.strip() != "", f"{what}, {command[0]}: says nothing")
            if what == "missing" and t.engine == "sqlite":
                t.check("init" in said, f"missing, {command[0]}: does not name init: {said[-300:]}")
    t.check(not (folder / "none.db").exists(), "asking made a database")


def planted_damage(t):
    """The canary: damage done behind the program's back must be seen, by `jaring verify` and by
    this harness. Otherwise all the green above means nothing."""
    agency = Agency(t.engine, t.folder, "damage").create(50)
    path = agency.folder / "payments.csv"
    write_payments(path, agency.codes, "D-")
    agency.must("collect", path, "--partner", "pos")
    t.check_none(agency.verify(), "before the damage")
    damage = {
        "lost payment": "DELETE FROM payment WHERE reference = 'D-0000007'",
        "lost contribution": "DELETE FROM contribution WHERE contribution_id ="
                             " (SELECT min(contribution_id) FROM contribution)",
        "credit": "UPDATE membership SET credit_rupiah = credit_rupiah + 1 WHERE person_id ="
                  " (SELECT min(person_id) FROM membership)",
        "cover": "UPDATE membership SET paid_through = paid_through + 1 WHERE person_id ="
                 " (SELECT min(person_id) FROM membership WHERE paid_through IS NOT NULL)",
        "journal": "UPDATE journal_line SET amount_rupiah = amount_rupiah + 1 WHERE account ="
                   " (SELECT min(account) FROM journal_line)",
        "counter": "UPDATE coverage_counter SET registered = registered + 1",
        "amount": "UPDATE payment SET amount_rupiah = amount_rupiah + 1 WHERE reference ="
                  " 'D-0000009'",
        "key": "DELETE FROM payment_reference WHERE reference = 'D-0000011'",
        "person": "DELETE FROM person WHERE person_id = (SELECT max(person_id) FROM person)",
    }
    undo = Undo(agency)
    for what, statement in damage.items():
        undo.apply(statement)
        t.check(agency.verify() is not None, f"verify does not see: {what}")
        if what in ("lost payment", "amount"):
            wanted = [f"D-{i:07}" for i in range(50)]
            t.check(once_each(agency.stored("D-"), wanted) is not None, f"harness: {what}")
        undo.restore()
    t.check_none(agency.verify(), "after the damage was mended")


class Undo:
    """Applies a statement and takes it back by restoring a copy."""

    def __init__(self, agency):
        self.agency = agency
        if agency.engine == "postgres":
            subprocess.run(["psql", "-q", self.server(), "-c",
                            f'CREATE DATABASE "{self.name()}_copy" TEMPLATE "{self.name()}"'],
                           check=True)
        else:
            shutil.copytree(agency.folder, str(agency.folder) + ".copy")

    def name(self):
        return self.agency.address.rsplit("/", 1)[1]

    @staticmethod
    def server():
        return os.environ["JARING_TEST_POSTGRES"]

    def apply(self, statement):
        if self.agency.engine == "postgres":
            subprocess.run(["psql", "-q", self.agency.address, "-c", statement], check=True)
            return
        connection = sqlite3.connect(self.agency.file)
        connection.execute(statement)
        connection.commit()
        connection.close()

    def restore(self):
        if self.agency.engine == "postgres":
            for statement in (f'DROP DATABASE "{self.name()}"', f'CREATE DATABASE "{self.name()}"'
                              f' TEMPLATE "{self.name()}_copy"'):
                subprocess.run(["psql", "-q", self.server(), "-c", statement], check=True)
            return
        shutil.rmtree(self.agency.folder)
        shutil.copytree(str(self.agency.folder) + ".copy", self.agency.folder)


SCENARIOS = [full_disk, full_disk_for_refused_rows, read_only, two_at_once, not_a_database, planted_damage]
