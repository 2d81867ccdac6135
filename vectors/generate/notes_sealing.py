"""What the flags of the files about ids, keys, seals and membership mean."""

from __future__ import annotations

PADDING_NOTES: dict[str, dict] = {
    "Smallest": {"description": "Nothing is padded to less than 256 bytes."},
    "Power": {"description": "At a power of two or one byte beside it, where the step of the padding changes."},
    "Largest": {"description": "An array with the largest data, all fields present and all integers in 9 bytes."},
    "OffByOne": {"description": "One byte beside the right length."},
    "Unpadded": {
        "description": "The length itself, or another that no padding gives.",
        "danger": "The relay reads the length of the data off the length of the blob.",
    },
    "PowerOfTwo": {"description": "Padded to the next power of two, which can double a blob."},
    "Formula": {"description": "PADMÉ with one bit more or less for the step."},
}

SEAL_NOTES: dict[str, dict] = {
    "Deployed": {"description": "Bytes that the deployed implementation sealed."},
    "Canonical": {"description": "Sealing `opened` with `nonce` gives exactly `sealed`."},
    "OtherForm": {
        "description": "The array is written with longer headers or integers than need be. No writer does; a reader may "
        "open it or refuse it."
    },
    "Empty": {"description": "No data at all."},
    "BigInteger": {
        "description": "An integer of 2^53 or more.",
        "danger": "Rounded to a double, two blobs of one author have the same number.",
    },
    "Boundary": {"description": "A length at which the padding or a header changes."},
    "FirstBlob": {"description": "The author had pulled nothing: no epoch, no blob, cursor 0."},
    "Odd": {"description": "Well-formed, but no author says this: a reader may open it or refuse it."},
    "Large": {"description": "Given by its plaintext, because the ciphertext is too long to print."},
    "Short": {"description": "Fewer bytes than version, nonce and tag."},
    "Version": {
        "description": "The first byte is not 2.",
        "danger": "A reader that tries the other seal lets the relay choose the weaker one.",
    },
    "Tampered": {"description": "Bytes changed, cut off or added on the way."},
    "OtherKey": {"description": "Opened with another key than it was sealed with."},
    "OtherGroup": {"description": "The additional data name another group."},
    "OtherBlob": {
        "description": "The additional data name another blob.",
        "danger": "The relay can hand out the content of one blob as that of another.",
    },
    "OtherAad": {"description": "The additional data are put together in another way."},
    "OtherSeal": {"description": "The seal of the other version of groups."},
    "PaddingByte": {
        "description": "A byte behind the array is not zero.",
        "danger": "A hidden channel that no user sees.",
    },
    "PaddingLength": {
        "description": "The plaintext is longer or shorter than the padding of its array asks for.",
        "danger": "The length tells the relay more than it should.",
    },
    "Arity": {"description": "The array has too few or too many elements."},
    "Type": {"description": "An element of another type, or a byte string of another length."},
    "Nil": {"description": "nil where a value belongs."},
    "Float": {"description": "A float where an integer belongs.", "danger": "Large numbers lose their low bits."},
    "Negative": {"description": "A negative integer."},
    "Truncated": {"description": "The plaintext ends within the array."},
    "TooLarge": {"description": "More than 1,032,064 bytes of data."},
    "Ambiguous": {
        "description": "The input breaks two rules at one place: the classes in `otherErrors` are as right as `error`."
    },
}

