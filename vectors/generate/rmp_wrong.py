"""Bodies of the encoding `rmp` that the oracle files do not hold: right ones, odd ones, wrong ones."""

from __future__ import annotations

import re
from dataclasses import dataclass

from examples import BLOB, EXT, GROUP, edges, example
from messages import MESSAGES, Type, tree
from wire import Map, Raw, array_header, binary, pack, sized, text
from wrong_values import FLOAT64, INVALID_UTF8, RESERVED


@dataclass(frozen=True)
class Odd:
    """
    `what` begins with the name of the message, if it is about one. `error` None: rmp-serde takes it. `cuts`: every shorter
    beginning of the body, from one byte on, is meant.
    """

    what: str
    flags: list[str]
    error: str | None
    body: bytes
    cuts: bool = False

    @property
    def message(self) -> str | None:
        return message_in(self.what)


def message_in(what: str) -> str | None:
    """The message that a comment begins with."""
    word = re.match(r"[A-Za-z]*", what).group()
    return word if word in MESSAGES else None


RMP = [name for name, shape in MESSAGES.items() if shape.rmp]


def odd_bodies() -> list[Odd]:
    out: list[Odd] = []
    for name in RMP:
        out += _right(name)
        out += _wrong(name)
    out += _blobs()
    out += _names()
    return out


def _right(name: str) -> list[Odd]:
    items = tree(example(name), "rmp")
    out = [Odd(f"{name}: plain", [], None, pack(items))]
    out += [
        Odd(f"{name}: {what}", flags, None, pack(tree(message, "rmp")))
        for what, flags, message in edges(name)
        if "ext" not in message
    ]
    out += [
        Odd(
            f"{name}: every header and integer as wide as can be",
            ["IntegerWidth", "HeaderWidth"],
            None,
            pack(items, "wide"),
        ),
        Odd(f"{name}: integers as int64", ["SignedInteger"], None, pack(items, "signed")),
        Odd(f"{name}: the name as bin", [], None, pack([name.encode(), *items[1:]])),
        Odd(f"{name}: the index of its variant for the name", [], None, pack([RMP_INDEX[name], *items[1:]])),
        Odd(f"{name}: one zero byte after it", ["TrailingBytes"], None, pack(items) + b"\x00"),
        Odd(f"{name}: a map with its fields by name", [], None, pack(_as_map(name, items))),
    ]
    if name == "Push":
        uuid = "0f1e2d3c-4b5a-4968-8796-a5b4c3d2e1f0"
        out.append(Odd("Push: blob_id as a UUID in text", [], None, pack(["Push", uuid, *items[2:]])))
    if name == "Bye":
        out.append(Odd("Bye: no reason", [], None, pack(["Bye", None])))
    return out


RMP_INDEX = {
    "Hello": 0, "Welcome": 1, "Push": 2, "PushAck": 3, "Pull": 4, "PullResponse": 5, "Notify": 6, "Bye": 7, "ContentRef": 8, "ContentAck": 9,
}  # fmt: skip


def _as_map(name: str, items: list) -> Map:
    return Map([("type", name), *zip((field for field, _ in MESSAGES[name].fields), items[1:])])


