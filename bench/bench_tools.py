"""What every measurement uses: running programs, copying databases, sums of runs, the table."""
import dataclasses
import json
import os
import pathlib
import statistics
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "release"
HOME = ROOT / "build" / "bench"
JARING = BUILD / "jaring"


@dataclasses.dataclass
class Ran:
    """A finished program: its answer, its time from start to end, its largest memory, seconds of
    processor, bytes written; beside them what the database server used meanwhile. `written` is of
    both."""
    out: str
    seconds: float
    peak_mb: float
    processor: float = 0
    written: int = 0
    server_processor: float = 0
    log: int = 0

    def json(self):
        return json.loads(self.out)


def run(*command):
    """Runs a program to its end; one that fails ends the benchmark. Its memory is its own: nothing
    large is kept in this process, whose size it would inherit."""
    start = time.monotonic()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE)
    try:
        out = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
    except BaseException:
        process.kill()
        process.wait()
        raise
    seconds = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"bench: {' '.join(map(str, command))} ended with {process.returncode}\n"
                         f"{out.decode()[:2000]}")
    return Ran(out.decode(), seconds, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime,
               usage.ru_oublock * 512)


def reference(name, *arguments):
    return run(BUILD / "bench" / f"bench_{name}", *arguments).json()


def tool(script, *arguments):
    run("python3", ROOT / "bench" / script, *arguments)


def copy_database(source, target):
    """A fresh copy that is on the disk already, so that writing it out disturbs nobody."""
    remove_database(target)
    for ending in ("", ".key"):
        subprocess.run(["cp", "--reflink=auto", f"{source}{ending}", f"{target}{ending}"], check=True)
    settle()
    return target


def remove_database(file):
    for ending in ("", ".key", "-wal", "-shm", "-turn", "-month", "-interest"):
        pathlib.Path(f"{file}{ending}").unlink(missing_ok=True)


def settle():
    """Nothing of an earlier run is still on its way to the disk."""
    os.sync()


def fsync_us():
    """One durable append of 16 KiB on the disk of the databases, in microseconds."""
    return reference("fsync_probe", HOME / "fsync.probe", 200)["median_us"]


@dataclasses.dataclass
class Figure:
    """One line of the table. `ours` and `theirs` are of the same runs, taken in turn."""
    name: str
    conditions: str
    ours: list
    theirs: list | None
    unit: str
    target: str
    reached: bool
    note: str = ""
    ratio_text: str = ""

    def ratio(self):
        return statistics.median(a / b for a, b in zip(self.ours, self.theirs))

    def cells(self):
        ratio = self.ratio_text or (f"{self.ratio():.2f}" if self.theirs else "")
        return [self.name, self.conditions, spread(self.ours, self.unit),
                spread(self.theirs, self.unit) if self.theirs else "", ratio, self.target,
                "yes" if self.reached else "**no**", self.note]


def spread(values, unit):
    """Median and extremes."""
    middle = statistics.median(values)
    if middle >= 1000:
        text = f"{middle:,.0f} ({min(values):,.0f}–{max(values):,.0f})"
    else:
        text = f"{middle:.3g} ({min(values):.3g}–{max(values):.3g})"
    return f"{text} {unit}"


def table(figures):
    head = ["figure", "conditions", "jaring", "reference", "ratio", "target", "reached", "besides"]
    return markdown(head, [figure.cells() for figure in figures])


def markdown(head, rows):
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows])


def machine():
    """CPU, memory, disk and system, in one line."""
    cpu = next(line.split(":")[1].strip() for line in open("/proc/cpuinfo", encoding="utf-8")
               if line.startswith("model name"))
    memory = next(int(line.split()[1]) for line in open("/proc/meminfo", encoding="utf-8")
                  if line.startswith("MemTotal")) // (1024 * 1024)
    mount = subprocess.run(["df", "--output=source,fstype", HOME], capture_output=True, text=True,
                           check=True).stdout.splitlines()[1].split()
    return (f"{os.cpu_count()} × {cpu}, {memory} GiB, {mount[1]} on {mount[0]}, "
            f"one fdatasync of 16 KiB {fsync_us() / 1000:.2f} ms, "
            f"SQLite {sqlite_version()}")


def sqlite_version():
    import sqlite3
    return sqlite3.sqlite_version

