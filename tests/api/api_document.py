"""The document of the API, and what of it was seen in tests."""
import json
import pathlib

import jsonschema
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Any such request may meet these; tests of their own see them.
ANYWHERE = {"400", "401", "403", "409", "413", "415", "422", "429", "503"}


class Document:
    def __init__(self, path):
        self.text = yaml.safe_load(path.read_text())
        self.seen = set()

    def operations(self):
        """(METHOD, path, operation)."""
        for path, item in self.text["paths"].items():
            for method, operation in item.items():
                if isinstance(operation, dict) and "responses" in operation:
                    yield method.upper(), path, operation

    def promised(self):
        """(method, path, status) of every answer that only this operation gives."""
        return {(method, path, status) for method, path, operation in self.operations()
                for status in operation["responses"]
                if status.isdigit() and status not in ANYWHERE}

    def resolve(self, node):
        while "$ref" in node:
            target = self.text
            for step in node["$ref"].lstrip("#/").split("/"):
                target = target[step]
            node = target
        return node

    def check(self, method, path, status, media_type, body):
        """Raises when the document does not describe this answer. `path` as in the document."""
        operation = self.text["paths"][path]["get" if method == "HEAD" else method.lower()]
        self.seen.add((method, path, str(status)))
        found = operation["responses"].get(str(status)) or operation["responses"].get(
            f"{status // 100}XX")
        assert found, f"{method} {path}: status {status} is not in the document: {body}"
        content = self.resolve(found).get("content")
        if content is None:
            assert body == "", f"{method} {path}: a body the document does not know: {body}"
            return None
        assert media_type in content, f"{method} {path}: {media_type} is not in the document"
        value = json.loads(body) if media_type.endswith("json") else body
        if "schema" in content[media_type]:
            self.validate(content[media_type]["schema"], value)
        return value

    def check_body(self, method, path, value):
        """Raises when the document does not take this JSON body."""
        body = self.text["paths"][path][method.lower()]["requestBody"]["content"]
        self.validate(body["application/json"]["schema"], value)

    def validate(self, schema, value):
        jsonschema.Draft202012Validator(
            dict(schema, components=self.text["components"]),
            format_checker=jsonschema.FormatChecker()).validate(value)


DOCUMENT = Document(ROOT / "api" / "openapi.yaml")
