/**
 * Streaming gunzip that pulls: `read(into)` inflates until `into` is full or the data ends, asking `source` for input
 * as it goes. Synchronous, because slices read files between batches; nothing but a 32 KB window and two fixed buffers
 * is held. Concatenated members are read as one stream, CRC and length of each are checked. Node's zlib has no public
 * synchronous streaming interface, hence an own decoder (RFC 1951, two-level Huffman tables).
 */
import { crc32 as zlibCrc32 } from 'node:zlib';
import { SqlError } from '../common/errors/sql-error.ts';

/** Fills `into` from its start and returns the bytes written, 0 at the end. */
export type PullSource = (into: Uint8Array) => number;

const WINDOW = 32768;
const OUT_BYTES = WINDOW + 262144;
const IN_BYTES = 65536;
/** Longest run of input that one step of the hot loop may take. */
const IN_MARGIN = 16;
const LIT_BITS = 10;
const DIST_BITS = 9;
const LINK = 128;

const LENGTH_BASE = Uint16Array.from([
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
]);
const LENGTH_EXTRA = Uint8Array.from([
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
]);
const DIST_BASE = Uint16Array.from([
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
]);
const DIST_EXTRA = Uint8Array.from([
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
]);
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

export const gzipDamaged = (what: string): SqlError =>
  new SqlError({
    sqlstate: 'XX000',
    message: `gzip data is corrupt: ${what}`,
    hint: 'Check that the file is complete and that GZIP is the right option.',
  });

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n;
});
function slowCrc(bytes: Uint8Array, seed: number): number {
  let c = ~seed;
  for (let i = 0; i < bytes.length; i++) c = CRC_TABLE[(c ^ bytes[i]!) & 255]! ^ (c >>> 8);
  return ~c >>> 0;
}
const crc32: (bytes: Uint8Array, seed: number) => number =
  typeof zlibCrc32 === 'function' ? (bytes, seed) => zlibCrc32(bytes as Buffer, seed) : slowCrc;

/**
 * Huffman table: entry = symbol << 8 | code length, or offset << 8 | LINK | bits for a second level behind the first
 * `root` bits. 0 = no such code.
 */
function buildTable(table: Int32Array, lengths: Uint8Array, from: number, n: number, root: number): void {
  const counts = new Uint16Array(16);
  let longest = 0;
  for (let i = 0; i < n; i++) {
    const l = lengths[from + i]!;
    counts[l]!++;
    if (l > longest) longest = l;
  }
  counts[0] = 0;
  const next = new Uint16Array(17);
  let left = 1;
  for (let l = 1; l <= 15; l++) {
    next[l + 1] = (next[l]! + counts[l]!) << 1;
    left = (left << 1) - counts[l]!;
    if (left < 0) throw gzipDamaged('over-subscribed code');
  }
  table.fill(0, 0, 1 << root);
  let free = 1 << root;
  const subBits = longest - root;
  for (let symbol = 0; symbol < n; symbol++) {
    const l = lengths[from + symbol]!;
    if (l === 0) continue;
    let code = next[l]!++;
    let reversed = 0;
    for (let i = 0; i < l; i++) {
      reversed = (reversed << 1) | (code & 1);
      code >>= 1;
    }
    const entry = (symbol << 8) | l;
    if (l <= root) {
      for (let at = reversed; at < 1 << root; at += 1 << l) table[at] = entry;
      continue;
    }
    const low = reversed & ((1 << root) - 1);
    if (table[low] === 0) {
      table[low] = (free << 8) | LINK | subBits;
      table.fill(0, free, free + (1 << subBits));
      free += 1 << subBits;
    }
    const base = table[low]! >>> 8;
    for (let at = reversed >>> root; at < 1 << subBits; at += 1 << (l - root)) table[base + at] = entry;
  }
}

type State = 'member' | 'block' | 'stored' | 'coded' | 'trailer' | 'end';

export class Gunzip {
  private readonly input = new Uint8Array(IN_BYTES + IN_MARGIN);
  private inAt = 0;
  private inEnd = 0;
  private inputDone = false;
  private bits = 0;
  private bitCount = 0;
  private readonly out = new Uint8Array(OUT_BYTES + 300);
  private outAt = WINDOW;
  private taken = WINDOW;
  private state: State = 'member';
  private lastBlock = false;
  private storedLeft = 0;
  private memberStart = WINDOW;
  private crc = 0;
  private size = 0;
  private members = 0;
  private readonly literals = new Int32Array((1 << LIT_BITS) + 288 * 32);
  private readonly distances = new Int32Array((1 << DIST_BITS) + 32 * 64);
  private readonly lengths = new Uint8Array(320);

  constructor(private readonly source: PullSource) {}

  /** Bytes written to `into`; 0 only at the end of the data (or for an empty `into`). */
  read(into: Uint8Array): number {
    let done = 0;
    while (done < into.length) {
      if (this.taken === this.outAt && !this.produce()) break;
      const n = Math.min(into.length - done, this.outAt - this.taken);
      into.set(this.out.subarray(this.taken, this.taken + n), done);
      this.taken += n;
      done += n;
    }
    return done;
  }

