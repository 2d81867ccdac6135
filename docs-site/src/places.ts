/** Where things are in the site. Ids of rules, decisions and checks in any text become links to these places. */
import { checks, type MessageDefinition, specification, vectorFiles } from './sources.ts';

export const areaPage = (area: string) => `/requirements/${area.toLowerCase()}.md`;
export const rulePlace = (id: string) => `${areaPage(id.replace(/-\d+$/, ''))}#${id}`;
export const checkPlace = (id: string) => `/checks/${id.replace(/-\d.*$/, '').toLowerCase()}.md#${id}`;
export const vectorPage = (name: string) => `/vectors/${name}.md`;
export const errorPlace = (name: string | number) => `/errors.md#${name}`;

/** The line of a source file. */
export const sourcePlace = (path: string, line?: number) =>
  `/source/${path}.md${line === undefined ? '' : `#L${line}`}`;

/** Messages that stand on one page: those whose codes share the first digit. */
export const messageGroups: MessageDefinition[][] = [
  ...Map.groupBy(specification.messages, ({ code }) => code >> 4).values(),
];
const groupPage = (group: readonly MessageDefinition[]) => `/messages/${group[0]!.name.toLowerCase()}.md`;
const pageOfMessage = new Map(messageGroups.flatMap((group) => group.map(({ name }) => [name, groupPage(group)])));

export const messagePlace = (name: string) => `${pageOfMessage.get(name)}#${name}`;
export const typePlace = (name: string) => `/encodings.md#type-${name}`;

/** Places by what people write: `CUR-07`, `CUR-37/plans`, `D-001`, `Error 1000`, `close code 1002`. */
export function references(): Record<string, string> {
  return Object.fromEntries([
    ...specification.requirements.map(({ id }) => [id, rulePlace(id)]),
    ...checks.filter(({ id }) => id.includes('/')).map(({ id }) => [id, checkPlace(id)]),
    ...specification.decisions.map(({ id }) => [id, `/decisions.md#${id}`]),
    ...specification.errors.map((error) => [`Error ${error.code}`, errorPlace(error.code)]),
    ...specification.close_codes.map((close) => [`close code ${close.code}`, errorPlace(`close-${close.code}`)]),
    ...vectorFiles.map(({ name }) => [`${name}.json`, vectorPage(name)]),
    ['protocol.json', '/spec/protocol.json'],
  ]);
}
