/**
 * Long values that the code of a segment looks into, in node memory. A value stays where it is until the row for which it
 * was fetched is done with; the code says so by counting in its context (CTX.LONG_ROW), and by counting pairs
 * (CTX.LONG_PAIR) for what only a pair of a row needs: one of a join's chain, a row that a window looks at. After that the
 * values that were used last are kept, so that rows with the same one (unnested from it, joined to it) find it there, up to
 * FETCHED_BYTES_MAX and until memory is short.
 */
import { FETCHED_BYTES_MAX } from '../common/limits.ts';
import type { LongValues } from '../steps/long-values.ts';
import { lengthOf } from '../steps/long-values.ts';
import { CTX } from '../wasm/memory-map.ts';
import type { QueryMemory } from './query-memory.ts';

interface Fetched {
  readonly reference: bigint;
  readonly address: number;
  readonly bytes: number;
  row: number;
  /** -1: needed by all pairs of its row. */
  pair: number;
}

export class FetchedValues {
  /** Those used last at the end. */
  private readonly values: Fetched[] = [];
  private bytes = 0;

  constructor(
    private readonly memory: QueryMemory,
    private readonly longs: LongValues,
    private readonly context: () => number,
  ) {}
  /** The string at an address of its own, or undefined: there is no memory for it. */
  fetch(reference: bigint, forPair: boolean): bigint | undefined {
    const value = this.known(reference) ?? this.read(reference);
    if (value === undefined) return undefined;
    const isOfRow = value.row === this.row && value.pair === -1;
    value.row = this.row;
    value.pair = forPair && !isOfRow ? this.pair : -1;
    this.values.push(value);
    return (BigInt(lengthOf(reference)) << 32n) | BigInt(value.address);
  }
  /** Taken out of the list. */
  private known(reference: bigint): Fetched | undefined {
    const index = this.values.findIndex((v) => v.reference === reference);
    return index < 0 ? undefined : this.values.splice(index, 1)[0];
  }
  private read(reference: bigint): Fetched | undefined {
    const bytes = lengthOf(reference);
    while (this.bytes + bytes > FETCHED_BYTES_MAX && this.dropOne());
    const address = this.memory.allocate(bytes);
    if (address === 0) return undefined;
    this.bytes += bytes;
    const value = { reference, address, bytes, row: -1, pair: -1 };
    try {
      this.longs.read(reference, 0, this.memory.bytes.subarray(address, address + bytes));
    } catch (error) {
      this.drop(value);
      throw error;
    }
    return value;
  }
  private get row(): number {
    return this.memory.u32(this.context() + CTX.LONG_ROW);
  }
  private get pair(): number {
    return this.memory.u32(this.context() + CTX.LONG_PAIR);
  }
  private isNeeded({ row, pair }: Fetched): boolean {
    return row === this.row && (pair === -1 || pair === this.pair);
  }
  /** The value that was not used for longest goes, unless all are needed. */
  dropOne(): boolean {
    const index = this.values.findIndex((v) => !this.isNeeded(v));
    if (index < 0) return false;
    this.drop(this.values.splice(index, 1)[0]!);
    return true;
  }
  private drop({ address, bytes }: Fetched): void {
    this.memory.free(address);
    this.bytes -= bytes;
  }
  close(): void {
    for (const value of this.values.splice(0)) this.drop(value);
  }
}
