"""A PostgreSQL 15 of the measurements' own: on loopback, in a temporary folder (TMPDIR, which must
be on the disk of build/bench), gone afterwards. SETTINGS are what differs from its defaults."""
import contextlib
import dataclasses
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from bench_tools import HOME

BIN = pathlib.Path("/usr/lib/postgresql/15/bin")
# The same for every contender; fsync, full_page_writes and synchronous_commit stay on.
SETTINGS = {
    "shared_buffers": "1GB",
    "max_wal_size": "8GB",  # With 1 GB a month is mostly checkpoints, each followed by whole pages.
    "min_wal_size": "8GB",  # Else only the first contender had to make the files of the log.
    "work_mem": "64MB",     # With 4 MB every set-based statement sorts on the disk.
}


@dataclasses.dataclass
class Used:
    """What the server has used since it was started."""
    processor: float  # Seconds, all its processes.
    written: int      # Bytes, all its processes: log, tables, scratch.
    log: int          # Bytes of write-ahead log.


class Cluster:
    """Runs until stop()."""

    def __init__(self):
        self.process = None
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="jaring-postgres."))
        self.user = []
        if os.getuid() == 0:  # PostgreSQL refuses to run as root.
            self.user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
            shutil.chown(self.folder, "postgres", "postgres")

    def start(self):
        if os.stat(self.folder).st_dev != os.stat(HOME).st_dev:
            raise SystemExit(f"bench: set TMPDIR to a folder on the disk of {HOME}")
        subprocess.run([*self.user, BIN / "initdb", f"--pgdata={self.folder}/data",
                        "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale"],
                       check=True, stdout=subprocess.DEVNULL, cwd=self.folder)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.server = f"postgresql://postgres@127.0.0.1:{port}"
        settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        with open(self.folder / "server.log", "wb") as log:
            # In a session of its own: Ctrl-C is for us, and we stop it when our programs are gone.
            self.process = subprocess.Popen(
                [*self.user, BIN / "postgres", "-D", f"{self.folder}/data", "-c", f"port={port}",
                 "-c", "listen_addresses=127.0.0.1", "-c",
                 f"unix_socket_directories={self.folder}", *settings], stdout=log, stderr=log,
                cwd=self.folder, start_new_session=True)
        end = time.monotonic() + 60
        while subprocess.run([BIN / "pg_isready", "-q", "-h", self.folder, "-p", str(port)],
                             check=False).returncode != 0:
            if self.process.poll() is not None or time.monotonic() > end:
                raise SystemExit("bench: PostgreSQL did not start:\n"
                                 + (self.folder / "server.log").read_text()[-2000:])
            time.sleep(0.05)

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)  # Ends all sessions.
            try:
                self.process.wait(timeout=300)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait()
        shutil.rmtree(self.folder)

    def sql(self, command, database="postgres"):
        """What a command answers, as text."""
        asked = ["psql", "-qXAt", "-v", "ON_ERROR_STOP=1", "-d", f"{self.server}/{database}", "-c",
                 command]
        return subprocess.run(asked, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()

    def used(self):
        log = int(self.sql("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint"))
        while True:
            children = self.children()
            with contextlib.suppress(OSError):
                # The first process has also what its children used that have ended.
                ticks = sum(stat(self.process.pid)[11:15])
                ticks += sum(sum(stat(child)[11:13]) for child in children)
                written = sum(map(bytes_written, [self.process.pid, *children]))
                if self.children() == children:
                    return Used(ticks / os.sysconf("SC_CLK_TCK"), written, log)

    def children(self):
        found = []
        for name in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError):
                if stat(name)[1] == self.process.pid:
                    found.append(int(name))
        return found


def stat(pid):
    """The fields of /proc/PID/stat after the name: 1 is the parent, 11 to 14 are processor time."""
    text = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    return [int(field) if field.lstrip("-").isdigit() else 0
            for field in text.rsplit(")", 1)[1].split()]


def bytes_written(pid):
    text = pathlib.Path(f"/proc/{pid}/io").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in text.splitlines()
                if line.startswith("write_bytes"))


@contextlib.contextmanager
def cluster():
    """A running cluster until the block ends, however it does."""
    made = Cluster()
    try:
        made.start()
        yield made
    finally:
        # Another Ctrl-C must not leave it running.
        handlers = {number: signal.signal(number, signal.SIG_IGN)
                    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
        made.stop()
        for number, handler in handlers.items():
            signal.signal(number, handler)
