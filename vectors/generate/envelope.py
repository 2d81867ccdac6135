"""envelope.json: one stored blob outside a relay."""

from __future__ import annotations

import msgpack
import rules_sealing
from document import Document, Group, derived
from file_schema import BYTES, COUNT, HEX, U64, Shape, fixed, record, schema_of
from notes_sealing import ENVELOPE_NOTES
from sealing import source
from wire import Map, Raw, binary, pack, sized, text

ALGORITHM = "0k-Sync envelope"
DEPLOYED = "sources/envelope.json: rmp-serde on the deployed implementation's type"
MADE = "msgpack, generate/envelope.py"
ERRORS = [
    "truncated",
    "trailing-bytes",
    "not-a-message",
    "wrong-arity",
    "wrong-type",
    "wrong-length",
    "out-of-range",
    "reserved-byte",
]
NAMES = ["version", "blob_id", "sender_id", "group_id", "cursor", "timestamp", "expires", "payload"]
NAMES_1 = ["version", "msg_type", "sender_id", "group_id", "cursor", "timestamp", "nonce", "payload"]
ENVELOPE_1 = record(
    {
        "version": COUNT,
        "msg_type": COUNT,
        "sender_id": fixed(32),
        "group_id": fixed(32),
        "cursor": U64,
        "timestamp": U64,
        "nonce": fixed(24),
        "payload": HEX,
    }
)
ENVELOPE_2 = record(
    {
        "version": {"const": 2},
        "blob_id": fixed(16),
        "sender_id": fixed(32),
        "group_id": fixed(32),
        "cursor": U64,
        "timestamp": U64,
        "expires": U64,
        "payload": BYTES,
    }
)

schema = schema_of(
    "envelope",
    "Vectors of envelopes",
    ALGORITHM,
    {
        "Envelope1": Shape(inputs={"hex": HEX}, outputs={"envelope": ENVELOPE_1}, errors=ERRORS, acceptable=True),
        "Envelope2": Shape(inputs={"hex": BYTES}, outputs={"envelope": ENVELOPE_2}, errors=ERRORS),
    },
)


def build() -> str:
    document = Document("envelope", ALGORITHM, "vectors/generate/envelope.py", ENVELOPE_NOTES, rules_sealing.envelope)
    _deployed(document.group("Envelope1", DEPLOYED))
    _first(document.group("Envelope1", MADE))
    group = document.group("Envelope2", MADE)
    _right(group)
    _forms(group)
    _wrong_values(group)
    _wrong_frames(group)
    return document.render()


def _deployed(group: Group) -> None:
    for each in source("envelope.json"):
        other = each["fields"]["version"] != 1
        flags = ["Deployed", "ReadOnly", "OtherVersion"] if other else ["Deployed", "ReadOnly"]
        envelope = {name: each["fields"][name] for name in NAMES_1}
        result = "acceptable" if other else "valid"
        group.add(each["note"], flags, result, hex=each["body_hex"], envelope=envelope)


