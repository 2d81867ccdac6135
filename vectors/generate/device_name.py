"""device-name.json: names of devices as the relay sees them."""

from __future__ import annotations

import base64
import unicodedata

import rules_sealing
from document import Document, Group, derived
from file_schema import Shape, fixed, said, schema_of
from notes_sealing import DEVICE_NAME_NOTES
from sealing import flip, group_key, xchacha

ALGORITHM = "0k-Sync device name: XChaCha20-Poly1305, padded to 128 bytes"
MADE = "libsodium (PyNaCl), NFC of Python's unicodedata, generate/device_name.py"
LABEL = b"0k-sync-name-v1"
PADDED = 128
SECRET, GROUP, DEVICE = (derived(f"device name {what}", 32) for what in ("secret", "group", "device"))
KEY = group_key(SECRET, "device-name")

CONTEXT = {
    "key": said(fixed(32), "The key of device names, from the group secret."),
    "group_id": fixed(32),
    "device_id": fixed(32),
}
SEALED = {"description": "As it stands in Hello and Devices.", "type": "string"}

schema = schema_of(
    "device-name",
    "Vectors of device names",
    ALGORITHM,
    {
        "Open": Shape(
            description="What a device of the group is called.",
            inputs={**CONTEXT, "sealed": SEALED},
            outputs={"opened": {"description": "The name, code point for code point.", "type": "string"}},
            errors=["wrong-version", "malformed", "decrypt", "wrong-padding"],
        ),
        "Seal": Shape(
            description="Sealing `name` with `nonce` gives `sealed`, or does not (mismatch), or is refused (malformed).",
            inputs={
                **CONTEXT,
                "name": {"description": "As typed, code point for code point.", "type": "string"},
                "nonce": fixed(24),
                "sealed": said(SEALED, "The claimed text."),
            },
            outputs={},
            errors=["mismatch", "malformed"],
        ),
    },
)


def build() -> str:
    document = Document(
        "device-name", ALGORITHM, "vectors/generate/device_name.py", DEVICE_NAME_NOTES, rules_sealing.device_name
    )
    opening = document.group("Open", MADE)
    _right(opening)
    _text(opening)
    _keys_and_aad(opening)
    _plaintexts(opening)
    _sealing(document.group("Seal", MADE))
    return document.render()


def nonce_of(comment: str) -> bytes:
    return derived("device name nonce " + comment, 24)


def written(data: bytes) -> str:
    return "~" + base64.urlsafe_b64encode(data).decode().rstrip("=")


def sealed(comment: str, plaintext: bytes, aad: bytes = LABEL + GROUP + DEVICE, key: bytes = KEY) -> bytes:
    return nonce_of(comment) + xchacha(key, nonce_of(comment), plaintext, aad)


def padded(name: bytes, to: int = PADDED) -> bytes:
    return name.ljust(to, b"\0")


def cut(name: str, most: int = PADDED - 1) -> bytes:
    """The UTF-8 of as many characters as fit, counted one by one."""
    out = b""
    for character in name:
        if len(out) + len(character.encode()) > most:
            break
        out += character.encode()
    return out


CONTEXT_HEX = {"key": KEY.hex(), "group_id": GROUP.hex(), "device_id": DEVICE.hex()}
PHONE = "\U0001f4f1"


def _right(group: Group) -> None:
    def right(comment: str, flags: list[str], name: str) -> None:
        body = name.encode()
        text = written(sealed(comment, padded(body)))
        assert len(body) < PADDED and len(text) == 225
        group.add(comment, flags, "valid", **CONTEXT_HEX, sealed=text, opened=name)

    right("a name", ["Canonical"], "Mara's laptop")
    right("no name", ["Canonical", "Boundary"], "")
    right("one letter", ["Canonical"], "x")
    right("two, three and four bytes a character", ["Canonical"], f"Zo\u00eb \u624b\u673a {PHONE}")
    right("a family of emoji, with joiners", ["Canonical"], "\U0001f469\u200d\U0001f469\u200d\U0001f467")
    right("a byte order mark in front, which belongs to it", ["Canonical"], "\ufeffname")
    right("control characters", ["Canonical"], "a\u0001\n\u007f")
    right("it begins with ~ itself", ["Canonical"], "~name")
    right("spaces at both ends", ["Canonical"], "  name ")
    right("126 bytes", ["Canonical", "Boundary"], "a" * 126)
    right("127 bytes: one byte of padding", ["Canonical", "Boundary"], "a" * 127)
    right("127 bytes, the last character of four", ["Canonical", "Boundary"], "a" * 123 + PHONE)
    right("combining marks, not in NFC", ["NotNormalised"], "Zoe\u0308")
    right("Hangul in parts, not in NFC", ["NotNormalised"], "\u1112\u1161\u11ab")
    right("the sign for \u00e5ngstr\u00f6m, which NFC replaces", ["NotNormalised"], "\u212b")


