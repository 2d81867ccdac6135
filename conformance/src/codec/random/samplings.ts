import { CLIENT_SAMPLINGS } from './client.ts';
import { ID_SAMPLINGS } from './ids.ts';
import { MESSAGE_SAMPLINGS } from './messages.ts';
import { NOISE_SAMPLINGS } from './noise.ts';
import { PAIRING_SAMPLINGS } from './pairing.ts';
import type { Sampling } from './sampling.ts';
import { SEAL_SAMPLINGS } from './seals.ts';

/** All kinds of random requests. */
export const SAMPLINGS: readonly Sampling[] = [
  ...MESSAGE_SAMPLINGS,
  ...ID_SAMPLINGS,
  ...SEAL_SAMPLINGS,
  ...NOISE_SAMPLINGS,
  ...PAIRING_SAMPLINGS,
  ...CLIENT_SAMPLINGS,
];
