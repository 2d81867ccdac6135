"""Right messages in forms that a writer never chooses but a reader must take."""

from __future__ import annotations

from examples import BLOB, EPOCH, EXT, GROUP, PLAIN, example, octets
from messages import MESSAGES, tree
from wire import Map, Raw, array_header, binary, map_header, pack, sized, text


def other_forms(name: str) -> list[tuple[str, list[str], dict, bytes]]:
    """(what, flags, message, body)."""
    out = []
    plain = example(name)
    items = tree(plain)
    fields = MESSAGES[name].fields

    out.append(("an empty extension map", ["EmptyMap"], plain, pack([*items, Map()])))
    out.append(
        ("every header and integer as wide as can be", ["IntegerWidth", "HeaderWidth"], plain, pack(items, "wide"))
    )
    if any(type_.kind == "uint" for _, type_ in fields):
        out.append(("integers as int64", ["SignedInteger"], plain, pack(items, "signed")))
    out.append(
        ("the array as array16", ["HeaderWidth"], plain, array_header(len(items), 2) + b"".join(map(pack, items)))
    )
    out.append(("the name as str8", ["HeaderWidth"], plain, pack([text(name, 1), *items[1:]])))
    out.append(("an unknown key and nothing else", ["UnknownKey"], plain, pack([*items, Map([("x-7d1f", 1)])])))
    if name in EXT:
        out += _extensions(name)
    special = {
        "Hello": _hello,
        "Welcome": _welcome,
        "Pull": _pull,
        "Push": _push,
        "PullResponse": _pull_response,
        "Bye": _bye,
        "Error": _error,
        "Ok": _ok,
    }
    if name in special:
        out += special[name]()
    return out


def _extensions(name: str) -> list:
    """Known keys in other orders and widths, and between unknown ones."""
    message = example(name, ext=EXT[name])
    items = tree(message)
    pairs = list(items[-1])
    out = [
        (
            "the extension map as wide as can be",
            ["IntegerWidth", "HeaderWidth", "Extension"],
            message,
            pack(items, "wide"),
        )
    ]
    if len(pairs) > 1:
        out.append(
            (
                "extension keys in reverse order",
                ["KeyOrder", "Extension"],
                message,
                pack([*items[:-1], Map(reversed(pairs))]),
            )
        )
    mixed = [("x-0", None), *pairs, ("x-1", Map([("a", [1])]))]
    out.append(
        ("known keys between unknown ones", ["UnknownKey", "Extension"], message, pack([*items[:-1], Map(mixed)]))
    )
    return out


def _nested(depth: int, kind: str) -> Raw:
    opener = {"array": "91", "map": "81a16b", "mixed": ""}[kind]
    if kind == "mixed":
        return Raw(bytes.fromhex("".join("91" if level % 2 else "81a16b" for level in range(depth))) + b"\x2a")
    return Raw(bytes.fromhex(opener * depth) + b"\x2a")


def _unknown_values() -> list[tuple[str, list[str], Raw | Map | list | int | str | bytes | None]]:
    return [
        ("nil", [], None),
        ("true", [], True),
        ("2^64-1", [], 2**64 - 1),
        ("-1", [], Raw(b"\xff")),
        ("-2^63", [], Raw(sized(-(2**63), "int64"))),
        ("a float32 NaN", [], Raw(bytes.fromhex("ca7fc00000"))),
        ("a float64", [], Raw(bytes.fromhex("cb3ff8000000000000"))),
        ("300 bytes", [], octets("unknown value", 300)),
        ("a string that is not UTF-8", [], text(b"\xff\xfe")),
        ("a string that holds a lone surrogate", [], text(b"\xed\xa0\x80")),
        ("an ext of one byte", [], Raw(bytes.fromhex("d40507"))),
        ("an ext8 of three bytes", [], Raw(bytes.fromhex("c70305010203"))),
        ("an ext16 of no bytes", [], Raw(bytes.fromhex("c8000005"))),
        ("an ext32 of two bytes", [], Raw(bytes.fromhex("c900000002050102"))),
        ("a fixext16", [], Raw(bytes.fromhex("d805") + bytes(16))),
        ("a map with one key twice", [], Map([("k", 1), ("k", 2)])),
        (
            "a map whose keys are integers, nil and floats",
            [],
            Map([(1, 2), (None, 3), (Raw(bytes.fromhex("cb3ff8000000000000")), 4)]),
        ),
        ("a map whose key is an array", [], Map([([1, 2], 3)])),
        ("a map of twenty keys: the limit of 16 is the extension map's", [], Map([(f"k{i}", i) for i in range(20)])),
        ("an array of a thousand", [], [0] * 1000),
        ("array32 with one element", ["HeaderWidth"], Raw(array_header(1, 4) + b"\x01")),
        ("map32 with one key", ["HeaderWidth"], Raw(map_header(1, 4) + b"\x01\x02")),
        ("four nested arrays", ["Boundary"], _nested(4, "array")),
        ("four nested maps", ["Boundary"], _nested(4, "map")),
        ("arrays and maps, four deep", ["Boundary"], _nested(4, "mixed")),
        ("four empty arrays in each other", ["Boundary"], Raw(bytes.fromhex("91919190"))),
        ("many containers side by side, none deeper than two", ["Boundary"], [[] for _ in range(40)]),
        ("four deep twice, one after the other", ["Boundary"], Raw(bytes.fromhex("92" + "919190" * 2))),
    ]


