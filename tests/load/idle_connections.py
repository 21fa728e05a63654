#!/usr/bin/env python3
"""Ten thousand people who keep a connection open and do nothing, and some who send a byte at a time,
must not slow the others down: tests/load/idle_connections.py [BINARY]

Times and sizes are bounds with much room, so that a busy machine passes and a broken server does
not. Last line: "P passed, F failed".
"""
import contextlib
import pathlib
import re
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
WANTED = 10_000
SLOW = 200
SPARE = 200  # Files the test itself and Python keep open.
KIB_PER_CONNECTION = 16
SLOWEST_ANSWER = 1.0  # Seconds; it takes less than a millisecond when all is well.
GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"

results = {"passed": 0, "failed": 0}


def check(name, truth, detail):
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
    def __init__(self, binary, folder):
        common = ["--db", f"sqlite:{folder}/agency.db", "--today", "2026-03-15"]
        subprocess.run([binary, "init", "--demo", *common], check=True, stdout=subprocess.DEVNULL)
        self.process = subprocess.Popen([binary, "serve", *common, "--listen", "127.0.0.1:0"],
                                        stdout=subprocess.PIPE, text=True)
        self.port = int(re.search(r"port (\d+)", self.process.stdout.readline())[1])

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

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
    check(f"{count:,} idle connections", grown <= KIB_PER_CONNECTION * count,
          f"{grown / count:.1f} KiB each, {grown // 1024} MiB in all")
    slowest = slowest_of(server, 200)
    check("newcomers are answered", slowest < SLOWEST_ANSWER, f"slowest {slowest * 1000:.1f} ms")
    awake = [ask(connection) for connection in idle[::100]]
    check("who was idle is answered", all(a.startswith(b"HTTP/1.1 200") for a, _ in awake),
          f"{len(awake)} asked, slowest {max(s for _, s in awake) * 1000:.1f} ms")
    return idle


def slow_senders(server):
    """A byte at a time never ends a request; the server's time limit must."""
    slow = [server.connect() for _ in range(SLOW)]
    began = time.monotonic()
    request = GET[:-2] + b"X: " + b"a" * 1000
    closed = set()
    for sent in range(60):
        for connection in slow:
            if connection not in closed:
                try:
                    connection.sendall(request[sent:sent + 1])
                    connection.setblocking(False)
                    if not connection.recv(4096).startswith(b"HTTP/1.1 4"):
                        raise ConnectionError
                except BlockingIOError:
                    connection.setblocking(True)
                except OSError:
                    closed.add(connection)
                else:
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
    for connection in slow:
        connection.close()


def main():
    binary = pathlib.Path(sys.argv[1] if len(sys.argv) > 1
                          else ROOT / "build" / "release" / "jaring").resolve()
    count = min(WANTED, raise_file_limit() - SLOW - SPARE)
    if count < WANTED:
        print(f"note: only {count:,} connections: this machine allows no more open files")
    with tempfile.TemporaryDirectory() as folder:
        server = Server(binary, folder)
        idle = []
        try:
            idle = idle_and_awake(server, count)
            slow_senders(server)
        finally:
            status, seconds = server.stop()
        check("stops in order with all of them there", status == 0 and seconds < 20,
              f"status {status} after {seconds:.1f} s")
        for connection in idle:
            connection.close()
    print(f"{results['passed']} passed, {results['failed']} failed")
    return 1 if results["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
