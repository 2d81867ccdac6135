"""The wrong blobs of seal-2.json: each differs from a right one in one thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgpack
from document import Group, derived
from sealing import flip, group_key, padded_length, xchacha
from wire import Map, Raw, array_header, pack, sized

if TYPE_CHECKING:
    from seals import Sealer


def add(group: Group, sealer: Sealer) -> None:
    _around(group, sealer)
    _keys_and_aad(group, sealer)
    _padding(group, sealer)
    _elements(group, sealer)


def _usual() -> list:
    epoch, seen = derived("epoch", 16), derived("seen blob", 16)
    return [derived("author", 16), 7, epoch, 41, seen, b"data"]


def _pad(body: bytes) -> bytes:
    return body.ljust(padded_length(len(body)), b"\0")


def _wrong(group: Group, sealer: Sealer, comment: str, flags: list[str], sealed: bytes, error: str, *others: str):
    more = {"otherErrors": list(others)} if others else {}
    flags = [*flags, "Ambiguous"] if others else flags
    group.add(comment, flags, "invalid", **sealer.context(), sealed=sealed.hex(), error=error, **more)


def _around(group: Group, sealer: Sealer) -> None:
    right = sealer.seal("around", _pad(msgpack.packb(_usual())))
    _wrong(group, sealer, "no byte", ["Short"], b"", "too-short")
    for length in (1, 2, 17, 24, 25, 26, 40):
        _wrong(group, sealer, f"{length} bytes", ["Short"], right[:length], "too-short")
    for version in (0, 1, 3, 0x12, 0x80, 0xFF):
        _wrong(group, sealer, f"version {version}", ["Version"], bytes([version]) + right[1:], "wrong-version")
    _wrong(group, sealer, "the version as text", ["Version"], b"2" + right[1:], "wrong-version")
    _wrong(group, sealer, "no version byte", ["Version"], right[1:], "wrong-version")
    nonce = derived("seal 1", 24)
    seal_1 = nonce + xchacha(sealer.seal_1_key, nonce, bytes(300))
    _wrong(group, sealer, "a seal 1", ["OtherSeal"], seal_1, "wrong-version")
    chance = b"\x02" + nonce[1:]
    seal_1 = chance + xchacha(sealer.seal_1_key, chance, bytes(300))
    _wrong(group, sealer, "a seal 1 whose nonce begins with 2", ["OtherSeal"], seal_1, "decrypt")
    places = {
        "first byte of the nonce": 1,
        "last byte of the nonce": 24,
        "first byte of the ciphertext": 25,
        "last byte of the ciphertext": -17,
        "first byte of the tag": -16,
        "last byte of the tag": -1,
    }
    for place, at in places.items():
        _wrong(group, sealer, f"the {place} is changed", ["Tampered"], flip(right, at, 0x80), "decrypt")
    _wrong(group, sealer, "the tag is all zero", ["Tampered"], right[:-16] + bytes(16), "decrypt")
    _wrong(group, sealer, "one byte less", ["Tampered"], right[:-1], "decrypt")
    _wrong(group, sealer, "one byte more", ["Tampered"], right + b"\0", "decrypt")
    _wrong(group, sealer, "two version bytes", ["Tampered"], b"\x02" + right, "decrypt")
    swapped = right[:25] + right[-16:] + right[25:-16]
    _wrong(group, sealer, "the tag in front of the ciphertext", ["Tampered"], swapped, "decrypt")


def _keys_and_aad(group: Group, sealer: Sealer) -> None:
    plaintext = _pad(msgpack.packb(_usual()))
    label, group_id, blob_id = b"0k-sync-seal-2", sealer.group_id, sealer.blob_id
    keys = {
        "the key of another group": sealer.other_key,
        "the key of seal 1": sealer.seal_1_key,
        "the device-name key": group_key(derived("seal 2 secret", 32), "device-name"),
        "the group secret itself as key": derived("seal 2 secret", 32),
    }
    for comment, key in keys.items():
        _wrong(group, sealer, comment, ["OtherKey"], sealer.seal(comment, plaintext, key=key), "decrypt")
    aads = {
        "sealed for another group": ("OtherGroup", label + derived("another group", 32) + blob_id),
        "sealed for another group by one bit": ("OtherGroup", label + flip(group_id, 31) + blob_id),
        "sealed for another blob": ("OtherBlob", label + group_id + derived("another blob", 16)),
        "sealed for another blob by one bit": ("OtherBlob", label + group_id + flip(blob_id, 0)),
        "no additional data": ("OtherAad", b""),
        "additional data without label": ("OtherAad", group_id + blob_id),
        "additional data without group_id": ("OtherAad", label + blob_id),
        "additional data without blob_id": ("OtherAad", label + group_id),
        "blob_id before group_id": ("OtherAad", label + blob_id + group_id),
        "the label at the end": ("OtherAad", group_id + blob_id + label),
        "the label with a terminator": ("OtherAad", label + b"\0" + group_id + blob_id),
        "the label of seal 1": ("OtherAad", b"0k-sync-seal-1" + group_id + blob_id),
        "the version byte in the additional data": ("OtherAad", b"\x02" + label + group_id + blob_id),
        "blob_id as hex": ("OtherAad", label + group_id + blob_id.hex().encode()),
    }
    for comment, (flag, aad) in aads.items():
        _wrong(group, sealer, comment, [flag], sealer.seal(comment, plaintext, aad), "decrypt")


def _padding(group: Group, sealer: Sealer) -> None:
    small = msgpack.packb(_usual())
    large = msgpack.packb([*_usual()[:5], bytes([0xA5]) * 600])
    right, step = padded_length(len(large)), 32

    def wrong(comment: str, plaintext: bytes, *others: str, flag: str = "PaddingLength") -> None:
        _wrong(group, sealer, comment, [flag], sealer.seal(comment, plaintext), "wrong-padding", *others)

    def filled(comment: str, plaintext: bytes) -> None:
        wrong(comment, plaintext, flag="PaddingByte")

    filled("the first byte of the padding is 1", small + b"\x01" + bytes(255 - len(small)))
    filled("the last byte of the padding is 1", small.ljust(255, b"\0") + b"\x01")
    filled("a byte in the middle of the padding is 0x80", flip(small.ljust(256, b"\0"), 200, 0x80))
    filled("the padding begins with 0x80", small + b"\x80" + bytes(255 - len(small)))
    filled("the padding is its own length, as in PKCS #7", small + bytes([256 - len(small)]) * (256 - len(small)))
    filled("the padding is random", small + derived("padding", 256 - len(small)))
    filled("the padding is spaces", small.ljust(256, b" "))
    filled("a second array in the padding", (small + small).ljust(256, b"\0"))
    filled("nil after the array", (small + b"\xc0").ljust(256, b"\0"))
    wrong("a small array without padding", small, "too-short")
    wrong("a small array padded to 255 bytes", small.ljust(255, b"\0"), "too-short")
    wrong("a small array padded to 128 bytes", small.ljust(128, b"\0"), "too-short")
    wrong("a small array padded to 257 bytes", small.ljust(257, b"\0"))
    wrong("a small array padded to 272 bytes, a length of other arrays", small.ljust(272, b"\0"))
    wrong("a small array padded to 512 bytes", small.ljust(512, b"\0"))
    wrong("a large array without padding", large)
    wrong("padded one byte too little", large.ljust(right - 1, b"\0"))
    wrong("padded one byte too far", large.ljust(right + 1, b"\0"))
    wrong("padded one step too far", large.ljust(right + step, b"\0"))
    wrong("padded to a multiple of 16 that is no length of PADMÉ", large.ljust(right + 16, b"\0"))
    wrong("padded to a power of two", large.ljust(1024, b"\0"))


def _elements(group: Group, sealer: Sealer) -> None:
    names = ["author", "seq", "seen_epoch", "seen_cursor", "seen_blob", "data"]

    def wrong(comment: str, flag: str, body: bytes) -> None:
        _wrong(group, sealer, comment, [flag], sealer.seal(comment, _pad(body)), "malformed")

    def with_value(name: str, value: object) -> bytes:
        return pack([value if each == name else usual for each, usual in zip(names, _usual(), strict=True)])

    for name in ("author", "seq", "seen_cursor", "data"):
        wrong(f"{name}: nil", "Nil", with_value(name, None))
    for name in ("seq", "seen_cursor"):
        for what, value in (("7.0 in 8 bytes", "cb401c000000000000"), ("7.0 in 4 bytes", "ca40e00000")):
            wrong(f"{name}: a float, {what}", "Float", with_value(name, Raw(bytes.fromhex(value))))
        wrong(f"{name}: -1", "Negative", with_value(name, Raw(b"\xff")))
        wrong(f"{name}: the smallest integer there is", "Negative", with_value(name, Raw(sized(-(2**63), "int64"))))
        wrong(f"{name}: a string", "Type", with_value(name, "7"))
        wrong(f"{name}: 8 bytes", "Type", with_value(name, (7).to_bytes(8, "big")))
        wrong(f"{name}: true", "Type", with_value(name, True))
    for name in ("author", "seen_epoch", "seen_blob"):
        for length in (0, 15, 17, 32):
            wrong(f"{name}: {length} bytes", "Type", with_value(name, bytes(length)))
        wrong(f"{name}: a string of 16 bytes", "Type", with_value(name, "a" * 16))
        wrong(f"{name}: an array of 16 integers", "Type", with_value(name, [0] * 16))
        wrong(f"{name}: 0", "Type", with_value(name, 0))
        wrong(f"{name}: an ext type of 16 bytes", "Type", with_value(name, Raw(b"\xd8\x01" + bytes(16))))
    wrong("data: a string", "Type", with_value("data", "data"))
    wrong("data: an array of integers", "Type", with_value("data", [100, 97, 116, 97]))
    wrong("data: an ext type", "Type", with_value("data", Raw(b"\xd6\x01data")))
    wrong("data: 0xc1", "Type", with_value("data", Raw(b"\xc1")))
    wrong("data is missing", "Arity", pack(_usual()[:5]))
    wrong("author is missing", "Arity", pack(_usual()[1:]))
    wrong("an empty array", "Arity", b"\x90")
    wrong("a seventh element, nil", "Arity", pack([*_usual(), None]))
    wrong("a seventh element, an empty map", "Arity", pack([*_usual(), Map()]))
    wrong("a seventh element, bytes", "Arity", pack([*_usual(), b"more"]))
    wrong("the name of a message in front", "Arity", pack(["Seal", *_usual()]))
    wrong("a map", "Type", pack(Map(zip(names, _usual(), strict=True))))
    wrong("the array within an array", "Arity", pack([_usual()]))
    wrong("bytes that hold the array", "Type", pack(pack(_usual())))
    wrong("only zero bytes", "Type", bytes(256))
    wrong("the plaintext of a seal 1", "Type", b"Hello, sync world!")
    small = pack(_usual())
    wrong("the padding in front of the array", "Type", bytes(256 - len(small)) + small)
    lying = pack(_usual()[:5])[1:]
    wrong("data announce more than follows", "Truncated", array_header(6) + lying + b"\xc5\x01\x00data")
    wrong("data announce 4 GiB", "Truncated", array_header(6) + lying + b"\xc6\xff\xff\xff\xffdata")
    wrong("the array announces 2^32-1 elements", "Arity", b"\xdd\xff\xff\xff\xff" + pack(_usual())[1:])
    _wrong(
        group,
        sealer,
        "no plaintext",
        ["Truncated"],
        sealer.seal("no plaintext", b""),
        "malformed",
        "wrong-padding",
        "too-short",
    )
    full = pack([*_usual()[:5], bytes(200)])
    comment = "the plaintext ends within data, at 256 bytes"
    _wrong(group, sealer, comment, ["Truncated"], sealer.seal(comment, full[:256]), "malformed")