def _hello() -> list:
    plain = example("Hello")
    items = tree(plain)
    out = []
    for what, flags, value in _unknown_values():
        out.append(
            (
                f"an unknown key whose value is {what}",
                ["UnknownKey", "SkippedValue", *flags],
                plain,
                pack([*items, Map([("x-5b", value)])]),
            )
        )
    for what, key in (
        ("empty", ""),
        ("not ASCII", "x-é"),
        ("of 31 bytes", "k" * 31),
        ("of 32 bytes", "k" * 32),
        ("of 300 bytes", "k" * 300),
        ("a known one in other case", "Epoch"),
        ("a known one with a space", "epoch "),
        ("a key of another message", "retry_after_ms"),
    ):
        out.append((f"an unknown key that is {what}", ["UnknownKey"], plain, pack([*items, Map([(key, 1)])])))
    for key in ("__proto__", "constructor", "toString", "length"):
        out.append(
            (
                f"the unknown key {key}",
                ["UnknownKey", "ObjectNames"],
                plain,
                pack([*items, Map([(key, Map([("epoch", 1)]))])]),
            )
        )
    out.append(
        ("the unknown key sender, which only a blob knows", ["UnknownKey"], plain, pack([*items, Map([("sender", 1)])]))
    )
    same = Map([("\u00e9", 1), ("e\u0301", 2)])
    out.append(("two keys that differ only in normalisation", ["UnknownKey"], plain, pack([*items, same])))
    out.append(
        (
            "sixteen unknown keys",
            ["UnknownKey", "SixteenKeys"],
            plain,
            pack([*items, Map([(f"x-{i}", i) for i in range(16)])]),
        )
    )
    known = example("Hello", ext={"epoch": EPOCH, "last_blob": BLOB})
    pairs = [("epoch", EPOCH), *((f"x-{i}", i) for i in range(14)), ("last_blob", BLOB)]
    out.append(
        (
            "two known and fourteen unknown keys",
            ["UnknownKey", "SixteenKeys", "Extension"],
            known,
            pack([*items, Map(pairs)]),
        )
    )
    fifteen = [(f"x-{i:02}", i) for i in range(15)]
    out.append(
        (
            "an extension map of 15 keys as map32",
            ["UnknownKey", "HeaderWidth"],
            plain,
            pack([*items, Raw(map_header(15, 4) + pack(Map(fifteen))[1:])]),
        )
    )
    key8 = Raw(map_header(1) + text("epoch", 1) + binary(EPOCH, 2))
    out.append(
        (
            "a known key as str8, its value as bin16",
            ["HeaderWidth", "Extension"],
            example("Hello", ext={"epoch": EPOCH}),
            pack([*items, key8]),
        )
    )
    for width in (1, 2, 4):
        out.append(
            (
                f"device_name as str{width * 8}",
                ["HeaderWidth"],
                plain,
                pack([*items[:2], text(plain["device_name"], width), *items[3:]]),
            )
        )
    for width in (2, 4):
        out.append(
            (
                f"group_id as bin{width * 8}",
                ["HeaderWidth"],
                plain,
                pack([*items[:3], binary(GROUP, width), *items[4:]]),
            )
        )
    return out


def _welcome() -> list:
    message = example("Welcome", ext={"limits": {"a": 1, "b": 2, "c": 3}})
    items = tree(message)
    limits = Map([("c", Raw(sized(3, "int16"))), ("a", Raw(sized(1, "uint64"))), ("b", 2)])
    out = [
        (
            "limits in another order, with wider integers",
            ["KeyOrder", "IntegerWidth", "SignedInteger", "Extension"],
            message,
            pack([*items[:-1], Map([("limits", limits)])]),
        )
    ]
    caps = example("Welcome", ext={"caps": ["a"]})
    wide = Raw(array_header(1, 4) + text("a", 2))
    out.append(
        (
            "caps as array32 of a str16",
            ["HeaderWidth", "Extension"],
            caps,
            pack([*tree(caps)[:-1], Map([("caps", wide)])]),
        )
    )
    return out


