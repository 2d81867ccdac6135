import type { Broken } from '../saboteur.ts';
import { SOURCE } from '../sources.ts';

const SENT = '      if (frame) this.#connection.outbox.send(frame);';

/** What is answered, in which order, and how a session begins and ends. */
export const brokenSessions: readonly Broken[] = [
  {
    name: 'answers-nothing',
    breaks: ['SES-01'],
    isNoRelay: true,
    harm: 'no app gets any further than to connect',
    patches: [{ file: SOURCE.session, find: SENT, replace: '' }],
  },
  {
    name: 'answers-everything-the-same',
    breaks: ['SES-07', 'SES-09'],
    harm: 'clients believe that whatever they ask was done',
    patches: [
      {
        file: SOURCE.session,
        find: '    const rule = ruling(this.#phase, message.type);',
        replace: `    if (message.type === 'Hello') message.version = 1;
    if (this.#phase === 'Active' && message.type !== 'Bye') {
      const slot: Slot = { size: 0, page: false };
      this.#slots.push(slot);
      return this.#fill(slot, { message: { type: 'Ok' } });
    }
    const rule = ruling(this.#phase, message.type);`,
      },
    ],
  },
  {
    name: 'large-cursor-not-welcome',
    breaks: ['SES-01'],
    harm: 'a client with a broken cursor is never let in again, and so never reset',
    patches: [
      {
        file: SOURCE.greeting,
        find: "  if (hello.version !== 1) return refusal('UNSUPPORTED_VERSION');",
        replace:
          "  if (hello.version !== 1) return refusal('UNSUPPORTED_VERSION');\n  if (hello.last_cursor >= 2n ** 63n) return refusal('UNAUTHORIZED');",
      },
    ],
  },
  {
    name: 'notify-before-welcome',
    breaks: ['SES-02'],
    harm: 'clients take the first frame for their Welcome, and give up',
    patches: [
      {
        file: SOURCE.outbox,
        find: 'if (!this.#notify || this.#offset > 0 || this.#written === 0) return;',
        replace: 'if (!this.#notify || this.#offset > 0) return;',
      },
      {
        file: SOURCE.greeting,
        find: '  session.admitted = true;',
        replace:
          '  session.admitted = true;\n  if (figures.pending.count > 0) session.notify(figures.pending.newest, figures.pending.count);\n  await new Promise((done) => setTimeout(done, 5));',
      },
    ],
  },
  {
    name: 'early-request-is-malformed',
    breaks: ['SES-03'],
    harm: 'a client that is too fast is told that it is broken, not that it has to say Hello',
    patches: [{ file: SOURCE.admission, find: "'serve' : 'UNAUTHORIZED'", replace: "'serve' : 'INVALID_MESSAGE'" }],
  },
  {
    name: 'early-presence-ignored',
    breaks: ['SES-03'],
    harm: 'a client that is too fast waits for ever',
    patches: [
      {
        file: SOURCE.session,
        find: '    const rule = ruling(this.#phase, message.type);',
        replace: `    if (this.#phase === 'AwaitingHello' && message.type === 'Presence') return;
    const rule = ruling(this.#phase, message.type);`,
      },
    ],
  },
  {
    name: 'early-welcome-ignored',
    breaks: ['SES-04'],
    harm: 'two relays that are connected to each other by mistake stay so for ever',
    patches: [
      {
        file: SOURCE.session,
        find: '    const rule = ruling(this.#phase, message.type);',
        replace: `    if (this.#phase === 'AwaitingHello' && message.type === 'Welcome') return;
    const rule = ruling(this.#phase, message.type);`,
      },
    ],
  },
  {
    name: 'early-bye-refused',
    breaks: ['SES-05'],
    harm: 'a client that changes its mind is told that it did wrong',
    patches: [
      {
        file: SOURCE.admission,
        find: "if (type === 'Bye') return 'leave';",
        replace: "if (type === 'Bye' && phase !== 'AwaitingHello') return 'leave';",
      },
    ],
  },
  {
    name: 'second-hello-served',
    breaks: ['SES-06'],
    harm: 'one connection moves from group to group, and is told of blobs of a group it has left',
    patches: [
      {
        file: SOURCE.admission,
        find: "  if (type === 'Error') return 'leave';",
        replace: "  if (type === 'Error') return 'leave';\n  if (type === 'Hello') return 'serve';",
      },
      {
        file: SOURCE.session,
        find: '    this.#greeting = true;',
        replace: "    this.#greeting = this.#phase === 'AwaitingHello';",
      },
    ],
  },
  {
    name: 'second-hello-ignored',
    breaks: ['SES-06'],
    harm: 'a client that wants to change its group stays in the old one and does not know it',
    patches: [
      {
        file: SOURCE.session,
        find: '    const rule = ruling(this.#phase, message.type);',
        replace: `    if (this.#phase === 'Active' && message.type === 'Hello') return;
    const rule = ruling(this.#phase, message.type);`,
      },
    ],
  },
  {
    name: 'messages-of-relays-ignored',
    breaks: ['SES-07'],
    harm: 'a broken client is never told so',
    patches: [
      {
        file: SOURCE.session,
        find: "    if (rule !== 'serve' && rule !== 'leave') {",
        replace:
          "    if (rule === 'INVALID_MESSAGE' && message.type !== 'Hello') return;\n    if (rule !== 'serve' && rule !== 'leave') {",
      },
    ],
  },
  {
    name: 'inner-messages-answered-ok',
    breaks: ['SES-07'],
    harm: 'a broken client believes that its content was taken',
    patches: [
      {
        file: SOURCE.admission,
        find: "  if (type === 'Error') return 'leave';",
        replace: "  if (type === 'Error') return 'leave';\n  if (type === 'ContentAck') return 'serve';",
      },
      {
        file: SOURCE.requests,
        find: '    default:\n',
        replace: "    case 'ContentAck' as never:\n      return { message: { type: 'Ok' } };\n    default:\n",
      },
    ],
  },
  {
    name: 'hurry-behind-hello-refused',
    breaks: ['SES-08'],
    harm: 'a client that saves a round trip is thrown out, now and then',
    patches: [
      {
        file: SOURCE.session,
        find: "this.#phase === 'Closing' || this.#greeting) return false;",
        replace: "this.#phase === 'Closing') return false;",
      },
    ],
  },
  {
    name: 'large-frame-behind-hello-refused',
    breaks: ['SES-08'],
    harm: 'a client that sends its outbox right behind Hello is thrown out if there is a photo in it',
    patches: [
      {
        file: SOURCE.session,
        find: '    this.#connection.liftFrameLimit();',
        replace: '    setTimeout(() => this.#connection.liftFrameLimit(), 20);',
      },
    ],
  },
  {
    name: 'version-zero-welcome',
    breaks: ['SES-09'],
    harm: 'clients that speak another version believe that they were understood',
    patches: [{ file: SOURCE.greeting, find: 'hello.version !== 1', replace: 'hello.version > 1' }],
  },
  {
    name: 'proof-before-version',
    breaks: ['SES-10'],
    harm: 'an outdated app is told that it has no right, and not to update',
    patches: [
      {
        file: SOURCE.greeting,
        find: "  if (hello.version !== 1) return refusal('UNSUPPORTED_VERSION');\n",
        replace: '',
      },
      {
        file: SOURCE.greeting,
        find: "  if (!group) return refusal('UNAUTHORIZED');",
        replace:
          "  if (!group) return refusal('UNAUTHORIZED');\n  if (hello.version !== 1) return refusal('UNSUPPORTED_VERSION');",
      },
    ],
  },
  {
    name: 'version-before-form',
    breaks: ['SES-11'],
    harm: 'a broken client is told to update, for ever',
    patches: [
      {
        file: SOURCE.session,
        find: '      const body = this.#connection.nextBody();\n      if (!body) return undefined;',
        replace: `      const body = this.#connection.nextBody();
      if (!body) return undefined;
      if (Buffer.from(body.subarray(1, 7)).toString('latin1') === '\\xa5Hello' && body[7] !== 1) {
        this.fail('UNSUPPORTED_VERSION');
        return undefined;
      }`,
      },
    ],
  },
  {
    name: 'long-name-refused',
    breaks: ['SES-17'],
    harm: 'whoever gives a device a long name can never sync it',
    patches: [
      {
        file: SOURCE.greeting,
        find: "  if (hello.version !== 1) return refusal('UNSUPPORTED_VERSION');",
        replace:
          "  if (hello.version !== 1) return refusal('UNSUPPORTED_VERSION');\n  if ([...hello.device_name].length > context.config.limits.max_device_name_len) return refusal('UNAUTHORIZED');",
      },
    ],
  },
  {
    name: 'unknown-group-echoes-cursor',
    breaks: ['SES-22'],
    harm: 'a device does not notice that its relay has lost everything',
    patches: [{ file: SOURCE.hello, find: '    maxCursor: 0n,', replace: '    maxCursor: 1n,' }],
  },
  {
    name: 'refusals-overtake',
    breaks: ['SES-24'],
    harm: 'a client takes the error of one push for that of another',
    patches: [
      {
        file: SOURCE.session,
        find: '    if (answer.close !== undefined) this.#stop();\n    this.#answer();',
        replace: `    if (answer.close !== undefined) this.#stop();
    if (answer.close === undefined && this.#slots.includes(slot)) {
      this.#slots.splice(this.#slots.indexOf(slot), 1);
      this.#slots.unshift(slot);
    }
    this.#answer();`,
      },
    ],
  },
  {
    name: 'pulls-overtake-pushes',
    breaks: ['SES-25'],
    harm: 'a client does not find what it has just sent',
    patches: [
      {
        file: SOURCE.worker,
        find: '    if (batch.length > 0) runBatch(batch);',
        replace:
          "    batch.sort((a, b) => Number(b.name === 'pull') - Number(a.name === 'pull'));\n    if (batch.length > 0) runBatch(batch);",
      },
    ],
  },
  {
    name: 'request-lost-behind-refusal',
    breaks: ['SES-26'],
    harm: 'one refused edit, and the next one waits for its answer for ever',
    patches: [
      {
        file: SOURCE.session,
        find: "      if (answer.message?.type === 'Error') this.#context.errorSent(this.device, answer.message.code);",
        replace:
          "      if (answer.message?.type === 'Error') this.#context.errorSent(this.device, answer.message.code);\n      if (answer.message?.type === 'Error' && answer.close === undefined) this.#slots.shift();",
      },
    ],
  },
  {
    name: 'fatal-error-overtakes-answers',
    breaks: ['SES-27'],
    harm: 'a client does not know what of its last requests was done',
    patches: [
      {
        file: SOURCE.session,
        find: '    const slot: Slot = { size: 0, page: false };\n    this.#slots.push(slot);',
        replace:
          "    const slot: Slot = { size: 0, page: false };\n    if (name === 'INVALID_MESSAGE') this.#slots = [];\n    this.#slots.push(slot);",
      },
    ],
  },
  {
    name: 'served-behind-offending-frame',
    breaks: ['SES-28'],
    harm: 'what a broken stream happens to hold is stored',
    patches: [
      {
        file: SOURCE.session,
        find: "      this.fail('INVALID_MESSAGE');\n      return undefined;",
        replace: "      setTimeout(() => this.fail('INVALID_MESSAGE'), 20);\n      return this.#read();",
      },
    ],
  },
  {
    name: 'frame-after-fatal-error',
    breaks: ['SES-29'],
    harm: 'a client that has already let go of the session trips over what still comes',
    patches: [
      {
        file: SOURCE.session,
        find: SENT,
        replace: `${SENT}
      if (answer.message?.type === 'Error' && answer.close !== undefined) {
        this.#connection.outbox.send(encodeFrame({ type: 'Notify', latest_cursor: 1n, count: 1 }, 'bin'));
      }`,
      },
    ],
  },
  {
    name: 'bye-answered',
    breaks: ['SES-30'],
    harm: 'a client that has said Bye trips over what still comes',
    patches: [
      {
        file: SOURCE.session,
        find: "rule === 'leave' ? { close: CLOSE.normal }",
        replace:
          "rule === 'leave' ? { close: CLOSE.normal, ...(this.#slots.length > 1 && { message: { type: 'Ok' } as const }) }",
      },
    ],
  },
  {
    name: 'bye-drops-answers',
    breaks: ['SES-30'],
    harm: 'a client that pushes and leaves does not know what was stored',
    patches: [
      {
        file: SOURCE.session,
        find: '    const slot: Slot = { size: body.length, page: asksForPage(asked) };',
        replace:
          "    if (message.type === 'Bye') this.#slots = [];\n    const slot: Slot = { size: body.length, page: asksForPage(asked) };",
      },
    ],
  },
  {
    name: 'served-behind-bye',
    breaks: ['SES-31'],
    harm: 'what was sent after the goodbye is stored without an answer',
    patches: [
      {
        file: SOURCE.session,
        find: "    const answer = rule === 'leave' ?",
        replace: `    if (rule === 'leave') {
      this.#unansweredBytes -= slot.size;
      setTimeout(() => this.#fill(slot, { close: CLOSE.normal }), 20);
      return;
    }
    const answer = (rule as string) === 'leave' ?`,
      },
    ],
  },
  {
    name: 'error-of-client-answered',
    breaks: ['SES-32'],
    harm: 'a client that gives up is told that it is broken',
    patches: [
      {
        file: SOURCE.admission,
        find: "  if (type === 'Error') return 'leave';",
        replace: "  if (type === 'Error') return 'INVALID_MESSAGE';",
      },
    ],
  },
  {
    name: 'error-of-client-ignored',
    breaks: ['SES-32'],
    harm: 'a session stays open that its client has given up',
    patches: [
      {
        file: SOURCE.session,
        find: '    const rule = ruling(this.#phase, message.type);',
        replace: `    if (this.#phase === 'Active' && message.type === 'Error') return;
    const rule = ruling(this.#phase, message.type);`,
      },
    ],
  },
  {
    name: 'presence-answered',
    breaks: ['SES-33'],
    harm: 'a client takes the answer for that of its next request',
    patches: [
      {
        file: SOURCE.requests,
        find: '  if (message.status !== 0 || !session.background) return {};',
        replace: "  if (message.status !== 0 || !session.background) return { message: { type: 'Ok' } };",
      },
    ],
  },
  {
    name: 'presence-of-the-future-refused',
    breaks: ['SES-34'],
    harm: 'a client that knows a newer status loses its session',
    patches: [
      {
        file: SOURCE.requests,
        find: '  if (message.status === 1 && !limited) {',
        replace:
          "  if (message.status > 2) return refusal('INVALID_MESSAGE');\n  if (message.status === 1 && !limited) {",
      },
    ],
  },
  {
    name: 'presence-of-the-future-silences',
    breaks: ['SES-34'],
    harm: 'a client that knows a newer status hears of nothing any more',
    patches: [
      {
        file: SOURCE.requests,
        find: '  if (message.status === 1 && !limited) {',
        replace: '  if (message.status >= 1 && !limited) {',
      },
    ],
  },
];
