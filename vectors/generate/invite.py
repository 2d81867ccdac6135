"""invite.json: how a device gets to know a group."""

from __future__ import annotations

import invite_json
import invite_map
import rules_pairing
from document import Document, Group, derived
from file_schema import COUNT, HEX, U64, Shape, fixed, record, said, schema_of
from notes_pairing import INVITE_NOTES
from pairing import group_of, group_v1_of
from passphrase import argon2

ALGORITHM = "0k-Sync invites"
DEPLOYED = "sources/invite.json: the deployed implementation"
JSON = "json of Python, hashlib; generate/invite_json.py"
MAP = "msgpack, cryptography, hashlib; generate/invite_map.py"
MADE = "argon2-cffi, cryptography, hashlib; generate/invite.py"
RULE = "the rule, generate/invite.py"
SLACK = 300
TEXT = {"text": {"description": "As it is scanned, typed or clicked.", "type": "string"}}
CODEC = ["wrong-type", "wrong-length", "out-of-range"]
INVITE = ["malformed", "wrong-version", "missing-key", "no-relay", "wrong-group"]
TIMES = {"created_at": U64, "expires_at": U64}
INVITE_JSON = record(
    {
        "version": {"enum": [2, 3]},
        "relay_node_ids": {"type": "array", "minItems": 1, "items": fixed(32)},
        "group_id": fixed(32),
        "group_secret": fixed(32),
        "salt": HEX,
        **TIMES,
    }
)


def _map(secret: dict) -> dict:
    return record(
        {
            "version": {"const": 4},
            "group_id": fixed(32),
            **secret,
            "relays": {"type": "array", "minItems": 1, "items": {"type": "string"}},
            "seal": {"const": 2},
            "device_id": fixed(32),
            **TIMES,
        }
    )


PARAMETERS = record({"salt": fixed(16), "m": COUNT, "t": COUNT, "p": COUNT})

schema = schema_of(
    "invite",
    "Vectors of invites",
    ALGORITHM,
    {
        "InviteJson": Shape(
            description="Reading an invite of version 2 or 3.",
            inputs=TEXT,
            outputs={"invite": INVITE_JSON},
            errors=[*INVITE, *CODEC],
            acceptable=True,
        ),
        "InviteMap": Shape(
            description="Reading an invite of version 4.",
            inputs=TEXT,
            outputs={"invite": {"oneOf": [_map({"group_secret": fixed(32)}), _map({"passphrase": PARAMETERS})]}},
            errors=[
                *INVITE,
                *CODEC,
                "conflicting-keys",
                "bad-address",
                "truncated",
                "trailing-bytes",
                "wrong-arity",
                "invalid-utf8",
                "duplicate-key",
                "too-many-keys",
                "too-deep",
                "reserved-byte",
            ],
        ),
        "Expiry": Shape(
            description="Whether a device joins by an invite of these times at the time `now`.",
            inputs={**TIMES, "now": U64},
            outputs={},
            errors=["expired"],
        ),
        "Join": Shape(
            description="The secret that a passphrase gives with an invite 4, if it is that of its group.",
            inputs={**TEXT, "passphrase": said({"type": "string"}, "As typed, code point for code point.")},
            outputs={"group_secret": fixed(32)},
            errors=["wrong-group", "empty-passphrase"],
        ),
    },
)


def build() -> str:
    document = Document("invite", ALGORITHM, "vectors/generate/invite.py", INVITE_NOTES, rules_pairing.invite)
    invite_json.deployed(document.group("InviteJson", DEPLOYED))
    invite_json.made(document.group("InviteJson", JSON))
    invite_map.made(document.group("InviteMap", MAP))
    _expiry(document.group("Expiry", RULE))
    _joining(document.group("Join", MADE))
    return document.render()


