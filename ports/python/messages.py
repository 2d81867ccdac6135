"""Frames, messages and envelopes, driven by the tables of protocol.json."""
import json
import struct
from pathlib import Path

from msgpack import packb

SPEC = json.loads((Path(__file__).parents[2] / "spec/protocol.json").read_text())
TYPES = SPEC["types"]
MESSAGES = {message["name"]: message for message in SPEC["messages"]}
MAX_KEYS, MAX_NESTING = SPEC["extension_map"]["max_keys"], SPEC["extension_map"]["max_nesting"]


class Refused(Exception):
    """What must be refused; its text is the error class."""


def refuse_unless(right, error):
    if not right:
        raise Refused(error)


def frames(max_body, chunks, **more):
    change, buffer, bodies = more.get("raise"), b"", []
    for index, chunk in enumerate(chunks):
        max_body = change["max_body"] if change and change["before_chunk"] == index else max_body
        buffer += chunk
        while len(buffer) >= 4:
            length = int.from_bytes(buffer[:4], "big")
            if not 0 < length <= max_body:
                error = "frame-too-large" if length else "frame-empty"
                return {"bodies": bodies, "error": error, "fails_in_chunk": index}
            if len(buffer) < 4 + length:
                break
            bodies.append(buffer[4 : 4 + length])
            buffer = buffer[4 + length :]
    return {"bodies": bodies, "unfinished": len(buffer)}


# What the first byte of a value says: its kind, and how its number or length is read.
INTEGERS = {0xCC: ">B", 0xCD: ">H", 0xCE: ">I", 0xCF: ">Q", 0xD0: ">b", 0xD1: ">h", 0xD2: ">i", 0xD3: ">q"}
LENGTHS = {first + i: (kind, 1 << i) for kind, first in (("bin", 0xC4), ("ext", 0xC7), ("str", 0xD9)) for i in range(3)}
LENGTHS |= {0xDC: ("array", 2), 0xDD: ("array", 4), 0xDE: ("map", 2), 0xDF: ("map", 4)}
SHORT = {first: ("map" if first < 0x90 else "array" if first < 0xA0 else "str", first & (15 if first < 0xA0 else 31))
         for first in range(0x80, 0xC0)}
SHORT |= {0xC0: ("nil", None), 0xC2: ("bool", False), 0xC3: ("bool", True), 0xCA: ("float", 4), 0xCB: ("float", 8)}
SHORT |= {0xD4 + i: ("ext", 1 << i) for i in range(5)}


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def require(self, count):
        refuse_unless(count <= len(self.data) - self.at, "truncated")
        return count

    def take(self, count):
        self.at += self.require(count)
        return self.data[self.at - count : self.at]

    def head(self):
        """The kind of the next value, and what its head says: a number, or the length of what follows."""
        first = self.take(1)[0]
        refuse_unless(first != 0xC1, "reserved-byte")
        if first in INTEGERS:
            return "int", struct.unpack(INTEGERS[first], self.take(struct.calcsize(INTEGERS[first])))[0]
        if first in LENGTHS:
            return LENGTHS[first][0], int.from_bytes(self.take(LENGTHS[first][1]), "big")
        return SHORT.get(first) or ("int", first if first < 0x80 else first - 0x100)

    def expect(self, kind):
        found, value = self.head()
        refuse_unless(found == kind, "wrong-type")
        return value

    def uint(self, most=2**64 - 1):
        value = self.expect("int")
        refuse_unless(0 <= value <= most, "out-of-range")
        return value

    def text(self, most=2**32):
        length = self.expect("str")
        refuse_unless(length <= most, "wrong-length")
        try:
            return self.take(length).decode()
        except UnicodeDecodeError:
            raise Refused("invalid-utf8") from None

    def blob(self, length=None, kind="bin"):
        found = self.expect(kind)
        refuse_unless(length in (None, found), "wrong-length")
        return self.take(found) if kind == "bin" else bytes(self.uint(255) for _ in range(self.require(found)))

    def nil(self):
        """Steps over a nil, if that is next."""
        self.at += (found := self.data[self.at : self.at + 1] == b"\xc0")
        return found

    def skip(self, nesting):
        kind, value = self.head()
        if kind in ("str", "bin", "float", "ext"):
            self.take(value + (kind == "ext"))
        elif kind in ("array", "map"):
            refuse_unless(nesting > 0, "too-deep")
            for _ in range(self.require(value * (2 if kind == "map" else 1))):
                self.skip(nesting - 1)

    def mapping(self, most, read):
        count, out = self.expect("map"), {}
        refuse_unless(count <= most, "too-many-keys")
        for _ in range(count):
            key = self.text()
            refuse_unless(key not in out, "duplicate-key")
            out[key] = read(key)
        return out

    def value(self, name, rmp):
        of = TYPES[name]
        kind = of["kind"]
        if of.get("nullable") and self.nil():
            return None
        if kind in ("uint", "uint64"):
            value = self.uint(int(of["max"]))
            return value if kind == "uint" else str(value)
        if kind in ("bool", "str"):
            return self.expect("bool") if kind == "bool" else self.text(of.get("max_bytes", 2**32))
        if kind == "bytes":
            return self.blob(of.get("length"), "array" if rmp and of.get("rmp") == "array" else "bin").hex()
        if kind == "list":
            return [self.value(of["of"], rmp) for _ in range(self.require(self.expect("array")))]
        if kind == "map":
            return self.mapping(of["max_keys"], lambda _: self.value(of["of"], rmp))
        return self.fields(self.expect("array"), of, rmp, "ext" in of)

    def fields(self, count, table, rmp, extensible):
        """The fields of a message or tuple that has so many elements, and its extension map."""
        own = len(table["fields"])
        refuse_unless(count == own or count == own + 1 and extensible and not rmp, "wrong-arity")
        out = {field["name"]: self.value(field["type"], rmp) for field in table["fields"]}
        if count > len(out):
            known = {entry["key"]: entry["type"] for entry in table.get("ext", [])}
            ext = self.mapping(MAX_KEYS, lambda key: self.value(known[key], rmp) if key in known else self.skip(MAX_NESTING))
            ext = {key: value for key, value in ext.items() if key in known}
            out |= {"ext": ext} if ext else {}
        return out

    def end(self, value):
        refuse_unless(self.at == len(self.data), "trailing-bytes")
        return value


