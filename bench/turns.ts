import { Bench } from 'tinybench';

/** Measures one thing once. */
export type Measure = () => number | Promise<number>;

/**
 * Runs each measure once a round, one after the other, so that whatever else the machine does meanwhile falls on all alike.
 * The order turns with every round. One more round goes first and is dropped: it warms up.
 */
export async function inTurns<Name extends string>(
  rounds: number,
  measures: Record<Name, Measure>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(measures) as Name[];
  const values = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = -1; round < rounds; round++) {
    for (const name of names) {
      const value = await measures[name]();
      if (round >= 0) values[name].push(value);
    }
    names.reverse();
  }
  return values;
}

/** How often a second `operation` can run, for what takes no time to speak of: the median of samples of `count` in a row. */
export function perSecond<Input>(ms: number, inputs: () => Input[], operation: (input: Input) => unknown): Measure {
  return async () => {
    const bench = new Bench({ time: ms, iterations: 8, warmup: false });
    let ready: Input[] = [];
    bench.add(
      'operation',
      () => {
        for (const input of ready) kept = operation(input);
      },
      {
        beforeEach() {
          ready = inputs();
        },
      },
    );
    const [task] = await bench.run();
    const { result } = task!;
    if (result.state !== 'completed') throw 'error' in result ? result.error : new Error(`the measure ${result.state}`);
    return (ready.length * 1000) / result.latency.p50;
  };
}

/** Results go here, so that no compiler leaves out what makes them. */
export let kept: unknown;
