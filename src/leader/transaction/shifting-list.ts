/**
 * A list that grows at its end and shrinks at both, each in constant time on average: what left at the front is given back
 * when it is half of what is kept. Used by conflict-graph.ts.
 */
import { assert } from '../../common/assert.ts';

/** Below this many, nothing is worth giving back. */
const KEPT_MIN = 64;

export class ShiftingList<T> {
  private items: (T | undefined)[] = [];
  private head = 0;

  get length(): number {
    return this.items.length - this.head;
  }
  at(index: number): T {
    assert(index >= 0 && index < this.length, `no element ${index} of ${this.length}`);
    return this.items[this.head + index]!;
  }
  get first(): T | undefined {
    return this.items[this.head];
  }
  get last(): T | undefined {
    return this.length === 0 ? undefined : this.items[this.items.length - 1];
  }
  push(item: T): void {
    this.items.push(item);
  }
  pop(): T | undefined {
    return this.length === 0 ? undefined : this.items.pop();
  }
  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const first = this.items[this.head];
    this.items[this.head++] = undefined;
    if (this.head >= KEPT_MIN && this.head * 2 >= this.items.length) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
    return first;
  }
}
