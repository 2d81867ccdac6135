"""ids.json: what names devices, groups and blobs, as bytes and as text."""

from __future__ import annotations

import base64
import hashlib
import json

import rules
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from document import Document, Group, derived
from file_schema import COUNT, HEX, Shape, fixed, said, schema_of
from notes_sealing import ID_NOTES
from sealing import SOURCES, flip, group_key, source

ALGORITHM = "0k-Sync identifiers"
HASHLIB = "hashlib, generate/ids.py"
WRITTEN = "base64 of Python, and by hand; generate/ids.py"
LABEL = b"0k-sync-identity-v1"
V1, V2 = b"0k-sync-group-id-v1", b"0k-sync-group-id-v2"
ERRORS = ["mismatch", "wrong-length"]

schema = schema_of(
    "ids",
    "Vectors of identifiers",
    ALGORITHM,
    {
        "DeviceId": Shape(
            inputs={
                "dhPublic": said(HEX, "Static X25519 key, 32 bytes; another length is the fault."),
                "kemPublic": said(HEX, "Static ML-KEM-768 key, 1184 bytes; another length is the fault."),
                "id": said(fixed(32), "The claimed id."),
            },
            outputs={},
            errors=ERRORS,
        ),
        "GroupIdV2": Shape(
            inputs={"groupKey": said(HEX, "Ed25519 key of the group, 32 bytes."), "id": fixed(32)},
            outputs={},
            errors=ERRORS,
        ),
        "GroupIdV1": Shape(
            inputs={"groupSecret": said(HEX, "32 bytes."), "id": fixed(32)},
            outputs={},
            errors=ERRORS,
        ),
        "Base64url": Shape(
            inputs={"text": {"type": "string"}, "length": said(COUNT, "Bytes that the id has.")},
            outputs={"bytes": HEX},
            errors=["malformed"],
        ),
        "BlobId": Shape(
            inputs={"text": {"type": "string"}},
            outputs={"bytes": fixed(16)},
            errors=["malformed"],
            acceptable=True,
        ),
    },
)


def build() -> str:
    document = Document("ids", ALGORITHM, "vectors/generate/ids.py", ID_NOTES, rules.ids)
    _device_ids(document.group("DeviceId", "keys from sources/noise-hybridXX.json; " + HASHLIB))
    _group_ids(document.group("GroupIdV2", "Ed25519 of cryptography; " + HASHLIB))
    _deployed(document.group("GroupIdV1", "sources/seal1.json, sources/argon2.json: the deployed implementation"))
    _group_ids_v1(document.group("GroupIdV1", HASHLIB))
    _base64url(document.group("Base64url", WRITTEN))
    _blob_ids(document.group("BlobId", WRITTEN))
    return document.render()


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def group_id_v2(key: bytes) -> bytes:
    return sha256(V2, key)


def _device_ids(group: Group) -> None:
    oracle = json.loads((SOURCES / "noise-hybridXX.json").read_text(encoding="utf-8"))
    statics = [vector[side] for vector in oracle["vectors"] for side in ("initiator", "responder")]
    pairs = []
    for each in statics:
        pair = bytes.fromhex(each["s_dh"]["public"]), bytes.fromhex(each["s_kem"]["public"])
        if pair not in pairs:
            pairs.append(pair)

    def add(comment: str, flag: str, dh: bytes, kem: bytes, id_: bytes, error: str | None = None) -> None:
        result = "valid" if error is None else "invalid"
        group.add(comment, [flag], result, dhPublic=dh.hex(), kemPublic=kem.hex(), id=id_.hex(), error=error)

    for index, (dh, kem) in enumerate(pairs[:4]):
        add(f"keys {index + 1}", "DeviceId", dh, kem, sha256(LABEL, dh, kem))
    dh, kem = pairs[0]
    claims = {
        "the X25519 key itself": ("WrongInput", dh),
        "over the X25519 key alone": ("WrongInput", sha256(LABEL, dh)),
        "over the ML-KEM key alone": ("WrongInput", sha256(LABEL, kem)),
        "over the ML-KEM key first": ("WrongInput", sha256(LABEL, kem, dh)),
        "over another X25519 key": ("WrongInput", sha256(LABEL, pairs[1][0], kem)),
        "over another ML-KEM key": ("WrongInput", sha256(LABEL, dh, pairs[1][1])),
        "over lengths and keys": ("WrongInput", sha256(LABEL, b"\0\x20", dh, b"\x04\xa0", kem)),
        "without label": ("WrongLabel", sha256(dh, kem)),
        "the label with a terminator": ("WrongLabel", sha256(LABEL, b"\0", dh, kem)),
        "the label at the end": ("WrongLabel", sha256(dh, kem, LABEL)),
        "the label of version 2": ("WrongLabel", sha256(b"0k-sync-identity-v2", dh, kem)),
    }
    for comment, (flag, id_) in claims.items():
        add(comment, flag, dh, kem, id_, "mismatch")
    for comment, x, y in (
        ("an X25519 key of 31 bytes", dh[:31], kem),
        ("an X25519 key of 33 bytes, an ML-KEM key of 1183: the same bytes", dh + kem[:1], kem[1:]),
        ("an ML-KEM key of 1185 bytes", dh, kem + b"\0"),
    ):
        add(comment, "KeyLength", x, y, sha256(LABEL, x, y), "wrong-length")


