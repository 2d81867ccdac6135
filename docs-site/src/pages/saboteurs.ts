/** What the certifier was tried on: conformance/saboteurs/kill-matrix.json, as `npm run saboteurs` wrote it. */
import type { FaultRow } from '../../../conformance/saboteurs/src/common-mode/grade-fault.ts';
import type { BrokenRow, CodecRow, KillMatrix, LegalRow } from '../../../conformance/saboteurs/src/matrix.ts';
import { code, count, link, type Page, plain, table } from '../markdown.ts';
import { checkPlace, rulePlace } from '../places.ts';
import { checks, readText, specification } from '../sources.ts';

const matrix = JSON.parse(readText('conformance/saboteurs/kill-matrix.json')) as KillMatrix;
const known = new Set(checks.map(({ id }) => id));
const titleOf = new Map(specification.areas.map(({ area, title }) => [area, title]));

export function saboteursPage(): Page {
  const { broken, commonMode, legal, codecs } = matrix;
  const areas = Map.groupBy(broken, ({ breaks }) => breaks[0]!.replace(/-\d+$/, ''));
  const killed = broken.filter(({ outcome }) => outcome === 'killed').length;
  const seen = commonMode.filter(({ outcome }) => outcome === 'killed').length;
  const passed = legal.filter(({ outcome }) => outcome === 'passed').length;
  return {
    path: 'checks/saboteurs.md',
    title: 'Saboteurs',
    text: [
      `A certifier is worth what it finds. This one is tried on ${count(broken.length, 'relay')} that are broken in one way each, of which it found`,
      `${killed}, and on ${count(legal.length, 'relay')} that are unlike others in what the rules leave open, of which ${passed} passed.`,
      'Each is the reference relay with one thing changed. The kit shares the codec and the handshake with that relay, so',
      `${count(commonMode.length, 'fault')} were put into both: tests against vectors or the kit itself found ${seen}. \`npm run saboteurs\` tries them all.\n`,
      ...Array.from(
        areas,
        ([area, rows]) => `## ${area}: ${plain(titleOf.get(area) ?? area)} {#${area}}\n\n${brokenTable(rows)}`,
      ),
      `## Faults of kit and relay alike {#common-mode}\n\n${faultTable(commonMode)}`,
      `## Odd but legal {#legal}\n\n${legalTable(legal)}`,
      `## Codecs {#codecs}\n\n${codecTable(codecs)}`,
    ].join('\n'),
  };
}

function brokenTable(rows: readonly BrokenRow[]): string {
  return table(
    ['relay', 'breaks', 'what people suffer', 'caught by', 'profile'],
    rows.map(({ name, breaks, harm, outcome, caughtBy, profile = '' }) => [
      code(name),
      rulesText(breaks),
      plain(harm),
      outcome === 'killed' ? caughtBy.map(checkText).join(', ') : `**${outcome}**`,
      profile,
    ]),
  );
}

function faultTable(rows: readonly FaultRow[]): string {
  return table(
    ['fault', 'breaks', 'what is wrong', 'caught by'],
    rows.map(({ name, breaks, what, outcome, killedBy }) => [
      code(name),
      rulesText(breaks),
      plain(what),
      outcome === 'killed' ? killedBy.map(checkText).join(', ') : `**${outcome}**`,
    ]),
  );
}

function legalTable(rows: readonly LegalRow[]): string {
  return table(
    ['relay', 'rules that leave it open', 'what it does', 'verdict'],
    rows.map(({ name, allowedBy, oddity, outcome }) => [
      code(name),
      rulesText(allowedBy),
      plain(oddity),
      outcome === 'passed' ? 'passed' : `**${outcome}**`,
    ]),
  );
}

function codecTable(rows: readonly CodecRow[]): string {
  return table(
    ['codec', 'breaks', 'what people suffer, or what is odd about it', 'caught by'],
    rows.map(({ name, breaks, about, outcome, caughtBy }) => [
      code(name),
      breaks.length > 0 ? rulesText(breaks) : 'nothing: it has to pass',
      plain(about),
      outcome === 'killed' ? caughtBy.map(checkText).join(', ') : outcome === 'passed' ? 'passed' : `**${outcome}**`,
    ]),
  );
}

const rulesText = (ids: readonly string[]) => ids.map((id) => link(id, rulePlace(id))).join(', ');
const checkText = (id: string) => (known.has(id) ? link(id, checkPlace(id)) : plain(id));
