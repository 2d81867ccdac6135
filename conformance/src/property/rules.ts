import type { Finding } from '../verdict.ts';
import type { Notified, Operation } from './history.ts';

/** What can be wrong with a history, and the requirement that it breaks. */
export const RULES = {
  'first-cursor': 'CUR-01',
  'next-cursor': 'CUR-02',
  gap: 'CUR-03',
  'shared-cursor': 'CUR-03',
  'reused-cursor': 'CUR-05',
  'moved-blob': 'CUR-09',
  'false-conflict': 'CUR-09',
  'missed-conflict': 'CUR-12',
  'aborted-read': 'CUR-13',
  'double-accept': 'CUR-15',
  'moved-by-restart': 'CUR-17',
  'full-for-repeat': 'CUR-20',
  'ack-digest': 'CUR-25',
  'lost-by-kill': 'CUR-26',
  'torn-push': 'CUR-29',
  'not-after': 'CUR-30',
  order: 'CUR-31',
  content: 'CUR-32',
  'altered-payload': 'CUR-34',
  'unknown-blob': 'CUR-34',
  'wrong-sender': 'CUR-36',
  'stale-read': 'CUR-37',
  'late-cursor': 'CUR-38',
  'has-more': 'CUR-39',
  'no-more': 'CUR-40',
  'max-cursor': 'CUR-41',
  limit: 'CUR-44',
  progress: 'CUR-46',
  'welcome-max': 'CUR-48',
  'pending-count': 'CUR-49',
  expired: 'CUR-52',
  'expired-through': 'CUR-55',
  'missing-notify': 'CUR-68',
  'missing-notify-own': 'CUR-69',
  'own-notify': 'CUR-70',
  'early-notify': 'CUR-71',
  'notify-cursor': 'CUR-72',
  'notify-count': 'CUR-73',
  'too-large': 'LIM-03',
  'over-quota': 'LIM-05',
  'early-quota': 'LIM-08',
  'unexpected-error': 'CUR-02',
  'answer-order': 'SES-24',
  'request-order': 'SES-25',
  epoch: 'SES-36',
  'shared-epoch': 'SES-37',
  'kept-epoch': 'SES-42',
  'kept-epoch-beyond': 'SES-43',
} as const;

export type Rule = keyof typeof RULES;

/** Something that was seen: what a finding can be shown with. */
export type Witness = Operation | Notified;

/** A broken rule, found in a history. */
export interface HistoryFinding extends Finding {
  readonly rule: Rule;
  readonly requirement: string;
  /** What of the history shows it, beyond the plan itself. */
  readonly witnesses: readonly Witness[];
}

export function finding(
  rule: Rule,
  expected: string | readonly string[],
  actual: string,
  ...witnesses: readonly Witness[]
): HistoryFinding {
  return {
    rule,
    requirement: RULES[rule],
    expected: typeof expected === 'string' ? [expected] : expected,
    actual,
    witnesses,
  };
}
