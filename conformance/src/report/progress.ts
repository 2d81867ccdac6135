import { printable } from '../printable.ts';
import type { Check } from '../registry.ts';
import type { CheckResult } from '../run/result.ts';
import type { Colors } from './style.ts';

/** Where progress is written: a terminal, or a file or pipe. */
export interface ProgressOutput {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Shows how far a run is: on a terminal one line that changes, elsewhere a line for each check. */
export class Progress {
  readonly #output: ProgressOutput;
  readonly #colors: Colors;
  readonly #total: number;
  readonly #running: string[] = [];
  #done = 0;
  #failed = 0;
  #isDrawn = false;

  constructor(output: ProgressOutput, colors: Colors, total: number) {
    this.#output = output;
    this.#colors = colors;
    this.#total = total;
  }

  started(check: Check): void {
    this.#running.push(check.id);
    this.#draw();
  }

  finished(result: CheckResult): void {
    const at = this.#running.indexOf(result.check.id);
    if (at >= 0) this.#running.splice(at, 1);
    this.#done++;
    const isNewFailure = result.verdict === 'fail' && !result.known;
    if (isNewFailure) this.#failed++;
    // On a terminal passes leave no line: what went wrong should not scroll away.
    if (!this.#output.isTTY || isNewFailure) this.#line(result);
    this.#draw();
  }

  /** Removes the line that changes. */
  end(): void {
    if (this.#isDrawn) this.#output.write('\r\x1b[K');
    this.#isDrawn = false;
  }

  #line(result: CheckResult): void {
    this.end();
    const why = result.reason ?? (result.finding ? `got ${result.finding.actual}` : '');
    const text = `${label(result, this.#colors)}  ${result.check.id}  ${result.check.title}${why && `: ${printable(why)}`}`;
    this.#output.write(`${text} (${result.ms} ms)\n`);
  }

  #draw(): void {
    if (!this.#output.isTTY || this.#done === this.#total) return;
    this.#isDrawn = true;
    const failed = this.#failed > 0 ? `, ${this.#failed} failed` : '';
    const text = `${this.#done} of ${this.#total}${failed}  ${this.#running.join(', ')}`;
    this.#output.write(`\r\x1b[K${text.slice(0, (this.#output.columns || 80) - 1)}`);
  }
}

/** A verdict in one word of fixed width. */
function label({ verdict, known }: CheckResult, colors: Colors): string {
  switch (verdict) {
    case 'pass':
      return colors.green('pass   ');
    case 'fail':
      return known ? colors.yellow('known  ') : colors.red('FAIL   ');
    case 'not-run':
      return colors.dim('not run');
    case 'inconclusive':
      return colors.yellow('unknown');
  }
}
