/**
 * The tail: row groups of small writes, which live in the commit log and in memory. mergeTail joins many small groups that
 * every transaction sees into larger ones, in memory and in steps, so that scans stay fast; the commit log keeps naming the
 * original groups, and the merged group knows its parts. moveTailsToBlocks gives large tail groups blocks at a checkpoint.
 */
import { ROW_GROUP_ROWS, SMALL_WRITE_BYTES_MAX } from '../common/limits.ts';
import { PHYS_NAMES } from '../encodings/chunk-layout.ts';
import { FLOAT4, FLOAT8, INT4, INT8, TEXT, numeric, type Phys, type SqlType } from '../types/sql-type.ts';
import { BlockSink, blockFileName, type SinkResult } from './block-file.ts';
import { STORED_CHUNK_BYTES_MAX } from './disk-layout.ts';
import type { ChunkMeta } from './disk-layout.ts';
import { groupStringBytesMax } from './group-encoder.ts';
import { GroupFeeder } from './group-feeder.ts';
import { HIDDEN_ATTNUMS, INSERT_XID_ATTNUM, ROW_ID_ATTNUM } from './hidden-columns.ts';
import { packRun } from './group-parts.ts';
import { Group, isSettled, joinDeletes, type Chunk, type DeleteEntry, type TableState } from './row-group.ts';
import type { SliceContext } from './slice-context.ts';
import type { Steps, StorageColumn, StorageTable } from './storage.ts';
import { TableWriter } from './writer.ts';

const TAIL_GROUPS_MAX = 64;
const TAIL_ROWS_MAX = ROW_GROUP_ROWS;
/** Groups of one merge. */
const MERGED_GROUPS_MAX = 4096;
/** What is done between two steps: groups looked at; groups read, or rows of larger ones. */
const STEP_LOOKS = 1024;
const STEP_GROUPS = 64;
const STEP_ROWS = 8192;
const TYPE_OF: Readonly<Record<Phys, SqlType>> = {
  i32: INT4,
  i64: INT8,
  f32: FLOAT4,
  f64: FLOAT8,
  i128: numeric(38, 0),
  str: TEXT,
};

export interface Merging {
  readonly oldestXmin: number;
  /** Ids of merged groups. */
  readonly nextId: () => number;
  /** A running transaction's delete stands in the merged group from now on. */
  readonly moved: (from: DeleteEntry, to: DeleteEntry, merged: Group) => void;
}

/**
 * Merges small tail groups of a table when there are many. Between two steps others may change the table: groups that are gone
 * by then, or that a VACUUM reads, stay as they are.
 */
export function* mergeTail(context: SliceContext, state: TableState, merging: Merging): Steps<void> {
  const kinds = new Map<string, Group[]>();
  let count = 0,
    rows = 0;
  for (const [i, group] of state.groups.entries()) {
    if (i % STEP_LOOKS === STEP_LOOKS - 1) yield;
    if (!isMergeable(context, group, merging.oldestXmin)) continue;
    const kind = [...group.chunks.keys()].sort().join();
    const list = kinds.get(kind);
    if (list) list.push(group);
    else kinds.set(kind, [group]);
    count++;
    rows += group.rows;
  }
  if (count < 2 || (count <= TAIL_GROUPS_MAX && rows <= TAIL_ROWS_MAX)) return;
  for (const list of kinds.values()) {
    list.sort((a, b) => a.place - b.place);
    for (const batch of batchesOf(context, list)) yield* mergeBatch(context, state, batch, merging);
  }
}
/** Neighbours that fit into one group. */
function* batchesOf(context: SliceContext, groups: readonly Group[]): Generator<readonly Group[]> {
  const textMax = groupStringBytesMax(context);
  let batch: Group[] = [];
  let rows = 0,
    stored = 0,
    text = 0;
  for (const group of groups) {
    rows += group.rows;
    stored += widestChunk(group);
    text += widestText(group);
    const fits = rows <= ROW_GROUP_ROWS && stored <= STORED_CHUNK_BYTES_MAX && text < textMax;
    if (fits && batch.length < MERGED_GROUPS_MAX) {
      batch.push(group);
      continue;
    }
    yield batch;
    batch = [group];
    rows = group.rows;
    stored = widestChunk(group);
    text = widestText(group);
  }
  yield batch;
}
/** Together they may be larger than they are one by one: then half as many are tried, once. */
function* mergeBatch(
  context: SliceContext,
  state: TableState,
  batch: readonly Group[],
  merging: Merging,
): Steps<void> {
  if (batch.length < 2 || !areThere(state, batch)) return;
  const result = yield* joinGroups(context, state, batch, merging.nextId);
  if (!areThere(state, batch)) return;
  if (result.groups.length === 1) return replaceGroups(context, state, batch, result, merging);
  if (batch.length === 2) for (const group of batch) group.mergesNoMore = true;
  const half = batch.length >> 1;
  yield* mergeBatch(context, state, batch.slice(0, half), merging);
  yield* mergeBatch(context, state, batch.slice(half), merging);
}
const areThere = (state: TableState, groups: readonly Group[]): boolean =>
  !state.inSteps && groups.every((g) => state.has(g) && g.removedXid === 0 && g.file === null);
const widestChunk = (group: Group): number => {
  let widest = 0;
  for (const { meta } of group.chunks.values()) widest = Math.max(widest, meta.storedBytes);
  return widest;
};
/** Decoded bytes of the longest column of texts. */
const widestText = (group: Group): number => {
  let widest = 0;
  for (const { meta } of group.chunks.values()) widest = Math.max(widest, meta.textBytes ?? 0);
  return widest;
};
function isMergeable(context: SliceContext, group: Group, oldestXmin: number): boolean {
  return (
    group.live &&
    group.file === null &&
    group.removedXid === 0 &&
    !group.mergesNoMore &&
    !group.meta.sorted &&
    group.meta.xid < oldestXmin &&
    group.rows < ROW_GROUP_ROWS >> 1 &&
    widestChunk(group) < STORED_CHUNK_BYTES_MAX >> 1 &&
    widestText(group) < groupStringBytesMax(context) / 2 &&
    group.deletes.every((d) => isSettled(d, oldestXmin))
  );
}

