"""Dialogues in which a right relay refuses nothing."""

from __future__ import annotations

from dialogue import (
    BYE,
    Dialogue,
    ack,
    blob_id,
    held,
    hello,
    notify,
    other_than,
    page,
    presence,
    pull,
    push,
    save,
    saved,
    welcome,
)


def all_of_them() -> list[Dialogue]:
    return [*_beginnings(), *_pushes(), *_pulls(), *_notifications(), *_order(), *_epochs()]


def _beginnings() -> list[Dialogue]:
    d = Dialogue
    unknown = d(
        "Hello to an unknown group, twice: nothing is stored", "Hello Epoch", "SES-01 SES-22 SES-23 SES-35 SES-39"
    )
    unknown.join("a", epoch_shown=save("epoch")).ask("a", pull(), page(last=0)).leave("a")
    unknown.join("b", epoch_shown=saved("epoch"))
    long = d("a device_name of 300 characters", "Hello", "SES-17").open("a")
    long.ask("a", hello() | {"device_name": {"repeat": "\u00e9", "times": 300}}, welcome())
    early = d("Bye before Hello", "Bye", "SES-05").open("a").send("a", BYE).closed("a", 1000)
    late = d("Bye after requests: they are answered first", "Bye Order", "SES-30 SES-24").join("a")
    late.send("a", push("x", "a1"), pull(), BYE)
    late.expect("a", ack("x", 1, "a1"), page(held("x", 1, "a1"))).closed("a", 1000)
    behind = d("nothing takes effect behind a Bye", "Bye Order", "SES-31").join("a")
    behind.send("a", push("x", "a1"), BYE, push("y", "a2")).expect("a", ack("x", 1, "a1")).closed("a", 1000)
    behind.join("b", 1, 1).all("b", held("x", 1, "a1"))
    failed = d("an Error from a client ends the session in order", "Bye", "SES-32").join("a")
    failed.send("a", {"type": "Error", "code": 3002, "message": "storage failed"}).closed("a", 1000)
    apart = d("the open group of a proven group's id is another group", "Membership OpenGroup", "MEM-11 MEM-12 MEM-13")
    apart.join("a").store("a", "x", 1).join("b", proof=None).all("b").store("b", "x", 1, "b2")
    apart.ask("a", pull(), page(held("x", 1, "a1")))
    return [unknown, long, early, late, behind, failed, apart]


def _pushes() -> list[Dialogue]:
    d = Dialogue
    one = d(
        "a blob is pushed and pulled by its own device", "Push Pull", "CUR-01 CUR-25 CUR-33 CUR-34 CUR-36 CUR-41"
    ).join("a")
    one.store("a", "x", 1, "00ff7f80").ask("a", pull(), page(held("x", 1, "00ff7f80")))
    run = d("cursors without a gap, over two devices", "Push", "CUR-01 CUR-02 CUR-31").join("a").join("b")
    run.store("a", "x", 1).expect("b", notify(1)).store("b", "y", 2, "b2").expect("a", notify(2))
    run.store("a", "z", 3, "a3").expect("b", notify(3))
    run.all("a", held("x", 1, "a1"), held("y", 2, "b2", "B"), held("z", 3, "a3"))
    empty = (
        d("a blob without a byte, and a blob_id of zeros", "Push", "CUR-35 WIRE-02").join("a").store("a", "x", 1, "")
    )
    zeros = {"blob_id": "00" * 16}
    empty.ask("a", push("y", "a2") | zeros, ack("y", 2, "a2") | zeros)
    empty.ask("a", pull(1), page(held("y", 2, "a2") | zeros)).ask("a", pull(0, 1), page(held("x", 1, ""), more=True))
    twice = d("a repeat has the first cursor and digest, and uses none up", "Push Idempotence", "CUR-09 CUR-04 CUR-02")
    twice.join("a").store("a", "x", 1).store("a", "y", 2, "a2").store("a", "x", 1).store("a", "x", 1)
    twice.store("a", "z", 3, "a3").all("a", held("x", 1, "a1"), held("y", 2, "a2"), held("z", 3, "a3"))
    other = d("a repeat from another device: the sender stays", "Push Idempotence", "CUR-09 CUR-11").join("a")
    other.store("a", "x", 1).leave("a").join("b", 1, 1).store("b", "x", 1).ask("b", pull(), page(held("x", 1, "a1")))
    quiet = d("a repeat is not notified", "Idempotence Notify", "CUR-74 CUR-70").join("a").join("b")
    quiet.store("a", "x", 1).expect("b", notify(1)).store("a", "x", 1).store("a", "y", 2, "a2").expect("b", notify(2))
    groups = d("one blob_id in two groups", "Push", "CUR-18 CUR-08").join("a").join("b", group={"group": "h"})
    groups.store("a", "w", 1, "a0").store("a", "x", 2).store("b", "x", 1, "b2")
    groups.ask("a", pull(1), page(held("x", 2, "a1"))).ask("b", pull(), page(held("x", 1, "b2", "B")))
    ttl = d("a ttl over the largest is taken", "Push", "CUR-51").join("a")
    ttl.ask("a", push("x", "a1", 2**32 - 1), ack("x", 1, "a1")).ask("a", pull(), page(held("x", 1, "a1")))
    return [one, run, empty, twice, other, quiet, groups, ttl]


