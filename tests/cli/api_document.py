"""An OpenAPI 3.1 document as a judge of requests and answers, as far as reference.openapi.yaml goes:
type, required, properties, additionalProperties, enum, items, $ref, allOf, minimum, maximum, minLength,
maxLength, pattern. Any other word of a schema that restricts something is an error, not ignored.
"""
import re

import yaml

PROBLEM = "application/problem+json"
# What any request may get, whatever it asks for: said once in the document's description.
ANY_TIME = {405, 408, 413, 414, 415, 431, 500, 503}
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None),
         "integer": int, "number": (int, float)}
SAYS_NOTHING = {"description", "default", "examples"}


def is_of_type(value, name):
    if isinstance(value, bool) and name in ("integer", "number"):
        return False
    return isinstance(value, TYPES[name])


class Document:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.root = yaml.safe_load(file)
        self.operations = {}  # (method, path) -> operation, with the path's own parameters
        for path, item in self.root["paths"].items():
            for method in ("get", "put", "post", "delete", "patch"):
                if method in item:
                    self.operations[method.upper(), path] = item[method]
        self.patterns = {path: re.compile("/".join(
            "[^/]+" if part.startswith("{") else re.escape(part) for part in path.split("/")))
                         for path in self.root["paths"]}

    def find(self, reference):
        node = self.root
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]
        return node

    def follow(self, node):
        while "$ref" in node:
            node = self.find(node["$ref"])
        return node

    def operation(self, method, target):
        """The (method, path) that a request's target belongs to; the most literal path wins."""
        path = target.split("?")[0]
        fitting = [p for p, pattern in self.patterns.items() if pattern.fullmatch(path)]
        if not fitting:
            raise KeyError(target)
        return method, min(fitting, key=lambda p: p.count("{"))

    def who(self, key):
        """The security scheme of an operation; None = open to everybody."""
        schemes = self.operations[key].get("security", self.root["security"])
        return next(iter(schemes[0])) if schemes else None

    def request_schema(self, key):
        body = self.follow(self.operations[key].get("requestBody", {}))
        return body["content"]["application/json"]["schema"] if body else None

    # ---- schemas --------------------------------------------------------------------------------

    def complaints(self, value, schema, at="body"):
        """What is wrong with a value, as texts."""
        found = []
        for word, told in schema.items():
            if word in SAYS_NOTHING:
                continue
            check = getattr(self, "check_" + word.removeprefix("$"), None)
            if check is None:
                raise NotImplementedError(f"{at}: the schema's word {word}")
            found += check(value, told, schema, at)
        return found

    def check_ref(self, value, told, _, at):
        return self.complaints(value, self.find(told), at)

    def check_allOf(self, value, told, _, at):
        return [text for schema in told for text in self.complaints(value, schema, at)]

    def check_type(self, value, told, _, at):
        names = told if isinstance(told, list) else [told]
        good = any(is_of_type(value, name) for name in names)
        return [] if good else [f"{at}: {value!r} is no {told}"]

    def check_enum(self, value, told, _, at):
        return [] if value in told else [f"{at}: {value!r} is none of {told}"]

    def check_required(self, value, told, _, at):
        return [f"{at}: has no {name}" for name in told if isinstance(value, dict) and name not in value]

    def check_properties(self, value, told, _, at):
        if not isinstance(value, dict):
            return []
        return [text for name, schema in told.items() if name in value
                for text in self.complaints(value[name], schema, f"{at}.{name}")]

    def check_additionalProperties(self, value, told, schema, at):
        if told is not False:
            raise NotImplementedError("additionalProperties that are a schema")
        known = schema.get("properties", {})
        return [f"{at}: {name} is not in the document" for name in value if name not in known] \
            if isinstance(value, dict) else []

    def check_items(self, value, told, _, at):
        if not isinstance(value, list):
            return []
        return [text for i, item in enumerate(value)
                for text in self.complaints(item, told, f"{at}[{i}]")]

    def check_minimum(self, value, told, _, at):
        return [f"{at}: {value} < {told}"] if isinstance(value, int) and value < told else []

    def check_maximum(self, value, told, _, at):
        return [f"{at}: {value} > {told}"] if isinstance(value, int) and value > told else []

    def check_minLength(self, value, told, _, at):
        return [f"{at}: shorter than {told}"] if isinstance(value, str) and len(value) < told else []

    def check_maxLength(self, value, told, _, at):
        return [f"{at}: longer than {told}"] if isinstance(value, str) and len(value) > told else []

    def check_pattern(self, value, told, _, at):
        good = not isinstance(value, str) or re.search(told, value)
        return [] if good else [f"{at}: {value!r} does not match {told}"]

    # ---- answers --------------------------------------------------------------------------------

    def judge(self, key, status, content_type, body):
        """What is wrong with an answer to an operation, as texts. `body` has been parsed if it is JSON."""
        if status in ANY_TIME:
            content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        else:
            answer = self.operations[key]["responses"].get(str(status))
            if answer is None:
                return [f"{status} is not in the document: {body}"]
            content = self.follow(answer)["content"]
        if content_type not in content:
            return [f"{status} is {content_type} instead of {' or '.join(content)}"]
        found = self.complaints(body, content[content_type]["schema"])
        if status >= 400 and (content_type != PROBLEM or body.get("status") != status):
            found.append(f"{status} with a problem of {body}")
        return found

    # ---- bad requests ---------------------------------------------------------------------------

    def spoil(self, body, schema):
        """Bodies that are against the schema in one place each, and where."""
        schema = self.follow(schema)
        for name in schema.get("required", []):
            yield f"without {name}", {k: v for k, v in body.items() if k != name}
        for name, told in schema.get("properties", {}).items():
            for why, value in self.spoil_value(self.follow(told)):
                yield f"{name} {why}", {**body, name: value}

    @staticmethod
    def spoil_value(told):
        yield "is an object", {"$ne": 1}
        yield "is a list", [1]
        yield "is true", True
        if told["type"] == "string":
            yield "is a number", 1
            yield "has a line feed", "a\nb"
            yield "has U+007F", "a\x7fb"
        if told["type"] == "integer":
            yield "is a text", "1"
            yield "is a fraction", 1.5
            yield "is beyond 64 bits", 1 << 64
            yield "is enormous", (1 << 63) - 1
        if "enum" in told:
            yield "is none of them", "neither"
        if "minimum" in told:
            yield "is too small", told["minimum"] - 1
        if told.get("minLength", 0) > 0:
            yield "is empty", ""
        if "maxLength" in told:
            yield "is too long", "x" * (told["maxLength"] + 1)
