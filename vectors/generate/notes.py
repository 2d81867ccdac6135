"""What the flags mean. `danger` says what goes wrong for a user of an implementation that fails there."""

CODEC_NOTES: dict[str, dict] = {
    "Canonical": {
        "description": "The one form that a writer sends: encode(message) is these bytes, decode gives the message."
    },
    "OtherForm": {"description": "Another right form of the same message: decoding is tested, encoding is not."},
    "Boundary": {"description": "A value or length at the edge of a type or of a MessagePack header."},
    "BigInteger": {
        "description": "An integer of 2^53 or more.",
        "danger": "Rounded to a double, or read as negative from 2^63 on, a cursor skips blobs for ever.",
    },
    "Unicode": {"description": "Text that must come back code point for code point, without normalisation."},
    "SessionRule": {"description": "Decodes; whether it is acceptable is decided by the session, not by the codec."},
    "Extension": {"description": "Carries known keys in the extension map."},
    "UnknownKey": {
        "description": "Carries keys that protocol 1 does not know: they are skipped with their value.",
        "danger": "A reader that refuses them can never talk to a newer peer.",
    },
    "ObjectNames": {
        "description": "Keys such as __proto__ that objects of some languages have from birth.",
        "danger": "Prototype pollution, or a value lost without an error.",
    },
    "KeyOrder": {"description": "The order of map keys: written by their UTF-8 bytes, read in any."},
    "IntegerWidth": {"description": "An unsigned integer wider than it need be."},
    "SignedInteger": {"description": "A positive integer in a signed form."},
    "HeaderWidth": {"description": "A header of a string, byte string, array or map that is wider than it need be."},
    "EmptyMap": {"description": "An extension map without a key: read as none, never written."},
    "SixteenKeys": {"description": "An extension map of as many keys as it may have."},
    "SkippedValue": {"description": "How the value of an unknown key is skipped, whatever it holds."},
    "Caps": {"description": "Names of optional features: unknown ones are kept or ignored, never refused."},
    "LimitsMap": {"description": "The limits in Welcome, a map of at most 64 keys."},
    "RelayName": {"description": "The relay's name in Welcome, text of at most 64 bytes."},
    "Truncated": {"description": "The input ends too early."},
    "LyingLength": {
        "description": "A header announces more than follows.",
        "danger": "Memory reserved for an announced length lets one small message exhaust the process.",
    },
    "TrailingBytes": {
        "description": "Bytes follow the message.",
        "danger": "Two readers that disagree where a message ends can be made to see different messages.",
    },
    "Arity": {"description": "The array has too few or too many elements."},
    "StringForBytes": {"description": "Text where bytes belong."},
    "BytesForString": {"description": "Bytes where text belongs."},
    "IntegerForBool": {"description": "0 or 1 where true or false belongs."},
    "OtherType": {"description": "nil, a bool, a number, an array or a map where another type belongs."},
    "ArrayForBytes": {"description": "An array of integers where bytes belong."},
    "BytesForArray": {"description": "Bytes where rmp has an array of integers."},
    "KeyType": {
        "description": "A key that is no string, or something else than a map in the place of the extension map."
    },
    "Float": {
        "description": "A float where an integer belongs, even one without a fraction.",
        "danger": "Cursors lose their low bits.",
    },
    "Negative": {
        "description": "A negative integer.",
        "danger": "Read as unsigned, it becomes the largest cursor there is.",
    },
    "TooLarge": {
        "description": "An integer over the largest of its field.",
        "danger": "Cut to the field's width, it becomes another valid value.",
    },
    "RevokeReason": {"description": "A reason of RevokeDevice over 2."},
    "Length": {"description": "A byte string of fixed length with another one, or text over its largest length."},
    "Utf8": {
        "description": "A string that is not well-formed UTF-8.",
        "danger": "A lenient reader replaces or reinterprets it, and two devices see different names.",
    },
    "DuplicateKey": {
        "description": "A map holds one key twice.",
        "danger": "Readers that take the first and readers that take the last see different messages.",
    },
    "TooManyKeys": {"description": "A map holds more keys than it may."},
    "TooDeep": {
        "description": "An unknown value nests more than 4 containers.",
        "danger": "A recursive reader overflows its stack.",
    },
    "ExtType": {"description": "A MessagePack ext type, timestamps included."},
    "ReservedByte": {"description": "0xc1, which no MessagePack value begins with."},
    "Name": {"description": "No message has this name, or not in this encoding; names are compared byte by byte."},
    "NotAMessage": {"description": "Not an array, or an array that does not begin with a string."},
    "RustTakes": {
        "description": "A form that the deployed implementation's decoder takes but its encoder never writes: a reader may "
        "take it (then as `message`) or refuse it with any codec error.",
    },
    "Ambiguous": {
        "description": "The input breaks two rules at one place: the classes in `otherErrors` are as right as `error`.",
    },
}

