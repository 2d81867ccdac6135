import { LIMITS } from '@0k-sync/spec';
import { describe, expect, it } from 'vitest';
import { unliftedLimits } from '../run/introduce.ts';
import { type Configuration, installed, readConfiguration, readLimits } from './own.ts';
import { TargetError } from './target.ts';

describe('the reference relay', () => {
  it('that is not installed is said to be missing', async () => {
    await expect(installed('@0k-sync/nobody')).rejects.toThrow(TargetError);
    await expect(installed('@0k-sync/nobody')).rejects.toThrow('@0k-sync/nobody is not installed: install it, or name');
  });

  it('without a configuration is said to be incomplete', async () => {
    const reading = readConfiguration('no-such.toml' as Configuration);
    await expect(reading).rejects.toThrow(TargetError);
    await expect(reading).rejects.toThrow(
      '@0k-sync/relay has no no-such.toml that can be read (ENOENT): install it again',
    );
  });

  it('has limits under which every check can be run, in one configuration or the other', async () => {
    const defaults = Object.values(LIMITS).map(({ name, default: value }) => [name, BigInt(value)] as const);
    const withDefaults = async (configuration: Configuration) =>
      new Map([...defaults, ...(await readLimits(configuration))]);
    expect(unliftedLimits(await withDefaults('certify.toml'))).toEqual([]);
    expect(unliftedLimits(await withDefaults('certify-limits.toml')).map((limit) => limit.split(' ')[0])).toEqual([
      'connections_per_minute',
      'messages_per_minute',
      'new_groups_per_hour',
      'global_requests_per_second',
      'messages_burst',
    ]);
  });
});
