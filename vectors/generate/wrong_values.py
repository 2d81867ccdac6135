"""Wrong values for each type of field: what, flags, error class, value."""

from __future__ import annotations

from examples import GROUP
from messages import REVOKE_REASON, Type
from wire import Map, Raw, sized, text

INVALID_UTF8 = (
    ("a continuation byte alone", b"\x80"),
    ("overlong NUL in two bytes", b"\xc0\x80"),
    ("overlong slash in two bytes", b"\xc0\xaf"),
    ("overlong U+007F in two bytes", b"\xc1\xbf"),
    ("overlong U+07FF in three bytes", b"\xe0\x9f\xbf"),
    ("overlong U+FFFF in four bytes", b"\xf0\x8f\xbf\xbf"),
    ("the first surrogate", b"\xed\xa0\x80"),
    ("the last surrogate", b"\xed\xbf\xbf"),
    ("a surrogate pair, each in three bytes", b"\xed\xa0\xbd\xed\xb1\x8d"),
    ("U+110000", b"\xf4\x90\x80\x80"),
    ("a lead byte f5", b"\xf5\x80\x80\x80"),
    ("a five-byte sequence", b"\xf8\x88\x80\x80\x80"),
    ("a six-byte sequence", b"\xfc\x84\x80\x80\x80\x80"),
    ("the byte fe", b"\xfe"),
    ("the byte ff", b"\xff"),
    ("a two-byte character cut after one", b"a\xc3"),
    ("a three-byte character cut after two", b"a\xe2\x82"),
    ("a four-byte character cut after three", b"a\xf0\x9f\x98"),
    ("a lead byte followed by ASCII", b"\xc3("),
    ("a three-byte character with ASCII in the middle", b"\xe2(\xa1"),
    ("Latin-1", "Zoë".encode("latin-1")),
    ("a wrong byte after 40 right ones", b"n" * 40 + b"\xff"),
    ("a wrong byte after 300 right ones", b"n" * 300 + b"\x80"),
)

FLOAT32 = Raw(bytes.fromhex("ca3f800000"))
FLOAT64 = Raw(bytes.fromhex("cb3ff0000000000000"))
FIXEXT = Raw(bytes.fromhex("d40100"))
TIMESTAMP = Raw(bytes.fromhex("d6ff00000000"))
RESERVED = Raw(b"\xc1")


