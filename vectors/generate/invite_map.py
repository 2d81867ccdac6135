"""Invite 4 of invite.json: a MessagePack map behind 0ksync://join/."""

from __future__ import annotations

from document import Group, derived
from invite_json import SECRET
from pairing import PREFIX, address, base64url, compact, group_of, group_v1_of
from sealing import flip, group_key
from wire import Map, Raw, array_header, binary, canonical, map_header, pack, sized, text

RELAYS = [address("relay.example.org:8443")]
DEVICE = derived("invite device", 32)
USUAL = {
    "a": 1_705_000_000,
    "c": DEVICE,
    "e": 1_705_000_600,
    "g": group_of(SECRET),
    "l": 2,
    "r": RELAYS,
    "s": SECRET,
    "v": 4,
}
PARAMETERS = [derived("invite salt", 16), 47_104, 1, 1]
NAMES = {"v": "version", "g": "group_id", "s": "group_secret", "p": "passphrase", "r": "relays", "l": "seal"}
NAMES |= {"c": "device_id", "a": "created_at", "e": "expires_at"}


def without(key: str, invite: dict = USUAL) -> dict:
    return {name: value for name, value in invite.items() if name != key}


PASSPHRASE = without("s") | {"p": PARAMETERS}


def link(invite: dict | Map | bytes) -> str:
    if isinstance(invite, bytes):
        return PREFIX + base64url(invite)
    return PREFIX + base64url(pack(Map(invite.items()) if isinstance(invite, dict) else invite))


def written(invite: dict) -> str:
    """As a writer does it: by the msgpack library."""
    return PREFIX + base64url(canonical(Map(invite.items())))


def shown(invite: dict) -> dict:
    out = {name: invite[key] for key, name in NAMES.items() if key in invite}
    for name in ("group_id", "group_secret", "device_id"):
        if name in out:
            out[name] = out[name].hex()
    if "passphrase" in out:
        salt, m, t, p = out["passphrase"]
        out["passphrase"] = {"salt": salt.hex(), "m": m, "t": t, "p": p}
    return out | {name: str(out[name]) for name in ("created_at", "expires_at")}


def made(group: Group) -> None:
    _right(group)
    _forms(group)
    _wrong_values(group)
    _wrong_passphrases(group)
    _addresses(group)
    _wrong_maps(group)
    _wrong_texts(group)


def _right(group: Group) -> None:
    def right(comment: str, flags: list[str], invite: dict) -> None:
        group.add(comment, ["Canonical", *flags], "valid", text=written(invite), invite=shown(invite))

    right("a secret", [], USUAL)
    right("a passphrase", ["Passphrase"], PASSPHRASE)
    weakest = PASSPHRASE | {"p": [bytes(16), 19_456, 2, 1]}
    right("a passphrase, the least that is accepted", ["Passphrase"], weakest)
    strongest = PASSPHRASE | {"p": [b"\xff" * 16, 1_048_576, 16, 16]}
    right("a passphrase, the most that is accepted", ["Passphrase"], strongest)
    right("three relays", [], USUAL | {"r": [address(f"r{n}.example.org", f"r{n}") for n in (3, 1, 2)]})
    right("twenty relays", [], USUAL | {"r": [address(f"r{n}.example.org", f"r{n}") for n in range(20)]})
    big = {"a": 2**53 + 1, "e": 2**64 - 1}
    right("times of 2^53 + 1 and 2^64 - 1", ["BigInteger"], USUAL | big)
    right("times of 2^63 and 2^32", ["BigInteger"], USUAL | {"a": 2**63, "e": 2**32})
    right("times of 0", [], USUAL | {"a": 0, "e": 0})
    right("a secret of zeros", [], USUAL | {"s": bytes(32), "g": group_of(bytes(32))})


