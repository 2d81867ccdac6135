"""cursor-tracker.json: which cursors a client has, and which are missing."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

import rules_pairing
from document import Document, Group
from file_schema import U64, Shape, record, said, schema_of
from notes_pairing import CURSOR_TRACKER_NOTES

ALGORITHM = "0k-Sync cursor tracker"
RULE = "the rule, generate/cursor_tracker.py"
MOST_GAPS = 10_000
LAST = 2**64 - 1
TIMES = {"type": "integer", "minimum": 2, "maximum": 100_000}

GAP = record({"first": U64, "last": U64})
GAPS = said(
    record({"first": U64, "last": U64, "step": U64, "times": TIMES}),
    "So many gaps, each `step` above the one before it.",
)
EVENT = {
    "oneOf": [
        record({"received": U64}),
        said(
            record({"received": U64, "step": U64, "times": TIMES}),
            "So many cursors one after the other, each `step` above the one before it.",
        ),
        said(
            record({"page": record({"after_cursor": U64, "max_cursor": U64, "has_more": {"type": "boolean"}})}),
            "A PullResponse and the after_cursor that it answered.",
        ),
        record({"reset": {"const": True}}),
    ]
}

schema = schema_of(
    "cursor-tracker",
    "Vectors of the cursor tracker",
    ALGORITHM,
    {
        "Track": Shape(
            description="The state after some events: mismatch if it is another, out-of-range if the last event is "
            "refused.",
            inputs={
                "start": said(U64, "What is contiguous, and seen, at the beginning."),
                "events": {"type": "array", "items": EVENT},
                "state": record(
                    {
                        "highest": U64,
                        "contiguous": U64,
                        "gaps": {"type": "array", "items": {"oneOf": [GAP, GAPS]}},
                    }
                ),
            },
            outputs={},
            errors=["mismatch", "out-of-range"],
        )
    },
)


class Tracker:
    """What is had, as runs of cursors. Everything else follows from them."""

    def __init__(self, start: int):
        self.start = start
        self.had: list[tuple[int, int]] = []

    def have(self, first: int, last: int) -> None:
        if first > last:
            return
        # The runs that touch the new one stand next to each other.
        low = bisect_left(self.had, first - 1, key=lambda run: run[1])
        high = bisect_right(self.had, last + 1, key=lambda run: run[0])
        touched = [(first, last), *self.had[low:high]]
        self.had[low:high] = [(min(run[0] for run in touched), max(run[1] for run in touched))]
        if self.had[0][0] <= self.start + 1:
            self.start = max(self.start, self.had.pop(0)[1])
        # Of the runs above the last gap that is kept only the highest stays.
        if len(self.had) > MOST_GAPS:
            del self.had[MOST_GAPS - 1 : -1]

    def gaps(self) -> list[tuple[int, int]]:
        ends = [self.start, *(last for _, last in self.had)]
        return [(end + 1, first - 1) for end, (first, _) in zip(ends, self.had, strict=False)]

    def state(self) -> dict:
        highest = self.had[-1][1] if self.had else self.start
        return {"highest": highest, "contiguous": self.start, "gaps": self.gaps()}


def track(start: int, events: list[tuple]) -> dict:
    tracker = Tracker(start)
    for kind, *values in events:
        if kind == "received":
            first, step, times = (*values, 0, 1)[:3]
            for n in range(times):
                tracker.have(first + n * step, first + n * step)
        elif kind == "page":
            tracker.have(values[0] + 1, values[1])
        else:
            tracker = Tracker(0)
    return tracker.state()


def shown_event(event: tuple) -> dict:
    kind, *values = event
    if kind == "reset":
        return {"reset": True}
    if kind == "page":
        return {"page": {"after_cursor": str(values[0]), "max_cursor": str(values[1]), "has_more": values[2]}}
    if len(values) == 1:
        return {"received": str(values[0])}
    return {"received": str(values[0]), "step": str(values[1]), "times": values[2]}


def shown_gaps(gaps: list[tuple[int, int]]) -> list[dict]:
    """More than 20 gaps of one size and distance are written as a series."""
    out, at = [], 0
    while at < len(gaps):
        end = at + 1
        while end < len(gaps) and gaps[end][1] - gaps[end][0] == gaps[at][1] - gaps[at][0]:
            if gaps[end][0] - gaps[end - 1][0] != gaps[at + 1][0] - gaps[at][0]:
                break
            end += 1
        gap = {"first": str(gaps[at][0]), "last": str(gaps[at][1])}
        if end - at > 20:
            out.append(gap | {"step": str(gaps[at + 1][0] - gaps[at][0]), "times": end - at})
            at = end
        else:
            out.append(gap)
            at += 1
    return out


def shown(state: dict) -> dict:
    highest, contiguous = str(state["highest"]), str(state["contiguous"])
    return {"highest": highest, "contiguous": contiguous, "gaps": shown_gaps(state["gaps"])}


def build() -> str:
    document = Document(
        "cursor-tracker",
        ALGORITHM,
        "vectors/generate/cursor_tracker.py",
        CURSOR_TRACKER_NOTES,
        rules_pairing.cursor_tracker,
    )
    _tracks(document.group("Track", RULE))
    _refused(document.group("Track", RULE))
    return document.render()


def _tracks(group: Group) -> None:
    def add(comment: str, flags: list[str], events: list[tuple], start: int = 0, wrong: dict | None = None) -> None:
        """A right test, and one for each claim in `wrong`: by its comment, what differs from the right state."""
        state = track(start, events)
        common = {"start": str(start), "events": [shown_event(event) for event in events]}
        group.add(comment, flags, "valid", **common, state=shown(state))
        for fault, changed in (wrong or {}).items():
            claimed = state | changed
            assert claimed != state, (comment, fault, state)
            group.add(
                f"{comment}: {fault}",
                [*flags, "WrongState"],
                "invalid",
                **common,
                state=shown(claimed),
                error="mismatch",
            )

    def received(*cursors: int) -> list[tuple]:
        return [("received", cursor) for cursor in cursors]

    add("nothing", ["Received"], [])
    add("1, 2, 3", ["Received"], received(1, 2, 3), wrong={"2 is the highest": {"highest": 2, "contiguous": 2}})
    add(
        "1, 2, 5",
        ["Received"],
        received(1, 2, 5),
        wrong={
            "5 is contiguous": {"contiguous": 5, "gaps": []},
            "no gap": {"gaps": []},
            "the gap one too long": {"gaps": [(3, 5)]},
            "the gap in single cursors": {"gaps": [(3, 3), (4, 4)]},
            "2 is the highest": {"highest": 2},
        },
    )
    add(
        "5 alone",
        ["Received"],
        received(5),
        wrong={"5 is contiguous": {"contiguous": 5, "gaps": []}, "0 is missing too": {"gaps": [(0, 4)]}},
    )
    add(
        "3, 1, 2",
        ["Received"],
        received(3, 1, 2),
        wrong={"the last one is the highest": {"highest": 2, "contiguous": 2}, "3 forgotten": {"contiguous": 2}},
    )
    add(
        "backwards from 5",
        ["Received"],
        received(5, 4, 3, 2, 1),
        wrong={"only 1 is contiguous": {"contiguous": 1}},
    )
    add(
        "every other one to 9",
        ["Received"],
        received(1, 3, 5, 7, 9),
        wrong={"one gap": {"gaps": [(2, 8)]}, "the first gap alone": {"gaps": [(2, 2)]}},
    )
    add(
        "a gap filled from both ends",
        ["Received"],
        received(10, 1, 9, 5, 2),
        wrong={
            "the gap is whole": {"gaps": [(3, 9)]},
            "as before the last": {"contiguous": 1, "gaps": [(2, 4), (6, 8)]},
        },
    )
    add(
        "the last gap filled",
        ["Received"],
        received(1, 3, 5, 4, 2),
        wrong={"up to the next one alone": {"contiguous": 3}},
    )
    add(
        "2 comes twice",
        ["Received", "Late"],
        received(1, 2, 2, 3),
        wrong={"counted twice": {"highest": 4, "contiguous": 4}},
    )
    add(
        "1 comes after 5",
        ["Received", "Late"],
        received(1, 2, 3, 4, 5, 1),
        wrong={"1 is the highest": {"highest": 1, "contiguous": 1}, "1 is contiguous": {"contiguous": 1}},
    )
    add(
        "7 twice above a gap",
        ["Received", "Late"],
        received(7, 7),
        wrong={"contiguous the second time": {"contiguous": 7, "gaps": []}},
    )
    add(
        "from 100, and 50 comes late",
        ["Resumed", "Late"],
        received(50, 100, 101),
        100,
        wrong={"from 0": {"contiguous": 0, "gaps": [(1, 49), (51, 99)]}},
    )
    add(
        "from 100, then 103",
        ["Resumed", "Received"],
        received(103),
        100,
        wrong={"from 0": {"contiguous": 0, "gaps": [(1, 102)]}},
    )
    add("from 100, nothing", ["Resumed"], [], 100, wrong={"nothing seen": {"highest": 0}})

    def page(after: int, last: int, more: bool = False) -> tuple:
        return ("page", after, last, more)

    add("a page from 0 to 10", ["Page", "Hole"], [page(0, 10)], wrong={"nothing received": {"contiguous": 0}})
    add(
        "a page with holes",
        ["Page", "Hole"],
        [("received", 2), ("received", 9), page(0, 9)],
        wrong={
            "the holes are gaps": {"contiguous": 0, "gaps": [(1, 1), (3, 8)]},
            "the first hole is a gap": {"contiguous": 0, "gaps": [(1, 1)]},
        },
    )
    add(
        "a page over a gap, and more above it",
        ["Page"],
        [("received", 5), ("received", 12), page(0, 8)],
        wrong={"everything is contiguous": {"contiguous": 12, "gaps": []}, "the gap is whole": {"gaps": [(6, 11)]}},
    )
    add(
        "a page that reaches a cursor above",
        ["Page"],
        [("received", 5), ("received", 6), page(0, 4)],
        wrong={"not beyond the page": {"contiguous": 4}},
    )
    add(
        "a page that ends one below a cursor",
        ["Page"],
        [("received", 11), page(3, 10)],
        3,
        wrong={"not beyond the page": {"contiguous": 10, "gaps": []}},
    )
    add(
        "pages one after the other",
        ["Page"],
        [page(0, 100, True), page(100, 200, True), page(200, 250)],
        wrong={"the last page alone": {"contiguous": 100, "gaps": [(101, 200)]}},
    )
    add(
        "a page from below the highest contiguous",
        ["Page"],
        [page(20, 60)],
        50,
        wrong={"not taken": {"highest": 50, "contiguous": 50}},
    )
    add(
        "a page from the highest contiguous",
        ["Page"],
        [page(50, 60)],
        50,
        wrong={"not taken": {"highest": 50, "contiguous": 50}, "above it": {"contiguous": 50, "gaps": [(51, 59)]}},
    )
    add(
        "a page below all",
        ["Page", "Late"],
        [page(0, 30)],
        50,
        wrong={"back to 30": {"contiguous": 30}, "everything back to 30": {"highest": 30, "contiguous": 30}},
    )
    add(
        "the same page twice",
        ["Page", "Late"],
        [page(0, 30), page(30, 60), page(0, 30)],
        wrong={"back to 30": {"contiguous": 30}},
    )
    add(
        "a page above a gap",
        ["Above"],
        [page(10, 20)],
        wrong={
            "everything is contiguous": {"contiguous": 20, "gaps": []},
            "all of it is a gap": {"gaps": [(1, 19)]},
            "not taken": {"highest": 0, "gaps": []},
            "10 is had": {"gaps": [(1, 9)]},
        },
    )
    add(
        "from one above the highest contiguous",
        ["Above"],
        [page(6, 10)],
        5,
        wrong={"everything is contiguous": {"contiguous": 10, "gaps": []}},
    )
    add(
        "a page above, then the one below",
        ["Above", "Page"],
        [page(10, 20), page(0, 10)],
        wrong={"the page below alone": {"contiguous": 10}},
    )
    add(
        "a page into the middle of a gap",
        ["Above"],
        [("received", 100), page(40, 60)],
        wrong={"the gap is whole": {"gaps": [(1, 99)]}, "the lower part alone": {"gaps": [(1, 40)]}},
    )
    add(
        "a page over several gaps",
        ["Above"],
        [*received(10, 20, 30, 40), page(5, 35)],
        wrong={"the gaps between": {"gaps": [(1, 5), (11, 19), (21, 29), (36, 39)]}},
    )
    add(
        "has_more true",
        ["More", "Page"],
        [page(0, 10, True)],
        wrong={"not taken": {"highest": 0, "contiguous": 0}, "without its last": {"contiguous": 9}},
    )
    add(
        "has_more false, and a cursor above",
        ["More", "Page"],
        [("received", 20), page(0, 10)],
        wrong={"nothing more is missing": {"contiguous": 20, "gaps": []}},
    )
    add(
        "has_more true above a gap",
        ["More", "Above"],
        [page(10, 20, True)],
        wrong={"everything is contiguous": {"contiguous": 20, "gaps": []}},
    )
    add("an empty page", ["EmptyPage"], [page(0, 0)], wrong={"1 is contiguous": {"highest": 1, "contiguous": 1}})
    add(
        "an empty page at the highest contiguous",
        ["EmptyPage"],
        [page(50, 50)],
        50,
        wrong={"one further": {"highest": 51, "contiguous": 51}},
    )
    add(
        "an empty page below",
        ["EmptyPage", "Late"],
        [page(20, 20)],
        50,
        wrong={"back to 20": {"contiguous": 20}},
    )
    add(
        "an empty page beyond the end",
        ["EmptyPage"],
        [page(1000, 1000)],
        50,
        wrong={
            "1000 is the highest": {"highest": 1000, "gaps": [(51, 1000)]},
            "1000 is contiguous": {"highest": 1000, "contiguous": 1000},
        },
    )
    add(
        "an empty page at 2^64 - 1",
        ["EmptyPage", "BigInteger"],
        [page(LAST, LAST)],
        50,
        wrong={"everything is contiguous": {"highest": LAST, "contiguous": LAST}},
    )
    for name, base in (("2^53", 2**53), ("2^63", 2**63), ("2^32", 2**32)):
        flags = ["Received"] if base < 2**53 else ["Received", "BigInteger"]
        add(
            f"{name} + 1 from {name} - 1",
            flags,
            received(base + 1),
            base - 1,
            wrong={"taken for its neighbour": {"highest": base, "contiguous": base, "gaps": []}},
        )
    add(
        "2^64 - 1 alone",
        ["Received", "BigInteger"],
        received(LAST),
        wrong={
            "contiguous": {"contiguous": LAST, "gaps": []},
            "rounded to 2^53": {"gaps": [(1, 2**53)]},
            "as a signed integer": {"highest": 0, "gaps": []},
        },
    )
    add(
        "2^64 - 1 and the page below it",
        ["Page", "BigInteger"],
        [("received", LAST), page(0, LAST - 1)],
        wrong={"not beyond the page": {"contiguous": LAST - 1}},
    )
    add(
        "a page up to 2^64 - 1",
        ["Page", "BigInteger"],
        [page(LAST - 3, LAST)],
        LAST - 1,
        wrong={"round to 0": {"highest": 0, "contiguous": 0}},
    )
    _cap(add)
    reset = ("reset",)
    add(
        "a reset",
        ["Reset"],
        [*received(1, 2, 5), reset],
        wrong={"nothing happened": track(0, received(1, 2, 5)), "the highest stays": {"highest": 5, "gaps": [(1, 4)]}},
    )
    add(
        "a reset from 100",
        ["Reset", "Resumed"],
        [reset],
        100,
        wrong={"back to 100": {"highest": 100, "contiguous": 100}, "contiguous stays": {"highest": 100}},
    )
    add(
        "a reset, and on from 1",
        ["Reset", "Received"],
        [*received(7, 9), reset, *received(1, 3)],
        100,
        wrong={"the old gaps": {"highest": 9, "gaps": [(2, 2), (4, 6), (8, 8)]}},
    )
    add(
        "a reset, then a page",
        ["Reset", "Page"],
        [("received", 50), reset, page(0, 3)],
        wrong={"50 is known": {"highest": 50, "gaps": [(4, 49)]}},
    )


def _cap(add) -> None:
    def every_other(times: int) -> tuple:
        """2, 4, 6, …: as many gaps of one cursor."""
        return ("received", 2, 2, times)

    def gaps(count: int) -> list[tuple[int, int]]:
        return [(2 * n + 1, 2 * n + 1) for n in range(count)]

    add("one gap of 20,000 cursors", ["Received"], [("received", 20_001)], wrong={"none": {"gaps": []}})
    add(
        "10,000 gaps",
        ["Cap"],
        [every_other(MOST_GAPS)],
        wrong={"none": {"gaps": []}, "9,999": {"gaps": gaps(9_999)}},
    )
    add(
        "10,001 gaps",
        ["Cap"],
        [every_other(MOST_GAPS + 1)],
        wrong={
            "all of them": {"gaps": gaps(10_001)},
            "the last one is forgotten": {"gaps": gaps(10_000)},
            "the first one is forgotten": {"contiguous": 2, "gaps": gaps(10_001)[1:]},
            "none": {"gaps": []},
            "the highest is not had": {"gaps": [*gaps(9_999), (19_999, 20_002)]},
        },
    )
    add(
        "12,000 gaps",
        ["Cap"],
        [every_other(12_000)],
        wrong={"the lowest 10,000 as they are": {"gaps": gaps(10_000)}},
    )
    add(
        "12,000 gaps, and one of the last is filled",
        ["Cap"],
        [every_other(12_000), ("received", 23_001)],
        wrong={"it is known": {"gaps": [*gaps(9_999), (19_999, 23_000), (23_002, 23_999)]}},
    )
    add(
        "12,000 gaps, and the first is filled",
        ["Cap"],
        [every_other(12_000), ("received", 1)],
        wrong={"what was forgotten is known again": {"gaps": gaps(10_001)[1:]}},
    )
    add(
        "12,000 gaps, and a cursor right above",
        ["Cap"],
        [every_other(12_000), ("received", 24_001)],
        wrong={"the gap goes on": {"gaps": [*gaps(9_999), (19_999, 24_000)]}},
    )
    add(
        "12,000 gaps, and a cursor far above",
        ["Cap"],
        [every_other(12_000), ("received", 2**63)],
        wrong={"not taken": {"highest": 24_000, "gaps": [*gaps(9_999), (19_999, 23_999)]}},
    )
    add(
        "12,000 gaps, and a page over the first 5,000",
        ["Cap", "Page"],
        [every_other(12_000), ("page", 0, 10_000, True)],
        wrong={"everything is contiguous": {"contiguous": 24_000, "gaps": []}},
    )
    add(
        "12,000 gaps, and a page over all",
        ["Cap", "Page"],
        [every_other(12_000), ("page", 0, 24_000, False)],
        wrong={"the forgotten ones are missing": {"contiguous": 19_998, "gaps": [(19_999, 23_999)]}},
    )
    add(
        "12,000 gaps, and a page within the last",
        ["Cap", "Above"],
        [every_other(12_000), ("page", 20_500, 21_000, True)],
        wrong={"it is known": {"gaps": [*gaps(9_999), (19_999, 20_500), (21_001, 23_999)]}},
    )


def _refused(group: Group) -> None:
    def refused(comment: str, events: list[tuple], last: tuple, start: int = 0) -> None:
        state = track(start, events)
        rows = [shown_event(event) for event in [*events, last]]
        common = {"start": str(start), "events": rows, "state": shown(state)}
        group.add(comment, ["Refused"], "invalid", **common, error="out-of-range")

    refused("cursor 0", [], ("received", 0))
    refused("cursor 0 after others", [("received", 1), ("received", 3)], ("received", 0))
    refused("cursor 0 from 100", [], ("received", 0), 100)
    refused("a page back from 10 to 5", [("received", 12)], ("page", 10, 5, False))
    refused("a page back from 10 to 9, has_more true", [], ("page", 10, 9, True), 10)
    refused("a page back from 10 to 0", [], ("page", 10, 0, False), 20)
    refused("a page back from 2^64 - 1 to 2^64 - 2", [("received", 5)], ("page", LAST, LAST - 1, False))
    refused("a page back from 2^53 + 1 to 2^53", [], ("page", 2**53 + 1, 2**53, False), 2**53)
