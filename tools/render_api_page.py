"""The document of the API as HTML for people; tools/bundle_openapi.py writes it to api/."""
import html
import re


def words(text):
    """Paragraphs, with `code`."""
    paragraphs = re.split(r"\n\s*\n", str(text or "").strip())
    return "".join("<p>" + re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(p)) + "</p>"
                   for p in paragraphs if p)


def anchor(text):
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def type_words(schema):
    """What a value looks like, in a few words with links."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return f'<a href="#schema-{anchor(name)}">{html.escape(name)}</a>'
    if "anyOf" in schema or "oneOf" in schema:
        return " or ".join(type_words(one) for one in schema.get("anyOf") or schema["oneOf"])
    if "enum" in schema:
        return "one of " + ", ".join(f"<code>{html.escape(str(v))}</code>" for v in schema["enum"])
    if "const" in schema:
        return f"<code>{html.escape(str(schema['const']).strip())}</code>"
    kind = schema.get("type", "anything")
    kind = " or ".join(kind) if isinstance(kind, list) else kind
    if "items" in schema:
        return "list of " + type_words(schema["items"])
    return kind + (f" ({schema['format']})" if "format" in schema else "")


def fields(schema):
    """The properties of an object as a description list."""
    needed = set(schema.get("required", ()))
    lines = []
    for name, field in schema.get("properties", {}).items():
        lines.append(f"<dt><code>{html.escape(name)}</code>{' *' if name in needed else ''}</dt>"
                     f"<dd>{type_words(field)}{words(field.get('description'))}")
        inner = field.get("items", field)
        lines.append((fields(inner) if "properties" in inner else "") + "</dd>")
    return "<dl>" + "".join(lines) + "</dl>" if lines else ""


def resolve(document, node):
    while "$ref" in node:
        target = document
        for step in node["$ref"].lstrip("#/").split("/"):
            target = target[step]
        node = target
    return node


def operation_html(document, method, path, item, operation):
    parts = [f'<h3 id="{anchor(operation["operationId"])}"><code>{method.upper()} '
             f"{html.escape(path)}</code></h3>", f"<p><b>{html.escape(operation['summary'])}</b></p>",
             words(operation.get("description"))]
    action = operation.get("x-action")
    parts.append(f"<p>Action <code>{action}</code></p>" if action else "<p>Open to everyone.</p>")
    parameters = [resolve(document, p)
                  for p in item.get("parameters", []) + operation.get("parameters", [])]
    if parameters:
        parts.append("<h4>Parameters</h4><dl>" + "".join(
            f"<dt><code>{html.escape(p['name'])}</code> in {p['in']}"
            f"{' *' if p.get('required') else ''}</dt>"
            f"<dd>{type_words(p['schema'])}{words(p.get('description'))}</dd>"
            for p in parameters) + "</dl>")
    if "requestBody" in operation:
        parts.append("<h4>Body</h4><ul>" + "".join(
            f"<li><code>{kind}</code> {type_words(body.get('schema', {}))}</li>"
            for kind, body in operation["requestBody"]["content"].items()) + "</ul>")
    parts.append("<h4>Answers</h4><dl>")
    for status, answer in operation["responses"].items():
        answer = resolve(document, answer)
        shapes = ", ".join(type_words(content["schema"])
                           for content in answer.get("content", {}).values() if "schema" in content)
        parts.append(f"<dt>{status}</dt><dd>{html.escape(answer['description'])}"
                     f"{' ' + shapes if shapes else ''}</dd>")
    return "".join(parts) + "</dl>"


def page(document):
    tags = {tag["name"]: tag for tag in document["tags"]}
    families = {name: [] for name in tags}
    for path, item in document["paths"].items():
        for method in ("get", "post", "put", "patch", "delete"):
            if method in item:
                families[item[method]["tags"][0]].append((method, path, item, item[method]))
    parts = ['<div lang="en">', f"<h1>{html.escape(document['info']['title'])} API</h1>",
             words(document["info"]["description"]),
             '<p><a href="/openapi.yaml">OpenAPI 3.1</a> · * is required</p>']
    parts.append('<section class="card"><h2 id="contents">Contents</h2><ul>' + "".join(
        f'<li><a href="#tag-{anchor(name)}">{html.escape(name)}</a></li>'
        for name in families) + '<li><a href="#schemas">schemas</a></li></ul></section>')
    for name, operations in families.items():
        parts.append(f'<section class="card"><h2 id="tag-{anchor(name)}">{html.escape(name)}</h2>'
                     + words(tags[name].get("description")))
        parts += [operation_html(document, *one) for one in operations]
        parts.append("</section>")
    parts.append('<section class="card"><h2 id="schemas">Schemas</h2>')
    for name, schema in sorted(document["components"]["schemas"].items()):
        plain = "" if "properties" in schema else f"<p>{type_words(schema)}</p>"
        parts.append(f'<h3 id="schema-{anchor(name)}">{html.escape(name)}</h3>'
                     + words(schema.get("description")) + plain + fields(schema))
    return "\n".join(parts) + "</section></div>\n"
