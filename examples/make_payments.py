#!/usr/bin/env python3
"""Writes a post office's payment file for members that were just enrolled.

Usage: jaring enrol FILE --group CODE --list --json | make_payments.py [OUTPUT]

Bill codes depend on the database, so the file is made from what enrol printed. README.md beside this
lists the mistakes in it. Standard library only.
"""
import csv
import json
import sys

DAMM = ["0317598642", "7092154863", "4206871359", "1750983426", "6123045978", "3674209581",
        "5869720134", "8945362017", "9438617205", "2581436790"]
HEADER = ["kode_iuran", "jumlah", "waktu_bayar", "no_referensi", "kanal"]
MONTH_RUPIAH = 16_800


def check_digit(digits):
    interim = 0
    for digit in digits:
        interim = int(DAMM[interim][int(digit)])
    return str(interim)


def payments(codes, day):
    """(bill code, rupiah, moment, reference, channel) for each line, mistakes and all."""
    def line(code, rupiah, number, minute=0):
        return [code, str(rupiah), f"{day} {8 + minute // 60:02d}:{minute % 60:02d}:00",
                f"POS-{day.replace('-', '')}-{number:06d}", "loket"]

    lines = [line(code, MONTH_RUPIAH * (1 + i % 3), i + 1, i * 7 % 540)
             for i, code in enumerate(codes)]
    extra = len(codes) + 1
    unknown = "99999999901"
    wrong_digit = codes[0][:-1] + str((int(codes[0][-1]) + 1) % 10)
    lines += [
        list(lines[0]),                                            # The same payment again.
        [codes[1], "99000", *lines[1][2:]],                        # Its reference, another amount.
        line(codes[2], 5_000, extra),                              # Too little for a month.
        line(unknown + check_digit(unknown), MONTH_RUPIAH, extra + 1),  # A code nobody has.
        line(wrong_digit, MONTH_RUPIAH, extra + 2),                # A typing mistake in the code.
        [codes[3], "-" + lines[3][1], *lines[3][2:]],              # A reversal.
    ]
    return lines


def main():
    report = json.load(sys.stdin)
    codes = [member["bill_code"] for member in report.get("members", [])]
    if len(codes) < 4:
        sys.exit("make_payments.py: at least four members are needed; was enrol run with --list?")
    lines = payments(codes, "2026-03-16")
    total = sum(int(line[1]) for line in lines)
    with open(sys.argv[1] if len(sys.argv) > 1 else "post-office-payments.csv", "w",
              encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(lines)
        writer.writerow(["TOTAL", len(lines), total])


if __name__ == "__main__":
    main()
