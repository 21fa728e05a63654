"""The Debian package: what is in it, and that what it installs works."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from operating_case import ROOT, OperatingCase, fault_agency

MOST_EXPOSURE = 2.0  # Of systemd-analyze security; 10 is a service with no protection at all.
ONLY = "sqlite"  # The package is the same for both.
UNITS = ["jaring.service", "jaring-backup.service", "jaring-backup.timer"]


def command(*arguments, **options):
    return subprocess.run([str(a) for a in arguments], capture_output=True, text=True, check=False,
                          **options)


class Package(OperatingCase):
    built = None

    def setUp(self):
        super().setUp()
        if Package.built is None:
            out = ROOT / "build" / "test" / "package"
            shutil.rmtree(out, ignore_errors=True)
            done = command(ROOT / "packaging" / "build_deb.sh", out)
            self.assertEqual(done.returncode, 0, done.stderr)
            Package.built = pathlib.Path(ROOT, done.stdout.strip().splitlines()[-1])
        self.deb = Package.built
        self.root = self.folder / "root"

    def extract(self):
        self.assertEqual(command("dpkg-deb", "-x", self.deb, self.root).returncode, 0)
        return self.root

    def field(self, name):
        return command("dpkg-deb", "-f", self.deb, name).stdout.strip()

    def test_says_what_it_is_and_what_it_needs(self):
        version = command(fault_agency.JARING, "--version").stdout.split()[1]
        self.assertEqual(self.field("Version"), version)
        architecture = command("dpkg", "--print-architecture").stdout.strip()
        self.assertEqual(self.deb.name, f"jaring_{version}_{architecture}.deb")
        depends = self.field("Depends").split(", ")
        for package in ("adduser", "libc6", "libsqlite3-0", "libpq5", "libssl3"):
            self.assertIn(package, depends)
        for package in depends:
            self.assertEqual(command("dpkg-query", "-W", package).returncode, 0, package)

    def test_holds_every_file_with_sound_owners_and_modes(self):
        listing = command("dpkg-deb", "-c", self.deb).stdout.splitlines()
        names = set()
        for line in listing:
            mode, owner, *_, name = line.split(maxsplit=5)
            names.add(name.lstrip("."))
            self.assertEqual(owner, "root/root", line)
            self.assertNotRegex(mode, r"^.[rwx-]{4}w|^.[rwx-]{7}w|s|t", line)
        for name in ("/usr/bin/jaring", "/etc/jaring/jaring.toml",
                     "/usr/share/man/man1/jaring.1.gz", "/usr/share/doc/jaring/copyright",
                     "/usr/share/doc/jaring/changelog.gz", "/usr/share/doc/jaring/NOTICE",
                     "/usr/share/doc/jaring/OPERATORS.md",
                     *(f"/lib/systemd/system/{unit}" for unit in UNITS)):
            self.assertIn(name, names)
        for folder in ("data", "schemes", "migrations", "api"):
            tracked = command("git", "-C", ROOT, "ls-files", folder).stdout.split()
            self.assertGreater(len(tracked), 0)
            for name in tracked:
                if not name.endswith("checksums.txt"):
                    self.assertIn(f"/usr/share/jaring/{name}", names)
        for name in ("worker.html", "worker.html.br", "design.html.gz", "sw.js", "app.webmanifest"):
            self.assertIn(f"/usr/share/jaring/web/dist/{name}", names)
        self.assertFalse([n for n in names if n.endswith((".key", ".db")) or "/.vite" in n])

    def test_its_sums_and_settings_and_scripts_are_in_order(self):
        root = self.extract()
        control = self.folder / "control"
        command("dpkg-deb", "-e", self.deb, control)
        self.assertEqual(command("md5sum", "-c", "--quiet", control / "md5sums",
                                 cwd=root).returncode, 0)
        self.assertEqual((control / "conffiles").read_text(), "/etc/jaring/jaring.toml\n")
        for script in ("postinst", "prerm", "postrm"):
            self.assertEqual(command("sh", "-n", control / script).returncode, 0)
            text = (control / script).read_text()
            self.assertIn("set -e", text)
            self.assertNotRegex(text, r"systemctl (start|enable|restart|--now)[^\"]*$")
        shown = command("man", "-l", root / "usr/share/man/man1/jaring.1.gz")
        manual = command("zcat", root / "usr/share/man/man1/jaring.1.gz").stdout
        self.assertIn("restore", manual if shown.returncode else shown.stdout + manual)

    def test_is_the_same_when_made_again(self):
        again = command(ROOT / "packaging" / "build_deb.sh", self.folder / "again")
        other = pathlib.Path(again.stdout.strip().splitlines()[-1])
        self.assertEqual(other.read_bytes(), self.deb.read_bytes())

    def test_lintian_finds_no_fault(self):
        if shutil.which("lintian") is None:
            print("note: no lintian here: the other tests look at most of the same things")
            return
        done = command("lintian", "--allow-root", "--fail-on", "error", "--suppress-tags",
                       "dir-or-file-in-etc-opt,bad-distribution-in-changes-file", self.deb)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_dpkg_installs_and_removes_it_and_the_data_stay(self):
        if os.geteuid() != 0:
            print("note: dpkg installs as root only")
            return
        admin = self.root / "var/lib/dpkg"
        for folder in ("info", "updates", "triggers"):
            (admin / folder).mkdir(parents=True)
        for file in ("status", "available"):
            (admin / file).touch()
        options = [f"--root={self.root}", "--force-depends", "--force-script-chrootless"]
        done = command("dpkg", *options, "-i", self.deb)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        for folder in ("var/lib/jaring", "var/backups/jaring", "etc/jaring/keys"):
            self.assertEqual((self.root / folder).stat().st_mode & 0o7777, 0o700, folder)
        self.assertEqual((self.root / "etc/jaring/jaring.toml").stat().st_mode & 0o7777, 0o640)
        self.assertFalse((self.root / "etc/systemd/system").exists(), "nothing is enabled")
        data = self.root / "var/lib/jaring/jaring.db"
        data.write_text("a nation's")
        for action in ("--remove", "--purge"):
            done = command("dpkg", *options, action, "jaring")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertTrue(data.exists())
        self.assertFalse((self.root / "usr/bin/jaring").exists())

    def test_the_installed_program_works_from_where_it_is(self):
        root = self.extract()
        jaring = root / "usr/bin/jaring"
        db = ["--db", f"sqlite:{self.folder}/i.db"]
        self.assertEqual(command(jaring, "--version").stdout,
                         command(fault_agency.JARING, "--version").stdout)
        config = command(jaring, "--config", root / "etc/jaring/jaring.toml", "config", "show")
        self.assertIn("/var/lib/jaring/jaring.db", config.stdout, config.stderr)
        self.assertEqual(command(jaring, *db, "init", "--demo").returncode, 0)
        command(jaring, *db, "partner", "add", "pos", "Kantor Pos")
        done = command(jaring, *db, "doctor", "--json")
        states = {f["name"]: f["state"] for f in json.loads(done.stdout)}
        self.assertEqual((states["schema"], states["key"]), ("ok", "ok"))
        agency = self.new_agency("sqlite")
        agency.address = db[1]
        agency.start = lambda *a, **o: subprocess.Popen(
            [str(jaring), *map(str, a), *db], **o)
        server = fault_agency.Server(agency)
        self.assertEqual(server.stop(), 0)


class Units(unittest.TestCase):
    def need_systemd(self):
        if shutil.which("systemd-analyze") is None:
            self.fail("systemd-analyze is missing; run tools/install_packages.sh test")

    @staticmethod
    def faults_of(path):
        done = command("systemd-analyze", "verify", "--man=no", path)
        # The program is not installed on this machine; everything else must be right.
        return [line for line in (done.stdout + done.stderr).splitlines()
                if "jaring" in line and "is not executable" not in line]

    def test_units_are_sound(self):
        self.need_systemd()
        for unit in UNITS:
            self.assertEqual(self.faults_of(ROOT / "packaging" / unit), [], unit)
        with tempfile.TemporaryDirectory() as folder:  # A slip is seen.
            path = pathlib.Path(folder, "jaring.service")
            text = (ROOT / "packaging" / "jaring.service").read_text()
            path.write_text(text.replace("NoNewPrivileges=", "NoNewPrivilege="))
            self.assertNotEqual(self.faults_of(path), [])

    def test_units_are_locked_in(self):
        self.need_systemd()
        for unit in UNITS[:2]:
            done = command("systemd-analyze", "security", "--offline=true", "--no-pager",
                           ROOT / "packaging" / unit)
            found = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
            self.assertIsNotNone(found, done.stdout + done.stderr)
            self.assertLessEqual(float(found[1]), MOST_EXPOSURE, done.stdout)

    def test_a_unit_says_what_it_must(self):
        text = (ROOT / "packaging" / "jaring.service").read_text()
        for line in ("User=jaring", "NoNewPrivileges=yes", "ProtectSystem=strict",
                     "StateDirectory=jaring", "PrivateTmp=yes", "PrivateDevices=yes",
                     "MemoryDenyWriteExecute=yes", "SystemCallFilter=@system-service",
                     "SystemCallFilter=~@privileged", "CapabilityBoundingSet=", "UMask=0077",
                     "Restart=on-failure", "LimitCORE=0"):
            self.assertIn(line, text.splitlines())
