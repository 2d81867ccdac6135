"""Wrong messages: each a right one with exactly one thing wrong, and the error class that a strict reader gives."""

from __future__ import annotations

from examples import BLOB, EPOCH, EXT, GROUP, PLAIN, example
from messages import MESSAGES, tree
from wire import Map, Raw, array_header, binary, map_header, pack, sized, text
from wrong_values import FIXEXT, FLOAT64, RESERVED, TIMESTAMP, wrong_values

Wrong = tuple[str, list[str], str, bytes, dict]


def wrong_messages(name: str) -> list[Wrong]:
    """Wrong inputs that begin as this message."""
    items = tree(example(name, ext=EXT.get(name)))
    bare = tree(example(name))
    out: list[Wrong] = []
    out += _whole(name, bare, items)
    for index, (field, type_) in enumerate(MESSAGES[name].fields, 1):
        thorough = (name, field) in {
            ("Pull", "after_cursor"),
            ("Hello", "device_name"),
            ("Push", "payload"),
            ("Delete", "force"),
        }
        for what, flags, error, value in wrong_values(type_, PLAIN[name][field], thorough):
            out.append((f"{field}: {what}", flags, error, pack([*bare[:index], value, *bare[index + 1 :]]), {}))
    for key, type_ in MESSAGES[name].ext:
        for what, flags, error, value in wrong_values(type_, EXT[name][key], False):
            out.append((f"ext {key}: {what}", [*flags, "Extension"], error, pack([*bare, Map([(key, value)])]), {}))
    special = {
        "Hello": _hello,
        "PullResponse": _pull_response,
        "Error": _error,
        "Welcome": _welcome,
        "Push": _push,
        "Bye": _bye,
    }
    if name in special:
        out += special[name](bare)
    return out


def _whole(name: str, bare: list, items: list) -> list[Wrong]:
    """Cut, followed by something, or with another number of elements."""
    out: list[Wrong] = [
        ("cut after each byte", ["Truncated"], "truncated", pack(bare), {"cuts": "all"}),
        ("one zero byte after it", ["TrailingBytes"], "trailing-bytes", pack(bare) + b"\x00", {}),
        ("itself once more after it", ["TrailingBytes"], "trailing-bytes", pack(bare) * 2, {}),
        (
            "an extension map after the end of the array",
            ["TrailingBytes"],
            "trailing-bytes",
            pack(bare) + pack(Map([("x-1", 1)])),
            {},
        ),
        ("two extension maps", ["Arity"], "wrong-arity", pack([*bare, Map([("x-1", 1)]), Map([("x-2", 2)])]), {}),
        ("an integer where the extension map stands", ["KeyType"], "wrong-type", pack([*bare, 0]), {}),
        ("nil where the extension map stands", ["KeyType"], "wrong-type", pack([*bare, None]), {}),
        ("an array where the extension map stands", ["KeyType"], "wrong-type", pack([*bare, []]), {}),
        ("one unknown key twice", ["DuplicateKey"], "duplicate-key", pack([*bare, Map([("x-1", 1), ("x-1", 1)])]), {}),
        (
            "seventeen unknown keys",
            ["TooManyKeys"],
            "too-many-keys",
            pack([*bare, Map([(f"x-{i}", i) for i in range(17)])]),
            {},
        ),
        (
            "an unknown key with five nested arrays",
            ["TooDeep"],
            "too-deep",
            pack([*bare, Map([("x-1", [[[[[]]]]])])]),
            {},
        ),
        (
            "the byte c1 as the value of its only key",
            ["ReservedByte"],
            "reserved-byte",
            pack([*bare, Map([("x-1", RESERVED)])]),
            {},
        ),
        ("a key that is not UTF-8", ["Utf8"], "invalid-utf8", pack([*bare, Map([(text(b"x-\xff"), 1)])]), {}),
        (
            "an array one element longer than what follows",
            ["Truncated"],
            "truncated",
            array_header(len(bare) + 1) + pack(bare)[1:],
            {},
        ),
    ]
    if items != bare:
        out.append(
            (
                "with its extension map, cut after each byte",
                ["Truncated", "Extension"],
                "truncated",
                pack(items),
                {"cuts": "all"},
            )
        )
    if len(bare) > 1:
        out.append(("without its last field", ["Arity"], "wrong-arity", pack(bare[:-1]), {}))
    if len(bare) > 2:
        out.append(("the name alone", ["Arity"], "wrong-arity", pack(bare[:1]), {}))
    for other in sorted({name.lower(), name.upper(), name + " ", name + "\x00", name[:-1]} - MESSAGES.keys()):
        out.append((f"the name as {other!r}", ["Name"], "unknown-message", pack([other, *bare[1:]]), {}))
    out.append(("the name as bin", ["NotAMessage"], "not-a-message", pack([name.encode(), *bare[1:]]), {}))
    out.append(("a number instead of the name", ["NotAMessage"], "not-a-message", pack([CODES[name], *bare[1:]]), {}))
    return out


