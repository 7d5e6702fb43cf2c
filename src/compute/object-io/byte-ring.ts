/**
 * The bytes of one read request on their way from a node's object I/O thread to a slice: a ring in a SharedArrayBuffer
 * with one writer and one reader. While the slice parses one part, the thread fills another.
 *
 *   u32 written  u32 read  state (0 open, 1 ended, 2 failed)  1 = the writer waits for room
 *   i64 bytes of the stored object that were read  pad to 64,  then the ring
 *
 * `written` and `read` count bytes modulo 2^32, which the ring's length divides: it is a power of two. Once the state is not open the writer never touches the buffer again.
 */
import { assert } from '../../common/assert.ts';
import { OBJECT_READ_BYTES_MAX } from '../../common/limits.ts';

const HEADER_BYTES = 64;
const WORD_BYTES = 8;
const WRITTEN = 0;
const READ = 1;
const STATE = 2;
const WAITS = 3;
const OBJECT_AT = 16;
export const RING_STATE = { open: 0, ended: 1, failed: 2 } as const;

export class ByteRing {
  private readonly words: Int32Array;
  private readonly objectCount: BigInt64Array;
  private readonly data: Uint8Array;

  constructor(readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(HEADER_BYTES + OBJECT_READ_BYTES_MAX)) {
    this.words = new Int32Array(buffer, 0, HEADER_BYTES / 4);
    this.objectCount = new BigInt64Array(buffer, OBJECT_AT, 1);
    this.data = new Uint8Array(buffer, HEADER_BYTES);
    assert((this.capacity & (this.capacity - 1)) === 0, 'a ring whose length is no power of two');
  }
  private count(word: number): number {
    return Atomics.load(this.words, word) >>> 0;
  }
  get capacity(): number {
    return this.data.length;
  }
  get used(): number {
    return (this.count(WRITTEN) - this.count(READ)) >>> 0;
  }
  get objectBytes(): number {
    return Number(Atomics.load(this.objectCount, 0));
  }
  get state(): number {
    return Atomics.load(this.words, STATE);
  }
  /** For the next request. */
  reset(): void {
    this.words.fill(0);
  }

  // ---- the writer ----

  /** Room in one piece, at most `most` bytes; empty when the ring is full. */
  room(most: number): Uint8Array {
    const at = this.count(WRITTEN) % this.capacity;
    return this.data.subarray(at, at + Math.min(most, this.capacity - this.used, this.capacity - at));
  }
  /** `objectBytes`: of the stored object, which may be compressed. */
  wrote(bytes: number, objectBytes: number): void {
    Atomics.store(this.objectCount, 0, BigInt(objectBytes));
    Atomics.store(this.words, WRITTEN, (this.count(WRITTEN) + bytes) | 0);
  }
  end(state: number): void {
    Atomics.store(this.words, STATE, state);
  }
  /** The reader shall tell when it has made room. */
  waits(): void {
    Atomics.store(this.words, WAITS, 1);
  }

  // ---- the reader ----

  /**
   * Copies what is there, as far as it fits. What stays begins at a whole word: shared memory is copied by words where both
   * sides begin at one, else byte by byte.
   */
  read(into: Uint8Array): number {
    const from = this.count(READ);
    const { used } = this;
    let n = Math.min(into.length, used);
    const over = (from + n) % WORD_BYTES;
    if (n < used && n > over) n -= over;
    const at = from % this.capacity;
    const first = Math.min(n, this.capacity - at);
    into.set(this.data.subarray(at, at + first));
    into.set(this.data.subarray(0, n - first), first);
    Atomics.store(this.words, READ, (from + n) | 0);
    return n;
  }
  /** True once after waits(). */
  takeWait(): boolean {
    return Atomics.exchange(this.words, WAITS, 0) === 1;
  }
}