def _forms(group: Group) -> None:
    def right(comment: str, flags: list[str], invite: dict, body: bytes) -> None:
        group.add(comment, flags, "valid", text=PREFIX + base64url(body), invite=shown(invite))

    pairs = list(USUAL.items())
    for comment, flags, invite in (("a secret", [], USUAL), ("a passphrase", ["Passphrase"], PASSPHRASE)):
        bare = base64url(canonical(Map(invite.items())))
        group.add(f"{comment}, without prefix", ["Bare", *flags], "valid", text=bare, invite=shown(invite))
    right("the keys backwards", ["OtherForm"], USUAL, pack(Map(reversed(pairs))))
    right("the longest headers and integers", ["OtherForm"], USUAL, pack(Map(pairs), "wide"))
    right("signed integers", ["OtherForm"], USUAL, pack(Map(pairs), "signed"))
    wide = pack(Map(PASSPHRASE.items()), "wide")
    right("a passphrase, the longest headers and integers", ["OtherForm", "Passphrase"], PASSPHRASE, wide)
    sixteen = map_header(8, 2) + pack(Map(pairs))[1:]
    right("the map with a header of two bytes", ["OtherForm"], USUAL, sixteen)
    values = {
        "nil": None,
        "an integer": 2**64 - 1,
        "a negative integer": -5,
        "text": "x",
        "bytes": b"\xc1",
        "text that is not UTF-8": text(b"\xff"),
        "a float": Raw(bytes.fromhex("cb3ff8000000000000")),
        "an ext type": Raw(bytes.fromhex("d6ff65a03b40")),
        "a map with a key twice": Map([("a", 1), ("a", 2)]),
        "4 nested arrays": [[[[1]]]],
        "4 nested maps": Map([("a", Map([("a", Map([("a", Map([("a", 1)]))]))]))]),
    }
    for comment, value in values.items():
        right(f"an unknown key with {comment}", ["UnknownKey"], USUAL, pack(Map([*pairs, ("x-1", value)])))
    right("an unknown key in front", ["UnknownKey"], USUAL, pack(Map([("", "x"), *pairs])))
    upper = Map([*pairs, ("A", 1), ("aa", 2), ("\u0430", 3)])
    right("keys that look like known ones", ["UnknownKey"], USUAL, pack(upper))
    more = Map([*pairs, *((f"x-{n}", n) for n in range(8))])
    right("16 keys", ["UnknownKey"], USUAL, pack(more))


def _wrong_values(group: Group) -> None:
    def wrong(comment: str, flag: str, error: str, changed: dict) -> None:
        group.add(comment, [flag], "invalid", text=link(USUAL | changed), error=error)

    for version in (0, 1, 2, 3, 5, 255):
        wrong(f"v: {version}", "Version", "wrong-version", {"v": version})
    for seal in (0, 1, 3, 255):
        wrong(f"l: {seal}", "Seal", "out-of-range", {"l": seal})
    wrong("l: -2", "Integer", "out-of-range", {"l": -2})
    for key in "ae":
        wrong(f"{key}: -1", "Integer", "out-of-range", {key: -1})
        wrong(f"{key}: -2^63", "Integer", "out-of-range", {key: -(2**63)})
    odd = {"nil": None, "true": True, "a map": Map([]), "a float": Raw(bytes.fromhex("cb4000000000000000"))}
    odd["a timestamp"] = Raw(bytes.fromhex("d6ff65a03b40"))
    for key in USUAL:
        for comment, value in odd.items():
            wrong(f"{key}: {comment}", "Type", "wrong-type", {key: value})
        missing = link(without(key))
        if key == "s":
            group.add("neither s nor p", ["NoSecret"], "invalid", text=missing, error="missing-key")
        else:
            group.add(f"{key} is missing", ["MissingKey"], "invalid", text=missing, error="missing-key")
    for key in "aelv":
        wrong(f"{key}: text", "Type", "wrong-type", {key: str(USUAL[key])})
        wrong(f"{key}: bytes", "Type", "wrong-type", {key: bytes([USUAL[key] & 0xFF])})
        wrong(f"{key}: an array", "Type", "wrong-type", {key: [USUAL[key]]})
    for key in "gcs":
        right = USUAL[key]
        wrong(f"{key}: text of 32 bytes", "Type", "wrong-type", {key: "x" * 32})
        wrong(f"{key}: base64url", "Type", "wrong-type", {key: base64url(right)})
        wrong(f"{key}: an array of integers", "Type", "wrong-type", {key: list(right)})
        wrong(f"{key}: an integer", "Type", "wrong-type", {key: 1})
        for comment, value in (("31", right[:31]), ("33", right + b"\0"), ("0", b""), ("16", right[:16])):
            wrong(f"{key}: {comment} bytes", "Length", "wrong-length", {key: value})
    wrong("r: text", "Type", "wrong-type", {"r": RELAYS[0]})
    wrong("r: bytes in it", "Type", "wrong-type", {"r": [RELAYS[0].encode()]})
    wrong("r: nil in it, behind an address", "Type", "wrong-type", {"r": [*RELAYS, None]})
    wrong("r: an array in it", "Type", "wrong-type", {"r": [RELAYS]})
    wrong("r: no address", "NoRelay", "no-relay", {"r": []})
    wrong("r: not UTF-8", "Utf8", "invalid-utf8", {"r": [text(b"wss://\xff/")]})
    wrong("r: a lone surrogate", "Utf8", "invalid-utf8", {"r": [*RELAYS, text(b"wss://\xed\xa0\x80/")]})
    wrong("s and p", "BothSecrets", "conflicting-keys", {"p": PARAMETERS})
    seed = group_key(SECRET, "authentication")
    others = {
        "another group": group_of(derived("another secret", 32)),
        "another group by one bit": flip(group_of(SECRET), 0, 0x80),
        "the v1 group of the secret": group_v1_of(SECRET),
        "the secret itself": SECRET,
        "the seed of the group's key": seed,
    }
    for comment, id_ in others.items():
        wrong(f"g: {comment}", "OtherGroup", "wrong-group", {"g": id_})
    wrong("s: another by one bit", "OtherGroup", "wrong-group", {"s": flip(SECRET, 31)})


