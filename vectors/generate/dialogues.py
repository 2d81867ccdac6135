"""session-dialogues.json: what clients say to a relay and what it answers, as decoded messages."""

from __future__ import annotations

import dialogues_refused
import dialogues_served
from dialogue import Dialogue
from dialogue_schema import ALGORITHM, TYPE
from document import Document, Group

NOTES: dict[str, dict] = {
    "Hello": {"description": "How a session begins, and what Welcome says."},
    "Push": {"description": "Storing blobs, and the cursors that they get."},
    "Idempotence": {
        "description": "A Push is repeated.",
        "danger": "A client that lost the answer stores its edit twice, or never learns that it is stored.",
    },
    "Pull": {"description": "Fetching blobs, page by page."},
    "Notify": {"description": "What a relay says unasked, and where it must not."},
    "Order": {"description": "Several requests are sent without waiting for answers."},
    "Epoch": {
        "description": "How a relay that lost state, or was restored from a backup, is found out.",
        "danger": "Devices wait for ever beyond the end of what the relay has.",
    },
    "Bye": {"description": "How a session ends in order."},
    "Membership": {"description": "Who is let into a group."},
    "OpenGroup": {"description": "Hello without proof: a relay whose open_groups is false cannot be asked this."},
    "Refusal": {"description": "At least one request is refused with an Error; `refusals` names them in order."},
    "Fatal": {"description": "The last Error ends the session, with a close code of its own."},
    "Conflict": {"description": "One blob_id, two payloads."},
    "BeforeHello": {
        "description": "A request before Hello.",
        "danger": "Served, it is served to someone whose right to the group nobody checked.",
    },
    "RelayOnly": {"description": "A client sends what only a relay may send, or what travels sealed."},
    "Undecodable": {"description": "A body that is no message."},
    "Large": {"description": "A blob over the largest size."},
}


def build() -> str:
    document = Document(
        "session-dialogues",
        ALGORITHM,
        "vectors/generate/dialogues.py",
        NOTES,
        lambda group, test: set(),
    )
    written = "written by hand from the rules of spec/requirements, "
    _add(document.group(TYPE, written + "generate/dialogues_served.py"), dialogues_served.all_of_them())
    _add(document.group(TYPE, written + "generate/dialogues_refused.py"), dialogues_refused.all_of_them())
    return document.render()


def _add(group: Group, dialogues: list[Dialogue]) -> None:
    for each in dialogues:
        group.add(each.comment, each.flags, "valid", refusals=each.refusals, steps=each.steps)
        group.group["tests"][-1]["requirements"] = sorted(each.requirements)
