"""content.json: large content, encrypted once and fetched by its hash."""

from __future__ import annotations

import rules_sealing
from blake3 import blake3
from document import Document, Group, derived
from file_schema import COUNT, HEX, Shape, fixed, record, said, schema_of
from notes_sealing import CONTENT_NOTES
from sealing import content_key, flip, group_key, source, xchacha

ALGORITHM = "0k-Sync content: XChaCha20-Poly1305 and BLAKE3"
DEPLOYED = "sources/content.json: the deployed implementation"
MADE = "libsodium (PyNaCl) and blake3, generate/content.py"
LARGEST = 104_857_600
REFERENCE = record(
    {"content_hash": fixed(32), "encryption_nonce": fixed(24), "content_size": COUNT, "encrypted_size": COUNT}
)

schema = schema_of(
    "content",
    "Vectors of content",
    ALGORITHM,
    {
        "Content": Shape(
            inputs={
                "group_secret": fixed(32),
                "blob_id": said(HEX, "Of the Push that holds the ContentRef, 16 bytes."),
                "ref": said(REFERENCE, "From the ContentRef."),
                "fetched": said(HEX, "What was fetched: ciphertext ‖ tag 16."),
            },
            outputs={"content": HEX},
            errors=["wrong-hash", "wrong-size", "decrypt"],
            acceptable=True,
        ),
        "Sizes": Shape(
            description="What is known before anything is fetched.",
            inputs={"content_size": COUNT, "encrypted_size": COUNT},
            outputs={},
            errors=["wrong-size", "too-large"],
        ),
    },
)


def build() -> str:
    document = Document("content", ALGORITHM, "vectors/generate/content.py", CONTENT_NOTES, rules_sealing.content)
    _deployed(document.group("Content", DEPLOYED))
    _made(document.group("Content", MADE))
    _sizes(document.group("Sizes", "the rule, generate/content.py"))
    return document.render()


def _deployed(group: Group) -> None:
    for each in source("content.json"):
        right = len(each["blob_id"]) == 32
        key, nonce, plaintext = (bytes.fromhex(each[name]) for name in ("content_key", "nonce", "plaintext"))
        ciphertext = xchacha(key, nonce, plaintext)
        if ciphertext.hex() != each["ciphertext_tag"] or blake3(ciphertext).hexdigest() != each["content_hash"]:
            raise ValueError("libsodium or blake3 gives something else than sources/content.json")
        reference = {
            "content_hash": each["content_hash"],
            "encryption_nonce": each["nonce"],
            "content_size": each["content_size"],
            "encrypted_size": each["encrypted_size"],
        }
        group.add(
            f"{each['content_size']} bytes, blob {each['blob_id'][:8] or 'without id'}, secret {each['group_secret'][:8]}",
            ["Deployed"] if right else ["Deployed", "OtherBlobId"],
            "valid" if right else "acceptable",
            group_secret=each["group_secret"],
            blob_id=each["blob_id"],
            ref=reference,
            fetched=each["ciphertext_tag"],
            content=each["plaintext"],
        )


def _reference(fetched: bytes, nonce: bytes, **changed) -> dict:
    usual = {
        "content_hash": blake3(fetched).hexdigest(),
        "encryption_nonce": nonce.hex(),
        "content_size": len(fetched) - 16,
        "encrypted_size": len(fetched),
    }
    return usual | changed


