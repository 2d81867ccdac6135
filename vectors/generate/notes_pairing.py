"""What the flags of the files about pairing and clients mean."""

from __future__ import annotations

INVITE_NOTES: dict[str, dict] = {
    "Deployed": {"description": "A text that the deployed implementation wrote."},
    "Canonical": {"description": "Writing `invite` gives `text`."},
    "OtherForm": {"description": "Another right form of the same invite: reading is tested, writing is not."},
    "Bare": {"description": "An invite 4 without 0ksync://join/ in front."},
    "OneRelay": {"description": "relay_node_id, one id, in the place of relay_node_ids."},
    "UnknownKey": {"description": "Keys that no version has are skipped, whatever they hold."},
    "BigInteger": {
        "description": "A time of 2^53 or more.",
        "danger": "Rounded to a double, it is another time, or not a number of 64 bits at all.",
    },
    "Passphrase": {"description": "The secret comes of a passphrase; p says how."},
    "Lenient": {"description": "Read or refused: JSON libraries differ."},
    "Version": {"description": "Another version.", "danger": "Version 1 has one salt for everybody."},
    "MissingKey": {"description": "A key is missing."},
    "NoSecret": {"description": "Neither s nor p."},
    "BothSecrets": {"description": "Both s and p."},
    "Type": {"description": "A value of another type."},
    "Length": {"description": "A byte string of another length."},
    "Integer": {"description": "A number below or above its range."},
    "NoRelay": {"description": "The list of relays is empty."},
    "OtherGroup": {
        "description": "The secret, or what the passphrase gives, makes another group_id.",
        "danger": "What the device writes goes to a group of the forger's.",
    },
    "NotAnInvite": {"description": "Neither a JSON object nor a MessagePack map."},
    "Base64url": {"description": "Not the base64url of anything, without padding."},
    "Prefix": {"description": "Something else than 0ksync://join/ in front, or something behind the payload."},
    "DuplicateKey": {"description": "A key twice.", "danger": "Two devices join two groups by one invite."},
    "TooManyKeys": {"description": "More than 16 keys."},
    "TooDeep": {"description": "More than 4 nested containers."},
    "TrailingBytes": {"description": "Bytes follow the map."},
    "Truncated": {"description": "The map ends too early."},
    "ReservedByte": {"description": "0xc1, which no MessagePack value begins with."},
    "Utf8": {"description": "An address that is not well-formed UTF-8."},
    "Address": {
        "description": "An address of no known kind, or without the relay's identity.",
        "danger": "Whoever answers first at that address is taken for the relay.",
    },
    "Seal": {"description": "Another seal than that of v2 groups."},
    "Arity": {"description": "p has too few or too many elements."},
    "Parameters": {
        "description": "Argon2id too weak or too costly, or a salt that has not 16 bytes.",
        "danger": "A forged invite makes the passphrase cheap to guess, or stops the device.",
    },
    "Expiry": {"description": "Before, at and after 300 s from the expiry."},
    "WrongPassphrase": {"description": "Another passphrase than the group's."},
    "Normalised": {"description": "The passphrase is brought into NFC before it is used."},
    "EmptyPassphrase": {"description": "A passphrase without a character."},
    "Ambiguous": {
        "description": "The input breaks two rules at one place: the classes in `otherErrors` are as right as `error`."
    },
}

