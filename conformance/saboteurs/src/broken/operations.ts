import type { Broken } from '../saboteur.ts';
import { SOURCE } from '../sources.ts';

/** What a relay shows to its operator, to everybody, and to nobody. */
export const brokenOperations: readonly Broken[] = [
  {
    name: 'health-missing',
    breaks: ['OPS-01'],
    harm: 'whatever watches the relay restarts it for ever',
    patches: [{ file: SOURCE.websocket, find: "url === '/health'", replace: "url === '/healthz'" }],
  },
  {
    name: 'health-tells-everybody',
    breaks: ['OPS-02'],
    harm: 'strangers see how many people use the relay',
    patches: [{ file: SOURCE.websocket, find: `'{"status":"ok"}'`, replace: `'{"status":"ok","connections":3}'` }],
  },
  {
    name: 'metrics-for-everybody',
    breaks: ['OPS-03'],
    harm: 'strangers see when people are at work',
    patches: [
      {
        file: SOURCE.websocket,
        find: "  if ((method === 'GET' || method === 'HEAD') && url === '/health') {",
        replace:
          "  if (url === '/metrics') response.end('sync_relay_connections_active 3\\n');\n  else if ((method === 'GET' || method === 'HEAD') && url === '/health') {",
      },
    ],
  },
  {
    name: 'health-without-storage',
    breaks: ['OPS-04'],
    harm: 'the operator does not see the disk fill up',
    patches: [{ file: SOURCE.admin, find: '      storage_bytes: totals?.bytes,\n', replace: '' }],
  },
  {
    name: 'metric-of-another-name',
    breaks: ['OPS-05'],
    harm: 'dashboards and alerts stay empty',
    patches: [
      {
        file: SOURCE.metrics,
        find: '      name,\n      help: doc,',
        replace: "      name: name.replace('sync_relay_pushes_total', 'sync_relay_push_total'),\n      help: doc,",
      },
    ],
  },
  {
    name: 'metric-of-another-type',
    breaks: ['OPS-05'],
    harm: 'dashboards show nonsense',
    patches: [
      {
        file: SOURCE.metrics,
        find: "new (type === 'counter' ? Counter : Gauge)({",
        replace: "new (type === 'counter' && short !== 'pulls_total' ? Counter : Gauge)({",
      },
    ],
  },
  {
    name: 'refused-pushes-not-counted',
    breaks: ['OPS-06'],
    harm: 'the operator does not see that clients push in vain',
    patches: [
      {
        file: SOURCE.requests,
        find: "  if (message.type === 'Push') context.metrics.add('pushes_total');\n",
        replace: '',
      },
      {
        file: SOURCE.requests,
        find: '  group.begun = true;\n  if (stored.fresh) {',
        replace: "  group.begun = true;\n  context.metrics.add('pushes_total');\n  if (stored.fresh) {",
      },
    ],
  },
  {
    name: 'repeats-counted-as-stored',
    breaks: ['OPS-06'],
    harm: 'the operator sees more stored than there is',
    patches: [
      { file: SOURCE.requests, find: "    context.metrics.add('blobs_stored_total');\n", replace: '' },
      {
        file: SOURCE.requests,
        find: '  group.begun = true;\n  if (stored.fresh) {',
        replace: "  group.begun = true;\n  context.metrics.add('blobs_stored_total');\n  if (stored.fresh) {",
      },
    ],
  },
  {
    name: 'pulls-not-counted',
    breaks: ['OPS-07'],
    harm: 'the operator does not see what loads the relay',
    patches: [
      {
        file: SOURCE.requests,
        find: "  if (message.type === 'Pull') context.metrics.add('pulls_total');\n",
        replace: '',
      },
    ],
  },
  {
    name: 'connections-counted-from-hello',
    breaks: ['OPS-08'],
    harm: 'the operator does not see connections that say nothing and take up room',
    patches: [
      { file: SOURCE.relay, find: "    metrics.add('connections_active');\n", replace: '' },
      {
        file: SOURCE.relay,
        find: '        connections.set(connection, session);\n',
        replace: "        connections.set(connection, session);\n        metrics.add('connections_active');\n",
      },
      {
        file: SOURCE.relay,
        find: "        metrics.add('connections_active', -1);",
        replace: "        if (session) metrics.add('connections_active', -1);",
      },
    ],
  },
  {
    name: 'cut-connections-counted-for-ever',
    breaks: ['OPS-08'],
    harm: 'the operator sees a crowd that left long ago',
    patches: [
      {
        file: SOURCE.relay,
        find: "        metrics.add('connections_active', -1);",
        replace: "        if (code !== 1006) metrics.add('connections_active', -1);",
      },
    ],
  },
  {
    name: 'storage-without-overhead',
    breaks: ['OPS-09'],
    harm: 'the operator sees room where the quota is full',
    patches: [
      {
        file: SOURCE.metrics,
        find: "else if (totals) this.inc(totals[short.slice('storage_'.length) as keyof Totals]);",
        replace:
          "else if (totals) this.inc(totals[short.slice('storage_'.length) as keyof Totals] - (short === 'storage_bytes' ? totals.blobs * 256 : 0));",
      },
    ],
  },
  {
    name: 'storage-only-grows',
    breaks: ['OPS-09'],
    harm: 'the operator sees a full disk where there is room',
    patches: [
      {
        file: SOURCE.metrics,
        find: '      totals = now.totals;',
        replace: `      totals = now.totals && totals && {
        ...now.totals,
        blobs: Math.max(now.totals.blobs, totals.blobs),
        bytes: Math.max(now.totals.bytes, totals.bytes),
      };
      totals ??= now.totals;`,
      },
    ],
  },
  {
    name: 'metrics-name-devices',
    breaks: ['OPS-10'],
    harm: 'whoever sees the metrics sees who is at work',
    patches: [
      {
        file: SOURCE.requests,
        find: "  if (message.type === 'Push') context.metrics.add('pushes_total');",
        replace:
          "  if (message.type === 'Push') context.metrics.add('pushes_total');\n  context.metrics.limitReached(Buffer.from(session.device).toString('hex') as never);",
      },
    ],
  },
  {
    name: 'sigterm-is-a-failure',
    breaks: ['OPS-11'],
    harm: 'whatever runs the relay takes each update for a crash',
    patches: [
      {
        file: SOURCE.run,
        find: "  process.on('SIGTERM', stop);",
        replace: "  process.on('SIGTERM', () => { stop(); process.exit = (() => process.reallyExit(143)) as never; });",
      },
    ],
  },
  {
    name: 'sigint-cuts-all',
    breaks: ['OPS-12'],
    harm: 'Ctrl-C loses what is under way',
    patches: [{ file: SOURCE.run, find: "  process.on('SIGINT', stop);\n", replace: '' }],
  },
  {
    name: 'requests-lost-at-shutdown',
    breaks: ['OPS-13'],
    harm: 'at each update clients do not know what of their last pushes was stored',
    patches: [
      {
        file: SOURCE.session,
        find: '    const slot: Slot = { size: 0, page: false };\n    this.#slots.push(slot);',
        replace:
          "    const slot: Slot = { size: 0, page: false };\n    if (name === 'RELAY_SHUTTING_DOWN') this.#slots = [];\n    this.#slots.push(slot);",
      },
    ],
  },
  {
    name: 'session-begins-at-shutdown',
    breaks: ['OPS-14'],
    harm: 'a client begins to work with a relay that is about to end',
    patches: [
      {
        file: SOURCE.relay,
        find: "      if (session) session.fail('RELAY_SHUTTING_DOWN');\n      else connection.cut(CLOSE.goingAway);",
        replace:
          "      if (session?.active) session.fail('RELAY_SHUTTING_DOWN');\n      else connection.handlers.closed = () => connections.delete(connection);",
      },
    ],
  },
  {
    name: 'log-holds-device-names',
    breaks: ['OPS-15'],
    harm: 'the names of people stand in the log of the relay',
    patches: [
      {
        file: SOURCE.greeting,
        find: '  session.seen = context.clock.now();',
        replace: "  session.seen = context.clock.now();\n  process.stderr.write('hello of ' + session.name + '\\n');",
      },
    ],
  },
  {
    name: 'log-holds-malformed-bytes',
    breaks: ['OPS-15'],
    harm: 'data of people stands in the log of the relay when something goes wrong',
    patches: [
      {
        file: SOURCE.session,
        find: '      return { message, body, about: aboutBlob(message) };\n    } catch (error) {',
        replace:
          "      return { message, body, about: aboutBlob(message) };\n    } catch (error) {\n      process.stderr.write('malformed: ' + lastBody.toString('base64') + '\\n');",
      },
      {
        file: SOURCE.session,
        find: '      if (!body) return undefined;',
        replace: '      if (!body) return undefined;\n      lastBody = Buffer.from(body);',
      },
      {
        file: SOURCE.session,
        find: '/** A request that was read.',
        replace: 'let lastBody = Buffer.alloc(0);\n/** A request that was read.',
      },
    ],
  },
  {
    name: 'log-holds-whole-ids',
    breaks: ['OPS-16'],
    harm: 'whoever gets the log knows which groups and devices there are',
    patches: [
      {
        file: SOURCE.log,
        find: "createHmac('sha256', key).update(id).digest('hex').slice(0, 8)",
        replace: "Buffer.from(id).toString('base64url')",
      },
    ],
  },
  {
    name: 'log-holds-addresses',
    breaks: ['OPS-17'],
    harm: 'whoever gets the log knows where the people are',
    patches: [
      {
        file: SOURCE.greeting,
        find: '  session.seen = context.clock.now();',
        replace:
          "  session.seen = context.clock.now();\n  process.stderr.write('hello from ' + session.address + '\\n');",
      },
    ],
  },
];
