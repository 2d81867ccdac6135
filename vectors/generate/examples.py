"""Right messages: one plain example of each, and the ones at the edges of what a field can hold."""

from __future__ import annotations

from document import derived
from messages import MESSAGES


def octets(label: str, length: int) -> bytes:
    return derived("0k-sync vectors: " + label, length)


BLOB = bytes.fromhex("0f1e2d3c4b5a49688796a5b4c3d2e1f0")
GROUP = octets("group", 32)
DEVICE = octets("device", 32)
OTHER = octets("another device", 32)
EPOCH = octets("epoch", 16)

PLAIN: dict[str, dict] = {
    "Hello": {"version": 1, "device_name": "Mara's laptop", "group_id": GROUP, "last_cursor": 41},
    "Welcome": {"version": 1, "max_cursor": 41, "pending_count": 3},
    "Bye": {"reason": "closing"},
    "Push": {"blob_id": BLOB, "payload": octets("payload", 24), "ttl": 86400},
    "PushAck": {"blob_id": BLOB, "cursor": 42},
    "Pull": {"after_cursor": 41, "limit": 100},
    "PullResponse": {
        "blobs": [{"blob_id": BLOB, "cursor": 42, "payload": octets("payload", 24), "timestamp": 1790000000}],
        "has_more": False,
        "max_cursor": 42,
    },
    "Presence": {"status": 1},
    "Notify": {"latest_cursor": 42, "count": 1},
    "Delete": {"blob_id": BLOB, "force": False},
    "Deleted": {"blob_id": BLOB, "cursor": 42, "deleted_by": DEVICE},
    "RevokeDevice": {"device_id": DEVICE, "reason": 2, "clear_pending": True},
    "DeviceRevoked": {"device_id": DEVICE, "revoked_by": OTHER, "timestamp": 1790000000, "reason": 2},
    "ListDevices": {},
    "Devices": {
        "devices": [
            {
                "device_id": DEVICE,
                "device_name": "phone",
                "last_seen": 1790000000,
                "pending": 3,
                "online": True,
                "revoked": False,
            },
        ]
    },
    "RegisterPush": {"token": "d3f9a0", "platform": 1, "app_id": "example.notes"},
    "UnregisterPush": {"reason": 0},
    "ContentRef": {
        "content_hash": octets("content hash", 32),
        "encryption_nonce": octets("content nonce", 24),
        "content_size": 70000,
        "encrypted_size": 70040,
    },
    "ContentAck": {"content_hash": octets("content hash", 32)},
    "Ok": {},
    "Error": {"code": 1007, "message": "blob not found"},
}

EXT: dict[str, dict] = {
    "Hello": {
        "proof": {"key": octets("proof key", 32), "signature": octets("proof signature", 64)},
        "caps": ["notify-merge", "x-3f9c"],
        "epoch": EPOCH,
        "last_blob": BLOB,
    },
    "Welcome": {
        "relay": "example-relay/1.0",
        "caps": [],
        "limits": {"max_blob_size": 1048576, "default_ttl": 604800, "messages_per_minute": 0},
        "epoch": EPOCH,
        "expired_through": 17,
        "usage": {"bytes": 1000, "quota": 104857600},
        "content": {"url": "https://relay.example/content", "token": "dG9rZW4"},
    },
    "PushAck": {"timestamp": 1790000000, "digest": octets("digest", 32)},
    "PullResponse": {"damaged": [7, 9]},
    "ContentRef": {"mime": "image/png", "name": "sketch.png", "thumbnail": octets("thumbnail", 12)},
    "Error": {"retry_after_ms": 1500, "blob_id": BLOB},
}


def example(name: str, ext: dict | None = None, **changes) -> dict:
    message = {"type": name, **PLAIN[name], **changes}
    if ext is not None:
        message["ext"] = ext
    return message


U64_EDGES = (
    0,
    1,
    127,
    128,
    255,
    256,
    65535,
    65536,
    2**31 - 1,
    2**31,
    2**32 - 1,
    2**32,
    2**53 - 1,
    2**53,
    2**53 + 1,
    2**63 - 1,
    2**63,
    2**64 - 1,
)
U32_EDGES = tuple(value for value in U64_EDGES if value < 2**32)
U8_EDGES = (0, 127, 128, 255)