def _first(group: Group) -> None:
    """More of Envelope 1: byte strings are arrays of integers."""
    elements = [1, 2, derived("sender", 32), derived("group", 32), 42, 1_705_000_000, derived("nonce", 24), b"\x01\xc8"]

    def written(values: list) -> bytes:
        return msgpack.packb([list(value) if isinstance(value, bytes) else value for value in values])

    def shown(values: list) -> dict:
        out = dict(zip(NAMES_1, values, strict=True))
        out |= {name: str(out[name]) for name in ("cursor", "timestamp")}
        return {name: value.hex() if isinstance(value, bytes) else value for name, value in out.items()}

    group.add("a push", ["ReadOnly"], "valid", hex=written(elements).hex(), envelope=shown(elements))
    for kind in (1, 7):
        other = [1, kind, *elements[2:]]
        group.add(f"msg_type {kind}", ["ReadOnly"], "valid", hex=written(other).hex(), envelope=shown(other))
    big = [*elements[:4], 2**64 - 1, 2**63, *elements[6:]]
    group.add("large integers", ["ReadOnly", "BigInteger"], "valid", hex=written(big).hex(), envelope=shown(big))

    def wrong(comment: str, flag: str, error: str, body: bytes) -> None:
        group.add(comment, [flag], "invalid", hex=body.hex(), error=error)

    def changed(name: str, value: object) -> bytes:
        return written([value if each == name else old for each, old in zip(NAMES_1, elements, strict=True)])

    for name in ("sender_id", "group_id"):
        wrong(f"{name}: 31 bytes", "Length", "wrong-length", changed(name, derived("x", 31)))
        wrong(f"{name}: 33 bytes", "Length", "wrong-length", changed(name, derived("x", 33)))
    wrong("nonce: 12 bytes", "Length", "wrong-length", changed("nonce", derived("x", 12)))
    wrong("nonce: 25 bytes", "Length", "wrong-length", changed("nonce", derived("x", 25)))
    wrong("sender_id: an integer of 256", "Integer", "out-of-range", changed("sender_id", [256, *range(31)]))
    wrong("payload: a negative integer", "Integer", "out-of-range", changed("payload", [1, -1]))
    wrong("payload: a string among the integers", "Type", "wrong-type", changed("payload", [1, "2"]))
    wrong("payload: nil", "Type", "wrong-type", changed("payload", None))
    wrong("msg_type: a string", "Type", "wrong-type", changed("msg_type", "Push"))
    for kind in (0, 8, 256):
        wrong(f"msg_type: {kind}", "Integer", "out-of-range", changed("msg_type", kind))
    wrong("cursor: -1", "Integer", "out-of-range", changed("cursor", -1))
    wrong("cursor: a float", "Integer", "wrong-type", changed("cursor", 42.0))
    wrong("seven elements", "Arity", "wrong-arity", written(elements[:7]))
    wrong("nine elements", "Arity", "wrong-arity", written([*elements, 0]))
    wrong("cut within nonce", "Truncated", "truncated", written(elements)[:140])
    wrong("a byte behind it", "TrailingBytes", "trailing-bytes", written(elements) + b"\0")
    body = msgpack.packb(elements)
    group.add("bin for all byte strings", ["BytesForArray"], "acceptable", hex=body.hex(), envelope=shown(elements))


def _usual() -> list:
    ids = derived("blob", 16), derived("sender", 32), derived("group", 32)
    return [2, *ids, 42, 1_705_000_000, 1_705_604_800, b"\x02sealed"]


def _shown(values: list, payload: object = None) -> dict:
    out = dict(zip(NAMES, values, strict=True))
    out |= {name: str(out[name]) for name in ("cursor", "timestamp", "expires")}
    out |= {name: out[name].hex() for name in ("blob_id", "sender_id", "group_id", "payload")}
    return out if payload is None else out | {"payload": payload}


def _right(group: Group) -> None:
    def right(comment: str, flags: list[str], **changed) -> None:
        values = list((dict(zip(NAMES, _usual(), strict=True)) | changed).values())
        body = msgpack.packb(values)
        group.add(comment, ["Canonical", *flags], "valid", hex=body.hex(), envelope=_shown(values))

    right("an envelope", [])
    right("no payload", [], payload=b"")
    right("all ids zero", [], blob_id=bytes(16), sender_id=bytes(32), group_id=bytes(32))
    right("all integers zero", [], cursor=0, timestamp=0, expires=0)
    for number in (2**53, 2**53 + 1, 2**63, 2**64 - 1):
        right(f"integers of {number}", ["BigInteger"], cursor=number, timestamp=number, expires=number)
    right("it expires before it was stored", [], expires=1)
    for length in (255, 256):
        right(f"{length} bytes of payload", ["Boundary"], payload=bytes([0xA5]) * length)
    for length in (65_535, 65_536, 1_048_576):
        values = [*_usual()[:7], bytes([0xA5]) * length]
        head = msgpack.packb(values)[:-length]
        piece = {"repeat": "a5", "times": length}
        envelope = _shown([*values[:7], b""], piece)
        group.add(
            f"{length} bytes of payload", ["Canonical", "Boundary"], "valid", hex=[head.hex(), piece], envelope=envelope
        )


def _forms(group: Group) -> None:
    for comment, form in (("every header and integer in its longest form", "wide"), ("signed integers", "signed")):
        group.add(comment, ["OtherForm"], "valid", hex=pack(_usual(), form).hex(), envelope=_shown(_usual()))
    version = [Raw(sized(2, "uint8")), *_usual()[1:]]
    group.add("the version in 2 bytes", ["OtherForm"], "valid", hex=pack(version).hex(), envelope=_shown(_usual()))


