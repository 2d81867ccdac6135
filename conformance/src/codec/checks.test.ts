import { readdirSync, readFileSync } from 'node:fs';
import { encodeMessage, parseInvite } from '@0k-sync/reference';
import { nodeCrypto } from '@0k-sync/reference/node';
import { DRIVER, REQUIREMENTS } from '@0k-sync/spec';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answer, operations } from '../../saboteurs/src/codecs/driver.ts';
import { codecRegistry } from './checks.ts';
import { faultsOf } from './random/faults.ts';
import { faultsOfMap, faultsOfObject } from './random/invite-faults.ts';
import { invite4, inviteJson } from './random/invite-parts.ts';
import { messageArbitrary } from './random/message-arbitrary.ts';
import { allowed } from './random/sampling.ts';
import { SAMPLINGS } from './random/samplings.ts';
import { treeOf, write } from './random/wire-tree.ts';
import type { Trial } from './trial.ts';
import { SUBJECTS } from './vectors/subjects.ts';
import { groupsOf } from './vectors/vector-file.ts';

const tables = DRIVER.operations.flatMap((operation) =>
  'vectors' in operation
    ? operation.vectors.flatMap(({ file, groups }) => groups.map((group) => `${operation.name} ${file} ${group}`))
    : [],
);

/** Files that no operation is for: dialogues need a relay. */
const WITHOUT_OPERATION = ['session-dialogues'];

describe('the checks of codecs', () => {
  it('are for the operations, files and groups that driver.yaml names, and no others', () => {
    expect(SUBJECTS.map(({ op, file, group }) => `${op} ${file} ${group}`).sort()).toEqual([...tables].sort());
  });

  it('run every vector of every file that an operation is for', () => {
    const folder = new URL('../../../vectors/', import.meta.url);
    const files = readdirSync(folder).filter((name) => name.endsWith('.json') && name !== 'package.json');
    const forgotten = files
      .map((name) => name.replace('.json', ''))
      .filter((file) => !WITHOUT_OPERATION.includes(file))
      .flatMap((file) =>
        groupsOf(file).flatMap((group) =>
          group.tests
            .filter(
              (vector) =>
                !SUBJECTS.some(
                  (own) => own.file === file && own.group === group.type && (own.applies?.(vector, group) ?? true),
                ),
            )
            .map(({ tcId }) => `${file} ${tcId}`),
        ),
      );
    expect(forgotten).toEqual([]);
  });

  it('have a profile of their own', () => {
    expect([...new Set(codecRegistry.all().map(({ profile }) => profile))]).toEqual(['codec']);
  });
});

describe('the schema of lines', () => {
  const schema = JSON.parse(
    readFileSync(new URL(import.meta.resolve('@0k-sync/spec/schemas/generated/driver-line.schema.json')), 'utf8'),
  );
  const ajv = new Ajv2020({ strict: false });
  ajv.addSchema(schema);
  const request = ajv.compile({ $ref: 'driver-line.schema.json#/$defs/request' });
  const samples: Trial[] = [
    ...SUBJECTS.flatMap((subject) =>
      groupsOf(subject.file)
        .filter(({ type }) => type === subject.group)
        .flatMap((group) => {
          const vectors = group.tests.filter((vector) => subject.applies?.(vector, group) ?? true);
          const shown = ['valid', 'invalid'].flatMap(
            (result) => vectors.find((vector) => vector.result === result) ?? [],
          );
          return shown.flatMap((vector) => subject.trials(vector, group).slice(0, 1));
        }),
    ),
    ...SAMPLINGS.flatMap(({ trials }) => fc.sample(trials(), { numRuns: 3, seed: 1 })),
  ];

  it.each(DRIVER.operations.map(({ name }) => name).filter((name) => name !== 'describe'))(
    'fits what is asked of %s, and what the reference answers',
    (name) => {
      const answers = ajv.compile({ $ref: `driver-line.schema.json#/$defs/answers/${name}` });
      const own = samples.filter(({ op }) => op === name);
      expect(own.length).toBeGreaterThan(0);
      for (const { op, input } of own) {
        const line = { id: 1, op, ...input };
        expect(request(line), `${JSON.stringify(line).slice(0, 300)}: ${ajv.errorsText(request.errors)}`).toBe(true);
        const given = answer(JSON.parse(JSON.stringify(line)));
        expect(answers(given), `${JSON.stringify(given).slice(0, 300)}: ${ajv.errorsText(answers.errors)}`).toBe(true);
      }
    },
  );

  it('does not fit what has another name, another type or an input too many', () => {
    for (const wrong of [
      { id: 1, op: 'no-such-thing' },
      { id: 1, op: 'write-id', bytes: 'abc' },
      { id: 1, op: 'write-id', bytes: 'ab', more: 1 },
      { op: 'write-id', bytes: 'ab' },
    ]) {
      expect(request(wrong), JSON.stringify(wrong)).toBe(false);
    }
  });

  it('has an answer of the reference to each operation', () => {
    expect(Object.keys(operations).sort()).toEqual(
      DRIVER.operations
        .map(({ name }) => name)
        .filter((name) => name !== 'describe')
        .sort(),
    );
  });
});

