import type { Context } from '../context.ts';
import type { CanaryFinding } from '../run/canary.ts';
import type { Answer, Values } from './driver-process.ts';
import type { DriverTarget } from './driver-target.ts';

/** What the report says of it. */
export const DRIVER_CANARY = {
  title: 'what cannot exist is refused: an operation, a message, a proof, sealed bytes, all made up',
  requirements: ['WIRE-28', 'MEM-03', 'SEAL-03', 'SEAL-08'],
  granted: 'The driver granted what no codec may grant: its passes are not to be trusted.',
} as const;

/**
 * Asks a driver for things that cannot exist, those of which it says that it can judge them. One that says yes would say yes
 * to anything. Any error class is a refusal here, and so is no answer: whether it is right is for the checks.
 *
 * @returns what it granted, if it did.
 */
export async function askDriverForTheImpossible(
  context: Context,
  driver: DriverTarget,
): Promise<CanaryFinding | undefined> {
  const { random } = context;
  const name = `q${random.uint32().toString(36).padStart(7, '0')}`;
  const hex = (length: number) => Buffer.from(random.bytes(length)).toString('hex');
  const granted = async (op: string, input: Values): Promise<string | undefined> => {
    const { answer } = await driver.ask(op, input, context.signal);
    return 'ok' in answer ? JSON.stringify((answer as Answer & { ok: Values }).ok).slice(0, 200) : undefined;
  };
  const questions: { op: string; input: Values; requirement: string; expected: string }[] = [
    { op: name, input: {}, requirement: 'the protocol of drivers', expected: `the error unknown-op for ${name}` },
    {
      op: 'decode',
      input: { encoding: 'bin', hex: `91a8${Buffer.from(name).toString('hex')}` },
      requirement: 'WIRE-28',
      expected: 'an error for a message of an unknown name',
    },
    {
      op: 'verify-proof',
      input: { group_id: hex(32), device_id: hex(32), key: hex(32), signature: hex(64) },
      requirement: 'MEM-03',
      expected: 'an error for a proof of random bytes',
    },
    {
      op: 'open-1',
      input: { key: hex(32), sealed: hex(64) },
      requirement: 'SEAL-03',
      expected: 'an error for a seal 1 of random bytes',
    },
    {
      op: 'open-2',
      input: { key: hex(32), group_id: hex(32), blob_id: hex(16), sealed: `02${hex(296)}` },
      requirement: 'SEAL-08',
      expected: 'an error for a seal 2 of random bytes',
    },
  ];
  for (const { op, input, requirement, expected } of questions) {
    if (op !== name && !driver.about.operations.has(op)) continue;
    const actual = await granted(op, input);
    if (actual !== undefined) return { requirement, expected: [expected], actual: `ok ${actual}` };
  }
  return undefined;
}
