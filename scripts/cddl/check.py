"""Holds the CDDL of spec/ against the codec vectors: it allows what they call valid, and refuses the wrong ones of the
classes that a grammar can tell. msgpack reads them, cbor2 writes them as CBOR, and zcbor validates that.

What zcbor lacks: it takes a known extension key with a wrong value for an unknown key (RFC 8610, section 3.5.4, cuts)."""

import contextlib
import io
import json
import sys
from pathlib import Path

import cbor2
import msgpack
from zcbor.zcbor.zcbor import CddlValidationError, DataTranslator

ROOT = Path(__file__).parents[2]
# The others are about bytes, or about counts and depths of unknown keys.
CLASSES = {"wrong-arity", "wrong-type", "wrong-length", "out-of-range", "unknown-message", "not-a-message"}
# zcbor takes minutes for a megabyte.
MOST_BYTES = 10_000


def tests(encoding):
    for group in json.loads((ROOT / f"vectors/codec-{encoding}.json").read_text())["testGroups"]:
        yield from group["tests"]


def told_by_grammar(test):
    if "hex" not in test or len(test["hex"]) > 2 * MOST_BYTES:
        return False
    return test["result"] == "valid" or (test.get("error") in CLASSES and "Extension" not in test["flags"])


def as_cbor(test):
    """The body and the message that it names; None where CBOR's libraries have no such value."""
    try:
        value = msgpack.unpackb(bytes.fromhex(test["hex"]), raw=False, strict_map_key=False)
        name = value[0] if isinstance(value, list) and value and isinstance(value[0], str) else None
        return name, cbor2.dumps(value)
    except (ValueError, TypeError, msgpack.UnpackException):
        return None


def allows(rules, name, document):
    if name not in rules or name == "body":
        return False
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            rules[name].validate_str(document)
        return True
    except CddlValidationError:
        return False


def main():
    wrong = []
    for encoding in ("bin", "rmp"):
        grammar = (ROOT / f"spec/cddl/{encoding}.cddl").read_text()
        rules = DataTranslator.from_cddl(cddl_string=grammar, default_max_qty=MOST_BYTES).my_types
        counts = {"valid": 0, "invalid": 0}
        for test in filter(told_by_grammar, tests(encoding)):
            readable = as_cbor(test)
            if readable is None:
                continue
            counts[test["result"]] += 1
            if allows(rules, *readable) != (test["result"] == "valid"):
                wrong.append(f"codec-{encoding} {test['tcId']}, {test['result']}: {test['comment'][:80]}")
        print(f"spec/cddl/{encoding}.cddl: {counts['valid']} valid bodies, {counts['invalid']} invalid ones")
        if min(counts.values()) == 0:
            wrong.append(f"codec-{encoding}: too little was held against the grammar")
    for line in wrong:
        print(line, file=sys.stderr)
    sys.exit(1 if wrong else 0)


main()
