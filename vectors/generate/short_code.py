"""short-code.json: sixteen characters that lead to an invite."""

from __future__ import annotations

import base64
import hashlib

import invite_json
import invite_map
import rules_pairing
from argon2.low_level import Type
from document import Document, Group, derived
from file_schema import HEX, Shape, fixed, said, schema_of
from notes_pairing import SHORT_CODE_NOTES
from pairing import compact
from passphrase import argon2
from sealing import flip, hkdf, xchacha
from wire import Map, canonical

ALGORITHM = "0k-Sync short codes: Argon2id, HKDF-SHA256, XChaCha20-Poly1305"
RULE = "base64 of Python, and by hand; generate/short_code.py"
MADE = "argon2-cffi, HKDF of cryptography, hashlib; generate/short_code.py"
SEALED = "libsodium (PyNaCl), generate/short_code.py"
LABEL = b"0k-sync-short-code-v1"
SALT = hashlib.sha256(LABEL).digest()[:16]
COST = (65_536, 3, 1)
CHARACTERS = {"type": "string", "pattern": "^[A-Z2-7]{16}$"}
KEYS = {
    "lookup_key": said(fixed(16), "In hexadecimal digits, as the relay is told it."),
    "seal_key": fixed(32),
}

schema = schema_of(
    "short-code",
    "Vectors of short codes",
    ALGORITHM,
    {
        "Typed": Shape(
            description="Which 16 characters a text stands for.",
            inputs={"typed": {"description": "As a person types it.", "type": "string"}},
            outputs={"normalised": CHARACTERS},
            errors=["malformed", "wrong-length"],
        ),
        "Written": Shape(
            description="How 10 random bytes are shown.",
            inputs={"bytes": fixed(10), "text": said({"type": "string"}, "The claimed text.")},
            outputs={},
            errors=["mismatch"],
        ),
        "Keys": Shape(
            description="The keys of a code: both are claimed, and one that is not right is a mismatch.",
            inputs={"characters": CHARACTERS, **KEYS},
            outputs={},
            errors=["mismatch"],
        ),
        "Payload": Shape(
            description="The invite, in the bytes before base64url, that was sealed under a code.",
            inputs={**KEYS, "payload": HEX},
            outputs={"invite": HEX},
            errors=["too-short", "decrypt"],
        ),
    },
)


def build() -> str:
    document = Document(
        "short-code", ALGORITHM, "vectors/generate/short_code.py", SHORT_CODE_NOTES, rules_pairing.short_code
    )
    _typed(document.group("Typed", RULE))
    _written(document.group("Written", RULE))
    _keys(document.group("Keys", MADE))
    _payloads(document.group("Payload", SEALED))
    return document.render()


def characters_of(data: bytes) -> str:
    return base64.b32encode(data).decode()


def shown(data: bytes) -> str:
    text = characters_of(data)
    return "-".join(text[at : at + 4] for at in range(0, 16, 4))


