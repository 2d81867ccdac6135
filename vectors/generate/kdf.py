"""kdf.json: the keys that are derived from a group secret."""

from __future__ import annotations

import hashlib
import hmac

import rules_sealing
from document import Document, Group, derived
from file_schema import HEX, Shape, fixed, said, schema_of
from notes_sealing import KDF_NOTES
from sealing import CONTENT_SALT, GROUP_SALT, content_key, group_key, hkdf, source

ALGORITHM = "HKDF-SHA256 of 0k-Sync"
DEPLOYED = "sources/seal1.json and sources/content.json: the deployed implementation"
MADE = "HKDF of cryptography (generate/kdf.py)"
PURPOSES = ("encryption", "authentication", "encryption-2", "device-name")
ERRORS = ["mismatch", "wrong-length"]

schema = schema_of(
    "kdf",
    "Vectors of derived keys",
    ALGORITHM,
    {
        "GroupKey": Shape(
            inputs={
                "group_secret": said(HEX, "32 bytes; another length is the fault."),
                "purpose": {"enum": list(PURPOSES)},
                "key": said(fixed(32), "The claimed key."),
            },
            outputs={},
            errors=ERRORS,
        ),
        "ContentKey": Shape(
            inputs={
                "group_secret": said(HEX, "32 bytes; another length is the fault."),
                "blob_id": fixed(16),
                "key": said(fixed(32), "The claimed key."),
            },
            outputs={},
            errors=ERRORS,
        ),
    },
)


def build() -> str:
    document = Document("kdf", ALGORITHM, "vectors/generate/kdf.py", KDF_NOTES, rules_sealing.kdf)
    _deployed(document.group("GroupKey", DEPLOYED))
    _group_keys(document.group("GroupKey", MADE))
    _deployed_content(document.group("ContentKey", DEPLOYED))
    _content_keys(document.group("ContentKey", MADE))
    return document.render()


def _deployed(group: Group) -> None:
    keys: dict[str, dict] = {}
    for each in source("seal1.json"):
        keys.setdefault(each["group_secret"], each)
    for secret, each in keys.items():
        for purpose, key in (("encryption", each["encryption_key"]), ("authentication", each["auth_key"])):
            if group_key(bytes.fromhex(secret), purpose).hex() != key:
                raise ValueError(f"HKDF gives another key than sources/seal1.json: {purpose}")
            comment = f"{purpose}, secret {secret[:8]}…"
            group.add(comment, ["Deployed"], "valid", group_secret=secret, purpose=purpose, key=key)


def _group_keys(group: Group) -> None:
    for name, secret in (
        ("all zero", bytes(32)),
        ("all 0xff", b"\xff" * 32),
        ("0 to 31", bytes(range(32))),
        ("random", derived("kdf", 32)),
    ):
        for purpose in PURPOSES:
            if name == "all zero" and purpose in PURPOSES[:2]:
                continue
            key = group_key(secret, purpose).hex()
            comment = f"{purpose}, a secret that is {name}"
            group.add(comment, [], "valid", group_secret=secret.hex(), purpose=purpose, key=key)
    secret = derived("kdf", 32)
    for purpose in PURPOSES:
        _claims(group, secret, purpose)
    for length in (0, 16, 31, 33, 64):
        short = derived("kdf", 64)[:length]
        group.add(
            f"a secret of {length} bytes",
            ["SecretLength"],
            "invalid",
            group_secret=short.hex(),
            purpose="encryption-2",
            key=group_key(short, "encryption-2").hex(),
            error="wrong-length",
        )


