"""What the tests of operating start from: agencies of their own, made with the binary."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "faults"))
import fault_agency  # noqa: E402

ROOT = fault_agency.ROOT
JARING = fault_agency.JARING


class OperatingCase(unittest.TestCase):
    """One test with an empty folder."""
    engine = "sqlite"
    made = 0

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="jaring-operating."))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def new_agency(self, engine=None, key=None):
        """An agency that is not made yet; `key`: the key file it will have."""
        OperatingCase.made += 1
        engine = engine or self.engine
        name = f"op_{os.getpid()}_{OperatingCase.made}"
        folder = self.folder / name
        agency = fault_agency.Agency(engine, folder, name)
        if engine == "postgres":
            self.addCleanup(subprocess.run, ["psql", "-q", os.environ["JARING_TEST_POSTGRES"], "-c",
                                             f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'],
                            check=False)
        if key is not None:
            shutil.copy2(key, self.key_of(agency))
        return agency

    def key_of(self, agency):
        return (agency.folder / "key" if agency.engine == "postgres"
                else pathlib.Path(f"{agency.file}.key"))

    def ask(self, agency, *arguments):
        return json.loads(agency.must(*arguments, "--json").out)

    def assert_refused(self, done, code, rule):
        self.assertEqual(done.code, code, done.out + done.err)
        self.assertIn(rule, done.err)
        self.assertNotIn("Refused by the rule", done.err)  # What a missing sentence looks like.

    def is_empty(self, agency):
        """Nothing was left in the place of a database that could not be made."""
        if agency.engine == "sqlite":
            return not list(agency.folder.glob(f"{agency.file.name}*[!y]"))  # Its key may be there.
        tables = agency.rows("SELECT count(*) FROM pg_class WHERE relkind = 'r' AND"
                             " relnamespace = 'public'::regnamespace")
        return tables[0][0] == "0"