# The table's codes: they are for Envelope 2 and for people, and no name on the wire of a session.
CODES = {
    "Hello": 0x01,
    "Welcome": 0x02,
    "Bye": 0x03,
    "Push": 0x10,
    "PushAck": 0x11,
    "Pull": 0x20,
    "PullResponse": 0x21,
    "Presence": 0x30,
    "Notify": 0x31,
    "Delete": 0x40,
    "Deleted": 0x41,
    "RevokeDevice": 0x50,
    "DeviceRevoked": 0x51,
    "ListDevices": 0x52,
    "Devices": 0x53,
    "RegisterPush": 0x60,
    "UnregisterPush": 0x61,
    "ContentRef": 0x70,
    "ContentAck": 0x71,
    "Ok": 0xFE,
    "Error": 0xFF,
}


def _hello(bare: list) -> list[Wrong]:
    out: list[Wrong] = []

    def ext(what: str, flags: list[str], error: str, extension, **extra) -> None:
        out.append((what, flags, error, pack([*bare, extension]), extra))

    for what, value in (("an integer", 1), ("nil", None), ("bytes", b"epoch"), ("an array", []), ("a bool", True)):
        ext(f"an extension key that is {what}", ["KeyType"], "wrong-type", Map([(value, 1)]))
    ext("an extension key that is an ext", ["KeyType", "ExtType"], "wrong-type", Map([(FIXEXT, 1)]))
    ext("an extension key that is an overlong form", ["Utf8"], "invalid-utf8", Map([(text(b"x-\xc0\xaf"), 1)]))
    ext(
        "a known key twice, the same value",
        ["DuplicateKey"],
        "duplicate-key",
        Map([("epoch", EPOCH), ("epoch", EPOCH)]),
    )
    ext("a known key twice, two values", ["DuplicateKey"], "duplicate-key", Map([("epoch", EPOCH), ("epoch", BLOB)]))
    ext(
        "a known key twice, with others between",
        ["DuplicateKey"],
        "duplicate-key",
        Map([("epoch", EPOCH), ("caps", []), ("x-1", 1), ("epoch", EPOCH)]),
    )
    ext(
        "a known key twice, its header in two widths",
        ["DuplicateKey"],
        "duplicate-key",
        Map([("epoch", EPOCH), (text("epoch", 1), EPOCH)]),
    )
    ext(
        "an unknown key twice, its header in two widths",
        ["DuplicateKey"],
        "duplicate-key",
        Map([("x-1", 1), (text("x-1", 4), 1)]),
    )
    ext(
        "an unknown key twice, two types",
        ["DuplicateKey"],
        "duplicate-key",
        Map([("x-1", 1), ("x-2", 1), ("x-1", None)]),
    )
    ext("__proto__ twice", ["DuplicateKey", "ObjectNames"], "duplicate-key", Map([("__proto__", 1), ("__proto__", 1)]))
    ext("the empty key twice", ["DuplicateKey"], "duplicate-key", Map([("", 1), ("", 1)]))
    many = [("epoch", EPOCH), *((f"x-{i}", i) for i in range(15)), ("last_blob", BLOB)]
    ext("two known and fifteen unknown keys", ["TooManyKeys"], "too-many-keys", Map(many))
    hundred = Map([(f"x-{i}", None) for i in range(100)])
    ext("a hundred keys", ["TooManyKeys"], "too-many-keys", hundred)
    ext("five nested maps", ["TooDeep"], "too-deep", Map([("x-1", Raw(bytes.fromhex("81a16b" * 5 + "01")))]))
    ext(
        "arrays and maps, five deep",
        ["TooDeep"],
        "too-deep",
        Map([("x-1", Raw(bytes.fromhex("91" + "81a16b" + "91" + "81a16b" + "90")))]),
    )
    ext(
        "five deep in the key of a map",
        ["TooDeep"],
        "too-deep",
        Map([("x-1", Raw(bytes.fromhex("81" + "91919190" + "01")))]),
    )
    ext("five deep in the last of many elements", ["TooDeep"], "too-deep", Map([("x-1", [0, [], [[]], [[[[]]]]])]))
    ext("five deep in the second unknown key", ["TooDeep"], "too-deep", Map([("x-1", [[[[]]]]), ("x-2", [[[[[]]]]])]))
    deep = pack([*bare, Raw(map_header(1) + text("x-1"))])
    out.append(
        (
            "an array in an array, 2,000 deep",
            ["TooDeep"],
            "too-deep",
            deep + b"\x91" * 2000 + b"\x90",
            {},
        )
    )
    ext(
        "the byte c1 inside the value of an unknown key",
        ["ReservedByte"],
        "reserved-byte",
        Map([("x-1", [1, RESERVED, 2])]),
    )
    for what, value in (
        ("an array32", array_header(2**32 - 1, 4)),
        ("a map32", map_header(2**32 - 1, 4)),
        ("a bin32", b"\xc6\xff\xff\xff\xff"),
        ("a str32", b"\xdb\xff\xff\xff\xff"),
        ("an ext32", b"\xc9\xff\xff\xff\xff\x01"),
        ("an array16", array_header(2**16 - 1, 2)),
    ):
        ext(
            f"an unknown key whose value is {what} that claims its largest length",
            ["LyingLength"],
            "truncated",
            Map([("x-1", Raw(value))]),
        )
    ext("an unknown key without a value", ["Truncated"], "truncated", Raw(map_header(1) + text("x-1")))
    ext(
        "fewer pairs than the extension map claims",
        ["Truncated"],
        "truncated",
        Raw(map_header(2) + text("x-1") + b"\x01"),
    )
    ext(
        "an extension map32 that claims 2^32-1 pairs",
        ["LyingLength", "Ambiguous"],
        "too-many-keys",
        Raw(map_header(2**32 - 1, 4)),
        otherErrors=["truncated"],
    )
    head = pack(["Hello", 1])[1:]
    for what, header in (
        ("a str8 of 255 bytes", b"\xd9\xff"),
        ("a str16 of 65,535 bytes", b"\xda\xff\xff"),
        ("a str32 of 2^32-1 bytes", b"\xdb\xff\xff\xff\xff"),
        ("a str32 of 2^31 bytes", b"\xdb\x80\x00\x00\x00"),
    ):
        body = array_header(5) + head + header + pack("Mara") + pack(GROUP) + pack(41)
        out.append((f"device_name: {what}, past the end", ["LyingLength"], "truncated", body, {}))
    ext(
        "caps that claim 2^32-1 elements",
        ["LyingLength", "Extension"],
        "truncated",
        Map([("caps", Raw(array_header(2**32 - 1, 4)))]),
    )
    return out


