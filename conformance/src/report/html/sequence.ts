import type { TraceStep } from '../../trace.ts';
import { html, type Markup } from './markup.ts';

/** Sizes in the unit of the drawing, which is a CSS pixel at full size. */
const NUMBERS = 86;
const LANE = 56;
/** From the last connection to the relay: room for what is written on an arrow. */
const REACH = 430;
const EDGE = 70;
const HEAD = 40;
const ROW = 30;
/** The width of a character of the labels. */
const CHARACTER = 6.7;

/** What stands in one row of the drawing. */
type Row =
  | {
      readonly kind: 'arrow';
      readonly lane: string;
      readonly back: boolean;
      readonly text: string;
      readonly at: string;
    }
  | { readonly kind: 'event'; readonly lane: string; readonly text: string; readonly at: string }
  | { readonly kind: 'note'; readonly text: string; readonly at: string };

/** A name that the kit gives to a connection. */
const CONNECTION = /^[A-Z]\d*$/;
const RELAY = 'relay';

/** Draws a trace as a sequence: a column for each connection, the relay as the last one, time downwards. */
export function sequence(trace: readonly TraceStep[], title: string): Markup {
  const rows = trace.flatMap(rowsOf);
  const lanes = [...new Set(rows.flatMap((row) => (row.kind === 'note' || row.lane === RELAY ? [] : [row.lane])))];
  const relay = NUMBERS + Math.max(0, lanes.length - 1) * LANE + REACH;
  const x = (lane: string) => (lane === RELAY ? relay : NUMBERS + lanes.indexOf(lane) * LANE);
  const height = HEAD + (rows.length + 0.5) * ROW;
  return html`<svg class="sequence" xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${title}" viewBox="0 0 ${relay + EDGE} ${height}" width="${relay + EDGE}" height="${height}">
${[...lanes, RELAY].map(
  (lane) => html`<line class="life" x1="${x(lane)}" y1="${HEAD - 8}" x2="${x(lane)}" y2="${height}"/>
<rect class="head" x="${x(lane) - (lane === RELAY ? 34 : 20)}" y="6" width="${lane === RELAY ? 68 : 40}" height="24" rx="5"/>
<text class="name" x="${x(lane)}" y="22">${lane}</text>
`,
)}${rows.map((row, index) => drawRow(row, HEAD + (index + 0.75) * ROW, x, relay))}</svg>`;
}

function drawRow(row: Row, y: number, x: (lane: string) => number, relay: number): Markup {
  const time = html`<text class="time" x="4" y="${y}">${row.at}</text>`;
  if (row.kind === 'note') {
    const room = relay - NUMBERS;
    return html`${time}<text class="note" x="${NUMBERS + room / 2}" y="${y}">${short(row.text, room)}<title>${row.text}</title></text>
`;
  }
  const lane = x(row.lane);
  if (row.kind === 'event') {
    const atRelay = row.lane === RELAY;
    const room = relay - (atRelay ? NUMBERS : lane) - 20;
    return html`${time}<circle class="event" cx="${lane}" cy="${y - 4}" r="4"/><text class="label${atRelay ? ' left' : ''}" x="${lane + (atRelay ? -12 : 12)}" y="${y}">${short(row.text, room)}<title>${row.text}</title></text>
`;
  }
  const [start, end, tip] = row.back ? [relay, lane, 8] : [lane, relay, -8];
  return html`${time}<line class="${row.back ? 'answer' : 'arrow'}" x1="${start}" y1="${y}" x2="${end + tip}" y2="${y}"/><path class="tip" d="M${end} ${y}l${tip} -4v8z"/><text class="label" x="${lane + 14}" y="${y - 6}">${short(row.text, relay - lane - 30)}<title>${row.text}</title></text>
`;
}

/** A text that fits, with the last characters left out. */
function short(text: string, room: number): string {
  const most = Math.floor(room / CHARACTER);
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

function rowsOf({ n, at, from, direction, text, messages, exchanges = 1 }: TraceStep): Row[] {
  const when = `${n}  ${at.toFixed(1)} ms`;
  if (messages && messages.length > 0) {
    const arrows = messages.map((message, index): Row => {
      const back = message.direction === 'from-relay';
      return { kind: 'arrow', lane: from, back, text: message.text, at: index === 0 ? when : '' };
    });
    const between: Row[] = exchanges > 2 ? [{ kind: 'note', text: `… ${exchanges - 2} more like it …`, at: '' }] : [];
    return exchanges > 1 ? [...arrows.slice(0, 2), ...between, ...arrows.slice(2)] : arrows;
  }
  if (direction === 'event') {
    if (from === RELAY || CONNECTION.test(from)) return [{ kind: 'event', lane: from, text, at: when }];
    return [{ kind: 'note', text: from === '…' ? `… ${text} …` : `${from}: ${text}`, at: when }];
  }
  const arrow = (back: boolean, label: string, time: string): Row => ({
    ...{ kind: 'arrow', lane: from, back, text: label, at: time },
  });
  // Of a step in the middle of a long trace only the line is there.
  if (direction === 'exchange') return [arrow(false, text, when), arrow(true, '', '')];
  return [arrow(direction === 'from-relay', text, when)];
}
