/**
 * Cuts the rows of column builders into row groups and encodes each column's chunk, hidden columns included. A group ends
 * at ROW_GROUP_ROWS or earlier when a stored chunk would not fit into a block; the size found is kept for the next group.
 */
import { ROW_GROUP_ROWS } from '../common/limits.ts';
import { chunkBytesMax, codecRoom, columnStats, SCRATCH_BYTES } from '../encodings/encoding.ts';
import { encodeChunk } from '../encodings/encode-chunk.ts';
import type { ColumnBuilder } from './column-builder.ts';
import { type BlockSink, type DraftChunk } from './block-file.ts';
import { STORED_CHUNK_BYTES_MAX } from './disk-layout.ts';
import { crc32c } from '../common/crc32c.ts';
import { DELETE_XID_ATTNUM, INSERT_XID_ATTNUM, ROW_BITS, ROW_ID_ATTNUM, sequenceChunk } from './hidden-columns.ts';
import { allocate, taken, type SliceContext } from './slice-context.ts';
import type { Steps } from './storage.ts';

export interface EncodedColumn {
  readonly builder: ColumnBuilder;
  readonly encoding: string;
}
export interface GroupIdentity {
  readonly xid: number;
  readonly statement: number;
  readonly sorted: boolean;
  readonly nextId: () => number;
  readonly rowsMax?: number;
  /** The first group's rows; every further group has twice as many. */
  readonly firstGroupRows?: number | undefined;
}

/** Tests only: every chunk takes the next layout and codec. */
const FORCED_TURNS = 60;
let forcedTurn = 0;

/** String bytes of one column in one group before encoding; encoding takes twice as much in one piece. */
const GROUP_STRING_BYTES_MAX = 4 * 1024 * 1024;
/** Of a slice's memory, so that there is such a piece between what lies there for long. */
const GROUP_STRING_SHARE = 1 / 64;
/** Fewer rows than these are not halved when memory is short. */
const HALVED_ROWS_MIN = 2048;
export const groupStringBytesMax = ({ pool }: Pick<SliceContext, 'pool'>): number =>
  Math.min(GROUP_STRING_BYTES_MAX, pool.size * GROUP_STRING_SHARE);

export class GroupEncoder {
  groupRows: number;
  private scratch = 0;
  constructor(
    private readonly context: SliceContext,
    private readonly columns: readonly EncodedColumn[],
    private readonly identity: GroupIdentity,
  ) {
    this.groupRows = identity.firstGroupRows ?? identity.rowsMax ?? ROW_GROUP_ROWS;
  }

  /** Encodes all rows of the builders into groups, a column at a time; the builders keep them. */
  *encodeAll(sink: BlockSink): Steps<void> {
    const rows = this.columns[0]!.builder.rows;
    for (let start = 0; start < rows;) {
      let count = this.rowsOfOneGroup(start, Math.min(rows - start, this.groupRows));
      for (;;) {
        const chunks = yield* this.encodeRows(start, count);
        if (chunks === 'no room') {
          count >>= 1;
          continue;
        }
        if (typeof chunks !== 'number') {
          this.addGroup(sink, chunks, count);
          break;
        }
        count = Math.max(1, Math.floor(count * Math.min(0.9, (STORED_CHUNK_BYTES_MAX / chunks) * 0.97)));
        if (count > 1024) count &= ~1023;
        this.groupRows = count;
      }
      start += count;
      if (this.identity.firstGroupRows !== undefined) this.groupRows = Math.min(this.groupRows * 2, ROW_GROUP_ROWS);
    }
  }

  /** Fewer rows when strings are so long that no codec would bring them into one block. */
  private rowsOfOneGroup(start: number, count: number): number {
    for (const { builder } of this.columns) {
      if (builder.phys !== 'str') continue;
      const { kernels } = this.context.memory;
      const nulls = builder.nulls && builder.nulls + start;
      const most = groupStringBytesMax(this.context);
      for (;;) {
        const bytes = kernels.strings_total(builder.values + start * 8, nulls, count);
        if (bytes <= most || count === 1) break;
        count = Math.max(1, Math.floor((count * most * 0.98) / bytes));
      }
    }
    return count;
  }