def _push(bare: list) -> list[Wrong]:
    out: list[Wrong] = []
    for what, header in (
        ("a bin8 of 255 bytes", b"\xc4\xff"),
        ("a bin16 of 65,535 bytes", b"\xc5\xff\xff"),
        ("a bin32 of 2^32-1 bytes", b"\xc6\xff\xff\xff\xff"),
        ("a bin32 of 2^31 bytes", b"\xc6\x80\x00\x00\x00"),
        ("one byte more than there is", b"\xc4\x04"),
    ):
        body = array_header(4) + text("Push") + binary(BLOB) + header + b"\x01\x02\x00"
        out.append((f"payload: {what}, past the end", ["LyingLength"], "truncated", body, {}))
    uuid = b"0f1e2d3c-4b5a-4968-8796-a5b4c3d2e1f0"
    out.append(
        ("blob_id: a UUID as text", ["StringForBytes"], "wrong-type", pack(["Push", uuid.decode(), *bare[2:]]), {})
    )
    out.append(("blob_id: a UUID as text in a bin", ["Length"], "wrong-length", pack(["Push", uuid, *bare[2:]]), {}))
    return out


def _pull_response(bare: list) -> list[Wrong]:
    blob = bare[1][0]
    sender = Map([("sender", GROUP), ("sender", GROUP)])
    many = Map([(f"x-{i}", i) for i in range(17)])
    lying = lambda header: array_header(4) + text("PullResponse") + header + b"\xc2\x2a"  # noqa: E731
    return [
        (
            "a blob's sender twice",
            ["DuplicateKey", "Extension"],
            "duplicate-key",
            pack(["PullResponse", [[*blob, sender]], False, 42]),
            {},
        ),
        (
            "a blob's map of seventeen keys",
            ["TooManyKeys", "Extension"],
            "too-many-keys",
            pack(["PullResponse", [[*blob, many]], False, 42]),
            {},
        ),
        (
            "five deep in a blob's unknown key",
            ["TooDeep", "Extension"],
            "too-deep",
            pack(["PullResponse", [[*blob, Map([("x-1", [[[[[]]]]])])]], False, 42]),
            {},
        ),
        (
            "the second of two blobs is wrong",
            ["Length"],
            "wrong-length",
            pack(["PullResponse", [blob, [b"", *blob[1:]]], False, 42]),
            {},
        ),
        ("a blob that is a message", ["Arity"], "wrong-arity", pack(["PullResponse", [["Ok"]], False, 42]), {}),
        ("blobs that claim 2^32-1 elements", ["LyingLength"], "truncated", lying(array_header(2**32 - 1, 4)), {}),
        ("blobs that claim 65,535 elements", ["LyingLength"], "truncated", lying(array_header(2**16 - 1, 2)), {}),
        (
            "blobs of one more element than there is",
            ["Truncated"],
            "truncated",
            array_header(4) + text("PullResponse") + array_header(2) + pack(blob),
            {},
        ),
    ]


