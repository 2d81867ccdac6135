"""backoff.json: how long a client waits before it tries again."""

from __future__ import annotations

import rules_pairing
from document import Document, Group
from file_schema import COUNT, U64, Shape, record, said, schema_of
from notes_pairing import BACKOFF_NOTES

ALGORITHM = "0k-Sync backoff"
RULE = "the rule, generate/backoff.py"
LONGEST, JITTER = 30_000, 5_000
WAITS = {2000, 3000}
RESTARTS = {3001, 3002}
STOPS = {1000, 1001, 1002, 1003, 1005}
REPORTS = {1004, 1006, 1007, 2001, 2002, 2003}
JITTER_MS = said(COUNT, "The random part that was drawn, ms.")
DELAY = said(U64, "The claimed delay, ms.")
EVENT = {
    "lost": {"event": {"const": "lost"}},
    "succeeded": {"event": {"const": "succeeded"}},
    "error": {"event": {"const": "error"}, "code": {"type": "integer", "minimum": 0}},
}
WAIT = {"jitter": JITTER_MS, "action": {"const": "wait"}, "delay": DELAY}

schema = schema_of(
    "backoff",
    "Vectors of backoff",
    ALGORITHM,
    {
        "Delay": Shape(
            description="The delay before one attempt, the first being 1: mismatch if it is another.",
            inputs={
                "attempt": said(COUNT, "Which attempt in a row."),
                "jitter": JITTER_MS,
                "delay": DELAY,
            },
            outputs={},
            errors=["mismatch", "out-of-range"],
        ),
        "Schedule": Shape(
            description="What a client does after each of these events, one after the other from the beginning: mismatch if "
            "one of the claims is not right.",
            inputs={
                "steps": {
                    "type": "array",
                    "minItems": 1,
                    "items": {
                        "oneOf": [
                            record(EVENT["succeeded"]),
                            record({**EVENT["lost"], **WAIT}),
                            record({**EVENT["error"], **WAIT}),
                            record({**EVENT["error"], "retry_after_ms": U64, **WAIT}),
                            record({**EVENT["error"], "action": {"enum": ["stop", "report"]}}),
                            record({**EVENT["error"], "retry_after_ms": U64, "action": {"enum": ["stop", "report"]}}),
                        ]
                    },
                }
            },
            outputs={},
            errors=["mismatch"],
        ),
    },
)


def build() -> str:
    document = Document("backoff", ALGORITHM, "vectors/generate/backoff.py", BACKOFF_NOTES, rules_pairing.backoff)
    _delays(document.group("Delay", RULE))
    _schedules(document.group("Schedule", RULE))
    return document.render()


def delay(attempt: int, jitter: int) -> int:
    return min(LONGEST, 1000 * 2 ** (attempt - 1)) + jitter


