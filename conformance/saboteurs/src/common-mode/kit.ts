/**
 * `node --import patch-hook.ts?patches=… kit.ts NAME`: the certifier, with a fault in its own process and in that of the relay.
 * Writes what came of it as a line of JSON.
 */

import { interruptible } from '../../../src/cli/run-command.ts';
import { grade } from '../grade.ts';
import { FAULTS } from './faults.ts';

const { name, breaks, what, patches } = FAULTS.find((fault) => fault.name === process.argv[2])!;
const seed = Number(process.argv[3]);
const { signal } = interruptible(undefined);
const { outcome, failures, notes } = await grade({ name, breaks, harm: what, patches }, { seed, full: false, signal });
process.stdout.write(`${JSON.stringify({ outcome, failures, notes })}\n`);
process.exit();