def _text(group: Group) -> None:
    """Not a nonce, 128 bytes and a tag in base64url behind a ~."""
    right = sealed("text", padded(b"name"))
    text = written(right)

    def wrong(comment: str, flag: str, shown: str, error: str = "malformed") -> None:
        group.add(comment, [flag], "invalid", **CONTEXT_HEX, sealed=shown, error=error)

    wrong("a plain name", "Plain", "Mara's laptop", "wrong-version")
    wrong("a plain name of no character", "Plain", "", "wrong-version")
    wrong("the ~ is missing", "Plain", text[1:], "wrong-version")
    wrong("a space in front of the ~", "Plain", " " + text, "wrong-version")
    wrong("a full-width tilde", "Plain", "\uff5e" + text[1:], "wrong-version")
    wrong("the ~ alone", "Length", "~")
    wrong("a plain name that begins with ~", "Length", "~Mara")
    wrong("two ~", "Length", "~" + text)
    wrong("one character less", "Length", text[:-1])
    wrong("one character more", "Length", text + "A")
    wrong("four characters less", "Length", text[:-4])
    wrong("four characters more", "Length", text + "AAAA")
    wrong("cut to 128 characters", "Length", text[:128])
    wrong("as hex", "Length", "~" + right.hex())
    wrong("twice", "Length", text + text[1:])
    at = text.index("A", 1)
    wrong("padded with =", "Length", text + "=")
    wrong("= for the last character", "Base64url", text[:-1] + "=")
    dashes = written(sealed("base64url", padded(b"name")))
    assert "-" in dashes and "_" in dashes
    wrong("+ for -", "Base64url", dashes.replace("-", "+"))
    wrong("/ for _", "Base64url", dashes.replace("_", "/"))
    wrong("a ~ within", "Base64url", text[:at] + "~" + text[at + 1 :])
    wrong("a space for a character", "Base64url", text[:at] + " " + text[at + 1 :])
    wrong("a line break for a character", "Base64url", text[:at] + "\n" + text[at + 1 :])
    wrong("a letter beyond ASCII that looks like A", "Base64url", text[:at] + "\u0410" + text[at + 1 :])
    wrong("a full-width A", "Base64url", text[:at] + "\uff21" + text[at + 1 :])
    wrong("a NUL for a character", "Base64url", text[:at] + "\0" + text[at + 1 :])
    for length in (0, 16, 112, 127, 129, 144, 256):
        shown = written(sealed(f"{length} bytes", bytes(length)))
        wrong(f"rightly sealed, padded to {length} bytes", "Length", shown)
    wrong("a nonce and nothing else", "Length", written(right[:24]))
    wrong("24 bytes more, a second nonce", "Length", written(right[:24] + right))


