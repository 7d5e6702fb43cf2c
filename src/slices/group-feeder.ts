/**
 * Reads the rows of existing groups back as vectors, for VACUUM and tail merging: decoded, deleted rows left out when
 * asked, columns that are younger than the group filled with their missing value.
 */
import { PHYS_BYTES, physOf, type SqlType } from '../types/sql-type.ts';
import { missingValue } from './missing-value.ts';
import type { Group } from './row-group.ts';
import { take, type SliceContext } from './slice-context.ts';
import { atOnce, type ColumnVector, type Steps } from './storage.ts';

const PIECE_ROWS = 8192;

export interface FedColumn {
  readonly attnum: number;
  readonly type: SqlType;
  readonly missingValue?: string | null;
}
interface Target {
  append(columns: readonly ColumnVector[], rowCount: number): void;
  readonly hasWork?: boolean;
  step?(): void;
}
interface Dropped {
  /** Rows of the group to leave out. */
  readonly drops: ((row: number) => boolean) | undefined;
}
/** Deleted by anyone. */
export const deletedRows = (group: Group): Dropped['drops'] =>
  group.deletes.length === 0 ? undefined : (row) => group.isDeleted(row);
interface Slot {
  readonly column: FedColumn;
  readonly width: number;
  readonly values: number;
  readonly nulls: number;
  readonly kept: number;
  readonly keptNulls: number;
}

export class GroupFeeder {
  private readonly held: number[] = [];
  private readonly slots: Slot[];
  private readonly index: number;
  constructor(
    private readonly context: SliceContext,
    columns: readonly FedColumn[],
  ) {
    this.slots = columns.map((column) => {
      const width = PHYS_BYTES[physOf(column.type)];
      return {
        column,
        width,
        values: this.room(PIECE_ROWS * width),
        nulls: this.room(PIECE_ROWS),
        kept: this.room(PIECE_ROWS * width),
        keptNulls: this.room(PIECE_ROWS),
      };
    });
    this.index = this.room(PIECE_ROWS * 4);
  }
  private room(bytes: number): number {
    this.held.push(take(this.context, bytes));
    return this.held[this.held.length - 1]!;
  }

  /** Appends the group's rows to `target` in order. */
  feed(group: Group, target: Target, options: Dropped): void {
    atOnce(this.feedSteps(group, target, options));
  }
  *feedSteps(group: Group, target: Target, { drops }: Dropped): Steps<void> {
    const { cache, loader, memory } = this.context;
    const chunks = this.slots.map((s) => group.chunks.get(s.column.attnum));
    const entries = chunks.map((c) => c && loader.pin(c));
    try {
      for (let start = 0; start < group.rows; start += PIECE_ROWS) {
        const count = Math.min(PIECE_ROWS, group.rows - start);
        const kept = drops === undefined ? count : this.keptRows(drops, start, count);
        if (kept === 0) continue;
        const vectors = this.slots.map((slot, i): ColumnVector => {
          const { attnum } = slot.column;
          const entry = entries[i];
          const nulls = entry
            ? memory.kernels.chunk_decode(entry.address, start, count, slot.values, slot.nulls) === 1
            : this.fillMissing(slot, count);
          if (kept === count) return { attnum, values: slot.values, nulls: nulls ? slot.nulls : 0 };
          memory.kernels.gather_values(slot.values, this.index, kept, slot.width, slot.kept);
          if (nulls) memory.kernels.gather_values(slot.nulls, this.index, kept, 1, slot.keptNulls);
          return { attnum, values: slot.kept, nulls: nulls ? slot.keptNulls : 0 };
        });
        target.append(vectors, kept);
        yield;
        while (target.hasWork === true) {
          target.step!();
          yield;
        }
      }
    } finally {
      for (const entry of entries) if (entry) cache.unpin(entry);
    }
  }

  private keptRows(drops: (row: number) => boolean, start: number, count: number): number {
    let kept = 0;
    for (let row = 0; row < count; row++) {
      if (!drops(start + row)) this.context.memory.view.setUint32(this.index + 4 * kept++, row, true);
    }
    return kept;
  }

  /** Fills the slot with the column's missing value; true when that is NULL. */
  private fillMissing(slot: Slot, count: number): boolean {
    const { bytes, kernels } = this.context.memory;
    const value = missingValue(slot.column.type, slot.column.missingValue ?? null);
    kernels.chunk_fill(slot.nulls, value === null ? 1 : 0, count);
    if (value === null) {
      kernels.chunk_fill(slot.values, 0, count * slot.width);
      return true;
    }
    let cell = value;
    if (slot.width === 8 && physOf(slot.column.type) === 'str') {
      const text = this.room(Math.max(value.length, 1));
      bytes.set(value, text);
      cell = new Uint8Array(8);
      new DataView(cell.buffer).setUint32(0, text, true);
      new DataView(cell.buffer).setUint32(4, value.length, true);
    }
    for (let row = 0; row < count; row++) bytes.set(cell, slot.values + row * slot.width);
    return false;
  }
  free(): void {
    for (const address of this.held) this.context.pool.free(address);
    this.held.length = 0;
  }
}
