"""What there is to prove something about: the layout, the columns of each table after all
migrations, and every statement of the program. SQL is read by PostgreSQL's own parser."""
import pathlib
import re
import tomllib

import pglast

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
STATEMENT = re.compile(r'\bstd::string_view (k\w+) =\s*(?:R"sql\((.*?)\)sql"|"([^"]*)")\s*;',
                       re.DOTALL)


def parse(sql):
    """The statements of a script, each as (name of its kind, a tree of plain dicts)."""
    return [(type(raw.stmt).__name__, raw.stmt(skip_none=True)) for raw in pglast.parse_sql(sql)]


def read_layout(path=ROOT / "data/distribution.toml"):
    """Table → its entry of the layout."""
    with open(path, "rb") as file:
        return {entry["name"]: entry for entry in tomllib.load(file)["table"]}


def read_columns(folder=ROOT / "migrations"):
    """Table → its columns, after every migration."""
    columns = {"schema_migration": ["number", "name"]}  # Made by the program itself.
    for path in sorted(folder.glob("*.sql")):
        for kind, tree in parse(path.read_text()):
            change_columns(columns, kind, tree)
    return columns


def change_columns(columns, kind, tree):
    if kind == "CreateStmt":
        columns[tree["relation"]["relname"]] = [
            item["colname"] for item in tree["tableElts"] if item["@"] == "ColumnDef"]
    elif kind == "DropStmt":
        for names in tree["objects"]:
            columns.pop(names[-1]["sval"], None)
    elif kind == "RenameStmt":
        table, new = tree["relation"]["relname"], tree["newname"]
        if "subname" in tree:
            place = columns[table].index(tree["subname"])
            columns[table][place] = new
        else:
            columns[new] = columns.pop(table)
    elif kind == "AlterTableStmt":
        for command in tree["cmds"]:
            of_table = columns[tree["relation"]["relname"]]
            if command["subtype"]["name"] == "AT_AddColumn":
                of_table.append(command["def_"]["colname"])
            elif command["subtype"]["name"] == "AT_DropColumn":
                of_table.remove(command["name"])


def read_statements(folder=ROOT / "src"):
    """Name → (path, text) of every statement in the rooms' *_sql.h."""
    statements = {}
    for path in sorted(folder.rglob("*_sql.h")):
        text = path.read_text()
        for match in STATEMENT.finditer(text):
            name = match.group(1)
            if name in statements:
                raise ValueError(f"{path}: {name} is there twice")
            statements[name] = (path.relative_to(ROOT), (match.group(2) or match.group(3)).strip())
        if text.count("std::string_view k") != len(STATEMENT.findall(text)):
            raise ValueError(f"{path}: a statement is written in a form that is not read here")
    return statements


def users_of(name, folder=ROOT / "src"):
    """The files that use a statement, its own header and tests apart; headers that hand it on count."""
    word = re.compile(rf"\bsql::{name}\b")
    return sorted(str(path.relative_to(ROOT)) for path in folder.rglob("*.[ch]*")
                  if path.suffix in (".h", ".cc") and not path.stem.endswith(("_test", "_fixture"))
                  and word.search(path.read_text()))
