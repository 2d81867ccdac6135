"""Invites 2 and 3 of invite.json: JSON, as the deployed implementation writes it."""

from __future__ import annotations

import json

from document import Group, derived
from pairing import PREFIX, base64url, compact, group_v1_of
from sealing import flip, group_key, source

SECRET = derived("invite secret", 32)
RELAY, OTHER_RELAY = derived("invite relay", 32), derived("invite other relay", 32)
USUAL = {
    "version": 2,
    "relay_node_ids": [list(RELAY)],
    "group_id": list(group_v1_of(SECRET)),
    "group_secret": list(SECRET),
    "salt": list(derived("invite salt", 16)),
    "created_at": 1_705_000_000,
    "expires_at": 1_705_000_600,
}
BYTES = ("group_id", "group_secret", "salt")
TIMES = ("created_at", "expires_at")


def shown(invite: dict) -> dict:
    """As a test has it: bytes as hex, times as text."""
    return {
        "version": invite["version"],
        "relay_node_ids": [bytes(each).hex() for each in invite["relay_node_ids"]],
        **{name: bytes(invite[name]).hex() for name in BYTES},
        **{name: str(invite[name]) for name in TIMES},
    }


def deployed(group: Group) -> None:
    for each in source("invite.json"):
        fields, text = each["fields"], each["encoded"]
        invite = {
            "version": fields["version"],
            "relay_node_ids": [list(bytes.fromhex(relay)) for relay in fields["relay_node_ids"]],
            **{name: list(bytes.fromhex(fields[name])) for name in BYTES},
            **{name: int(fields[name]) for name in TIMES},
        }
        mine = base64url(compact(invite)) == text
        if mine == ("singular" in each["note"]):
            raise ValueError(f"sources/invite.json is written in another way: {each['note']}")
        note = each["note"].split(" (")[0]
        if fields["version"] == 1:
            group.add(note, ["Deployed", "Version"], "invalid", text=text, error="wrong-version")
        elif not fields["relay_node_ids"]:
            group.add(note, ["Deployed", "NoRelay"], "invalid", text=text, error="no-relay")
        elif bytes(invite["group_id"]) != group_v1_of(bytes(invite["group_secret"])):
            group.add(note, ["Deployed", "OtherGroup"], "invalid", text=text, error="wrong-group")
        else:
            flags = ["Deployed", "Canonical" if mine else "OneRelay"]
            flags += ["BigInteger"] if invite["expires_at"] >= 2**53 else []
            group.add(note, flags, "valid", text=text, invite=shown(invite))


def made(group: Group) -> None:
    _right(group)
    _wrong_values(group)
    _wrong_texts(group)


def _right(group: Group) -> None:
    def right(comment: str, flags: list[str], invite: dict, body: bytes | None = None, result: str = "valid") -> None:
        text = base64url(compact(invite) if body is None else body)
        group.add(comment, flags, result, text=text, invite=shown(invite))

    right("one relay", ["Canonical"], USUAL)
    right("two relays", ["Canonical"], USUAL | {"version": 3, "relay_node_ids": [list(OTHER_RELAY), list(RELAY)]})
    for length in (0, 8, 32):
        right(f"a salt of {length} bytes", ["Canonical"], USUAL | {"salt": list(derived("long salt", length))})
    big = {"created_at": 2**53 + 1, "expires_at": 2**64 - 1}
    right("times of 2^53 + 1 and 2^64 - 1", ["Canonical", "BigInteger"], USUAL | big)
    right("times of 2^63 and 0", ["Canonical", "BigInteger"], USUAL | {"created_at": 2**63, "expires_at": 0})
    right("the keys in another order", ["OtherForm"], USUAL, compact(dict(reversed(USUAL.items()))))
    right("spaces and line breaks", ["OtherForm"], USUAL, b" " + json.dumps(USUAL, indent=1).encode() + b"\r\n\t")
    escaped = compact(USUAL).replace(b'"salt"', b'"\\u0073alt"')
    right("a key with an escape", ["OtherForm"], USUAL, escaped)
    unknown = {"name": ">>>?", "deep": {"a": [[[[[1.5, None, True]]]]]}, "v": 4, "big": 2**70}
    right("unknown keys behind", ["UnknownKey"], USUAL, compact(USUAL | unknown))
    right("unknown keys in front", ["UnknownKey"], USUAL, compact(unknown | USUAL))
    one = {key: value for key, value in USUAL.items() if key != "relay_node_ids"}
    right("relay_node_id", ["OneRelay"], USUAL, compact(one | {"relay_node_id": list(RELAY)}))
    saltless = {key: value for key, value in USUAL.items() if key != "salt"}
    right("no salt", ["Lenient"], USUAL | {"salt": []}, compact(saltless), "acceptable")
    twice = compact(USUAL)[:-1] + b',"created_at":1705000000}'
    right("created_at twice, the same", ["Lenient"], USUAL, twice, "acceptable")


