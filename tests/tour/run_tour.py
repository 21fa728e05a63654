#!/usr/bin/env python3
"""Walks the tour of README.md on a small demo: each `jaring …` line of its code blocks must do what
the text promises: work, and leave the books sound.

A line whose rows are partly refused on purpose (enrol, collect of examples/) may end with 1.
"""
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
JARING = ROOT / "build" / "release" / "jaring"
SCALE = 0.03  # Some 1,800 people.


def tour_lines(text):
    """The commands of the section on the tour, in order."""
    section = text.split("## Five-minute tour", 1)[1].split("\n## ", 1)[0]
    for block in re.findall(r"```\n(.*?)```", section, re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            line = line.removeprefix("$ ")
            if line.startswith("jaring "):
                yield line


def walk(lines, db, folder):
    passed = failed = 0
    for line in lines:
        words = shlex.split(line.split(" #")[0].replace("$DB", db))
        # Copies, so that rejected rows are not written beside the examples of the repository.
        for place, word in enumerate(words):
            if word.startswith("examples/"):
                copy = folder / pathlib.Path(word).name
                copy.write_bytes((ROOT / word).read_bytes())
                words[place] = str(copy)
        done = subprocess.run([JARING, *words[1:]], cwd=folder, capture_output=True, text=True,
                              check=False)
        allowed = (0, 1) if words[1] in ("enrol", "collect") else (0,)
        if done.returncode in allowed and (done.stdout.strip() or done.stderr.strip()):
            passed += 1
        else:
            failed += 1
            print(f"FAILED (exit {done.returncode}) {line}\n{done.stdout[-500:]}"
                  f"{done.stderr[-500:]}")
    return passed, failed


def main():
    lines = list(tour_lines((ROOT / "README.md").read_text()))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        db = f"sqlite:{folder}/demo.db"
        made = subprocess.run([JARING, "demo", "--db", db, "--scale", str(SCALE)],
                              capture_output=True, text=True, check=False)
        if made.returncode != 0:
            print(made.stdout[-1000:], made.stderr[-1000:])
            print("0 passed, 1 failed")
            return 1
        passed, failed = walk(lines, db, folder)
        sound = subprocess.run([JARING, "verify", "--db", db], capture_output=True, check=False)
        passed, failed = passed + (sound.returncode == 0), failed + (sound.returncode != 0)
    # A tour of nothing would be green too.
    if len(lines) < 5:
        print(f"README.md has only {len(lines)} lines of tour")
        failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
