"""Ids, keys, seals, content and proofs."""
import base64
import hashlib
import re
import unicodedata

from argon2.low_level import Type, hash_secret_raw
from blake3 import blake3
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgpack import packb
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt, crypto_aead_xchacha20poly1305_ietf_encrypt
from nacl.exceptions import CryptoError

from messages import SPEC, Reader, Refused, refuse_unless

SEAL, LABELS = SPEC["seal"], {use: label.encode() for use, label in SPEC["labels"].items()}


def labelled(use, *parts):
    """SHA-256 of a label and of parts, pairs of bytes and the length that they must have."""
    refuse_unless(all(len(data) == length for data, length in parts), "wrong-length")
    return hashlib.sha256(LABELS[use] + b"".join(data for data, _ in parts)).digest()


def read_id(text, length):
    refuse_unless(re.fullmatch(r"[A-Za-z0-9_-]*", text) and len(text) == -(-length * 4 // 3), "malformed")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    refuse_unless(write_id(data) == text, "malformed")
    return data


def write_id(bytes):
    return base64.urlsafe_b64encode(bytes).decode().rstrip("=")


def read_blob_id(text):
    refuse_unless(re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text), "malformed")
    return bytes.fromhex(text.replace("-", ""))


def write_blob_id(bytes):
    return re.sub("(.{8})(.{4})(.{4})(.{4})(.{12})", r"\1-\2-\3-\4-\5", bytes.hex())


def device_id(dh_public, kem_public):
    return labelled("identity", (dh_public, 32), (kem_public, 1184))


def group_id(group_key):
    return labelled("group_id_v2", (group_key, 32))


def group_id_v1(group_secret):
    return labelled("group_id_v1", (group_secret, 32))


def hkdf(secret, salt, info):
    refuse_unless(len(secret) == 32, "wrong-length")
    return HKDF(hashes.SHA256(), 32, salt.encode(), info).derive(secret)


def derive_key(group_secret, purpose):
    return hkdf(group_secret, SEAL["keys"]["encryption"]["salt"], purpose.encode())


def derive_content_key(group_secret, blob_id):
    refuse_unless(len(blob_id) == 16, "wrong-length")
    return hkdf(group_secret, SEAL["keys"]["content"]["salt"], blob_id + SEAL["keys"]["content"]["info"].encode())


def normalise_passphrase(passphrase):
    refuse_unless(passphrase, "empty-passphrase")
    return unicodedata.normalize("NFC", passphrase).encode()


def check_parameters(m, t, p, salt_length):
    least, largest = SEAL["passphrase"]["least"], SEAL["passphrase"]["largest"]
    refuse_unless(salt_length == SEAL["passphrase"]["salt"], "wrong-length")
    refuse_unless(any(m >= row["m"] and t >= row["t"] and p >= row["p"] for row in least), "out-of-range")
    refuse_unless(m <= largest["m"] and t <= largest["t"] and p <= largest["p"], "out-of-range")


def choose_parameters(ram):
    gib = SEAL["passphrase"]["unknown_gib"] if ram is None else ram / 2**30
    return next(row for row in SEAL["passphrase"]["creator"] if row["below_gib"] is None or gib < row["below_gib"])


def derive_secret(passphrase, group_version, salt, m, t, p):
    check_parameters(m, t, p, len(salt))
    password = normalise_passphrase(passphrase) if group_version == 2 else passphrase.encode()
    return hash_secret_raw(password, salt, t, m, p, 32, Type.ID, SEAL["passphrase"]["version"])


def padded_length(length):
    exponent = max(length, 2).bit_length() - 1
    low = (1 << (exponent - exponent.bit_length())) - 1 if exponent > 1 else 0
    return max(SEAL["seal_2"]["padded_least"], (length + low) & ~low)


def seal_1(key, nonce, plaintext, aad=b""):
    return nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, aad, nonce, key)


def open_1(key, sealed, aad=b""):
    refuse_unless(len(sealed) >= 40, "too-short")
    try:
        return crypto_aead_xchacha20poly1305_ietf_decrypt(sealed[24:], aad, sealed[:24], key)
    except CryptoError:
        raise Refused("decrypt") from None