def _wrong_values(group: Group) -> None:
    def wrong(comment: str, flag: str, error: str, changed: dict | bytes) -> None:
        body = changed if isinstance(changed, bytes) else compact(USUAL | changed)
        group.add(comment, [flag], "invalid", text=base64url(body), error=error)

    def literal(name: str, written: str) -> bytes:
        """The usual invite with these characters as a value."""
        return compact(USUAL | {name: "@"}).replace(b'"@"', written.encode())

    for version in (0, 1, 4, 5, 255, 2**32 - 1):
        wrong(f"version {version}", "Version", "wrong-version", {"version": version})
    for name in USUAL:
        if name != "salt":
            rest = {key: value for key, value in USUAL.items() if key != name}
            wrong(f"{name} is missing", "MissingKey", "missing-key", compact(rest))
        for comment, value in {"null": None, "true": True, "an object": {}}.items():
            wrong(f"{name}: {comment}", "Type", "wrong-type", {name: value})
    for name in ("version", *TIMES):
        wrong(f"{name}: a string", "Type", "wrong-type", {name: str(USUAL[name])})
        wrong(f"{name}: an array", "Type", "wrong-type", {name: [USUAL[name]]})
        wrong(f"{name}: a fraction", "Type", "wrong-type", literal(name, f"{USUAL[name]}.5"))
        wrong(f"{name}: with a decimal point", "Type", "wrong-type", literal(name, f"{USUAL[name]}.0"))
        wrong(f"{name}: with an exponent", "Type", "wrong-type", literal(name, f"{USUAL[name]}e0"))
    for name in TIMES:
        wrong(f"{name}: -1", "Integer", "out-of-range", {name: -1})
        wrong(f"{name}: 2^64", "Integer", "out-of-range", {name: 2**64})
        wrong(f"{name}: 10^30", "Integer", "out-of-range", {name: 10**30})
    for name in BYTES:
        right = USUAL[name]
        wrong(f"{name}: hex", "Type", "wrong-type", {name: bytes(right).hex()})
        wrong(f"{name}: base64url", "Type", "wrong-type", {name: base64url(bytes(right))})
        wrong(f"{name}: a number", "Type", "wrong-type", {name: 1})
        for comment, value in {"a string": "7", "null": None, "true": True, "an array": [7]}.items():
            wrong(f"{name}: {comment} among the integers", "Type", "wrong-type", {name: [value, *right[1:]]})
        fraction = compact(USUAL | {name: ["@", *right[1:]]}).replace(b'"@"', b"1.5")
        wrong(f"{name}: a fraction among the integers", "Type", "wrong-type", fraction)
        for value in (256, -1, 2**32):
            wrong(f"{name}: {value} among the integers", "Integer", "out-of-range", {name: [value, *right[1:]]})
        if name != "salt":
            wrong(f"{name}: 31 bytes", "Length", "wrong-length", {name: right[:31]})
            wrong(f"{name}: 33 bytes", "Length", "wrong-length", {name: [*right, 0]})
            wrong(f"{name}: no bytes", "Length", "wrong-length", {name: []})
    wrong("relay_node_ids: one id", "Type", "wrong-type", {"relay_node_ids": list(RELAY)})
    wrong("relay_node_ids: a text", "Type", "wrong-type", {"relay_node_ids": base64url(RELAY)})
    wrong("relay_node_ids: texts", "Type", "wrong-type", {"relay_node_ids": [base64url(RELAY)]})
    wrong("relay_node_ids: a null behind an id", "Type", "wrong-type", {"relay_node_ids": [list(RELAY), None]})
    wrong("relay_node_ids: an id of 31 bytes", "Length", "wrong-length", {"relay_node_ids": [list(RELAY)[:31]]})
    long = {"relay_node_ids": [list(RELAY), [*RELAY, 0]]}
    wrong("relay_node_ids: the second id has 33 bytes", "Length", "wrong-length", long)
    wrong("relay_node_ids: 256 in an id", "Integer", "out-of-range", {"relay_node_ids": [[256, *RELAY[1:]]]})
    wrong("version 2 without a relay", "NoRelay", "no-relay", {"relay_node_ids": []})
    one = {key: value for key, value in USUAL.items() if key != "relay_node_ids"}
    wrong("relay_node_id: null", "Type", "wrong-type", compact(one | {"relay_node_id": None}))
    wrong("relay_node_id: 31 bytes", "Length", "wrong-length", compact(one | {"relay_node_id": list(RELAY)[:31]}))
    others = {
        "another group": group_v1_of(derived("another secret", 32)),
        "another group by one bit": flip(group_v1_of(SECRET), 31),
        "the secret itself": SECRET,
        "made of the authentication key": group_v1_of(group_key(SECRET, "authentication")),
    }
    for comment, id_ in others.items():
        wrong(f"group_id: {comment}", "OtherGroup", "wrong-group", {"group_id": list(id_)})
    wrong("group_secret: another by one bit", "OtherGroup", "wrong-group", {"group_secret": list(flip(SECRET, 0))})


