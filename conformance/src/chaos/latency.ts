import type { Scenario, Step, Toxic, Variant } from './scenario.ts';

const latency = (up: number | readonly [number, number], down: number | readonly [number, number]): Toxic[] => [
  { type: 'latency', stream: 'upstream', attributes: { latency: up } },
  { type: 'latency', stream: 'downstream', attributes: { latency: down } },
];

/** After every few acknowledgements another latency is drawn for every device: what varies can then be repeated. */
const varying = (least: number, most: number, times: number): Step[] =>
  Array.from({ length: times }, () => ({
    when: { acknowledged: [1, 4] },
    do: [{ kind: 'add', to: 'each', toxics: latency([least, most], [least, most]) }],
  }));

/** Two devices that push and pull at once. */
const two = (count: number, bytes: number, toxics: readonly Toxic[], timeline: readonly Step[] = []): Variant => ({
  name: 'two devices push and pull',
  devices: ['A', 'B'].map((name) => ({ name, pushes: { count, bytes: [0, bytes] }, toxics })),
  timeline,
});

// The relay's patience with a handshake is what latency uses up: four round trips come before Hello.
const HELLO = { limit: 'hello_timeout_secs', least: 10 } as const;

export const CONTROL: Scenario = {
  id: 'S-CONV-04',
  profile: 'control',
  title: 'without any fault, 100 blobs reach every device, and the comparison notices what is planted',
  rounds: 1,
  variants: [two(50, 2000, [])],
};

/** Latency is one way, in each direction. */
export const LATENCY: readonly Scenario[] = [
  {
    id: 'T-LAT-01',
    profile: 'latency',
    title: 'sync completes over 200 ms of latency',
    rounds: 1,
    variants: [two(20, 8000, latency(200, 200))],
  },
  {
    id: 'T-LAT-02',
    profile: 'latency',
    title: 'latency that changes between 50 and 350 ms puts nothing out of order',
    rounds: 2,
    variants: [two(20, 8000, latency(200, 200), varying(50, 350, 8))],
  },
  {
    id: 'T-LAT-03',
    profile: 'latency',
    title: 'both directions complete over 10 ms up and 500 ms down',
    rounds: 1,
    variants: [two(12, 50_000, latency(10, 500))],
  },
  {
    id: 'T-LAT-04',
    profile: 'latency',
    title: 'handshake and transfer complete over a satellite, 550 to 650 ms',
    takes: HELLO,
    rounds: 1,
    variants: [two(10, 8000, latency([550, 650], [550, 650]), varying(550, 650, 3))],
  },
];