def _wrong_passphrases(group: Group) -> None:
    def wrong(comment: str, flag: str, error: str, value: object) -> None:
        group.add(f"p: {comment}", [flag], "invalid", text=link(PASSPHRASE | {"p": value}), error=error)

    salt, m, t, p = PARAMETERS
    wrong("nil", "Type", "wrong-type", None)
    wrong("the salt alone", "Type", "wrong-type", salt)
    wrong("a map", "Type", "wrong-type", Map([("salt", salt), ("m", m), ("t", t), ("p", p)]))
    for comment, elements in {
        "no element": [],
        "the salt in an array": [salt],
        "three elements": [salt, m, t],
        "five elements": [salt, m, t, p, 19],
        "five elements, the version in front": [19, salt, m, t, p],
    }.items():
        wrong(comment, "Arity", "wrong-arity", elements)
    wrong("the salt as text", "Type", "wrong-type", ["x" * 16, m, t, p])
    wrong("the salt as an array", "Type", "wrong-type", [list(salt), m, t, p])
    wrong("the salt at the end", "Type", "wrong-type", [m, t, p, salt])
    wrong("m as text", "Type", "wrong-type", [salt, str(m), t, p])
    wrong("m as a float", "Type", "wrong-type", [salt, Raw(bytes.fromhex("cb40e7000000000000")), t, p])
    wrong("t nil", "Type", "wrong-type", [salt, m, None, p])
    wrong("p true", "Type", "wrong-type", [salt, m, t, True])
    for place, comment in enumerate(("m", "t", "p"), 1):
        elements = [salt, m, t, p]
        wrong(f"{comment} -1", "Integer", "out-of-range", [*elements[:place], -1, *elements[place + 1 :]])
        wrong(f"{comment} 2^32", "Integer", "out-of-range", [*elements[:place], 2**32, *elements[place + 1 :]])
    for length in (0, 8, 15, 17, 32):
        wrong(f"a salt of {length} bytes", "Parameters", "wrong-length", [derived("invite salt", length), m, t, p])
    for comment, changed in {
        "m below the least": (19_455, 2, 1),
        "m below the least with one pass": (47_103, 1, 1),
        "no memory": (0, 3, 4),
        "no pass": (65_536, 0, 1),
        "no lane": (65_536, 3, 0),
        "m above the most": (1_048_577, 1, 1),
        "4 TiB, above the most": (2**32 - 1, 1, 1),
        "t above the most": (65_536, 17, 1),
        "p above the most": (65_536, 3, 17),
    }.items():
        wrong(comment, "Parameters", "out-of-range", [salt, *changed])


