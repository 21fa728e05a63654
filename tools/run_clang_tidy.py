#!/usr/bin/env python3
"""Runs clang-tidy over src/, newest files first, one per core.

A clean file leaves a stamp in build/clang-tidy/ named by what it was: the file, every header of ours
it includes, the checks. So a second run looks only at what changed. JARING_TIDY_SECONDS bounds the
time (default 300; 0: no bound); files not reached are named and left for the next run.
usage: tools/run_clang_tidy.py [--self-test]
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "debug"  # The preset that builds with clang.
STAMPS = ROOT / "build" / "clang-tidy"
INCLUDE = re.compile(r'^#include "([^"]+)"', re.MULTILINE)


def ours_included_by(path, seen):
    """All files of src/ that `path` includes, near and far."""
    for name in INCLUDE.findall(path.read_text()):
        header = ROOT / "src" / name
        if header.exists() and header not in seen:
            seen.add(header)
            ours_included_by(header, seen)
    return seen


def stamp_of(path):
    digest = hashlib.sha256((ROOT / ".clang-tidy").read_bytes())
    for file in [path, *sorted(ours_included_by(path, set()))]:
        digest.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    return STAMPS / digest.hexdigest()


def without_precompiled(command):
    """So that a file which forgets an include is found."""
    return re.sub(r" -Winvalid-pch( -Xclang \S+){4}", "", command)


def is_clean(path, build=STAMPS):
    done = subprocess.run(["clang-tidy", "--quiet", "-p", build, path], capture_output=True,
                          text=True, check=False)
    if done.returncode != 0:
        print(done.stdout, *re.findall(r"^.*error:.*$", done.stderr, re.MULTILINE), sep="\n")
    return done.returncode == 0


def self_test():
    """A file with a mistake must be refused: else the whole step says nothing."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / ".clang-tidy").write_text((ROOT / ".clang-tidy").read_text())
        file = folder / "planted.cc"
        file.write_text("int g_count = 0;\nint f_oo(int* p) { return p ? 0 : *p; }\n")
        (folder / "compile_commands.json").write_text(json.dumps(
            [{"directory": name, "command": "clang++ -std=c++20 -c planted.cc", "file": str(file)}]))
        found = not is_clean(file, folder)
    print("1 passed, 0 failed" if found else "0 passed, 1 failed")
    return 0 if found else 1


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    subprocess.run(["cmake", "--preset", "debug"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    commands = json.loads((BUILD / "compile_commands.json").read_text())
    files = [f for f in sorted({pathlib.Path(c["file"]) for c in commands})
             if f.is_relative_to(ROOT / "src")]
    stamps = {f: stamp_of(f) for f in files}
    STAMPS.mkdir(parents=True, exist_ok=True)
    for entry in commands:
        entry["command"] = without_precompiled(entry["command"])
    (STAMPS / "compile_commands.json").write_text(json.dumps(commands))
    waiting = [f for f in files if not stamps[f].exists()]
    waiting.sort(key=lambda f: -f.stat().st_mtime)
    bound = int(os.environ.get("JARING_TIDY_SECONDS", "300"))
    end = time.monotonic() + bound if bound else float("inf")

    def look(file):
        if time.monotonic() > end:
            return None
        clean = is_clean(file)
        if clean:
            stamps[file].touch()
        return clean

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(look, waiting))
    left = results.count(None)
    if left:
        print(f"note: clang-tidy had time for all but {left} of {len(files)} files; they are first"
              " next time, or run ./test --full --only clang-tidy")
    failed = results.count(False)
    print(f"{len(files) - left - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