def _welcome(bare: list) -> list[Wrong]:
    two = Map([("a", 1), (text("a", 1), 2)])
    lying = Raw(map_header(2**32 - 1, 4))
    return [
        (
            "limits: one key twice, its header in two widths",
            ["DuplicateKey", "Extension"],
            "duplicate-key",
            pack([*bare, Map([("limits", two)])]),
            {},
        ),
        (
            "limits that claim 2^32-1 pairs",
            ["LyingLength", "Ambiguous", "LimitsMap"],
            "too-many-keys",
            pack([*bare, Map([("limits", lying)])]),
            {"otherErrors": ["truncated"]},
        ),
        (
            "fewer pairs in limits than announced",
            ["Truncated", "Extension"],
            "truncated",
            pack([*bare, Map([("limits", Raw(map_header(2) + text("a") + b"\x01"))])]),
            {},
        ),
    ]


def _error(bare: list) -> list[Wrong]:
    cut = text(b"blob not found\xc3")
    return [
        (
            "a string that would be right if it took the first byte of the next element",
            ["Utf8"],
            "invalid-utf8",
            pack(["Error", 1007, cut, Map([("retry_after_ms", 1)])]),
            {},
        ),
    ]


def _bye(bare: list) -> list[Wrong]:
    return [
        ("reason: true", ["OtherType"], "wrong-type", pack(["Bye", True]), {}),
        ("reason: false, which some take for nil", ["OtherType"], "wrong-type", pack(["Bye", False]), {}),
        ("reason: an empty array", ["OtherType"], "wrong-type", pack(["Bye", []]), {}),
    ]


