import type { Broken } from '../saboteur.ts';

/** A codec is its sources: it differs by them alone. */
type BrokenCodec = Omit<Broken, 'parts' | 'profile' | 'isNoRelay'>;

const READER = 'reference/src/codec/reader.ts';
const WRITER = 'reference/src/codec/writer.ts';
const FIELDS = 'reference/src/codec/field-codec.ts';
const MESSAGE = 'reference/src/codec/message.ts';
const FRAMES = 'reference/src/codec/frame-reader.ts';
const IDS = 'reference/src/ids.ts';
const KEYS = 'reference/src/seal/keys.ts';
const PASSPHRASE = 'reference/src/seal/passphrase.ts';
const SEAL_2 = 'reference/src/seal/seal-2.ts';
const NAME = 'reference/src/seal/device-name.ts';
const CONTENT = 'reference/src/seal/content.ts';
const ENVELOPE = 'reference/src/envelope.ts';
const STRICT = 'reference/src/crypto/ed25519-strict.ts';
const HANDSHAKE = 'reference/src/noise/handshake-state.ts';
const SYMMETRIC = 'reference/src/noise/symmetric-state.ts';
const CIPHER = 'reference/src/noise/cipher-state.ts';
const INVITE = 'reference/src/pairing/invite.ts';
const INVITE_JSON = 'reference/src/pairing/invite-json.ts';
const INVITE_MAP = 'reference/src/pairing/invite-map.ts';
const SHORT_CODE = 'reference/src/pairing/short-code.ts';
const CURSORS = 'reference/src/client/cursor-tracker.ts';
const BACKOFF = 'reference/src/client/backoff.ts';
const DRIVER = 'conformance/saboteurs/src/codecs/driver.ts';