def _pulls() -> list[Dialogue]:
    d = Dialogue
    pages = d(
        "pages of one blob: has_more is false on the last", "Pull", "CUR-30 CUR-39 CUR-40 CUR-41 CUR-44 CUR-46"
    ).join("a")
    pages.store("a", "x", 1).store("a", "y", 2, "a2").store("a", "z", 3, "a3")
    pages.ask("a", pull(0, 1), page(held("x", 1, "a1"), more=True))
    pages.ask("a", pull(1, 1), page(held("y", 2, "a2"), more=True)).ask("a", pull(2, 1), page(held("z", 3, "a3")))
    pages.ask("a", pull(3, 1), page(last=3))
    limits = d("limits of 0 and of more than there are", "Pull", "CUR-42 CUR-43").join("a").store("a", "x", 1)
    for limit in (0, 1, 100, 1001, 2**32 - 1):
        limits.ask("a", pull(0, limit), page(held("x", 1, "a1")))
    beyond = d("cursors at the end and beyond it", "Pull", "CUR-47 CUR-41").join("a").store("a", "x", 1)
    for after in (1, 2, 2**53 + 1, 2**63 - 1, 2**63, 2**64 - 1):
        beyond.ask("a", pull(after), page(last=after))
    beyond.ask("a", pull(), page(held("x", 1, "a1")))
    again = d("pulling uses nothing up", "Pull", "CUR-57 CUR-32").join("a").store("a", "x", 1).join("b", 1, 1)
    for _ in range(3):
        again.ask("b", pull(), page(held("x", 1, "a1")))
    again.ask("a", pull(1), page(last=1)).join("c", 1, 1).ask("c", pull(), page(held("x", 1, "a1")))
    pending = d(
        "pending_count counts the blobs of others above last_cursor", "Hello Notify", "CUR-48 CUR-49 SES-19"
    ).join("a")
    pending.store("a", "x", 1).store("a", "y", 2, "a2").store("a", "z", 3, "a3").leave("a")
    pending.join("b", 3, 3).leave("b").join("b2", 3, 2, last="1").leave("b2").join("b3", 3, last="3").leave("b3")
    pending.join("b4", 3, last="9").leave("b4").join("a2", 3).all("a2", held("z", 3, "a3"), after=2)
    return [pages, limits, beyond, again, pending]


