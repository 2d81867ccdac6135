"""codec-rmp.json: the encoding `rmp`, as the deployed Rust implementation writes and reads it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import rules
from codec_bin import read_back
from document import Document
from messages import MESSAGES, from_json, messages_match, to_json, tree
from notes import CODEC_NOTES
from rmp_wrong import Odd, message_in, odd_bodies
from wire import pack

SOURCES = Path(__file__).resolve().parent.parent / "sources"
WRITER = "sources/rmp.json: rmp-serde on the deployed Rust implementation's message types"
READER = "sources/rmp-accept.json: what the deployed Rust implementation's decoder takes and refuses"
JUDGED = "generate/rmp_wrong.py; verdicts in sources/rmp-judged.json: rmp-serde 1 on types rebuilt from rmp.json"

# Why the decoder of rmp-accept.json refuses a body, in our classes.
REFUSALS = {
    "Push array, payload as bin8": ("wrong-type", "BytesForArray"),
    "Push array, payload as str": ("wrong-type", "OtherType"),
    "Push array, blob_id as int array 16": ("wrong-type", "ArrayForBytes"),
    "Push array, blob_id bin of 15": ("wrong-length", "Length"),
    "Push array, payload int -1": ("out-of-range", "Negative"),
    "Push array, ttl missing (3 items)": ("wrong-arity", "Arity"),
    "Push array, extra 5th item": ("wrong-arity", "Arity"),
    "Pull array, cursor negative": ("out-of-range", "Negative"),
    "Pull array, cursor float 5.0": ("wrong-type", "Float"),
    "externally tagged map {Pull:[5,10]}": ("not-a-message", "NotAMessage"),
    "Hello, group_id as bin 32": ("wrong-type", "BytesForArray"),
    "Bye, missing reason (1 item)": ("wrong-arity", "Arity"),
    "lying array32 header 2^32-1 elements": ("truncated", "LyingLength"),
}


@dataclass(frozen=True)
class Test:
    message: str | None
    comment: str
    flags: list[str]
    result: str
    fields: dict


def build() -> str:
    document = Document(
        "codec-rmp", "0k-Sync codec, encoding rmp", "vectors/generate/codec_rmp.py", CODEC_NOTES, rules.codec_rmp
    )
    for source, tests in ((WRITER, _written()), (READER, _accepted()), (JUDGED, _judged())):
        for name in (*MESSAGES, None):
            mine = [test for test in tests if test.message == name]
            if mine:
                group = (
                    document.group("RmpMessage", source, message=name) if name else document.group("RmpBody", source)
                )
                for test in mine:
                    group.add(test.comment, test.flags, test.result, **test.fields)
    return document.render()


def _written() -> list[Test]:
    out, seen = [], set()
    for entry in _load("rmp.json"):
        body = bytes.fromhex(entry["body_hex"])
        shown = _shown(entry["name"], entry["fields"])
        if body in seen:
            continue
        seen.add(body)
        if pack(tree(from_json(shown), "rmp")) != body or not messages_match(shown, read_back(body), "rmp"):
            raise AssertionError(f"rmp.json, {entry['name']}, {entry['note']}: another writer or reader disagrees")
        out.append(_taken(f"{entry['name']}: {entry['note']}", [], body, shown))
    return out


def _accepted() -> list[Test]:
    out = []
    for entry in _load("rmp-accept.json"):
        body, note = bytes.fromhex(entry["body_hex"]), entry["note"]
        if entry["accepted"]:
            out.append(_taken(note, [], body, _shown(entry["result"]["name"], entry["result"]["fields"])))
        else:
            error, flag = REFUSALS[note]
            out.append(Test(message_in(note), note, [flag], "invalid", {"error": error, "hex": body.hex()}))
    return out


def _taken(what: str, flags: list[str], body: bytes, shown: dict) -> Test:
    """The writer's own form is valid; whatever else the decoder takes is acceptable."""
    own = pack(tree(from_json(shown), "rmp")) == body
    fields = {"hex": body.hex(), "message": shown, "canonical": own}
    flags, result = (["Canonical", *flags], "valid") if own else (["RustTakes", *flags], "acceptable")
    return Test(shown["type"], what, flags, result, fields)


def _judged() -> list[Test]:
    verdicts = {(entry["body_hex"], entry.get("cuts")): entry["written"] for entry in _load("rmp-judged.json")}
    out = []
    for odd in questions():
        key = (odd.body.hex(), "all" if odd.cuts else None)
        if key not in verdicts:
            raise AssertionError(f"{odd.what}: no verdict, run generate/rmp-serde/judge.py")
        written = verdicts[key]
        if odd.error is None:
            if written is None:
                raise AssertionError(f"{odd.what}: rmp-serde refuses it")
            out.append(_taken(odd.what, odd.flags, odd.body, _read(bytes.fromhex(written))))
        else:
            if written is not None:
                raise AssertionError(f"{odd.what}: rmp-serde takes it, so it must not be invalid")
            fields = {"error": odd.error, "hex": odd.body.hex(), **({"cuts": "all"} if odd.cuts else {})}
            out.append(Test(odd.message, odd.what, odd.flags, "invalid", fields))
    return out


def questions() -> list[Odd]:
    """Every body that rmp-serde is asked about beyond the oracle's own."""
    known = {bytes.fromhex(entry["body_hex"]) for name in ("rmp.json", "rmp-accept.json") for entry in _load(name)}
    out, seen = [], set()
    for odd in odd_bodies():
        key = (odd.body, odd.cuts)
        if key not in seen and (odd.cuts or odd.body not in known):
            seen.add(key)
            out.append(odd)
    return out


def _read(body: bytes) -> dict:
    """A canonical rmp body as a message in JSON; read by msgpack-python."""
    name, *fields = read_back(body)
    return _shown(name, {field: _field(type_, value) for (field, type_), value in zip(MESSAGES[name].fields, fields)})


def _field(type_, value):
    if type_.kind == "bytes":
        return bytes(value).hex()
    if type_.kind == "list":
        return [{field: _field(inner, item) for (field, inner), item in zip(type_.of.fields, blob)} for blob in value]
    return value


def _shown(name: str, fields: dict) -> dict:
    """The oracle shows u64 as strings and bytes as hex, as these files do; only the name moves inside."""
    return to_json(from_json({"type": name, **fields}))


def _load(name: str) -> list[dict]:
    return json.loads((SOURCES / name).read_text(encoding="utf-8"))
