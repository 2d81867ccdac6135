"""Runs framing.json against a frame reader of a few lines: python3 vectors/examples/framing.py"""

import json
import sys
from pathlib import Path


class FrameReader:
    def __init__(self, max_body):
        self.max_body, self.buffer = max_body, b""

    def push(self, chunk):
        self.buffer += chunk
        while len(self.buffer) >= 4:
            length = int.from_bytes(self.buffer[:4], "big")
            if length == 0:
                raise ValueError("frame-empty")
            if length > self.max_body:
                raise ValueError("frame-too-large")
            if len(self.buffer) < 4 + length:
                return
            body, self.buffer = self.buffer[4 : 4 + length], self.buffer[4 + length :]
            yield body


def data(value):
    """Hex, {"repeat": hex, "times": n}, or a list of both."""
    if isinstance(value, list):
        return b"".join(map(data, value))
    return bytes.fromhex(value if isinstance(value, str) else value["repeat"] * value["times"])


def run(test):
    reader, bodies = FrameReader(test["maxBody"]), []
    for index, chunk in enumerate(test["chunks"]):
        if test.get("raise", {}).get("beforeChunk") == index:
            reader.max_body = test["raise"]["maxBody"]
        try:
            bodies.extend(reader.push(data(chunk)))
        except ValueError as error:
            return str(error), index, bodies
    return None, None, bodies


vectors = json.loads((Path(__file__).parent.parent / "framing.json").read_text())
tests = [test for group in vectors["testGroups"] for test in group["tests"]]
wrong = 0
for test in tests:
    expected = (test.get("error"), test.get("failsInChunk"), [data(body) for body in test["bodies"]])
    if run(test) != expected:
        wrong += 1
        print(test["tcId"], test["comment"])
print(f"{len(tests)} tests, {wrong} wrong")
sys.exit(1 if wrong else 0)
