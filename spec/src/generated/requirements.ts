// Generated from the YAML files of spec/ by `npm run generate`. Do not edit.

import type { Decision, Requirement } from '../requirement.ts';

/** The version of the specification. */
export const SPEC_VERSION = "0.0.0";

export const AREAS = [
 {
  "area": "CHAOS",
  "title": "Under faults",
  "section": "15. What must hold when the world misbehaves"
 },
 {
  "area": "CLI",
  "title": "Clients",
  "section": "13. Client"
 },
 {
  "area": "CODE",
  "title": "Short codes",
  "section": "11. Pairing"
 },
 {
  "area": "CONT",
  "title": "Content",
  "section": "10. End-to-end encryption"
 },
 {
  "area": "CUR",
  "title": "Cursor semantics",
  "section": "6. Cursor semantics"
 },
 {
  "area": "ENV",
  "title": "Outside a session: envelopes and ids as text",
  "section": "1. Identifiers, 3. Messages"
 },
 {
  "area": "ERR",
  "title": "Errors and close codes",
  "section": "7. Errors"
 },
 {
  "area": "FRAME",
  "title": "Frames, WebSocket carriage and flow",
  "section": "2. Layers"
 },
 {
  "area": "HS",
  "title": "Noise handshake and secure channel",
  "section": "2. Layers"
 },
 {
  "area": "INV",
  "title": "Invites",
  "section": "11. Pairing"
 },
 {
  "area": "KEY",
  "title": "Group secrets and keys",
  "section": "10. End-to-end encryption"
 },
 {
  "area": "LIM",
  "title": "Limits that the core needs",
  "section": "8. Limits"
 },
 {
  "area": "MEM",
  "title": "Membership",
  "section": "9. Membership"
 },
 {
  "area": "OPS",
  "title": "Operations",
  "section": "14. Relay operations"
 },
 {
  "area": "SEAL",
  "title": "Seals and device names",
  "section": "10. End-to-end encryption"
 },
 {
  "area": "SES",
  "title": "Session",
  "section": "5. Session"
 },
 {
  "area": "WIRE",
  "title": "Identifiers, messages and encoding",
  "section": "1. Identifiers, 3. Messages, 4. Encodings"
 }
] as const;

