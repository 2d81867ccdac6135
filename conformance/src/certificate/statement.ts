import { createHash } from 'node:crypto';
import { outcomeOf, type Report, type ReportTarget } from '../report/report.ts';
import type { SaboteurScore } from '../saboteur-score.ts';
import { type PublicKeys, publicKeys } from './keys.ts';

export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
export const PREDICATE_TYPE = 'https://in-toto.io/attestation/test-result/v0.1';

/** What is certified, in the form of `certificate.schema.json` of @0k-sync/spec: an in-toto Statement with a test-result. */
export interface Statement {
  readonly _type: typeof STATEMENT_TYPE;
  readonly subject: readonly Subject[];
  readonly predicateType: typeof PREDICATE_TYPE;
  readonly predicate: {
    readonly result: 'PASSED' | 'WARNED';
    readonly configuration: readonly { readonly name: string; readonly uri: string }[];
    readonly url?: string;
    readonly passedTests: readonly string[];
    readonly warnedTests: readonly string[];
    readonly failedTests: readonly never[];
    readonly '0k-conformance': CertifiedRun;
  };
}

export interface Subject {
  readonly name: string;
  readonly uri?: string;
  readonly digest: { readonly sha256: string };
  readonly annotations?: { readonly identity?: string; readonly limits?: Readonly<Record<string, string>> };
}

/** What the test-result predicate has no field for. */
export interface CertifiedRun {
  /** Of a codec, what its driver says of itself. */
  readonly target: Pick<ReportTarget, 'kind' | 'name' | 'version' | 'operations'>;
  readonly kit: string;
  readonly specification: string;
  readonly profiles: readonly string[];
  readonly seed: number;
  readonly options: { readonly timeoutSeconds: number; readonly jobs: number; readonly strict: boolean };
  readonly startedAt: string;
  readonly durationMs: number;
  readonly totals: {
    readonly passed: number;
    readonly warned: number;
    readonly failed: 0;
    readonly notRun: number;
  };
  readonly notRun: readonly { readonly reason: string; readonly tests: readonly string[] }[];
  readonly saboteurs: SaboteurScore | { readonly unknown: string };
  readonly report: { readonly digest: { readonly sha256: string } };
  readonly keys: PublicKeys['keys'];
  readonly proves: string;
  readonly doesNotProve: readonly string[];
}

/** What a certificate says, and what it does not: it stands in each, so that nobody has to know these pages. */
const PROVES = 'The holder of the keys saw these results for this target, kit, profiles and seed.';
const DOES_NOT_PROVE = [
  'Who holds the keys, or that they ran the kit as it was published: it is worth what their word is worth.',
  'Anything about checks that were not run.',
  'That no rule is ever broken: races and faults that this run did not meet are not seen.',
  'That what runs elsewhere or later, or under another configuration, is what was tested.',
  'Security beyond the rules of the protocol, or that anybody has audited the code.',
];

/** A run that cannot be certified, and why. */
export class NotCertifiable extends Error {
  override readonly name = 'NotCertifiable';
}

export interface Certification {
  /** The report as it is written, byte for byte. */
  readonly reportText: string;
  readonly saboteurs: CertifiedRun['saboteurs'];
  readonly keys: PublicKeys;
  /** A file that is said to be what was tested, with its content. */
  readonly artifact?: { readonly name: string; readonly content: Uint8Array };
  /** Where the report can be read. */
  readonly reportUrl?: string;
}

/**
 * The statement about a run.
 *
 * @throws NotCertifiable if it was not a complete one without a failure
 */
