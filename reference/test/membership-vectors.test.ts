/** Every vector of vectors/membership.json, with both crypto providers. */
import { expect, test } from 'vitest';
import { createGroup, proveMembership, verifyMembership } from '../src/index.ts';
import { fromHex, providers, toHex, VectorFile } from './vector-file.ts';

interface ProofVector {
  group_id: string;
  device_id: string;
  key: string;
  signature: string;
  group_secret?: string;
}

const file = new VectorFile('membership');

test('proofs', () => {
  file.each<ProofVector>('Proof', (vector, name) => {
    const [groupId, deviceId] = [fromHex(vector.group_id), fromHex(vector.device_id)];
    const proof = { key: fromHex(vector.key), signature: fromHex(vector.signature) };
    const verdicts = providers.map((crypto) => verifyMembership(proof, groupId, deviceId, crypto));
    // What is open between implementations is not open between the providers of one.
    expect(verdicts[0], name).toBe(verdicts[1]);
    if (vector.result !== 'acceptable') expect(verdicts[0], name).toBe(vector.result === 'valid');
    if (vector.group_secret === undefined) return;
    for (const crypto of providers) {
      const group = createGroup(fromHex(vector.group_secret), crypto);
      expect([toHex(group.groupId), toHex(group.authKey)], name).toEqual([vector.group_id, vector.key]);
      expect(proveMembership(group.authSeed, groupId, deviceId, crypto), name).toEqual(proof);
    }
  });
});

test('every vector of the file was run', () => {
  expect(file.ran).toBe(file.numberOfTests);
});