def _notifications() -> list[Dialogue]:
    d = Dialogue
    others = d(
        "a Push is notified to every connection but its own",
        "Notify",
        "CUR-68 CUR-69 CUR-70 CUR-71 CUR-72 CUR-73 SES-20",
    )
    others.join("a").join("a2").join("b").store("a", "x", 1).expect("a2", notify(1)).expect("b", notify(1))
    others.ask("b", pull(), page(held("x", 1, "a1"))).ask("a", pull(1), page(last=1))
    closing = d("closing one connection of a device does not silence the other", "Notify", "SES-20 SES-21").join("b")
    closing.join("b2").join("a").leave("b").store("a", "x", 1).expect("b2", notify(1))
    strange = d("another group is not notified", "Notify", "CUR-75").join("a").join("b", group={"group": "h"})
    strange.store("a", "x", 1).store("a", "y", 2, "a2").ask("b", pull(), page(last=0))
    sleep = (
        d("Presence 1 stops Notify, Presence 0 brings one for all", "Notify", "CUR-76 CUR-77 SES-33")
        .join("a")
        .join("b")
    )
    sleep.send("b", presence(1)).ask("b", pull(), page(last=0)).store("a", "x", 1).store("a", "y", 2, "a2")
    sleep.send("b", presence(0)).expect("b", notify(2, 2))
    woken = d("after Presence 0 only what is new is counted", "Notify", "CUR-73 CUR-76 CUR-77").join("a").join("b")
    woken.send("b", presence(1)).ask("b", pull(), page(last=0)).store("a", "x", 1).store("a", "y", 2, "a2")
    woken.ask("b", pull(2), page(last=2)).store("a", "z", 3, "a3").send("b", presence(0)).expect("b", notify(3))
    woken.ask("b", pull(2), page(held("z", 3, "a3"))).store("a", "w", 4, "a4").expect("b", notify(4))
    odd = d("a Presence of unknown status changes nothing", "Notify", "SES-34 SES-33").join("a").join("b")
    odd.send("b", presence(2), presence(255)).ask("b", pull(), page(last=0)).store("a", "x", 1).expect("b", notify(1))
    return [others, closing, strange, sleep, woken, odd]


def _order() -> list[Dialogue]:
    d = Dialogue
    line = d("answers come in the order of requests, and effects too", "Order", "SES-24 SES-25").join("a")
    line.send("a", pull(), push("x", "a1"), pull(), push("y", "a2"), pull(1))
    line.expect(
        "a", page(last=0), ack("x", 1, "a1"), page(held("x", 1, "a1")), ack("y", 2, "a2"), page(held("y", 2, "a2"))
    )
    ahead = d("requests right behind Hello are served after Welcome", "Order Hello", "SES-08 SES-02").open("a")
    ahead.send("a", hello(), push("x", "a1"), pull()).expect(
        "a", welcome(), ack("x", 1, "a1"), page(held("x", 1, "a1"))
    )
    return [line, ahead]


def _epochs() -> list[Dialogue]:
    d = Dialogue
    same = d("one epoch over connections and devices, before and after the first Push", "Epoch", "SES-36 SES-39 SES-40")
    same.join("a", epoch_shown=save("e")).store("a", "x", 1).leave("a").join("a2", 1, epoch_shown=saved("e"))
    same.join("b", 1, 1, epoch_shown=saved("e"))
    two = d("two groups, two epochs", "Epoch", "SES-37").join("a", epoch_shown=save("e")).store("a", "x", 1)
    two.join("b", group={"group": "h"}, epoch_shown=other_than("e"))
    named = {"epoch": saved("e")}
    kept = (
        d("the right last_blob keeps the epoch", "Epoch", "SES-44").join("a", epoch_shown=save("e")).store("a", "x", 1)
    )
    kept.store("a", "y", 2, "a2").leave("a").join(
        "a2", 2, last="1", epoch_shown=saved("e"), **named, last_blob=blob_id("x")
    )
    wrong = d("another last_blob: a new epoch, cursors and blobs go on", "Epoch", "SES-42 SES-47")
    wrong.join("a", epoch_shown=save("e")).store("a", "x", 1).leave("a")
    wrong.join("b", 1, last="1", epoch_shown=other_than("e"), **named, last_blob=blob_id("not x")).store(
        "b", "y", 2, "b2"
    )
    wrong.all("b", held("x", 1, "a1"), held("y", 2, "b2", "B"))
    above = d("last_cursor above the highest: a new epoch", "Epoch", "SES-43 SES-47").join("a", epoch_shown=save("e"))
    above.store("a", "x", 1).leave("a")
    above.join("b", 1, last="2", epoch_shown=other_than("e"), **named, last_blob=blob_id("x")).store("b", "y", 2, "b2")
    older = d("last_cursor above the highest, of an older epoch: nothing changes", "Epoch", "SES-46")
    older.join("a", epoch_shown=save("e")).store("a", "x", 1).leave("a")
    older.join("b", 1, last="99", epoch_shown=saved("e"), epoch="00" * 16, last_blob=blob_id("y"))
    none = (
        d("a group without state takes no new epoch", "Epoch", "SES-48 SES-23")
        .join("a", epoch_shown=save("e"))
        .leave("a")
    )
    none.join("a2", last="7", epoch_shown=saved("e"), **named, last_blob=blob_id("x")).ask("a2", pull(), page(last=0))
    return [same, two, kept, wrong, above, older, none]
