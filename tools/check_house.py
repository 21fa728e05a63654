#!/usr/bin/env python3
"""The house rules that a machine can check; docs/STYLE.md says why. Each message says what to do.

usage: tools/check_house.py [--self-test | --record-migrations]
"""
import ast
import fnmatch
import hashlib
import pathlib
import re
import subprocess
import sys
import tempfile
import tomllib

import cpp_text

CAPABILITIES = {"registry", "access", "collection", "claims", "insight"}
BELOW_CAPABILITIES = {"base", "rules", "db", "ledger"}

# Who may include whom: the rooms of src/. docs/ARCHITECTURE.md shows the same table.
MAY_INCLUDE = {
    "base": set(),
    "rules": {"base"},
    "scheme": {"base", "rules"},
    "db": {"base"},
    "spread": {"base", "db"},
    "ledger": {"base", "db"},
    "registry": BELOW_CAPABILITIES,
    "access": BELOW_CAPABILITIES | {"registry"},
    "collection": BELOW_CAPABILITIES | {"registry"},
    "claims": BELOW_CAPABILITIES | {"registry", "access", "collection"},
    "insight": BELOW_CAPABILITIES | {"registry", "collection", "claims"},
    "backup": BELOW_CAPABILITIES | {"registry", "collection", "insight"},
    "demo": BELOW_CAPABILITIES | {"registry", "collection", "claims", "insight", "scheme"},
    "channels": BELOW_CAPABILITIES | CAPABILITIES | {"scheme", "demo", "backup", "spread"},
    "wasm": {"base", "rules"},
    "app": BELOW_CAPABILITIES | CAPABILITIES | {"scheme", "demo", "backup", "spread", "channels"},
}
# Of these rooms an including room sees only some headers.
ONLY_HEADERS = {("channels", "db"): {"db/database.h"}}
# Engines stay behind db's face for everybody.
PRIVATE_FOLDERS = {"db/sqlite/": {"db"}, "db/postgres/": {"db"}}

MAX_FILE_LINES = 600
MAX_FUNCTION_LINES = 70
MONEY_ROOMS = {"base", "rules", "ledger", "registry", "collection", "claims", "demo"}
MAY_REPEAT_NAME = {"README.md", "run", "CMakeLists.txt", "SOURCES.md", ".gitignore",
                   "__init__.py", "package.json", "package-lock.json"}
BANNED_CALLS = {
    r"\bsystem_clock::now\b": "take an Instant as a parameter",
    r"(?<![\w.>])time\s*\(": "take an Instant as a parameter",
    r"\bs?rand\s*\(": "use libsodium in app/ or a seeded generator handed in",
    r"\bgetenv\s*\(": "read the environment in app/ and hand the value in",
    r"\bstd::locale\b|\bsetlocale\s*\(": "format by hand; the locale differs from machine to machine",
}
SQL_WORD = re.compile(r"\b(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|"
                      r"CREATE\s+(?:TABLE|INDEX|UNIQUE)|ALTER\s+TABLE|DROP\s+TABLE)\b", re.DOTALL)
MIGRATION_NAME = re.compile(r"^\d{4}_[a-z]+_[a-z0-9_]+\.sql$")
# Any string of this form in src/ is a rule id, unless it ends like a file name.
RULE_ID = re.compile(r"^[a-z][a-z0-9_]+\.[a-z][a-z0-9_]+$")
FILE_ENDING = re.compile(r"\.(csv|bin|css|db|gz|h|html|js|json|key|log|md|pdf|sql|svg|toml|txt|wasm|webmanifest|xlsx|xml|yaml)$")
# A type defined in a namespace of ours, and what stands in a namespace without a name.
TYPE = re.compile(r"^(?:class|struct|enum class|union) (\w+)(?!:|\w)[^;(=]*?\{", re.MULTILINE)
UNNAMED = re.compile(r"^namespace \{$.*?^\}  // namespace$", re.MULTILINE | re.DOTALL)
# A path on somebody's machine, not in a URL and not in this repository.
FOREIGN_PATH = re.compile(r"(?<![\w:/.~*<>$}-])/(?:home|root|Users|mnt|media|work)/[\w.-]+")


