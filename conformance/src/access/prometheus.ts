/** A sample of a metric: its labels, and a number, which may be infinite or none. */
export interface Sample {
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

export interface Metric {
  /** `untyped` where it is not said. */
  readonly type: string;
  readonly samples: Sample[];
}

/** A text is not in the format. The message says in which line, and never shows it: it may hold what should not be there. */
export class MetricsError extends Error {
  override readonly name = 'MetricsError';
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = String.raw`[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*"`;
const LABELS = String.raw`(?:\{[ \t]*((?:${LABEL}[ \t]*,[ \t]*)*(?:${LABEL})?)[ \t]*\})?`;
const SAMPLE = new RegExp(String.raw`^(${NAME})[ \t]*${LABELS}[ \t]*(\S+)(?:[ \t]+-?\d+)?[ \t]*$`);
const TYPE = new RegExp(String.raw`^#[ \t]+TYPE[ \t]+(${NAME})[ \t]+(counter|gauge|histogram|summary|untyped)[ \t]*$`);
/** What a histogram or a summary adds to its name. */
const SUFFIX = /_(?:bucket|sum|count)$/;

/**
 * Reads the text format of Prometheus, version 0.0.4.
 *
 * @returns the metrics by name.
 * @throws MetricsError
 */
export function readMetrics(text: string): Map<string, Metric> {
  const metrics = new Map<string, Metric>();
  const seen = new Set<string>();
  const entry = (name: string, type = 'untyped') => {
    const metric = metrics.get(name) ?? { type, samples: [] };
    metrics.set(name, metric);
    return metric;
  };
  if (!text.endsWith('\n')) throw new MetricsError('the last line does not end');
  for (const [index, line] of text.slice(0, -1).split('\n').entries()) {
    const wrong = (why: string) => new MetricsError(`line ${index + 1}: ${why}`);
    if (line.trim() === '') continue;
    if (line.startsWith('#')) {
      if (!/^#[ \t]+TYPE[ \t]/.test(line)) continue;
      const [, name, type] = TYPE.exec(line) ?? [];
      if (name === undefined) throw wrong('a TYPE that is none');
      if (metrics.has(name)) throw wrong('a TYPE that comes twice, or after a sample');
      entry(name, type);
      continue;
    }
    const [, name, labels = '', value] = SAMPLE.exec(line) ?? [];
    if (name === undefined) throw wrong('neither a comment nor a sample');
    const base = name.replace(SUFFIX, '');
    const isPart = ['histogram', 'summary'].includes(metrics.get(base)?.type ?? '');
    const pairs = [...labels.matchAll(new RegExp(LABEL, 'g'))].map(([pair]) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at), pair.slice(at + 2, -1).replace(/\\(.)/g, (_, c) => (c === 'n' ? '\n' : c))] as const;
    });
    const identity = JSON.stringify([name, ...pairs.map((pair) => pair.join('=')).sort()]);
    if (seen.has(identity)) throw wrong('a sample that comes twice');
    seen.add(identity);
    const number = numberOf(value!);
    if (number === undefined) throw wrong('a value that is no number');
    entry(isPart ? base : name).samples.push({ labels: new Map(pairs), value: number });
  }
  return metrics;
}

/** As Go reads it: infinity and NaN in capitals or not. */
function numberOf(text: string): number | undefined {
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return Number(text);
  const special = /^([+-]?)(inf|infinity|nan)$/i.exec(text);
  if (!special) return undefined;
  if (special[2]!.toLowerCase() === 'nan') return Number.NaN;
  return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
