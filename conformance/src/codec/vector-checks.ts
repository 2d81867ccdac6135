import type { AskedRequest, Context } from '../context.ts';
import type { CheckDefinition } from '../registry.ts';
import { driverOf, show } from './driver-of.ts';
import type { DriverTarget } from './driver-target.ts';
import { type Asked, attempt, type Failure, judge, type Trial } from './trial.ts';
import type { Subject } from './vectors/subject.ts';
import { SUBJECTS } from './vectors/subjects.ts';
import { type Group, groupsOf, type Vector } from './vectors/vector-file.ts';

/** A vector that bears on a requirement, and what an operation makes of it. */
interface Member {
  readonly subject: Subject;
  readonly group: Group;
  readonly vector: Vector;
}

/** What `rmp` has to refuse names no requirement of its own: it is what the encoding is not. */
const WITHOUT_REQUIREMENT: Readonly<Record<string, readonly string[]>> = { 'codec-rmp': ['WIRE-59'] };

/** After so many failures of one check the rest of its vectors is not tried: they would only say the same. */
const MOST_FAILURES = 10;
/** So many of them are shown beside the first. */
const SHOWN_FAILURES = 4;

/** A check for each requirement and each operation, or part of one, that vectors of it are for: `WIRE-41/decode-bin`. */
export function vectorChecks(): Map<string, CheckDefinition> {
  const members = new Map<string, Member[]>();
  for (const subject of SUBJECTS) {
    for (const group of groupsOf(subject.file).filter(({ type }) => type === subject.group)) {
      for (const vector of group.tests.filter((test) => subject.applies?.(test, group) ?? true)) {
        const requirements = vector.requirements.length > 0 ? vector.requirements : WITHOUT_REQUIREMENT[subject.file]!;
        for (const requirement of requirements) {
          const id = `${requirement}/${subject.part ?? subject.op}`;
          members.set(id, [...(members.get(id) ?? []), { subject, group, vector }]);
        }
      }
    }
  }
  return new Map(Array.from(members, ([id, own]) => [id, definitionOf(own)]));
}

function definitionOf(members: readonly Member[]): CheckDefinition {
  const [{ subject }] = members as readonly [Member];
  const files = [...new Set(members.map((member) => `${member.subject.file}.json`))].join(' and ');
  return {
    title: `what the vectors of ${files} ask of ${subject.part ?? subject.op}`,
    profile: 'codec',
    slow: SLOW.has(subject.op),
    seconds: 300,
    run: (ctx) => run(ctx, subject.op, members),
  };
}

/** These take much time by design: one request is asked once, however many vectors claim something of its answer. */
const SLOW: ReadonlySet<string> = new Set(['derive-secret', 'join-by-passphrase', 'short-code-keys']);

async function run(ctx: Context, op: string, members: readonly Member[]): Promise<void> {
  const driver = driverOf(ctx, op);
  const failures: { member: Member; failed: Failed }[] = [];
  let vectors = 0;
  for (const member of members) {
    const failed = await verdictOn(driver, member, ctx.signal);
    vectors++;
    if (failed) failures.push({ member, failed });
    if (failures.length === MOST_FAILURES || failed?.failure.isBroken) break;
  }
  const names = members.slice(0, vectors).map(({ subject: { file }, vector: { tcId } }) => `${file} ${tcId}`);
  ctx.attach({ inputs: { vectors: names, random: 0 } });
  const [first, ...others] = failures;
  if (!first) return;
  const { vector, subject } = first.member;
  const { trial, failure } = first.failed;
  const notes = [
    `vector    ${nameOf(first.member)}`,
    ...(vector.requirements.length > 1 ? [`bears on  ${vector.requirements.join(', ')}`] : []),
    ...show(trial, failure),
    ...others.slice(0, SHOWN_FAILURES).map(({ member }) => `also      ${nameOf(member)}`),
    ...(others.length > 0 ? [`in all    ${failures.length} of ${vectors} tried are wrong, of ${members.length}`] : []),
  ];
  const request: AskedRequest = { op: trial.op, input: trial.input, vector: { file: subject.file, tcId: vector.tcId } };
  ctx.attach({ notes, request, brokeDown: failure.isBroken });
  ctx.fail({ expected: failure.expected, actual: failure.actual });
}

function nameOf({ subject, vector }: Member): string {
  return `${subject.file}.json ${vector.tcId}: ${vector.comment}`;
}

interface Failed {
  readonly trial: Trial;
  readonly failure: Failure;
}

type Verdicts = WeakMap<Vector, Map<Subject, Promise<Failed | undefined>>>;
const verdicts = new WeakMap<DriverTarget, Verdicts>();

/** A vector bears on several requirements, and is asked once. */
function verdictOn(
  driver: DriverTarget,
  { subject, group, vector }: Member,
  signal: AbortSignal,
): Promise<Failed | undefined> {
  let known = verdicts.get(driver);
  if (!known) verdicts.set(driver, (known = new WeakMap()));
  let own = known.get(vector);
  if (!own) known.set(vector, (own = new Map()));
  let verdict = own.get(subject);
  if (!verdict) {
    verdict = ask(driver, subject.trials(vector, group), signal);
    own.set(subject, verdict);
    // What could not be asked is not known.
    verdict.catch(() => own.delete(subject));
  }
  return verdict;
}

async function ask(driver: DriverTarget, trials: readonly Trial[], signal: AbortSignal): Promise<Failed | undefined> {
  for (const trial of trials) {
    const failure = SLOW.has(trial.op)
      ? judge(trial, await askOnce(driver, trial, signal))
      : await attempt(driver, trial, signal);
    if (failure) return { trial, failure };
  }
  return undefined;
}

const askedOnce = new WeakMap<DriverTarget, Map<string, Promise<Asked>>>();

function askOnce(driver: DriverTarget, { op, input }: Trial, signal: AbortSignal): Promise<Asked> {
  let known = askedOnce.get(driver);
  if (!known) askedOnce.set(driver, (known = new Map()));
  const request = JSON.stringify({ op, ...input });
  let asked = known.get(request);
  if (!asked) {
    asked = driver.ask(op, input, signal);
    known.set(request, asked);
    // What could not be asked is not known.
    asked.catch(() => known.delete(request));
  }
  return asked;
}
