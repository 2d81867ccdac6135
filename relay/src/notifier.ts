import type { Clock } from './clock.ts';
import type { Group, Member } from './sessions.ts';

/** Tells connections that there is something to pull. */
export interface Notifier {
  /** A blob is stored durably: every connection of the group but the one that pushed it is to hear of it. */
  stored(group: Group, cursor: bigint, by: Member): void;
  /** A connection wants no Notify any more: what was to be told is not, and is counted anew if it wants them again. */
  silenced(group: Group, member: Member): void;
}

/** The first Notify goes at once; what follows within this time is merged into the next one, ms. */
const PAUSE = 25;

interface Merged {
  latest: bigint;
  count: number;
}

interface Round {
  waiting: Map<Member, Merged>;
  scheduled: boolean;
}

export function createNotifier(clock: Clock): Notifier {
  const rounds = new Map<Group, Round>();

  function flush(group: Group, round: Round): void {
    if (round.waiting.size === 0) {
      rounds.delete(group);
      return;
    }
    for (const [member, { latest, count }] of round.waiting) member.notify(latest, count);
    round.waiting.clear();
    clock.after(PAUSE, () => flush(group, round));
  }

  return {
    silenced(group, member) {
      rounds.get(group)?.waiting.delete(member);
    },

    stored(group, cursor, by) {
      // The pusher may have left since: then even the only member is somebody else.
      const others = [...group.members].filter((member) => member !== by && member.admitted && !member.background);
      if (others.length === 0) return;
      let round = rounds.get(group);
      if (!round) {
        round = { waiting: new Map(), scheduled: false };
        rounds.set(group, round);
      }
      for (const member of others) {
        const merged = round.waiting.get(member);
        if (!merged) round.waiting.set(member, { latest: cursor, count: 1 });
        else {
          merged.count++;
          if (cursor > merged.latest) merged.latest = cursor;
        }
      }
      if (round.scheduled) return;
      round.scheduled = true;
      // After all answers of the same commit, which arrive in one turn of the event loop.
      setImmediate(flush, group, round);
    },
  };
}
