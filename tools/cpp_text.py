"""Reads C++ as text, well enough for house checks: what is code, what is a string, how long each
function is. No parser: it trusts that the files are clang-formatted."""
import re

TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/'  # Comments.
    r'|R"(?P<mark>[^()\s\\]{0,16})\(.*?\)(?P=mark)"'  # Raw strings.
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|(?<![0-9A-Za-z_])'(?:[^'\\\n]|\\.)+'",  # Characters, but not the ' in 1'000.
    re.DOTALL)
CONTAINER = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b")


def _blank(match):
    """Same length and lines, nothing in it."""
    text = match.group()
    kept = re.sub(r"[^\n]", " ", text)
    if text[0] in "\"'R" and len(text) > 1:
        kept = text[0].replace("R", '"') + kept[1:-1] + text[-1]
    return kept


def code_only(text):
    """The text with comments, strings and characters blanked; positions and lines stay."""
    return TOKEN.sub(_blank, text)


def strings_of(text):
    """(position, content) of each string literal; neighbours are not joined."""
    for match in TOKEN.finditer(text):
        literal = match.group()
        if literal.startswith('"'):
            yield match.start(), literal[1:-1]
        elif literal.startswith("R"):
            yield match.start(), literal[literal.index("(") + 1:literal.rindex(")")]


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def functions_of(text):
    """(line, lines, name) of each function body outside other functions; lambdas count as part of
    what they stand in."""
    code = re.sub(r"(?m)^[ \t]*#(?:[^\n]*\\\n)*[^\n]*",
                  lambda m: re.sub(r"[^\n]", " ", m.group()), code_only(text))
    stack = []  # (kind, start of the head)
    head = 0
    for match in re.finditer(r"[{};]", code):
        mark, position = match.group(), match.start()
        if mark == "{":
            before = code[head:position]
            inside_body = any(kind != "container" for kind, _ in stack)
            if inside_body:
                kind = "block"
            elif CONTAINER.search(before) and not before.rstrip().endswith(")"):
                kind = "container"
            elif "(" in before and not re.search(r"=\s*$", before):
                kind = "function"
            else:
                kind = "block"
            stack.append((kind, head))
        elif mark == "}" and stack:
            kind, start = stack.pop()
            if kind == "function":
                lead = len(code[start:position]) - len(code[start:position].lstrip())
                first = line_of(code, start + lead)
                name = re.search(r"([~\w:]+)\s*\(", code[start:position])
                yield first, line_of(code, position) - first + 1, name.group(1) if name else "?"
        if not any(kind != "container" for kind, _ in stack):
            head = match.end()