def _wrong(name: str) -> list[Odd]:
    items = tree(example(name), "rmp")
    out = [
        Odd(f"{name}: cut after each byte", ["Truncated"], "truncated", pack(items), cuts=True),
        Odd(f"{name}: an extension map", ["Arity", "Extension"], "wrong-arity", pack([*items, Map([("x-1", 1)])])),
        Odd(f"{name}: an empty extension map", ["Arity", "Extension"], "wrong-arity", pack([*items, Map()])),
        Odd(f"{name}: one field too many", ["Arity"], "wrong-arity", pack([*items, 0])),
        Odd(f"{name}: one field too few", ["Arity"], "wrong-arity", pack(items[:-1])),
        Odd(f"{name}: the name in lower case", ["Name"], "unknown-message", pack([name.lower(), *items[1:]])),
        Odd(f"{name}: the name and a space", ["Name"], "unknown-message", pack([name + " ", *items[1:]])),
        Odd(
            f"{name}: a map from the name to the fields",
            ["NotAMessage"],
            "not-a-message",
            pack(Map([(name, items[1:])])),
        ),
        Odd(f"{name}: an array around it", ["NotAMessage"], "not-a-message", pack([items])),
        Odd(
            f"{name}: the byte c1 for its first field",
            ["ReservedByte"],
            "reserved-byte",
            pack([name, RESERVED, *items[2:]]),
        ),
        Odd(
            f"{name}: an ext for its first field",
            ["ExtType"],
            "wrong-type",
            pack([name, Raw(bytes.fromhex("d40100")), *items[2:]]),
        ),
    ]
    if MESSAGES[name].ext:
        with_ext = tree(example(name, ext=EXT[name]), "bin")
        out.append(
            Odd(
                f"{name}: with the extensions of bin",
                ["Arity", "Extension"],
                "wrong-arity",
                pack([*items, with_ext[-1]]),
            )
        )
    for index, (field, type_) in enumerate(MESSAGES[name].fields, 1):
        for what, flags, error, value in _values(type_, items[index]):
            out.append(Odd(f"{name}.{field}: {what}", flags, error, pack([*items[:index], value, *items[index + 1 :]])))
    return out


def _values(type_: Type, right) -> list[tuple[str, list[str], str, object]]:
    if type_.kind == "uint":
        wrong = [
            ("a string", ["OtherType"], "wrong-type", "1"),
            ("nil", ["OtherType"], "wrong-type", None),
            ("a float64 without a fraction", ["Float"], "wrong-type", FLOAT64),
            ("-1", ["Negative"], "out-of-range", Raw(b"\xff")),
        ]
        if type_.top < 2**64 - 1:
            wrong.append((str(type_.top + 1), ["TooLarge"], "out-of-range", type_.top + 1))
        return wrong
    if type_.kind == "bool":
        return [(f"{value}", ["IntegerForBool"], "wrong-type", value) for value in (0, 1)] + [
            ("nil", ["OtherType"], "wrong-type", None)
        ]
    if type_.kind == "str":
        wrong = [("an integer", ["OtherType"], "wrong-type", 0)]
        if not type_.nilable:
            wrong.append(("nil", ["OtherType"], "wrong-type", None))
        return wrong + [(what, ["Utf8"], "invalid-utf8", text(data)) for what, data in INVALID_UTF8[:12]]
    if type_.kind == "bytes" and not type_.array_in_rmp:
        return [
            ("an array of integers", ["ArrayForBytes"], "wrong-type", list(right)),
            ("nil", ["OtherType"], "wrong-type", None),
            ("15 bytes", ["Length"], "wrong-length", right[:-1]),
            ("17 bytes", ["Length"], "wrong-length", right + b"\x00"),
        ]
    if type_.kind == "bytes":
        wrong = [
            ("bin, as in the encoding bin", ["BytesForArray"], "wrong-type", bytes(right)),
            ("text", ["OtherType"], "wrong-type", "a" * len(right)),
            ("nil", ["OtherType"], "wrong-type", None),
            ("an element of 256", ["TooLarge"], "out-of-range", [256, *right[1:]]),
            ("an element of -1", ["Negative"], "out-of-range", [*right[:-1], Raw(b"\xff")]),
            ("an element that is a float", ["Float"], "wrong-type", [*right[:-1], FLOAT64]),
            ("an element that is nil", ["OtherType"], "wrong-type", [*right[:-1], None]),
            ("an element that is true", ["OtherType"], "wrong-type", [*right[:-1], True]),
            ("an element that is an array", ["OtherType"], "wrong-type", [*right[:-1], [1]]),
        ]
        if type_.length:
            wrong.append((f"{type_.length - 1} elements", ["Length"], "wrong-length", right[:-1]))
            wrong.append((f"{type_.length + 1} elements", ["Length"], "wrong-length", [*right, 0]))
            wrong.append(("no elements", ["Length"], "wrong-length", []))
        return wrong
    if type_.kind == "list":
        return [
            ("nil", ["OtherType"], "wrong-type", None),
            ("bytes", ["OtherType"], "wrong-type", b""),
            ("an element that is an integer", ["OtherType"], "wrong-type", [1]),
        ]
    raise ValueError(type_.kind)


