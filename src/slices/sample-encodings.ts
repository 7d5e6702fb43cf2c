/**
 * Bids of the encodings for vectors in node memory (COPY with COMPUPDATE, before its rows are written) and for a stored
 * table (ANALYZE COMPRESSION), which is sampled from its visible row groups in scan order.
 */
import { chooseEncodings, type ColumnSample, type EncodingChoice } from '../encodings/choose-encodings.ts';
import { SCRATCH_BYTES, chunkBytesMax, codecRoom } from '../encodings/encoding.ts';
import { physOf } from '../types/sql-type.ts';
import { ColumnBuilder } from './column-builder.ts';
import { deletedRows, GroupFeeder } from './group-feeder.ts';
import { groupIsVisible } from './hidden-columns.ts';
import type { TableState } from './row-group.ts';
import { scanOrder } from './scan.ts';
import { take, type SliceContext } from './slice-context.ts';
import type { ColumnVector, Snapshot, StorageTable } from './storage.ts';

export function bidOnVectors(context: SliceContext, samples: readonly ColumnSample[]): readonly EncodingChoice[] {
  const { kernels } = context.memory;
  const room = samples.reduce((most, s) => {
    const bytes = physOf(s.type) === 'str' ? kernels.strings_total(s.values, s.nulls, s.rows) : 0;
    return Math.max(most, chunkBytesMax(s.type, s.rows, bytes));
  }, 64);
  const held = [room, codecRoom(room), SCRATCH_BYTES].map((bytes) => take(context, bytes));
  try {
    return chooseEncodings(context.memory, samples, held[0]!, held[1]!, held[2]!);
  } finally {
    for (const address of held) context.pool.free(address);
  }
}

export function bidOnTable(
  context: SliceContext,
  state: TableState,
  table: StorageTable,
  snapshot: Snapshot,
  rowsMax: number,
): readonly EncodingChoice[] {
  const builders = table.columns.map((c) => new ColumnBuilder(context, c.attnum, c.type));
  let rows = 0;
  const target = {
    append(columns: readonly ColumnVector[], count: number): void {
      const kept = Math.min(count, rowsMax - rows);
      builders.forEach((b, i) => b.append(columns[i]!.values, columns[i]!.nulls, kept));
      rows += kept;
    },
  };
  const feeder = new GroupFeeder(context, table.columns);
  try {
    for (const group of scanOrder(state, table.sortkey[0])) {
      if (rows >= rowsMax) break;
      if (groupIsVisible(group, snapshot)) feeder.feed(group, target, { drops: deletedRows(group) });
    }
    const samples = builders.map((b): ColumnSample => ({
      attnum: b.attnum,
      type: b.type,
      rows,
      values: b.values,
      nulls: b.nulls,
      sortkey: table.sortkey.includes(b.attnum),
    }));
    return bidOnVectors(context, samples);
  } finally {
    feeder.free();
    for (const builder of builders) builder.free();
  }
}
