import type { Legal } from '../saboteur.ts';
import { SOURCE } from '../sources.ts';

/** How relays may keep what they store, and the time. */
export const legalKeeping: readonly Legal[] = [
  {
    name: 'never-cleans-up',
    allowedBy: ['CUR-52', 'CUR-54'],
    oddity: 'leaves expired blobs where they are, and returns none of them',
    parts: (parts) => ({
      ...parts,
      config: {
        ...parts.config,
        limits: { ...parts.config.limits, cleanup_interval_secs: 3600 },
        cleanup: { ...parts.config.cleanup, enabled: false },
      },
    }),
  },
  {
    name: 'clock-of-another-phase',
    allowedBy: ['CUR-52', 'CUR-53'],
    oddity: 'counts seconds from another moment, so that a blob lives up to half a second longer (D-036)',
    patches: [
      {
        file: 'relay/src/clock.ts',
        find: 'Math.floor(Date.now() / 1000)',
        replace: 'Math.floor(Date.now() / 1000 + 0.4)',
      },
    ],
  },
  {
    name: 'commits-each-push',
    allowedBy: ['CUR-26', 'SES-25'],
    oddity: 'gives each request a transaction of its own',
    patches: [
      {
        file: SOURCE.worker,
        find: '    if (batch.length > 0) runBatch(batch);',
        replace: '    for (const operation of batch) runBatch([operation]);',
      },
    ],
  },
];
