import type { Requirement } from '@0k-sync/spec';
import { describe, expect, it } from 'vitest';
import { registry as kit } from './checks/index.ts';
import { Registry } from './registry.ts';
import { select, UsageError } from './selection.ts';

const requirement = (id: string, profile = 'core'): Requirement => ({
  id,
  area: id.split('-')[0]!,
  level: 'MUST',
  party: 'relay',
  profile,
  text: `A relay MUST keep ${id}.`,
  why: 'Because.',
  source: 'decision',
});

const REQUIREMENTS = [
  requirement('SES-01'),
  requirement('CUR-01'),
  requirement('CUR-02'),
  requirement('LIM-01', 'limits'),
];
const run = async () => {};

function filled(): Registry {
  const registry = new Registry(REQUIREMENTS);
  registry.add('CUR-02/b', { title: 'b', run, needs: ['kill'] });
  registry.add('LIM-01', { title: 'limit', run });
  registry.add('CUR-02/a', { title: 'a', run, requirements: ['CUR-01', 'CUR-02'] });
  registry.add('SES-01', { title: 'session', run });
  return registry;
}

describe('the registry', () => {
  it('takes requirement, area and profile from the id', () => {
    const check = filled().get('CUR-02/a')!;
    expect(check.requirements.map(({ id }) => id)).toEqual(['CUR-02', 'CUR-01']);
    expect(check).toMatchObject({ area: 'CUR', profile: 'core', alone: false });
    expect(filled().get('CUR-02/b')).toMatchObject({ alone: true, slow: false });
  });

  it.each(['restart', 'kill', 'stop', 'rates'] as const)('lets no check run beside others that needs %s', (need) => {
    expect(filled().add('CUR-01/x', { title: 'x', run, needs: [need] }).alone).toBe(true);
    expect(filled().add('CUR-01/y', { title: 'y', run, needs: [need], alone: false }).alone).toBe(false);
    expect(filled().add('CUR-01/z', { title: 'z', run, needs: ['admin'] }).alone).toBe(false);
  });

  it('keeps the order of the requirements, whatever the order of definition', () => {
    expect(
      filled()
        .all()
        .map(({ id }) => id),
    ).toEqual(['SES-01', 'CUR-02/a', 'CUR-02/b', 'LIM-01']);
  });

  it('knows which checks verify a requirement', () => {
    expect(
      filled()
        .verifying('CUR-01')
        .map(({ id }) => id),
    ).toEqual(['CUR-02/a']);
    expect(
      filled()
        .verifying('CUR-02')
        .map(({ id }) => id),
    ).toEqual(['CUR-02/a', 'CUR-02/b']);
  });

  it.each([
    ['NONE-99', {}, /cites NONE-99, which is no requirement/],
    ['CUR-01', { requirements: ['NONE-98'] }, /cites NONE-98, which is no requirement/],
    ['SES-01', {}, /defined twice/],
    ['CUR-01/Page End', {}, /an id is a requirement/],
    ['page-end', {}, /an id is a requirement/],
    ['CUR-01/', {}, /an id is a requirement/],
  ])('refuses %s', (id, more, message) => {
    expect(() => filled().add(id, { title: 'x', run, ...more })).toThrow(message);
  });

  it('of the kit loads, and every check has a title that fits in a line', () => {
    expect(kit.all().length).toBeGreaterThan(0);
    for (const { id, title } of kit.all()) {
      expect(title, id).toMatch(/^\S.*[^.\s]$/);
      expect(title.length, id).toBeLessThan(110);
    }
  });
});

describe('a selection', () => {
  const ids = (selection: Parameters<typeof select>[1]) => select(filled().all(), selection).map(({ id }) => id);

  it('is the default profiles unless said', () => {
    expect(ids({})).toEqual(['SES-01', 'CUR-02/a', 'CUR-02/b']);
    expect(ids({ profiles: ['limits'] })).toEqual(['LIM-01']);
    expect(ids({ profiles: ['all'] })).toHaveLength(4);
  });

  it.each<[string[], string[]]>([
    [['CUR-02/a'], ['CUR-02/a']],
    [['CUR-02'], ['CUR-02/a', 'CUR-02/b']],
    [['CUR-01'], ['CUR-02/a']],
    [['cur'], ['CUR-02/a', 'CUR-02/b']],
    [['*'], ['SES-01', 'CUR-02/a', 'CUR-02/b', 'LIM-01']],
    [
      ['*/b', 'SES'],
      ['SES-01', 'CUR-02/b'],
    ],
    [['LIM-*'], ['LIM-01']],
  ])('by %s', (only, expected) => {
    expect(ids({ only })).toEqual(expected);
  });

  it('by the word for what searches by plans', () => {
    const registry = filled();
    registry.add('CUR-01/plans', { title: 'plans', run, isProperty: true });
    const chosen = (only: string[]) => select(registry.all(), { only }).map(({ id }) => id);
    expect(chosen(['properties'])).toEqual(['CUR-01/plans']);
    expect(chosen(['Properties', 'LIM-01'])).toEqual(['CUR-01/plans', 'LIM-01']);
    expect(() => chosen(['propertys'])).toThrow(/matches no check, requirement or area; did you mean properties\?/);
    expect(select(kit.all(), { only: ['properties'] }).map(({ id }) => id)).toEqual(['CUR-26/plans', 'CUR-37/plans']);
  });

  it.each([
    [{ only: ['CUR-0'] }, /matches no check/],
    [{ only: ['CUR-02', 'nope'] }, /--only nope/],
    [{ only: ['CUR.02'] }, /matches no check/],
    [{ only: ['LIM-01'], profiles: ['core'] }, /LIM-01 is in profile limits/],
    [{ profiles: ['nope'] }, /no check belongs to profile "nope"; there are core, limits and all/],
    [{ profiles: ['limit'] }, /no check belongs to profile "limit"; did you mean limits\?; there are/],
    [{ only: ['CUR-02/c'] }, /matches no check, requirement or area; did you mean CUR-02\/a\?/],
  ])('of nothing is wrong usage: %j', (selection, message) => {
    expect(() => ids(selection)).toThrow(UsageError);
    expect(() => ids(selection)).toThrow(message);
  });
});
