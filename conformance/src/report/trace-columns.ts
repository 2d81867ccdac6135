import { printable } from '../printable.ts';
import type { TraceStep } from '../trace.ts';
import { type Colors, wrap } from './style.ts';

const ARROWS = { 'to-relay': '→', 'from-relay': '←', event: '·', exchange: '→' } as const;
/** In more columns there is no room to read anything. */
const MOST_COLUMNS = 4;
/** What happened to the relay itself goes across all columns. */
const RELAY = 'relay';
const GAP = 2;

/** A device is named by letters; its second connection has a 2 behind them. */
const deviceOf = (from: string) => from.replace(/\d+$/, '');

/**
 * A trace with a column for each device, so that what overlaps stands beside each other.
 *
 * @returns the lines; undefined if there are too many devices for it.
 */
export function renderColumns(trace: readonly TraceStep[], colors: Colors, width: number): string[] | undefined {
  const devices = [...new Set(trace.map(({ from }) => deviceOf(from)))].filter((from) => from !== RELAY).sort();
  if (devices.length === 0 || devices.length > MOST_COLUMNS) return undefined;
  const margin = 16;
  const each = Math.floor((width - margin) / devices.length) - GAP;
  const line = (head: string, column: number, text: string) =>
    `${head.padEnd(margin)}${' '.repeat(column * (each + GAP))}${text}`.trimEnd();
  const heading = devices.map((device) => device.padEnd(each + GAP)).join('');
  return [
    colors.dim(line('', 0, heading)),
    ...trace.flatMap((step) => {
      const head = `${String(step.n).padStart(5)}${`${step.at.toFixed(1)} ms`.padStart(10)}`;
      const column = devices.indexOf(deviceOf(step.from));
      const name = step.from === deviceOf(step.from) || column < 0 ? '' : `${step.from} `;
      const text = `${name}${ARROWS[step.direction]} ${column < 0 ? `the ${step.from} is ` : ''}${printable(step.text)}`;
      const room = column < 0 ? width - margin : each;
      const [first = '', ...more] = wrap(text, room, '').split('\n');
      return [
        line(head, Math.max(0, column), first),
        ...more.map((rest) => line('', Math.max(0, column), `  ${rest}`)),
      ];
    }),
  ];
}
