/**
 * `node --import patch-hook.ts?patches=… kit.ts NAME OPTIONS`: the certifier, with a fault in its own process and in that of the relay.
 * Writes what came of it as a line of JSON.
 */

import { interruptible } from '../../../src/cli/run-command.ts';
import { grade } from '../grade.ts';
import { FAULTS } from './faults.ts';

const { name, breaks, what, patches } = FAULTS.find((fault) => fault.name === process.argv[2])!;
const options = JSON.parse(process.argv[3]!) as { seed: number; near: boolean };
const { signal } = interruptible(undefined);
const { outcome, failures, notes } = await grade(
  { name, breaks, harm: what, patches },
  { ...options, full: false, signal },
);
process.stdout.write(`${JSON.stringify({ outcome, failures, notes })}\n`);
process.exit();