def _delays(group: Group) -> None:
    def right(attempt: int, jitter: int, flag: str = "Delay") -> None:
        claimed = str(delay(attempt, jitter))
        comment = f"attempt {attempt}, {jitter} ms"
        group.add(comment, [flag], "valid", attempt=attempt, jitter=jitter, delay=claimed)

    def wrong(attempt: int, jitter: int, claimed: int, why: str, flags: list[str]) -> None:
        comment = f"attempt {attempt}, {jitter} ms: {why}"
        group.add(
            comment, flags, "invalid", attempt=attempt, jitter=jitter, delay=str(claimed), error="mismatch"
        )

    for attempt in range(1, 8):
        right(attempt, 0)
    for jitter in (1, 2_500, 4_999, 5_000):
        right(1, jitter)
    right(5, 5_000)
    right(6, 5_000)
    large = (31, 32, 33, 54, 64, 65, 1_000, 1_025, 2**31 - 1, 2**31, 2**32)
    for attempt in large[:-3]:
        right(attempt, 0, "Large")
    # 2 to the power of these takes gigabytes where integers have no end.
    for attempt in large[-3:]:
        claimed = str(LONGEST + 7)
        group.add(f"attempt {attempt}, 7 ms", ["Large"], "valid", attempt=attempt, jitter=7, delay=claimed)
        group.add(
            f"attempt {attempt}, 7 ms: the random part alone",
            ["Large", "WrongDelay"],
            "invalid",
            attempt=attempt,
            jitter=7,
            delay="7",
            error="mismatch",
        )
    for attempt, jitter, claimed, why in (
        (1, 0, 2_000, "that of attempt 2"),
        (1, 0, 0, "at once"),
        (1, 0, 1, "in seconds"),
        (2, 0, 4_000, "that of attempt 3"),
        (2, 0, 1_000, "that of attempt 1"),
        (3, 0, 3_000, "linear"),
        (3, 0, 9_000, "the square"),
        (5, 0, 30_000, "the longest, one attempt too early"),
        (6, 0, 32_000, "beyond the longest"),
        (7, 0, 60_000, "a longest of 60 s"),
        (6, 0, 16_000, "that of attempt 5"),
        (1, 2_500, 1_000, "without the random part"),
        (1, 2_500, 2_500, "the random part alone"),
        (3, 5_000, 5_000, "the larger of both"),
        (6, 5_000, 30_000, "the random part within the longest"),
        (6, 2_500, 30_000, "the random part within the longest"),
        (2, 4_000, 4_000, "the random part in place of the backoff"),
        (4, 1_000, 16_000, "the random part doubled with the rest"),
    ):
        wrong(attempt, jitter, claimed, why, ["WrongDelay"])
    for attempt, claimed, why in (
        (31, 0, "a shift of 32 bits that overflows"),
        (33, 1_000, "a shift that begins anew"),
        (32, 2**31 * 1000, "without the longest"),
        (64, 0, "a shift of 64 bits that overflows"),
        (65, 1_000, "a shift of 64 bits that begins anew"),
        (1_025, 2**64 - 1, "infinity"),
    ):
        wrong(attempt, 0, claimed, why, ["Large", "WrongDelay"])
    values = {"attempt": 0, "jitter": 0, "delay": "1000"}
    group.add("attempt 0", ["Attempt"], "invalid", **values, error="out-of-range")
    for jitter in (5_001, 2**31, 2**32):
        values = {"attempt": 1, "jitter": jitter, "delay": str(1000 + jitter)}
        group.add(f"a random part of {jitter} ms", ["Jitter"], "invalid", **values, error="out-of-range")


def answered(events: list[tuple]) -> list[dict]:
    """Each event with what the client does."""
    attempt, steps = 0, []
    for event in events:
        kind, *values = event
        step: dict = {"event": kind}
        if kind == "succeeded":
            attempt = 0
            steps.append(step)
            continue
        code, retry_after, jitter = (None, None, values[0]) if kind == "lost" else values
        if code is not None:
            step["code"] = code
        if retry_after is not None:
            step["retry_after_ms"] = str(retry_after)
        if code in STOPS or code in REPORTS:
            steps.append(step | {"action": "stop" if code in STOPS else "report"})
            continue
        attempt += 1
        wait = delay(attempt, jitter)
        if code in WAITS and retry_after is not None:
            wait = max(wait, retry_after)
        steps.append(step | {"jitter": jitter, "action": "wait", "delay": str(wait)})
    return steps


