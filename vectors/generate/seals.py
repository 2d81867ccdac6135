"""seal-1.json and seal-2.json: blobs as they are pushed, and what is in them."""

from __future__ import annotations

import hashlib

import msgpack
import rules_sealing
import seal_faults
from document import Document, Group, derived
from file_schema import BYTES, COUNT, HEX, U64, Shape, fixed, nilable, record, said, schema_of
from notes_sealing import SEAL_NOTES
from sealing import flip, group_key, padded_length, source, xchacha
from wire import Raw, binary, pack

ALGORITHM_1 = "0k-Sync seal 1: XChaCha20-Poly1305"
ALGORITHM_2 = "0k-Sync seal 2: XChaCha20-Poly1305, padded"
DEPLOYED = "sources/seal1.json: the deployed implementation"
MADE = "libsodium (PyNaCl) and msgpack, generate/seals.py"
LABEL = b"0k-sync-seal-2"
LARGEST_DATA = 1_032_064

KEY = said(fixed(32), "The key of this seal, from the group secret.")
OPENED_2 = record(
    {
        "author": fixed(16),
        "seq": U64,
        "seen_epoch": nilable(fixed(16)),
        "seen_cursor": U64,
        "seen_blob": nilable(fixed(16)),
        "data": BYTES,
    }
)

schema_1 = schema_of(
    "seal-1",
    "Vectors of seal 1",
    ALGORITHM_1,
    {
        "Seal1": Shape(
            inputs={"key": KEY, "sealed": said(HEX, "nonce 24 ‖ ciphertext ‖ tag 16.")},
            outputs={"opened": said(HEX, "The plaintext.")},
            errors=["too-short", "decrypt"],
        )
    },
)

schema_2 = schema_of(
    "seal-2",
    "Vectors of seal 2",
    ALGORITHM_2,
    {
        "Seal2": Shape(
            inputs={
                "key": KEY,
                "group_id": fixed(32),
                "blob_id": fixed(16),
                "sealed": said(HEX, "0x02 ‖ nonce 24 ‖ ciphertext ‖ tag 16."),
            },
            outputs={"opened": OPENED_2},
            errors=["too-short", "wrong-version", "decrypt", "malformed", "wrong-padding"],
            acceptable=True,
        ),
        "Seal2Large": Shape(
            description="The blob is 0x02 ‖ nonce ‖ XChaCha20-Poly1305(key, nonce, plaintext, the right additional data): "
            "make it first.",
            inputs={
                "key": KEY,
                "group_id": fixed(32),
                "blob_id": fixed(16),
                "nonce": fixed(24),
                "plaintext": said(BYTES, "P: the array and its padding."),
                "sealedLength": said(COUNT, "Of the blob, bytes."),
                "sealedSha256": said(fixed(32), "SHA-256 of the blob."),
            },
            outputs={"opened": OPENED_2},
            errors=["malformed", "wrong-padding", "too-large"],
        ),
    },
)


def build_1() -> str:
    document = Document("seal-1", ALGORITHM_1, "vectors/generate/seals.py", SEAL_NOTES, rules_sealing.seal_1)
    group = document.group("Seal1", DEPLOYED)
    for index, each in enumerate(source("seal1.json")):
        comment = f"{each['note']}, secret {each['group_secret'][:4]}… ({index + 1})"
        flags = ["Deployed", "Empty"] if each["plaintext"] == "" else ["Deployed"]
        key, nonce, plaintext = (bytes.fromhex(each[name]) for name in ("encryption_key", "nonce", "plaintext"))
        if (nonce + xchacha(key, nonce, plaintext)).hex() != each["payload"]:
            raise ValueError(f"libsodium gives another blob than sources/seal1.json: {comment}")
        group.add(comment, flags, "valid", key=each["encryption_key"], sealed=each["payload"], opened=each["plaintext"])
    _wrong_1(document.group("Seal1", MADE))
    return document.render()


