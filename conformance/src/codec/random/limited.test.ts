import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Limited } from './limited.ts';
import { SAMPLINGS } from './samplings.ts';

it('makes no smaller values once the time is up', () => {
  let made = 0;
  let tried = 0;
  const values = fc.array(fc.nat(), { minLength: 20 }).map((value) => {
    made++;
    return value;
  });
  const result = fc.check(
    fc.property(new Limited(values, () => tried >= 5), () => {
      tried++;
      return false;
    }),
    { seed: 1 },
  );
  expect(result).toMatchObject({ failed: true, numShrinks: 4 });
  // One more may be under way.
  expect(made).toBeLessThanOrEqual(6);
});

it.each(['HS-03/random-initiator', 'HS-03/random-responder'])('%s is made smaller without other keys', (id) => {
  const { trials } = SAMPLINGS.find((sampling) => sampling.id === id)!;
  const secrets: unknown[] = [];
  const result = fc.check(
    fc.property(trials(), ({ input }) => {
      secrets.push(input['dh_secret']);
      return false;
    }),
    { seed: 1 },
  );
  expect(result.numShrinks).toBeGreaterThan(0);
  expect(new Set(secrets).size).toBe(1);
});
