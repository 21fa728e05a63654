"""Proves from a statement's text which shards it touches.

A statement is bound when each distributed table in it has its distribution column equal to one and
the same parameter or constant, told by conditions that must all hold. Conditions under OR, ranges
and values that come out of a query bind nothing. On the inner side of an outer join, and in a
subquery, equality with the outside binds the inside, never the outside.
"""
import dataclasses

EQUAL = ({"@": "String", "sval": "="},)


@dataclasses.dataclass
class Place:
    """One mention of a table."""
    scope: int
    alias: str
    table: str
    entry: dict


class Proof:
    """What is known about one statement; `problems` says what forbids it on one person's shards,
    `misfits` what forbids it on a spread database at all."""

    def __init__(self, layout, columns, kind, tree):
        self.layout, self.columns = layout, columns
        self.parent = {}    # Union-find over columns, parameters and constants.
        self.arrows = []    # (from, to): what `from` is equal to, `to` is equal to as well.
        self.scopes = []    # Alias → table of each level; None for a derived table.
        self.outer = []     # The enclosing scope of each, or None.
        self.places = []
        self.problems, self.misfits = [], []
        self.statement(kind, tree)
        self.judge()

    # ---- Classes of what is equal.

    def find(self, node):
        self.parent.setdefault(node, node)
        while self.parent[node] != node:
            node = self.parent[node]
        return node

    def union(self, one, other):
        self.parent[self.find(one)] = self.find(other)

    def reached(self, node):
        """Everything this node is equal to for sure."""
        classes, grew = {self.find(node)}, True
        while grew:
            more = {self.find(a) for a, b in self.arrows if self.find(b) in classes} - classes
            grew = bool(more)
            classes |= more
        return {other for other in self.parent if self.find(other) in classes}

    def value_of(self, place):
        """The parameter, list or constant that decides the shard; None when nothing does."""
        values = [node for node in self.reached(self.key(place)) if node[0] != "column"]
        return min(values, default=None, key=str)

    def key(self, place):
        return ("column", place.scope, place.alias, place.entry["by"])

    # ---- Reading the tree.

    def statement(self, kind, tree):
        if kind == "SelectStmt":
            self.select(tree, None)
        elif kind == "InsertStmt":
            self.insert(tree)
        elif kind in ("UpdateStmt", "DeleteStmt"):
            scope = self.open_scope(None)
            self.mention(scope, tree["relation"])
            for item in tree.get("fromClause", ()) + tree.get("usingClause", ()):
                self.from_item(scope, item, "inner")
            self.condition(scope, tree.get("whereClause"), "inner")
            self.refuse_moves(tree["relation"]["relname"], tree.get("targetList", ()))
            self.expressions(scope, tree.get("targetList", ()))
        else:
            self.misfits.append(f"a {kind} is no statement of a service")

    def insert(self, tree):
        scope = self.open_scope(None)
        self.mention(scope, tree["relation"])
        table = tree["relation"]["relname"]
        entry = self.layout.get(table, {})
        source = tree["selectStmt"]
        if "valuesLists" not in source:
            self.misfits.append("INSERT … SELECT")
            self.select(source, None)
        elif entry.get("kind") == "distributed":
            names = [column["name"] for column in tree["cols"]]
            for row in source["valuesLists"]:
                value = self.value(scope, row[names.index(entry["by"])]
                                   if entry["by"] in names else {"@": "Null"})
                if value and value[0] != "column":
                    self.union(("column", scope, table, entry["by"]), value)
        conflict = tree.get("onConflictClause")
        if conflict:
            keys = [item.get("name") for item in conflict.get("infer", {}).get("indexElems", ())]
            if entry.get("kind") == "distributed" and entry["by"] not in keys:
                self.misfits.append(f"ON CONFLICT of {table} without {entry['by']}")
            self.refuse_moves(table, conflict.get("targetList", ()))
            self.expressions(scope, conflict.get("targetList", ()))

    def refuse_moves(self, table, targets):
        entry = self.layout.get(table, {})
        for target in targets:
            if entry.get("kind") == "distributed" and target["name"] == entry["by"]:
                self.misfits.append(f"changes {table}.{entry['by']}, by which its rows lie")

    def select(self, tree, outer):
        """Returns its scope."""
        if tree.get("op", {}).get("name", "SETOP_NONE") != "SETOP_NONE":
            scope = self.open_scope(outer)
            self.with_clause(scope, tree)
            self.select(tree["larg"], scope)
            self.select(tree["rarg"], scope)
            return scope
        scope = self.open_scope(outer)
        self.with_clause(scope, tree)
        for item in tree.get("fromClause", ()):
            self.from_item(scope, item, "inner")
        self.condition(scope, tree.get("whereClause"), "inner")
        for part in ("targetList", "havingClause", "sortClause", "groupClause"):
            self.expressions(scope, tree.get(part, ()))
        return scope

    def with_clause(self, scope, tree):
        for cte in tree.get("withClause", {}).get("ctes", ()):
            self.scopes[scope]["with " + cte["ctename"]] = None
            self.select(cte["ctequery"], None)

    def open_scope(self, outer):
        self.scopes.append({})
        self.outer.append(outer)
        return len(self.scopes) - 1

    def is_derived(self, scope, name):
        while scope is not None:
            if "with " + name in self.scopes[scope]:
                return True
            scope = self.outer[scope]
        return False

    def mention(self, scope, relation):
        name = relation["relname"]
        alias = relation.get("alias", {}).get("aliasname", name)
        if self.is_derived(scope, name) or name.startswith(("pg_", "sqlite_")):
            self.scopes[scope][alias] = None
            return alias
        if name not in self.columns:
            self.misfits.append(f"no migration makes the table {name}")
        entry = self.layout.get(name)
        if entry is None:
            self.misfits.append(f"{name} is not in data/distribution.toml")
            entry = {"kind": "unknown"}
        self.scopes[scope][alias] = name
        self.places.append(Place(scope, alias, name, entry))
        return alias

    def from_item(self, scope, item, side):
        """Adds what it mentions; returns the aliases."""
        if item["@"] == "RangeVar":
            return {self.mention(scope, item)}
        if item["@"] == "JoinExpr":
            left = self.from_item(scope, item["larg"], side)
            right = self.from_item(scope, item["rarg"], side)
            kind = item["jointype"]["name"]
            filled = {"JOIN_INNER": None, "JOIN_LEFT": right, "JOIN_RIGHT": left}.get(kind, set())
            self.condition(scope, item.get("quals"), "inner" if filled is None else filled)
            return left | right
        alias = item.get("alias", {}).get("aliasname", "")
        self.scopes[scope][alias] = None
        if item["@"] == "RangeSubselect":
            self.select(item["subquery"], scope if item.get("lateral") else None)
        return {alias}

    def condition(self, scope, tree, side):
        """`side`: "inner", or the aliases an outer join fills with NULLs: only they are bound."""
        if tree is None:
            return
        if tree["@"] == "BoolExpr" and tree["boolop"]["name"] == "AND_EXPR":
            for part in tree["args"]:
                self.condition(scope, part, side)
            return
        if tree["@"] == "A_Expr" and tuple(tree["name"]) == EQUAL:
            kind, one = tree["kind"]["name"], self.value(scope, tree["lexpr"])
            if kind == "AEXPR_OP":
                self.equal(scope, one, self.value(scope, tree["rexpr"]), side)
            elif kind == "AEXPR_IN" and isinstance(tree["rexpr"], tuple):
                items = [self.value(scope, item) for item in tree["rexpr"]]
                if all(item and item[0] != "column" for item in items):
                    self.equal(scope, one, ("list", str(sorted(map(str, items)))), side)
        self.expressions(scope, tree)

    def equal(self, scope, one, other, side):
        if one is None or other is None:
            return
        # What is not in this scope, or not on the filled side, is as given as a parameter is.
        def is_bound_here(node):
            return (node[0] == "column" and node[1] == scope and
                    (side == "inner" or node[2] in side))
        given = [node for node in (one, other) if not is_bound_here(node)]
        if not given or (side == "inner" and given[0][0] != "column"):
            self.union(one, other)
        elif len(given) == 1:
            self.find(one), self.find(other)
            self.arrows.append((given[0], other if given[0] == one else one))

    def value(self, scope, tree):
        """A column, a parameter or a constant; None for anything else."""
        if not isinstance(tree, dict):
            return None
        if tree["@"] == "TypeCast":
            return self.value(scope, tree["arg"])
        if tree["@"] == "ParamRef":
            return ("parameter", tree["number"])
        if tree["@"] == "A_Const" and not tree["isnull"]:
            return ("constant", str(tree["val"]))
        if tree["@"] != "ColumnRef" or tree["fields"][-1]["@"] != "String":
            return None
        names = [field["sval"] for field in tree["fields"]]
        return self.column(scope, names[-2] if len(names) > 1 else None, names[-1])

    def column(self, scope, alias, name):
        while scope is not None:
            for candidate, table in self.scopes[scope].items():
                if candidate == alias or (
                        alias is None and name in self.columns.get(table or "", ())):
                    return ("column", scope, candidate, name)
            scope = self.outer[scope]
        return None

    def expressions(self, scope, tree):
        """Finds the subqueries in an expression."""
        if isinstance(tree, (tuple, list)):
            for item in tree:
                self.expressions(scope, item)
        elif isinstance(tree, dict):
            if tree.get("@") == "SubLink":
                self.select(tree["subselect"], scope)
                self.expressions(scope, tree.get("testexpr", ()))
            else:
                for item in tree.values():
                    self.expressions(scope, item)

    # ---- The verdict.

    def judge(self):
        spread = [place for place in self.places if place.entry["kind"] == "distributed"]
        local = sorted({p.table for p in self.places if p.entry["kind"] == "local"})
        if spread and local:
            self.misfits.append(f"{spread[0].table} is distributed and {', '.join(local)} is local")
        for place in spread:
            if self.value_of(place) is None:
                self.problems.append(f"{place.table} is not bound by {place.entry['by']}")
        homes = {(place.entry["group"], self.value_of(place)) for place in spread}
        if len(homes) > 1:
            self.problems.append("more than one shard: " + ", ".join(
                sorted(f"{group} by {value}" for group, value in homes)))
        for one in spread:
            for other in spread:
                if self.are_joined(one, other) and not self.lie_together(one, other):
                    self.misfits.append(f"{one.table} and {other.table} are joined, but not by"
                                        " what both lie by")

    def are_joined(self, one, other):
        """In one level of the statement, or the second in a subquery that looks at the first."""
        if one is other:
            return False
        if one.scope == other.scope:
            return True
        return any(a[0] == "column" and a[1] == one.scope and b[1] == other.scope
                   for a, b in self.arrows)

    def lie_together(self, one, other):
        if one.entry["group"] != other.entry["group"]:
            return False
        both = self.reached(self.key(one)) & self.reached(self.key(other))
        return bool(both)
