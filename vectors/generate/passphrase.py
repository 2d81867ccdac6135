"""argon2.json: group secrets from passphrases, and which parameters are accepted."""

from __future__ import annotations

import unicodedata

import rules_sealing
from argon2.low_level import Type, hash_secret_raw
from document import Document, Group, derived
from file_schema import COUNT, HEX, Shape, fixed, said, schema_of
from notes_sealing import KDF_NOTES
from sealing import source

ALGORITHM = "Argon2id, version 0x13"
DEPLOYED = "sources/argon2.json: the deployed implementation"
MADE = "the Argon2 reference implementation (argon2-cffi), generate/passphrase.py"
RULE = "the rule, generate/passphrase.py"
SALT = b"0123456789abcdef"
DERIVATION = {
    "passphrase": {"description": "As typed, code point for code point.", "type": "string"},
    "groupVersion": said({"enum": [1, 2]}, "2: the passphrase is normalised to NFC; 1: taken as typed."),
    "salt": HEX,
    "m": said(COUNT, "Memory, KiB."),
    "t": said(COUNT, "Passes."),
    "p": said(COUNT, "Lanes."),
    "group_secret": said(fixed(32), "The claimed secret."),
}
PARAMETERS = {"m": COUNT, "t": COUNT, "p": COUNT, "saltLength": said(COUNT, "Bytes.")}

schema = schema_of(
    "argon2",
    "Vectors of passphrases",
    ALGORITHM,
    {
        "Derivation": Shape(inputs=DERIVATION, outputs={}, errors=["mismatch"], acceptable=True),
        "Passphrase": Shape(
            description="Whether a v2 group can have the passphrase; no secret is derived.",
            inputs={"passphrase": {"type": "string"}},
            outputs={"normalised": said(HEX, "UTF-8 of its NFC.")},
            errors=["empty-passphrase"],
        ),
        "Parameters": Shape(
            description="Whether a reader of an invite derives at all; no secret is derived.",
            inputs=PARAMETERS,
            outputs={},
            errors=["out-of-range", "wrong-length"],
        ),
        "Creator": Shape(
            description="What a creator takes for its memory; `ram` in bytes, null if unknown.",
            inputs={"ram": {"oneOf": [COUNT, {"type": "null"}]}, "m": COUNT, "t": COUNT, "p": COUNT},
            outputs={},
            errors=["mismatch"],
        ),
    },
)


def build() -> str:
    document = Document("argon2", ALGORITHM, "vectors/generate/passphrase.py", KDF_NOTES, rules_sealing.argon2)
    _deployed(document.group("Derivation", DEPLOYED))
    _derivations(document.group("Derivation", MADE))
    _passphrases(document.group("Passphrase", RULE))
    _parameters(document.group("Parameters", RULE))
    _creators(document.group("Creator", RULE))
    return document.render()


def argon2(secret: bytes, salt: bytes, m: int, t: int, p: int, type_: Type = Type.ID, version: int = 0x13) -> bytes:
    return hash_secret_raw(secret, salt, t, m, p, 32, type_, version)


def _deployed(group: Group) -> None:
    for each in source("argon2.json"):
        m, t, p = each["memory_kib"], each["iterations"], each["parallelism"]
        typed, salt = each["passphrase"].encode(), bytes.fromhex(each["salt"])
        if argon2(typed, salt, m, t, p).hex() != each["group_secret"]:
            raise ValueError("Argon2 gives another secret than sources/argon2.json")
        flags, result = ["Deployed", "Passphrase"], "valid"
        if len(each["salt"]) != 32:
            flags, result = [*flags, "OtherSalt"], "acceptable"
        if each["passphrase"] == "":
            flags, result = [*flags, "EmptyPassphrase"], "acceptable"
        shown = f'"{each["passphrase"]}"' if each["passphrase"] else "no passphrase"
        group.add(
            f"{shown}, salt {each['salt'][:8]}…, m {m}, t {t}, p {p}",
            flags,
            result,
            passphrase=each["passphrase"],
            groupVersion=1,
            salt=each["salt"],
            m=m,
            t=t,
            p=p,
            group_secret=each["group_secret"],
        )