# Which fields walk all the edges; every other integer field gets its smallest and its largest.
THOROUGH = {("Pull", "after_cursor"): U64_EDGES, ("Push", "ttl"): U32_EDGES, ("Hello", "version"): U8_EDGES}


def _edge(value: int) -> list[str]:
    return ["BigInteger"] if value >= 2**53 else ["Boundary"]


def edges(name: str) -> list[tuple[str, list[str], dict]]:
    """(what, flags, message) for each integer field of a message at its edges, and each bool at its other value."""
    out = []
    for field, type_ in MESSAGES[name].fields:
        if type_.kind == "uint":
            for value in THOROUGH.get((name, field), (0, type_.top)):
                if PLAIN[name][field] != value:
                    out.append((f"{field} {value}", _edge(value), example(name, **{field: value})))
        if type_.kind == "bool":
            out.append(
                (f"{field} {not PLAIN[name][field]}".lower(), [], example(name, **{field: not PLAIN[name][field]}))
            )
    for key, type_ in MESSAGES[name].ext:
        if type_.kind == "uint":
            out += [
                (f"ext {key} {value}", ["Extension", *_edge(value)], example(name, ext={key: value}))
                for value in (0, type_.top)
            ]
    return out


NAMES = {
    "two-byte, three-byte and four-byte characters": "Zoë – 手机 📱",
    "combining marks and a joiner sequence": "e\u0301 👩\u200d👩\u200d👧",
    "right-to-left text with a direction mark": "\u200fמחשב\u200e (2)",
    "NUL, quotes, backslash, line break": 'a\u0000"b"\\\n',
    "a byte order mark at the start": "\ufeffname",
    "the last code point, and noncharacters": "\U0010ffff\ufffe\uffff\ufdd0",
    "around the surrogates: U+D7FF and U+E000": "\ud7ff\ue000",
    "the smallest character of each UTF-8 length": "\u0000\u0080\u0800\U00010000",
    "the largest character of each UTF-8 length": "\u007f\u07ff\uffff\U0010ffff",
}


