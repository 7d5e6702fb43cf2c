/**
 * Object I/O that is late, stands still, fails or dies on purpose, for tests: a switch that a program hands to startCluster
 * (`testing.objectIo`) and turns later. Every read, open and write of the nodes' object I/O threads passes it. Nothing that
 * a client, the command line or the environment says reaches it.
 *
 *   words: held  delay in ms  operations that stand still  operations passed  passes until one fails (0: never)  dies
 */
import { AssertionError } from './assert.ts';
import { SqlError } from './errors/sql-error.ts';

const HELD = 0;
const DELAY = 1;
const WAITING = 2;
const PASSED = 3;
const FAILS = 4;
const DIES = 5;
const WORDS = 8;

export class ObjectIoSwitch {
  private readonly words: Int32Array;
  constructor(readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(WORDS * 4)) {
    this.words = new Int32Array(buffer);
  }
  private turn(word: number, value: number): void {
    Atomics.store(this.words, word, value);
    Atomics.notify(this.words, HELD);
  }
  /** From now on operations stand still. */
  hold(): void {
    this.turn(HELD, 1);
  }
  release(): void {
    this.turn(HELD, 0);
  }
  delay(ms: number): void {
    this.turn(DELAY, ms);
  }
  /** Operation `passes` from now fails, like a broken connection. */
  fail(passes: number): void {
    this.turn(FAILS, passes);
  }
  /** The next thread that passes ends. */
  die(): void {
    this.turn(DIES, 1);
  }
  /** Operations that stand still now. */
  get waiting(): number {
    return Atomics.load(this.words, WAITING);
  }
  get passed(): number {
    return Atomics.load(this.words, PASSED);
  }

  /** An operation passes. */
  async pass(): Promise<void> {
    const ms = Atomics.load(this.words, DELAY);
    if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
    Atomics.add(this.words, WAITING, 1);
    while (Atomics.load(this.words, HELD) === 1) {
      const held = Atomics.waitAsync(this.words, HELD, 1);
      if (held.async) await held.value;
    }
    Atomics.sub(this.words, WAITING, 1);
    Atomics.add(this.words, PASSED, 1);
    if (Atomics.exchange(this.words, DIES, 0) === 1) {
      setImmediate(() => {
        throw new AssertionError('the thread ends on purpose');
      });
      return new Promise(() => undefined);
    }
    if (Atomics.load(this.words, FAILS) > 0 && Atomics.sub(this.words, FAILS, 1) === 1)
      throw new SqlError({ sqlstate: '58030', message: 'input/output error: injected' });
  }
}
