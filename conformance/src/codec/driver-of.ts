import type { Context } from '../context.ts';
import { requestLine } from './driver-process.ts';
import { DriverTarget } from './driver-target.ts';
import type { Failure, Trial } from './trial.ts';

/** The driver that a check is about. @throws NotRun if it lacks the operation */
export function driverOf(ctx: Context, op: string): DriverTarget {
  const { target } = ctx;
  if (!(target instanceof DriverTarget)) return ctx.notRun("it is about a codec: --codec '<command>'");
  if (!target.about.operations.has(op)) return ctx.notRun(`the driver has no operation ${op}`);
  return target;
}

/** How much of a request is printed; the report in JSON has all of it. */
const SHOWN_CHARACTERS = 1000;

/** The request of a failure as a line that can be given to the driver by hand, and what it wrote to stderr. */
export function show({ op, input }: Trial, { lines }: Failure): string[] {
  const line = requestLine(1, op, input);
  const rest = line.length - SHOWN_CHARACTERS;
  return [
    `request   ${rest > 0 ? `${line.slice(0, SHOWN_CHARACTERS)}… (${rest} characters more; --json has them)` : line}`,
    ...lines,
  ];
}
