"""Noise's symmetric state and REKEY on hashlib and the cryptography package.

Enough to write any message of the handshake once the shared secrets are known: the oracle gives the ML-KEM ones, so no
ML-KEM is needed here.
"""

from __future__ import annotations

import hashlib
import hmac

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

PROTOCOL = b"Noise_hybridXX_25519+MLKEM768_ChaChaPoly_BLAKE2s"
P = 2**255 - 19


def blake2s(data: bytes) -> bytes:
    return hashlib.blake2s(data).digest()


def hkdf(ck: bytes, material: bytes, count: int) -> list[bytes]:
    def mac(key: bytes, data: bytes) -> bytes:
        return hmac.new(key, data, hashlib.blake2s).digest()

    temp = mac(ck, material)
    out: list[bytes] = []
    for index in range(1, count + 1):
        out.append(mac(temp, (out[-1] if out else b"") + bytes([index])))
    return out


def nonce_bytes(nonce: int) -> bytes:
    return bytes(4) + nonce.to_bytes(8, "little")


def seal(key: bytes, nonce: int, plaintext: bytes, ad: bytes = b"") -> bytes:
    return ChaCha20Poly1305(key).encrypt(nonce_bytes(nonce), plaintext, ad)


def rekey(key: bytes, times: int = 1) -> bytes:
    for _ in range(times):
        key = seal(key, 2**64 - 1, bytes(32))[:32]
    return key


def dh(secret: bytes, public: bytes) -> bytes:
    """X25519; an all-zero result comes back as it is, because the point here is to be the lax peer."""
    try:
        return X25519PrivateKey.from_private_bytes(secret).exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError:
        return bytes(32)


def dh_public(secret: bytes) -> bytes:
    return X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


class Symmetric:
    def __init__(self, prologue: bytes, protocol: bytes = PROTOCOL):
        self.h = blake2s(protocol) if len(protocol) > 32 else protocol.ljust(32, b"\x00")
        self.ck = self.h
        self.key: bytes | None = None
        self.nonce = 0
        self.mix_hash(prologue)

    def mix_hash(self, data: bytes) -> None:
        self.h = blake2s(self.h + data)

    def mix_key(self, material: bytes) -> None:
        self.ck, self.key = hkdf(self.ck, material, 2)
        self.nonce = 0

    def mix_key_and_hash(self, material: bytes) -> None:
        self.ck, mixed, self.key = hkdf(self.ck, material, 3)
        self.mix_hash(mixed)
        self.nonce = 0

    def encrypt_and_hash(self, plaintext: bytes) -> bytes:
        if self.key is None:
            out = plaintext
        else:
            out = seal(self.key, self.nonce, plaintext, self.h)
            self.nonce += 1
        self.mix_hash(out)
        return out

    def split(self) -> tuple[bytes, bytes]:
        first, second = hkdf(self.ck, b"", 2)
        return first, second