def is_test(path):
    """What only tests use; x_fixture.h and x_model.h are what several of them share."""
    return (path.stem.endswith(("_test", "_fixture", "_model")) or path.stem.startswith("test_") or
            path.parts[0] == "tests")


class House:
    """One look at a repository; the files are read once."""

    def __init__(self, root):
        self.root = root
        listed = subprocess.run(
            ["git", "-C", root, "ls-files", "--cached", "--others", "--exclude-standard"],
            check=True, capture_output=True, text=True).stdout.split("\n")
        self.paths = sorted({pathlib.PurePath(p) for p in listed if p and (root / p).is_file()})
        self.text = {}
        for path in self.paths:
            try:
                self.text[path] = (root / path).read_text()
            except UnicodeDecodeError:
                pass  # Archives and pictures.
        self.cpp = [p for p in self.paths if p.suffix in (".h", ".cc")]
        self.src = [p for p in self.cpp if p.parts[0] == "src" and len(p.parts) > 2]
        self.code = {p: cpp_text.code_only(self.text[p]) for p in self.cpp}

    # Each check yields messages; its name is the name of the check.

    def include_table(self):
        for path in self.src:
            room = path.parts[1]
            if room not in MAY_INCLUDE:
                yield f"{path}: '{room}' is no room; add it to MAY_INCLUDE with a reason"
                continue
            for name in re.findall(r'^#include "([^"]+)"', self.text[path], re.MULTILINE):
                target = name.split("/")[0]
                if "/" not in name:
                    yield f'{path}: write "{room}/…/{name}": includes start at src/'
                elif target != room and target not in MAY_INCLUDE[room]:
                    yield (f"{path}: {room} may not include {name}; move the code to the room that"
                           " may, or hand the value in")
                elif (name not in ONLY_HEADERS.get((room, target), {name}) and
                      not (is_test(path) and is_test(pathlib.PurePath(name)))):
                    yield f"{path}: of {target} {room} may include only database.h, not {name}"
                for folder, rooms in PRIVATE_FOLDERS.items():
                    if name.startswith(folder) and room not in rooms:
                        yield f"{path}: {name} is private; use db/database.h"

    def file_length(self):
        for path in self.paths:
            if path.suffix in (".h", ".cc", ".py", ".sh", ".ts", ".svelte") and path in self.text:
                lines = self.text[path].count("\n")
                if lines > MAX_FILE_LINES:
                    yield f"{path}: {lines} lines, at most {MAX_FILE_LINES}; split by what it does"

    def function_length(self):
        for path in self.cpp:
            for line, lines, name in cpp_text.functions_of(self.text[path]):
                if lines > MAX_FUNCTION_LINES:
                    yield (f"{path}:{line}: {name} has {lines} lines, at most"
                           f" {MAX_FUNCTION_LINES}; move a step into a function")
        for path in self.paths:
            if path.suffix != ".py":
                continue
            for node in ast.walk(ast.parse(self.text[path])):
                if isinstance(node, ast.FunctionDef):
                    lines = (node.end_lineno or 0) - node.lineno + 1
                    if lines > MAX_FUNCTION_LINES:
                        yield (f"{path}:{node.lineno}: {node.name} has {lines} lines, at most"
                               f" {MAX_FUNCTION_LINES}; move a step into a function")

    def unique_names(self):
        seen = {}
        for path in self.paths:
            if path.name in MAY_REPEAT_NAME or path.parts[0] in ("schemes", ".ci"):
                continue
            other = seen.setdefault(path.name, path)
            if other != path:
                yield f"{path}: {other} has the same name; name one of them after what it does"

    def no_floating_money(self):
        for path in self.src:
            if path.parts[1] not in MONEY_ROOMS:
                continue
            for match in re.finditer(r"\b(double|float)\b", self.code[path]):
                line = cpp_text.line_of(self.code[path], match.start())
                yield f"{path}:{line}: no {match.group()} here; use Money, Rate or integers"

    def banned_calls(self):
        for path in self.src:
            if path.parts[1] == "app" or is_test(path.relative_to("src")):
                continue
            for pattern, instead in BANNED_CALLS.items():
                for match in re.finditer(pattern, self.code[path]):
                    line = cpp_text.line_of(self.code[path], match.start())
                    yield f"{path}:{line}: '{match.group().strip()}' is banned: {instead}"

    def sql_in_its_place(self):
        for path in self.src:
            if path.parts[1] == "db" or path.name.endswith("_sql.h") or is_test(
                    path.relative_to("src")):
                continue
            for position, content in cpp_text.strings_of(self.text[path]):
                if SQL_WORD.search(content):
                    line = cpp_text.line_of(self.text[path], position)
                    yield f"{path}:{line}: SQL belongs in the capability's *_sql.h"

    def migrations(self):
        recorded = recorded_migrations(self.root)
        files = [p for p in self.paths if p.parts[0] == "migrations" and p.suffix == ".sql"]
        for number, path in enumerate(files, start=1):
            if not MIGRATION_NAME.match(path.name):
                yield f"{path}: name it NNNN_verb_noun.sql"
            elif int(path.name[:4]) != number:
                yield f"{path}: number {number:04d} is next; numbers have no gaps and no twins"
            if not self.text[path].startswith("--"):
                yield f"{path}: begin with a comment that says why the table or change is there"
            now = hashlib.sha256(self.text[path].encode()).hexdigest()
            if path.name not in recorded:
                yield (f"{path}: not recorded; when it is final run"
                       " tools/check_house.py --record-migrations")
            elif recorded[path.name] != now:
                yield f"{path}: changed after it landed; undo that and add a new migration"
        for name in recorded:
            if pathlib.PurePath("migrations", name) not in files:
                yield f"migrations/{name}: recorded in checksums.txt but gone; bring it back"
        yield from changed_records(self.root)

    def messages(self):
        catalogues = {}
        for name in ("data/messages.toml", "data/page_texts.toml"):
            try:
                read = tomllib.loads(self.text.get(pathlib.PurePath(name), ""))
            except tomllib.TOMLDecodeError as error:
                yield f"{name}: {error}"
                return
            catalogues[name] = {f"{noun}.{what}": texts for noun, entries in read.items()
                                for what, texts in entries.items()}
        known = {**catalogues["data/page_texts.toml"], **catalogues["data/messages.toml"]}
        # Names of invariants have the same form; they go to operators, not to this catalogue.
        production = [p for p in self.src
                      if p.name not in ("verify_invariants.h", "verify.cc", "person_check.cc",
                                        "claim_recount.cc", "schedule_recount.cc")
                      and not is_test(p.relative_to("src"))]
        literals = {}  # What it says to where it stands first.
        for path in production:
            for position, content in cpp_text.strings_of(self.text[path]):
                literals.setdefault(content, (path, position))
        for rule, (path, position) in literals.items():
            # "cover.state_" is the head of a key that is put together.
            is_known = rule in known or rule.endswith("_") and any(
                name.startswith(rule) for name in known)
            if RULE_ID.match(rule) and not is_known and not FILE_ENDING.search(rule):
                line = cpp_text.line_of(self.text[path], position)
                yield (f"{path}:{line}: rule {rule} has no [{rule}] with id and en in"
                       " data/messages.toml")
        for name, catalogue in catalogues.items():
            for rule, texts in catalogue.items():
                if not RULE_ID.match(rule) or not isinstance(texts, dict):
                    yield f"{name}: [{rule}] is not of the form [noun.what_is_wrong]"
                elif (not {"id", "en"} <= set(texts) <= {"id", "en", "jv", "su", "mad"} or
                      not all(str(t).strip() for t in texts.values())):
                    yield f"{name}: [{rule}] needs id and en, may have jv, su, mad; all filled"
                # Pages put some of their keys together.
                if rule not in literals and name == "data/messages.toml":
                    yield f"{name}: no code uses [{rule}]; remove it"

    def documented_paths(self):
        top = {p.parts[0] for p in self.paths if len(p.parts) > 1}
        known = {str(p) for p in self.paths}
        known |= {str(parent) for p in self.paths for parent in p.parents}
        for path in self.paths:
            if path.suffix == ".md" and (path.parts[0] == "docs" or len(path.parts) == 1):
                for line, name in paths_named(self.text[path], top):
                    places = (name, f"src/{name}", str(path.parent / name))
                    if not any(exists_in(known, place) for place in places):
                        yield f"{path}:{line}: names {name}, which is not there"

    def nothing_foreign(self):
        for path in self.paths:
            for match in FOREIGN_PATH.finditer(self.text.get(path, "")):
                line = cpp_text.line_of(self.text[path], match.start())
                yield f"{path}:{line}: {match.group()} is a path on one machine; name none"

    def types_once(self):
        """Two types of one name link without a word, and either may be the one that is used."""
        first = {}
        for path in self.src:
            for name in TYPE.findall(UNNAMED.sub("", self.text[path])):
                if first.setdefault(name, path) != path:
                    yield (f"{path}: {name} is defined in {first[name]} too; name one of them"
                           " otherwise, or put it into a namespace without a name")

    CHECKS = (include_table, file_length, function_length, unique_names, types_once,
              no_floating_money, banned_calls, sql_in_its_place, migrations, messages,
              documented_paths, nothing_foreign)


