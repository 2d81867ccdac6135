"""The transport part of noise.json: nonces, REKEY after 65,535, lengths, order."""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from document import Document, Group, derived
from noise_state import nonce_bytes, rekey, seal

SOURCE = (
    "generate/noise_transport.py: ChaCha20-Poly1305 of cryptography 50.0.2; its REKEY agrees with "
    "sources/noise-hybridXX.json"
)
KEY = derived("0k-sync vectors: transport key", 32)
SHORT = b"a short plaintext"


def rekeys(nonce: int) -> int:
    """How often a direction has rekeyed before the message with this nonce."""
    return nonce >> 16


def right(nonce: int, plaintext: bytes = SHORT) -> bytes:
    return seal(rekey(KEY, rekeys(nonce)), nonce, plaintext)


def add(document: Document) -> None:
    _messages(document.group("Transport", SOURCE, key=KEY.hex()))
    _sequences(document.group("TransportSequence", SOURCE, key=KEY.hex()))


def _messages(group: Group) -> None:
    for nonce in (0, 1, 255, 256, 65_534, 65_535, 65_536, 65_537, 131_071, 131_072, 196_608):
        for plaintext in (b"", SHORT):
            flags = ["Rekey"] if nonce >= 65_534 else []
            what = f"nonce {nonce}, {len(plaintext)} bytes" + (
                ", the last before a rekey" if nonce & 0xFFFF == 0xFFFF else ""
            )
            group.add(
                what,
                flags,
                "valid",
                operation="both",
                nonce=nonce,
                rekeys=rekeys(nonce),
                currentKey=rekey(KEY, rekeys(nonce)).hex(),
                plaintext=plaintext.hex(),
                ciphertext=right(nonce, plaintext).hex(),
            )

    def wrong(what: str, flags: list[str], error: str, nonce: int, ciphertext) -> None:
        shown = ciphertext if isinstance(ciphertext, dict) else ciphertext.hex()
        group.add(
            what,
            flags,
            "invalid",
            error=error,
            operation="decrypt",
            nonce=nonce,
            rekeys=rekeys(nonce),
            currentKey=rekey(KEY, rekeys(nonce)).hex(),
            ciphertext=shown,
        )

    for nonce in (65_536, 131_072):
        late = seal(rekey(KEY, rekeys(nonce) - 1), nonce, SHORT)
        wrong(f"nonce {nonce}, the sender has not rekeyed", ["Rekey"], "decrypt", nonce, late)
        wrong(
            f"nonce {nonce}, the sender rekeyed twice",
            ["Rekey"],
            "decrypt",
            nonce,
            seal(rekey(KEY, rekeys(nonce) + 1), nonce, SHORT),
        )
        wrong(
            f"nonce {nonce}, the sender rekeyed and began again at 0",
            ["Rekey"],
            "decrypt",
            nonce,
            seal(rekey(KEY, rekeys(nonce)), 0, SHORT),
        )
    for nonce in (65_535, 131_071):
        early = seal(rekey(KEY, rekeys(nonce) + 1), nonce, SHORT)
        wrong(f"nonce {nonce}, the sender has rekeyed one message early", ["Rekey"], "decrypt", nonce, early)
    wrong(
        "nonce 65,534, the sender has rekeyed two messages early",
        ["Rekey"],
        "decrypt",
        65_534,
        seal(rekey(KEY), 65_534, SHORT),
    )
    plain_rekey = seal(KEY, 2**64 - 1, b"")[:32].ljust(32, b"\x00")
    wrong(
        "nonce 65536, the new key is the tag of an empty plaintext",
        ["Rekey"],
        "decrypt",
        65_536,
        seal(plain_rekey, 65_536, SHORT),
    )
    at_zero = seal(KEY, 0, bytes(32))[:32]
    wrong(
        "nonce 65536, the new key was made with nonce 0 for 2^64-1",
        ["Rekey"],
        "decrypt",
        65_536,
        seal(at_zero, 65_536, SHORT),
    )

    big_endian = ChaCha20Poly1305(KEY).encrypt(bytes(4) + (1).to_bytes(8, "big"), SHORT, b"")
    wrong("nonce 1, big-endian", ["Nonce"], "decrypt", 1, big_endian)
    trailing = ChaCha20Poly1305(KEY).encrypt((1).to_bytes(8, "little") + bytes(4), SHORT, b"")
    wrong("nonce 1, its four zero bytes at the end", ["Nonce"], "decrypt", 1, trailing)
    wrong("nonce 256, the sender counts modulo 256", ["Nonce"], "decrypt", 256, right(0))
    wrong("nonce 1, encrypted with nonce 0", ["Nonce"], "decrypt", 1, right(0))
    wrong("nonce 0, encrypted with nonce 1", ["Nonce"], "decrypt", 0, right(1))
    wrong("with associated data, where there is none", ["Tampered"], "decrypt", 0, seal(KEY, 0, SHORT, b"/0k-sync/1"))
    assert nonce_bytes(1) == bytes.fromhex("000000000100000000000000")

    good = right(0)
    for what, data in (
        ("first bit of the ciphertext flipped", bytes([good[0] ^ 0x80]) + good[1:]),
        (
            "last bit of the ciphertext flipped",
            good[: len(SHORT) - 1] + bytes([good[len(SHORT) - 1] ^ 1]) + good[len(SHORT) :],
        ),
        ("first bit of the tag flipped", good[:-16] + bytes([good[-16] ^ 0x80]) + good[-15:]),
        ("last bit of the tag flipped", good[:-1] + bytes([good[-1] ^ 1])),
        ("one byte longer", good + b"\x00"),
        ("its last byte missing", good[:-1]),
        ("its first byte missing", good[1:]),
        ("the tag alone", good[-16:]),
        ("the tag before the ciphertext", good[-16:] + good[:-16]),
        ("sixteen zero bytes", bytes(16)),
        ("in the clear, with a tag of zeros", SHORT + bytes(16)),
    ):
        wrong(what, ["Tampered"], "decrypt", 0, data)
    wrong("under another key", ["Tampered"], "decrypt", 0, seal(derived("0k-sync vectors: another key", 32), 0, SHORT))
    wrong(
        "the tag of an empty plaintext, one bit flipped",
        ["Tampered"],
        "decrypt",
        0,
        bytes([right(0, b"")[0] ^ 1]) + right(0, b"")[1:],
    )
    for length in (0, 1, 15):
        wrong(f"{length} bytes", ["Short"], "too-short", 0, right(0)[:length])
    for length in (65_536, 65_537, 131_072):
        wrong(f"{length} bytes", ["Long"], "too-long", 0, {"repeat": "00", "times": length})
    wrong(
        "65,535 bytes of zeros: long enough to be read, not a right message",
        ["Boundary"],
        "decrypt",
        0,
        {"repeat": "00", "times": 65_535},
    )
    for length in (65_520, 65_536):
        group.add(
            f"a plaintext of {length} bytes is too long to be written",
            ["Long"],
            "invalid",
            error="too-long",
            operation="encrypt",
            nonce=0,
            rekeys=0,
            currentKey=KEY.hex(),
            plaintext={"repeat": "00", "times": length},
        )