def _keys_and_aad(group: Group) -> None:
    right = sealed("around", padded(b"name"))

    def wrong(comment: str, flag: str, data: bytes) -> None:
        group.add(comment, [flag], "invalid", **CONTEXT_HEX, sealed=written(data), error="decrypt")

    for place, at in {
        "first byte of the nonce": 0,
        "last byte of the nonce": 23,
        "first byte of the ciphertext": 24,
        "last byte of the ciphertext": -17,
        "first byte of the tag": -16,
        "last byte of the tag": -1,
    }.items():
        wrong(f"the {place} is changed", "Tampered", flip(right, at, 0x80))
    wrong("the tag is all zero", "Tampered", right[:-16] + bytes(16))
    wrong("the tag in front of the ciphertext", "Tampered", right[:24] + right[-16:] + right[24:-16])
    wrong("the nonce at the end", "Tampered", right[24:] + right[:24])
    wrong("all zero", "Tampered", bytes(168))
    keys = {
        "another group": group_key(derived("another secret", 32), "device-name"),
        "seal 1": group_key(SECRET, "encryption"),
        "seal 2": group_key(SECRET, "encryption-2"),
        "membership": group_key(SECRET, "authentication"),
    }
    for comment, key in keys.items():
        wrong(f"the key of {comment}", "OtherKey", sealed(comment, padded(b"name"), key=key))
    wrong("the group secret itself as key", "OtherKey", sealed("secret", padded(b"name"), key=SECRET))
    aads = {
        "another device": ("OtherDevice", LABEL + GROUP + derived("another device", 32)),
        "another device by one bit": ("OtherDevice", LABEL + GROUP + flip(DEVICE, 31)),
        "a device of zeros": ("OtherDevice", LABEL + GROUP + bytes(32)),
        "another group's id, the same key": ("OtherGroup", LABEL + derived("another group", 32) + DEVICE),
        "another group's id by one bit": ("OtherGroup", LABEL + flip(GROUP, 0) + DEVICE),
        "no additional data": ("OtherAad", b""),
        "no label": ("OtherAad", GROUP + DEVICE),
        "no group_id": ("OtherAad", LABEL + DEVICE),
        "no device_id": ("OtherAad", LABEL + GROUP),
        "device_id before group_id": ("OtherAad", LABEL + DEVICE + GROUP),
        "the label at the end": ("OtherAad", GROUP + DEVICE + LABEL),
        "the label with a terminator": ("OtherAad", LABEL + b"\0" + GROUP + DEVICE),
        "the label of version 2": ("OtherAad", b"0k-sync-name-v2" + GROUP + DEVICE),
        "the label of seal 2": ("OtherAad", b"0k-sync-seal-2" + GROUP + DEVICE),
        "the ids as hex": ("OtherAad", LABEL + (GROUP + DEVICE).hex().encode()),
    }
    for comment, (flag, aad) in aads.items():
        wrong(f"sealed for {comment}" if flag != "OtherAad" else comment, flag, sealed(comment, padded(b"name"), aad))


def _plaintexts(group: Group) -> None:
    """Rightly sealed, and 128 bytes long, but no name."""

    def wrong(comment: str, flag: str, plaintext: bytes, error: str) -> None:
        assert len(plaintext) == PADDED
        text = written(sealed(comment, plaintext))
        group.add(comment, [flag], "invalid", **CONTEXT_HEX, sealed=text, error=error)

    for comment, plaintext in (
        ("128 letters: no zero byte ends the name", b"a" * 128),
        ("128 bytes of four-byte characters", PHONE.encode() * 32),
        ("the last byte of the padding is 1", padded(b"name", 127) + b"\x01"),
        ("the second byte of the padding is 1", padded(b"name\0\x01")),
        ("a byte in the middle of the padding is 0x80", flip(padded(b"name"), 64, 0x80)),
        ("a second name in the padding", padded(b"name\0other")),
        ("a zero byte in front of the name", padded(b"\0name")),
        ("no name, the last byte is 1", padded(b"", 127) + b"\x01"),
    ):
        wrong(comment, "Padding", plaintext, "wrong-padding")
    for comment, name in (
        ("Latin-1", "Zo\u00eb".encode("latin-1")),
        ("a continuation byte alone", b"a\x80"),
        ("a four-byte character cut after three, at 127 bytes", b"a" * 124 + PHONE.encode()[:3]),
        ("a two-byte character cut after one, at 127 bytes", b"a" * 126 + b"\xc3"),
        ("a surrogate", b"\xed\xa0\xbd"),
        ("a surrogate pair, each in three bytes", b"\xed\xa0\xbd\xed\xb3\xb1"),
        ("an overlong slash", b"\xc0\xaf"),
        ("an overlong NUL", b"a\xc0\x80"),
        ("U+110000", b"\xf4\x90\x80\x80"),
        ("the byte 0xff", b"\xff"),
        ("the padding is 0xff", b"name".ljust(127, b"\xff")),
        ("the padding is 0x80, as of ISO 7816", b"name\x80"),
    ):
        wrong(f"not UTF-8: {comment}", "Utf8", padded(name), "malformed")


