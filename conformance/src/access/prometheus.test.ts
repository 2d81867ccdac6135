import { expect, test } from 'vitest';
import { MetricsError, readMetrics } from './prometheus.ts';

test('the text format of Prometheus is read', () => {
  const metrics = readMetrics(
    [
      '# HELP a_total How many, "all" of them.',
      '# TYPE a_total counter',
      'a_total 3',
      '',
      '# just a comment',
      '#TYPE a_total gauge',
      '# TYPE b gauge',
      'b{code="1006",text="a\\"b\\\\c\\nd",} 1.5e3 1395066363000',
      'b { code = "1" } -Inf'.replaceAll(' = ', '='),
      '# TYPE c_seconds histogram',
      'c_seconds_bucket{le="0.1"} 1',
      'c_seconds_bucket{le="+Inf"} 2',
      'c_seconds_sum .25',
      'c_seconds_count 2',
      'd Nan',
      '',
    ].join('\n'),
  );
  expect([...metrics].map(([name, { type, samples }]) => [name, type, samples.length])).toEqual([
    ['a_total', 'counter', 1],
    ['b', 'gauge', 2],
    ['c_seconds', 'histogram', 4],
    ['d', 'untyped', 1],
  ]);
  expect(metrics.get('b')!.samples).toEqual([
    {
      labels: new Map([
        ['code', '1006'],
        ['text', 'a"b\\c\nd'],
      ]),
      value: 1500,
    },
    { labels: new Map([['code', '1']]), value: Number.NEGATIVE_INFINITY },
  ]);
});

test.each([
  ['a line that does not end', 'a 1'],
  ['no number', 'a one\n'],
  ['a name that is none', '1a 1\n'],
  ['a label without quotes', 'a{b=1} 1\n'],
  ['a label that does not end', 'a{b="1} 1\n'],
  ['a name of a label that is none', 'a{b-c="1"} 1\n'],
  ['an escape that is none', 'a{b="\\t"} 1\n'],
  ['a type that is none', '# TYPE a number\n'],
  ['two types', '# TYPE a gauge\n# TYPE a gauge\n'],
  ['a type behind its sample', 'a 1\n# TYPE a gauge\n'],
  ['a sample twice', 'a{b="1",c="2"} 1\na{c="2",b="1"} 1\n'],
  ['HTML', '<html>\n</html>\n'],
  ['nothing', ''],
])('%s is an error', (_what, text) => {
  expect(() => readMetrics(text)).toThrow(MetricsError);
});
