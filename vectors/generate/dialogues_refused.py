"""Dialogues in which a right relay refuses something."""

from __future__ import annotations

from dialogue import (
    BYE,
    Dialogue,
    ack,
    blob_id,
    device,
    held,
    hello,
    notify,
    page,
    presence,
    pull,
    push,
    welcome,
)

CONFLICT = "Refusal Conflict"
FATAL = "Refusal Fatal"
OVERSIZED = {"repeat": "a5", "times": 1_048_577}


def all_of_them() -> list[Dialogue]:
    return [*_conflicts(), *_large(), *_hellos(), *_proofs(), *_before_hello(), *_not_from_clients(), *_undecodable()]


def _conflicts() -> list[Dialogue]:
    d = Dialogue
    one = (
        d("another payload under a known blob_id", CONFLICT, "CUR-12 CUR-13 CUR-04 ERR-03").join("a").store("a", "x", 1)
    )
    one.send("a", push("x", "b2")).refused("a", "BLOB_CONFLICT").store("a", "y", 2, "a2")
    one.all("a", held("x", 1, "a1"), held("y", 2, "a2"))
    other = (
        d("another payload from another device", CONFLICT, "CUR-12 CUR-13").join("a").store("a", "x", 1).join("b", 1, 1)
    )
    other.send("b", push("x", "b2")).refused("b", "BLOB_CONFLICT").ask("b", pull(), page(held("x", 1, "a1")))
    after = d("a repeat is still acknowledged after a conflict", CONFLICT + " Idempotence", "CUR-12 CUR-09").join("a")
    after.store("a", "x", 1).send("a", push("x", "b2")).refused("a", "BLOB_CONFLICT").store("a", "x", 1)
    after.send("a", push("x", "b2")).refused("a", "BLOB_CONFLICT").store("a", "y", 2, "a2")
    empty = d("no payload against some, and some against none", CONFLICT, "CUR-12 CUR-35").join("a")
    empty.store("a", "x", 1).send("a", push("x", "")).refused("a", "BLOB_CONFLICT")
    empty.store("a", "y", 2, "").send("a", push("y", "a1")).refused("a", "BLOB_CONFLICT")
    prefix = d("a payload that begins with the stored one", CONFLICT, "CUR-12").join("a").store("a", "x", 1, "a1a2")
    prefix.send("a", push("x", "a1a2a3")).refused("a", "BLOB_CONFLICT")
    prefix.send("a", push("x", "a1")).refused("a", "BLOB_CONFLICT").ask("a", pull(), page(held("x", 1, "a1a2")))
    quiet = d("a conflict is not notified", CONFLICT + " Notify", "CUR-74").join("a").join("b").store("a", "x", 1)
    quiet.expect("b", notify(1)).send("a", push("x", "b2")).refused("a", "BLOB_CONFLICT")
    quiet.store("a", "y", 2, "a2").expect("b", notify(2))
    order = d("a conflict stands in its place among the answers", CONFLICT + " Order", "SES-24 SES-26 CUR-12").join("a")
    order.send("a", push("x", "a1"), push("x", "b2"), push("y", "a2"), pull(1)).expect("a", ack("x", 1, "a1"))
    order.refused("a", "BLOB_CONFLICT").expect("a", ack("y", 2, "a2"), page(held("y", 2, "a2")))
    bye = d("a conflict, then Bye", CONFLICT + " Bye", "SES-30 CUR-12").join("a").store("a", "x", 1)
    bye.send("a", push("x", "b2"), BYE).refused("a", "BLOB_CONFLICT").closed("a", 1000)
    return [one, other, after, empty, prefix, quiet, order, bye]


def _large() -> list[Dialogue]:
    d = Dialogue
    large = d("a blob of 1,048,577 bytes is refused and forgotten", "Refusal Large", "LIM-03 CUR-23 CUR-04").join("a")
    large.send("a", push("x", OVERSIZED)).refused("a", "BLOB_TOO_LARGE").ask("a", pull(), page(last=0)).store(
        "a", "x", 1
    )
    known = d("a blob that is too large, under a known blob_id", "Refusal Large", "CUR-19").join("a").store("a", "x", 1)
    known.send("a", push("x", OVERSIZED)).refused("a", "BLOB_TOO_LARGE").ask("a", pull(), page(held("x", 1, "a1")))
    return [large, known]