def _addresses(group: Group) -> None:
    pin, endpoint = base64url(derived("relay", 32)), derived("endpoint", 32).hex()
    right = {
        "ws on a port": f"ws://127.0.0.1:4000/#{pin}",
        "IPv6": f"wss://[2001:db8::1]:8443/#{pin}",
        "a path and a query": f"wss://example.org/some/path?x=1#{pin}",
        "no path": f"wss://relay.example.org#{pin}",
        "iroh": f"iroh://{endpoint}",
        "iroh with hints": f"iroh://{endpoint}?addr=192.0.2.7:4433&relay=https://relay.example.org",
    }
    for comment, shown_address in right.items():
        invite = USUAL | {"r": [shown_address]}
        group.add(f"r: {comment}", ["Canonical"], "valid", text=written(invite), invite=shown(invite))
    wrong = {
        "no identity": "wss://relay.example.org/",
        "an empty identity": "wss://relay.example.org/#",
        "an identity of 31 bytes": f"wss://relay.example.org/#{base64url(derived('relay', 31))}",
        "an identity of 33 bytes": f"wss://relay.example.org/#{base64url(derived('relay', 33))}",
        "an identity in hex": f"wss://relay.example.org/#{derived('relay', 32).hex()}",
        "a padded identity": f"wss://relay.example.org/#{pin}=",
        "an identity with a + in it": f"wss://relay.example.org/#+{pin[1:]}",
        "the identity in the path": f"wss://relay.example.org/{pin}",
        "the identity in the query": f"wss://relay.example.org/?{pin}",
        "https": f"https://relay.example.org/#{pin}",
        "a host alone": f"relay.example.org#{pin}",
        "no host": f"wss://#{pin}",
        "no slashes": f"wss:relay.example.org/#{pin}",
        "one slash": f"wss:/relay.example.org/#{pin}",
        "nothing": "",
        "the identity alone": f"#{pin}",
        "a user name": f"wss://mara@relay.example.org/#{pin}",
        "a user name and a password": f"wss://mara:secret@relay.example.org/#{pin}",
        "a space in front": f" wss://relay.example.org/#{pin}",
        "a line break within": f"wss://relay.exa\nmple.org/#{pin}",
        "iroh without EndpointId": "iroh://",
        "iroh with 63 digits": f"iroh://{endpoint[:63]}",
        "iroh with 65 digits": f"iroh://{endpoint}0",
        "iroh with upper-case digits": f"iroh://{endpoint.upper()}",
        "iroh with base64url": f"iroh://{base64url(derived('endpoint', 32))}",
        "iroh with a name": f"iroh://relay.example.org/#{pin}",
    }
    for comment, shown_address in wrong.items():
        text_ = link(USUAL | {"r": [shown_address]})
        group.add(f"r: {comment}", ["Address"], "invalid", text=text_, error="bad-address")
    second = link(USUAL | {"r": [*RELAYS, "wss://relay.example.org/"]})
    group.add("r: the second one has no identity", ["Address"], "invalid", text=second, error="bad-address")


def _wrong_maps(group: Group) -> None:
    pairs = list(USUAL.items())
    body = pack(Map(pairs))

    def wrong(comment: str, flag: str, error: str, wrong_body: bytes) -> None:
        group.add(comment, [flag], "invalid", text=PREFIX + base64url(wrong_body), error=error)

    for key, value in pairs:
        wrong(f"{key} twice, the same", "DuplicateKey", "duplicate-key", pack(Map([*pairs, (key, value)])))
    wrong("g twice, another", "DuplicateKey", "duplicate-key", pack(Map([("g", bytes(32)), *pairs])))
    unknown = Map([("x-1", 1), *pairs, ("x-1", 2)])
    wrong("an unknown key twice", "DuplicateKey", "duplicate-key", pack(unknown))
    long = [*((key, value) for key, value in pairs if key != "v"), (text("v", 4), 4), ("v", 4)]
    wrong("v twice, once with a long header", "DuplicateKey", "duplicate-key", pack(Map(long)))
    for extra in (9, 24, 100):
        more = Map([*pairs, *((f"x-{n}", n) for n in range(extra))])
        wrong(f"{8 + extra} keys", "TooManyKeys", "too-many-keys", pack(more))
    group.add(
        "2^32 − 1 keys announced",
        ["TooManyKeys", "Truncated", "Ambiguous"],
        "invalid",
        text=PREFIX + base64url(map_header(2**32 - 1, 4) + body[1:]),
        error="too-many-keys",
        otherErrors=["truncated"],
    )
    nested: object = 1
    for _ in range(5):
        nested = [nested]
    wrong("5 nested arrays in an unknown key", "TooDeep", "too-deep", pack(Map([*pairs, ("x-1", nested)])))
    mixed = [Map([("a", [Map([("b", [])])])])]
    wrong("5 nested arrays and maps in an unknown key", "TooDeep", "too-deep", pack(Map([*pairs, ("x-1", mixed)])))
    deep = body[:1].replace(b"\x88", b"\x89") + body[1:] + text("x-1") + b"\x91" * 10_000 + b"\x01"
    wrong("10,000 nested arrays in an unknown key", "TooDeep", "too-deep", deep)
    for comment, key in {"an integer": 1, "bytes": b"v", "nil": None, "an array": [], "true": True}.items():
        wrong(f"a key that is {comment}", "Type", "wrong-type", pack(Map([*pairs, (key, 1)])))
    for comment, tail in {"a zero byte": b"\0", "0xc1": b"\xc1", "nil": b"\xc0", "the map again": body}.items():
        wrong(f"{comment} behind the map", "TrailingBytes", "trailing-bytes", body + tail)
    fewer = map_header(8) + pack(Map([*pairs, ("x-1", 1)]))[1:]
    wrong("one key fewer than there are, an unknown one the last", "TrailingBytes", "trailing-bytes", fewer)
    for cut in (1, 2, 3, 7, 40, 41, 42, 80, 120, len(body) - 33, len(body) - 2, len(body) - 1):
        wrong(f"cut to {cut} bytes", "Truncated", "truncated", body[:cut])
    wrong("one key more than there are", "Truncated", "truncated", map_header(9) + body[1:])
    lie = Map([*pairs, ("x-1", Raw(b"\xc6\xff\xff\xff\xff" + DEVICE))])
    wrong("an unknown key announces 2^32 − 1 bytes", "Truncated", "truncated", pack(lie))
    lie = Map([*without("r").items(), ("r", Raw(array_header(2**32 - 1, 4)))])
    wrong("r announces 2^32 − 1 addresses", "Truncated", "truncated", pack(lie))
    lie = Map([*pairs, ("x-1", Raw(b"\xdf\xff\xff\xff\xff"))])
    wrong("an unknown key announces 2^32 − 1 pairs", "Truncated", "truncated", pack(lie))
    reserved = Raw(b"\xc1")
    for key in "gvrs":
        changed = Map([(name, reserved if name == key else value) for name, value in pairs])
        wrong(f"{key}: 0xc1", "ReservedByte", "reserved-byte", pack(changed))
    for comment, value in (("an unknown key", reserved), ("an array in an unknown key", [reserved])):
        wrong(f"{comment}: 0xc1", "ReservedByte", "reserved-byte", pack(Map([*pairs, ("x-1", value)])))
    wrong("a key is 0xc1", "ReservedByte", "reserved-byte", pack(Map([*pairs, (reserved, 1)])))


