"""One vector file: numbering, ordering and the exact bytes of the JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

# Gives the ids of the requirements that a test bears on, from its group and itself.
Requirements = Callable[[dict, dict], set[str]]


def derived(label: str, length: int) -> bytes:
    """`length` bytes that depend on nothing but the label: SHA-256(label ‖ counter), joined."""
    out = b""
    counter = 0
    while len(out) < length:
        out += hashlib.sha256(label.encode() + counter.to_bytes(4, "big")).digest()
        counter += 1
    return out[:length]


class Document:
    """Collects groups and tests; `render` numbers them and keeps only the notes in use."""

    def __init__(self, name: str, algorithm: str, generator: str, notes: dict, requirements: Requirements):
        self.name = name
        self.algorithm = algorithm
        self.generator = generator
        self.notes = notes
        self.requirements = requirements
        self.groups: list[dict] = []

    def group(self, type_: str, source: str, **fields) -> Group:
        group = {"type": type_, "source": source, **fields, "tests": []}
        self.groups.append(group)
        return Group(self, group)

    def render(self) -> str:
        tests = [test for group in self.groups for test in group["tests"]]
        used = {flag for test in tests for flag in test["flags"]}
        missing = used - self.notes.keys()
        if missing:
            raise ValueError(f"{self.name}: flags without a note: {sorted(missing)}")
        for number, test in enumerate(tests, 1):
            test["tcId"] = number
        head = {
            "algorithm": self.algorithm,
            "schema": f"schemas/{self.name}.schema.json",
            "generator": self.generator,
            "notes": {flag: note for flag, note in self.notes.items() if flag in used},
            "numberOfTests": len(tests),
        }
        lines = [json.dumps(head, indent=1, ensure_ascii=True)[:-2] + ',\n "testGroups": [']
        for index, group in enumerate(self.groups):
            fields = {key: value for key, value in group.items() if key != "tests"}
            lines.append("  " + json.dumps(fields, ensure_ascii=True)[:-1] + ', "tests": [')
            rows = [json.dumps(test, ensure_ascii=True, separators=(",", ":")) for test in group["tests"]]
            lines.append(",\n".join("   " + row for row in rows))
            lines.append("  ]}" + ("," if index + 1 < len(self.groups) else ""))
        return "\n".join(lines) + "\n ]\n}\n"


class Group:
    def __init__(self, document: Document, group: dict):
        self.document = document
        self.group = group

    def add(self, comment: str, flags: list[str], result: str, *, error: str | None = None, **fields) -> None:
        test = {"tcId": 0, "comment": comment, "flags": flags, "requirements": [], **fields, "result": result}
        if error is not None:
            test["error"] = error
        test["requirements"] = sorted(self.document.requirements(self.group, test))
        self.group["tests"].append(test)
