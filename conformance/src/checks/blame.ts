import { Violation } from '../verdict.ts';

/** A step of a check that is about a rule of its own: whatever is violated in it is said to break that one. */
export async function blaming<T>(requirement: string, step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    throw new Violation({ requirement, expected: error.expected, actual: error.actual });
  }
}
