#!/usr/bin/env python3
"""Counts what the steps of ./test really did.

usage: tools/test_report.py step FOLDER EXIT_CODE   one line "P F" for one step
       tools/test_report.py total FOLDER…           last line "P passed, F failed"; exit 1 on failure
       tools/test_report.py --self-test

A step leaves GoogleTest XML files in its folder, or a log.txt whose last line of the form
"P passed, F failed" is its count. A step that counts nothing counts as one failure: a test that
cannot fail is a defect, and so is one that did not run.
"""
import pathlib
import re
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

COUNT_LINE = re.compile(r"^(\d+) passed, (\d+) failed\s*$", re.MULTILINE)


def count_xml(path, failures):
    """(passed, failed) of one GoogleTest report; a cut-off report is one failure. Adds names."""
    try:
        cases = ElementTree.parse(path).getroot().iter("testcase")
    except ElementTree.ParseError:
        failures.append(f"{path.stem}: its report is cut off")
        return 0, 1
    passed = failed = 0
    for case in cases:
        name = f"{path.stem}: {case.get('classname')}.{case.get('name')}"
        if case.find("failure") is not None:
            failed += 1
            failures.append(f"{name} failed")
        elif case.get("status") == "run" and case.get("result") != "skipped":
            passed += 1
        else:
            failed += 1  # It says nothing, so it must not look green.
            failures.append(f"{name} was skipped or is disabled")
    return passed, failed


def count_step(folder, exit_code):
    """(passed, failed) of one step; its log.txt ends with the names of what failed."""
    failures = []
    passed = failed = 0
    reports = sorted(folder.glob("*.xml"))
    for report in reports:
        p, f = count_xml(report, failures)
        passed, failed = passed + p, failed + f
    for text in folder.glob("*_test.txt"):
        if not text.with_suffix(".xml").exists():
            failed += 1
            failures.append(f"{text.stem}: died before it could report")
    if not reports:
        log = folder / "log.txt"
        lines = COUNT_LINE.findall(log.read_text(errors="replace")) if log.exists() else []
        if lines:
            passed, failed = passed + int(lines[-1][0]), failed + int(lines[-1][1])
    if (exit_code != 0 or passed == 0) and failed == 0:
        failed = 1
    if failures:
        with open(folder / "log.txt", "a", encoding="utf-8") as log:
            log.write("".join(f"{line}\n" for line in failures))
    return passed, failed


def step(folder, exit_code):
    passed, failed = count_step(folder, exit_code)
    (folder / "count").write_text(f"{passed} {failed}\n")
    print(passed, failed)
    return 0


def total(folders):
    passed = failed = 0
    for folder in folders:
        count = folder / "count"
        p, f = map(int, count.read_text().split()) if count.exists() else (0, 1)
        passed, failed = passed + p, failed + f
    print(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 and passed > 0 else 1


def self_test():
    good = '<testsuites><testsuite><testcase status="run" result="completed"/>'
    cases = [  # files, exit code, expected
        ({"a.xml": good + "</testsuite></testsuites>"}, 0, (1, 0)),
        ({"a.xml": good + "</testsuite></testsuites>"}, 1, (1, 1)),
        ({"a.xml": good}, 1, (0, 1)),
        ({"a.xml": good + '<testcase status="run"><failure/></testcase></testsuite></testsuites>'},
         1, (1, 1)),
        ({"a.xml": good + '<testcase status="notrun"/></testsuite></testsuites>'}, 0, (1, 1)),
        ({"a.xml": good + "</testsuite></testsuites>", "b_test.txt": "crash"}, 1, (1, 1)),
        ({"log.txt": "3 passed, 0 failed\n"}, 0, (3, 0)),
        ({"log.txt": "1 passed, 9 failed\n3 passed, 2 failed\n"}, 1, (3, 2)),
        ({"log.txt": "3 passed, 0 failed\n"}, 1, (3, 1)),
        ({"log.txt": "nothing\n"}, 0, (0, 1)),
        ({}, 0, (0, 1)),
    ]
    wrong = 0
    for files, exit_code, expected in cases:
        with tempfile.TemporaryDirectory() as name:
            for file, text in files.items():
                (pathlib.Path(name) / file).write_text(text)
            actual = count_step(pathlib.Path(name), exit_code)
        if actual != expected:
            wrong += 1
            print(f"test_report: {files} with exit {exit_code}: {actual}, expected {expected}")
    print(f"{len(cases) - wrong} passed, {wrong} failed")
    return 1 if wrong else 0


def main(arguments):
    if arguments == ["--self-test"]:
        return self_test()
    if len(arguments) == 3 and arguments[0] == "step":
        return step(pathlib.Path(arguments[1]), int(arguments[2]))
    if len(arguments) >= 2 and arguments[0] == "total":
        return total([pathlib.Path(a) for a in arguments[1:]])
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
