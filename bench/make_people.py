#!/usr/bin/env python3
"""A list of fake workers for `jaring enrol`: NIK serial 0000, so demo databases only.

usage: bench/make_people.py COUNT FILE

Each NIK is another pair of district and birth date (day + 40 for women); the order is shuffled, as in
a real list. The same count gives the same file.
"""
import csv
import datetime
import pathlib
import random
import sys

DATA = pathlib.Path(__file__).resolve().parent.parent / "data"
# Of one sector each; what a month costs then depends on the income alone.
TRADES = ["transport", "trade", "crafts", "building", "farming"]
INCOMES = [1_000_000, 1_600_000, 2_500_000, 3_900_000]
FIRST_BIRTH = datetime.date(1965, 1, 1)
BIRTH_DAYS = 14_000  # To 2003: nobody is too old to join.


def read_villages():
    """Villages of the regencies that Surakarta serves, by district."""
    import gzip
    with open(DATA / "branches.csv", encoding="utf-8") as file:
        served = next(row["regencies"].split() for row in csv.DictReader(file)
                      if row["code"] == "surakarta")
    by_district = {}
    with gzip.open(DATA / "regions" / "villages.csv.gz", "rt", encoding="utf-8") as file:
        next(file)
        for line in file:
            code = line.split(",")[0].replace(".", "")
            if code[:4] in served:
                by_district.setdefault(code[:6], []).append(code)
    return by_district


def read_names():
    with open(DATA / "names" / "names-id.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    first = {sex: [r["name"] for r in rows if r["part"] == "first_name" and r["gender"] == gender]
             for sex, gender in (("L", "male"), ("P", "female"))}
    last = [r["name"] for r in rows if r["part"] == "last_name"]
    return first, last


def write_people(count, out):
    rng = random.Random(count)
    by_district = read_villages()
    districts = sorted(by_district)
    first, last = read_names()
    days = [FIRST_BIRTH + datetime.timedelta(days=i) for i in range(BIRTH_DAYS)]
    birth = [(d.isoformat(), f"{d:%d%m%y}", f"{d.day + 40}{d:%m%y}") for d in days]
    places = rng.sample(range(len(districts) * BIRTH_DAYS * 2), count)
    out.write("nik,name,birth_date,sex,village_code,phone,trade,income,programmes,language\n")
    for i, place in enumerate(places):
        place, is_female = divmod(place, 2)
        district, day = divmod(place, BIRTH_DAYS)
        district = districts[district]
        iso, male_part, female_part = birth[day]
        sex = "P" if is_female else "L"
        name = f"{rng.choice(first[sex])} {rng.choice(last)}"
        programmes = "JKK,JKM,JHT" if rng.random() < 0.3 else "JKK,JKM"
        out.write(f"{district}{female_part if is_female else male_part}0000,{name},{iso},{sex},"
                  f"{rng.choice(by_district[district])},0812{i:08d},{rng.choice(TRADES)},"
                  f'{rng.choice(INCOMES)},"{programmes}",{"id" if i % 3 else "jv"}\n')


def main():
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        write_people(int(sys.argv[1]), out)


if __name__ == "__main__":
    main()
