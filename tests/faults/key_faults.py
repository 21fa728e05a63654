"""Keys: rotated beside a server that enrols and posts, killed at random moments, and a stolen copy of
everything but the key, in which no number may be found."""
import hashlib
import http.client
import json
import pathlib
import signal
import sqlite3
import subprocess
import threading
import time
import urllib.parse

import raw_search
from fault_agency import (AMOUNT, PAYMENT_HEADER, VILLAGE, Agency, Server, birth_date_of, name_of,
                          nik_of, write_people)
from postgres_cluster import Cluster

PEOPLE = 600
KILLS = 20
STAFF, PARTNER = "s" * 43, "p" * 43  # Bearer tokens.


def execute(agency, statements):
    """Writes into the database past the program."""
    if agency.engine == "sqlite":
        connection = sqlite3.connect(agency.file)
        connection.executescript(statements)
        connection.close()
    else:
        subprocess.run(["psql", "-q", agency.address, "-c", statements], check=True,
                       stdout=subprocess.DEVNULL)


def log_in(agency):
    """Sessions of branch staff and of the partner, as if they had logged in."""
    def blob(token):
        digest = hashlib.sha256(token.encode()).hexdigest()
        return f"X'{digest}'" if agency.engine == "sqlite" else f"'\\x{digest}'"
    partner = agency.rows("SELECT partner_id FROM partner WHERE code = 'pos'")[0][0]
    execute(agency, f"""
        INSERT INTO staff_user (user_id, email, name, password_hash, created_at)
        VALUES (9001, 'loket@contoh.id', 'Loket', '', 1);
        INSERT INTO role_grant (grant_id, user_id, role, scope_kind, scope_id, granted_at)
        VALUES (9001, 9001, 4, 1, 0, 1);
        INSERT INTO partner_client (client_id, public_id, partner_id, label, allowed_addresses,
                                    requires_signature, created_at)
        VALUES (9001, 'pos-test', {partner}, '', '', 0, 1);
        INSERT INTO session (token_hash, session_id, actor_kind, actor_id, role, scope_kind,
                             scope_id, second_factor, label, created_at, expires_at)
        VALUES ({blob(STAFF)}, 9001, 1, 9001, 4, 1, 0, 1, 'test', 1, 9000000000000000),
               ({blob(PARTNER)}, 9002, 4, 9001, 8, 7, {partner}, 0, 'test', 1, 9000000000000000)
        """)


