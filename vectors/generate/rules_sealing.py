"""Which requirements a test of group keys, seals, content and envelopes bears on."""

from __future__ import annotations

GIB = 2**30

PURPOSES = {
    "encryption": "KEY-16",
    "authentication": "KEY-17",
    "encryption-2": "KEY-18",
    "device-name": "KEY-19",
}


def kdf(group: dict, test: dict) -> set[str]:
    if "SecretLength" in test["flags"]:
        return {"KEY-21"}
    return {"KEY-20" if group["type"] == "ContentKey" else PURPOSES[test["purpose"]]}


def argon2(group: dict, test: dict) -> set[str]:
    if group["type"] == "Derivation":
        if test["result"] == "acceptable":
            return {"KEY-15"}
        normal = test["result"] == "valid" or test["flags"][0] in ("Normalised", "AsTyped")
        return {"KEY-03"} | ({"KEY-04" if test["groupVersion"] == 2 else "KEY-05"} if normal else set())
    if group["type"] == "Passphrase":
        return {"KEY-06" if test["passphrase"] == "" else "KEY-04"}
    if group["type"] == "Parameters":
        if "SaltLength" in test["flags"]:
            return {"KEY-14"}
        if test["result"] == "valid":
            return {"KEY-11"}
        return {"KEY-13" if test["m"] > 1_048_576 or test["t"] > 16 or test["p"] > 16 else "KEY-12"}
    ram = test["ram"]
    return {"KEY-09" if ram is None else "KEY-07" if ram < 4 * GIB else "KEY-08" if ram < 8 * GIB else "KEY-10"}


def padme(group: dict, test: dict) -> set[str]:
    return {"SEAL-16" if group["type"] == "PaddedLength" and test["result"] == "invalid" else "SEAL-14"}


SEAL_1 = {
    "Short": {"SEAL-02"},
    "Tampered": {"SEAL-03"},
    "OtherKey": {"SEAL-03"},
    "OtherAad": {"SEAL-01", "SEAL-03"},
    "OtherSeal": {"SEAL-03", "SEAL-09"},
}


def seal_1(group: dict, test: dict) -> set[str]:
    return {"SEAL-01"} if test["result"] == "valid" else SEAL_1[test["flags"][0]]


SEAL_2 = {
    "Short": {"SEAL-06"},
    "Version": {"SEAL-07"},
    "Tampered": {"SEAL-08"},
    "OtherKey": {"SEAL-08"},
    "OtherSeal": {"SEAL-09"},
    "OtherGroup": {"SEAL-05"},
    "OtherBlob": {"SEAL-05"},
    "OtherAad": {"SEAL-05"},
    "PaddingByte": {"SEAL-15"},
    "PaddingLength": {"SEAL-16"},
    "Arity": {"SEAL-11"},
    "Type": {"SEAL-11"},
    "Nil": {"SEAL-11"},
    "Float": {"SEAL-11"},
    "Negative": {"SEAL-11"},
    "Truncated": {"SEAL-11"},
    "TooLarge": {"SEAL-18"},
}


def seal_2(group: dict, test: dict) -> set[str]:
    flags = set(test["flags"])
    if test["result"] == "acceptable":
        return {"SEAL-12"}
    if test["result"] == "invalid":
        return set().union(*(SEAL_2[flag] for flag in flags - {"Large", "Ambiguous"}))
    rules = {"SEAL-04", "SEAL-05", "SEAL-10", "SEAL-14"}
    return rules | ({"SEAL-13"} if "BigInteger" in flags else set()) | ({"SEAL-17"} if "Large" in flags else set())


DEVICE_NAME = {
    "Canonical": {"SEAL-26", "SEAL-27", "SEAL-30"},
    "Normalised": {"SEAL-28"},
    "NotNormalised": {"SEAL-36"},
    "Cut": {"SEAL-29"},
    "WrongPadding": {"SEAL-30"},
    "Nul": {"SEAL-31"},
    "Plain": {"SEAL-37"},
    "Base64url": {"SEAL-32"},
    "Length": {"SEAL-32"},
    "OtherForm": {"SEAL-26"},
    "Tampered": {"SEAL-33"},
    "OtherKey": {"SEAL-33"},
    "OtherDevice": {"SEAL-27"},
    "OtherGroup": {"SEAL-27"},
    "OtherAad": {"SEAL-27"},
    "Padding": {"SEAL-34"},
    "Utf8": {"SEAL-35"},
    "Boundary": set(),
}


def device_name(group: dict, test: dict) -> set[str]:
    return set().union(*(DEVICE_NAME[flag] for flag in test["flags"]))


CONTENT = {
    "Hash": {"CONT-02", "CONT-08"},
    "TooLarge": {"CONT-05"},
    "Tag": {"CONT-09"},
    "Nonce": {"CONT-09"},
    "OtherKey": {"CONT-09", "KEY-20"},
    "OtherAad": {"CONT-01", "CONT-09"},
}


def content(group: dict, test: dict) -> set[str]:
    if test["result"] == "acceptable":
        return {"KEY-22"}
    if test["result"] == "valid":
        return {"CONT-04"} if group["type"] == "Sizes" else {"CONT-01", "CONT-02", "CONT-03", "KEY-20"}
    if "Size" not in test["flags"]:
        return CONTENT[test["flags"][0]]
    sizes = test if group["type"] == "Sizes" else test["ref"]
    return {"CONT-06" if sizes["encrypted_size"] != sizes["content_size"] + 16 else "CONT-07"}


ENVELOPE = {
    "Version": {"ENV-06"},
    "Arity": {"ENV-07"},
    "Type": {"ENV-08"},
    "Length": {"ENV-08"},
    "Integer": {"ENV-08"},
    "BytesForArray": {"ENV-08"},
    "Truncated": {"ENV-09"},
    "TrailingBytes": {"ENV-09"},
    "ReservedByte": {"ENV-09"},
    "NotAnEnvelope": {"ENV-09"},
}


def envelope(group: dict, test: dict) -> set[str]:
    flags = set(test["flags"])
    if test["result"] == "acceptable":
        return {"ENV-10"}
    if test["result"] == "invalid":
        return set().union(*(ENVELOPE[flag] for flag in flags - {"Ambiguous"}))
    form = "ENV-01" if group["type"] == "Envelope1" else "ENV-05" if "OtherForm" in flags else "ENV-03"
    return {form} | ({"ENV-04"} if "BigInteger" in flags else set())