def _pull() -> list:
    """Every width of both fields, alone."""
    out = []
    for kind in ("uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64"):
        flag = "SignedInteger" if kind.startswith("int") else "IntegerWidth"
        message = example("Pull", after_cursor=7, limit=9)
        out.append((f"after_cursor 7 as {kind}", [flag], message, pack(["Pull", Raw(sized(7, kind)), 9])))
        out.append((f"limit 9 as {kind}", [flag], message, pack(["Pull", 7, Raw(sized(9, kind))])))
    for kind, top in (("int8", 2**7 - 1), ("int16", 2**15 - 1), ("int32", 2**31 - 1), ("int64", 2**63 - 1)):
        out.append(
            (
                f"after_cursor {top} as {kind}",
                ["SignedInteger", "Boundary"],
                example("Pull", after_cursor=top),
                pack(["Pull", Raw(sized(top, kind)), 100]),
            )
        )
    out.append(
        (
            "after_cursor 0 as int64",
            ["SignedInteger"],
            example("Pull", after_cursor=0),
            pack(["Pull", Raw(sized(0, "int64")), 100]),
        )
    )
    out.append(
        (
            "the largest limit as uint64",
            ["IntegerWidth", "Boundary"],
            example("Pull", limit=2**32 - 1),
            pack(["Pull", 41, Raw(sized(2**32 - 1, "uint64"))]),
        )
    )
    out.append(
        (
            "the array as array32",
            ["HeaderWidth"],
            example("Pull"),
            array_header(3, 4) + b"".join(map(pack, tree(example("Pull")))),
        )
    )
    for width in (2, 4):
        out.append(
            (f"the name as str{width * 8}", ["HeaderWidth"], example("Pull"), pack([text("Pull", width), 41, 100]))
        )
    return out


def _push() -> list:
    message = example("Push", payload=b"")
    out = [
        (
            f"an empty payload as bin{width * 8}",
            ["HeaderWidth"],
            message,
            pack(["Push", BLOB, binary(b"", width), 86400]),
        )
        for width in (2, 4)
    ]
    for width in (2, 4):
        out.append(
            (f"blob_id as bin{width * 8}", ["HeaderWidth"], message, pack(["Push", binary(BLOB, width), b"", 86400]))
        )
    unknown = Map([("epoch", 5), ("digest", "no")])
    out.append(
        (
            "keys that other messages know, with other types",
            ["UnknownKey"],
            message,
            pack(["Push", BLOB, b"", 86400, unknown]),
        )
    )
    return out


def _pull_response() -> list:
    plain = example("PullResponse")
    blob = PLAIN["PullResponse"]["blobs"][0]
    items = tree(plain)
    bare = items[1][0]
    out = [
        (
            "a blob with an empty map",
            ["EmptyMap", "Extension"],
            plain,
            pack(["PullResponse", [[*bare, Map()]], False, 42]),
        ),
        (
            "a blob with an unknown key",
            ["UnknownKey"],
            plain,
            pack(["PullResponse", [[*bare, Map([("x-1", [[[[1]]]])])]], False, 42]),
        ),
        (
            "a blob with a key of the message's own map",
            ["UnknownKey"],
            plain,
            pack(["PullResponse", [[*bare, Map([("damaged", 1)])]], False, 42]),
        ),
        ("the message with a key of a blob's map", ["UnknownKey"], plain, pack([*items, Map([("sender", 1)])])),
        (
            "the list as array32, the blob as array16",
            ["HeaderWidth"],
            plain,
            pack(["PullResponse", Raw(array_header(1, 4) + array_header(4, 2) + b"".join(map(pack, bare))), False, 42]),
        ),
    ]
    sender = example("PullResponse", blobs=[{**blob, "ext": {"sender": GROUP}}])
    pairs = Map([("x-0", Map()), ("sender", GROUP), ("x-1", 1)])
    out.append(
        (
            "a sender between unknown keys",
            ["UnknownKey", "Extension"],
            sender,
            pack(["PullResponse", [[*bare, pairs]], False, 42]),
        )
    )
    pairs = Map([("sender", GROUP), *((f"x-{i}", i) for i in range(15))])
    out.append(
        (
            "a blob's map of sixteen keys",
            ["UnknownKey", "SixteenKeys", "Extension"],
            sender,
            pack(["PullResponse", [[*bare, pairs]], False, 42]),
        )
    )
    return out


def _bye() -> list:
    return [("a reason as str32", ["HeaderWidth"], example("Bye"), pack(["Bye", text("closing", 4)]))]


def _error() -> list:
    message = example("Error", ext={"retry_after_ms": 1500})
    long = Map([("retry_after_ms", Raw(sized(1500, "int32")))])
    return [
        (
            "retry_after_ms as int32",
            ["SignedInteger", "Extension"],
            message,
            pack(["Error", 1007, "blob not found", long]),
        )
    ]


def _ok() -> list:
    return [("the array as array32", ["HeaderWidth"], example("Ok"), array_header(1, 4) + text("Ok"))]
