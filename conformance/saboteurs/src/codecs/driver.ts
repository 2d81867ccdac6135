/** A driver on the reference: what the broken codecs begin as. It is right, so a fault in the reference is a fault in it too. */
import { createInterface } from 'node:readline';
import {
  acceptsArgon2Parameters,
  argon2ParametersFor,
  backoffDelay,
  CipherState,
  CodecError,
  type CursorEvent,
  checkContentReference,
  checkPassphraseParameters,
  contentKey,
  createGroup,
  decodeBase64url,
  decodeEnvelope,
  decodeMessage,
  deviceIdOf,
  type Encoding,
  encodeBase64url,
  encodeEnvelope,
  encodeMessage,
  FrameReader,
  formatBlobId,
  formatInvite,
  formatShortCode,
  groupIdOf,
  groupIdV1Of,
  groupKey,
  groupSecretFromPassphrase,
  groupSecretV1FromPassphrase,
  HandshakeState,
  IdentifierError,
  type Invite4,
  identityFromSeed,
  joinByPassphrase,
  NoiseError,
  nobleCrypto,
  openContent,
  openDeviceName,
  openInvite,
  openSeal1,
  openSeal2,
  paddedLength,
  parseBlobId,
  parseInvite,
  parseShortCode,
  passphraseBytes,
  proveMembership,
  type RetryEvent,
  requireUnexpired,
  retry,
  type SessionKeys,
  seal1,
  seal2,
  sealContent,
  sealDeviceName,
  sealInvite,
  shortCodeKeys,
  startCursors,
  trackCursors,
  verifyMembership,
} from '@0k-sync/reference';
import { nodeCrypto } from '@0k-sync/reference/node';
import { DRIVER, ENVELOPES, SEAL } from '@0k-sync/spec';
import {
  bytes,
  fromJson,
  fromTypes,
  hex,
  type Inputs,
  inviteOf,
  messageOf,
  type Outputs,
  toJson,
} from './driver-values.ts';

/** node:crypto, but for encapsulation, whose randomness is given. */
const crypto = { ...nodeCrypto, mlKem768Encapsulate: nobleCrypto.mlKem768Encapsulate };
const drawing = (nonce: string) => ({ ...crypto, randomBytes: () => bytes(nonce) });

/** Refuses by a class that the reference leaves to its callers. */
class Refused extends Error {
  readonly errorClass: string;

  constructor(errorClass: string) {
    super(errorClass);
    this.errorClass = errorClass;
  }
}

