"""framing.json: streams of chunks and the frames that they hold."""

from __future__ import annotations

import rules
from document import Document, Group
from notes import FRAMING_NOTES

SOURCE = "written by hand from the rule: 4 bytes big-endian length, then the body (generate/framing.py)"
BEFORE_WELCOME = 65_536
RMP = 1_048_576
BIN = 1_114_112

OK = bytes.fromhex("91a24f6b")
PULL = bytes.fromhex("93a450756c6c2964")
BYE = bytes.fromhex("92a3427965c0")


def frame(body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + body


def build() -> str:
    document = Document("framing", "0k-Sync frames", "vectors/generate/framing.py", FRAMING_NOTES, rules.framing)
    _chunks(document.group("Stream", SOURCE))
    for limit, when in ((BEFORE_WELCOME, "before Welcome"), (RMP, "rmp"), (BIN, "bin")):
        _limits(document.group("Stream", SOURCE + f"; the limit is that of {when}"), limit)
    _raised(document.group("RaisedLimit", SOURCE))
    return document.render()


def _right(
    group: Group,
    comment: str,
    flags: list[str],
    chunks: list[bytes],
    bodies: list[bytes],
    limit: int = BEFORE_WELCOME,
    unfinished: int = 0,
):
    shown = {
        "chunks": [chunk.hex() for chunk in chunks],
        "bodies": [body.hex() for body in bodies],
        "unfinished": unfinished,
    }
    group.add(comment, flags, "valid", maxBody=limit, **shown)


def _wrong(
    group: Group,
    comment: str,
    flags: list[str],
    error: str,
    chunks: list[bytes],
    bodies: list[bytes],
    fails_in: int,
    limit: int = BEFORE_WELCOME,
):
    shown = {
        "chunks": [chunk.hex() for chunk in chunks],
        "bodies": [body.hex() for body in bodies],
        "failsInChunk": fails_in,
    }
    group.add(comment, flags, "invalid", error=error, maxBody=limit, **shown)


def _chunks(group: Group) -> None:
    stream = frame(PULL)
    three = frame(PULL) + frame(OK) + frame(BYE)
    _right(group, "one frame in one chunk", [], [stream], [PULL])
    _right(group, "three frames in one chunk", ["Several"], [three], [PULL, OK, BYE])
    _right(
        group, "three frames, byte by byte", ["Split", "Several"], [bytes([byte]) for byte in three], [PULL, OK, BYE]
    )
    for at in range(1, len(stream)):
        where = (
            f"within the length, after {at}"
            if at < 4
            else "between length and body"
            if at == 4
            else f"within the body, after {at - 4}"
        )
        _right(group, f"split {where}", ["Split"], [stream[:at], stream[at:]], [PULL])
    pairs = frame(PULL) + frame(OK)
    for at in (len(stream) - 1, len(stream), len(stream) + 1, len(stream) + 3, len(stream) + 4, len(stream) + 5):
        _right(group, f"two frames, split after byte {at}", ["Split", "Several"], [pairs[:at], pairs[at:]], [PULL, OK])
    _right(
        group,
        "empty chunks before, within and after",
        ["EmptyChunk"],
        [b"", stream[:2], b"", stream[2:6], b"", b"", stream[6:], b""],
        [PULL],
    )
    _right(group, "no chunk at all", ["EmptyChunk"], [], [])
    _right(group, "one empty chunk", ["EmptyChunk"], [b""], [])
    _right(group, "a body of one byte: framing does not look inside", [], [frame(b"\xc1")], [b"\xc1"])
    _right(group, "a body that looks like a frame", [], [frame(frame(OK))], [frame(OK)])
    for length in (255, 256, 257, 258, 4096):
        _right(
            group,
            f"a body of {length} bytes",
            ["ByteOrder"] if length < 4096 else [],
            [frame(b"\x91" * length)],
            [b"\x91" * length],
        )
    _right(
        group,
        "the stream stops before the length is complete",
        ["Unfinished"],
        [frame(OK) + b"\x00\x00\x00"],
        [OK],
        unfinished=3,
    )
    _right(
        group,
        "the stream stops after the length",
        ["Unfinished"],
        [frame(OK) + b"\x00\x00\x00\x04"],
        [OK],
        unfinished=4,
    )
    _right(
        group,
        "the stream stops one byte before the end of the body",
        ["Unfinished"],
        [frame(PULL)[:-1]],
        [],
        unfinished=11,
    )

    empty = bytes(4)
    _wrong(group, "length 0, alone", ["Empty"], "frame-empty", [empty], [], 0)
    _wrong(
        group, "length 0, then a right frame: it is never read", ["Empty"], "frame-empty", [empty + frame(OK)], [], 0
    )
    _wrong(group, "length 0, byte by byte", ["Empty", "Split"], "frame-empty", [b"\x00"] * 4 + [frame(OK)], [], 3)
    _wrong(
        group,
        "length 0 after a right frame in the same chunk",
        ["Empty", "AfterGood"],
        "frame-empty",
        [frame(OK) + empty],
        [OK],
        0,
    )
    _wrong(
        group,
        "length 0 after a right frame, its last byte in the next chunk",
        ["Empty", "AfterGood", "Split"],
        "frame-empty",
        [frame(OK) + b"\x00" * 3, b"\x00"],
        [OK],
        1,
    )
    for limit in (BEFORE_WELCOME, RMP, BIN):
        for what, header in (
            ("2^32-1", b"\xff\xff\xff\xff"),
            ("2^31", b"\x80\x00\x00\x00"),
            ("2^31-1", b"\x7f\xff\xff\xff"),
            ("2^24", b"\x01\x00\x00\x00"),
            ("4 written little-endian", b"\x04\x00\x00\x00"),
        ):
            flags = ["TooLarge", "ByteOrder"] if "endian" in what else ["TooLarge"]
            follow = OK if "endian" in what else b""
            _wrong(group, f"length {what}, largest {limit}", flags, "frame-too-large", [header + follow], [], 0, limit)
    _wrong(
        group,
        "too large, byte by byte: it fails with the fourth",
        ["TooLarge", "Split"],
        "frame-too-large",
        [b"\xff"] * 4 + [b"\x00"],
        [],
        3,
    )
    for at in (1, 2, 3):
        header = b"\x00\x01\x00\x01"
        _wrong(
            group,
            f"one over the limit, its length split after {at}",
            ["TooLarge", "Split"],
            "frame-too-large",
            [header[:at], header[at:], b"\x91"],
            [],
            1,
        )
    _wrong(
        group,
        "too large after two right frames in one chunk",
        ["TooLarge", "AfterGood"],
        "frame-too-large",
        [frame(PULL) + frame(OK) + b"\xff\xff\xff\xff"],
        [PULL, OK],
        0,
    )
    _wrong(
        group,
        "too large after a right frame in an earlier chunk",
        ["TooLarge", "AfterGood"],
        "frame-too-large",
        [frame(PULL), b"\x00\xff\xff\xff\x91"],
        [PULL],
        1,
    )
    _wrong(
        group,
        "too large, and right frames after it are never read",
        ["TooLarge", "AfterGood"],
        "frame-too-large",
        [frame(PULL) + b"\x00\x20\x00\x00", frame(OK)],
        [PULL],
        0,
    )
    _wrong(
        group,
        "a message without its length: its first bytes are read as one",
        ["TooLarge"],
        "frame-too-large",
        [PULL],
        [],
        0,
    )
    _wrong(group, "a length of 2 bytes instead of 4", ["TooLarge"], "frame-too-large", [b"\x00\x08" + PULL], [], 0)
    _wrong(group, "a length of 8 bytes instead of 4", ["Empty"], "frame-empty", [(8).to_bytes(8, "big") + PULL], [], 0)
    _wrong(group, "text instead of a frame", ["TooLarge"], "frame-too-large", [b"GET / HTTP/1.1\r\n"], [], 0)
    for size in (1, 8, 100):
        body = b"\x91" * size
        _wrong(
            group,
            f"a body over a limit of {size}, by one",
            ["TooLarge"],
            "frame-too-large",
            [frame(body + b"\x91")],
            [],
            0,
            size,
        )
        _wrong(
            group,
            f"a right body at a limit of {size}, then one over it",
            ["TooLarge", "AfterGood"],
            "frame-too-large",
            [frame(body) + frame(body + b"\x91")],
            [body],
            0,
            size,
        )


def _limits(group: Group, limit: int) -> None:
    def piece(length: int) -> dict:
        return {"repeat": "91", "times": length}

    def header(length: int) -> str:
        return length.to_bytes(4, "big").hex()

    for length in (limit - 1, limit):
        chunk = [header(length), piece(length)]
        group.add(
            f"a body of {length} bytes",
            ["Boundary"],
            "valid",
            maxBody=limit,
            chunks=[chunk],
            bodies=[piece(length)],
            unfinished=0,
        )
    split = [[header(limit), piece(limit - 1)], ["91" + header(4) + OK.hex()]]
    group.add(
        "the largest body, its last byte with the next frame",
        ["Boundary", "Split", "Several"],
        "valid",
        maxBody=limit,
        chunks=split,
        bodies=[piece(limit), OK.hex()],
        unfinished=0,
    )
    for length in (limit + 1, limit + 2, 2 * limit):
        _wrong(
            group,
            f"a body of {length} bytes: only its length is there",
            ["Boundary", "TooLarge"],
            "frame-too-large",
            [length.to_bytes(4, "big")],
            [],
            0,
            limit,
        )
    group.add(
        f"a body of {limit + 1} bytes, whole: it fails before the body comes",
        ["Boundary", "TooLarge"],
        "invalid",
        error="frame-too-large",
        maxBody=limit,
        chunks=[header(limit + 1), piece(limit + 1)],
        bodies=[],
        failsInChunk=0,
    )


def _raised(group: Group) -> None:
    """The limit before Welcome is smaller; `raise` says before which chunk the reader is given the larger one."""
    large = 70_000
    chunk = [large.to_bytes(4, "big").hex(), {"repeat": "91", "times": large}]
    body = {"repeat": "91", "times": large}
    first = frame(BYE).hex()
    group.add(
        "a large frame after the limit was raised",
        ["Raised"],
        "valid",
        maxBody=BEFORE_WELCOME,
        **{"raise": {"beforeChunk": 1, "maxBody": BIN}},
        chunks=[first, chunk],
        bodies=[BYE.hex(), body],
        unfinished=0,
    )
    group.add(
        "half a length before the limit was raised, the rest after it",
        ["Raised", "Split"],
        "valid",
        maxBody=BEFORE_WELCOME,
        **{"raise": {"beforeChunk": 1, "maxBody": BIN}},
        chunks=[first + chunk[0][:4], [chunk[0][4:], chunk[1]]],
        bodies=[BYE.hex(), body],
        unfinished=0,
    )
    group.add(
        "a large frame before the limit was raised",
        ["Raised", "TooLarge", "AfterGood"],
        "invalid",
        error="frame-too-large",
        maxBody=BEFORE_WELCOME,
        **{"raise": {"beforeChunk": 2, "maxBody": BIN}},
        chunks=[first, chunk[0], [chunk[1]]],
        bodies=[BYE.hex()],
        failsInChunk=1,
    )
    group.add(
        "over the raised limit",
        ["Raised", "TooLarge", "AfterGood"],
        "invalid",
        error="frame-too-large",
        maxBody=BEFORE_WELCOME,
        **{"raise": {"beforeChunk": 1, "maxBody": BIN}},
        chunks=[first, (BIN + 1).to_bytes(4, "big").hex()],
        bodies=[BYE.hex()],
        failsInChunk=1,
    )
