/**
 * Rows that the leader sends to be written as they are (INSERT ... VALUES of constants): one buffer with the vectors of all
 * columns and their texts, copied into node memory and appended in steps. Called by the slice's thread.
 */
import { sliceOutOfMemory } from '../common/errors/catalogue.ts';
import type { Steps } from '../common/steps.ts';
import type { SentRows } from '../execution/messages.ts';
import type { SliceChange, SliceStorage, StorageTable } from '../slices/storage.ts';
import type { RegionPool } from '../wasm/region-pool.ts';

/** Rows appended between two steps. */
const PIECE = 4096;
const TEXT_BYTES = 8;

export interface WriteRequest {
  readonly table: StorageTable;
  readonly xid: number;
  readonly statement: number;
  readonly rows: SentRows;
}

export function* insertRows(
  storage: SliceStorage,
  memory: WebAssembly.Memory,
  pool: RegionPool,
  { table, xid, statement, rows }: WriteRequest,
): Steps<SliceChange> {
  const writer = storage.openWriter(table, xid, statement, { sortRows: table.sortkey.length > 0 });
  const at = pool.allocate(rows.bytes.length);
  let change: SliceChange | undefined;
  try {
    if (at === 0) throw sliceOutOfMemory();
    new Uint8Array(memory.buffer).set(rows.bytes, at);
    const view = new DataView(memory.buffer);
    for (let from = 0; from < rows.count; from += PIECE) {
      const count = Math.min(PIECE, rows.count - from);
      const vectors = rows.columns.map((c) => {
        const values = at + c.values + from * c.width;
        if (c.hasTexts) placeTexts(view, values, count, at);
        return { attnum: c.attnum, values, nulls: c.nulls === 0 ? 0 : at + c.nulls + from };
      });
      writer.append(vectors, count);
      yield;
      while (writer.hasWork) {
        writer.step();
        yield;
      }
    }
    change = yield* writer.finishSteps();
    return change;
  } finally {
    if (at !== 0) pool.free(at);
    if (change === undefined) writer.abort();
  }
}

/** Texts are counted from the buffer's start; here they get their addresses. */
function placeTexts(view: DataView, values: number, count: number, base: number): void {
  for (let i = 0; i < count; i++) {
    const at = values + i * TEXT_BYTES;
    view.setUint32(at, view.getUint32(at, true) + base, true);
  }
}
