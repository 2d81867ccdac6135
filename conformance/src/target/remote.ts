import { IdentifierError, parseRelayAddress } from '@0k-sync/reference';
import { UsageError } from '../selection.ts';
import type { Target, TargetOptions } from './target.ts';

/**
 * A relay that is already running somewhere.
 *
 * @throws UsageError if the address is none.
 */
export function remoteTarget(address: string, { admin, ca }: TargetOptions = {}): Target {
  const { url, pin } = parseAddress(address);
  return {
    description: url,
    option: `--relay ${quote(address)}`,
    url,
    pin,
    admin,
    ca,
    offers: new Set(admin === undefined ? [] : ['admin']),
    async start() {},
    async dispose() {},
  };
}

/** Reads a relay's address; what is wrong with it is said in one line. @throws UsageError */
export function parseAddress(address: string): { url: string; pin: Uint8Array | undefined } {
  if (address.startsWith('iroh://')) {
    throw new UsageError(
      'iroh:// relays cannot be tested yet: give the address of the relay’s WebSocket, ws:// or wss://',
    );
  }
  try {
    const { url, pin } = parseRelayAddress(address);
    return { url, pin };
  } catch (error) {
    if (!(error instanceof IdentifierError)) throw error;
    throw new UsageError(`--relay: ${error.message}`);
  }
}

/** An argument as a shell takes it. */
export function quote(argument: string): string {
  return /^[\w./:=@%+,-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
