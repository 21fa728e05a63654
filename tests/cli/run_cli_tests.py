#!/usr/bin/env python3
"""Every command of build/release/jaring as the specification words it, on SQLite and PostgreSQL.

usage: tests/cli/run_cli_tests.py [--engine sqlite|postgres] [NAME]…    (NAME: part of a test's name)
"""
import argparse
import os
import shutil
import subprocess
import sys
import unittest

import cli_case
import entitlement_tests
import file_tests
import key_tests
import member_tests
import month_tests
import move_tests
import program_tests

MODULES = [program_tests, file_tests, member_tests, key_tests, month_tests,
           move_tests, entitlement_tests]


def cases(engine):
    """All tests; those without a database only once."""
    for module in MODULES:
        for name, case in vars(module).items():
            if not isinstance(case, type) or case.__module__ != module.__name__:
                continue
            if issubclass(case, cli_case.CliCase):
                yield type(f"{name}_{engine}", (case,), {"engine": engine, "__module__": engine})
            elif issubclass(case, unittest.TestCase) and engine == "sqlite":
                yield case


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--engine", choices=("sqlite", "postgres"))
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    if not cli_case.JARING.exists():
        print(f"{cli_case.JARING} is missing; run ./run --build\n0 passed, 1 failed")
        return 1
    if options.engine != "sqlite" and "JARING_TEST_POSTGRES" not in os.environ:
        return subprocess.run([cli_case.ROOT / "tests/with_postgres.sh", sys.executable,
                               *sys.argv], check=False).returncode
    suite = unittest.TestSuite()
    for engine in [options.engine] if options.engine else ["sqlite", "postgres"]:
        for case in cases(engine):
            for test in unittest.defaultTestLoader.loadTestsFromTestCase(case):
                if not options.names or any(name in test.id() for name in options.names):
                    suite.addTest(test)
    result = unittest.TextTestRunner(stream=sys.stdout).run(suite)
    if cli_case.CliCase.template is not None:
        shutil.rmtree(cli_case.CliCase.template, ignore_errors=True)
    failed = len({test.id() for test, _ in result.failures + result.errors})
    print(f"{result.testsRun - failed} passed, {failed} failed")
    return 0 if result.testsRun > 0 and failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
