import { describe, expect, it } from 'vitest';
import { registry } from '../checks/index.ts';
import { UsageError } from '../selection.ts';
import { readKnownFailing } from './known-failing.ts';

const read = (text: string) => readKnownFailing(text, 'known.txt', registry.all());

describe('a list of known failures', () => {
  it('has ids and patterns of ids, comments and empty lines', () => {
    const known = read('# ours\n\n  CUR-37/plans  # issue 12\r\nhs-08/*\n');
    expect(Object.fromEntries(known)).toEqual({
      'CUR-37/plans': { place: 'known.txt:3', pattern: 'CUR-37/plans' },
      'HS-08/longer': { place: 'known.txt:4', pattern: 'hs-08/*' },
      'HS-08/message-1': { place: 'known.txt:4', pattern: 'hs-08/*' },
      'HS-08/message-3': { place: 'known.txt:4', pattern: 'hs-08/*' },
    });
    expect(read('# nothing yet\n').size).toBe(0);
  });

  it('names a check by the first line that does', () => {
    expect(read('HS-08/l*\nHS-08/longer').get('HS-08/longer')!.place).toBe('known.txt:1');
  });

  it.each([
    ['CUR-01\nCUR-088', 'known.txt:2: CUR-088 matches no check; did you mean CUR-08?'],
    ['XYZ-*', 'known.txt:1: XYZ-* matches no check'],
    ['CUR', 'known.txt:1: CUR matches no check'],
    ['HS-08', 'known.txt:1: HS-08 matches no check; there is HS-08/longer: write it, or HS-08/* for all of them'],
  ])('that names no check is wrong: %j', (text, message) => {
    expect(() => read(text)).toThrow(UsageError);
    expect(() => read(text)).toThrow(message);
  });
});