def _typed(group: Group) -> None:
    right = {
        "as it is shown": ("Plain", "KVLF-OWCZ-LJNV-YXK6", "KVLFOWCZLJNVYXK6"),
        "all of the alphabet, first half": ("Plain", "ABCD-EFGH-IJKL-MNOP", "ABCDEFGHIJKLMNOP"),
        "all of the alphabet, second half": ("Plain", "QRST-UVWX-YZ23-4567", "QRSTUVWXYZ234567"),
        "small letters": ("Case", "kvlf-owcz-ljnv-yxk6", "KVLFOWCZLJNVYXK6"),
        "all small letters": ("Case", "abcd-efgh-ijkl-mnop", "ABCDEFGHIJKLMNOP"),
        "the other small letters": ("Case", "qrst-uvwx-yz23-4567", "QRSTUVWXYZ234567"),
        "small and large letters": ("Case", "kVLf-OwcZ-LJnv-yXk6", "KVLFOWCZLJNVYXK6"),
        "without hyphens": ("Blocks", "KVLFOWCZLJNVYXK6", "KVLFOWCZLJNVYXK6"),
        "spaces": ("Blocks", "KVLF OWCZ LJNV YXK6", "KVLFOWCZLJNVYXK6"),
        "spaces at both ends": ("Blocks", "  KVLF-OWCZ-LJNV-YXK6 ", "KVLFOWCZLJNVYXK6"),
        "other blocks": ("Blocks", "KVLFO-WCZLJ NVYXK6", "KVLFOWCZLJNVYXK6"),
        "a space after each character": ("Blocks", "".join(f"{c} " for c in "KVLFOWCZLJNVYXK6"), "KVLFOWCZLJNVYXK6"),
        "hyphens at both ends, two within": ("Blocks", "-KVLF--OWCZ-LJNV-YXK6-", "KVLFOWCZLJNVYXK6"),
        "0 for O": ("Digit", "KVLF-0WCZ-LJNV-YXK6", "KVLFOWCZLJNVYXK6"),
        "1 for I": ("Digit", "ABCD-EFGH-1JKL-MNOP", "ABCDEFGHIJKLMNOP"),
        "8 for B": ("Digit", "A8CD-EFGH-IJKL-MNOP", "ABCDEFGHIJKLMNOP"),
        "0, 1 and 8 everywhere": ("Digit", "0180 1801 8018 0180", "OIBOIBOIBOIBOIBO"),
        "2 to 7 stay as they are": ("Digit", "2345-6723-4567-2345", "2345672345672345"),
    }
    for comment, (flag, typed, characters) in right.items():
        group.add(comment, [flag], "valid", typed=typed, normalised=characters)
    plain = "KVLF-OWCZ-LJNV-YXK6"
    others = {
        "9": "9",
        "a dot": ".",
        "an equals sign": "=",
        "a plus": "+",
        "an underscore": "_",
        "a tabulator": "\t",
        "a NUL": "\0",
        "a dotless i": "\u0131",
        "an I with a dot": "\u0130",
        "a long s": "\u017f",
        "the sign for kelvin": "\u212a",
        "a sharp s": "\u00df",
        "a Greek alpha": "\u0391",
        "a Cyrillic A": "\u0410",
        "a full-width A": "\uff21",
        "an Arabic digit 2": "\u0662",
        "an A with an accent": "\u00c1",
    }
    for comment, character in others.items():
        typed = character + plain[1:]
        group.add(f"{comment} for the first character", ["Alphabet"], "invalid", typed=typed, error="malformed")
    between = {
        "a no-break space": "\u00a0",
        "a dash": "\u2013",
        "a soft hyphen": "\u00ad",
        "a hyphen of its own": "\u2010",
        "a minus": "\u2212",
        "a line break": "\n",
        "a zero-width space": "\u200b",
        "a thin space": "\u2009",
        "a slash": "/",
    }
    for comment, character in between.items():
        typed = plain.replace("-", character)
        group.add(f"{comment} between the blocks", ["Alphabet"], "invalid", typed=typed, error="malformed")
    group.add("a line break at the end", ["Alphabet"], "invalid", typed=plain + "\n", error="malformed")
    lengths = {
        "nothing": "",
        "spaces and hyphens alone": "---- ---- ---- ----",
        "one character": "K",
        "15 characters": plain[:-1],
        "17 characters": plain + "A",
        "three blocks": plain[:14],
        "five blocks": plain + "-ABCD",
        "twice": plain + plain,
        "15 characters and a space": plain[:-1] + " ",
        "8 characters": "KVLF-OWCZ",
        "32 characters, as the lookup key has": "A" * 32,
    }
    for comment, typed in lengths.items():
        group.add(comment, ["Length"], "invalid", typed=typed, error="wrong-length")


