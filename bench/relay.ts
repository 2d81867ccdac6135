import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Child, newFolder, startNode } from './children.ts';

const BIN = fileURLToPath(new URL('../relay/bin/0k-sync-relay.js', import.meta.url));

/** As operators run it, without the rates, which one machine that plays many clients would exceed. */
const CONFIGURATION = `
[server]
bind = "127.0.0.1:0"
[storage]
database = "relay.db"
max_group_storage = 10_000_000_000
max_total_storage = 10_000_000_000
[limits]
messages_per_minute = 0
connections_per_minute = 0
global_requests_per_second = 0
new_groups_per_hour = 0
[admin]
bind = "127.0.0.1:0"
`;

export interface BenchRelay extends Child {
  /** `ws://127.0.0.1:port/#identity`. */
  readonly url: string;
  /** Where its database is. */
  readonly folder: string;
}

/**
 * The relay in a process of its own.
 *
 * @param options options of Node
 * @param folder where its database is, or will be
 */
export async function startRelay(options: readonly string[] = [], folder = newFolder()): Promise<BenchRelay> {
  writeFileSync(join(folder, 'relay.toml'), CONFIGURATION);
  // A database that was filled without a relay has no keys beside it.
  const args = [...options, BIN, '--config', 'relay.toml', '--new-identity'];
  const child = await startNode(args, { cwd: folder, ready: 'ws://' });
  return { ...child, url: child.line, folder };
}
