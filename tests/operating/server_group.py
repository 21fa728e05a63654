"""Several real servers of one database behind one address (haproxy), and an SMS gateway that counts."""
import collections
import contextlib
import http.client
import http.server
import json
import os
import pathlib
import subprocess
import threading
import time
import urllib.parse
import urllib.request

from operating_case import JARING, fault_agency
from sms_tests import wait_for

HAPROXY = pathlib.Path("/usr/sbin/haproxy")


class RealTimeAgency(fault_agency.Agency):
    """Its servers' clocks run: what is remembered or claimed for a while ends."""

    def options(self):
        return ["--db", self.address, "--key-file", self.folder / "key"]


class Receiver(http.server.ThreadingHTTPServer):
    """Takes messages as Kannel does, not too fast, and remembers for whom."""
    daemon_threads = True

    def __init__(self):
        received = self.received = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):  # noqa: N802  (the name is the library's)
                query = urllib.parse.parse_qs(urllib.parse.urlparse(self.path).query)
                received.append(query["to"][0])
                time.sleep(0.1)
                with contextlib.suppress(BrokenPipeError):  # A server that was killed.
                    self.send_response(202)
                    self.end_headers()
                    self.wfile.write(b"0: Accepted for delivery")

            def log_message(self, *_):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/cgi-bin/sendsms"


class OneServer:
    """`jaring serve`."""

    def __init__(self, agency, config, name):
        self.port = fault_agency.free_port()
        self.address = f"127.0.0.1:{self.port}"
        with open(agency.folder / f"{name}.log", "ab") as log:
            self.process = agency.start("--config", config, "serve", "--listen", self.address,
                                        stdout=log, stderr=log)

    def sees(self):
        """How many servers there are by its own account; 0 when it does not answer."""
        try:
            with urllib.request.urlopen(f"http://{self.address}/metrics", timeout=5) as answer:
                lines = answer.read().decode().splitlines()
        except OSError:
            return 0
        return next((int(line.split()[1]) for line in lines
                     if line.startswith("jaring_servers ")), 0)

    def kill(self):
        self.process.kill()
        self.process.wait()


class Group:
    """`count` servers and the balancer; a settings file with these [rates]."""

    def __init__(self, agency, rates, count=3):
        self.agency = agency
        self.receiver = Receiver()
        secret = agency.folder / "sms-password"
        secret.write_text("rahasia\n")
        secret.chmod(0o600)
        config = agency.folder / "group.toml"
        config.write_text(
            "[rates]\n" + "".join(f"{key} = {value}\n" for key, value in rates.items()) +
            f'[sms]\nchannel = "kannel"\nuser = "jaring"\nurl = "{self.receiver.url}"\n'
            f'password_file = "{secret}"\n')
        self.servers = [OneServer(agency, config, f"server{i}") for i in range(count)]
        self.balancer = None
        for server in self.servers:
            if not wait_for(lambda s=server: s.sees() == count, 60):
                self.stop()
                raise RuntimeError(f"the servers did not find each other: {self.sees()}")
        self.address = f"127.0.0.1:{fault_agency.free_port()}"
        self.balance()

    def sees(self):
        return [server.sees() for server in self.servers]

    def balance(self):
        config = self.agency.folder / "haproxy.cfg"
        servers = "".join(f"  server s{i} {s.address}\n" for i, s in enumerate(self.servers))
        config.write_text(
            "defaults\n  mode http\n  timeout connect 2s\n  timeout client 60s\n"
            "  timeout server 60s\n  timeout check 1s\n  option redispatch\n"
            f"frontend door\n  bind {self.address}\n  default_backend servers\n"
            "backend servers\n  balance roundrobin\n  option httpchk\n"
            "  http-check send meth GET uri /readyz ver HTTP/1.1 hdr Host localhost\n"
            "  http-check expect status 200\n"
            "  default-server check inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions\n"
            + servers)
        with open(self.agency.folder / "haproxy.log", "ab") as log:
            self.balancer = subprocess.Popen([HAPROXY, "-db", "-f", config], stdout=log, stderr=log)
        if not wait_for(lambda: ask(self.address, "GET", "/healthz")[0] == 200, 30):
            self.stop()
            raise RuntimeError("the balancer did not start")

    def stop(self):
        for server in self.servers:
            server.kill()
        if self.balancer is not None:
            self.balancer.kill()
            self.balancer.wait()
        self.receiver.shutdown()
        self.receiver.server_close()


def ask(address, method, path, body=None, token=None, key=None, **more):
    """(status, answer); status 0 when there was none."""
    headers = {"Content-Type": "application/json"} | {k.replace("_", "-"): v
                                                      for k, v in more.items()}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if method == "POST":
        headers["Idempotency-Key"] = key or os.urandom(12).hex()
    data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    connection = http.client.HTTPConnection(address, timeout=60)
    try:
        connection.request(method, path, data, headers)
        answer = connection.getresponse()
        raw = answer.read()
        is_json = "json" in answer.headers.get_content_type()
        return answer.status, json.loads(raw) if is_json else raw.decode()
    except (OSError, http.client.HTTPException):
        return 0, None
    finally:
        connection.close()


def at_once(calls):
    """What each of `calls` gave, begun together."""
    barrier = threading.Barrier(len(calls))
    found = [None] * len(calls)

    def run(i):
        barrier.wait()
        found[i] = calls[i]()

    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def statuses(answers):
    return dict(collections.Counter(status for status, _ in answers))


__all__ = ["Group", "JARING", "RealTimeAgency", "ask", "at_once", "statuses", "wait_for"]
