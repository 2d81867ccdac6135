import type { BrokenCodec } from '../broken.ts';

const IDS = 'reference/src/ids.ts';
const KEYS = 'reference/src/seal/keys.ts';
const PASSPHRASE = 'reference/src/seal/passphrase.ts';
const SEAL_2 = 'reference/src/seal/seal-2.ts';
const NAME = 'reference/src/seal/device-name.ts';
const CONTENT = 'reference/src/seal/content.ts';
const ENVELOPE = 'reference/src/envelope.ts';
const STRICT = 'reference/src/crypto/ed25519-strict.ts';

/** Codecs whose identifiers, keys, seals, signatures or content addresses are wrong. */
export const brokenSecrets: readonly BrokenCodec[] = [
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
];
