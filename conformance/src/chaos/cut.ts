import type { Action, Amount, DeviceEvent, Scenario, Step, Toxic, Variant } from './scenario.ts';

const limit = (stream: Toxic['stream'], bytes: Amount): Toxic => ({
  type: 'limit_data',
  stream,
  attributes: { bytes },
});
/** Nothing passes, and nobody is told. */
const SILENT_UP: Toxic = { type: 'timeout', stream: 'upstream', attributes: { timeout: 0 } };
const SILENT_DOWN: Toxic = { type: 'timeout', stream: 'downstream', attributes: { timeout: 0 } };

const heal = (to: string): Action => ({ kind: 'heal', to });
/** The cut comes about, and ends before the device tries again. */
const lostThenHealed = (of: string): Step => ({ when: { event: 'lost', of }, do: [heal(of)] });

/** On the wire a handshake message is a WebSocket frame: 4 bytes of header, and 4 of mask from a client. */
const MESSAGE_1 = 1216 + 8;
const MESSAGE_2 = 3568 + 4;
const MESSAGE_3 = 2368 + 8;

const PUSH_BYTES = 100_000;

/** A device pushes five blobs one by one, of which the third meets the fault; another one reads along. */
const push = (name: string, toxic: Toxic): Variant => ({
  name,
  devices: [{ name: 'A', pushes: { count: 5, bytes: PUSH_BYTES }, inFlight: 1 }, { name: 'B' }],
  timeline: [
    { when: { event: 'pushing', of: 'A', nth: 3 }, do: [{ kind: 'add', to: 'A', toxics: [toxic] }] },
    lostThenHealed('A'),
  ],
});

/** A device is cut off in its handshake, and comes again. Then it pushes, and so does another one. */
const handshake = (name: string, event: DeviceEvent, toxics: readonly Toxic[], lost: Step): Variant => ({
  name,
  devices: [
    { name: 'A', pushes: { count: 3, bytes: 1000 }, patient: true },
    { name: 'B', pushes: { count: 3, bytes: 1000 }, direct: true },
  ],
  timeline: [{ when: { event, of: 'A' }, do: [{ kind: 'add', to: 'A', toxics }] }, lost],
});

/** The client hears nothing of the cut but what the relay does: it has to end an unfinished handshake itself. */
const endedByRelay: Step = { ...lostThenHealed('A'), within: { limit: 'hello_timeout_secs', rule: 'SES-51' } };
const HELLO = { limit: 'hello_timeout_secs', most: 30 } as const;