FRAMING_NOTES: dict[str, dict] = {
    "Split": {"description": "A length or a body arrives in several chunks."},
    "Several": {"description": "A chunk holds more than one frame."},
    "EmptyChunk": {"description": "A chunk of no bytes, which means nothing."},
    "ByteOrder": {"description": "A length that reads differently in the other byte order."},
    "Boundary": {"description": "A body exactly at the limit, or one byte beside it."},
    "Unfinished": {
        "description": "The last frame is not complete: it is neither delivered nor an error until the stream ends."
    },
    "Empty": {"description": "A length of 0."},
    "TooLarge": {
        "description": "A length over the limit: an error as soon as its four bytes are there.",
        "danger": "A reader that waits for the body, or reserves room for it, can be made to hold 4 GiB by four bytes.",
    },
    "AfterGood": {"description": "Right frames stand before the wrong one: they are delivered, nothing after it is."},
    "Raised": {"description": "The limit is raised between two chunks, as after Welcome."},
}


NOISE_NOTES: dict[str, dict] = {
    "Session": {"description": "As a session has it: prologue /0k-sync/1, all payloads empty."},
    "Payloads": {"description": "Handshake messages carry payloads, which Noise allows and a session refuses."},
    "OtherPrologue": {"description": "Another prologue than a session's."},
    "DeviceId": {
        "description": "SHA-256 over the label, the static X25519 key and the static ML-KEM key.",
        "danger": "An id over one key alone lets whoever breaks that one algorithm impersonate the device.",
    },
    "Tampered": {"description": "Bytes changed on the way."},
    "Prologue": {"description": "The two sides mix different prologues."},
    "Name": {"description": "The two sides hash different protocol names."},
    "Classical": {
        "description": "The first message of a handshake that is not hybrid.",
        "danger": "A downgrade: either half alone can be broken later.",
    },
    "Short": {"description": "A message too short for its tokens and tags."},
    "Long": {"description": "A message over 65,535 bytes."},
    "Boundary": {"description": "A message at the largest length."},
    "KemKey": {
        "description": "An ML-KEM key with a coefficient of q or more; FIPS 203 has the encapsulating side refuse it.",
        "danger": "Two encodings of one key: the identity that a peer shows is not unique.",
    },
    "DhKey": {
        "description": "An X25519 key with bit 255 set, or not reduced modulo p.",
        "danger": "Two encodings of one key: the identity that a peer shows is not unique.",
    },
    "LowOrder": {
        "description": "An X25519 key of small order: every shared secret with it is all zero.",
        "danger": "The classical half of the handshake contributes nothing.",
    },
    "UnexpectedPayload": {"description": "A handshake message carries a payload, where a session has none."},
    "Turn": {"description": "A side reads or writes when it is the other's turn."},
    "Rekey": {
        "description": "At or beside a change of key: after the nonces 65,535, 131,071, … The nonce goes on.",
        "danger": "A session that works in every short test ends after 65,536 messages.",
    },
    "Nonce": {"description": "A nonce encoded or counted in another way."},
    "Replay": {"description": "Messages repeated, reordered or left out."},
}
