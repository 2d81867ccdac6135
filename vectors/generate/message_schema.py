"""schemas/message.schema.json: how a message is shown in the vectors, from the table in messages.py."""

from __future__ import annotations

from file_schema import PARTS, in_lines
from messages import MESSAGES, Type


def build() -> str:
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "message.schema.json",
        "title": "A message as vectors show it",
        "description": "Bytes as hex, u64 as decimal strings, all other integers as numbers. Text and bytes too long to "
        "print are a piece and how often it is repeated.",
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in MESSAGES],
        "$defs": {name: _message(name) for name in MESSAGES},
    }
    return in_lines(schema, 0) + "\n"


def _message(name: str) -> dict:
    shape = MESSAGES[name]
    properties = {"type": {"const": name}, **{field: value_schema(type_) for field, type_ in shape.fields}}
    required = list(properties)
    if shape.ext:
        properties["ext"] = _ext(shape.ext)
    return {"type": "object", "required": required, "additionalProperties": False, "properties": properties}


def _ext(known: tuple[tuple[str, Type], ...]) -> dict:
    properties = {key: value_schema(type_) for key, type_ in known}
    return {"type": "object", "minProperties": 1, "additionalProperties": False, "properties": properties}


def value_schema(type_: Type) -> dict:
    if type_.kind == "uint":
        return {"$ref": PARTS + "u64"} if type_.top > 2**53 else {"type": "integer", "minimum": 0, "maximum": type_.top}
    if type_.kind == "bool":
        return {"type": "boolean"}
    if type_.kind == "str":
        return {"$ref": PARTS + ("textOrNull" if type_.nilable else "text")}
    if type_.kind == "bytes":
        if type_.length is None:
            return {"$ref": PARTS + "longHex"}
        return {"type": "string", "pattern": f"^[0-9a-f]{{{2 * type_.length}}}$"}
    if type_.kind == "list":
        return {"type": "array", "items": value_schema(type_.of)}
    if type_.kind == "map":
        return {"type": "object", "maxProperties": type_.keys, "additionalProperties": value_schema(type_.of)}
    properties = {field: value_schema(inner) for field, inner in type_.fields}
    required = list(properties)
    if type_.ext is not None:
        properties["ext"] = _ext(type_.ext)
    return {"type": "object", "required": required, "additionalProperties": False, "properties": properties}
