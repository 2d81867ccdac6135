"""The driver: reads requests as lines of JSON from stdin, answers on stdout. protocol.json says what each operation takes and gives."""
import json
import sys

import client
import messages
import noise
import sealing
from messages import SPEC, Refused

DRIVER = SPEC["driver"]
OPERATIONS = {entry["name"]: entry for entry in DRIVER["operations"]}
# Each is the function of that name in one of the modules.
MODULES = messages, sealing, noise, client
RUNS = {name: getattr(module, name.replace("-", "_")) for name in OPERATIONS for module in MODULES
        if hasattr(module, name.replace("-", "_"))}


def load(field, value):
    """An input: bytes for hex, a number for u64."""
    if value is None or field.get("list"):
        return value and [load(field | {"list": False}, item) for item in value]
    if field["type"] in DRIVER["objects"]:
        return loads(DRIVER["objects"][field["type"]]["fields"], value)
    return bytes.fromhex(value) if field["type"] == "hex" else int(value) if field["type"] == "u64" else value


def loads(fields, values):
    return {field["name"]: load(field, values[field["name"]]) for field in fields if field["name"] in values}


def dump(field, value):
    """An output: the inverse of load."""
    if field.get("list") and isinstance(value, list):
        return [dump(field | {"list": False}, item) for item in value]
    if field["type"] in DRIVER["objects"]:
        return dumps(DRIVER["objects"][field["type"]]["fields"], value)
    return value.hex() if isinstance(value, bytes) else str(value) if field["type"] == "u64" else value


def dumps(fields, values):
    return {field["name"]: dump(field, values[field["name"]]) for field in fields if field["name"] in values}


def answer(id, op, **inputs):
    if op == "describe":
        return {"id": id, "ok": {"operations": list(RUNS), "name": "python"}}
    if op not in RUNS:
        return {"id": id, "error": "unknown-op"}
    outputs = OPERATIONS[op].get("output", [])
    try:
        values = RUNS[op](**loads(OPERATIONS[op]["input"], inputs))
    except Refused as refused:
        return {"id": id, "error": str(refused)}
    values = values if isinstance(values, dict) and len(outputs) > 1 else {outputs[0]["name"]: values} if outputs else {}
    return {"id": id, "ok": dumps(outputs, values)}


for line in sys.stdin:
    print(json.dumps(answer(**json.loads(line))), flush=True)