def _wrong_texts(group: Group) -> None:
    def wrong(comment: str, flag: str, text: str) -> None:
        group.add(comment, [flag], "invalid", text=text, error="malformed")

    right = compact(USUAL)
    texts = {
        "an array": compact([USUAL]),
        "an array behind a space": b" " + compact([USUAL]),
        "a string": compact("invite"),
        "a string behind a space": b" " + compact("invite"),
        "a number": b"2",
        "null": b"null",
        "a word": b"not an invite",
        "no JSON at all": b"{not valid json}",
        "a comma too many": right[:-1] + b",}",
        "a comma too few": right.replace(b',"salt"', b'"salt"'),
        "single quotes": right.replace(b'"', b"'"),
        "keys without quotes": right.replace(b'"salt"', b"salt"),
        "the brace at the end is missing": right[:-1],
        "cut in the middle": right[:200],
        "a brace too many": right + b"}",
        "twice": right + right,
        "a comment behind": right + b"//",
        "a byte order mark in front": b"\xef\xbb\xbf" + right,
        "a zero byte behind": right + b"\0",
        "a zero in front of a number": right.replace(b":1705000000,", b":01705000000,"),
        "a plus in front of a number": right.replace(b":1705000000,", b":+1705000000,"),
        "a hexadecimal number": right.replace(b":1705000000,", b":0x65a03b40,"),
    }
    for comment, body in texts.items():
        wrong(comment, "NotAnInvite", base64url(body))
    for spaces in range(3):
        text = base64url(compact(USUAL | {"name": ">>>???"}) + b" " * spaces)
        if "-" in text and "_" in text:
            break
    wrong("+ for -", "Base64url", text.replace("-", "+"))
    wrong("/ for _", "Base64url", text.replace("_", "/"))
    one_over = next(right + b" " * spaces for spaces in range(3) if len(right + b" " * spaces) % 3 == 1)
    text = base64url(one_over)
    wrong("padded", "Base64url", text + "==")
    wrong("bits that stand for nothing", "Base64url", text[:-1] + chr(ord(text[-1]) + 1))
    wrong("one character more", "Base64url", base64url(right[: len(right) // 3 * 3]) + "A")
    wrong("a space in front", "Base64url", " " + text)
    wrong("a line break behind", "Base64url", text + "\n")
    wrong("a space within", "Base64url", text[:40] + " " + text[40:])
    wrong("the JSON itself", "Base64url", right.decode())
    wrong("another link in front", "Prefix", "https://join/" + text)
    assert PREFIX not in text