  /** Inflates until the output buffer is full or the data ends; false when nothing is left. */
  private produce(): boolean {
    if (this.outAt >= OUT_BYTES) {
      this.out.copyWithin(0, this.outAt - WINDOW, this.outAt);
      this.memberStart = Math.max(0, this.memberStart - (this.outAt - WINDOW));
      this.outAt = WINDOW;
      this.taken = WINDOW;
    }
    const from = this.outAt;
    let counted = from;
    const count = (): void => {
      this.crc = crc32(this.out.subarray(counted, this.outAt), this.crc);
      this.size = (this.size + this.outAt - counted) >>> 0;
      counted = this.outAt;
    };
    while (this.outAt < OUT_BYTES && this.state !== 'end') {
      if (this.state === 'member') this.header();
      else if (this.state === 'block') this.blockHeader();
      else if (this.state === 'stored') this.stored();
      else if (this.state === 'coded') this.coded();
      else {
        count();
        this.trailer();
      }
    }
    count();
    return this.outAt > from;
  }

  /** Makes sure that IN_MARGIN bytes lie ahead (zeros behind the real end). */
  private refill(): void {
    if (this.inAt + IN_MARGIN <= this.inEnd || this.inputDone) return;
    this.input.copyWithin(0, this.inAt, this.inEnd);
    this.inEnd -= this.inAt;
    this.inAt = 0;
    while (this.inEnd < IN_MARGIN && !this.inputDone) {
      const n = this.source(this.input.subarray(this.inEnd, IN_BYTES));
      if (n === 0) this.inputDone = true;
      this.inEnd += n;
    }
    if (this.inputDone) this.input.fill(0, this.inEnd);
  }
  private take(n: number): number {
    while (this.bitCount < n) {
      this.refill();
      if (this.inAt >= this.inEnd) throw gzipDamaged('unexpected end of file');
      this.bits |= this.input[this.inAt++]! << this.bitCount;
      this.bitCount += 8;
    }
    const value = this.bits & ((1 << n) - 1);
    this.bits >>>= n;
    this.bitCount -= n;
    return value;
  }
  private byte(): number {
    return this.take(8);
  }
  private header(): void {
    this.refill();
    if (this.inAt >= this.inEnd && this.bitCount === 0) {
      if (this.members === 0) throw gzipDamaged('empty file');
      this.state = 'end';
      return;
    }
    const magic = this.byte() | (this.byte() << 8);
    if (magic !== 0x8b1f) {
      if (this.members === 0) throw gzipDamaged('not a gzip file');
      // Padding behind the last member.
      this.state = 'end';
      return;
    }
    if (this.byte() !== 8) throw gzipDamaged('unknown method');
    const flags = this.byte();
    for (let i = 0; i < 6; i++) this.byte();
    if (flags & 4) for (let n = this.byte() | (this.byte() << 8); n > 0; n--) this.byte();
    if (flags & 8) while (this.byte() !== 0);
    if (flags & 16) while (this.byte() !== 0);
    if (flags & 2) this.take(16);
    this.members++;
    this.memberStart = this.outAt;
    this.crc = 0;
    this.size = 0;
    this.state = 'block';
  }
  private trailer(): void {
    this.take(this.bitCount & 7);
    const crc = (this.take(16) | (this.take(16) << 16)) >>> 0;
    const size = (this.take(16) | (this.take(16) << 16)) >>> 0;
    if (crc !== this.crc) throw gzipDamaged('checksum differs');
    if (size !== this.size) throw gzipDamaged('length differs');
    this.lastBlock = false;
    this.state = 'member';
  }
  private blockHeader(): void {
    if (this.lastBlock) {
      this.state = 'trailer';
      return;
    }
    this.lastBlock = this.take(1) === 1;
    const kind = this.take(2);
    if (kind === 0) {
      this.take(this.bitCount & 7);
      const n = this.take(16);
      if ((this.take(16) ^ n) !== 0xffff) throw gzipDamaged('stored block');
      this.storedLeft = n;
      this.state = 'stored';
    } else if (kind === 1) {
      this.lengths.fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280).fill(8, 280, 288);
      buildTable(this.literals, this.lengths, 0, 288, LIT_BITS);
      this.lengths.fill(5, 0, 32);
      buildTable(this.distances, this.lengths, 0, 32, DIST_BITS);
      this.state = 'coded';
    } else if (kind === 2) this.dynamicTables();
    else throw gzipDamaged('unknown block');
  }
  private dynamicTables(): void {
    const { lengths } = this;
    const literals = this.take(5) + 257;
    const distances = this.take(5) + 1;
    const codes = this.take(4) + 4;
    lengths.fill(0, 0, 19);
    for (let i = 0; i < codes; i++) lengths[ORDER[i]!] = this.take(3);
    buildTable(this.literals, lengths, 0, 19, 7);
    for (let i = 0; i < literals + distances;) {
      this.refill();
      while (this.bitCount < 7) {
        this.bits |= this.input[this.inAt++]! << this.bitCount;
        this.bitCount += 8;
      }
      const entry = this.literals[this.bits & 127]!;
      if (entry === 0) throw gzipDamaged('code lengths');
      this.bits >>>= entry & 15;
      this.bitCount -= entry & 15;
      const symbol = entry >>> 8;
      if (symbol < 16) {
        lengths[i++] = symbol;
        continue;
      }
      const value = symbol === 16 ? (i > 0 ? lengths[i - 1]! : -1) : 0;
      const repeat = symbol === 16 ? 3 + this.take(2) : symbol === 17 ? 3 + this.take(3) : 11 + this.take(7);
      if (value < 0 || i + repeat > literals + distances) throw gzipDamaged('code lengths');
      lengths.fill(value, i, i + repeat);
      i += repeat;
    }
    if (lengths[256] === 0) throw gzipDamaged('no end of block');
    buildTable(this.literals, lengths, 0, literals, LIT_BITS);
    buildTable(this.distances, lengths, literals, distances, DIST_BITS);
    this.state = 'coded';
  }
  private stored(): void {
    // Whole bytes may still lie in the bit buffer.
    while (this.bitCount >= 8 && this.storedLeft > 0) {
      this.out[this.outAt++] = this.take(8);
      this.storedLeft--;
    }
    while (this.storedLeft > 0 && this.outAt < OUT_BYTES) {
      this.refill();
      if (this.inAt >= this.inEnd) throw gzipDamaged('unexpected end of file');
      const n = Math.min(this.storedLeft, this.inEnd - this.inAt, OUT_BYTES - this.outAt);
      this.out.set(this.input.subarray(this.inAt, this.inAt + n), this.outAt);
      this.inAt += n;
      this.outAt += n;
      this.storedLeft -= n;
    }
    if (this.storedLeft === 0) this.state = 'block';
  }

  /** The hot loop: literals and matches until the block ends or the output is full. */
  private coded(): void {
    const { input, out, literals, distances } = this;
    let { inAt, bits, bitCount, outAt } = this;
    let limit = this.inEnd - IN_MARGIN;
    while (outAt < OUT_BYTES) {
      if (inAt > limit) {
        this.inAt = inAt;
        this.refill();
        inAt = this.inAt;
        limit = this.inputDone ? this.inEnd : this.inEnd - IN_MARGIN;
        if (inAt > limit && inAt - (bitCount >> 3) > this.inEnd) throw gzipDamaged('unexpected end of file');
      }
      if (bitCount < 15) {
        bits |= (input[inAt]! | (input[inAt + 1]! << 8)) << bitCount;
        inAt += 2;
        bitCount += 16;
      }
      let entry = literals[bits & ((1 << LIT_BITS) - 1)]!;
      if (entry & LINK) entry = literals[(entry >>> 8) + ((bits >>> LIT_BITS) & ((1 << (entry & 15)) - 1))]!;
      bits >>>= entry & 15;
      bitCount -= entry & 15;
      const symbol = entry >>> 8;
      if (symbol < 256) {
        if (entry === 0) throw gzipDamaged('invalid code');
        out[outAt++] = symbol;
        continue;
      }
      if (symbol === 256) {
        this.state = 'block';
        break;
      }
      if (symbol > 285) throw gzipDamaged('invalid length');
      if (bitCount < 15) {
        bits |= (input[inAt]! | (input[inAt + 1]! << 8)) << bitCount;
        inAt += 2;
        bitCount += 16;
      }
      const lengthExtra = LENGTH_EXTRA[symbol - 257]!;
      const length = LENGTH_BASE[symbol - 257]! + (bits & ((1 << lengthExtra) - 1));
      bits >>>= lengthExtra;
      bitCount -= lengthExtra;
      if (bitCount < 15) {
        bits |= (input[inAt]! | (input[inAt + 1]! << 8)) << bitCount;
        inAt += 2;
        bitCount += 16;
      }
      entry = distances[bits & ((1 << DIST_BITS) - 1)]!;
      if (entry & LINK) entry = distances[(entry >>> 8) + ((bits >>> DIST_BITS) & ((1 << (entry & 15)) - 1))]!;
      if (entry === 0 || entry >>> 8 > 29) throw gzipDamaged('invalid distance');
      bits >>>= entry & 15;
      bitCount -= entry & 15;
      if (bitCount < 15) {
        bits |= (input[inAt]! | (input[inAt + 1]! << 8)) << bitCount;
        inAt += 2;
        bitCount += 16;
      }
      const distExtra = DIST_EXTRA[entry >>> 8]!;
      const distance = DIST_BASE[entry >>> 8]! + (bits & ((1 << distExtra) - 1));
      bits >>>= distExtra;
      bitCount -= distExtra;
      let from = outAt - distance;
      if (from < this.memberStart) throw gzipDamaged('distance too far back');
      const end = outAt + length;
      while (outAt < end) out[outAt++] = out[from++]!;
    }
    // Up to three unread bytes stay in the bit buffer; take() and stored() use them first.
    if (inAt - (bitCount >> 3) > this.inEnd) throw gzipDamaged('unexpected end of file');
    Object.assign(this, { inAt, bits, bitCount, outAt });
  }
}
