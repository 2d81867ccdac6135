import fc from 'fast-check';

/**
 * Values that have nothing smaller any more once the time is up. fast-check would make all the smaller ones all the same, and a
 * request of a handshake takes the reference tens of milliseconds.
 */
export class Limited<T> extends fc.Arbitrary<T> {
  readonly #inner: fc.Arbitrary<T>;
  readonly #isOver: () => boolean;

  /** @param isOver whether the time is up */
  constructor(inner: fc.Arbitrary<T>, isOver: () => boolean) {
    super();
    this.#inner = inner;
    this.#isOver = isOver;
  }

  generate(random: fc.Random, biasFactor: number | undefined): fc.Value<T> {
    return this.#inner.generate(random, biasFactor);
  }

  canShrinkWithoutContext(value: unknown): value is T {
    return this.#inner.canShrinkWithoutContext(value);
  }

  shrink(value: T, context: unknown): fc.Stream<fc.Value<T>> {
    if (this.#isOver()) return fc.Stream.nil();
    return this.#inner.shrink(value, context).takeWhile(() => !this.#isOver());
  }
}
