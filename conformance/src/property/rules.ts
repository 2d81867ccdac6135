import type { Finding } from '../verdict.ts';

/** What can be wrong with a history, and the requirement that it breaks. */
export const RULES = {
  'first-cursor': 'CUR-01',
  'next-cursor': 'CUR-02',
  gap: 'CUR-03',
  'shared-cursor': 'CUR-03',
  'moved-blob': 'CUR-09',
  'false-conflict': 'CUR-09',
  'missed-conflict': 'CUR-12',
  'double-accept': 'CUR-15',
  'unexpected-error': 'CUR-02',
  'aborted-read': 'CUR-13',
  'ack-digest': 'CUR-25',
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
  'missing-notify': 'CUR-68',
  'answer-order': 'SES-24',
  'request-order': 'SES-25',
  epoch: 'SES-36',
} as const;

export type Rule = keyof typeof RULES;

/** A broken rule, found in a history. */
export interface HistoryFinding extends Finding {
  readonly rule: Rule;
  readonly requirement: string;
}

export function finding(rule: Rule, expected: string | readonly string[], actual: string): HistoryFinding {
  return { rule, requirement: RULES[rule], expected: typeof expected === 'string' ? [expected] : expected, actual };
}