export function statementOf(report: Report, certification: Certification): Statement {
  const why = whyNot(report);
  if (why !== undefined) throw new NotCertifiable(why);
  const { reportText, saboteurs, keys, artifact, reportUrl } = certification;
  const subject = [
    ...targetSubject(report.target),
    ...(artifact ? [{ name: artifact.name, digest: { sha256: sha256(artifact.content) } }] : []),
  ];
  if (subject.length === 0) {
    throw new NotCertifiable('the target has no identity: name the file that was tested with --artifact');
  }
  const { selection, version, specVersion } = report;
  const of = (...outcomes: string[]) => report.checks.filter((check) => outcomes.includes(outcomeOf(check)));
  const ids = (outcome: string) => of(outcome).map(({ id }) => id);
  const [passed, warned] = [ids('pass'), ids('warned')];
  const notRun = Map.groupBy(of('not-run'), ({ reason = '' }) => reason);
  return {
    _type: STATEMENT_TYPE,
    subject,
    predicateType: PREDICATE_TYPE,
    predicate: {
      result: warned.length === 0 ? 'PASSED' : 'WARNED',
      configuration: [
        { name: 'kit', uri: `pkg:npm/${report.tool}@${version}` },
        { name: 'specification', uri: `pkg:npm/%400k-sync/spec@${specVersion}` },
      ],
      ...(reportUrl !== undefined && { url: reportUrl }),
      passedTests: passed,
      warnedTests: warned,
      failedTests: [],
      '0k-conformance': {
        target: {
          kind: report.target.kind,
          ...(report.target.name !== undefined && { name: report.target.name }),
          ...(report.target.version !== undefined && { version: report.target.version }),
          ...(report.target.operations && { operations: report.target.operations }),
        },
        kit: version,
        specification: specVersion,
        profiles: report.profiles,
        seed: report.seed >>> 0,
        options: { timeoutSeconds: selection!.timeoutSeconds, jobs: selection!.jobs, strict: selection!.strict },
        startedAt: report.startedAt,
        durationMs: report.durationMs,
        totals: { passed: passed.length, warned: warned.length, failed: 0, notRun: report.totals.notRun },
        notRun: Array.from(notRun, ([reason, checks]) => ({ reason, tests: checks.map(({ id }) => id) })),
        saboteurs,
        report: { digest: { sha256: sha256(reportText) } },
        keys: publicKeys(keys).keys,
        proves: PROVES,
        doesNotProve: DOES_NOT_PROVE,
      },
    },
  };
}

/** Why a run cannot be certified; undefined if it can. */
function whyNot(report: Report): string | undefined {
  const { selection, totals, verdict } = report;
  if (report.problem !== undefined) return `no check could be run: ${report.problem}`;
  if (report.untrusted) return 'the target granted what nobody may grant, and nothing it passed is to be trusted';
  if (report.interrupted !== undefined) return `the run did not come to its end: ${report.interrupted}`;
  if (selection === undefined) return 'the report does not say what was chosen';
  if (selection.only) return 'only a part was run (--only): a certificate is about whole profiles';
  if (selection.quick) return 'slow checks were left out (--quick): a certificate is about whole profiles';
  if (selection.selected !== selection.available) return 'only a part of the checks of the profiles was run';
  if (selection.runs !== undefined) return 'the number of plans was not the kit’s own (--runs)';
  if (report.profiles.includes('chaos')) return 'scenarios with a bad network (--chaos) are not certified';
  if (totals.fail > 0) return `it is not conformant, ${totals.fail} failed`;
  if (totals.knownFailing > 0) return `failures that are known are failures, ${totals.knownFailing} failed`;
  if (totals.inconclusive > 0) return `nothing can be said about ${totals.inconclusive}, which were inconclusive`;
  return verdict === 'conformant' ? undefined : `the verdict is ${verdict}, not conformant`;
}

/** The target by what it proved: its identity. What has none is certified by the file that was named for it. */
function targetSubject({ kind, url, startedBy, identity, limits }: ReportTarget): Subject[] {
  if (identity === undefined) return [];
  return [
    {
      name: kind,
      // The address of a process that the kit started says nothing afterwards.
      ...(url !== undefined && startedBy === undefined && { uri: url }),
      digest: { sha256: sha256(Buffer.from(identity, 'base64url')) },
      annotations: { identity, ...(limits && { limits }) },
    },
  ];
}

function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