export const operations: Record<string, (inputs: Inputs) => Outputs> = {
  frames({ max_body, chunks, raise }) {
    const reader = new FrameReader({ maxBody: max_body });
    const bodies: string[] = [];
    for (const [index, chunk] of (chunks as string[]).entries()) {
      if (raise?.before_chunk === index) reader.maxBody = raise.max_body;
      reader.push(bytes(chunk));
      try {
        for (let body = reader.next(); body; body = reader.next()) bodies.push(hex(body));
      } catch (error) {
        return { bodies, error: classOf(error), fails_in_chunk: index };
      }
    }
    return { bodies, unfinished: reader.buffered };
  },
  decode: ({ encoding, hex: body }) => ({ message: toJson(decodeMessage(bytes(body), encoding as Encoding)) }),
  encode: ({ encoding, message }) => ({ hex: hex(encodeMessage(messageOf(message) as never, encoding as Encoding)) }),
  'read-id': ({ text, length }) => ({ bytes: hex(decodeBase64url(text, length)) }),
  'write-id': ({ bytes: id }) => ({ text: encodeBase64url(bytes(id)) }),
  'read-blob-id': ({ text }) => ({ bytes: hex(parseBlobId(text)) }),
  'write-blob-id': ({ bytes: id }) => ({ text: formatBlobId(bytes(id)) }),
  'device-id': ({ dh_public, kem_public }) => ({ id: hex(deviceIdOf(bytes(dh_public), bytes(kem_public), crypto)) }),
  identity({ dh_secret, kem_seed }) {
    const { dhPublic, kemPublic, deviceId } = identityFromSeed(bytes(dh_secret + kem_seed), crypto);
    return { dh_public: hex(dhPublic), kem_public: hex(kemPublic), device_id: hex(deviceId) };
  },
  'group-id': ({ group_key }) => ({ id: hex(groupIdOf(bytes(group_key), crypto)) }),
  'group-id-v1': ({ group_secret }) => ({ id: hex(groupIdV1Of(bytes(group_secret), crypto)) }),
  'derive-key': ({ group_secret, purpose }) => ({
    key: hex(
      purpose === 'authentication'
        ? createGroup(bytes(group_secret), crypto).authSeed
        : groupKey(bytes(group_secret), purpose, crypto),
    ),
  }),
  'derive-content-key': ({ group_secret, blob_id }) => ({
    key: hex(contentKey(bytes(group_secret), bytes(blob_id), crypto)),
  }),
  'normalise-passphrase': ({ passphrase }) => ({ bytes: hex(passphraseBytes(passphrase)) }),
  'check-parameters'({ salt_length, ...parameters }) {
    checkPassphraseParameters({ salt: new Uint8Array(salt_length), ...parameters });
    return {};
  },
  'choose-parameters': ({ ram }) => ({ ...argon2ParametersFor(ram ?? undefined) }),
  'derive-secret'({ passphrase, group_version, salt, m, t, p }) {
    if (!acceptsArgon2Parameters({ m, t, p })) throw new Refused('out-of-range');
    const make = group_version === 1 ? groupSecretV1FromPassphrase : groupSecretFromPassphrase;
    return { group_secret: hex(make(passphrase, { salt: bytes(salt), m, t, p }, crypto)) };
  },
  'padded-length': ({ length }) => ({ padded: paddedLength(length) }),
  'seal-1': ({ key, nonce, plaintext }) => ({ sealed: hex(seal1(bytes(plaintext), bytes(key), drawing(nonce))) }),
  'open-1': ({ key, sealed }) => ({ plaintext: hex(openSeal1(bytes(sealed), bytes(key), crypto)) }),
  'seal-2': ({ nonce, record, ...context }) => ({
    sealed: hex(seal2(fromJson(record, SEAL.seal_2.fields) as never, blobOf(context), drawing(nonce))),
  }),
  'open-2': ({ sealed, ...context }) => ({ record: toJson(openSeal2(bytes(sealed), blobOf(context), crypto)) }),
  'seal-name': ({ nonce, name, ...context }) => ({
    sealed: asMalformed(() => sealDeviceName(name, ownerOf(context), drawing(nonce))),
  }),
  'open-name': ({ sealed, ...context }) => ({ name: openDeviceName(sealed, ownerOf(context), crypto) }),
  'seal-content'({ group_secret, blob_id, nonce, content }) {
    const key = contentKey(bytes(group_secret), bytes(blob_id), crypto);
    const { reference, ciphertext } = sealContent(bytes(content), key, drawing(nonce));
    const { type: _, ...ref } = reference;
    return { ref: toJson(ref), ciphertext: hex(ciphertext) };
  },
  'check-content'({ content_size, encrypted_size }) {
    checkContentReference({
      content_size: BigInt(content_size),
      encrypted_size: BigInt(encrypted_size),
    } as never);
    return {};
  },
  'open-content'({ group_secret, blob_id, ref, fetched }) {
    const key = contentKey(bytes(group_secret), bytes(blob_id), crypto);
    const reference = {
      type: 'ContentRef' as const,
      content_hash: bytes(ref.content_hash),
      encryption_nonce: bytes(ref.encryption_nonce),
      content_size: BigInt(ref.content_size),
      encrypted_size: BigInt(ref.encrypted_size),
    };
    return { content: hex(openContent(bytes(fetched), reference, key, crypto)) };
  },
  prove({ group_secret, device_id }) {
    const { groupId, authSeed } = createGroup(bytes(group_secret), crypto);
    const { key, signature } = proveMembership(authSeed, groupId, bytes(device_id), crypto);
    return { group_id: hex(groupId), key: hex(key), signature: hex(signature) };
  },
  'verify-proof'({ group_id, device_id, key, signature }) {
    const proof = { key: bytes(key), signature: bytes(signature) };
    if (!verifyMembership(proof, bytes(group_id), bytes(device_id), crypto)) throw new Refused('unauthorized');
    return {};
  },
  'read-envelope': ({ hex: envelope }) => ({ envelope: toJson(decodeEnvelope(bytes(envelope))) }),
  'write-envelope': ({ envelope }) => ({
    hex: hex(encodeEnvelope({ ...fromTypes(envelope, ENVELOPES[1].fields), version: 2 } as never)),
  }),
  transport({ key, counter, steps }) {
    const cipher = new CipherState(crypto, bytes(key), counter);
    return { steps: (steps as Inputs[]).map((step) => outcome(() => run(cipher, step))) };
  },
  'noise-initiator': (inputs) => noise('initiator', inputs),
  'noise-responder': (inputs) => noise('responder', inputs),
  'read-invite': ({ text }) => ({ invite: toJson(parseInvite(text, crypto)) }),
  'write-invite': ({ invite }) => ({ text: formatInvite(inviteOf(invite)) }),
  'check-expiry'({ expires_at, now }) {
    requireUnexpired({ expires_at: BigInt(expires_at) }, BigInt(now));
    return {};
  },
  'join-by-passphrase': ({ text, passphrase }) => ({
    group_secret: hex(joinByPassphrase(parseInvite(text, crypto) as Invite4, passphrase, crypto)),
  }),
  'read-short-code': ({ typed }) => ({ characters: parseShortCode(typed) }),
  'write-short-code': ({ bytes: code }) => ({ text: formatShortCode(bytes(code)) }),
  'short-code-keys'({ characters }) {
    const { lookupText, sealKey } = shortCodeKeys(characters, crypto);
    return { lookup_key: lookupText, seal_key: hex(sealKey) };
  },
  'seal-invite': ({ nonce, invite, ...keys }) => ({
    payload: hex(sealInvite(bytes(invite), codeKeysOf(keys), drawing(nonce))),
  }),
  'open-invite': ({ payload, ...keys }) => ({ invite: hex(openInvite(bytes(payload), codeKeysOf(keys), crypto)) }),
  'track-cursors'({ start, events }) {
    let state = startCursors(BigInt(start));
    const refused: number[] = [];
    for (const [index, event] of (events as Inputs[]).entries()) {
      try {
        state = trackCursors(state, cursorEventOf(event));
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        refused.push(index);
      }
    }
    return { ...(toJson(state) as Outputs), refused };
  },
  'backoff-delay': ({ attempt, jitter }) => ({ delay: String(inRange(() => backoffDelay(attempt, jitter))) }),
  'retry-schedule'({ events }) {
    let attempts = 0;
    const actions = (events as Inputs[]).map((event) => {
      const next = retry(attempts, retryEventOf(event), event.jitter);
      attempts = next.attempts;
      const { action } = next;
      return action.type === 'wait' ? { action: 'wait', delay: String(action.ms) } : { action: action.type };
    });
    return { actions };
  },
};