def wrong_bodies() -> list[Wrong]:
    """Inputs that are no message at all."""
    out: list[Wrong] = []

    def top(what: str, flags: list[str], error: str, body: bytes, **extra) -> None:
        out.append((what, flags, error, bytes(body), extra))

    top("nothing", ["Truncated"], "truncated", b"")
    top("an empty array", ["NotAMessage"], "not-a-message", b"\x90")
    top("an empty array16", ["NotAMessage", "HeaderWidth"], "not-a-message", array_header(0, 2))
    for what, body in (
        ("nil", pack(None)),
        ("true", pack(True)),
        ("a fixint", pack(1)),
        ("a negative fixint", b"\xff"),
        ("a uint64", sized(1, "uint64")),
        ("a float64", FLOAT64),
        ("a string", pack("Ok")),
        ("the bytes of a message in a bin", pack(pack(["Ok"]))),
        ("an empty map", pack(Map())),
        ("a map that names the message", pack(Map([("type", "Ok")]))),
        ("a map from the name to the fields", pack(Map([("Pull", [1, 2])]))),
    ):
        top(f"{what} instead of an array", ["NotAMessage"], "not-a-message", body)
    top("an ext instead of an array", ["NotAMessage", "ExtType"], "not-a-message", FIXEXT)
    top("a timestamp instead of an array", ["NotAMessage", "ExtType"], "not-a-message", TIMESTAMP)
    top("the byte c1 alone", ["ReservedByte", "Ambiguous"], "reserved-byte", b"\xc1", otherErrors=["not-a-message"])
    for what, first in (
        ("nil", None),
        ("true", True),
        ("an array", ["Ok"]),
        ("a map", Map()),
        ("bytes", b"Ok"),
        ("a fixint", 1),
        ("a float", FLOAT64),
    ):
        top(f"the name is {what}", ["NotAMessage"], "not-a-message", pack([first]))
    top("the name is an ext", ["NotAMessage", "ExtType"], "not-a-message", pack([FIXEXT]))
    for what, name in (
        ("empty", ""),
        ("unknown", "Ping"),
        ("unknown, 31 bytes", "P" * 31),
        ("unknown, 32 bytes", "P" * 32),
        ("unknown, 300 bytes", "P" * 300),
        ("a name that objects of some languages have", "constructor"),
        ("another of those", "__proto__"),
        ("and one more", "toString"),
        ("two names in one", "OkOk"),
        ("a full-width letter instead of an ASCII one", "\uff2fk"),
        ("the stored form's name", "Envelope"),
    ):
        top(f"the name is {what}", ["Name"], "unknown-message", pack([name]))
    top("the name is known only with a zero-width character", ["Name"], "unknown-message", pack(["Ok\u200b"]))
    top(
        "the name is not UTF-8",
        ["Name", "Ambiguous"],
        "invalid-utf8",
        pack([text(b"\xffk")]),
        otherErrors=["unknown-message"],
    )
    top("an unknown name with fields", ["Name"], "unknown-message", pack(["Ping", 1, 2, 3]))
    top("a message inside an array", ["NotAMessage"], "not-a-message", pack([["Pull", 1, 2]]))
    top(
        "a frame's length before the message",
        ["NotAMessage"],
        "not-a-message",
        bytes.fromhex("00000004") + pack(["Ok"]),
    )
    top("the name runs past the end", ["LyingLength"], "truncated", b"\x91\xa3Ok")
    top("the name claims 2^32-1 bytes", ["LyingLength"], "truncated", b"\x91\xdb\xff\xff\xff\xffOk")
    top("an array of one element and nothing in it", ["Truncated"], "truncated", b"\x91")
    top("an array16 without its length", ["Truncated"], "truncated", b"\xdc\x00")
    top("an array32 without its length", ["Truncated"], "truncated", b"\xdd\x00\x00\x00")
    top("an array32 of 2^32-1 elements, alone", ["LyingLength"], "truncated", array_header(2**32 - 1, 4))
    top(
        "an array32 that claims 2^32-1 elements before a right name",
        ["LyingLength", "Ambiguous"],
        "wrong-arity",
        array_header(2**32 - 1, 4) + text("Pull") + b"\x01\x02",
        otherErrors=["truncated"],
    )
    return out