def recorded_migrations(root):
    """File name to SHA-256, as recorded when each migration landed."""
    path = root / "migrations" / "checksums.txt"
    lines = path.read_text().splitlines() if path.exists() else []
    pairs = (line.split() for line in lines if line and not line.startswith("#"))
    return {name: digest for digest, name in pairs}


def changed_records(root):
    """A line of checksums.txt never changes: that would hide an edited migration."""
    log = subprocess.run(
        ["git", "-C", root, "log", "--format=", "-p", "--", "migrations/checksums.txt"],
        capture_output=True, text=True, check=False).stdout
    now = recorded_migrations(root)
    for digest, name in re.findall(r"^[+]([0-9a-f]{64})\s+(\S+)$", log, re.MULTILINE):
        if now.get(name) != digest:
            yield (f"migrations/checksums.txt: {name} landed as {digest[:12]}…; bring that migration"
                   " back and add a new one")


def record_migrations(root):
    recorded = recorded_migrations(root)
    with open(root / "migrations" / "checksums.txt", "a", encoding="utf-8") as out:
        for path in sorted((root / "migrations").glob("*.sql")):
            if path.name not in recorded:
                out.write(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n")
                print(f"recorded {path.name}")


def paths_named(text, top):
    """(line, path) for `code` spans, links and code blocks that name something of ours."""
    for number, line in enumerate(text.split("\n"), start=1):
        links = re.findall(r"\]\(([^)\s#]+)", line)
        candidates = links + re.findall(r"`([^`\s]+)`", line)
        if line.startswith(("    ", "$ ")) or "`" not in line:
            candidates += [word for word in line.split() if word.split("/")[0] in top]
        for name in candidates:
            name = re.sub(r"^\./", "", name).rstrip("/.,;:")
            if re.search(r"://|[<>{}$…|=(]|NNN|^/|^build/|^demo/|\.rejected\.", name):
                continue
            ours = name in links or "/" in name and (
                name.split("/")[0] in top or re.search(r"\.(h|cc|md|py|sh|toml|csv|sql)$", name))
            if ours and re.fullmatch(r"[\w.*/@-]+", name):
                yield number, name


def exists_in(known, name):
    name = str(pathlib.PurePath(name))
    parts = []
    for part in name.split("/"):  # "docs/decisions/../STYLE.md"
        if part == ".." and parts:
            parts.pop()
        else:
            parts.append(part)
    name = "/".join(parts)
    if name in known or "*" in name and any(fnmatch.fnmatch(k, name) for k in known):
        return True
    # "src/base/result.h/.cc" and "registry/bill" name a pair or family of files.
    return any(k.startswith(re.sub(r"/\.\w+$", "", name) + ".") for k in known)


def look(root):
    """Prints all messages; returns how many checks passed and failed."""
    house = House(root)
    passed = failed = 0
    for check in House.CHECKS:
        messages = list(check(house))
        for message in messages:
            print(f"{check.__name__}: {message}")
        passed, failed = passed + (not messages), failed + bool(messages)
    return passed, failed


# A sound little house, and for each check a mistake planted in it that must be found.
SOUND = {
    "src/base/result.h": "#pragma once\n",
    "src/rules/bill.cc": '#include "base/result.h"\nint F() { return Invalid("bill.bad"); }\n',
    "src/base/purse.h": "namespace {\nstruct Coin {};\n}  // namespace\nstruct Purse {\n};\n",
    "src/rules/coin.h": "struct Purse;\nstruct Coin {};\n",
    "src/app/main.cc": "int main() {\n  return time(nullptr) > 1'000;\n}\n",
    "data/messages.toml": '[bill.bad]\nid = "Salah."\nen = "Wrong."\n',
    "migrations/0001_create_person.sql": "-- People.\n",
    "migrations/checksums.txt":
        hashlib.sha256(b"-- People.\n").hexdigest() + "  0001_create_person.sql\n",
    "docs/STYLE.md": "See `src/base/result.h` and `base/result.h`.\n",
}
PLANTED = [
    ("include_table", "src/base/a.cc", '#include "rules/b.h"\n'),
    ("include_table", "src/channels/a.cc", '#include "db/sqlite/engine.h"\n'),
    ("include_table", "src/garage/a.cc", "int x;\n"),
    ("file_length", "src/rules/long.cc", "int x;\n" * 601),
    ("function_length", "src/rules/f.cc", "int F(int a) {\n" + "  a++;\n" * 70 + "}\n"),
    ("function_length", "tools/f.py", "def f():\n" + "    f()\n" * 70),
    ("unique_names", "src/rules/result.h", "#pragma once\n"),
    ("types_once", "src/rules/a.h", "class Purse final : public Bag {\n};\n"),
    ("no_floating_money", "src/ledger/a.h", "double x;\n"),
    ("banned_calls", "src/rules/a.cc", "auto x = std::time(nullptr);\n"),
    ("banned_calls", "src/rules/a.cc", 'auto x = std::getenv("HOME");\n'),
    ("sql_in_its_place", "src/registry/a.cc", 'auto s = "SELECT a FROM b";\n'),
    ("migrations", "migrations/0002_create_bill.sql", "-- Bills.\n"),
    ("migrations", "migrations/0001_create_person.sql", "-- Other people.\n"),
    ("migrations", "migrations/2_Bill.sql", "CREATE\n"),
    ("messages", "src/rules/a.cc", 'auto e = Invalid("bill.unheard_of");\n'),
    ("messages", "data/messages.toml", '[bill.bad]\nid = "Salah."\nen = ""\n'),
    ("messages", "data/page_texts.toml", '[page.title]\nid = "Judul"\n'),
    ("messages", "data/messages.toml", SOUND["data/messages.toml"] + '[xx.yy]\nid="a"\nen="b"\n'),
    ("documented_paths", "docs/A.md", "See `src/base/lost.h`.\n"),
    ("documented_paths", "docs/A.md", "See [this](LOST.md) or `src/base/result.h`.\n"),
    ("nothing_foreign", "docs/A.md", "Look at /ho" + "me/someone/notes.\n"),
]


def failing_checks(files):
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        for file, text in files.items():
            (root / file).parent.mkdir(parents=True, exist_ok=True)
            (root / file).write_text(text)
        subprocess.run(["git", "init", "-q", name], check=True)
        house = House(root)
        return {check.__name__ for check in House.CHECKS if list(check(house))}


def self_test():
    wrong = [f"the sound house fails {c}" for c in sorted(failing_checks(SOUND))]
    for check, file, text in PLANTED:
        if check not in failing_checks({**SOUND, file: text}):
            wrong.append(f"{check} does not see the mistake planted in {file}")
    print("\n".join(wrong), end="\n" if wrong else "")
    print(f"{len(PLANTED) + 1 - len(wrong)} passed, {len(wrong)} failed")
    return 1 if wrong else 0


def languages_spoken(root):
    """How many sentences are there in the languages that may lack some: one line a catalogue."""
    for name in ("data/messages.toml", "data/page_texts.toml"):
        entries = [texts for noun in tomllib.loads((root / name).read_text()).values()
                   for texts in noun.values()]
        counts = ", ".join(f"{code} {sum(code in texts for texts in entries)}"
                           for code in ("jv", "su", "mad"))
        yield f"{name}: of {len(entries)} sentences {counts}; drafts no native speaker has read"


def main(arguments):
    root = pathlib.Path(__file__).resolve().parent.parent
    if arguments == ["--self-test"]:
        return self_test()
    if arguments == ["--record-migrations"]:
        record_migrations(root)
        return 0
    if arguments:
        print(__doc__, file=sys.stderr)
        return 2
    passed, failed = look(root)
    print("\n".join(languages_spoken(root)))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
