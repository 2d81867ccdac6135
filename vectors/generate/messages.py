"""The messages as these vectors understand them, written down a second time on purpose.

The reference takes its tables from spec/; a slip there would go unnoticed if the vectors came from the same table.
../lint.test.ts compares the two: every message, field and extension key of spec/ must occur in the vectors, and the
other way round.
"""

from __future__ import annotations

from dataclasses import dataclass

from wire import Map


@dataclass(frozen=True)
class Type:
    """`kind`: uint, bool, str, bytes, list, map or tuple. Sizes in bytes, `top` is the largest integer."""

    kind: str
    name: str
    top: int = 0
    length: int | None = None
    longest: int | None = None
    nilable: bool = False
    of: Type | None = None
    keys: int = 0
    fields: tuple[tuple[str, Type], ...] = ()
    ext: tuple[tuple[str, Type], ...] | None = None
    array_in_rmp: bool = False


U8 = Type("uint", "u8", top=2**8 - 1)
U32 = Type("uint", "u32", top=2**32 - 1)
U64 = Type("uint", "u64", top=2**64 - 1)
REVOKE_REASON = Type("uint", "revoke reason", top=2)
BOOL = Type("bool", "bool")
STR = Type("str", "str")
STR64 = Type("str", "str of at most 64 bytes", longest=64)
STR_OR_NIL = Type("str", "str or nil", nilable=True)
PAYLOAD = Type("bytes", "payload", array_in_rmp=True)
BLOB_ID = Type("bytes", "blob id", length=16)
DEVICE_ID = Type("bytes", "device id", length=32, array_in_rmp=True)
GROUP_ID = Type("bytes", "group id", length=32, array_in_rmp=True)
HASH = Type("bytes", "hash", length=32, array_in_rmp=True)
NONCE = Type("bytes", "nonce", length=24, array_in_rmp=True)
EPOCH = Type("bytes", "epoch", length=16)
PROOF = Type(
    "tuple",
    "proof",
    fields=(("key", Type("bytes", "key", length=32)), ("signature", Type("bytes", "signature", length=64))),
)
USAGE = Type("tuple", "usage", fields=(("bytes", U64), ("quota", U64)))
CONTENT = Type("tuple", "content", fields=(("url", STR), ("token", STR)))
CAPS = Type("list", "caps", of=STR)
CURSORS = Type("list", "cursors", of=U64)
LIMITS = Type("map", "limits", of=U64, keys=64)
BLOB = Type(
    "tuple",
    "blob",
    fields=(("blob_id", BLOB_ID), ("cursor", U64), ("payload", PAYLOAD), ("timestamp", U64)),
    ext=(("sender", DEVICE_ID),),
)
DEVICE = Type(
    "tuple",
    "device",
    fields=(
        ("device_id", DEVICE_ID),
        ("device_name", STR),
        ("last_seen", U64),
        ("pending", U32),
        ("online", BOOL),
        ("revoked", BOOL),
    ),
)
BLOBS = Type("list", "blobs", of=BLOB)
DEVICES = Type("list", "devices", of=DEVICE)


@dataclass(frozen=True)
class Message:
    fields: tuple[tuple[str, Type], ...]
    ext: tuple[tuple[str, Type], ...] = ()
    rmp: bool = False


MESSAGES: dict[str, Message] = {
    "Hello": Message(
        (("version", U8), ("device_name", STR), ("group_id", GROUP_ID), ("last_cursor", U64)),
        (("proof", PROOF), ("caps", CAPS), ("epoch", EPOCH), ("last_blob", BLOB_ID)),
        rmp=True,
    ),
    "Welcome": Message(
        (("version", U8), ("max_cursor", U64), ("pending_count", U32)),
        (
            ("relay", STR64),
            ("caps", CAPS),
            ("limits", LIMITS),
            ("epoch", EPOCH),
            ("expired_through", U64),
            ("usage", USAGE),
            ("content", CONTENT),
        ),
        rmp=True,
    ),
    "Bye": Message((("reason", STR_OR_NIL),), rmp=True),
    "Push": Message((("blob_id", BLOB_ID), ("payload", PAYLOAD), ("ttl", U32)), rmp=True),
    "PushAck": Message((("blob_id", BLOB_ID), ("cursor", U64)), (("timestamp", U64), ("digest", HASH)), rmp=True),
    "Pull": Message((("after_cursor", U64), ("limit", U32)), rmp=True),
    "PullResponse": Message(
        (("blobs", BLOBS), ("has_more", BOOL), ("max_cursor", U64)), (("damaged", CURSORS),), rmp=True
    ),
    "Presence": Message((("status", U8),)),
    "Notify": Message((("latest_cursor", U64), ("count", U32)), rmp=True),
    "Delete": Message((("blob_id", BLOB_ID), ("force", BOOL))),
    "Deleted": Message((("blob_id", BLOB_ID), ("cursor", U64), ("deleted_by", DEVICE_ID))),
    "RevokeDevice": Message((("device_id", DEVICE_ID), ("reason", REVOKE_REASON), ("clear_pending", BOOL))),
    "DeviceRevoked": Message((("device_id", DEVICE_ID), ("revoked_by", DEVICE_ID), ("timestamp", U64), ("reason", U8))),
    "ListDevices": Message(()),
    "Devices": Message((("devices", DEVICES),)),
    "RegisterPush": Message((("token", STR), ("platform", U8), ("app_id", STR_OR_NIL))),
    "UnregisterPush": Message((("reason", U8),)),
    "ContentRef": Message(
        (("content_hash", HASH), ("encryption_nonce", NONCE), ("content_size", U64), ("encrypted_size", U64)),
        (("mime", STR), ("name", STR), ("thumbnail", PAYLOAD)),
        rmp=True,
    ),
    "ContentAck": Message((("content_hash", HASH),), rmp=True),
    "Ok": Message(()),
    "Error": Message((("code", U32), ("message", STR)), (("retry_after_ms", U64), ("blob_id", BLOB_ID))),
}