def _written(group: Group) -> None:
    random = derived("short code", 10)
    for comment, data in {
        "all zero": bytes(10),
        "all 0xff": b"\xff" * 10,
        "0 to 9": bytes(range(10)),
        "random": random,
        "the alphabet, first half": bytes.fromhex("00443214c74254b635cf"),
        "the alphabet, second half": bytes.fromhex("84653a56d7c675be77df"),
    }.items():
        group.add(comment, ["Written"], "valid", bytes=data.hex(), text=shown(data))
    right = shown(random)
    crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    hexadecimal = "0123456789ABCDEFGHIJKLMNOPQRSTUV"
    claims = {
        "without hyphens": characters_of(random),
        "in small letters": right.lower(),
        "with spaces": right.replace("-", " "),
        "in blocks of eight": f"{characters_of(random)[:8]}-{characters_of(random)[8:]}",
        "with padding": right + "=",
        "the bits of each byte backwards": shown(bytes(int(f"{byte:08b}"[::-1], 2) for byte in random)),
        "the bytes backwards": shown(random[::-1]),
        "in base32hex": right.translate(str.maketrans(alphabet, hexadecimal)),
        "in the alphabet of Crockford": right.translate(str.maketrans(alphabet, crockford)),
        "one bit changed": shown(flip(random, 9)),
    }
    for comment, text in claims.items():
        group.add(comment, ["OtherText"], "invalid", bytes=random.hex(), text=text, error="mismatch")


def stretched(characters: str) -> bytes:
    return argon2(characters.encode(), SALT, *COST)


def keys_of(stretch: bytes) -> dict:
    return {
        "lookup_key": hkdf(stretch, LABEL, b"lookup", 16).hex(),
        "seal_key": hkdf(stretch, LABEL, b"seal").hex(),
    }


CODE = "KVLFOWCZLJNVYXK6"


def _keys(group: Group) -> None:
    for comment, characters in (("random", CODE), ("all A", "A" * 16), ("the last of the alphabet", "7" * 16)):
        group.add(comment, ["Derived"], "valid", characters=characters, **keys_of(stretched(characters)))
    typed = CODE.encode()
    stretch = stretched(CODE)
    right = keys_of(stretch)

    def wrong(comment: str, flag: str, **claimed: str) -> None:
        keys = right | claimed
        assert keys != right
        group.add(comment, [flag], "invalid", characters=CODE, **keys, error="mismatch")

    inputs = {
        "of small letters": argon2(CODE.lower().encode(), SALT, *COST),
        "of the code with hyphens": argon2(b"KVLF-OWCZ-LJNV-YXK6", SALT, *COST),
        "of the 10 bytes": argon2(base64.b32decode(CODE), SALT, *COST),
        "with a terminator": argon2(typed + b"\0", SALT, *COST),
        "with the whole hash as salt": argon2(typed, hashlib.sha256(LABEL).digest(), *COST),
        "with the last 16 bytes of the hash as salt": argon2(typed, hashlib.sha256(LABEL).digest()[16:], *COST),
        "with the label as salt": argon2(typed, LABEL, *COST),
        "with the first 16 bytes of the label as salt": argon2(typed, LABEL[:16], *COST),
        "with the least memory": argon2(typed, SALT, 19_456, 3, 1),
        "with the memory in units of 1000 bytes": argon2(typed, SALT, 64_000, 3, 1),
        "with two passes": argon2(typed, SALT, 65_536, 2, 1),
        "with four lanes": argon2(typed, SALT, 65_536, 3, 4),
        "as Argon2i": argon2(typed, SALT, *COST, Type.I),
        "as Argon2d": argon2(typed, SALT, *COST, Type.D),
        "version 0x10": argon2(typed, SALT, *COST, version=0x10),
        "not at all": typed,
        "by SHA-256": hashlib.sha256(SALT + typed).digest(),
    }
    for comment, other in inputs.items():
        wrong(f"stretched {comment}", "Stretch", **keys_of(other))

    def lookup(salt: bytes, info: bytes) -> str:
        return hkdf(stretch, salt, info, 16).hex()

    def key(salt: bytes, info: bytes) -> str:
        return hkdf(stretch, salt, info).hex()

    wrong("lookup key: no info", "WrongLabel", lookup_key=lookup(LABEL, b""))
    wrong("lookup key: the info seal", "WrongLabel", lookup_key=lookup(LABEL, b"seal"))
    wrong("lookup key: no salt", "WrongLabel", lookup_key=lookup(b"", b"lookup"))
    wrong("lookup key: the salt of Argon2id", "WrongLabel", lookup_key=lookup(SALT, b"lookup"))
    wrong("lookup key: the stretched code itself", "WrongInput", lookup_key=stretch[:16].hex())
    wrong("lookup key: from the code itself", "WrongInput", lookup_key=hkdf(typed, LABEL, b"lookup", 16).hex())
    wrong("lookup key: the second half of 32 bytes", "WrongInput", lookup_key=key(LABEL, b"lookup")[32:])
    wrong("seal key: no info", "WrongLabel", seal_key=key(LABEL, b""))
    wrong("seal key: the info lookup", "WrongLabel", seal_key=key(LABEL, b"lookup"))
    wrong("seal key: the info encryption", "WrongLabel", seal_key=key(LABEL, b"encryption"))
    wrong("seal key: no salt", "WrongLabel", seal_key=key(b"", b"seal"))
    wrong("seal key: the salt of group keys", "WrongLabel", seal_key=key(b"0k-sync-group-key-v1", b"seal"))
    wrong("seal key: the stretched code itself", "WrongInput", seal_key=stretch.hex())
    from_lookup = hkdf(bytes.fromhex(right["lookup_key"]), LABEL, b"seal")
    wrong("seal key: from the lookup key", "WrongInput", seal_key=from_lookup.hex())
    wrong("seal key: from the code itself", "WrongInput", seal_key=hkdf(typed, LABEL, b"seal").hex())