def special(name: str) -> list[tuple[str, list[str], dict]]:
    """(what, flags, message): right messages that the tables above do not give."""
    out: list[tuple[str, list[str], dict]] = []
    if name == "Hello":
        out += [
            (f"device_name with {what}", ["Unicode"], example(name, device_name=text)) for what, text in NAMES.items()
        ]
        for length in (0, 31, 32, 255, 256, 257):
            flags = ["Boundary", "SessionRule"] if length == 257 else ["Boundary"]
            out.append((f"device_name of {length} characters", flags, example(name, device_name="n" * length)))
        out += [
            ("group id of zeros", [], example(name, group_id=bytes(32))),
            ("group id of ff", [], example(name, group_id=b"\xff" * 32)),
            ("an empty list of caps", ["Extension", "Caps"], example(name, ext={"caps": []})),
            (
                "caps that hold an empty and a non-ASCII string",
                ["Extension", "Caps"],
                example(name, ext={"caps": ["", "é"]}),
            ),
            (
                "sixteen caps: the list takes array16",
                ["Extension", "Caps"],
                example(name, ext={"caps": [f"c{i}" for i in range(16)]}),
            ),
            (
                "proof alone: the codec does not verify it",
                ["Extension"],
                example(name, ext={"proof": EXT["Hello"]["proof"]}),
            ),
        ]
    if name == "Welcome":
        out += [
            ("a relay name of 64 bytes", ["Extension", "RelayName"], example(name, ext={"relay": "r" * 64})),
            ("an empty relay name", ["Extension"], example(name, ext={"relay": ""})),
            ("limits: an empty map", ["Extension", "LimitsMap"], example(name, ext={"limits": {}})),
            (
                "limits: 64 keys",
                ["Extension", "LimitsMap"],
                example(name, ext={"limits": {f"l{i:02}": i for i in range(64)}}),
            ),
            ("limits: 2^64-1", ["Extension", "BigInteger"], example(name, ext={"limits": {"max_ttl": 2**64 - 1}})),
            (
                "limits whose keys are names that objects of some languages already have",
                ["Extension", "ObjectNames"],
                example(name, ext={"limits": {"__proto__": 1, "constructor": 2, "hasOwnProperty": 3, "toString": 4}}),
            ),
            (
                "limits sorted by their UTF-8 bytes, which is not the order of UTF-16 units",
                ["Extension", "KeyOrder"],
                example(name, ext={"limits": {"a": 1, "aa": 2, "b": 3, "é": 4, "\uffe0": 5, "\U0001f4f1": 6}}),
            ),
            (
                "usage: both 2^64-1",
                ["Extension", "BigInteger"],
                example(name, ext={"usage": {"bytes": 2**64 - 1, "quota": 2**64 - 1}}),
            ),
        ]
    if name == "Bye":
        out += [("no reason", [], example(name, reason=None)), ("an empty reason", [], example(name, reason=""))]
    if name == "Push":
        for length in (0, 1, 31, 32, 255, 256, 300):
            out.append((f"payload of {length} bytes", ["Boundary"], example(name, payload=octets("payload", length))))
        out += [
            ("blob id of zeros: a relay accepts any 16 bytes", [], example(name, blob_id=bytes(16))),
            ("blob id of ff", [], example(name, blob_id=b"\xff" * 16)),
            ("a payload that is itself a message", [], example(name, payload=bytes.fromhex("91a24f6b"))),
        ]
    if name == "PullResponse":
        blob = PLAIN[name]["blobs"][0]
        out += [
            ("no blobs", [], example(name, blobs=[], max_cursor=0)),
            ("sender in the blob's own map", ["Extension"], example(name, blobs=[{**blob, "ext": {"sender": DEVICE}}])),
            (
                "two blobs, only the second with a sender",
                ["Extension"],
                example(
                    name,
                    blobs=[
                        blob,
                        {**blob, "blob_id": bytes(16), "cursor": 2**64 - 1, "payload": b"", "ext": {"sender": OTHER}},
                    ],
                    has_more=True,
                    max_cursor=2**64 - 1,
                ),
            ),
            (
                "sixteen blobs: the list takes array16",
                ["Boundary"],
                example(
                    name,
                    blobs=[
                        {"blob_id": octets(f"blob {i}", 16), "cursor": i, "payload": bytes([i]), "timestamp": 0}
                        for i in range(1, 17)
                    ],
                    max_cursor=16,
                ),
            ),
            (
                "blobs out of order: ascending is a session rule",
                ["SessionRule"],
                example(name, blobs=[{**blob, "cursor": 9}, {**blob, "cursor": 8}]),
            ),
            ("an empty list of damaged cursors", ["Extension"], example(name, ext={"damaged": []})),
            ("damaged: 0 and 2^64-1", ["Extension", "BigInteger"], example(name, ext={"damaged": [0, 2**64 - 1]})),
        ]
    if name == "Devices":
        device = PLAIN[name]["devices"][0]
        out += [
            ("no devices", [], example(name, devices=[])),
            (
                "two devices, one revoked with an empty name",
                [],
                example(
                    name,
                    devices=[
                        device,
                        {
                            **device,
                            "device_id": OTHER,
                            "device_name": "",
                            "last_seen": 2**64 - 1,
                            "pending": 2**32 - 1,
                            "online": False,
                            "revoked": True,
                        },
                    ],
                ),
            ),
        ]
    if name == "RegisterPush":
        out += [
            ("no app id", [], example(name, app_id=None)),
            ("platform 3 decodes: it is answered with 2003", ["SessionRule"], example(name, platform=3)),
            ("an empty token decodes: it is answered with 2003", ["SessionRule"], example(name, token="")),
        ]
    if name == "UnregisterPush":
        out.append(("reason 200 decodes: any is accepted", ["SessionRule"], example(name, reason=200)))
    if name == "RevokeDevice":
        out.append(("reason 1", [], example(name, reason=1)))
    if name == "DeviceRevoked":
        out.append(("reason 3 decodes: only RevokeDevice's is limited", [], example(name, reason=3)))
    if name == "Error":
        out.append(("a code that nobody knows", [], example(name, code=9999, message="")))
    if name == "ContentRef":
        out.append(("an empty thumbnail", ["Extension"], example(name, ext={"thumbnail": b""})))
    return out