def aad_of(kind, group, other):
    return SEAL[kind]["aad"]["label"].encode() + group + other


def seal_2(key, group_id, blob_id, nonce, record):
    refuse_unless(len(record["data"]) <= SEAL["seal_2"]["max_data"], "too-large")
    plain = packb([record[field["name"]] for field in SEAL["seal_2"]["fields"]])
    return b"\x02" + seal_1(key, nonce, plain.ljust(padded_length(len(plain)), b"\0"), aad_of("seal_2", group_id, blob_id))


def open_2(key, group_id, blob_id, sealed):
    refuse_unless(len(sealed) >= 41, "too-short")
    refuse_unless(sealed[0] == 2, "wrong-version")
    plain = open_1(key, sealed[1:], aad_of("seal_2", group_id, blob_id))
    reader, record = Reader(plain), {}
    try:
        refuse_unless(reader.expect("array") == 6, "wrong-arity")
        for field in SEAL["seal_2"]["fields"]:
            empty = field.get("nullable") and reader.nil()
            read = reader.uint if field["kind"] == "uint64" else lambda: reader.blob(field.get("length"))
            record[field["name"]] = None if empty else read()
    except Refused:
        raise Refused("malformed") from None
    refuse_unless(len(record["data"]) <= SEAL["seal_2"]["max_data"], "too-large")
    refuse_unless(len(plain) == padded_length(reader.at) and not any(plain[reader.at :]), "wrong-padding")
    return record


def seal_name(key, group_id, device_id, nonce, name):
    refuse_unless("\0" not in name, "malformed")
    text = unicodedata.normalize("NFC", name).encode()[:127].decode(errors="ignore").encode()
    return "~" + write_id(seal_1(key, nonce, text.ljust(128, b"\0"), aad_of("device_name", group_id, device_id)))


def open_name(key, group_id, device_id, sealed):
    refuse_unless(sealed.startswith("~"), "wrong-version")
    plain = open_1(key, read_id(sealed[1:], 168), aad_of("device_name", group_id, device_id))
    text, zero, rest = plain.partition(b"\0")
    refuse_unless(zero and not any(rest), "wrong-padding")
    try:
        return text.decode()
    except UnicodeDecodeError:
        raise Refused("malformed") from None


def check_content(content_size, encrypted_size):
    refuse_unless(content_size <= SEAL["content"]["max_content"], "too-large")
    refuse_unless(encrypted_size == content_size + 16, "wrong-size")


def seal_content(group_secret, blob_id, nonce, content):
    ciphertext = seal_1(derive_content_key(group_secret, blob_id), nonce, content)[24:]
    ref = {"content_hash": blake3(ciphertext).digest(), "encryption_nonce": nonce}
    return {"ref": ref | {"content_size": len(content), "encrypted_size": len(ciphertext)}, "ciphertext": ciphertext}


def open_content(group_secret, blob_id, ref, fetched):
    check_content(ref["content_size"], ref["encrypted_size"])
    refuse_unless(len(fetched) == ref["encrypted_size"], "wrong-size")
    refuse_unless(blake3(fetched).digest() == ref["content_hash"], "wrong-hash")
    return open_1(derive_content_key(group_secret, blob_id), ref["encryption_nonce"] + fetched)


def prove(group_secret, device_id):
    signer = Ed25519PrivateKey.from_private_bytes(derive_key(group_secret, "authentication"))
    key = signer.public_key().public_bytes_raw()
    group = group_id(key)
    return {"group_id": group, "key": key, "signature": signer.sign(LABELS["member"] + group + device_id)}


P = 2**255 - 19
Y_8 = int.from_bytes(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little")
SMALL_ORDER = (0, 1, P - 1, Y_8, P - Y_8)


def verify_proof(group_id, device_id, key, signature):
    y = int.from_bytes(key, "little") & ~(1 << 255)
    # OpenSSL compares R as bytes and checks S, but takes keys that are not canonical, and of small order.
    refuse_unless(labelled("group_id_v2", (key, 32)) == group_id and y < P and y not in SMALL_ORDER, "unauthorized")
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, LABELS["member"] + group_id + device_id)
    except (InvalidSignature, ValueError):
        raise Refused("unauthorized") from None
