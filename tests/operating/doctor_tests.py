"""`jaring doctor`, `jaring config` and /readyz on agencies that are well, and on ones made ill."""
import hashlib
import json
import pathlib
import sqlite3
import subprocess
import urllib.error
import urllib.request

from operating_case import OperatingCase, fault_agency


class DoctorCase(OperatingCase):
    def setUp(self):
        super().setUp()
        self.agency = self.new_agency().create(5)
        self.backups = self.folder / "backups"
        self.backups.mkdir()
        self.config = self.folder / "jaring.toml"
        self.configure()

    def configure(self, text="", server=""):
        self.config.write_text(
            f'db = "{self.agency.address}"\nkey_file = "{self.key_of(self.agency)}"\n{text}\n'
            f'[server]\nlisten = "127.0.0.1:{fault_agency.free_port()}"\n{server}\n'
            f'[limits]\nconnections = 100\n[backup]\nfolder = "{self.backups}"\n')
        self.config.chmod(0o600)

    def run_with_config(self, *arguments):
        return fault_agency.run(["--config", self.config, *arguments])

    def doctor(self, code):
        done = self.run_with_config("doctor", "--json")
        self.assertEqual(done.code, code, done.out + done.err)
        return {finding["name"]: finding for finding in json.loads(done.out)}

    def assert_finding(self, name, state, rule, code):
        finding = self.doctor(code).get(name)
        self.assertIsNotNone(finding, f"no finding {name}")
        self.assertEqual((finding["state"], finding["rule"]), (state, rule), finding)
        self.assertTrue(finding["id"] and finding["en"])

    def back_up(self):
        done = self.run_with_config("backup")
        self.assertEqual(done.code, 0, done.err)
        return next(self.backups.glob("*.backup"))


class Doctor(DoctorCase):
    def test_all_is_well(self):
        self.back_up()
        found = self.doctor(0)
        wanted = {"settings", "key-file", "clock", "backup-disk", "database", "schema", "key",
                  "writing", "port", "open-files", "backup", "config-file"}
        wanted |= ({"database-file", "owner", "disk", "integrity", "wal"}
                   if self.engine == "sqlite" else {"server-clock"})
        self.assertEqual(set(found), wanted)
        said = self.run_with_config("doctor")
        self.assertEqual((said.code, said.out.count("\n")), (0, len(wanted)), said.out)

    def test_without_a_backup(self):
        self.assert_finding("backup", "warning", "doctor.no_backup", 1)

    def test_an_old_backup(self):
        backup = self.back_up()
        self.config.write_text(self.config.read_text() + "max_age_hours = 1\n")
        self.doctor(0)
        manifest = pathlib.Path(f"{backup}.manifest")
        lines = manifest.read_text().splitlines()[:-1]
        lines = [f"made-at {int(line.split()[1]) - 3_600_000_000}" if line.startswith("made-at ")
                 else line for line in lines]
        text = "\n".join(lines) + "\n"
        manifest.write_text(f"{text}end {hashlib.sha256(text.encode()).hexdigest()}\n")
        self.assert_finding("backup", "warning", "doctor.backup_old", 1)

    def test_a_key_others_can_read(self):
        self.back_up()
        self.key_of(self.agency).chmod(0o640)
        self.assert_finding("key-file", "wrong", "doctor.file_open", 3)

    def test_a_key_of_another_database_and_none(self):
        self.back_up()
        key = self.key_of(self.agency)
        key.write_bytes(b"k" * 32)
        self.assert_finding("key", "wrong", "agency.wrong_key", 3)
        key.unlink()
        self.assert_finding("key-file", "wrong", "doctor.file_missing", 3)

    def test_a_key_among_the_backups(self):
        self.back_up()
        key = self.backups / "jaring.key"
        self.key_of(self.agency).rename(key)
        self.config.write_text(self.config.read_text().replace(str(self.key_of(self.agency)),
                                                               str(key)))
        self.assert_finding("backup-key", "wrong", "doctor.key_in_backups", 3)

    def test_a_schema_to_come_and_one_that_is_past(self):
        self.back_up()
        self.sql("DELETE FROM schema_migration WHERE number >= 8")
        self.assert_finding("schema", "wrong", "agency.schema_outdated", 3)
        self.sql("INSERT INTO schema_migration (number, name) VALUES (999, 'later')")
        self.assert_finding("schema", "wrong", "migration.newer", 3)

    def test_no_database(self):
        self.config.write_text(self.config.read_text().replace(self.agency.address,
                                                               self.agency.address + "_none"))
        found = self.doctor(3)
        self.assertEqual(found["database"]["state"], "wrong")

    def test_a_damaged_database(self):
        if self.engine != "sqlite":
            return  # A server looks after its pages itself.
        self.back_up()
        with open(self.agency.file, "r+b") as file:
            file.seek(4096 * 40)
            file.write(b"\x55" * 4096 * 10)
        found = self.doctor(3)
        self.assertEqual(found["integrity"]["state"], "wrong", found)

    def test_a_database_anyone_can_read(self):
        if self.engine == "sqlite":
            self.back_up()
            self.agency.file.chmod(0o604)
            self.assert_finding("database-file", "wrong", "doctor.file_open", 3)

    def test_more_connections_than_files(self):
        self.back_up()
        self.config.write_text(self.config.read_text().replace("connections = 100",
                                                               "connections = 1000000"))
        done = subprocess.run(["prlimit", "--nofile=1024:1024", fault_agency.JARING, "--config",
                               self.config, "doctor", "--json"], capture_output=True, text=True,
                              check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("doctor.few_open_files", done.stdout)

    def test_a_certificate_in_time_ending_and_ended(self):
        self.back_up()
        pem, key = self.folder / "tls.pem", self.folder / "tls.key"
        for days, state, code in ((400, "ok", 0), (5, "warning", 1)):
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                            "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost", "-days",
                            str(days), "-keyout", key, "-out", pem], check=True,
                           capture_output=True)
            key.chmod(0o600)
            self.configure(server=f'tls_certificate = "{pem}"\ntls_key = "{key}"')
            with self.subTest(days=days):
                self.assertEqual(self.doctor(code)["certificate"]["state"], state)
        pem.write_text("no certificate")
        self.assert_finding("certificate", "wrong", "doctor.certificate_unreadable", 3)
        key.chmod(0o644)
        self.assert_finding("tls-key", "wrong", "doctor.file_open", 3)

    def test_an_address_nobody_can_listen_on(self):
        self.back_up()
        self.config.write_text(self.config.read_text().replace("127.0.0.1:", "192.0.2.1:"))
        self.assert_finding("port", "wrong", "doctor.port_closed", 3)

    def sql(self, statement):
        if self.engine == "sqlite":
            with sqlite3.connect(self.agency.file) as connection:
                connection.execute(statement)
            connection.close()
        else:
            self.agency.rows(statement)


