import { columns } from '../conformance/src/report/style.ts';
import { type Figure, isMet, median, ratioOf, spread } from './figure.ts';

const NUMBER = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });
const NOTHING = '';

/** The figures as a table: the value, the limit measured beside it, their ratio, what is asked of it. */
export function renderTable(figures: readonly Figure[]): string {
  const head = ['figure', 'limit measured beside it', 'value', '±', 'unit', 'limit', 'ratio', 'asked', ''];
  const rows = figures.map((figure) => {
    const { subject, name, unit, values, limit, asked } = figure;
    const ratio = ratioOf(figure);
    const met = isMet(figure);
    return [
      `${subject}: ${name}`,
      limit?.name ?? NOTHING,
      NUMBER.format(median(values)),
      `${(spread(values) * 100).toFixed(0)} %`,
      unit,
      limit ? NUMBER.format(median(limit.values)) : NOTHING,
      ratio === undefined ? NOTHING : ratio.toFixed(2),
      asked ? `${asked.sign} ${asked.value}` : NOTHING,
      met === undefined ? NOTHING : met ? 'ok' : 'missed',
    ];
  });
  return `${columns([head, ...rows], 2).join('\n')}\n`;
}