def _expiry(group: Group) -> None:
    def add(comment: str, expires: int, now: int, created: int = 1_705_000_000) -> None:
        error = None if now < expires + SLACK else "expired"
        times = {"created_at": str(created), "expires_at": str(expires), "now": str(now)}
        group.add(comment, ["Expiry"], "invalid" if error else "valid", **times, error=error)

    usual = 1_705_000_600
    for comment, after in {
        "a second before": -1,
        "at the expiry": 0,
        "a second after": 1,
        "299 s after": 299,
        "300 s after": 300,
        "301 s after": 301,
        "a day after": 86_400,
        "a year after": 31_536_000,
    }.items():
        add(comment, usual, usual + after)
    add("a clock that begins with 0", usual, 0)
    add("made a day after now", usual, usual - 86_400, usual)
    add("made a day after now, and expired", usual, usual + 300, usual + 86_400)
    add("made after it expires", usual, usual, 2**64 - 1)
    add("expires with 0, 299 s after", 0, 299)
    add("expires with 0, 300 s after", 0, 300)
    add("expires with 0, long ago", 0, usual)
    add("expires at 2^64 - 1, now the same", 2**64 - 1, 2**64 - 1)
    add("expires at 2^64 - 1", 2**64 - 1, usual)
    add("expires at 2^64 - 300, now 2^64 - 1", 2**64 - 300, 2**64 - 1)
    add("expires at 2^64 - 301, now 2^64 - 1", 2**64 - 301, 2**64 - 1)
    add("expires at 2^53 + 1, 299 s after", 2**53 + 1, 2**53 + 300)
    add("expires at 2^53 + 1, 300 s after", 2**53 + 1, 2**53 + 301)
    add("expires at 2^63 + 1, 300 s after", 2**63 + 1, 2**63 + 301)
    add("expires at 2^32 - 1, 300 s after", 2**32 - 1, 2**32 + 299)


def _joining(group: Group) -> None:
    salt, costs = derived("join salt", 16), (19_456, 2, 1)
    plain, composed, decomposed = "correct horse", "caf\u00e9 \u00c5ngstr\u00f6m", "cafe\u0301 A\u030angstro\u0308m"

    def secret_of(passphrase: str) -> bytes:
        return argon2(passphrase.encode(), salt, *costs)

    def text_of(group_id: bytes, parameters: list | None = None) -> str:
        changed = {"g": group_id, "p": parameters or [salt, *costs]}
        return invite_map.written(invite_map.PASSPHRASE | changed)

    def right(comment: str, flag: str, typed: str, secret: bytes) -> None:
        text = text_of(group_of(secret))
        group.add(comment, [flag], "valid", text=text, passphrase=typed, group_secret=secret.hex())

    def wrong(comment: str, flag: str, typed: str, text: str, error: str = "wrong-group") -> None:
        group.add(comment, [flag], "invalid", text=text, passphrase=typed, error=error)

    right("the passphrase of the group", "Passphrase", plain, secret_of(plain))
    right("combining marks", "Normalised", decomposed, secret_of(composed))
    usual = text_of(group_of(secret_of(plain)))
    wrong("another passphrase", "WrongPassphrase", "correct horses", usual)
    wrong("in capitals", "WrongPassphrase", "Correct Horse", usual)
    wrong("a space behind", "WrongPassphrase", "correct horse ", usual)
    wrong("none", "EmptyPassphrase", "", usual, "empty-passphrase")
    forged = {
        "another group": group_of(derived("forged", 32)),
        "the v1 group of the secret": group_v1_of(secret_of(plain)),
        "the group of the secret without NFC": group_of(secret_of(decomposed)),
    }
    for comment, id_ in forged.items():
        typed = decomposed if "NFC" in comment else plain
        wrong(f"g: {comment}", "OtherGroup", typed, text_of(id_))
    other = [derived("another salt", 16), *costs]
    wrong("another salt", "OtherGroup", plain, text_of(group_of(secret_of(plain)), other))
    wrong("one pass more", "OtherGroup", plain, text_of(group_of(secret_of(plain)), [salt, 19_456, 3, 1]))