def _wrong_1(group: Group) -> None:
    secret = derived("seal 1 secret", 32)
    key, nonce = group_key(secret, "encryption"), derived("seal 1 nonce", 24)
    right = nonce + xchacha(key, nonce, b"Hello, sync world!")
    empty = nonce + xchacha(key, nonce, b"")

    def wrong(comment: str, flag: str, sealed: bytes, error: str = "decrypt", with_key: bytes = key) -> None:
        group.add(comment, [flag], "invalid", key=with_key.hex(), sealed=sealed.hex(), error=error)

    for length in (0, 1, 16, 23, 24, 25, 38, 39):
        wrong(f"{length} bytes", "Short", right[:length], "too-short")
    wrong("40 bytes of a longer blob", "Tampered", right[:40])
    for comment, at in (("first", 0), ("last", 23)):
        wrong(f"the {comment} byte of the nonce is changed", "Tampered", flip(right, at))
    for comment, at in (("first", 24), ("last", len(right) - 17)):
        wrong(f"the {comment} byte of the ciphertext is changed", "Tampered", flip(right, at))
    for comment, at in (("first", -16), ("last", -1)):
        wrong(f"the {comment} byte of the tag is changed", "Tampered", flip(right, at, 0x80))
    wrong("the tag of no data is changed", "Tampered", flip(empty, -1))
    wrong("the tag is all zero", "Tampered", right[:-16] + bytes(16))
    wrong("one byte less", "Tampered", right[:-1])
    wrong("one byte more", "Tampered", right + b"\0")
    wrong("the tag in front of the ciphertext", "Tampered", nonce + right[-16:] + right[24:-16])
    wrong("the nonce at the end", "Tampered", right[24:] + nonce)
    wrong("the key of another group", "OtherKey", right, with_key=group_key(derived("another", 32), "encryption"))
    wrong("the group secret itself as key", "OtherKey", nonce + xchacha(secret, nonce, b"x"))
    wrong("the key of seal 2", "OtherKey", nonce + xchacha(group_key(secret, "encryption-2"), nonce, b"x"))
    wrong("the authentication key", "OtherKey", nonce + xchacha(group_key(secret, "authentication"), nonce, b"x"))
    wrong("additional data, of which seal 1 has none", "OtherAad", nonce + xchacha(key, nonce, b"x", LABEL))
    wrong("a version byte in front", "OtherSeal", b"\x01" + right)
    wrong("a seal 2", "OtherSeal", b"\x02" + nonce + xchacha(key, nonce, bytes(256), LABEL + bytes(48)))


class Sealer:
    """Seals for one group; the nonce depends on the comment alone."""

    def __init__(self, secret: bytes = derived("seal 2 secret", 32)):
        self.key = group_key(secret, "encryption-2")
        self.other_key = group_key(derived("another secret", 32), "encryption-2")
        self.seal_1_key = group_key(secret, "encryption")
        self.group_id = derived("seal 2 group", 32)
        self.blob_id = derived("seal 2 blob", 16)

    def nonce(self, comment: str) -> bytes:
        return derived("seal 2 nonce " + comment, 24)

    def seal(self, comment: str, plaintext: bytes, aad: bytes | None = None, key: bytes | None = None) -> bytes:
        aad = LABEL + self.group_id + self.blob_id if aad is None else aad
        return b"\x02" + self.nonce(comment) + xchacha(key or self.key, self.nonce(comment), plaintext, aad)

    def context(self) -> dict:
        return {"key": self.key.hex(), "group_id": self.group_id.hex(), "blob_id": self.blob_id.hex()}


def array(data: bytes = b"data", **other) -> list:
    """The six elements, the usual ones unless said."""
    usual = {
        "author": derived("author", 16),
        "seq": 7,
        "seen_epoch": derived("epoch", 16),
        "seen_cursor": 41,
        "seen_blob": derived("seen blob", 16),
    }
    return [*(usual | other).values(), data]


def padded(body: bytes, to: int | None = None) -> bytes:
    return body.ljust(padded_length(len(body)) if to is None else to, b"\0")


def shown(elements: list, data: object = None) -> dict:
    author, seq, epoch, cursor, blob, body = elements
    return {
        "author": author.hex(),
        "seq": str(seq),
        "seen_epoch": None if epoch is None else epoch.hex(),
        "seen_cursor": str(cursor),
        "seen_blob": None if blob is None else blob.hex(),
        "data": body.hex() if data is None else data,
    }


def build_2() -> str:
    document = Document("seal-2", ALGORITHM_2, "vectors/generate/seals.py", SEAL_NOTES, rules_sealing.seal_2)
    sealer = Sealer()
    group = document.group("Seal2", MADE)
    _right_2(group, sealer)
    seal_faults.add(group, sealer)
    _large(document.group("Seal2Large", MADE), sealer)
    return document.render()


