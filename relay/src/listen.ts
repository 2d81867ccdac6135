import { type AddressInfo, isIPv6, type Server } from 'node:net';

const ADVICE: Record<string, string> = {
  EADDRINUSE: 'is in use: stop what listens there, or choose another',
  EACCES: 'is not for this user: choose a port from 1024 on, or give the process the right to lower ones',
  EADDRNOTAVAIL: 'is no address of this machine: choose one that is, or 0.0.0.0 for all',
  ENOTFOUND: 'has a host that cannot be found: choose an address of this machine',
};

/**
 * Listens; port 0 takes a free one.
 * @param key of the configuration, for the error
 * @returns the host as it stands in a URL, and the port
 */
export async function listen(server: Server, host: string, port: number, key: string) {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const advice = ADVICE[error.code ?? ''] ?? `cannot be listened on (${error.code})`;
      reject(new Error(`${host}:${port} ${advice} (${key})`, { cause: error }));
    });
    server.listen(port, host, resolve);
  });
  const { address, port: actual } = server.address() as AddressInfo;
  return { host: isIPv6(address) ? `[${address}]` : address, port: actual };
}
