// `node --conditions=source scripts/check-races.ts 20`: looks with the seeds 1 to 20 for a race that loses a blob where two
// devices push at once. In all seeds but one of twenty it has to be found within 200 plans, and shown by four operations.
import { Context } from '../conformance/src/context.ts';
import { ScriptedRelay } from '../conformance/src/model/scripted-relay.ts';
import { type Plan, sizeOf } from '../conformance/src/property/plan.ts';
import { searchForViolation } from '../conformance/src/property/search.ts';
import { remoteTarget } from '../conformance/src/target/remote.ts';
import { Violation } from '../conformance/src/verdict.ts';
import { RacySession } from '../conformance/test/racy-session.ts';

const MOST_PLANS = 200;
const MOST_OPERATIONS = 4;

const count = Number(process.argv[2]);
if (!(count > 0)) throw new Error('how many seeds? node --conditions=source scripts/check-races.ts 20');

const relay = await ScriptedRelay.listen(RacySession);
let missed = 0;
for (let seed = 1; seed <= count; seed++) {
  const began = performance.now();
  const context = new Context({
    target: remoteTarget(relay.url),
    seed: [seed],
    timeoutMs: 10_000,
    limits: new Map([
      ['max_blob_size', 1_048_576n],
      ['max_group_storage', 4_194_304n],
    ]),
    signal: new AbortController().signal,
  });
  const series = [{ theme: 'lanes', runs: MOST_PLANS, atOnce: 2, floors: new Map() }] as const;
  const limits = { maxBlob: 1_048_576, quota: 4_194_304 };
  const thrown = await searchForViolation(context, { series, limits, searchMs: 120_000, shrinkMs: 30_000 }).catch(
    (error) => error,
  );
  context.close();
  if (thrown !== undefined && !(thrown instanceof Violation)) throw thrown;
  const { property, notes } = context.evidence;
  const size = property?.plan ? sizeOf(property.plan as Plan) : undefined;
  const isFound = size !== undefined && size <= MOST_OPERATIONS;
  if (!isFound) missed++;
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const what =
    size === undefined
      ? 'not found'
      : `after ${property!.runs} plans, ${size} operations, failed ${property!.confirmed!.failed} of ${property!.confirmed!.of} times`;
  console.log(`seed ${seed}: ${what}, ${seconds} s`);
  if (!isFound) console.log(notes.join('\n'));
}
await relay.close();
const allowed = Math.floor(count / 20);
console.log(`${count - missed} of ${count} seeds, ${count - allowed} are needed`);
process.exitCode = missed > allowed ? 1 : 0;
