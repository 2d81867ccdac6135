import { CLIENT_SUBJECTS } from './client.ts';
import { ID_SUBJECTS } from './ids.ts';
import { KEY_SUBJECTS } from './keys.ts';
import { MESSAGE_SUBJECTS } from './messages.ts';
import { NOISE_SUBJECTS } from './noise.ts';
import { PAIRING_SUBJECTS } from './pairing.ts';
import { SEAL_SUBJECTS } from './seals.ts';
import type { Subject } from './subject.ts';

/**
 * What the operations make of the vectors. A new operation needs an entry in spec/protocol/driver.yaml, which names its files
 * and groups, a subject here for each of those, and, where random inputs can be made against the reference, one in
 * ../random/samplings.ts. The checks follow from that.
 */
export const SUBJECTS: readonly Subject[] = [
  ...MESSAGE_SUBJECTS,
  ...ID_SUBJECTS,
  ...KEY_SUBJECTS,
  ...SEAL_SUBJECTS,
  ...NOISE_SUBJECTS,
  ...PAIRING_SUBJECTS,
  ...CLIENT_SUBJECTS,
];
