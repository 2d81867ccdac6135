import { REQUIREMENTS } from '@0k-sync/spec';
import { afterEach, describe, expect, it } from 'vitest';
import { Context } from '../context.ts';
import { ScriptedRelay } from '../model/scripted-relay.ts';
import { runChecks } from '../run/check-runner.ts';
import { remoteTarget } from '../target/remote.ts';
import { NotRun } from '../verdict.ts';
import { openChaos, requireFit, SCENARIOS } from './chaos.ts';
import { HOW_TO_INSTALL } from './find-toxiproxy.ts';
import { CHAOS_PROFILES } from './scenario.ts';
import { VERIFIED } from './verified.ts';

const path = process.env['PATH'];
afterEach(() => {
  process.env['PATH'] = path;
});

describe('the scenarios', () => {
  it('have an id each, and requirements that exist', () => {
    const ids = SCENARIOS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(Object.keys(VERIFIED).sort()).toEqual([...ids].sort());
    const known = new Set<string>(REQUIREMENTS.map(({ id }) => id));
    expect(
      Object.values(VERIFIED)
        .flat()
        .filter((id) => !known.has(id)),
    ).toEqual([]);
  });

  it.each(SCENARIOS.map((scenario) => [scenario.id, scenario] as const))('%s names only what it has', (_, scenario) => {
    expect(scenario.rounds).toBeGreaterThan(0);
    expect(scenario.title).not.toMatch(/\.$/);
    for (const { devices, timeline } of scenario.variants) {
      const names = devices.map(({ name }) => name);
      const proxied = devices.filter(({ direct }) => !direct).map(({ name }) => name);
      expect(names).not.toContain('W');
      expect(names.filter((name) => !/^[A-Z]$/.test(name))).toEqual([]);
      expect(new Set(names).size).toBe(names.length);
      for (const { when, do: actions } of timeline) {
        if ('event' in when && when.of !== 'each') expect(names).toContain(when.of);
        for (const action of actions) {
          if (action.kind === 'queue') expect(names).toContain(action.to);
          else if ('to' in action && action.to !== 'each') expect(proxied).toContain(action.to);
          else if (!('to' in action)) expect(scenario.needs).toContain(action.kind === 'start' ? 'kill' : action.kind);
        }
      }
    }
  });

  it('end healed: a limit, silence or cut that is made is taken away', () => {
    for (const { id, variants } of SCENARIOS) {
      for (const { timeline } of variants) {
        const harmful = new Set<string>();
        for (const action of timeline.flatMap((step) => step.do)) {
          const isHarm =
            action.kind === 'cut' || (action.kind === 'add' && action.toxics.some(({ type }) => type !== 'latency'));
          if (isHarm) harmful.add(action.to);
          else if (action.kind === 'heal') harmful.delete(action.to);
        }
        expect([...harmful], id).toEqual([]);
      }
    }
  });
});

describe('a relay whose limits do not fit', () => {
  it.each<[string, string, bigint, string]>([
    [
      'T-CONN-05',
      'idle_timeout_secs',
      600n,
      'it takes the default timers: idle_timeout_secs is 600, and at most 90 is needed',
    ],
    [
      'T-LAT-04',
      'hello_timeout_secs',
      3n,
      'it takes the default timers: hello_timeout_secs is 3, and at least 10 is needed',
    ],
    ['S-SM-01', 'max_blob_size', 1000n, 'it needs blobs of 100000 bytes, and max_blob_size is 1000'],
    ['T-LAT-01', 'max_devices_per_group', 2n, 'it needs 3 devices in a group, and max_devices_per_group is 2'],
    ['S-SM-02', 'max_group_storage', 300_000n, 'it needs 407040 bytes in a group, and max_group_storage is 300000'],
  ])('does not run %s: %s is %i', async (id, name, value, reason) => {
    const scenario = SCENARIOS.find((each) => each.id === id)!;
    const ctx = new Context({
      target: remoteTarget('ws://127.0.0.1:9/'),
      seed: [1],
      timeoutMs: 1000,
      limits: new Map([[name, value]]),
      signal: new AbortController().signal,
    });
    expect(() => requireFit(ctx, scenario)).toThrow(new NotRun(reason));
  });
});

describe('without Toxiproxy', () => {
  it('no scenario is run, and each says how to get it', async () => {
    process.env['PATH'] = '';
    const relay = await ScriptedRelay.listen();
    try {
      const chaos = await openChaos(CHAOS_PROFILES);
      const results = await runChecks(chaos.checks, {
        target: remoteTarget(relay.url),
        seed: 1,
        timeoutMs: 1000,
        limits: new Map(),
        signal: new AbortController().signal,
        offers: new Set(['lifted-limits']),
        jobs: 4,
        replay: ({ id }) => `again ${id}`,
      });
      expect(results.map(({ check }) => check.id)).toEqual(SCENARIOS.map(({ id }) => id));
      expect(new Set(results.map(({ verdict }) => verdict))).toEqual(new Set(['not-run']));
      const reasons = new Map(results.map(({ check, reason }) => [check.id, reason]));
      expect(reasons.get('T-LAT-01')).toBe(`needs Toxiproxy, on the PATH or named by --toxiproxy: ${HOW_TO_INSTALL}`);
      expect(reasons.get('T-CONN-01')).toBe('needs a relay that the kit can kill (--start)');
      await chaos.close();
    } finally {
      await relay.close();
    }
  });

  it('a profile that does not exist is wrong usage', async () => {
    await expect(openChaos(['latency', 'cuts'])).rejects.toThrow(
      /^--chaos cuts: there is no such profile.*; there are latency, cut, kill$/,
    );
  });

  it('one that is named and is none is wrong usage', async () => {
    await expect(openChaos(['cut'], process.execPath)).rejects.toThrow(
      `--toxiproxy ${process.execPath}: this is not the server of Toxiproxy; to get it: ${HOW_TO_INSTALL}`,
    );
  });
});

it('a profile has its own scenarios and the control', async () => {
  process.env['PATH'] = '';
  const ids = async (...profiles: (typeof CHAOS_PROFILES)[number][]) =>
    (await openChaos(profiles)).checks.map(({ id }) => id);
  expect(await ids('kill')).toEqual(['S-CONV-04', 'T-CONN-01', 'S-CONV-02', 'C-STOR-04']);
  expect(await ids('latency')).toEqual(['S-CONV-04', 'T-LAT-01', 'T-LAT-02', 'T-LAT-03', 'T-LAT-04']);
});
