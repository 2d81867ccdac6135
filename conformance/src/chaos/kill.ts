import type { Scenario, Step } from './scenario.ts';

const KILLED: Step['do'] = [{ kind: 'kill' }, { kind: 'start' }];

const pushing = { count: 100, bytes: [0, 30_000] } as const;

export const KILL: readonly Scenario[] = [
  {
    id: 'T-CONN-01',
    profile: 'kill',
    title: 'a relay that is killed while devices push has every acknowledged blob, and each blob once',
    needs: ['kill'],
    rounds: 3,
    variants: [
      {
        name: 'killed three times',
        devices: ['A', 'B'].map((name) => ({ name, pushes: pushing, inFlight: 16 })),
        timeline: [1, 2, 3].map(() => ({ when: { acknowledged: [5, 25] }, do: KILLED })),
      },
    ],
  },
  {
    id: 'S-CONV-02',
    profile: 'kill',
    title: 'after a restart devices hold the same, and cursors go on',
    needs: ['restart', 'kill'],
    rounds: 1,
    variants: [
      {
        name: 'restarted in order, then killed',
        devices: ['A', 'B'].map((name) => ({ name, pushes: pushing })),
        timeline: [
          { when: { acknowledged: [5, 50] }, do: [{ kind: 'restart' }] },
          { when: { acknowledged: [5, 50] }, do: KILLED },
        ],
      },
    ],
  },
  {
    id: 'C-STOR-04',
    profile: 'kill',
    title: 'a device that connects as soon as the relay is back gets everything, from disk',
    needs: ['kill'],
    rounds: 2,
    variants: [
      {
        name: 'killed before the device comes',
        stored: { count: 40, bytes: 20_000 },
        devices: [{ name: 'A', pushes: { count: 3, bytes: 1000 } }],
        timeline: [{ when: { event: 'begin', of: 'A' }, do: KILLED }],
      },
    ],
  },
];