def _hellos() -> list[Dialogue]:
    d = Dialogue
    out = []
    for version in (0, 2, 255):
        each = d(f"Hello with version {version}", FATAL + " Hello", "SES-09 ERR-02 ERR-05").open("a")
        out.append(each.send("a", hello(version=version)).refused("a", "UNSUPPORTED_VERSION"))
    both = d("Hello with version 2 and a wrong proof", FATAL + " Hello Membership", "SES-10").open("a")
    out.append(both.send("a", hello("changed", version=2)).refused("a", "UNSUPPORTED_VERSION"))
    again = d("a second Hello", FATAL + " Hello", "SES-06 ERR-05").join("a")
    out.append(again.send("a", hello()).refused("a", "INVALID_MESSAGE"))
    other = d("a second Hello, to another group", FATAL + " Hello", "SES-06").join("a").store("a", "x", 1)
    out.append(other.send("a", hello(group={"group": "h"})).refused("a", "INVALID_MESSAGE"))
    ahead = d("a second Hello right behind the first", FATAL + " Hello Order", "SES-06 SES-27").open("a")
    ahead.send("a", hello(), pull(), hello()).expect("a", welcome(), page(last=0))
    out.append(ahead.refused("a", "INVALID_MESSAGE"))
    return out


def _proofs() -> list[Dialogue]:
    d = Dialogue
    flags = FATAL + " Membership"
    out = []
    for comment, proof, requirement in (
        ("a proof with one bit of S changed", "changed", "MEM-03"),
        ("a proof by a key of one's own", "other-key", "MEM-02"),
        ("a proof that another device made", "other-device", "MEM-04"),
        ("a proof for another group", "other-group", "MEM-05"),
    ):
        each = d(comment, flags, requirement).join("a").store("a", "x", 1).open("b").send("b", hello(proof), pull())
        out.append(each.refused("b", "UNAUTHORIZED"))
    revoke = d("RevokeDevice in an open group", flags + " OpenGroup", "MEM-16").open("a")
    revoke.ask("a", hello(None, {"openGroup": "o"}), welcome())
    message = {"type": "RevokeDevice", "device_id": device("B"), "reason": 0, "clear_pending": False}
    out.append(revoke.send("a", message).refused("a", "UNAUTHORIZED"))
    delete = d("a forced Delete in an open group", flags + " OpenGroup", "MEM-17").open("a")
    delete.ask("a", hello(None, {"openGroup": "o"}), welcome()).store("a", "x", 1)
    delete.send("a", {"type": "Delete", "blob_id": blob_id("x"), "force": True}).refused("a", "UNAUTHORIZED")
    out.append(delete)
    return out


def _before_hello() -> list[Dialogue]:
    d = Dialogue
    flags = FATAL + " BeforeHello"
    out = []
    for message in (pull(), push("x", "a1"), presence(0), {"type": "ListDevices"}):
        each = d(f"{message['type']} before Hello", flags, "SES-03 ERR-05").open("a").send("a", message)
        out.append(each.refused("a", "UNAUTHORIZED"))
    behind = d("a Pull before Hello, Hello and a Push behind it", flags + " Order", "SES-03 SES-28 SES-29").open("a")
    behind.send("a", pull(), hello(), push("x", "a1")).refused("a", "UNAUTHORIZED")
    out.append(behind.join("b").ask("b", pull(), page(last=0)))
    return out


def _not_from_clients() -> list[Dialogue]:
    d = Dialogue
    flags = FATAL + " RelayOnly"
    hash_ = "5a" * 32
    reference = {"content_hash": hash_, "encryption_nonce": "5b" * 24, "content_size": "1", "encrypted_size": "17"}
    messages = [
        {"type": "Welcome", "version": 1, "max_cursor": "0", "pending_count": 0},
        {"type": "PushAck", "blob_id": blob_id("x"), "cursor": "1"},
        {"type": "PullResponse", "blobs": [], "has_more": False, "max_cursor": "0"},
        {"type": "Notify", "latest_cursor": "1", "count": 1},
        {"type": "Ok"},
        {"type": "ContentRef", **reference},
        {"type": "ContentAck", "content_hash": hash_},
    ]
    out = []
    for message in messages:
        each = d(f"{message['type']} from a client", flags, "SES-07 ERR-05").join("a").send("a", message)
        out.append(each.refused("a", "INVALID_MESSAGE"))
    among = d(
        "a Notify among requests: those before it count, those behind do not", flags + " Order", "SES-27 SES-28 SES-29"
    )
    among.join("a").send("a", push("x", "a1"), messages[3], push("y", "a2")).expect("a", ack("x", 1, "a1"))
    out.append(among.refused("a", "INVALID_MESSAGE").join("b", 1, 1).ask("b", pull(), page(held("x", 1, "a1"))))
    return out


def _undecodable() -> list[Dialogue]:
    d = Dialogue
    flags = FATAL + " Undecodable"
    early = d("a body that is no message before Hello", flags, "WIRE-27 ERR-05").open("a").send_body("a", "c0")
    late = d("a Pull with a float as cursor", flags, "WIRE-29 ERR-05").join("a")
    late.send_body("a", "93a450756c6ccb401000000000000064")
    name = d("a message that nobody knows", flags, "WIRE-28").join("a").send_body("a", "91a650756c6c6564")
    return [each.refused("a", "INVALID_MESSAGE") for each in (early, late, name)]