def _group_ids(group: Group) -> None:
    def key_of(seed: bytes) -> bytes:
        public = Ed25519PrivateKey.from_private_bytes(seed).public_key()
        return public.public_bytes(Encoding.Raw, PublicFormat.Raw)

    seeds = {
        "of a secret of zeros": group_key(bytes(32), "authentication"),
        "of a random secret": group_key(derived("ids", 32), "authentication"),
    }
    for comment, seed in seeds.items():
        key = key_of(seed)
        group.add(f"the key {comment}", [], "valid", groupKey=key.hex(), id=group_id_v2(key).hex())
    seed = seeds["of a random secret"]
    key = key_of(seed)
    claims = {
        "the key itself": ("WrongInput", key),
        "over the seed": ("WrongInput", sha256(V2, seed)),
        "over the group secret": ("WrongInput", sha256(V2, derived("ids", 32))),
        "over another key by one bit": ("WrongInput", sha256(V2, flip(key, 31, 0x80))),
        "over the key as hex": ("WrongInput", sha256(V2, key.hex().encode())),
        "with the label of v1": ("WrongLabel", sha256(V1, key)),
        "without label": ("WrongLabel", sha256(key)),
        "the label with a terminator": ("WrongLabel", sha256(V2, b"\0", key)),
        "the label at the end": ("WrongLabel", sha256(key, V2)),
    }
    for comment, (flag, id_) in claims.items():
        group.add(comment, [flag], "invalid", groupKey=key.hex(), id=id_.hex(), error="mismatch")
    for length in (31, 33, 64):
        odd = derived("ids", 64)[:length]
        comment = f"a key of {length} bytes"
        inputs = {"groupKey": odd.hex(), "id": group_id_v2(odd).hex()}
        group.add(comment, ["KeyLength"], "invalid", **inputs, error="wrong-length")


def _deployed(group: Group) -> None:
    seen: dict[str, str] = {}
    for name in ("seal1.json", "argon2.json"):
        for each in source(name):
            seen.setdefault(each["group_secret"], each["group_id"])
    for secret, id_ in list(seen.items())[:8]:
        group.add(f"secret {secret[:8]}…", ["Deployed"], "valid", groupSecret=secret, id=id_)


def _group_ids_v1(group: Group) -> None:
    secret = derived("ids", 32)
    group.add("a random secret", [], "valid", groupSecret=secret.hex(), id=sha256(V1, secret).hex())
    claims = {
        "the secret itself": ("WrongInput", secret),
        "over the authentication key": ("WrongInput", sha256(V1, group_key(secret, "authentication"))),
        "over the encryption key": ("WrongInput", sha256(V1, group_key(secret, "encryption"))),
        "over another secret": ("WrongInput", sha256(V1, flip(secret, 0))),
        "with the label of v2": ("WrongLabel", sha256(V2, secret)),
        "without label": ("WrongLabel", sha256(secret)),
        "the label at the end": ("WrongLabel", sha256(secret, V1)),
    }
    for comment, (flag, id_) in claims.items():
        group.add(comment, [flag], "invalid", groupSecret=secret.hex(), id=id_.hex(), error="mismatch")
    for length in (16, 31, 33):
        odd = derived("ids", 64)[:length]
        inputs = {"groupSecret": odd.hex(), "id": sha256(V1, odd).hex()}
        group.add(f"a secret of {length} bytes", ["KeyLength"], "invalid", **inputs, error="wrong-length")