def tree(message: dict, encoding: str = "bin") -> list:
    """A message (as `example` gives it) as the array that goes to the wire."""
    shape = MESSAGES[message["type"]]
    items = [message["type"], *(_node(type_, message[name], encoding) for name, type_ in shape.fields)]
    if "ext" in message:
        items.append(_ext(shape.ext, message["ext"], encoding))
    return items


def _ext(known: tuple[tuple[str, Type], ...], ext: dict, encoding: str) -> Map:
    types = dict(known)
    return Map(
        sorted(
            ((key, _node(types[key], value, encoding)) for key, value in ext.items()), key=lambda pair: pair[0].encode()
        )
    )


def _node(type_: Type, value, encoding: str):
    if value is None:
        return None
    if type_.kind == "list":
        return [_node(type_.of, item, encoding) for item in value]
    if type_.kind == "map":
        return Map(sorted(value.items(), key=lambda pair: pair[0].encode()))
    if type_.kind == "tuple":
        items = [_node(field, value[name], encoding) for name, field in type_.fields]
        if "ext" in value:
            items.append(_ext(type_.ext, value["ext"], encoding))
        return items
    if type_.kind == "bytes" and encoding == "rmp" and type_.array_in_rmp:
        return list(value)
    return value


def to_json(message: dict) -> dict:
    """The message as vectors show it: bytes as hex, u64 as decimal strings, everything else as it is."""
    shape = MESSAGES[message["type"]]
    out = {"type": message["type"], **{name: _json(type_, message[name]) for name, type_ in shape.fields}}
    if "ext" in message:
        types = dict(shape.ext)
        out["ext"] = {key: _json(types[key], value) for key, value in message["ext"].items()}
    return out


def _json(type_: Type, value):
    if value is None:
        return None
    if type_.kind == "bytes":
        return value.hex()
    if type_.kind == "uint":
        return str(value) if type_.top > 2**53 else value
    if type_.kind == "list":
        return [_json(type_.of, item) for item in value]
    if type_.kind == "map":
        return {key: _json(type_.of, item) for key, item in value.items()}
    if type_.kind == "tuple":
        out = {name: _json(field, value[name]) for name, field in type_.fields}
        if "ext" in value:
            types = dict(type_.ext)
            out["ext"] = {key: _json(types[key], item) for key, item in value["ext"].items()}
        return out
    return value


def from_json(shown: dict) -> dict:
    """The inverse of `to_json`."""
    shape = MESSAGES[shown["type"]]
    out = {"type": shown["type"], **{name: _native(type_, shown[name]) for name, type_ in shape.fields}}
    if "ext" in shown:
        types = dict(shape.ext)
        out["ext"] = {key: _native(types[key], value) for key, value in shown["ext"].items()}
    return out


def _native(type_: Type, value):
    if value is None:
        return None
    if type_.kind == "bytes":
        return bytes.fromhex(value)
    if type_.kind == "uint":
        return int(value)
    if type_.kind == "list":
        return [_native(type_.of, item) for item in value]
    if type_.kind == "map":
        return {key: _native(type_.of, item) for key, item in value.items()}
    if type_.kind == "tuple":
        out = {name: _native(field, value[name]) for name, field in type_.fields}
        if "ext" in value:
            types = dict(type_.ext)
            out["ext"] = {key: _native(types[key], item) for key, item in value["ext"].items()}
        return out
    return value


def messages_match(shown: dict, decoded: list, encoding: str = "bin") -> bool:
    """Whether what the msgpack library read (maps as lists of pairs) is the message, unknown keys left out."""
    shape = MESSAGES[shown["type"]]
    wanted = tree(from_json(shown), encoding)
    return _same(Type("tuple", "message", fields=(("type", STR), *shape.fields), ext=shape.ext), wanted, decoded)


def _same(type_: Type, wanted, got) -> bool:
    if type_.kind == "tuple":
        count = len(type_.fields)
        if len(got) < count or not all(_same(field, a, b) for (_, field), a, b in zip(type_.fields, wanted, got)):
            return False
        known = dict(type_.ext or ())
        pairs = {key: value for key, value in (got[count] if len(got) > count else []) if key in known}
        expected = dict(wanted[count]) if len(wanted) > count else {}
        return pairs.keys() == expected.keys() and all(_same(known[key], expected[key], pairs[key]) for key in pairs)
    if type_.kind == "list":
        return len(wanted) == len(got) and all(_same(type_.of, a, b) for a, b in zip(wanted, got))
    if type_.kind == "map":
        return sorted(wanted) == sorted(tuple(pair) for pair in got)
    return type(wanted) is type(got) and wanted == got
