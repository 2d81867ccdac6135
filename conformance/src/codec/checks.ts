import { REQUIREMENTS } from '@0k-sync/spec';
import { Registry } from '../registry.ts';
import { randomChecks } from './random-checks.ts';
import { vectorChecks } from './vector-checks.ts';

/** The checks of a codec behind a driver. They are apart from those of relays: no target can be asked both. */
export const codecRegistry = new Registry(REQUIREMENTS);

for (const [id, definition] of [...vectorChecks(), ...randomChecks()]) codecRegistry.add(id, definition);