class Transcript:
    """The four messages of one oracle vector, written again; `changes` replaces what a misbehaving side would send.

    Keys of `changes`: 'payload1' … 'payload4', 'e_dh2', 'e_kem2', 's_dh2', 's_kem2', 's_dh3', 's_kem3'.
    """

    def __init__(self, vector: dict, changes: dict[str, bytes] | None = None, protocol: bytes = PROTOCOL):
        self.vector = vector
        self.changes = changes or {}
        self.state = Symmetric(bytes.fromhex(vector["prologue"]), protocol)
        self.messages: list[bytes] = []
        self.states: list[tuple[bytes, bytes]] = []
        for write in (self._first, self._second, self._third, self._fourth):
            self.messages.append(write())
            self.states.append((self.state.h, self.state.ck))

    def _key(self, side: str, name: str, part: str) -> bytes:
        return bytes.fromhex(self.vector[side][name][part])

    def _kem(self, name: str, part: str) -> bytes:
        return bytes.fromhex(self.vector["encapsulations"][name][part])

    def _payload(self, index: int) -> bytes:
        return self.changes.get(f"payload{index}", bytes.fromhex(self.vector["messages"][index - 1]["payload"]))

    def _clear(self, *parts: bytes) -> bytes:
        for part in parts:
            self.state.mix_hash(part)
        return b"".join(parts)

    def _first(self) -> bytes:
        keys = self._clear(self._key("initiator", "e_dh", "public"), self._key("initiator", "e_kem", "public"))
        return keys + self.state.encrypt_and_hash(self._payload(1))

    def _second(self) -> bytes:
        out = self._clear(self._kem("msg2_ekem", "ct"))
        self.state.mix_key(self._kem("msg2_ekem", "ss"))
        e_dh = self.changes.get("e_dh2", self._key("responder", "e_dh", "public"))
        out += self._clear(e_dh, self.changes.get("e_kem2", self._key("responder", "e_kem", "public")))
        initiator = self._key("initiator", "e_dh", "secret")
        self.state.mix_key(dh(initiator, e_dh))
        s_dh = self.changes.get("s_dh2", self._key("responder", "s_dh", "public"))
        out += self.state.encrypt_and_hash(s_dh)
        out += self.state.encrypt_and_hash(self.changes.get("s_kem2", self._key("responder", "s_kem", "public")))
        self.state.mix_key(dh(initiator, s_dh))
        return out + self.state.encrypt_and_hash(self._payload(2))

    def _third(self) -> bytes:
        out = self.state.encrypt_and_hash(self._kem("msg3_skem", "ct"))
        self.state.mix_key_and_hash(self._kem("msg3_skem", "ss"))
        s_dh = self.changes.get("s_dh3", self._key("initiator", "s_dh", "public"))
        out += self.state.encrypt_and_hash(s_dh)
        out += self.state.encrypt_and_hash(self.changes.get("s_kem3", self._key("initiator", "s_kem", "public")))
        self.state.mix_key(dh(self._key("responder", "e_dh", "secret"), s_dh))
        return out + self.state.encrypt_and_hash(self._payload(3))

    def _fourth(self) -> bytes:
        out = self.state.encrypt_and_hash(self._kem("msg4_skem", "ct"))
        self.state.mix_key_and_hash(self._kem("msg4_skem", "ss"))
        return out + self.state.encrypt_and_hash(self._payload(4))


def check_against(vector: dict) -> None:
    """This module must reproduce every byte of an oracle vector before it is trusted with anything else."""
    again = Transcript(vector)
    for index, message in enumerate(vector["messages"]):
        wanted = (message["message"], message["state_after"]["h"], message["state_after"]["ck"])
        got = (again.messages[index].hex(), again.states[index][0].hex(), again.states[index][1].hex())
        if got != wanted:
            raise AssertionError(f"{vector['id']}: message {index + 1} differs from the oracle")
    keys = dict(zip(("i2r", "r2i"), again.state.split()))
    if {way: key.hex() for way, key in keys.items()} != vector["transport_keys"]:
        raise AssertionError(f"{vector['id']}: transport keys differ from the oracle")
    for item in vector["transport"]:
        key = rekey(keys[item["dir"]], item["rekeys_before"])
        if seal(key, item["nonce"], bytes.fromhex(item["plaintext"])).hex() != item["ciphertext"]:
            raise AssertionError(f"{vector['id']}: transport message {item['nonce']} differs from the oracle")
    for side in ("initiator", "responder"):
        for name in ("e_dh", "s_dh"):
            if dh_public(bytes.fromhex(vector[side][name]["secret"])).hex() != vector[side][name]["public"]:
                raise AssertionError(f"{vector['id']}: {side} {name} differs from the oracle")


def kem_coefficient(key: bytes, index: int) -> int:
    """The index-th 12-bit coefficient of an ML-KEM-768 encapsulation key (FIPS 203 ByteEncode_12)."""
    word = int.from_bytes(key[index // 2 * 3 : index // 2 * 3 + 3], "little")
    return word >> 12 if index % 2 else word & 0xFFF


def with_coefficient(key: bytes, index: int, value: int) -> bytes:
    at = index // 2 * 3
    word = int.from_bytes(key[at : at + 3], "little")
    word = (word & 0xFFF) | value << 12 if index % 2 else (word & 0xFFF000) | value
    return key[:at] + word.to_bytes(3, "little") + key[at + 3 :]
