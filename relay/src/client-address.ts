import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv6 } from 'node:net';

/** Finds out where a request comes from. */
export type ClientAddress = (request: IncomingMessage) => string;

/**
 * The address of the socket, or behind trusted proxies the last address that none of them has. A header is believed only
 * from a trusted proxy, and in a list only what trusted proxies have added: anyone can send a header of his own.
 *
 * @param trusted IP addresses and networks
 * @param header in lower case: one that lists all hosts on the way, or one with a single address
 */
export function clientAddress(trusted: string[], header: string): ClientAddress {
  const proxies = blockList(trusted);
  const isProxy = (address: string) => isIP(address) > 0 && proxies.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  return ({ socket, headers }) => {
    let address = socket.remoteAddress ?? '';
    const way = hosts(header, String(headers[header] ?? ''));
    while (isProxy(address)) {
      const before = withoutPort(way.pop() ?? '');
      if (!isIP(before)) break;
      address = before;
    }
    return address;
  };
}

function blockList(entries: string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

/** The hosts that a header names, the nearest one last. */
function hosts(header: string, value: string): string[] {
  if (header === 'forwarded') return forwardedFor(value);
  return value.split(',').map((host) => host.trim());
}

/** One parameter of RFC 7239: a name, and a token or a quoted string. */
const PARAMETER = /\s*([\w!#$%&'*+.^`|~-]+)=(?:([^\s",;]+)|"((?:[^"\\]|\\.)*)")\s*/y;

/** The `for` of each element; nothing for a header that is not well-formed, since a quotation mark may hide what follows. */
function forwardedFor(value: string): string[] {
  const found = [''];
  PARAMETER.lastIndex = 0;
  for (;;) {
    const parameter = PARAMETER.exec(value);
    if (!parameter) return [];
    const [, name = '', token, quoted] = parameter;
    if (name.toLowerCase() === 'for') found[found.length - 1] = token ?? quoted ?? '';
    const end = value[PARAMETER.lastIndex++];
    if (end === undefined) return found;
    if (end === ',') found.push('');
    else if (end !== ';') return [];
  }
}

/** `192.0.2.1:80` and `[2001:db8::1]:80` without what is not the address. */
function withoutPort(host: string): string {
  return /^\[(.*)\](?::\d+)?$/.exec(host)?.[1] ?? /^([\d.]+):\d+$/.exec(host)?.[1] ?? host;
}
