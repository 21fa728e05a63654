#!/usr/bin/env python3
"""Ten thousand people who keep a connection open and do nothing, some who send a byte at a time, in
plain or within a TLS handshake, and some who never read what they asked for, must not slow the
others down. Once over plain HTTP and once under TLS: tests/load/idle_connections.py [BINARY]

Times and sizes are bounds with much room, so that a busy machine passes and a broken server does
not. Last line: "P passed, F failed".
"""
import contextlib
import pathlib
import re
import resource
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
WANTED = 10_000
SLOW = 200
DEAF = 20
SPARE = 200  # Files the test itself and Python keep open.
KIB_PER_CONNECTION = {"plain": 16, "tls": 32}
SLOWEST_ANSWER = 1.0  # Seconds; it takes less than a millisecond when all is well.
GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"

results = {"passed": 0, "failed": 0}
kind = {"now": "plain"}


def check(name, truth, detail):
    name = f"{kind['now']}: {name}"
    results["passed" if truth else "failed"] += 1
    print(f"{'ok    ' if truth else 'FAILED'} {name}: {detail}", flush=True)


def raise_file_limit():
    """As many open files as we may have; the server inherits it."""
    wanted = WANTED + SLOW + SPARE
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, wanted))
            return wanted
        wanted = hard
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    return max(soft, wanted)


def resident_kib(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1])