export const REQUIREMENTS: readonly Requirement[] = [
 {
  "id": "CHAOS-01",
  "level": "MUST",
  "party": "relay",
  "profile": "chaos",
  "text": "A relay MUST let devices with 200 ms of latency each way push and pull all blobs, byte for byte.",
  "source": "decision",
  "why": "Mobile networks are like that.",
  "area": "CHAOS"
 },
 {
  "id": "CHAOS-02",
  "level": "MUST",
  "party": "relay",
  "profile": "chaos",
  "text": "A relay MUST keep answers and cursors in order while the latency changes.",
  "source": "decision",
  "why": "Edits would seem lost, or overtake each other.",
  "area": "CHAOS"
 },
 {
  "id": "CHAOS-03",
  "level": "MUST",
  "party": "relay",
  "profile": "chaos",
  "text": "A relay MUST complete both directions over 10 ms of latency up and 500 ms down.",
  "source": "decision",
  "why": "Lines are seldom the same in both directions.",
  "area": "CHAOS"
 },
 {
  "id": "CHAOS-04",
  "level": "MUST",
  "party": "relay",
  "profile": "chaos",
  "text": "A relay MUST let a device with 650 ms of latency each way reach Welcome within the default timers.",
  "source": "decision",
  "why": "Whoever is behind a satellite would be shut out.",
  "area": "CHAOS"
 },
 {
  "id": "CHAOS-05",
  "level": "MUST",
  "party": "relay",
  "profile": "chaos",
  "text": "A relay MUST serve a device after a partition of 30 s from the cursor that it presents, each blob once.",
  "source": "decision",
  "why": "A tunnel would cost all data again.",
  "area": "CHAOS"
 },
 {
  "id": "CHAOS-06",
  "level": "MUST",
  "party": "relay",
  "profile": "chaos",
  "text": "A relay MUST return each acknowledged blob, and no blob twice, after SIGKILL in the middle of pushes.",
  "source": "decision",
  "why": "An acknowledgement would be no promise.",
  "area": "CHAOS"
 },
 {
  "id": "CHAOS-07",
  "level": "MUST",
  "party": "relay",
  "profile": "chaos",
  "text": "A relay MUST accept everything that was queued once its clients reach it again, repeats under their first cursor.",
  "source": "decision",
  "why": "Edits made without network would never arrive, or twice.",
  "area": "CHAOS"
 },
 {
  "id": "CHAOS-08",
  "level": "MUST",
  "party": "relay",
  "profile": "chaos",
  "text": "A relay MUST end a half-open connection after idle_timeout_secs, and welcome its device again before that.",
  "source": "decision",
  "why": "Phones that are gone would fill the relay.",
  "area": "CHAOS"
 },
 {
  "id": "CHAOS-09",
  "level": "MUST",
  "party": "relay",
  "profile": "chaos",
  "text": "A relay MUST end a handshake that stops after the first message by hello_timeout_secs, and complete the next one of the device.",
  "source": "decision",
  "why": "One bad network would lock a device out.",
  "area": "CHAOS"
 },
 {
  "id": "CHAOS-10",
  "level": "MUST",
  "party": "relay",
  "profile": "chaos",
  "text": "A relay MUST end a handshake that stops after the second message by hello_timeout_secs, and complete the next one of the device.",
  "source": "decision",
  "why": "One bad network would lock a device out.",
  "area": "CHAOS"
 },
 {
  "id": "CHAOS-11",
  "level": "MUST",
  "party": "relay",
  "profile": "chaos",
  "text": "A relay MUST end a handshake that stops after the third message by hello_timeout_secs, and complete the next one of the device.",
  "source": "decision",
  "why": "One bad network would lock a device out.",
  "area": "CHAOS"
 },
 {
  "id": "CHAOS-12",
  "level": "MUST",
  "party": "relay",
  "profile": "chaos",
  "text": "A relay MUST have exactly one blob, whole, for a Push that was cut anywhere and repeated.",
  "source": "decision",
  "why": "Half of a blob opens nowhere.",
  "area": "CHAOS"
 },
 {
  "id": "CHAOS-13",
  "level": "MUST",
  "party": "relay",
  "profile": "chaos",
  "text": "A relay MUST return a page again, whole, whose response was cut.",
  "source": "decision",
  "why": "What never arrived would count as delivered.",
  "area": "CHAOS"
 },
 {
  "id": "CHAOS-14",
  "level": "MUST",
  "party": "relay",
  "profile": "chaos",
  "text": "A relay MUST go on after the cursor that a device presents which was cut off while it caught up.",
  "source": "decision",
  "why": "A device on a bad line would never catch up.",
  "area": "CHAOS"
 },
 {
  "id": "CHAOS-15",
  "level": "MUST",
  "party": "relay",
  "profile": "chaos",
  "text": "A relay MUST show the same blobs and go on with the cursors after a restart and after SIGKILL.",
  "source": "decision",
  "why": "All devices would reset after each update.",
  "area": "CHAOS"
 },
 {
  "id": "CHAOS-16",
  "level": "MUST",
  "party": "relay",
  "profile": "chaos",
  "text": "A relay MUST serve all blobs to the first Pull after a cold start.",
  "source": "decision",
  "why": "A restart would look like an empty relay.",
  "area": "CHAOS"
 },
 {
  "id": "CLI-01",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST count as highest seen the largest cursor that it has received or that a PullResponse with blobs has reached by its max_cursor.",
  "source": "deployed",
  "why": "The device could not tell that a relay has gone back.",
  "errors": [
   "mismatch"
  ],
  "area": "CLI"
 },
 {
  "id": "CLI-02",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST count as highest contiguous the largest cursor up to which it has received every cursor, or had a PullResponse for it, whatever the order in which they came.",
  "source": "deployed",
  "why": "The device would present a cursor that skips blobs, or one that makes it pull the same blobs again and again.",
  "errors": [
   "mismatch"
  ],
  "area": "CLI"
 },
 {
  "id": "CLI-03",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST count everything up to the max_cursor of a PullResponse as contiguous if it answered an after_cursor at or below the highest contiguous, holes included.",
  "source": "decision",
  "why": "Where one blob has expired, the device would take it for missing for ever.",
  "errors": [
   "mismatch"
  ],
  "area": "CLI"
 },
 {
  "id": "CLI-04",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST count as had everything from after_cursor + 1 to the max_cursor of a PullResponse that answered an after_cursor above the highest contiguous, and nothing below.",
  "source": "decision",
  "why": "Blobs below that nobody asked for would be skipped.",
  "errors": [
   "mismatch"
  ],
  "area": "CLI"
 },
 {
  "id": "CLI-05",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST treat the cursors of a page in the same way whether has_more is true or false.",
  "source": "decision",
  "why": "The device would take for had what stands on the next page.",
  "errors": [
   "mismatch"
  ],
  "area": "CLI"
 },
 {
  "id": "CLI-06",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST leave its cursors as they are after a PullResponse whose max_cursor is the after_cursor that it answered.",
  "source": "decision",
  "why": "A pull beyond the end would make the device skip all that comes later.",
  "errors": [
   "mismatch"
  ],
  "area": "CLI"
 },
 {
  "id": "CLI-07",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST NOT lower its highest seen or highest contiguous for a cursor or a page that comes late or twice.",
  "source": "deployed",
  "why": "The device would pull and apply everything again.",
  "errors": [
   "mismatch"
  ],
  "area": "CLI"
 },
 {
  "id": "CLI-08",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST track cursors exactly up to 2^64−1.",
  "source": "deployed",
  "why": "Values above 2^53 would be rounded, and a blob be skipped.",
  "errors": [
   "mismatch"
  ],
  "area": "CLI"
 },
 {
  "id": "CLI-09",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST count as gaps the runs of cursors, as long as they can be, above the highest contiguous and below the highest seen that it neither received nor had a PullResponse for.",
  "source": "decision",
  "why": "The device would not know what to pull, or pull what it has.",
  "errors": [
   "mismatch"
  ],
  "area": "CLI"
 },
 {
  "id": "CLI-10",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST keep no more than 10,000 gaps, the lowest ones, the last of which then reaches to where the highest of those that were left out ended.",
  "source": "decision",
  "why": "A wicked relay could fill the memory of a phone, or make it skip blobs.",
  "errors": [
   "mismatch"
  ],
  "area": "CLI"
 },
 {
  "id": "CLI-11",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST begin with no gap and 0 as highest seen and highest contiguous after a reset.",
  "source": "deployed",
  "why": "The device would go on from the end of a history that the relay has lost.",
  "errors": [
   "mismatch"
  ],
  "area": "CLI"
 },
 {
  "id": "CLI-12",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse cursor 0, and a PullResponse whose max_cursor is below the after_cursor that it answered, and leave its cursors as they are.",
  "source": "decision",
  "why": "A broken relay would move the device to a place where it never was.",
  "errors": [
   "out-of-range"
  ],
  "area": "CLI"
 },
 {
  "id": "CLI-13",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST wait before its n-th attempt in a row, n from 1 and without end, the smaller of 30 s and 2^(n−1) s, and 0 to 5 s more in whole milliseconds.",
  "source": "deployed",
  "why": "Devices would hammer a relay that is down, or give up on one that comes back.",
  "errors": [
   "mismatch",
   "out-of-range"
  ],
  "area": "CLI"
 },
 {
  "id": "CLI-14",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST draw the 0 to 5 s of its backoff anew and evenly for each wait.",
  "source": "deployed",
  "why": "All devices of a relay that restarts would come back at the same moment.",
  "planned": true,
  "area": "CLI"
 },
 {
  "id": "CLI-15",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST begin again with n = 1 after a success, which is a Welcome, or for a request any answer but Error 2000 or 3002.",
  "source": "deployed",
  "why": "After one bad night every hiccup would cost half a minute.",
  "errors": [
   "mismatch"
  ],
  "area": "CLI"
 },
 {
  "id": "CLI-16",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST try again after its backoff after an Error with a code that it does not know.",
  "source": "decision",
  "why": "A later version of the relay would shut out older devices for ever.",
  "errors": [
   "mismatch"
  ],
  "area": "CLI"
 },
 {
  "id": "CLI-17",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST take retry_after_ms exactly up to 2^64−1.",
  "source": "decision",
  "why": "A wait that overflows would become none, and the device hammer the relay.",
  "errors": [
   "mismatch"
  ],
  "area": "CLI"
 },
 {
  "id": "CLI-18",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST ignore retry_after_ms of an Error other than 2000 and 3000.",
  "source": "decision",
  "why": "A relay could stop devices that should come back soon.",
  "errors": [
   "mismatch"
  ],
  "area": "CLI"
 },
 {
  "id": "CLI-19",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST report Error 1004, 1006, 1007, 2001, 2002 or 2003 and not repeat the request by itself.",
  "source": "decision",
  "why": "The device would send again and again what can never be accepted.",
  "errors": [
   "mismatch"
  ],
  "area": "CLI"
 },
 {
  "id": "CODE-01",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST draw the 80 bits of a short code anew, from a generator of cryptographic random numbers, for each code, and never derive them from the group_secret.",
  "source": "decision",
  "why": "A code that somebody overhears would give part of the secret away, or be the same twice.",
  "planned": true,
  "area": "CODE"
 },
 {
  "id": "CODE-02",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST show a short code as the 16 characters of the base32 of its 80 bits (RFC 4648, upper case) in four blocks of four with \"-\" between them.",
  "source": "decision",
  "why": "People could not type the code of one app into another.",
  "errors": [
   "mismatch"
  ],
  "area": "CODE"
 },
 {
  "id": "CODE-03",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST ignore the case of the letters, spaces (U+0020) and hyphens (U+002D) in a short code that is typed.",
  "source": "decision",
  "why": "People would be told that a right code is wrong.",
  "area": "CODE"
 },
 {
  "id": "CODE-04",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST take 0 for O, 1 for I and 8 for B in a short code that is typed.",
  "source": "decision",
  "why": "People who read a code out, or off a screen, would be told that it is wrong.",
  "area": "CODE"
 },
 {
  "id": "CODE-05",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse a short code with any other character.",
  "source": "decision",
  "why": "Letters that merely look alike would make another code, and a guess be counted.",
  "errors": [
   "malformed"
  ],
  "area": "CODE"
 },
 {
  "id": "CODE-06",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse a short code that has not 16 characters when spaces and hyphens are left out.",
  "source": "decision",
  "why": "A code that is half typed would be looked up.",
  "errors": [
   "wrong-length"
  ],
  "area": "CODE"
 },
 {
  "id": "CODE-07",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST stretch a short code by Argon2id, version 0x13, of its 16 characters in upper case, with the first 16 bytes of the SHA-256 of \"0k-sync-short-code-v1\" as salt, m 65,536, t 3 and p 1, to 32 bytes.",
  "source": "decision",
  "why": "Two apps would look for one code in two places, or codes be cheap to guess.",
  "errors": [
   "mismatch"
  ],
  "area": "CODE"
 },
 {
  "id": "CODE-08",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST derive the lookup key of a short code as HKDF-SHA256 of the stretched code with the salt \"0k-sync-short-code-v1\" and the info \"lookup\", 16 bytes, and write it in lower-case hexadecimal digits.",
  "source": "decision",
  "why": "Two apps would look for one code in two places.",
  "errors": [
   "mismatch"
  ],
  "area": "CODE"
 },
 {
  "id": "CODE-09",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST derive the key that seals the invite of a short code as HKDF-SHA256 of the stretched code with the salt \"0k-sync-short-code-v1\" and the info \"seal\", 32 bytes.",
  "source": "decision",
  "why": "Two apps could not open each other’s invites.",
  "errors": [
   "mismatch"
  ],
  "area": "CODE"
 },
 {
  "id": "CODE-10",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST seal the bytes of an invite, as they stand before base64url, as a nonce of 24 bytes and XChaCha20-Poly1305 with the 16 bytes of the lookup key as additional data.",
  "source": "decision",
  "why": "Two apps could not open each other’s invites.",
  "errors": [
   "decrypt"
  ],
  "area": "CODE"
 },
 {
  "id": "CODE-11",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse a sealed invite of less than 40 bytes.",
  "source": "decision",
  "why": "Code that takes the nonce off would read past the end.",
  "errors": [
   "too-short"
  ],
  "area": "CODE"
 },
 {
  "id": "CODE-12",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse a sealed invite whose tag does not fit.",
  "source": "rfc",
  "why": "A relay could lead the device into a group of its own.",
  "errors": [
   "decrypt"
  ],
  "area": "CODE"
 },
 {
  "id": "CODE-13",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST NOT send any character of a short code, nor the stretched code, to a relay.",
  "source": "decision",
  "why": "The relay could open the invite and join the group.",
  "planned": true,
  "area": "CODE"
 },
 {
  "id": "CONT-01",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST encrypt content by XChaCha20-Poly1305 under its content key with the encryption_nonce of the ContentRef and without additional data, and store ciphertext and tag alone.",
  "source": "deployed",
  "why": "Photographs and files would not open on other devices.",
  "area": "CONT"
 },
 {
  "id": "CONT-02",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST take BLAKE3, 32 bytes, of the ciphertext with its tag as content_hash.",
  "source": "deployed",
  "why": "Other devices would not find the content.",
  "errors": [
   "wrong-hash"
  ],
  "area": "CONT"
 },
 {
  "id": "CONT-03",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST put the length of the content as content_size, and 16 more as encrypted_size, in the ContentRef.",
  "source": "deployed",
  "why": "Other devices would refuse the content.",
  "errors": [
   "wrong-size"
  ],
  "area": "CONT"
 },
 {
  "id": "CONT-04",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST take content of up to 104,857,600 bytes.",
  "source": "deployed",
  "why": "A file that one device could send would not reach another.",
  "area": "CONT"
 },
 {
  "id": "CONT-05",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse content of more than 104,857,600 bytes, to encrypt as well as to fetch, before it fetches any of it.",
  "source": "deployed",
  "why": "One small message could make a phone fetch without end.",
  "errors": [
   "too-large"
  ],
  "area": "CONT"
 },
 {
  "id": "CONT-06",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse a ContentRef whose encrypted_size is not content_size + 16, before it fetches anything.",
  "source": "decision",
  "why": "A wrong size would be noticed only after the whole content was fetched.",
  "errors": [
   "wrong-size"
  ],
  "area": "CONT"
 },
 {
  "id": "CONT-07",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse content that was fetched with another length than encrypted_size.",
  "source": "decision",
  "why": "A file cut on the way would be taken for whole.",
  "errors": [
   "wrong-size"
  ],
  "area": "CONT"
 },
 {
  "id": "CONT-08",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse content whose BLAKE3 is not content_hash, before it decrypts it.",
  "source": "deployed",
  "why": "A store could put other content of the group in its place.",
  "errors": [
   "wrong-hash"
  ],
  "area": "CONT"
 },
 {
  "id": "CONT-09",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse content whose tag does not fit.",
  "source": "rfc",
  "why": "Content that was changed would reach the app.",
  "errors": [
   "decrypt"
  ],
  "area": "CONT"
 },
 {
  "id": "CONT-10",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST stop fetching content as soon as more than encrypted_size bytes have come.",
  "source": "decision",
  "why": "A wicked store could fill the memory of a phone.",
  "planned": true,
  "area": "CONT"
 },
 {
  "id": "CONT-11",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST send ContentRef and ContentAck sealed inside a Push alone.",
  "source": "decision",
  "why": "A relay would learn which content belongs to which edit, and old relays end the session.",
  "planned": true,
  "area": "CONT"
 },
 {
  "id": "CUR-01",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST give the first accepted Push of a group the cursor 1.",
  "source": "decision",
  "why": "A device that starts from 0 would otherwise miss a first blob numbered 0, or wait for a blob that never was.",
  "area": "CUR"
 },
 {
  "id": "CUR-02",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST give each accepted Push the cursor that is exactly one above the highest ever assigned in its group.",
  "source": "decision",
  "why": "A gap looks like a lost blob, and clients would search for it for ever.",
  "area": "CUR"
 },
 {
  "id": "CUR-03",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST give Pushes that arrive at once on several connections of a group cursors that are all different and together form a run without a gap.",
  "source": "decision",
  "why": "Two devices that save in the same moment would otherwise share a number, and one of the two edits would never be pulled.",
  "area": "CUR"
 },
 {
  "id": "CUR-04",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST NOT use up a cursor for a Push that it answers with an Error or that repeats a blob_id it knows in the group.",
  "source": "decision",
  "why": "A refused upload would leave a hole that other devices take for a missing blob.",
  "area": "CUR"
 },
 {
  "id": "CUR-05",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST NOT give a cursor that a PushAck, a PullResponse, a Notify or a Welcome has shown to another blob after it was started again, be it after an orderly stop or after SIGKILL.",
  "source": "decision",
  "why": "Two blobs would bear one number, and devices that saw the first would skip the second.",
  "area": "CUR"
 },
 {
  "id": "CUR-06",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST NOT assign the cursor of an expired blob again, whether the blob has been cleaned up or not and also when no live blob is left in the group.",
  "source": "decision",
  "why": "Devices that are past that number would never see the blob that took it over.",
  "area": "CUR"
 },
 {
  "id": "CUR-07",
  "level": "MUST",
  "party": "relay",
  "profile": "devices",
  "text": "A relay MUST NOT assign the cursor of a deleted blob again.",
  "source": "decision",
  "why": "Devices that are past that number would never see the blob that took it over.",
  "area": "CUR"
 },
 {
  "id": "CUR-08",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST count each group by itself, so that a Push in one group changes neither the next cursor nor Welcome.max_cursor of another.",
  "source": "decision",
  "why": "A shared counter tells every group how busy the others are, and leaves holes in each.",
  "area": "CUR"
 },
 {
  "id": "CUR-09",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST answer a Push whose blob_id and payload it knows in the group with a PushAck that carries the cursor and the digest of the first PushAck, over whatever connection and from whatever device of the group it comes.",
  "source": "decision",
  "why": "A client that repeats a Push after a lost answer would believe that its edit exists twice.",
  "area": "CUR"
 },
 {
  "id": "CUR-10",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST keep the expiry that the first Push of a blob set, whatever ttl a repeat carries.",
  "source": "decision",
  "why": "Anyone in the group could keep a blob alive for ever, or make it vanish early, by pushing it again.",
  "area": "CUR"
 },
 {
  "id": "CUR-11",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST keep the first pusher's DeviceId as the sender of a blob that another device pushes again.",
  "source": "decision",
  "why": "Blobs would change hands, and with them the right to delete them.",
  "area": "CUR"
 },
 {
  "id": "CUR-12",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST answer a Push whose blob_id it knows in the group with another payload with Error 1006 and go on with the session.",
  "source": "decision",
  "why": "An edit would be acknowledged that nobody can ever pull.",
  "errors": [
   1006
  ],
  "area": "CUR"
 },
 {
  "id": "CUR-13",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST leave the stored blob as it was (payload, cursor, sender, expiry) when it answers a Push with Error 1006.",
  "source": "decision",
  "why": "A collision of ids would overwrite data that other devices count on.",
  "area": "CUR"
 },
 {
  "id": "CUR-14",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST answer several Pushes of one blob_id with one payload that arrive at once on different connections all with the same cursor and store one blob.",
  "source": "decision",
  "why": "Two devices that re-send the same blob after a reset would double it for everyone.",
  "area": "CUR"
 },
 {
  "id": "CUR-15",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST answer exactly one of several Pushes of one new blob_id with different payloads that arrive at once with a PushAck, and each of the others with Error 1006.",
  "source": "decision",
  "why": "Two clients would both believe that their bytes are the ones stored.",
  "errors": [
   1006
  ],
  "area": "CUR"
 },
 {
  "id": "CUR-16",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST know a blob_id for max_ttl seconds after its blob expired, so that a Push of the same payload is answered with the first cursor and digest, one of another payload with Error 1006, and neither is stored or returned by a Pull.",
  "source": "decision",
  "why": "A device that was offline and re-sends its outbox would bring expired data back to life.",
  "errors": [
   1006
  ],
  "area": "CUR"
 },
 {
  "id": "CUR-17",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST answer a repeated Push with its first cursor also after a restart in between.",
  "source": "decision",
  "why": "A restart in the middle of a retry would double the blob.",
  "area": "CUR"
 },
 {
  "id": "CUR-18",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST treat the same blob_id in two groups as two blobs, each with the cursor and payload of its own group.",
  "source": "decision",
  "why": "One group could block, or learn of, another one's blobs by guessing ids.",
  "area": "CUR"
 },
 {
  "id": "CUR-19",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST answer a Push that is larger than the largest blob with Error 2001 also when its blob_id is known in the group.",
  "source": "decision",
  "why": "Clients would be told of a conflict where the blob can never be stored, and would search for the wrong fault.",
  "errors": [
   2001
  ],
  "area": "CUR"
 },
 {
  "id": "CUR-20",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST look for a known blob_id before it looks for room, so that in a full group a repeated Push is answered with a PushAck and one of another payload with Error 1006.",
  "source": "decision",
  "why": "A client whose answer was lost would believe that a stored edit was refused for lack of room.",
  "errors": [
   1006
  ],
  "area": "CUR"
 },
 {
  "id": "CUR-21",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST answer a Push that is over the rate limit with Error 2000 also when it is larger than the largest blob.",
  "source": "decision",
  "why": "A flood of oversized pushes would go round the rate limit.",
  "errors": [
   2000
  ],
  "area": "CUR"
 },
 {
  "id": "CUR-22",
  "level": "MUST",
  "party": "relay",
  "profile": "chaos",
  "text": "A relay MUST answer a Push for which there is no room in the group with Error 2002, not 3002, also while its disk is failing.",
  "source": "decision",
  "why": "The client would try again and again what only freeing room can mend.",
  "errors": [
   2002
  ],
  "untestable": {
   "reason": "no outsider can make the disk of the relay fail",
   "covered_by": "relay/test/storage-failing.test.ts"
  },
  "area": "CUR"
 },
 {
  "id": "CUR-23",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST store nothing and remember no blob_id for a Push that it answers with an Error, so that the same blob_id can be pushed with another payload later.",
  "source": "decision",
  "why": "An app that shrinks a refused blob and retries would meet a conflict with data that nobody holds.",
  "area": "CUR"
 },
 {
  "id": "CUR-24",
  "level": "MUST",
  "party": "relay",
  "profile": "chaos",
  "text": "A relay MUST answer a Push that its storage failed to write with Error 3002, go on with the session, use up no cursor and let no Pull show the blob.",
  "source": "decision",
  "why": "Half-written edits would reach other devices although their author was told that they failed.",
  "errors": [
   3002
  ],
  "untestable": {
   "reason": "no outsider can make the disk of the relay fail",
   "covered_by": "relay/test/storage-failing.test.ts"
  },
  "area": "CUR"
 },
 {
  "id": "CUR-25",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST put the blob_id of the Push that it answers, and the SHA-256 of the payload as stored as digest, in every PushAck.",
  "source": "decision",
  "why": "A client could not tell that its edit was damaged on the way or on the disk.",
  "area": "CUR"
 },
 {
  "id": "CUR-26",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST still return every blob whose PushAck it sent, under the same cursor and byte for byte, after it was killed by SIGKILL and started again.",
  "source": "decision",
  "why": "Edits that the app showed as saved would be lost with the relay's process.",
  "area": "CUR"
 },
 {
  "id": "CUR-27",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST have each acknowledged blob on stable storage before it sends the PushAck, so that a power cut loses none.",
  "source": "decision",
  "why": "Edits that the app showed as saved would be lost in a power cut.",
  "untestable": {
   "reason": "a process cannot cut the power of the machine it runs on",
   "covered_by": "relay/test/white-box.test.ts"
  },
  "area": "CUR"
 },
 {
  "id": "CUR-28",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST have stored a Push that got no answer because the relay was killed either as a whole or not at all.",
  "source": "decision",
  "why": "Other devices would pull half a blob, or find a number that belongs to none.",
  "area": "CUR"
 },
 {
  "id": "CUR-29",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST store nothing for a Push of which the connection ended before the last byte of its frame.",
  "source": "decision",
  "why": "A phone that loses its network in mid-upload would leave a cut-off blob for all others.",
  "area": "CUR"
 },
 {
  "id": "CUR-30",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST return in a PullResponse only blobs whose cursor is greater than after_cursor.",
  "source": "decision",
  "why": "Devices would be sent again and again what they hold.",
  "area": "CUR"
 },
 {
  "id": "CUR-31",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST return the blobs of a PullResponse in strictly ascending order of their cursors.",
  "source": "decision",
  "why": "A client that stops in mid-page would skip what was sent out of order.",
  "area": "CUR"
 },
 {
  "id": "CUR-32",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST return every live blob of the group exactly once to a device that pulls from 0, each time with the max_cursor of the page before, until has_more is false.",
  "source": "decision",
  "why": "A new device would begin with an incomplete or doubled history.",
  "area": "CUR"
 },
 {
  "id": "CUR-33",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST return to a device also the blobs that it pushed itself.",
  "source": "decision",
  "why": "A reinstalled app that kept its key could never get its own data back.",
  "area": "CUR"
 },
 {
  "id": "CUR-34",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST return each blob with the payload byte for byte as it was pushed, its blob_id, and the cursor of its PushAck.",
  "source": "decision",
  "why": "One changed byte and the blob can no longer be opened.",
  "area": "CUR"
 },
 {
  "id": "CUR-35",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST accept an empty payload as a blob like any other and return it as a payload of 0 bytes.",
  "source": "decision",
  "why": "Apps that mark a deletion by an empty blob would find it refused, or lost.",
  "area": "CUR"
 },
 {
  "id": "CUR-36",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST put the DeviceId that the secure channel authenticated for the first pusher in the sender extension of each blob of a PullResponse in `bin`.",
  "source": "decision",
  "why": "A member of the group could pass its blobs off as another device's.",
  "area": "CUR"
 },
 {
  "id": "CUR-37",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST show the blob of PushAck(c) in every Pull with after_cursor < c that any connection of the group sends after the PushAck was received, unless the blob has expired, been deleted or been dropped.",
  "source": "decision",
  "why": "Two devices side by side would contradict each other about what is saved.",
  "area": "CUR"
 },
 {
  "id": "CUR-38",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST NOT let a blob appear under a cursor lower than one that a Pull has already shown.",
  "source": "decision",
  "why": "Devices move their cursor past it and never ask for it again: the edit is lost to them for good.",
  "area": "CUR"
 },
 {
  "id": "CUR-39",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST answer a Pull with has_more true if live blobs beyond the last returned one exist.",
  "source": "decision",
  "why": "A device that catches up would stop in the middle and show old data as current.",
  "area": "CUR"
 },
 {
  "id": "CUR-40",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST answer a Pull with has_more false if no live blob beyond the last returned one exists, expired ones that have not been cleaned up included.",
  "source": "decision",
  "why": "A device that catches up would go on pulling empty pages without end.",
  "area": "CUR"
 },
 {
  "id": "CUR-41",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST set PullResponse.max_cursor to the cursor of the last blob that the response holds, or to after_cursor if it holds none.",
  "source": "decision",
  "why": "A client that goes on from there would skip blobs, or be sent them again.",
  "area": "CUR"
 },
 {
  "id": "CUR-42",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST treat a Pull with limit 0 as one with limit 100.",
  "source": "decision",
  "why": "Clients that leave the choice to the relay would get nothing, or far too much.",
  "area": "CUR"
 },
 {
  "id": "CUR-43",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST answer a Pull whose limit is above max_pull_limit as one with max_pull_limit, not with an Error.",
  "source": "decision",
  "why": "A client written for a larger relay could not pull from a smaller one at all.",
  "area": "CUR"
 },
 {
  "id": "CUR-44",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST NOT return more blobs than the limit of the Pull.",
  "source": "decision",
  "why": "A device with little memory could not bound what it is sent.",
  "area": "CUR"
 },
 {
  "id": "CUR-45",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST keep the body of every PullResponse within 1,114,112 bytes, returning fewer blobs than the limit where they would not fit.",
  "source": "decision",
  "why": "The client would end the session at every attempt to catch up.",
  "area": "CUR"
 },
 {
  "id": "CUR-46",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST return at least one blob in answer to a Pull if a live blob beyond after_cursor exists, one of the largest allowed size included.",
  "source": "decision",
  "why": "A device would ask for the same page for ever and never get past a large blob.",
  "area": "CUR"
 },
 {
  "id": "CUR-47",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST answer a Pull whose after_cursor is at or above the highest assigned cursor, up to 2^64−1, with no blob, has_more false and max_cursor equal to after_cursor.",
  "source": "decision",
  "why": "A device that moved over from another relay would be cut off, or served by wrapped-around numbers.",
  "area": "CUR"
 },
 {
  "id": "CUR-48",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST set Welcome.max_cursor to the highest cursor ever assigned in the group, also after blobs expired or the relay restarted, and to 0 if there is none.",
  "source": "decision",
  "why": "Clients could not tell a relay that lost their data from one that holds it.",
  "area": "CUR"
 },
 {
  "id": "CUR-49",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST set Welcome.pending_count to the number of live blobs with a cursor above Hello.last_cursor that other devices sent, 4,294,967,295 if there are more, expired ones left out whether cleaned up or not.",
  "source": "decision",
  "why": "The app would announce news where there is none, or stay silent about some.",
  "area": "CUR"
 },
 {
  "id": "CUR-50",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST give a Push with ttl 0 the default_ttl of its Welcome.ext.limits.",
  "source": "decision",
  "why": "Blobs whose author left the choice to the relay would vanish at once, or stay for ever.",
  "area": "CUR"
 },
 {
  "id": "CUR-51",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST accept a Push whose ttl is above max_ttl and let the blob expire after max_ttl.",
  "source": "decision",
  "why": "Clients that ask for the longest time could not push at all, or would fill the relay for ever.",
  "area": "CUR"
 },
 {
  "id": "CUR-52",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST NOT return a blob in answer to a Pull that is sent ttl seconds or more after its PushAck was received, whether the blob has been cleaned up or not.",
  "source": "decision",
  "why": "Data that its author wanted gone would still reach devices.",
  "area": "CUR"
 },
 {
  "id": "CUR-53",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST return a blob in answer to every Pull that it reads less than ttl − 1 seconds after the Push was sent.",
  "source": "decision",
  "why": "Devices that come online in time would miss an edit that was promised to wait for them.",
  "area": "CUR"
 },
 {
  "id": "CUR-54",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST keep the cursors of all other blobs when one between them expires, and serve Pulls across the hole.",
  "source": "decision",
  "why": "One expired blob would cut devices off from everything after it.",
  "area": "CUR"
 },
 {
  "id": "CUR-55",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST set Welcome.ext.expired_through in `bin` to the highest cursor of the group whose blob has expired, whether it has been cleaned up or not, also after a restart, and to 0 if none has.",
  "source": "decision",
  "why": "A device that was away too long would believe that it missed nothing.",
  "area": "CUR"
 },
 {
  "id": "CUR-56",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST take as the present time the later of its clock and the newest time it stored, so that expired blobs do not come back when the clock is set back.",
  "source": "decision",
  "why": "Data that its author wanted gone would reappear on devices.",
  "untestable": {
   "reason": "no outsider can set the clock of the relay's machine",
   "covered_by": "relay/test/white-box.test.ts"
  },
  "area": "CUR"
 },
 {
  "id": "CUR-57",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST go on returning a live blob after devices have pulled past it, while its retention is `ttl`, which is the default.",
  "source": "decision",
  "why": "A device paired later, or one that lost the response, would never get the blob.",
  "area": "CUR"
 },
 {
  "id": "CUR-58",
  "level": "MUST",
  "party": "relay",
  "profile": "devices",
  "text": "A relay MUST take after_cursor = n or last_cursor = n as the device's acknowledgement of everything ≤ n, visible in that device's pending in Devices.",
  "source": "decision",
  "why": "The user would see devices as behind that have everything, and deletions would wait for ever.",
  "area": "CUR"
 },
 {
  "id": "CUR-59",
  "level": "MUST",
  "party": "relay",
  "profile": "devices",
  "text": "A relay MUST count an acknowledgement only on a connection whose Hello named the group's current epoch, with last_blob too where last_cursor is above 0.",
  "source": "decision",
  "why": "A device with a cursor from before a reset would acknowledge blobs that it never saw.",
  "area": "CUR"
 },
 {
  "id": "CUR-60",
  "level": "MUST",
  "party": "relay",
  "profile": "devices",
  "text": "A relay MUST count acknowledgements on a connection whose Hello had last_cursor 0 and no epoch as if it had named the epoch of its Welcome.",
  "source": "decision",
  "why": "A new device's first pulls would never count, and deletions would wait for ever.",
  "area": "CUR"
 },
 {
  "id": "CUR-61",
  "level": "MUST",
  "party": "relay",
  "profile": "devices",
  "text": "A relay MUST NOT count an acknowledgement of n above the highest assigned cursor, nor a part of it.",
  "source": "decision",
  "why": "A device with a cursor from another relay would acknowledge blobs that it never saw.",
  "area": "CUR"
 },
 {
  "id": "CUR-62",
  "level": "MUST",
  "party": "relay",
  "profile": "devices",
  "text": "A relay MUST NOT let a device's acknowledgement fall when it presents a lower n later.",
  "source": "decision",
  "why": "A device that scans again would hold up deletions that were already due.",
  "area": "CUR"
 },
 {
  "id": "CUR-63",
  "level": "MUST",
  "party": "relay",
  "profile": "devices",
  "text": "A relay MUST count the sender of a blob as having acknowledged it.",
  "source": "decision",
  "why": "A device's own edits would be shown as pending on itself.",
  "area": "CUR"
 },
 {
  "id": "CUR-64",
  "level": "MUST",
  "party": "relay",
  "profile": "devices",
  "text": "A relay MUST NOT count a blob as acknowledged because it was put in a PullResponse.",
  "source": "decision",
  "why": "A response lost on the way would let the only copy be dropped.",
  "area": "CUR"
 },
 {
  "id": "CUR-65",
  "level": "MUST",
  "party": "relay",
  "profile": "rmp",
  "text": "A relay MUST NOT count any acknowledgement of a device whose session uses `rmp`.",
  "source": "decision",
  "why": "Deployed clients present cursors that they have not stored safely, and would lose what they had not.",
  "planned": true,
  "area": "CUR"
 },
 {
  "id": "CUR-66",
  "level": "MUST",
  "party": "relay",
  "profile": "devices",
  "text": "A relay MUST NOT drop a live blob under retention `acked` before every unrevoked device of the group, at least two of them, has acknowledged it.",
  "source": "decision",
  "why": "A blob would be gone before the second device has it.",
  "area": "CUR"
 },
 {
  "id": "CUR-67",
  "level": "MUST",
  "party": "relay",
  "profile": "devices",
  "text": "A relay MUST keep live blobs of an open group until they expire also under retention `acked`.",
  "source": "decision",
  "why": "A stranger who knows the group's id could acknowledge blobs away.",
  "area": "CUR"
 },
 {
  "id": "CUR-68",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST send a Notify with latest_cursor ≥ c within 5 s of PushAck(c) on every open connection of the group's other devices that reads, unless that connection has pulled past c or said Presence 1.",
  "source": "decision",
  "why": "Edits would appear on the user's other devices only when they happen to ask.",
  "area": "CUR"
 },
 {
  "id": "CUR-69",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST send a Notify with latest_cursor ≥ c within 5 s of PushAck(c) also on the other open connections of the device that pushed that read, unless that connection has pulled past c or said Presence 1.",
  "source": "decision",
  "why": "Two windows of one app would drift apart.",
  "area": "CUR"
 },
 {
  "id": "CUR-70",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST NOT send a Notify for a Push on the connection that the Push came on.",
  "source": "decision",
  "why": "Every save would make the app pull its own edit back.",
  "area": "CUR"
 },
 {
  "id": "CUR-71",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST show the blobs that a Notify stands for in a Pull that is sent after the Notify was received.",
  "source": "decision",
  "why": "The app would ask too early, find nothing and not ask again.",
  "area": "CUR"
 },
 {
  "id": "CUR-72",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST set Notify.latest_cursor to the highest cursor of the blobs that the Notify stands for.",
  "source": "decision",
  "why": "Clients could not tell whether they already hold what is announced.",
  "area": "CUR"
 },
 {
  "id": "CUR-73",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST set Notify.count to the number of blobs that the Notify stands for, merged ones added up.",
  "source": "decision",
  "why": "The app would announce news where there is none.",
  "area": "CUR"
 },
 {
  "id": "CUR-74",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST NOT send a Notify for a Push that it answers with an Error or that repeats a blob_id it knows in the group.",
  "source": "decision",
  "why": "Devices would be woken for a blob that does not exist.",
  "area": "CUR"
 },
 {
  "id": "CUR-75",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST NOT send a Notify to connections of another group than that of the Push.",
  "source": "decision",
  "why": "One group would learn when another one is at work.",
  "area": "CUR"
 },
 {
  "id": "CUR-76",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST NOT send a Notify on a connection from when it has read a Presence with status 1 there.",
  "source": "decision",
  "why": "An app in the background would be kept awake and drain the battery.",
  "area": "CUR"
 },
 {
  "id": "CUR-77",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST send one Notify after a Presence 0 that follows a Presence 1, if live blobs of other devices exist above the last cursor that this connection presented or was sent, with their number as count and the newest as latest_cursor.",
  "source": "decision",
  "why": "An app that comes back to the foreground would show old data as current.",
  "area": "CUR"
 },
 {
  "id": "CUR-78",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST accept holes in the cursors of a PullResponse and go on after them.",
  "source": "decision",
  "why": "One expired blob would stop the device from syncing for ever.",
  "planned": true,
  "area": "CUR"
 },
 {
  "id": "CUR-79",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST report `missed`, once per value, if Welcome.ext.expired_through is above the last_cursor that it presented.",
  "source": "decision",
  "why": "The user would not learn that edits were lost while the device was away.",
  "planned": true,
  "area": "CUR"
 },
 {
  "id": "CUR-80",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST move the cursor that it presents only by PullResponses whose blobs it has stored, never by PushAck, Notify or Welcome.",
  "source": "decision",
  "why": "The client would skip blobs of other devices that lie below the number it jumped to.",
  "planned": true,
  "area": "CUR"
 },
 {
  "id": "CUR-81",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST go on pulling from max_cursor while has_more is true.",
  "source": "decision",
  "why": "The device would show a part of the history as all of it.",
  "planned": true,
  "area": "CUR"
 },
 {
  "id": "ENV-01",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST read Envelope 1, the MessagePack array of version 1, msg_type, sender_id, group_id, cursor, timestamp, nonce (24 bytes) and payload with its byte strings as arrays of integers.",
  "source": "deployed",
  "why": "What was exported from a deployed device would be lost.",
  "area": "ENV"
 },
 {
  "id": "ENV-02",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST NOT write Envelope 1.",
  "source": "decision",
  "why": "An export would lack the blob_id, and what it holds be stored twice.",
  "planned": true,
  "area": "ENV"
 },
 {
  "id": "ENV-03",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST write and read Envelope 2 as the MessagePack array of version 2, blob_id, sender_id, group_id, cursor, timestamp, expires and the payload as it was pushed, with byte strings as bin and in the shortest form when it writes.",
  "source": "decision",
  "why": "What one device exported could not be imported by another.",
  "area": "ENV"
 },
 {
  "id": "ENV-04",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST write and read cursor, timestamp and expires of an envelope exactly up to 2^64−1.",
  "source": "decision",
  "why": "Values above 2^53 would be rounded, and a blob would be confused with its neighbour.",
  "area": "ENV"
 },
 {
  "id": "ENV-05",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST read Envelope 2 with any width of header and integer that MessagePack has.",
  "source": "decision",
  "why": "Exports of clients whose libraries write fixed widths would be lost.",
  "area": "ENV"
 },
 {
  "id": "ENV-06",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse an array in the form of Envelope 2 whose version is not 2.",
  "source": "decision",
  "why": "A later version would be read as if it were this one.",
  "errors": [
   "out-of-range"
  ],
  "area": "ENV"
 },
 {
  "id": "ENV-07",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse an envelope of another number of elements than eight, an extension map being one of them.",
  "source": "decision",
  "why": "A field added by mistake would shift the meaning of the rest.",
  "errors": [
   "wrong-arity"
  ],
  "area": "ENV"
 },
 {
  "id": "ENV-08",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse an envelope with an element of another type, length or range than its version has, a msg_type of Envelope 1 that is not 1 to 7 included.",
  "source": "decision",
  "why": "A damaged export would be imported as something else.",
  "errors": [
   "wrong-type",
   "wrong-length",
   "out-of-range"
  ],
  "area": "ENV"
 },
 {
  "id": "ENV-09",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse an envelope that is cut, is followed by other bytes, is no array, or holds the byte 0xc1 where a value begins.",
  "source": "decision",
  "why": "A damaged export would be imported in part.",
  "errors": [
   "truncated",
   "trailing-bytes",
   "not-a-message",
   "reserved-byte"
  ],
  "area": "ENV"
 },
 {
  "id": "ENV-10",
  "level": "MAY",
  "party": "client",
  "profile": "codec",
  "text": "A client MAY read or refuse an Envelope 1 with another version byte than 1 and 2, or with bin for its byte strings.",
  "source": "deployed",
  "why": "Implementations would be failed for what the deployed one happens to do.",
  "area": "ENV"
 },
 {
  "id": "ENV-11",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST import an Envelope 2 by a Push of its payload with its blob_id and the ttl that remains until it expires.",
  "source": "decision",
  "why": "Importing twice would store everything twice, or keep what was meant to go.",
  "planned": true,
  "area": "ENV"
 },
 {
  "id": "ENV-12",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST NOT import an Envelope 2 that has expired.",
  "source": "decision",
  "why": "What a user meant to be gone would come back.",
  "planned": true,
  "area": "ENV"
 },
 {
  "id": "ENV-13",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST show a DeviceId, a GroupId and the identity of a relay as base64url without padding.",
  "source": "decision",
  "why": "People would compare two texts of one id and take them for two devices.",
  "area": "ENV"
 },
 {
  "id": "ENV-14",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse a text of such an id with padding, another alphabet, set bits that stand for nothing, or another length.",
  "source": "decision",
  "why": "One id would have several texts, and comparing them as text would fail.",
  "errors": [
   "malformed"
  ],
  "area": "ENV"
 },
 {
  "id": "ENV-15",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST show a BlobId as a UUID, 8-4-4-4-12 lower-case hexadecimal digits, whatever its 16 bytes are.",
  "source": "decision",
  "why": "A blob could not be found in the logs of two devices.",
  "area": "ENV"
 },
 {
  "id": "ENV-16",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse a text of a BlobId in another form than that of a UUID.",
  "source": "decision",
  "why": "One blob would have several texts, and comparing them as text would fail.",
  "errors": [
   "malformed"
  ],
  "area": "ENV"
 },
 {
  "id": "ENV-17",
  "level": "MAY",
  "party": "client",
  "profile": "codec",
  "text": "A client MAY read or refuse upper-case digits in the text of a BlobId.",
  "source": "decision",
  "why": "Implementations would be failed for what the libraries of some languages do.",
  "area": "ENV"
 },
 {
  "id": "ERR-01",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST use in Error only the codes of the error table.",
  "source": "decision",
  "why": "Clients could not decide whether to stop, wait or try again.",
  "area": "ERR"
 },
 {
  "id": "ERR-02",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST end the session after every Error with code 1000, 1001, 1002, 1003, 1005, 3000 or 3001.",
  "source": "decision",
  "why": "A client would go on in a session that the relay has given up.",
  "area": "ERR"
 },
 {
  "id": "ERR-03",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST go on with the session after an Error with code 1004, 1006, 1007, 2001, 2002, 2003 or 3002.",
  "source": "decision",
  "why": "One refused edit would cost the whole connection and all that is queued on it.",
  "area": "ERR"
 },
 {
  "id": "ERR-04",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST go on with the session after an Error 2000 that does not answer Hello.",
  "source": "decision",
  "why": "A device with many offline edits would have to reconnect for each that is over the rate.",
  "area": "ERR"
 },
 {
  "id": "ERR-05",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST close a WebSocket after Error 1000, 1002 or 1005 with close code 4000, 4002 or 4005.",
  "source": "decision",
  "why": "Clients that see only the close code, as browsers may, could not tell why.",
  "area": "ERR"
 },
 {
  "id": "ERR-06",
  "level": "MUST",
  "party": "relay",
  "profile": "ops",
  "text": "A relay MUST close a WebSocket after Error 1001 with close code 4001.",
  "source": "decision",
  "why": "Clients that see only the close code, as browsers may, could not tell why.",
  "errors": [
   1001
  ],
  "untestable": {
   "reason": "needs an allow-list or a closed group, which only the relay's operator can set up",
   "covered_by": "relay/test/relay.test.ts"
  },
  "area": "ERR"
 },
 {
  "id": "ERR-07",
  "level": "MUST",
  "party": "relay",
  "profile": "devices",
  "text": "A relay MUST close a WebSocket after Error 1003 with close code 4003.",
  "source": "decision",
  "why": "Clients that see only the close code, as browsers may, could not tell why.",
  "area": "ERR"
 },
 {
  "id": "ERR-08",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST close a WebSocket after Error 3000 with close code 1013.",
  "source": "decision",
  "why": "Clients would take a busy relay for a broken one.",
  "untestable": {
   "reason": "no outsider can make a relay overloaded at will",
   "covered_by": "relay/test/relay.test.ts"
  },
  "area": "ERR"
 },
 {
  "id": "ERR-09",
  "level": "MUST",
  "party": "relay",
  "profile": "ops",
  "text": "A relay MUST send Error 3001 to every session when it is told to shut down, and close their WebSockets with close code 1001.",
  "source": "decision",
  "why": "Clients would take an update of the relay for a failure.",
  "area": "ERR"
 },
 {
  "id": "ERR-10",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST put the code's own fixed text as message in every Error, the same for every occurrence of the code.",
  "source": "decision",
  "why": "Texts made up on the spot would let data of users slip into logs.",
  "area": "ERR"
 },
 {
  "id": "ERR-11",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST NOT put a payload, name, key or address that it was sent, or a part of one, into an Error.",
  "source": "decision",
  "why": "Data of users would end up in the logs of whoever reads the error.",
  "area": "ERR"
 },
 {
  "id": "ERR-12",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST put retry_after_ms in the extension map of every Error 2000.",
  "source": "decision",
  "why": "Clients would try again at once and stay limited, or wait far too long.",
  "area": "ERR"
 },
 {
  "id": "ERR-13",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST accept the request again after the retry_after_ms that it gave with Error 2000, if the client sent nothing else meanwhile.",
  "source": "decision",
  "why": "Clients that obey would never get through.",
  "area": "ERR"
 },
 {
  "id": "ERR-14",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay that puts blob_id in the extension map of an Error MUST take the one of the request that the Error answers.",
  "source": "decision",
  "why": "A client with several pushes in flight would mark the wrong edit as failed.",
  "area": "ERR"
 },
 {
  "id": "ERR-15",
  "level": "SHOULD",
  "party": "relay",
  "profile": "core",
  "text": "A relay SHOULD put blob_id in the extension map of an Error that answers a Push.",
  "source": "decision",
  "why": "A client with several pushes in flight must count answers to find the one that failed.",
  "area": "ERR"
 },
 {
  "id": "ERR-16",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST NOT send a non-fatal Error except as the answer to a request.",
  "source": "decision",
  "why": "The client would take it for the answer to its next request.",
  "area": "ERR"
 },
 {
  "id": "ERR-17",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST complete the WebSocket close handshake with a Close frame of its own when the client sends one.",
  "source": "decision",
  "why": "Clients would report every ordinary end as a lost connection.",
  "area": "ERR"
 },
 {
  "id": "ERR-18",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST stop and report after Error 1000, 1001, 1002, 1003 or 1005, without connecting again by itself.",
  "source": "decision",
  "why": "Devices would hammer a relay that will never let them in.",
  "area": "ERR"
 },
 {
  "id": "ERR-19",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST wait the longer of its backoff and retry_after_ms after Error 2000 or 3000.",
  "source": "decision",
  "why": "Devices would keep a relay overloaded that is trying to recover.",
  "area": "ERR"
 },
 {
  "id": "ERR-20",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST try again after its backoff after Error 3001 or 3002.",
  "source": "decision",
  "why": "Edits would stay on the device after a mere restart of the relay.",
  "area": "ERR"
 },
 {
  "id": "FRAME-01",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST write a message as a frame of a 4-byte big-endian length of the body and the body.",
  "source": "deployed",
  "why": "No two implementations could talk to each other.",
  "area": "FRAME"
 },
 {
  "id": "FRAME-02",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST answer a frame of length 0 with Error 1000 and end the session with close code 4000.",
  "source": "decision",
  "why": "A stream that has lost its step would be read on as nonsense.",
  "errors": [
   1000,
   "frame-empty"
  ],
  "area": "FRAME"
 },
 {
  "id": "FRAME-03",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST answer a frame whose length is above 1,114,112 after Welcome with Error 1000 and end the session with close code 4000.",
  "source": "decision",
  "why": "One client could make the relay buffer gigabytes.",
  "errors": [
   1000,
   "frame-too-large"
  ],
  "area": "FRAME"
 },
 {
  "id": "FRAME-04",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST answer a frame whose length is above 65,536 before Welcome with Error 1000 and end the session with close code 4000.",
  "source": "decision",
  "why": "Strangers could make the relay buffer a megabyte for each connection before it knows them.",
  "errors": [
   1000,
   "frame-too-large"
  ],
  "area": "FRAME"
 },
 {
  "id": "FRAME-05",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST answer a wrong frame length as soon as its 4 bytes are there, without waiting for the body.",
  "source": "decision",
  "why": "An announced length alone would hold memory and a connection for long.",
  "area": "FRAME"
 },
 {
  "id": "FRAME-06",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST accept frames whose body has exactly 65,536 bytes before Welcome and exactly 1,114,112 bytes after it as far as their length goes.",
  "source": "decision",
  "why": "The largest blob with a generous extension map would be refused by some relays and not by others.",
  "area": "FRAME"
 },
 {
  "id": "FRAME-07",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST end a connection on which a frame of length 0, above 1,114,112, or above 65,536 before Welcome is announced, before it reads the body.",
  "source": "decision",
  "why": "A wicked relay could fill the memory of a phone.",
  "errors": [
   "frame-empty",
   "frame-too-large"
  ],
  "area": "FRAME"
 },
 {
  "id": "FRAME-08",
  "level": "MUST",
  "party": "relay",
  "profile": "rmp",
  "text": "A relay MUST keep to 1,048,576 bytes as the largest body of an `rmp` frame in both directions.",
  "source": "deployed",
  "why": "Deployed clients would end the session.",
  "area": "FRAME"
 },
 {
  "id": "FRAME-09",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST answer a WebSocket upgrade that does not offer the subprotocol `0k-sync.1` with HTTP 400.",
  "source": "decision",
  "why": "A client of something else would be let in and then fail in the dark.",
  "area": "FRAME"
 },
 {
  "id": "FRAME-10",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST choose the subprotocol `0k-sync.1` when a WebSocket upgrade offers it, also among others.",
  "source": "decision",
  "why": "Browsers end the connection when no offered subprotocol is chosen.",
  "area": "FRAME"
 },
 {
  "id": "FRAME-11",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST accept a WebSocket upgrade on any path.",
  "source": "decision",
  "why": "Relays behind a proxy that keeps its path prefix could not be reached.",
  "area": "FRAME"
 },
 {
  "id": "FRAME-12",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST accept a WebSocket upgrade with any Origin, or none, unless allowed_origins says otherwise.",
  "source": "decision",
  "why": "Web apps could not sync with a relay of their user's choice.",
  "area": "FRAME"
 },
 {
  "id": "FRAME-13",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST answer a WebSocket upgrade whose Origin is not in a configured allowed_origins with HTTP 403.",
  "source": "decision",
  "why": "An operator's restriction would be without effect.",
  "area": "FRAME"
 },
 {
  "id": "FRAME-14",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST NOT agree to permessage-deflate or any other WebSocket extension.",
  "source": "decision",
  "why": "Encrypted data does not shrink, and compressors cost memory on every connection.",
  "area": "FRAME"
 },
 {
  "id": "FRAME-15",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST close with close code 1003, and without an Error, on a WebSocket text message.",
  "source": "decision",
  "why": "A broken client would be kept waiting instead of being told.",
  "area": "FRAME"
 },
 {
  "id": "FRAME-16",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST send binary WebSocket messages of one Noise message each, of at most 65,535 bytes.",
  "source": "decision",
  "why": "Clients cannot open a message that is cut or joined elsewhere.",
  "area": "FRAME"
 },
 {
  "id": "FRAME-17",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST close with close code 1009, and without an Error, on a WebSocket message of more than 65,535 bytes, as soon as the lengths of its fragments announced so far add up to more.",
  "source": "decision",
  "why": "One client could make the relay buffer gigabytes.",
  "area": "FRAME"
 },
 {
  "id": "FRAME-18",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST accept a Noise message that comes in several WebSocket fragments, with control frames between them.",
  "source": "decision",
  "why": "Clients behind proxies that re-fragment messages could not connect.",
  "area": "FRAME"
 },
 {
  "id": "FRAME-19",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST accept a frame that spans several Noise messages, cut at any byte, its length included.",
  "source": "decision",
  "why": "Blobs over 64 KB could not be sent, and some small ones only by luck.",
  "area": "FRAME"
 },
 {
  "id": "FRAME-20",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST serve all frames of a Noise message that carries several.",
  "source": "decision",
  "why": "The second of two quick edits would wait until a third is made.",
  "area": "FRAME"
 },
 {
  "id": "FRAME-21",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST take a transport message with an empty plaintext as no data at all, also in the middle of a frame, and go on.",
  "source": "decision",
  "why": "Clients that send empty messages against traffic analysis would be cut off.",
  "area": "FRAME"
 },
 {
  "id": "FRAME-22",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST answer a WebSocket ping with a pong.",
  "source": "decision",
  "why": "Clients and proxies that ping would hold the connection for dead.",
  "area": "FRAME"
 },
 {
  "id": "FRAME-23",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST answer more than 64 requests that are sent without waiting all, in order, refusing none for their number.",
  "source": "decision",
  "why": "A client that catches up after a day offline would lose part of its queue.",
  "area": "FRAME"
 },
 {
  "id": "FRAME-24",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST stop reading from a connection while 64 requests or 8 MiB of requests from it are unanswered.",
  "source": "decision",
  "why": "One client could fill the relay's memory for all others.",
  "untestable": {
   "reason": "kernel buffers on both sides hide how much the relay has read",
   "covered_by": "relay/test/white-box.test.ts"
  },
  "area": "FRAME"
 },
 {
  "id": "FRAME-25",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST keep at most 4 MiB queued for a connection that does not read.",
  "source": "decision",
  "why": "One sleeping phone could fill the relay's memory for all others.",
  "untestable": {
   "reason": "kernel buffers on both sides hide how much the relay has queued",
   "covered_by": "relay/test/white-box.test.ts"
  },
  "area": "FRAME"
 },
 {
  "id": "FRAME-26",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST merge the Notifies that wait for a connection that does not read into one.",
  "source": "decision",
  "why": "A phone that wakes up would be flooded.",
  "area": "FRAME"
 },
 {
  "id": "FRAME-27",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST close a connection with close code 1008 when nothing of what is queued for it could be sent for 30 s.",
  "source": "decision",
  "why": "Dead connections would hold memory for ever.",
  "area": "FRAME"
 },
 {
  "id": "FRAME-28",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST send a WebSocket ping at least every ping_interval_secs.",
  "source": "decision",
  "why": "Proxies would drop quiet connections, and notifications with them.",
  "area": "FRAME"
 },
 {
  "id": "FRAME-29",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST close a connection with close code 1001 after idle_timeout_secs in which it was reading and no byte came, pongs included.",
  "source": "decision",
  "why": "Devices that vanished would be shown as online and hold memory for ever.",
  "area": "FRAME"
 },
 {
  "id": "FRAME-30",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST keep a connection open on which pongs come, however long no request does.",
  "source": "decision",
  "why": "An app that merely listens would miss new edits.",
  "area": "FRAME"
 },
 {
  "id": "FRAME-31",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST close a connection after 90 s in which it was reading and no byte came, pongs included.",
  "source": "decision",
  "why": "The app would wait for notifications on a dead connection.",
  "planned": true,
  "area": "FRAME"
 },
 {
  "id": "FRAME-32",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client that cannot send pings MUST send Pull(its cursor, 1) after half of idle_timeout_secs of silence.",
  "source": "decision",
  "why": "A browser tab would lose its connection whenever nothing happens.",
  "planned": true,
  "area": "FRAME"
 },
 {
  "id": "FRAME-33",
  "level": "MUST",
  "party": "relay",
  "profile": "iroh",
  "text": "A relay MUST take one frame and FIN on each bidirectional stream of a client and write one frame and FIN, or for Presence and Bye FIN alone, on the same stream.",
  "source": "deployed",
  "why": "Deployed clients would wait for an answer on a stream that is not finished.",
  "planned": true,
  "area": "FRAME"
 },
 {
  "id": "FRAME-34",
  "level": "MUST",
  "party": "relay",
  "profile": "iroh",
  "text": "A relay MUST send each message of its own over iroh as one frame and FIN on a unidirectional stream that it opens.",
  "source": "deployed",
  "why": "Deployed clients would not see the notification.",
  "planned": true,
  "area": "FRAME"
 },
 {
  "id": "FRAME-35",
  "level": "MUST",
  "party": "relay",
  "profile": "iroh",
  "text": "A relay MUST answer bytes behind the frame on a stream, and a unidirectional stream of a client, with Error 1000 and end the session.",
  "source": "decision",
  "why": "Data could be smuggled past whatever inspects messages.",
  "errors": [
   1000
  ],
  "planned": true,
  "area": "FRAME"
 },
 {
  "id": "FRAME-36",
  "level": "MUST",
  "party": "relay",
  "profile": "iroh",
  "text": "A relay MUST reset a stream on which no byte came for 30 s, or no FIN within 300 s, and that stream alone.",
  "source": "decision",
  "why": "One stalled upload would hold a place for ever, or cut off the others.",
  "planned": true,
  "area": "FRAME"
 },
 {
  "id": "FRAME-37",
  "level": "MUST",
  "party": "relay",
  "profile": "iroh",
  "text": "A relay MUST allow 64 streams of a client at once.",
  "source": "decision",
  "why": "Clients that run requests at once would stall.",
  "planned": true,
  "area": "FRAME"
 },
 {
  "id": "FRAME-38",
  "level": "MUST",
  "party": "relay",
  "profile": "iroh",
  "text": "A relay MUST NOT accept 0-RTT data over iroh.",
  "source": "decision",
  "why": "A recorded first flight could be sent to the relay again.",
  "planned": true,
  "area": "FRAME"
 },
 {
  "id": "FRAME-39",
  "level": "MUST",
  "party": "relay",
  "profile": "iroh",
  "text": "A relay MUST give a fatal Error over iroh up to 1 s to drain before it closes the connection with its code.",
  "source": "decision",
  "why": "The client would see a lost connection and not the reason.",
  "planned": true,
  "area": "FRAME"
 },
 {
  "id": "HS-01",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST use Noise_hybridXX_25519+MLKEM768_ChaChaPoly_BLAKE2s, with that ASCII string as the protocol name that is hashed, as the secure channel over WebSocket.",
  "source": "rfc",
  "why": "No two implementations could talk to each other.",
  "errors": [
   "decrypt"
  ],
  "area": "HS"
 },
 {
  "id": "HS-02",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST mix the 10 ASCII bytes `/0k-sync/1` into the handshake as prologue before the first message.",
  "source": "rfc",
  "why": "A handshake of another protocol could be passed off as one of this.",
  "errors": [
   "decrypt"
  ],
  "area": "HS"
 },
 {
  "id": "HS-03",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST write and read four handshake messages with the tokens `e`; `ekem, e, ee, s, es`; `skem, s, se`; `skem`, in this order, the client beginning, with the X25519 key before the ML-KEM key in `e` and `s` and each static key encrypted and hashed by itself.",
  "source": "rfc",
  "why": "Clients that follow an older order under the same name would fail in the dark.",
  "area": "HS"
 },
 {
  "id": "HS-04",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST process `ekem` as MixHash of the ciphertext and MixKey of the shared secret, and `skem` as EncryptAndHash of the ciphertext and MixKeyAndHash of the shared secret.",
  "source": "rfc",
  "why": "No two implementations could talk to each other.",
  "area": "HS"
 },
 {
  "id": "HS-05",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST take the first key that Split gives for what the client sends and the second for what the relay sends.",
  "source": "rfc",
  "why": "No two implementations could talk to each other.",
  "area": "HS"
 },
 {
  "id": "HS-06",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST send handshake messages of exactly 3,568 bytes (message 2) and 1,120 bytes (message 4), each in one WebSocket message.",
  "source": "decision",
  "why": "Clients would take what follows for a payload that must not be there.",
  "area": "HS"
 },
 {
  "id": "HS-07",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST fail the handshake on a message that is shorter than its 1,216, 3,568, 2,368 or 1,120 bytes, a relay with close code 1002.",
  "source": "decision",
  "why": "Half a key would be read as a whole one.",
  "errors": [
   "too-short"
  ],
  "area": "HS"
 },
 {
  "id": "HS-08",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST fail the handshake on a message with a payload that is not empty, a relay with close code 1002 and, for message 1, without writing message 2.",
  "source": "decision",
  "why": "Data could be hidden in the handshake, before anybody is authenticated.",
  "errors": [
   "unexpected-payload"
  ],
  "area": "HS"
 },
 {
  "id": "HS-09",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST fail the handshake when a part of it does not decrypt, a relay with close code 1002.",
  "source": "decision",
  "why": "Someone in the middle could put a key of his own in place.",
  "errors": [
   "decrypt"
  ],
  "area": "HS"
 },
 {
  "id": "HS-10",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST fail the handshake on an ML-KEM-768 key, ephemeral or static, with a coefficient of 3,329 or more, a relay with close code 1002.",
  "source": "decision",
  "why": "One device could appear under several ids, and implementations would disagree about who it is.",
  "errors": [
   "bad-public-key"
  ],
  "area": "HS"
 },
 {
  "id": "HS-11",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST fail the handshake on an X25519 key, ephemeral or static, in which bit 255 is set or whose value is 2^255−19 or more, a relay with close code 1002.",
  "source": "decision",
  "why": "One device could appear under several ids, and implementations would disagree about who it is.",
  "errors": [
   "bad-public-key"
  ],
  "area": "HS"
 },
 {
  "id": "HS-12",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST fail the handshake when an X25519 result is all zeros, a relay with close code 1002.",
  "source": "decision",
  "why": "A peer could force a shared secret that everybody knows.",
  "errors": [
   "low-order"
  ],
  "area": "HS"
 },
 {
  "id": "HS-13",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST close with close code 1002 with an empty reason when the handshake fails or a transport message does not open.",
  "source": "decision",
  "why": "The text would tell an attacker which of his guesses came closer.",
  "area": "HS"
 },
 {
  "id": "HS-14",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST NOT send a Noise message after the handshake failed or a transport message did not open.",
  "source": "decision",
  "why": "Broken state would leak bytes, or be driven on by an attacker.",
  "area": "HS"
 },
 {
  "id": "HS-15",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST end the connection on a transport message whose tag is wrong, a relay with close code 1002 and without an Error, and let nothing in it take effect.",
  "source": "decision",
  "why": "Bytes changed on the way would reach the app.",
  "errors": [
   "decrypt"
  ],
  "area": "HS"
 },
 {
  "id": "HS-16",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST end the connection on a transport message that is repeated, left out or out of order, a relay with close code 1002 and without an Error.",
  "source": "decision",
  "why": "A recorded request could be carried out a second time.",
  "errors": [
   "decrypt"
  ],
  "area": "HS"
 },
 {
  "id": "HS-17",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST end the connection on a transport message of less than 16 bytes, a relay with close code 1002 and without an Error.",
  "source": "decision",
  "why": "Code that takes the tag off would read past the beginning.",
  "errors": [
   "too-short"
  ],
  "area": "HS"
 },
 {
  "id": "HS-18",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST refuse every further operation of a handshake or cipher state once one has failed.",
  "source": "decision",
  "why": "Broken state would leak bytes, or be driven on by an attacker.",
  "errors": [
   "failed-state"
  ],
  "area": "HS"
 },
 {
  "id": "HS-19",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST rekey the direction from the client (Noise REKEY, the nonce going on) after the message with nonce 65,535 and after each further 65,536 messages.",
  "source": "rfc",
  "why": "Long sessions would break off at the 65,537th message.",
  "area": "HS"
 },
 {
  "id": "HS-20",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST rekey the direction to the client (Noise REKEY, the nonce going on) after the message with nonce 65,535 and after each further 65,536 messages.",
  "source": "rfc",
  "why": "Long sessions would break off at the 65,537th message.",
  "area": "HS"
 },
 {
  "id": "HS-21",
  "level": "MUST",
  "party": "both",
  "profile": "codec",
  "text": "Both sides MUST rekey each direction by its own count, independent of the other.",
  "source": "rfc",
  "why": "Sessions with much traffic one way would break off.",
  "area": "HS"
 },
 {
  "id": "HS-22",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST present the same static keys in every handshake, also after a restart.",
  "source": "decision",
  "why": "Users would be warned of an attack whenever the relay restarts.",
  "area": "HS"
 },
 {
  "id": "HS-23",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST draw fresh ephemeral keys for every handshake.",
  "source": "decision",
  "why": "One stolen key would open all sessions before it.",
  "area": "HS"
 },
 {
  "id": "HS-24",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST fail any other handshake than the hybrid one, such as a first message of a classical XX of 32 bytes, with close code 1002.",
  "source": "decision",
  "why": "An attacker could make both sides agree on something weaker.",
  "area": "HS"
 },
 {
  "id": "HS-25",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST NOT count a connection against the rate of a DeviceId before the first transport message from it has opened.",
  "source": "decision",
  "why": "Someone who knows a device's public keys could lock it out.",
  "area": "HS"
 },
 {
  "id": "HS-26",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST admit at most 256 unfinished handshakes at once and answer further upgrades with HTTP 503 and Retry-After.",
  "source": "decision",
  "why": "Half-open connections would use up the relay's memory.",
  "area": "HS"
 },
 {
  "id": "HS-27",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client with a pinned identity MUST compare it with the relay's after message 2 and before it writes message 3, and go no further if they differ.",
  "source": "decision",
  "why": "The client's identity would be shown to whoever sits in the middle.",
  "planned": true,
  "area": "HS"
 },
 {
  "id": "HS-28",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client without a pin MUST keep the first identity that it sees at an address, and fail on another one until the user clears it.",
  "source": "decision",
  "why": "Someone who takes over an address later would go unnoticed.",
  "planned": true,
  "area": "HS"
 },
 {
  "id": "HS-29",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST NOT fall back to another handshake over WebSocket.",
  "source": "decision",
  "why": "An attacker could make both sides agree on something weaker.",
  "planned": true,
  "area": "HS"
 },
 {
  "id": "HS-30",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST draw fresh randomness for each encapsulation, so that one ML-KEM key gets another ciphertext in every handshake.",
  "source": "decision",
  "why": "Whoever knows the randomness of an encapsulation knows the secret in it.",
  "area": "HS"
 },
 {
  "id": "INV-01",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST write an invite to a v1 group as the base64url without padding of the JSON object of version, relay_node_ids, group_id, group_secret, salt, created_at and expires_at, in this order, without spaces, byte strings as arrays of integers.",
  "source": "deployed",
  "why": "Deployed devices could not join by it.",
  "area": "INV"
 },
 {
  "id": "INV-02",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST give an invite to a v1 group version 2 if it names one relay and version 3 if it names several.",
  "source": "deployed",
  "why": "Deployed devices could refuse it, or know one relay alone.",
  "area": "INV"
 },
 {
  "id": "INV-03",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST read an invite in JSON whose keys stand in any order and with white space between its parts.",
  "source": "deployed",
  "why": "Invites of other writers could not be used.",
  "area": "INV"
 },
 {
  "id": "INV-04",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST ignore keys of an invite in JSON that it does not know.",
  "source": "deployed",
  "why": "No later version could add a key.",
  "area": "INV"
 },
 {
  "id": "INV-05",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST read the key relay_node_id of an invite in JSON, one id, in the place of relay_node_ids.",
  "source": "deployed",
  "why": "Invites of older deployed devices could not be used.",
  "area": "INV"
 },
 {
  "id": "INV-06",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST write and read the times of an invite exactly up to 2^64−1.",
  "source": "deployed",
  "why": "An invite without end would be rounded, refused, or end at another time.",
  "area": "INV"
 },
 {
  "id": "INV-07",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse an invite whose version is not 2 or 3 in JSON, or not 4 in MessagePack.",
  "source": "deployed",
  "why": "Version 1 has the same salt for everybody, and a later one would be read as if it were this one.",
  "errors": [
   "wrong-version"
  ],
  "area": "INV"
 },
 {
  "id": "INV-08",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse an invite that lacks one of its keys other than the salt in JSON and other than s and p in MessagePack.",
  "source": "decision",
  "why": "The device would join half a group, and find out much later.",
  "errors": [
   "missing-key"
  ],
  "area": "INV"
 },
 {
  "id": "INV-09",
  "level": "MAY",
  "party": "client",
  "profile": "codec",
  "text": "A client MAY read or refuse an invite in JSON that lacks the salt, which then is empty, or that has a key twice with the same value.",
  "source": "deployed",
  "why": "Implementations would be failed for what their JSON library happens to do.",
  "area": "INV"
 },
 {
  "id": "INV-10",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse an invite with a value of another type than its key has.",
  "source": "decision",
  "why": "A forged invite would be read in one way here and in another there.",
  "errors": [
   "wrong-type"
  ],
  "area": "INV"
 },
 {
  "id": "INV-11",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse an invite with a byte string of another length than its key has.",
  "source": "decision",
  "why": "An id or a secret cut on the way would make a group of its own.",
  "errors": [
   "wrong-length"
  ],
  "area": "INV"
 },
 {
  "id": "INV-12",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse an invite with a number below or above the range of its key.",
  "source": "decision",
  "why": "A number that wraps round would become another relay, secret or time.",
  "errors": [
   "out-of-range"
  ],
  "area": "INV"
 },
 {
  "id": "INV-13",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse an invite that names no relay.",
  "source": "deployed",
  "why": "The device would join a group that it can never reach.",
  "errors": [
   "no-relay"
  ],
  "area": "INV"
 },
 {
  "id": "INV-14",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse an invite whose group_id is not the one that its group_secret makes, of v1 in JSON and of v2 in MessagePack.",
  "source": "decision",
  "why": "A forged invite would send what the device writes to a group of somebody else.",
  "errors": [
   "wrong-group"
  ],
  "area": "INV"
 },
 {
  "id": "INV-15",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse an invite that is not the base64url without padding of a JSON object or of a MessagePack map.",
  "source": "decision",
  "why": "Half a text, or any other QR code, would be guessed at.",
  "errors": [
   "malformed"
  ],
  "area": "INV"
 },
 {
  "id": "INV-16",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST write an invite to a v2 group as the base64url without padding of the MessagePack map of v, g, s or p, r, l, c, a and e, sorted, all headers and integers in their shortest form.",
  "source": "decision",
  "why": "Devices of the group could not join by it, and QR codes would be larger than need be.",
  "area": "INV"
 },
 {
  "id": "INV-17",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST put \"0ksync://join/\" in front of an invite to a v2 group, in links and in QR codes.",
  "source": "decision",
  "why": "A camera would show the invite as a text without meaning, and no app would open.",
  "area": "INV"
 },
 {
  "id": "INV-18",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST read an invite 4 with and without \"0ksync://join/\" in front.",
  "source": "decision",
  "why": "What a camera or another app has cut off would make the invite useless.",
  "area": "INV"
 },
 {
  "id": "INV-19",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST read an invite 4 whose keys stand in any order and whose headers and integers have any width.",
  "source": "decision",
  "why": "Invites that other MessagePack libraries write could not be used.",
  "area": "INV"
 },
 {
  "id": "INV-20",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST ignore keys of an invite 4 that it does not know, with any well-formed value of at most 4 nested containers.",
  "source": "decision",
  "why": "No later version could add a key.",
  "area": "INV"
 },
 {
  "id": "INV-21",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse an invite 4 with a key twice.",
  "source": "decision",
  "why": "One device would join one group by it, and another device another.",
  "errors": [
   "duplicate-key"
  ],
  "area": "INV"
 },
 {
  "id": "INV-22",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse an invite 4 of more than 16 keys.",
  "source": "decision",
  "why": "A wicked QR code could keep a device busy.",
  "errors": [
   "too-many-keys"
  ],
  "area": "INV"
 },
 {
  "id": "INV-23",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse an invite 4 in which the value of an unknown key has more than 4 nested containers.",
  "source": "decision",
  "why": "A wicked QR code could exhaust the stack of a reader.",
  "errors": [
   "too-deep"
  ],
  "area": "INV"
 },
 {
  "id": "INV-24",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse an invite 4 with bytes behind its map.",
  "source": "decision",
  "why": "Two invites put together by mistake would be read as the first.",
  "errors": [
   "trailing-bytes"
  ],
  "area": "INV"
 },
 {
  "id": "INV-25",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse an invite 4 that ends within its map.",
  "source": "decision",
  "why": "Half an invite would be taken for one.",
  "errors": [
   "truncated"
  ],
  "area": "INV"
 },
 {
  "id": "INV-26",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse an invite 4 with the byte 0xc1 where a value begins.",
  "source": "decision",
  "why": "Bytes that are no MessagePack would be read by some devices and not by others.",
  "errors": [
   "reserved-byte"
  ],
  "area": "INV"
 },
 {
  "id": "INV-27",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse an invite 4 with an address that is not well-formed UTF-8.",
  "source": "decision",
  "why": "One address would be read as two.",
  "errors": [
   "invalid-utf8"
  ],
  "area": "INV"
 },
 {
  "id": "INV-28",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse an invite 4 with both s and p.",
  "source": "decision",
  "why": "One device would join by the secret and another by the passphrase, perhaps another group.",
  "errors": [
   "conflicting-keys"
  ],
  "area": "INV"
 },
 {
  "id": "INV-29",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse an invite 4 with neither s nor p.",
  "source": "decision",
  "why": "The device would join a group that it has no secret of.",
  "errors": [
   "missing-key"
  ],
  "area": "INV"
 },
 {
  "id": "INV-30",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse an invite 4 with an address that is not a ws:// or wss:// URL without user name or password with the base64url without padding of 32 bytes as its fragment, nor \"iroh://\" followed by an EndpointId of 64 lower-case hexadecimal digits and optionally a query.",
  "source": "decision",
  "why": "The device would trust whichever relay answers first at that address.",
  "errors": [
   "bad-address"
  ],
  "area": "INV"
 },
 {
  "id": "INV-31",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse an invite 4 whose l is not 2.",
  "source": "decision",
  "why": "The device would write blobs that the others refuse.",
  "errors": [
   "out-of-range"
  ],
  "area": "INV"
 },
 {
  "id": "INV-32",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse an invite 4 whose p has not four elements.",
  "source": "decision",
  "why": "Parameters would be taken for one another.",
  "errors": [
   "wrong-arity"
  ],
  "area": "INV"
 },
 {
  "id": "INV-33",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse a passphrase whose group_secret, derived with p of the invite, makes another group_id than g.",
  "source": "decision",
  "why": "A mistyped passphrase would open a group of its own, and a forged invite collect guesses.",
  "errors": [
   "wrong-group"
  ],
  "area": "INV"
 },
 {
  "id": "INV-34",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST NOT send anything to a relay of an invite before it has compared g with the secret or the passphrase.",
  "source": "decision",
  "why": "A relay of the forger would learn that somebody tries to join, and from where.",
  "planned": true,
  "area": "INV"
 },
 {
  "id": "INV-35",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse to join by an invite from 300 s after its expiry.",
  "source": "decision",
  "why": "A photograph of a screen would open the group for ever.",
  "errors": [
   "expired"
  ],
  "area": "INV"
 },
 {
  "id": "INV-36",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST join by an invite until less than 300 s after its expiry, and whatever its time of creation is.",
  "source": "decision",
  "why": "A clock that goes a little wrong would keep the user from pairing.",
  "area": "INV"
 },
 {
  "id": "KEY-01",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST draw the group_secret of a group without passphrase, 32 bytes, from a generator of cryptographic random numbers.",
  "source": "deployed",
  "why": "Whoever guesses the secret reads all that the group ever wrote.",
  "planned": true,
  "area": "KEY"
 },
 {
  "id": "KEY-02",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST draw a salt of 16 bytes anew, from a generator of cryptographic random numbers, for each group with a passphrase.",
  "source": "deployed",
  "why": "One table of guessed passphrases would open many groups.",
  "planned": true,
  "area": "KEY"
 },
 {
  "id": "KEY-03",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST make the group_secret of a group with a passphrase by Argon2id, version 0x13, of 32 bytes, from the passphrase, the salt and the parameters m (KiB of memory), t (passes) and p (lanes).",
  "source": "deployed",
  "why": "Devices that were given the same passphrase would look for each other in different groups.",
  "errors": [
   "mismatch"
  ],
  "area": "KEY"
 },
 {
  "id": "KEY-04",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST give Argon2id the UTF-8 of the NFC form of the passphrase of a v2 group, and change nothing else in it.",
  "source": "decision",
  "why": "The same passphrase typed on a phone and on a computer would open two groups.",
  "errors": [
   "mismatch"
  ],
  "area": "KEY"
 },
 {
  "id": "KEY-05",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST give Argon2id the UTF-8 of the passphrase of a v1 group as it was typed, without normalising it.",
  "source": "deployed",
  "why": "Deployed devices that were given the same passphrase would be in another group.",
  "errors": [
   "mismatch"
  ],
  "area": "KEY"
 },
 {
  "id": "KEY-06",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse an empty passphrase for a v2 group.",
  "source": "decision",
  "why": "A slip of the finger would make a group that anybody can join.",
  "errors": [
   "empty-passphrase"
  ],
  "area": "KEY"
 },
 {
  "id": "KEY-07",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST create a passphrase group with m 19,456, t 2, p 1 on a device of less than 4 GiB of memory.",
  "source": "decision",
  "why": "Small phones would be stopped by their own new group.",
  "errors": [
   "mismatch"
  ],
  "area": "KEY"
 },
 {
  "id": "KEY-08",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST create a passphrase group with m 47,104, t 1, p 1 on a device of 4 GiB to less than 8 GiB of memory.",
  "source": "decision",
  "why": "Phones of other members, which derive with the same parameters, would run out of memory.",
  "errors": [
   "mismatch"
  ],
  "area": "KEY"
 },
 {
  "id": "KEY-09",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST create a passphrase group with m 47,104, t 1, p 1 where it cannot learn how much memory the device has.",
  "source": "decision",
  "why": "Groups made in a browser would be either weak or too costly for the other devices.",
  "errors": [
   "mismatch"
  ],
  "area": "KEY"
 },
 {
  "id": "KEY-10",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST create a passphrase group with m 65,536, t 3, p 4 on a device of 8 GiB of memory or more.",
  "source": "decision",
  "why": "Passphrases would be easier to guess than the device could afford.",
  "errors": [
   "mismatch"
  ],
  "area": "KEY"
 },
 {
  "id": "KEY-11",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST accept for a group that it joins every m of 19,456 to 1,048,576 with t of 2 to 16, and every m of 47,104 to 1,048,576 with t of 1, each with p of 1 to 16.",
  "source": "decision",
  "why": "Devices could not join groups that others created.",
  "area": "KEY"
 },
 {
  "id": "KEY-12",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse parameters with m below 19,456, with m below 47,104 at a t of 1, or with a t or p of 0, before it derives anything.",
  "source": "decision",
  "why": "A forged invite could make a passphrase cheap to guess.",
  "errors": [
   "out-of-range"
  ],
  "area": "KEY"
 },
 {
  "id": "KEY-13",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse parameters with m above 1,048,576, t above 16 or p above 16, before it derives anything.",
  "source": "decision",
  "why": "A forged invite could stop the device for hours.",
  "errors": [
   "out-of-range"
  ],
  "area": "KEY"
 },
 {
  "id": "KEY-14",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse a salt of another length than 16 bytes for a v2 group.",
  "source": "decision",
  "why": "A forged invite could make guesses for one group serve for others.",
  "errors": [
   "wrong-length"
  ],
  "area": "KEY"
 },
 {
  "id": "KEY-15",
  "level": "MAY",
  "party": "client",
  "profile": "codec",
  "text": "A client MAY derive or refuse a group_secret from a salt of another length than 16 bytes or an empty passphrase in a v1 group.",
  "source": "deployed",
  "why": "Implementations would be failed for what the deployed one happens to do.",
  "area": "KEY"
 },
 {
  "id": "KEY-16",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST derive the key of seal 1 as HKDF-SHA256 of the group_secret with the salt \"0k-sync-group-key-v1\" and the info \"encryption\", 32 bytes.",
  "source": "deployed",
  "why": "Deployed and new devices of a group could not read each other.",
  "errors": [
   "mismatch"
  ],
  "area": "KEY"
 },
 {
  "id": "KEY-17",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST derive the seed of the group's Ed25519 key as HKDF-SHA256 of the group_secret with the salt \"0k-sync-group-key-v1\" and the info \"authentication\", 32 bytes.",
  "source": "deployed",
  "why": "A member would be refused as a stranger.",
  "errors": [
   "mismatch"
  ],
  "area": "KEY"
 },
 {
  "id": "KEY-18",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST derive the key of seal 2 as HKDF-SHA256 of the group_secret with the salt \"0k-sync-group-key-v1\" and the info \"encryption-2\", 32 bytes.",
  "source": "decision",
  "why": "The group's devices could not read each other, or would use one key for two purposes.",
  "errors": [
   "mismatch"
  ],
  "area": "KEY"
 },
 {
  "id": "KEY-19",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST derive the key of device names as HKDF-SHA256 of the group_secret with the salt \"0k-sync-group-key-v1\" and the info \"device-name\", 32 bytes.",
  "source": "decision",
  "why": "The group's devices could not show each other's names.",
  "errors": [
   "mismatch"
  ],
  "area": "KEY"
 },
 {
  "id": "KEY-20",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST derive the key of a piece of content as HKDF-SHA256 of the group_secret with the salt \"0k-sync-content-v1\" and, as info, the 16 bytes of the blob_id of the Push with its ContentRef followed by \"content-encryption\", 32 bytes.",
  "source": "deployed",
  "why": "Photographs and files would not open on other devices.",
  "errors": [
   "mismatch"
  ],
  "area": "KEY"
 },
 {
  "id": "KEY-21",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse to derive keys from a group_secret of another length than 32 bytes.",
  "source": "decision",
  "why": "A secret cut on the way would make a weak group that seems to work.",
  "errors": [
   "wrong-length"
  ],
  "area": "KEY"
 },
 {
  "id": "KEY-22",
  "level": "MAY",
  "party": "client",
  "profile": "codec",
  "text": "A client MAY derive or refuse a content key for a blob_id of another length than 16 bytes.",
  "source": "deployed",
  "why": "Implementations would be failed for what the deployed one happens to do.",
  "area": "KEY"
 },
 {
  "id": "KEY-23",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST NOT send a group_secret, a passphrase, or a secret key made of either, to a relay or a content store.",
  "source": "decision",
  "why": "Whoever runs the relay could read everything.",
  "planned": true,
  "area": "KEY"
 },
 {
  "id": "LIM-01",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST put limits in the extension map of every Welcome in `bin`, with every name of the limits table and the value in force.",
  "source": "decision",
  "why": "Clients could not tell what the relay will refuse before they are refused.",
  "area": "LIM"
 },
 {
  "id": "LIM-02",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST accept a Push whose payload has exactly max_blob_size bytes.",
  "source": "decision",
  "why": "An edit that fits by what the relay says would be refused.",
  "area": "LIM"
 },
 {
  "id": "LIM-03",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST answer a Push whose payload has more than max_blob_size bytes with Error 2001 and go on with the session.",
  "source": "decision",
  "why": "One large edit would fill the relay, or cost the connection.",
  "errors": [
   2001
  ],
  "area": "LIM"
 },
 {
  "id": "LIM-04",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST state max_blob_size as at most 1,048,576.",
  "source": "decision",
  "why": "A blob would be accepted that fits no response.",
  "area": "LIM"
 },
 {
  "id": "LIM-05",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST answer a Push that would bring the group's live blobs, each counted as its payload and 256 bytes, above max_group_storage with Error 2002 and go on with the session.",
  "source": "decision",
  "why": "One group could fill the relay for all others.",
  "errors": [
   2002
  ],
  "area": "LIM"
 },
 {
  "id": "LIM-06",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST answer a request, other than Hello, Bye and Presence, that is over the device's messages_per_minute and messages_burst with Error 2000.",
  "source": "decision",
  "why": "One device could take the relay from all others.",
  "errors": [
   2000
  ],
  "area": "LIM"
 },
 {
  "id": "LIM-07",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST answer a Push that would bring the live blobs of all groups, each counted as its payload and 256 bytes, above max_total_storage with Error 2002 and go on with the session.",
  "source": "decision",
  "why": "Many small groups could fill the disk on which everybody's blobs are.",
  "errors": [
   2002
  ],
  "area": "LIM"
 },
 {
  "id": "LIM-08",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST accept a Push that brings the group's live blobs to exactly max_group_storage.",
  "source": "decision",
  "why": "A client that counts for itself would be refused what it was promised.",
  "area": "LIM"
 },
 {
  "id": "LIM-09",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST NOT count expired blobs towards max_group_storage and max_total_storage, cleaned up or not.",
  "source": "decision",
  "why": "A group would stay full although nothing in it can be read any more.",
  "area": "LIM"
 },
 {
  "id": "LIM-10",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST accept messages_burst requests at once from a device that has sent none for as long as the bucket takes to fill.",
  "source": "decision",
  "why": "The edits of a day without network would be refused when the device comes back.",
  "area": "LIM"
 },
 {
  "id": "LIM-11",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST count the requests of one DeviceId together over all its connections.",
  "source": "deployed",
  "why": "A device could multiply its share by opening more connections.",
  "area": "LIM"
 },
 {
  "id": "LIM-12",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST NOT count a request that it refuses with Error 2000 against any rate.",
  "source": "decision",
  "why": "A client that tries a moment too early would push its own turn further and further away.",
  "area": "LIM"
 },
 {
  "id": "LIM-13",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST NOT count Hello and Bye against messages_per_minute.",
  "source": "deployed",
  "why": "A device on a bad line would use up its requests by reconnecting.",
  "area": "LIM"
 },
 {
  "id": "LIM-14",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST let a Presence 0 take effect also when the device is over its rate, and answer neither a Presence that it drops nor one that it carries out.",
  "source": "decision",
  "why": "A device that woke up would get no notifications until it connects again.",
  "area": "LIM"
 },
 {
  "id": "LIM-15",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST answer a request that is over global_requests_per_second with Error 2000 and go on with the session.",
  "source": "deployed",
  "why": "A rush of many devices would take the relay down for all of them.",
  "errors": [
   2000
  ],
  "area": "LIM"
 },
 {
  "id": "LIM-16",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST answer a WebSocket upgrade that is over connections_per_minute of its IP address with HTTP 429 and Retry-After, and write no byte of a handshake.",
  "source": "deployed",
  "why": "One host could keep the relay busy with handshakes.",
  "area": "LIM"
 },
 {
  "id": "LIM-17",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST answer a WebSocket upgrade beyond max_concurrent_sessions with HTTP 503 and Retry-After, and go on serving the sessions that it has.",
  "source": "deployed",
  "why": "A rush of clients would push out those who are served.",
  "area": "LIM"
 },
 {
  "id": "LIM-18",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST accept a new connection when one of max_concurrent_sessions has ended.",
  "source": "decision",
  "why": "A relay that was once full would stay closed until somebody restarts it.",
  "area": "LIM"
 },
 {
  "id": "LIM-19",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST answer the request that would begin the state of a group beyond new_groups_per_hour of its IP address with Error 2000 and go on with the session.",
  "source": "decision",
  "why": "One host could make groups without end, each with a quota of its own.",
  "errors": [
   2000
  ],
  "area": "LIM"
 },
 {
  "id": "LIM-20",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST NOT refuse a client on account of a rate that it states as 0.",
  "source": "decision",
  "why": "An operator who lifts a limit would still have clients turned away.",
  "area": "LIM"
 },
 {
  "id": "LIM-21",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST take the IP address of a client from a header only where a proxy that it was told to trust has written it.",
  "source": "decision",
  "why": "Whoever adds a header of his own would be under no limit of addresses at all.",
  "area": "LIM"
 },
 {
  "id": "LIM-22",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST count all IPv6 addresses of one /64 network as one address.",
  "source": "decision",
  "why": "A single host usually has a /64 to itself, and would be under no limit.",
  "untestable": {
   "reason": "the machine that runs the kit seldom has two addresses of one /64",
   "covered_by": "relay/test/limits.test.ts"
  },
  "area": "LIM"
 },
 {
  "id": "LIM-23",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST answer the RevokeDevice of an id that would be the 1,025th revoked one of its group with Error 2002 and go on with the session.",
  "source": "decision",
  "why": "A member could fill the relay with ids that were never devices.",
  "errors": [
   2002
  ],
  "area": "LIM"
 },
 {
  "id": "LIM-24",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST welcome a new device in an open group that has max_devices_per_group devices.",
  "source": "decision",
  "why": "Whoever knows the id of an open group could lock its owner's next device out.",
  "area": "LIM"
 },
 {
  "id": "MEM-01",
  "level": "MUST",
  "party": "relay",
  "profile": "membership",
  "text": "A relay MUST serve the proven group of a Hello whose proof is a valid Ed25519 signature over \"0k-sync-member-v1\", group_id and the sender's DeviceId by a key of which group_id is the SHA-256 after \"0k-sync-group-id-v2\".",
  "source": "decision",
  "why": "Members could not reach their own group.",
  "area": "MEM"
 },
 {
  "id": "MEM-02",
  "level": "MUST",
  "party": "relay",
  "profile": "membership",
  "text": "A relay MUST answer a Hello whose proof has a key that does not hash to group_id with Error 1002 and end the session.",
  "source": "decision",
  "why": "Whoever learns a group's id could read and fill it with a key of his own.",
  "errors": [
   1002,
   "unauthorized"
  ],
  "area": "MEM"
 },
 {
  "id": "MEM-03",
  "level": "MUST",
  "party": "relay",
  "profile": "membership",
  "text": "A relay MUST answer a Hello whose proof has a signature that does not verify with Error 1002 and end the session.",
  "source": "decision",
  "why": "Whoever learns a group's id and key could read and fill it.",
  "errors": [
   1002,
   "unauthorized"
  ],
  "area": "MEM"
 },
 {
  "id": "MEM-04",
  "level": "MUST",
  "party": "relay",
  "profile": "membership",
  "text": "A relay MUST answer a Hello whose proof was signed for another DeviceId with Error 1002 and end the session.",
  "source": "decision",
  "why": "Whoever sees one member's proof could use it as his own.",
  "errors": [
   1002,
   "unauthorized"
  ],
  "area": "MEM"
 },
 {
  "id": "MEM-05",
  "level": "MUST",
  "party": "relay",
  "profile": "membership",
  "text": "A relay MUST answer a Hello whose proof was signed for another group_id with Error 1002 and end the session.",
  "source": "decision",
  "why": "A proof for one group would open another.",
  "errors": [
   1002,
   "unauthorized"
  ],
  "area": "MEM"
 },
 {
  "id": "MEM-06",
  "level": "MUST",
  "party": "relay",
  "profile": "membership",
  "text": "A relay MUST answer a Hello whose proof was signed without the label \"0k-sync-member-v1\" or under another with Error 1002 and end the session.",
  "source": "decision",
  "why": "Signatures made for another purpose could be passed off as proofs.",
  "errors": [
   1002,
   "unauthorized"
  ],
  "area": "MEM"
 },
 {
  "id": "MEM-07",
  "level": "MUST",
  "party": "relay",
  "profile": "membership",
  "text": "A relay MUST answer a Hello whose proof has a signature with S of the group order or more with Error 1002 and end the session.",
  "source": "rfc",
  "why": "One proof could be turned into others that were never made.",
  "errors": [
   1002,
   "unauthorized"
  ],
  "area": "MEM"
 },
 {
  "id": "MEM-08",
  "level": "MUST",
  "party": "relay",
  "profile": "membership",
  "text": "A relay MUST answer a Hello whose proof has a key that is no canonical encoding of a point with Error 1002 and end the session.",
  "source": "decision",
  "why": "Relays would disagree about who is a member.",
  "errors": [
   1002,
   "unauthorized"
  ],
  "area": "MEM"
 },
 {
  "id": "MEM-09",
  "level": "MUST",
  "party": "relay",
  "profile": "membership",
  "text": "A relay MUST answer a Hello whose proof has a signature with an R that is no canonical encoding of a point with Error 1002 and end the session.",
  "source": "decision",
  "why": "Relays would disagree about who is a member.",
  "errors": [
   1002,
   "unauthorized"
  ],
  "area": "MEM"
 },
 {
  "id": "MEM-10",
  "level": "MUST",
  "party": "relay",
  "profile": "membership",
  "text": "A relay MUST answer a Hello whose proof has a key of small order with Error 1002 and end the session.",
  "source": "decision",
  "why": "A group whose id was made from such a key would be open to everyone.",
  "errors": [
   1002,
   "unauthorized"
  ],
  "area": "MEM"
 },
 {
  "id": "MEM-11",
  "level": "MUST",
  "party": "relay",
  "profile": "membership",
  "text": "A relay MUST serve the open group of the id to a Hello without proof, unless its open_groups is false.",
  "source": "decision",
  "why": "Deployed clients, which have no proof, could not sync.",
  "area": "MEM"
 },
 {
  "id": "MEM-12",
  "level": "MUST",
  "party": "relay",
  "profile": "membership",
  "text": "A relay MUST keep the open and the proven group of one id apart in blobs, cursors, known blob_ids, epochs and all numbers of Welcome.",
  "source": "decision",
  "why": "Whoever learns a group's id could read and fill it without a proof.",
  "area": "MEM"
 },
 {
  "id": "MEM-13",
  "level": "MUST",
  "party": "relay",
  "profile": "membership",
  "text": "A relay MUST keep the open and the proven group of one id apart in notifications.",
  "source": "decision",
  "why": "Whoever learns a group's id could watch when its members are at work.",
  "area": "MEM"
 },
 {
  "id": "MEM-14",
  "level": "MUST",
  "party": "relay",
  "profile": "membership",
  "text": "A relay MUST serve the open and the proven group of an id each in the same way whether or not the other was used before.",
  "source": "decision",
  "why": "A stranger who comes first could take a group's id and lock its members out.",
  "area": "MEM"
 },
 {
  "id": "MEM-15",
  "level": "MUST",
  "party": "relay",
  "profile": "membership",
  "text": "A relay MUST answer a Hello without proof with Error 1002 and end the session if its open_groups is false.",
  "source": "decision",
  "why": "The operator's decision to serve members only would be without effect.",
  "errors": [
   1002
  ],
  "area": "MEM"
 },
 {
  "id": "MEM-16",
  "level": "MUST",
  "party": "relay",
  "profile": "membership",
  "text": "A relay MUST answer a RevokeDevice in an open group with Error 1002 and end the session, whichever device it names.",
  "source": "decision",
  "why": "Whoever learns a group's id could lock its members out.",
  "errors": [
   1002
  ],
  "area": "MEM"
 },
 {
  "id": "MEM-17",
  "level": "MUST",
  "party": "relay",
  "profile": "membership",
  "text": "A relay MUST answer a Delete with force true in an open group with Error 1002 and end the session, whoever sent the blob and whether or not there is one.",
  "source": "decision",
  "why": "Whoever learns a group's id could try to delete what its members have not yet fetched.",
  "errors": [
   1002
  ],
  "area": "MEM"
 },
 {
  "id": "MEM-18",
  "level": "MUST",
  "party": "relay",
  "profile": "membership",
  "text": "A relay MUST serve several devices of a proven group at once, each by a proof for its own DeviceId.",
  "source": "decision",
  "why": "A second device could not join.",
  "area": "MEM"
 },
 {
  "id": "MEM-19",
  "level": "MUST",
  "party": "relay",
  "profile": "membership",
  "text": "A relay MUST answer a Hello whose valid proof comes with a DeviceId that is new in a proven group of max_devices_per_group devices with Error 1002 and end the session.",
  "source": "decision",
  "why": "One stolen secret could fill a group with devices without end.",
  "errors": [
   1002
  ],
  "area": "MEM"
 },
 {
  "id": "MEM-20",
  "level": "MAY",
  "party": "both",
  "profile": "membership",
  "text": "Both sides MAY accept or reject a signature over which the cofactored and the cofactorless equation disagree.",
  "source": "decision",
  "why": "Implementations on different libraries would be failed for what no attacker can use.",
  "area": "MEM"
 },
 {
  "id": "MEM-21",
  "level": "MUST",
  "party": "both",
  "profile": "codec",
  "text": "Both sides MUST make the id of a v2 group as SHA-256 of \"0k-sync-group-id-v2\" and the 32 bytes of the group's Ed25519 key.",
  "source": "decision",
  "why": "Two devices with one secret would look for each other in different groups.",
  "area": "MEM"
 },
 {
  "id": "MEM-22",
  "level": "MUST",
  "party": "both",
  "profile": "rmp",
  "text": "Both sides MUST make the id of a v1 group as SHA-256 of \"0k-sync-group-id-v1\" and the 32 bytes of group_secret.",
  "source": "deployed",
  "why": "Deployed and new devices with one secret would look for each other in different groups.",
  "area": "MEM"
 },
 {
  "id": "OPS-01",
  "level": "MUST",
  "party": "relay",
  "profile": "ops",
  "text": "A relay MUST answer GET /health on its public listener with HTTP 200 and the JSON object {\"status\":\"ok\"}.",
  "source": "deployed",
  "why": "Load balancers and people could not see that it is alive.",
  "area": "OPS"
 },
 {
  "id": "OPS-02",
  "level": "MUST",
  "party": "relay",
  "profile": "ops",
  "text": "A relay MUST NOT put anything beyond status into the /health of its public listener.",
  "source": "decision",
  "why": "Strangers could watch how many people use the relay, and when.",
  "area": "OPS"
 },
 {
  "id": "OPS-03",
  "level": "MUST",
  "party": "relay",
  "profile": "ops",
  "text": "A relay MUST NOT serve /metrics on its public listener.",
  "source": "decision",
  "why": "Strangers could watch how many people use the relay, and when.",
  "area": "OPS"
 },
 {
  "id": "OPS-04",
  "level": "MUST",
  "party": "relay",
  "profile": "ops",
  "text": "A relay MUST answer GET /health on its admin listener with a JSON object of status, version, connections, groups, uptime_seconds, total_blobs, storage_bytes and groups_with_data.",
  "source": "deployed",
  "why": "The operator's own checks would break with the next relay.",
  "area": "OPS"
 },
 {
  "id": "OPS-05",
  "level": "MUST",
  "party": "relay",
  "profile": "ops",
  "text": "A relay MUST answer GET /metrics on its admin listener in the text format of Prometheus, with every metric of the metrics table under its name and of its type.",
  "source": "deployed",
  "why": "Dashboards and alarms would show nothing after a change of relay.",
  "area": "OPS"
 },
 {
  "id": "OPS-06",
  "level": "MUST",
  "party": "relay",
  "profile": "ops",
  "text": "A relay MUST add 1 to sync_relay_pushes_total for each Push, and to sync_relay_blobs_stored_total for each blob that it stored.",
  "source": "deployed",
  "why": "The operator would see no load, or too much.",
  "area": "OPS"
 },
 {
  "id": "OPS-07",
  "level": "MUST",
  "party": "relay",
  "profile": "ops",
  "text": "A relay MUST add 1 to sync_relay_pulls_total for each Pull.",
  "source": "deployed",
  "why": "The operator would see no load, or too much.",
  "area": "OPS"
 },
 {
  "id": "OPS-08",
  "level": "MUST",
  "party": "relay",
  "profile": "ops",
  "text": "A relay MUST count a connection in sync_relay_connections_active from its upgrade until it has ended, and each once in sync_relay_connections_total.",
  "source": "deployed",
  "why": "Leaked connections would not show until nothing goes any more.",
  "area": "OPS"
 },
 {
  "id": "OPS-09",
  "level": "MUST",
  "party": "relay",
  "profile": "ops",
  "text": "A relay MUST state in sync_relay_storage_blobs and sync_relay_storage_bytes what it keeps at that time, and take out of it what it cleaned up.",
  "source": "deployed",
  "why": "The operator would learn of a full disk from the users.",
  "area": "OPS"
 },
 {
  "id": "OPS-10",
  "level": "MUST",
  "party": "relay",
  "profile": "ops",
  "text": "A relay MUST NOT put an id of a group, device or blob, a device name or a client's address into a metric or its labels.",
  "source": "decision",
  "why": "Whoever reads the dashboards would learn who syncs, with what and when.",
  "area": "OPS"
 },
 {
  "id": "OPS-11",
  "level": "MUST",
  "party": "relay",
  "profile": "ops",
  "text": "A relay MUST end with exit code 0 after SIGTERM.",
  "source": "decision",
  "why": "Whatever supervises the process would take each update for a crash.",
  "area": "OPS"
 },
 {
  "id": "OPS-12",
  "level": "MUST",
  "party": "relay",
  "profile": "ops",
  "text": "A relay MUST end with exit code 0 after SIGINT.",
  "source": "decision",
  "why": "Ctrl-C would leave it running, or look like a crash.",
  "area": "OPS"
 },
 {
  "id": "OPS-13",
  "level": "MUST",
  "party": "relay",
  "profile": "ops",
  "text": "A relay MUST answer the requests that it read before SIGTERM, ahead of Error 3001.",
  "source": "decision",
  "why": "Each update would leave clients with edits of which they do not know whether they arrived.",
  "area": "OPS"
 },
 {
  "id": "OPS-14",
  "level": "MUST",
  "party": "relay",
  "profile": "ops",
  "text": "A relay MUST NOT begin a new session after SIGTERM.",
  "source": "decision",
  "why": "Clients would connect again and again to a relay that is going away, and keep it from ending.",
  "area": "OPS"
 },
 {
  "id": "OPS-15",
  "level": "MUST",
  "party": "relay",
  "profile": "ops",
  "text": "A relay MUST NOT write a payload, a device name, a push token or a part of one to its output.",
  "source": "decision",
  "why": "Logs are kept for years, and read by people who should know nothing of the users.",
  "area": "OPS"
 },
 {
  "id": "OPS-16",
  "level": "MUST",
  "party": "relay",
  "profile": "ops",
  "text": "A relay MUST NOT write the id of a group, device or blob in full to its output.",
  "source": "decision",
  "why": "Logs would tell who syncs with whom.",
  "area": "OPS"
 },
 {
  "id": "OPS-17",
  "level": "MUST",
  "party": "relay",
  "profile": "ops",
  "text": "A relay MUST NOT write a client's IP address to its output, at any level of its log.",
  "source": "decision",
  "why": "Logs would tell where each person was, and when.",
  "area": "OPS"
 },
 {
  "id": "OPS-18",
  "level": "MUST",
  "party": "relay",
  "profile": "ops",
  "text": "A relay MUST shorten ids that it logs by a hash with a key of its own.",
  "source": "decision",
  "why": "An unkeyed hash or a prefix of an id finds the same person in the logs of any relay.",
  "untestable": {
   "reason": "that a hash has a key cannot be seen from its outcome",
   "covered_by": "relay/test/log.test.ts"
  },
  "area": "OPS"
 },
 {
  "id": "OPS-19",
  "level": "MUST",
  "party": "relay",
  "profile": "ops",
  "text": "A relay that takes a configuration in TOML MUST take the sections and keys of the configuration table, each limit under the name that it has in Welcome.",
  "source": "decision",
  "why": "Operators could not carry their configuration over, and would look for a limit under a wrong name.",
  "untestable": {
   "reason": "the kit is given a running relay, not its configuration",
   "covered_by": "relay/test/config.test.ts"
  },
  "area": "OPS"
 },
 {
  "id": "OPS-20",
  "level": "MUST",
  "party": "relay",
  "profile": "ops",
  "text": "A relay MUST refuse to start with a configuration that has an unknown key or a value out of range.",
  "source": "decision",
  "why": "A misspelt limit would be no limit, and nobody would notice.",
  "untestable": {
   "reason": "the kit is given a running relay, not its configuration",
   "covered_by": "relay/test/config.test.ts"
  },
  "area": "OPS"
 },
 {
  "id": "OPS-21",
  "level": "SHOULD",
  "party": "relay",
  "profile": "ops",
  "text": "A relay SHOULD take each key of its configuration from the environment variable ZK_SYNC_, the section, _ and the key, in capitals, before the file's.",
  "source": "decision",
  "why": "Containers are configured by their environment.",
  "area": "OPS"
 },
 {
  "id": "OPS-22",
  "level": "MUST",
  "party": "relay",
  "profile": "ops",
  "text": "A relay MUST bind its admin listener to a loopback address unless it is told otherwise.",
  "source": "deployed",
  "why": "Figures meant for the operator would be open to the internet.",
  "untestable": {
   "reason": "the kit is given the addresses of a relay, not its defaults",
   "covered_by": "relay/test/config.test.ts"
  },
  "area": "OPS"
 },
 {
  "id": "OPS-23",
  "level": "MUST",
  "party": "relay",
  "profile": "ops",
  "text": "A relay MUST NOT put a blob into a PullResponse whose payload does not have the SHA-256 that it had when it was stored.",
  "source": "decision",
  "why": "A device would take bytes for its data that a failing disk made up.",
  "untestable": {
   "reason": "no outsider can damage what the relay has stored",
   "covered_by": "relay/test/storage.test.ts"
  },
  "area": "OPS"
 },
 {
  "id": "OPS-24",
  "level": "MUST",
  "party": "relay",
  "profile": "ops",
  "text": "A relay MUST list the cursor of each damaged blob in damaged of every page with after_cursor below it and max_cursor not below it, or with has_more false.",
  "source": "decision",
  "why": "A device would never learn that something is lost, and the one that still has it would not push it again.",
  "untestable": {
   "reason": "no outsider can damage what the relay has stored",
   "covered_by": "relay/test/storage-damage.test.ts"
  },
  "area": "OPS"
 },
 {
  "id": "OPS-25",
  "level": "MUST",
  "party": "relay",
  "profile": "ops",
  "text": "A relay MUST store a damaged blob anew under the next cursor, with Notify, when its Push is repeated.",
  "source": "decision",
  "why": "A damaged blob could never be put right by the device that still has it.",
  "untestable": {
   "reason": "no outsider can damage what the relay has stored",
   "covered_by": "relay/test/storage-damage.test.ts"
  },
  "area": "OPS"
 },
 {
  "id": "OPS-26",
  "level": "MUST",
  "party": "relay",
  "profile": "ops",
  "text": "A relay MUST NOT change a database that it cannot use, be it of a newer version, damaged, locked or not its own.",
  "source": "decision",
  "why": "A wrong path or a downgrade would destroy the data of everybody on the relay.",
  "untestable": {
   "reason": "no outsider chooses the relay's database",
   "covered_by": "relay/test/storage-start.test.ts"
  },
  "area": "OPS"
 },
 {
  "id": "SEAL-01",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST seal a payload of a v1 group as a nonce of 24 bytes, then XChaCha20-Poly1305 of the data under the key of seal 1 without additional data.",
  "source": "deployed",
  "why": "Deployed and new devices of a group could not read each other.",
  "area": "SEAL"
 },
 {
  "id": "SEAL-02",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse a seal 1 of less than 40 bytes.",
  "source": "decision",
  "why": "Code that takes the nonce off would read past the end.",
  "errors": [
   "too-short"
  ],
  "area": "SEAL"
 },
 {
  "id": "SEAL-03",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse a seal 1 whose tag does not fit.",
  "source": "rfc",
  "why": "What a relay changed or made up would reach the app.",
  "errors": [
   "decrypt"
  ],
  "area": "SEAL"
 },
 {
  "id": "SEAL-04",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST seal a payload of a v2 group as the byte 0x02, a nonce of 24 bytes, then XChaCha20-Poly1305 under the key of seal 2.",
  "source": "decision",
  "why": "The group's devices could not read each other.",
  "area": "SEAL"
 },
 {
  "id": "SEAL-05",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST take \"0k-sync-seal-2\", the 32 bytes of group_id and the 16 bytes of the blob_id of the Push as additional data of seal 2.",
  "source": "decision",
  "why": "A relay could hand out one blob in the place of another.",
  "errors": [
   "decrypt"
  ],
  "area": "SEAL"
 },
 {
  "id": "SEAL-06",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse a seal 2 of less than 41 bytes.",
  "source": "decision",
  "why": "Code that takes the nonce off would read past the end.",
  "errors": [
   "too-short"
  ],
  "area": "SEAL"
 },
 {
  "id": "SEAL-07",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse a seal 2 whose first byte is not 0x02.",
  "source": "decision",
  "why": "A later version would be read as if it were this one.",
  "errors": [
   "wrong-version"
  ],
  "area": "SEAL"
 },
 {
  "id": "SEAL-08",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse a seal 2 whose tag does not fit.",
  "source": "rfc",
  "why": "What a relay changed or made up would reach the app.",
  "errors": [
   "decrypt"
  ],
  "area": "SEAL"
 },
 {
  "id": "SEAL-09",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST open payloads with the seal that the group's invite names, and refuse the other one without trying it.",
  "source": "decision",
  "why": "A relay could choose the weaker seal for everybody.",
  "errors": [
   "wrong-version",
   "decrypt"
  ],
  "area": "SEAL"
 },
 {
  "id": "SEAL-10",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST begin the plaintext of seal 2 with the MessagePack array of author (16 bytes), seq, seen_epoch (16 bytes or nil), seen_cursor, seen_blob (16 bytes or nil) and data, all headers and integers in their shortest form.",
  "source": "decision",
  "why": "The group's devices could not read each other, and lengths would tell which software wrote a blob.",
  "area": "SEAL"
 },
 {
  "id": "SEAL-11",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse a seal 2 whose plaintext does not begin with an array of these six elements in their types and lengths.",
  "source": "decision",
  "why": "A blob would be counted for an author that nobody knows, and losses go unnoticed.",
  "errors": [
   "malformed"
  ],
  "area": "SEAL"
 },
 {
  "id": "SEAL-12",
  "level": "MAY",
  "party": "client",
  "profile": "codec",
  "text": "A client MAY open or refuse a seal 2 whose array has longer headers or integers than need be, or values that no author writes (seq 0, a seen_blob without seen_epoch or with seen_cursor 0).",
  "source": "decision",
  "why": "Implementations would be failed for being strict, or for being lenient, with what only a member can make.",
  "area": "SEAL"
 },
 {
  "id": "SEAL-13",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST write and read seq and seen_cursor exactly up to 2^64−1.",
  "source": "decision",
  "why": "Values above 2^53 would be rounded, and a blob would be confused with its neighbour.",
  "area": "SEAL"
 },
 {
  "id": "SEAL-14",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST fill the plaintext of seal 2 behind the array with zero bytes up to max(256, PADMÉ(L)) bytes, L being the length of the array, with PADMÉ(L) = (L + m) & ~m, m = 2^(E−S) − 1, E = ⌊log2 L⌋ and S = ⌊log2 E⌋ + 1.",
  "source": "decision",
  "why": "A relay would learn from its length what a blob is about.",
  "errors": [
   "wrong-padding"
  ],
  "area": "SEAL"
 },
 {
  "id": "SEAL-15",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse a seal 2 with a byte that is not zero behind the array.",
  "source": "decision",
  "why": "A modified client could hide data where no user sees it.",
  "errors": [
   "wrong-padding"
  ],
  "area": "SEAL"
 },
 {
  "id": "SEAL-16",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse a seal 2 whose plaintext is longer or shorter than the padding of its array asks for.",
  "source": "decision",
  "why": "Clients that leave the padding out would go unnoticed, and the relay learn lengths.",
  "errors": [
   "wrong-padding"
  ],
  "area": "SEAL"
 },
 {
  "id": "SEAL-17",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST take up to 1,032,064 bytes of data in one seal 2.",
  "source": "decision",
  "why": "A note that one device could write would not reach another.",
  "area": "SEAL"
 },
 {
  "id": "SEAL-18",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse to seal, and to open, more than 1,032,064 bytes of data in one seal 2.",
  "source": "decision",
  "why": "The app would learn from the relay, perhaps days later, that its edit is too large to sync.",
  "errors": [
   "too-large"
  ],
  "area": "SEAL"
 },
 {
  "id": "SEAL-19",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST draw the 24 bytes of nonce anew, from a generator of cryptographic random numbers, for each payload, piece of content and device name that it seals.",
  "source": "rfc",
  "why": "Two plaintexts under one nonce can be read off each other.",
  "planned": true,
  "area": "SEAL"
 },
 {
  "id": "SEAL-20",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST draw its author, 16 bytes at random, once for each device and group, and put it in every seal 2 that it writes there.",
  "source": "decision",
  "why": "Devices could not tell whose blobs are missing.",
  "planned": true,
  "area": "SEAL"
 },
 {
  "id": "SEAL-21",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST give the blobs of its author the numbers seq from 1 without a gap, and never one number to two blob_ids.",
  "source": "decision",
  "why": "Other devices would report losses that never were, and miss those that are.",
  "planned": true,
  "area": "SEAL"
 },
 {
  "id": "SEAL-22",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST put the newest cursor and blob_id that it has pulled from its primary relay, as seen_cursor and seen_blob in each seal 2, 0 and nil if it has pulled none, and the epoch of that relay as seen_epoch, nil if it gave none.",
  "source": "decision",
  "why": "Devices could not tell that a relay shows them different histories.",
  "planned": true,
  "area": "SEAL"
 },
 {
  "id": "SEAL-23",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST report `withheld`, once it has pulled all that a relay has, for a gap in an author's seq that neither expiry nor deletion explains, and for no other.",
  "source": "decision",
  "why": "A relay could keep back an edit and nobody would ever know, or users would learn to ignore the warning.",
  "planned": true,
  "area": "SEAL"
 },
 {
  "id": "SEAL-24",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST report `forked` where its own record at the seen_cursor of an author in the same epoch is another blob than seen_blob, and in no other case.",
  "source": "decision",
  "why": "A relay could show two devices different histories for ever, or users would learn to ignore the warning.",
  "planned": true,
  "area": "SEAL"
 },
 {
  "id": "SEAL-25",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST report `replayed` for a seq of an author that it has seen under another blob_id, and for no other.",
  "source": "decision",
  "why": "A relay could bring back old edits as new ones, or users would learn to ignore the warning.",
  "planned": true,
  "area": "SEAL"
 },
 {
  "id": "SEAL-26",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST write a sealed device name as \"~\" and the base64url without padding of a nonce of 24 bytes and XChaCha20-Poly1305 under the key of device names, 225 characters in all.",
  "source": "decision",
  "why": "The group's devices could not show each other's names.",
  "errors": [
   "mismatch"
  ],
  "area": "SEAL"
 },
 {
  "id": "SEAL-27",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST take \"0k-sync-name-v1\", the 32 bytes of group_id and the 32 bytes of device_id as additional data of a device name.",
  "source": "decision",
  "why": "A relay could exchange the names of two devices, and the user would revoke the wrong one.",
  "errors": [
   "decrypt"
  ],
  "area": "SEAL"
 },
 {
  "id": "SEAL-28",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST seal a device name in NFC.",
  "source": "decision",
  "why": "One name would be shown and found in two forms.",
  "errors": [
   "mismatch"
  ],
  "area": "SEAL"
 },
 {
  "id": "SEAL-29",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST cut a device name that has more than 127 bytes of UTF-8 in NFC between two Unicode scalar values, to as many as fit in 127 bytes.",
  "source": "decision",
  "why": "The last character of a long name would break the apps that show it, or the name get lost.",
  "errors": [
   "mismatch"
  ],
  "area": "SEAL"
 },
 {
  "id": "SEAL-30",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST fill the UTF-8 of a device name with zero bytes to 128 bytes before it seals it.",
  "source": "decision",
  "why": "A relay would tell devices apart by the lengths of their names.",
  "errors": [
   "mismatch"
  ],
  "area": "SEAL"
 },
 {
  "id": "SEAL-31",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse to seal a device name that holds U+0000.",
  "source": "decision",
  "why": "The name would be cut where other devices read it, or not be read at all.",
  "errors": [
   "malformed"
  ],
  "area": "SEAL"
 },
 {
  "id": "SEAL-32",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse a device name in which the \"~\" is followed by anything but the base64url, without padding, of 168 bytes.",
  "source": "decision",
  "why": "Half a name, or one in a form of nobody's, would be guessed at.",
  "errors": [
   "malformed"
  ],
  "area": "SEAL"
 },
 {
  "id": "SEAL-33",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse a device name whose tag does not fit.",
  "source": "rfc",
  "why": "A relay could make up the names of devices.",
  "errors": [
   "decrypt"
  ],
  "area": "SEAL"
 },
 {
  "id": "SEAL-34",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse a device name in which no zero byte ends the text, or a byte that is not zero stands behind the first zero byte.",
  "source": "decision",
  "why": "Two apps would show two names for one device.",
  "errors": [
   "wrong-padding"
  ],
  "area": "SEAL"
 },
 {
  "id": "SEAL-35",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST refuse a device name that is not well-formed UTF-8.",
  "source": "decision",
  "why": "Bytes that are no text would reach where text is shown.",
  "errors": [
   "malformed"
  ],
  "area": "SEAL"
 },
 {
  "id": "SEAL-36",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST open a device name that is not in NFC, and leave it as it is.",
  "source": "decision",
  "why": "A device with an older Unicode than the writer's would show no name.",
  "area": "SEAL"
 },
 {
  "id": "SEAL-37",
  "level": "MUST",
  "party": "client",
  "profile": "codec",
  "text": "A client MUST take a device name that does not begin with \"~\" for a plain one, and not for a sealed one.",
  "source": "decision",
  "why": "Deployed devices, and users who chose a plain name, would be shown without a name.",
  "errors": [
   "wrong-version"
  ],
  "area": "SEAL"
 },
 {
  "id": "SEAL-38",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST seal the device name in Hello of a v2 group unless the user has chosen a plain one.",
  "source": "decision",
  "why": "Whoever runs the relay would learn the names of people and their devices.",
  "planned": true,
  "area": "SEAL"
 },
 {
  "id": "SEAL-39",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST NOT send a plain device name that begins with \"~\".",
  "source": "decision",
  "why": "Other devices would report the name as forged.",
  "planned": true,
  "area": "SEAL"
 },
 {
  "id": "SES-01",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST answer a valid Hello with a Welcome.",
  "source": "decision",
  "why": "No device could sync.",
  "area": "SES"
 },
 {
  "id": "SES-02",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST write no frame on a connection before the Welcome, except an Error that ends the session.",
  "source": "decision",
  "why": "A client would take a notification for the answer to its Hello.",
  "area": "SES"
 },
 {
  "id": "SES-03",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST answer a well-formed message other than Hello, Bye, Error, a message that only a relay may send or an inner one, found before Hello, with Error 1002 and end the session with close code 4002.",
  "source": "decision",
  "why": "Requests would be served to someone whose right to the group was never checked.",
  "errors": [
   1002
  ],
  "area": "SES"
 },
 {
  "id": "SES-04",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST end the session with Error 1000 or 1002 when it finds a well-formed message that only a relay may send, or an inner one, before Hello, and with Error 1002 or close code 1000 when it finds an Error there.",
  "source": "decision",
  "why": "Requests would be served to someone whose right to the group was never checked.",
  "errors": [
   1000,
   1002
  ],
  "area": "SES"
 },
 {
  "id": "SES-05",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST close a connection with close code 1000, and write no frame, when a Bye comes before Hello.",
  "source": "decision",
  "why": "A client that changes its mind would be shown an error.",
  "area": "SES"
 },
 {
  "id": "SES-06",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST answer a second Hello on a connection with Error 1000 and end the session, whatever group the second one names.",
  "source": "decision",
  "why": "A session could slip into another group after its proof was checked.",
  "errors": [
   1000
  ],
  "area": "SES"
 },
 {
  "id": "SES-07",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST answer a message that only a relay may send (Welcome, PushAck, PullResponse, Notify, Deleted, DeviceRevoked, Devices, Ok) or an inner one (ContentRef, ContentAck) after Hello with Error 1000 and end the session.",
  "source": "decision",
  "why": "A confused client would go on in a session that nobody understands.",
  "errors": [
   1000
  ],
  "area": "SES"
 },
 {
  "id": "SES-08",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST leave unread what follows Hello until the Welcome is written, and then serve it as if it had been sent after the Welcome, larger frames than 65,536 bytes included.",
  "source": "decision",
  "why": "A client that saves a round trip would have its first requests lost or refused.",
  "area": "SES"
 },
 {
  "id": "SES-09",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST answer a Hello that decodes and whose version is not 1 with Error 1005 and end the session with close code 4005.",
  "source": "decision",
  "why": "A client of a later protocol would be told that it sends rubbish, and its user could not learn that an update is due.",
  "errors": [
   1005
  ],
  "area": "SES"
 },
 {
  "id": "SES-10",
  "level": "MUST",
  "party": "relay",
  "profile": "membership",
  "text": "A relay MUST answer a Hello with a version other than 1 and an invalid proof with Error 1005, not 1002.",
  "source": "decision",
  "why": "A client of a later protocol with another kind of proof would be told that it is not a member.",
  "errors": [
   1005
  ],
  "area": "SES"
 },
 {
  "id": "SES-11",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST answer a Hello that does not decode, such as one whose epoch has 15 bytes, with Error 1000 even if its version is not 1 or its proof is invalid.",
  "source": "decision",
  "why": "Parts of a message would be acted upon before the message as a whole made sense.",
  "errors": [
   1000
  ],
  "area": "SES"
 },
 {
  "id": "SES-12",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST answer a Hello that is over the connection rate of its device with Error 2000, fatal here, and end the session with close code 1013.",
  "source": "decision",
  "why": "A client in a reconnect loop would take the relay from everyone else.",
  "errors": [
   2000
  ],
  "area": "SES"
 },
 {
  "id": "SES-13",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST check the rate of connections before the version, so that a Hello over the rate with another version is answered with Error 2000.",
  "source": "decision",
  "why": "A flood of outdated clients would go round the rate limit.",
  "errors": [
   2000
  ],
  "area": "SES"
 },
 {
  "id": "SES-14",
  "level": "MUST",
  "party": "relay",
  "profile": "membership",
  "text": "A relay MUST check the proof before the allow-list and before whether the group is closed, so that a Hello with an invalid proof is answered with Error 1002 also there.",
  "source": "decision",
  "why": "Someone without proof could find out which groups the relay knows.",
  "errors": [
   1002
  ],
  "untestable": {
   "reason": "needs an allow-list or a closed group, which only the relay's operator can set up",
   "covered_by": "relay/test/relay.test.ts"
  },
  "area": "SES"
 },
 {
  "id": "SES-15",
  "level": "MUST",
  "party": "relay",
  "profile": "devices",
  "text": "A relay MUST check the allow-list before revocation, so that a revoked device of a closed group is answered with Error 1001.",
  "source": "decision",
  "why": "The user would look for the fault on the device instead of at the operator.",
  "errors": [
   1001
  ],
  "untestable": {
   "reason": "a group is closed in the relay's own configuration",
   "covered_by": "relay/test/relay.test.ts"
  },
  "area": "SES"
 },
 {
  "id": "SES-16",
  "level": "MUST",
  "party": "relay",
  "profile": "devices",
  "text": "A relay MUST check revocation before the number of devices, so that a revoked device is answered with Error 1003 also in a full group.",
  "source": "decision",
  "why": "The owner of a lost device's replacement would be told to remove devices in vain.",
  "errors": [
   1003
  ],
  "area": "SES"
 },
 {
  "id": "SES-17",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST welcome a Hello whose device_name has more than max_device_name_len Unicode scalar values.",
  "source": "decision",
  "why": "A user with a long name for a device could not sync at all.",
  "area": "SES"
 },
 {
  "id": "SES-18",
  "level": "MUST",
  "party": "relay",
  "profile": "devices",
  "text": "A relay MUST cut a device_name that is longer than max_device_name_len Unicode scalar values to exactly that many, never within one.",
  "source": "decision",
  "why": "The user would see a broken character, or a name that fills the screen.",
  "area": "SES"
 },
 {
  "id": "SES-19",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST send one Notify after a Welcome with pending_count > 0, with count equal to pending_count and latest_cursor the highest cursor of the blobs it counts.",
  "source": "decision",
  "why": "A device that waits for Notifies would not fetch what came while it was away.",
  "area": "SES"
 },
 {
  "id": "SES-20",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST let one device hold several connections at once, and send what notifications are due to it on each of them.",
  "source": "decision",
  "why": "Only one of two windows would show new edits.",
  "area": "SES"
 },
 {
  "id": "SES-21",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST go on sending notifications to the other connections of a device when one of them closes.",
  "source": "decision",
  "why": "Closing one window would silence the other.",
  "area": "SES"
 },
 {
  "id": "SES-22",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST answer a Hello to a group it does not know with a Welcome with max_cursor 0, pending_count 0 and expired_through 0.",
  "source": "decision",
  "why": "The first device of a new group could never begin.",
  "area": "SES"
 },
 {
  "id": "SES-23",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST NOT store anything for a group on account of Hello and Pull alone.",
  "source": "decision",
  "why": "Anyone could fill the relay's disk by naming groups at random.",
  "area": "SES"
 },
 {
  "id": "SES-24",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST answer the requests of one connection, with an Error or otherwise, in the order in which they were sent.",
  "source": "decision",
  "why": "Answers that bear no name of their request would be taken for those of another.",
  "area": "SES"
 },
 {
  "id": "SES-25",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST let the requests of one connection take effect in the order in which they were sent, so that a Pull sent behind a Push without waiting returns that Push's blob.",
  "source": "decision",
  "why": "A client that pushes and pulls in one go would not see its own edit.",
  "area": "SES"
 },
 {
  "id": "SES-26",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST go on with the requests behind one that it answered with a non-fatal Error, in the order in which they were sent.",
  "source": "decision",
  "why": "One refused edit would drop all that were queued behind it.",
  "area": "SES"
 },
 {
  "id": "SES-27",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST write the answers to all requests that it read before an offending frame, in order, before the fatal Error.",
  "source": "decision",
  "why": "Edits that were stored would be held as lost.",
  "area": "SES"
 },
 {
  "id": "SES-28",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST NOT let anything take effect that stands behind an offending frame, well-formed requests in the same Noise message included.",
  "source": "decision",
  "why": "What an attacker appends to a broken message would be carried out.",
  "area": "SES"
 },
 {
  "id": "SES-29",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST write no frame after a fatal Error.",
  "source": "decision",
  "why": "A client would hold answers as valid that belong to no session.",
  "area": "SES"
 },
 {
  "id": "SES-30",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST answer a Bye after Hello with no frame, write the answers to the requests before it and close with close code 1000.",
  "source": "decision",
  "why": "A client that leaves politely would lose answers or be shown an error.",
  "area": "SES"
 },
 {
  "id": "SES-31",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST NOT let anything take effect that stands behind a Bye.",
  "source": "decision",
  "why": "Requests would be carried out for a client that has left.",
  "area": "SES"
 },
 {
  "id": "SES-32",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST end the session with close code 1000 and without an Error of its own when a client sends an Error after Hello.",
  "source": "decision",
  "why": "Two sides would throw errors at each other without end.",
  "area": "SES"
 },
 {
  "id": "SES-33",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST send no answer to a Presence.",
  "source": "decision",
  "why": "The client would take it for the answer to its next request.",
  "area": "SES"
 },
 {
  "id": "SES-34",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST treat a Presence with a status from 2 to 255 as if it had not been sent, and go on with the session.",
  "source": "decision",
  "why": "Clients with a newer status would be cut off.",
  "area": "SES"
 },
 {
  "id": "SES-35",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST put an epoch of 16 bytes in every Welcome in `bin`.",
  "source": "decision",
  "why": "Clients could not notice that a relay lost their data.",
  "area": "SES"
 },
 {
  "id": "SES-36",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST put the same epoch in every Welcome of a group that has state, over connections, devices and restarts, while no rule demands a new one.",
  "source": "decision",
  "why": "Every reconnect would make each device pull and push everything again.",
  "area": "SES"
 },
 {
  "id": "SES-37",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST put different epochs in the Welcomes of different groups.",
  "source": "decision",
  "why": "A client could take one group's history for that of another.",
  "area": "SES"
 },
 {
  "id": "SES-38",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST draw epochs so that none can be predicted.",
  "source": "decision",
  "why": "Someone could keep clients from noticing that the relay's data was lost.",
  "untestable": {
   "reason": "that a draw is unpredictable cannot be seen from its outcome",
   "covered_by": "relay/test/white-box.test.ts"
  },
  "area": "SES"
 },
 {
  "id": "SES-39",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST put the same epoch in all Welcomes of a group without state until the group's state begins, or it restarts or forgets a group.",
  "source": "decision",
  "why": "Two devices that set up a group together would reset each other.",
  "area": "SES"
 },
 {
  "id": "SES-40",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST keep, when a group's state begins, the epoch that its Welcomes showed before.",
  "source": "decision",
  "why": "A device's first push would look like the loss of the relay's data.",
  "area": "SES"
 },
 {
  "id": "SES-41",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST put another epoch than before in the Welcome of a group without state after it restarted.",
  "source": "decision",
  "why": "A relay that lost a group with its memory would look as if nothing had happened.",
  "area": "SES"
 },
 {
  "id": "SES-42",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST take a new epoch for the group before it answers a Hello that names the current epoch and a last_blob other than the blob_id that the relay has at last_cursor, live or gone.",
  "source": "decision",
  "why": "A relay restored from a backup would number new blobs like lost ones, and devices would skip them.",
  "area": "SES"
 },
 {
  "id": "SES-43",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST take a new epoch for a group with state before it answers a Hello that names the current epoch and a last_cursor above the highest assigned.",
  "source": "decision",
  "why": "A relay restored from a backup would leave devices waiting beyond its end for ever.",
  "area": "SES"
 },
 {
  "id": "SES-44",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST keep the group's epoch when a Hello names the current epoch and the right last_blob for its last_cursor, be that blob live or expired.",
  "source": "decision",
  "why": "Each reconnect would make every device pull and push everything again.",
  "area": "SES"
 },
 {
  "id": "SES-45",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST keep the group's epoch when a Hello names a last_cursor whose record it no longer keeps.",
  "source": "decision",
  "why": "Old devices would reset the group at each of their visits.",
  "untestable": {
   "reason": "a relay forgets a record max_ttl seconds after the blob is gone at the earliest, and may keep it for ever",
   "covered_by": "relay/test/white-box.test.ts"
  },
  "area": "SES"
 },
 {
  "id": "SES-46",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST keep the group's epoch when a Hello names another epoch than the current one, or none, whatever its last_cursor and last_blob.",
  "source": "decision",
  "why": "Each device that learns of a reset late would cause the next one.",
  "area": "SES"
 },
 {
  "id": "SES-47",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST go on with the group's cursors and keep its blobs when it takes a new epoch.",
  "source": "decision",
  "why": "Repairing the numbering would lose what the relay still holds.",
  "area": "SES"
 },
 {
  "id": "SES-48",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST keep the epoch of a group without state, and store nothing, when a Hello names that epoch and a last_cursor above 0.",
  "source": "decision",
  "why": "Anyone could fill the relay's disk by naming groups at random.",
  "area": "SES"
 },
 {
  "id": "SES-49",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST NOT forget a group that has a live blob, a revoked device, is frozen or had a Hello within 90 days.",
  "source": "decision",
  "why": "Revoked devices would be let in again, or edits lost.",
  "untestable": {
   "reason": "it takes 90 days to see",
   "covered_by": "relay/test/storage-forget.test.ts"
  },
  "area": "SES"
 },
 {
  "id": "SES-50",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST give a group that it forgot a new epoch when its state begins again.",
  "source": "decision",
  "why": "Devices would take the new numbering for the old one and skip blobs.",
  "untestable": {
   "reason": "it takes 90 days to see",
   "covered_by": "relay/test/storage-forget.test.ts"
  },
  "area": "SES"
 },
 {
  "id": "SES-51",
  "level": "MUST",
  "party": "relay",
  "profile": "limits",
  "text": "A relay MUST close a connection on which no valid Hello has come within hello_timeout_secs of its being accepted with close code 1008, bytes of an unfinished Hello notwithstanding.",
  "source": "decision",
  "why": "Silent connections would use up the relay's room for sessions.",
  "area": "SES"
 },
 {
  "id": "SES-52",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST send nothing but Hello, and Bye, before it has received Welcome.",
  "source": "decision",
  "why": "Requests would be lost, or refused with the whole session, when Hello is refused.",
  "planned": true,
  "area": "SES"
 },
 {
  "id": "SES-53",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST set its cursor for a relay to 0 and report `relay-reset`, unless it presented 0, if Welcome names another epoch than the one it knows.",
  "source": "decision",
  "why": "The device would skip what the relay numbered anew.",
  "planned": true,
  "area": "SES"
 },
 {
  "id": "SES-54",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST set its cursor for a relay to 0 and report `relay-reset`, unless it presented 0, if Welcome.max_cursor is below the highest cursor it has seen there in that epoch in a PushAck, PullResponse, Notify or Welcome.",
  "source": "decision",
  "why": "The device would wait beyond the relay's end for ever.",
  "planned": true,
  "area": "SES"
 },
 {
  "id": "SES-55",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST skip blobs whose blob_id it holds when it pulls again after a reset.",
  "source": "decision",
  "why": "Every edit would be applied twice.",
  "planned": true,
  "area": "SES"
 },
 {
  "id": "SES-56",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST push again, byte for byte, the live blobs it holds that the relay lacks after a reset.",
  "source": "decision",
  "why": "What only this device still has would be lost to the others.",
  "planned": true,
  "area": "SES"
 },
 {
  "id": "SES-57",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST hold every request without an answer as indeterminate when a session ends.",
  "source": "decision",
  "why": "An edit would be shown as failed although it was stored, or the other way round.",
  "planned": true,
  "area": "SES"
 },
 {
  "id": "SES-58",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST end a connection and hold the request as indeterminate if no answer comes within 30 s.",
  "source": "decision",
  "why": "The app would hang on a dead connection.",
  "planned": true,
  "area": "SES"
 },
 {
  "id": "SES-59",
  "level": "MUST",
  "party": "relay",
  "profile": "devices",
  "text": "A relay MUST record the devices that are connected to a group when its state begins as devices of the group.",
  "source": "decision",
  "why": "Devices that were there from the beginning would be missing from the user's list.",
  "area": "SES"
 },
 {
  "id": "WIRE-01",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST take SHA-256 of \"0k-sync-identity-v1\", the 32 bytes of the static X25519 key and the 1,184 bytes of the static ML-KEM-768 key that were authenticated over Noise as the DeviceId, as it shows in the sender of blobs.",
  "source": "decision",
  "why": "A device would be somebody else after it moves to another relay, or could be impersonated by breaking one half of the key.",
  "area": "WIRE"
 },
 {
  "id": "WIRE-02",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST accept any 16 bytes as a blob_id, whether they form a UUID version 4 or not.",
  "source": "decision",
  "why": "Apps that derive their ids would be refused by some relays and not by others.",
  "area": "WIRE"
 },
 {
  "id": "WIRE-03",
  "level": "MUST",
  "party": "both",
  "profile": "codec",
  "text": "Both sides MUST read and write cursors and all other u64 values exactly up to 2^64−1.",
  "source": "decision",
  "why": "Values above 2^53 would be rounded, and a blob would be confused with its neighbour.",
  "area": "WIRE"
 },
 {
  "id": "WIRE-04",
  "level": "MUST",
  "party": "both",
  "profile": "codec",
  "text": "Both sides MUST write a message as a MessagePack array of its name as a string and its fields in the order of the message table, followed by at most one extension map.",
  "source": "deployed",
  "why": "No two implementations could talk to each other.",
  "area": "WIRE"
 },
 {
  "id": "WIRE-05",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST write every message with the types, lengths and ranges that the message table gives for its fields and extension keys.",
  "source": "decision",
  "why": "Strict clients would end the session.",
  "area": "WIRE"
 },
 {
  "id": "WIRE-06",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST write integers in the shortest form that holds them, unsigned.",
  "source": "decision",
  "why": "Bytes that should be equal would differ, and signatures or comparisons over them fail.",
  "area": "WIRE"
 },
 {
  "id": "WIRE-07",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST write the header of each string, byte string, array and map in the shortest form that holds its length.",
  "source": "decision",
  "why": "Bytes that should be equal would differ, and signatures or comparisons over them fail.",
  "area": "WIRE"
 },
 {
  "id": "WIRE-08",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST write the keys of each map sorted by their UTF-8 bytes.",
  "source": "decision",
  "why": "Bytes that should be equal would differ, and signatures or comparisons over them fail.",
  "area": "WIRE"
 },
 {
  "id": "WIRE-09",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST write no empty extension map, neither behind the fields of a message nor in a blob of a PullResponse.",
  "source": "decision",
  "why": "Bytes that should be equal would differ, and signatures or comparisons over them fail.",
  "area": "WIRE"
 },
 {
  "id": "WIRE-10",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST put one key that begins with `x-`, has at least 4 further characters and is drawn at random for each Welcome in the extension map of Welcome in `bin`.",
  "source": "decision",
  "why": "Clients that break on unknown keys would go unnoticed until the day a new key is needed.",
  "area": "WIRE"
 },
 {
  "id": "WIRE-11",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST put one capability that begins with `x-`, has at least 4 further characters and is drawn at random for each Welcome in the caps of Welcome in `bin`.",
  "source": "decision",
  "why": "Clients that break on unknown capabilities would go unnoticed until the day a new one is needed.",
  "area": "WIRE"
 },
 {
  "id": "WIRE-12",
  "level": "MUST",
  "party": "client",
  "profile": "client",
  "text": "A client MUST put one key that begins with `x-`, has at least 4 further characters and is drawn at random for each Hello in the extension map of Hello in `bin`.",
  "source": "decision",
  "why": "Relays that break on unknown keys would go unnoticed until the day a new key is needed.",
  "planned": true,
  "area": "WIRE"
 },
 {
  "id": "WIRE-13",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST put caps in the extension map of every Welcome in `bin`.",
  "source": "decision",
  "why": "Clients could not tell what they may ask of the relay.",
  "area": "WIRE"
 },
 {
  "id": "WIRE-14",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST put timestamp in the extension map of every PushAck in `bin`.",
  "source": "decision",
  "why": "Clients could not show when an edit was saved.",
  "area": "WIRE"
 },
 {
  "id": "WIRE-15",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST set Welcome.version to 1.",
  "source": "decision",
  "why": "A client of this protocol would leave.",
  "area": "WIRE"
 },
 {
  "id": "WIRE-16",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST read an integer in any width of unsigned header that MessagePack has, longer ones than needed included.",
  "source": "decision",
  "why": "Clients in languages whose libraries write fixed widths would be refused.",
  "area": "WIRE"
 },
 {
  "id": "WIRE-17",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST read a non-negative integer in any width of signed header that MessagePack has.",
  "source": "decision",
  "why": "Clients in languages without unsigned integers would be refused.",
  "area": "WIRE"
 },
 {
  "id": "WIRE-18",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST read strings, byte strings, arrays and maps with any width of header that MessagePack has for them.",
  "source": "decision",
  "why": "Clients in languages whose libraries write fixed widths would be refused.",
  "area": "WIRE"
 },
 {
  "id": "WIRE-19",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST read the keys of an extension map in any order.",
  "source": "decision",
  "why": "Clients in languages with unordered maps would be refused.",
  "area": "WIRE"
 },
 {
  "id": "WIRE-20",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST read an empty extension map as none.",
  "source": "decision",
  "why": "Clients that always write the map would be refused.",
  "area": "WIRE"
 },
 {
  "id": "WIRE-21",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST read an extension map behind the fields of every message, also of those that have no known keys.",
  "source": "decision",
  "why": "No message could ever be given a key later.",
  "area": "WIRE"
 },
 {
  "id": "WIRE-22",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST read an extension map of 16 keys.",
  "source": "decision",
  "why": "Later versions would have less room than they were promised.",
  "area": "WIRE"
 },
 {
  "id": "WIRE-23",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST skip an unknown key whose value is well-formed and nests at most 4 containers, the scalars inside the fourth not counted.",
  "source": "decision",
  "why": "A newer client would be cut off by an older relay for a key that it does not need.",
  "area": "WIRE"
 },
 {
  "id": "WIRE-24",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST skip floats, negative integers, ext types, strings that are not valid UTF-8 and maps with duplicate keys in the value of an unknown key.",
  "source": "decision",
  "why": "A newer client would be cut off by an older relay for a key that it does not need.",
  "area": "WIRE"
 },
 {
  "id": "WIRE-25",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST ignore capabilities that they do not know in caps.",
  "source": "decision",
  "why": "A newer client would be cut off by an older relay for what it merely offers.",
  "area": "WIRE"
 },
 {
  "id": "WIRE-26",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST reject a message with fewer or more elements than its fields and one extension map, and an array inside it (proof, usage, content, an entry of blobs or devices) with another number than the message table gives, a relay with Error 1000 that ends the session.",
  "source": "decision",
  "why": "A field added by mistake would shift the meaning of the rest.",
  "errors": [
   1000,
   "wrong-arity"
  ],
  "area": "WIRE"
 },
 {
  "id": "WIRE-27",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST reject a frame whose value is no array, or an array whose first element is no string, a relay with Error 1000 that ends the session.",
  "source": "decision",
  "why": "Messages in a form of nobody's would be guessed at.",
  "errors": [
   1000,
   "not-a-message"
  ],
  "area": "WIRE"
 },
 {
  "id": "WIRE-28",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST reject a message with a name that is not in the message table, compared byte by byte, a relay with Error 1000 that ends the session.",
  "source": "decision",
  "why": "A client would wait for the answer to a request that was dropped.",
  "errors": [
   1000,
   "unknown-message"
  ],
  "area": "WIRE"
 },
 {
  "id": "WIRE-29",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST reject a float where an integer is due, also one without a fraction, a relay with Error 1000 that ends the session.",
  "source": "decision",
  "why": "Cursors above 2^53 would be rounded.",
  "errors": [
   1000,
   "wrong-type"
  ],
  "area": "WIRE"
 },
 {
  "id": "WIRE-30",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST reject a negative integer where an unsigned one is due, a relay with Error 1000 that ends the session.",
  "source": "decision",
  "why": "It would be read as a huge cursor, or as an endless ttl.",
  "errors": [
   1000,
   "out-of-range"
  ],
  "area": "WIRE"
 },
 {
  "id": "WIRE-31",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST reject an integer above the range of its field (u8 255, u32 4,294,967,295), a relay with Error 1000 that ends the session.",
  "source": "decision",
  "why": "It would be cut to another number without a word.",
  "errors": [
   1000,
   "out-of-range"
  ],
  "area": "WIRE"
 },
 {
  "id": "WIRE-32",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST reject a string field, or a key of an extension map, that is not valid UTF-8 (overlong forms and surrogates included), a relay with Error 1000 that ends the session.",
  "source": "decision",
  "why": "Names would break the apps that show them.",
  "errors": [
   1000,
   "invalid-utf8"
  ],
  "area": "WIRE"
 },
 {
  "id": "WIRE-33",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST reject a MessagePack ext type, timestamps included, as the value of a field or known key, a relay with Error 1000 that ends the session.",
  "source": "decision",
  "why": "Libraries that turn it into an object of their own would be open to attack.",
  "errors": [
   1000,
   "wrong-type"
  ],
  "area": "WIRE"
 },
 {
  "id": "WIRE-34",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST reject a string where a byte string is due, a relay with Error 1000 that ends the session.",
  "source": "decision",
  "why": "Ids would be compared in two forms, and one blob stored twice.",
  "errors": [
   1000,
   "wrong-type"
  ],
  "area": "WIRE"
 },
 {
  "id": "WIRE-35",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST reject a byte string where a string is due, the name of the message included, a relay with Error 1000 that ends the session.",
  "source": "decision",
  "why": "Bytes that are no text would reach where text is shown.",
  "errors": [
   1000,
   "wrong-type",
   "not-a-message"
  ],
  "area": "WIRE"
 },
 {
  "id": "WIRE-36",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST reject an integer 0 or 1 where a bool is due, a relay with Error 1000 that ends the session.",
  "source": "decision",
  "why": "A forced deletion could be asked for by accident.",
  "errors": [
   1000,
   "wrong-type"
  ],
  "area": "WIRE"
 },
 {
  "id": "WIRE-37",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST reject nil, a bool, a number, an array or a map where the message table gives another type, a relay with Error 1000 that ends the session.",
  "source": "decision",
  "why": "A missing value would be taken for an empty one.",
  "errors": [
   1000,
   "wrong-type"
  ],
  "area": "WIRE"
 },
 {
  "id": "WIRE-38",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST reject a byte string whose length is not the fixed length of its field (group_id, device_id and hashes 32, blob_id and epoch 16), a relay with Error 1000 that ends the session.",
  "source": "decision",
  "why": "A shortened id would be padded and hit another blob or group.",
  "errors": [
   1000,
   "wrong-length"
  ],
  "area": "WIRE"
 },
 {
  "id": "WIRE-39",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST reject an extension map in which a key occurs twice, known or unknown and in whatever header width, a relay with Error 1000 that ends the session.",
  "source": "decision",
  "why": "Two readers would each take another one of the two values.",
  "errors": [
   1000,
   "duplicate-key"
  ],
  "area": "WIRE"
 },
 {
  "id": "WIRE-40",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST reject a frame with bytes behind its message, a relay with Error 1000 that ends the session.",
  "source": "decision",
  "why": "Data could be smuggled past whatever inspects messages.",
  "errors": [
   1000,
   "trailing-bytes"
  ],
  "area": "WIRE"
 },
 {
  "id": "WIRE-41",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST reject a message with a length or a value that runs past the end of its frame, before any memory is set aside for it, a relay with Error 1000 that ends the session.",
  "source": "decision",
  "why": "A few bytes could make the other side allocate gigabytes.",
  "errors": [
   1000,
   "truncated"
  ],
  "area": "WIRE"
 },
 {
  "id": "WIRE-42",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST reject an extension map of more than 16 keys, a relay with Error 1000 that ends the session.",
  "source": "decision",
  "why": "A few bytes could keep the other side busy for long.",
  "errors": [
   1000,
   "too-many-keys"
  ],
  "area": "WIRE"
 },
 {
  "id": "WIRE-43",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST reject an unknown key whose value nests more than 4 containers, a relay with Error 1000 that ends the session.",
  "source": "decision",
  "why": "A few bytes could exhaust the other side's stack.",
  "errors": [
   1000,
   "too-deep"
  ],
  "area": "WIRE"
 },
 {
  "id": "WIRE-44",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST reject a known extension key whose value has the wrong type, length or range, a relay with Error 1000 that ends the session.",
  "source": "decision",
  "why": "A client's mistake in its epoch would silently turn off the detection of lost data.",
  "errors": [
   1000,
   "wrong-type",
   "wrong-length",
   "out-of-range"
  ],
  "area": "WIRE"
 },
 {
  "id": "WIRE-45",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST reject a key of an extension map that is no string, and an element behind the fields that is no map, a relay with Error 1000 that ends the session.",
  "source": "decision",
  "why": "Messages in a form of nobody's would be guessed at.",
  "errors": [
   1000,
   "wrong-type"
  ],
  "area": "WIRE"
 },
 {
  "id": "WIRE-46",
  "level": "MUST",
  "party": "both",
  "profile": "core",
  "text": "Both sides MUST reject the byte 0xc1 wherever a value begins, in the value of an unknown key too, a relay with Error 1000 that ends the session.",
  "source": "decision",
  "why": "Messages in a form of nobody's would be guessed at.",
  "errors": [
   1000,
   "reserved-byte"
  ],
  "area": "WIRE"
 },
 {
  "id": "WIRE-47",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST answer a RevokeDevice whose reason is above 2 with Error 1000 and end the session.",
  "source": "decision",
  "why": "A device reported stolen for a reason the relay does not know would be treated as merely retired.",
  "errors": [
   1000,
   "out-of-range"
  ],
  "area": "WIRE"
 },
 {
  "id": "WIRE-48",
  "level": "MUST",
  "party": "relay",
  "profile": "push",
  "text": "A relay MUST answer a RegisterPush whose platform is above 2 with Error 2003 and go on with the session.",
  "source": "decision",
  "why": "A newer phone would lose its session for wanting to be woken.",
  "errors": [
   2003
  ],
  "area": "WIRE"
 },
 {
  "id": "WIRE-49",
  "level": "MUST",
  "party": "relay",
  "profile": "push",
  "text": "A relay MUST accept an UnregisterPush with any u8 as reason.",
  "source": "decision",
  "why": "A newer phone could not stop being woken.",
  "area": "WIRE"
 },
 {
  "id": "WIRE-50",
  "level": "MUST",
  "party": "relay",
  "profile": "push",
  "text": "A relay MUST answer RegisterPush and UnregisterPush that it carries out with Ok.",
  "source": "decision",
  "why": "The client would wait for an answer until it gives up the connection.",
  "area": "WIRE"
 },
 {
  "id": "WIRE-51",
  "level": "MUST",
  "party": "relay",
  "profile": "devices",
  "text": "A relay MUST answer Delete and RevokeDevice that it carries out with Ok.",
  "source": "decision",
  "why": "The client would wait for an answer until it gives up the connection.",
  "area": "WIRE"
 },
 {
  "id": "WIRE-52",
  "level": "MUST",
  "party": "both",
  "profile": "codec",
  "text": "Both sides MUST read a limits map of up to 64 keys and reject one of more.",
  "source": "decision",
  "why": "A few bytes could keep a client busy for long.",
  "errors": [
   "too-many-keys"
  ],
  "area": "WIRE"
 },
 {
  "id": "WIRE-53",
  "level": "MUST",
  "party": "both",
  "profile": "codec",
  "text": "Both sides MUST read a relay string of up to 64 bytes of UTF-8 in Welcome and reject a longer one.",
  "source": "decision",
  "why": "A relay's name would fill the user's screen.",
  "errors": [
   "wrong-length"
  ],
  "area": "WIRE"
 },
 {
  "id": "WIRE-54",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST write all its messages over WebSocket in `bin`.",
  "source": "decision",
  "why": "Clients that know one encoding only would end the session.",
  "area": "WIRE"
 },
 {
  "id": "WIRE-55",
  "level": "MUST",
  "party": "relay",
  "profile": "core",
  "text": "A relay MUST answer a Hello in `rmp` over WebSocket with Error 1000 and end the session.",
  "source": "decision",
  "why": "Two encodings on one transport would have to be told apart by guessing.",
  "errors": [
   1000,
   "wrong-type"
  ],
  "area": "WIRE"
 },
 {
  "id": "WIRE-56",
  "level": "MUST",
  "party": "relay",
  "profile": "rmp",
  "text": "A relay MUST take the encoding of a session over iroh from its Hello, `rmp` if group_id is an array and `bin` if it is a byte string, and write all its messages in it.",
  "source": "deployed",
  "why": "A deployed client would be answered in a language that it cannot read.",
  "planned": true,
  "area": "WIRE"
 },
 {
  "id": "WIRE-57",
  "level": "MUST",
  "party": "relay",
  "profile": "rmp",
  "text": "A relay MUST write group ids, device ids, payloads, hashes and nonces in `rmp` as arrays of integers, and blob ids as byte strings of 16.",
  "source": "deployed",
  "why": "Deployed clients would end the session.",
  "area": "WIRE"
 },
 {
  "id": "WIRE-58",
  "level": "MUST",
  "party": "relay",
  "profile": "rmp",
  "text": "A relay MUST write no extension map, and exactly four fields in each blob of a PullResponse, in `rmp`.",
  "source": "deployed",
  "why": "Deployed clients would end the session.",
  "area": "WIRE"
 },
 {
  "id": "WIRE-59",
  "level": "MUST",
  "party": "relay",
  "profile": "rmp",
  "text": "A relay MUST accept in `rmp` every form that the deployed implementation's writer produces.",
  "source": "deployed",
  "why": "Deployed clients would be refused.",
  "area": "WIRE"
 },
 {
  "id": "WIRE-60",
  "level": "MUST",
  "party": "relay",
  "profile": "rmp",
  "text": "A relay MUST refuse in `rmp` without an Error message: by finishing the stream without a byte where a bin session would go on, and by closing the connection where it would end.",
  "source": "deployed",
  "why": "Deployed clients would take the Error for a broken answer.",
  "planned": true,
  "area": "WIRE"
 },
 {
  "id": "WIRE-61",
  "level": "MUST",
  "party": "relay",
  "profile": "rmp",
  "text": "A relay that offers `rmp` MUST answer a Push to an open group in either encoding with Error 2001, or its `rmp` form, if 64 and one per payload byte below 0x80 and two per other byte exceed 1,048,576.",
  "source": "decision",
  "why": "A deployed device of the group would never get past a blob that does not fit its frames.",
  "errors": [
   2001
  ],
  "planned": true,
  "area": "WIRE"
 },
 {
  "id": "WIRE-62",
  "level": "MUST",
  "party": "relay",
  "profile": "interop",
  "text": "A relay MUST give the Pushes of a group strictly ascending cursors.",
  "source": "deployed",
  "why": "A device would skip blobs whose number lies below its own.",
  "area": "WIRE"
 },
 {
  "id": "WIRE-63",
  "level": "MUST",
  "party": "relay",
  "profile": "interop",
  "text": "A relay MUST send a Notify to the other connected devices of the group after a Push.",
  "source": "deployed",
  "why": "Edits would appear on the user's other devices only when they happen to ask.",
  "area": "WIRE"
 }
];

