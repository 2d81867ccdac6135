"""padme.json: how long the padded plaintext of seal 2 is."""

from __future__ import annotations

import rules_sealing
from document import Document, Group
from file_schema import COUNT, Shape, said, schema_of
from notes_sealing import PADDING_NOTES
from sealing import padded_length

SOURCE = "the formula of PADMÉ in integers (generate/sealing.py)"
ALGORITHM = "PADMÉ, at least 256"
LARGEST_DATA = 1_032_064
LARGEST_ARRAY = LARGEST_DATA + 78

schema = schema_of(
    "padme",
    "Vectors of padding",
    ALGORITHM,
    {
        "Length": Shape(
            description="An array of `length` bytes is padded to `padded` bytes.",
            inputs={"length": said(COUNT, "L, bytes."), "padded": said(COUNT, "max(256, PADMÉ(L)), bytes.")},
            outputs={},
            errors=["wrong-padding"],
        ),
        "PaddedLength": Shape(
            description="Whether any array is padded to `padded` bytes.",
            inputs={"padded": said(COUNT, "The length of a plaintext, bytes.")},
            outputs={},
            errors=["wrong-padding"],
        ),
    },
)


def build() -> str:
    document = Document("padme", ALGORITHM, "vectors/generate/padding.py", PADDING_NOTES, rules_sealing.padme)
    _lengths(document.group("Length", SOURCE))
    _padded(document.group("PaddedLength", SOURCE))
    return document.render()


def _lengths(group: Group) -> None:
    edges = {0, 1, 2, 3, 25, 26, 127, 128, 254}
    for k in range(8, 21):
        edges |= {2**k - 1, 2**k, 2**k + 1}
    edges |= {271, 272, 273, 1000, 1023 + 32, 1088, 1089, 9999, 65_537 + 2048, 131_071 - 4096, 999_999}
    edges |= {LARGEST_ARRAY, LARGEST_ARRAY - 1, 1_032_192, 1_032_193}
    for length in sorted(edges):
        padded = padded_length(length)
        flags = ["Smallest"] if padded == 256 else []
        if length & (length - 1) == 0 or (length + 1) & length == 0 or (length - 1) & (length - 2) == 0:
            flags.append("Power")
        if length == LARGEST_ARRAY:
            flags.append("Largest")
        group.add(f"{length} bytes", flags, "valid", length=length, padded=padded)
    for length in sorted(edges):
        for comment, flags, padded in _claims(length):
            if padded != padded_length(length):
                group.add(
                    f"{length} bytes, {comment}", flags, "invalid", length=length, padded=padded, error="wrong-padding"
                )


def _claims(length: int) -> list[tuple[str, list[str], int]]:
    """Padded lengths that mistakes give, at the lengths where they are told apart."""
    right = padded_length(length)
    if length in (0, 2, 254, 255):
        return [("not padded", ["Smallest"], length), ("one byte more", ["OffByOne"], 257)]
    power = 1 << (length - 1).bit_length() if length else 1
    claims = {
        "one byte more": (["OffByOne"], right + 1),
        "padded to a power of two": (["PowerOfTwo"], power),
        "S one too large": (["Formula"], _with_bits(length, 1)),
        "S one too small": (["Formula"], _with_bits(length, -1)),
    }
    if right > length:
        claims["not padded"] = (["Unpadded"], length)
    seen: set[int] = set()
    out = []
    for comment, (flags, padded) in claims.items():
        if length >= 256 and padded >= length and padded not in seen:
            seen.add(padded)
            out.append((comment, flags, padded))
    return out[:2]


def _with_bits(length: int, more: int) -> int:
    exponent = length.bit_length() - 1
    bits = exponent.bit_length() + more
    mask = (1 << max(0, exponent - bits)) - 1
    return (length + mask) & ~mask


def _padded(group: Group) -> None:
    right = [256, 272, 288, 496, 512, 544, 1024, 1088, 4096, 65_536, 67_584, 1_032_192, 2**20]
    for padded in right:
        group.add(f"{padded} bytes", ["Smallest"] if padded == 256 else [], "valid", padded=padded)
    wrong = [
        0,
        1,
        2,
        16,
        128,
        255,
        257,
        264,
        273,
        511,
        513,
        528,
        1025,
        1056,
        4097,
        65_537,
        66_560,
        1_032_142,
        1_032_193,
    ]
    for padded in wrong:
        flags = ["Smallest"] if padded < 256 else ["Unpadded"]
        group.add(f"{padded} bytes: no padded length", flags, "invalid", padded=padded, error="wrong-padding")
