import type { TraceStep } from '../trace.ts';

/** So many messages before the end are shown one by one. */
const SHOWN_LAST = 12;
/** So many steps of one kind are not worth a summary. */
const FEW = 3;

const MESSAGE = /^[A-Z][A-Za-z]+(?= |$)/;
/** How a connection that never came about is told: once with the reason, and once as closed. */
const NOT_CONNECTED = 'not connected: ';
const CLOSED = 'closed with 1006';

/**
 * A trace of many devices as a person reads it: faults, connections and their ends one by one, and what passed between two
 * of them as one step for each connection, but for the last messages, which led to the failure. Attempts to connect in a row
 * are one step for each device.
 */
export function fold(trace: readonly TraceStep[]): TraceStep[] {
  const folded: TraceStep[] = [];
  const failed = new Set<string>();
  let row: TraceStep[] = [];
  const flush = (kept = 0) => {
    const shown = row.splice(Math.max(0, row.length - kept));
    for (const steps of Map.groupBy(row, kindOf).values()) {
      folded.push(...(steps.length <= FEW ? steps : [summary(steps)]));
    }
    folded.push(...shown);
    row = [];
  };
  let before = 0;
  for (const step of trace) {
    if (step.n !== before + 1) {
      flush();
      folded.push({ ...step, from: '…', direction: 'event', text: `${step.n - before - 1} steps are left out` });
    }
    before = step.n;
    if (isAttempt(step)) failed.add(step.from);
    else if (step.text === CLOSED && failed.has(step.from)) continue;
    if (isAttempt(step) || MESSAGE.test(step.text)) row.push(step);
    else {
      flush();
      folded.push(step);
    }
  }
  flush(SHOWN_LAST);
  return folded.map((step, index) => ({ ...step, n: index + 1 }));
}

const isAttempt = ({ text }: TraceStep) => text.startsWith(NOT_CONNECTED);

/** A connection, or a device that gets none: A12 is the twelfth of A. */
function kindOf(step: TraceStep): string {
  return isAttempt(step) ? `not ${step.from.replace(/\d+$/, '')}` : step.from;
}

function summary(steps: readonly TraceStep[]): TraceStep {
  const [first, last] = [steps[0]!, steps.at(-1)!];
  const text = isAttempt(first)
    ? `${steps.length} attempts to connect up to ${last.from}, the last one ${last.text}`
    : [counts('sent', 'to-relay', steps), counts('got', 'from-relay', steps)].filter(Boolean).join('; ');
  return { n: first.n, at: first.at, from: first.from, direction: 'event', text };
}

/** `sent 16 Push, Pull`; empty if nothing went that way. */
function counts(verb: string, direction: TraceStep['direction'], steps: readonly TraceStep[]): string {
  const types = steps.filter((step) => step.direction === direction).map(({ text }) => MESSAGE.exec(text)![0]);
  const named = [...Map.groupBy(types, (type) => type)].map(([type, { length }]) =>
    length === 1 ? type : `${length} ${type}`,
  );
  return named.length === 0 ? '' : `${verb} ${named.join(', ')}`;
}