def _sealing(group: Group) -> None:
    def add(comment: str, flags: list[str], name: str, plaintext: bytes, error: str | None = None) -> None:
        inputs = {"name": name, "nonce": nonce_of(comment).hex(), "sealed": written(sealed(comment, plaintext))}
        result = "valid" if error is None else "invalid"
        group.add(comment, flags, result, **CONTEXT_HEX, **inputs, error=error)

    def right(comment: str, flags: list[str], name: str, expected: bytes) -> None:
        assert cut(unicodedata.normalize("NFC", name)) == expected
        add(comment, flags, name, padded(expected))

    marks, composed = "Zoe\u0308 A\u030a", "Zo\u00eb \u00c5".encode()
    right("combining marks", ["Normalised"], marks, composed)
    right("a letter that NFC takes apart", ["Normalised"], "\u0958", "\u0915\u093c".encode())
    right("a ligature, which NFC keeps", ["Normalised"], "\ufb01", b"\xef\xac\x81")
    right("127 letters", ["Boundary", "Cut"], "a" * 127, b"a" * 127)
    right("128 letters", ["Cut"], "a" * 128, b"a" * 127)
    right("1,000 letters", ["Cut"], "a" * 1000, b"a" * 127)
    right("a character of two bytes that would end at 128", ["Cut"], "a" * 126 + "\u00eb", b"a" * 126)
    right("a character of three bytes that would end at 129", ["Cut"], "a" * 126 + "\u624b", b"a" * 126)
    for before in (124, 125, 126):
        name = "a" * before + PHONE + "b"
        right(f"{before} letters and a character of four bytes", ["Cut"], name, b"a" * before)
    right(
        "123 letters and a character of four bytes, which fits", ["Cut"], f"{'a' * 123}{PHONE}b", cut("a" * 123 + PHONE)
    )
    right("64 characters of two bytes", ["Cut"], "\u00eb" * 64, "\u00eb".encode() * 63)
    fits = "a" * 125 + "u\u0308"
    right("a letter and a mark that fit as one letter", ["Normalised", "Cut"], fits, b"a" * 125 + "\u00fc".encode())
    right("a mark that no letter takes in is cut off alone", ["Cut"], "a" * 125 + "q\u0303", b"a" * 125 + b"q")

    def wrong(comment: str, flag: str, name: str, plaintext: bytes, error: str = "mismatch") -> None:
        add(comment, [flag], name, plaintext, error)

    wrong("not normalised", "Normalised", marks, padded(marks.encode()))
    wrong("in NFD", "Normalised", "Zo\u00eb", padded("Zoe\u0308".encode()))
    wrong("in NFKC", "Normalised", "\ufb01sh", padded(b"fish"))
    wrong("cut before it is normalised", "Normalised", fits, padded(b"a" * 125 + b"u"))
    wrong("cut within a character", "Cut", "a" * 126 + "\u00eb", padded(b"a" * 126 + b"\xc3"))
    wrong("cut to 126 bytes", "Cut", "a" * 200, padded(b"a" * 126))
    wrong("cut to 128 bytes, without padding", "Cut", "a" * 200, b"a" * 128)
    wrong("a character that would fit is cut off", "Cut", "a" * 123 + PHONE, padded(b"a" * 123))
    wrong("cut to 31 characters, as if each had four bytes", "Cut", "a" * 40, padded(b"a" * 31))
    wrong("a replacement character where it was cut", "Cut", "a" * 124 + PHONE, padded(b"a" * 124 + b"\xef\xbf\xbd"))
    wrong("padded with spaces", "WrongPadding", "name", b"name".ljust(128))
    wrong("padded with its own length, as in PKCS #7", "WrongPadding", "name", b"name".ljust(128, b"\x7c"))
    wrong("not padded", "WrongPadding", "name", b"name")
    wrong("padded to 256 bytes", "WrongPadding", "name", padded(b"name", 256))
    wrong("its length in front", "WrongPadding", "name", padded(b"\x04name"))
    wrong("U+0000 within", "Nul", "na\0me", padded(b"na\0me"), "malformed")
    wrong("U+0000 at the end", "Nul", "name\0", padded(b"name\0"), "malformed")
    wrong("U+0000 alone", "Nul", "\0", padded(b"\0"), "malformed")
    comment = "in base64 with + and /"
    shown = sealed(comment, padded(b"name"))
    for what, text in (
        (comment, "~" + base64.b64encode(shown).decode()),
        ("the ~ is missing", written(shown)[1:]),
        ("in hex", "~" + shown.hex()),
        ("the nonce at the end", written(shown[24:] + shown[:24])),
    ):
        inputs = {"name": "name", "nonce": nonce_of(comment).hex(), "sealed": text}
        group.add(what, ["OtherForm"], "invalid", **CONTEXT_HEX, **inputs, error="mismatch")
