import { describe, expect, it } from 'vitest';
import { describeMessage } from './describe.ts';
import { Trace } from './trace.ts';

describe('a message in one line', () => {
  it('shows the shape of a Push and none of its content', () => {
    const payload = new TextEncoder().encode('my secret diary');
    const line = describeMessage({ type: 'Push', blob_id: new Uint8Array(16).fill(0xab), payload, ttl: 0 } as never);
    expect(line).toMatch(/^Push \{blob_id: abababab…, payload: 15 bytes #[0-9a-f]{8}, ttl: 0\}$/);
  });

  it('shows no device name, group id or proof', () => {
    const line = describeMessage({
      type: 'Hello',
      version: 1,
      device_name: 'Ada’s laptop',
      group_id: new Uint8Array(32).fill(0x5a),
      last_cursor: 7n,
      ext: { proof: { key: new Uint8Array(32).fill(1), signature: new Uint8Array(64).fill(2) } },
    } as never);
    expect(line).toContain('last_cursor: 7');
    expect(line).not.toContain('Ada');
    expect(line).not.toContain('5a'.repeat(5));
    expect(line).not.toContain('02'.repeat(5));
  });

  it('writes out few items of a long list', () => {
    const blobs = Array.from({ length: 100 }, (_, n) => ({
      blob_id: new Uint8Array(16).fill(0xab),
      cursor: BigInt(n + 1),
      payload: new Uint8Array(3),
    }));
    const line = describeMessage({ type: 'PullResponse', blobs, has_more: false, max_cursor: 100n } as never);
    expect(line).toContain('4: abababab… 3 bytes #');
    expect(line).not.toContain('5: ');
    expect(line).toContain('… 96 more');
  });
});

describe('extensions', () => {
  const welcome = (ext: object) => describeMessage({ type: 'Welcome', version: 1, ext } as never);

  it('leave out what every session has, and say so', () => {
    const limits = Object.fromEntries(Array.from({ length: 19 }, (_, n) => [`limit_${n}`, 1n]));
    expect(welcome({ caps: ['x-a'], epoch: new Uint8Array(16), limits, 'x-b': new Uint8Array(4) })).toBe(
      'Welcome {version: 1, ext: {epoch: 00000000…, …}}',
    );
    expect(welcome({ limits })).toBe('Welcome {version: 1, ext: {…}}');
    expect(welcome({ expired_through: 3n })).toBe('Welcome {version: 1, ext: {expired_through: 3}}');
  });
});

describe('a trace', () => {
  it('keeps the beginning and the end of a long exchange and the true numbers', () => {
    const trace = new Trace();
    for (let n = 1; n <= 1000; n++) trace.record('A', 'to-relay', `message ${n}`);
    const steps = trace.steps;
    expect(trace.length).toBe(1000);
    expect(steps.length).toBe(200);
    expect(steps.slice(0, 40).map(({ n }) => n)).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
    expect(steps.at(-1)).toMatchObject({ n: 1000, text: 'message 1000' });
    expect(steps[40]!.n).toBe(841);
  });

  it('shortens undecodable bytes', () => {
    const trace = new Trace();
    trace.record('A', 'from-relay', 'no message', new Uint8Array(70_000).fill(0xc1));
    expect(trace.steps[0]!.hex).toBe(`${'c1'.repeat(64)}…`);
  });
});
