#!/usr/bin/env python3
"""Every figure of the law names a source that is listed once, and every rule has a golden case.

Fails when
- a source cited in schemes/**/*.toml, in a `/// Source: [id:article]` of src/rules, or in a
  tests/rules/**/*.case is not in the scheme's sources.toml;
- a source is listed and never cited;
- a source that a rule in src/rules/*.h names is named by no golden case.

usage: tools/check_sources.py [--self-test]
"""
import pathlib
import re
import sys
import tempfile
import tomllib

LABEL = re.compile(r"^\s*///\s*([A-Z][a-z]+):(.*)$")
COMMENT = re.compile(r"^\s*///(.*)$")
BRACKETED = re.compile(r"\[([A-Za-z][\w-]*)(?::[^\]]*)?\]")
CASE_SOURCE = re.compile(r"^\s*sources?\b[:=\s]\s*(.+)$", re.IGNORECASE)
CASE_ID = re.compile(r"([A-Za-z][\w-]*)")


def cited_in_toml(text):
    """(line, id) of each `source = "id:article, id"`."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("#"):
            continue
        for cited in re.findall(r'\bsource\s*=\s*"([^"]*)"', line):
            for part in cited.split(","):
                yield number, part.strip().split(":")[0]


def cited_in_code(text):
    """(line, id) of the bracketed ids in each Source label, continuation lines included."""
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        comment = COMMENT.match(line)
        label = LABEL.match(line)
        if label:
            inside = label.group(1) == "Source"
        elif not comment or not comment.group(1).strip():
            inside = False
        if inside:
            for cited in BRACKETED.findall(line):
                yield number, cited


def cited_in_case(text):
    """(line, id) of each `source` line: ids between commas, or in brackets, words after them free."""
    for number, line in enumerate(text.splitlines(), 1):
        found = CASE_SOURCE.match(line)
        if not found:
            continue
        bracketed = BRACKETED.findall(found.group(1))
        parts = bracketed or [part.strip() for part in found.group(1).split(",")]
        for part in parts:
            identifier = CASE_ID.match(part)
            if identifier:
                yield number, identifier.group(1)


def listed_sources(root):
    """Source id → where it is listed; and problems."""
    listed, problems = {}, []
    for path in sorted(root.glob("schemes/*/sources.toml")):
        with open(path, "rb") as file:
            for entry in tomllib.load(file).get("source", []):
                if entry.get("id") in listed:
                    problems.append(f"{path.relative_to(root)}: {entry.get('id')} is listed twice")
                listed[entry.get("id")] = path.relative_to(root)
    return listed, problems


def citations(root):
    """(kind, path, line, id) of every citation in the repository."""
    kinds = [
        ("scheme", "schemes/**/*.toml", cited_in_toml),
        ("rule", "src/rules/**/*.h", cited_in_code),
        ("rule body", "src/rules/**/*.cc", cited_in_code),
        ("case", "tests/rules/**/*.case", cited_in_case),
    ]
    for kind, pattern, read in kinds:
        for path in sorted(root.glob(pattern)):
            for number, identifier in read(path.read_text(encoding="utf-8")):
                yield kind, path.relative_to(root), number, identifier


def problems_of(root):
    listed, problems = listed_sources(root)
    if not listed:
        problems.append("schemes/: no sources.toml lists a source")
    cited, in_cases, in_rules = set(), set(), {}
    for kind, path, number, identifier in citations(root):
        cited.add(identifier)
        if identifier not in listed:
            problems.append(f"{path}:{number}: source {identifier} is not in sources.toml; list it "
                            f"there or cite one that is")
        if kind == "case":
            in_cases.add(identifier)
        if kind == "rule":
            in_rules.setdefault(identifier, f"{path}:{number}")
    for identifier in sorted(set(listed) - cited):
        problems.append(f"{listed[identifier]}: source {identifier} is never cited; remove it or "
                        f"cite it where it is used")
    for identifier, where in sorted(in_rules.items()):
        if identifier not in in_cases:
            problems.append(f"{where}: no golden case in tests/rules names source {identifier}; add "
                            f"one with the line `source {identifier}`")
    return problems


GOOD = {
    "schemes/x/sources.toml": '[[source]]\nid = "law-1"\n[[source]]\nid = "press"\n',
    "schemes/x/a.toml": 'rows = [{ value = 1, source = "law-1:9, press", confidence = "V" }]\n',
    "src/rules/price.h": "/// Price.\n///\n/// Source: [law-1:9] rates,\n/// [press] start.\nint F();\n",
    "tests/rules/price/a.case": "source law-1:9, press\n",
}
# Name, file, its broken text, words the message must have.
PLANTED = [
    ("unknown in scheme", "schemes/x/a.toml", 'source = "law-1, press, law-2:3"\n', "source law-2"),
    ("unknown in code", "src/rules/price.h", "/// Source: [law-1], [press]\n/// and [law-3:1].\n",
     "source law-3"),
    ("unknown in case", "tests/rules/price/a.case", "source law-1, press, law-4\n", "source law-4"),
    ("never cited", "schemes/x/sources.toml", GOOD["schemes/x/sources.toml"]
     + '[[source]]\nid = "idle"\n', "idle is never cited"),
    ("listed twice", "schemes/x/sources.toml", GOOD["schemes/x/sources.toml"]
     + '[[source]]\nid = "press"\n', "press is listed twice"),
    ("rule without case", "tests/rules/price/a.case", "source law-1:9\n", "names source press"),
    ("commented citation", "schemes/x/a.toml", '# source = "press"\nsource = "law-1"\n', ""),
    ("no sources", "schemes/x/sources.toml", "", "no sources.toml lists"),
]


def messages_with(changes):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, text in {**GOOD, **changes}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        return problems_of(root)


def self_test():
    failed = 0
    if messages_with({}):
        print("self-test: the good tree is refused:", messages_with({}))
        failed += 1
    for name, file, text, words in PLANTED:
        found = messages_with({file: text})
        # An empty expectation: this change is no mistake.
        right = not found if not words else any(words in message for message in found)
        if not right:
            print(f"self-test: {name}: got {found}")
            failed += 1
    print(f"{len(PLANTED) + 1 - failed} passed, {failed} failed")
    return 1 if failed else 0


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    if sys.argv[1:]:
        print(__doc__)
        return 2
    root = pathlib.Path(__file__).resolve().parent.parent
    problems = problems_of(root)
    listed, _ = listed_sources(root)
    print("\n".join(problems) or f"sources: {len(listed)} sources, all cited")
    print(f"{max(0, len(listed) - len(problems))} passed, {len(problems)} failed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
