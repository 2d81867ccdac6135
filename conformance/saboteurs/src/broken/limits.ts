import type { Broken } from '../saboteur.ts';
import { SOURCE } from '../sources.ts';

const profile = 'limits';
const TAKE_BOTH = "return own.refusal(device) ?? all.take('') ?? own.take(device);";

/** What a relay holds, and how much it lets clients do. */
export const brokenLimits: readonly Broken[] = [
  {
    name: 'limits-not-stated',
    breaks: ['LIM-01'],
    harm: 'clients find out by failing',
    patches: [
      {
        file: SOURCE.greeting,
        find: 'Object.entries(limits).map(([name, value]) =>',
        replace: "Object.entries(limits).filter(([name]) => name !== 'max_ttl').map(([name, value]) =>",
      },
    ],
  },
  {
    name: 'largest-blob-refused',
    breaks: ['LIM-02'],
    harm: 'a client that keeps to the stated limit is refused',
    patches: [
      {
        file: SOURCE.requests,
        find: 'message.payload.length > config.limits.max_blob_size',
        replace: 'message.payload.length >= config.limits.max_blob_size',
      },
    ],
  },
  {
    name: 'blob-over-the-limit-stored',
    breaks: ['LIM-03'],
    harm: 'other clients end their session when they meet a blob over the limit',
    patches: [
      {
        file: SOURCE.requests,
        find: 'message.payload.length > config.limits.max_blob_size',
        replace: 'message.payload.length > config.limits.max_blob_size + 1',
      },
    ],
  },
  {
    name: 'blob-limit-stated-too-high',
    breaks: ['LIM-04'],
    profile,
    harm: 'clients send what no frame can carry',
    patches: [
      {
        file: SOURCE.greeting,
        find: '[name, BigInt(value)])),',
        replace: "[name, BigInt(name === 'max_blob_size' ? 2 ** 21 : value)])),",
      },
    ],
  },
  {
    name: 'quota-off-by-one-blob',
    breaks: ['LIM-05'],
    profile,
    harm: 'a group takes more than its share',
    patches: [{ file: SOURCE.push, find: 'used + bytes > maxGroupStorage;', replace: 'used >= maxGroupStorage;' }],
  },
  {
    name: 'quota-one-byte-short',
    breaks: ['LIM-08'],
    profile,
    harm: 'the last byte that people were promised is refused',
    patches: [
      { file: SOURCE.push, find: 'used + bytes > maxGroupStorage;', replace: 'used + bytes >= maxGroupStorage;' },
    ],
  },
  {
    name: 'room-before-known-id',
    breaks: ['CUR-20'],
    profile,
    harm: 'a client whose answer was lost believes that a stored edit was refused for lack of room',
    patches: [
      {
        file: SOURCE.push,
        find: '  if (group) {\n    if (store.isRevoked',
        replace:
          "  if (!hasRoom(store, group, weight(payload.byteLength))) return { refused: 'QUOTA_EXCEEDED' };\n  if (group) {\n    if (store.isRevoked",
      },
    ],
  },
  {
    name: 'size-before-rate',
    breaks: ['CUR-21'],
    profile,
    harm: 'a flood of oversized pushes goes round the rate limit',
    patches: [
      {
        file: SOURCE.requests,
        find: '  const over = context.limits.request(session.deviceKey);',
        replace:
          "  if (message.type === 'Push' && message.payload.length > context.config.limits.max_blob_size) return refusal('BLOB_TOO_LARGE', about);\n  const over = context.limits.request(session.deviceKey);",
      },
    ],
  },
  {
    name: 'pages-over-the-largest-limit',
    breaks: ['CUR-43'],
    harm: 'a client gets a page that is larger than the relay said',
    patches: [{ file: SOURCE.requests, find: 'context.config.limits.max_pull_limit)', replace: '2000)' }],
  },
  {
    name: 'default-ttl-not-kept',
    breaks: ['CUR-50'],
    profile,
    harm: 'blobs live longer than the relay said',
    patches: [
      {
        file: SOURCE.push,
        find: 'request.ttl || store.options.defaultTtl',
        replace: 'request.ttl || 2 * store.options.defaultTtl',
      },
    ],
  },
  {
    name: 'no-rate',
    breaks: ['LIM-06'],
    profile,
    harm: 'one client keeps all others from being served',
    parts: (parts) => ({ ...parts, limits: { ...parts.limits, request: () => undefined } }),
  },
  {
    name: 'pushes-without-rate',
    breaks: ['LIM-06'],
    profile,
    harm: 'one client keeps all others from being served',
    patches: [
      {
        file: SOURCE.requests,
        find: 'const over = context.limits.request(session.deviceKey);',
        replace: "const over = message.type === 'Push' ? undefined : context.limits.request(session.deviceKey);",
      },
    ],
  },
  {
    name: 'no-total-quota',
    breaks: ['LIM-07'],
    profile,
    harm: 'many groups together fill the disk',
    patches: [
      { file: SOURCE.parts, find: 'maxTotalStorage: limits.max_total_storage,', replace: 'maxTotalStorage: 2 ** 50,' },
    ],
  },
  {
    name: 'expired-counts-until-clean-up',
    breaks: ['LIM-09'],
    profile,
    harm: 'a group whose data has expired is still full',
    patches: [
      {
        file: SOURCE.push,
        find: '    if (expireMore(store, group) === 0) return false;',
        replace: '    if (expireMore.length === 0 || true) return false;',
      },
      {
        file: SOURCE.push,
        find: 'maxTotalStorage) if (expireSome(store) === 0) return false;',
        replace: 'maxTotalStorage) return false;',
      },
    ],
  },
  {
    name: 'burst-too-small',
    breaks: ['LIM-10'],
    profile,
    harm: 'a client that sends as much at once as it was told is refused',
    patches: [
      {
        file: SOURCE.limits,
        find: 'values.messages_burst, values.messages_per_minute,',
        replace: 'values.messages_burst - 1, values.messages_per_minute,',
      },
    ],
  },
  {
    name: 'bucket-not-filled-again',
    breaks: ['LIM-10'],
    profile,
    harm: 'a client that was fast once is slow for ever',
    patches: [
      {
        file: SOURCE.limits,
        find: 'Math.min(this.#size, bucket.tokens',
        replace: 'Math.min(bucket.full ? this.#size >> 1 : this.#size, bucket.tokens',
      },
      {
        file: SOURCE.limits,
        find: '    bucket.at = now;\n',
        replace: '    bucket.at = now;\n    if (bucket.tokens < 2) bucket.full = true;\n',
      },
    ],
  },
  {
    name: 'rate-of-each-connection',
    breaks: ['LIM-11'],
    profile,
    harm: 'whoever wants more opens more connections',
    patches: [
      {
        file: SOURCE.requests,
        find: 'const over = context.limits.request(session.deviceKey);',
        replace: 'const over = context.limits.request(connectionKey(session));',
      },
      {
        file: SOURCE.requests,
        find: 'const WEB = 2;',
        replace:
          'const WEB = 2;\nconst keys = new WeakMap();\nlet lastKey = 0;\nfunction connectionKey(session: Session): string {\n  if (!keys.has(session)) keys.set(session, String(++lastKey));\n  return keys.get(session);\n}',
      },
    ],
  },
  {
    name: 'refused-requests-cost',
    breaks: ['LIM-12'],
    profile,
    harm: 'a client that tries again too early is never served again',
    patches: [
      {
        file: SOURCE.limits,
        find: 'if (!refusal && this.#refill > 0) this.#current(key).tokens--;',
        replace: 'if (this.#refill > 0) this.#current(key).tokens--;',
      },
      { file: SOURCE.limits, find: TAKE_BOTH, replace: "return all.take('') ?? own.take(device);" },
    ],
  },
  {
    name: 'hello-costs-a-request',
    breaks: ['LIM-13'],
    profile,
    harm: 'a device on a bad network is refused for connecting again',
    patches: [
      {
        file: SOURCE.limits,
        find: 'connectionOf: (device) => takeBoth(perDevice, device),',
        replace: 'connectionOf: (device) => takeBoth(perDevice, device) ?? (messages.take(device), undefined),',
      },
    ],
  },
  {
    name: 'presence-dropped-over-rate',
    breaks: ['LIM-14'],
    profile,
    harm: 'an app that is opened after a busy moment hears of nothing any more',
    patches: [
      {
        file: SOURCE.requests,
        find: 'if (message.status !== 0 || !session.background) return {};',
        replace: 'if (limited || message.status !== 0 || !session.background) return {};',
      },
    ],
  },
  {
    name: 'presence-refused-over-rate',
    breaks: ['LIM-14'],
    profile,
    harm: 'a client takes the refusal for that of its next request',
    patches: [
      {
        file: SOURCE.requests,
        find: "  if (message.type === 'Presence') return presence(message, over !== undefined, session, context);\n  if (over) return tooMuch(over, about, context);",
        replace:
          "  if (over) return tooMuch(over, about, context);\n  if (message.type === 'Presence') return presence(message, over !== undefined, session, context);",
      },
    ],
  },
  {
    name: 'no-rate-of-all',
    breaks: ['LIM-15'],
    profile,
    harm: 'many clients together bring the relay down',
    patches: [{ file: SOURCE.limits, find: TAKE_BOTH, replace: 'return own.refusal(device) ?? own.take(device);' }],
  },
  {
    name: 'no-rate-of-addresses',
    breaks: ['LIM-16'],
    profile,
    harm: 'one host keeps all others from connecting',
    parts: (parts) => ({ ...parts, limits: { ...parts.limits, connectionFrom: () => undefined } }),
  },
  {
    name: 'upgrade-refused-without-time',
    breaks: ['LIM-16'],
    profile,
    harm: 'clients guess when to connect again, and all guess the same',
    patches: [
      {
        file: SOURCE.websocket,
        find: 'if (refusal) return refuse(socket, refusal.status, refusal.retryAfterMs);',
        replace: 'if (refusal) return refuse(socket, refusal.status);',
      },
    ],
  },
  {
    name: 'sessions-without-end',
    breaks: ['LIM-17'],
    profile,
    harm: 'the relay takes more than it can serve, and serves nobody',
    patches: [
      {
        file: SOURCE.relay,
        find: 'connections.size >= limits.max_concurrent_sessions',
        replace: 'connections.size >= 2 * limits.max_concurrent_sessions',
      },
    ],
  },
  {
    name: 'full-once-full-for-ever',
    breaks: ['LIM-18'],
    profile,
    harm: 'a relay that was full once takes nobody any more',
    patches: [
      {
        file: SOURCE.relay,
        find: '    if (connections.size >= limits.max_concurrent_sessions) {',
        replace: '    wasFull ||= connections.size >= limits.max_concurrent_sessions;\n    if (wasFull) {',
      },
      {
        file: SOURCE.relay,
        find: '  let unfinishedHandshakes = 0;',
        replace: '  let wasFull = false;\n  let unfinishedHandshakes = 0;',
      },
    ],
  },
  {
    name: 'new-groups-without-end',
    breaks: ['LIM-19'],
    profile,
    harm: 'one host fills the disk with groups',
    parts: (parts) => ({ ...parts, limits: { ...parts.limits, newGroupFrom: () => undefined } }),
  },
  {
    name: 'zero-is-a-thousand',
    breaks: ['LIM-20'],
    profile,
    harm: 'a relay that states no limit refuses',
    patches: [
      {
        file: SOURCE.limits,
        find: 'values.messages_burst, values.messages_per_minute,',
        replace: 'values.messages_burst, values.messages_per_minute || 1000,',
      },
    ],
  },
  {
    name: 'address-as-the-client-says',
    breaks: ['LIM-21'],
    profile,
    harm: 'whoever wants more gives himself another address',
    patches: [
      {
        file: 'relay/src/client-address.ts',
        find: "    let address = socket.remoteAddress ?? '';",
        replace: "    let address = String(headers['x-forwarded-for'] ?? socket.remoteAddress ?? '');",
      },
    ],
  },
  {
    name: 'revokes-without-end',
    breaks: ['LIM-23'],
    profile,
    harm: 'one member fills the disk with made-up devices',
    patches: [
      {
        file: 'relay/src/sqlite/devices.ts',
        find: 'existing.revocations >= FIXED_LIMITS.max_revoked_ids',
        replace: 'existing.revocations > FIXED_LIMITS.max_revoked_ids',
      },
    ],
  },
  {
    name: 'full-open-group-refuses',
    breaks: ['LIM-24'],
    profile,
    harm: "whoever learns a group's id locks its members out by filling it with devices",
    patches: [{ file: SOURCE.hello, find: '  if (group.proven) return false;', replace: '  return false;' }],
  },
  {
    name: 'connections-of-a-device-without-end',
    breaks: ['SES-12', 'SES-13'],
    profile,
    harm: 'one device that connects in a loop keeps the relay busy',
    parts: (parts) => ({ ...parts, limits: { ...parts.limits, connectionOf: () => undefined } }),
  },
  {
    name: 'version-before-rate',
    breaks: ['SES-13'],
    profile,
    harm: 'an outdated client that connects in a loop goes round the rate limit',
    patches: [
      {
        file: SOURCE.greeting,
        find: '  const over = context.limits.connectionOf(session.deviceKey);',
        replace:
          "  if (hello.version !== 1) return refusal('UNSUPPORTED_VERSION');\n  const over = context.limits.connectionOf(session.deviceKey);",
      },
    ],
  },
  {
    name: 'silence-for-ever',
    breaks: ['SES-51'],
    profile,
    harm: "silent connections use up the relay's room for sessions",
    patches: [
      {
        file: SOURCE.relay,
        find: 'helloTimeout: limits.hello_timeout_secs * 1000,',
        replace: 'helloTimeout: 3_600_000,',
      },
    ],
  },
  {
    name: 'time-for-hello-begins-anew-with-each-byte',
    breaks: ['SES-51'],
    profile,
    harm: "connections that send a byte now and then use up the relay's room for sessions",
    patches: [
      {
        file: SOURCE.connection,
        find: '    this.helloCame = options.clock.after(forHello, () => this.#abandon(CLOSE.policy));',
        replace: `    let cancel = options.clock.after(forHello, () => this.#abandon(CLOSE.policy));
    let came = false;
    this.helloCame = () => { came = true; cancel(); };
    this.helloAgain = () => {
      if (came) return;
      cancel();
      cancel = options.clock.after(options.helloTimeout, () => this.#abandon(CLOSE.policy));
    };`,
      },
      {
        file: SOURCE.connection,
        find: '    this.#frames.push(plaintext);\n',
        replace: '    this.#frames.push(plaintext);\n    this.helloAgain();\n',
      },
      {
        file: SOURCE.connection,
        find: '  readonly helloCame: () => void;',
        replace: '  readonly helloCame: () => void;\n  readonly helloAgain: () => void;',
      },
    ],
  },
];
