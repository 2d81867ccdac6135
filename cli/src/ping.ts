import { readFileSync } from 'node:fs';
import { createIdentity, encodeBase64url, IdentifierError } from '@0k-sync/reference';
import { connect, nodeCrypto } from '@0k-sync/reference/node';

export interface PingOptions {
  timeoutMs: number;
  /** A file of certificates in PEM: the authorities to trust. */
  caFile: string | undefined;
}

/**
 * Opens a session with a group that does not exist, which stores nothing, and prints what the relay says of itself.
 *
 * @returns the exit code: 0 where the relay answered, 1 where it did not, 2 for an address or a file that is none
 */
export async function ping(address: string, { timeoutMs, caFile }: PingOptions): Promise<number> {
  let relay = '';
  const started = performance.now();
  try {
    const ca = caFile === undefined ? undefined : readCertificates(caFile);
    const session = await connect(address, createIdentity(nodeCrypto), {
      connectTimeoutMs: timeoutMs,
      answerTimeoutMs: timeoutMs,
      ca,
      onRelayIdentity: (remote) => {
        relay = encodeBase64url(remote.deviceId);
      },
    });
    const connected = performance.now();
    const welcome = await session.hello({ group_id: nodeCrypto.randomBytes(32) });
    const answered = performance.now();
    const limits = Object.entries(welcome.ext?.limits ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
    console.log(`identity   ${relay}`);
    console.log(`software   ${welcome.ext?.relay ?? 'not said'}`);
    console.log(`connected  ${(connected - started).toFixed(1)} ms, with the handshake`);
    console.log(`answered   ${(answered - connected).toFixed(1)} ms`);
    for (const [name, value] of limits) console.log(`limit      ${name} ${value}`);
    await session.close();
    return 0;
  } catch (error) {
    const { message, cause } = error as Error;
    const because = cause instanceof Error && !message.includes(cause.message) ? `: ${cause.message}` : '';
    console.error(`0k-sync: ${message}${because}`);
    return error instanceof IdentifierError || error instanceof FileError ? 2 : 1;
  }
}

class FileError extends Error {}

/** @throws FileError for a file that cannot be read, or is not PEM */
function readCertificates(path: string): Uint8Array {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new FileError(`--ca: ${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  if (!bytes.includes('-----BEGIN CERTIFICATE-----')) {
    throw new FileError(`--ca: ${path} holds no certificate in PEM: it begins with -----BEGIN CERTIFICATE-----`);
  }
  return bytes;
}
