import { AREAS } from '@0k-sync/spec';
import { code, count, link, list, type Page, plain, table } from '../markdown.ts';
import { areaPage, checkPlace, errorPlace, messagePlace, rulePlace, vectorPage } from '../places.ts';
import { sourceLink } from '../source-files.ts';
import { coverageOf, type Requirement, specification } from '../sources.ts';

const { requirements, decisions, messages, errors } = specification;

/** What the fields of a rule mean, for readers; the rules themselves stand in spec/ alone. */
const SOURCES = {
  deployed: 'the implementation in use behaves so, or documents it',
  rfc: 'another specification says it',
  decision: 'decided for this protocol',
} as const;
const PARTIES = { relay: 'relay', client: 'client', both: 'both sides' } as const;

const rulesOf = (area: string) => requirements.filter((rule) => rule.area === area);

export function requirementPages(): Page[] {
  return [overview(), ...AREAS.map(({ area }) => areaOf(area))];
}

function overview(): Page {
  const rows = AREAS.map(({ area, title }) => {
    const rules = rulesOf(area);
    return [
      link(area, areaPage(area)),
      plain(title),
      rules.length,
      rules.filter((rule) => standing(rule) === 'check').length,
      rules.filter((rule) => standing(rule) === 'vectors').length,
      rules.filter((rule) => standing(rule) === 'untestable').length,
      rules.filter((rule) => standing(rule) === 'nothing').length,
    ];
  });
  const profiles = [...Map.groupBy(requirements, ({ profile }) => profile)].map(([profile, rules]) => [
    code(profile),
    rules.length,
    AREAS.map(({ area }) => area)
      .filter((area) => rules.some((rule) => rule.area === area))
      .map((area) => link(area, areaPage(area)))
      .join(' '),
  ]);
  return {
    path: 'requirements/index.md',
    title: 'Rules',
    label: 'All areas',
    text: [
      `The protocol is ${count(requirements.length, 'numbered rule')}, version ${specification.version} of the specification. A rule is one sentence with one`,
      'reason to fail. Its number never changes, and everything else cites it: checks, vectors, code, these pages.\n',
      table(
        ['area', 'about', 'rules', 'with a check', 'with vectors alone', 'not seen from outside', 'not yet verified'],
        rows,
      ),
      '\n## Profiles {#profiles}\n',
      'A profile is a part of the protocol that an implementation has or has not.\n',
      table(['profile', 'rules', 'in the areas'], profiles),
      '\n## How to read a rule {#reading}\n',
      '- **MUST**, **SHOULD** and **MAY** are those of RFC 2119.',
      '- *Party* is who has to keep it: the relay, the client, or both.',
      '- *Source* says where it comes from:',
      ...Object.entries(SOURCES).map(([source, meaning]) => `  ${code(source)}, ${meaning};`),
      '- *Verified by* is found by a program, never typed in: the checks and vectors that name the rule, and the tests and the code that cite it.',
      '- *Not seen from outside* says why no check can tell, and which test of the reference covers the rule.\n',
      `All rules as data: [spec/protocol.json](/spec/protocol.json). What the sources left open is in [Decisions](/decisions.md).\n`,
    ].join('\n'),
  };
}

function areaOf(area: string): Page {
  const { title } = AREAS.find((entry) => entry.area === area)!;
  const rules = rulesOf(area);
  return {
    path: areaPage(area).slice(1),
    title: `${area}: ${title}`,
    text: `${count(rules.length, 'rule')}. Checks of this area: ${checksOfArea(rules)}.\n\n${rules.map(ruleText).join('\n')}`,
  };
}

function checksOfArea(rules: readonly Requirement[]): string {
  const ids = new Set(rules.flatMap(({ id }) => coverageOf(id).checks));
  return ids.size === 0 ? 'none' : String(ids.size);
}

