import type { Broken } from '../saboteur.ts';
import { SOURCE } from '../sources.ts';

const MESSAGE = "  const answer: Answer = { message: { type: 'Error', code, message, ext } };";

/** What an Error says, and what comes after it. */
export const brokenErrors: readonly Broken[] = [
  {
    name: 'error-code-of-its-own',
    breaks: ['ERR-01'],
    harm: 'no client knows what to do about it',
    patches: [
      {
        file: SOURCE.errors,
        find: MESSAGE,
        replace: MESSAGE.replace('code, message', 'code: code === 1006 ? 1042 : code, message'),
      },
    ],
  },
  {
    name: 'session-outlives-fatal-error',
    breaks: ['ERR-02'],
    harm: 'a client and its relay disagree about whether there still is a session',
    patches: [
      {
        file: SOURCE.errors,
        find: '  if (fatal) answer.close = closeCodeOf(name);',
        replace: "  if (fatal && name !== 'INVALID_MESSAGE') answer.close = closeCodeOf(name);",
      },
    ],
  },
  {
    name: 'conflict-ends-session',
    breaks: ['ERR-03'],
    harm: 'one refused edit, and the whole outbox has to begin anew',
    patches: [
      { file: SOURCE.errors, find: '  if (fatal) answer', replace: "  if (fatal || name === 'BLOB_CONFLICT') answer" },
    ],
  },
  {
    name: 'too-large-ends-session',
    breaks: ['ERR-03'],
    harm: 'one photo that is too large, and the whole outbox has to begin anew',
    patches: [
      { file: SOURCE.errors, find: '  if (fatal) answer', replace: "  if (fatal || name === 'BLOB_TOO_LARGE') answer" },
    ],
  },
  {
    name: 'all-closes-normal',
    breaks: ['ERR-05'],
    harm: 'a browser, which may see the close code alone, does not learn what was wrong',
    patches: [
      { file: SOURCE.errors, find: '  return 4000 + (ERRORS[name].code % 100);', replace: '  return CLOSE.normal;' },
    ],
  },
  {
    name: 'error-text-varies',
    breaks: ['ERR-10'],
    harm: 'texts tell what the relay knows, and nobody can look them up',
    patches: [
      {
        file: SOURCE.errors,
        find: MESSAGE,
        replace: MESSAGE.replace('code, message', 'code, message: message + Date.now()'),
      },
    ],
  },
  {
    name: 'error-echoes-what-was-sent',
    breaks: ['ERR-11'],
    harm: 'names and data of people turn up in logs of clients',
    patches: [
      {
        file: SOURCE.errors,
        find: MESSAGE,
        replace: MESSAGE.replace(
          'ext }',
          "ext: name === 'BLOB_CONFLICT' ? { ...ext, 'x-name': Buffer.from(lastName.text) } as never : ext }",
        ),
      },
      {
        file: SOURCE.errors,
        find: 'export const CLOSE',
        replace: "export const lastName = { text: '' };\nexport const CLOSE",
      },
      {
        file: SOURCE.greeting,
        find: '  session.seen = context.clock.now();',
        replace: '  session.seen = context.clock.now();\n  lastName.text = session.name;',
      },
      {
        file: SOURCE.greeting,
        find: 'import { type Answer, CLOSE,',
        replace: 'import { type Answer, CLOSE, lastName,',
      },
    ],
  },
  {
    name: 'error-of-another-blob',
    breaks: ['ERR-14'],
    harm: 'a client gives up the wrong edit',
    patches: [
      {
        file: SOURCE.requests,
        find: "  if ('refused' in stored) return refusal(stored.refused, asked.about);",
        replace: "  if ('refused' in stored) return refusal(stored.refused, { blob_id: blobId.toReversed() });",
      },
    ],
  },
  {
    name: 'error-to-bystanders',
    breaks: ['ERR-16'],
    harm: "a client takes another one's refusal for its own",
    patches: [
      {
        file: SOURCE.requests,
        find: "  if ('refused' in stored) return refusal(stored.refused, asked.about);",
        replace: `  if ('refused' in stored) for (const member of group.members) if (member !== session) member.tell(refusal(stored.refused, asked.about).message!);
  if ('refused' in stored) return refusal(stored.refused, asked.about);`,
      },
    ],
  },
  {
    name: 'close-not-answered',
    breaks: ['ERR-17'],
    harm: 'each goodbye looks like a lost network',
    patches: [
      {
        file: SOURCE.websocket,
        find: "  socket.on('drain', () => wire.onDrain());",
        replace: `  const receiver = (webSocket as never as { _receiver: { removeAllListeners(event: string): void; on(event: string, listener: () => void): void } })._receiver;
  receiver.removeAllListeners('conclude');
  receiver.on('conclude', () => webSocket.terminate());
  socket.on('drain', () => wire.onDrain());`,
      },
    ],
  },
  {
    name: 'shutdown-without-error',
    breaks: ['ERR-09'],
    harm: 'clients take an update of the relay for a lost network, and all come back at once',
    patches: [
      {
        file: SOURCE.relay,
        find: "      if (session) session.fail('RELAY_SHUTTING_DOWN');\n      else connection.cut(CLOSE.goingAway);",
        replace: '      connection.cut(CLOSE.goingAway);',
      },
    ],
  },
  {
    name: 'shutdown-tells-one-of-a-group',
    breaks: ['ERR-09'],
    harm: 'some clients take an update of the relay for a lost network',
    patches: [
      {
        file: SOURCE.relay,
        find: "      if (session) session.fail('RELAY_SHUTTING_DOWN');",
        replace:
          "      if (session && session.group?.members.values().next().value === session) session.fail('RELAY_SHUTTING_DOWN');",
      },
    ],
  },
  {
    name: 'rate-ends-session',
    breaks: ['ERR-04'],
    profile: 'limits',
    harm: 'a client that is too fast for a moment has to begin anew, and is faster still',
    patches: [
      {
        file: SOURCE.errors,
        find: "  return refusal('RATE_LIMITED', { ...ext, retry_after_ms: BigInt(waitMs) });",
        replace:
          "  return { ...refusal('RATE_LIMITED', { ...ext, retry_after_ms: BigInt(waitMs) }), close: CLOSE.tryAgainLater };",
      },
    ],
  },
  {
    name: 'rate-without-time',
    breaks: ['ERR-12'],
    profile: 'limits',
    harm: 'clients guess when to try again, and all guess the same',
    patches: [{ file: SOURCE.errors, find: '{ ...ext, retry_after_ms: BigInt(waitMs) }', replace: 'ext' }],
  },
  {
    name: 'rate-promises-too-much',
    breaks: ['ERR-13'],
    profile: 'limits',
    harm: 'clients that wait as long as they were told are refused again',
    patches: [
      {
        file: SOURCE.errors,
        find: 'retry_after_ms: BigInt(waitMs)',
        replace: 'retry_after_ms: BigInt(Math.max(1, waitMs >> 3))',
      },
    ],
  },
];
