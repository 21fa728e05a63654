"""Runs a suite the way ./test counts it."""
import sys
import unittest


def run_suite(suite, verbosity=1):
    """The exit code; the last line is "P passed, F failed"."""
    result = unittest.TextTestRunner(verbosity=verbosity).run(suite)
    failed = len(result.failures) + len(result.errors)
    sys.stderr.flush()
    print(f"{max(0, result.testsRun - failed)} passed, {failed} failed")
    return 1 if failed else 0