def _wrong_texts(group: Group) -> None:
    def wrong(comment: str, flag: str, shown_text: str) -> None:
        group.add(comment, [flag], "invalid", text=shown_text, error="malformed")

    body = pack(Map(USUAL.items()))
    bodies = {
        "an array of pairs": pack([[key, value] for key, value in USUAL.items()]),
        "an array of values": pack([USUAL[key] for key in "vgsrlcae"]),
        "the map as bytes in MessagePack": pack(binary(body)),
        "nil": pack(None),
        "an integer": pack(4),
        "an integer of four bytes": sized(4, "uint32"),
        "text": pack("invite"),
        "an ext type": bytes.fromhex("d6ff65a03b40"),
        "0xc1": b"\xc1",
        "a zero byte in front of the map": b"\0" + body,
        "CBOR": b"\xa8" + body[1:],
        "an array in JSON": compact([4]),
    }
    for comment, wrong_body in bodies.items():
        wrong(comment, "NotAnInvite", PREFIX + base64url(wrong_body))
    wrong("no text", "NotAnInvite", "")
    wrong("the prefix and nothing else", "NotAnInvite", PREFIX)
    payload = base64url(body)
    over = next(body_ for n in range(3) if len(body_ := pack(Map([*USUAL.items(), ("x", "y" * n)]))) % 3 == 1)
    spare = base64url(over)
    wrong("padded", "Base64url", PREFIX + spare + "==")
    wrong("bits that stand for nothing", "Base64url", PREFIX + spare[:-1] + chr(ord(spare[-1]) + 1))
    wrong("hex", "NotAnInvite", PREFIX + "00" + body.hex())
    wrong("a space behind", "Base64url", link(USUAL) + " ")
    wrong("a line break behind", "Base64url", link(USUAL) + "\n")
    at = payload.index("-") if "-" in payload else payload.index("_")
    standard = payload[:at] + {"-": "+", "_": "/"}[payload[at]] + payload[at + 1 :]
    wrong("a character of the other alphabet", "Base64url", PREFIX + standard)
    wrong("a slash behind", "Prefix", link(USUAL) + "/")
    wrong("a fragment behind", "Prefix", link(USUAL) + "#x")
    wrong("a query behind", "Prefix", link(USUAL) + "?x=1")
    wrong("the prefix twice", "Prefix", PREFIX + link(USUAL))
    wrong("a space in front", "Prefix", " " + link(USUAL))
    wrong("another word", "Prefix", "0ksync://leave/" + payload)
    wrong("one slash", "Prefix", "0ksync:/join/" + payload)
    wrong("no slash before the payload", "Prefix", "0ksync://join" + payload)
    wrong("a letter for the digit", "Prefix", "oksync://join/" + payload)
    wrong("another scheme", "Prefix", "https://join/" + payload)
