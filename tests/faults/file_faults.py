"""Files that are not what they should be: a clear error, bounded memory, nothing lost."""
import json
import os

from fault_agency import (AMOUNT, PAYMENT_HEADER, Agency, JARING, once_each, payment_lines,
                          run_measured, write_payments, write_people)

MEMORY_LIMIT_KIB = 300 * 1024


def refused_clearly(t, agency, command, path, what):
    """Exit 3, words that name no internals, no change of the books."""
    before = agency.rows("SELECT (SELECT count(*) FROM person), (SELECT count(*) FROM payment)")
    extra = {"enrol": ["--group", "pasar"], "collect": ["--partner", "pos"]}[command]
    done = agency.run(command, path, *extra)
    said = done.out + done.err
    t.check(done.code == 3, f"{command} {what}: exit {done.code}, expected 3: {said[-300:]}")
    t.check(said.strip() != "", f"{command} {what}: says nothing")
    for word in ("check failed", "terminate called", "what():", "SELECT ", "INSERT ", "\0"):
        t.check(word not in said, f"{command} {what}: says '{word}'")
    after = agency.rows("SELECT (SELECT count(*) FROM person), (SELECT count(*) FROM payment)")
    t.check(before == after, f"{command} {what}: changed {before} to {after}")


def useless_files(t):
    """Empty, binary, a folder, missing, header only, other columns, not UTF-8."""
    agency = Agency(t.engine, t.folder, "useless").create(3)
    folder = agency.folder
    contents = {
        "empty.csv": b"",
        "spaces.csv": b"\n\n  \n",
        "binary.csv": bytes(t.random.randbytes(100_000)),
        "zeros.csv": bytes(100_000),
        "program.csv": JARING.read_bytes()[:200_000],
        "not-a-book.xlsx": b"PK\x03\x04" + t.random.randbytes(50_000),
        "text.xlsx": b"nik,name\n",
        "other-columns.csv": b"colour,size\nred,3\n",
        "latin1.csv": "n\xe9k,nam\xe9\n1,Jos\xe9\n".encode("latin-1"),
        "utf16.csv": "nik,name\n1,2\n".encode("utf-16"),
        "quote.csv": b'nik,name,"birth\n' + b"a" * 100_000,
    }
    for name, content in contents.items():
        path = folder / name
        path.write_bytes(content)
        for command in ("enrol", "collect"):
            refused_clearly(t, agency, command, path, name)
    for command in ("enrol", "collect"):
        refused_clearly(t, agency, command, folder / "not-there.csv", "missing file")
        refused_clearly(t, agency, command, folder, "folder")
        refused_clearly(t, agency, command, "/dev/zero", "device without an end")
    t.check_none(agency.verify(), "after useless files")


def half_files(t):
    """A payment file cut anywhere: whole rows are posted, the rest when the whole file comes."""
    agency = Agency(t.engine, t.folder, "half").create(200)
    for number in range(12):
        prefix = f"C{number:02}-"
        rows = list(payment_lines(agency.codes, prefix))
        whole = (PAYMENT_HEADER + "".join(rows)).encode()
        # Not within the last column of a row: nothing tells 'lok' from 'loket'.
        cut = t.random.randrange(len(PAYMENT_HEADER) + 1, len(whole))
        line_end = whole.index(b"\n", cut)
        cut = min(cut, line_end - len("loket") - 1)
        whole_rows = whole[:cut].count(b"\n") - 1
        path = agency.folder / f"half{number}.csv"
        path.write_bytes(whole[:cut])
        done = agency.run("collect", path, "--partner", "pos")
        t.check(done.code in (0, 1, 3), f"cut at {cut}: exit {done.code}: {done.err[-300:]}")
        stored = agency.stored(prefix)
        t.check(len(stored) in (whole_rows, 0), f"cut at {cut}: {len(stored)} stored, the file has"
                f" {whole_rows} whole rows")
        t.check_none(once_each(stored, []), f"cut at {cut}")
        path.write_bytes(whole)
        agency.must("collect", path, "--partner", "pos")
        wanted = [f"{prefix}{i:07}" for i in range(len(rows))]
        t.check_none(once_each(agency.stored(prefix), wanted), f"cut at {cut}: the whole file")
    t.check_none(agency.verify(), "after half files")


