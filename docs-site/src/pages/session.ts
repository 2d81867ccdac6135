import { SESSION } from '@0k-sync/spec';
import { code, type Page, plain, table } from '../markdown.ts';

interface Transition {
  readonly on: string;
  readonly answer?: string;
  readonly then: string;
}

const states: readonly { name: string; doc: string; transitions: readonly Transition[] }[] = SESSION.states;

/** States, events, answers of the relay's side of a session. */
export function sessionPage(): Page {
  return {
    path: 'session.md',
    title: 'Session of the relay',
    label: 'Session',
    text: [
      'What a relay does with one connection, once the [secure channel](/handshake.md) stands. The rules are SES-01 to SES-59; vectors: session-dialogues.json.\n',
      '```dot',
      graph(),
      '```\n',
      ...states.flatMap(({ name, doc, transitions }) => [
        `## ${name} {#${name}}\n`,
        `${plain(doc)}${name === SESSION.initial ? ' A session begins here.' : ''}\n`,
        transitions.length === 0
          ? ''
          : table(
              ['on', 'the relay answers', 'then'],
              transitions.map((row) => [plain(row.on), plain(row.answer ?? ''), code(row.then)]),
            ),
        '',
      ]),
    ].join('\n'),
  };
}

/** One arrow for all that leads from one state to another. */
function graph(): string {
  const arrows = states.flatMap(({ name, transitions }) =>
    [...Map.groupBy(transitions, (row) => row.then)].map(([then, rows]) => {
      const lines = rows.flatMap((row) => wrap(`${row.on}${row.answer ? ` → ${row.answer}` : ''}`));
      return `  ${name} -> ${then} [label=${JSON.stringify(lines.map((line) => `${line}\\l`).join('')).replaceAll('\\\\l', '\\l')}];`;
    }),
  );
  return ['digraph {', `  start [shape=point]; start -> ${SESSION.initial};`, ...arrows, '}'].join('\n');
}

/** Lines of about 44 characters, the later ones indented. */
function wrap(text: string): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1)!;
    if (last.length + word.length > 44 && last.trim() !== '') lines.push(`   ${word}`);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.map((line) => `  ${line}`);
}
