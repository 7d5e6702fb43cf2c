/**
 * Many short texts as UTF-8 behind one another in one buffer, each by its start and length.
 */
import { sortIndex } from '../common/merge-sort.ts';
import type { Steps } from '../common/steps.ts';

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder();

export class TextPool {
  count = 0;
  bytesUsed = 0;
  private bytes = new Uint8Array(0);
  private starts = new Uint32Array(0);
  private lengths = new Uint32Array(0);

  add(text: string): void {
    const from = this.bytesUsed;
    this.reserve(text.length * 3);
    let end = from;
    for (let i = 0; i < text.length; i += 1) {
      const c = text.charCodeAt(i);
      if (c > 127) {
        end = from + utf8.encodeInto(text, this.bytes.subarray(from)).written;
        break;
      }
      this.bytes[end++] = c;
    }
    this.starts[this.count] = from;
    this.lengths[this.count++] = end - from;
    this.bytesUsed = end;
  }
  addBytes(text: Uint8Array): void {
    this.reserve(text.length);
    this.bytes.set(text, this.bytesUsed);
    this.starts[this.count] = this.bytesUsed;
    this.lengths[this.count++] = text.length;
    this.bytesUsed += text.length;
  }
  start(i: number): number {
    return this.starts[i]!;
  }
  byteLength(i: number): number {
    return this.lengths[i]!;
  }
  at(i: number): Uint8Array {
    return this.bytes.subarray(this.starts[i]!, this.starts[i]! + this.lengths[i]!);
  }
  /** All texts, one behind the other. */
  all(): Uint8Array {
    return this.bytes.subarray(0, this.bytesUsed);
  }
  /** Byte by byte, a shorter text before what it begins. */
  readonly order = (a: number, b: number): number => {
    const { bytes, starts, lengths } = this;
    const [p, q] = [starts[a]!, starts[b]!];
    const common = Math.min(lengths[a]!, lengths[b]!);
    for (let i = 0; i < common; i += 1) {
      const difference = bytes[p + i]! - bytes[q + i]!;
      if (difference !== 0) return difference;
    }
    return lengths[a]! - lengths[b]!;
  };
  /** Least and greatest text; undefined when there is none. */
  bounds(): readonly [string, string] | undefined {
    if (this.count === 0) return undefined;
    let [least, most] = [0, 0];
    for (let i = 1; i < this.count; i += 1) {
      if (this.order(i, least) < 0) least = i;
      if (this.order(i, most) > 0) most = i;
    }
    return [fromUtf8.decode(this.at(least)), fromUtf8.decode(this.at(most))];
  }
  /** The texts' numbers in ascending order, one of each that are alike. */
  *distinct(): Steps<Uint32Array> {
    const sorted = yield* sortIndex(this.count, this.order);
    return sorted.filter((n, i) => i === 0 || this.order(sorted[i - 1]!, n) !== 0);
  }

  private reserve(more: number): void {
    if (this.count === this.starts.length) {
      this.starts = grown(this.starts, this.count * 2 + 4, (n) => new Uint32Array(n));
      this.lengths = grown(this.lengths, this.count * 2 + 4, (n) => new Uint32Array(n));
    }
    const needed = this.bytesUsed + more;
    if (needed > this.bytes.length)
      this.bytes = grown(this.bytes, Math.max(needed, this.bytes.length * 2), (n) => new Uint8Array(n));
  }
}

function grown<T extends Uint8Array | Uint32Array>(old: T, length: number, make: (length: number) => T): T {
  const out = make(length);
  out.set(old);
  return out;
}