SHORT_CODE_NOTES: dict[str, dict] = {
    "Plain": {"description": "As it is shown."},
    "Case": {"description": "Letters in either case."},
    "Blocks": {"description": "Spaces and hyphens anywhere, or none."},
    "Digit": {"description": "0, 1 and 8, which are not in the alphabet, for the letters that they look like."},
    "Alphabet": {
        "description": "A character that is neither in the alphabet nor ignored.",
        "danger": "A library that knows all letters makes another code of one that merely looks alike.",
    },
    "Length": {"description": "More or fewer than 16 characters."},
    "Written": {"description": "How the 10 bytes of a code are shown."},
    "OtherText": {"description": "The claimed text is not that of the bytes."},
    "Derived": {"description": "The keys of a code."},
    "Stretch": {"description": "Argon2id with another input, salt or cost."},
    "WrongLabel": {"description": "HKDF with another salt or info.", "danger": "The relay learns the key of the payload."},
    "WrongInput": {"description": "The claimed key comes of something else."},
    "Canonical": {"description": "Sealing `invite` with the nonce that stands in `payload` gives `payload`."},
    "Short": {"description": "Fewer bytes than nonce and tag."},
    "Tampered": {"description": "Bytes changed, cut off or added on the way."},
    "OtherKey": {"description": "Sealed under another key."},
    "OtherAad": {
        "description": "The additional data are not the 16 bytes of the lookup key.",
        "danger": "A relay can hand out the invite of one code for another.",
    },
}

CURSOR_TRACKER_NOTES: dict[str, dict] = {
    "Received": {"description": "Cursors one by one, in order or not."},
    "Late": {"description": "A cursor or a page that comes late or twice."},
    "Page": {"description": "A page that answered an after_cursor at or below the highest contiguous."},
    "Hole": {
        "description": "Cursors within a page that no blob has: they are not missing.",
        "danger": "Where one blob has expired, the device pulls the same page for ever.",
    },
    "Above": {
        "description": "A page that answered an after_cursor above the highest contiguous.",
        "danger": "What lies below it is skipped.",
    },
    "More": {"description": "has_more changes nothing: what is had ends at max_cursor."},
    "EmptyPage": {
        "description": "A page without blobs, whose max_cursor is the after_cursor that was asked for.",
        "danger": "A Pull beyond the end makes everything contiguous that comes later.",
    },
    "BigInteger": {"description": "A cursor of 2^53 or more.", "danger": "Rounded to a double, a blob is skipped."},
    "Cap": {
        "description": "More than 10,000 gaps: the last that is kept takes in all above it.",
        "danger": "A wicked relay fills the memory of a phone, or makes it skip blobs.",
    },
    "Reset": {"description": "The relay has lost its state: everything begins anew."},
    "Resumed": {"description": "`start` is what was contiguous when the client was last closed."},
    "WrongState": {"description": "The claimed state is what a faulty tracker arrives at."},
    "Refused": {"description": "The last event is refused, and `state` is as it was before."},
}

BACKOFF_NOTES: dict[str, dict] = {
    "Delay": {"description": "min(30 s, 2^(n−1) s) and the random part."},
    "Large": {
        "description": "Attempts so many that 2^(n−1) is out of reach.",
        "danger": "A shift or a power that overflows gives a wait of none, or one without end.",
    },
    "WrongDelay": {"description": "The claimed delay is not the right one."},
    "Attempt": {"description": "The attempts are counted from 1."},
    "Jitter": {"description": "The random part is above 5,000 ms."},
    "Growing": {"description": "Every wait in a row is longer, up to the longest."},
    "Success": {"description": "After a success the first wait comes next."},
    "RetryAfter": {
        "description": "2000 and 3000: the longer of the backoff and retry_after_ms.",
        "danger": "Devices keep a relay overloaded that tries to recover.",
    },
    "BigInteger": {
        "description": "retry_after_ms of 2^31 or more.",
        "danger": "Many timers take it for 0 or a negative number, and the device comes back at once.",
    },
    "Restart": {"description": "3001 and 3002: the backoff alone."},
    "Stop": {"description": "1000 to 1003 and 1005: the client stops and reports."},
    "Report": {"description": "The request failed for good; the session goes on, and nothing is waited for."},
    "UnknownCode": {"description": "A code that is not in the table: the session is over, and the backoff follows."},
    "WrongSchedule": {"description": "One of the claimed actions or delays is not the right one."},
}
