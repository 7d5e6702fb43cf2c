/**
 * Which outer rows of a join had a match in the blocks before: a bit a row, while the rows themselves lie on disk. In
 * memory the mark stands in the tuple's chain pointer, which outer rows do not need (emit.ts).
 */
import { TUPLE_NEXT, type TupleLayout } from '../../types/tuple-layout.ts';
import type { BreakerHost } from '../breakers/host.ts';

export class OuterMarks {
  private readonly bits: number;
  /** Rows before the page at hand. */
  private row = 0;
  private isFirstBlock = true;

  constructor(
    private readonly host: BreakerHost,
    private readonly layout: TupleLayout,
    rows: number,
  ) {
    const bytes = Math.max(8, Math.ceil(rows / 8));
    this.bits = host.mustAllocate(bytes);
    host.memory.zero(this.bits, bytes);
  }
  /** Another block: pages come from the first one again. */
  rewind(): void {
    this.isFirstBlock = this.isFirstBlock && this.row === 0;
    this.row = 0;
  }
  /** The next page's tuples get their marks. */
  restore(address: number, rows: number): void {
    if (this.isFirstBlock) return;
    const { bytes, view } = this.host.memory;
    for (let i = 0; i < rows; i++) {
      const row = this.row + i;
      const bit = (bytes[this.bits + (row >>> 3)]! >>> (row & 7)) & 1;
      if (bit !== 0) view.setUint32(address + i * this.layout.size + TUPLE_NEXT, 1, true);
    }
  }
  /** The page that `restore` had is done with. */
  keep(address: number, rows: number): void {
    const { bytes, view } = this.host.memory;
    for (let i = 0; i < rows; i++) {
      const row = this.row + i;
      if (view.getUint32(address + i * this.layout.size + TUPLE_NEXT, true) === 0) continue;
      const at = this.bits + (row >>> 3);
      bytes[at] = bytes[at]! | (1 << (row & 7));
    }
    this.row += rows;
  }
  free(): void {
    this.host.memory.free(this.bits);
  }
}
