"""A database under measurement: where it is, how to ask it, how to run the program on it. The same
face for a file of SQLite and a database of a PostgreSQL cluster."""
import contextlib
import csv
import dataclasses
import pathlib
import sqlite3
import subprocess

from bench_tools import HOME, JARING, copy_database, remove_database, run, settle


def each_row(address, query):
    """Rows one by one, whole numbers as such, so that memory does not grow with them; `address` as
    in --db."""
    if address.startswith("sqlite:"):
        file = address.removeprefix("sqlite:")
        with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as source:
            yield from source.execute(query)
        return
    asked = subprocess.Popen(["psql", "-qX", "-v", "ON_ERROR_STOP=1", address, "-c",
                              f"COPY ({query}) TO STDOUT (FORMAT csv)"], stdout=subprocess.PIPE,
                             text=True)
    try:
        for row in csv.reader(asked.stdout):
            yield tuple(map(value, row))
    finally:
        asked.stdout.close()
        status = asked.wait()
    if status != 0:
        raise SystemExit(f"bench: psql ended with {status}: {query}")


def value(text):
    """As csv has it: nothing for NULL."""
    if text == "":
        return None
    return int(text) if text.lstrip("-").isdigit() else text


class Database:
    """`address` as in --db; `key_file` seals it."""
    address = ""
    key_file = ""

    def options(self):
        return ["--db", self.address, "--key-file", self.key_file]

    def rows(self, query):
        return list(each_row(self.address, query))


class SqliteFile(Database):
    engine = "SQLite"
    conditions = "SQLite, WAL, synchronous=FULL"

    def __init__(self, file):
        self.file = pathlib.Path(file)
        self.address = f"sqlite:{self.file}"
        self.key_file = pathlib.Path(f"{self.file}.key")

    def size(self):
        return self.file.stat().st_size

    def copy(self, name):
        return SqliteFile(copy_database(self.file, HOME / f"{name}.db"))

    def remove(self):
        remove_database(self.file)

    def run(self, *arguments):
        return run(JARING, *arguments, *self.options())


class PostgresDatabase(Database):
    engine = "PostgreSQL 15"
    conditions = "PostgreSQL 15, fsync on"

    def __init__(self, cluster, name):
        self.cluster = cluster
        self.name = name
        self.address = f"{cluster.server}/{name}"
        self.key_file = cluster.folder / f"{name}.key"
        if not cluster.sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):
            cluster.sql(f'CREATE DATABASE "{name}"')

    def size(self):
        return int(self.cluster.sql(f"SELECT pg_database_size('{self.name}')"))

    def copy(self, name):
        """A copy file by file, all of it on the disk."""
        self.cluster.sql(f'CREATE DATABASE "{name}" TEMPLATE "{self.name}" STRATEGY file_copy')
        copied = PostgresDatabase(self.cluster, name)
        copied.key_file = self.key_file
        self.settle()
        return copied

    def remove(self):
        self.cluster.sql(f'DROP DATABASE "{self.name}" WITH (FORCE)')

    def tidy(self):
        """As autovacuum leaves it some minutes after it was filled."""
        self.cluster.sql("VACUUM ANALYZE", self.name)
        self.settle()

    def settle(self):
        self.cluster.sql("CHECKPOINT")
        settle()

    def run(self, *arguments):
        return self.measure(JARING, *arguments, *self.options())

    def measure(self, *command):
        """Runs a program; what the server used for it is beside what the program used. What the
        server still has to write when the program has ended counts as written, not as time."""
        before = self.cluster.used()
        ran = run(*command)
        after = self.cluster.used()
        self.settle()
        written = self.cluster.used().written - before.written
        return dataclasses.replace(ran, written=ran.written + written, log=after.log - before.log,
                                   server_processor=after.processor - before.processor)