def _base64url(group: Group) -> None:
    def text_of(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).decode().rstrip("=")

    for comment, data in (
        ("all zero", bytes(32)),
        ("all 0xff", b"\xff" * 32),
        ("0 to 31", bytes(range(32))),
        ("with - and _", bytes.fromhex("fbefbe" * 5 + "ffffff" * 5 + "fbf0")),
        ("random", derived("ids", 32)),
        ("16 bytes", derived("ids", 16)),
        ("24 bytes: nothing left over", derived("ids", 24)),
        ("1 byte", b"\xff"),
        ("no byte", b""),
    ):
        group.add(comment, ["Canonical"], "valid", text=text_of(data), length=len(data), bytes=data.hex())
    good, dashes = text_of(derived("ids", 32)), text_of(bytes.fromhex("fbefbe" * 10 + "fbf0"))
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    bumped = last[last.index(good[-1]) + 1]
    wrong = [
        ("padded", "Padding", good + "=", 32),
        ("padded to more than need be", "Padding", good + "==", 32),
        ("padding alone", "Padding", "=", 0),
        ("16 bytes, padded", "Padding", text_of(derived("ids", 16)) + "==", 16),
        ("the last of 2 spare bits set", "TrailingBits", good[:-1] + bumped, 32),
        ("both spare bits set", "TrailingBits", good[:-1] + last[last.index(good[-1]) + 3], 32),
        ("all zero but a spare bit", "TrailingBits", "A" * 42 + "B", 32),
        ("16 bytes, the first of 4 spare bits set", "TrailingBits", "A" * 21 + "I", 16),
        ("16 bytes, the last of 4 spare bits set", "TrailingBits", "A" * 21 + "B", 16),
        ("1 byte, a spare bit set", "TrailingBits", "_x", 1),
        ("+ for -", "Alphabet", dashes.replace("-", "+"), 32),
        ("/ for _", "Alphabet", text_of(b"\xff" * 30 + b"\0\0").replace("_", "/"), 32),
        ("a space in front", "Alphabet", " " + good, 32),
        ("a line break at the end", "Alphabet", good + "\n", 32),
        ("a space in place of a character", "Alphabet", good[:20] + " " + good[21:], 32),
        ("a dot", "Alphabet", good[:20] + "." + good[21:], 32),
        ("a character beyond ASCII that looks like A", "Alphabet", "\u0410" + good[1:], 32),
        ("a full-width letter", "Alphabet", "\uff21" + good[1:], 32),
        ("a NUL", "Alphabet", good[:20] + "\0" + good[21:], 32),
        ("a percent escape", "Alphabet", good[:19] + "%2D" + good[22:], 32),
        ("31 bytes", "Length", text_of(derived("ids", 31)), 32),
        ("33 bytes", "Length", text_of(derived("ids", 33)), 32),
        ("16 bytes where 32 belong", "Length", text_of(derived("ids", 16)), 32),
        ("no byte where 32 belong", "Length", "", 32),
        ("the same twice", "Length", text_of(derived("ids", 32) * 2), 32),
        ("one character: no bytes have that text", "Length", "A", 0),
        ("5 characters: no bytes have that text", "Length", "AAAAA", 3),
        ("the id as hex", "Length", derived("ids", 32).hex(), 32),
    ]
    for comment, flag, text, length in wrong:
        group.add(comment, [flag], "invalid", text=text, length=length, error="malformed")


def _blob_ids(group: Group) -> None:
    def text_of(data: bytes) -> str:
        digits = data.hex()
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

    data = bytes.fromhex("0123456789ab4cdeb0f1a2b3c4d5e6f7")
    for comment, flags, each in (
        ("version 4", ["Canonical"], data),
        ("nil", ["Canonical", "Version"], bytes(16)),
        ("all 0xff", ["Canonical", "Version"], b"\xff" * 16),
        ("version 7", ["Canonical", "Version"], bytes.fromhex("0192f3a4b5c67d8e9fa0b1c2d3e4f506")),
        ("no version at all", ["Canonical", "Version"], bytes(range(16))),
    ):
        group.add(comment, flags, "valid", text=text_of(each), bytes=each.hex())
    text = text_of(data)
    group.add("upper case", ["UpperCase"], "acceptable", text=text.upper(), bytes=data.hex())
    group.add("mixed case", ["UpperCase"], "acceptable", text=text[:12] + text[12:].upper(), bytes=data.hex())
    for comment, flag, wrong in (
        ("no hyphens", "Hyphens", data.hex()),
        ("a hyphen missing", "Hyphens", text.replace("-", "", 1)),
        ("a hyphen elsewhere", "Hyphens", text[:9] + text[9:].replace("-", "", 1) + "-"),
        ("a hyphen too many", "Hyphens", text + "-"),
        ("an underscore for a hyphen", "Hyphens", text.replace("-", "_", 1)),
        ("in braces", "Decorated", "{" + text + "}"),
        ("with urn:uuid:", "Decorated", "urn:uuid:" + text),
        ("with a space in front", "Decorated", " " + text),
        ("with a line break at the end", "Decorated", text + "\n"),
        ("one digit missing", "Length", text[:-1]),
        ("one digit too many", "Length", text + "0"),
        ("no text", "Length", ""),
        ("a letter that is no digit", "Alphabet", text[:-1] + "g"),
        ("a full-width digit", "Alphabet", text[:-1] + "\uff17"),
        ("as base64url", "Length", base64.urlsafe_b64encode(data).decode().rstrip("=")),
    ):
        group.add(comment, [flag], "invalid", text=wrong, error="malformed")