const run = (cipher: CipherState, { do: what, data }: Inputs): Outputs => ({
  data: hex(what === 'encrypt' ? cipher.encrypt(bytes(data)) : cipher.decrypt(bytes(data))),
});

function noise(role: 'initiator' | 'responder', inputs: Inputs): Outputs {
  const left = (inputs.draws as string[]).map(bytes);
  const state = new HandshakeState({
    role,
    prologue: bytes(inputs.prologue),
    identity: identityFromSeed(bytes(inputs.dh_secret + inputs.kem_seed), crypto),
    crypto,
    draw: () => left.shift()!,
    requireEmptyPayloads: inputs.payloads === 'refused',
  });
  let keys: SessionKeys | undefined;
  let failed: NoiseError | undefined;
  const call = (asked: Inputs): Outputs => {
    try {
      return step(asked);
    } catch (error) {
      if (error instanceof NoiseError) failed ??= error;
      // Where a broken handshake leaves nothing to go on with: a driver must not fall over.
      else if (failed) throw failed;
      throw error;
    }
  };
  const step = ({ do: what, data }: Inputs): Outputs => {
    switch (what) {
      case 'write':
        return { data: hex(state.writeMessage(bytes(data))) };
      case 'read':
        return { data: hex(state.readMessage(bytes(data))) };
      case 'finish':
        keys = state.split();
        return { handshake_hash: hex(keys.handshakeHash), remote_id: hex(state.remoteIdentity!.deviceId) };
      case 'encrypt':
        return run(keys!.send, { do: what, data });
      case 'decrypt':
        return run(keys!.receive, { do: what, data });
      default:
        keys![what === 'rekey-send' ? 'send' : 'receive'].rekey();
        return {};
    }
  };
  return { steps: (inputs.steps as Inputs[]).map((each) => outcome(() => call(each))) };
}

