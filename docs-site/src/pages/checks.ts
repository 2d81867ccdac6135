import { AREAS } from '@0k-sync/spec';
import type { Check } from '../../../conformance/src/registry.ts';
import { NEEDS } from '../../../conformance/src/target/target.ts';
import { code, count, link, list, type Page, plain, table } from '../markdown.ts';
import { areaPage, checkPlace, rulePlace } from '../places.ts';
import { checkSourceLink } from '../source-files.ts';
import { checks } from '../sources.ts';

const areas = [...Map.groupBy(checks, ({ area }) => area)];
const titleOf = (area: string) => AREAS.find((entry) => entry.area === area)?.title ?? area;

export function checkPages(): Page[] {
  return [overview(), ...areas.map(([area, own]) => areaOf(area, own))];
}

function overview(): Page {
  const rows = areas.map(([area, own]) => [
    link(area, checkPlace(own[0]!.id).replace(/#.*/, '')),
    plain(titleOf(area)),
    own.length,
    own.filter(({ needs }) => needs.length === 0).length,
  ]);
  const profiles = [...Map.groupBy(checks, ({ profile }) => profile)].map(([profile, own]) => [
    code(profile),
    own.length,
  ]);
  return {
    path: 'checks/index.md',
    title: 'Checks',
    label: 'All checks',
    text: [
      `The certifier has ${count(checks.length, 'check')}. Each drives a relay over a real connection, and its id begins with the rule that it verifies.`,
      'How to run them: [Certify your relay](/certify.md).\n',
      table(['area', 'about', 'checks', 'of them for any relay'], rows),
      '\n## Profiles {#profiles}\n',
      table(['profile', 'checks'], profiles),
      '\n## What a check may need {#needs}\n',
      'A check whose need is absent is _not run_, and never counted as passed.\n',
      table(
        ['need', 'meaning', 'checks'],
        Object.entries(NEEDS).map(([need, meaning]) => [
          `<span id="need-${need}">${code(need)}</span>`,
          plain(meaning),
          checks.filter(({ needs }) => (needs as readonly string[]).includes(need)).length,
        ]),
      ),
      '',
    ].join('\n'),
  };
}

function areaOf(area: string, own: readonly Check[]): Page {
  return {
    path: checkPlace(own[0]!.id).replace(/^\/|#.*/g, ''),
    title: `Checks of ${area}: ${titleOf(area)}`,
    label: `${area}: ${titleOf(area)}`,
    text: `${count(own.length, 'check')} of the rules in ${link(`${area}: ${titleOf(area)}`, areaPage(area))}.\n\n${own.map(checkText).join('\n')}`,
  };
}

function checkText({ id, title, requirements, needs, profile, alone }: Check): string {
  const source = checkSourceLink(id);
  return [
    `## ${id} {#${id}}\n`,
    `${plain(title)}\n`,
    list([
      `**Verifies:** ${requirements.map((rule) => link(rule.id, rulePlace(rule.id))).join(', ')}`,
      `**Profile:** ${code(profile)}`,
      ...(needs.length > 0
        ? [`**Needs:** ${needs.map((need) => link(code(need), `/checks/index.md#need-${need}`)).join(', ')}`]
        : []),
      ...(alone ? ['**Alone:** no other check runs beside it'] : []),
      `**Run it:** \`0k-conformance --only ${id}\``,
      ...(source ? [`**Source:** ${source}`] : []),
    ]),
  ].join('\n');
}
