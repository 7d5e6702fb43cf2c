/**
 * Long values of one query on one participant. A string longer than INLINE_BYTES_MAX that a row keeps (in a breaker, or on
 * its way to another participant) is written once to a file of the temporary disk, and the row holds a REFERENCE in its
 * place: an i64 as a string's, length high, whose low word has its highest bit set, which no address has, and says where
 * in the file the bytes lie. So tuples, pages and partitions of rows have the size they always have, whatever the values
 * are, and a value is written once however often its row is kept again.
 *
 * Code that only carries a value passes the reference on. Code that looks into it has it brought to node memory for the
 * row at hand (fetched-values.ts); keys are compared here, a piece at a time. References mean nothing to another
 * participant: an exchange sends the bytes. The file goes with the query.
 */
import { assert } from '../common/assert.ts';
import { LONG_PIECE_BYTES } from '../common/limits.ts';
import { mayBeLong } from '../types/sql-type.ts';
import type { TupleLayout } from '../types/tuple-layout.ts';
import type { StepMemory } from './host.ts';
import type { TempDisk, TempFile } from './breakers/temp-disk.ts';

const REFERENCE_BIT = 0x80000000;
/** A value begins at a multiple of this. */
const GRAIN_BYTES = 512;
/** Of the first piece that is compared: most keys differ in it. */
const FIRST_PIECE_BYTES = 4096;
const KEY_START_BYTES = 8;

/** What makes two strings one value. */
export const LONG_KIND = { bytes: 0, string: 1, super: 2, folded: 3 } as const;

export const lengthOf = (value: bigint): number => Number((value >> 32n) & 0xffffffffn);
const lowOf = (value: bigint): number => Number(value & 0xffffffffn);
export const isReference = (value: bigint): boolean => lowOf(value) >= REFERENCE_BIT;

/** Where in these tuples references to long values stand, in the order of rows and fields. */
export function references(
  memory: Pick<StepMemory, 'bytes' | 'u32'>,
  { size, fields }: TupleLayout,
  start: number,
  rows: number,
): readonly number[] {
  const found: number[] = [];
  const long = fields.filter((f) => mayBeLong(f.type));
  for (let t = start; t < start + rows * size; t += size) {
    for (const { offset, nullOffset } of long) {
      const isNull = nullOffset >= 0 && memory.bytes[t + nullOffset] === 1;
      if (!isNull && memory.u32(t + offset) >= REFERENCE_BIT) found.push(t + offset);
    }
  }
  return found;
}

/** Where the bytes of a value go that comes from elsewhere. */
export interface LongPlace {
  readonly reference: bigint;
  /** The next bytes. */
  write(piece: Uint8Array): void;
}

export class LongValues {
  private file: TempFile | undefined;
  constructor(
    private readonly memory: Pick<StepMemory, 'bytes'>,
    private readonly temp: TempDisk,
  ) {}
  /** Written so far. */
  get bytes(): number {
    return this.file?.bytes ?? 0;
  }

  /** A reference to a copy of a string in node memory. */
  keep(value: bigint): bigint {
    const [at, length] = [lowOf(value), lengthOf(value)];
    const place = this.place(length);
    place.write(this.memory.bytes.subarray(at, at + length));
    return place.reference;
  }
  place(length: number): LongPlace {
    const file = (this.file ??= this.temp.create());
    const at = file.reserve(length, GRAIN_BYTES);
    const grain = at / GRAIN_BYTES;
    if (grain >= REFERENCE_BIT) this.temp.full();
    let written = 0;
    return {
      reference: BigInt.asIntN(64, (BigInt(length) << 32n) | BigInt(REFERENCE_BIT + grain)),
      write: (piece) => {
        assert(written + piece.length <= length, 'a long value is longer than it was said to be');
        file.write(at + written, piece);
        written += piece.length;
      },
    };
  }
  /** Bytes of a kept value from `from` on. */
  read(reference: bigint, from: number, into: Uint8Array): void {
    assert(this.file !== undefined && isReference(reference), 'a long value that was never kept');
    this.file.read((lowOf(reference) - REFERENCE_BIT) * GRAIN_BYTES + from, into);
  }

  /** The first eight bytes as a big-endian number. */
  first(key: bigint): bigint {
    this.read(key, 0, this.pieces[0].subarray(0, KEY_START_BYTES));
    return this.pieces[0].readBigInt64BE(0);
  }
  /** Most queries compare none. */
  private get pieces(): readonly [Buffer, Buffer] {
    return (this.made ??= [Buffer.alloc(LONG_PIECE_BYTES), Buffer.alloc(LONG_PIECE_BYTES)]);
  }
  private made: readonly [Buffer, Buffer] | undefined;
  /** So many bytes of a string, or of a kept value. */
  private piece(value: bigint, from: number, length: number, into: Buffer): Uint8Array {
    if (!isReference(value)) return this.memory.bytes.subarray(lowOf(value) + from, lowOf(value) + from + length);
    const piece = into.subarray(0, length);
    this.read(value, from, piece);
    return piece;
  }
  /** How many of the first `n` bytes are alike; both have so many. */
  common(a: bigint, b: bigint, n: number): number {
    if (a === b) return n;
    for (let at = 0, length = FIRST_PIECE_BYTES; at < n; at += length, length = LONG_PIECE_BYTES) {
      length = Math.min(length, n - at);
      const [x, y] = [this.piece(a, at, length, this.pieces[0]), this.piece(b, at, length, this.pieces[1])];
      if (Buffer.compare(x, y) !== 0) return at + x.findIndex((byte, i) => byte !== y[i]);
    }
    return n;
  }
  /** Which comes first by their bytes: -1, 0, 1. */
  order(a: bigint, b: bigint): number {
    const [an, bn] = [lengthOf(a), lengthOf(b)];
    const same = this.common(a, b, Math.min(an, bn));
    if (same === Math.min(an, bn)) return Math.sign(an - bn);
    const [[x], [y]] = [this.piece(a, same, 1, this.pieces[0]), this.piece(b, same, 1, this.pieces[1])];
    return x! < y! ? -1 : 1;
  }
  close(): void {
    this.file?.remove();
  }
}
