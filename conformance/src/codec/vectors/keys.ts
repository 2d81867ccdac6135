/** Keys of groups and content, secrets from passphrases, and the length of what is padded. */
import { type Subject, subject } from './subject.ts';

interface Parameters {
  m: number;
  t: number;
  p: number;
}

interface Derivation extends Parameters {
  passphrase: string;
  groupVersion: 1 | 2;
  salt: string;
  group_secret: string;
}

/** Here the vector is wrong in its claim, whatever its class says. */
const claims = (own: Subject): Subject => ({
  ...own,
  trials: (vector, group) => own.trials(vector.result === 'invalid' ? { ...vector, error: 'mismatch' } : vector, group),
});

export const KEY_SUBJECTS: readonly Subject[] = [
  subject<{ group_secret: string; purpose: string; key: string }>(
    { op: 'derive-key', file: 'kdf', group: 'GroupKey' },
    ({ group_secret, purpose, key }) => ({ input: { group_secret, purpose }, ok: { key } }),
  ),
  subject<{ group_secret: string; blob_id: string; key: string }>(
    { op: 'derive-content-key', file: 'kdf', group: 'ContentKey' },
    ({ group_secret, blob_id, key }) => ({ input: { group_secret, blob_id }, ok: { key } }),
  ),
  subject<{ passphrase: string; normalised?: string }>(
    { op: 'normalise-passphrase', file: 'argon2', group: 'Passphrase' },
    ({ passphrase, normalised }) => ({ input: { passphrase }, ok: { bytes: normalised } }),
  ),
  subject<Parameters & { saltLength: number }>(
    { op: 'check-parameters', file: 'argon2', group: 'Parameters' },
    ({ m, t, p, saltLength }) => ({ input: { m, t, p, salt_length: saltLength } }),
  ),
  claims(
    subject<Parameters & { ram: number | null }>(
      { op: 'choose-parameters', file: 'argon2', group: 'Creator' },
      ({ ram, m, t, p }) => ({ input: { ram }, ok: { m, t, p } }),
    ),
  ),
  subject<Derivation>(
    { op: 'derive-secret', file: 'argon2', group: 'Derivation' },
    ({ passphrase, groupVersion, salt, m, t, p, group_secret }) => ({
      input: { passphrase, group_version: groupVersion, salt, m, t, p },
      ok: { group_secret },
    }),
  ),
  claims(
    subject<{ length: number; padded: number }>(
      { op: 'padded-length', file: 'padme', group: 'Length' },
      ({ length, padded }) => ({ input: { length }, ok: { padded } }),
    ),
  ),
  // A padded length is padded to itself, and nothing else is.
  claims(
    subject<{ padded: number }>({ op: 'padded-length', file: 'padme', group: 'PaddedLength' }, ({ padded }) => ({
      input: { length: padded },
      ok: { padded },
    })),
  ),
];