class Caller:
    """A client of the HTTP API with a connection of its own."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.sent = 0

    def ask(self, method, path, body=None, headers=None, key=None, token=STAFF):
        self.sent += 1
        text = body if body is None or isinstance(body, str) else json.dumps(body)
        key = key or f"key-{id(self)}-{self.sent}"
        self.connection.request(method, path, text, {
            "Content-Type": "application/json", "Authorization": f"Bearer {token}",
            "Idempotency-Key": key, **(headers or {})})
        response = self.connection.getresponse()
        answer = response.read().decode(errors="replace")
        try:
            return response.status, json.loads(answer)
        except ValueError:
            return response.status, answer

    def enrol(self, index, phone=None):
        nik = nik_of(index)
        person = {"nik": nik, "name": name_of(index), "birth_date": birth_date_of(nik),
                  "sex": "male", "village_code": VILLAGE, "trade": "trade", "income": 1000000,
                  "programmes": ["JKK", "JKM"]}
        if phone:
            person["phone"] = phone
        return self.ask("POST", "/v1/enrolments", {"group": "pasar", "person": person})

    def pay(self, nik, reference, key=None):
        return self.ask("POST", "/v1/payments", {
            "partner": "pos", "reference": reference, "amount": AMOUNT,
            "paid_at": "2026-03-01T08:00:00+07:00", "nik": nik, "channel": "app"}, key=key,
            token=PARTNER)


def rows_of_versions(agency):
    """version → rows that it still seals."""
    keys = json.loads(agency.must("key", "list", "--json").out)
    return {key["version"]: key["rows"] for key in keys}


def people_in(agency):
    """How many people there are, and how many NIKs."""
    people = int(agency.rows("SELECT COUNT(*) FROM person")[0][0])
    niks = int(agency.rows("SELECT COUNT(*) FROM person_nik")[0][0])
    return people, niks


class Worker(threading.Thread):
    """Enrols known and new people and pays by NIK until told to stop."""

    def __init__(self, t, port, number, known):
        super().__init__()
        self.t, self.caller, self.number, self.known = t, Caller(port), number, known
        self.stop = False
        self.new, self.rounds = 0, 0

    def run(self):
        try:
            while not self.stop:
                self.one_round()
        except (OSError, http.client.HTTPException) as error:
            self.t.check(False, f"worker {self.number}: {error!r}")

    def one_round(self):
        self.rounds += 1
        old = (self.rounds * 7 + self.number * 131) % self.known
        status, answer = self.caller.enrol(old)
        self.t.check(status == 200 and answer["repeated"] == 1,
                     f"somebody known was enrolled anew: {status} {answer}")
        status, answer = self.caller.pay(nik_of(old), f"K{self.number}-{self.rounds:06}")
        self.t.check(status == 201 and answer["status"] == "posted",
                     f"a payment by NIK found nobody: {status} {answer}")
        fresh = 100_000 * (self.number + 1) + self.new
        status, answer = self.caller.enrol(fresh)
        self.t.check(status == 201 and answer["accepted"] == 1, f"a new one: {status} {answer}")
        self.new += 1
        # The same NIK again, at once: sealed under whatever version holds by now.
        status, answer = self.caller.enrol(fresh)
        self.t.check(status == 200 and answer["repeated"] == 1, f"again: {status} {answer}")
        status, answer = self.caller.pay(nik_of(fresh), f"F{self.number}-{self.rounds:06}")
        self.t.check(status == 201 and answer["status"] == "posted", f"new: {status} {answer}")


def rotate_beside_server(t):
    """Two processes: the server enrols and posts while another rotates the key, more than once."""
    agency = Agency(t.engine, t.folder, "rotatebeside").create(PEOPLE)
    log_in(agency)
    server = Server(agency)
    workers = [Worker(t, server.port, number, PEOPLE) for number in range(3)]
    for worker in workers:
        worker.start()
    for version in (2, 3):
        rounds = sum(w.rounds for w in workers)
        done = agency.run("key", "rotate", "--rows", "20", "--json")
        t.check(done.code == 0, f"rotate: {done.code} {done.err[-500:]}")
        if done.code == 0:
            answer = json.loads(done.out)
            t.check(answer["version"] == version and answer["rows"] >= PEOPLE, f"{answer}")
        t.check(sum(w.rounds for w in workers) > rounds, "nobody worked during the rotation")
    for worker in workers:
        worker.stop = True
    for worker in workers:
        worker.join()
    sealed = rows_of_versions(agency)
    expected = PEOPLE + sum(w.new for w in workers)
    t.check(people_in(agency) == (expected, expected), f"{people_in(agency)} of {expected} people")
    t.check(sealed == {1: 0, 2: 0, 3: 2 * expected}, f"sealed: {sealed}")
    retired = agency.run("key", "retire", "1")
    t.check(retired.code == 0, f"retire: {retired.err[-500:]}")
    caller = Caller(server.port)
    status, answer = caller.enrol(0)
    t.check(status == 200 and answer["repeated"] == 1, f"after all: {status} {answer}")
    t.check(server.stop() == 0, "the server did not stop in order")
    t.check_none(agency.verify(), "at last")
    t.note(f"{t.engine}: {sum(w.rounds for w in workers)} rounds beside two rotations")


def kill_rotation(t):
    """kill -9 of the rotation at random moments; then it goes on, and everybody is found."""
    agency = Agency(t.engine, t.folder, "killrotate").create(PEOPLE)
    key_file = pathlib.Path(agency.folder / "key" if t.engine == "postgres"
                            else f"{agency.file}.key")
    began = time.monotonic()
    agency.must("key", "rotate", "--rows", "20")
    whole = time.monotonic() - began
    halves = 0
    people = agency.folder / "people.csv"
    for number in range(max(t.kills, KILLS)):
        process = agency.start("key", "rotate", "--rows", "20", stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
        time.sleep(t.random.uniform(0, whole * 1.1))
        process.send_signal(signal.SIGKILL)
        process.wait()
        sealed = rows_of_versions(agency)
        halves += sum(1 for rows in sealed.values() if rows > 0) > 1
        t.check(sum(sealed.values()) == 2 * PEOPLE, f"kill {number}: {sealed}")
        t.check_none(agency.verify(), f"kill {number}")
        t.check(key_file.stat().st_mode & 0o777 == 0o600, f"kill {number}: mode of the key file")
        if number % 4 == 0:
            done = agency.run("enrol", people, "--group", "pasar", "--json")
            counts = json.loads(done.out) if done.code == 0 else {}
            t.check(counts.get("repeated") == PEOPLE, f"kill {number}: {done.out}{done.err}")
    last = agency.run("key", "rotate", "--rows", "20", "--json")
    t.check(last.code == 0, f"at last: {last.err[-500:]}")
    sealed = rows_of_versions(agency)
    t.check([p.name for p in agency.folder.glob(key_file.name + "?*")] == [],
            "something beside the key file was left behind")
    t.check({version for version, rows in sealed.items() if rows} == {max(sealed)}
            and sealed[max(sealed)] == 2 * PEOPLE, f"at last: {sealed}")
    done = agency.must("enrol", people, "--group", "pasar", "--json")
    t.check(json.loads(done.out)["repeated"] == PEOPLE, f"at last: {done.out[-500:]}")
    t.check(people_in(agency) == (PEOPLE, PEOPLE), f"{people_in(agency)}")
    t.check_none(agency.verify(), "at last")
    t.check(halves > 0, "no kill met a rotation half done")
    t.note(f"{t.engine}: {halves} of {max(t.kills, KILLS)} kills left a rotation half done; a whole"
           f" one takes {whole:.2f} s")


def stolen_files(agency, key_file):
    """Everything a thief could carry away but the key; PostgreSQL: its data folder."""
    files = [p for p in raw_search.files_below(agency.folder) if p != key_file]
    if agency.engine == "postgres":
        subprocess.run(["psql", "-q", agency.address, "-c", "CHECKPOINT"], check=True)
        data = pathlib.Path(agency.rows("SHOW data_directory")[0][0])
        oid = agency.rows("SELECT oid FROM pg_database WHERE datname = current_database()")[0][0]
        files += [p for p in raw_search.files_below(data)
                  if p.parent.parent.name != "base" or p.parent.name == oid]
    return files


def feed_by_files(t, agency, folder, niks, phones):
    """Everything the command line does with a NIK."""
    people = folder / "known.csv"
    write_people(people, [])
    with open(people, "a", encoding="utf-8") as out:
        for index, (nik, phone) in enumerate(zip(niks[:3], phones)):
            out.write(f"{nik},{name_of(index)},{birth_date_of(nik)},L,{VILLAGE},{phone},trade,"
                      f"1000000,\"JKK,JKM\",id\n")
        out.write(f"{niks[0]},,1990-01-01,L,{VILLAGE},,trade,1000000,\"JKK,JKM\",id\n")  # Refused.
    done = agency.run("enrol", people, "--group", "pasar", "--json")
    t.check(done.code == 1, f"enrol: {done.code} {done.err[-500:]}")
    payments = folder / "payments.csv"
    with open(payments, "w", encoding="utf-8") as out:
        out.write(PAYMENT_HEADER)
        for number, nik in enumerate([niks[0], niks[1], niks[3]]):  # The last one is unknown.
            out.write(f",{nik},{AMOUNT},2026-03-01T08:00:00+07:00,S-{number},loket\n")
    done = agency.run("collect", payments, "--partner", "pos", "--json")
    t.check(json.loads(done.out)["suspended"] == 1, f"collect: {done.out}{done.err}")
    one = folder / "one.csv"  # A digest of so short a file could be tried out.
    one.write_text(f"{PAYMENT_HEADER},{niks[4]},{AMOUNT},2026-03-01T08:00:00+07:00,S-9,loket\n",
                   encoding="utf-8")
    agency.run("collect", one, "--partner", "pos")
    for command in (["cover", niks[0]], ["bill", niks[1]], ["cover", niks[4]], ["coverage"],
                    ["suspense", "list"], ["suspense", "place", "S-2", "--partner", "pos", "--to",
                                           niks[0]],
                    ["audit", "list"], ["journal"], ["duplicates"],
                    ["receipt", "S-0", "--partner", "pos", "--out", agency.folder / "r.pdf"],
                    ["end", niks[2], "--reason", "stopped-working"], ["verify"], ["key", "list"]):
        agency.run(*command)
    return [hashlib.sha256(path.read_bytes()).digest() for path in (people, payments, one)]


def feed_by_http(t, agency, niks, phones):
    """Everything the HTTP API and the pages do with a NIK; returns digests of the bodies."""
    log_in(agency)
    server = Server(agency)
    caller = Caller(server.port)
    status, answer = caller.enrol(nik_index(niks[5]), phones[2])
    t.check(status == 201, f"enrol: {status} {answer}")
    status, answer = caller.pay(niks[5], "H-1", key="pay-1")
    t.check(status == 201, f"pay: {status} {answer}")
    status, answer = caller.pay(niks[5], "H-1", key="pay-1")
    t.check(status == 201, f"pay again: {status} {answer}")
    status, answer = caller.pay(niks[6], "H-2")
    t.check(status in (201, 202) and answer["status"] == "suspended", f"{status} {answer}")
    caller.pay(niks[5][:15], "H-3")
    caller.ask("GET", f"/v1/coverage?nik={niks[5]}")
    caller.ask("GET", f"/{niks[5]}")
    caller.ask("POST", "/cover?lang=id",
               urllib.parse.urlencode({"nik": niks[5], "birth_date": birth_date_of(niks[5])}),
               {"Content-Type": "application/x-www-form-urlencoded"})
    caller.ask("POST", "/v1/enrolments", {"person": {"nik": niks[5], "phone": phones[2]}})
    return server


def nik_index(nik):
    """The index that nik_of made it from; only for serials of the first day."""
    return int(nik[12:]) - 1


def stolen_file(t):
    """A copy of every file but the key gives up no NIK and no phone, in whatever form."""
    t.check_none(raw_search.self_check(t.folder), "the search")
    if t.engine == "sqlite":
        search_stolen(t, None)
        return
    cluster = Cluster(t.folder / "cluster")  # Its log holds nothing but what happens here.
    try:
        search_stolen(t, cluster.address)
    finally:
        cluster.stop(signal.SIGINT)


def search_stolen(t, server):
    agency = Agency(t.engine, t.folder / "stolen", "stolen", server).create(0)
    key_file = agency.folder / "key" if t.engine == "postgres" else \
        pathlib.Path(f"{agency.file}.key")
    (agency.folder / "people.csv").unlink()
    given = t.folder / "given"  # What was handed in is not ours to seal.
    given.mkdir()
    niks = [nik_of(7001 + n) for n in range(7)]
    phones = ["081298765432", "081311122233", "085799887766"]
    canary = "9876501234567890"
    agency.must("group", "add", "burung", f"Kenari {canary}", "--kind", "community", "--branch",
                "surakarta")
    feed_by_files(t, agency, given, niks, phones)
    server = feed_by_http(t, agency, niks, phones)
    numbers = niks + phones + ["62" + p[1:] for p in phones] + [p[1:] for p in phones]
    where = stolen_files(agency, key_file)
    t.check(any(canary in f for f in raw_search.find_numbers(where, [canary])),
            "the canary is not found: this search finds nothing")
    found = raw_search.find_numbers(where, numbers)
    t.check(found == [], f"beside a server: {found[:5]}")
    agency.must("key", "rotate", "--rows", "2")
    t.check(server.stop() == 0, "the server did not stop in order")
    agency.must("verify")
    found = raw_search.find_numbers(stolen_files(agency, key_file), numbers)
    t.check(found == [], f"after all: {found[:5]}")
    t.check(raw_search.find_numbers([key_file], numbers) == [], "in the key file")
    check_digests(t, agency, key_file, given)


def check_digests(t, agency, key_file, given):
    """A plain digest of a short file or body could be tried out, NIK by NIK."""
    forms = {}
    for path in sorted(given.iterdir()):
        digest = hashlib.sha256(path.read_bytes())
        forms[path.name] = digest.digest()
        forms[f"{path.name} in hex"] = digest.hexdigest().encode()
    found = raw_search.find_bytes(stolen_files(agency, key_file), forms)
    t.check(not found, f"plain digests of {found} are stored")


SCENARIOS = [rotate_beside_server, kill_rotation, stolen_file]
