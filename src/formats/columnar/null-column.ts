/** A column that a file has not, with FILLRECORD: NULL in every row. */
import { BATCH_ROWS } from '../../common/limits.ts';
import type { LoadHost } from '../load-format.ts';
import type { VectorTable } from './vectors.ts';

/** Bytes of a row in the widest kind of vector. */
const ROW_BYTES_MAX = 16;

export class NullColumn {
  private readonly values: number;
  private readonly nulls: number;
  constructor(
    host: Pick<LoadHost, 'allocate' | 'memory'>,
    private readonly table: VectorTable,
    private readonly column: number,
  ) {
    const bytes = BATCH_ROWS * ROW_BYTES_MAX;
    this.values = host.allocate(bytes);
    this.nulls = host.allocate(BATCH_ROWS);
    host.memory.bytes.fill(0, this.values, this.values + bytes);
    host.memory.bytes.fill(1, this.nulls, this.nulls + BATCH_ROWS);
  }
  /** A batch of any length is these vectors. */
  point(): void {
    this.table.point(this.column, this.values, this.nulls);
  }
}