class Config(DoctorCase):
    def test_says_where_each_value_comes_from_and_hides_passwords(self):
        shown = json.loads(self.run_with_config("config", "show", "--json").out)
        values = {row["key"]: (row["value"], row["from"]) for row in shown}
        self.assertEqual(values["limits.connections"][0], "100")
        self.assertRegex(values["limits.connections"][1], r"jaring\.toml:\d+$")
        self.assertEqual(values["log.requests"], ('"notable"', "default"))
        done = fault_agency.run(["--config", self.config, "--db", "postgresql://a:hunter2@h/d",
                                 "config", "show"])
        self.assertIn('"postgresql://a:***@h/d"', done.out)
        self.assertIn("--db", done.out)
        self.assertNotIn("hunter2", done.out)

    def test_refuses_what_it_does_not_know_before_anything_is_done(self):
        self.config.write_text(self.config.read_text() + "\n[sever]\nlisten = 1\n")
        for command in (["verify"], ["init"], ["config", "show"], ["doctor"], ["backup"]):
            done = self.run_with_config(*command)
            self.assert_refused(done, 2, "config.key_unknown")
            self.assertRegex(done.err, r"jaring\.toml:\d+: sever\.listen; nearest: server\.listen")
        self.assertEqual(list(self.backups.iterdir()), [])

    def test_the_file_is_what_commands_use(self):
        self.assertEqual(self.run_with_config("verify").code, 0)
        self.assert_refused(fault_agency.run(["--config", self.folder / "none.toml", "verify"]), 2,
                            "config.unreadable")


class Ready(DoctorCase):
    def get(self, server, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{path}") as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def test_ready_until_the_schema_is_another(self):
        server = fault_agency.Server(self.agency)
        try:
            self.assertEqual(self.get(server, "/readyz"), (200, "ready\n"))
            Doctor.sql(self, "INSERT INTO schema_migration (number, name) VALUES (999, 'later')")
            self.assertEqual(self.get(server, "/readyz"), (503, "schema: migration.newer\n"))
            self.assertEqual(self.get(server, "/healthz"), (200, "ok\n"))
        finally:
            server.stop()

    def test_not_ready_when_the_key_fits_no_more(self):
        server = fault_agency.Server(self.agency)
        try:
            Doctor.sql(self, "DELETE FROM agency")
            status, text = self.get(server, "/readyz")
            self.assertEqual((status, text), (503, "key: agency.missing\n"))
        finally:
            server.stop()
