"""membership.json: proofs that a device belongs to a group."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import ed25519 as ed
import rules
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from document import Document, Group, derived
from file_schema import Shape, fixed, said, schema_of
from ids import group_id_v2
from notes_sealing import MEMBERSHIP_NOTES
from sealing import flip, group_key

ALGORITHM = "0k-Sync proof of membership: Ed25519"
LIBRARY = "Ed25519 of cryptography, generate/membership.py"
FORGED = "Ed25519 over integers, generate/ed25519.py, held against cryptography where that signs too"
LABEL = b"0k-sync-member-v1"

schema = schema_of(
    "membership",
    "Vectors of membership",
    ALGORITHM,
    {
        "Proof": Shape(
            inputs={
                "group_id": fixed(32),
                "device_id": said(fixed(32), "The one that the transport authenticated."),
                "key": said(fixed(32), "proof[0], Ed25519 key A."),
                "signature": said(fixed(64), "proof[1], R ‖ S."),
            },
            outputs={},
            optional={
                "group_secret": said(fixed(32), "Whose authentication key signed; signing gives this signature.")
            },
            errors=["unauthorized"],
            acceptable=True,
        )
    },
)


class Member:
    def __init__(self, name: str):
        self.secret = derived("membership " + name, 32)
        self.seed = group_key(self.secret, "authentication")
        self.key = ed.public_key(self.seed)
        self.group_id = group_id_v2(self.key)


def signed(group_id: bytes, device_id: bytes) -> bytes:
    return LABEL + group_id + device_id


DEVICE = derived("membership device", 32)


def build() -> str:
    document = Document("membership", ALGORITHM, "vectors/generate/membership.py", MEMBERSHIP_NOTES, rules.membership)
    member = Member("group")
    _right(document.group("Proof", LIBRARY), member)
    _other_bytes(document.group("Proof", LIBRARY), member)
    forged = document.group("Proof", FORGED)
    _bits(forged, member)
    _scalars(forged, member)
    _keys(forged)
    _commitments(forged, member)
    _mixed(forged, member)
    return document.render()


def _add(group: Group, comment: str, flags: list[str], result: str, key: bytes, signature: bytes, **changed) -> None:
    ids = {"group_id": group_id_v2(key).hex(), "device_id": DEVICE.hex()} | changed
    error = "unauthorized" if result == "invalid" else None
    group.add(comment, flags, result, **ids, key=key.hex(), signature=signature.hex(), error=error)


def _right(group: Group, member: Member) -> None:
    devices = {"any device": DEVICE, "a device of zeros": bytes(32), "a device of 0xff": b"\xff" * 32}
    for name in ("group", "another", "third"):
        one = Member(name)
        private = Ed25519PrivateKey.from_private_bytes(one.seed)
        for comment, device in devices.items():
            signature = private.sign(signed(one.group_id, device))
            if ed.sign(one.seed, signed(one.group_id, device)) != signature:
                raise ValueError("the two Ed25519 disagree")
            _add(
                group,
                f"group {name!r}, {comment}",
                ["Right"],
                "valid",
                one.key,
                signature,
                device_id=device.hex(),
                group_secret=one.secret.hex(),
            )


def _other_bytes(group: Group, member: Member) -> None:
    private = Ed25519PrivateKey.from_private_bytes(member.seed)
    other = Member("another")
    group_id, device = member.group_id, derived("another device", 32)
    right = private.sign(signed(group_id, DEVICE))

    def wrong(comment: str, flag: str, message: bytes) -> None:
        _add(group, comment, [flag], "invalid", member.key, private.sign(message))

    wrong("signed for another device", "OtherDevice", signed(group_id, device))
    wrong("signed for a device that differs in one bit", "OtherDevice", signed(group_id, flip(DEVICE, 31)))
    wrong("signed for no device", "OtherDevice", LABEL + group_id)
    wrong("signed for the group's id as device", "OtherDevice", signed(group_id, group_id))
    wrong("signed for another group", "OtherGroup", signed(other.group_id, DEVICE))
    wrong("signed for a group that differs in one bit", "OtherGroup", signed(flip(group_id, 0), DEVICE))
    wrong("signed for no group", "OtherGroup", LABEL + DEVICE)
    wrong("signed for the v1 id of the secret", "OtherGroup", signed(_v1(member.secret), DEVICE))
    wrong("no label", "OtherLabel", group_id + DEVICE)
    wrong("the label of version 2", "OtherLabel", b"0k-sync-member-v2" + group_id + DEVICE)
    wrong("the label with a terminator", "OtherLabel", LABEL + b"\0" + group_id + DEVICE)
    wrong("the label of group ids", "OtherLabel", b"0k-sync-group-id-v2" + group_id + DEVICE)
    wrong("the label in capitals", "OtherLabel", LABEL.upper() + group_id + DEVICE)
    wrong("the label at the end", "OtherLabel", group_id + DEVICE + LABEL)
    wrong("the device before the group", "OtherLabel", LABEL + DEVICE + group_id)
    wrong("the ids as hex", "OtherLabel", LABEL + group_id.hex().encode() + DEVICE.hex().encode())
    wrong("the hash of the bytes", "OtherLabel", hashlib.sha256(signed(group_id, DEVICE)).digest())
    wrong("a byte more", "OtherLabel", signed(group_id, DEVICE) + b"\0")
    wrong("nothing", "OtherLabel", b"")
    foreign = Ed25519PrivateKey.from_private_bytes(other.seed)
    claimed = {"group_id": group_id.hex()}
    signature = foreign.sign(signed(group_id, DEVICE))
    _add(group, "a key of one's own, rightly signed", ["OtherKey"], "invalid", other.key, signature, **claimed)
    _add(group, "the right key, signed with another", ["Forged"], "invalid", member.key, signature)
    secret = Ed25519PrivateKey.from_private_bytes(member.secret)
    by_secret = ed.public_key(member.secret)
    signature = secret.sign(signed(group_id, DEVICE))
    _add(group, "the group secret as seed", ["OtherKey"], "invalid", by_secret, signature, **claimed)
    v1 = hashlib.sha256(b"0k-sync-group-id-v1" + member.key).digest()
    signature = private.sign(signed(v1, DEVICE))
    _add(group, "an id with the label of v1", ["OtherKey"], "invalid", member.key, signature, group_id=v1.hex())
    v1 = _v1(member.secret)
    signature = private.sign(signed(v1, DEVICE))
    _add(group, "the v1 id of the secret", ["OtherKey"], "invalid", member.key, signature, group_id=v1.hex())
    signature = private.sign(signed(member.key, DEVICE))
    _add(group, "the key itself as id", ["OtherKey"], "invalid", member.key, signature, group_id=member.key.hex())
    _add(group, "another device shows it", ["OtherDevice"], "invalid", member.key, right, device_id=device.hex())
    _add(
        group,
        "it is shown for another group",
        ["OtherKey"],
        "invalid",
        member.key,
        right,
        group_id=other.group_id.hex(),
    )


def _v1(secret: bytes) -> bytes:
    return hashlib.sha256(b"0k-sync-group-id-v1" + secret).digest()


def _bits(group: Group, member: Member) -> None:
    message = signed(member.group_id, DEVICE)
    right = ed.sign(member.seed, message)
    for comment, at, mask in (
        ("the lowest bit of R", 0, 1),
        ("the sign of R", 31, 0x80),
        ("a bit in the middle of R", 16, 0x10),
        ("the lowest bit of S", 32, 1),
        ("a bit in the middle of S", 48, 0x10),
    ):
        _add(group, f"{comment} is changed", ["BitFlip"], "invalid", member.key, flip(right, at, mask))
    changed = flip(member.key, 31, 0x80)
    claimed = {"group_id": member.group_id.hex()}
    _add(group, "the sign of the key is changed", ["OtherKey"], "invalid", changed, right, **claimed)
    _add(group, "the negative key, its own id", ["BitFlip"], "invalid", changed, right)
    _add(group, "R and S swapped", ["Forged"], "invalid", member.key, right[32:] + right[:32])
    _add(group, "S in big-endian order", ["Forged"], "invalid", member.key, right[:32] + right[:31:-1])
    _add(group, "all zero", ["Forged"], "invalid", member.key, bytes(64))
    _add(group, "the base point and 1", ["Forged"], "invalid", member.key, ed.encode(ed.BASE) + _scalar(1))
    _add(group, "the key and 0", ["Forged"], "invalid", member.key, member.key + bytes(32))
    context = b"SigEd25519 no Ed25519 collisions"
    ctx = ed.sign(member.seed, message, context + b"\x00\x11" + LABEL)
    _add(group, "Ed25519ctx with the label as context", ["OtherVariant"], "invalid", member.key, ctx)
    prehashed = ed.sign(member.seed, hashlib.sha512(message).digest(), context + b"\x01\x00")
    _add(group, "Ed25519ph", ["OtherVariant"], "invalid", member.key, prehashed)


def _scalar(number: int) -> bytes:
    return number.to_bytes(32, "little")


def _scalars(group: Group, member: Member) -> None:
    message = signed(member.group_id, DEVICE)
    right = ed.sign(member.seed, message)
    s = int.from_bytes(right[32:], "little")
    for times in (1, 2, 7, 14):
        signature = right[:32] + _scalar(s + times * ed.L)
        assert ed.holds(member.key, signature, message)
        _add(group, f"S + {times} L", ["LargeS"], "invalid", member.key, signature)
    for comment, number in (("L", ed.L), ("L - 1 of no signature, plus L", 2 * ed.L - 1), ("2^256 - 1", 2**256 - 1)):
        _add(group, f"S is {comment}", ["LargeS"], "invalid", member.key, right[:32] + _scalar(number))
    _add(group, "S with its highest bit set", ["LargeS"], "invalid", member.key, flip(right, 63, 0x80))


def _forge(key: bytes, message: bytes, order: int, secret: int = 0) -> bytes:
    """Signs for A = [secret]B + T, T of the given order, so that the equation holds without cofactor."""
    for attempt in range(1, 400):
        nonce = int.from_bytes(derived(f"forge {key.hex()} {attempt}", 32), "little") % ed.L
        r = ed.encode(ed.multiply(nonce, ed.BASE))
        k = ed.challenge(r, key, message)
        if k % order == 0:
            return r + _scalar((nonce + k * secret) % ed.L)
    raise ValueError("no forgery found")


def _small_keys() -> Iterator[tuple[str, str, bytes, int]]:
    """Comment, flag, encoding and order of each key of small order, canonical ones first."""
    for index, point in enumerate(ed.small_order()):
        order = next(n for n in (1, 2, 4, 8) if index * n % 8 == 0)
        yield f"a key of order {order} ({index})", "SmallOrderA", ed.encode(point), order
    yield "the neutral point as y = p + 1", "NonCanonicalA", ed.encoding(ed.P + 1, 0), 1
    yield "the neutral point with a sign", "NonCanonicalA", ed.encoding(1, 1), 1
    yield "the neutral point as y = p + 1 with a sign", "NonCanonicalA", ed.encoding(ed.P + 1, 1), 1
    yield "the point of order 2 with a sign", "NonCanonicalA", ed.encoding(ed.P - 1, 1), 2
    yield "a point of order 4 as y = p", "NonCanonicalA", ed.encoding(ed.P, 0), 4
    yield "a point of order 4 as y = p with a sign", "NonCanonicalA", ed.encoding(ed.P, 1), 4


def _keys(group: Group) -> None:
    for comment, flag, key, order in _small_keys():
        message = signed(group_id_v2(key), DEVICE)
        signature = _forge(key, message, order)
        assert ed.holds(key, signature, message)
        _add(group, comment, [flag], "invalid", key, signature)
    for comment, key in (("the neutral point, R neutral, S 0", ed.encoding(1, 0)),):
        _add(group, comment, ["SmallOrderA"], "invalid", key, ed.encoding(1, 0) + bytes(32))
    large = [y for y in range(2, 19) if ed.point_at(y, 0) is not None]
    for y in large[:3]:
        signature = derived(f"no signature {y}", 32)[:31] + b"\0" + _scalar(5)
        signature = ed.encode(ed.multiply(y, ed.BASE)) + signature[32:]
        _add(
            group,
            f"a point of large order as y = p + {y}",
            ["NonCanonicalA"],
            "invalid",
            ed.encoding(ed.P + y, 0),
            signature,
        )
    off = [y for y in range(2, 40) if ed.point_at(y, 0) is None]
    for y in off[:3]:
        signature = ed.encode(ed.multiply(y, ed.BASE)) + _scalar(y)
        _add(group, f"no point has y = {y}", ["NotAPoint"], "invalid", ed.encoding(y, 0), signature)
    _add(group, "a key of 0xff", ["NonCanonicalA"], "invalid", b"\xff" * 32, ed.encode(ed.BASE) + _scalar(1))


def _commitments(group: Group, member: Member) -> None:
    message = signed(member.group_id, DEVICE)
    secret, _ = ed.expand(member.seed)

    def with_r(r: bytes) -> bytes:
        return r + _scalar(ed.challenge(r, member.key, message) * secret % ed.L)

    neutral = with_r(ed.encoding(1, 0))
    assert ed.holds(member.key, neutral, message)
    _add(group, "R is the neutral point", ["SmallOrderR"], "valid", member.key, neutral)
    for comment, y, sign in (
        ("the neutral point as y = p + 1", ed.P + 1, 0),
        ("the neutral point with a sign", 1, 1),
        ("the neutral point as y = p + 1 with a sign", ed.P + 1, 1),
    ):
        signature = with_r(ed.encoding(y, sign))
        assert ed.holds(member.key, signature, message)
        _add(group, f"R is {comment}", ["NonCanonicalR"], "invalid", member.key, signature)
    for comment, y, sign in (
        ("the point of order 2 with a sign", ed.P - 1, 1),
        ("a point of order 4 as y = p", ed.P, 0),
        ("a point of order 4 as y = p with a sign", ed.P, 1),
    ):
        signature = with_r(ed.encoding(y, sign))
        assert ed.holds(member.key, signature, message, cofactor=8)
        _add(group, f"R is {comment}", ["NonCanonicalR"], "invalid", member.key, signature)
    off = next(y for y in range(2, 40) if ed.point_at(y, 0) is None)
    _add(group, f"R: no point has y = {off}", ["NotAPoint"], "invalid", member.key, with_r(ed.encoding(off, 0)))
    _add(group, "R of 0xff", ["NonCanonicalR"], "invalid", member.key, with_r(b"\xff" * 32))


def _mixed(group: Group, member: Member) -> None:
    secret, _ = ed.expand(member.seed)
    torsion = ed.small_order()
    for index in (1, 4):
        key = ed.encode(ed.add(ed.multiply(secret, ed.BASE), torsion[index]))
        message = signed(group_id_v2(key), DEVICE)
        order = 8 if index == 1 else 2
        both = _forge(key, message, order, secret)
        assert ed.holds(key, both, message)
        comment = f"A with a part of order {order}, both equations hold"
        _add(group, comment, ["MixedOrder"], "acceptable", key, both)
        nonce = next(n for n in range(5, 99) if _challenge_of(n, key, message) % order)
        r = ed.encode(ed.multiply(nonce, ed.BASE))
        one = r + _scalar((nonce + _challenge_of(nonce, key, message) * secret) % ed.L)
        assert ed.holds(key, one, message, 8) and not ed.holds(key, one, message)
        comment = f"A with a part of order {order}, the cofactored equation alone holds"
        _add(group, comment, ["MixedOrder"], "acceptable", key, one)
    message = signed(member.group_id, DEVICE)
    for index in (1, 2, 4):
        r = ed.encode(ed.add(ed.multiply(77, ed.BASE), torsion[index]))
        signature = r + _scalar((77 + ed.challenge(r, member.key, message) * secret) % ed.L)
        assert ed.holds(member.key, signature, message, 8) and not ed.holds(member.key, signature, message)
        comment = f"R with a part of order {8 // index}, the cofactored equation alone holds"
        _add(group, comment, ["MixedOrder"], "acceptable", member.key, signature)
    r = ed.encode(torsion[2])
    signature = r + _scalar(ed.challenge(r, member.key, message) * secret % ed.L)
    assert ed.holds(member.key, signature, message, 8) and not ed.holds(member.key, signature, message)
    _add(
        group, "R of order 4, the cofactored equation alone holds", ["MixedOrder"], "acceptable", member.key, signature
    )


def _challenge_of(nonce: int, key: bytes, message: bytes) -> int:
    return ed.challenge(ed.encode(ed.multiply(nonce, ed.BASE)), key, message)
