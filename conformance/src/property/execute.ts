import type { MessageConnection } from '../access/messages.ts';
import type { Context } from '../context.ts';
import { Violation } from '../verdict.ts';
import type { History } from './history.ts';
import { LaneRun } from './lane.ts';
import { numberPlan, type OpKind, type Plan } from './plan.ts';
import { PlanRun } from './plan-run.ts';
import { RULES } from './rules.ts';

/** What came of a plan. */
export interface Execution {
  readonly history: History;
  /** How many operations of each kind were really carried out. */
  readonly counts: ReadonlyMap<OpKind, number>;
}

/**
 * Carries a plan out in a group of its own: the prefix step by step, the lanes at once, then a quiet phase in which every
 * push without an answer is settled and every device reads everything.
 *
 * @throws Violation where an answer is missing or of the wrong kind; what the answers say is for the checker
 */
export async function executePlan(context: Context, plan: Plan): Promise<Execution> {
  const { prefix, lanes: ops, sizes } = numberPlan(plan);
  const run = new PlanRun(context, sizes);
  // A device that is there from the start and never acknowledges anything: no relay may drop a blob while it has not.
  const observer = await context.join({ group: run.group });
  const devices = Array.from({ length: plan.devices }, () => context.device());
  const lanes = plan.lanes.map((lane) => new LaneRun(run, devices[lane.device % devices.length]!));

  for (const step of prefix) await lanes[step.lane]!.perform(step, 'prefix');
  await Promise.all(
    ops.map(async (steps, index) => {
      for (const step of steps) await lanes[index]!.perform(step);
    }),
  );
  // What had no answer may be on its way still. Pushed once more by its device it is settled, and may arrive when it likes.
  for (const { content, device } of run.unanswered()) await new LaneRun(run, device).push(content);
  for (const device of devices) await new LaneRun(run, device).readEverything();
  await expectNotified(observer, run.highest);
  return { history: run.history(), counts: run.counts };
}

async function expectNotified(observer: MessageConnection, highest: bigint): Promise<void> {
  if (highest === 0n) return;
  try {
    await observer.expectNotify(highest);
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    throw new Violation({ requirement: RULES['missing-notify'], expected: error.expected, actual: error.actual });
  }
}
