"""Which requirements of spec/requirements a test bears on, by its flags and its error class."""

from __future__ import annotations

VALID_BIN = {
    "Canonical": ("WIRE-04", "WIRE-06", "WIRE-07"),
    "BigInteger": ("WIRE-03",),
    "IntegerWidth": ("WIRE-16",),
    "SignedInteger": ("WIRE-17",),
    "HeaderWidth": ("WIRE-18",),
    "EmptyMap": ("WIRE-20",),
    "SixteenKeys": ("WIRE-22",),
    "UnknownKey": ("WIRE-21", "WIRE-23"),
    "SkippedValue": ("WIRE-24",),
    "Caps": ("WIRE-25",),
    "LimitsMap": ("WIRE-52",),
    "RelayName": ("WIRE-53",),
}

INVALID_BIN = {
    "not-a-message": "WIRE-27",
    "unknown-message": "WIRE-28",
    "wrong-arity": "WIRE-26",
    "invalid-utf8": "WIRE-32",
    "wrong-length": "WIRE-38",
    "duplicate-key": "WIRE-39",
    "trailing-bytes": "WIRE-40",
    "truncated": "WIRE-41",
    "too-many-keys": "WIRE-42",
    "too-deep": "WIRE-43",
    "reserved-byte": "WIRE-46",
}

INVALID_BIN_FLAGS = {
    "Float": "WIRE-29",
    "Negative": "WIRE-30",
    "TooLarge": "WIRE-31",
    "ExtType": "WIRE-33",
    "StringForBytes": "WIRE-34",
    "BytesForString": "WIRE-35",
    "IntegerForBool": "WIRE-36",
    "OtherType": "WIRE-37",
    "ArrayForBytes": "WIRE-37",
    "KeyType": "WIRE-45",
    "RevokeReason": "WIRE-47",
}


def codec_bin(group: dict, test: dict) -> set[str]:
    flags, error = set(test["flags"]), test.get("error")
    if error is None:
        rules = {rule for flag in flags for rule in VALID_BIN.get(flag, ())}
        if "Canonical" in flags:
            rules.add("WIRE-08" if "Extension" in flags else "WIRE-09")
        elif "KeyOrder" in flags:
            rules.add("WIRE-19")
        return rules
    if flags & {"LimitsMap", "RelayName"}:
        return {"WIRE-52" if "LimitsMap" in flags else "WIRE-53"}
    rules = {INVALID_BIN_FLAGS[flag] for flag in flags & INVALID_BIN_FLAGS.keys()}
    if error in INVALID_BIN:
        rules.add(INVALID_BIN[error])
    if "Extension" in flags and error in {"wrong-type", "wrong-length", "out-of-range"}:
        rules.add("WIRE-44")
    return rules


def codec_rmp(group: dict, test: dict) -> set[str]:
    """What rmp must refuse is no numbered rule: only the form that its writer gives has some."""
    flags = set(test["flags"])
    if test["result"] == "valid":
        return {"WIRE-57", "WIRE-59"} | ({"WIRE-58"} if test["message"]["type"] == "PullResponse" else set())
    if flags & {"BytesForArray", "ArrayForBytes"}:
        return {"WIRE-57"}
    return {"WIRE-58"} if "Extension" in flags else set()


BEFORE_WELCOME = 65_536
BIN = 1_114_112
RMP = 1_048_576


def framing(group: dict, test: dict) -> set[str]:
    flags, limit = set(test["flags"]), test["maxBody"]
    rules = {"FRAME-01"}
    rules |= {
        rule
        for flag, rule in {"Split": "FRAME-19", "Several": "FRAME-20", "EmptyChunk": "FRAME-21"}.items()
        if flag in flags
    }
    if "Empty" in flags:
        rules |= {"FRAME-02", "FRAME-05", "FRAME-07"}
    if "TooLarge" in flags:
        rules |= {"FRAME-05", "FRAME-07"} | {BEFORE_WELCOME: {"FRAME-04"}, BIN: {"FRAME-03"}, RMP: {"FRAME-08"}}.get(
            limit, set()
        )
    if "Boundary" in flags and test["result"] == "valid":
        rules.add("FRAME-08" if limit == RMP else "FRAME-06")
    return rules


HANDSHAKE_FAULT = {
    "Tampered": "HS-09",
    "Short": "HS-07",
    "Long": "FRAME-17",
    "Prologue": "HS-02",
    "Name": "HS-01",
    "KemKey": "HS-10",
    "DhKey": "HS-11",
    "LowOrder": "HS-12",
    "UnexpectedPayload": "HS-08",
    "Classical": "HS-24",
}

TRANSPORT = {
    "Tampered": ("HS-15",),
    "Nonce": ("HS-15",),
    "Short": ("HS-17",),
    "Replay": ("HS-16",),
    "Rekey": ("HS-19", "HS-20", "HS-21"),
}


def noise(group: dict, test: dict) -> set[str]:
    flags = set(test["flags"])
    if group["type"] == "Identity":
        return {"WIRE-01"}
    if group["type"] == "Handshake":
        return {"HS-01", "HS-03", "HS-04", "HS-05"} | ({"HS-02"} if "OtherPrologue" not in flags else set())
    if group["type"] == "HandshakeFault":
        return {"HS-18"} | {HANDSHAKE_FAULT[flag] for flag in flags}
    if group["type"] == "Turn":
        return {"HS-03"}
    rules = {rule for flag in flags for rule in TRANSPORT.get(flag, ())}
    if "Long" in flags:
        rules.add("FRAME-16" if test["operation"] == "encrypt" else "FRAME-17")
    if any(step.get("error") == "failed-state" for step in test.get("steps", [])):
        rules.add("HS-18")
    return rules or {"HS-01" if test["result"] == "valid" else "HS-15"}


IDS = {
    "DeviceId": {"valid": "WIRE-01", "invalid": "WIRE-01"},
    "GroupIdV2": {"valid": "MEM-21", "invalid": "MEM-21"},
    "GroupIdV1": {"valid": "MEM-22", "invalid": "MEM-22"},
    "Base64url": {"valid": "ENV-13", "invalid": "ENV-14"},
    "BlobId": {"valid": "ENV-15", "invalid": "ENV-16", "acceptable": "ENV-17"},
}


def ids(group: dict, test: dict) -> set[str]:
    return {IDS[group["type"]][test["result"]]}


MEMBERSHIP = {
    "Right": {"MEM-01", "MEM-21"},
    "SmallOrderR": {"MEM-01"},
    "OtherKey": {"MEM-02"},
    "OtherDevice": {"MEM-04"},
    "OtherGroup": {"MEM-05"},
    "OtherLabel": {"MEM-06"},
    "OtherVariant": {"MEM-03"},
    "BitFlip": {"MEM-03"},
    "Forged": {"MEM-03"},
    "LargeS": {"MEM-07"},
    "NonCanonicalA": {"MEM-08"},
    "NonCanonicalR": {"MEM-09"},
    "SmallOrderA": {"MEM-10"},
    "NotAPoint": {"MEM-03"},
    "MixedOrder": {"MEM-20"},
}


def membership(group: dict, test: dict) -> set[str]:
    return set().union(*(MEMBERSHIP[flag] for flag in test["flags"]))