def _made(group: Group) -> None:
    secret, blob_id, nonce = derived("content secret", 32), derived("content blob", 16), derived("content nonce", 24)
    key, content = content_key(secret, blob_id), b"A photograph, thirty-two bytes.\n"
    right = xchacha(key, nonce, content)
    context = {"group_secret": secret.hex(), "blob_id": blob_id.hex()}

    def wrong(comment: str, flag: str, error: str, fetched: bytes, **changed) -> None:
        reference = _reference(fetched, nonce, **changed)
        group.add(comment, [flag], "invalid", **context, ref=reference, fetched=fetched.hex(), error=error)

    group.add(
        "32 bytes", [], "valid", **context, ref=_reference(right, nonce), fetched=right.hex(), content=content.hex()
    )
    hashes = {
        "its first bit changed": flip(blake3(right).digest(), 0, 0x80),
        "its last bit changed": flip(blake3(right).digest(), 31),
        "all zero": bytes(32),
        "that of the content": blake3(content).digest(),
        "that of the ciphertext without tag": blake3(right[:-16]).digest(),
        "that of nonce and ciphertext": blake3(nonce + right).digest(),
        "that of other content": blake3(xchacha(key, nonce, content[::-1])).digest(),
        "that of BLAKE3 with a key": blake3(right, key=key).digest(),
    }
    for comment, value in hashes.items():
        wrong(f"content_hash: {comment}", "Hash", "wrong-hash", right, content_hash=value.hex())
    good = blake3(right).hexdigest()
    for comment, fetched in {
        "one bit of the ciphertext changed": flip(right, 5),
        "one bit of the tag changed": flip(right, -1),
        "the ciphertext of other content of the group": xchacha(key, derived("another nonce", 24), content[::-1]),
    }.items():
        wrong(f"fetched: {comment}", "Hash", "wrong-hash", fetched, content_hash=good)
    wrong("content_size one too small", "Size", "wrong-size", right, content_size=31)
    wrong("content_size one too large", "Size", "wrong-size", right, content_size=33)
    wrong("content_size that of the ciphertext", "Size", "wrong-size", right, content_size=48)
    wrong("encrypted_size one too small", "Size", "wrong-size", right, encrypted_size=47)
    wrong("encrypted_size one too large", "Size", "wrong-size", right, encrypted_size=49)
    wrong("encrypted_size that of the content", "Size", "wrong-size", right, encrypted_size=32)
    more, less = {"content_size": 33, "encrypted_size": 49}, {"content_size": 31, "encrypted_size": 47}
    wrong("both sizes one too large", "Size", "wrong-size", right, **more)
    wrong("both sizes one too small", "Size", "wrong-size", right, **less)
    for comment, fetched in {
        "the first bit of the tag": flip(right, -16, 0x80),
        "the last bit of the tag": flip(right, -1),
        "the first bit of the ciphertext": flip(right, 0, 0x80),
    }.items():
        wrong(f"{comment} changed, the hash made of that", "Tag", "decrypt", fetched)
    wrong("the tag in front", "Tag", "decrypt", right[-16:] + right[:-16])
    wrong("the tag all zero", "Tag", "decrypt", right[:-16] + bytes(16))
    wrong("no content, the tag changed", "Tag", "decrypt", flip(xchacha(key, nonce, b""), 3))
    keys = {
        "another blob": content_key(secret, derived("another blob", 16)),
        "another blob by one bit": content_key(secret, flip(blob_id, 15)),
        "another secret": content_key(derived("another secret", 32), blob_id),
        "seal 1": group_key(secret, "encryption"),
        "seal 2": group_key(secret, "encryption-2"),
    }
    for comment, other in keys.items():
        wrong(f"the key of {comment}", "OtherKey", "decrypt", xchacha(other, nonce, content))
    wrong("the group secret as key", "OtherKey", "decrypt", xchacha(secret, nonce, content))
    wrong("the blob_id as additional data", "OtherAad", "decrypt", xchacha(key, nonce, content, blob_id))
    other = derived("another nonce", 24)
    wrong("encryption_nonce: another", "Nonce", "decrypt", right, encryption_nonce=other.hex())
    wrong("encryption_nonce: one bit changed", "Nonce", "decrypt", right, encryption_nonce=flip(nonce, 23).hex())
    wrong("encryption_nonce: all zero", "Nonce", "decrypt", right, encryption_nonce=bytes(24).hex())


def _sizes(group: Group) -> None:
    for size in (0, 1, 1_048_576, LARGEST - 16, LARGEST - 1, LARGEST):
        group.add(f"{size} bytes", ["Size"], "valid", content_size=size, encrypted_size=size + 16)
    for content_size, encrypted_size in (
        (0, 0),
        (0, 15),
        (0, 17),
        (100, 100),
        (100, 84),
        (100, 140),
        (LARGEST - 16, LARGEST - 17),
    ):
        comment = f"{content_size} bytes, encrypted {encrypted_size}"
        sizes = {"content_size": content_size, "encrypted_size": encrypted_size}
        group.add(comment, ["Size"], "invalid", **sizes, error="wrong-size")
    for size in (LARGEST + 1, 2 * LARGEST, 2**32, 2**53 - 17):
        sizes = {"content_size": size, "encrypted_size": size + 16}
        group.add(f"{size} bytes: too many", ["TooLarge"], "invalid", **sizes, error="too-large")
