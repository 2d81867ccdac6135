import type { Legal } from '../saboteur.ts';

/** A codec is its sources: it differs by them alone. */
type LegalCodec = Omit<Legal, 'parts' | 'allowedBy'> & {
  /** What they are asked with; a kind of request that they would be slow at is left out. */
  readonly only?: readonly string[];
};

const DRIVER = 'conformance/saboteurs/src/codecs/driver.ts';
const VALUES = 'conformance/saboteurs/src/codecs/driver-values.ts';
const ANSWER = 'write(JSON.stringify(answer(JSON.parse(line))))';
const answering = (replace: string) => [{ file: DRIVER, find: ANSWER, replace }];

/** Drivers that are odd in what driver.yaml leaves open: they have to pass. */
export const LEGAL_CODECS: readonly LegalCodec[] = [
  {
    name: 'codec-extra-keys',
    oddity: 'its answers have keys that nobody asked for, and null where nothing is',
    patches: answering(
      '((given) => write(JSON.stringify({ took: 1.5, ...given, ...(given.ok && { ok: { zz: [null], ...given.ok }, error: null }) })))(answer(JSON.parse(line)))',
    ),
  },
  {
    name: 'codec-upper-case-hex',
    oddity: 'its hex is in upper case',
    patches: [
      {
        file: VALUES,
        find: "const hex = (value: Uint8Array) => Buffer.from(value).toString('hex');",
        replace: "const hex = (value: Uint8Array) => Buffer.from(value).toString('hex').toUpperCase();",
      },
    ],
  },
  {
    name: 'codec-answers-in-pieces',
    oddity: 'its answers come byte by byte, with spaces and a carriage return',
    only: ['ENV-14', 'KEY-16'],
    patches: answering(
      "Buffer.from(JSON.stringify(answer(JSON.parse(line)), null, ' ').replaceAll('\\n', ' ') + '\\r\\n').forEach((byte) => process.getBuiltinModule('node:fs').writeSync(1, Buffer.of(byte)))",
    ),
  },
  {
    name: 'codec-slow',
    oddity: 'it thinks for a while before each answer',
    only: ['KEY-20', 'ENV-13'],
    patches: answering('setTimeout(() => write(JSON.stringify(answer(JSON.parse(line)))), 10)'),
  },
  {
    name: 'codec-talkative',
    oddity: 'it writes a line to stderr for each request',
    patches: answering(
      "process.stderr.write('got ' + line.length + '\\n', () => write(JSON.stringify(answer(JSON.parse(line)))))",
    ),
  },
  {
    name: 'codec-escapes-all',
    oddity: 'every character that is not ASCII is escaped in its answers',
    patches: answering(
      "write(JSON.stringify(answer(JSON.parse(line))).replace(/[^ -~]/g, (unit) => '\\\\u' + unit.charCodeAt(0).toString(16).padStart(4, '0')))",
    ),
  },
  {
    name: 'codec-of-few-operations',
    oddity: 'it only decodes',
    patches: [
      { file: DRIVER, find: 'operations: Object.keys(operations) } };', replace: "operations: ['decode'] } };" },
      { file: DRIVER, find: 'Object.hasOwn(operations, op) ?', replace: "op === 'decode' ?" },
    ],
  },
];