def _right_2(group: Group, sealer: Sealer) -> None:
    def right(comment: str, flags: list[str], elements: list, form: str = "short", result: str = "valid") -> None:
        body = msgpack.packb(elements) if form == "short" else pack(elements, form)
        sealed = sealer.seal(comment, padded(body))
        group.add(comment, flags, result, **sealer.context(), sealed=sealed.hex(), opened=shown(elements))

    first = {"seq": 1, "seen_epoch": None, "seen_cursor": 0, "seen_blob": None}
    fixed_part = len(msgpack.packb(array(b""))) - 2
    right("a few bytes", ["Canonical"], array())
    right("no data", ["Canonical", "Empty"], array(b""))
    right("an author's first blob, nothing pulled", ["Canonical", "FirstBlob"], array(**first))
    right("nothing pulled, no data", ["Canonical", "FirstBlob", "Empty"], array(b"", **first))
    right("an epoch but no blob pulled in it", ["Canonical", "FirstBlob"], array(seen_cursor=0, seen_blob=None))
    right("data that look like an array", ["Canonical"], array(bytes.fromhex("96c0c0c0c0c0c0")))
    right("data that end in zero bytes", ["Canonical"], array(b"ends in" + bytes(9)))
    right("data that are all zero", ["Canonical"], array(bytes(40)))
    for number in (127, 128, 255, 256, 65_535, 65_536, 2**32 - 1, 2**32):
        right(f"seq {number}", ["Canonical", "Boundary"], array(seq=number))
    for number in (2**53, 2**53 + 1, 2**63 - 1, 2**63, 2**64 - 1):
        right(f"seq and seen_cursor {number}", ["Canonical", "BigInteger"], array(seq=number, seen_cursor=number))
    for length in (256 - fixed_part - 2, 256 - fixed_part - 1, 271 - fixed_part, 272 - fixed_part, 255, 256):
        right(f"{length} bytes of data", ["Canonical", "Boundary"], array(bytes([0xA5]) * length))
    right("every integer in 9 bytes, every header in its longest form", ["OtherForm"], array(), "wide", "acceptable")
    right("integers in signed forms", ["OtherForm"], array(), "signed", "acceptable")
    wide = array()
    wide[5] = binary(b"data", 2)
    comment = "the header of data is longer than need be"
    opened = shown(array())
    sealed = sealer.seal(comment, padded(pack([Raw(pack(each)) for each in wide])))
    group.add(comment, ["OtherForm"], "acceptable", **sealer.context(), sealed=sealed.hex(), opened=opened)
    right("seq 0: an author counts from 1", ["Odd"], array(seq=0), result="acceptable")
    right("seen_blob without seen_epoch", ["Odd"], array(seen_epoch=None), result="acceptable")
    right("seen_cursor 0 with a seen_blob", ["Odd"], array(seen_cursor=0), result="acceptable")


def _large(group: Group, sealer: Sealer) -> None:
    def add(comment: str, flags: list[str], length: int, error: str | None = None, extra: int = 0, **other) -> None:
        elements = array(b"", **other)
        head = msgpack.packb([*elements[:5], bytes([0xA5]) * length])[:-length]
        zeros = padded_length(len(head) + length) + extra - len(head) - length
        plaintext = [head.hex(), {"repeat": "a5", "times": length}]
        if zeros:
            plaintext.append({"repeat": "00", "times": zeros})
        sealed = sealer.seal(comment, head + bytes([0xA5]) * length + bytes(zeros))
        inputs = {
            **sealer.context(),
            "nonce": sealer.nonce(comment).hex(),
            "plaintext": plaintext,
            "sealedLength": len(sealed),
            "sealedSha256": hashlib.sha256(sealed).hexdigest(),
        }
        if error is None:
            inputs["opened"] = shown(elements, {"repeat": "a5", "times": length})
        group.add(comment, ["Large", *flags], "valid" if error is None else "invalid", error=error, **inputs)

    big = {"seq": 2**64 - 1, "seen_cursor": 2**64 - 1}
    for length in (65_535, 65_536, 500_000):
        add(f"{length} bytes of data", ["Canonical", "Boundary"], length)
    add("the most data", ["Canonical", "Boundary"], LARGEST_DATA)
    add("the most data, the largest integers", ["Canonical", "BigInteger"], LARGEST_DATA, **big)
    add("one byte of data too many", ["TooLarge"], LARGEST_DATA + 1, "too-large")
    add("one byte too many, the shortest array", ["TooLarge"], LARGEST_DATA + 1, "too-large", seen_epoch=None, seq=1)
    add("data that just fit into a blob of 1,048,576 bytes", ["TooLarge"], 1_048_576 - 16_384 - 64, "too-large")
    add("2^20 bytes of data", ["TooLarge"], 2**20, "too-large")
    add("500,000 bytes, padded one byte too far", ["PaddingLength"], 500_000, "wrong-padding", 1)
    add("500,000 bytes, padded one byte too little", ["PaddingLength"], 500_000, "wrong-padding", -1)
    add("the most data, padded one step too far", ["PaddingLength"], LARGEST_DATA, "wrong-padding", 16_384)
