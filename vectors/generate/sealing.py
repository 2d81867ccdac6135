"""What group keys and seals are made with: HKDF by cryptography, XChaCha20-Poly1305 by libsodium, padding by hand."""

from __future__ import annotations

import json
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt

SOURCES = Path(__file__).resolve().parent.parent / "sources"
GROUP_SALT = b"0k-sync-group-key-v1"
CONTENT_SALT = b"0k-sync-content-v1"
SMALLEST = 256


def source(name: str) -> list[dict]:
    """A file of ../sources."""
    return json.loads((SOURCES / name).read_text(encoding="utf-8"))


def hkdf(ikm: bytes, salt: bytes, info: bytes, length: int = 32) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(ikm)


def group_key(secret: bytes, purpose: str) -> bytes:
    return hkdf(secret, GROUP_SALT, purpose.encode())


def content_key(secret: bytes, blob_id: bytes) -> bytes:
    return hkdf(secret, CONTENT_SALT, blob_id + b"content-encryption")


def xchacha(key: bytes, nonce: bytes, plaintext: bytes, aad: bytes = b"") -> bytes:
    """Ciphertext ‖ tag 16."""
    return crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, aad, nonce, key)


def padme(length: int) -> int:
    """PADMÉ of a length of 2 or more."""
    exponent = length.bit_length() - 1
    bits = exponent.bit_length()
    mask = (1 << (exponent - bits)) - 1 if exponent > bits else 0
    return (length + mask) & ~mask


def padded_length(length: int) -> int:
    """How long P is when its array has `length` bytes."""
    return max(SMALLEST, padme(length)) if length >= 2 else SMALLEST


def flip(data: bytes, at: int, mask: int = 1) -> bytes:
    out = bytearray(data)
    out[at] ^= mask
    return bytes(out)