def _blobs() -> list[Odd]:
    right = tree(example("PullResponse"), "rmp")[1][0]

    def page(blob: list | Map | Raw) -> bytes:
        return pack(["PullResponse", [blob], False, 42])

    out = [
        Odd(
            "PullResponse: a blob with a fifth element, as bin's sender",
            ["Arity", "Extension"],
            "wrong-arity",
            page([*right, Map([("sender", GROUP)])]),
        ),
        Odd("PullResponse: a blob with an empty map", ["Arity", "Extension"], "wrong-arity", page([*right, Map()])),
        Odd("PullResponse: a blob with a fifth element, an integer", ["Arity"], "wrong-arity", page([*right, 0])),
        Odd("PullResponse: a blob of three elements", ["Arity"], "wrong-arity", page(right[:3])),
        Odd("PullResponse: an empty blob", ["Arity"], "wrong-arity", page([])),
        Odd(
            "PullResponse: a blob's payload as bin",
            ["BytesForArray"],
            "wrong-type",
            page([*right[:2], b"\x01", right[3]]),
        ),
        Odd(
            "PullResponse: a blob's blob_id as an array",
            ["ArrayForBytes"],
            "wrong-type",
            page([list(BLOB), *right[1:]]),
        ),
        Odd("PullResponse: a blob's blob_id of 15 bytes", ["Length"], "wrong-length", page([BLOB[:15], *right[1:]])),
        Odd(
            "PullResponse: a blob's cursor -1", ["Negative"], "out-of-range", page([right[0], Raw(b"\xff"), *right[2:]])
        ),
        Odd("PullResponse: a blob's timestamp as a float", ["Float"], "wrong-type", page([*right[:3], FLOAT64])),
        Odd(
            "PullResponse: a blob's payload with an element of 256",
            ["TooLarge"],
            "out-of-range",
            page([*right[:2], [256], right[3]]),
        ),
        Odd(
            "PullResponse: the second of two blobs is too short",
            ["Arity"],
            "wrong-arity",
            pack(["PullResponse", [right, right[:3]], True, 42]),
        ),
    ]
    fields = ("blob_id", "cursor", "payload", "timestamp")
    out.append(Odd("PullResponse: a blob as a map", [], None, page(Map(list(zip(fields, right))))))
    lying = array_header(4) + text("PullResponse") + array_header(2**32 - 1, 4) + b"\xc2\x2a"
    out.append(Odd("PullResponse: blobs that claim 2^32-1 elements", ["LyingLength"], "truncated", lying))
    payload = array_header(4) + text("Push") + binary(BLOB) + array_header(2**16 - 1, 2) + b"\x01\x00"
    out.append(Odd("Push: a payload that claims 65,535 elements", ["LyingLength"], "truncated", payload))
    name = array_header(5) + text("Hello") + b"\x01\xdb\xff\xff\xff\xff" + b"Mara"
    out.append(Odd("Hello: a device_name that claims 2^32-1 bytes", ["LyingLength"], "truncated", name))
    return out


def _names() -> list[Odd]:
    out = []
    for name, shape in MESSAGES.items():
        if not shape.rmp:
            items = tree(example(name), "rmp")
            out.append(Odd(f"{name}, which only bin has", ["Name"], "unknown-message", pack(items)))
    for name in ("", "Ping", "PULL"):
        out.append(Odd(f"the name {name!r}", ["Name"], "unknown-message", pack([name, 1, 2])))
    for what, body in (
        ("nil", pack(None)), ("an integer", pack(1)), ("a string", pack("Bye")), ("bytes", pack(b"Bye")), ("an empty array", pack([])),
        ("an array that begins with nil", pack([None, 1])), ("an array that begins with an array", pack([["Bye"], None])),
        ("an array that begins with true", pack([True, None])), ("an empty map", pack(Map())),
    ):  # fmt: skip
        out.append(Odd(f"{what} instead of a message", ["NotAMessage"], "not-a-message", body))
    for name, value in (("int8", -1), ("int64", -(2**63))):
        out.append(
            Odd(
                f"Pull.after_cursor: {value} as {name}",
                ["Negative"],
                "out-of-range",
                pack(["Pull", Raw(sized(value, name)), 1]),
            )
        )
    return out