class Server:
    def __init__(self, binary, folder, tls):
        common = ["--db", f"sqlite:{folder}/agency.db", "--today", "2026-03-15"]
        if not pathlib.Path(folder, "agency.db").exists():
            subprocess.run([binary, "init", "--demo", *common], check=True,
                           stdout=subprocess.DEVNULL)
        options = []
        self.client = None
        if tls:
            options = self.make_certificate(folder)
            self.client = ssl.create_default_context(cafile=f"{folder}/server.crt")
        self.process = subprocess.Popen(
            [binary, "serve", *common, "--listen", "127.0.0.1:0", "--log-requests", "none",
             *options], stdout=subprocess.PIPE, text=True)
        self.port = int(re.search(r"port (\d+)", self.process.stdout.readline())[1])

    @staticmethod
    def make_certificate(folder):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost", "-keyout",
                        f"{folder}/server.key", "-out", f"{folder}/server.crt"],
                       check=True, stderr=subprocess.DEVNULL)
        return ["--tls-cert", f"{folder}/server.crt", "--tls-key", f"{folder}/server.key"]

    def connect_plain(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def connect(self):
        plain = self.connect_plain()
        return self.client.wrap_socket(plain, server_hostname="localhost") if self.client else plain

    def stop(self):
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(60)
        self.process.stdout.close()
        return status, time.monotonic() - began


def ask(connection):
    """One request; (answer, seconds)."""
    began = time.monotonic()
    connection.sendall(GET)
    answer = b""
    while not answer.endswith(b"ok\n"):
        got = connection.recv(4096)
        if not got:
            break
        answer += got
    return answer, time.monotonic() - began


def slowest_of(server, count):
    """The slowest of `count` answers, each on a new connection."""
    slowest = 0.0
    for _ in range(count):
        began = time.monotonic()
        with server.connect() as connection:
            answer, _ = ask(connection)
        if not answer.startswith(b"HTTP/1.1 200"):
            return float("inf")
        slowest = max(slowest, time.monotonic() - began)
    return slowest


def idle_and_awake(server, count):
    before = resident_kib(server.process.pid)
    idle = []
    for _ in range(count):
        connection = server.connect()
        connection.sendall(GET)  # Each has been answered once: that is when buffers are there.
        idle.append(connection)
    for connection in idle:
        connection.recv(4096)
    grown = resident_kib(server.process.pid) - before
    check(f"{count:,} idle connections", grown <= KIB_PER_CONNECTION[kind["now"]] * count,
          f"{grown / count:.1f} KiB each, {grown // 1024} MiB in all")
    slowest = slowest_of(server, 200)
    check("newcomers are answered", slowest < SLOWEST_ANSWER, f"slowest {slowest * 1000:.1f} ms")
    awake = [ask(connection) for connection in idle[::100]]
    check("who was idle is answered", all(a.startswith(b"HTTP/1.1 200") for a, _ in awake),
          f"{len(awake)} asked, slowest {max(s for _, s in awake) * 1000:.1f} ms")
    return idle


def is_cut_off(connection):
    """Whether the server has ended it: it answers a refusal, closes or resets."""
    connection.setblocking(False)
    try:
        connection.recv(4096)
    except (BlockingIOError, ssl.SSLWantReadError):
        connection.setblocking(True)
        return False
    except OSError:
        return True
    return True


def slow_senders(server):
    """A byte at a time never ends a request; the server's time limit must. Under TLS half of them
    never get beyond the handshake."""
    request = GET[:-2] + b"X: " + b"a" * 1000
    hello = b"\x16\x03\x01\x40\x00\x01\x00\x3f\xfc\x03\x03" + b"a" * 1000
    slow = [(server.connect(), request) for _ in range(SLOW // 2)]
    slow += [(server.connect_plain(), hello if server.client else request)
             for _ in range(SLOW // 2)]
    began = time.monotonic()
    closed = set()
    for sent in range(60):
        for connection, text in slow:
            if connection in closed:
                continue
            with contextlib.suppress(OSError):
                connection.sendall(text[sent:sent + 1])
            if is_cut_off(connection):
                closed.add(connection)
        if sent == 3:
            slowest = slowest_of(server, 100)
            check("answers beside slow senders", slowest < SLOWEST_ANSWER,
                  f"slowest {slowest * 1000:.1f} ms")
        if len(closed) == SLOW:
            break
        time.sleep(0.5)
    check("slow senders are cut off", len(closed) == SLOW,
          f"{len(closed)} of {SLOW} after {time.monotonic() - began:.1f} s")
    for connection, _ in slow:
        connection.close()


def deaf_clients(server):
    """They ask for page after page and read none, until the server takes no more of it."""
    deaf = [server.connect() for _ in range(DEAF)]
    for connection in deaf:
        connection.settimeout(0.2)
        with contextlib.suppress(TimeoutError, ssl.SSLWantWriteError):
            for _ in range(100):
                connection.sendall(b"GET /openapi.yaml HTTP/1.1\r\nHost: localhost\r\n\r\n" * 500)
    slowest = slowest_of(server, 100)
    check("answers beside those who do not read", slowest < SLOWEST_ANSWER,
          f"slowest {slowest * 1000:.1f} ms")
    return deaf


def deaf_are_cut_off(deaf, before, server):
    """The server gives them up after its time for writing; what they were owed is then freed."""
    began = time.monotonic()
    left = list(deaf)
    while left and time.monotonic() - began < 90:
        left = [c for c in left if not is_reset(c)]
        time.sleep(0.5)
    check("who does not read is cut off", not left,
          f"{len(deaf) - len(left)} of {len(deaf)} after {time.monotonic() - began:.1f} s")
    grown = resident_kib(server.process.pid) - before
    check("and costs little memory", grown < 64 * 1024, f"{grown / 1024:.0f} MiB more")
    for connection in deaf:
        connection.close()


def is_reset(connection):
    """Sends a byte and reads nothing: only a closed connection says so."""
    error = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if error:
        return True
    try:
        socket.socket.send(connection, b"G", socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return False


def load(binary, folder, tls):
    kind["now"] = "tls" if tls else "plain"
    count = min(WANTED, raise_file_limit() - SLOW - DEAF - SPARE)
    if count < WANTED:
        print(f"note: only {count:,} connections: this machine allows no more open files")
    server = Server(binary, folder, tls)
    idle = []
    try:
        idle = idle_and_awake(server, count)
        before = resident_kib(server.process.pid)
        deaf = deaf_clients(server)
        slow_senders(server)
        deaf_are_cut_off(deaf, before, server)
    finally:
        status, seconds = server.stop()
    check("stops in order with all of them there", status == 0 and seconds < 20,
          f"status {status} after {seconds:.1f} s")
    for connection in idle:
        connection.close()


def main():
    binary = pathlib.Path(sys.argv[1] if len(sys.argv) > 1
                          else ROOT / "build" / "release" / "jaring").resolve()
    with tempfile.TemporaryDirectory() as folder:
        load(binary, folder, tls=False)
        load(binary, folder, tls=True)
    print(f"{results['passed']} passed, {results['failed']} failed")
    return 1 if results["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