export const CUT: readonly Scenario[] = [
  {
    id: 'T-CONN-05',
    profile: 'cut',
    title: 'a half-open connection is dropped in time, and its device comes back without loss',
    takes: { limit: 'idle_timeout_secs', most: 90 },
    rounds: 1,
    variants: [
      {
        name: 'a device falls silent',
        devices: [
          { name: 'A', pushes: { count: 5, bytes: 1000 }, patient: true },
          { name: 'B', pushes: { count: 5, bytes: 1000 }, direct: true },
        ],
        timeline: [
          { when: { event: 'idle', of: 'A' }, do: [{ kind: 'add', to: 'A', toxics: [SILENT_UP] }] },
          {
            when: { lasts: 1000 },
            do: [{ kind: 'queue', to: 'B', pushes: { count: 5, bytes: 1000 } }],
          },
          {
            when: { event: 'lost', of: 'A' },
            within: { limit: 'idle_timeout_secs', rule: 'FRAME-29' },
            do: [{ kind: 'queue', to: 'A', pushes: { count: 5, bytes: 1000 } }, heal('A')],
          },
        ],
      },
    ],
  },
  {
    id: 'T-LOSS-04',
    profile: 'cut',
    title: 'after a partition of 30 s devices resume from their cursors, and nothing comes twice',
    rounds: 1,
    variants: [
      {
        name: 'two devices are cut off and a third is not',
        devices: [
          { name: 'A', pushes: { count: 40, bytes: [0, 10_000] } },
          { name: 'B', pushes: { count: 40, bytes: [0, 10_000] } },
          { name: 'C', pushes: { count: 10, bytes: [0, 10_000] }, direct: true },
        ],
        timeline: [
          { when: { acknowledged: [20, 40] }, do: [{ kind: 'add', to: 'each', toxics: [SILENT_UP, SILENT_DOWN] }] },
          { when: { lasts: 15_000 }, do: [{ kind: 'queue', to: 'C', pushes: { count: 20, bytes: [0, 10_000] } }] },
          { when: { lasts: 15_000 }, do: [heal('each')] },
        ],
      },
    ],
  },
  {
    id: 'E-HS-01',
    profile: 'cut',
    title: 'a cut after handshake message 1 ends cleanly, and a new handshake succeeds',
    takes: HELLO,
    rounds: 1,
    variants: [
      handshake('message 2 never arrives', 'open', [SILENT_DOWN], endedByRelay),
      handshake('closed after message 1', 'open', [limit('upstream', MESSAGE_1)], lostThenHealed('A')),
      handshake('closed within message 1', 'open', [limit('upstream', [1, MESSAGE_1 - 1])], lostThenHealed('A')),
    ],
  },
  {
    id: 'E-HS-02',
    profile: 'cut',
    title: 'a cut after handshake message 2 ends cleanly, and a new handshake succeeds',
    takes: HELLO,
    rounds: 1,
    variants: [
      handshake('message 3 never arrives', 'message 2', [SILENT_UP], endedByRelay),
      handshake('closed after message 2', 'open', [limit('downstream', MESSAGE_2)], lostThenHealed('A')),
      handshake('closed within message 2', 'open', [limit('downstream', [1, MESSAGE_2 - 1])], lostThenHealed('A')),
    ],
  },
  {
    id: 'E-HS-03',
    profile: 'cut',
    title: 'a cut after handshake message 3 ends cleanly, and a new handshake succeeds',
    takes: HELLO,
    rounds: 1,
    variants: [
      handshake('Hello never arrives', 'message 4', [SILENT_UP], endedByRelay),
      handshake('closed after message 3', 'open', [limit('upstream', MESSAGE_1 + MESSAGE_3)], lostThenHealed('A')),
      handshake(
        'closed within message 3',
        'open',
        [limit('upstream', [MESSAGE_1 + 1, MESSAGE_1 + MESSAGE_3 - 1])],
        lostThenHealed('A'),
      ),
    ],
  },
  {
    id: 'T-CONN-03',
    profile: 'cut',
    title: 'when nobody can reach the relay for a while, all that was queued is delivered afterwards',
    rounds: 2,
    variants: [
      {
        name: 'three devices are cut off again and again',
        devices: ['A', 'B', 'C'].map((name) => ({ name, pushes: { count: 20, bytes: [0, 20_000] as const } })),
        timeline: [1, 2].flatMap((): Step[] => [
          { when: { acknowledged: [5, 12] }, do: [{ kind: 'cut', to: 'each' }] },
          { when: { event: 'lost', of: 'each', nth: 3 }, do: [heal('each')] },
        ]),
      },
    ],
  },
  {
    id: 'S-SM-01',
    profile: 'cut',
    title: 'a push that is cut off is taken up again, and the relay has one blob',
    rounds: 4,
    variants: [
      push('cut within the Push', limit('upstream', [1, PUSH_BYTES])),
      push('cut before the PushAck', limit('downstream', 1)),
    ],
  },
  {
    id: 'S-SM-02',
    profile: 'cut',
    title: 'a page that is cut off is pulled again, whole',
    rounds: 5,
    variants: [
      {
        name: 'cut within the PullResponse',
        stored: { count: 10, bytes: 40_000 },
        devices: [{ name: 'A' }, { name: 'B', pushes: { count: 3, bytes: 1000 }, direct: true }],
        timeline: [
          {
            when: { event: 'pulling', of: 'A' },
            do: [{ kind: 'add', to: 'A', toxics: [limit('downstream', [1, 400_000])] }],
          },
          lostThenHealed('A'),
        ],
      },
    ],
  },
  {
    id: 'S-SM-03',
    profile: 'cut',
    title: 'a device that is cut off while it catches up goes on where it was',
    rounds: 3,
    variants: [
      {
        name: 'cut off twice, 60 blobs behind',
        stored: { count: 60, bytes: 2000 },
        devices: [{ name: 'A', page: 10 }],
        timeline: [1, 2].flatMap((): Step[] => [
          {
            when: { event: 'pulling', of: 'A', nth: 2 },
            do: [{ kind: 'add', to: 'A', toxics: [limit('downstream', [1, 20_000])] }],
          },
          lostThenHealed('A'),
        ]),
      },
    ],
  },
  {
    id: 'C-COLL-01',
    profile: 'cut',
    title: 'cut off after 3 of 10 blobs, a device resumes at the fourth',
    rounds: 3,
    variants: [
      {
        name: 'reset twice',
        stored: { count: 10, bytes: 5000 },
        devices: [{ name: 'A', page: 1 }],
        timeline: [
          {
            when: { event: 'pulling', of: 'A', nth: 4 },
            do: [
              {
                kind: 'add',
                to: 'A',
                toxics: (['upstream', 'downstream'] as const).map((stream) => ({
                  type: 'reset_peer',
                  stream,
                  attributes: { timeout: 0 },
                })),
              },
            ],
          },
          { when: { event: 'lost', of: 'A', nth: 2 }, do: [heal('A')] },
        ],
      },
    ],
  },
];
