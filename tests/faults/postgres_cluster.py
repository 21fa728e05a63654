"""A PostgreSQL of a scenario's own."""
import contextlib
import os
import pathlib
import signal
import subprocess
import time

from fault_agency import free_port

BIN = pathlib.Path("/usr/lib/postgresql/15/bin")


class Cluster:
    """May be stopped, and holds nothing of others; tests/with_postgres.sh keeps its own running.
    With `primary` it is a hot standby of that cluster, called "standby"."""

    def __init__(self, folder, primary=None):
        self.folder = folder
        folder.mkdir(parents=True)
        self.user = []
        if os.getuid() == 0:
            for parent in (folder, *folder.parents):
                if parent.parent != parent and parent != pathlib.Path("/tmp"):
                    os.chmod(parent, 0o755)
            subprocess.run(["chown", "postgres:postgres", folder], check=True)
            self.user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
        self.settings = []
        if primary is None:
            subprocess.run([*self.user, BIN / "initdb", f"--pgdata={folder}/data", "--auth=trust",
                            "--username=postgres", "--encoding=UTF8", "--no-locale"], check=True,
                           stdout=subprocess.DEVNULL, cwd=folder)
        else:
            subprocess.run([*self.user, BIN / "pg_basebackup", f"--pgdata={folder}/data",
                            "--checkpoint=fast", "--write-recovery-conf", "-d", primary.address],
                           check=True, cwd=folder)
            self.settings = ["-c", f"primary_conninfo={primary.address}?application_name=standby"]
        self.port = free_port()
        self.address = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        self.process = None
        self.start()

    def start(self):
        with open(self.folder.parent / "postgres.log", "ab") as log:
            self.process = subprocess.Popen(
                [*self.user, BIN / "postgres", "-D", f"{self.folder}/data", "-c",
                 f"port={self.port}", "-c", "listen_addresses=127.0.0.1", "-c",
                 f"unix_socket_directories={self.folder}", *self.settings], stdout=log, stderr=log,
                cwd=self.folder)
        end = time.monotonic() + 60
        while subprocess.run([BIN / "pg_isready", "-q", "-h", self.folder, "-p", str(self.port)],
                             check=False).returncode != 0:
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("the database server did not start")
            time.sleep(0.05)

    def sql(self, command):
        """One value; straight at this cluster, whoever is the primary."""
        return subprocess.run(["psql", "-qXAt", self.address, "-c", command], check=True,
                              capture_output=True, text=True).stdout.strip()

    def children(self, name=""):
        """Processes of this cluster whose title holds `name`."""
        listed = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(self.process.pid)],
                                check=False, capture_output=True, text=True).stdout
        return [int(line.split()[0]) for line in listed.splitlines() if name in line]

    def lose(self):
        """The machine is gone, in the middle of whatever it did: nothing more leaves it."""
        self.process.send_signal(signal.SIGSTOP)  # It starts no others meanwhile.
        for child in self.children():
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self.process.kill()
        self.process.wait(timeout=60)

    def stop(self, how):
        """SIGINT ends all sessions in order, SIGQUIT as a crash does."""
        self.process.send_signal(how)
        self.process.wait(timeout=60)
