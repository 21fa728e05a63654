"""`jaring key`: versions of the key that seals identities."""
import os
import pathlib

from cli_case import BUDI, PEOPLE, SITI, SITI_MONTH, TODAY, CliCase, payment


class Keys(CliCase):
    def key_file(self):
        return self.folder / ("key" if self.engine == "postgres" else "a.db.key")

    def lines(self):
        return [line.split() for line in self.key_file().read_text().splitlines()
                if not line.startswith("#")]

    def states(self):
        return {k["version"]: (k["state"], k["rows"]) for k in self.ask("key", "list")}

    def test_rotates_retires_and_keeps_everybody(self):
        self.make_agency()
        self.enrol()
        first = self.lines()[0]
        self.assertEqual(first[:3], ["1", TODAY, "live"])
        # Two people with a NIK in two tables, one of them with a phone in two.
        self.assertEqual(self.states(), {1: ("current", 6)})
        self.assertEqual(self.ask("key", "rotate"), {"version": 2, "rows": 3})
        self.assertEqual(self.states(), {1: ("emptied", 0), 2: ("current", 6)})
        again = self.enrol()
        self.assertEqual(self.counts(again), (2, 0, 2, 0, 0))
        summary = self.collect([payment("A-1", SITI_MONTH, nik=SITI)])
        self.assertEqual(self.counts(summary), (1, 1, 0, 0, 0))
        self.assertEqual(self.ask("cover", SITI)["member_number"],
                         again["members"][0]["member_number"])
        self.assert_sound()
        self.must("key", "retire", "1")
        self.assertEqual(self.states(), {1: ("retired", 0), 2: ("current", 6)})
        self.assertEqual([line[2] for line in self.lines()], ["retired", "live"])
        self.assertEqual(self.lines()[0][3], first[3])  # Older copies of the database need it.
        self.must("cover", BUDI)

    def test_goes_on_with_a_key_made_in_advance(self):
        self.make_agency()
        self.enrol()
        self.must("key", "add")
        self.assertEqual(self.states(), {1: ("current", 6), 2: ("unused", 0)})
        self.enrol([PEOPLE[0].replace(SITI, "3372014101750009").replace("Siti", "Sri")])
        self.assertEqual(self.states()[1], ("current", 10))
        self.assertEqual(self.ask("key", "rotate", "--rows", "1")["version"], 2)
        self.assertEqual(len(self.lines()), 2)
        self.assertEqual(self.ask("key", "reseal"), {"version": 2, "rows": 0})

    def test_refuses_to_retire_what_seals(self):
        self.make_agency()
        self.enrol()
        self.assert_error(self.jaring("key", "retire", "1"), 3, "key.is_current")
        self.assert_error(self.jaring("key", "retire", "7"), 3, "key.unknown_version")

    def test_reads_an_old_key_file_and_keeps_it_whole(self):
        self.make_agency()
        self.enrol()
        key = bytes.fromhex(self.lines()[0][3])
        self.key_file().write_bytes(key)
        self.must("cover", SITI)
        self.assertEqual(self.key_file().read_bytes(), key)  # Until a key is added.
        self.must("key", "rotate")
        self.assertEqual(self.lines()[0], ["1", "-", "live", key.hex()])
        self.assertEqual(os.stat(self.key_file()).st_mode & 0o777, 0o600)
        self.must("cover", SITI)

    def test_refuses_a_copy_of_before_the_rotation(self):
        self.make_agency()
        self.enrol()
        old = pathlib.Path(self.folder / "old.key")
        old.write_bytes(self.key_file().read_bytes())
        old.chmod(0o600)
        self.must("key", "rotate")
        old.rename(self.key_file())
        self.assert_error(self.jaring("cover", SITI), 3, "key_file.version_missing")

    def test_refuses_a_key_that_others_can_read(self):
        self.make_agency()
        self.key_file().chmod(0o640)
        done = self.jaring("coverage")
        self.assert_error(done, 3, "key_file.open_to_others")
        self.assertIn("chmod 600", done.stderr)
        self.key_file().chmod(0o400)
        self.must("coverage")
