#!/usr/bin/env python3
"""What an operator does: settings, doctor, backup and restore, upgrade, the package; on SQLite and
PostgreSQL.

usage: tests/operating/run_operating.py [--engine sqlite|postgres] [NAME]…   (part of a test's name)
"""
import argparse
import os
import subprocess
import sys
import unittest

import doctor_tests
import operating_case
import package_tests
import restore_drill
import servers_tests
import sms_tests
import upgrade_tests

MODULES = [doctor_tests, sms_tests, servers_tests, restore_drill, upgrade_tests,
           package_tests]


def cases(engine):
    """All tests; those of a module that names its one engine only there."""
    for module in MODULES:
        for name, case in vars(module).items():
            if not isinstance(case, type) or case.__module__ != module.__name__:
                continue
            only = getattr(module, "ONLY", None)
            if only is None:
                yield type(f"{name}_{engine}", (case,), {"engine": engine, "__module__": engine})
            elif engine == only:
                yield case


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--engine", choices=("sqlite", "postgres"))
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    if not operating_case.JARING.exists():
        print(f"{operating_case.JARING} is missing; run ./run --build\n0 passed, 1 failed")
        return 1
    if "JARING_TEST_POSTGRES" not in os.environ:  # A drill goes from either engine to either.
        return subprocess.run([operating_case.ROOT / "tests/with_postgres.sh", sys.executable,
                               *sys.argv], check=False).returncode
    suite = unittest.TestSuite()
    for engine in [options.engine] if options.engine else ["sqlite", "postgres"]:
        for case in cases(engine):
            for test in unittest.defaultTestLoader.loadTestsFromTestCase(case):
                if not options.names or any(name in test.id() for name in options.names):
                    suite.addTest(test)
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(suite)
    failed = len({test.id() for test, _ in result.failures + result.errors})
    print(f"{result.testsRun - failed} passed, {failed} failed")
    return 0 if result.testsRun > 0 and failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
