"""A nation filled and a month of it posted, on either engine, beside a reference: on SQLite the
bare loop, on PostgreSQL the plain way; used by bench/nation."""
import shutil
import sqlite3

import nation_plain
from bench_database import SqliteFile
from bench_tools import HOME, Ran, reference, settle, tool

MONTH, AFTERWARDS = "2026-11", "2026-12-05"
MADE_ON = "2026-11-22"
ROWS_PER_TRANSACTION = 50_000
TABLES = ("payment", "payment_reference", "contribution", "membership", "journal_line",
          "coverage_counter", "village_counter")


def fill(report, database, scale):
    ran = database.run("demo", "--scenario", "nation", "--scale", scale, "--today", MADE_ON)
    people, paid = database.rows("SELECT (SELECT COUNT(*) FROM person), COUNT(*) FROM payment")[0]
    size = database.size()
    report.add("fill", f"{ran.seconds:,.1f} s",
               f"scale {scale}: {people:,} people, {paid:,} payments; {database.conditions}")
    report.add("… processor time", processor(ran))
    report.add("… database", f"{gigabytes(size)}, {size / people:,.0f} B for each person")
    report.add("… written", written(ran))
    report.add("… largest memory", f"{ran.peak_mb:.0f} MB")


def sqlite_nation(report, scale):
    """The nation as it was before the month; made when it is not there."""
    nation = SqliteFile(HOME / f"nation-{scale}.db")
    if not nation.file.exists():
        made = SqliteFile(f"{nation.file}.new")
        made.remove()
        fill(report, made, scale)
        shutil.move(made.key_file, nation.key_file)
        shutil.move(made.file, nation.file)
        for path in HOME.glob(f"{made.file.name}*"):
            path.unlink()
    return nation


def payment_files(nation, scale):
    """The folder of the month's files; the same for either engine."""
    inbox = HOME / f"nation-{scale}-files"
    if not inbox.exists():
        made = HOME / f"nation-{scale}-files.new"
        shutil.rmtree(made, ignore_errors=True)
        tool("make_month.py", nation.address, made, MONTH)
        shutil.move(made, inbox)
    return inbox


def post(database, inbox):
    """(Payments, what it used.)"""
    ran = database.run("month", inbox, "--month", MONTH, "--today", AFTERWARDS, "--json")
    answer = ran.json()
    if answer["accepted"] != answer["rows"]:
        raise SystemExit(f"bench: month took {answer['accepted']} of {answer['rows']} rows")
    return answer["rows"], ran


def same(done, before):
    """The tables in which the reference wrote other rows."""
    connection = sqlite3.connect(f"file:{done}?mode=ro", uri=True)
    connection.execute(f"ATTACH 'file:{before}?mode=ro' AS bare")
    different = []
    for table in TABLES:
        counts = [connection.execute(f"SELECT COUNT(*) FROM {part}.{table}").fetchone()[0]
                  for part in ("main", "bare")]
        other = connection.execute(f"SELECT COUNT(*) FROM (SELECT * FROM main.{table} EXCEPT"
                                   f" SELECT * FROM bare.{table})").fetchone()[0]
        if other or counts[0] != counts[1]:
            different.append(table)
    connection.close()
    return different


def bare_loop(nation, done, scale):
    """Seconds in which the bare loop wrote what `jaring month` had written."""
    settle()
    before = nation.copy("month-before")
    try:
        bare = reference("month_sqlite", done.file, before.file, ROWS_PER_TRANSACTION)
        different = same(done.file, before.file) if scale < 1 else []
        if different:
            raise SystemExit(f"bench: the reference wrote other rows in {', '.join(different)}")
    finally:
        before.remove()
    return bare["seconds"]


def measure_sqlite(nation, inbox, scale):
    """(Payments, what `jaring month` used, seconds of the bare loop.)"""
    done = nation.copy("month-done")
    try:
        rows, ran = post(done, inbox)
        return rows, ran, bare_loop(nation, done, scale)
    finally:
        done.remove()


def report_sqlite(report, nation, inbox, scale):
    done = nation.copy("month-done")
    try:
        rows, ran = post(done, inbox)
        grown = done.size() - nation.size()
        bare = report.step("bare loop", lambda: bare_loop(nation, done, scale))
        report_month(report, nation, rows, ran, grown, Ran("", bare, 0) if bare else None,
                     "bare loop" + ("" if scale < 1 else ", tables not compared"))
        report.step("verify after the month", lambda: report_verify(
            report, done.run("verify"), "after the month"))
    finally:
        done.remove()


def report_postgres(report, nation, inbox):
    bills = HOME / "month-bills.csv"
    done = nation.copy("month-done")
    try:
        rows, ran = post(done, inbox)
        grown = done.size() - nation.size()
        figures = nation_plain.figures(done)
        nation_plain.write_bills(done, bills)
        verified = report.step("verify after the month", lambda: done.run("verify"))
    finally:
        done.remove()  # There may be no room for a third.
    plain = report.step("plain way", lambda: plain_way(nation, inbox, bills, rows, figures))
    report_month(report, nation, rows, ran, grown, plain, "plain way")
    if verified:
        report_verify(report, verified, "after the month")


def plain_way(nation, inbox, bills, rows, figures):
    plain = nation.copy("month-plain")
    try:
        accepted, ran = nation_plain.post(plain, inbox, bills)
        if accepted != rows:
            raise SystemExit(f"bench: the plain way took {accepted} of {rows} rows")
        nation_plain.check_same(figures, nation_plain.figures(plain))
        return ran
    finally:
        bills.unlink()
        plain.remove()


def report_month(report, nation, rows, ran, grown, other, name):
    """`other`: of the reference, what is known of it."""
    seconds = other.seconds if other else 0
    report.compare("month", ran.seconds, seconds, lambda x: f"{x:,.1f} s",
                   f"{rows:,} payments; {nation.conditions}", name)
    report.compare("… payments a second", rows / ran.seconds, seconds and rows / seconds,
                   lambda x: f"{x:,.0f}/s")
    with_more = other is not None and other.written > 0
    report.add("… processor time", processor(ran), "", processor(other) if with_more else "")
    report.add("… written", written(ran, rows), "", written(other, rows) if with_more else "")
    report.add("… grown by", f"{gigabytes(grown)}, {grown / rows:,.0f} B for each payment")
    report.add("… largest memory", f"{ran.peak_mb:.0f} MB")


def report_verify(report, ran, when, *what):
    report.add(" ".join(["verify", *what]), f"{ran.seconds:,.1f} s, {processor(ran)} of processor,"
               f" largest memory {ran.peak_mb:.0f} MB: {ran.out.strip().splitlines()[-1]}", when)


def processor(ran):
    server = f" and the server's {ran.server_processor:,.1f} s" if ran.server_processor else ""
    return f"{ran.processor:,.1f} s{server}"


def written(ran, rows=0):
    each = f", {ran.written / rows:,.0f} B for each payment" if rows else ""
    log = f", of it log {gigabytes(ran.log)}" if ran.log else ""
    return f"{gigabytes(ran.written)}{each}{log}"


def gigabytes(size):
    return f"{size / 1e9:,.2f} GB"