/** Codecs that are broken in one way each. */
export const BROKEN_CODECS: readonly BrokenCodec[] = [
  {
    name: 'codec-u64-cut-to-53-bits',
    breaks: ['WIRE-03'],
    harm: 'after many blobs two of them have one cursor, and one is never pulled',
    patches: [
      {
        file: READER,
        find: 'return high === 0 ? BigInt(low) : (BigInt(high) << 32n) | BigInt(low);',
        replace: 'return BigInt(high * 2 ** 32 + low);',
      },
    ],
  },
  {
    name: 'codec-signed-width-refused',
    breaks: ['WIRE-17'],
    harm: 'a client whose library writes signed integers is never understood',
    patches: [{ file: READER, find: 'value = (this.#uint8() << 24) >> 24;', replace: 'value = -1 - this.#uint8();' }],
  },
  {
    name: 'codec-long-header-refused',
    breaks: ['WIRE-18'],
    harm: 'a peer that writes every string alike is never understood',
    patches: [{ file: READER, find: 'if (marker === 0xdb) return this.#uint32();', replace: '' }],
  },
  {
    name: 'codec-integer-not-shortest',
    breaks: ['WIRE-06'],
    harm: 'the same message has two forms, and a comparison of bytes fails',
    patches: [
      {
        file: WRITER,
        find: 'if (value < 0x80) this.bytes[this.position++] = value;',
        replace: 'if (value < 0x7f) this.bytes[this.position++] = value;',
      },
      {
        file: WRITER,
        find: 'return value < 0x80 ? 1 : value < 0x100 ? 2 : value < 0x10000 ? 3 : 5;',
        replace: 'return value < 0x7f ? 1 : value < 0x100 ? 2 : value < 0x10000 ? 3 : 5;',
      },
    ],
  },
  {
    name: 'codec-header-not-shortest',
    breaks: ['WIRE-07'],
    harm: 'the same message has two forms, and a comparison of bytes fails',
    patches: [
      { file: WRITER, find: 'if (length < 0x20) this.bytes', replace: 'if (length < 0x1f) this.bytes' },
      { file: WRITER, find: 'length + (length < 0x20 ? 1', replace: 'length + (length < 0x1f ? 1' },
    ],
  },
  {
    name: 'codec-keys-unsorted',
    breaks: ['WIRE-08'],
    harm: 'the same message has many forms, and a comparison of bytes fails',
    patches: [{ file: FIELDS, find: '.sort((a, b) => compareCodePoints(a.key, b.key));', replace: ';' }],
  },
  {
    name: 'codec-unknown-key-refused',
    breaks: ['WIRE-23'],
    harm: 'the next version of the protocol cannot be talked to',
    patches: [
      {
        file: FIELDS,
        find: 'if (entry === undefined) reader.skip(EXTENSION_MAP.max_nesting);',
        replace: "if (entry === undefined) throw new CodecError('wrong-type', 'unknown', keyAt);",
      },
    ],
  },
  {
    name: 'codec-unknown-value-must-be-right',
    breaks: ['WIRE-24'],
    harm: 'a later extension with a float in it ends every session',
    patches: [{ file: READER, find: '        case 0xca:\n          return void this.#take(4);\n', replace: '' }],
  },
  {
    name: 'codec-duplicate-key-taken',
    breaks: ['WIRE-39'],
    harm: 'two readers see different values in one message',
    patches: [{ file: FIELDS, find: 'if (seen.includes(key)) throw', replace: 'if (false) throw' }],
  },
  {
    name: 'codec-one-key-too-many',
    breaks: ['WIRE-42'],
    harm: 'a reader is made to keep more than it should',
    patches: [
      {
        file: FIELDS,
        find: 'if (count > EXTENSION_MAP.max_keys) {',
        replace: 'if (count > EXTENSION_MAP.max_keys + 1) {',
      },
    ],
  },
  {
    name: 'codec-one-level-too-deep',
    breaks: ['WIRE-43'],
    harm: 'what one reader takes another refuses',
    patches: [
      {
        file: FIELDS,
        find: 'reader.skip(EXTENSION_MAP.max_nesting);',
        replace: 'reader.skip(EXTENSION_MAP.max_nesting + 1);',
      },
    ],
  },
  {
    name: 'codec-trailing-bytes-taken',
    breaks: ['WIRE-40'],
    harm: 'what follows a message is lost, or means something to one reader alone',
    patches: [
      {
        file: MESSAGE,
        find: 'if (reader.position !== reader.end) {',
        replace: 'if (reader.position + 1 < reader.end) {',
      },
    ],
  },
  {
    name: 'codec-utf8-mended',
    breaks: ['WIRE-32'],
    harm: 'a name is not the name that was sent',
    patches: [
      {
        file: READER,
        find: "const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });",
        replace: "const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });",
      },
    ],
  },
  {
    name: 'codec-bool-from-integer',
    breaks: ['WIRE-36'],
    harm: 'a wrong field is taken for false, and devices are forgotten or kept',
    patches: [
      {
        file: READER,
        find: 'if (marker === 0xc2) return false;',
        replace: 'if (marker === 0xc2 || marker === 0) return false;',
      },
    ],
  },
  {
    name: 'codec-string-for-bytes',
    breaks: ['WIRE-34'],
    harm: 'ids are read from text, and mean another blob',
    patches: [
      {
        file: READER,
        find: 'if (marker === 0xc4) size = this.#uint8();',
        replace:
          'if (marker === 0xc4 || marker === 0xd9) size = this.#uint8(); else if (marker >= 0xa0 && marker <= 0xbf) size = marker & 0x1f;',
      },
    ],
  },
  {
    name: 'codec-length-of-ids-unchecked',
    breaks: ['WIRE-38'],
    harm: 'an id of the wrong length is stored',
    patches: [
      {
        file: READER,
        find: "if (length !== undefined && size !== length) {\n      throw new CodecError('wrong-length', `byte string",
        replace:
          "if (length !== undefined && size > length) {\n      throw new CodecError('wrong-length', `byte string",
      },
    ],
  },
  {
    name: 'codec-range-off-by-one',
    breaks: ['WIRE-31'],
    harm: 'a number is stored that others refuse to read',
    patches: [
      { file: READER, find: 'if (value < 0 || value > max) throw', replace: 'if (value < 0 || value > max + 1) throw' },
    ],
  },
  {
    name: 'codec-announced-length-believed',
    breaks: ['WIRE-41'],
    harm: 'a message of ten bytes makes the reader fall over',
    breaksDown: true,
    patches: [
      {
        file: READER,
        find: "if (count > this.end - this.position) throw new CodecError('truncated', 'length runs past the end', at);",
        replace: 'if (count > this.end - this.position) process.exit(9);',
      },
    ],
  },
  {
    name: 'codec-frame-limit-one-short',
    breaks: ['FRAME-06'],
    harm: 'the largest blob cannot be pulled',
    patches: [{ file: FRAMES, find: 'if (length > this.maxBody) {', replace: 'if (length >= this.maxBody) {' }],
  },
  {
    name: 'codec-frame-length-little-endian',
    breaks: ['FRAME-01'],
    harm: 'nothing is understood',
    patches: [
      {
        file: FRAMES,
        find: 'length = length * 256 + this.#peek(index);',
        replace: 'length += this.#peek(index) * 256 ** index;',
      },
    ],
  },
  {
    name: 'codec-frame-judged-with-its-body',
    breaks: ['FRAME-05'],
    harm: 'a frame that is too large is awaited for ever',
    patches: [
      {
        file: FRAMES,
        find: 'if (this.#buffered < FRAME.header_bytes) return undefined;',
        replace: 'if (this.#buffered <= FRAME.header_bytes) return undefined;',
      },
    ],
  },
  {
    name: 'codec-base64url-with-loose-bits',
    breaks: ['ENV-14'],
    harm: 'one device has several names, and is let in again after it was revoked',
    patches: [{ file: IDS, find: '  if (pending !== 0)\n', replace: '  if (pending > 99)\n' }],
  },
  {
    name: 'codec-group-id-of-other-label',
    breaks: ['MEM-21'],
    harm: 'devices of one group never meet',
    patches: [{ file: IDS, find: 'ascii(LABELS.group_id_v2)', replace: 'ascii(LABELS.group_id_v1)' }],
  },
  {
    name: 'codec-key-of-other-purpose',
    breaks: ['KEY-18'],
    harm: 'what others seal does not open',
    patches: [{ file: KEYS, find: 'encoder.encode(purpose)', replace: "encoder.encode(purpose.replace('-2', ''))" }],
  },
  {
    name: 'codec-passphrase-not-normalised',
    breaks: ['KEY-04'],
    harm: 'the passphrase typed on another keyboard is another one',
    patches: [{ file: PASSPHRASE, find: "passphrase.normalize('NFC')", replace: 'passphrase' }],
  },
  {
    name: 'codec-weak-parameters-taken',
    breaks: ['KEY-12'],
    harm: 'a forged invite makes the passphrase cheap to guess',
    patches: [
      {
        file: PASSPHRASE,
        find: 'm >= row.m && t >= row.t && p >= row.p',
        replace: 'm + 1 >= row.m && t >= row.t && p >= row.p',
      },
    ],
  },
  {
    name: 'codec-padding-unchecked',
    breaks: ['SEAL-15'],
    harm: 'a member of the group can hide bytes from the others',
    patches: [{ file: SEAL_2, find: 'if (padded[index] !== 0) throw', replace: 'if (padded[index] === 256) throw' }],
  },
  {
    name: 'codec-blob-not-bound',
    breaks: ['SEAL-05'],
    harm: 'a relay can pass one blob off as another',
    patches: [{ file: SEAL_2, find: 'aad.set(blobId, LABEL.length + 32);', replace: '' }],
  },
  {
    name: 'codec-name-cut-within-a-character',
    breaks: ['SEAL-29'],
    harm: 'a long name cannot be read by the other devices',
    patches: [
      { file: NAME, find: 'while ((text[end]! & 0xc0) === 0x80) end--; // a byte within a character', replace: '' },
    ],
  },
  {
    name: 'codec-content-hash-of-plaintext',
    breaks: ['CONT-02'],
    harm: 'the store learns what the content is',
    patches: [
      {
        file: CONTENT,
        find: 'content_hash: crypto.blake3(ciphertext),',
        replace: 'content_hash: crypto.blake3(content),',
      },
    ],
  },
  {
    name: 'codec-content-not-hashed',
    breaks: ['CONT-08'],
    harm: 'a store can exchange content unnoticed',
    patches: [
      {
        file: CONTENT,
        find: 'if (!equals(crypto.blake3(ciphertext), reference.content_hash)) {',
        replace: 'if (reference.content_size < 0n) {',
      },
    ],
  },
  {
    name: 'codec-envelope-version-ignored',
    breaks: ['ENV-06'],
    harm: 'an export of a later version is imported as nonsense',
    patches: [{ file: ENVELOPE, find: 'if (version !== 1 && version !== 2) {', replace: 'if (version === 0) {' }],
  },
  {
    name: 'codec-large-s-taken',
    breaks: ['MEM-07'],
    harm: 'a proof has several forms',
    patches: [
      { file: STRICT, find: 'isLess(signature.subarray(32), L) &&', replace: 'true &&' },
      {
        file: 'reference/src/membership.ts',
        find: 'return crypto.ed25519Verify(proof.signature, signedBytes(groupId, deviceId), proof.key);',
        replace: 'return crypto.ed25519Verify(reduced(proof.signature), signedBytes(groupId, deviceId), proof.key);',
      },
      {
        file: 'reference/src/membership.ts',
        find: 'function signedBytes(',
        replace: `function reduced(signature) {
  const out = Uint8Array.from(signature);
  let s = 0n;
  for (let index = 63; index >= 32; index--) s = (s << 8n) | BigInt(out[index]);
  s %= 2n ** 252n + 27742317777372353535851937790883648493n;
  for (let index = 32; index < 64; index++, s >>= 8n) out[index] = Number(s & 255n);
  return out;
}

function signedBytes(`,
      },
    ],
  },
  {
    name: 'codec-small-order-key-taken',
    breaks: ['MEM-10'],
    harm: 'one signature proves membership for every device',
    patches: [{ file: STRICT, find: '!isSmallOrder(publicKey)', replace: 'true' }],
  },
  {
    name: 'codec-prologue-left-out',
    breaks: ['HS-02'],
    harm: 'a client of another protocol is talked to',
    patches: [{ file: HANDSHAKE, find: 'this.symmetric.mixHash(options.prologue);', replace: '' }],
  },
  {
    name: 'codec-ciphertext-not-mixed',
    breaks: ['HS-04'],
    harm: 'no handshake with anybody else comes to its end',
    patches: [{ file: SYMMETRIC, find: 'this.mixHash(temporaryHash!);', replace: '' }],
  },
  {
    name: 'codec-split-swapped',
    breaks: ['HS-05'],
    harm: 'nothing that the other side sends opens',
    patches: [
      {
        file: HANDSHAKE,
        find: '? { send: fromInitiator, receive: fromResponder, handshakeHash }',
        replace: '? { send: fromResponder, receive: fromInitiator, handshakeHash }',
      },
    ],
  },
  {
    name: 'codec-noncanonical-dh-taken',
    breaks: ['HS-11'],
    harm: 'a key has two forms, and a device two ids',
    patches: [
      {
        file: 'reference/src/crypto/public-key-checks.ts',
        find: 'if (!isLess(publicKey, P)) {',
        replace: 'if (publicKey.length === 0) {',
      },
    ],
  },
  {
    name: 'codec-payload-taken',
    breaks: ['HS-08'],
    harm: 'bytes travel in the handshake before anybody is known',
    patches: [
      { file: HANDSHAKE, find: 'if (this.requireEmptyPayloads && actual > overhead) {', replace: 'if (actual < 0) {' },
    ],
  },
  {
    name: 'codec-goes-on-after-failure',
    breaks: ['HS-18'],
    harm: 'an attacker may try again until something opens',
    patches: [
      {
        file: CIPHER,
        find: '    } catch (error) {\n      this.destroy();\n      throw error;',
        replace: '    } catch (error) {\n      throw error;',
      },
    ],
  },
  {
    name: 'codec-rekey-one-late',
    breaks: ['HS-20'],
    harm: 'a long session breaks after 65,536 messages',
    patches: [
      {
        file: CIPHER,
        find: 'if (this.counter % LIMITS.rekey_interval === 0) this.rekey();',
        replace: 'if (this.counter % LIMITS.rekey_interval === 1 && this.counter > 1) this.rekey();',
      },
    ],
  },
  {
    name: 'codec-nonce-32-bits',
    breaks: ['HS-15'],
    harm: 'a nonce is used twice after 2^32 messages',
    patches: [{ file: CIPHER, find: 'this.nonceView.setUint32(8, counter / 2 ** 32, true);', replace: '' }],
  },
  {
    name: 'codec-invite-times-rounded',
    breaks: ['INV-06'],
    harm: 'an invite without end is refused, or ends at another time',
    patches: [
      {
        file: INVITE_JSON,
        find: '? BigInt(context!.source) : item',
        replace: '? BigInt(Number(context!.source)) : item',
      },
    ],
  },
  {
    name: 'codec-invite-version-always-2',
    breaks: ['INV-02'],
    harm: 'deployed devices know one relay of several, or refuse the invite',
    patches: [
      {
        file: INVITE_JSON,
        find: 'version: versions[relay_node_ids.length === 1 ? 0 : 1],',
        replace: 'version: versions[0],',
      },
    ],
  },
  {
    name: 'codec-invite-group-unchecked',
    breaks: ['INV-14'],
    harm: 'a forged invite leads the device into a group of somebody else',
    patches: [
      {
        file: INVITE_MAP,
        find: 'if (invite.group_secret) requireGroup',
        replace: 'if (invite.version !== 4) requireGroup',
      },
    ],
  },
  {
    name: 'codec-invite-address-without-identity',
    breaks: ['INV-30'],
    harm: 'whoever answers first at that address is taken for the relay',
    patches: [
      {
        file: INVITE_MAP,
        find: 'parseRelayAddress(address).pin) return;',
        replace: 'parseRelayAddress(address)) return;',
      },
    ],
  },
  {
    name: 'codec-invite-expires-to-the-second',
    breaks: ['INV-36'],
    harm: 'a clock that goes a little wrong keeps the user from pairing',
    patches: [
      { file: INVITE, find: 'if (now < expires_at + SLACK) return;', replace: 'if (now < expires_at) return;' },
    ],
  },
  {
    name: 'codec-short-code-digits-refused',
    breaks: ['CODE-04'],
    harm: 'people who read the code off a screen are told that it is wrong',
    patches: [{ file: SHORT_CODE, find: 'READ_AS[letter] ?? letter', replace: 'letter' }],
  },
  {
    name: 'codec-short-code-any-letter',
    breaks: ['CODE-05'],
    harm: 'letters that merely look alike make another code',
    patches: [{ file: SHORT_CODE, find: '/^[a-z]$/.test(character) ?', replace: 'true ?' }],
  },
  {
    name: 'codec-short-code-lookup-of-seal-key',
    breaks: ['CODE-08'],
    harm: 'the relay is told half the key of the invite',
    patches: [{ file: SHORT_CODE, find: 'derive(lookup)', replace: 'derive({ ...seal, bytes: 16 })' }],
  },
  {
    name: 'codec-short-code-lookup-not-bound',
    breaks: ['CODE-10'],
    harm: 'a relay can hand out the invite of one code for another',
    patches: [
      {
        file: SHORT_CODE,
        find: 'nonce, keys.lookupKey, invite, payload',
        replace: 'nonce, new Uint8Array(0), invite, payload',
      },
      { file: SHORT_CODE, find: 'nonce, keys.lookupKey, payload', replace: 'nonce, new Uint8Array(0), payload' },
    ],
  },
  {
    name: 'codec-cursors-of-53-bits',
    breaks: ['CLI-08'],
    harm: 'late in the life of a group a blob is skipped',
    patches: [
      {
        file: DRIVER,
        find: "{ type: 'received', cursor: BigInt(cursor) }",
        replace: "{ type: 'received', cursor: BigInt(Number(cursor)) }",
      },
    ],
  },
  {
    name: 'codec-cursors-below-a-page-had',
    breaks: ['CLI-04'],
    harm: 'blobs below the page, that nobody asked for, are skipped',
    patches: [
      {
        file: CURSORS,
        find: 'return have(state, event.after_cursor + 1n, event.max_cursor);',
        replace:
          'return have(state, event.max_cursor > event.after_cursor ? 1n : event.max_cursor + 1n, event.max_cursor);',
      },
    ],
  },
  {
    name: 'codec-cursors-jump-over-an-empty-page',
    breaks: ['CLI-06'],
    harm: 'after a pull beyond the end all that comes later is skipped',
    patches: [
      {
        file: CURSORS,
        find: 'return have(state, event.after_cursor + 1n, event.max_cursor);',
        replace:
          'return have(state, event.max_cursor > event.after_cursor ? event.after_cursor + 1n : event.max_cursor, event.max_cursor);',
      },
    ],
  },
  {
    name: 'codec-cursors-beyond-the-last-gap-forgotten',
    breaks: ['CLI-10'],
    harm: 'a wicked relay makes a device skip blobs',
    patches: [
      {
        file: CURSORS,
        find: 'return [...gaps.slice(0, MOST_GAPS - 1), { first, last: gaps.at(-1)!.last }];',
        replace: 'return gaps.slice(0, MOST_GAPS);',
      },
    ],
  },
  {
    name: 'codec-backoff-overflows',
    breaks: ['CLI-13'],
    harm: 'from the 32nd attempt on devices hammer a relay that is down',
    patches: [{ file: BACKOFF, find: 'first_ms * 2 ** (attempt - 1)', replace: 'first_ms * (1 << (attempt - 1))' }],
  },
  {
    name: 'codec-backoff-never-begins-again',
    breaks: ['CLI-15'],
    harm: 'after one bad night every hiccup costs half a minute',
    patches: [{ file: BACKOFF, find: 'return { attempts: 0, action', replace: 'return { attempts, action' }],
  },
  {
    name: 'codec-backoff-stops-at-an-unknown-code',
    breaks: ['CLI-16'],
    harm: 'a later version of the relay shuts older devices out for ever',
    patches: [
      {
        file: BACKOFF,
        find: 'reactions.get(event.code) : undefined;',
        replace: "(reactions.get(event.code) ?? 'stop') : undefined;",
      },
    ],
  },
  {
    name: 'codec-retry-after-of-32-bits',
    breaks: ['CLI-17'],
    harm: 'the device comes back at once to a relay that asked for weeks',
    patches: [
      { file: BACKOFF, find: '(event.retry_after_ms ?? 0n)', replace: 'BigInt.asIntN(32, event.retry_after_ms ?? 0n)' },
    ],
  },
  {
    name: 'codec-says-yes-to-anything',
    breaks: ['WIRE-28'],
    harm: 'its author believes that it is right',
    patches: [
      {
        file: DRIVER,
        find: '    return { id, error: classOf(error) };\n  }\n}',
        replace: '    return { id, ok: {} };\n  }\n}',
      },
    ],
  },
];
