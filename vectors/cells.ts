/**
 * The matrix of messages × encodings × error classes of the codec: every cell has tests in codec-*.json, or a reason in
 * cells.yaml why it has none. `npm run cells` prints it.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

type Encoding = 'bin' | 'rmp';

interface Field {
  type: string;
}

interface Type {
  kind: 'uint' | 'uint64' | 'bool' | 'str' | 'bytes' | 'list' | 'map' | 'tuple';
  of?: string;
  fields?: Field[];
  ext?: Field[];
  length?: number;
  max_bytes?: number;
  rmp?: 'bin' | 'array';
}

export interface Message {
  name: string;
  encodings: Encoding[];
  fields: Field[];
  ext?: Field[];
}

export interface Specification {
  types: Record<string, Type>;
  messages: Message[];
  error_classes: { name: string; layer: string }[];
}

export interface Reason {
  encoding: Encoding;
  where: string;
  classes: string[];
  reason: string;
}

export interface CodecVectors {
  testGroups: { message?: string; tests: { result: string; error?: string }[] }[];
}

export interface Cell {
  message: string;
  encoding: Encoding;
  errorClass: string;
  tests: number;
  reasons: string[];
}

export interface Matrix {
  cells: Cell[];
  classes: string[];
  /** Everything that is wrong with it, a line each. */
  problems: string[];
}

/** The types of all values in a message, those inside lists, maps and tuples included, but for the keys of maps. */
function leaves({ types }: Specification, message: Message, encoding: Encoding): Type[] {
  const inside = (name: string): Type[] => {
    const type = types[name]!;
    const inner = [...(type.fields ?? []), ...(encoding === 'bin' ? (type.ext ?? []) : [])].map((field) => field.type);
    return [type, ...[...inner, ...(type.of ? [type.of] : [])].flatMap(inside)];
  };
  return [...message.fields, ...(encoding === 'bin' ? (message.ext ?? []) : [])].flatMap(({ type }) => inside(type));
}

/** What `where` of a reason can say of a message in an encoding that has it. */
const PREDICATES: Record<string, (leaf: Type[], encoding: Encoding) => boolean> = {
  'in-encoding': () => true,
  'no-integer': (all, encoding) =>
    !all.some(({ kind, rmp }) => kind === 'uint' || kind === 'uint64' || (encoding === 'rmp' && rmp === 'array')),
  'no-length': (all) => !all.some(({ length, max_bytes }) => length !== undefined || max_bytes !== undefined),
  'no-text': (all) => !all.some(({ kind }) => kind === 'str'),
};

export function matrixOf(
  specification: Specification,
  reasons: Reason[],
  vectors: Record<Encoding, CodecVectors>,
): Matrix {
  const classes = specification.error_classes.filter(({ layer }) => layer === 'codec').map(({ name }) => name);
  const problems: string[] = [];
  for (const { where, classes: named } of reasons) {
    if (where !== 'not-in-encoding' && !(where in PREDICATES)) problems.push(`cells.yaml: no "where" named ${where}`);
    for (const each of named) if (!classes.includes(each)) problems.push(`cells.yaml: no codec error class ${each}`);
  }
  const holds = ({ encoding, where }: Reason, message: Message): boolean => {
    if (!message.encodings.includes(encoding)) return where === 'not-in-encoding';
    return PREDICATES[where]?.(leaves(specification, message, encoding), encoding) ?? false;
  };
  const used = new Set<Reason>();
  const cellOf = (message: Message, encoding: Encoding, errorClass: string): Cell => {
    const mine = vectors[encoding].testGroups.filter((group) => group.message === message.name);
    const tests = mine.flatMap((group) => group.tests).filter((test) => test.error === errorClass).length;
    const given = reasons.filter(
      (reason) => reason.encoding === encoding && reason.classes.includes(errorClass) && holds(reason, message),
    );
    for (const reason of given) used.add(reason);
    return { message: message.name, encoding, errorClass, tests, reasons: given.map(({ reason }) => reason) };
  };
  const cells = (['bin', 'rmp'] as const).flatMap((encoding) =>
    specification.messages.flatMap((message) => classes.map((each) => cellOf(message, encoding, each))),
  );
  for (const { message, encoding, errorClass, tests, reasons: given } of cells) {
    const cell = `${message} in ${encoding}, ${errorClass}`;
    if (tests === 0 && given.length === 0) problems.push(`${cell}: neither a test nor a reason`);
    if (tests > 0 && given.length > 0) problems.push(`${cell}: ${tests} tests, and a reason to have none`);
    if (given.length > 1) problems.push(`${cell}: ${given.length} reasons`);
  }
  for (const reason of reasons) {
    if (!used.has(reason)) problems.push(`cells.yaml: no cell needs the reason "${reason.reason}"`);
  }
  return { cells, classes, problems };
}

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

/** What the matrix of this folder is made from. */
export function sources(): [Specification, Reason[], Record<Encoding, CodecVectors>] {
  return [
    JSON.parse(read('../spec/protocol.json')),
    (parse(read('cells.yaml')) as { reasons: Reason[] }).reasons,
    { bin: JSON.parse(read('codec-bin.json')), rmp: JSON.parse(read('codec-rmp.json')) },
  ];
}

/** Two tables of the numbers of tests, "-" for a reason and "!" for neither, and a summary. */
function render({ cells, classes, problems }: Matrix): string {
  const rows = Map.groupBy(cells, ({ message, encoding }) => `${encoding}  ${message}`);
  const width = Math.max(...[...rows.keys()].map((name) => name.length));
  const line = (name: string, values: string[]) =>
    name.padEnd(width) + values.map((value, index) => value.padStart(classes[index]!.length + 2)).join('');
  const shown = ({ tests, reasons }: Cell) => (tests > 0 ? `${tests}` : reasons.length > 0 ? '-' : '!');
  const tested = cells.filter(({ tests }) => tests > 0);
  const sum = tested.reduce((total, { tests }) => total + tests, 0);
  return [
    line('', classes),
    ...[...rows].map(([name, row]) => line(name, row.map(shown))),
    `${cells.length} cells: ${tested.length} with ${sum} tests, ${cells.filter((cell) => cell.tests === 0 && cell.reasons.length > 0).length} with a reason to have none, ` +
      `${cells.filter((cell) => shown(cell) === '!').length} empty`,
    ...problems,
  ].join('\n');
}

if (process.argv[1] === import.meta.filename) {
  const matrix = matrixOf(...sources());
  console.log(render(matrix));
  process.exitCode = matrix.problems.length > 0 ? 1 : 0;
}
