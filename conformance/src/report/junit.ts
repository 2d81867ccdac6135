import { AREAS, SPEC_VERSION } from '@0k-sync/spec';
import XMLBuilder from 'fast-xml-builder';
import {
  type CheckResult,
  confirmationOf,
  isUnexpectedPass,
  isWarning,
  type RunResult,
  verdictOf,
} from '../run/result.ts';
import { COMMAND, KIT_VERSION } from '../version.ts';
import { colorsFor } from './style.ts';
import { renderFailure, renderVerdict } from './text.ts';

/** What XML 1.0 has no way to write, lone surrogates among it. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

const plain = colorsFor(false);

/**
 * The report of a run as JUnit XML, for what shows tests in CI: a suite for each area, a case for each check, and one for the
 * run as a whole. Its order and attributes are those on which the schemas in use agree.
 */
export function junitReport(run: RunResult): string {
  const areas = Map.groupBy(run.checks, ({ check }) => check.area);
  const suites = [
    suite(run, 'run', [wholeRun(run)], { properties: propertiesOf(run) }),
    ...Array.from(areas, ([area, results]) => {
      const title = AREAS.find((entry) => entry.area === area)?.title ?? '';
      const warnings = results.filter(isWarning).map(({ check, reason }) => `${check.id}: ${reason}\n`);
      return suite(run, `${area} ${title}`.trim(), results.map(caseOf), { output: warnings.join('') });
    }),
  ];
  const builder = new XMLBuilder({
    attributeNamePrefix: '@',
    format: true,
    ignoreAttributes: false,
    suppressBooleanAttributes: false,
    suppressEmptyNode: true,
  });
  const document = {
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    testsuites: { testsuite: suites.map((entry, id) => ({ ...entry, '@id': id })) },
  };
  return builder.build(document).replace(FORBIDDEN, '');
}

/** What went wrong in a case: an attribute in one line, and a text. */
interface Trouble {
  readonly '@message': string;
  readonly '@type'?: string;
  readonly '#text'?: string;
}

interface Case {
  readonly '@name': string;
  readonly '@classname': string;
  readonly '@time': string;
  /** The target broke a rule. */
  readonly failure?: Trouble;
  /** Nothing can be said about the target. */
  readonly error?: Trouble;
  readonly skipped?: Trouble;
}

function suite(run: RunResult, name: string, cases: readonly Case[], more: { properties?: object; output?: string }) {
  const count = (kind: 'failure' | 'error' | 'skipped') => cases.filter((entry) => entry[kind]).length;
  return {
    '@name': name,
    '@package': COMMAND,
    // Without fractions and zone, which one of the schemas forbids.
    '@timestamp': run.startedAt.toISOString().slice(0, 19),
    '@hostname': 'localhost',
    '@tests': cases.length,
    '@failures': count('failure'),
    '@errors': count('error'),
    '@skipped': count('skipped'),
    '@time': seconds(cases.reduce((sum, entry) => sum + Number(entry['@time']) * 1000, 0)),
    properties: more.properties ?? '',
    testcase: cases,
    'system-out': more.output ?? '',
    'system-err': '',
  };
}

function caseOf(result: CheckResult): Case {
  const { check, ms } = result;
  return {
    '@name': `${check.id} ${check.title}`,
    '@classname': `${COMMAND}.${check.profile}.${check.area}`,
    '@time': seconds(ms),
    ...troubleOf(result),
  };
}

function troubleOf(result: CheckResult): Pick<Case, 'failure' | 'error' | 'skipped'> {
  const { verdict, finding, known, notes, reason = '', replay } = result;
  if (verdict === 'fail' && known) {
    return { skipped: { '@message': `known failure (${known.place}): got ${finding!.actual}` } };
  }
  if (verdict === 'fail') {
    const confirmation = confirmationOf(result);
    const again = confirmation === undefined ? '' : `${confirmation}: `;
    const message = `${again}expected ${finding!.expected.join(' or ')}; got ${finding!.actual}`;
    return { failure: trouble(message, finding!.requirement, renderFailure(result, plain)) };
  }
  if (isUnexpectedPass(result)) {
    const message = `it passed, and ${known!.place} lists it as a known failure: take it out there`;
    return { failure: trouble(message, 'known failure passed', message) };
  }
  if (verdict === 'inconclusive') {
    return { error: trouble(reason, 'inconclusive', [reason, ...notes, `again: ${replay}`].join('\n')) };
  }
  return verdict === 'not-run' ? { skipped: { '@message': oneLine(reason) } } : {};
}

/** So that a run that says nothing, or nothing good, is not green for want of a check that says so. */
function wholeRun(run: RunResult): Case {
  const verdict = verdictOf(run);
  const said = renderVerdict(run, plain);
  const text = [said, ...(run.problem?.lines ?? [])].join('\n');
  const isSaidByChecks = run.checks.some((result) => {
    const { failure, error } = troubleOf(result);
    return verdict === 'inconclusive' ? error : failure;
  });
  const isBad = verdict === 'not-conformant' && !isSaidByChecks;
  const isUnknown = verdict === 'inconclusive' && !isSaidByChecks;
  return {
    '@name': 'the run as a whole',
    '@classname': `${COMMAND}.run`,
    '@time': '0.000',
    ...(isBad && { failure: trouble(run.canary.reason ?? said, verdict, text) }),
    ...(isUnknown && { error: trouble(said, verdict, text) }),
  };
}

function propertiesOf(run: RunResult): object {
  const values = {
    verdict: verdictOf(run),
    kit: KIT_VERSION,
    specification: SPEC_VERSION,
    profiles: run.profiles.join(' '),
    seed: String(run.seed),
    target: run.url ?? '',
  };
  return { property: Object.entries(values).map(([name, value]) => ({ '@name': name, '@value': value })) };
}

function trouble(message: string, type: string, text: string): Trouble {
  return { '@message': oneLine(message), '@type': type, '#text': text };
}

/** Readers make a space of each line break in an attribute anyway. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
