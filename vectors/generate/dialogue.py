"""The words that dialogues are written in."""

from __future__ import annotations

import hashlib

from document import derived

ANY = {"any": True}
TIME = {"time": True}
GROUP = {"group": "g"}

# name → code, close code (of fatal ones)
ERRORS = {
    "INVALID_MESSAGE": (1000, 4000),
    "UNAUTHORIZED": (1002, 4002),
    "UNSUPPORTED_VERSION": (1005, 4005),
    "BLOB_CONFLICT": (1006, None),
    "BLOB_TOO_LARGE": (2001, None),
}


def save(name: str) -> dict:
    return {"save": name}


def saved(name: str) -> dict:
    return {"saved": name}


def other_than(name: str) -> dict:
    return {"otherThan": name}


def device(name: str) -> dict:
    return {"deviceId": name}


def blob_id(name: str) -> str:
    data = bytearray(derived("dialogue blob " + name, 16))
    data[6], data[8] = data[6] & 0x0F | 0x40, data[8] & 0x3F | 0x80
    return data.hex()


def hello(proof: object = "valid", group: dict | None = None, version: int = 1, last: object = "0", **ext) -> dict:
    """`proof` None: the open group of that id."""
    ext = ({} if proof is None else {"proof": {"proof": proof}}) | ext
    message = {
        "type": "Hello",
        "version": version,
        "device_name": "a device",
        "group_id": group or GROUP,
        "last_cursor": last,
    }
    return message | ({"ext": ext} if ext else {})


def push(blob: str, payload: object, ttl: int = 0) -> dict:
    return {"type": "Push", "blob_id": blob_id(blob), "payload": payload, "ttl": ttl}


def pull(after: object = "0", limit: int = 0) -> dict:
    return {"type": "Pull", "after_cursor": str(after), "limit": limit}


def welcome(highest: int = 0, pending: int = 0, epoch: object = None) -> dict:
    ext = {"epoch": epoch or ANY, "expired_through": "0"}
    return {"type": "Welcome", "version": 1, "max_cursor": str(highest), "pending_count": pending, "ext": ext}


def ack(blob: str, cursor: int, payload: str) -> dict:
    digest = hashlib.sha256(bytes.fromhex(payload)).hexdigest()
    ext = {"timestamp": TIME, "digest": digest}
    return {"type": "PushAck", "blob_id": blob_id(blob), "cursor": str(cursor), "ext": ext}


def held(blob: str, cursor: int, payload: str, sender: str = "A") -> dict:
    """A blob as PullResponse has it."""
    ids = {"blob_id": blob_id(blob), "cursor": str(cursor), "payload": payload}
    return ids | {"timestamp": TIME, "ext": {"sender": device(sender)}}


def page(*blobs: dict, more: bool = False, last: object = None) -> dict:
    last = blobs[-1]["cursor"] if last is None else str(last)
    return {"type": "PullResponse", "blobs": list(blobs), "has_more": more, "max_cursor": last}


def notify(latest: int, count: int = 1) -> dict:
    return {"type": "Notify", "latest_cursor": str(latest), "count": count}


def error(name: str) -> dict:
    return {"type": "Error", "code": ERRORS[name][0], "message": ANY}


def presence(status: int) -> dict:
    return {"type": "Presence", "status": status}


BYE = {"type": "Bye", "reason": None}


class Dialogue:
    def __init__(self, comment: str, flags: str, requirements: str):
        self.comment = comment
        self.flags = flags.split()
        self.requirements = requirements.split()
        self.refusals: list[str] = []
        self.steps: list[dict] = []

    def open(self, connection: str, device_name: str | None = None) -> Dialogue:
        """A connection of the device of that name; of the connection's first letter unless said."""
        return self._step(connection, open={"device": device_name or connection[0].upper()})

    def send(self, connection: str, *messages: dict) -> Dialogue:
        return self._step(connection, send=list(messages))

    def send_body(self, connection: str, body: str) -> Dialogue:
        return self._step(connection, sendBody=body)

    def expect(self, connection: str, *messages: dict) -> Dialogue:
        for message in messages:
            self._step(connection, expect=message)
        return self

    def ask(self, connection: str, message: dict, answer: dict) -> Dialogue:
        return self.send(connection, message).expect(connection, answer)

    def join(self, connection: str, highest: int = 0, pending: int = 0, of: str | None = None, **more) -> Dialogue:
        """Connects and says a right Hello; takes the Notify that follows where something is pending."""
        epoch = more.pop("epoch_shown", None)
        self.open(connection, of).ask(connection, hello(**more), welcome(highest, pending, epoch))
        return self.expect(connection, notify(highest, pending)) if pending else self

    def store(self, connection: str, blob: str, cursor: int, payload: str = "a1") -> Dialogue:
        return self.ask(connection, push(blob, payload), ack(blob, cursor, payload))

    def all(self, connection: str, *blobs: dict, after: int = 0, limit: int = 0) -> Dialogue:
        """Pulls page by page until has_more is false: a page may hold fewer than asked for."""
        return self._step(connection, pullAll={"after_cursor": str(after), "limit": limit}, expectBlobs=list(blobs))

    def refused(self, connection: str, name: str) -> Dialogue:
        self.refusals.append(name)
        self.expect(connection, error(name))
        close = ERRORS[name][1]
        return self if close is None else self.closed(connection, close)

    def closed(self, connection: str, code: int) -> Dialogue:
        return self._step(connection, expectClose=code)

    def leave(self, connection: str) -> Dialogue:
        return self.send(connection, BYE).closed(connection, 1000)

    def _step(self, connection: str, **step) -> Dialogue:
        self.steps.append({"connection": connection, **step})
        return self