describe('what driver.yaml leaves open', () => {
  const asked = [
    ...SUBJECTS.flatMap((subject) =>
      groupsOf(subject.file)
        .filter(({ type }) => type === subject.group)
        .flatMap((group) =>
          group.tests
            .filter((vector) => subject.applies?.(vector, group) ?? true)
            .flatMap((vector) => subject.trials(vector, group)),
        ),
    ),
    ...SAMPLINGS.flatMap(({ trials, op, runs }) =>
      fc.sample(trials(), { numRuns: op.startsWith('noise-') ? 10 : runs, seed: 3 }),
    ),
  ];

  it('is never asked: calls of a Noise object before their time (D-161)', () => {
    const early = asked
      .filter(({ op }) => op.startsWith('noise-'))
      .map(({ input }) => (input['steps'] as { do: string }[]).map((step) => step.do).join(' '))
      .filter((calls) => !/^((write|read)( |$))*(finish( (encrypt|decrypt|rekey-send|rekey-receive))*)?$/.test(calls));
    expect(early).toEqual([]);
    const unfinished = asked.filter(({ op, input }) => {
      const calls = (input['steps'] as { do: string }[] | undefined)?.map((step) => step.do) ?? [];
      return op.startsWith('noise-') && calls.includes('finish') && calls.indexOf('finish') !== 4;
    });
    expect(unfinished).toEqual([]);
  });

  it('is never asked: half a surrogate pair (D-162)', () => {
    const halves: string[] = [];
    for (const { op, input } of asked) {
      JSON.stringify(input, (key, value) => {
        if (!key.isWellFormed() || (typeof value === 'string' && !value.isWellFormed())) halves.push(op);
        return value;
      });
    }
    expect(halves).toEqual([]);
  });
});

