import { MESSAGES } from '@0k-sync/spec';
import type { TraceStep } from './trace.ts';

/** The answer that each request gets when it is not refused. */
const ANSWERS: ReadonlyMap<string, string> = new Map(
  MESSAGES.flatMap((message) => ('answers' in message ? [[message.name, message.answers[0]]] : [])),
);

const HANDSHAKE = [1216, 3568, 2368, 1120].map((size) => `handshake message of ${size} bytes`);

/** The first and the last steps that keep the bytes of their messages. */
const BYTES_FIRST = 12;
const BYTES_LAST = 36;

/** So many exchanges of one kind in a row become one step. */
const RUN = 3;

const typeOf = (text: string) => /^[A-Z][A-Za-z]+/.exec(text)?.[0] ?? '';

/**
 * A trace as a person reads it: a finished handshake is no news, a request and its answer are one step, and a row of like
 * exchanges is one step. What the relay said unasked, what did not decode and how connections ended stay as they were. A
 * request keeps its answer apart where something happened on another connection in between, since then the order matters.
 */
export function condense(trace: readonly TraceStep[]): TraceStep[] {
  const steps = joinRuns(joinAnswers(dropHandshakes(showGaps(trace))));
  return steps.map(({ messages, ...step }, index) => ({
    ...step,
    n: index + 1,
    // The bytes of every message would be the most of a report: those of the beginning and of the end tell what there is to tell.
    ...(messages && (index < BYTES_FIRST || index >= steps.length - BYTES_LAST) && { messages }),
  }));
}

/** A step for the steps that a long trace left out. */
function showGaps(trace: readonly TraceStep[]): TraceStep[] {
  return trace.flatMap((step, index) => {
    const missing = step.n - (trace[index - 1]?.n ?? 0) - 1;
    if (missing === 0) return [step];
    return [
      { n: step.n, at: step.at, from: '…', direction: 'event' as const, text: `${missing} steps are left out` },
      step,
    ];
  });
}

/** The step `connected` and the four messages of a handshake say only that all was well. */
function dropHandshakes(trace: readonly TraceStep[]): TraceStep[] {
  const finished = new Set<string>();
  for (const { from } of trace) {
    const texts = trace.filter((step) => step.from === from).map(({ text }) => text);
    const at = texts.indexOf(HANDSHAKE[0]!);
    if (at >= 0 && HANDSHAKE.every((text, index) => texts[at + index] === text)) finished.add(from);
  }
  return trace.filter(({ from, text }) => !finished.has(from) || !(text === 'connected' || HANDSHAKE.includes(text)));
}

/** Puts each answer behind its request, where only steps of the same connection stand between them. */
function joinAnswers(trace: readonly TraceStep[]): TraceStep[] {
  const steps: TraceStep[] = [];
  for (const step of trace) {
    const request = step.direction === 'from-relay' ? requestFor(steps, step) : -1;
    if (request < 0) steps.push(step);
    else {
      const asked = steps[request]!;
      const messages = [...(asked.messages ?? []), ...(step.messages ?? [])];
      const text = `${asked.text} ← ${step.text}`;
      steps[request] = { ...asked, direction: 'exchange', text, ...(messages.length > 0 && { messages }) };
    }
  }
  return steps;
}

/** The oldest unanswered request of this connection, if the answer fits it; −1 where there is none. */
function requestFor(steps: readonly TraceStep[], answer: TraceStep): number {
  const type = typeOf(answer.text);
  let first = -1;
  for (let index = steps.length - 1; index >= 0; index--) {
    const step = steps[index]!;
    if (step.from !== answer.from) break;
    if (step.direction === 'to-relay' && ANSWERS.has(typeOf(step.text))) first = index;
  }
  if (first < 0) return -1;
  return type === 'Error' || type === ANSWERS.get(typeOf(steps[first]!.text)) ? first : -1;
}

/** Exchanges of one kind in a row, on one connection, become one step: the first, how many, and the last. */
function joinRuns(trace: readonly TraceStep[]): TraceStep[] {
  const steps: TraceStep[] = [];
  for (let at = 0; at < trace.length; ) {
    const like = (step: TraceStep | undefined) =>
      step?.direction === 'exchange' && step.from === trace[at]!.from && kindOf(step.text) === kindOf(trace[at]!.text);
    let end = at + 1;
    while (like(trace[end])) end++;
    // The last exchange of all is what failed: it is never folded away.
    if (end === trace.length) end--;
    if (like(trace[at]) && end - at >= RUN) {
      const last = trace[end - 1]!;
      const first = trace[at]!;
      steps.push({
        ...first,
        text: `${first.text} … ${end - at} like it … ${last.text}`,
        ...(first.messages && { messages: [...first.messages, ...(last.messages ?? [])] }),
        exchanges: end - at,
      });
      at = end;
    } else steps.push(trace[at++]!);
  }
  return steps;
}

/** The types of a request and its answer. */
function kindOf(text: string): string {
  const [request = '', answer = ''] = text.split(' ← ');
  return `${typeOf(request)} ${typeOf(answer)}`;
}