function outcome(call: () => Outputs): Outputs {
  try {
    return call();
  } catch (error) {
    return { error: classOf(error) };
  }
}

const blobOf = ({ key, group_id, blob_id }: Inputs) => ({
  key: bytes(key),
  groupId: bytes(group_id),
  blobId: bytes(blob_id),
});

const ownerOf = ({ key, group_id, device_id }: Inputs) => ({
  key: bytes(key),
  groupId: bytes(group_id),
  deviceId: bytes(device_id),
});

const codeKeysOf = ({ lookup_key, seal_key }: Inputs) => ({
  lookupKey: bytes(lookup_key),
  lookupText: lookup_key,
  sealKey: bytes(seal_key),
});

function cursorEventOf({ event, cursor, after_cursor, max_cursor }: Inputs): CursorEvent {
  if (event === 'reset') return { type: 'reset' };
  if (event === 'received') return { type: 'received', cursor: BigInt(cursor) };
  return { type: 'page', after_cursor: BigInt(after_cursor), max_cursor: BigInt(max_cursor) };
}

function retryEventOf({ event, code, retry_after_ms }: Inputs): RetryEvent {
  if (event !== 'error') return { type: event };
  return {
    type: 'error',
    code,
    retry_after_ms: retry_after_ms === undefined ? undefined : BigInt(retry_after_ms),
  };
}

/** A wait that does not exist is a caller's mistake there. */
function inRange(run: () => number): number {
  try {
    return run();
  } catch (error) {
    throw error instanceof RangeError ? new Refused('out-of-range') : error;
  }
}

/** A name that cannot be sealed is a caller's mistake there. */
function asMalformed(run: () => string): string {
  try {
    return run();
  } catch (error) {
    throw error instanceof RangeError ? new Refused('malformed') : error;
  }
}

/** Lengths of ids, keys and secrets are the caller's to check in the reference. */
function classOf(error: unknown): string {
  if (error instanceof IdentifierError) return 'malformed';
  if (error instanceof CodecError) return error.errorClass;
  if (error instanceof RangeError) return 'wrong-length';
  const { errorClass } = error as { errorClass?: string };
  if (errorClass === undefined) throw error;
  return errorClass;
}

/** What is answered to a request. */
export function answer(request: Inputs): Outputs {
  const { id, op, ...inputs } = request;
  if (op === 'describe') {
    return { id, ok: { name: 'reference', operations: Object.keys(operations) } };
  }
  const operation = Object.hasOwn(operations, op) ? operations[op] : undefined;
  if (!operation) return { id, error: DRIVER.errors[0].name };
  try {
    return { id, ok: operation(inputs) };
  } catch (error) {
    return { id, error: classOf(error) };
  }
}

/** Answers the lines of stdin. */
export function serve(write = (line: string) => void process.stdout.write(`${line}\n`)): void {
  createInterface({ input: process.stdin }).on('line', (line) => write(JSON.stringify(answer(JSON.parse(line)))));
}

if (import.meta.main) serve();
