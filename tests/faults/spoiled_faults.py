"""A month of the invented nation, half a million people, whose files came damaged, repeated, cut off and
mixed up: what becomes of every row is known beforehand, and the rest is posted afterwards."""
import json
import shutil
import subprocess
import sys

from fault_agency import ROOT, Agency

SCALE = 0.01
MONTH = "2026-03"
AFTERWARDS = "2026-04-02"
DAMAGED_FILES, DAMAGED_ROWS = 10, 12
# Each makes a row of bill code, amount, time, reference, channel one that is refused.
DAMAGES = (
    lambda row: [row[0][:-1] + str((int(row[0][-1]) + 1) % 10), *row[1:]],  # Another check digit.
    lambda row: [row[0], "16.800,00x", *row[2:]],
    lambda row: [row[0], "0", *row[2:]],
    lambda row: [*row[:2], f"{MONTH}-41 08:00", *row[3:]],
    lambda row: [*row[:3], "", row[4]],
    lambda row: ["", *row[1:]],
)


def rows_of(path):
    head, *lines = path.read_text().splitlines()
    return head, lines


def write(path, head, lines, ending="\n"):
    path.write_text("\n".join([head, *lines]) + ending)


def rupiah(lines):
    return sum(int(line.split(",")[1]) for line in lines)


def spoil(t, folder):
    """What must come of the files: rows, accepted, repeated, rejected; and rupiah."""
    files = sorted(folder.glob("*.csv"))
    rows, money, damaged = 0, 0, 0
    for path in files:
        _, lines = rows_of(path)
        rows += len(lines)
        money += rupiah(lines)
    again, mixed, cut, *others = files
    shutil.copy(again, folder / again.name.replace(MONTH, "again"))
    repeated = len(rows_of(again)[1])
    head, lines = rows_of(mixed)
    write(folder / mixed.name.replace(MONTH, "odd"), head, lines[::2])
    write(folder / mixed.name.replace(MONTH, "even"), head, lines[1::2][::-1])
    write(mixed, head, lines[:1])  # One row once more.
    repeated += 1
    head, lines = rows_of(cut)
    kept = len(lines) // 3
    write(cut, head, [*lines[:kept], lines[kept][:20]], ending="")
    rows -= len(lines) - kept
    money -= rupiah(lines[kept:])
    for path in others[:DAMAGED_FILES]:
        head, lines = rows_of(path)
        for number in t.random.sample(range(len(lines)), DAMAGED_ROWS):
            money -= rupiah([lines[number]])
            damage = DAMAGES[damaged % len(DAMAGES)]
            lines[number] = ",".join(damage(lines[number].split(",")))
            damaged += 1
        write(path, head, lines)
    rejected = damaged + 1
    accepted = rows - damaged
    return (accepted + repeated + rejected, accepted, repeated, rejected), money


def counts(answer):
    return tuple(answer[key] for key in ("rows", "accepted", "repeated", "rejected"))


def spoiled_month(t):
    agency = Agency(t.engine, t.folder, "spoiled")
    agency.must("demo", "--scenario", "nation", "--scale", SCALE, "--seed", 7)
    inbox, whole = agency.folder / "inbox", agency.folder / "whole"
    subprocess.run([sys.executable, ROOT / "bench" / "make_month.py", agency.address, whole, MONTH],
                   check=True, stdout=subprocess.DEVNULL)
    shutil.copytree(whole, inbox)
    wanted, money = spoil(t, inbox)
    before = agency.rows("SELECT COUNT(*), SUM(amount_rupiah) FROM payment")[0]
    agency.today = AFTERWARDS
    done = agency.run("month", inbox, "--month", MONTH, "--json")
    t.check(done.code == 1, f"exit {done.code}: {done.err[-500:]}")
    answer = json.loads(done.out)
    t.check(counts(answer) == wanted, f"{counts(answer)}, not {wanted}")
    after = agency.rows("SELECT COUNT(*), SUM(amount_rupiah) FROM payment")[0]
    came = (int(after[0]) - int(before[0]), int(after[1]) - int(before[1]))
    t.check(came == (wanted[1], money), f"{came} came, not {(wanted[1], money)}")
    t.check_none(agency.verify(), "spoiled month")
    missing, partners = 0, 0
    for path in sorted(whole.glob("*.csv"))[2:3 + DAMAGED_FILES]:
        more = agency.run("collect", path, "--partner", path.name.split("_")[0], "--json")
        t.check(more.code == 0, f"{path.name}: exit {more.code}: {more.err[-500:]}")
        missing += json.loads(more.out)["accepted"]
        partners += 1
    t.check(partners == DAMAGED_FILES + 1, f"{partners} files sent again")
    everything = [line for path in whole.glob("*.csv") for line in rows_of(path)[1]]
    t.check(wanted[1] + missing == len(everything), f"{missing} more, not {len(everything)} in all")
    after = agency.rows("SELECT COUNT(*), SUM(amount_rupiah) FROM payment")[0]
    came = (int(after[0]) - int(before[0]), int(after[1]) - int(before[1]))
    t.check(came == (len(everything), rupiah(everything)), f"in the end {came}")
    t.check_none(agency.verify(), "mended month")


SCENARIOS = [spoiled_month]
