"""A strict reader of `bin`, from the tables of protocol.json, run against codec-bin.json: python3 codec.py FOLDER

FOLDER holds protocol.json and codec-bin.json, as this site offers them for download. Python 3 is all it needs."""

import json
import sys
from pathlib import Path

folder = Path(sys.argv[1])
protocol = json.loads((folder / "protocol.json").read_text())
TYPES = protocol["types"]
MESSAGES = {message["name"]: message for message in protocol["messages"]}
MAX_KEYS, MAX_NESTING = protocol["extension_map"]["max_keys"], protocol["extension_map"]["max_nesting"]


class Wrong(ValueError):
    """The argument is the error class."""


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, size):
        if self.at + size > len(self.data):
            raise Wrong("truncated")
        self.at += size
        return self.data[self.at - size : self.at]

    def integer(self, size, signed=False):
        return int.from_bytes(self.take(size), "big", signed=signed)

    def header(self):
        """The kind of the next value, and its value (int, bool, nil) or its length (all others)."""
        first = self.take(1)[0]
        if first <= 0x7F:
            return "int", first
        if first >= 0xE0:
            return "int", first - 256
        for low, high, kind in (0x80, 0x8F, "map"), (0x90, 0x9F, "array"), (0xA0, 0xBF, "str"):
            if low <= first <= high:
                return kind, first - low
        if first == 0xC1:
            raise Wrong("reserved-byte")
        if first in (0xC0, 0xC2, 0xC3):
            return ("nil", None) if first == 0xC0 else ("bool", first == 0xC3)
        kind, base = next(
            (kind, base)
            for kind, base, last in (
                ("bin", 0xC4, 0xC6), ("ext", 0xC7, 0xC9), ("float", 0xCA, 0xCB), ("int", 0xCC, 0xCF), ("signed", 0xD0, 0xD3),
                ("fixext", 0xD4, 0xD8), ("str", 0xD9, 0xDB), ("array", 0xDC, 0xDD), ("map", 0xDE, 0xDF),
            )
            if first <= last
        )
        step = 1 << (first - base)
        if kind == "signed":
            return "int", self.integer(step, signed=True)
        if kind == "fixext":
            return "ext", step
        if kind == "float":
            return "float", self.integer(4 * step)
        return kind, self.integer(2 * step if kind in ("array", "map") else step)

    def expect(self, *kinds):
        kind, value = self.header()
        if kind not in kinds:
            raise Wrong("wrong-type")
        return value if len(kinds) == 1 else (kind, value)

    def text(self, size):
        try:
            return self.take(size).decode("utf-8")
        except UnicodeDecodeError:
            raise Wrong("invalid-utf8") from None

    def skip(self, nesting=0):
        """The value of an unknown key: well-formed, and not too deep."""
        kind, value = self.header()
        if kind in ("array", "map"):
            if nesting == MAX_NESTING:
                raise Wrong("too-deep")
            for _ in range(value * (2 if kind == "map" else 1)):
                self.skip(nesting + 1)
        elif kind in ("str", "bin", "ext"):
            self.take(value + (kind == "ext"))

    def value(self, name):
        kind = TYPES[name]
        match kind["kind"]:
            case "uint" | "uint64":
                number = self.expect("int")
                if not 0 <= number <= int(kind["max"]):
                    raise Wrong("out-of-range")
                return str(number) if kind["kind"] == "uint64" else number
            case "bool":
                return self.expect("bool")
            case "bytes":
                size = self.expect("bin")
                if kind.get("length", size) != size:
                    raise Wrong("wrong-length" if size <= len(self.data) - self.at else "truncated")
                return self.take(size).hex()
            case "str":
                found, size = self.expect("str", "nil" if kind.get("nullable") else "str")
                if found == "nil":
                    return None
                text = self.text(size)
                if size > kind.get("max_bytes", size):
                    raise Wrong("wrong-length")
                return text
            case "list":
                size = self.expect("array")
                if size > len(self.data) - self.at:
                    raise Wrong("truncated")
                return [self.value(kind["of"]) for _ in range(size)]
            case "map":
                return self.map(kind["max_keys"], lambda key: (key, lambda: self.value(kind["of"])))
            case "tuple":
                return self.fields(kind, self.expect("array"))

    def map(self, most, entry):
        size, seen, result = self.expect("map"), set(), {}
        if size > most:
            raise Wrong("too-many-keys")
        for _ in range(size):
            key = self.text(self.expect("str"))
            if key in seen:
                raise Wrong("duplicate-key")
            seen.add(key)
            name, read = entry(key)
            if name is None:
                self.skip()
            else:
                result[name] = read()
        return result

    def fields(self, definition, size, result=None):
        """The fields of a message or tuple, then its extension map if there is one element more."""
        fields, known = definition["fields"], {entry["key"]: entry["type"] for entry in definition.get("ext", [])}
        extensible = "name" in definition or "ext" in definition
        if not len(fields) <= size <= len(fields) + extensible:
            raise Wrong("wrong-arity")
        result = result or {}
        for field in fields:
            result[field["name"]] = self.value(field["type"])
        if size > len(fields):
            ext = self.map(MAX_KEYS, lambda key: (key if key in known else None, lambda: self.value(known[key])))
            if ext:
                result["ext"] = ext
        return result


def decode(body):
    reader = Reader(body)
    kind, size = reader.header()
    if kind != "array" or size == 0:
        raise Wrong("not-a-message")
    kind, length = reader.header()
    if kind != "str":
        raise Wrong("not-a-message")
    name = reader.text(length)
    if name not in MESSAGES:
        raise Wrong("unknown-message")
    message = reader.fields(MESSAGES[name], size - 1, {"type": name})
    if reader.at < len(body):
        raise Wrong("trailing-bytes")
    return message


def expand(value):
    """Hex or text that is too long to print stands there as pieces."""
    if isinstance(value, dict) and value.keys() == {"repeat", "times"}:
        return value["repeat"] * value["times"]
    if isinstance(value, dict):
        return {key: expand(item) for key, item in value.items()}
    return [expand(item) for item in value] if isinstance(value, list) else value


def verdict(body):
    try:
        return decode(body), None
    except Wrong as error:
        return None, str(error)


wrong = tests = 0
for group in json.loads((folder / "codec-bin.json").read_text())["testGroups"]:
    for test in group["tests"]:
        tests += 1
        pieces = expand(test["hex"])
        body = bytes.fromhex("".join(pieces))
        bodies = [body[:end] for end in range(1, len(body))] if test.get("cuts") == "all" else [body]
        for body in bodies:
            message, error = verdict(body)
            if test["result"] == "valid":
                right = message == expand(test["message"])
            else:
                right = error in (test["error"], *test.get("otherErrors", []))
            if not right:
                wrong += 1
                print(test["tcId"], test["comment"], error or message)
print(f"{tests} tests, {wrong} wrong")
sys.exit(1 if wrong else 0)
