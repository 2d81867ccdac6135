import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, statSync, unlinkSync, writeSync } from 'node:fs';
import {
  type CryptoProvider,
  createIdentity,
  decodeBase64url,
  encodeBase64url,
  IDENTITY_SEED_LENGTH,
  type Identity,
  identityFromSeed,
  identitySeed,
} from '@0k-sync/reference';

/** The file's one line: this, a space, and the 96 secret bytes in base64url. */
const FORMAT = '0k-sync-relay-identity-1';

/**
 * The relay's static keys, made at the first start and kept in a file of mode 0600.
 * @param mayBeNew whether keys may be made: not where devices know the relay by those that are lost
 * @throws Error with a message for the operator
 */
export function loadIdentity(path: string, crypto: CryptoProvider, mayBeNew: boolean): Identity {
  const identity = readIdentity(path, crypto);
  if (identity) return identity;
  if (!mayBeNew) {
    throw new Error(
      `${path} is missing, and devices of the groups in the database know this relay by the keys in it: restore it, or start with --new-identity and give every device the new address`,
    );
  }
  writeIdentity(path, createIdentity(crypto));
  // Read back: another relay may have been quicker, and then its keys hold.
  const written = readIdentity(path, crypto);
  if (!written) throw new Error(`${path} was written and is gone again: see what removes it`);
  return written;
}

function readIdentity(path: string, crypto: CryptoProvider): Identity | undefined {
  let line: string;
  try {
    line = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new Error(`${path} cannot be read (${code}): the relay's keys lie there, so give it read permission`);
  }
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
    throw new Error(`${path} holds the relay's secret keys and is open to other users: chmod 600 it`);
  }
  try {
    const [format, secret = ''] = line.trimEnd().split(' ');
    if (format !== FORMAT) throw new Error();
    return identityFromSeed(decodeBase64url(secret, IDENTITY_SEED_LENGTH), crypto);
  } catch {
    throw new Error(
      `${path} does not hold a relay's keys: restore it; a new one would be another relay to its clients`,
    );
  }
}

function writeIdentity(path: string, identity: Identity): void {
  // A name of its own: a draft that an earlier start left behind must not stand in the way.
  const draft = `${path}.${randomUUID()}`;
  try {
    const file = openSync(draft, 'wx', 0o600);
    writeSync(file, `${FORMAT} ${encodeBase64url(identitySeed(identity))}\n`);
    fsyncSync(file);
    closeSync(file);
    try {
      // A link, unlike a rename, replaces nothing.
      linkSync(draft, path);
    } finally {
      unlinkSync(draft);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST')
      throw new Error(`${path} cannot be written (${code}): see that its folder exists and is writable`);
  }
}
