"""The schema of session-dialogues.json: messages as in message.schema.json, with wildcards where values differ."""

from __future__ import annotations

from dialogue import ERRORS
from file_schema import HEX, U64, Shape, record, said, schema_of
from message_schema import value_schema
from messages import MESSAGES, Type

ALGORITHM = "0k-Sync session"
TYPE = "Dialogue"
NAME = {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9]*$"}
PROOFS = ["valid", "other-key", "other-device", "other-group", "changed"]

WILDCARDS = {
    "Sent": {
        "description": "A value that is made for the run.",
        "oneOf": [
            said(record({"group": NAME}), "The id of the proven group of this name, made of a secret of the run."),
            said(record({"openGroup": NAME}), "32 random bytes, the same for the same name in one run."),
            said(record({"deviceId": NAME}), "The DeviceId of the device of this name."),
            said(record({"saved": NAME}), "The value that was saved under this name."),
            said(record({"proof": {"enum": PROOFS}}), "See the README."),
        ],
    },
    "Expected": {
        "description": "What an expected value must be, where that is not one value.",
        "oneOf": [
            said(record({"any": {"const": True}}), "Anything of the right type."),
            said(record({"time": {"const": True}}), "Unix seconds, within an hour of the runner's clock."),
            said(record({"save": NAME}), "Anything, kept under this name."),
            said(record({"saved": NAME}), "The value that was saved under this name."),
            said(record({"otherThan": NAME}), "Another value than the one saved under this name."),
            said(record({"deviceId": NAME}), "The DeviceId of the device of this name."),
        ],
    },
}


def _ref(name: str) -> dict:
    return {"$ref": f"#/$defs/{name}"}


def _field(type_: Type, wildcard: str) -> dict:
    if type_.kind == "list":
        return {"type": "array", "items": _field(type_.of, wildcard)}
    if type_.kind == "tuple" and wildcard == "Expected":
        return _fields(dict(type_.fields), type_.ext, wildcard)
    return {"anyOf": [value_schema(type_), _ref(wildcard)]}


def _fields(fields: dict, ext: tuple | None, wildcard: str, first: dict | None = None) -> dict:
    out = record((first or {}) | {name: _field(type_, wildcard) for name, type_ in fields.items()})
    if ext:
        properties = {key: _field(type_, wildcard) for key, type_ in ext}
        inner = {"type": "object", "minProperties": 1, "additionalProperties": False, "properties": properties}
        out["properties"] = out["properties"] | {"ext": inner}
    return out


def _messages(wildcard: str) -> dict:
    shapes = [
        _fields(dict(shape.fields), shape.ext, wildcard, {"type": {"const": name}}) for name, shape in MESSAGES.items()
    ]
    return {"oneOf": shapes}


CONNECTION = {"connection": said(NAME, "Which of the connections.")}
BLOBS = next(type_ for name, type_ in MESSAGES["PullResponse"].fields if name == "blobs")

STEP = {
    "oneOf": [
        said(record(CONNECTION | {"open": record({"device": NAME})}), "Connect as this device, handshake included."),
        said(
            record(CONNECTION | {"send": {"type": "array", "minItems": 1, "items": _ref("SentMessage")}}),
            "Send these without waiting in between, in one Noise message if they fit.",
        ),
        said(record(CONNECTION | {"sendBody": HEX}), "Send one frame with this body."),
        said(record(CONNECTION | {"expect": _ref("ExpectedMessage")}), "The next message on this connection."),
        said(
            record(
                CONNECTION
                | {
                    "pullAll": record({"after_cursor": U64, "limit": {"type": "integer", "minimum": 0}}),
                    "expectBlobs": _field(BLOBS, "Expected"),
                }
            ),
            "Pull, and again after max_cursor while has_more is true: the blobs of all pages in order.",
        ),
        said(
            record(CONNECTION | {"expectClose": {"type": "integer"}}),
            "The relay closes with this code, no frame before.",
        ),
    ]
}

schema = schema_of(
    "session-dialogues",
    "Vectors of sessions",
    ALGORITHM,
    {
        TYPE: Shape(
            inputs={
                "refusals": said(
                    {"type": "array", "items": {"enum": list(ERRORS)}}, "The Errors that are expected, in order."
                ),
                "steps": {"type": "array", "minItems": 1, "items": _ref("Step")},
            },
            outputs={},
            errors=[],
        )
    },
    {
        "Step": STEP,
        "SentMessage": _messages("Sent"),
        "ExpectedMessage": _messages("Expected"),
        **WILDCARDS,
    },
)
