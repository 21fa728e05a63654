#!/usr/bin/env python3
"""Harm on purpose: runs every fault scenario against build/release/jaring, on SQLite and PostgreSQL.

usage: tests/faults/run_faults.py [--engine sqlite|postgres] [--only NAME]… [--kills N] [--seed N]
       [--keep]          (--list names the scenarios; --keep leaves the folder for a look)

Random moments differ from run to run; the seed is printed and repeats what can be repeated.
"""
import argparse
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

import claim_faults
import disk_faults
import failover_faults
import fault_agency
import file_faults
import key_faults
import kill_faults
import month_faults
import move_faults
import nation_faults
import server_faults
import spoiled_faults
import transfer_faults

SCENARIOS = {s.__name__: s for s in (*kill_faults.SCENARIOS, *claim_faults.SCENARIOS,
                                     *transfer_faults.SCENARIOS,
                                     *key_faults.SCENARIOS,
                                     *file_faults.SCENARIOS, *disk_faults.SCENARIOS,
                                     *server_faults.SCENARIOS, *nation_faults.SCENARIOS,
                                     *month_faults.SCENARIOS, *spoiled_faults.SCENARIOS,
                                     *failover_faults.SCENARIOS, *move_faults.SCENARIOS)}


class Trial:
    """What a scenario is given: an engine, a folder, chance, and somebody who counts."""

    def __init__(self, engine, folder, kills, seed):
        self.engine, self.kills = engine, kills
        self.folder = folder
        self.random = random.Random(seed)
        self.passed = self.failed = 0
        self.notes = []

    def check(self, holds, problem):
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print(f"  FAILED {problem}", flush=True)

    def check_none(self, problem, where):
        self.check(problem is None, f"{where}: {problem}")

    def note(self, text):
        self.notes.append(text)


def run_engine(engine, names, options, folder):
    passed = failed = 0
    for name in names:
        trial = Trial(engine, folder / engine / name, options.kills, f"{options.seed} {name}")
        trial.folder.mkdir(parents=True)
        began = time.monotonic()
        try:
            SCENARIOS[name](trial)
        except Exception:  # One scenario's trouble must not hide the others'.
            trial.check(False, traceback.format_exc())
        print(f"{engine} {name}: {trial.passed} passed, {trial.failed} failed,"
              f" {time.monotonic() - began:.0f} s", flush=True)
        for note in trial.notes:
            print(f"note: {name}: {note}")
        passed, failed = passed + trial.passed, failed + trial.failed
        if not options.keep and trial.failed == 0:
            shutil.rmtree(trial.folder, ignore_errors=True)
    return passed, failed


def run_both(options):
    """Each engine in a program of its own, at the same time: one waits while the other works."""
    more = ["--seed", str(options.seed), "--kills", str(options.kills)]
    more += [word for name in options.only or [] for word in ("--only", name)]
    more += ["--keep"] if options.keep else []
    runs = [subprocess.Popen([sys.executable, __file__, "--engine", engine, *more],
                             stdout=subprocess.PIPE, text=True)
            for engine in ("sqlite", "postgres")]
    passed = failed = 0
    for said in [run.communicate()[0] for run in runs]:
        lines = said.splitlines()
        last = re.fullmatch(r"(\d+) passed, (\d+) failed", lines[-1] if lines else "")
        print("\n".join(lines[:-1] if last else lines))
        passed += int(last[1]) if last else 0
        failed += int(last[2]) if last else 1  # It did not come to its end.
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--engine", choices=("sqlite", "postgres"))
    parser.add_argument("--only", action="append", choices=SCENARIOS)
    parser.add_argument("--kills", type=int, default=13,
                        help="of each kind and engine: 52 in all")
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4), "big"))
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    if options.list:
        print("\n".join(SCENARIOS))
        return 0
    if not fault_agency.JARING.exists():
        print(f"faults: {fault_agency.JARING} is missing; run ./run --build", file=sys.stderr)
        print("0 passed, 1 failed")
        return 1
    if not options.engine:
        return run_both(options)
    if "JARING_TEST_POSTGRES" not in os.environ:  # Whoever moves needs both engines.
        return subprocess.run([fault_agency.ROOT / "tests/with_postgres.sh", sys.executable,
                               *sys.argv], check=False).returncode
    print(f"seed {options.seed}")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="jaring-faults."))
    passed, failed = run_engine(options.engine, options.only or list(SCENARIOS), options, folder)
    if options.keep or failed:
        print(f"note: the databases are in {folder}")
    else:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
