"""What invites are made of: the ids of groups, base64url, the two forms before it."""

from __future__ import annotations

import base64
import json

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from document import derived
from ids import V1, group_id_v2, sha256
from sealing import group_key

PREFIX = "0ksync://join/"


def group_of(secret: bytes) -> bytes:
    """The id of the v2 group of a secret."""
    seed = group_key(secret, "authentication")
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key()
    return group_id_v2(public.public_bytes(Encoding.Raw, PublicFormat.Raw))


def group_v1_of(secret: bytes) -> bytes:
    return sha256(V1, secret)


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def compact(value) -> bytes:
    """JSON without a space."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def address(host: str, label: str = "relay") -> str:
    return f"wss://{host}/#{base64url(derived(label, 32))}"
