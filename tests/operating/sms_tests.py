"""Login codes on their way to a phone: through Kannel, the gateway, to a made-up operator that writes
down what it is given."""
import json
import pathlib
import re
import subprocess
import time
import urllib.request

from operating_case import OperatingCase, fault_agency

PHONE = "081298765432"
KANNEL = pathlib.Path("/usr/sbin")
OPERATOR = pathlib.Path("/usr/lib/kannel/test/fakesmsc")


def wait_for(what, seconds=30):
    """The first true value of `what()`; None after the time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.05)
    return None


class Gateway:
    """Kannel with one user, and an operator behind it."""

    def __init__(self, folder, password):
        self.folder = folder
        admin, boxes, operator, self.port = (fault_agency.free_port() for _ in range(4))
        self.config = folder / "kannel.conf"
        self.config.write_text(
            f"group = core\nadmin-port = {admin}\nadmin-password = {password}\n"
            'admin-deny-ip = "*.*.*.*"\nadmin-allow-ip = 127.0.0.1\n'
            f'smsbox-port = {boxes}\nbox-deny-ip = "*.*.*.*"\nbox-allow-ip = 127.0.0.1\n'
            "dlr-storage = internal\n\n"
            f"group = smsc\nsmsc = fake\nport = {operator}\nconnect-allow-ip = 127.0.0.1\n\n"
            f"group = smsbox\nbearerbox-host = 127.0.0.1\nsendsms-port = {self.port}\n\n"
            f"group = sendsms-user\nusername = jaring\npassword = {password}\n"
            'user-deny-ip = "*.*.*.*"\nuser-allow-ip = 127.0.0.1\n')
        self.config.chmod(0o600)
        self.processes = []
        self.start(KANNEL / "bearerbox", self.config, "MAIN: Start-up done")
        self.start(KANNEL / "smsbox", self.config, "Including port")
        # It wants to send one itself; nobody answers that.
        self.operator = self.start(OPERATOR, "-H", "127.0.0.1", "-r", str(operator), "-m", "1",
                                   "-i", "0.1", "1 2 text x", "sent message 1")

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/cgi-bin/sendsms"

    def start(self, program, *arguments):
        """Until its log says the last of `arguments`; gives the log."""
        *arguments, sign = arguments
        log = self.folder / f"{program.name}.log"
        with open(log, "wb") as out:
            self.processes.append(subprocess.Popen([program, *arguments], stdout=out, stderr=out))
        if not wait_for(lambda: sign in log.read_text(errors="replace")):
            raise RuntimeError(f"{program.name} did not start: {log.read_text(errors='replace')}")
        return log

    def received(self):
        """[(sender, phone, coding, text)] of what the operator was given."""
        return re.findall(r"<(\S+) (\+\d+) (\S+) (.*)>", self.operator.read_text(errors="replace"))

    def stop(self):
        for process in reversed(self.processes):
            process.kill()
            process.wait()


class Sms(OperatingCase):
    def setUp(self):
        super().setUp()
        self.agency = self.new_agency().create(0)
        people = self.folder / "people.csv"
        nik = fault_agency.nik_of(1)
        people.write_text(
            "nik,name,birth_date,sex,village_code,phone,trade,income,programmes,language\n"
            f"{nik},Siti Contoh,{fault_agency.birth_date_of(nik)},P,{fault_agency.VILLAGE},{PHONE},"
            'trade,1000000,"JKK,JKM",id\n')
        self.agency.must("enrol", people, "--group", "pasar")

    def serve(self, sms):
        config = self.folder / "jaring.toml"
        secret = self.folder / "sms-password"
        secret.write_text("rahasia-sms\n")
        secret.chmod(0o600)
        config.write_text(f'[sms]\nchannel = "kannel"\nuser = "jaring"\nsender = "JARING"\n'
                          f'password_file = "{secret}"\n{sms}\n')
        server = fault_agency.Server(self.agency, config)
        self.addCleanup(server.kill)
        return server

    def ask_code(self, server):
        request = urllib.request.Request(
            f"http://127.0.0.1:{server.port}/v1/worker-codes",
            json.dumps({"phone": PHONE}).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            self.assertEqual(answer.status, 202)

    def outbox(self):
        return self.agency.rows("SELECT tries, sent_at IS NOT NULL, failure FROM outbox_message")

    def test_the_code_reaches_the_phone(self):
        gateway = Gateway(self.folder, "rahasia-sms")
        self.addCleanup(gateway.stop)
        server = self.serve(f'url = "{gateway.url}"')
        self.ask_code(server)
        sender, phone, coding, text = wait_for(gateway.received)[0]
        self.assertEqual((sender, phone, coding), ("JARING", "+6281298765432", "text"))
        self.assertRegex(text, r"\b\d{6}\b")
        for log in self.agency.folder.glob("*.log"):
            self.assertNotIn("rahasia-sms", log.read_text())

    def test_what_the_gateway_refuses_is_kept_with_its_reason(self):
        gateway = Gateway(self.folder, "another password")
        self.addCleanup(gateway.stop)
        self.ask_code(self.serve(f'url = "{gateway.url}"'))
        self.assertIn("sms.gateway_refused", str(wait_for(
            lambda: [row for row in self.outbox() if row[2]])))
        self.assertEqual(gateway.received(), [])

    def test_nobody_waits_for_a_gateway_that_is_away(self):
        self.ask_code(self.serve(f'url = "http://127.0.0.1:{fault_agency.free_port()}/"'))
        self.assertIn("sms.gateway_unavailable", str(wait_for(
            lambda: [row for row in self.outbox() if row[2]])))

    def test_half_settings_are_refused(self):
        for text in ('channel = "kannel"', 'channel = "pigeon"',
                     'channel = "kannel"\nuser = "a"\npassword_file = "b"\nurl = "http://x.id/"'):
            config = self.folder / "half.toml"
            config.write_text(f"[sms]\n{text}\n")
            done = fault_agency.run(["--config", config, "config", "show"])
            self.assertEqual(done.code, 2, done.out + done.err)
