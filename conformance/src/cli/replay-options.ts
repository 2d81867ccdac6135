import type { Command } from 'commander';
import { UsageError } from '../selection.ts';

/** What can be said of one check that is run again. Everything else is about which checks are run, or signs a whole run. */
const TAKEN = new Set([
  ...['relay', 'start', 'admin', 'ca', 'seed', 'runs', 'strict', 'timeout', 'maxTime'],
  ...['json', 'junit', 'html', 'color'],
]);

/**
 * What a person said of a replay. What is left out is as in the report, so it has no default here.
 *
 * @throws UsageError for an option that a replay would not heed
 */
export function replayOptions(command: Command): Record<string, unknown> {
  const given = command.optsWithGlobals();
  for (const option of command.parent!.options) {
    const name = option.attributeName();
    const source = command.getOptionValueSourceWithGlobals(name);
    if (name === 'timeout' && source === 'default') delete given[name];
    if (source !== 'cli' || TAKEN.has(name)) continue;
    throw new UsageError(`${option.long} is not for replay, which runs one check as the report says: leave it out`);
  }
  return given;
}
