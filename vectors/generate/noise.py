"""noise.json: the handshake, its faults, and the transport after it."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

import noise_transport
import rules
from document import Document, Group
from noise_state import PROTOCOL, P, Transcript, check_against, kem_coefficient, with_coefficient
from notes import NOISE_NOTES

SOURCE = Path(__file__).resolve().parent.parent / "sources" / "noise-hybridXX.json"
ORACLE = "sources/noise-hybridXX.json: clatter 2.3.0 (Rust), X25519 by x25519-dalek, ML-KEM by ml-kem 0.2.3"
LAX = (
    "generate/noise_state.py (hashlib, cryptography 50.0.2), which reproduces every byte of "
    "sources/noise-hybridXX.json: what a peer would send that breaks one rule and keeps all others"
)
OVERHEAD = {1: 1216, 2: 3568, 3: 2368, 4: 1120}
READER = {1: "responder", 2: "initiator", 3: "responder", 4: "initiator"}


def build() -> str:
    oracle = json.loads(SOURCE.read_text(encoding="utf-8"))
    vectors = {vector["id"].split("-")[0]: vector for vector in oracle["vectors"]}
    for vector in vectors.values():
        check_against(vector)
    document = Document("noise", oracle["protocol_name"], "vectors/generate/noise.py", NOISE_NOTES, rules.noise)
    _handshakes(document.group("Handshake", ORACLE), vectors)
    _identities(document.group("Identity", ORACLE + "; the hash by hashlib"), vectors)
    _oracle_faults(document.group("HandshakeFault", ORACLE, payloads="allowed"), oracle)
    _lengths(document.group("HandshakeFault", LAX, payloads="allowed"), vectors)
    _strictness(document.group("HandshakeFault", ORACLE + ", which lets these pass", payloads="allowed"), oracle)
    _keys(document.group("HandshakeFault", LAX, payloads="refused"), vectors["v01"])
    _session(document.group("HandshakeFault", LAX, payloads="refused"), vectors)
    _turns(document.group("Turn", ORACLE), vectors["v01"])
    noise_transport.add(document)
    return document.render()


def _handshakes(group: Group, vectors: dict[str, dict]) -> None:
    for name, vector in vectors.items():
        empty = not any(message["payload"] for message in vector["messages"])
        session = empty and vector["prologue"] == b"/0k-sync/1".hex()
        flags = ["Session"] if session else ["Payloads"] if not empty else ["OtherPrologue"]
        group.add(
            vector["description"],
            flags,
            "valid",
            handshake=name,
            prologue=vector["prologue"],
            initiator=_side(vector, "initiator", (1, 3)),
            responder=_side(vector, "responder", (2, 4)),
            messages=[
                {
                    "from": message["from"],
                    "payload": message["payload"],
                    "message": message["message"],
                    "h": message["state_after"]["h"],
                    "ck": message["state_after"]["ck"],
                }
                for message in vector["messages"]
            ],
            handshakeHash=vector["handshake_hash"],
            transportKeys={
                "initiatorToResponder": vector["transport_keys"]["i2r"],
                "responderToInitiator": vector["transport_keys"]["r2i"],
            },
            transport=[
                {
                    "from": "initiator" if item["dir"] == "i2r" else "responder",
                    "nonce": item["nonce"],
                    "rekeysBefore": item["rekeys_before"],
                    "plaintext": item["plaintext"],
                    "ciphertext": item["ciphertext"],
                }
                for item in vector["transport"]
            ],
            finalKeys={
                "initiatorToResponder": vector["transport_keys_final"]["i2r"],
                "responderToInitiator": vector["transport_keys_final"]["r2i"],
            },
        )


def _side(vector: dict, side: str, indexes: tuple[int, int]) -> dict:
    keys = vector[side]
    return {
        "dhSecret": keys["s_dh"]["secret"],
        "dhPublic": keys["s_dh"]["public"],
        "kemSeed": keys["s_kem"]["seed"],
        "deviceId": _device_id(keys).hex(),
        "draws": [draw for index in indexes for draw in vector["messages"][index - 1]["rng"]],
    }


def _device_id(keys: dict) -> bytes:
    label = b"0k-sync-identity-v1"
    return hashlib.sha256(
        label + bytes.fromhex(keys["s_dh"]["public"]) + bytes.fromhex(keys["s_kem"]["public"])
    ).digest()


def _identities(group: Group, vectors: dict[str, dict]) -> None:
    for name in ("v01", "v02"):
        for side in ("initiator", "responder"):
            keys = vectors[name][side]
            device_id = _device_id(keys)
            group.add(
                f"the {side} of {name}",
                ["DeviceId"],
                "valid",
                dhSecret=keys["s_dh"]["secret"],
                dhPublic=keys["s_dh"]["public"],
                kemSeed=keys["s_kem"]["seed"],
                kemPublic=keys["s_kem"]["public"],
                deviceId=device_id.hex(),
                shown=base64.urlsafe_b64encode(device_id).decode().rstrip("="),
            )


def _fault(
    group: Group,
    comment: str,
    flags: list[str],
    error: str,
    handshake: str,
    mutation: dict,
    *fails_at: tuple[str, int, str],
) -> None:
    places = [{"side": side, "message": message, "action": action} for side, message, action in fails_at]
    group.add(
        comment,
        flags,
        "invalid",
        error=error,
        handshake=handshake,
        mutation=mutation,
        failsAt=places,
        afterwards="failed-state",
    )


def _oracle_faults(group: Group, oracle: dict) -> None:
    errors = {"Cipher(Decrypt)": ("decrypt", "Tampered"), "InvalidMessage": ("too-short", "Short")}
    for entry in oracle["negative"]:
        if entry["mutation"]["kind"] == "prologue":
            continue  # an initiator that mixes no prologue at all cannot exist here: the prologue is always mixed
        at = entry["fails_at"]
        error, flag = errors[at["clatter_error_debug"]]
        base = entry["base_vector"].split("-")[0]
        comment = f"{entry['id']}: {entry['why']}"
        _fault(group, comment, [flag], error, base, entry["mutation"], (at["role"], at["message"], at["action"]))


def _lengths(group: Group, vectors: dict[str, dict]) -> None:
    for index in (3, 4):
        _fault(
            group,
            f"message {index} cut to one byte less than its tokens and tags",
            ["Short"],
            "too-short",
            "v01",
            {"kind": "truncate", "message": index, "length": OVERHEAD[index] - 1},
            (READER[index], index, "read"),
        )
    for index in (1, 2, 3, 4):
        _fault(
            group,
            f"message {index} without a byte",
            ["Short"],
            "too-short",
            "v01",
            {"kind": "truncate", "message": index, "length": 0},
            (READER[index], index, "read"),
        )
        _fault(
            group,
            f"message {index} cut within its first part",
            ["Short"],
            "too-short",
            "v01",
            {"kind": "truncate", "message": index, "length": 31},
            (READER[index], index, "read"),
        )
    for index in (2, 3, 4):
        length = len(vectors["v02"]["messages"][index - 1]["message"]) // 2
        _fault(
            group,
            f"message {index} without the last byte of its payload's tag",
            ["Tampered"],
            "decrypt",
            "v02",
            {"kind": "truncate", "message": index, "length": length - 1},
            (READER[index], index, "read"),
        )
    for what, length in (("X25519 alone", 32), ("ML-KEM-768 alone", 1184)):
        _fault(
            group,
            f"message 1 of {length} bytes, as a handshake with {what} has it",
            ["Short", "Classical"],
            "too-short",
            "v01",
            {"kind": "truncate", "message": 1, "length": length},
            ("responder", 1, "read"),
        )
    _fault(
        group,
        "message 1 of 65,536 bytes",
        ["Long"],
        "too-long",
        "v01",
        {"kind": "append", "message": 1, "bytes": {"repeat": "00", "times": 65536 - OVERHEAD[1]}},
        ("responder", 1, "read"),
    )
    one = "2f306b2d73796e632f31"
    for comment, initiator, responder in (
        ("the responder's prologue is empty", one, ""),
        ("the initiator's prologue is empty", "", one),
        ("the responder's prologue is of another version", one, b"/0k-sync/2".hex()),
        ("the responder's prologue ends in a zero byte", one, one + "00"),
    ):
        mutation = {"kind": "prologue", "initiator": initiator, "responder": responder}
        _fault(group, comment, ["Prologue"], "decrypt", "v01", mutation, ("initiator", 2, "read"))
    wrong_name = Transcript(vectors["v01"], protocol=PROTOCOL.replace(b"_25519+", b"_X25519+"))
    _fault(
        group,
        "the responder hashes the name with X25519 for 25519",
        ["Name"],
        "decrypt",
        "v01",
        {"kind": "replace", "message": 2, "offset": 2304, "bytes": wrong_name.messages[1][2304:].hex()},
        ("initiator", 2, "read"),
    )


def _strictness(group: Group, oracle: dict) -> None:
    for entry in oracle["strictness"]:
        if "ek" in entry:
            mutation = {"kind": "replace", "message": 1, "offset": 32, "bytes": entry["ek"]}
            _fault(
                group,
                f"{entry['id']}: {entry['what']}",
                ["KemKey"],
                "bad-public-key",
                "v02",
                mutation,
                ("responder", 1, "read"),
                ("responder", 2, "write"),
            )
        else:
            mutation = {"kind": "replace", "message": 1, "offset": 0, "bytes": entry["point"]}
            _fault(
                group,
                f"{entry['id']}: {entry['what']}",
                ["LowOrder"],
                "low-order",
                "v02",
                mutation,
                ("responder", 2, "write"),
                ("responder", 1, "read"),
            )


LOW_ORDER = {
    "0": "00" * 32,
    "1": "01" + "00" * 31,
    "p-1, of order 4": (P - 1).to_bytes(32, "little").hex(),
    "a point of order 8": "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "the other point of order 8": "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
}


def _keys(group: Group, vector: dict) -> None:
    """Bad public keys at each of the four places where one is read; the peer is right in everything else."""
    e_dh1 = bytes.fromhex(vector["initiator"]["e_dh"]["public"])
    top_bit = lambda key: key[:31] + bytes([key[31] | 0x80])  # noqa: E731
    not_reduced = {"p": P, "p+1": P + 1, "p+9, the base point": P + 9, "2^255-1": 2**255 - 1}

    def message1(comment: str, flag: str, error: str, offset: int, data: bytes) -> None:
        mutation = {"kind": "replace", "message": 1, "offset": offset, "bytes": data.hex()}
        places = [("responder", 1, "read"), ("responder", 2, "write")]
        _fault(group, f"message 1, e: {comment}", [flag], error, "v01", mutation, *places)

    def later(
        index: int, comment: str, flag: str, error: str, name: str, data: bytes, *places: tuple[str, int, str]
    ) -> None:
        whole = Transcript(vector, {name: data}).messages[index - 1]
        right = bytes.fromhex(vector["messages"][index - 1]["message"])
        offset = next(at for at in range(len(right)) if right[at] != whole[at])
        mutation = {"kind": "replace", "message": index, "offset": offset, "bytes": whole[offset:].hex()}
        _fault(
            group,
            f"message {index}, {comment}",
            [flag],
            error,
            "v01",
            mutation,
            (READER[index], index, "read"),
            *places,
        )

    for what, point in LOW_ORDER.items():
        message1(f"X25519 key {what}", "LowOrder", "low-order", 0, bytes.fromhex(point))
        later(2, f"e: X25519 key {what}", "LowOrder", "low-order", "e_dh2", bytes.fromhex(point))
    for what in ("0", "p-1, of order 4"):
        for index in (2, 3):
            later(
                index, f"s: X25519 key {what}", "LowOrder", "low-order", f"s_dh{index}", bytes.fromhex(LOW_ORDER[what])
            )
    for what, value in not_reduced.items():
        message1(f"X25519 key {what}", "DhKey", "bad-public-key", 0, value.to_bytes(32, "little"))
    message1("X25519 key with bit 255 set", "DhKey", "bad-public-key", 0, top_bit(e_dh1))
    message1("X25519 key of ff", "DhKey", "bad-public-key", 0, b"\xff" * 32)
    for name, side, index, token in (
        ("e_dh2", "responder", 2, "e"),
        ("s_dh2", "responder", 2, "s"),
        ("s_dh3", "initiator", 3, "s"),
    ):
        right = bytes.fromhex(vector[side][name[:4]]["public"])
        later(index, f"{token}: X25519 key with bit 255 set", "DhKey", "bad-public-key", name, top_bit(right))
        later(
            index,
            f"{token}: X25519 key p+9, the base point",
            "DhKey",
            "bad-public-key",
            name,
            (P + 9).to_bytes(32, "little"),
        )

    e_kem1 = bytes.fromhex(vector["initiator"]["e_kem"]["public"])
    small = next(at for at in range(768) if kem_coefficient(e_kem1, at) < 4096 - 3329)
    for what, at, value in (
        ("the first coefficient is q", 0, 3329),
        ("the last coefficient is 4095", 767, 4095),
        (f"coefficient {small} is written as itself + q", small, kem_coefficient(e_kem1, small) + 3329),
    ):
        message1(f"ML-KEM key, {what}", "KemKey", "bad-public-key", 32, with_coefficient(e_kem1, at, value))
    for name, side, index, token, use in (
        ("e_kem2", "responder", 2, "e", None),
        ("s_kem2", "responder", 2, "s", ("initiator", 3, "write")),
        ("s_kem3", "initiator", 3, "s", ("responder", 4, "write")),
    ):
        right = bytes.fromhex(vector[side][name[:5]]["public"])
        small = next(at for at in range(768) if kem_coefficient(right, at) < 4096 - 3329)
        places = [use] if use else []
        what = f"{token}: ML-KEM key, coefficient {small} is written as itself + q"
        comment = what if use else what + "; nobody encapsulates to this key, so only a check finds it"
        later(
            index,
            comment,
            "KemKey",
            "bad-public-key",
            name,
            with_coefficient(right, small, kem_coefficient(right, small) + 3329),
            *places,
        )


def _session(group: Group, vectors: dict[str, dict]) -> None:
    """In a session every payload of the handshake is empty."""
    vector = vectors["v01"]
    for index, payload in (
        (1, b"\x00"),
        (2, b"\x00"),
        (3, b"\x00"),
        (4, b"\x00"),
        (2, b"early data"),
        (4, bytes(1000)),
    ):
        whole = Transcript(vector, {f"payload{index}": payload}).messages[index - 1]
        offset = OVERHEAD[index] - (16 if index > 1 else 0)
        mutation = {"kind": "replace", "message": index, "offset": offset, "bytes": whole[offset:].hex()}
        _fault(
            group,
            f"message {index} carries a payload of {len(payload)} bytes",
            ["UnexpectedPayload"],
            "unexpected-payload",
            "v01",
            mutation,
            (READER[index], index, "read"),
        )


def _turns(group: Group, vector: dict) -> None:
    for comment, side, after, call in (
        ("the initiator reads before it has written", "initiator", 0, "read"),
        ("the responder writes before it has read", "responder", 0, "write"),
        ("the initiator writes message 1 twice", "initiator", 1, "write"),
        ("the responder reads a second message before it has answered", "responder", 1, "read"),
        ("the initiator reads a second message before it has answered", "initiator", 2, "read"),
        ("the responder writes message 2 twice", "responder", 2, "write"),
        ("the initiator writes message 3 twice", "initiator", 3, "write"),
    ):
        group.add(
            comment, ["Turn"], "invalid", error="wrong-turn", handshake="v01", side=side, afterMessages=after, call=call
        )
