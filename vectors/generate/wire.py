"""MessagePack written byte by byte, in whatever form a test asks for.

The canonical form comes from the msgpack library (see `canonical`); this module exists for the forms that no library
writes: wider headers than needed, signed positive integers, and plain nonsense.
"""

from __future__ import annotations

import struct

import msgpack


class Raw(bytes):
    """Bytes that go to the wire as they are."""


class Map(list):
    """A map as a list of (key, value) pairs: order and duplicates are kept."""


def sized(value: int, kind: str) -> bytes:
    """An integer in one explicit MessagePack form, such as 'uint16' or 'int8'."""
    tag, code = {
        "uint8": (0xCC, ">B"),
        "uint16": (0xCD, ">H"),
        "uint32": (0xCE, ">I"),
        "uint64": (0xCF, ">Q"),
        "int8": (0xD0, ">b"),
        "int16": (0xD1, ">h"),
        "int32": (0xD2, ">i"),
        "int64": (0xD3, ">q"),
    }[kind]
    return bytes([tag]) + struct.pack(code, value)


def _header(tag_by_width: dict[int, int], length: int, width: int) -> bytes:
    return bytes([tag_by_width[width]]) + length.to_bytes(width, "big")


STR = {1: 0xD9, 2: 0xDA, 4: 0xDB}
BIN = {1: 0xC4, 2: 0xC5, 4: 0xC6}
ARRAY = {2: 0xDC, 4: 0xDD}
MAP = {2: 0xDE, 4: 0xDF}


def text(data: bytes | str, width: int | None = None) -> Raw:
    """A string; `width` forces a header with a length of 1, 2 or 4 bytes. The bytes need not be UTF-8."""
    data = data.encode() if isinstance(data, str) else data
    if width is None:
        if len(data) < 32:
            return Raw(bytes([0xA0 | len(data)]) + data)
        width = 1 if len(data) < 2**8 else 2 if len(data) < 2**16 else 4
    return Raw(_header(STR, len(data), width) + data)


def binary(data: bytes, width: int | None = None) -> Raw:
    if width is None:
        width = 1 if len(data) < 2**8 else 2 if len(data) < 2**16 else 4
    return Raw(_header(BIN, len(data), width) + data)


def array_header(length: int, width: int | None = None) -> bytes:
    if width is None:
        if length < 16:
            return bytes([0x90 | length])
        width = 2 if length < 2**16 else 4
    return _header(ARRAY, length, width)


def map_header(length: int, width: int | None = None) -> bytes:
    if width is None:
        if length < 16:
            return bytes([0x80 | length])
        width = 2 if length < 2**16 else 4
    return _header(MAP, length, width)


def integer(value: int, form: str) -> bytes:
    """`form`: 'short', 'wide' (always uint64) or 'signed' (int64 where the value fits)."""
    if form == "wide":
        return sized(value, "uint64")
    if form == "signed" and value < 2**63:
        return sized(value, "int64")
    return msgpack.packb(value)


def pack(node, form: str = "short") -> bytes:
    """Writes a tree. `form` 'wide' uses the longest header and integer everywhere, 'signed' int64 for integers."""
    wide = form == "wide"
    if isinstance(node, Raw):
        return bytes(node)
    if node is None:
        return b"\xc0"
    if isinstance(node, bool):
        return b"\xc3" if node else b"\xc2"
    if isinstance(node, int):
        return integer(node, form)
    if isinstance(node, str):
        return text(node, 4 if wide else None)
    if isinstance(node, (bytes, bytearray)):
        return binary(node, 4 if wide else None)
    if isinstance(node, Map):
        body = b"".join(pack(key, form) + pack(value, form) for key, value in node)
        return map_header(len(node), 4 if wide else None) + body
    if isinstance(node, list):
        return array_header(len(node), 4 if wide else None) + b"".join(pack(item, form) for item in node)
    raise TypeError(f"cannot write {type(node).__name__}")


def plain(node):
    """The tree as the msgpack library takes it: Map becomes dict, keys by their UTF-8 bytes."""
    if isinstance(node, Map):
        return {key: plain(value) for key, value in sorted(node, key=lambda pair: pair[0].encode())}
    if isinstance(node, list):
        return [plain(item) for item in node]
    return node


def canonical(node) -> bytes:
    """The canonical bytes, by the msgpack library."""
    return msgpack.packb(plain(node), use_bin_type=True)