function columnOf(chunk: Chunk, context: SliceContext): StorageColumn {
  const entry = context.loader.pin(chunk);
  const phys = PHYS_NAMES[context.memory.bytes[entry.address + 1]!]!;
  context.cache.unpin(entry);
  const { attnum, encoding } = chunk.meta;
  return { attnum, name: `${attnum}`, type: TYPE_OF[phys], notNull: false, encoding };
}

/** The rows of the groups as the writer cuts them: one group, unless they are too large for one. */
function* joinGroups(
  context: SliceContext,
  state: TableState,
  groups: readonly Group[],
  nextId: () => number,
): Steps<SinkResult> {
  const user = [...groups[0]!.chunks.values()].filter((c) => !HIDDEN_ATTNUMS.includes(c.meta.attnum));
  const columns = user.map((c) => columnOf(c, context));
  const table: StorageTable = { tableId: state.tableId, name: '', columns, sortkey: [] };
  const writer = new TableWriter(context, state, table, {
    xid: groups.reduce((x, g) => Math.max(x, g.meta.xid), 0),
    statement: 0,
    sortRows: false,
    hidden: true,
    mode: 'memory',
    nextId,
  });
  const hidden = [INSERT_XID_ATTNUM, ROW_ID_ATTNUM].map((attnum) => ({ attnum, type: INT8 }));
  let feeder: GroupFeeder | undefined;
  for (const group of groups) group.users++;
  try {
    feeder = new GroupFeeder(context, [...columns, ...hidden]);
    let fed = 0;
    for (const group of groups) {
      for (const _ of feeder.feedSteps(group, writer, { drops: undefined })) {
        fed += Math.max(group.rows, STEP_ROWS / STEP_GROUPS);
        if (fed < STEP_ROWS && !writer.hasWork) continue;
        fed = 0;
        yield;
      }
    }
    return yield* writer.finishSteps();
  } finally {
    writer.abort();
    feeder?.free();
    for (const group of groups) group.users--;
  }
}
/** Deletes that not every snapshot sees, some made since the merge began, stay entries of their own. */
function replaceGroups(
  context: SliceContext,
  state: TableState,
  groups: readonly Group[],
  result: SinkResult,
  { oldestXmin, moved }: Merging,
): void {
  const merged = new Group({ ...result.groups[0]!, parts: packParts(groups) }, result.tail);
  merged.committed = true;
  const settled: { readonly entry: DeleteEntry; readonly start: number }[] = [];
  let start = 0;
  for (const group of groups) {
    for (const entry of group.deletes) {
      if (isSettled(entry, oldestXmin)) {
        settled.push({ entry, start });
        continue;
      }
      const first = start;
      const shifted = { ...entry, rows: entry.rows.map((row) => row + first) };
      merged.addDelete(shifted);
      if (!entry.committed) moved(entry, shifted, merged);
    }
    start += group.rows;
  }
  if (settled.length > 0) merged.addDelete(joinDeletes(settled));
  state.merge(groups, merged);
  for (const group of groups) {
    context.cache.drop(group);
    for (const chunk of group.chunks.values()) context.cache.drop(chunk);
  }
}
function packParts(groups: readonly Group[]): number[] {
  const packed: number[] = [];
  for (const group of groups) {
    if (group.parts) group.parts.packInto(packed);
    else packRun(packed, group.id, 1, group.rows);
  }
  return packed;
}

export interface TailMoves {
  /** The superblock names the blocks: the tail bytes can go. */
  done(): void;
  undo(): void;
}
/** Writes tail groups larger than a small write to blocks and points their chunks there. */
export function moveTailsToBlocks(context: SliceContext, states: readonly TableState[]): TailMoves {
  const moved: { group: Group; metas: Map<number, ChunkMeta> }[] = [];
  const files: string[] = [];
  let sink: BlockSink | undefined;
  const undo = (): void => {
    for (const { group, metas } of moved) {
      group.file = null;
      for (const chunk of group.chunks.values()) chunk.meta = metas.get(chunk.meta.attnum)!;
    }
    sink?.abort();
    for (const name of files) context.disk.remove(`${context.directory}/${name}`);
  };
  try {
    for (const state of states) {
      const large = state.groups.filter((g) => g.live && g.file === null && g.storedBytes > SMALL_WRITE_BYTES_MAX);
      if (large.length === 0) continue;
      const name = blockFileName(context, state.tableId, large[0]!.meta.xid, 0);
      sink = new BlockSink(context, state.tableId, large[0]!.meta.xid, name, 'blocks');
      files.push(name);
      for (const group of large) {
        const chunks = [...group.chunks.values()].map((c) => ({ meta: { ...c.meta }, stored: c.data! }));
        sink.add({ meta: group.meta, chunks });
      }
      const { groups } = sink.finish();
      sink = undefined;
      groups.forEach((meta, i) => {
        const group = large[i]!;
        moved.push({ group, metas: new Map([...group.chunks.values()].map((c) => [c.meta.attnum, c.meta])) });
        group.file = name;
        for (const chunk of meta.chunks) group.chunks.get(chunk.attnum)!.meta = chunk;
      });
    }
  } catch (error) {
    undo();
    throw error;
  }
  return {
    undo,
    done: () => {
      for (const { group } of moved) for (const chunk of group.chunks.values()) chunk.data = undefined;
    },
  };
}