export const DECISIONS: readonly Decision[] = [
 {
  "id": "D-001",
  "title": "Close code of a fatal Error",
  "question": "Is n in 4000 + n the whole code or a part of it, and what of codes that also have a rule of their own?",
  "decision": "n is the code modulo 100: 1000 gives 4000, 1001 gives 4001, 1002 gives 4002, 1003 gives 4003 and 1005 gives 4005. 3000, and 2000 in answer to Hello, give 1013; 3001 gives 1001. No other code is fatal. A session that ends without an Error has 1000 (Bye, or an Error from the client), 1001 (silence), 1002, 1003, 1008 or 1009.",
  "why": "RFC 6455 keeps 4000 to 4999 for applications, and 1001 and 1013 have registered meanings that proxies and browsers know.",
  "requirements": [
   "ERR-02",
   "ERR-05",
   "ERR-06",
   "ERR-07",
   "ERR-08",
   "ERR-09",
   "SES-12"
  ]
 },
 {
  "id": "D-002",
  "title": "Error code 1002 and close code 1002",
  "question": "UNAUTHORIZED is Error 1002, and RFC 6455 has a close code 1002: does an unauthorised client see close code 1002?",
  "decision": "No. After Error 1002 the close code is 4002. Close code 1002 means that the Noise handshake or the channel failed, comes without an Error and with an empty reason.",
  "why": "A client tells \"you are not a member\" from \"somebody tampers with the line\" by it.",
  "requirements": [
   "ERR-05",
   "HS-13",
   "HS-15"
  ]
 },
 {
  "id": "D-003",
  "title": "Faults below the frame layer get no Error",
  "question": "Does a relay write an Error for a WebSocket text message, a message that is too long or one that does not open?",
  "decision": "No. Text closes with 1003, a message of more than 65,535 bytes with 1009, a failed handshake or AEAD with 1002, hello timeout and slow reader with 1008, silence with 1001, none with an Error. Errors answer frames and messages only.",
  "why": "After a fault in the channel nothing that is sent in it can be trusted to be understood, and before the handshake there is no channel to send it in.",
  "requirements": [
   "FRAME-15",
   "FRAME-17",
   "FRAME-27",
   "FRAME-29",
   "HS-13",
   "HS-14",
   "HS-15",
   "SES-51"
  ]
 },
 {
  "id": "D-004",
  "title": "Text in a Close frame",
  "question": "May a relay put a reason into a Close frame?",
  "decision": "With 1002 it is empty. With every other code a relay may add the fixed text of the code, and nothing else; a client decides by the code alone.",
  "why": "Whoever makes a handshake fail must not learn where it failed.",
  "requirements": [
   "HS-13"
  ]
 },
 {
  "id": "D-005",
  "title": "Error before Welcome",
  "question": "Is a frame of length 0, or one over 65,536 bytes, before Welcome answered with an Error although no session exists yet?",
  "decision": "Yes. The channel is open after the handshake: the relay writes Error 1000 as an ordinary encrypted frame and closes with 4000. The same holds for a Hello that does not decode, 1002 and 1005.",
  "why": "A client developer sees why the relay refuses, at no cost to the relay.",
  "requirements": [
   "FRAME-02",
   "FRAME-04",
   "SES-03",
   "SES-09",
   "SES-11"
  ]
 },
 {
  "id": "D-006",
  "title": "Which limit holds for what is sent right behind Hello",
  "question": "A frame of 100,000 bytes follows Hello before the relay has written Welcome. Is it over the limit before Welcome?",
  "decision": "No. The relay leaves it unread until Welcome is written, and reads it under the limit after Welcome. What counts is when the relay comes to read it, not when it was sent. That a client must not send it is a rule for clients, and no relay enforces it.",
  "why": "Otherwise the outcome would depend on how the network cuts the stream.",
  "requirements": [
   "FRAME-04",
   "FRAME-06",
   "SES-08",
   "SES-52"
  ]
 },
 {
  "id": "D-007",
  "title": "The long WebSocket message",
  "question": "Does the limit of 65,535 bytes hold for each fragment, for the whole message, and before the handshake?",
  "decision": "For the whole message, from the first byte after the upgrade. A relay adds up the lengths of the fragments as their headers come and closes with 1009 as soon as the sum is above 65,535, without waiting for their payloads. A handshake message within the limit but of the wrong size is a failed handshake: 1002.",
  "why": "Otherwise fragments of 65,535 bytes without end would be buffered.",
  "requirements": [
   "FRAME-17",
   "FRAME-18",
   "HS-07",
   "HS-08"
  ]
 },
 {
  "id": "D-008",
  "title": "Empty WebSocket messages",
  "question": "Is an empty binary message an empty plaintext?",
  "decision": "No. An empty plaintext is a Noise message of 16 bytes and means nothing. A message of 0 to 15 bytes cannot be a Noise message: in the handshake it is too short, after it the channel has failed; both close with 1002.",
  "why": "The Noise specification has no transport message shorter than its tag.",
  "requirements": [
   "FRAME-21",
   "HS-07",
   "HS-17"
  ]
 },
 {
  "id": "D-009",
  "title": "What is read when several frames stand in one Noise message",
  "question": "Do the requests in front of a bad frame, in the same Noise message, still count?",
  "decision": "Yes. Frames are a byte stream, and Noise messages have no meaning beyond carrying it. Requests in front of the offending frame are carried out and answered, the Error follows, and what stands behind it is never decoded.",
  "why": "The outcome must not depend on how a sender cuts its stream.",
  "requirements": [
   "FRAME-20",
   "SES-27",
   "SES-28"
  ]
 },
 {
  "id": "D-010",
  "title": "A tampered message behind good ones",
  "question": "Are requests that came before a transport message that does not open still carried out?",
  "decision": "They may be or not, and their answers may be lost with the channel: they are indeterminate for the client, as with any lost connection. Nothing of the message that does not open takes effect.",
  "why": "No answer can be sent in a channel that has failed, so that nothing could be promised.",
  "requirements": [
   "HS-14",
   "HS-15",
   "SES-57"
  ]
 },
 {
  "id": "D-011",
  "title": "A partial frame at the end",
  "question": "What if the connection ends within a frame?",
  "decision": "The partial frame never existed. It is no error, since nobody is left to be told.",
  "why": "As Kafka and every other length-prefixed log protocol does.",
  "requirements": [
   "CUR-29"
  ]
 },
 {
  "id": "D-012",
  "title": "Version out of range",
  "question": "Is version 0, 2, 255 or 256 an unsupported version?",
  "decision": "0 and 2 to 255 are: 1005. 256 and more are not a u8: 1000, since decoding comes first. A Hello of a later version that has other fields does not decode and is 1000 as well; a later version that wants to be understood keeps the fields and adds extension keys.",
  "why": "Checks of Hello begin with decoding.",
  "requirements": [
   "SES-09",
   "SES-11",
   "WIRE-31"
  ]
 },
 {
  "id": "D-013",
  "title": "Proof of the wrong form",
  "question": "Is a proof with a key of 31 bytes, or of three elements, an invalid proof (1002) or a message that does not decode (1000)?",
  "decision": "1000. A known extension key of the wrong type or length fails decoding. 1002 is for a proof of the right form that is not valid.",
  "why": "Decoding comes before any check of content.",
  "requirements": [
   "SES-11",
   "WIRE-44",
   "MEM-03"
  ]
 },
 {
  "id": "D-014",
  "title": "Two rules broken before Hello",
  "question": "A relay's own message, an inner one or an Error that comes before Hello breaks two rules. Which answer is right?",
  "decision": "For relay-only and inner messages Error 1000 or 1002. For an Error from a client Error 1002, or close code 1000 without an Error. One that does not decode is 1000 in all states. Checks accept each of these.",
  "why": "The rules give no order, and nothing depends on it.",
  "requirements": [
   "SES-03",
   "SES-04",
   "SES-32"
  ]
 },
 {
  "id": "D-015",
  "title": "Bye before Welcome",
  "question": "What of a Bye before Hello, and between Hello and Welcome?",
  "decision": "Before Hello: close with 1000, no frame. Behind Hello it is left unread like everything else until Welcome is written; then it closes the session with 1000.",
  "why": "One rule for all that stands behind Hello.",
  "requirements": [
   "SES-05",
   "SES-08",
   "SES-30"
  ]
 },
 {
  "id": "D-016",
  "title": "Bye from a relay",
  "question": "May a relay send Bye?",
  "decision": "Yes, before it closes with 1000, but no rule asks for it. A client takes it for the end of the session and holds unanswered requests as indeterminate.",
  "why": "The message table lets either side send it.",
  "requirements": [
   "SES-57"
  ]
 },
 {
  "id": "D-017",
  "title": "A second Hello",
  "question": "Is a second Hello that repeats the first one harmless?",
  "decision": "No: 1000, and its content is not looked at beyond decoding.",
  "why": "A session belongs to one group, and proofs are checked once.",
  "requirements": [
   "SES-06"
  ]
 },
 {
  "id": "D-018",
  "title": "Error from a client",
  "question": "Is an Error with a non-fatal code from a client, or one with an unknown code, different?",
  "decision": "No. Any Error that decodes ends the session with close code 1000, after the answers to earlier requests. Nothing behind it takes effect.",
  "why": "Two sides that answer errors with errors never stop.",
  "requirements": [
   "SES-32"
  ]
 },
 {
  "id": "D-019",
  "title": "Fixed lengths",
  "question": "The list of what a reader rejects does not name byte strings of a wrong length.",
  "decision": "A byte string of another length than the table's is rejected like a wrong type: 1000 (error class wrong-length). The same holds for arrays inside a message (proof, usage, content, entries of blobs and devices) with another number of elements (wrong-arity).",
  "why": "A shortened id would hit another blob or group.",
  "requirements": [
   "WIRE-26",
   "WIRE-38"
  ]
 },
 {
  "id": "D-020",
  "title": "Shortest form",
  "question": "Only integers are said to be written in their shortest form. What of the headers of strings, byte strings, arrays and maps?",
  "decision": "They too are written in their shortest form, as the MessagePack specification recommends; readers accept any. A byte string of up to 255 bytes is bin 8 and a name of up to 31 bytes fixstr.",
  "why": "One message has one encoding, so that implementations can be compared byte for byte.",
  "requirements": [
   "WIRE-06",
   "WIRE-07",
   "WIRE-18"
  ]
 },
 {
  "id": "D-021",
  "title": "Signed headers",
  "question": "Is 0 in a signed header a negative number?",
  "decision": "No. int 8 to int 64 headers are accepted for every value of 0 or more; negative fixint and every negative value are rejected as out of range.",
  "why": "Libraries without unsigned integers write them so.",
  "requirements": [
   "WIRE-17",
   "WIRE-30"
  ]
 },
 {
  "id": "D-022",
  "title": "Nested containers",
  "question": "Does \"at most 4 nested containers\" count the containers, or how deep they are, and does the extension map count?",
  "decision": "It is the depth of the unknown key's value, by itself: [[[[1]]]] is accepted and [[[[[]]]]] is not, however many stand side by side. The extension map is not counted. A map counts like an array, and its keys may be of any type.",
  "why": "A bound on depth bounds the stack; breadth is bounded by the frame.",
  "requirements": [
   "WIRE-23",
   "WIRE-43"
  ]
 },
 {
  "id": "D-023",
  "title": "Limits within an extension map",
  "question": "Does the limit of 16 keys hold for maps inside values?",
  "decision": "No. It holds for extension maps alone, also for the one of a blob in a PullResponse. limits has its own limit of 64 keys; a map in an unknown key's value is bounded by the frame only.",
  "why": "limits alone has nineteen names.",
  "requirements": [
   "WIRE-22",
   "WIRE-42",
   "WIRE-52"
  ]
 },
 {
  "id": "D-024",
  "title": "Keys of an extension map",
  "question": "What of duplicate unknown keys, keys that are no strings, and keys that are not valid UTF-8?",
  "decision": "All are rejected: the leniency for unknown keys is for their values. Two keys are equal if their bytes are, whatever the width of their headers. A key counts as known only in a message that lists it.",
  "why": "A reader that logs or keeps unknown keys must be able to rely on them.",
  "requirements": [
   "WIRE-32",
   "WIRE-39",
   "WIRE-45"
  ]
 },
 {
  "id": "D-025",
  "title": "An extension map where none is known",
  "question": "May a message without known keys, such as ListDevices, carry an extension map?",
  "decision": "Yes, every message may, and the keys are then all unknown. nil in its place is not an extension map and is rejected.",
  "why": "Keys can then be added to any message later.",
  "requirements": [
   "WIRE-21",
   "WIRE-45"
  ]
 },
 {
  "id": "D-026",
  "title": "The random key and capability",
  "question": "How random is `x-…`, and must the client's key be answered?",
  "decision": "At least 4 characters behind `x-`, drawn anew for each Hello or Welcome; its value is whatever the sender likes within the limits for unknown keys. Nobody answers or keeps it, and a name that is seen twice by chance is no fault.",
  "why": "TLS (GREASE, RFC 8701) shows that only random names keep extension points usable.",
  "requirements": [
   "WIRE-10",
   "WIRE-11",
   "WIRE-12"
  ]
 },
 {
  "id": "D-027",
  "title": "Unknown capabilities",
  "question": "Are capabilities that a relay does not know kept or answered?",
  "decision": "Neither. caps are compared with what the reader knows and dropped; their number and length are bounded by the frame only; one that stands there twice counts once.",
  "why": "What is kept costs room and tells others about a device.",
  "requirements": [
   "WIRE-25"
  ]
 },
 {
  "id": "D-028",
  "title": "Length of Welcome's relay",
  "question": "Is the limit of 64 for the relay string in bytes or in characters?",
  "decision": "In bytes of UTF-8. device_name is in Unicode scalar values, as the deployed implementation has it.",
  "why": "The length in bytes stands in the header, so that it can be checked before the string is read.",
  "requirements": [
   "WIRE-53",
   "SES-17"
  ]
 },
 {
  "id": "D-029",
  "title": "Lengths of names",
  "question": "Is device_name cut before or after Unicode normalisation, and does an empty one count as missing?",
  "decision": "It is cut as sent, by scalar values and without normalisation. An empty name is a name.",
  "why": "A relay that rewrites names would break the sealed ones.",
  "requirements": [
   "SES-17",
   "SES-18"
  ]
 },
 {
  "id": "D-030",
  "title": "Messages of a profile that a relay lacks",
  "question": "What does a relay answer to RegisterPush or ListDevices if it does not offer the profile?",
  "decision": "It treats the name as unknown: Error 1000. If it offers membership it still refuses RevokeDevice and forced Delete in an open group with 1002. A relay says in caps what it offers.",
  "why": "A message that a relay never heard of looks the same to it.",
  "requirements": [
   "WIRE-28",
   "MEM-16",
   "MEM-17"
  ]
 },
 {
  "id": "D-031",
  "title": "Presence is core",
  "question": "No profile is named for Presence.",
  "decision": "It belongs to core: its effect is on Notify alone. It holds for the connection on which it came, and a new connection begins with status 0. A repeated status has no effect.",
  "why": "Another window of the same device may be in the foreground.",
  "requirements": [
   "CUR-76",
   "CUR-77",
   "SES-33",
   "SES-34"
  ]
 },
 {
  "id": "D-032",
  "title": "What a connection was sent",
  "question": "Presence 0 after 1 looks at the last cursor that the connection presented or was sent. Does a Notify count, and is last the latest or the highest?",
  "decision": "The latest in time of Hello.last_cursor, each Pull's after_cursor and each PullResponse's max_cursor on this connection. Notify and PushAck do not count, since they deliver nothing. Checks do not go back in after_cursor before they look.",
  "why": "A Notify that an app in the background ignored must not hide the blob from it for ever.",
  "requirements": [
   "CUR-77"
  ]
 },
 {
  "id": "D-033",
  "title": "Where Notify stands among answers",
  "question": "May a Notify stand before the PushAck of the blob that it announces, between answers, or twice?",
  "decision": "Before PushAck, on another connection: yes, as soon as the blob can be pulled. Between any two answers: yes, but never inside a frame and never before Welcome. Superfluous ones do no harm and are not failed, as long as what they say is true, they are none of those that a rule forbids, and those that stand for nothing new have count 0.",
  "why": "Only what would mislead a client is forbidden.",
  "requirements": [
   "CUR-68",
   "CUR-71",
   "SES-02"
  ]
 },
 {
  "id": "D-034",
  "title": "Count of merged Notifies",
  "question": "Does a blob that the connection has pulled meanwhile still count in Notify.count?",
  "decision": "It may or may not: a relay need not track it. On a connection that does not pull, the counts of all Notifies after Welcome's own add up to the number of blobs pushed since.",
  "why": "A client needs the count for display only.",
  "requirements": [
   "CUR-73",
   "SES-19"
  ]
 },
 {
  "id": "D-035",
  "title": "Notify after Welcome and pushes at that moment",
  "question": "A blob is stored between Hello and the first Notify. Is it in pending_count, in a Notify, or in both?",
  "decision": "In at least one of them. Checks of exact counts wait until the group is quiet.",
  "why": "What counts is that no blob goes unannounced.",
  "requirements": [
   "CUR-68",
   "CUR-49",
   "SES-19"
  ]
 },
 {
  "id": "D-036",
  "title": "The second a blob expires",
  "question": "Times are whole seconds: how long does a ttl of 1 last?",
  "decision": "A relay may keep time in whole seconds or finer. A blob is returned for at least ttl − 1 seconds after its Push was sent, and no longer once ttl seconds have passed since its PushAck was received. Between the two both are right.",
  "why": "stored_at is rounded down, by up to a second.",
  "requirements": [
   "CUR-52",
   "CUR-53"
  ]
 },
 {
  "id": "D-037",
  "title": "Meaning of the timestamps",
  "question": "What do the timestamps of PushAck and PullResponse mean, and what stands in the PushAck of a repeat?",
  "decision": "stored_at, the relay's time when the blob was stored, the same in both. In the PushAck of a repeat it is stored_at while the relay holds the blob, and any value after it is gone. Nothing is ever ordered by them, and no check compares them with another clock.",
  "why": "What is kept of a gone blob is its blob_id, cursor and SHA-256.",
  "requirements": [
   "WIRE-14",
   "CUR-09",
   "CUR-16"
  ]
 },
 {
  "id": "D-038",
  "title": "How long a blob_id is known",
  "question": "What happens when max_ttl has passed since a blob went?",
  "decision": "A relay may then forget blob_id, cursor and digest, and store the blob_id like a new one, under the next cursor; or it may keep them longer. The time runs from when the blob ceased to be live, not from when it was cleaned up. max_ttl is the relay's setting in force.",
  "why": "An outbox that is older than the longest ttl holds nothing that others wait for.",
  "requirements": [
   "CUR-16",
   "SES-45"
  ]
 },
 {
  "id": "D-039",
  "title": "Pushes that were refused",
  "question": "Does an oversized, limited or conflicting Push make its blob_id known?",
  "decision": "No. Only an accepted Push does.",
  "why": "A client must be able to shrink a blob and try again.",
  "requirements": [
   "CUR-23"
  ]
 },
 {
  "id": "D-040",
  "title": "The largest max_blob_size",
  "question": "max_blob_size is configurable. May it be so large that no frame carries the blob?",
  "decision": "It is at most 1,048,576. That leaves 65,536 bytes of a frame's body for what surrounds a blob.",
  "why": "Rule: at least one blob is returned if one exists, and no response exceeds the frame limit.",
  "requirements": [
   "LIM-04",
   "CUR-45",
   "CUR-46"
  ]
 },
 {
  "id": "D-041",
  "title": "What expired_through leaves out",
  "question": "Do deleted blobs, and blobs dropped under retention acked, raise expired_through?",
  "decision": "No. Only expiry does, from the moment at which the blob is no longer live, whether clean-up has run or not. A group of which nothing ever expired says 0.",
  "why": "A deletion is meant to be noticed by nobody; a missed edit is.",
  "requirements": [
   "CUR-55",
   "CUR-79"
  ]
 },
 {
  "id": "D-042",
  "title": "Which Hello makes a new epoch",
  "question": "\"or last_cursor is above the highest assigned\": does this need the current epoch too, and what of a Hello with epoch but without last_blob, or with last_cursor 0?",
  "decision": "Both conditions need Hello.epoch to be the current one. Without last_blob only last_cursor above the highest assigned counts. With last_cursor 0 last_blob is not looked at, since nothing has that cursor. A Hello without epoch changes nothing, so that `rmp` devices and new ones cannot reset a group.",
  "why": "Otherwise a device that learns of a reset late would cause the next one, and two devices could do so without end.",
  "requirements": [
   "SES-42",
   "SES-43",
   "SES-46"
  ]
 },
 {
  "id": "D-043",
  "title": "Connections that were open when the epoch changed",
  "question": "Are other connections of the group told of a new epoch?",
  "decision": "No. They go on, and see the new epoch in their next Welcome. From then on what they present acknowledges nothing, since their Hello does not name the current epoch.",
  "why": "No message for it exists, and cursors go on, so that their numbers stay right.",
  "requirements": [
   "SES-47",
   "CUR-59"
  ]
 },
 {
  "id": "D-044",
  "title": "Epoch of a group without state",
  "question": "Does the epoch of an empty group stay the same over reconnects, and is it shared by its open and its proven form?",
  "decision": "It stays until the relay restarts or forgets some group, since the secret from which it is derived is then a new one; it becomes the group's own with its first accepted Push, RevokeDevice or RegisterPush. The open and the proven group of one id have different epochs.",
  "why": "Derived from a secret in memory it costs no storage, and a relay that lost everything is found out.",
  "requirements": [
   "SES-39",
   "SES-40",
   "SES-41",
   "SES-48",
   "MEM-12"
  ]
 },
 {
  "id": "D-045",
  "title": "last_cursor beyond a group without state",
  "question": "A client presents the derived epoch and last_cursor 5 to a group without state. Is this a mismatch?",
  "decision": "It changes nothing: no new epoch, nothing stored. max_cursor 0 in Welcome is below what the client has seen, so that it resets itself.",
  "why": "A relay that stored something for it could be filled by anybody.",
  "requirements": [
   "SES-48",
   "SES-54"
  ]
 },
 {
  "id": "D-046",
  "title": "Who counts as another device",
  "question": "Is pending_count about the device or the connection?",
  "decision": "About the device: blobs whose sender is this DeviceId are not counted, whichever connection pushed them. Notify is about the connection: the pusher's other connections get it.",
  "why": "A device need not fetch what it made, but its second window must show it.",
  "requirements": [
   "CUR-49",
   "CUR-69",
   "CUR-70"
  ]
 },
 {
  "id": "D-047",
  "title": "Cursors of 63 bits",
  "question": "May a relay that stores 63 bits refuse an after_cursor above 2^63−1?",
  "decision": "No. It assigns none above 2^63−1, and answers any u64 in a request as above everything it has assigned.",
  "why": "Clients present what other relays gave them.",
  "requirements": [
   "CUR-47",
   "WIRE-03"
  ]
 },
 {
  "id": "D-048",
  "title": "Pull limit beyond u32",
  "question": "Is a limit of 2^32 clamped?",
  "decision": "No, it is out of the range of its field: 1000. Clamping is for values that a u32 holds.",
  "why": "Decoding comes first.",
  "requirements": [
   "CUR-43",
   "WIRE-31"
  ]
 },
 {
  "id": "D-049",
  "title": "Fewer blobs than the limit",
  "question": "How few blobs may a page hold?",
  "decision": "At least one if one exists; beyond that a relay is free, and has_more tells the rest. A page without blobs has has_more false.",
  "why": "Relays may bound the work of a request.",
  "requirements": [
   "CUR-32",
   "CUR-39",
   "CUR-40",
   "CUR-46"
  ]
 },
 {
  "id": "D-050",
  "title": "Pages while blobs come and go",
  "question": "A blob expires or is pushed between two pages: is has_more or the set of pages then wrong?",
  "decision": "has_more is judged at one moment while the response is made, and is checked only while the group is quiet. A blob that expires between pages may be missing, one that is pushed meanwhile comes in its place at the end.",
  "why": "Concurrent histories have no single moment to compare with.",
  "requirements": [
   "CUR-32",
   "CUR-39",
   "CUR-40"
  ]
 },
 {
  "id": "D-051",
  "title": "A Push that got no answer",
  "question": "May a Push without an answer appear later?",
  "decision": "Yes, until the connection on which it was sent is known to be gone at the relay; it may also never appear. If it appears it does so whole, under one cursor, in its place. A client finds out by pushing it again.",
  "why": "As in every protocol with idempotent writes, the answer is what makes it certain.",
  "requirements": [
   "CUR-28",
   "SES-57"
  ]
 },
 {
  "id": "D-052",
  "title": "Retry_after_ms and the optional keys",
  "question": "Extension keys that are not listed as always sent are optional, yet retry_after_ms comes with every 2000.",
  "decision": "retry_after_ms is sent with every Error 2000, also the fatal one that answers Hello. blob_id in an Error is optional and, where it is there, is that of the request; it is meant for Push and Delete.",
  "why": "A client cannot guess the time to wait; the request it can tell by the order of answers.",
  "requirements": [
   "ERR-12",
   "ERR-14",
   "ERR-15"
  ]
 },
 {
  "id": "D-053",
  "title": "Errors in an open group that end the session",
  "question": "RevokeDevice and a forced Delete in an open group get 1002, which is fatal: does the whole session end?",
  "decision": "Yes, with close code 4002. An unforced Delete in an open group is served.",
  "why": "A client that asks for it is not in the kind of group it believes to be in.",
  "requirements": [
   "MEM-16",
   "MEM-17"
  ]
 },
 {
  "id": "D-054",
  "title": "When a relay is overloaded",
  "question": "When is 3000 sent, if too many connections are refused before the handshake by HTTP 503?",
  "decision": "At any time when a relay cannot go on with a session that it has admitted, for lack of memory or because it sheds load. No rule makes it send 3000, so that no check waits for it.",
  "why": "Only the relay knows what it can carry.",
  "requirements": [
   "ERR-08"
  ]
 },
 {
  "id": "D-055",
  "title": "From when hello_timeout counts",
  "question": "Does hello_timeout begin with TCP, with the upgrade or with the end of the handshake?",
  "decision": "With the acceptance of the TCP connection, and it ends when a Hello has been read that decodes. A connection without an upgrade by then is simply closed; one that was upgraded is closed with 1008. Bytes, pings and handshake messages do not extend it.",
  "why": "Otherwise a byte now and then would hold a connection for ever.",
  "requirements": [
   "SES-51"
  ]
 },
 {
  "id": "D-056",
  "title": "Authenticated, and not yet",
  "question": "After message 3 the relay has the client's static keys. Is the client authenticated?",
  "decision": "Not before the first transport message has opened: until then nobody has shown that he holds the ML-KEM key. Nothing that belongs to a DeviceId (rates, lists of devices, last_seen) is touched before. It is the Hello, or its first piece, that opens.",
  "why": "The skem in message 4 is what only the holder of the key can read.",
  "requirements": [
   "HS-25"
  ]
 },
 {
  "id": "D-057",
  "title": "Rejected keys that are never used",
  "question": "Is an ML-KEM key checked that no encapsulation uses, such as the relay's ephemeral one?",
  "decision": "Yes. Each of the four ML-KEM keys and each of the four X25519 keys is checked when it has been read (and, where encrypted, decrypted). For an X25519 key of low order the handshake fails when the all-zero result is computed; a relay then has written nothing since.",
  "why": "One rule for all keys leaves no gap when tokens change places.",
  "requirements": [
   "HS-10",
   "HS-11",
   "HS-12"
  ]
 },
 {
  "id": "D-058",
  "title": "A missing prologue",
  "question": "Is an empty or a missing prologue an alternative?",
  "decision": "No. The prologue is mixed always, and it is the 10 bytes of the ALPN over WebSocket too. An implementation that has it as an option sets it.",
  "why": "In one library in use, no prologue and the empty one give different hashes.",
  "requirements": [
   "HS-02"
  ]
 },
 {
  "id": "D-059",
  "title": "Rekeying by the count of messages",
  "question": "Does an empty transport message count for the rekey, and is a message with nonce 65,535 under the old key?",
  "decision": "Every transport message has a nonce and counts. The message with nonce 65,535 is under the old key, the one with nonce 65,536 under the new one, and the nonce is not set back.",
  "why": "As the Noise specification leaves Rekey to the application, this fixes when.",
  "requirements": [
   "HS-19",
   "HS-20",
   "HS-21"
  ]
 },
 {
  "id": "D-060",
  "title": "Library differences in Ed25519",
  "question": "Which signatures does a valid proof admit where RFC 8032 leaves a choice?",
  "decision": "S below the order, A and R canonical, A not of small order, and the equation without the cofactor. Where the equations with and without the cofactor disagree (A or R of mixed order), either outcome is accepted in vectors; a relay of ours takes the one without. R of small order by itself is no reason to refuse.",
  "why": "Only whoever holds the key can make such a signature, so that nothing is gained by it.",
  "requirements": [
   "MEM-07",
   "MEM-08",
   "MEM-09",
   "MEM-10",
   "MEM-20"
  ]
 },
 {
  "id": "D-061",
  "title": "An empty proof",
  "question": "Is a Hello with a proof in an open group's id, or with a proof of zeros, a Hello to the open group?",
  "decision": "No. A Hello with the key proof is for the proven group or is refused with 1002; it never falls back to the open one.",
  "why": "A client that proves membership must not be put among strangers.",
  "requirements": [
   "MEM-02",
   "MEM-03",
   "MEM-11"
  ]
 },
 {
  "id": "D-062",
  "title": "Devices that count",
  "question": "Which devices count for the 256 of a proven group?",
  "decision": "Those that the group has recorded: connected when its state began or welcomed since, revoked ones left out. While a group has no state, nobody is recorded and nobody is refused.",
  "why": "A group without state stores nothing.",
  "requirements": [
   "MEM-19",
   "SES-23",
   "SES-59"
  ]
 },
 {
  "id": "D-063",
  "title": "Names in limits",
  "question": "Must a relay that offers no invites, or sets no limit, still state all nineteen limits?",
  "decision": "Yes. A rate without limit is 0, and what is not offered states its default. Names that a client does not know are ignored.",
  "why": "A client, and the certifier, plan by them without guessing what a missing name means.",
  "requirements": [
   "LIM-01",
   "WIRE-52"
  ]
 },
 {
  "id": "D-064",
  "title": "Path and query of the address",
  "question": "Does any path include one at which the relay serves HTTP, such as /health?",
  "decision": "Yes. A request with the WebSocket upgrade is for the protocol, whatever its path and query; others go to the HTTP service.",
  "why": "Proxies map paths as they like.",
  "requirements": [
   "FRAME-11"
  ]
 },
 {
  "id": "D-065",
  "title": "A refused upgrade",
  "question": "In which order are the subprotocol, Origin and the limits per address checked at the upgrade?",
  "decision": "In any. Where several forbid the upgrade, any of their status codes (400, 403, 429, 503) is right. Missing or wrong headers of the upgrade itself are answered as RFC 6455 says.",
  "why": "The client gets no connection either way.",
  "requirements": [
   "FRAME-09",
   "FRAME-13",
   "HS-26"
  ]
 },
 {
  "id": "D-066",
  "title": "Unmasked frames, reserved bits and opcodes",
  "question": "What of a breach of RFC 6455 itself?",
  "decision": "The WebSocket fails as RFC 6455 says, with close code 1002 or, for invalid lengths, 1009; the Noise session never sees it.",
  "why": "The carrier's own rules come first.",
  "requirements": [
   "FRAME-14",
   "FRAME-17"
  ]
 },
 {
  "id": "D-067",
  "title": "Text messages before the handshake",
  "question": "Is a text message before the handshake, or a fragmented one, 1003 or 1002?",
  "decision": "1003, at the latest when the whole message is there; a relay may close at the header of its first frame.",
  "why": "Nothing in it could ever become a Noise message.",
  "requirements": [
   "FRAME-15"
  ]
 },
 {
  "id": "D-068",
  "title": "Bytes at rest after a Close",
  "question": "May a relay that has sent Close still read and carry out what the client sent before it saw it?",
  "decision": "No. From the Error on, nothing takes effect that stands behind the offending frame. It may read and drop bytes while it waits for the client's Close.",
  "why": "The client holds them as indeterminate, and will send them again.",
  "requirements": [
   "SES-28",
   "SES-29",
   "SES-31"
  ]
 },
 {
  "id": "D-069",
  "title": "How much may be queued",
  "question": "4 MiB for a slow reader, but 8 MiB of requests in flight: which one stops the relay?",
  "decision": "Both, independently. A relay reads no more requests at 64, or at 8 MiB of their bodies, unanswered; and it begins no further answer while 4 MiB wait to be sent. A single answer always fits.",
  "why": "One bounds what comes in, the other what goes out.",
  "requirements": [
   "FRAME-24",
   "FRAME-25"
  ]
 },
 {
  "id": "D-070",
  "title": "What stops the 30 seconds",
  "question": "Is a reader slow that takes one byte every 29 seconds?",
  "decision": "Not by this rule: any progress begins the 30 seconds anew. Memory is bounded by the 4 MiB meanwhile.",
  "why": "A phone on a very bad line is to be served.",
  "requirements": [
   "FRAME-25",
   "FRAME-27"
  ]
 },
 {
  "id": "D-071",
  "title": "A relay without bin over iroh",
  "question": "Which encoding has an Error that answers a Hello of which the encoding cannot be told?",
  "decision": "`bin`. Over WebSocket it is always `bin`, also towards an `rmp` Hello.",
  "why": "The other encoding has no Error.",
  "requirements": [
   "WIRE-54",
   "WIRE-55",
   "WIRE-56"
  ]
 },
 {
  "id": "D-072",
  "title": "Characters of a device name",
  "question": "What is a character where a name is cut to 127 bytes?",
  "decision": "A Unicode scalar value, after NFC.",
  "why": "Graphemes change with each version of Unicode, so that two devices would seal different names.",
  "requirements": [
   "SEAL-29"
  ]
 },
 {
  "id": "D-073",
  "title": "A sealed name that is not in NFC",
  "question": "Does a reader refuse it?",
  "decision": "No. It is opened as it is.",
  "why": "The versions of Unicode of writer and reader differ.",
  "requirements": [
   "SEAL-36"
  ]
 },
 {
  "id": "D-074",
  "title": "U+0000 in a name",
  "question": "May a name hold it?",
  "decision": "Sealing refuses it.",
  "why": "It is the padding, so the reader would lose what stands behind it.",
  "requirements": [
   "SEAL-31"
  ]
 },
 {
  "id": "D-075",
  "title": "Plain names that look sealed",
  "question": "May a plain name begin with \"~\"?",
  "decision": "A client never sends one.",
  "why": "It would read as a sealed name that does not open, which means forged.",
  "requirements": [
   "SEAL-39"
  ]
 },
 {
  "id": "D-076",
  "title": "When a gap means withheld",
  "question": "When may a receiver report a gap in an author's seq?",
  "decision": "Once it has pulled everything the relay has, and neither expiry nor deletion nor retention explains the gap.",
  "why": "Earlier, the missing blob may simply be on the next page.",
  "requirements": [
   "SEAL-23"
  ]
 },
 {
  "id": "D-077",
  "title": "100 MiB of what",
  "question": "Does the limit of content count plaintext or ciphertext?",
  "decision": "The content, without tag and nonce.",
  "why": "It is the size that people see.",
  "requirements": [
   "CONT-04",
   "CONT-05"
  ]
 },
 {
  "id": "D-078",
  "title": "Message types of Envelope 1",
  "question": "What of a msg_type outside of 1 to 7?",
  "decision": "It is refused as out-of-range.",
  "why": "Nothing gives it a meaning, and a reader that takes it would show noise.",
  "requirements": [
   "ENV-08"
  ]
 },
 {
  "id": "D-079",
  "title": "What the deployed implementation leaves to chance",
  "question": "What of v1 salts of other lengths, empty passphrases, content keys for other blob_ids, an Envelope 1 in another form, seal 2 in longer forms of MessagePack, and UUIDs in capitals?",
  "decision": "A reader may take or refuse them; vectors call them acceptable.",
  "why": "Readers of both kinds are in use, and no secret depends on it.",
  "requirements": [
   "KEY-15",
   "KEY-22",
   "ENV-10",
   "SEAL-12",
   "ENV-17"
  ]
 },
 {
  "id": "D-080",
  "title": "The shortest device name limit",
  "question": "How low may an operator set max_device_name_len?",
  "decision": "225, the length of a sealed name.",
  "why": "A sealed name that is cut can't be opened by anyone.",
  "requirements": [
   "SES-18"
  ]
 },
 {
  "id": "D-081",
  "title": "Closing a group",
  "question": "How does an operator close a group for good?",
  "decision": "By `closed_groups` in the configuration, read at the start, for the open and the proven group of the id alike.",
  "why": "It is the operator's act, and has to survive a lost database.",
  "requirements": [
   "ERR-06",
   "SES-14"
  ]
 },
 {
  "id": "D-082",
  "title": "A malformed Forwarded header",
  "question": "What of a Forwarded header that breaks the grammar, from a proxy that is trusted?",
  "decision": "It is not believed at all; the socket's address counts.",
  "why": "An open quotation mark of the client's would hide what the proxy added.",
  "requirements": [
   "LIM-21"
  ]
 },
 {
  "id": "D-083",
  "title": "Unknown names in the environment",
  "question": "What of a variable ZK_SYNC_ that is no key?",
  "decision": "The relay refuses to start, and names the nearest key.",
  "why": "A misspelt limit is no limit.",
  "requirements": [
   "OPS-20",
   "OPS-21"
  ]
 },
 {
  "id": "D-084",
  "title": "Where the admin listener is",
  "question": "Which address has it unless configured, and how is it found?",
  "decision": "127.0.0.1:9090, and the empty string turns it off. A relay prints \"admin <url>\" before its own address.",
  "why": "Tools that start a relay on a free port need to find it; an operator who can't use the port is told so.",
  "requirements": [
   "OPS-04",
   "OPS-22"
  ]
 },
 {
  "id": "D-085",
  "title": "Figures that storage does not give",
  "question": "What do /metrics and /health show while storage fails?",
  "decision": "The metrics are left out, and /health answers 503 with status \"failing\".",
  "why": "0 would look like lost data.",
  "requirements": [
   "OPS-04",
   "OPS-05",
   "OPS-09"
  ]
 },
 {
  "id": "D-086",
  "title": "A second signal",
  "question": "What does a second SIGTERM or SIGINT do while the relay drains?",
  "decision": "It ends at once, with exit code 1.",
  "why": "Nobody who asks twice wants to wait for slow clients.",
  "requirements": [
   "OPS-11",
   "OPS-12"
  ]
 },
 {
  "id": "D-087",
  "title": "Words of a verdict",
  "question": "What does the certifier say of a run that is not whole?",
  "decision": "\"conformant\" is said of a whole run alone. A part (`--only`, `--quick`) \"passed\" or had \"no failure\", with exit code 0; known failures are named, with exit code 0; one of them that passes is a failure.",
  "why": "A part must not read as a certificate, to people or to machines.",
  "requirements": []
 },
 {
  "id": "D-088",
  "title": "Rates and all the rest",
  "question": "The checks of rates need rates that are on, all others that they are off. What does one run say?",
  "decision": "A relay that the certifier starts is started once for each; a running relay is certified for what it is configured for, and what that rules out makes the verdict inconclusive.",
  "why": "A relay that can be configured can be tried; a verdict about half of it would be wrong.",
  "requirements": [
   "LIM-20"
  ]
 },
 {
  "id": "D-089",
  "title": "Certificates of the target",
  "question": "Does the certifier accept any certificate of a wss:// relay?",
  "decision": "No. It is verified against what the machine trusts, or against `--ca`, which takes its place.",
  "why": "A browser would refuse it too.",
  "requirements": []
 },
 {
  "id": "D-090",
  "title": "Latency of the scenarios",
  "question": "Is the latency of a chaos scenario that of one way or of the round trip?",
  "decision": "Of one way, in each direction.",
  "why": "It is the stricter reading.",
  "requirements": [
   "CHAOS-01",
   "CHAOS-02",
   "CHAOS-03",
   "CHAOS-04"
  ]
 },
 {
  "id": "D-091",
  "title": "What half-open looks like",
  "question": "How does a scenario make a connection half-open?",
  "decision": "What the client sends is swallowed; what the relay sends still comes.",
  "why": "The relay sees the same, and how it ends the connection can be seen.",
  "requirements": [
   "CHAOS-08"
  ]
 },
 {
  "id": "D-092",
  "title": "How late a timer may be",
  "question": "How long after idle_timeout_secs may a connection end whose client answers nothing?",
  "decision": "A quarter of it and 35 s later, for a Close that is not answered.",
  "why": "Common WebSocket libraries wait 30 s for the other side's Close.",
  "requirements": [
   "FRAME-29",
   "CHAOS-08"
  ]
 },
 {
  "id": "D-093",
  "title": "A relay that does not come back",
  "question": "Which rule does a relay break that does not start again after SIGKILL?",
  "decision": "That acknowledged blobs are there after it, CUR-26.",
  "why": "Blobs that nobody can reach are lost.",
  "requirements": [
   "CUR-26"
  ]
 },
 {
  "id": "D-094",
  "title": "A slow reader that is cut",
  "question": "Must a client that reads nothing for 30 s find a close with 1008?",
  "decision": "Not where the Close stands behind data that was never sent; then the end of the connection is enough.",
  "why": "The client can't have read it.",
  "requirements": [
   "FRAME-27"
  ]
 },
 {
  "id": "D-095",
  "title": "What was read before SIGTERM",
  "question": "How is it seen from outside which Pushes a relay had read?",
  "decision": "At least those that it stored. They are acknowledged, or answered with 3002, ahead of Error 3001.",
  "why": "A client must not be left in doubt about what is there.",
  "requirements": [
   "OPS-13",
   "CUR-28"
  ]
 },
 {
  "id": "D-096",
  "title": "How exact a rate is",
  "question": "How many requests may pass in a time?",
  "decision": "What the bucket holds and what flows in meanwhile; a check allows one more, for rounding.",
  "why": "Clocks of relay and kit count in their own units.",
  "requirements": [
   "LIM-06",
   "LIM-15",
   "LIM-16",
   "SES-12"
  ]
 },
 {
  "id": "D-097",
  "title": "Which status refuses an upgrade",
  "question": "May a relay answer HTTP 503 to an address that is over its rate?",
  "decision": "No, 429. 503 is for sessions and unfinished handshakes, which are the relay's own limits.",
  "why": "A client tells by it whether to wait for its own turn or for the relay.",
  "requirements": [
   "LIM-16",
   "LIM-17",
   "HS-26"
  ]
 },
 {
  "id": "D-098",
  "title": "A relay that breaks a rule",
  "question": "What does a client do then?",
  "decision": "It sends nothing more, closes with any code, holds open requests as indeterminate, reports, and connects again after its backoff.",
  "why": "Nothing is known to be in step any more.",
  "requirements": [
   "SES-57"
  ]
 },
 {
  "id": "D-099",
  "title": "A PushAck that does not fit",
  "question": "What of one with a wrong digest or blob_id?",
  "decision": "The relay has broken a rule, and the blob stays in the outbox.",
  "why": "It is not known to be safe.",
  "requirements": [
   "CUR-09",
   "SES-57"
  ]
 },
 {
  "id": "D-100",
  "title": "An unknown Error code",
  "question": "Is it fatal to a client?",
  "decision": "Yes, it ends the session.",
  "why": "The client can't know whether it answers a request.",
  "requirements": [
   "ERR-01"
  ]
 },
 {
  "id": "D-101",
  "title": "A page that does not fit",
  "question": "What of a page out of order, or of an empty one with has_more?",
  "decision": "The relay has broken a rule; nothing of the page is stored, and the cursor stays.",
  "why": "Blobs would be skipped, or the client would pull for ever.",
  "requirements": [
   "CUR-31",
   "CUR-41",
   "CUR-80"
  ]
 },
 {
  "id": "D-102",
  "title": "Who closes after Bye",
  "question": "Does a client that says Bye close the WebSocket at once?",
  "decision": "No, the relay closes with 1000; the client does so itself after 30 s.",
  "why": "Answers still come.",
  "requirements": [
   "SES-30"
  ]
 },
 {
  "id": "D-103",
  "title": "Pings of a client",
  "question": "Must a client ping?",
  "decision": "Not if it sees the relay's pings and ping_interval_secs is below 90; otherwise every 30 s.",
  "why": "The relay's pings are bytes that come too.",
  "requirements": [
   "FRAME-28",
   "FRAME-31"
  ]
 },
 {
  "id": "D-104",
  "title": "Silence that a browser can see",
  "question": "What is silence where pings are hidden, and how long?",
  "decision": "That no message of the relay came, for half of idle_timeout_secs or 45 s, whichever is less. The answer to the question that is asked then is an ordinary page.",
  "why": "A browser shows no pings, and must find a dead connection within 90 s.",
  "requirements": [
   "FRAME-30",
   "FRAME-31",
   "FRAME-32"
  ]
 },
 {
  "id": "D-105",
  "title": "What a reset forgets",
  "question": "What goes with the cursor when a client resets?",
  "decision": "last_blob, the highest cursor seen, and seen_cursor with seen_blob. The session goes on.",
  "why": "They belong to the state that the relay has lost; kept, they would raise the next alarm.",
  "requirements": [
   "SES-53",
   "SES-54",
   "SEAL-22",
   "SEAL-24"
  ]
 },
 {
  "id": "D-106",
  "title": "The primary relay",
  "question": "Which relay is the primary one?",
  "decision": "The first of the group's relays, or its only one.",
  "why": "Its acknowledgement counts, and authors name its cursors.",
  "requirements": [
   "SEAL-22"
  ]
 },
 {
  "id": "D-120",
  "title": "Drivers of codecs",
  "question": "How does the certifier reach a codec that is written in any language?",
  "decision": "Through a program that answers lines of JSON, one request at a time, each for itself. What has a state, a handshake or a stream, is asked for as one list of steps.",
  "why": "Every language has JSON and standard streams, and a request that fails can be shown, shrunk and given to the driver by hand.",
  "requirements": [
   "WIRE-04",
   "HS-03",
   "FRAME-01"
  ]
 },
 {
  "id": "D-121",
  "title": "Hex in the answers of drivers",
  "question": "May a driver answer with upper-case hex, keys of its own, or null for what is optional?",
  "decision": "Yes to each. Requests are in ASCII and lower case.",
  "why": "Languages differ in what their libraries write, and none of it says anything about the codec.",
  "requirements": [
   "WIRE-04"
  ]
 },
 {
  "id": "D-122",
  "title": "Error classes of random inputs",
  "question": "Which error class must a codec give for random bytes?",
  "decision": "Where one thing is wrong, the class of that; where bytes were changed blindly, any class of the codec, since readers look in their own order.",
  "why": "A certifier that asks for the reference's order would fail correct codecs.",
  "requirements": [
   "WIRE-27",
   "WIRE-37",
   "WIRE-41"
  ]
 },
 {
  "id": "D-130",
  "title": "What is certified",
  "question": "Which runs get a certificate?",
  "decision": "A run of whole profiles, as the certifier makes it, without a failure, also a known one, and without anything inconclusive. Checks that the target gave no occasion for are named. Not a part (`--only`, `--quick`), another number of plans, scenarios with a bad network, or a run that failed; then an older certificate in its place is removed.",
  "why": "Whoever sees a certificate takes it for a yes.",
  "requirements": []
 },
 {
  "id": "D-131",
  "title": "Whose certificate it is",
  "question": "By what is the target named?",
  "decision": "By the SHA-256 of the identity that it proved in the handshake, with its limits. A file is named beside it if whoever runs the certifier says so; of a process that the certifier started the address and the command are left out.",
  "why": "The address of a process says nothing afterwards, and a command may have a password in it.",
  "requirements": []
 },
 {
  "id": "D-132",
  "title": "The one form of a certificate",
  "question": "May a certificate be written in another way, as DSSE allows?",
  "decision": "No. The file is byte for byte what writing its content again gives, with standard base64, the Ed25519 signature first and RFC 7638 thumbprints as key ids. Both signatures have to verify.",
  "why": "A byte that nobody looks at can be changed.",
  "requirements": []
 },
 {
  "id": "D-133",
  "title": "Verified without a key",
  "question": "What of a certificate whose signatures are right by the keys that it names itself?",
  "decision": "It was not changed, and nothing is known of who signed it; `verify` ends with exit code 3 as anything unknown.",
  "why": "Anybody can make such a certificate.",
  "requirements": []
 },
 {
  "id": "D-134",
  "title": "Bytes in reports",
  "question": "What of the exchange of a failed check may a report show?",
  "decision": "The first 160 bytes of each message of its first 12 and last 36 steps, as they were within the secure channel. Groups, devices and payloads are the certifier's own; the token of a content store is masked.",
  "why": "Bytes settle what an encoder did wrong; whoever holds a token can use it.",
  "requirements": []
 },
 {
  "id": "D-135",
  "title": "Worse than before",
  "question": "When does `diff` say that a target got worse?",
  "decision": "A check fails that did not fail before, a new check too; or one that passed is not run, inconclusive, or passes with a new warning; or the target is no longer to be trusted. A check that is gone is told and does not count.",
  "why": "What is no longer known to hold is not known to hold.",
  "requirements": []
 },
 {
  "id": "D-150",
  "title": "When the time of an invite counts",
  "question": "Is an invite that has expired still read, and what of one that was made in the future?",
  "decision": "Reading does not look at the clock, joining does. From 300 s after `e` or expires_at it is refused, in all versions; when it was made does not matter.",
  "why": "An app can say that an invite has expired only if it can read it, and clocks go wrong by minutes.",
  "requirements": [
   "INV-35",
   "INV-36"
  ]
 },
 {
  "id": "D-151",
  "title": "The form of an invite 4",
  "question": "Does the QR code hold the payload or the link, and which of the two is read?",
  "decision": "Both hold the link; both are read. \"0ksync://join/\" is compared as text, character for character. No parser of URLs will do, since the scheme of a URI begins with a letter (RFC 3986, 3.1).",
  "why": "A camera opens links, and some apps give away only what follows.",
  "requirements": [
   "INV-17",
   "INV-18"
  ]
 },
 {
  "id": "D-152",
  "title": "What an invite 4 must have",
  "question": "Which keys may be missing, which seals may be named, and must each address have an identity?",
  "decision": "All keys but one of s and p must be there. The groups of invite 4 are v2 groups, whose seal is 2. Every address has the relay's identity, in a ws URL as its fragment, in an iroh address as its EndpointId.",
  "why": "What is left open in an invite is found out when nobody sits at the other device any more.",
  "requirements": [
   "INV-08",
   "INV-28",
   "INV-29",
   "INV-30",
   "INV-31"
  ]
 },
 {
  "id": "D-153",
  "title": "Invites in JSON that the deployed implementation may read",
  "question": "What of a missing salt, and of a key that stands twice?",
  "decision": "Either way is right. Salts of any length are read, since the secret is there anyway; relay_node_ids is what is written.",
  "why": "Most JSON libraries cannot tell the one, and the other harms nobody.",
  "requirements": [
   "INV-05",
   "INV-09",
   "INV-11"
  ]
 },
 {
  "id": "D-154",
  "title": "What is sealed under a short code",
  "question": "Is it the text of an invite or what the text stands for?",
  "decision": "The bytes before base64url: the MessagePack map of an invite 4, or the JSON of an invite 2 or 3.",
  "why": "Base64url twice makes the payload a third larger.",
  "requirements": [
   "CODE-10"
  ]
 },
 {
  "id": "D-155",
  "title": "Spaces and hyphens in a short code",
  "question": "Are a no-break space, a line break, a dash or a full-width letter ignored or understood?",
  "decision": "No. U+0020 and U+002D are left out, letters of ASCII are taken in either case; everything else is refused. An app may tidy up what is pasted before it asks.",
  "why": "Upper case beyond ASCII depends on the language, and two apps must read one code in the same way.",
  "requirements": [
   "CODE-03",
   "CODE-05"
  ]
 },
 {
  "id": "D-156",
  "title": "What a gap is, and which are kept",
  "question": "Does the cap of 10,000 count cursors that are missing or runs of them, and what happens beyond it?",
  "decision": "Runs, so that one large jump is one gap. The lowest 10,000 are kept, and the last of them takes in everything above it that is not kept, also what was received in there. The deployed implementation lists none as soon as more than 10,000 cursors lie between, as if nothing were missing.",
  "why": "What is pulled twice is skipped by its blob_id; what is taken for received is lost.",
  "requirements": [
   "CLI-09",
   "CLI-10"
  ]
 },
 {
  "id": "D-157",
  "title": "Pages that begin above the highest contiguous",
  "question": "What does a PullResponse say of cursors, beyond the blobs in it?",
  "decision": "That there is nothing else between after_cursor and max_cursor. It says nothing of what lies below, and, whatever has_more is, nothing of what lies above. An empty one says nothing, for its max_cursor is the client's own number.",
  "why": "Otherwise a Pull beyond the end would make everything contiguous.",
  "requirements": [
   "CLI-01",
   "CLI-03",
   "CLI-04",
   "CLI-05",
   "CLI-06"
  ]
 },
 {
  "id": "D-158",
  "title": "How long a client waits",
  "question": "In which steps is the random part drawn, and is there an end to retry_after_ms?",
  "decision": "In whole milliseconds, 0 and 5,000 included. retry_after_ms is taken as it is; one that no timer of the platform holds means that the client waits as long as it can, never less.",
  "why": "A relay that says \"tomorrow\" has its reasons.",
  "requirements": [
   "CLI-13",
   "CLI-14",
   "CLI-17",
   "ERR-19"
  ]
 },
 {
  "id": "D-159",
  "title": "What counts as an attempt",
  "question": "Which events make n larger, and which make it 1 again?",
  "decision": "Every wait, whether for a lost connection or for an Error, makes it larger, and a success makes it 1. Connections and the requests of one session count by themselves. An Error that is only reported changes nothing.",
  "why": "A relay that lets a device in and refuses its pushes would otherwise see both counters grow together.",
  "requirements": [
   "CLI-13",
   "CLI-15",
   "CLI-16",
   "CLI-19"
  ]
 },
 {
  "id": "D-160",
  "title": "The randomness of encapsulations",
  "question": "FIPS 203 asks for 32 fresh random bytes in each encapsulation. Is that a rule of its own?",
  "decision": "Yes. It can be seen from outside, by the ciphertexts for one ephemeral key that is sent twice.",
  "why": "With fresh ephemeral keys alone, a broken random source behind encapsulations goes unnoticed.",
  "requirements": [
   "HS-23",
   "HS-30"
  ]
 },
 {
  "id": "D-161",
  "title": "Calls of a Noise object before their time",
  "question": "What does a driver answer to finish before the last message of a handshake, to encrypt, decrypt or a rekey before finish, and to write or read after it?",
  "decision": "That is left open, and the certifier asks for none of them. It does ask for write and read in the wrong turn and after a failure, which have error classes of their own, wrong-turn and failed-state.",
  "why": "Libraries have the handshake and the transport in objects of their own, in which such a call cannot even be written down.",
  "requirements": []
 },
 {
  "id": "D-162",
  "title": "Surrogates in the lines of drivers",
  "question": "JSON can write half a surrogate pair as an escape. May text in a request hold one?",
  "decision": "No. Text is of Unicode scalar values. What a driver makes of half a pair is left open, and the certifier sends none.",
  "why": "Text of many languages cannot hold it, and readers of JSON refuse it, mend it or pass it on, each in its own way.",
  "requirements": []
 },
 {
  "id": "D-163",
  "title": "Commands in reports",
  "question": "A report names the command that started its relay. Does a replay of it start that command?",
  "decision": "No. The command is shown, and a person has to name it. The reference relay is started, and an address connected to.",
  "why": "Reports are passed around, and one from elsewhere would decide what the machine runs.",
  "requirements": []
 },
 {
  "id": "D-164",
  "title": "Checks that are gone from a report",
  "question": "What is a check that passed in the old report and is not in the new one?",
  "decision": "Worse, as if nothing were known of it any more. One that did not pass before is only told.",
  "why": "A run of fewer checks would pass the gate that compares it with a run of all.",
  "requirements": []
 }
];
