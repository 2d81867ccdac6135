import type { ErrorName, Message } from '@0k-sync/spec';
import type { Metrics } from './metrics.ts';
import type { ConnectedDevice, GroupRef } from './storage.ts';

/** A connection whose Hello named a group, as the others see it. */
export interface Member {
  readonly device: Uint8Array;
  /** The device's id as a key of maps. */
  readonly deviceKey: string;
  readonly name: string;
  /** When its Hello came, Unix seconds. */
  readonly seen: number;
  /** False until its Welcome is written. */
  readonly active: boolean;
  /** True from when storage has answered its Hello: what happens after that is news to it. */
  readonly admitted: boolean;
  /** Whether it wants no Notify at the moment. */
  readonly background: boolean;
  /** Ids of blobs that it asked to delete and that are not gone yet. */
  readonly deletions: Set<string>;
  notify(latest: bigint, count: number): void;
  /** Sends what no request asked for: Deleted, DeviceRevoked. */
  tell(message: Message): void;
  fail(name: ErrorName): void;
}

/** The connections of one group. It exists while it has members. */
export interface Group {
  readonly ref: GroupRef;
  readonly key: string;
  readonly members: Set<Member>;
  /** Whether storage has state for it, as far as is known here. */
  begun: boolean;
  /** Whether a push is on its way that begins it. */
  beginning: boolean;
}

/** Who is connected, and to which group. */
export interface Sessions {
  join(ref: GroupRef, member: Member): Group;
  leave(group: Group, member: Member): void;
  /** Whether anybody is connected to a group. */
  isJoined(ref: GroupRef): boolean;
  /** What storage records when the state of a group begins. */
  connected(group: Group): ConnectedDevice[];
  isOnline(group: Group, device: Uint8Array): boolean;
}

export const keyOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

const keyOfGroup = ({ id, proven }: GroupRef): string => `${proven ? 'proven' : 'open'}/${keyOf(id)}`;

export function createSessions(metrics: Metrics): Sessions {
  const groups = new Map<string, Group>();
  return {
    join(ref, member) {
      const key = keyOfGroup(ref);
      let group = groups.get(key);
      if (!group) {
        group = { ref, key, members: new Set(), begun: false, beginning: false };
        groups.set(key, group);
        metrics.add('groups_active');
      }
      group.members.add(member);
      return group;
    },

    leave(group, member) {
      if (!group.members.delete(member) || group.members.size > 0) return;
      groups.delete(group.key);
      metrics.add('groups_active', -1);
    },

    isJoined: (ref) => groups.has(keyOfGroup(ref)),

    connected(group) {
      const devices = new Map<string, ConnectedDevice>();
      for (const { deviceKey, device, name, seen } of group.members) devices.set(deviceKey, { id: device, name, seen });
      return [...devices.values()];
    },

    isOnline(group, device) {
      const key = keyOf(device);
      for (const member of group.members) if (member.active && member.deviceKey === key) return true;
      return false;
    },
  };
}