def _sequences(group: Group) -> None:
    """What one receiving side is given in this order, beginning with the stated nonce."""

    def sequence(what: str, flags: list[str], nonce: int, steps: list[dict]) -> None:
        errors = [step["error"] for step in steps if "error" in step]
        extra = {"error": errors[0]} if errors else {}
        result = "invalid" if errors else "valid"
        group.add(what, flags, result, nonce=nonce, currentKey=rekey(KEY, rekeys(nonce)).hex(), steps=steps, **extra)

    def opens(nonce: int, plaintext: bytes = SHORT) -> dict:
        return {"ciphertext": right(nonce, plaintext).hex(), "plaintext": plaintext.hex()}

    def fails(ciphertext: bytes, error: str) -> dict:
        return {"ciphertext": ciphertext.hex(), "error": error}

    sequence("four messages in order", [], 0, [opens(nonce) for nonce in range(4)])
    sequence("an empty message between others means nothing", [], 0, [opens(0), opens(1, b""), opens(2)])
    sequence("over a rekey", ["Rekey"], 65_534, [opens(nonce) for nonce in range(65_534, 65_539)])
    sequence("over the second rekey", ["Rekey"], 131_070, [opens(nonce) for nonce in range(131_070, 131_075)])
    sequence(
        "one message twice", ["Replay"], 0, [opens(0), fails(right(0), "decrypt"), fails(right(1), "failed-state")]
    )
    sequence("the second message first", ["Replay"], 0, [fails(right(1), "decrypt"), fails(right(0), "failed-state")])
    sequence(
        "a message left out", ["Replay"], 0, [opens(0), fails(right(2), "decrypt"), fails(right(1), "failed-state")]
    )
    sequence(
        "right messages after a wrong one",
        ["Tampered"],
        0,
        [opens(0), fails(bytes(33), "decrypt"), fails(right(1), "failed-state"), fails(right(2), "failed-state")],
    )
    sequence(
        "right messages after one that is too short",
        ["Short"],
        0,
        [opens(0), fails(bytes(15), "too-short"), fails(right(1), "failed-state")],
    )
    sequence(
        "right messages after an empty one",
        ["Short"],
        0,
        [opens(0), fails(b"", "too-short"), fails(right(1), "failed-state")],
    )
    sequence(
        "over a rekey that the sender forgot",
        ["Rekey"],
        65_535,
        [opens(65_535), fails(seal(KEY, 65_536, SHORT), "decrypt"), fails(right(65_536), "failed-state")],
    )
    sequence(
        "a message from before a rekey again after it",
        ["Rekey", "Replay"],
        65_535,
        [opens(65_535), opens(65_536), fails(right(65_535), "decrypt"), fails(right(65_537), "failed-state")],
    )