  /**
   * Draft chunks of the user columns, or the stored size of the first one that is too large and not of one row; no room:
   * there is no piece of memory for so many rows, but perhaps for half of them.
   */
  private *encodeRows(start: number, rows: number): Steps<DraftChunk[] | number | 'no room'> {
    const drafts: DraftChunk[] = [];
    for (const column of this.columns) {
      const draft = yield* this.encodeColumn(column, start, rows);
      if (draft === undefined) return 'no room';
      if (draft.stored.length > STORED_CHUNK_BYTES_MAX && rows > 1) return draft.stored.length;
      drafts.push(draft);
      yield;
    }
    return drafts;
  }

  private *encodeColumn(
    { builder, encoding }: EncodedColumn,
    start: number,
    rows: number,
  ): Steps<DraftChunk | undefined> {
    const { memory, pool, crcTables } = this.context;
    this.scratch ||= yield* taken(this.context, SCRATCH_BYTES);
    const values = builder.values + start * builder.width;
    const nulls = builder.nulls && builder.nulls + start;
    const stats = columnStats(memory, builder.type, values, nulls, rows, this.scratch);
    const room = chunkBytesMax(builder.type, rows, stats.stringBytes);
    const { context } = this;
    const piece = function* (bytes: number): Steps<number> {
      return rows >= HALVED_ROWS_MIN ? allocate(context, bytes) : yield* taken(context, bytes);
    };
    const out = yield* piece(room);
    if (out === 0) return undefined;
    let work = 0;
    try {
      work = yield* piece(codecRoom(room));
      if (work === 0) return undefined;
      const { type, phys } = builder;
      const job = { memory, type, phys, rows, values, nulls, stats, out, scratch: this.scratch };
      const turn = this.context.forcesEncodings ? (forcedTurn = (forcedTurn + 1) % FORCED_TURNS) : undefined;
      const chunk = encodeChunk(encoding, job, work, turn);
      // The stored bytes are summed in node memory, where the kernel is: put a codec's output there first.
      const at = chunk.codecTag === 0 ? out : work;
      if (chunk.codecTag !== 0) memory.bytes.set(chunk.stored, work);
      const checksum = memory.kernels.crc32c(crcTables, at, chunk.stored.length) >>> 0;
      const meta = {
        attnum: builder.attnum,
        encoding,
        layout: chunk.layoutTag,
        codec: chunk.codecTag,
        nullCount: stats.nullCount,
        storedBytes: chunk.stored.length,
        memoryBytes: chunk.memoryBytes,
        ...(phys === 'str' ? { textBytes: stats.stringBytes } : {}),
        checksum,
        position: 0,
        block: -1,
        ...zones(stats.min, stats.max),
      };
      return { meta, stored: chunk.stored };
    } finally {
      if (work !== 0) pool.free(work);
      pool.free(out);
    }
  }

  private addGroup(sink: BlockSink, chunks: DraftChunk[], rows: number): void {
    const { xid, statement, sorted } = this.identity;
    const id = this.identity.nextId();
    const firstRow = BigInt(id) << ROW_BITS;
    const present = new Set(chunks.map((c) => c.meta.attnum));
    const last = firstRow + BigInt(rows - 1);
    const hidden: [number, bigint, bigint, bigint][] = [
      [INSERT_XID_ATTNUM, BigInt(xid), 0n, BigInt(xid)],
      [DELETE_XID_ATTNUM, 0n, 0n, 0n],
      [ROW_ID_ATTNUM, firstRow, 1n, last],
    ];
    for (const [attnum, base, step, max] of hidden) {
      if (!present.has(attnum)) chunks.push(sequenceDraft(attnum, rows, base, step, max));
    }
    sink.add({ meta: { id, rows, xid, statement, sorted }, chunks });
  }
  free(): void {
    if (this.scratch !== 0) this.context.pool.free(this.scratch);
    this.scratch = 0;
  }
}

type Bound = bigint | number | undefined;
function zones(min: Bound, max: Bound): { min?: string | number; max?: string | number } {
  if (min === undefined || max === undefined) return {};
  if (typeof min === 'bigint') return { min: min.toString(), max: max.toString() };
  return Number.isFinite(min) && Number.isFinite(max as number) ? { min, max: max as number } : {};
}

function sequenceDraft(attnum: number, rows: number, base: bigint, step: bigint, max: bigint): DraftChunk {
  const stored = sequenceChunk(rows, base, step);
  const meta = {
    attnum,
    encoding: 'az64',
    layout: 2,
    codec: 0,
    nullCount: 0,
    storedBytes: stored.length,
    memoryBytes: stored.length,
    checksum: crc32c(stored),
    position: 0,
    block: -1,
    min: base.toString(),
    max: max.toString(),
  };
  return { meta, stored };
}