KDF_NOTES: dict[str, dict] = {
    "Deployed": {"description": "Derived by the deployed implementation."},
    "WrongLabel": {
        "description": "The claimed key was derived with another label.",
        "danger": "Two purposes share one key, or devices of one group cannot read each other.",
    },
    "WrongSalt": {"description": "The claimed key was derived with another salt, or with none."},
    "Swapped": {"description": "Salt, secret and label in each other's places."},
    "WrongInput": {"description": "The claimed key was derived from another secret or blob_id."},
    "NotHkdf": {"description": "The claimed key is a hash or half of the derivation."},
    "SecretLength": {"description": "A group secret that has not 32 bytes."},
    "Passphrase": {"description": "group_secret = Argon2id(passphrase, salt), version 0x13, 32 bytes."},
    "Normalised": {
        "description": "v2 groups take the UTF-8 of the passphrase's NFC.",
        "danger": "The same passphrase typed on a phone and on a computer opens two groups.",
    },
    "AsTyped": {"description": "v1 groups take the bytes as typed, without normalisation."},
    "OtherSalt": {
        "description": "The salt has not 16 bytes. The deployed implementation derives all the same: to derive this or to "
        "refuse it are both right."
    },
    "EmptyPassphrase": {"description": "A passphrase without a character."},
    "Memory": {"description": "The memory is below or above what is accepted."},
    "Iterations": {"description": "The number of passes is below or above what is accepted."},
    "Parallelism": {"description": "The number of lanes is below or above what is accepted."},
    "SaltLength": {"description": "A salt that has not 16 bytes."},
    "Creator": {"description": "What a creator takes for its RAM."},
    "Boundary": {"description": "At the edge of what is accepted."},
    "WrongVariant": {"description": "Claimed is what Argon2i, Argon2d or version 0x10 gives."},
    "WrongParameters": {"description": "Claimed is what other parameters give."},
}

DEVICE_NAME_NOTES: dict[str, dict] = {
    "Canonical": {"description": "Sealing `opened` with the nonce that stands in `sealed` gives `sealed`."},
    "Boundary": {"description": "As short or as long as a name can be."},
    "NotNormalised": {
        "description": "The name that was sealed is not in NFC: it is shown as it is.",
        "danger": "A reader that refuses it, or has an older Unicode, shows no name.",
    },
    "Plain": {"description": "Without ~: a plain name, which is not opened."},
    "Length": {"description": "The base64url of more or fewer than 168 bytes."},
    "Base64url": {"description": "A character that is not in the alphabet of base64url."},
    "Tampered": {"description": "Bytes changed or moved on the way."},
    "OtherKey": {"description": "Sealed with another key."},
    "OtherDevice": {
        "description": "Sealed for another device.",
        "danger": "The relay exchanges two names, and the user revokes the wrong device.",
    },
    "OtherGroup": {"description": "Sealed for another group."},
    "OtherAad": {"description": "The additional data are put together in another way."},
    "Padding": {"description": "No zero byte ends the name, or a byte behind the first one is not zero."},
    "Utf8": {"description": "What was sealed is not well-formed UTF-8."},
    "Normalised": {"description": "The name is brought into NFC before it is cut and sealed."},
    "Cut": {"description": "A name of more than 127 bytes is cut between two characters (Unicode scalar values)."},
    "WrongPadding": {"description": "Sealed with another padding than zero bytes to 128 bytes."},
    "Nul": {
        "description": "U+0000, which is the padding, cannot be in a name.",
        "danger": "Devices show a part of the name, or none.",
    },
    "OtherForm": {"description": "Sealed rightly, and written in another way."},
}

CONTENT_NOTES: dict[str, dict] = {
    "Deployed": {"description": "Bytes that the deployed implementation encrypted."},
    "OtherBlobId": {
        "description": "The blob_id has not 16 bytes. The deployed implementation derives a key all the same: to open this "
        "or to refuse it are both right."
    },
    "Hash": {
        "description": "content_hash is not BLAKE3 of the ciphertext.",
        "danger": "Whoever stores the content can put another of the group's in its place.",
    },
    "Size": {"description": "The sizes do not fit the bytes or each other."},
    "TooLarge": {
        "description": "More than 100 MiB: refused before anything is fetched.",
        "danger": "One small message makes a phone fetch without end.",
    },
    "Tag": {"description": "Hash and sizes fit, the tag does not."},
    "OtherKey": {"description": "The key of another blob_id, secret or purpose."},
    "OtherAad": {"description": "Encrypted with additional data, of which content has none."},
    "Nonce": {"description": "Another nonce than it was encrypted with."},
}