function ruleText(rule: Requirement): string {
  const marks = [
    `**${rule.level}**`,
    PARTIES[rule.party],
    `profile ${code(rule.profile)}`,
    `source: ${SOURCES[rule.source]}`,
  ];
  if (rule.planned) marks.push('planned');
  const named = messages.filter(({ name }) => new RegExp(`\\b${name}\\b`).test(withoutErrorCodes(rule.text)));
  const cited = decisions.filter((decision) => decision.requirements.includes(rule.id));
  return [
    `## ${rule.id} {#${rule.id}}\n`,
    `<div class="rule">\n\n${plain(rule.text)}\n\n</div>\n`,
    `${marks.join(' · ')}\n`,
    list([
      `**Why:** ${plain(rule.why)}`,
      ...(rule.errors ? [`**Errors:** ${rule.errors.map(errorLink).join(', ')}`] : []),
      ...(named.length > 0
        ? [`**Messages:** ${named.map(({ name }) => link(name, messagePlace(name))).join(', ')}`]
        : []),
      ...(cited.length > 0
        ? [`**Decisions:** ${cited.map(({ id, title }) => `${id} ${plain(title)}`).join(', ')}`]
        : []),
      ...verification(rule),
    ]),
  ].join('\n');
}

/** `Error 1000` is a code, not the message of that name. */
const withoutErrorCodes = (text: string) => text.replace(/\bErrors? \d{4}/g, '');

export function errorLink(error: string | number): string {
  if (typeof error === 'string') return link(code(error), errorPlace(error));
  return link(`${error} ${errors.find(({ code }) => code === error)!.name}`, errorPlace(error));
}

/** What shows that the rule is kept, a line for each kind. */
function verification(rule: Requirement): string[] {
  const { checks, vectors, code: files, tests } = coverageOf(rule.id);
  const lines: string[] = [];
  if (checks.length > 0) lines.push(`**Checks:** ${checks.map((id) => link(id, checkPlace(id))).join(', ')}`);
  const counts = Object.entries(vectors);
  if (counts.length > 0) {
    lines.push(
      `**Vectors:** ${counts.map(([name, many]) => `${link(`${name}.json`, `${vectorPage(name)}#${rule.id}`)} (${many})`).join(', ')}`,
    );
  }
  if (rule.untestable) {
    const { reason, covered_by } = rule.untestable;
    lines.push(`**Not seen from outside:** ${plain(reason)} Covered by ${sourceLink(covered_by, rule.id)}.`);
  }
  if (tests.length > 0)
    lines.push(`**Tests that cite it:** ${tests.map((path) => sourceLink(path, rule.id)).join(', ')}`);
  if (files.length > 0)
    lines.push(`**Code that cites it:** ${files.map((path) => sourceLink(path, rule.id)).join(', ')}`);
  if (standing(rule) === 'nothing') lines.push('**Not verified yet.** No check, vector or test shows that it is kept.');
  return lines;
}

function standing(rule: Requirement): 'check' | 'vectors' | 'untestable' | 'nothing' {
  const { checks, vectors } = coverageOf(rule.id);
  if (checks.length > 0) return 'check';
  if (Object.keys(vectors).length > 0) return 'vectors';
  return rule.untestable ? 'untestable' : 'nothing';
}

/** Rules that name a message, as a list of links. */
export function rulesNaming(name: string): string {
  return requirements
    .filter(({ text }) => new RegExp(`\\b${name}\\b`).test(withoutErrorCodes(text)))
    .map(({ id }) => link(id, rulePlace(id)))
    .join(', ');
}

export function decisionsPage(): Page {
  const text = decisions.map(
    ({ id, title, question, decision, why, requirements: rules }) =>
      `## ${id}: ${plain(title)} {#${id}}\n\n${plain(question)}\n\n**${plain(decision)}**\n\n` +
      `Why: ${plain(why)}\n\n${rules.length === 0 ? '' : `Rules: ${rules.map((rule) => link(rule, rulePlace(rule))).join(', ')}\n`}`,
  );
  return {
    path: 'decisions.md',
    title: 'Decisions',
    text: `What the sources of the protocol left open, and what was decided. ${count(decisions.length, 'decision')}.\n\n${text.join('\n')}`,
  };
}