def _claims(group: Group, secret: bytes, purpose: str) -> None:
    info = purpose.encode()
    other = {
        "encryption": "encryption-2",
        "authentication": "auth",
        "encryption-2": "encryption",
        "device-name": "device_name",
    }[purpose]
    claims = {
        f"the label {other}": ("WrongLabel", group_key(secret, other)),
        "no label": ("WrongLabel", group_key(secret, "")),
        "the label with a terminator": ("WrongLabel", group_key(secret, purpose + "\0")),
        "the label in capitals": ("WrongLabel", group_key(secret, purpose.upper())),
        "no salt": ("WrongSalt", hkdf(secret, b"", info)),
        "the salt of version 2": ("WrongSalt", hkdf(secret, b"0k-sync-group-key-v2", info)),
        "the salt of content": ("WrongSalt", hkdf(secret, CONTENT_SALT, info)),
        "salt and secret swapped": ("Swapped", hkdf(GROUP_SALT, secret, info)),
        "salt and label swapped": ("Swapped", hkdf(secret, info, GROUP_SALT)),
        "another secret": ("WrongInput", group_key(derived("kdf, another", 32), purpose)),
        "HKDF-Extract alone": ("NotHkdf", hmac.digest(GROUP_SALT, secret, "sha256")),
        "HKDF-Expand alone": ("NotHkdf", hmac.digest(secret, info + b"\x01", "sha256")),
        "the hash of salt, secret and label": ("NotHkdf", hashlib.sha256(GROUP_SALT + secret + info).digest()),
        "HKDF with SHA-512": ("NotHkdf", _hkdf_sha512(secret, info)),
        "the second 32 bytes of HKDF": ("NotHkdf", hkdf(secret, GROUP_SALT, info, 64)[32:]),
        "the secret itself": ("NotHkdf", secret),
    }
    for comment, (flag, key) in claims.items():
        group.add(
            f"{purpose}: {comment}",
            [flag],
            "invalid",
            group_secret=secret.hex(),
            purpose=purpose,
            key=key.hex(),
            error="mismatch",
        )


def _hkdf_sha512(secret: bytes, info: bytes) -> bytes:
    extracted = hmac.digest(GROUP_SALT, secret, "sha512")
    return hmac.digest(extracted, info + b"\x01", "sha512")[:32]


def _deployed_content(group: Group) -> None:
    seen = set()
    for each in source("content.json"):
        pair = each["group_secret"], each["blob_id"]
        if pair in seen or len(each["blob_id"]) != 32:
            continue
        seen.add(pair)
        if content_key(bytes.fromhex(pair[0]), bytes.fromhex(pair[1])).hex() != each["content_key"]:
            raise ValueError("HKDF gives another key than sources/content.json")
        comment = f"blob {pair[1][:8]}…, secret {pair[0][:8]}…"
        group.add(comment, ["Deployed"], "valid", group_secret=pair[0], blob_id=pair[1], key=each["content_key"])


def _content_keys(group: Group) -> None:
    secret, blob_id = derived("kdf", 32), derived("kdf blob", 16)
    suffix = b"content-encryption"
    for comment, blob in (("any blob", blob_id), ("a blob_id of zeros", bytes(16)), ("of 0xff", b"\xff" * 16)):
        key = content_key(secret, blob).hex()
        group.add(comment, [], "valid", group_secret=secret.hex(), blob_id=blob.hex(), key=key)
    text = blob_id.hex()
    uuid = f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}".encode()
    claims = {
        "another blob": ("WrongInput", content_key(secret, derived("kdf, another blob", 16))),
        "another secret": ("WrongInput", content_key(derived("kdf, another", 32), blob_id)),
        "blob_id as text": ("WrongInput", content_key(secret, uuid)),
        "the label before blob_id": ("WrongLabel", hkdf(secret, CONTENT_SALT, suffix + blob_id)),
        "blob_id alone": ("WrongLabel", hkdf(secret, CONTENT_SALT, blob_id)),
        "the label alone": ("WrongLabel", hkdf(secret, CONTENT_SALT, suffix)),
        "the label encryption": ("WrongLabel", hkdf(secret, CONTENT_SALT, blob_id + b"encryption")),
        "the label with a terminator": ("WrongLabel", hkdf(secret, CONTENT_SALT, blob_id + suffix + b"\0")),
        "the salt of group keys": ("WrongSalt", hkdf(secret, GROUP_SALT, blob_id + suffix)),
        "blob_id as salt": ("WrongSalt", hkdf(secret, blob_id, suffix)),
        "no salt": ("WrongSalt", hkdf(secret, b"", blob_id + suffix)),
        "from the key of seal 2": ("WrongInput", content_key(group_key(secret, "encryption-2"), blob_id)),
    }
    for comment, (flag, key) in claims.items():
        inputs = {"group_secret": secret.hex(), "blob_id": blob_id.hex(), "key": key.hex()}
        group.add(comment, [flag], "invalid", **inputs, error="mismatch")
    for length in (0, 31, 33):
        odd = derived("kdf", 64)[:length]
        inputs = {"group_secret": odd.hex(), "blob_id": blob_id.hex(), "key": content_key(odd, blob_id).hex()}
        group.add(f"a secret of {length} bytes", ["SecretLength"], "invalid", **inputs, error="wrong-length")
