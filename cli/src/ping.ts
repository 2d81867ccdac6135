import { createIdentity, encodeBase64url, IdentifierError } from '@0k-sync/reference';
import { connect, nodeCrypto } from '@0k-sync/reference/node';

/**
 * Opens a session with a group that does not exist, which stores nothing, and prints what the relay says of itself.
 *
 * @returns the exit code: 0 where the relay answered, 1 where it did not, 2 for an address that is none
 */
export async function ping(address: string, timeoutMs: number): Promise<number> {
  let relay = '';
  const started = performance.now();
  try {
    const session = await connect(address, createIdentity(nodeCrypto), {
      connectTimeoutMs: timeoutMs,
      answerTimeoutMs: timeoutMs,
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
    return error instanceof IdentifierError ? 2 : 1;
  }
}
