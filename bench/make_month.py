#!/usr/bin/env python3
"""Payment files of one month for everybody in an invented nation who pays: one file a partner, rows
in no order.

usage: bench/make_month.py DATABASE FOLDER YYYY-MM [--seed 1]

DATABASE is sqlite:FILE or postgresql://…; the same nation gives the same files. Each pays for one
month what the month before cost, at the partner of her last payment, on a day of the month. Memory
does not grow with the database.
"""
import argparse
import pathlib
import random
import tempfile

from bench_database import each_row

BUCKETS = 64  # Rows are thrown into these at random, and each is then shuffled: no order is left.
PAYERS = """
SELECT m.person_id, m.membership_seq, p.partner_id,
       (SELECT (c.jkk_rupiah + c.jkm_rupiah + c.jht_rupiah) / c.months FROM contribution c
        WHERE c.person_id = m.person_id ORDER BY c.contribution_id DESC LIMIT 1)
FROM membership m JOIN payment p ON p.person_id = m.person_id AND p.payment_id =
  (SELECT MAX(payment_id) FROM payment q WHERE q.person_id = m.person_id)
WHERE m.paid_through >= {before} AND m.ended_on IS NULL
ORDER BY m.person_id, m.membership_seq
"""
# Damm's table; the check digit of a bill code.
DAMM = ("0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
        "3674209581", "5869720134", "8945362017", "9438617205", "2581436790")


def check_digit(number):
    interim = 0
    for digit in number:
        interim = int(DAMM[interim][int(digit)])
    return str(interim)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("database")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("month")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    dice = random.Random(options.seed)
    year, month = map(int, options.month.split("-"))
    before = year * 100 + month - 1 if month > 1 else (year - 1) * 100 + 12
    codes = dict(each_row(options.database, "SELECT partner_id, code FROM partner"))
    options.folder.mkdir(parents=True, exist_ok=True)
    outs = {}
    rows = 0
    with tempfile.TemporaryDirectory(dir=options.folder) as scratch:
        buckets = [open(pathlib.Path(scratch) / str(k), "w+", encoding="ascii")
                   for k in range(BUCKETS)]
        for person, seq, partner, amount in each_row(options.database,
                                                     PAYERS.format(before=before)):
            number = f"{person}{seq:02d}"
            day = 1 + dice.randrange(28)
            buckets[dice.randrange(BUCKETS)].write(
                f"{partner} {number}{check_digit(number)},{amount},{options.month}-{day:02d}"
                f" {dice.randrange(24):02d}:{dice.randrange(60):02d},"
                f"{options.month}-{dice.getrandbits(48):012x},bank\n")
        for bucket in buckets:
            bucket.seek(0)
            lines = bucket.readlines()
            dice.shuffle(lines)
            for line in lines:
                partner, row = line.split(" ", 1)
                out = outs.get(partner)
                if out is None:
                    name = f"{codes[int(partner)]}_{options.month}.csv"
                    out = outs[partner] = open(options.folder / name, "w", encoding="ascii")
                    out.write("bill_code,amount,paid_at,reference,channel\n")
                out.write(row)
            rows += len(lines)
            bucket.close()
    for out in outs.values():
        out.close()
    print(f"{rows} payments in {len(outs)} files")


if __name__ == "__main__":
    main()
