/**
 * A list whose items are made while somebody reads it, anew for each reader: what is long is never there as a whole, and
 * whoever reads it can stop between two items.
 */
import { Turns } from './steps.ts';

export class Sequence<T> implements Iterable<T> {
  constructor(private readonly open: () => Iterator<T>) {}

  static of<T>(...parts: readonly Iterable<T>[]): Sequence<T> {
    return new Sequence(function* () {
      for (const part of parts) yield* part;
    });
  }
  [Symbol.iterator](): Iterator<T> {
    return this.open();
  }
  map<U>(f: (item: T) => U): Sequence<U> {
    const items = (): Iterable<T> => this;
    return new Sequence(function* () {
      for (const item of items()) yield f(item);
    });
  }
  filter(f: (item: T) => boolean): Sequence<T> {
    return this.flatMap((item) => (f(item) ? [item] : []));
  }
  flatMap<U>(f: (item: T) => Iterable<U>): Sequence<U> {
    const items = (): Iterable<T> => this;
    return new Sequence(function* () {
      for (const item of items()) yield* f(item);
    });
  }
  /** Reads all of it between the events of this thread; ends with the signal's reason when it aborts. */
  async each(f: (item: T) => void, signal: AbortSignal): Promise<void> {
    const turns = new Turns(signal);
    for (const item of this) {
      f(item);
      const turn = turns.next();
      if (turn === undefined) continue;
      await turn;
      signal.throwIfAborted();
    }
  }
}