def decode(encoding, hex):
    reader = Reader(hex)
    try:
        count = reader.expect("array")
        refuse_unless(count > 0, "wrong-type")
        name = reader.text()
    except Refused as refused:
        raise Refused("not-a-message" if str(refused) == "wrong-type" else str(refused)) from None
    refuse_unless(encoding in MESSAGES.get(name, {"encodings": []})["encodings"], "unknown-message")
    return reader.end({"type": name, **reader.fields(count - 1, MESSAGES[name], encoding == "rmp", True)})


def writable(name, value, rmp):
    """What msgpack writes as this type: it writes the shortest form of everything."""
    of = TYPES[name]
    kind = of["kind"]
    if value is None or kind in ("uint", "bool", "str"):
        return value
    if kind == "bytes":
        return list(bytes.fromhex(value)) if rmp and of.get("rmp") == "array" else bytes.fromhex(value)
    if kind == "list":
        return [writable(of["of"], item, rmp) for item in value]
    if kind == "map":
        return by_key({key: writable(of["of"], item, rmp) for key, item in value.items()})
    return int(value) if kind == "uint64" else writable_fields(of, value, rmp)


def writable_fields(table, value, rmp):
    known = {entry["key"]: entry["type"] for entry in table.get("ext", [])}
    ext = by_key({key: writable(known[key], item, rmp) for key, item in value.get("ext", {}).items()})
    return [writable(field["type"], value[field["name"]], rmp) for field in table["fields"]] + ([ext] if ext else [])


def by_key(entries):
    return dict(sorted(entries.items(), key=lambda entry: entry[0].encode()))


def encode(encoding, message):
    return packb([message["type"], *writable_fields(MESSAGES[message["type"]], message, encoding == "rmp")])


def read_envelope(hex):
    reader = Reader(hex)
    kind, count = reader.head()
    refuse_unless(kind == "array", "not-a-message")
    refuse_unless(count == 8, "wrong-arity")
    version = reader.uint(255)
    refuse_unless(version in (1, 2), "out-of-range")
    fields = reader.fields(7, {"fields": SPEC["envelopes"][version - 1]["fields"][1:]}, version == 1, False)
    refuse_unless(1 <= fields.get("msg_type", 1) <= 7, "out-of-range")
    return reader.end({"version": version, **fields})


def write_envelope(envelope):
    return packb(writable_fields(SPEC["envelopes"][1], envelope, False))
