"""Reads the codec files as they lie on disk and holds every right message against the msgpack library."""

from __future__ import annotations

import json
from pathlib import Path

from codec_bin import read_back
from messages import from_json, messages_match, tree
from wire import canonical, pack

ROOT = Path(__file__).resolve().parent.parent


def expand(value):
    """A repeated piece, or several pieces one after the other, as one string; anything else as it is."""
    if isinstance(value, dict) and value.keys() == {"repeat", "times"}:
        return value["repeat"] * value["times"]
    if isinstance(value, dict):
        return {key: expand(item) for key, item in value.items()}
    if isinstance(value, list):
        return [expand(item) for item in value]
    return value


def joined(value) -> bytes:
    pieces = expand(value)
    return bytes.fromhex(pieces if isinstance(pieces, str) else "".join(pieces))


def faults() -> list[str]:
    """What does not agree, one line each."""
    out = []
    for encoding in ("bin", "rmp"):
        document = json.loads((ROOT / f"codec-{encoding}.json").read_text(encoding="utf-8"))
        for group in document["testGroups"]:
            for test in group["tests"]:
                if test["result"] != "valid":
                    continue
                body, shown = joined(test["hex"]), expand(test["message"])
                written = tree(from_json(shown), encoding)
                if not messages_match(shown, read_back(body), encoding):
                    out.append(f"codec-{encoding}.json, {test['tcId']}: the msgpack library reads another message")
                if test["canonical"] != (canonical(written) == body):
                    out.append(f"codec-{encoding}.json, {test['tcId']}: canonical is not what the msgpack library says")
                if pack(written) != canonical(written):
                    out.append(f"codec-{encoding}.json, {test['tcId']}: two writers disagree")
    return out
