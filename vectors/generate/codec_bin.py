"""codec-bin.json: every message in the encoding `bin`, right and wrong."""

from __future__ import annotations

import msgpack
import rules
from bin_forms import other_forms
from bin_wrong import wrong_bodies, wrong_messages
from document import Document, Group
from examples import EXT, edges, example, special
from messages import MESSAGES, messages_match, to_json, tree
from notes import CODEC_NOTES
from wire import canonical, pack

RIGHT_SOURCE = "canonical bytes by msgpack-python 1.2.4"
OTHER_SOURCE = "bytes written form by form (generate/wire.py); what they say was read back by msgpack-python 1.2.4"


def build() -> str:
    document = Document(
        "codec-bin", "0k-Sync codec, encoding bin", "vectors/generate/codec_bin.py", CODEC_NOTES, rules.codec_bin
    )
    for name in MESSAGES:
        source = f"{RIGHT_SOURCE}; other forms and wrong ones: {OTHER_SOURCE}"
        group = document.group("BinMessage", source, message=name)
        _canonical(group, name)
        for what, flags, message, body in other_forms(name):
            _check(message, body)
            group.add(what, ["OtherForm", *flags], "valid", hex=body.hex(), message=to_json(message), canonical=False)
        for what, flags, error, body, extra in wrong_messages(name):
            group.add(what, flags, "invalid", error=error, hex=body.hex(), **extra)
    group = document.group("BinBody", OTHER_SOURCE)
    for what, flags, error, body, extra in wrong_bodies():
        group.add(what, flags, "invalid", error=error, hex=body.hex(), **extra)
    return document.render()


def _canonical(group: Group, name: str) -> None:
    listed = [("plain", [], example(name))]
    if name in EXT:
        listed.append(("with every known extension key", ["Extension"], example(name, ext=EXT[name])))
        listed += [
            (f"with {key} alone", ["Extension"], example(name, ext={key: value})) for key, value in EXT[name].items()
        ]
    listed += special(name)
    listed += edges(name)
    seen = set()
    for what, flags, message in listed:
        body = canonical(tree(message))
        if body in seen:
            continue
        seen.add(body)
        if pack(tree(message)) != body:
            raise AssertionError(f"{name}, {what}: two writers disagree")
        _check(message, body)
        group.add(what, ["Canonical", *flags], "valid", hex=body.hex(), message=to_json(message), canonical=True)
    if name == "Push":
        for length in (65535, 65536):
            _long_payload(group, length)
    if name == "Hello":
        for length in (65535, 65536):
            _long_name(group, length)


def _long_payload(group: Group, length: int) -> None:
    """A payload too long to print: the bytes and the field are given as a repeated piece."""
    message = example("Push", payload=b"\xa5" * length)
    body = canonical(tree(message))
    head, _, tail = body.partition(b"\xa5" * length)
    shown = {**to_json(message), "payload": {"repeat": "a5", "times": length}}
    parts = [head.hex(), {"repeat": "a5", "times": length}, tail.hex()]
    group.add(
        f"payload of {length} bytes", ["Canonical", "Boundary"], "valid", hex=parts, message=shown, canonical=True
    )


def _long_name(group: Group, length: int) -> None:
    message = example("Hello", device_name="n" * length)
    body = canonical(tree(message))
    head, _, tail = body.partition(b"n" * length)
    shown = {**to_json(message), "device_name": {"repeat": "n", "times": length}}
    parts = [head.hex(), {"repeat": "6e", "times": length}, tail.hex()]
    flags = ["Canonical", "Boundary", "SessionRule"]
    group.add(f"device_name of {length} characters", flags, "valid", hex=parts, message=shown, canonical=True)


def read_back(body: bytes):
    """What the msgpack library reads; maps as lists of pairs, so that duplicates and odd keys survive."""
    return msgpack.unpackb(
        body,
        strict_map_key=False,
        unicode_errors="surrogateescape",
        object_pairs_hook=list,
        max_array_len=2**20,
        max_map_len=2**20,
    )


def _check(message: dict, body: bytes) -> None:
    if not messages_match(to_json(message), read_back(body)):
        raise AssertionError(f"{message['type']}: {body.hex()} reads back as another message")