ID_NOTES: dict[str, dict] = {
    "DeviceId": {
        "description": "SHA-256 over the label, the static X25519 key and the static ML-KEM key.",
        "danger": "An id over one key alone lets whoever breaks that one algorithm impersonate the device.",
    },
    "Deployed": {"description": "An id that the deployed implementation made."},
    "WrongLabel": {"description": "Hashed with another label, or with none."},
    "WrongInput": {"description": "Hashed over other bytes than the id is made of."},
    "KeyLength": {"description": "A key or secret of another length."},
    "Canonical": {"description": "Writing `bytes` gives `text`, reading `text` gives `bytes`."},
    "Padding": {"description": "Padded with =, which this protocol never writes.", "danger": "One id has two texts."},
    "TrailingBits": {
        "description": "The last character has bits that stand for nothing.",
        "danger": "One id has four or sixteen texts; comparing them as text fails.",
    },
    "Alphabet": {"description": "A character that is not in the alphabet."},
    "Length": {"description": "The text of more or fewer bytes than the id has."},
    "UpperCase": {"description": "Upper-case digits: never written; a reader may take them."},
    "Version": {"description": "A UUID that is not of version 4: a blob_id is any 16 bytes."},
    "Hyphens": {"description": "Hyphens missing, added or elsewhere."},
    "Decorated": {"description": "Braces, a prefix or spaces around the digits."},
}

MEMBERSHIP_NOTES: dict[str, dict] = {
    "Right": {"description": "A proof as members make it; signing again gives the same signature."},
    "SmallOrderR": {"description": "R is the neutral point in its canonical form: RFC 8032 takes the signature."},
    "OtherKey": {
        "description": "The key does not hash to the group's id.",
        "danger": "Whoever learns a group's id is let in with a key of his own.",
    },
    "OtherDevice": {"description": "Signed for another device.", "danger": "A proof seen once serves any device."},
    "OtherGroup": {"description": "Signed for another group."},
    "OtherLabel": {"description": "Signed under another label, or with the parts put together in another way."},
    "OtherVariant": {"description": "Ed25519ph or Ed25519ctx, which sign other bytes."},
    "BitFlip": {"description": "One bit of a right proof is changed."},
    "LargeS": {"description": "S is the group order or more.", "danger": "One signature has many encodings."},
    "NonCanonicalA": {"description": "The key is no canonical encoding of a point."},
    "NonCanonicalR": {"description": "R is no canonical encoding of a point."},
    "SmallOrderA": {
        "description": "The key is of small order; the equation holds.",
        "danger": "A group whose signatures anybody can make, for any device.",
    },
    "NotAPoint": {"description": "A y coordinate with no point of the curve."},
    "Forged": {"description": "What someone without the key can put together."},
    "MixedOrder": {
        "description": "A or R has a part of small order: the cofactored and the cofactorless equation may disagree."
    },
}

ENVELOPE_NOTES: dict[str, dict] = {
    "Deployed": {"description": "Bytes that the deployed implementation wrote."},
    "Canonical": {"description": "Writing `envelope` gives `hex`, reading `hex` gives `envelope`."},
    "ReadOnly": {"description": "Envelope 1 is read and never written."},
    "OtherForm": {"description": "Another right form of the same envelope: reading is tested, writing is not."},
    "BigInteger": {
        "description": "An integer of 2^53 or more.",
        "danger": "Rounded to a double, it is another number.",
    },
    "Boundary": {"description": "A payload at the edge of a MessagePack header."},
    "OtherVersion": {"description": "The deployed implementation writes any version byte: to read it or not is right."},
    "Version": {"description": "A version that is neither 1 nor 2."},
    "Arity": {"description": "The array has too few or too many elements."},
    "Type": {"description": "An element of another type."},
    "Length": {"description": "A byte string of fixed length with another one."},
    "Integer": {"description": "An integer out of range, or a float."},
    "Truncated": {"description": "The input ends too early."},
    "TrailingBytes": {"description": "Bytes follow the envelope."},
    "BytesForArray": {"description": "bin where Envelope 1 has an array of integers, or the other way round."},
    "ReservedByte": {"description": "0xc1, which no MessagePack value begins with."},
    "NotAnEnvelope": {"description": "Something else than an array."},
    "Ambiguous": {
        "description": "The input breaks two rules at one place: the classes in `otherErrors` are as right as `error`."
    },
}
