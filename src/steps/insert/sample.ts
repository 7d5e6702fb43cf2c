/**
 * COMPUPDATE's sample on one slice: the first rows of the load held in pool memory, on which the encodings bid when the
 * input has ended. Used by the insert sink when its spec says `sample`.
 */
import { assert } from '../../common/assert.ts';
import { SAMPLE_BYTES_MAX, ROW_GROUP_ROWS } from '../../common/limits.ts';
import { ColumnBuilder } from '../../slices/column-builder.ts';
import { Slice } from '../../slices/slice.ts';
import type { ColumnVector, SliceStorage, StorageTable } from '../../slices/storage.ts';

/** What a slice's sample says; travels to the leader as it is. */
export interface SampleResult {
  readonly rows: number;
  readonly choices: readonly {
    readonly attnum: number;
    readonly encoding: string;
    readonly rawBytes: number;
    readonly encodedBytes: number;
  }[];
}

export class Sampler {
  private readonly slice: Slice;
  private readonly builders: readonly ColumnBuilder[];
  private rows = 0;

  constructor(
    storage: SliceStorage | undefined,
    private readonly table: StorageTable,
  ) {
    assert(storage instanceof Slice, 'a sample needs the slice');
    this.slice = storage;
    this.builders = table.columns.map((c) => new ColumnBuilder(storage.context, c.attnum, c.type));
  }
  append(columns: readonly ColumnVector[], rows: number): void {
    const held = this.builders.reduce((sum, b) => sum + b.heldBytes, 0);
    const kept = held > SAMPLE_BYTES_MAX ? 0 : Math.min(rows, ROW_GROUP_ROWS - this.rows);
    if (kept <= 0) return;
    for (const b of this.builders) {
      const v = columns.find((c) => c.attnum === b.attnum);
      assert(v, 'a sampled column is missing');
      b.append(v.values, v.nulls, kept);
    }
    this.rows += kept;
  }
  finish(): SampleResult {
    try {
      if (this.rows === 0) return { rows: 0, choices: [] };
      const choices = this.slice.chooseEncodings(
        this.builders.map((b) => ({
          attnum: b.attnum,
          type: b.type,
          rows: this.rows,
          values: b.values,
          nulls: b.nulls,
          sortkey: this.table.sortkey[0] === b.attnum,
        })),
      );
      return { rows: this.rows, choices };
    } finally {
      this.abort();
    }
  }
  abort(): void {
    for (const b of this.builders) b.free();
  }
}
