import schema from '@0k-sync/spec/schemas/certificate.schema.json' with { type: 'json' };
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { certificate, score, signer, statementFor, stranger, wholeRun } from '../../test/sample-certificate.ts';
import { fail, knownFail, notRun, pass, selectionOf, unknown, warned } from '../../test/sample-run.ts';
import { jsonReport, jsonText } from '../report/json.ts';
import type { RunResult } from '../run/result.ts';
import { CertificateError, type Flaw, signStatement, verifyCertificate } from './certificate.ts';
import { describeStatement } from './describe.ts';
import { type Envelope, writeEnvelope } from './dsse.ts';
import { publicKeys } from './keys.ts';
import { NotCertifiable, type Statement, statementOf } from './statement.ts';

const good = certificate();
const envelope = JSON.parse(good.toString()) as Envelope;

/** What is wrong with a file; undefined if it verifies. */
function flawOf(file: Uint8Array | string, keys = publicKeys(signer), known = true): Flaw | undefined {
  try {
    verifyCertificate(Buffer.from(file as Uint8Array), known ? keys : undefined);
    return undefined;
  } catch (error) {
    if (error instanceof CertificateError) return error.flaw;
    throw error;
  }
}

describe('a certificate', () => {
  it('says what was seen, in the form of its schema', () => {
    const statement = verifyCertificate(good, publicKeys(signer));
    expect(statement).toEqual(statementFor());
    const validate = new Ajv2020({ strict: false }).compile(schema);
    expect(validate(statement), JSON.stringify(validate.errors)).toBe(true);
    expect(statement).toMatchObject({
      _type: 'https://in-toto.io/Statement/v1',
      predicateType: 'https://in-toto.io/attestation/test-result/v0.1',
      subject: [
        {
          name: 'relay',
          uri: 'ws://relay.example/',
          // Of 32 bytes 07.
          digest: { sha256: '4bb06f8e4e3a7715d201d573d0aa423762e55dabd61a2c02278fa56cc6d294e0' },
          annotations: { limits: { max_blob_size: '1048576' } },
        },
      ],
      predicate: {
        result: 'PASSED',
        passedTests: ['CUR-01'],
        warnedTests: [],
        failedTests: [],
        '0k-conformance': {
          profiles: ['core', 'membership'],
          seed: 9,
          totals: { passed: 1, warned: 0, failed: 0, notRun: 1 },
          notRun: [{ reason: 'needs a miracle', tests: ['CUR-03'] }],
          saboteurs: score,
        },
      },
    });
  });

  it('without a key shows only that it was not changed', () => {
    expect(verifyCertificate(good)).toEqual(statementFor());
    expect(flawOf(signStatement(statementFor(wholeRun(), stranger), stranger), publicKeys(signer))).toBe('key');
  });

  it('tells of warnings, files and where the report is', () => {
    const run = wholeRun([pass, warned]);
    const statement = statementOf(jsonReport(run), {
      reportText: jsonText(run),
      saboteurs: { unknown: 'this kit comes without a score' },
      keys: signer,
      artifact: { name: 'my-relay', content: Buffer.from('abc') },
      reportUrl: 'https://relay.example/report.html',
    });
    expect(statement.predicate).toMatchObject({ result: 'WARNED', url: 'https://relay.example/report.html' });
    expect(statement.subject[1]).toEqual({
      name: 'my-relay',
      digest: { sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' },
    });
    const text = describeStatement(verifyCertificate(Buffer.from(signStatement(statement, signer))));
    expect(text).toContain('passed, with 1 warning');
    expect(text).toContain('my-relay, SHA-256 ba7816bf');
    expect(text).toContain('unknown: this kit comes without a score');
  });

  it('names a codec as its driver does, and the file that was tested', () => {
    const operations = new Set(['encode', 'decode']);
    const driver = { name: 'mine', version: '2.1', operations };
    const run = wholeRun([pass], { kind: 'codec', identity: undefined, driver });
    const artifact = { name: 'driver.py', content: Buffer.from('abc') };
    const given = { reportText: jsonText(run), saboteurs: score, keys: signer, artifact };
    const certified = signStatement(statementOf(jsonReport(run), given), signer);
    const statement = verifyCertificate(Buffer.from(certified), publicKeys(signer));
    expect(statement.subject.map(({ name }) => name)).toEqual(['driver.py']);
    expect(statement.predicate['0k-conformance'].target).toEqual({
      ...{ kind: 'codec', name: 'mine', version: '2.1' },
      operations: ['decode', 'encode'],
    });
    expect(describeStatement(statement)).toMatch(
      /target {5}codec mine 2\.1\n {2}has {8}decode, encode\n {2}file {7}driver\.py/,
    );
  });

  it('does not name the address of a process that is gone', () => {
    const { subject } = statementFor(wholeRun([pass], { startedBy: 'my-relay --secret 7' }));
    expect(JSON.stringify(subject)).not.toMatch(/uri|secret/);
  });
});

describe('a run is not certified', () => {
  const part = (changes: object) => ({ selection: selectionOf([pass], { available: 1, ...changes }) });
  it.each<[string, RunResult, RegExp]>([
    ['with a failure', wholeRun([pass, fail]), /not conformant, 1 failed/],
    ['with a known failure', wholeRun([pass, knownFail]), /known are failures, 1 failed/],
    ['that is inconclusive', wholeRun([pass, unknown]), /about 1, which were inconclusive/],
    ['of nothing', wholeRun([notRun]), /the verdict is inconclusive/],
    ['of some checks', wholeRun([pass], part({ only: ['CUR-01'] })), /--only/],
    ['that was quick', wholeRun([pass], part({ quick: true })), /--quick/],
    ['with fewer plans', wholeRun([pass], part({ runs: 1 })), /--runs/],
    ['of fewer checks than there are', wholeRun([pass], part({ available: 2 })), /a part of the checks/],
    ['with a bad network', wholeRun([pass], { profiles: ['chaos'] }), /--chaos/],
    ['that was interrupted', wholeRun([pass], { interrupted: 'stopped' }), /did not come to its end: stopped/],
    [
      'that could not begin',
      wholeRun([notRun], { problem: { verdict: 'inconclusive', text: 'gone' } }),
      /no check could be run: gone/,
    ],
    [
      'of a target that grants everything',
      wholeRun([pass], { canary: { passed: false, ms: 1, reason: 'it granted it', trace: [] } }),
      /nothing it passed is to be trusted/,
    ],
    ['of a target without an identity', wholeRun([pass], { identity: undefined }), /--artifact/],
  ])('%s', (_, run, message) => {
    expect(() => statementFor(run)).toThrow(NotCertifiable);
    expect(() => statementFor(run)).toThrow(message);
  });
});

describe('a certificate that was changed', () => {
  const write = (changes: Partial<Envelope>) => writeEnvelope({ ...envelope, ...changes });
  const signatures = (index: number, changes: object) =>
    envelope.signatures.map((each, at) => (at === index ? { ...each, ...changes } : each));
  const flipped = (base64: string) => {
    const bytes = Buffer.from(base64, 'base64');
    bytes[bytes.length >> 1]! ^= 1;
    return bytes.toString('base64');
  };
  /** Another way to write the same bytes: the last character before the padding has bits that mean nothing. */
  const loose = (base64: string) => base64.replace(/.(?==+$)/, (last) => String.fromCharCode(last.charCodeAt(0) + 1));
  const statement = (change: (statement: Record<string, never>) => void) => {
    const changed = structuredClone(statementFor()) as unknown as Record<string, never>;
    change(changed);
    return signStatement(changed as unknown as Statement, signer);
  };
  const text = good.toString();

  it.each<[string, string | Uint8Array, Flaw]>([
    ['cut', good.subarray(0, -3), 'json'],
    ['empty', '', 'json'],
    ['with a mark of its encoding', `\ufeff${text}`, 'json'],
    ['not in UTF-8', Buffer.from(text.replace(envelope.signatures[0]!.keyid, '\xff'), 'latin1'), 'json'],
    ['with something behind it', `${text}{}`, 'json'],
    ['another document', '{"a": 1}', 'envelope'],
    ['null', 'null', 'envelope'],
    ['with one signature', write({ signatures: envelope.signatures.slice(0, 1) }), 'envelope'],
    ['with three', write({ signatures: [...envelope.signatures, envelope.signatures[0]!] }), 'envelope'],
    ['of another type', write({ payloadType: 'application/json' }), 'payload-type'],
    ['with loose base64', write({ payload: loose(`${envelope.payload.replace(/=+$/, '')}==`) }), 'base64'],
    [
      'with base64url',
      write({ signatures: signatures(0, { sig: envelope.signatures[0]!.sig.replace(/=+$/, '') }) }),
      'base64',
    ],
    ['with a blank line', `${text}\n`, 'form'],
    ['in one line', JSON.stringify(envelope), 'form'],
    ['with one more member', text.replace('"payloadType"', '"note": "x",\n  "payloadType"'), 'form'],
    [
      'with a member twice',
      text
        .replace('"payloadType"', '"payload": "",\n  "payloadType"')
        .replace('"payload": "",', `"payload": "${envelope.payload}",`),
      'form',
    ],
    ['with an escape', text.replace('"payload"', '"\\u0070ayload"'), 'form'],
    ['with Windows line ends', text.replaceAll('\n', '\r\n'), 'form'],
    ['with another key id', write({ signatures: signatures(0, { keyid: 'x' }) }), 'key'],
    ['with signatures in another order', write({ signatures: envelope.signatures.toReversed() }), 'key'],
    [
      'with a wrong Ed25519 signature',
      write({ signatures: signatures(0, { sig: flipped(envelope.signatures[0]!.sig) }) }),
      'Ed25519',
    ],
    [
      'with a wrong ML-DSA signature',
      write({ signatures: signatures(1, { sig: flipped(envelope.signatures[1]!.sig) }) }),
      'ML-DSA-65',
    ],
    [
      'in what it says',
      write({
        payload: Buffer.from(JSON.stringify(statementFor()).replace('"seed":9', '"seed":8')).toString('base64'),
      }),
      'Ed25519',
    ],
    ['and signed, but of another type', statement((it) => (it['predicateType'] = 'x' as never)), 'statement'],
    [
      'and signed, but with failures',
      statement((it) => ((it['predicate'] as unknown as { failedTests: string[] }).failedTests = ['CUR-01'])),
      'statement',
    ],
    ['and signed, but naming another’s key', signStatement(statementFor(wholeRun(), stranger), signer), 'key'],
  ])('%s is found out', (_, file, flaw) => {
    expect(flawOf(file)).toBe(flaw);
  });

  it('anywhere by one byte is found out, with a key and without', () => {
    const at = fc.nat({ max: good.length - 1 });
    const byte = fc.nat({ max: 255 });
    const changes = fc.oneof(
      fc.tuple(at, fc.integer({ min: 1, max: 255 })).map(([index, bits]) => {
        const file = Buffer.from(good);
        file[index]! ^= bits;
        return file;
      }),
      at.map((index) => Buffer.concat([good.subarray(0, index), good.subarray(index + 1)])),
      fc.tuple(fc.nat({ max: good.length }), byte).map(([index, value]) => {
        return Buffer.concat([good.subarray(0, index), Buffer.of(value), good.subarray(index)]);
      }),
      at.map((length) => good.subarray(0, length)),
    );
    fc.assert(
      fc.property(changes, fc.boolean(), (file, known) => {
        // A byte put in or taken out of a row of like ones may leave the same file.
        fc.pre(Buffer.compare(file, good) !== 0);
        expect(flawOf(file, publicKeys(signer), known)).toBeDefined();
      }),
      { numRuns: 400 },
    );
  });

  it('at every byte outside of the base64 is found out', () => {
    for (let index = 0; index < good.length; index++) {
      if (/[A-Za-z0-9+/]{40}/.test(text.slice(Math.max(0, index - 20), index + 20))) continue;
      for (const bits of [1, 0x20, 0x80]) {
        const file = Buffer.from(good);
        file[index]! ^= bits;
        expect(flawOf(file), `${index} ^ ${bits}`).toBeDefined();
      }
    }
  });
});
