#!/usr/bin/env python3
"""Is the data in data/ whole? Every region has its parent, every regency one branch, every figure a
source, every bank that people choose from its row.

usage: tools/check_data.py [--self-test]
"""
import csv
import gzip
import io
import pathlib
import re
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
COUNTS = {"provinces": 38, "regencies": 514, "districts": 7285, "villages": 83762}


def rows_of(path):
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    return list(csv.DictReader(io.StringIO(text)))


def region_problems(levels):
    """`levels`: name to rows, from province to village."""
    above = {"0"}
    for level, rows in levels.items():
        codes = {row["code"] for row in rows}
        if len(codes) != len(rows):
            yield f"{level}: a code stands twice"
        for row in rows:
            code, parent = row["code"], row["parent"]
            if parent not in above or parent != "0" and not code.startswith(parent):
                yield f"{level}: {code} belongs to {parent}, which does not hold it"
            if not row["name"] or row["name"] != row["name"].strip():
                yield f"{level}: {code} has an empty or untidy name"
        above = codes


def branch_problems(branches, regencies):
    served = [code for branch in branches for code in branch["regencies"].split()]
    for code in sorted({*served, *regencies}):
        if served.count(code) != 1 or code not in regencies:
            yield f"branches: regency {code} is served {served.count(code)} times or unknown"


def figure_problems(figures):
    seen = set()
    for row in figures:
        key = (row["figure"], row["period"], row["unit"])
        if key in seen:
            yield f"published-figures: {key} stands twice"
        seen.add(key)
        if not all(row.values()):
            yield f"published-figures: {key} has an empty column"
        try:
            float(row["value"])
        except ValueError:
            yield f"published-figures: {key}: '{row['value']}' is no number"


def bank_problems(banks, offered):
    """`offered`: codes that the pages offer."""
    codes = [bank["code"] for bank in banks]
    for code in sorted({*codes, *offered}):
        if codes.count(code) != 1 or code not in offered:
            yield f"banks: {code} stands {codes.count(code)} times, or the pages do not offer it"
    clearing = [bank["clearing_code"] for bank in banks if "clearing_code" in bank]
    for code in sorted(set(clearing)):
        if clearing.count(code) != 1 or not re.fullmatch(r"\d{3}", code):
            yield f"banks: clearing code {code} stands twice or is not of three digits"


def self_test():
    province = {"code": "33", "parent": "0", "name": "Jawa Tengah"}
    regency = {"code": "3372", "parent": "33", "name": "Kota Surakarta"}
    figure = {"figure": "a", "period": "2021", "value": "1", "unit": "x", "source": "y"}
    found = [
        not list(region_problems({"provinces": [province], "regencies": [regency]})),
        list(region_problems({"provinces": [province, province]})),
        list(region_problems({"provinces": [province], "regencies": [{**regency, "parent": "34"}]})),
        list(region_problems({"provinces": [{**province, "name": " "}]})),
        not list(branch_problems([{"regencies": "3372 3311"}], {"3372", "3311"})),
        list(branch_problems([{"regencies": "3372 3372"}], {"3372"})),
        list(branch_problems([{"regencies": "3372"}], {"3372", "3311"})),
        list(branch_problems([{"regencies": "9999"}], set())),
        not list(figure_problems([figure])),
        list(figure_problems([figure, figure])),
        list(figure_problems([{**figure, "source": ""}])),
        list(figure_problems([{**figure, "value": "many"}])),
        not list(bank_problems([{"code": "A", "clearing_code": "001"}, {"code": "B"}], {"A", "B"})),
        list(bank_problems([{"code": "A"}], {"A", "B"})),
        list(bank_problems([{"code": "A"}, {"code": "B"}], {"A"})),
        list(bank_problems([{"code": "A", "clearing_code": "1"}], {"A"})),
    ]
    failed = sum(not f for f in found)
    print(f"{len(found) - failed} passed, {failed} failed")
    return 1 if failed else 0


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    levels = {level: rows_of(DATA / "regions" / (level + (".csv.gz" if level == "villages" else
                                                          ".csv"))) for level in COUNTS}
    checks = {
        "counts": [f"{level}: {len(rows)} rows, the decree has {COUNTS[level]}"
                   for level, rows in levels.items() if len(rows) != COUNTS[level]],
        "regions": list(region_problems(levels)),
        "branches": list(branch_problems(rows_of(DATA / "branches.csv"),
                                         {row["code"] for row in levels["regencies"]})),
        "banks": list(bank_problems(
            tomllib.loads((DATA / "banks.toml").read_text())["bank"],
            set(re.findall(r"code: '(\w+)'", (ROOT / "web/src/lib/banks.ts").read_text())))),
        "figures": list(figure_problems(rows_of(DATA / "published-figures.csv"))),
    }
    for problems in checks.values():
        print("\n".join(problems[:20]), end="\n" if problems else "")
    failed = sum(1 for problems in checks.values() if problems)
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
