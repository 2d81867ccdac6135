"""The JSON Schema of a vector file whose groups are tables of inputs and outputs."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

PARTS = "parts.schema.json#/$defs/"
WIDTH = 120

HEX = {"$ref": PARTS + "hex"}
BYTES = {"$ref": PARTS + "bytes"}
U64 = {"$ref": PARTS + "u64"}
COUNT = {"type": "integer", "minimum": 0}
TEXT = {"$ref": PARTS + "text"}


def fixed(length: int) -> dict:
    """Hex of so many bytes."""
    return {"type": "string", "pattern": f"^[0-9a-f]{{{2 * length}}}$"}


def nilable(schema: dict) -> dict:
    return {"oneOf": [schema, {"type": "null"}]}


def said(schema: dict, description: str) -> dict:
    return {"description": description, **schema}


def record(properties: dict) -> dict:
    return {
        "type": "object",
        "required": list(properties),
        "additionalProperties": False,
        "properties": properties,
    }


@dataclass
class Shape:
    """A type of group: fields of the group, inputs that every test has, outputs of those that are not invalid."""

    inputs: dict
    outputs: dict
    errors: list[str]
    group: dict = field(default_factory=dict)
    optional: dict = field(default_factory=dict)
    acceptable: bool = False
    description: str = ""


def schema_of(
    name: str, title: str, algorithm: str, shapes: dict[str, Shape], more: dict | None = None
) -> Callable[[], str]:
    groups = [{"$ref": f"#/$defs/{type_}"} for type_ in shapes]
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{name}.schema.json",
        "title": title,
        "type": "object",
        "required": ["algorithm", "schema", "generator", "notes", "numberOfTests", "testGroups"],
        "additionalProperties": False,
        "properties": {
            "algorithm": {"const": algorithm},
            "schema": {"const": f"schemas/{name}.schema.json"},
            "generator": {"type": "string", "pattern": "^vectors/generate/[a-z_]+\\.py$"},
            "notes": {"$ref": PARTS + "notes"},
            "numberOfTests": {"type": "integer", "minimum": 1},
            "testGroups": {
                "type": "array",
                "minItems": 1,
                "items": groups[0] if len(groups) == 1 else {"oneOf": groups},
            },
        },
        "$defs": {type_: _group(type_, shape) for type_, shape in shapes.items()} | (more or {}),
    }
    return lambda: in_lines(schema, 0) + "\n"


def _group(type_: str, shape: Shape) -> dict:
    results = [_test(shape, "valid")]
    if shape.errors:
        results.append(_test(shape, "invalid"))
    if shape.acceptable:
        results.append(_test(shape, "acceptable"))
    properties = {
        "type": {"const": type_},
        "source": {"$ref": PARTS + "source"},
        **shape.group,
        "tests": {
            "type": "array",
            "minItems": 1,
            "items": results[0] if len(results) == 1 else {"oneOf": results},
        },
    }
    return ({"description": shape.description} if shape.description else {}) | record(properties)


def _test(shape: Shape, result: str) -> dict:
    names = ("tcId", "comment", "flags", "requirements")
    required = {name: {"$ref": PARTS + name} for name in names} | shape.inputs
    if result != "invalid":
        required |= shape.outputs
    required["result"] = {"const": result}
    properties = dict(required) | shape.optional
    if result == "invalid":
        required["error"] = properties["error"] = {"enum": shape.errors}
        properties["otherErrors"] = {
            "description": "Other classes that are as right.",
            "type": "array",
            "minItems": 1,
            "items": {"enum": shape.errors},
        }
    return record(properties) | {"required": list(required)}


def in_lines(value, depth: int, before: int = 0) -> str:
    """JSON as the project's formatter leaves it: arrays of plain values stay on one line where they fit."""
    inner = "  " * (depth + 1)
    if isinstance(value, dict) and value:
        rows = []
        for key, item in value.items():
            start = f"{inner}{json.dumps(key)}: "
            rows.append(start + in_lines(item, depth + 1, len(start)))
        return "{\n" + ",\n".join(rows) + "\n" + "  " * depth + "}"
    if isinstance(value, list) and value:
        line = json.dumps(value, ensure_ascii=False)
        plain = not any(isinstance(item, (dict, list)) for item in value)
        if plain and before + len(line) + 1 <= WIDTH:
            return line
        rows = [inner + in_lines(item, depth + 1, len(inner)) for item in value]
        return "[\n" + ",\n".join(rows) + "\n" + "  " * depth + "]"
    return json.dumps(value, ensure_ascii=False)
