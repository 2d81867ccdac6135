"""Which requirements a test of invites, short codes, the cursor tracker and backoff bears on."""

from __future__ import annotations

from collections.abc import Iterable


def _of(table: dict[str, set[str]], flags: Iterable[str]) -> set[str]:
    return set().union(*(table[flag] for flag in flags))


JSON = {
    "Deployed": set(),
    "Canonical": {"INV-01", "INV-02"},
    "OtherForm": {"INV-03"},
    "OneRelay": {"INV-05"},
    "UnknownKey": {"INV-04"},
    "BigInteger": {"INV-06"},
    "Lenient": {"INV-09"},
    "Version": {"INV-07"},
    "MissingKey": {"INV-08"},
    "Type": {"INV-10"},
    "Length": {"INV-11"},
    "Integer": {"INV-12"},
    "NoRelay": {"INV-13"},
    "OtherGroup": {"INV-14"},
    "NotAnInvite": {"INV-15"},
    "Base64url": {"INV-15"},
    "Prefix": {"INV-15"},
}

MAP = JSON | {
    "Canonical": {"INV-16", "INV-17", "INV-18"},
    "OtherForm": {"INV-19"},
    "Bare": {"INV-18"},
    "UnknownKey": {"INV-20"},
    "Passphrase": set(),
    "NoSecret": {"INV-29"},
    "BothSecrets": {"INV-28"},
    "DuplicateKey": {"INV-21"},
    "TooManyKeys": {"INV-22"},
    "TooDeep": {"INV-23"},
    "TrailingBytes": {"INV-24"},
    "Truncated": {"INV-25"},
    "ReservedByte": {"INV-26"},
    "Utf8": {"INV-27"},
    "Address": {"INV-30"},
    "Seal": {"INV-31"},
    "Arity": {"INV-32"},
    "Ambiguous": set(),
}

JOIN = {
    "Passphrase": {"INV-33"},
    "Normalised": {"INV-33", "KEY-04"},
    "WrongPassphrase": {"INV-33"},
    "OtherGroup": {"INV-33"},
    "EmptyPassphrase": {"KEY-06"},
}


def invite(group: dict, test: dict) -> set[str]:
    flags = test["flags"]
    if group["type"] == "Expiry":
        return {"INV-35" if test["result"] == "invalid" else "INV-36"}
    if group["type"] == "Join":
        return _of(JOIN, flags)
    if "Parameters" in flags:
        if test["error"] == "wrong-length":
            return {"KEY-14"}
        return {"KEY-13" if "above" in test["comment"] else "KEY-12"}
    return _of(JSON if group["type"] == "InviteJson" else MAP, flags)


SHORT_CODE = {
    "Plain": {"CODE-03"},
    "Case": {"CODE-03"},
    "Blocks": {"CODE-03"},
    "Digit": {"CODE-04"},
    "Alphabet": {"CODE-05"},
    "Length": {"CODE-06"},
    "Written": {"CODE-02"},
    "OtherText": {"CODE-02"},
    "Derived": {"CODE-07", "CODE-08", "CODE-09"},
    "Stretch": {"CODE-07"},
    "Canonical": {"CODE-10"},
    "Short": {"CODE-11"},
    "Tampered": {"CODE-12"},
    "OtherKey": {"CODE-12"},
    "OtherAad": {"CODE-10", "CODE-12"},
}


def short_code(group: dict, test: dict) -> set[str]:
    flag = test["flags"][0]
    if flag in ("WrongLabel", "WrongInput"):
        return {"CODE-08" if test["comment"].startswith("lookup") else "CODE-09"}
    return _of(SHORT_CODE, test["flags"])


TRACKER = {
    "Received": {"CLI-01", "CLI-02", "CLI-09"},
    "Late": {"CLI-07"},
    "Page": {"CLI-03"},
    "Hole": {"CLI-03"},
    "Above": {"CLI-04"},
    "More": {"CLI-05"},
    "EmptyPage": {"CLI-06"},
    "BigInteger": {"CLI-08"},
    "Cap": {"CLI-10"},
    "Reset": {"CLI-11"},
    "Resumed": {"CLI-02"},
    "WrongState": set(),
    "Refused": {"CLI-12"},
}


def cursor_tracker(group: dict, test: dict) -> set[str]:
    return {"CLI-12"} if "Refused" in test["flags"] else _of(TRACKER, test["flags"])


BACKOFF = {
    "Delay": {"CLI-13"},
    "Large": {"CLI-13"},
    "WrongDelay": {"CLI-13"},
    "Attempt": {"CLI-13"},
    "Jitter": {"CLI-13"},
    "Growing": {"CLI-13"},
    "Success": {"CLI-15"},
    "RetryAfter": {"ERR-19"},
    "BigInteger": {"CLI-17"},
    "Restart": {"ERR-20", "CLI-18"},
    "Stop": {"ERR-18"},
    "Report": {"CLI-19"},
    "UnknownCode": {"CLI-16"},
    "WrongSchedule": set(),
}


def backoff(group: dict, test: dict) -> set[str]:
    return _of(BACKOFF, test["flags"])