def huge_files(t):
    """200 MB that are no table, in one line or in many: refused in bounded memory."""
    agency = Agency(t.engine, t.folder, "huge").create(3)
    path = agency.folder / "huge.csv"
    million = t.random.randbytes(1_000_000)
    fillings = {
        "one line": (b"nik,name,birth_date\n", b"7" * 1_000_000),
        "binary": (b"", million),
        "quoted": (b'nik,name,birth_date\n"', b"abc\n" * 250_000),
    }
    for what, (head, block) in fillings.items():
        with open(path, "wb") as out:
            out.write(head)
            for _ in range(200):
                out.write(block)
        for command, extra in (("enrol", ["--group", "pasar"]), ("collect", ["--partner", "pos"])):
            done = run_measured([command, path, *extra, *agency.options()], agency.folder)
            t.check(done.code in (1, 3), f"{command} 200 MB {what}: exit {done.code}:"
                    f" {done.err[-300:]}")
            t.check(done.peak_kib < MEMORY_LIMIT_KIB, f"{command} 200 MB {what}:"
                    f" {done.peak_kib // 1024} MB of memory")
        os.unlink(path)
    t.check_none(agency.verify(), "after huge files")


def million_bad_rows(t):
    """A million rows, all wrong, with a good one at either end: the good ones go through, the bad
    ones come back in a file, memory stays bounded."""
    agency = Agency(t.engine, t.folder, "million").create(3)
    bad = 1_000_000
    path = agency.folder / "million.csv"
    good = list(payment_lines(agency.codes[:2], "M-"))
    wrong = agency.codes[0][:-1] + str((int(agency.codes[0][-1]) + 1) % 10)
    with open(path, "w", encoding="utf-8") as out:
        out.write(PAYMENT_HEADER + good[0])
        out.writelines(f"{wrong},,{AMOUNT},2026-03-01T08:00:00+07:00,B-{i:07},loket\n"
                       for i in range(bad))
        out.write(good[1])
    done = run_measured(["collect", path, "--partner", "pos", *agency.options()], agency.folder)
    t.check(done.code == 1, f"a million bad payments: exit {done.code}: {done.err[-300:]}")
    t.check(done.peak_kib < MEMORY_LIMIT_KIB, f"{done.peak_kib // 1024} MB of memory")
    t.check_none(once_each(agency.stored("M-"), ["M-0000000", "M-0000001"]), "the two good rows")
    t.check(not agency.stored("B-"), "money of a wrong bill code was posted")
    check_rejected(t, path, bad)

    path = agency.folder / "people-million.csv"
    write_people(path, range(10, 11))
    with open(path, "a", encoding="utf-8") as out:
        out.writelines(f"123{i},Nama {i},1990-01-01,L,3372011001,,trade,1000000,\"JKK,JKM\",id\n"
                       for i in range(bad))
    done = run_measured(["enrol", path, "--group", "pasar", "--json", *agency.options()],
                        agency.folder)
    t.check(done.code == 1, f"a million bad people: exit {done.code}: {done.err[-300:]}")
    t.check(done.peak_kib < MEMORY_LIMIT_KIB, f"{done.peak_kib // 1024} MB of memory")
    check_rejected(t, path, bad)
    t.check(int(agency.rows("SELECT count(*) FROM person")[0][0]) == 4, "the good person is in")
    t.check_none(agency.verify(), "after a million bad rows")


def check_rejected(t, path, rows):
    rejected = [p for p in path.parent.iterdir() if p.name.startswith(path.stem) and
                p.name.endswith(".rejected.csv")]
    t.check(len(rejected) == 1, f"{path.name}: rejected files {rejected}")
    for file in rejected:
        with open(file, "rb") as lines:
            count = sum(1 for _ in lines) - 1
        t.check(count == rows, f"{file.name}: {count} rows, expected {rows}")
        os.unlink(file)


def same_file_again(t):
    """The same file twice, shuffled, and two files that share rows: each payment once."""
    agency = Agency(t.engine, t.folder, "again").create(300)
    path = agency.folder / "payments.csv"
    write_payments(path, agency.codes, "S-")
    agency.must("collect", path, "--partner", "pos")
    rows = list(payment_lines(agency.codes, "S-"))
    for number in range(3):
        t.random.shuffle(rows)
        path.write_text(PAYMENT_HEADER + "".join(rows))
        counts = json.loads(agency.must("collect", path, "--partner", "pos", "--json").out)
        t.check((counts["accepted"], counts["repeated"]) == (0, 300), f"again {number}: {counts}")
    other = [line.replace(f",{AMOUNT},", ",1,") for line in rows[:10]]
    path.write_text(PAYMENT_HEADER + "".join(other))
    done = agency.run("collect", path, "--partner", "pos", "--json")
    t.check(json.loads(done.out)["rejected"] == 10, f"other amounts: {done.out[:300]}")
    t.check_none(once_each(agency.stored("S-"), [f"S-{i:07}" for i in range(300)]), "again")
    t.check_none(agency.verify(), "again")


SCENARIOS = [useless_files, half_files, huge_files, million_bad_rows, same_file_again]
