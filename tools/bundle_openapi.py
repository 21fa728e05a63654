#!/usr/bin/env python3
"""Puts api/parts/*.yaml together to api/openapi.yaml and the page made of it, api/api_page.html:
tools/bundle_openapi.py [--check]

The parts are OpenAPI 3.1, each a family of routes with its schemas, with three shorthands:
  problems: 404 409   refusals of an operation, each a Problem
  ok: Person          the answer 200 with that schema; `created: X` is 201 and `accepted: X` 202
  body: Placement     a required JSON body of that schema
What every operation has is added: ?lang=, Idempotency-Key on a POST that changes something (all but
those with `x-look: true`), and the refusals that any request may meet. `x-action` names the line of
docs/PERMISSIONS.md; an operation without it is open to everyone; one with `x-open: true` knows who has
logged in all the same.
--check says whether both are up to date.
"""
import pathlib
import sys

import yaml

import render_api_page

ROOT = pathlib.Path(__file__).resolve().parents[1]
TARGET = ROOT / "api" / "openapi.yaml"
PAGE = ROOT / "api" / "api_page.html"
HEAD = "# Made from api/parts/*.yaml by tools/bundle_openapi.py; edit those.\n"
METHODS = ("get", "post", "put", "patch", "delete")
ANSWERS = {"ok": "200", "created": "201", "accepted": "202"}


class Dumper(yaml.SafeDumper):
    """Long texts as blocks, nothing as an alias."""

    def ignore_aliases(self, data):
        return True


def _text(dumper, text):
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


Dumper.add_representer(str, _text)


def _reference(name):
    return {"$ref": f"#/components/schemas/{name}"}


def _json(name):
    return {"application/json": {"schema": _reference(name)}}


def _is_gated(operation):
    """True of what the gate looks at, whether one has to log in for it or not."""
    return "x-action" in operation or operation.get("x-open")


def _statuses(method, operation):
    """The refusals of an operation: its own, and those any such request may meet."""
    statuses = set(str(operation.pop("problems", "")).split())
    if "4XX" in statuses:
        return ["4XX"]
    if _is_gated(operation):
        statuses |= {"401", "403", "429", "503"}
    if method in ("post", "patch", "put") and "requestBody" in operation:
        statuses |= {"400", "413", "415", "422"}
    if method == "post" and _is_gated(operation) and not operation.get("x-look"):
        statuses |= {"400", "409"}
    return sorted(statuses)


def _expand(method, operation):
    if "body" in operation:
        operation["requestBody"] = {"required": True, "content": _json(operation.pop("body"))}
    responses = {}
    for short, status in ANSWERS.items():
        if short in operation:
            responses[status] = {"description": operation.pop("done", "Done."),
                                 "content": _json(operation.pop(short))}
    responses |= operation.pop("responses", {})
    for status in _statuses(method, operation):
        responses.setdefault(status, {"$ref": "#/components/responses/Problem"})
    parameters = [{"$ref": "#/components/parameters/Lang"}]
    if method == "post" and _is_gated(operation) and not operation.get("x-look"):
        parameters.append({"$ref": "#/components/parameters/IdempotencyKey"})
    operation["parameters"] = parameters + [
        {"$ref": f"#/components/parameters/{p}"} if isinstance(p, str) else p
        for p in operation.pop("parameters", [])]
    operation["responses"] = dict(sorted(responses.items()))
    if "x-action" not in operation:
        operation["security"] = []


def bundle():
    document = yaml.safe_load((ROOT / "api/parts/shared.yaml").read_text())
    document["paths"] = {}
    for path in sorted((ROOT / "api/parts").glob("*.yaml")):
        part = yaml.safe_load(path.read_text())
        if path.name != "shared.yaml":
            for kind, entries in part.get("components", {}).items():
                for name, entry in entries.items():
                    assert name not in document["components"][kind], f"{path.name}: {name} is there"
                    document["components"][kind][name] = entry
            document["tags"] += part.get("tags", [])
        for name, item in part.get("paths", {}).items():
            known = document["paths"].setdefault(name, {})
            for method in METHODS:
                if method in item:
                    assert method not in known, f"{path.name}: {method} {name} is there twice"
                    _expand(method, item[method])
                    known[method] = item[method]
            known |= {key: value for key, value in item.items() if key not in METHODS}
    document["paths"] = dict(sorted(document["paths"].items()))
    return HEAD + yaml.dump(document, Dumper=Dumper, sort_keys=False, width=100, allow_unicode=True)


def main():
    text = bundle()
    page = render_api_page.page(yaml.safe_load(text))
    if "--check" in sys.argv:
        if TARGET.read_text() != text or PAGE.read_text() != page:
            print("api/ is not what its parts say; run tools/bundle_openapi.py")
            return 1
        return 0
    TARGET.write_text(text)
    PAGE.write_text(page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
