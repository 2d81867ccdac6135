"""Verifies a certificate without anything of this repository: JSON and DSSE by securesystemslib, Ed25519 and ML-DSA-65 by
the OpenSSL of cryptography. Then it signs the same statement with keys of its own, for the certifier to verify.

    check.py CERTIFICATE PUBLIC-KEY OTHER-CERTIFICATE OTHER-PUBLIC-KEY      writes the last two"""

import base64
import hashlib
import json
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey, MLDSA65PublicKey
from securesystemslib.dsse import Envelope


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def thumbprint(jwk):
    """RFC 7638: the members that every key of its type has, by name, without spaces."""
    names = {"OKP": ["crv", "kty", "x"], "AKP": ["alg", "kty", "pub"]}[jwk["kty"]]
    text = json.dumps({name: jwk[name] for name in names}, separators=(",", ":"))
    return encode(hashlib.sha256(text.encode()).digest())


def public_key(jwk):
    if jwk["kty"] == "OKP":
        return Ed25519PublicKey.from_public_bytes(decode(jwk["x"]))
    return MLDSA65PublicKey.from_public_bytes(decode(jwk["pub"]))


def refuses(key, signature, message):
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return True
    return False


def verify(text, keys):
    envelope = Envelope.from_dict(json.loads(text))
    assert envelope.payload_type == "application/vnd.in-toto+json"
    assert list(envelope.signatures) == [thumbprint(key) for key in keys]
    for jwk in keys:
        key, signature = public_key(jwk), bytes.fromhex(envelope.signatures[thumbprint(jwk)].signature)
        key.verify(signature, envelope.pae())
        # Else it would not be known that anything was looked at.
        assert refuses(key, signature, envelope.pae() + b" ")
        assert refuses(key, bytes([signature[0] ^ 1]) + signature[1:], envelope.pae())
    return json.loads(envelope.payload)


def sign(statement):
    secrets = [Ed25519PrivateKey.generate(), MLDSA65PrivateKey.generate()]
    raw = [encode(secret.public_key().public_bytes_raw()) for secret in secrets]
    keys = [{"kty": "OKP", "crv": "Ed25519", "x": raw[0]}, {"kty": "AKP", "alg": "ML-DSA-65", "pub": raw[1]}]
    statement["predicate"]["0k-conformance"]["keys"] = keys
    payload = json.dumps(statement).encode()
    envelope = Envelope(payload, "application/vnd.in-toto+json", {})
    standard = lambda data: base64.b64encode(data).decode()
    signatures = [
        {"keyid": thumbprint(jwk), "sig": standard(secret.sign(envelope.pae()))} for jwk, secret in zip(keys, secrets)
    ]
    whole = {"payload": standard(payload), "payloadType": envelope.payload_type, "signatures": signatures}
    return json.dumps(whole, indent=2) + "\n", json.dumps({"keys": keys})


certificate, public, other, other_public = sys.argv[1:]
with open(public) as file:
    keys = json.load(file)["keys"]
with open(certificate) as file:
    statement = verify(file.read(), keys)
print("verified by other implementations:", statement["predicate"]["result"])
written, written_keys = sign(statement)
with open(other, "w") as file:
    file.write(written)
with open(other_public, "w") as file:
    file.write(written_keys)
