import type { Clock } from '../src/clock.ts';

/** A clock that stands still until a test moves it; timers fire when it passes them. */
export class ManualClock implements Clock {
  #milliseconds = 1_800_000_000_000;
  #timers = new Set<{ at: number; callback: () => void }>();

  now(): number {
    return Math.floor(this.#milliseconds / 1000);
  }

  uptime(): number {
    return this.#milliseconds;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#milliseconds + ms, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  advance(seconds: number): void {
    this.#milliseconds += seconds * 1000;
    for (const timer of [...this.#timers].sort((a, b) => a.at - b.at)) {
      if (timer.at > this.#milliseconds || !this.#timers.delete(timer)) continue;
      timer.callback();
    }
  }

  /** Advances and lets what the timers began come to rest. */
  async pass(seconds: number): Promise<void> {
    this.advance(seconds);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