def wrong_values(type_: Type, right, thorough: bool) -> list[tuple[str, list[str], str, object]]:
    """(what, flags, error, value) for one place of this type."""
    wrong: list[tuple[str, list[str], str, object]] = []

    def kind(what: str, value, flag: str = "OtherType") -> None:
        wrong.append((what, [flag], "wrong-type", value))

    if type_.kind == "uint":
        kind("a string of digits", "1")
        kind("nil", None)
        kind("a float64 without a fraction", FLOAT64, "Float")
        wrong.append(("-1", ["Negative"], "out-of-range", Raw(b"\xff")))
        if type_.top < 2**64 - 1:
            flag = "RevokeReason" if type_ is REVOKE_REASON else "TooLarge"
            wrong.append((f"{type_.top + 1}", [flag], "out-of-range", type_.top + 1))
            wrong.append((f"{2**64 - 1}", [flag], "out-of-range", 2**64 - 1))
        else:
            wrong.append(("-2^63", ["Negative"], "out-of-range", Raw(sized(-(2**63), "int64"))))
        if thorough:
            kind("true", True)
            kind("a float32", FLOAT32, "Float")
            kind("a float64 with a fraction", Raw(bytes.fromhex("cb3ff8000000000000")), "Float")
            kind("a float64 NaN", Raw(bytes.fromhex("cb7ff8000000000000")), "Float")
            kind("a float64 -0.0", Raw(bytes.fromhex("cb8000000000000000")), "Float")
            kind("bytes", b"\x01")
            kind("an array of one integer", [1])
            kind("a map", Map())
            kind("an ext of eight bytes", Raw(bytes.fromhex("d701") + (1).to_bytes(8, "big")), "ExtType")
            kind("a timestamp", TIMESTAMP, "ExtType")
            wrong.append(("-32 as a fixint", ["Negative"], "out-of-range", Raw(b"\xe0")))
            for form, value in (
                ("int8", -1),
                ("int8", -128),
                ("int16", -1),
                ("int32", -1),
                ("int64", -1),
                ("int32", -(2**31)),
            ):
                wrong.append((f"{value} as {form}", ["Negative"], "out-of-range", Raw(sized(value, form))))
            wrong.append(("the byte c1", ["ReservedByte"], "reserved-byte", RESERVED))
    elif type_.kind == "bool":
        kind("0", 0, "IntegerForBool")
        kind("1", 1, "IntegerForBool")
        kind("nil", None)
        if thorough:
            kind("a string", "true")
            kind("a float", FLOAT64, "Float")
            kind("an empty array", [])
            wrong.append(("the byte c1", ["ReservedByte"], "reserved-byte", RESERVED))
    elif type_.kind == "str":
        kind("bytes", (right or "").encode(), "BytesForString")
        kind("an integer", 0)
        if not type_.nilable:
            kind("nil", None)
        wrong.append(("not UTF-8", ["Utf8"], "invalid-utf8", text(b"a\xff")))
        if type_.longest:
            wrong.append(
                (f"{type_.longest + 1} bytes", ["Length", "RelayName"], "wrong-length", "r" * (type_.longest + 1))
            )
            wrong.append(("300 bytes", ["Length", "RelayName"], "wrong-length", "r" * 300))
        if thorough:
            kind("true", True)
            kind("an array of strings", ["a"])
            kind("a map", Map())
            kind("an ext", FIXEXT, "ExtType")
            wrong.append(("the byte c1", ["ReservedByte"], "reserved-byte", RESERVED))
            wrong += [(what, ["Utf8"], "invalid-utf8", text(data)) for what, data in INVALID_UTF8]
    elif type_.kind == "bytes":
        kind("text of the same length", text(b"a" * len(right)), "StringForBytes")
        kind("nil", None)
        kind("an array of integers, as in rmp", list(right), "ArrayForBytes")
        if type_.length:
            for length in (type_.length - 1, type_.length + 1):
                wrong.append((f"{length} bytes", ["Length"], "wrong-length", (right + b"\x00")[:length]))
            wrong.append(("no bytes", ["Length"], "wrong-length", b""))
        if thorough:
            kind("an integer", 0)
            kind("an empty string", "", "StringForBytes")
            kind("an empty array", [], "ArrayForBytes")
            kind("a map", Map())
            kind("an ext8 of the same bytes", Raw(bytes([0xC7, len(right), 1]) + right), "ExtType")
            wrong.append(("the byte c1", ["ReservedByte"], "reserved-byte", RESERVED))
    elif type_.kind == "list":
        kind("nil", None)
        kind("a map", Map())
        kind("bytes", b"")
        item = right[0] if right else "cap"
        for what, flags, error, value in wrong_values(type_.of, item, False):
            wrong.append((f"first element: {what}", flags, error, [value]))
    elif type_.kind == "map":
        kind("nil", None)
        kind("an array of pairs", [["max_ttl", 1]])
        kind("a key that is an integer", Map([(1, 1)]), "KeyType")
        kind("a key that is bytes", Map([(b"max_ttl", 1)]), "KeyType")
        wrong.append(("a key that is not UTF-8", ["Utf8"], "invalid-utf8", Map([(text(b"\xff"), 1)])))
        wrong.append(("one key twice", ["DuplicateKey"], "duplicate-key", Map([("a", 1), ("b", 2), ("a", 1)])))
        wrong.append(
            (
                "__proto__ twice",
                ["DuplicateKey", "ObjectNames"],
                "duplicate-key",
                Map([("__proto__", 1), ("__proto__", 2)]),
            )
        )
        wrong.append(
            (
                f"{type_.keys + 1} keys",
                ["TooManyKeys", "LimitsMap"],
                "too-many-keys",
                Map([(f"l{i:02}", i) for i in range(type_.keys + 1)]),
            )
        )
        for what, flags, error, value in wrong_values(type_.of, 1, False):
            wrong.append((f"a value that is {what}", flags, error, Map([("max_ttl", value)])))
    elif type_.kind == "tuple":
        kind("nil", None)
        kind("a map", Map())
        whole = _tuple(type_, right)
        wrong.append(("no elements", ["Arity"], "wrong-arity", []))
        wrong.append(("one element too few", ["Arity"], "wrong-arity", whole[:-1]))
        if type_.ext is None:
            wrong.append(("one element too many", ["Arity"], "wrong-arity", [*whole, 0]))
            wrong.append(("an extension map of its own", ["Arity"], "wrong-arity", [*whole, Map()]))
        else:
            wrong.append(("an integer where its extension map stands", ["KeyType"], "wrong-type", [*whole, 0]))
            wrong.append(("two extension maps", ["Arity"], "wrong-arity", [*whole, Map(), Map()]))
            for key, inner in type_.ext:
                for what, flags, error, value in wrong_values(inner, GROUP, False):
                    wrong.append((f"ext {key}: {what}", [*flags, "Extension"], error, [*whole, Map([(key, value)])]))
        for index, (field, inner) in enumerate(type_.fields):
            for what, flags, error, value in wrong_values(inner, right[field], False):
                wrong.append((f"{field}: {what}", flags, error, [*whole[:index], value, *whole[index + 1 :]]))
    return wrong


def _tuple(type_: Type, right: dict) -> list:
    return [right[field] for field, _ in type_.fields]