def _wrong_values(group: Group) -> None:
    def wrong(comment: str, flag: str, error: str, name: str, value: object) -> None:
        body = pack([value if each == name else old for each, old in zip(NAMES, _usual(), strict=True)])
        group.add(f"{name}: {comment}", [flag], "invalid", hex=body.hex(), error=error)

    for version in (0, 3, 127, 255, 256, 2**32 + 2):
        wrong(str(version), "Version", "out-of-range", "version", version)
    wrong("a string", "Type", "wrong-type", "version", "2")
    wrong("a float", "Integer", "wrong-type", "version", Raw(b"\xca\x40\x00\x00\x00"))
    wrong("nil", "Type", "wrong-type", "version", None)
    for name, length in (("blob_id", 16), ("sender_id", 32), ("group_id", 32)):
        for other in (0, length - 1, length + 1, 48 - length):
            wrong(f"{other} bytes", "Length", "wrong-length", name, bytes(other))
        wrong("a string", "Type", "wrong-type", name, text("a" * length))
        wrong("an array of integers", "BytesForArray", "wrong-type", name, [1] * length)
        wrong("nil", "Type", "wrong-type", name, None)
        wrong("an ext type", "Type", "wrong-type", name, Raw(bytes([0xC7, length, 1]) + bytes(length)))
    for name in ("cursor", "timestamp", "expires"):
        wrong("-1", "Integer", "out-of-range", name, Raw(b"\xff"))
        wrong("the smallest integer there is", "Integer", "out-of-range", name, Raw(sized(-(2**63), "int64")))
        wrong("a float without a fraction", "Integer", "wrong-type", name, Raw(bytes.fromhex("cb4045000000000000")))
        wrong("a string", "Type", "wrong-type", name, "42")
        wrong("nil", "Type", "wrong-type", name, None)
        wrong("a timestamp of MessagePack", "Type", "wrong-type", name, Raw(bytes.fromhex("d6ff65a0a000")))
    wrong("true", "Type", "wrong-type", "cursor", True)
    wrong("8 bytes", "Type", "wrong-type", "cursor", bytes(8))
    wrong("a string", "Type", "wrong-type", "payload", "sealed")
    wrong("an array of integers", "BytesForArray", "wrong-type", "payload", [2, 3])
    wrong("nil", "Type", "wrong-type", "payload", None)
    wrong("0xc1", "ReservedByte", "reserved-byte", "payload", Raw(b"\xc1"))
    wrong("a header that announces 4 GiB", "Truncated", "truncated", "payload", Raw(b"\xc6\xff\xff\xff\xffsealed"))


def _wrong_frames(group: Group) -> None:
    right, values = pack(_usual()), _usual()

    def wrong(comment: str, flag: str, error: str, body: bytes, *others: str) -> None:
        more = {"otherErrors": list(others)} if others else {}
        flags = [flag, "Ambiguous"] if others else [flag]
        group.add(comment, flags, "invalid", hex=body.hex(), error=error, **more)

    wrong("no byte", "Truncated", "truncated", b"")
    for length in (1, 2, 3, 19, 20, 60, 90, len(right) - 7, len(right) - 1):
        wrong(f"the first {length} of {len(right)} bytes", "Truncated", "truncated", right[:length])
    wrong("a byte behind it", "TrailingBytes", "trailing-bytes", right + b"\0")
    wrong("twice", "TrailingBytes", "trailing-bytes", right + right)
    wrong("payload is missing", "Arity", "wrong-arity", pack(values[:7]))
    wrong("expires is missing", "Arity", "wrong-arity", pack([*values[:6], values[7]]))
    wrong("an extension map, which envelopes do not have", "Arity", "wrong-arity", pack([*values, Map()]))
    wrong("a ninth element", "Arity", "wrong-arity", pack([*values, 0]))
    wrong("the version alone", "Arity", "wrong-arity", b"\x91\x02")
    wrong("an empty array", "Arity", "wrong-arity", b"\x90", "not-a-message")
    wrong("no version", "Arity", "wrong-arity", pack(values[1:]), "wrong-type")
    wrong("a map", "NotAnEnvelope", "not-a-message", pack(Map(zip(NAMES, values, strict=True))), "wrong-type")
    wrong("nil", "NotAnEnvelope", "not-a-message", b"\xc0", "wrong-type")
    wrong("bytes that hold it", "NotAnEnvelope", "not-a-message", pack(binary(right)), "wrong-type")
    wrong("the byte 0xc1", "ReservedByte", "reserved-byte", b"\xc1", "not-a-message")
    name = pack(["Push", *values[1:]])
    wrong("a name for the version", "Type", "wrong-type", name, "not-a-message")
