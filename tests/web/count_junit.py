#!/usr/bin/env python3
"""Counts a JUnit file of vitest; with failures it prints the log. Last line: "P passed, F failed"."""
import pathlib
import sys
import xml.etree.ElementTree as ElementTree


def main(report, log):
    root = ElementTree.parse(report).getroot()
    total = int(root.get("tests", 0))
    # A skipped test counts as failed, as everywhere in this house.
    skipped = sum(1 for case in root.iter("testcase") if case.find("skipped") is not None)
    failed = int(root.get("failures", 0)) + int(root.get("errors", 0)) + skipped
    if failed or not total:
        print(pathlib.Path(log).read_text())
    print(f"{total - failed} passed, {failed} failed")
    return 1 if failed or not total else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
