#!/usr/bin/env python3
"""Payment files of members that `jaring enrol --json --list` named: each member pays one month.

usage: bench/make_payments.py roll LIST.json PEOPLE.csv ROLL
         who is a member and what decides the price: "bill_code trade|income|programmes"
       bench/make_payments.py file ROLL PRICES.json NTH DAY member|arrival FILE
         a file for `jaring collect`: everybody pays the NTH month (from 0) of the spell on DAY, in
         the order of members or as people happen to come
       bench/make_payments.py plan ROLL PRICES.json COUNT PLAN
         COUNT members in random order with the price of their first month, for HTTP load

PRICES.json: {"trade|income|programmes": [price of the first month, of the second, …]}.
"""
import csv
import json
import random
import sys


def write_roll(list_file, people_file, roll_file):
    with open(list_file, encoding="utf-8") as file:
        members = json.load(file)["members"]
    with open(people_file, encoding="utf-8") as people, open(roll_file, "w", encoding="utf-8") as out:
        for member, person in zip(members, csv.DictReader(people), strict=True):
            out.write(f'{member["bill_code"]} {person["trade"]}|{person["income"]}|'
                      f'{person["programmes"]}\n')


def read_roll(roll_file, prices_file, nth):
    with open(prices_file, encoding="utf-8") as file:
        prices = {key: months[nth] for key, months in json.load(file).items()}
    with open(roll_file, encoding="utf-8") as file:
        rows = [line.split() for line in file]
    return [(bill_code, prices[key]) for bill_code, key in rows]


def write_file(rows, nth, day, order, out):
    if order == "arrival":
        random.Random(nth).shuffle(rows)
    out.write("bill_code,amount,paid_at,reference,channel\n")
    for i, (bill_code, price) in enumerate(rows):
        second = i * 43_200 // len(rows)
        clock = f"{6 + second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
        out.write(f"{bill_code},{price},{day}T{clock}+07:00,T{nth:02d}-{i:08d},mobile\n")


def main():
    verb, *rest = sys.argv[1:]
    if verb == "roll":
        write_roll(*rest)
    elif verb == "file":
        roll, prices, nth, day, order, out_file = rest
        with open(out_file, "w", encoding="utf-8") as out:
            write_file(read_roll(roll, prices, int(nth)), int(nth), day, order, out)
    else:
        roll, prices, count, out_file = rest
        rows = read_roll(roll, prices, 0)
        random.Random(1).shuffle(rows)
        with open(out_file, "w", encoding="utf-8") as out:
            out.writelines(f"{bill_code} {price}\n" for bill_code, price in rows[:int(count)])


if __name__ == "__main__":
    main()
