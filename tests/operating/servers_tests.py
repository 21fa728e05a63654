"""Three servers of one database behind one address behave as one."""
import datetime
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from operating_case import fault_agency
from server_group import JARING, Group, RealTimeAgency, ask, at_once, statuses, wait_for

sys.path.insert(0, str(fault_agency.ROOT / "tests" / "api"))
import test_login  # noqa: E402

ONLY = "postgres"  # One file has one server.
PEOPLE = 120
PER_MINUTE = 120  # Payments of one client: 30 at once, then 2 a second.
JOB_ROWS = 40_000
PASSWORD = "kuda-nil-berenang-pagi"


def phone_of(number):
    return f"08129870{number:04}"


class Servers(unittest.TestCase):
    """One agency, three servers and the balancer for each test."""
    engine = "postgres"
    made = 0

    def setUp(self):
        Servers.made += 1
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="jaring-servers."))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        name = f"servers_{os.getpid()}_{Servers.made}"
        self.agency = RealTimeAgency("postgres", self.folder / "agency", name)
        self.addCleanup(subprocess.run, ["psql", "-q", os.environ["JARING_TEST_POSTGRES"], "-c",
                                         f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'],
                        check=False)
        self.agency.create(0)
        self.add_people()
        self.group = Group(self.agency, {"partner_payments": PER_MINUTE})
        self.addCleanup(self.group.stop)
        self.doors = [server.address for server in self.group.servers]
        self.paid_at = (datetime.datetime.now(datetime.timezone.utc) -
                        datetime.timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def add_people(self):
        path = self.folder / "people.csv"
        with open(path, "w", encoding="utf-8") as out:
            out.write("nik,name,birth_date,sex,village_code,phone,trade,income,programmes,language\n")
            for index in range(PEOPLE):
                nik = fault_agency.nik_of(index)
                out.write(f"{nik},{fault_agency.name_of(index)},{fault_agency.birth_date_of(nik)},L,"
                          f"{fault_agency.VILLAGE},{phone_of(index)},trade,1000000,\"JKK,JKM\",id\n")
        done = self.agency.must("enrol", path, "--group", "pasar", "--json", "--list")
        self.codes = [m["bill_code"] for m in json.loads(done.out)["members"]]

    def client(self, door):
        """A token of a new client of the partner, opened at `door`."""
        made = test_login.add_client(JARING, self.agency.options(), "pos")
        return test_login.client_token(f"http://{door}", *made)

    def pay(self, door, token, reference, key=None, code=None):
        return ask(door, "POST", "/v1/payments", {
            "partner": "pos", "reference": reference, "amount": fault_agency.AMOUNT,
            "paid_at": self.paid_at, "bill_code": code or self.codes[0], "channel": "app"},
            token, key)

    def assert_sound(self):
        self.assertIsNone(self.agency.verify())
        audit = self.agency.run("audit", "verify")
        self.assertEqual(audit.code, 0, audit.out + audit.err)

    def test_sessions_hold_at_all_and_end_at_all(self):
        self.agency.run("user", "add", "siti@kantor.id", "--name", "Siti Contoh", "--role",
                        "branch-staff", "--scope", "branch:surakarta", "--password-file",
                        self.password_file())
        status, opened = ask(self.doors[0], "POST", "/v1/sessions",
                             {"email": "siti@kantor.id", "password": PASSWORD, "token": True})
        self.assertEqual(status, 201, opened)
        token = opened["token"]
        for door in [*self.doors, *[self.group.address] * 3]:
            self.assertEqual(ask(door, "GET", "/v1/sessions", token=token)[0], 200, door)
        self.assertEqual(ask(self.doors[1], "DELETE", "/v1/sessions/current", token=token)[0], 204)
        self.assertEqual(ask(self.doors[1], "GET", "/v1/sessions", token=token)[0], 401)
        time.sleep(2.1)  # What the others may remember.
        for door in self.doors:
            self.assertEqual(ask(door, "GET", "/v1/sessions", token=token)[0], 401, door)
        # A machine's token too, and wrong passwords are counted by all together.
        machine = self.client(self.doors[2])
        self.assertEqual({self.pay(d, machine, "S-1")[0] for d in self.doors}, {200, 201})
        tries = [ask(self.doors[i % 3], "POST", "/v1/sessions",
                     {"email": "siti@kantor.id", "password": "salah"})[0] for i in range(8)]
        self.assertEqual(tries, [401] * 5 + [429] * 3)
        self.assert_sound()

    def password_file(self):
        path = self.folder / "password"
        path.write_text(PASSWORD + "\n")
        path.chmod(0o600)
        return path

    def test_a_limit_is_one_for_all(self):
        token = self.client(self.group.address)
        answers, until = [], time.monotonic() + 6

        def flood(worker):
            number = 0
            while time.monotonic() < until:
                number += 1
                answers.append(self.pay(self.group.address, token, f"L{worker}-{number}"))

        began = time.monotonic()
        workers = [threading.Thread(target=flood, args=(i,)) for i in range(8)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        seconds = time.monotonic() - began
        counts = statuses(answers)
        most = PER_MINUTE / 4 + PER_MINUTE / 60 * seconds
        self.assertEqual(set(counts), {201, 429}, counts)
        self.assertGreater(sum(counts.values()), 3 * most, "no flood")
        self.assertLessEqual(counts[201], most + 1, f"{counts} in {seconds:.1f} s")
        self.assertGreaterEqual(counts[201], PER_MINUTE / 4 - 3, counts)
        self.assertEqual(int(self.agency.rows("SELECT count(*) FROM payment")[0][0]), counts[201])
        self.assert_sound()

    def test_the_same_at_all_at_once_is_done_once(self):
        for number in range(8):
            token = self.client(self.doors[0])
            reference = f"R-{number}"
            answers = at_once([lambda d=d: self.pay(d, token, reference) for d in self.doors * 2])
            self.assertEqual(statuses(answers), {201: 1, 200: 5}, answers)
            key = f"key-{number}"
            answers = at_once([lambda d=d: self.pay(d, token, f"K-{number}", key)
                               for d in self.doors])
            self.assertEqual(statuses(answers), {201: 3}, answers)
            self.assertEqual(len({json.dumps(answer) for _, answer in answers}), 1, answers)
        stored = self.agency.rows("SELECT reference, count(*) FROM payment GROUP BY reference")
        self.assertEqual(sorted(map(tuple, stored)),
                         sorted((f"{kind}-{n}", "1") for kind in "RK" for n in range(8)))
        # Any other change: the group is made once, whoever is asked.
        staff = test_login.session_token(self.agency.address, "operator")
        body = {"code": "nelayan", "name": "Nelayan", "kind": "community", "branch": "surakarta"}
        answers = at_once([lambda d=d: ask(d, "POST", "/v1/groups", body, staff, "one-key")
                           for d in self.doors])
        self.assertEqual(statuses(answers), {201: 3}, answers)
        self.assertEqual(self.agency.rows("SELECT count(*) FROM member_group WHERE code = 'nelayan'"
                                          )[0][0], "1")
        self.assert_sound()

    def test_a_message_leaves_once(self):
        count = 24  # One caller may ask for 30 before she must wait.
        answers = at_once([lambda i=i: ask(self.group.address, "POST", "/v1/worker-codes",
                                           {"phone": phone_of(i)}) for i in range(count)])
        self.assertEqual(statuses(answers), {202: count})
        self.assertTrue(wait_for(lambda: self.agency.rows(
            "SELECT count(*) FROM outbox_message WHERE sent_at IS NOT NULL")[0][0] == str(count)))
        received = self.group.receiver.received
        self.assertEqual(sorted(received), sorted({f"+62{phone_of(i)[1:]}" for i in range(count)}))

    # ---- A job of a server that sleeps and of one that dies.

    def job(self, job_id):
        """state, starts, rows done, the process that is at it (0: nobody)."""
        state, starts, rows, name = self.agency.rows(
            "SELECT state, starts, row_count, coalesce(s.name, '- 0 -') FROM job LEFT JOIN server s"
            f" ON job.server = CAST(s.server_id AS TEXT) WHERE job_id = {job_id}")[0]
        return int(state), int(starts), int(rows), int(name.split()[1])

    def runner(self, job_id, starts):
        """The server that is at the job for the `starts`th time, once it has done some of it."""
        found = wait_for(lambda: self.runs(job_id, starts), 60)
        self.assertIsNotNone(found, f"start {starts}: {self.job(job_id)}")
        return next(s for s in self.group.servers if s.process.pid == found)

    def runs(self, job_id, starts):
        _, begun, rows, process = self.job(job_id)
        return process if begun == starts and rows > 0 and process else None

    def upload(self):
        lines = [f"{self.codes[i % PEOPLE]},{fault_agency.AMOUNT},{self.paid_at},J{i:06}\n"
                 for i in range(JOB_ROWS)]
        for place in (5, JOB_ROWS // 2, JOB_ROWS - 5):
            lines.insert(place, f"{self.codes[0]},x,{self.paid_at},WRONG\n")
        text = "kode_iuran,jumlah,tanggal_bayar,referensi\n" + "".join(lines)
        status, job = ask(self.group.address, "POST", "/v1/jobs?kind=payments&partner=pos",
                          text.encode(), self.token, Content_Type="text/csv")
        self.assertEqual(status, 202, job)
        return job["job_id"]

    def keep_paying(self, until, acknowledged):
        """Through the balancer, each again and again with its key until it is acknowledged."""
        number = 0
        while not until.is_set():
            reference = f"B-{number:05}"
            while self.pay(self.group.address, self.token, reference, f"key-{reference}")[0] not in (
                    200, 201):
                if until.is_set():
                    return
                time.sleep(0.5)
            acknowledged.append(reference)
            number += 1

    def put_to_sleep_in_a_change(self, process):
        """So that it holds the lock of all writers."""
        for _ in range(200):
            process.send_signal(signal.SIGSTOP)
            if self.sleeping_writers() & self.sleeping_writers(after=0.3):
                return
            process.send_signal(signal.SIGCONT)
            time.sleep(0.01)
        self.fail("it was never met in the middle of a change")

    def sleeping_writers(self, after=0.0):
        """Sessions in the middle of a change that wait for their server."""
        time.sleep(after)
        return {row[0] for row in self.agency.rows(
            "SELECT a.pid FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid WHERE l.granted"
            " AND l.locktype = 'advisory' AND a.state = 'idle in transaction'")}

    def test_a_job_is_done_once_while_servers_sleep_and_die(self):
        self.token = self.client(self.group.address)
        job_id = self.upload()
        until, acknowledged = threading.Event(), []
        payer = threading.Thread(target=self.keep_paying, args=(until, acknowledged))
        payer.start()
        self.addCleanup(until.set)

        sleeper = self.runner(job_id, 1)
        self.addCleanup(sleeper.process.send_signal, signal.SIGCONT)
        self.put_to_sleep_in_a_change(sleeper.process)
        victim = self.runner(job_id, 2)
        self.assertIsNot(victim, sleeper)
        victim.kill()
        last = self.runner(job_id, 3)
        self.assertNotIn(last, (sleeper, victim))
        sleeper.process.send_signal(signal.SIGCONT)
        self.assertTrue(wait_for(lambda: self.job(job_id)[0] > 2, 120), self.job(job_id))
        until.set()
        payer.join()

        status, job = ask(last.address, "GET", f"/v1/jobs/{job_id}", token=self.token)
        progress = job["progress"]
        self.assertEqual((status, job["state"], progress["accepted"] + progress["repeated"],
                          progress["rejected"]), (200, "done", JOB_ROWS, 3), job)
        refused = ask(sleeper.address, "GET", f"/v1/jobs/{job_id}/rejections", token=self.token)[1]
        self.assertEqual(refused.count("WRONG"), 3, refused)
        self.assertIsNone(fault_agency.once_each(self.agency.stored("J"),
                                                 [f"J{i:06}" for i in range(JOB_ROWS)]))
        self.assertIsNone(fault_agency.once_each(self.agency.stored("B-"), acknowledged))
        self.assertGreater(len(acknowledged), 5)
        ends = self.agency.rows("SELECT count(*) FROM audit_entry WHERE subject LIKE"
                                f" 'job {job_id} done%'")
        self.assertEqual(ends, [["1"]])
        # Who slept is back under a new number; who died is off the roll.
        self.assertTrue(wait_for(lambda: self.group.sees().count(2) == 2, 30), self.group.sees())
        self.assert_sound()
