import type { Context } from '../context.ts';
import { type Finding, Violation } from '../verdict.ts';
import { factsByGroup } from './checker.ts';
import type { History, Operation } from './history.ts';
import { LaneRun } from './lane.ts';
import { dueNotify } from './notifies.ts';
import { deviceName, type Kind, laneOf, type Plan } from './plan.ts';
import { PlanRun, type SentPush } from './plan-run.ts';
import { RULES, type Witness } from './rules.ts';

/** A broken rule, and what shows it. */
export interface Found extends Finding {
  readonly witnesses: readonly Witness[];
}

/** What came of a plan. */
export interface Execution {
  readonly history: History;
  /** How many operations of each kind were really carried out. */
  readonly counts: ReadonlyMap<Kind, number>;
  /** An answer that was missing, or of the wrong kind: the plan ended there. What answers say is for the checker. */
  readonly found: Found | undefined;
}

/** The pages in which a device reads everything that is not the first to do so. */
const AT_ONCE = [1000];

/**
 * Carries a plan out in groups of its own: the prefix step by step, the lanes at once, then a quiet phase in which every
 * push without an answer is settled and every device reads everything.
 */
export async function executePlan(context: Context, plan: Plan): Promise<Execution> {
  const run = new PlanRun(context, plan);
  let found: Found | undefined;
  try {
    found = await carryOut(run, plan);
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    const { requirement, expected, actual } = error;
    const waiting = run.recorder.operations.filter(({ completed }) => completed === undefined);
    found = { ...(requirement !== undefined && { requirement }), expected, actual, witnesses: waiting };
  }
  return { history: run.history(), counts: run.counts, found };
}

async function carryOut(run: PlanRun, plan: Plan): Promise<Found | undefined> {
  const { context, groups } = run;
  const devices = Array.from({ length: plan.devices }, () => context.device());
  for (const [index, { deviceId }] of devices.entries()) run.name(deviceId, deviceName(index));
  const lanes = plan.lanes.map(
    ({ device, group }) => new LaneRun(run, devices[device % devices.length]!, groups[group % groups.length]!),
  );
  // A device that is there from the start and never acknowledges anything: no relay may drop a blob while it has not.
  const onlooker = context.device();
  run.name(onlooker.deviceId, 'onlooker');
  const onlookers = groups.map((group) => new LaneRun(run, onlooker, group));
  await Promise.all(onlookers.map((lane) => lane.ready()));

  for (const step of plan.prefix) await lanes[laneOf(plan, step)]!.begin(step.op);
  // Whoever had to connect first would come too late for the others.
  await Promise.all(lanes.map((lane) => lane.ready()));
  await Promise.all(
    plan.lanes.map(async ({ ops }, index) => {
      for (const op of ops) await lanes[index]!.perform(op);
    }),
  );
  await run.strikeRest();
  await settle(run.unanswered(), lanes);
  for (const group of groups)
    await readAll(
      lanes.filter((lane) => lane.group === group),
      context,
    );
  return await awaitNotifies(run, [...lanes, ...onlookers]);
}

/** What had no answer may be on its way still. Pushed once more by its device it is settled, and may arrive when it likes. */
async function settle(pushes: readonly SentPush[], lanes: readonly LaneRun[]): Promise<void> {
  for (const { content, device, group } of pushes) {
    await lanes.find((lane) => lane.group === group && lane.device === device)!.settle(content);
  }
}

/** Every device of a group reads all of it: one from a new connection, in small pages. */
async function readAll(lanes: readonly LaneRun[], { random }: Context): Promise<void> {
  const [first, ...others] = [...new Map(lanes.map((lane) => [lane.device, lane])).values()];
  await first?.greet(random.pick(['zero', random.integer(0, 20)]));
  await Promise.all([first?.readEverything(), ...others.map((lane) => lane.readEverything(AT_ONCE))]);
}

/** Waits for the Notifies that are due, which as a rule have come. @returns the first that did not come in time */
async function awaitNotifies(run: PlanRun, lanes: readonly LaneRun[]): Promise<Found | undefined> {
  for (const facts of factsByGroup(run.history())) {
    for (const lane of lanes.filter(({ group }) => group.index === facts.operations[0]!.group)) {
      for (const session of lane.sessions) {
        const due = dueNotify(facts, session.number);
        if (!due) continue;
        try {
          await session.awaitNotify(due.latest, RULES[due.rule]);
        } catch (error) {
          if (!(error instanceof Violation)) throw error;
          const { expected, actual } = error;
          const witnesses: Operation[] = facts.byCursor.get(due.latest)!.pushes.slice(0, 1);
          return { requirement: RULES[due.rule], expected, actual, witnesses };
        }
      }
    }
  }
  return undefined;
}
