"""What a client keeps by itself: the cursors that it has, and how long it waits."""
from bisect import bisect_left, bisect_right

from messages import SPEC, Refused, refuse_unless

BACKOFF, MOST_GAPS = SPEC["client"]["backoff"], SPEC["client"]["cursor_tracker"]["most_gaps"]
REACTIONS = {error["code"]: error["client"] for error in SPEC["errors"]}


class Cursors:
    def __init__(self, start=0):
        self.highest, self.contiguous, self.gaps = start, start, []

    def take(self, event, cursor=None, after_cursor=None, max_cursor=None, has_more=None):
        if event == "reset":
            self.__init__()
        elif event == "received":
            refuse_unless(cursor > 0, "out-of-range")
            self.have(cursor, cursor)
        else:
            refuse_unless(max_cursor >= after_cursor, "out-of-range")
            self.have(after_cursor + 1, max_cursor)

    def have(self, first, last):
        """Takes first to last out of what is missing. An empty page has nothing."""
        if first > last or last <= self.contiguous:
            return
        gaps = self.gaps
        if first > self.highest + 1:
            gaps.append((self.highest + 1, first - 1))
        low, high = bisect_left(gaps, first, key=lambda gap: gap[1]), bisect_right(gaps, last, key=lambda gap: gap[0])
        if low < high:
            ends = (gaps[low][0], first - 1), (last + 1, gaps[high - 1][1])
            gaps[low:high] = [gap for gap in ends if gap[0] <= gap[1]]
        if len(gaps) > MOST_GAPS:
            gaps[MOST_GAPS - 1:] = [(gaps[MOST_GAPS - 1][0], gaps[-1][1])]
        self.highest = max(self.highest, last)
        self.contiguous = gaps[0][0] - 1 if gaps else self.highest


def track_cursors(start, events):
    cursors, refused = Cursors(start), []
    for index, event in enumerate(events):
        try:
            cursors.take(**event)
        except Refused:
            refused.append(index)
    gaps = [{"first": first, "last": last} for first, last in cursors.gaps]
    return {"highest": cursors.highest, "contiguous": cursors.contiguous, "gaps": gaps, "refused": refused}


def backoff_delay(attempt, jitter):
    refuse_unless(attempt >= 1 and 0 <= jitter <= BACKOFF["jitter_ms"], "out-of-range")
    # The longest wait is reached long before a power of two becomes large.
    return min(BACKOFF["longest_ms"], BACKOFF["first_ms"] * 2 ** min(attempt - 1, 20)) + jitter


def retry_schedule(events):
    attempt, actions = 0, []
    for event in events:
        reaction = REACTIONS.get(event.get("code"))
        if event["event"] == "succeeded":
            attempt = 0
            actions.append({"action": "none"})
        elif reaction in ("stop", "report"):
            actions.append({"action": reaction})
        else:
            attempt += 1
            told = event.get("retry_after_ms", 0) if reaction == "wait" else 0
            actions.append({"action": "wait", "delay": max(told, backoff_delay(attempt, event["jitter"]))})
    return actions
