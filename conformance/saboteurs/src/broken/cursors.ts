import type { Broken } from '../saboteur.ts';
import { withStorage } from '../with-storage.ts';

const PUSH = 'relay/src/sqlite/push.ts';

/** Cursors: which number a blob gets. */
export const brokenCursors: readonly Broken[] = [
  {
    name: 'first-cursor-zero',
    breaks: ['CUR-01'],
    harm: 'a new device that pulls from 0 never sees the first edit',
    patches: [{ file: PUSH, find: 'group.maxCursor + 1n', replace: 'group.bytes === 0 ? 0n : group.maxCursor + 1n' }],
  },
  {
    name: 'cursor-skips',
    breaks: ['CUR-02'],
    harm: 'clients search for a blob that never was',
    patches: [
      { file: PUSH, find: 'group.maxCursor + 1n', replace: 'group.maxCursor + (group.maxCursor > 1n ? 2n : 1n)' },
    ],
  },
  {
    name: 'digest-of-nothing',
    breaks: ['CUR-25'],
    harm: 'a client takes its edit for damaged',
    parts: withStorage((storage) => ({
      async push(request) {
        const stored = await storage.push(request);
        return 'refused' in stored ? stored : { ...stored, digest: new Uint8Array(32) };
      },
    })),
  },
];