def _payloads(group: Group) -> None:
    keys = keys_of(stretched(CODE))
    lookup_key, seal_key = bytes.fromhex(keys["lookup_key"]), bytes.fromhex(keys["seal_key"])

    def sealed(comment: str, plaintext: bytes, key: bytes = seal_key, aad: bytes = lookup_key) -> bytes:
        nonce = derived("short code nonce " + comment, 24)
        return nonce + xchacha(key, nonce, plaintext, aad)

    plaintexts = {
        "invite 4 with a secret": canonical(Map(invite_map.USUAL.items())),
        "invite 4 with a passphrase": canonical(Map(invite_map.PASSPHRASE.items())),
        "invite 2": compact(invite_json.USUAL),
        "one byte": b"\x80",
        "no byte": b"",
    }
    for comment, plaintext in plaintexts.items():
        payload = sealed(comment, plaintext).hex()
        group.add(comment, ["Canonical"], "valid", **keys, payload=payload, invite=plaintext.hex())
    invite = plaintexts["invite 4 with a secret"]
    right = sealed("invite 4 with a secret", invite)

    def wrong(comment: str, flag: str, payload: bytes, error: str = "decrypt") -> None:
        group.add(comment, [flag], "invalid", **keys, payload=payload.hex(), error=error)

    for length in (0, 1, 23, 24, 39):
        wrong(f"{length} bytes", "Short", right[:length], "too-short")
    for place, at in {
        "first byte of the nonce": 0,
        "last byte of the nonce": 23,
        "first byte of the ciphertext": 24,
        "last byte of the ciphertext": -17,
        "first byte of the tag": -16,
        "last byte of the tag": -1,
    }.items():
        wrong(f"the {place} is changed", "Tampered", flip(right, at))
    wrong("40 bytes, cut", "Tampered", right[:40])
    wrong("one byte less", "Tampered", right[:-1])
    wrong("one byte more", "Tampered", right + b"\0")
    wrong("the tag in front of the ciphertext", "Tampered", right[:24] + right[-16:] + right[24:-16])
    wrong("the nonce at the end", "Tampered", right[24:] + right[:24])
    wrong("a version byte in front", "Tampered", b"\x02" + right)
    wrong("all zero", "Tampered", bytes(100))
    wrong("the invite in the clear", "Tampered", invite)
    other = keys_of(stretched("A" * 16))
    wrong("another code", "OtherKey", sealed("key", invite, bytes.fromhex(other["seal_key"])))
    wrong("a key of zeros", "OtherKey", sealed("zeros", invite, bytes(32)))
    wrong("the lookup key twice as key", "OtherKey", sealed("lookup", invite, lookup_key * 2))
    aads = {
        "none": b"",
        "the lookup key of another code": bytes.fromhex(other["lookup_key"]),
        "the hexadecimal digits of the lookup key": keys["lookup_key"].encode(),
        "the label in front": LABEL + lookup_key,
        "the code": CODE.encode(),
        "16 zero bytes": bytes(16),
    }
    for comment, aad in aads.items():
        wrong(f"additional data: {comment}", "OtherAad", sealed(comment, invite, aad=aad))
