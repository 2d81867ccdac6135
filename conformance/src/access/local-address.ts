import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * An address of this machine that nobody has used: one of 127.0.0.0/8, all of which are this machine on Linux and Windows.
 *
 * @returns undefined where the relay is elsewhere, or the system has no such addresses.
 */
export async function unusedLoopback(url: string): Promise<string | undefined> {
  if (!/^127\./.test(new URL(url).hostname)) return undefined;
  const [a, b, c] = randomBytes(3);
  const address = `127.${a! | 1}.${b}.${c! | 1}`;
  const server = createServer().listen(0, address);
  try {
    await once(server, 'listening');
    return address;
  } catch {
    return undefined;
  } finally {
    server.close();
  }
}