def _derivations(group: Group) -> None:
    m, t, p = 19_456, 2, 1

    def add(
        comment: str, flags: list[str], passphrase: str, version: int, secret: bytes, result: str = "valid"
    ) -> None:
        usual = {"salt": SALT.hex(), "m": m, "t": t, "p": p, "group_secret": secret.hex()}
        error = {"error": "mismatch"} if result == "invalid" else {}
        group.add(comment, flags, result, passphrase=passphrase, groupVersion=version, **usual, **error)

    def nfc(text: str) -> bytes:
        return argon2(unicodedata.normalize("NFC", text).encode(), SALT, m, t, p)

    def typed(text: str) -> bytes:
        return argon2(text.encode(), SALT, m, t, p)

    composed, decomposed = "caf\u00e9 \u00c5ngstr\u00f6m", "cafe\u0301 A\u030angstro\u0308m"
    hangul, angstrom, ligature = "\u1112\u1161\u11ab\u1100\u1173\u11af", "\u212bngstrom", "\ufb01sh \u2460"
    add("composed letters, v2", ["Passphrase", "Normalised"], composed, 2, nfc(composed))
    add("combining marks, v2: the same secret", ["Passphrase", "Normalised"], decomposed, 2, nfc(composed))
    add("combining marks, v1: another secret", ["Passphrase", "AsTyped"], decomposed, 1, typed(decomposed))
    add("Hangul in parts, v2", ["Passphrase", "Normalised"], hangul, 2, nfc("\ud55c\uae00"))
    add(
        "the sign for \u00e5ngstr\u00f6m, v2: the letter",
        ["Passphrase", "Normalised"],
        angstrom,
        2,
        nfc("\u00c5ngstrom"),
    )
    add("a ligature, v2: NFC keeps it", ["Passphrase", "Normalised"], ligature, 2, typed(ligature))
    add("spaces at both ends belong to it, v2", ["Passphrase"], "  two words ", 2, typed("  two words "))
    add("combining marks, v2: as typed", ["Normalised"], decomposed, 2, typed(decomposed), "invalid")
    nfd = unicodedata.normalize("NFD", composed)
    add("composed letters, v2: NFD", ["Normalised"], composed, 2, typed(nfd), "invalid")
    add("a ligature, v2: NFKC", ["Normalised"], ligature, 2, typed("fish 1"), "invalid")
    add("combining marks, v1: NFC", ["AsTyped"], decomposed, 1, typed(composed), "invalid")
    plain = "correct horse"
    secret, salt = plain.encode(), SALT
    add("spaces at both ends, v2: cut off", ["Normalised"], " correct horse ", 2, typed(plain), "invalid")
    add("capitals, v2: made small", ["Normalised"], "Correct Horse", 2, typed(plain), "invalid")
    claims = {
        "Argon2i": ("WrongVariant", argon2(secret, salt, m, t, p, Type.I)),
        "Argon2d": ("WrongVariant", argon2(secret, salt, m, t, p, Type.D)),
        "version 0x10": ("WrongVariant", argon2(secret, salt, m, t, p, version=0x10)),
        "one pass more": ("WrongParameters", argon2(secret, salt, m, t + 1, p)),
        "two lanes": ("WrongParameters", argon2(secret, salt, m, t, 2)),
        "the memory in units of 1000 bytes": ("WrongParameters", argon2(secret, salt, m * 1000 // 1024, t, p)),
        "64 bytes of output, cut": ("WrongVariant", hash_secret_raw(secret, salt, t, m, p, 64, Type.ID)[:32]),
        "another salt": ("WrongParameters", argon2(secret, derived("salt", 16), m, t, p)),
        "passphrase and salt swapped": ("WrongParameters", argon2(salt, secret, m, t, p)),
        "UTF-16 of the passphrase": ("WrongParameters", argon2(plain.encode("utf-16-le"), salt, m, t, p)),
        "a terminator behind the passphrase": ("WrongParameters", argon2(secret + b"\0", salt, m, t, p)),
    }
    add("letters and a space, v2", ["Passphrase"], plain, 2, typed(plain))
    for comment, (flag, claimed) in claims.items():
        add(comment, [flag], plain, 2, claimed, "invalid")


def _passphrases(group: Group) -> None:
    group.add("none", ["EmptyPassphrase"], "invalid", passphrase="", error="empty-passphrase")
    for comment, text in (
        ("one letter", "a"),
        ("one space", " "),
        ("a combining mark alone", "\u0301"),
        ("an emoji of several code points", "\U0001f469\u200d\U0001f4bb"),
        ("marks in another order than NFC has", "q\u0307\u0323"),
        ("a letter that NFC takes apart", "\u0958"),
    ):
        normalised = unicodedata.normalize("NFC", text).encode().hex()
        group.add(comment, ["Normalised"], "valid", passphrase=text, normalised=normalised)


def _parameters(group: Group) -> None:
    low, high, most = 19_456, 47_104, 1_048_576
    right = [
        (low, 2, 1),
        (low, 3, 1),
        (low, 16, 16),
        (high, 1, 1),
        (high - 1, 2, 1),
        (65_536, 3, 4),
        (most, 1, 16),
        (most, 16, 16),
        (high, 1, 16),
        (30_000, 2, 4),
    ]
    for m, t, p in right:
        group.add(f"m {m}, t {t}, p {p}", ["Boundary"], "valid", m=m, t=t, p=p, saltLength=16)
    wrong = [
        ("Memory", low - 1, 2, 1),
        ("Memory", low - 1, 16, 1),
        ("Memory", low, 1, 1),
        ("Memory", high - 1, 1, 1),
        ("Memory", high - 1, 1, 16),
        ("Memory", 0, 3, 1),
        ("Memory", 8, 2, 1),
        ("Memory", 1024, 16, 4),
        ("Memory", most + 1, 3, 1),
        ("Memory", 2**22, 1, 1),
        ("Memory", 2**32 - 1, 3, 4),
        ("Iterations", high, 0, 1),
        ("Iterations", high, 17, 1),
        ("Iterations", low, 17, 1),
        ("Iterations", 65_536, 2**32 - 1, 4),
        ("Parallelism", high, 1, 0),
        ("Parallelism", high, 1, 17),
        ("Parallelism", 65_536, 3, 255),
        ("Parallelism", 65_536, 3, 2**24 - 1),
    ]
    for flag, m, t, p in wrong:
        inputs = {"m": m, "t": t, "p": p, "saltLength": 16}
        group.add(f"m {m}, t {t}, p {p}", [flag], "invalid", **inputs, error="out-of-range")
    for length in (0, 8, 15, 17, 32):
        inputs = {"m": high, "t": 1, "p": 1, "saltLength": length}
        group.add(f"a salt of {length} bytes", ["SaltLength"], "invalid", **inputs, error="wrong-length")


def _creators(group: Group) -> None:
    gib = 2**30
    small, middle, large = (19_456, 2, 1), (47_104, 1, 1), (65_536, 3, 4)
    table = {
        "1 GB": (gib, small, middle),
        "4 GB less one byte": (4 * gib - 1, small, middle),
        "4 GB": (4 * gib, middle, small),
        "4,000,000,000 bytes": (4_000_000_000, small, middle),
        "8 GB less one byte": (8 * gib - 1, middle, large),
        "8 GB": (8 * gib, large, middle),
        "8,000,000,000 bytes": (8_000_000_000, middle, large),
        "64 GB": (64 * gib, large, small),
        "unknown": (None, middle, small),
    }
    for comment, (ram, right, wrong) in table.items():
        group.add(comment, ["Creator"], "valid", ram=ram, **dict(zip("mtp", right, strict=True)))
        claimed = dict(zip("mtp", wrong, strict=True))
        group.add(f"{comment}: another row", ["Creator"], "invalid", ram=ram, **claimed, error="mismatch")
