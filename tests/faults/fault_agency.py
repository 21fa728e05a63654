"""An agency to do harm to: makes it with the real binary, feeds it, and looks into its database with
other eyes (Python's sqlite3, psql), so that the program cannot vouch for itself."""
import collections
import csv
import io
import json
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "api"))
import test_login  # noqa: E402  (where the tests log in)

JARING = ROOT / "build" / "release" / "jaring"
TODAY = "2026-03-02"
VILLAGE = "3372011001"
AMOUNT = 16800  # The lowest bracket, JKK and JKM, before any relief of 2026.

Done = collections.namedtuple("Done", "code out err peak_kib")


def run(arguments, timeout=600, **options):
    """Runs the binary to its end; code is negative when a signal killed it."""
    process = subprocess.Popen([JARING, *map(str, arguments)], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, **options)
    out, err = process.communicate(timeout=timeout)
    return Done(process.returncode, out.decode(errors="replace"), err.decode(errors="replace"), 0)


def run_measured(arguments, folder):
    """Like run, with the peak of memory; output through files, so that nothing can block."""
    with open(folder / "out", "wb") as out, open(folder / "err", "wb") as err:
        process = subprocess.Popen([JARING, *map(str, arguments)], stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return Done(process.returncode, (folder / "out").read_text(errors="replace")[:1_000_000],
                (folder / "err").read_text(errors="replace")[:1_000_000], usage.ru_maxrss)


def nik_of(index):
    """A well-formed identity number, different for each index below 9'999 * 28 * 12 * 20."""
    index, serial = divmod(index, 9999)
    index, day = divmod(index, 28)
    index, month = divmod(index, 12)
    return f"337201{day + 1:02}{month + 1:02}{75 + index % 20:02}{serial + 1:04}"


def name_of(index):
    """Digits make no name."""
    return "Orang " + "".join(chr(ord("a") + int(digit)) for digit in str(index))


def birth_date_of(nik):
    return f"19{nik[10:12]}-{nik[8:10]}-{nik[6:8]}"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Agency:
    """One database with members; `engine` is "sqlite" or "postgres"; `server` another than that of
    the tests."""

    def __init__(self, engine, folder, name, server=None):
        self.engine, self.folder = engine, folder
        folder.mkdir(parents=True, exist_ok=True)
        if engine == "sqlite":
            self.file = folder / f"{name}.db"
            self.address = f"sqlite:{self.file}"
        else:
            server = server or os.environ["JARING_TEST_POSTGRES"]
            subprocess.run(["psql", "-q", server, "-c", f'CREATE DATABASE "{name}"'], check=True)
            self.address = server.rsplit("/", 1)[0] + "/" + name
        self.today = TODAY
        self.codes = []
        self.members = []
        self.client = None

    def options(self):
        options = ["--db", self.address, "--today", self.today]
        if self.engine == "postgres":
            options += ["--key-file", self.folder / "key"]
        return options

    def run(self, *arguments, **options):
        return run([*arguments, *self.options()], **options)

    def must(self, *arguments):
        done = self.run(*arguments)
        if done.code != 0:
            raise RuntimeError(f"jaring {' '.join(map(str, arguments))}: exit {done.code}\n"
                               f"{done.out[-500:]}{done.err[-500:]}")
        return done

    def start(self, *arguments, **options):
        return subprocess.Popen([JARING, *map(str, arguments), *map(str, self.options())],
                                **options)

    def create(self, people):
        self.must("init")
        self.must("group", "add", "pasar", "Pedagang Pasar", "--kind", "association", "--branch",
                  "surakarta")
        self.must("partner", "add", "pos", "Kantor Pos")
        path = self.folder / "people.csv"
        write_people(path, range(people))
        done = self.must("enrol", path, "--group", "pasar", "--json", "--list")
        members = json.loads(done.out)["members"]
        self.codes = [m["bill_code"] for m in members]
        self.members = [m["member_number"] for m in members]
        return self

    def wide_settings(self):
        """A settings file in which callers may ask more than anybody does."""
        path = self.folder / "jaring.toml"
        path.write_text("[rates]\n" + "".join(
            f"{who}_{what} = 1000000\n" for who in ("user", "device", "partner")
            for what in ("reads", "writes", "payments", "files")))
        return path

    def partner_client(self):
        """(client_id, client_secret) of the partner's program, made once."""
        if self.client is None:
            self.client = test_login.add_client(JARING, self.options(), "pos")
        return self.client

    def verify(self):
        """None when the books are sound, else what `jaring verify` said."""
        done = self.run("verify")
        return None if done.code == 0 else f"verify: exit {done.code}: {done.out}{done.err}"[-1500:]

    def stored(self, prefix):
        """reference → list of (kind, rupiah) of every payment whose reference begins so."""
        query = (f"SELECT reference, kind, amount_rupiah FROM payment WHERE reference LIKE "
                 f"'{prefix}%'")
        found = collections.defaultdict(list)
        for reference, kind, amount in self.rows(query):
            found[reference].append((int(kind), int(amount)))
        return found

    def rows(self, query):
        if self.engine == "sqlite":
            connection = sqlite3.connect(self.file)
            try:
                return connection.execute(query).fetchall()
            finally:
                connection.close()
        out = subprocess.run(["psql", "--csv", "-t", self.address, "-c", query], check=True,
                             capture_output=True, text=True).stdout
        return list(csv.reader(io.StringIO(out)))

    def copy(self, name):
        """A second agency with the same files; SQLite only, and nobody may be using it."""
        other = Agency(self.engine, self.folder, name)
        for path in self.folder.glob(self.file.name + "*"):
            shutil.copy2(path, str(path).replace(self.file.name, other.file.name, 1))
        other.codes, other.members, other.client = self.codes, self.members, self.client
        return other


def write_people(path, indexes):
    with open(path, "w", encoding="utf-8") as out:
        out.write("nik,name,birth_date,sex,village_code,phone,trade,income,programmes,language\n")
        for index in indexes:
            nik = nik_of(index)
            out.write(f"{nik},{name_of(index)},{birth_date_of(nik)},L,{VILLAGE},,trade,1000000,"
                      f"\"JKK,JKM\",id\n")


def payment_lines(codes, prefix):
    for number, code in enumerate(codes):
        yield f"{code},,{AMOUNT},2026-03-01T08:00:00+07:00,{prefix}{number:07},loket\n"


PAYMENT_HEADER = "bill_code,nik,amount,paid_at,reference,channel\n"


def write_payments(path, codes, prefix):
    with open(path, "w", encoding="utf-8") as out:
        out.write(PAYMENT_HEADER)
        out.writelines(payment_lines(codes, prefix))


def once_each(stored, wanted):
    """What is wrong with `stored`, of which each reference of `wanted` must be there exactly once
    with its amount; None when all is well."""
    lost = [r for r in wanted if r not in stored]
    twice = [r for r, found in stored.items() if len(found) != 1]
    wrong = [r for r, found in stored.items() if found[0] != (1, AMOUNT)]
    if lost or twice or wrong:
        return (f"{len(lost)} lost {lost[:3]}, {len(twice)} twice {twice[:3]}, {len(wrong)} with"
                f" another amount {wrong[:3]}")
    return None


class Server:
    """`jaring serve` on a free port, with this settings file."""

    def __init__(self, agency, config=None):
        self.port = free_port()
        self.log = open(agency.folder / "serve.log", "ab")
        self.process = agency.start("--config", config or agency.wide_settings(), "serve",
                                    "--listen", f"127.0.0.1:{self.port}", stdout=self.log,
                                    stderr=self.log)
        self.wait_until_ready()
        self.token = test_login.client_token(f"http://127.0.0.1:{self.port}",
                                             *agency.partner_client())

    def wait_until_ready(self):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5):
                    return
            except OSError:
                time.sleep(0.02)
        self.kill()
        raise RuntimeError(f"the server did not start: see {self.log.name}")

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.log.close()

    def stop(self):
        """Asks politely; returns the exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=60)
        self.log.close()
        return code
