import { createGroup, createIdentity, type Identity, proveMembership } from '@0k-sync/reference';
import { nodeCrypto } from '@0k-sync/reference/node';
import type { Proof } from '@0k-sync/spec';

/** A group that only one check knows. */
export interface TestGroup {
  /** 32 bytes. */
  readonly id: Uint8Array;
  /** The seed of the group's auth key, 32 bytes; undefined for an open group. */
  readonly authSeed: Uint8Array | undefined;
  /** A valid proof of membership for a device; undefined for an open group. */
  proofFor(deviceId: Uint8Array): Proof | undefined;
}

/** A new proven group. Its secret is truly random, whatever the seed of the run: no two runs may meet in one group. */
export function freshGroup(): TestGroup {
  const { groupId, authSeed } = createGroup(nodeCrypto.randomBytes(32), nodeCrypto);
  return {
    id: groupId,
    authSeed,
    proofFor: (deviceId) => proveMembership(authSeed, groupId, deviceId, nodeCrypto),
  };
}

/** A new open group, or the open group of a given id: whoever knows the id is let in. */
export function openGroup(id: Uint8Array = nodeCrypto.randomBytes(32)): TestGroup {
  return { id, authSeed: undefined, proofFor: () => undefined };
}

/** A device that no relay has seen, with keys that are truly random. */
export function freshDevice(): Identity {
  return createIdentity(nodeCrypto);
}