describe('random requests', () => {
  const sampled = (id: string) => {
    const { runs, trials } = SAMPLINGS.find((sampling) => sampling.id === id)!;
    return fc.sample(trials(), { numRuns: runs, seed: 1 });
  };

  it.each([
    ...['ENV-14/random-read-id', 'ENV-16/random-read-blob-id', 'MEM-03/random-verify-proof', 'SEAL-03/random-open-1'],
    ...[
      'SEAL-08/random-open-2',
      'SEAL-33/random-open-name',
      'CONT-09/random-open-content',
      'INV-35/random-check-expiry',
    ],
    ...['CODE-03/random-read-short-code', 'CODE-12/random-open-invite', 'CLI-13/random-backoff-delay'],
  ])('of %s are right ones and wrong ones', (id) => {
    const verdicts = sampled(id).map(({ allowed }) => (allowed.ok ? 'right' : 'wrong'));
    expect(new Set(verdicts)).toEqual(new Set(['right', 'wrong']));
  });

  it('leave UUIDs in capitals to the reader', () => {
    const verdicts = sampled('ENV-16/random-read-blob-id').filter(
      ({ input, allowed }) => allowed.ok && input['text'] !== String(input['text']).toLowerCase(),
    );
    expect(verdicts.length).toBeGreaterThan(0);
    for (const { allowed } of verdicts) expect(allowed.errors).toEqual(['malformed']);
  });

  it('have names around the longest that is not cut', () => {
    const lengths = sampled('SEAL-26/random-seal-name').map(({ input }) => Buffer.byteLength(String(input['name'])));
    for (const length of [126, 127, 128]) expect(lengths).toContain(length);
  });

  it('have frames of exactly the limit', () => {
    const largest = (trial: Trial) =>
      trial.allowed.ok!.some(({ bodies }) =>
        (bodies as string[]).some((body) => body.length / 2 === trial.input['max_body']),
      );
    expect(sampled('FRAME-01/random-frames').some(largest)).toBe(true);
  });

  it('have lists that need a longer header', () => {
    const lists = sampled('WIRE-04/random-encode-bin').flatMap(({ input }) =>
      Object.values(input['message'] as object).filter((value): value is unknown[] => Array.isArray(value)),
    );
    expect(lists.some(({ length }) => length > 15)).toBe(true);
  });

  it('name the rule of what was changed in the padding of a seal 2, and say what it is', () => {
    const changes = sampled('SEAL-16/random-padding').map(({ requirement, about }) => `${requirement} ${about}`);
    expect(changes).toContainEqual(expect.stringMatching(/^SEAL-15 byte \d+ of the padding is 1$/));
    expect(changes).toContainEqual(
      expect.stringMatching(/^SEAL-16 the padding is \d+ bytes longer than it should be$/),
    );
    expect(changes).toContainEqual(
      expect.stringMatching(/^SEAL-16 the padding is \d+ bytes shorter than it should be$/),
    );
  });
});

describe('random messages', () => {
  it('have the bytes of the reference as a tree', () => {
    fc.assert(
      fc.property(messageArbitrary('bin'), (message) => {
        const tree = Buffer.from(write(treeOf(message))).toString('hex');
        // The order of keys is the only thing that a tree leaves as it came.
        expect(tree.length).toBe(encodeMessage(message, 'bin').length * 2);
      }),
      { numRuns: 200 },
    );
  });

  it('are refused by the reference with any one fault in them', async () => {
    const { decodeMessage } = await import('@0k-sync/reference');
    const small = messageArbitrary('bin').filter((message) => encodeMessage(message, 'bin').length < 500);
    for (const message of fc.sample(small, { numRuns: 60, seed: 5 })) {
      for (const { requirement, tree } of faultsOf(treeOf(message))) {
        const verdict = allowed(() => ({ message: decodeMessage(write(tree), 'bin') }));
        expect(
          verdict.errors,
          `${message.type} ${requirement} ${Buffer.from(write(tree)).toString('hex')}`,
        ).toHaveLength(1);
      }
    }
  });
});

describe('random invites', () => {
  const classesOf = new Map(REQUIREMENTS.map((entry) => [entry.id, 'errors' in entry ? entry.errors : []]));

  it.each([
    ['of version 4', () => invite4.map(faultsOfMap)],
    ['in JSON', () => inviteJson.map(faultsOfObject)],
  ])('%s are refused by the reference for any one fault in them', (_, arbitrary) => {
    for (const faults of fc.sample(arbitrary(), { numRuns: 20, seed: 5 })) {
      for (const { requirement, text } of faults) {
        const verdict = allowed(() => ({ invite: parseInvite(text(), nodeCrypto) }));
        expect(verdict.errors, `${requirement} ${text()}`).toEqual(classesOf.get(requirement as never));
      }
    }
  });
});