def _schedules(group: Group) -> None:
    def add(comment: str, flags: list[str], events: list[tuple], wrong: dict[str, tuple[int, dict]]) -> None:
        """A right test, and one for each fault: which step (from 0), and what it claims."""
        steps = answered(events)
        group.add(comment, flags, "valid", steps=steps)
        for fault, (at, claim) in wrong.items():
            other = {key: value for key, value in steps[at].items() if key not in ("jitter", "action", "delay")} | claim
            assert other != steps[at], (comment, fault)
            claimed = [*steps[:at], other, *steps[at + 1 :]]
            group.add(f"{comment}: {fault}", [*flags, "WrongSchedule"], "invalid", steps=claimed, error="mismatch")

    def waits(ms: int, jitter: int = 0) -> dict:
        return {"jitter": jitter, "action": "wait", "delay": str(ms)}

    stop, report = {"action": "stop"}, {"action": "report"}
    lost, good = ("lost", 0), ("succeeded",)
    add(
        "lost eight times",
        ["Growing"],
        [("lost", jitter) for jitter in (0, 100, 200, 300, 400, 500, 5_000, 0)],
        {
            "the first wait again": (1, waits(1_100, 100)),
            "the longest at once": (1, waits(30_100, 100)),
            "it stops growing at 16 s": (5, waits(16_500, 500)),
            "35 s at the most": (6, waits(30_000, 5_000)),
            "anew after the longest": (7, waits(1_000)),
        },
    )
    add(
        "a success in between",
        ["Success"],
        [lost, lost, lost, good, lost, lost],
        {"the fourth wait": (4, waits(8_000)), "the third wait": (4, waits(4_000)), "no wait": (4, waits(0))},
    )
    add("a success at first", ["Success"], [good, lost], {"the second wait": (1, waits(2_000))})
    add("two successes", ["Success"], [lost, good, good, lost], {"the second wait": (3, waits(2_000))})
    for code in sorted(WAITS):
        add(
            f"{code} with a longer retry_after_ms",
            ["RetryAfter"],
            [("error", code, 60_000, 500)],
            {
                "the backoff alone": (0, waits(1_500, 500)),
                "the sum": (0, waits(61_500, 500)),
                "with the random part": (0, waits(60_500, 500)),
                "the longest backoff at most": (0, waits(30_000, 500)),
                "stop": (0, stop),
                "report": (0, report),
            },
        )
        add(
            f"{code} with a shorter retry_after_ms",
            ["RetryAfter"],
            [lost, lost, ("error", code, 3_999, 0)],
            {"retry_after_ms alone": (2, waits(3_999)), "the first wait": (2, waits(3_999 + 1_000))},
        )
        add(
            f"{code} without retry_after_ms",
            ["RetryAfter"],
            [("error", code, None, 2)],
            {"no wait": (0, waits(2, 2)), "stop": (0, stop)},
        )
        add(
            f"{code} with a retry_after_ms of 0",
            ["RetryAfter"],
            [("error", code, 0, 0)],
            {"at once": (0, waits(0))},
        )
        add(
            f"{code} counts as an attempt",
            ["RetryAfter", "Growing"],
            [("error", code, 100, 0), ("error", code, 100, 0), lost],
            {"the first wait again": (1, waits(1_000)), "not counted": (2, waits(1_000))},
        )
        for name, value in (("2^31", 2**31), ("2^32 + 5", 2**32 + 5), ("2^53 + 1", 2**53 + 1), ("2^64 - 1", 2**64 - 1)):
            faults = {"the backoff": 1_000, "cut to 31 bits": value % 2**31 or 2**31 - 1}
            faults |= {"rounded to a double": 2**53} if value == 2**53 + 1 else {}
            add(
                f"{code} with a retry_after_ms of {name}",
                ["RetryAfter", "BigInteger"],
                [("error", code, value, 0)],
                {fault: (0, waits(claimed)) for fault, claimed in faults.items()},
            )
    for code in sorted(RESTARTS):
        add(
            f"{code}",
            ["Restart"],
            [("error", code, None, 0), ("error", code, None, 1)],
            {"stop": (0, stop), "at once": (0, waits(0)), "the first wait again": (1, waits(1_001, 1))},
        )
        add(
            f"{code} with retry_after_ms",
            ["Restart"],
            [("error", code, 60_000, 0)],
            {"it counts": (0, waits(60_000))},
        )
    for code in sorted(STOPS):
        add(
            f"{code}",
            ["Stop"],
            [("error", code, None, 0)],
            {"try again": (0, waits(1_000)), "report alone": (0, report)},
        )
    add(
        "1003 with retry_after_ms",
        ["Stop"],
        [lost, ("error", 1003, 10_000, 0)],
        {"it counts": (1, waits(10_000)), "try again": (1, waits(2_000))},
    )
    for code in sorted(REPORTS):
        add(
            f"{code}",
            ["Report"],
            [("error", code, None, 0)],
            {"try again": (0, waits(1_000)), "stop": (0, stop)},
        )
    add(
        "2002 is no attempt",
        ["Report"],
        [lost, ("error", 2002, None, 0), lost],
        {"counted": (2, waits(4_000)), "a success": (2, waits(1_000))},
    )
    for code in (0, 999, 1008, 1999, 2004, 3003, 4000, 2**32 - 1):
        add(
            f"unknown code {code}",
            ["UnknownCode"],
            [lost, ("error", code, None, 0)],
            {"stop": (1, stop), "report": (1, report)},
        )
    add(
        "unknown code 2004 with retry_after_ms",
        ["UnknownCode"],
        [("error", 2004, 60_000, 0)],
        {"it counts": (0, waits(60_000))},
    )
