"""`jaring backup` beside people who pay, and `jaring restore` elsewhere."""
import os
import re
import sqlite3
import stat
import subprocess
import sys
import threading

from operating_case import OperatingCase, fault_agency

PEOPLE = 4000
FILE_ROWS = 50


class Payer:
    """Posts file after file until told to stop; `acknowledged` has the references that were."""

    def __init__(self, agency, prefix):
        self.agency, self.prefix = agency, prefix
        self.acknowledged, self.sent = [], []
        self.errors = []
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.pay)
        self.thread.start()

    def pay(self):
        number = 0
        while not self.stopping.is_set():
            codes = [self.agency.codes[(number * FILE_ROWS + i) % PEOPLE]
                     for i in range(FILE_ROWS)]
            prefix = f"{self.prefix}{number:05}-"
            path = self.agency.folder / f"{prefix}.csv"
            fault_agency.write_payments(path, codes, prefix)
            references = [f"{prefix}{i:07}" for i in range(FILE_ROWS)]
            self.sent += references
            done = self.agency.run("collect", path, "--partner", "pos")
            if done.code != 0:
                self.errors.append(done.err)
                return
            self.acknowledged += references
            number += 1

    def stop(self):
        self.stopping.set()
        self.thread.join()


class RestoreDrill(OperatingCase):
    def filled(self):
        agency = self.new_agency().create(PEOPLE)
        path = agency.folder / "first.csv"
        fault_agency.write_payments(path, agency.codes, "first")
        agency.must("collect", path, "--partner", "pos")
        return agency

    def backup_beside(self, agency, payer):
        """A backup during which payments were posted: what was acknowledged before it began."""
        for attempt in range(10):
            before = list(payer.acknowledged)
            target = self.folder / f"drill{attempt}.backup"
            manifest = self.ask(agency, "backup", "--to", target)
            if len(payer.acknowledged) > len(before) > 0:
                return before, target, manifest
        self.fail(f"no payment was posted during ten backups: {payer.errors}")

    def test_every_payment_acknowledged_before_the_backup_is_in_the_restored_database(self):
        agency = self.filled()
        payer = Payer(agency, "drill")
        try:
            acknowledged, backup, manifest = self.backup_beside(agency, payer)
        finally:
            payer.stop()
        self.assertEqual(payer.errors, [])
        self.assertEqual(manifest["violations"], 0)
        self.assertEqual(manifest["engine"], {"postgres": "postgresql"}.get(self.engine, "sqlite"))
        for engine in ("sqlite", "postgres"):  # Wherever it comes from, to either.
            with self.subTest(to=engine):
                restored = self.new_agency(engine, key=self.key_of(agency))
                restored.must("restore", backup)
                self.assertIsNone(restored.verify())
                stored = restored.stored("drill")
                self.assertIsNone(fault_agency.once_each(stored, acknowledged))
                self.assertLessEqual(set(stored), set(payer.sent))
                self.assertIsNone(fault_agency.once_each(
                    restored.stored("first"), [f"first{i:07}" for i in range(PEOPLE)]))
                rows = restored.rows("SELECT count(*) FROM payment")
                self.assertEqual(int(rows[0][0]), manifest["rows"]["payment"])
                # Life goes on there: numbers are handed out after those that were.
                path = restored.folder / "after.csv"
                fault_agency.write_payments(path, agency.codes[:20], "after")
                restored.must("collect", path, "--partner", "pos")
                self.assertIsNone(restored.verify())
        self.assertIsNone(agency.verify(), "the database that was copied")

    def test_a_backup_holds_no_key_and_is_for_its_owner_only(self):
        agency = self.new_agency().create(50)
        backup = self.folder / "a.backup"
        agency.must("backup", "--to", backup)
        content = backup.read_bytes()
        keys = re.findall(rb"[0-9a-f]{64}", self.key_of(agency).read_bytes())
        self.assertGreater(len(keys), 0)
        for key in keys:
            self.assertNotIn(key, content)
            self.assertNotIn(bytes.fromhex(key.decode()), content)
        self.assertNotIn(fault_agency.nik_of(7).encode(), content)
        self.assertIn(fault_agency.name_of(7).encode(), content, "this test looks in vain")
        for path in (backup, self.folder / "a.backup.manifest"):
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        left = sorted(p.name for p in self.folder.iterdir() if p.is_file())
        self.assertEqual(left, ["a.backup", "a.backup.manifest"])

    def test_damaged_and_truncated_backups_are_refused_and_leave_nothing(self):
        agency = self.new_agency().create(50)
        backup = self.folder / "a.backup"
        agency.must("backup", "--to", backup)
        good, manifest = backup.read_bytes(), self.folder / "a.backup.manifest"
        good_manifest = manifest.read_bytes()
        size = len(good)

        def flipped(data, at):
            return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]

        other = self.folder / "b.backup"
        agency.must("group", "add", "lain", "Lain", "--kind", "association", "--branch",
                    "surakarta")
        agency.must("backup", "--to", other)
        other_manifest = (self.folder / "b.backup.manifest").read_bytes()
        bad = {
            "a bit of the first page": (flipped(good, 200), good_manifest, "backup.damaged"),
            "a bit in the middle": (flipped(good, size // 2), good_manifest, "backup.damaged"),
            "the last bit": (flipped(good, size - 1), good_manifest, "backup.damaged"),
            "one byte short": (good[:-1], good_manifest, "backup.damaged"),
            "half of it": (good[:size // 2], good_manifest, "backup.damaged"),
            "nothing of it": (b"", good_manifest, "backup.damaged"),
            "a byte more": (good + b"x", good_manifest, "backup.damaged"),
            "another backup's": (good, other_manifest, "backup.damaged"),
            "a manifest changed": (good, good_manifest.replace(b"rows person 50", b"rows person 51"),
                                   "backup.manifest_damaged"),
            "half a manifest": (good, good_manifest[:len(good_manifest) // 2],
                                "backup.manifest_damaged"),
            "an empty manifest": (good, b"", "backup.manifest_damaged"),
            "no manifest": (good, None, "backup.manifest_missing"),
        }
        restored = self.new_agency(key=self.key_of(agency))
        for name, (data, text, rule) in bad.items():
            with self.subTest(name):
                backup.write_bytes(data)
                manifest.unlink(missing_ok=True)
                if text is not None:
                    manifest.write_bytes(text)
                self.assert_refused(restored.run("restore", backup), 3, rule)
                self.assertTrue(self.is_empty(restored))
                self.assert_refused(agency.run("check-backup", backup), 3, rule)
        backup.write_bytes(good)
        manifest.write_bytes(good_manifest)
        restored.must("restore", backup)

    def test_nothing_is_ever_written_over(self):
        agency = self.new_agency().create(20)
        backup = self.folder / "a.backup"
        agency.must("backup", "--to", backup)
        before = backup.read_bytes()
        self.assert_refused(agency.run("backup", "--to", backup), 3, "backup.target_exists")
        self.assertEqual(backup.read_bytes(), before)
        done = agency.run("restore", backup)
        self.assert_refused(done, 3, "restore.target_")
        self.assertEqual(len(agency.rows("SELECT person_id FROM person")), 20)
        if self.engine == "sqlite":
            for ending in ("-wal", "-journal"):
                restored = self.new_agency(key=self.key_of(agency))
                left = restored.file.with_name(restored.file.name + ending)
                left.write_bytes(b"of another database")
                self.assert_refused(restored.run("restore", backup), 3, "restore.target_exists")
                self.assertFalse(restored.file.exists())
        else:
            restored = self.new_agency(key=self.key_of(agency))
            restored.rows("CREATE TABLE ours (a int)")
            self.assert_refused(restored.run("restore", backup), 3, "restore.target_not_empty")

    def test_another_key_does_not_fit(self):
        agency = self.new_agency().create(20)
        backup = self.folder / "a.backup"
        agency.must("backup", "--to", backup)
        key = self.folder / "other.key"
        key.write_bytes(b"k" * 32)
        key.chmod(0o600)
        restored = self.new_agency(key=key)
        self.assert_refused(restored.run("restore", backup), 3, "agency.wrong_key")
        self.assertTrue(self.is_empty(restored))

    def test_keeps_so_many_and_touches_nothing_else(self):
        agency = self.new_agency().create(20)
        folder = self.folder / "backups"
        folder.mkdir()
        agency.must("backup", "--to", folder, "--quick")
        first = next(folder.glob("*.backup"))
        for year in (2020, 2021, 2022):
            for path in (first, folder / f"{first.name}.manifest"):
                twin = folder / path.name.replace(first.name[7:11], str(year), 1)
                twin.write_bytes(path.read_bytes())
        gone = subprocess.Popen([sys.executable, "-c", ""])
        gone.wait()
        stale = folder / f"jaring-20200101T000000Z.backup.partial-{gone.pid}"
        ours = folder / f"jaring-20200101T000000Z.backup.partial-{self.pid_that_lives()}"
        others = [folder / "notes.txt", folder / "jaring-20190101T000000Z.backup", ours]
        for path in [stale, *others]:
            path.write_bytes(b"x")
        first.rename(folder / "jaring-20230101T000000Z.backup")
        (folder / f"{first.name}.manifest").rename(
            folder / "jaring-20230101T000000Z.backup.manifest")
        agency.must("backup", "--to", folder, "--keep", "2")
        kept = sorted(p.name for p in folder.glob("*.backup") if p not in others)
        self.assertEqual(len(kept), 2, kept)
        self.assertEqual(kept[0], "jaring-20230101T000000Z.backup")
        self.assertEqual(len(list(folder.glob("*.manifest"))), 2)
        self.assertTrue(all(path.exists() for path in others))
        self.assertFalse(stale.exists(), "what a broken-off backup left behind")

    @staticmethod
    def pid_that_lives():
        return os.getpid()

    def test_a_backup_that_is_killed_leaves_nothing_that_looks_like_one(self):
        agency = self.new_agency().create(PEOPLE)
        folder = self.folder / "backups"
        folder.mkdir()
        for _ in range(20):
            process = agency.start("backup", "--to", folder, stdout=subprocess.DEVNULL)
            while process.poll() is None and not list(folder.glob("*.partial-*")):
                pass
            process.kill()
            if process.wait() != 0:
                break
            for path in folder.iterdir():
                path.unlink()
        self.assertEqual([p.name for p in folder.iterdir() if ".partial-" not in p.name], [])
        self.assertNotEqual(list(folder.iterdir()), [], "nothing was broken off")
        agency.must("backup", "--to", folder)
        self.assertEqual(len(list(folder.iterdir())), 2, "a backup and its manifest")
        self.assertIsNone(agency.verify())

    def test_books_that_do_not_balance_are_kept_and_said(self):
        agency = self.new_agency().create(20)
        path = agency.folder / "p.csv"
        fault_agency.write_payments(path, agency.codes, "p")
        agency.must("collect", path, "--partner", "pos")
        change = "UPDATE coverage_counter SET registered = registered + 1"
        if self.engine == "sqlite":
            with sqlite3.connect(agency.file) as connection:
                connection.execute(change)
            connection.close()
        else:
            agency.rows(change)
        backup = self.folder / "a.backup"
        done = agency.run("backup", "--to", backup)
        self.assert_refused(done, 1, "backup.books_do_not_balance")
        self.assertTrue(backup.exists())
        restored = self.new_agency(key=self.key_of(agency))
        self.assert_refused(restored.run("restore", backup), 1, "backup.books_do_not_balance")
        self.assertEqual(len(restored.rows("SELECT person_id FROM person")), 20)

    def test_without_a_place_or_with_one_that_is_not_there(self):
        agency = self.new_agency().create(5)
        self.assert_refused(agency.run("backup"), 2, "backup.folder_missing")
        self.assert_refused(agency.run("backup", "--to", self.folder / "no" / "a.backup"), 3,
                            "backup.not_writable")
        self.assert_refused(agency.run("restore", self.folder / "none.backup"), 3,
                            "backup.manifest_missing")
